// What people decided goes along: to the asset or finding that another turned out to be, back to what is one of its own again,
// and between a question and the findings that it becomes.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "register/acts.h"

namespace herkomst {

using sql::Query;

namespace {

struct Value {
    std::string value;
    std::int64_t event = 0;
    bool carried = false;  // from another thing; nobody set it here
};
using Values = std::map<std::string, Value>;

Values values_of(sql::Database& database, std::string_view kind, const std::string& subject) {
    Values out;
    Query query(
        database,
        "SELECT w.field, w.value, w.event, coalesce((SELECT e.event IN ('carried', 'moved') FROM events e WHERE e.seq = "
        "w.event), 0) FROM work w WHERE w.subject_kind = ? AND w.subject = ?");
    query.bind(kind).bind(subject);
    while (query.step()) out[query.text(0)] = {query.text(1), query.integer(2), query.integer(3) != 0};
    return out;
}

// Who decided, of what, until when: goes as a whole or not at all.
const std::set<std::string, std::less<>>& decision_fields() {
    static const std::set<std::string, std::less<>> fields = {"status",
                                                              "closure_reason",
                                                              "accepted_by",
                                                              "accepted_until",
                                                              "accepted_band",
                                                              "accepted_inherent",
                                                              "accepted_residual",
                                                              "decided_at",
                                                              "decided_condition",
                                                              "requested_by"};
    return fields;
}

std::vector<std::string> measures_of(sql::Database& database, const std::string& finding) {
    std::vector<std::string> out;
    Query query(database,
                "SELECT subject FROM work WHERE subject_kind = 'measure' AND field = 'finding' AND value = ? ORDER BY subject");
    query.bind(finding);
    while (query.step()) out.push_back(query.text(0));
    return out;
}

// The measures of one finding are another's too.
void carry_measures(sql::Database& database, EventChain& chain, const std::string& from, const std::string& to) {
    for (const std::string& measure : measures_of(database, from)) {
        put_act(database, chain, "carried", "measure", measure, JsonObject{{"from", Json(from)}},
                JsonObject{{"finding", Json(to)}});
    }
}

// What is done about a question for all of them is to be done, and reported on, at each.
bool copy_measures(sql::Database& database, EventChain& chain, const std::string& from, const std::string& to,
                   const Json& detail) {
    std::set<std::string> there;
    for (const std::string& measure : measures_of(database, to)) {
        const Values values = values_of(database, "measure", measure);
        if (const auto of = values.find("copy_of"); of != values.end()) there.insert(of->second.value);
    }
    bool any = false;
    for (const std::string& measure : measures_of(database, from)) {
        if (there.contains(measure)) continue;
        Json set = Json::object();
        for (const auto& [field, held] : values_of(database, "measure", measure)) set[field] = held.value;
        set["finding"] = to;
        set["copy_of"] = measure;
        Json about = detail;
        about["from"] = measure;
        const std::string id = fmt::format("M-{}", database.number("SELECT coalesce(max(seq), 0) + 1 FROM events"));
        put_act(database, chain, "carried", "measure", id, std::move(about), set);
        any = true;
    }
    return any;
}

// Findings of an asset that is another one now: what was found of both is one finding.
void carry_findings(sql::Database& database, EventChain& chain, const std::string& younger, const std::string& older) {
    std::vector<std::pair<std::string, std::string>> findings;  // finding, rule
    {
        Query query(
            database,
            "SELECT finding, rule FROM findings WHERE subject_kind = 'asset' AND subject_key = ? AND merged_into IS NULL "
            "ORDER BY finding");
        query.bind(younger);
        while (query.step()) findings.emplace_back(query.text(0), query.text(1));
    }
    for (const auto& [finding, rule] : findings) {
        const std::string target = finding_id(rule, {"asset", older});
        bool there = false;
        bool made = false;
        {
            Query query(database, "SELECT merged_into FROM findings WHERE finding = ?");
            query.bind(target);
            there = query.step();
            // Of a merge before, which was taken back.
            made = !there || query.text(0) == finding;
        }
        Json detail = JsonObject{{"into", Json(target)}};
        if (!there) {
            Query(
                database,
                "INSERT INTO findings SELECT ?1, policy, rule, version, rule_hash, subject_kind, ?2, subject_nl, subject_en, "
                "verdict, band, likelihood, impact, missing, title_nl, title_en, because_nl, because_en, advice_nl, advice_en, "
                "consideration, literature, facts, evidence, condition_hash, first_run, last_run, observation, missed, NULL, "
                "last_event FROM findings WHERE finding = ?3")
                .bind(target)
                .bind(older)
                .bind(finding)
                .run();
        } else if (made) {
            Query(database, "UPDATE findings SET merged_into = NULL WHERE finding = ?").bind(target).run();
        }
        if (made) detail["made"] = true;
        Query(database, "UPDATE findings SET merged_into = ? WHERE finding = ?").bind(target).bind(finding).run();
        chain.add("merged", "finding", finding, detail);
        carry_work(database, chain, "finding", finding, target);
        carry_measures(database, chain, finding, target);
    }
}

// What stood at a thing before that event.
std::map<std::string, std::string> stood_before(sql::Database& database, std::string_view kind, const std::string& subject,
                                                std::int64_t event) {
    std::map<std::string, std::string> out;
    Query query(
        database,
        "SELECT detail FROM events WHERE subject_kind = ? AND subject = ? AND seq < ? AND detail LIKE '%\"set\"%' ORDER "
        "BY seq");
    query.bind(kind).bind(subject).bind(event);
    while (query.step()) {
        const Result<Json> read = parse_json(query.text(0), "events");
        if (!read) continue;
        for (const auto& [field, value] : read.value()["set"].members()) {
            if (value.is_null()) {
                out.erase(field);
            } else {
                out[field] = value.string();
            }
        }
    }
    return out;
}

struct Carrying {
    std::int64_t gone = 0;   // the event at `from`
    std::int64_t taken = 0;  // the one at `to`; 0: everything stood there already
    Json set = Json::object();
};

// The carrying from one to the other that still stands; nothing when there was none, or it was taken back.
std::optional<Carrying> carrying(sql::Database& database, std::string_view kind, const std::string& from,
                                 const std::string& to) {
    Carrying out;
    {
        Query last(database,
                   "SELECT seq, detail ->> '$.to' FROM events WHERE subject_kind = ? AND subject = ? AND event = 'carried' AND "
                   "detail <> '' ORDER BY seq DESC LIMIT 1");
        last.bind(kind).bind(from);
        if (!last.step() || last.text(1) != to) return std::nullopt;
        out.gone = last.integer(0);
    }
    Query taken(database,
                "SELECT seq, detail FROM events WHERE subject_kind = ? AND subject = ? AND event = 'carried' AND seq = ? AND "
                "detail <> '' AND detail ->> '$.from' = ?");
    taken.bind(kind).bind(to).bind(out.gone - 1).bind(from);
    if (!taken.step()) return out;
    const Result<Json> read = parse_json(taken.text(1), "events");
    if (!read) return out;
    out.taken = taken.integer(0);
    out.set = read.value()["set"];
    return out;
}

constexpr const char* own_again = "it is one of its own again";

// What a merge carried from one to the other goes back. What people set at the other in the meantime stays there, where they
// see it; of a finding its decision and all that was carried with it, for half a decision is none.
void give_back_work(sql::Database& database, EventChain& chain, std::string_view kind, const std::string& whose,
                    const std::string& from) {
    const std::optional<Carrying> was = carrying(database, kind, whose, from);
    if (!was) return;
    const Values here = values_of(database, kind, whose);
    Json back = Json::object();
    for (const auto& [field, value] : stood_before(database, kind, whose, was->gone)) {
        if (!here.contains(field)) back[field] = value;
    }
    const Values there = values_of(database, kind, from);
    Json left = Json::object();
    bool decided_since = false;
    for (const auto& [field, value] : was->set.members()) {
        const auto held = there.find(field);
        const bool untouched = held != there.end() && held->second.event == was->taken;
        if (untouched) left[field] = Json();
        if (!untouched && field == "status") decided_since = true;
    }
    if (kind == "finding" && decided_since) left = Json::object();
    if (!left.members().empty())
        put_act(database, chain, "carried", kind, from, JsonObject{{"to", Json(whose)}, {"because", Json(own_again)}}, left);
    if (!back.members().empty())
        put_act(database, chain, "carried", kind, whose, JsonObject{{"from", Json(from)}, {"because", Json(own_again)}}, back);
}

void give_back_measures(sql::Database& database, EventChain& chain, const std::string& finding, const std::string& from) {
    for (const std::string& measure : measures_of(database, from)) {
        Query came(database,
                   "SELECT e.detail ->> '$.from' FROM work w JOIN events e ON e.seq = w.event AND e.event = 'carried' AND "
                   "e.detail <> '' WHERE w.subject_kind = 'measure' AND w.subject = ? AND w.field = 'finding'");
        came.bind(measure);
        if (!came.step() || came.text(0) != finding) continue;
        put_act(database, chain, "carried", "measure", measure, JsonObject{{"from", Json(from)}, {"because", Json(own_again)}},
                JsonObject{{"finding", Json(finding)}});
    }
}

// A finding that only the merge made, of which no run and nobody said anything since.
bool only_made(sql::Database& database, const std::string& target, std::int64_t merged) {
    Query since(
        database,
        "SELECT 1 FROM events WHERE subject_kind = 'finding' AND subject = ? AND seq > ? AND event <> 'carried' LIMIT 1");
    since.bind(target).bind(merged);
    if (since.step()) return false;
    Query work(database,
               "SELECT 1 FROM work WHERE (subject_kind = 'finding' AND subject = ?1) OR (subject_kind = 'measure' AND field = "
               "'finding' AND value = ?1) LIMIT 1");
    work.bind(target);
    return !work.step();
}

}  // namespace

void carry_asset(sql::Database& database, EventChain& chain, const std::string& younger, const std::string& older) {
    carry_work(database, chain, "asset", younger, older);
    carry_findings(database, chain, younger, older);
}

void give_back(sql::Database& database, EventChain& chain, const std::string& uid, const std::string& from) {
    give_back_work(database, chain, "asset", uid, from);
    struct Merged {
        std::string finding;
        std::string into;
        std::int64_t event = 0;
        bool made = false;
    };
    std::vector<Merged> findings;
    {
        Query query(
            database,
            "SELECT f.finding, f.merged_into, e.seq, e.detail ->> '$.made' FROM findings f JOIN findings t ON t.finding "
            "= f.merged_into AND t.subject_kind = 'asset' AND t.subject_key = ?2 JOIN events e ON e.seq = (SELECT "
            "max(m.seq) FROM events m WHERE m.subject_kind = 'finding' AND m.subject = f.finding AND m.event = "
            "'merged') WHERE f.subject_kind = 'asset' AND f.subject_key = ?1 AND e.detail <> '' ORDER BY f.finding");
        query.bind(uid).bind(from);
        while (query.step()) findings.push_back({query.text(0), query.text(1), query.integer(2), query.integer(3) != 0});
    }
    for (const Merged& one : findings) {
        Query(database, "UPDATE findings SET merged_into = NULL WHERE finding = ?").bind(one.finding).run();
        chain.add("split", "finding", one.finding, JsonObject{{"from", Json(one.into)}});
        give_back_work(database, chain, "finding", one.finding, one.into);
        give_back_measures(database, chain, one.finding, one.into);
        if (!one.made || !only_made(database, one.into, one.event)) continue;
        Query(database, "UPDATE findings SET merged_into = ? WHERE finding = ?").bind(one.finding).bind(one.into).run();
        chain.add("merged", "finding", one.into, JsonObject{{"into", Json(one.finding)}});
    }
}

void carry_work(sql::Database& database, EventChain& chain, std::string_view kind, const std::string& from,
                const std::string& to) {
    Json set = Json::object();
    Json gone = Json::object();
    const Values there = values_of(database, kind, to);
    for (const auto& [field, held] : values_of(database, kind, from)) {
        gone[field] = Json();
        if (!there.contains(field)) set[field] = held.value;
    }
    if (gone.members().empty()) return;
    if (kind == "finding" && !set.has("status")) {
        for (const std::string& field : decision_fields()) set.members().erase(field);
    }
    if (!set.members().empty()) put_act(database, chain, "carried", kind, to, JsonObject{{"from", Json(from)}}, set);
    put_act(database, chain, "carried", kind, from, JsonObject{{"to", Json(to)}}, gone);
}

bool copy_work(sql::Database& database, EventChain& chain, const std::string& from, const std::string& to, Copying what,
               Json detail) {
    const Values held = values_of(database, "finding", from);
    const Values there = values_of(database, "finding", to);
    const std::string status = held.contains("status") ? held.at("status").value : "new";
    // Who closed a question, or called it a false positive, has not done so with what it turned out to be. Who accepted it
    // accepted that it may be as bad as its band says; whether it became worse the caller tells.
    bool decision = open_status(status) || (status == "accepted" && what == Copying::ToFinding);
    if (there.contains("status") && !open_status(there.at("status").value)) decision = false;
    const auto given_way = [&](const std::string& field) {
        const auto own = there.find(field);
        const Value& offered = held.at(field);
        if (own == there.end()) return true;
        return own->second.value != offered.value && !offered.carried && offered.event > own->second.event;
    };
    decision = decision && held.contains("status") && given_way("status");
    Json set = Json::object();
    for (const auto& [field, value] : held) {
        if (decision_fields().contains(field)) {
            if (decision) set[field] = value.value;
            continue;
        }
        // A person's rating is of the one and not of the other.
        if (!field.starts_with("residual_") && given_way(field)) set[field] = value.value;
    }
    // What is done at one device is not being done for all that are asked about.
    const bool of_one = status == "treatment_planned" || status == "in_treatment" || status == "acceptance_requested";
    if (what == Copying::ToQuestion && set.has("status") && of_one) {
        set["status"] = "assessed";
        set.members().erase("requested_by");
    }
    bool any = false;
    if (!set.members().empty()) {
        Json about = detail;
        about["from"] = from;
        put_act(database, chain, "carried", "finding", to, std::move(about), set);
        any = true;
    }
    if (what == Copying::ToFinding && copy_measures(database, chain, from, to, detail)) any = true;
    if (any) {
        detail["to"] = to;
        chain.add("carried", "finding", from, detail);
    }
    return any;
}

void move_question(sql::Database& database, EventChain& chain, const std::string& from, const std::string& to, Json detail) {
    detail["to"] = to;
    chain.add("moved", "finding", from, detail);
    Query(database, "UPDATE findings SET merged_into = ? WHERE finding = ?").bind(to).bind(from).run();
    // Who accepted or closed it for one device did not do so for all of them.
    if (!open_status(standing_of(database, from).status)) return;
    Json set = Json::object();
    Json gone = Json::object();
    const Values there = values_of(database, "finding", to);
    for (const auto& [field, held] : values_of(database, "finding", from)) {
        if (there.contains(field)) continue;
        set[field] = held.value;
        gone[field] = Json();
    }
    if (!set.members().empty()) {
        put_act(database, chain, "carried", "finding", to, JsonObject{{"from", Json(from)}}, set);
        put_act(database, chain, "carried", "finding", from, JsonObject{{"to", Json(to)}}, gone);
    }
    carry_measures(database, chain, from, to);
}

}  // namespace herkomst
