// How an act gets into the register. Internal to this folder; within a transaction of the caller.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "register/chain.h"
#include "register/work.h"

namespace herkomst {

// The event with `set` in its detail, and the same in table `work`. A member of `set` that is null takes the field away.
std::int64_t put_act(sql::Database&, EventChain&, std::string_view event, std::string_view kind, std::string_view subject,
                     Json detail, const Json& set = Json());
// {by, role, reason} of an act.
Json by(const Act&);
// How that name stands on the list of people of the register, whatever its capitals; as it is said where it stands not there.
std::string person_listed(sql::Database&, std::string_view who);
// Whether a list of people would be left without an owner, if that person had that role (empty: none any more).
bool leaves_no_owner(sql::Database&, std::string_view person, std::string_view role);
// Nobody, a role that is none, or one that is not his.
// Who is not among the people of the register, where it has any, or is its auditor.
void check_person(sql::Database&, std::string_view who, std::string_view place, Problems&);
void check_actor(sql::Database&, const Act&, std::string_view place, Problems&, bool needs_reason);
Standing standing_of(sql::Database&, std::string_view finding);
// What stands at `from` goes to `to`, where nothing stands yet; the event is `carried`, at `to`. Nothing to carry: no event.
void carry_work(sql::Database&, EventChain&, std::string_view kind, const std::string& from, const std::string& to);
// What stands at a question is copied to a finding that it becomes, its measures as well, and from a finding to the question
// that asks about its device again, without them. A value gives way only to a later one that somebody set at `from` himself.
// The events are `carried`, one at each end; whether there was anything to copy. `detail`: of these events.
enum class Copying : std::uint8_t { ToFinding, ToQuestion };
bool copy_work(sql::Database&, EventChain&, const std::string& from, const std::string& to, Copying, Json detail);
// Of two assets that are one: what people set at the younger, and its findings.
void carry_asset(sql::Database&, EventChain&, const std::string& younger, const std::string& older);
// `uid` is one of its own again: what was carried from it goes back, with its findings, also where it went by way of others.
// What people did at `from` since stays there. `own`: the uids of it; what came to it from others than these does not go with
// it. Empty: whatever it had.
void give_back(sql::Database&, EventChain&, const std::string& uid, const std::string& from, const std::set<std::string>& own);
// A question that is asked elsewhere now: `from` is part of `to`. What people set goes along where nothing stands yet, a
// decision of theirs and what stands otherwise at `to` stays at `from`.
void move_question(sql::Database&, EventChain&, const std::string& from, const std::string& to, Json detail);
std::string setting(sql::Database&, std::string_view name);

// Joins two assets: the younger becomes an alias of the older, with its identifiers, claims, findings and what people decided.
// `by_person`: detail of the event; null: the program did.
void merge_assets(sql::Database&, EventChain&, const std::string& younger, const std::string& older, const Json& by_person);
// A row for a new asset; its uid, from what names it.
std::string mint_asset(sql::Database&, std::string_view site, std::string_view founding, std::string_view key,
                       std::string_view kind, Time first, Time last, std::int64_t run);
// Binds an identifier to a uid; a strong one is taken from whoever had it.
void bind_identifier(sql::Database&, std::string_view uid, std::string_view site, std::string_view kind, std::string_view value,
                     std::int64_t run);
std::uint64_t reopen_what_is_over(sql::Database&, EventChain&, Time now);

// Everything about an asset is removed, and the details of its events emptied. `detail` is that of the event `forgot`.
void forget_asset(sql::Database&, EventChain&, const std::string& uid, Json detail);

}  // namespace herkomst
