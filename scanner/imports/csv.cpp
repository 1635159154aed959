// Inventories as CSV, with Dutch or English headers: what a person says is there. Strength Listed.
#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "core/blank_word.h"
#include "core/file.h"
#include "core/text.h"
#include "imports/columns.h"
#include "imports/import.h"
#include "imports/table.h"

namespace herkomst::imports {

namespace {

// A text with a header line of which at least two columns, one of them an identifier or a maker, have a known meaning.
bool recognise(std::string_view start, std::string_view path) {
    const bool wide = start.starts_with("\xff\xfe") || start.starts_with("\xfe\xff");
    if (!wide && start.find('\0') != std::string_view::npos) return false;
    const std::string name = lower(path);
    const bool by_name = name.ends_with(".csv") || name.ends_with(".tsv");
    const std::size_t end = start.rfind('\n');
    const Table table = read_inventory(end == std::string_view::npos ? start : start.substr(0, end), path);
    std::size_t known = 0;
    for (const ColumnMeaning& meaning : meanings_of(table.headers)) known += meaning.column != Column::Ignored ? 1 : 0;
    return by_name ? !table.headers.empty() : known >= 3 && table.headers.size() >= 3;
}

// Bytes that are kept.
constexpr std::size_t longest_cell = 256;
constexpr std::size_t longest_description = 512;

struct Cell {
    Field field;
    std::string value;
    std::string what;
};

std::string in_quotes(const std::string& header) { return "\"" + clean(header, 64) + "\""; }

bool says_something(const std::string& cell) { return !says_nothing(cell); }

// "0", "x" and the like; nobody's number.
bool fills_a_serial(const std::string& cell) { return cell.find_first_not_of("0xX-. ") == std::string::npos; }

// "10.0.0.0/24": after the prefix nothing is left but zeros. Of a /31 (RFC 3021) and a /127 (RFC 6164) both addresses are
// hosts'.
bool is_network(const IpAddress& ip, std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return false;
    const std::string_view digits = trimmed(text.substr(slash + 1));
    std::size_t prefix = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
    const std::size_t bits = ip.version == 4 ? 32 : 128;
    if (error != std::errc() || end != digits.data() + digits.size() || prefix + 1 >= bits) return false;
    for (std::size_t bit = prefix; bit < bits; ++bit) {
        if ((ip.bytes[bit / 8] >> (7 - bit % 8) & 1) != 0) return false;
    }
    return true;
}

// Which serial numbers stand in rows of several devices, known before the first row is used.
class SerialsOfRows {
  public:
    SerialsOfRows(const Table& table, const std::vector<ColumnMeaning>& meanings) {
        for (const TableRow& row : table.rows) {
            const auto cell = [&](Column column) -> std::string {
                for (std::size_t i = 0; i < std::min(row.cells.size(), meanings.size()); ++i) {
                    if (meanings[i].column == column && says_something(row.cells[i])) return row.cells[i];
                }
                return {};
            };
            const std::string serial = cell(Column::Serial);
            if (serial.empty() || fills_a_serial(serial)) continue;
            const std::string address = cell(Column::Ip) + " " + cell(Column::Mac);
            const std::string hostname = lower(cell(Column::Hostname));
            std::string name = folded(cell(Column::Name));
            if (name.empty()) name = hostname;
            Rows& rows = rows_[cell(Column::Site) + "|" + folded(serial)];
            if (rows.lines.empty()) rows.serial = serial;
            rows.lines.push_back(row.line);
            rows.hostnames.insert(hostname);
            if (address != " ") rows.addresses.insert(address);
            if (!name.empty()) rows.names.insert(name);
            rows.bare += address == " " && name.empty() ? 1 : 0;
        }
        std::erase_if(rows_, [](const auto& each) { return each.second.lines.size() < 2; });
    }
    // Whether a row without an address may go by it. "See the annex" has no digit, and is no number.
    [[nodiscard]] bool names_a_row(const std::string& site, const std::string& serial) const {
        const auto found = rows_.find(site + "|" + folded(serial));
        return serial.find_first_of("0123456789") != std::string::npos &&
               (found == rows_.end() || found->second.names.size() < 2);
    }
    void tell(const std::string& path, Problems& problems) const {
        for (const auto& [what, rows] : rows_) {
            const bool one_host = rows.hostnames.size() == 1 && !rows.hostnames.begin()->empty();
            const bool several = (rows.addresses.size() > 1 || rows.names.size() > 1) && !one_host;
            if (!several && rows.bare < 2) continue;
            problems.push_back({path + ":" + std::to_string(rows.lines.front()),
                                "the serial number " + in_quotes(rows.serial) + " stands in " +
                                    std::to_string(rows.lines.size()) + " rows (lines " + told(rows.lines) + ") " +
                                    (several ? "of several addresses or names: they stay several devices"
                                             : "with no address or name: they are taken for one device")});
        }
    }

