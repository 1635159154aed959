// What the columns of an inventory mean: by the names that Dutch and English inventories give them, or by a saved mapping.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/result.h"
#include "imports/table.h"

namespace herkomst {

// What a column can be taken for. `Ignored` columns that nobody decided on are named as a problem, never silently lost.
enum class Column : std::uint8_t {
    Ignored,
    Ip,
    Mac,
    Hostname,
    Name,
    Brand,
    Supplier,
    Model,
    Product,
    Serial,
    Firmware,
    Software,
    Hardware,
    Os,
    Location,
    Category,
    Power,
    Description,
    Vlan,
    Site,
    Role,
};

std::string_view name(Column);
bool column_named(std::string_view, Column&);

struct ColumnMeaning {
    std::string header;
    Column column = Column::Ignored;
    std::string unit;      // of a power column whose header names it: "W", "kW", "MW"
    bool decided = false;  // by a mapping, not by its header
};

// The table of an inventory: the header is the first of the first ten lines of which two columns are known, for titles may
// stand above it; else the first line. Also UTF-16.
Table read_inventory(std::string_view content, std::string_view name);

// By header text; case, blanks and punctuation do not matter.
std::vector<ColumnMeaning> meanings_of(const std::vector<std::string>& headers);
// A saved mapping: {"columns":{"Header text":"brand",...}}. Headers that it does not name keep their own meaning.
Result<std::vector<ColumnMeaning>> meanings_of(const std::vector<std::string>& headers, const std::string& mapping_file);
// Headers that such a mapping names and the table has not.
std::vector<std::string> not_in(const std::vector<std::string>& headers, const std::string& mapping_file);
Json mapping_of(const std::vector<ColumnMeaning>&);

// Device categories as inventories call them, to the word of vendordb/vocabulary.json; empty when unknown.
std::string category_of(std::string_view text);
// Watts from "110 kW", "110000", "110,5" with the unit of the header; empty when it has no unit or is no number.
std::string watts_of(std::string_view text, std::string_view header_unit);

}  // namespace herkomst
