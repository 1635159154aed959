// Answers, what they are kept under, and the facts they fill.
#include "assess/answers.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "assess/facts_table.h"
#include "assess/ways_out.h"
#include "core/text.h"

namespace herkomst {

namespace {

std::string supplier_of(const Facts& facts) {
    if (const std::string& maker = fact_of(facts, "maker").string(); !maker.empty()) return maker;
    const std::string folded_name = folded(fact_of(facts, "maker_name").string());
    return folded_name.empty() ? "" : "name:" + folded_name;
}

std::string product_of(const Facts& facts) {
    const std::string supplier = supplier_of(facts);
    const std::string model = folded(fact_of(facts, "model").string());
    return supplier.empty() || model.empty() ? "" : supplier + "/" + model;
}

bool is_one_of(const Json& value, const std::vector<Json>& list) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

// How much is said of a country, with a source: an offensive programme weighs more than a law that compels.
int weight_of(const VendorDb& vendors, std::string_view country) {
    const Jurisdiction* jurisdiction = vendors.jurisdiction(country);
    if (jurisdiction == nullptr) return 0;
    int weight = 0;
    for (const JurisdictionClaim& claim : jurisdiction->claims) {
        if (!claim.sourcing.counts()) continue;
        weight += claim.claim == "offensive_programme" ? 4 : claim.claim == "strained_relation" ? 2 : 1;
    }
    return weight;
}

// A code that nobody assigned, from before answers were held against a list, fills nothing.
Json one_country(std::string_view answer, bool worst, const AnswerScale& scale, const VendorDb* vendors) {
    const auto known = [&](std::string_view country) {
        return scale.names_country(country) || (vendors != nullptr && vendors->jurisdiction(country) != nullptr);
    };
    if (answer.find(',') == std::string_view::npos) return known(answer) ? Json(answer) : Json();
    if (!worst || vendors == nullptr) return {};
    std::string_view most;
    int weight = -1;
    for (const std::string_view country : split(answer, ',')) {
        if (!known(country)) return {};
        if (const int here = weight_of(*vendors, country); here > weight) {
            weight = here;
            most = country;
        }
    }
    return Json(most);
}

// What the answer makes of the fact; null: nothing.
Json filled_value(const Question::Fill& fill, const AnswerScale& scale, const std::string& answer, const VendorDb* vendors) {
    if (!fill.as_it_is) {
        const auto found = fill.values.find(answer);
        return found == fill.values.end() ? Json() : found->second;
    }
    switch (scale.kind) {
        case AnswerScale::Kind::Number: {
            std::int64_t number = 0;
            const auto [end, error] = std::from_chars(answer.data(), answer.data() + answer.size(), number);
            return error == std::errc() && end == answer.data() + answer.size() ? Json(number) : Json();
        }
        case AnswerScale::Kind::Countries:  // a fact names one country
            return one_country(answer, fill.worst_country, scale, vendors);
        default:
            return Json(answer);
    }
}

struct Candidate {
    const Question* question = nullptr;
    const GivenAnswer* answer = nullptr;
};

// These are 0 where no source of ours names the country, which is no "no" (columns.cpp): a person's answer takes its place.
bool no_source_says(std::string_view fact, const Json& known) {
    return (fact == "offensive_programme" || fact == "strained_relation") && known == Json(0);
}

// Questions whose answers can say anything about facts, with the answers that there are.
struct Telling {
    const Question* question = nullptr;
    const AnswerBook::ByPlace* answers = nullptr;
};
std::vector<Telling> telling(const Questionnaire& asked, const AnswerBook& book) {
    std::vector<Telling> out;
    for (const Question& question : asked.questions) {
        if (question.fills.empty() && question.contradicted_by.empty()) continue;
        if (const AnswerBook::ByPlace* answers = book.to(question.id)) out.push_back({&question, answers});
    }
    return out;
}

// What holds for the asset, the narrowest first.
std::vector<Candidate> holding(const std::vector<Telling>& questions, const AnswerSubject& subject, const Facts& facts,
                               Time now) {
    std::array<AnswerPlace, all_scopes.size()> places;
    for (const AnswerScope scope : all_scopes) places[static_cast<std::size_t>(scope)] = place_of(scope, subject, facts);
    const AnswerPlace own{AnswerScope::Asset, subject.uid};
    std::vector<Candidate> out;
    for (const auto& [question, answers] : questions) {
        auto found = answers->find(own);
        std::optional<AnswerPlace> place = places[static_cast<std::size_t>(question->scope)];
        while (found == answers->end() && place) {
            found = answers->find(*place);
            place = broader(*place, subject);
        }
        if (found != answers->end() && counts(*question, found->second, now)) out.push_back({question, &found->second});
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const Candidate& a, const Candidate& b) { return a.answer->scope > b.answer->scope; });
    return out;
}

void fill_row(FactsRow& row, const Facts& seen, const std::vector<Candidate>& candidates, const Questionnaire& asked,
              const VendorDb* vendors, std::vector<std::string>& filled, Answered& out) {
    for (const auto& [question, answer] : candidates) {
        const auto against = [&](const std::string& fact, const Json& known) {
            const bool said = std::any_of(out.contradictions.rbegin(), out.contradictions.rend(), [&](const Contradiction& c) {
                return c.asset == row.asset && c.fact == fact && c.answer.question == answer->question;
            });
            if (!said) out.contradictions.push_back({row.asset, fact, known, *answer});
        };
        bool overtaken = false;
        for (const Question::Conflict& conflict : question->contradicted_by) {
            const Json& known = fact_of(seen, conflict.fact);
            if (!contradicts(conflict, known, *answer)) continue;
            against(conflict.fact, known);
            overtaken = overtaken || conflict.later();
        }
        if (overtaken) continue;
        for (const Question::Fill& fill : question->fills) {
            const Json value = filled_value(fill, asked.scale_of(*question), answer->value, vendors);
            if (value.is_null()) continue;
            const Json& known = fact_of(row.facts, fill.fact);
            const bool nothing_said = no_source_says(fill.fact, known) && fact_of(seen, fill.fact) == known;
            if (known.is_null() || nothing_said) {
                row.facts[fill.fact] = value;
                filled.push_back(fill.fact);
            } else if (!(known == value)) {
                against(fill.fact, known);
            }
        }
    }
}

}  // namespace

