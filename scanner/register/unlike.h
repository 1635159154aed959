// What somebody edited beside the program is not sealed as true by whoever writes next. Internal to this folder.
//
// Before a writer that seals (a run, an act that changes the program's tables, the folding of days) changes anything, the
// tables are held against what the last event or quiet interval left there (tables.h). Where they differ nothing is refused,
// for the overview must go on: an event `unlike` says so for good, before any event of the writer, and `verify` reads it ever
// after. So it is with the end of the chain, at every event, and with a field of `work` that an act takes the place of.
//
// Detail: {"unlike": {...}}, of which
//   event, tables        these tables were not what this event says (0: no event says anything yet, and they were not empty)
//   run, tables          the same of what the quiet interval with this number left
//   rows                 beside tables: [table, row, edited | gone | put_in] each, 20 of a table at most; as far
//                        as it is certain (`rows_known` in tables.h)
//   run                  what that interval left was changed itself
//   event, last          a run later than this event was there, and no event said what it left
//   end, last            the head of the chain was event `end` where the last one was `last`
//   event, field         [kind, subject, field] of `work` was not what this event says (0: no event says anything of it)
//
// What the tables hold is compared when another connection wrote since they were compared or sealed the last time, so `listen`
// does not pay for it each interval. Whoever changes the file's bytes under a connection, and not through SQLite, is found when
// it is opened anew.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "register/chain.h"

namespace herkomst {

// Within a transaction, before anything is changed in it. Whether there was anything to tell.
bool tell_unlike(sql::Database&, EventChain&);
// Of a register of an earlier schema, before anything of it is brought up to date: into the detail of `migrated`, whose own
// seal would else make true whatever stands there: "unlike" as above, and "uncovered_since", the run after which intervals came
// that no seal covers. Neither: they are.
void tell_unlike(sql::Database&, Json& detail);
// Before a field of `work` is set or taken away.
void tell_unlike_field(sql::Database&, EventChain&, std::string_view kind, std::string_view subject, std::string_view field);
// Before the first event of a writer; `last`: that of the chain.
void tell_unlike_end(sql::Database&, EventChain&, std::int64_t last, std::string_view hash);

// Where no event says yet what the tables hold: those that are not empty.
std::vector<std::string> tables_before_any_seal(sql::Database&);

// What such a detail says, each thing a sentence. Of `unlike`, not of what it stands in.
std::vector<std::string> unlike_told(const Json& unlike);

}  // namespace herkomst
