// What the program's tables hold, as a digest of each: the last event of a run, and `sealed` after an act of people that
// changes them, carry these, so that whatever is edited, deleted or put in beside the events shows (`verify`). Internal to this
// folder.
//
// Every row and every column counts, in the order of the table's key. O(rows): some 120 MB of it a second. Intervals of
// `listen` in which nothing happened are sealed when their day is folded (fold.h).
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "register/chain.h"

namespace herkomst {

// Table and what its rows are sorted by. Not among them: `work`, of which every field has its event, the events and signatures.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 12> sealed_tables = {{
    {"runs", "run"},
    {"sources", "run, position"},
    {"assets", "number"},
    {"identifiers", "uid, kind, value"},
    {"beliefs", "uid, field"},
    {"claims", "rowid"},
    {"rules", "rule, rule_hash"},
    {"findings", "finding"},
    {"ratings", "finding"},
    {"sums", "kind, key"},
    {"sessions", "site, server, service, client"},
    {"coverage", "run, asked, outcome"},
}};
inline constexpr std::chrono::hours sealed_at_least_each{25};

// An object: table -> the first half of the SHA-256 of its rows.
Json table_digests(sql::Database&);
// Event `sealed`: after people changed what the program's tables hold. Within their transaction.
void seal_tables(sql::Database&, EventChain&);
// Whether the last seal is older than that, or there is none.
bool seal_is_due(sql::Database&, Time now);

}  // namespace herkomst