bool contradicts(const Question::Conflict& conflict, const Json& known, const GivenAnswer& answer) {
    if (known.is_null() || (conflict.wide && answer.scope == AnswerScope::Asset)) return false;
    if (std::find(conflict.answers.begin(), conflict.answers.end(), answer.value) == conflict.answers.end()) return false;
    if (!conflict.later()) return is_one_of(known, conflict.is);
    // A date without a time of day stands for all of that day.
    const bool whole_day = answer.at == std::chrono::floor<std::chrono::days>(answer.at);
    const auto when = parse_rfc3339(known.string());
    return when && *when >= answer.at + (whole_day ? Nanoseconds(std::chrono::days(1)) : Nanoseconds(1));
}

bool says_no_source(std::string_view text) {
    constexpr std::array<std::string_view, 30> none = {
        "exit", "geen",   "geenbron", "geenidee", "help",    "hulp",     "idem",    "ja",       "na",  "nee",
        "neen", "nil",    "no",       "noidea",   "none",    "nosource", "nothing", "niets",    "nvt", "onbekend",
        "quit", "source", "bron",     "stop",     "stoppen", "tbd",      "unknown", "weetniet", "yes", "dontknow"};
    std::string letters;
    for (const char c : lower(text)) {
        const bool other_script = (static_cast<unsigned char>(c) & 0x80) != 0;
        if (other_script || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) letters += c;
    }
    return letters.size() < 2 || std::find(none.begin(), none.end(), letters) != none.end();
}

bool vouched_for(const GivenAnswer& answer) {
    return !says_no_source(answer.source) && !answer.source.starts_with(proposed_source);
}

bool counts(const Question& question, const GivenAnswer& answer, Time now) {
    return answer.holds(now) && !answer.unknown() && (!question.needs_source || vouched_for(answer));
}

Json to_json(const GivenAnswer& answer) {
    Json line = Json::object();
    line["type"] = "answer";
    line["question"] = answer.question;
    line["scope"] = name(answer.scope);
    line["key"] = answer.key;
    line["value"] = answer.value;
    line["by"] = answer.by;
    line["at"] = rfc3339(answer.at);
    line["expires"] = rfc3339(answer.expires);
    line["source"] = answer.source;
    if (!answer.note.empty()) line["note"] = answer.note;
    line["questionnaire"] = answer.questionnaire;
    if (!answer.proposed.empty()) line["proposed"] = answer.proposed;
    return line;
}

