#include "assess/fact_fields.h"

#include <array>
#include <utility>

namespace herkomst {

namespace {

using enum Field;

// Columns that neither are called like a field nor begin like those below.
constexpr auto others = std::to_array<std::pair<std::string_view, Field>>({
    {"compelled_cooperation", maker},
    {"control_country", maker},
    {"control_status", maker},
    {"country_lists", maker},
    {"firmware_push_documented", maker},
    {"oem_lists", maker},
    {"offensive_programme", maker},
    {"outside_party", control_path},
    {"outside_seen", control_path},
    {"outside_seen", remote_observed},
    {"relay_outside_seen", control_path},
    {"parent", maker},
    {"path_opened_by", control_path},
    {"path_period", control_path},
    {"plant_protocol", service},
    {"power_device", category},
    {"radio_equipment", cellular},
    {"radio_equipment", module_maker},
    {"remote_documented", maker},
    {"remote_documented", category},
    {"remote_party", maker},
    {"remote_party", category},
    {"remote_service", control_path},
    {"remote_service_by", control_path},
    {"sim_country", cellular},
    {"state_control", maker},
    {"strained_relation", maker},
});

constexpr auto families = std::to_array<std::pair<std::string_view, Field>>({
    {"maker_", maker},
    {"module_", module_maker},
    {"stack_", stack_maker},
    {"cloud_", cloud_operator},
    {"remote_exposed_", remote_exposed},
    {"remote_observed_", remote_observed},
    {"rated_power_", rated_power},
});

}  // namespace

std::vector<Field> fields_behind(std::string_view fact) {
    std::vector<Field> behind;
    const auto add = [&](Field field) {
        for (const Field known : behind) {
            if (known == field) return;
        }
        behind.push_back(field);
    };
    if (const auto field = field_named(fact)) add(*field);
    for (const auto& [column, field] : others) {
        if (column == fact) add(field);
    }
    for (const auto& [start, field] : families) {
        if (fact.starts_with(start)) add(field);
    }
    return behind;
}

}  // namespace herkomst
