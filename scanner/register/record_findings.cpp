// What a run found, and what it did not find any more.
#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "assess/rated.h"
#include "assess/refutes.h"
#include "core/hash.h"
#include "core/lines.h"
#include "register/rating_rows.h"
#include "register/recorder.h"
#include "vendordb/vendordb.h"

namespace herkomst {

using sql::Query;

std::string condition_of(std::string_view verdict, std::string_view band, std::string_view facts, std::string_view missing,
                         std::string_view rule_hash) {
    return sha256(fmt::format("{}\n{}\n{}\n{}\n{}", verdict, band, facts, missing, rule_hash)).substr(0, 16);
}

std::string_view Recorder::name_of(Cause cause) {
    switch (cause) {
        case Cause::Network:
            return "network";
        case Cause::Knowledge:
            return "knowledge";
        case Cause::People:
            return "people";
        case Cause::Ended:
            return "time";
        case Cause::NetworkAndPeople:
            return "network and people";
        case Cause::NetworkAndKnowledge:
            break;
    }
    return "network and knowledge";
}

Json Recorder::because_of(Cause cause) {
    Json out = Json::object();
    if (cause != Cause::Network) out["cause"] = name_of(cause);
    return out;
}

void Recorder::put_rules() {
    if (run_.policies == nullptr) return;
    Query insert(database_, "INSERT OR IGNORE INTO rules VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    for (const PolicyPacks::RuleSummary& rule : run_.policies->rules()) {
        insert.bind(rule.id)
            .bind(rule.hash)
            .bind(rule.policy)
            .bind(std::int64_t{rule.version})
            .bind(rule.over)
            .bind(rule.when)
            .bind(rule.likelihood)
            .bind(rule.impact)
            .run();
    }
}

Texts Recorder::called(const FindingSubject& subject) const {
    if (subject.kind == "asset") {
        const auto found = labels_.find(subject.key);
        return found == labels_.end() ? Texts{subject.key, subject.key} : Texts{found->second, found->second};
    }
    for (const Group& group : run_.assessment->groups) {
        if (group.kind == subject.kind && group.key == subject.key) return group.title;
    }
    return {subject.key, subject.key};
}

// Why a finding is another one than before: because something else was heard, or because we know more about what was heard.
// `subject` as the register calls it.
Recorder::Cause Recorder::cause_of(const FindingSubject& subject) const {
    const bool anew = subject.kind == "asset" ? heard_anew_.contains(subject.key) : !no_asset_anew_;
    if (same_sources_ || !anew) {
        if (!same_data_) return Cause::Knowledge;
        if (!same_people_) return Cause::People;
        if (answered_ || answers_ended_) return by_people_or_time(false);
        return Cause::Network;  // what others said, or paths
    }
    if (!same_data_) return Cause::NetworkAndKnowledge;
    const bool told = subject.kind == "asset" ? told_of_.contains(subject.key) : !told_of_.empty();
    return told ? Cause::NetworkAndPeople : Cause::Network;
}

// Why there is an asset that was not there, or one is two or two are one.
Recorder::Cause Recorder::cause_of_identity(std::string_view uid) const {
    if (told_of_.contains(std::string(uid))) return Cause::People;
    if (!same_sources_) return Cause::Network;
    if (!same_data_) return Cause::Knowledge;
    return same_people_ ? Cause::Network : Cause::People;
}

// Why something is not there: of an asset of which everything was read again, who told it one with another, or our data.
Recorder::Cause Recorder::cause_of_absence(const FindingSubject& subject) {
    if (subject.kind != "asset") return cause_of(subject);
    const auto whole = whole_assets().find(subject.key);
    return whole != whole_assets().end() && whole->second ? cause_of_identity(subject.key) : Cause::Network;
}

// What people answered is otherwise: somebody said so, or the time of an answer is over. `only_less`: nothing is said that was
// not said before.
Recorder::Cause Recorder::by_people_or_time(bool only_less) const {
    return answers_ended_ && (only_less || !answered_) ? Cause::Ended : Cause::People;
}

// Whether only facts differ that people answer, or that follow from those, and what is answered is otherwise.
std::optional<Recorder::Cause> Recorder::by_answers(const Facts& before, const Facts& now) const {
    if (!answered_ && !answers_ended_) return std::nullopt;
    static const std::set<std::string, std::less<>> answerable = [] {
        std::set<std::string, std::less<>> out;
        for (const auto table : {fact_columns(), group_columns()}) {
            for (const FactColumn& column : table) {
                const bool of_country = column.name.starts_with("maintenance_") || column.name.starts_with("development_") ||
                                        column.name.starts_with("satellite_");
                if (of_country || column.from.find("answer") != std::string_view::npos) out.emplace(column.name);
            }
        }
        return out;
    }();
    bool any = false;
    bool only_less = true;
    for (const auto* facts : {&before, &now}) {
        for (const auto& [fact, value] : *facts) {
            const auto there = before.find(fact);
            const auto here = now.find(fact);
            const Json was = there == before.end() ? Json() : there->second;
            const Json is = here == now.end() ? Json() : here->second;
            if (was == is) continue;
            any = true;
            only_less = only_less && is.is_null();
            if (!answerable.contains(fact)) return std::nullopt;
        }
    }
    if (!any) return std::nullopt;
    return by_people_or_time(only_less);
}

// When it was last seen on the network; inventories have no times, so then it is the run's.
Time Recorder::last_seen(const FindingSubject& subject) const {
    Time last{};
    if (const auto found = asset_at_.find(subject.key); subject.kind == "asset" && found != asset_at_.end()) {
        last = found->second->seen.last;
    } else {
        for (const RunSource& source : run_.sources) last = std::max(last, source.last);
    }
    return last == Time{} ? run_.now : last;
}

namespace {

Facts facts_at(const std::string& json) {
    Facts out;
    if (const Result<Json> read = parse_json(json, "findings")) {
        for (const auto& [fact, value] : read.value().members()) out[fact] = value;
    }
    return out;
}

// What the rule read otherwise than before.
void put_changed(Json& detail, const Facts& before, const Finding& finding) {
    Json changed = Json::object();
    const auto compare = [&](const std::string& fact) {
        const auto found = finding.facts.find(fact);
        const Json now = found == finding.facts.end() ? Json() : found->second;
        if (!(fact_of(before, fact) == now)) changed[fact] = JsonArray{fact_of(before, fact), now};
    };
    for (const auto& each : before) compare(each.first);
    for (const auto& each : finding.facts) compare(each.first);
    if (!changed.members().empty()) detail["changed"] = std::move(changed);
}

Json parsed_list(const std::string& json) {
    Result<Json> list = parse_json(json, "findings");
    return list ? std::move(list.value()) : Json::array();
}

// Of today's facts those that a finding read.
Facts of_finding(const std::string& json, const Facts& now) {
    Facts out = facts_at(json);
    for (auto& [fact, value] : out) {
        const auto found = now.find(fact);
        value = found == now.end() ? Json() : found->second;
    }
    return out;
}

// From what to what, where it differs.
Json rating_change(const Rating& before, const Rating& now) {
    Json out = Json::object();
    const auto put = [&](const char* what, const Json& from, const Json& to) {
        if (!(from == to)) out[what] = JsonArray{from, to};
    };
    put("criteria", before.criteria, now.criteria);
    put("inherent", name(before.inherent), name(now.inherent));
    put("residual", name(before.residual), name(now.residual));
    put("inputs_known", std::uint64_t{before.known}, std::uint64_t{now.known});
    return out;
}

// Which band leads now, and whose: that changes when people answer enough, or too much of what they said has ended, without
// anything being otherwise on the network.
void put_leading(Json& out, std::string_view rule_before, const Rating& before, Band rule, const Rating& now) {
    Band was = Band::Low;
    for (const Band band : {Band::Low, Band::Medium, Band::High, Band::Critical}) {
        if (name(band) == rule_before) was = band;
    }
    const std::string_view from = name(leading_band(was, before));
    const std::string_view to = name(leading_band(rule, now));
    if (from != to) out["leading"] = JsonArray{Json(from), Json(to)};
    if (leads(before) != leads(now)) out["leads"] = JsonArray{Json(name(leads(before))), Json(name(leads(now)))};
}

}  // namespace

// Without criteria of its own a run goes by the rating that the register holds.
Sight Recorder::sight_of(const std::string& id, const Finding& finding, const std::optional<Rating>& rating,
                         const std::string& condition, const FindingSubject& subject) {
    Sight out{std::string(name(finding.band)), "", "", condition, last_seen(subject)};
    std::optional<Rating> now = rating;
    if (!run_.rate) {
        if (auto held = rating_row(database_, id)) now = std::move(held->rating);
    }
    if (!now) return out;
    out.inherent = name(now->inherent);
    out.residual = name(now->residual);
    return out;
}

void Recorder::put_findings() {
    for (const Finding& finding : run_.assessment->findings) put_finding(finding);
}

void Recorder::put_finding(const Finding& finding) {
    const Texts subject_called = called(finding.subject);
    FindingSubject subject = finding.subject;
    if (subject.kind == "asset") {
        const auto uid = uids_.find(subject.key);
        if (uid == uids_.end()) throw std::runtime_error("a finding is about an asset that is not in this run");
        subject.key = uid->second;
    }
    const std::string id = finding_id(finding.rule, subject);
    const std::string facts = json_object(finding.facts);
    const std::string missing = json_list(finding.missing);
    const std::string condition = condition_of(name(finding.verdict), name(finding.band), facts, missing, finding.rule_hash);
    Json evidence = Json::array();
    for (const Evidence& one : finding.evidence) evidence.push(to_json(one));
    Json literature = Json::array();
    for (const Reference& one : finding.references) {
        Json title(one.title.en);
        if (one.title.nl != one.title.en) title = JsonObject{{"nl", Json(one.title.nl)}, {"en", Json(one.title.en)}};
        literature.push(JsonObject{{"title", std::move(title)}, {"address", Json(one.address)}});
    }

    std::optional<Rating> rating;
    std::string rated;  // its name; empty: there is none
    if (run_.rate && finding.verdict == Ruling::Open) {
        rating.emplace();
        if (run_.rate(finding, *rating)) {
            rated = rating_digest(*rating);
        } else {
            rating.reset();
        }
    }
    const std::optional<RatingRow> rated_before = run_.rate && !first_run_ ? rating_row(database_, id) : std::nullopt;
    const bool rated_anew = run_.rate && rated != (rated_before ? rating_digest(rated_before->rating) : std::string());

    std::string what;
    std::string band_before;
    Json detail = Json::object();
    Json set = Json::object();
    std::int64_t last_event = 0;
    std::int64_t former_run = 0;
    const std::string_view observation = seen_as(subject);
    if (observation != "observed") detail["seen_as"] = observation;
    {
        Query held(
            database_,
            "SELECT condition_hash, verdict, band, observation, merged_into, last_event, facts, last_run, missing, rule_hash "
            "FROM findings WHERE finding = ?");
        held.bind(id);
        if (!held.step()) {
            what = "opened";
            detail["verdict"] = name(finding.verdict);
            detail["band"] = name(finding.band);
            if (!first_run_) detail["cause"] = name_of(cause_of(subject));
            ++receipt_.opened;
        } else {
            last_event = held.integer(5);
            former_run = held.integer(7);
            band_before = held.text(2);
            const Standing standing = standing_of(database_, id);
            const std::string why =
                held.null(4) ? reopens(standing, sight_of(id, finding, rating, condition, subject)) : why_again(held.text(4));
            const bool other = held.text(0) != condition;
            const bool gone = held.text(3) == "not_observed" || held.text(3) == "refuted";
            const bool back = gone || (held.text(3) == "imported_only" && observation == "observed");
            const std::optional<Cause> answered =
                by_answers(facts_at(held.text(6)), {finding.facts.begin(), finding.facts.end()});
            const std::string_view cause = name_of(answered.value_or(cause_of(subject)));
            if (other) {
                detail["verdict"] = JsonArray{Json(held.text(1)), Json(name(finding.verdict))};
                detail["band"] = JsonArray{Json(held.text(2)), Json(name(finding.band))};
                put_changed(detail, facts_at(held.text(6)), finding);
                if (held.text(8) != missing) detail["lacks"] = JsonArray{parsed_list(held.text(8)), parsed_list(missing)};
                if (held.text(9) != finding.rule_hash) detail["rule_changed"] = true;
            }
            if (back) detail["observation"] = JsonArray{Json(held.text(3)), Json(observation)};
            if (other || back) detail["cause"] = cause;
            if (!why.empty()) {
                what = "reopened";
                detail["because"] = why;
                if (held.null(4)) set["status"] = "assessed";
                const bool by_rating = standing.status == "accepted" && rated_anew && !other && !back;
                detail["cause"] = by_rating ? name_of(rated_by(rated_before, rating, subject)) : cause;
                ++receipt_.reopened;
            } else if (other || back) {
                what = "changed";
                ++receipt_.changed;
            } else {
                what = "seen_again";
                ++receipt_.seen_again;
            }
        }
    }
    note_for_carrying(finding, subject, id, former_run);
    if (rated_anew) {
        detail["rated"] = rated;
        if (rated_before && rating) {
            detail["rating"] = rating_change(rated_before->rating, *rating);
            put_leading(detail["rating"], band_before, rated_before->rating, finding.band, *rating);
        }
        if (what == "seen_again") {
            what = "rated";
            detail["cause"] = name_of(rated_by(rated_before, rating, subject));
            ++receipt_.rated;
        }
    }
    if (what != "seen_again") {
        detail["condition"] = condition;
        last_event = put_act(database_, *chain_, what, "finding", id, std::move(detail), set);
    } else if (!run_.one_of_many) {
        chain_->add(what, "finding", id, detail);
    }
    if (edited_) {
        // Another row must not stand where this one belongs.
        Query(database_, "DELETE FROM findings WHERE rule = ?1 AND subject_kind = ?2 AND subject_key = ?3 AND finding <> ?4")
            .bind(finding.rule)
            .bind(subject.kind)
            .bind(subject.key)
            .bind(id)
            .run();
    }
    Query(database_,
          "INSERT INTO findings VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, "
          "?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?26, ?28, 0, NULL, ?27) ON CONFLICT (finding) DO UPDATE SET policy = "
          "?2, rule = ?3, version = ?4, subject_kind = ?6, subject_key = ?7, "
          "rule_hash = ?5, subject_nl = ?8, subject_en = ?9, verdict = ?10, band = ?11, likelihood = ?12, impact = ?13, "
          "missing = ?14, title_nl = ?15, title_en = ?16, because_nl = ?17, because_en = ?18, advice_nl = ?19, "
          "advice_en = ?20, consideration = ?21, literature = ?22, facts = ?23, evidence = ?24, condition_hash = ?25, "
          "last_run = ?26, observation = ?28, missed = 0, merged_into = NULL, last_event = ?27")
        .bind(id)
        .bind(finding.policy)
        .bind(finding.rule)
        .bind(std::int64_t{finding.version})
        .bind(finding.rule_hash)
        .bind(subject.kind)
        .bind(subject.key)
        .bind(subject_called.nl)
        .bind(subject_called.en)
        .bind(name(finding.verdict))
        .bind(name(finding.band))
        .bind(std::int64_t{finding.likelihood})
        .bind(std::int64_t{finding.impact})
        .bind(missing)
        .bind(finding.title.nl)
        .bind(finding.title.en)
        .bind(finding.because.nl)
        .bind(finding.because.en)
        .bind(finding.advice.nl)
        .bind(finding.advice.en)
        .bind(finding.consideration)
        .bind(write_json(literature))
        .bind(facts)
        .bind(write_json(evidence))
        .bind(condition)
        .bind(receipt_.run)
        .bind(last_event)
        .bind(observation)
        .run();
    if (!rated_anew) return;
    if (rating) {
        put_rating(database_, id, *rating, receipt_.run, last_event);
    } else {
        take_rating(database_, id);
    }
}

// Other criteria are knowledge; an answer is of people, and that it has ended is of time.
Recorder::Cause Recorder::rated_by(const std::optional<RatingRow>& before, const std::optional<Rating>& now,
                                   const FindingSubject& subject) const {
    if (!before || !now || before->rating.criteria != now->criteria) return Cause::Knowledge;
    const bool other_measures = before->rating.by_measures != now->by_measures;
    if (other_measures && measured_) return Cause::People;
    if (!people_differ(before->rating, *now)) {
        // The same answers and measures, which mean something else now.
        return other_measures && before->rating.inputs == now->inputs ? Cause::Knowledge : cause_of(subject);
    }
    return by_people_or_time(people_only_left(before->rating, *now));
}

std::string Recorder::why_again(const std::string& into) {
    Query query(database_, "SELECT subject_kind FROM findings WHERE finding = ?");
    query.bind(into);
    const bool moved = query.step() && query.text(0) != "asset";
    return moved ? "it is about the asset itself again" : "its asset is one of its own again";
}

void Recorder::observe(const std::string& finding, std::string_view now, Json detail) {
    std::string before;
    bool question = false;
    {
        Query held(database_, "SELECT observation, verdict = 'question' FROM findings WHERE finding = ?");
        held.bind(finding);
        if (!held.step()) return;
        before = held.text(0);
        question = held.integer(1) != 0;
    }
    // A run that could not tell takes nothing back.
    if (now == "out_of_scope" && before != "observed") return;
    const bool gone = now != "out_of_scope";
    Query(database_, "UPDATE findings SET observation = ?, missed = missed + ? WHERE finding = ?")
        .bind(now)
        .bind(std::int64_t{gone})
        .bind(finding)
        .run();
    if (before == now || !gone) return;
    detail["observation"] = JsonArray{Json(before), Json(now)};
    chain_->add(now, "finding", finding, detail);
    ++(now == "refuted" ? receipt_.refuted : receipt_.not_observed);
    if (now == "refuted" && question) ++receipt_.refuted_questions;
}

// What was concluded (no source) and what people said is made anew by every run: it is nothing that was left unread.
const std::map<std::string, bool>& Recorder::whole_assets() {
    if (whole_) return *whole_;
    std::set<std::string> here;
    for (const RunSource& source : run_.sources) here.insert(source.id);
    whole_.emplace();
    Query rests(database_,
                "SELECT DISTINCT c.uid, c.source FROM claims c JOIN assets a ON a.uid = c.uid "
                "WHERE a.merged_into IS NULL AND a.site = ? AND c.source <> '' AND c.source NOT LIKE 'assertion:%'");
    rests.bind(run_.site);
    while (rests.step()) {
        const bool read = !run_.one_of_many && here.contains(rests.text(1));
        const auto [at, fresh] = whole_->emplace(rests.text(0), read);
        if (!fresh) at->second = at->second && read;
    }
    return *whole_;
}

// Findings that this run does not have. "Not found this time" is no reason to call one refuted: a rule is also false where it
// asks for what is known, and a smaller capture knows less. So either everything that the register knows of the subject was
// read in this run, or the rule is false even with what was known before in place of what is not known any more.
void Recorder::look_again() {
    struct Rest {
        std::string rule;
        FindingSubject subject;
    };
    std::map<std::string, Rest> rest;
    {
        Query query(database_,
                    "SELECT finding, rule, subject_kind, subject_key FROM findings WHERE merged_into IS NULL AND last_run < ?");
        query.bind(receipt_.run);
        while (query.step()) rest[query.text(0)] = {query.text(1), {query.text(2), query.text(3)}};
    }
    if (rest.empty()) return;
    const std::map<std::string, bool>& whole = whole_assets();
    const bool all_whole =
        !run_.one_of_many && std::all_of(whole.begin(), whole.end(), [](const auto& each) { return each.second; });
    // Few findings are looked for among very many rows that their rules are false of.
    std::map<std::string, std::vector<std::uint32_t>> rows_of;  // uid
    for (const auto& [id, held] : rest) {
        if (held.subject.kind == "asset") rows_of.try_emplace(held.subject.key);
    }
    for (const auto& [key, uid] : uids_) {
        const auto wanted = rows_of.find(uid);
        if (wanted == rows_of.end()) continue;
        if (const auto row = run_.assessment->facts.row_of(key)) wanted->second.push_back(static_cast<std::uint32_t>(*row));
    }
    std::map<FindingSubject, std::uint32_t> group_at;
    for (std::size_t i = 0; i < run_.assessment->groups.size(); ++i) {
        const Group& group = run_.assessment->groups[i];
        group_at[{group.kind, group.key}] = static_cast<std::uint32_t>(i);
    }
    struct Candidate {
        const Refuted* rule;
        std::uint32_t row;
        const std::string* id;
        bool operator<(const Candidate& other) const { return std::tie(rule, row) < std::tie(other.rule, other.row); }
    };
    std::vector<Candidate> candidates;  // in the order of `refuted`
    std::map<std::string_view, std::vector<const Refuted*>> refuted_by;
    for (const Refuted& rule : run_.assessment->refuted) refuted_by[rule.rule].push_back(&rule);
    for (const auto& [id, held] : rest) {
        const auto rules = refuted_by.find(held.rule);
        if (rules == refuted_by.end() || id != finding_id(held.rule, held.subject)) continue;
        for (const Refuted* rule : rules->second) {
            if (!rule->over_groups && held.subject.kind == "asset") {
                for (const std::uint32_t row : rows_of.at(held.subject.key)) {
                    if (rule->rows.contains(row)) candidates.push_back({rule, row, &id});
                }
            } else if (const auto at = group_at.find(held.subject); rule->over_groups && at != group_at.end()) {
                if (rule->rows.contains(at->second)) candidates.push_back({rule, at->second, &id});
            }
        }
    }
    std::sort(candidates.begin(), candidates.end());
    std::set<std::string> done;
    for (const Candidate& one : candidates) {
        const std::string& uid = rest.at(*one.id).subject.key;
        const bool everything = one.rule->over_groups ? all_whole : whole.contains(uid) && whole.at(uid);
        if (!done.contains(*one.id) && refute(*one.rule, *one.id, one.row, everything)) done.insert(*one.id);
    }
    for (const std::string& id : done) rest.erase(id);
    // An interval in a row of them is too short to miss anything.
    if (run_.one_of_many) return;
    std::set<std::string> missed;
    {
        Query query(database_, "SELECT uid FROM assets WHERE site = ? AND merged_into IS NULL AND last_run < ?");
        query.bind(run_.site).bind(receipt_.run);
        while (query.step()) missed.insert(query.text(0));
    }
    for (const auto& [id, held] : rest) {
        std::string_view now = "out_of_scope";
        if (held.subject.kind == "asset") {
            if (missed.contains(held.subject.key)) {
                std::set<std::string> addresses;
                Query query(database_, "SELECT value FROM identifiers WHERE uid = ? AND kind = 'ip'");
                query.bind(held.subject.key);
                while (query.step()) addresses.insert(query.text(0));
                const std::set<std::string> lived = networks_of(addresses);
                const bool looked =
                    std::any_of(lived.begin(), lived.end(), [&](const std::string& n) { return networks_.contains(n); });
                if (looked) now = "not_observed";
            }
        } else if (all_whole && missed.empty()) {
            now = "not_observed";
        }
        observe(id, now, now == "not_observed" ? because_of(cause_of_absence(held.subject)) : Json::object());
    }
}

bool Recorder::refute(const Refuted& rule, const std::string& id, std::uint32_t row, bool whole) {
    std::string held_facts;
    std::string held_hash;
    bool was_asked =
        false;  // of a supplier or the site: its facts are those of the assets, so the group's do not show what changed
    {
        Query held(database_, "SELECT facts, rule_hash, last_run, verdict FROM findings WHERE finding = ?");
        held.bind(id);
        if (!held.step()) return false;
        held_facts = held.text(0);
        held_hash = held.text(1);
        was_asked = rule.over_groups && held.text(3) == "question";
        if (rule.over_groups) {
            // A sum may be smaller because fewer were seen.
            if (!whole) return false;
            Query missed(database_,
                         "SELECT 1 FROM assets WHERE merged_into IS NULL AND site = ? AND last_run >= ? AND last_run < ?");
            missed.bind(run_.site).bind(held.integer(2)).bind(receipt_.run);
            if (missed.step()) return false;
        }
    }
    const Facts now = rule.over_groups ? run_.assessment->groups[row].facts : run_.assessment->facts[row].facts;
    const Result<Json> then = parse_json(held_facts, "findings");
    if (!then) return false;
    Json changed = Json::object();
    Facts remembered = now;
    for (const auto& [fact, before] : then.value().members()) {
        const auto found = now.find(fact);
        const Json after = found == now.end() ? Json() : found->second;
        if (after == before) continue;
        const bool seen_no_more = (fact == "plant_protocol" || fact == "maker_contested") && after.integer() == 0;
        if (after.is_null() || seen_no_more) remembered[fact] = before;
        // That the supplier has no such column makes nothing of its assets unknown, and it is called otherwise than they are.
        if (was_asked && (found == now.end() || fact == "label")) continue;
        changed[fact] = JsonArray{before, after};
    }
    if (!whole && (run_.policies == nullptr || !refutes(*run_.policies, rule.rule, remembered))) return false;
    const bool other_rule = held_hash != rule.rule_hash;
    if (changed.members().empty() && !other_rule && !was_asked) return false;
    Json detail = Json::object();
    detail["because"] = other_rule ? "the rule was changed and is false" : "the rule is false now";
    if (!changed.members().empty()) detail["changed"] = std::move(changed);
    const FindingSubject subject = rule.over_groups
                                       ? FindingSubject{run_.assessment->groups[row].kind, run_.assessment->groups[row].key}
                                       : FindingSubject{"asset", uids_.at(run_.assessment->facts.asset(row))};
    const std::optional<Cause> answered = by_answers(facts_at(held_facts), of_finding(held_facts, now));
    detail["cause"] = name_of(other_rule ? Cause::Knowledge : answered.value_or(cause_of(subject)));
    observe(id, "refuted", std::move(detail));
    return true;
}

void Recorder::put_sums() {
    database_.run("DELETE FROM sums");
    Query insert(database_, "INSERT INTO sums VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (const Group& group : run_.assessment->groups) {
        std::vector<std::string> members;
        for (const std::string& key : group.members) {
            const auto uid = uids_.find(key);
            if (uid != uids_.end()) members.push_back(uid->second);
        }
        std::sort(members.begin(), members.end());
        insert.bind(group.kind)
            .bind(group.key)
            .bind(group.title.nl)
            .bind(group.title.en)
            .bind(whole(group.assets))
            .bind(whole(group.power_assets))
            .bind(group.rated_power)
            .bind(whole(group.rated_power_unknown))
            .bind(whole(group.switchable_assets))
            .bind(group.switchable_power)
            .bind(whole(group.switchable_power_unknown))
            .bind(whole(group.switchable_maybe))
            .bind(json_object(group.facts))
            .bind(json_list(members))
            .run();
    }
}

void Recorder::put_coverage() {
    struct Sum {
        std::set<Endpoint> subjects;
        std::uint64_t count = 0;
    };
    std::map<std::pair<std::string, std::string>, Sum> sums;
    for (const Coverage& row : run_.coverage) {
        Sum& sum = sums[{row.asked, row.outcome}];
        if (row.subject.known()) sum.subjects.insert(row.subject);
        sum.count += row.count;
    }
    Query insert(database_, "INSERT INTO coverage VALUES (?, ?, ?, ?, ?)");
    for (const auto& [what, sum] : sums) {
        insert.bind(receipt_.run)
            .bind(what.first)
            .bind(what.second)
            .bind(whole(sum.subjects.size()))
            .bind(whole(sum.count))
            .run();
    }
}

}  // namespace herkomst
