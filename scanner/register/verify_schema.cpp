#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "register/register.h"
#include "register/verify_parts.h"

namespace herkomst {

extern const char register_schema[];  // schema.sql, by the build

using sql::Query;

namespace {

// By type and name; comments and the breaks between words do not count.
std::map<std::pair<std::string, std::string>, std::string> schema_things(sql::Database& database) {
    std::map<std::pair<std::string, std::string>, std::string> out;
    Query rows(database, "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL");
    while (rows.step()) {
        const std::string text = rows.text(2);
        std::string& kept = out[{rows.text(0), rows.text(1)}];
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text.compare(i, 2, "--") == 0) i = std::min(text.find('\n', i), text.size() - 1);
            const bool blank = text[i] == ' ' || text[i] == '\n' || text[i] == '\t' || text[i] == '\r';
            if (!blank) kept += text[i];
            if (blank && !kept.empty() && kept.back() != ' ') kept += ' ';
        }
    }
    return out;
}

}  // namespace

// Triggers guard the events, indices keep names apart, views show what stands: as this program makes them. A table that
// was brought up to date has other words for the same columns.
void verify_schema(sql::Database& database, const Complain& complain) {
    sql::Database fresh(std::string(Register::in_memory), sql::Mode::ReadWrite);
    fresh.run(register_schema);
    auto held = schema_things(database);
    for (const auto& [thing, text] : schema_things(fresh)) {
        const auto found = held.find(thing);
        if (found == held.end()) {
            complain(fmt::format("{} {} is missing", thing.first, thing.second));
        } else if (thing.first != "table" && found->second != text) {
            complain(fmt::format("{} {} is not as this program makes it", thing.first, thing.second));
        }
        if (found != held.end()) held.erase(found);
    }
    for (const auto& [thing, text] : held) {
        if (thing.first == "trigger") complain(fmt::format("trigger {} is none that this program makes", thing.second));
    }
}

}  // namespace herkomst
