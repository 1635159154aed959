#include "imports/columns.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "core/text.h"

namespace herkomst {

namespace {

struct Synonym {
    std::string_view header;  // folded: letters and digits, single spaces
    Column column;
};

// Dutch and English, as the header reads after folding. One table, so that a missing word is one line.
constexpr Synonym synonyms[] = {
    {"ip", Column::Ip},
    {"ip adres", Column::Ip},
    {"ipadres", Column::Ip},
    {"ip address", Column::Ip},
    {"ipaddress", Column::Ip},
    {"ipv4", Column::Ip},
    {"ipv4 adres", Column::Ip},
    {"ipv4 address", Column::Ip},
    {"ipv6", Column::Ip},
    {"ipv6 adres", Column::Ip},
    {"ipv6 address", Column::Ip},
    {"netwerkadres", Column::Ip},
    {"network address", Column::Ip},
    {"primary ip", Column::Ip},
    {"ip address 1", Column::Ip},
    {"primary ip4", Column::Ip},
    {"mac", Column::Mac},
    {"mac adres", Column::Mac},
    {"macadres", Column::Mac},
    {"mac address", Column::Mac},
    {"macaddress", Column::Mac},
    {"fysiek adres", Column::Mac},
    {"hardware address", Column::Mac},
    {"physical address", Column::Mac},
    {"ethernet adres", Column::Mac},
    {"mac address 1", Column::Mac},
    {"hostname", Column::Hostname},
    {"host name", Column::Hostname},
    {"hostnaam", Column::Hostname},
    {"host", Column::Hostname},
    {"dns name", Column::Hostname},
    {"dns naam", Column::Hostname},
    {"fqdn", Column::Hostname},
    {"computernaam", Column::Hostname},
    {"naam", Column::Name},
    {"name", Column::Name},
    {"apparaatnaam", Column::Name},
    {"device name", Column::Name},
    {"asset name", Column::Name},
    {"assetnaam", Column::Name},
    {"tag", Column::Name},
    {"tagnummer", Column::Name},
    {"asset tag", Column::Name},
    {"kks", Column::Name},
    {"objectnaam", Column::Name},
    {"display name", Column::Name},
    {"fabrikant", Column::Brand},
    {"hersteller", Column::Brand},
    {"merk", Column::Brand},
    {"producent", Column::Brand},
    {"maker", Column::Brand},
    {"manufacturer", Column::Brand},
    {"vendor", Column::Brand},
    {"brand", Column::Brand},
    {"make", Column::Brand},
    {"fabricaat", Column::Brand},
    {"merknaam", Column::Brand},
    {"vendor name", Column::Brand},
    {"leverancier", Column::Supplier},
    {"supplier", Column::Supplier},
    {"leverancier naam", Column::Supplier},
    {"reseller", Column::Supplier},
    {"model", Column::Model},
    {"typenummer", Column::Model},
    {"type nummer", Column::Model},
    {"type", Column::Model},
    {"modelnummer", Column::Model},
    {"model number", Column::Model},
    {"modelnaam", Column::Model},
    {"typeaanduiding", Column::Model},
    {"type aanduiding", Column::Model},
    {"model name", Column::Model},
    {"apparaatmodel", Column::Model},
    {"device model", Column::Model},
    {"typecode", Column::Model},
    {"device type", Column::Model},
    {"product", Column::Product},
    {"productnaam", Column::Product},
    {"product name", Column::Product},
    {"artikelnummer", Column::Product},
    {"part number", Column::Product},
    {"bestelnummer", Column::Product},
    {"order number", Column::Product},
    {"mlfb", Column::Product},
    {"serienummer", Column::Serial},
    {"serie nummer", Column::Serial},
    {"serienr", Column::Serial},
    {"serie nr", Column::Serial},
    {"serie no", Column::Serial},
    {"seriennummer", Column::Serial},
    {"serial", Column::Serial},
    {"serial number", Column::Serial},
    {"serialnumber", Column::Serial},
    {"s n", Column::Serial},
    {"sn", Column::Serial},
    {"serial no", Column::Serial},
    {"fabricagenummer", Column::Serial},
    {"firmware", Column::Firmware},
    {"firmwareversie", Column::Firmware},
    {"firmware versie", Column::Firmware},
    {"firmware version", Column::Firmware},
    {"fw", Column::Firmware},
    {"fw versie", Column::Firmware},
    {"fw version", Column::Firmware},
    {"software", Column::Software},
    {"softwareversie", Column::Software},
    {"software versie", Column::Software},
    {"software version", Column::Software},
    {"versie", Column::Software},
    {"version", Column::Software},
    {"hardwareversie", Column::Hardware},
    {"hardware versie", Column::Hardware},
    {"hardware version", Column::Hardware},
    {"hardware", Column::Hardware},
    {"revisie", Column::Hardware},
    {"revision", Column::Hardware},
    {"os", Column::Os},
    {"besturingssysteem", Column::Os},
    {"operating system", Column::Os},
    {"locatie", Column::Location},
    {"location", Column::Location},
    {"ruimte", Column::Location},
    {"gebouw", Column::Location},
    {"room", Column::Location},
    {"plaats", Column::Location},
    {"opstelplaats", Column::Location},
    {"kast", Column::Location},
    {"categorie", Column::Category},
    {"category", Column::Category},
    {"soort", Column::Category},
    {"apparaatsoort", Column::Category},
    {"apparaattype", Column::Category},
    {"soort apparaat", Column::Category},
    {"kind", Column::Category},
    {"asset class", Column::Category},
    {"vermogen", Column::Power},
    {"nominaal vermogen", Column::Power},
    {"rated power", Column::Power},
    {"power", Column::Power},
    {"vermogen kw", Column::Power},
    {"vermogen w", Column::Power},
    {"vermogen mw", Column::Power},
    {"rated power kw", Column::Power},
    {"rated power w", Column::Power},
    {"power kw", Column::Power},
    {"power w", Column::Power},
    {"nominaal vermogen kw", Column::Power},
    {"nominaal vermogen w", Column::Power},
    {"capacity kw", Column::Power},
    {"omschrijving", Column::Description},
    {"description", Column::Description},
    {"beschrijving", Column::Description},
    {"vlan", Column::Vlan},
    {"vlan id", Column::Vlan},
    {"site", Column::Site},
    {"vestiging", Column::Site},
    {"terrein", Column::Site},
    {"rol", Column::Role},
    {"role", Column::Role},
    {"functie", Column::Role},
    {"function", Column::Role},
};

constexpr std::array<std::string_view, 21> column_names = {
    "ignored",  "ip",       "mac", "hostname", "name",     "brand", "supplier",    "model", "product", "serial", "firmware",
    "software", "hardware", "os",  "location", "category", "power", "description", "vlan",  "site",    "role"};

struct CategoryWord {
    std::string_view word;
    std::string_view category;
};
constexpr CategoryWord category_words[] = {
    {"omvormer", "solar_inverter"},
    {"zonneomvormer", "solar_inverter"},
    {"pv omvormer", "solar_inverter"},
    {"inverter", "solar_inverter"},
    {"solar inverter", "solar_inverter"},
    {"pv inverter", "solar_inverter"},
    {"zonnestroomomvormer", "solar_inverter"},
    {"laadpaal", "ev_charger"},
    {"laadpunt", "ev_charger"},
    {"laadstation", "ev_charger"},
    {"charger", "ev_charger"},
    {"ev charger", "ev_charger"},
    {"charge point", "ev_charger"},
    {"charging station", "ev_charger"},
    {"snellader", "ev_charger"},
    {"warmtepomp", "heat_pump"},
    {"heat pump", "heat_pump"},
    {"batterij", "battery"},
    {"thuisbatterij", "battery"},
    {"battery", "battery"},
    {"accu", "battery"},
    {"bess", "battery"},
    {"camera", "camera"},
    {"ip camera", "camera"},
    {"nvr", "camera"},
    {"ems", "ems"},
    {"energiemanagement", "ems"},
    {"energiemanagementsysteem", "ems"},
    {"energy management", "ems"},
    {"energy management system", "ems"},
    {"netbeheerder", "grid_operator"},
    {"interface van de netbeheerder", "grid_operator"},
    {"real time interface", "grid_operator"},
    {"realtime interface", "grid_operator"},
    {"rti", "grid_operator"},
    {"grid operator", "grid_operator"},
    {"grid operator's interface", "grid_operator"},
    {"grid_operator", "grid_operator"},
    {"plc", "plc"},
    {"controller", "plc"},
    {"besturing", "plc"},
    {"rtu", "rtu"},
    {"router", "router"},
    {"switch", "switch"},
    {"modem", "modem"},
    {"gateway", "gateway"},
    {"datalogger", "datalogger"},
    {"data logger", "datalogger"},
    {"logger", "datalogger"},
    {"meter", "meter"},
    {"energiemeter", "meter"},
    {"kwh meter", "meter"},
    {"ups", "ups"},
    {"noodstroom", "ups"},
    {"firewall", "firewall"},
    {"gebouwbeheer", "building_controller"},
    {"gbs", "building_controller"},
    {"bms", "building_controller"},
};

std::string unit_in(std::string_view folded_header) {
    if (folded_header.ends_with(" kw")) return "kW";
    if (folded_header.ends_with(" mw")) return "MW";
    if (folded_header.ends_with(" w")) return "W";
    return {};
}

}  // namespace

std::string_view name(Column column) { return column_names[static_cast<std::size_t>(column)]; }

bool column_named(std::string_view text, Column& column) {
    const auto found = std::find(column_names.begin(), column_names.end(), text);
    if (found == column_names.end()) return false;
    column = static_cast<Column>(found - column_names.begin());
    return true;
}

std::vector<ColumnMeaning> meanings_of(const std::vector<std::string>& headers) {
    std::vector<ColumnMeaning> meanings;
    for (const std::string& header : headers) {
        ColumnMeaning meaning{header, Column::Ignored, {}, false};
        const std::string text = folded(header);
        for (const Synonym& synonym : synonyms) {
            if (synonym.header == text) meaning.column = synonym.column;
        }
        if (meaning.column == Column::Power) meaning.unit = unit_in(text);
        meanings.push_back(std::move(meaning));
    }
    // "Type" beside a model column says what kind of thing it is.
    const auto models =
        std::count_if(meanings.begin(), meanings.end(), [](const auto& m) { return m.column == Column::Model; });
    if (models > 1) {
        for (ColumnMeaning& meaning : meanings) {
            const std::string text = folded(meaning.header);
            if (text == "type" || text == "device type") meaning.column = Column::Category;
        }
    }
    return meanings;
}

Table read_inventory(std::string_view content, std::string_view name) {
    constexpr std::uint64_t lines_to_look_at = 10;
    constexpr std::size_t rows_max = 1'000'000;
    const std::string text = as_utf8(content);
    std::string_view rest = text;
    for (std::uint64_t line = 1; line <= lines_to_look_at && !rest.empty(); ++line) {
        const std::size_t end = rest.find('\n');
        const Table header = read_table(rest.substr(0, end), name);
        const std::vector<ColumnMeaning> meanings = meanings_of(header.headers);
        const auto known = std::count_if(meanings.begin(), meanings.end(),
                                         [](const ColumnMeaning& each) { return each.column != Column::Ignored; });
        if (known >= 2 && line > 1) return read_table(rest, name, rows_max, line);
        if (known >= 2 || end == std::string_view::npos) break;
        rest.remove_prefix(end + 1);
    }
    return read_table(text, name, rows_max);
}

Result<std::vector<ColumnMeaning>> meanings_of(const std::vector<std::string>& headers, const std::string& mapping_file) {
    const Result<Json> mapping = parse_json_file(mapping_file);
    if (!mapping) return mapping.problems();
    std::vector<ColumnMeaning> meanings = meanings_of(headers);
    Problems problems;
    for (const auto& [key, value] : mapping.value().members()) {
        if (key != "columns" || !value.is_object())
            problems.push_back({mapping_file + ": /" + key, "is not \"columns\" with an object of header names"});
    }
    if (!mapping.value().is_object())
        problems.push_back({mapping_file, "is not a JSON object"});
    else if (mapping.value()["columns"].members().empty() && problems.empty())
        problems.push_back({mapping_file, "names no column: it holds no \"columns\" with an object of header names"});
    for (const auto& [header, meant] : mapping.value()["columns"].members()) {
        Column column = Column::Ignored;
        if (!meant.is_string() || !column_named(meant.string(), column)) {
            problems.push_back({mapping_file + ": /columns/" + header,
                                "is not one of: " + join({column_names.begin(), column_names.end()}, ", ")});
            continue;
        }
        const auto found = std::find_if(meanings.begin(), meanings.end(),
                                        [&, h = header](const auto& m) { return folded(m.header) == folded(h); });
        if (found == meanings.end()) continue;
        found->column = column;
        found->decided = true;
    }
    if (!problems.empty()) return problems;
    for (ColumnMeaning& meaning : meanings) {
        if (meaning.column == Column::Power) meaning.unit = unit_in(folded(meaning.header));
    }
    return meanings;
}

std::vector<std::string> not_in(const std::vector<std::string>& headers, const std::string& mapping_file) {
    std::vector<std::string> missing;
    const Result<Json> mapping = parse_json_file(mapping_file);
    if (!mapping) return missing;
    const Json& read = mapping.value();
    for (const auto& [header, meant] : read["columns"].members()) {
        if (std::none_of(headers.begin(), headers.end(),
                         [&, h = header](const auto& each) { return folded(each) == folded(h); }))
            missing.push_back(header);
    }
    return missing;
}

Json mapping_of(const std::vector<ColumnMeaning>& meanings) {
    Json columns = Json::object();
    for (const ColumnMeaning& meaning : meanings) columns[meaning.header] = name(meaning.column);
    Json mapping = Json::object();
    mapping["columns"] = std::move(columns);
    return mapping;
}

std::string category_of(std::string_view text) {
    const std::string word = folded(text);
    for (const CategoryWord& each : category_words) {
        if (each.word == word) return std::string(each.category);
    }
    return {};
}

std::string watts_of(std::string_view text, std::string_view header_unit) {
    std::string number;
    std::string unit;
    for (const char c : text) {
        if ((c >= '0' && c <= '9') || c == '.' || c == ',') {
            if (!unit.empty()) return {};
            number += c;
        } else if (c != ' ' && c != '\'') {
            unit += c;
        }
    }
    if (unit.empty()) unit = header_unit;
    double scale = 0;
    if (equal_ignoring_case(unit, "w") || equal_ignoring_case(unit, "wp") || equal_ignoring_case(unit, "watt")) scale = 1;
    if (equal_ignoring_case(unit, "kw") || equal_ignoring_case(unit, "kwp") || equal_ignoring_case(unit, "kva")) scale = 1e3;
    if (unit == "MW" || unit == "MWp" || unit == "MVA") scale = 1e6;
    if (scale == 0 || number.empty()) return {};
    // A comma is the Dutch decimal sign; with both signs the last one is decimal, the other groups thousands. A lone sign
    // before exactly three digits is not decidable ("1.234" kW?) unless the unit is W, where it can only group.
    const std::size_t last = number.find_last_of(".,");
    if (last != std::string::npos) {
        const char sign = number[last];
        const bool several = std::count(number.begin(), number.end(), sign) > 1;
        const bool both = number.find(sign == ',' ? '.' : ',') != std::string::npos;
        const bool three = number.size() - last - 1 == 3;
        if (!both && !several && three && scale > 1) return {};
        const bool groups = several || (three && scale == 1 && !both);
        std::string plain;
        for (std::size_t i = 0; i < number.size(); ++i) {
            if (number[i] == '.' || number[i] == ',') {
                if (i == last && !groups) plain += '.';
            } else {
                plain += number[i];
            }
        }
        number = plain;
    }
    char* end = nullptr;
    const double value = std::strtod(number.c_str(), &end) * scale;
    if (end == nullptr || *end != '\0' || !(value > 0) || value > 1e12) return {};
    return std::to_string(std::llround(value));
}

}  // namespace herkomst
