#include "report/row_problem.h"

#include <utility>

namespace herkomst {

namespace {

constexpr std::pair<std::string_view, std::string_view> reasons[] = {
    {"has more columns than the header", "heeft meer kolommen dan de kopregel"},
    {"is not the IP address of a device", "is geen IP-adres van een apparaat"},
    {"is not the MAC address of a device", "is geen MAC-adres van een apparaat"},
    {"is not a VLAN number", "is geen VLAN-nummer"},
    {"is not a power with a unit (W, kW, MW)", "is geen vermogen met een eenheid (W, kW, MW)"},
    {"has no address, serial number or name", "heeft geen adres, serienummer of naam"},
    {"says nothing about the device but where it is", "zegt niets over het apparaat, behalve waar het zich bevindt"}};

}  // namespace

std::string row_problem(std::string_view sentence, std::string_view language) {
    constexpr std::string_view not_used = "row not used: ";
    const std::size_t at = language == "nl" ? sentence.find(not_used) : std::string_view::npos;
    if (at == std::string_view::npos) return std::string(sentence);
    for (const auto& [en, nl] : reasons) {
        if (!sentence.ends_with(en)) continue;
        std::string_view value = sentence.substr(at + not_used.size());
        value.remove_suffix(en.size());
        return std::string(sentence.substr(0, at)) + "rij niet gebruikt: " + std::string(value) + std::string(nl);
    }
    return std::string(sentence);
}

}  // namespace herkomst
