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

constexpr const char* own_again = "it is one of its own again";

// Whether that asset, or the asset of that finding, is none of these uids; where there are none, nobody is a stranger.
bool is_strange(sql::Database& database, std::string_view kind, const std::string& thing, const std::set<std::string>& own) {
    if (own.empty()) return false;
    if (kind == "asset") return !own.contains(thing);
    Query subject(database, "SELECT subject_key FROM findings WHERE finding = ? AND subject_kind = 'asset'");
    subject.bind(thing);
    return subject.step() && !own.contains(subject.text(0));
}

// What stood at a thing before that event, without what came from others than `own`.
std::map<std::string, std::string> stood_before(sql::Database& database, std::string_view kind, const std::string& subject,
                                                std::int64_t event, const std::set<std::string>& own) {
    std::map<std::string, std::string> out;
    Query query(
        database,
        "SELECT detail, event FROM events WHERE subject_kind = ? AND subject = ? AND seq < ? AND detail LIKE '%\"set\"%' ORDER "
        "BY seq");
    query.bind(kind).bind(subject).bind(event);
    while (query.step()) {
        const Result<Json> read = parse_json(query.text(0), "events");
        if (!read) continue;
        const Json& detail = read.value();
        if (query.text(1) == "carried" && detail.has("from") && detail["because"].string() != own_again &&
            is_strange(database, kind, detail["from"].string(), own))
            continue;
        for (const auto& [field, value] : detail["set"].members()) {
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
    std::int64_t taken = 0;  // the last one on the way that set it at `to`; 0: everything stood there already
    std::map<std::string, std::string> set;
};

// One step of it: from a thing to whatever it was merged into, the first after that event.
struct Step {
    std::int64_t gone = 0;
    std::string to;
    std::int64_t taken = 0;
    std::map<std::string, std::string> set;
};
std::optional<Step> step_from(sql::Database& database, std::string_view kind, const std::string& from, std::int64_t after) {
    Step out;
    {
        Query last(
            database,
            "SELECT seq, detail ->> '$.to' FROM events WHERE subject_kind = ?1 AND subject = ?2 AND event = 'carried' AND "
            "detail <> '' AND detail ->> '$.to' IS NOT NULL AND detail ->> '$.because' IS NULL AND seq > ?3 ORDER BY seq "
            "LIMIT 1");
        last.bind(kind).bind(from).bind(after);
        if (!last.step()) return std::nullopt;
        out.gone = last.integer(0);
        out.to = last.text(1);
    }
    Query taken(database,
                "SELECT seq, detail FROM events WHERE subject_kind = ? AND subject = ? AND event = 'carried' AND seq = ? AND "
                "detail <> '' AND detail ->> '$.from' = ?");
    taken.bind(kind).bind(out.to).bind(out.gone - 1).bind(from);
    if (!taken.step()) return out;
    const Result<Json> read = parse_json(taken.text(1), "events");
    if (!read) return out;
    out.taken = taken.integer(0);
    for (const auto& [field, value] : read.value()["set"].members()) {
        if (!value.is_null()) out.set[field] = value.string();
    }
    return out;
}

// The carrying from one to the other that still stands, by way of whatever was merged in between; nothing when there was none,
// or it was taken back.
std::optional<Carrying> carrying(sql::Database& database, std::string_view kind, const std::string& from,
                                 const std::string& to) {
    std::int64_t split = 0;  // what was carried before that is back
    {
        Query last(
            database,
            "SELECT coalesce(max(seq), 0) FROM events WHERE subject_kind = ?1 AND subject = ?2 AND event = 'split' AND seq < "
            "(SELECT max(m.seq) FROM events m WHERE m.subject_kind = ?1 AND m.subject = ?2 AND m.event = 'merged')");
        last.bind(kind).bind(from);
        last.step();
        split = last.integer(0);
    }
    std::optional<Step> step = step_from(database, kind, from, split);
    if (!step) return std::nullopt;
    Carrying out{step->gone, step->taken, step->set};
    while (step->to != to) {
        const std::string at = step->to;
        step = step_from(database, kind, at, step->gone);
        if (!step) {
            // Somebody took all of it away where it had come to.
            out.taken = 0;
            out.set.clear();
            return out;
        }
        out.taken = step->taken;
        std::erase_if(out.set, [&](const auto& each) {
            const auto held = step->set.find(each.first);
            return held == step->set.end() || held->second != each.second;
        });
    }
    return out;
}

// What a merge carried from one to the other goes back. What people set at the other in the meantime stays there, where they
// see it; of a finding its decision and all that was carried with it, for half a decision is none.
void give_back_work(sql::Database& database, EventChain& chain, std::string_view kind, const std::string& whose,
                    const std::string& from, const std::set<std::string>& uids) {
    const std::optional<Carrying> was = carrying(database, kind, whose, from);
    if (!was) return;
    const Values here = values_of(database, kind, whose);
    const std::map<std::string, std::string> own = stood_before(database, kind, whose, was->gone, uids);
    Json back = Json::object();
    for (const auto& [field, value] : own) {
        if (!here.contains(field)) back[field] = value;
    }
    const Values there = values_of(database, kind, from);
    Json left = Json::object();
    bool decided_since = false;
    for (const auto& [field, value] : was->set) {
        const auto mine = own.find(field);
        if (mine == own.end() || mine->second != value) continue;
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

// The findings that a measure was at before it was carried to where it is now, the last first.
std::vector<std::string> came_from(sql::Database& database, const std::string& measure) {
    std::vector<std::string> out;
    Query steps(
        database,
        "SELECT event, coalesce(detail ->> '$.because', ''), coalesce(detail ->> '$.from', '') FROM events WHERE "
        "subject_kind = 'measure' AND subject = ? AND detail <> '' AND detail ->> '$.set.finding' IS NOT NULL ORDER BY seq "
        "DESC");
    steps.bind(measure);
    while (steps.step() && steps.text(0) == "carried" && steps.text(1) != own_again) out.push_back(steps.text(2));
    return out;
}

void give_back_measures(sql::Database& database, EventChain& chain, const std::string& finding, const std::string& from,
                        const std::set<std::string>& uids) {
    for (const std::string& measure : measures_of(database, from)) {
        const std::vector<std::string> way = came_from(database, measure);
        const auto here = std::find(way.begin(), way.end(), finding);
        const bool own = here != way.end() && std::none_of(here, way.end(), [&](const std::string& each) {
                             return is_strange(database, "finding", each, uids);
                         });
        if (!own) continue;
        put_act(database, chain, "carried", "measure", measure, JsonObject{{"from", Json(from)}, {"because", Json(own_again)}},
                JsonObject{{"finding", Json(finding)}});
    }
}

// A finding that only the merge made, of which no run and nobody said anything since.
bool only_made(sql::Database& database, const std::string& target, std::int64_t merged) {
    Query since(database,
                "SELECT 1 FROM events WHERE subject_kind = 'finding' AND subject = ? AND seq > ? AND event NOT IN ('carried', "
                "'merged', 'split') LIMIT 1");
    since.bind(target).bind(merged);
    if (since.step()) return false;
    Query work(database,
               "SELECT 1 FROM work WHERE (subject_kind = 'finding' AND subject = ?1) OR (subject_kind = 'measure' AND field = "
               "'finding' AND value = ?1) LIMIT 1");
    work.bind(target);
    return !work.step();
}

// The merges of a finding, one after the other, as far as one about that asset.
struct Merged {
    std::string into;
    std::int64_t event = 0;
    bool made = false;
};
std::vector<Merged> merges_of(sql::Database& database, const std::string& finding, const std::string& asset) {
    std::vector<Merged> out;
    std::set<std::string> passed;
    std::string at = finding;
    while (passed.insert(at).second) {
        Query query(
            database,
            "SELECT f.merged_into, e.seq, coalesce(e.detail ->> '$.made', 0), t.subject_key FROM findings f JOIN findings "
            "t ON t.finding = f.merged_into AND t.subject_kind = 'asset' JOIN events e ON e.seq = (SELECT max(m.seq) FROM "
            "events m WHERE m.subject_kind = 'finding' AND m.subject = f.finding AND m.event = 'merged') WHERE f.finding = "
            "? AND e.detail <> ''");
        query.bind(at);
        if (!query.step()) return {};
        out.push_back({query.text(0), query.integer(1), query.integer(2) != 0});
        if (query.text(3) == asset) return out;
        at = out.back().into;
    }
    return {};
}

// Whether there is this finding of an asset only because another's was carried to it.
bool made_by_stranger(sql::Database& database, const std::string& finding, const std::set<std::string>& own) {
    std::vector<std::string> into;
    {
        Query query(database, "SELECT finding FROM findings WHERE merged_into = ?");
        query.bind(finding);
        while (query.step()) into.push_back(query.text(0));
    }
    return std::any_of(into.begin(), into.end(), [&](const std::string& each) {
        Query made(
            database,
            "SELECT seq, coalesce(iif(detail = '', 0, detail ->> '$.made'), 0) FROM events WHERE subject_kind = 'finding' "
            "AND subject = ? AND event = 'merged' ORDER BY seq DESC LIMIT 1");
        made.bind(each);
        return made.step() && made.integer(1) != 0 && is_strange(database, "finding", each, own) &&
               only_made(database, finding, made.integer(0));
    });
}

// Findings of others that had come to where it was by way of this one stay there.
void leave_others(sql::Database& database, EventChain& chain, const std::string& finding, const std::vector<Merged>& way,
                  const std::set<std::string>& own) {
    if (own.empty()) return;
    std::vector<std::pair<std::string, bool>> others;
    {
        Query query(
            database,
            "SELECT f.finding, coalesce(iif(e.detail = '', 0, e.detail ->> '$.made'), 0) FROM findings f JOIN events e ON "
            "e.seq = (SELECT max(m.seq) FROM events m WHERE m.subject_kind = 'finding' AND m.subject = f.finding AND "
            "m.event = 'merged') WHERE f.merged_into = ? ORDER BY f.finding");
        query.bind(finding);
        while (query.step()) others.emplace_back(query.text(0), query.integer(1) != 0);
    }
    for (const auto& [other, made] : others) {
        if (!is_strange(database, "finding", other, own)) continue;
        Json detail = JsonObject{{"into", Json(way.back().into)}};
        if (made && std::all_of(way.begin(), way.end(), [](const Merged& each) { return each.made; })) detail["made"] = true;
        Query(database, "UPDATE findings SET merged_into = ? WHERE finding = ?").bind(way.back().into).bind(other).run();
        chain.add("merged", "finding", other, detail);
    }
}

}  // namespace

void carry_asset(sql::Database& database, EventChain& chain, const std::string& younger, const std::string& older) {
    carry_work(database, chain, "asset", younger, older);
    carry_findings(database, chain, younger, older);
}

void give_back(sql::Database& database, EventChain& chain, const std::string& uid, const std::string& from,
               const std::set<std::string>& own) {
    give_back_work(database, chain, "asset", uid, from, own);
    std::vector<std::string> findings;
    {
        Query query(database,
                    "SELECT finding FROM findings WHERE subject_kind = 'asset' AND subject_key = ? AND merged_into IS NOT NULL "
                    "ORDER BY finding");
        query.bind(uid);
        while (query.step()) findings.push_back(query.text(0));
    }
    for (const std::string& finding : findings) {
        const std::vector<Merged> way = merges_of(database, finding, from);
        if (way.empty() || made_by_stranger(database, finding, own)) continue;
        const std::string& into = way.back().into;
        Query(database, "UPDATE findings SET merged_into = NULL WHERE finding = ?").bind(finding).run();
        chain.add("split", "finding", finding, JsonObject{{"from", Json(into)}});
        give_back_work(database, chain, "finding", finding, into, own);
        give_back_measures(database, chain, finding, into, own);
        leave_others(database, chain, finding, way, own);
        for (const Merged& each : way) {
            if (!each.made || !only_made(database, each.into, each.event)) break;
            Query(database, "UPDATE findings SET merged_into = ? WHERE finding = ?").bind(finding).bind(each.into).run();
            chain.add("merged", "finding", each.into, JsonObject{{"into", Json(finding)}});
        }
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
