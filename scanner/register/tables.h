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

// What its rows are sorted by, and what a row is called (SQL; empty: its rows are not told apart): by what stays from run to
// run, or each interval of `listen` would write the names anew. Not among them: `work`, of which every field has its event, the
// events and signatures.
struct SealedTable {
    std::string_view name;
    std::string_view order;
    std::string_view key;
    bool only_put_in = false;  // quiet intervals put rows in, and leave those that are there as they are
};
inline constexpr std::array sealed_tables = {
    SealedTable{"runs", "run", "run", true},
    SealedTable{"sources", "run, position", "run || ' ' || position", true},
    SealedTable{"assets", "number", "uid"},
    SealedTable{"identifiers", "uid, kind, value", "uid || ' ' || kind || ' ' || value"},
    SealedTable{"beliefs", "uid, field", "uid || ' ' || field"},
    SealedTable{"claims", "rowid", "uid || ' ' || field || ' ' || method"},
    SealedTable{"rules", "rule, rule_hash", "rule || ' ' || rule_hash", true},
    SealedTable{"findings", "finding", "finding"},
    SealedTable{"ratings", "finding", "finding"},
    SealedTable{"sums", "kind, key", "kind || ' ' || key"},
    SealedTable{"sessions", "site, server, service, client", "site || ' ' || server || ' ' || service || ' ' || client"},
    SealedTable{"coverage", "run, asked, outcome", "run || ' ' || asked || ' ' || outcome", true},
    // Last: it is written while the others are read.
    SealedTable{"row_seals", "name, key", ""},
};
inline constexpr std::chrono::hours sealed_at_least_each{25};

// The first half of the SHA-256 of its rows.
std::string table_digest(sql::Database&, const SealedTable&);
// An object: table -> that.
Json table_digests(sql::Database&);
// The same; and what each row holds goes to table `row_seals`, of a table that has no more rows than this, so that a later edit
// can be told by its row.
inline constexpr std::int64_t rows_told_most = 50'000;
Json table_digests_by_row(sql::Database&);
// What `row_seals`, which holds what the last event sealed, still says for certain of a table's rows: of all of them where
// quiet intervals left the table as that event did; where they only put rows in, of those that the event knew; else nothing.
// `by_event`: `tables` of that event; `left`: of whoever was last, that event or a quiet interval. Whether `row_seals` is what
// was left is for the caller to look at.
enum class RowsKnown : std::uint8_t { None, OfEvent, All };
RowsKnown rows_known(const SealedTable&, const Json& by_event, const Json& left);
// Which of these rows are not what `row_seals` says of them, and how. None: that table is not told by row, or was edited too.
enum class RowEdit : std::uint8_t { Edited, Gone, PutIn };
struct EditedRow {
    std::string key;
    RowEdit how{};
};
std::vector<EditedRow> edited_rows(sql::Database&, const SealedTable&, RowsKnown);
std::string_view row_edit_code(RowEdit);
// "row 7 of table runs was edited"
std::string row_edit_told(std::string_view table, std::string_view key, std::string_view code);
// By row, for an event of the caller, which takes the place of what the last quiet interval left.
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