Result<GivenAnswer> answer_from(const Json& line, std::string_view place) {
    Problems problems;
    const auto wrong = [&](std::string_view member, std::string_view sentence) {
        problems.push_back({fmt::format("{}: /{}", place, member), std::string(sentence)});
    };
    GivenAnswer out;
    const auto text = [&](std::string_view member, std::string& into, bool needed) {
        if (!line[member].is_string() && (needed || !line[member].is_null())) wrong(member, "this is not a text");
        into = clean(line[member].string(), 2000);
        if (needed && into.empty()) wrong(member, "this is missing");
    };
    text("question", out.question, true);
    text("key", out.key, false);
    text("value", out.value, true);
    text("by", out.by, true);
    text("source", out.source, false);
    text("note", out.note, false);
    text("questionnaire", out.questionnaire, false);
    text("proposed", out.proposed, false);
    const auto scope = scope_named(line["scope"].string());
    if (!scope) wrong("scope", "there is no such scope");
    out.scope = scope.value_or(AnswerScope::Asset);
    const auto time = [&](std::string_view member, Time& into) {
        const auto read = parse_rfc3339(line[member].string());
        if (!read) wrong(member, "this is no time");
        into = read.value_or(Time{});
    };
    time("at", out.at);
    time("expires", out.expires);
    if (!problems.empty()) return problems;
    return out;
}

AnswerPlace place_of(AnswerScope scope, const AnswerSubject& subject, const Facts& facts) {
    std::string key;
    switch (scope) {
        case AnswerScope::Organisation:
            return {scope, ""};
        case AnswerScope::Site:
            return {scope, subject.site};
        case AnswerScope::Process:  // what is assigned to none belongs to the site
            if (subject.process.empty()) return {AnswerScope::Site, subject.site};
            return {scope, subject.process};
        case AnswerScope::Zone:
            if (subject.zone.empty()) return {AnswerScope::Site, subject.site};
            return {scope, subject.zone};
        case AnswerScope::Supplier:
            key = supplier_of(facts);
            break;
        case AnswerScope::Operator:
            key = fact_of(facts, "cloud_operator").string();
            break;
        case AnswerScope::Product:
            key = product_of(facts);
            break;
        case AnswerScope::Asset:
            break;
    }
    if (key.empty()) return {AnswerScope::Asset, subject.uid};
    return {scope, key};
}

std::optional<AnswerPlace> broader(const AnswerPlace& place, const AnswerSubject& subject) {
    switch (place.scope) {
        case AnswerScope::Process:
        case AnswerScope::Zone:
            return AnswerPlace{AnswerScope::Site, subject.site};
        case AnswerScope::Site:
            return AnswerPlace{AnswerScope::Organisation, ""};
        default:
            return std::nullopt;
    }
}

std::string label_of(const AnswerPlace& place, const AnswerSubject& subject, const Facts& facts, std::string_view language) {
    const bool nl = language == "nl";
    switch (place.scope) {
        case AnswerScope::Organisation:
            return nl ? "de organisatie" : "the organisation";
        case AnswerScope::Site:
            if (place.key.empty()) return nl ? "deze locatie" : "this site";
            return place.key;
        case AnswerScope::Process:
            return place.key;
        case AnswerScope::Zone:
            return place.key;
        case AnswerScope::Supplier: {
            const std::string& called = fact_of(facts, "maker_name").string();
            return called.empty() ? place.key : called;
        }
        case AnswerScope::Operator:
            return place.key;
        case AnswerScope::Product: {
            const std::string& called = fact_of(facts, "maker_name").string();
            const std::string& model = fact_of(facts, "model").string();
            return called.empty() ? model : called + " " + model;
        }
        case AnswerScope::Asset:
            return subject.label.empty() ? subject.uid : subject.label;
    }
    return place.key;
}

void AnswerBook::add(GivenAnswer answer) {
    ByPlace& places = held_[answer.question];
    const AnswerPlace place{answer.scope, answer.key};
    const auto found = places.find(place);
    if (found == places.end()) {
        places.emplace(place, std::move(answer));
    } else if (found->second.at <= answer.at) {
        found->second = std::move(answer);
    }
}

