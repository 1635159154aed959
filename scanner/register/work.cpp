#include "register/work.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "core/text.h"
#include "register/acts.h"
#include "register/open.h"
#include "register/rating_rows.h"
#include "register/said.h"

namespace herkomst {

using sql::Query;

namespace {

bool there_is(sql::Database& database, const char* query, std::string_view what) {
    Query rows(database, query);
    rows.bind(what);
    return rows.step();
}

bool there_is_finding(sql::Database& database, std::string_view finding) {
    return there_is(database, "SELECT 1 FROM findings WHERE finding = ? AND merged_into IS NULL", finding);
}

Json as_set(const WorkFields& fields) {
    Json set = Json::object();
    for (const auto& [field, value] : fields) set[field] = value.empty() ? Json() : Json(value);
    return set;
}

// A rating that is left after treatment: its band follows from the two numbers.
void add_residual_band(const Standing& standing, WorkFields& fields) {
    const auto value = [&](std::string_view field) {
        const auto said = fields.find(field);
        if (said != fields.end()) return said->second;
        const auto held = standing.fields.find(field);
        return held == standing.fields.end() ? std::string() : held->second;
    };
    if (!fields.contains("residual_likelihood") && !fields.contains("residual_impact")) return;
    const std::string likelihood = value("residual_likelihood");
    const std::string impact = value("residual_impact");
    fields["residual_band"] =
        likelihood.empty() || impact.empty() ? std::string() : std::string(name(band_of(likelihood[0] - '0', impact[0] - '0')));
}

}  // namespace

WorkFields work_of(const Register& held, std::string_view kind, std::string_view subject) {
    WorkFields out;
    Query rows(held.connection().database, "SELECT field, value FROM work WHERE subject_kind = ? AND subject = ?");
    rows.bind(kind).bind(subject);
    while (rows.step()) out[rows.text(0)] = rows.text(1);
    return out;
}

Standing standing_of(const Register& held, std::string_view finding) {
    return standing_of(held.connection().database, finding);
}

Result<std::int64_t> move(Register& held, const std::string& finding, const std::string& to, const WorkFields& said,
                          const Act& act) {
    sql::Database& database = held.connection().database;
    sql::Transaction transaction(database);
    Problems problems;
    if (!there_is_finding(database, finding)) return Problem{finding, "there is no such finding"};
    check_actor(database, act, finding, problems, false);
    const Standing standing = standing_of(database, finding);
    WorkFields fields = said;
    for (const auto& [field, value] : fields) {
        if (field == "accepted_until" || field == "closure_reason") continue;  // checked below
        const std::string no = refused_value("finding", field, value);
        if (!no.empty()) problems.push_back({finding, fmt::format("{}: {}", field, no)});
    }
    const int most = std::atoi(setting(database, "acceptance_most").c_str());
    for (Problem& each :
         refused(standing, {to, act.by, act.role, act.reason, fields}, finding, act.now, std::chrono::days(most))) {
        if (std::find(problems.begin(), problems.end(), each) == problems.end() && !act.by.empty())
            problems.push_back(std::move(each));
    }
    if (to == "accepted" && setting(database, "four_eyes") == "yes") {
        const auto asked = standing.fields.find("requested_by");
        if (asked == standing.fields.end()) {
            problems.push_back({finding, "is accepted only after somebody asked for it (setting four_eyes)"});
        } else if (folded(asked->second) == folded(act.by)) {
            problems.push_back({finding, fmt::format("{} asked for it and cannot accept it (setting four_eyes)", act.by)});
        }
    }
    if (!problems.empty()) return problems;
    add_residual_band(standing, fields);
    fields["status"] = to;
    const bool decided = !open_status(to);
    fields["decided_at"] = decided ? rfc3339(act.now) : std::string();
    fields["accepted_by"] = to == "accepted" ? act.by : std::string();
    fields["requested_by"] = to == "acceptance_requested" ? act.by : std::string();
    if (to != "accepted") fields["accepted_until"] = "";
    if (to != "closed") fields["closure_reason"] = "";
    {
        Query row(database, "SELECT condition_hash, band FROM findings WHERE finding = ?");
        row.bind(finding);
        row.step();
        fields["decided_condition"] = decided ? row.text(0) : std::string();
        fields["accepted_band"] = to == "accepted" ? row.text(1) : std::string();
        const std::optional<RatingRow> rated = to == "accepted" ? rating_row(database, finding) : std::nullopt;
        fields["accepted_inherent"] = rated ? std::string(name(rated->rating.inherent)) : std::string();
        fields["accepted_residual"] = rated ? std::string(name(rated->rating.residual)) : std::string();
    }
    Json set = as_set(fields);
    for (auto at = set.members().begin(); at != set.members().end();) {
        // What was not there need not be taken away.
        at = at->second.is_null() && !standing.fields.contains(at->first) ? set.members().erase(at) : std::next(at);
    }
    EventChain chain(database, last_run(database), act.now);
    Json detail = by(act);
    detail["from"] = standing.status;
    const std::string_view event = to == "accepted" ? "accepted" : to == "closed" ? "closed" : "decided";
    const std::int64_t seq = put_act(database, chain, event, "finding", finding, std::move(detail), set);
    transaction.commit();
    return seq;
}

Result<std::int64_t> set_fields(Register& held, const std::string& kind, const std::string& subject, const WorkFields& said,
                                const Act& act) {
    constexpr std::array<std::string_view, 8> kinds = {"asset",   "finding", "measure",  "person",
                                                       "process", "site",    "supplier", "zone"};
    sql::Database& database = held.connection().database;
    // Written otherwise it is the same person.
    if (const std::string listed = kind == "person" ? person_listed(database, subject) : subject; listed != subject)
        return set_fields(held, kind, listed, said, act);
    sql::Transaction transaction(database);
    const std::string place = kind == "finding" || kind == "asset" || kind == "measure" ? subject : kind + ":" + subject;
    Problems problems;
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) return Problem{place, "is nothing that has fields"};
    if (kind == "finding" && !there_is_finding(database, subject)) return Problem{place, "there is no such finding"};
    if (kind == "asset" && !there_is(database, "SELECT 1 FROM assets WHERE uid = ? AND merged_into IS NULL", subject))
        return Problem{place, "there is no such asset"};
    if (kind == "measure" && !there_is(database, "SELECT 1 FROM work WHERE subject_kind = 'measure' AND subject = ?", subject))
        return Problem{place, "there is no such measure"};
    if (subject.empty()) return Problem{place, "has no name"};
    if (const std::string no = refused_text(subject, name_most); !no.empty()) return Problem{place, no};
    if (said.empty()) return Problem{place, "nothing is set: FIELD=VALUE"};
    // The first person named sets up the list; after that only who stands on it changes it.
    check_actor(database, act, place, problems, kind == "person");
    if (kind == "person" && act.role != "owner") problems.push_back({place, "only the owner says who may do what"});
    for (const auto& [field, value] : said) {
        const std::string no = refused_value(kind, field, value);
        if (!no.empty()) problems.push_back({place, fmt::format("{}: {}", field, no)});
    }
    // A list without an owner could never be changed again.
    if (kind == "person" && said.contains("role") && leaves_no_owner(database, subject, said.at("role")))
        problems.push_back({place, "then nobody would be owner: name an owner first (set person:NAME role=owner)"});
    if (!problems.empty()) return problems;
    WorkFields fields = said;
    if (kind == "finding") add_residual_band(standing_of(database, subject), fields);
    Json set = as_set(fields);
    const bool only_owner = fields.size() == 1 && fields.contains("owner");
    EventChain chain(database, last_run(database), act.now);
    const std::int64_t seq = put_act(database, chain, only_owner ? "assigned" : "set", kind, subject, by(act), set);
    transaction.commit();
    return seq;
}

