#include "core/field.h"

#include <algorithm>

namespace herkomst {

namespace {

// In the order of the enumeration; the alphabet keeps them findable.
constexpr std::array<std::string_view, field_count> field_names = {"address",
                                                                   "application_uri",
                                                                   "banner",
                                                                   "brand",
                                                                   "carries",
                                                                   "category",
                                                                   "cellular",
                                                                   "certificate",
                                                                   "client_id",
                                                                   "cloud_operator",
                                                                   "conduit",
                                                                   "control_path",
                                                                   "description",
                                                                   "device_instance",
                                                                   "device_type",
                                                                   "dns_name",
                                                                   "firmware",
                                                                   "function",
                                                                   "gocbref",
                                                                   "goid",
                                                                   "hardware",
                                                                   "hostname",
                                                                   "location",
                                                                   "maker",
                                                                   "mgmt_ip",
                                                                   "model",
                                                                   "module_maker",
                                                                   "nic_maker",
                                                                   "os",
                                                                   "product",
                                                                   "purdue_level",
                                                                   "rated_power",
                                                                   "realm",
                                                                   "remote_blocked",
                                                                   "remote_documented",
                                                                   "remote_exposed",
                                                                   "remote_observed",
                                                                   "role",
                                                                   "serial",
                                                                   "service",
                                                                   "software",
                                                                   "stack",
                                                                   "stack_maker",
                                                                   "station_name",
                                                                   "unique_id",
                                                                   "vendor_class",
                                                                   "vendor_id"};

constexpr std::array<std::string_view, 5> strength_names = {"hinted", "listed", "matched", "stated", "confirmed"};

}  // namespace

std::string_view name(Field field) { return field_names[static_cast<std::size_t>(field)]; }

std::optional<Field> field_named(std::string_view text) {
    const auto found = std::find(field_names.begin(), field_names.end(), text);
    if (found == field_names.end()) return std::nullopt;
    return static_cast<Field>(found - field_names.begin());
}

std::string_view name(Strength strength) { return strength_names[static_cast<std::size_t>(strength) - 1]; }

std::optional<Strength> strength_named(std::string_view text) {
    const auto found = std::find(strength_names.begin(), strength_names.end(), text);
    if (found == strength_names.end()) return std::nullopt;
    return static_cast<Strength>(found - strength_names.begin() + 1);
}

}  // namespace herkomst
