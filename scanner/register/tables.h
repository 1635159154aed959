// What the program's tables hold, as a digest of each: the last event of a run, and `sealed` after an act of people that
// changes them, carry these, so that whatever is edited, deleted or put in beside the events shows (`verify`), and is told by
// whoever seals next before he does (unlike.h). Internal to this folder.
//
// Every row and every column counts, in the order of the table's key. O(rows): some 120 MB of it a second.
//
// An interval of `listen` in which nothing happened leaves no event: 1,440 a day would outgrow the plant. The digests of the
// last of them stand in table `interim`, tied to the event that was the head then, until an event carries later ones: the next
// run in which something happened, an act, or the day's folding (fold.h). So no moment is without; only that this row is not
// under a signature of the head.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

// The first half of the SHA-256 of its rows.
std::string table_digest(sql::Database&, std::string_view table, std::string_view order);
// An object: table -> that.
Json table_digests(sql::Database&);
// The same for an event of the caller, which takes the place of what the last quiet interval left.
Json sealed_now(sql::Database&);
// Event `sealed`: after people changed what the program's tables hold. Within their transaction.
void seal_tables(sql::Database&, EventChain&);
// Whether the last seal is older than that, or there is none.
bool seal_is_due(sql::Database&, Time now);

// What the last quiet interval left. `run`: its number; `seq`: the last event then; `hash`: of all that and of that event's.
struct Interim {
    std::int64_t run = 0;
    std::int64_t seq = 0;
    std::string tables;
    std::string hash;
};
std::optional<Interim> interim_of(sql::Database&);
std::string interim_hash(const Interim&, std::string_view head);
// Within the transaction of that interval's run.
void put_interim(sql::Database&, std::int64_t run);

}  // namespace herkomst