  private:
    struct Rows {
        std::string serial;
        std::vector<std::uint64_t> lines;
        std::set<std::string> addresses;
        std::set<std::string> hostnames;
        std::set<std::string> names;
        std::size_t bare = 0;  // rows that only the serial number names
    };
    static std::string told(const std::vector<std::uint64_t>& lines) {
        constexpr std::size_t most = 5;
        std::vector<std::string> texts;
        for (std::size_t i = 0; i < std::min(most, lines.size()); ++i) texts.push_back(std::to_string(lines[i]));
        if (lines.size() > most) texts.emplace_back("...");
        return join(texts, ", ");
    }
    std::map<std::string, Rows> rows_;  // by site|serial
};

// A column that another one goes before, and that one; of two that say the same the first is read.
using Behind = std::pair<std::size_t, std::size_t>;

std::vector<Behind> behind(const std::vector<ColumnMeaning>& meanings) {
    std::vector<Behind> out;
    for (std::size_t i = 0; i < meanings.size(); ++i) {
        const Column column = meanings[i].column;
        const bool one_only = column == Column::Ip || column == Column::Mac || column == Column::Vlan || column == Column::Site;
        if (!one_only && column != Column::Supplier) continue;
        const Column first = column == Column::Supplier ? Column::Brand : column;
        const auto before = std::find_if(meanings.begin(), meanings.end(), [&](const auto& m) { return m.column == first; });
        const auto at = static_cast<std::size_t>(before - meanings.begin());
        if (before != meanings.end() && at != i) out.emplace_back(i, at);
    }
    return out;
}

Imported read(const std::string& path, const std::string& source_id, const ImportOptions& options) {
    Imported imported;
    const Result<std::string> raw = read_file(path);
    if (!raw) {
        imported.problems = raw.problems();
        return imported;
    }
    const Result<std::string> content = unpacked(raw.value(), path);
    if (!content) {
        imported.problems = content.problems();
        return imported;
    }
    const Table table = read_inventory(content.value(), path);
    imported.problems = table.problems;
    std::vector<ColumnMeaning> meanings = meanings_of(table.headers);
    if (!options.mapping.empty()) {
        const Result<std::vector<ColumnMeaning>> mapped = meanings_of(table.headers, options.mapping);
        if (!mapped) {
            imported.problems.insert(imported.problems.end(), mapped.problems().begin(), mapped.problems().end());
            return imported;
        }
        meanings = mapped.value();
        std::vector<std::string> missing = not_in(table.headers, options.mapping);
        for (std::string& each : missing) each = in_quotes(each);
        if (!missing.empty())
            imported.problems.push_back({path + ":" + std::to_string(table.header_line),
                                         "has no column " + join(missing, ", ") + ", which the mapping names"});
    }
    const bool useful =
        std::any_of(meanings.begin(), meanings.end(), [](const auto& m) { return m.column != Column::Ignored; });
    if (!useful && !table.headers.empty()) {
        imported.problems.push_back({path + ":" + std::to_string(table.header_line),
                                     "none of these column names is known; name them in a mapping file (--mapping)"});
        return imported;
    }
    std::vector<std::size_t> brands;
    for (std::size_t i = 0; i < meanings.size(); ++i) {
        if (meanings[i].column == Column::Brand) brands.push_back(i);
    }
    for (const auto& [later, first] : behind(meanings)) {
        const bool needed = std::any_of(table.rows.begin(), table.rows.end(), [&](const TableRow& row) {
            return later < row.cells.size() && says_something(row.cells[later]) && first < row.cells.size() &&
                   says_something(row.cells[first]) && row.cells[later] != row.cells[first];
        });
        if (!needed) continue;
        imported.problems.push_back({path + ":" + std::to_string(table.header_line),
                                     "the column " + in_quotes(table.headers[later]) + " is read only where " +
                                         in_quotes(table.headers[first]) + " says nothing"});
    }
    std::uint64_t cells_not_used = 0;
    std::uint64_t cells_cut = 0;
    std::uint64_t first_cut = 0;  // its line
    std::vector<std::string> ignored;
    for (std::size_t i = 0; i < meanings.size(); ++i) {
        if (meanings[i].column == Column::Ignored && !meanings[i].decided) ignored.push_back(in_quotes(table.headers[i]));
    }
    if (!ignored.empty() && !table.rows.empty()) {
        imported.problems.push_back({path + ":" + std::to_string(table.header_line),
                                     (ignored.size() == 1 ? "column not understood: " : "columns not understood: ") +
                                         join(ignored, ", ") + "; name " + (ignored.size() == 1 ? "it" : "them") +
                                         " in a mapping: herkomst columns FILE --save MAP"});
    }

    const SerialsOfRows serials(table, meanings);
    serials.tell(path, imported.problems);
    for (const TableRow& row : table.rows) {
        ++imported.rows;
        const std::string place = path + ":" + std::to_string(row.line);
        Endpoint subject;
        subject.site = options.site;
        std::vector<Cell> cells;
        std::string serial;
        std::string name;
        std::string hostname;
        std::string bad;
        std::vector<std::string> left_out;  // cells that cannot be read, of a row that can
        const bool has_brand = std::any_of(brands.begin(), brands.end(),
                                           [&](std::size_t i) { return i < row.cells.size() && says_something(row.cells[i]); });
        for (std::size_t i = 0; i < row.cells.size() && bad.empty(); ++i) {
            const std::string& text = row.cells[i];
            if (i >= meanings.size()) {
                if (!text.empty()) bad = "has more columns than the header";
                continue;
            }
            const ColumnMeaning& meaning = meanings[i];
            if (!says_something(text)) continue;
            const auto cell = [&](Field field) { cells.push_back({field, text, std::string(herkomst::name(meaning.column))}); };
            switch (meaning.column) {
                case Column::Ignored:
                    break;
                case Column::Ip: {
                    const auto ip = IpAddress::parse(text.substr(0, text.find('/')));
                    if (!ip || ip->unspecified() || ip->multicast())
                        bad = "\"" + text + "\" is not the IP address of a device";
                    else if (ip->loopback())
                        bad = "\"" + text + "\" is the address by which every machine calls itself";
                    else if (is_network(*ip, text))
                        bad = "\"" + text + "\" is a network, not a device";
                    else if (!subject.ip.known())
                        subject.ip = *ip;
                    break;
                }
                case Column::Mac: {
                    const auto mac = Mac::parse(text);
                    if (!mac || mac->group() || !mac->known())
                        bad = "\"" + text + "\" is not the MAC address of a device";
                    else if (!subject.mac.known())
                        subject.mac = *mac;
                    break;
                }
                case Column::Vlan: {
                    const auto vlan = Vlan::parse(text);
                    if (!vlan)
                        bad = "\"" + text + "\" is not a VLAN number";
                    else if (!subject.vlan.known())
                        subject.vlan = *vlan;
                    break;
                }
                case Column::Site:
                    if (subject.site.empty() || subject.site == options.site) subject.site = text;
                    break;
                case Column::Hostname:
                    hostname = text;
                    cell(Field::hostname);
                    break;
                case Column::Name:
                    name = text;
                    cell(Field::description);
                    break;
                case Column::Brand:
                    cell(Field::brand);
                    break;
                // A supplier may only sell it; it stands for the brand where the inventory knows nothing better.
                case Column::Supplier:
                    if (!has_brand) cell(Field::brand);
                    break;
                case Column::Model:
                    cell(Field::model);
                    break;
                case Column::Product:
                    cell(Field::product);
                    break;
                case Column::Serial:
                    if (fills_a_serial(text)) break;
                    serial = text;
                    cell(Field::serial);
                    break;
                case Column::Firmware:
                    cell(Field::firmware);
                    break;
                case Column::Software:
                    cell(Field::software);
                    break;
                case Column::Hardware:
                    cell(Field::hardware);
                    break;
                case Column::Os:
                    cell(Field::os);
                    break;
                case Column::Location:
                    cell(Field::location);
                    break;
                case Column::Role:
                    cell(Field::role);
                    break;
                case Column::Description:
                    cell(Field::description);
                    break;
                case Column::Category: {
                    const std::string category = category_of(text);
                    if (!category.empty())
                        cells.push_back({Field::category, category, "category"});
                    else
                        cell(Field::description);
                    break;
                }
                case Column::Power: {
                    const std::string watts = watts_of(text, meaning.unit);
                    if (!watts.empty()) {
                        cells.push_back({Field::rated_power, watts, "power"});
                    } else {
                        // The device is there whatever its power is.
                        left_out.push_back("cell not used: \"" + text + "\" is not a power with a unit (W, kW, MW)");
                    }
                    break;
                }
            }
        }
        if (bad.empty() && !subject.known()) {
            const bool by_serial = serials.names_a_row(subject.site == options.site ? "" : subject.site, serial);
            if (by_serial)
                subject.path = {"listed/" + serial};
            else if (!name.empty())
                subject.path = {"listed/" + name};
            else if (!hostname.empty())
                subject.path = {"listed/" + hostname};
            else
                bad = serial.empty() ? "has no address, serial number or name"
                                     : "has no address or name, and its serial number tells it from no other row";
        }
        if (bad.empty() && cells.empty()) bad = "says nothing about the device but where it is";
        if (!bad.empty()) {
            imported.problems.push_back({place, "row not used: " + bad});
            continue;
        }
        ++imported.used;
        cells_not_used += left_out.size();
        for (std::string& each : left_out) imported.problems.push_back({place, std::move(each)});
        for (Cell& cell : cells) {
            Observation observation;
            observation.subject = subject;
            observation.field = cell.field;
            const std::size_t most = cell.field == Field::description ? longest_description : longest_cell;
            observation.value = clean(cell.value, most);
            if (cell.value.size() > most && clean(cell.value, cell.value.size()).size() > most && cells_cut++ == 0)
                first_cut = row.line;
            observation.strength = Strength::Listed;
            observation.method = "csv." + cell.what;
            observation.from = {source_id, row.line, 0, 0};
            imported.observations.add(observation);
        }
    }
    if (cells_cut != 0)
        imported.problems.push_back(
            {path + ":" + std::to_string(first_cut), std::to_string(cells_cut) + (cells_cut == 1 ? " cell is" : " cells are") +
                                                         " longer than what is kept (" + std::to_string(longest_cell) +
                                                         " bytes, descriptions " + std::to_string(longest_description) +
                                                         "): the rest was cut off"});
    if (!ignored.empty()) imported.coverage.push_back({{}, "csv", "column not understood", ignored.size()});
    if (cells_not_used != 0) imported.coverage.push_back({{}, "csv", "cell not used", cells_not_used});
    if (imported.rows != imported.used) imported.coverage.push_back({{}, "csv", "row not used", imported.rows - imported.used});
    return imported;
}

}  // namespace

Import csv() { return {"csv", "CSV inventory (Dutch or English headers)", "RFC 4180", recognise, read}; }

}  // namespace herkomst::imports
