#include "register/acts.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "core/hash.h"
#include "core/text.h"
#include "register/said.h"
#include "register/unlike.h"

namespace herkomst {

using sql::Query;

namespace {

// A uuid of version 8 (RFC 9562: bits by the implementation), from the first thing that named the asset.
std::string uid_from(std::string_view site, std::string_view identifier, int attempt) {
    std::string digits = sha256(fmt::format("herkomst asset\n{}\n{}\n{}", site, identifier, attempt)).substr(0, 32);
    digits[12] = '8';
    digits[16] = "89ab"[static_cast<std::size_t>(digits[16]) % 4];
    return fmt::format("{}-{}-{}-{}-{}", digits.substr(0, 8), digits.substr(8, 4), digits.substr(12, 4), digits.substr(16, 4),
                       digits.substr(20));
}

}  // namespace

std::int64_t put_act(sql::Database& database, EventChain& chain, std::string_view event, std::string_view kind,
                     std::string_view subject, Json detail, const Json& set) {
    if (!set.members().empty()) detail["set"] = set;
    for (const auto& [field, value] : set.members()) tell_unlike_field(database, chain, kind, subject, field);
    const std::int64_t seq = chain.add(event, kind, subject, detail);
    // As the event says it: what is not UTF-8 is written otherwise there.
    const Result<Json> written = parse_json(write_json(set), "set");
    for (const auto& [field, value] : written ? written.value().members() : set.members()) {
        if (value.is_null()) {
            Query(database, "DELETE FROM work WHERE subject_kind = ? AND subject = ? AND field = ?")
                .bind(kind)
                .bind(subject)
                .bind(field)
                .run();
        } else {
            Query(database, "INSERT OR REPLACE INTO work VALUES (?, ?, ?, ?, ?)")
                .bind(kind)
                .bind(subject)
                .bind(field)
                .bind(value.string())
                .bind(seq)
                .run();
        }
    }
    return seq;
}

Json by(const Act& act) {
    Json detail = Json::object();
    detail["by"] = act.by;
    if (!act.role.empty()) detail["role"] = act.role;
    if (!act.reason.empty()) detail["reason"] = act.reason;
    return detail;
}

namespace {

// Which role somebody has, however his name is written; empty: none. Nothing: the register has no list of people, or one
// without an owner, which nobody could ever change; then anybody may be anything.
std::optional<std::string> role_of(sql::Database& database, std::string_view who) {
    if (database.number("SELECT count(*) FROM work WHERE subject_kind = 'person' AND field = 'role' AND value = 'owner'") == 0)
        return std::nullopt;
    Query query(database, "SELECT value FROM work WHERE subject_kind = 'person' AND subject = ? AND field = 'role'");
    query.bind(person_listed(database, who));
    return query.step() ? query.text(0) : std::string();
}

}  // namespace

std::string person_listed(sql::Database& database, std::string_view who) {
    std::string listed;
    Query query(database, "SELECT DISTINCT subject FROM work WHERE subject_kind = 'person' ORDER BY subject");
    while (query.step()) {
        if (query.text(0) == who) return query.text(0);
        if (listed.empty() && folded(query.text(0)) == folded(who)) listed = query.text(0);
    }
    return listed.empty() ? std::string(who) : listed;
}

bool leaves_no_owner(sql::Database& database, std::string_view person, std::string_view role) {
    if (role == "owner") return false;
    Query others(
        database,
        "SELECT count(*), coalesce(sum(value = 'owner'), 0) FROM work WHERE subject_kind = 'person' AND field = 'role' "
        "AND subject <> ?");
    others.bind(person);
    others.step();
    const bool anybody = others.integer(0) != 0 || !role.empty();
    return anybody && others.integer(1) == 0;
}

void check_person(sql::Database& database, std::string_view who, std::string_view place, Problems& problems) {
    const std::optional<std::string> role = role_of(database, who);
    if (!role) return;
    if (role->empty())
        problems.push_back({std::string(place), fmt::format("{} is not among the people of this register", who)});
    if (*role == "auditor") problems.push_back({std::string(place), "an auditor reads and changes nothing"});
}

void check_actor(sql::Database& database, const Act& act, std::string_view place, Problems& problems, bool needs_reason) {
    const auto complain = [&](std::string sentence) { problems.push_back({std::string(place), std::move(sentence)}); };
    if (trimmed(act.by).empty()) complain("nobody is named who does this (--by NAME)");
    if (needs_reason && trimmed(act.reason).empty()) complain("is not done without a reason (--reason TEXT)");
    const auto check = [&](const char* what, std::string_view text, std::size_t most) {
        const std::string no = trimmed(text).empty() && !has_control(text) ? "" : refused_text(text, most);
        if (!no.empty()) complain(fmt::format("{}: {}", what, no));
    };
    check("--by", act.by, name_most);
    check("--reason", act.reason, reason_most);
    if (std::find(roles.begin(), roles.end(), act.role) == roles.end()) {
        complain(fmt::format("\"{}\" is no role: one of analyst, owner, auditor", act.role));
        return;
    }
    if (act.role == "auditor") complain("an auditor reads and changes nothing");
    const std::optional<std::string> held = role_of(database, act.by);
    if (!held) return;
    const std::string& role = *held;
    // Who owns the risk may also look into it.
    if (role != act.role && !(role == "owner" && act.role == "analyst")) {
        complain(role.empty() ? fmt::format("{} is not among the people of this register", act.by)
                              : fmt::format("{} is {} in this register, not {}", act.by, role, act.role));
    }
}

Standing standing_of(sql::Database& database, std::string_view finding) {
    Standing out;
    {
        Query query(database, "SELECT field, value FROM work WHERE subject_kind = 'finding' AND subject = ?");
        query.bind(finding);
        while (query.step()) out.fields[query.text(0)] = query.text(1);
    }
    if (const auto status = out.fields.find("status"); status != out.fields.end()) out.status = status->second;
    Query query(
        database,
        "SELECT s.value FROM work m JOIN work s ON s.subject_kind = 'measure' AND s.subject = m.subject AND s.field = 'state' "
        "WHERE m.subject_kind = 'measure' AND m.field = 'finding' AND m.value = ?");
    query.bind(finding);
    while (query.step()) {
        const std::string state = query.text(0);
        out.measures += state == "rejected" ? 0 : 1;
        out.measures_done += state == "implemented" || state == "tested" ? 1 : 0;
    }
    return out;
}

std::string setting(sql::Database& database, std::string_view name) {
    Query query(database, "SELECT value FROM work WHERE subject_kind = 'setting' AND subject = ? AND field = 'value'");
    query.bind(name);
    if (query.step()) return query.text(0);
    if (name == "tlp") return "AMBER+STRICT";
    if (name == "retention") return "0";
    if (name == "acceptance_most") return "365";
    if (name == "four_eyes") return "no";
    return {};
}

void merge_assets(sql::Database& database, EventChain& chain, const std::string& younger, const std::string& older,
                  const Json& by_person) {
    Json names = Json::array();
    {
        Query query(database,
                    "SELECT value FROM identifiers WHERE uid = ? AND kind IN ('strong', 'key') ORDER BY kind DESC, value");
        query.bind(younger);
        while (query.step()) names.push(query.text(0));
    }
    for (const char* statement :
         {"UPDATE OR REPLACE identifiers SET uid = ?1 WHERE uid = ?2", "UPDATE claims SET uid = ?1 WHERE uid = ?2",
          "UPDATE OR IGNORE beliefs SET uid = ?1 WHERE uid = ?2", "UPDATE assets SET parent = ?1 WHERE parent = ?2",
          "UPDATE assets SET merged_into = ?1 WHERE uid = ?2 OR merged_into = ?2"}) {
        Query(database, statement).bind(older).bind(younger).run();
    }
    Query(database, "DELETE FROM beliefs WHERE uid = ?").bind(younger).run();
    Query(
        database,
        // 1970 stands for never: of one that was heard and one that was not, the day of the one.
        "UPDATE assets SET first_seen = (SELECT iif(min(assets.first_seen, o.first_seen) = ?3, max(assets.first_seen, "
        "o.first_seen), min(assets.first_seen, o.first_seen)) FROM assets o WHERE o.uid = ?2), "
        "last_seen = max(last_seen, (SELECT last_seen FROM assets WHERE uid = ?2)), "
        "last_run = max(last_run, (SELECT last_run FROM assets WHERE uid = ?2)), observation = iif(observation = 'observed' OR "
        "(SELECT observation FROM assets WHERE uid = ?2) = 'observed', 'observed', observation) WHERE uid = ?1")
        .bind(older)
        .bind(younger)
        .bind(rfc3339(Time{}))
        .run();
    Json detail = by_person.is_null() ? Json::object() : by_person;
    detail["into"] = older;
    // By what it is known again, should it turn out that they are two.
    if (!names.items().empty()) detail["names"] = std::move(names);
    chain.add("merged", "asset", younger, detail);
    carry_asset(database, chain, younger, older);
}

std::string mint_asset(sql::Database& database, std::string_view site, std::string_view founding, std::string_view key,
                       std::string_view kind, Time first, Time last, std::int64_t run) {
    for (int attempt = 0;; ++attempt) {
        std::string uid = uid_from(site, founding, attempt);
        Query taken(database, "SELECT 1 FROM assets WHERE uid = ?");
        taken.bind(uid);
        if (taken.step()) continue;
        Query(database,
              "INSERT INTO assets (uid, minted_from, derived_key, kind, parent, site, label, first_seen, last_seen, first_run, "
              "last_run, facts) VALUES (?, ?, ?, ?, '', ?, '', ?, ?, ?, ?, '{}')")
            .bind(uid)
            .bind(founding)
            .bind(key)
            .bind(kind)
            .bind(site)
            .bind(rfc3339(first))
            .bind(rfc3339(last))
            .bind(run)
            .bind(run)
            .run();
        return uid;
    }
}

void bind_identifier(sql::Database& database, std::string_view uid, std::string_view site, std::string_view kind,
                     std::string_view value, std::int64_t run) {
    // A strong identifier is bound to one uid: after a split it belongs to the cluster that has it now.
    if (kind == "strong" || kind == "key") {
        Query(database, "DELETE FROM identifiers WHERE value = ? AND site = ? AND uid <> ? AND kind IN ('strong', 'key')")
            .bind(value)
            .bind(site)
            .bind(uid)
            .run();
    }
    Query(database,
          "INSERT INTO identifiers VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (uid, kind, value) DO UPDATE SET last_run = "
          "excluded.last_run")
        .bind(uid)
        .bind(kind)
        .bind(value)
        .bind(site)
        .bind(run)
        .bind(run)
        .run();
}

std::uint64_t reopen_what_is_over(sql::Database& database, EventChain& chain, Time now) {
    std::vector<std::string> accepted;
    {
        Query query(
            database,
            "SELECT w.subject FROM work w WHERE w.subject_kind = 'finding' AND w.field = 'status' AND w.value = 'accepted' "
            "ORDER BY w.subject");
        while (query.step()) accepted.push_back(query.text(0));
    }
    std::uint64_t count = 0;
    for (const std::string& finding : accepted) {
        const Standing standing = standing_of(database, finding);
        if (!acceptance_over(standing, now)) continue;
        Json detail = Json::object();
        detail["because"] = "the time for which it was accepted is over";
        detail["cause"] = "time";
        if (const auto until = standing.fields.find("accepted_until"); until != standing.fields.end())
            detail["accepted_until"] = until->second;
        put_act(database, chain, "reopened", "finding", finding, std::move(detail), JsonObject{{"status", Json("assessed")}});
        ++count;
    }
    return count;
}

}  // namespace herkomst