const AnswerBook::ByPlace* AnswerBook::to(std::string_view question) const {
    const auto found = held_.find(question);
    return found == held_.end() ? nullptr : &found->second;
}

const GivenAnswer* AnswerBook::about(std::string_view question, const AnswerPlace& place) const {
    const ByPlace* places = to(question);
    if (places == nullptr) return nullptr;
    const auto found = places->find(place);
    return found == places->end() ? nullptr : &found->second;
}

const GivenAnswer* AnswerBook::for_asset(const Question& question, const AnswerSubject& subject, const Facts& facts) const {
    if (to(question.id) == nullptr) return nullptr;
    if (const GivenAnswer* own = about(question.id, {AnswerScope::Asset, subject.uid})) return own;
    return holding_at(question.id, place_of(question.scope, subject, facts), subject);
}

const GivenAnswer* AnswerBook::holding_at(std::string_view question, AnswerPlace place, const AnswerSubject& subject) const {
    for (std::optional<AnswerPlace> at = std::move(place); at; at = broader(*at, subject)) {
        if (const GivenAnswer* held = about(question, *at)) return held;
    }
    return nullptr;
}

std::vector<const GivenAnswer*> AnswerBook::all() const {
    std::vector<const GivenAnswer*> out;
    for (const auto& [question, places] : held_) {
        for (const auto& [place, answer] : places) out.push_back(&answer);
    }
    return out;
}

Answered fill_facts(std::vector<FactsRow>& rows, const std::vector<AnswerSubject>& subjects, const Questionnaire& asked,
                    const AnswerBook& book, Time now, const VendorDb* vendors) {
    std::map<std::string_view, const AnswerSubject*> by_asset;
    for (const AnswerSubject& subject : subjects) by_asset[subject.asset] = &subject;
    const auto subject_of = [&](std::string_view asset) {
        const auto found = by_asset.find(asset);
        return found == by_asset.end() ? nullptr : found->second;
    };
    return fill_facts(rows, subject_of, asked, book, now, vendors);
}

Answered fill_facts(std::vector<FactsRow>& rows, const SubjectOf& subject_of, const Questionnaire& asked,
                    const AnswerBook& book, Time now, const VendorDb* vendors) {
    Answered out;
    const std::vector<Telling> questions = telling(asked, book);
    if (questions.empty()) return out;
    note_relays(rows, subject_of);
    for (FactsRow& row : rows) {
        const AnswerSubject* found = subject_of(row.asset);
        if (found == nullptr) continue;
        const AnswerSubject& subject = *found;
        const Facts seen = row.facts;
        std::vector<std::string> filled;
        fill_row(row, seen, holding(questions, subject, row.facts, now), asked, vendors, filled, out);
        // Who made it may only be known by an answer: then what was answered about that maker holds too.
        if (supplier_of(seen) != supplier_of(row.facts) || product_of(seen) != product_of(row.facts))
            fill_row(row, seen, holding(questions, subject, row.facts, now), asked, vendors, filled, out);
        std::sort(filled.begin(), filled.end());
        filled.erase(std::unique(filled.begin(), filled.end()), filled.end());
        out.filled += filled.size();
        if (!filled.empty()) row.facts["answered"] = join(filled, ",");
    }
    return out;
}

void take_out(FactsRow& row) {
    const auto found = row.facts.find("answered");
    if (found == row.facts.end()) return;
    const std::string filled = found->second.string();
    row.facts.erase(found);
    bool origin = false;
    for (const std::string_view fact : split(filled, ',')) {
        if (const auto one = row.facts.find(fact); one != row.facts.end()) row.facts.erase(one);
        origin = origin || fact.ends_with("maker") || fact.ends_with("operator") || fact.ends_with("country");
    }
    if (!origin) return;
    // What vendor data and orders say may rest on what was answered: `complete` and `apply_orders` say it again.
    for (const FactColumn& column : fact_columns()) {
        const auto from = [&](std::string_view source) { return column.from.find(source) != std::string_view::npos; };
        if (column.always_known || from("network") || from("inventory") || !(from("vendordb") || from("order"))) continue;
        if (const auto one = row.facts.find(column.name); one != row.facts.end()) row.facts.erase(one);
    }
}

}  // namespace herkomst