Result<std::string> add_measure(Register& held, const std::string& finding, const WorkFields& said, const Act& act) {
    sql::Database& database = held.connection().database;
    sql::Transaction transaction(database);
    Problems problems;
    if (!there_is_finding(database, finding)) return Problem{finding, "there is no such finding"};
    check_actor(database, act, finding, problems, false);
    WorkFields fields = said;
    fields.try_emplace("state", "proposed");
    for (const auto& [field, value] : fields) {
        const std::string no = refused_value("measure", field, value);
        if (!no.empty()) problems.push_back({finding, fmt::format("{}: {}", field, no)});
    }
    if (!fields.contains("title") || fields["title"].empty())
        problems.push_back({finding, "a measure needs a title (title=TEXT)"});
    if (!problems.empty()) return problems;
    const std::string id = fmt::format("M-{}", database.number("SELECT coalesce(max(seq), 0) + 1 FROM events"));
    fields["finding"] = finding;
    EventChain chain(database, last_run(database), act.now);
    put_act(database, chain, "measured", "measure", id, by(act), as_set(fields));
    transaction.commit();
    return id;
}

std::string setting(const Register& held, std::string_view name) { return setting(held.connection().database, name); }

std::vector<std::pair<std::string, std::string>> settings_of(const Register& held) {
    std::vector<std::pair<std::string, std::string>> out;
    for (const char* name : {"acceptance_most", "four_eyes", "organisation", "retention", "tlp"})
        out.emplace_back(name, setting(held, name));
    return out;
}

Result<std::int64_t> put_setting(Register& held, const std::string& name, const std::string& value, const Act& act) {
    constexpr std::array<std::string_view, 5> labels = {"CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"};
    const auto days = [&](long least, long most) {
        char* end = nullptr;
        const long number = std::strtol(value.c_str(), &end, 10);
        return !value.empty() && *end == '\0' && number >= least && number <= most;
    };
    std::string no;
    if (name == "tlp") {
        if (std::find(labels.begin(), labels.end(), value) == labels.end())
            no = "is one of CLEAR, GREEN, AMBER, AMBER+STRICT, RED";
    } else if (name == "retention") {
        if (!days(0, 36500)) no = "is a number of days; 0: nothing is forgotten";
    } else if (name == "acceptance_most") {
        if (!days(1, 3650)) no = "is a number of days from 1 to 3650";
    } else if (name == "four_eyes") {
        if (value != "yes" && value != "no") no = "is yes or no";
    } else if (name != "organisation") {
        no = "is no setting; there are acceptance_most, four_eyes, organisation, retention, tlp";
    }
    sql::Database& database = held.connection().database;
    sql::Transaction transaction(database);
    const std::string place = "setting:" + name;
    Problems problems;
    if (no.empty()) no = refused_text(value, name_most);
    if (!no.empty()) problems.push_back({place, no});
    check_actor(database, act, place, problems, true);
    if (act.role != "owner") problems.push_back({place, "only the owner changes a setting"});
    if (!problems.empty()) return problems;
    EventChain chain(database, last_run(database), act.now);
    const std::int64_t seq = put_act(database, chain, "set", "setting", name, by(act), JsonObject{{"value", Json(value)}});
    transaction.commit();
    return seq;
}

std::uint64_t reopen_what_is_over(Register& held, Time now) {
    sql::Database& database = held.connection().database;
    sql::Transaction transaction(database);
    EventChain chain(database, last_run(database), now);
    const std::uint64_t count = reopen_what_is_over(database, chain, now);
    transaction.commit();
    return count;
}

}  // namespace herkomst
