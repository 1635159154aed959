#include "cli/grounds.h"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <tuple>

#include "assess/answers.h"
#include "assess/facts_table.h"
#include "cli/assess_answers.h"
#include "core/file.h"
#include "core/text.h"

namespace herkomst {

namespace {

// Facts of members from which a fact follows: a sum from its parts, what is said of a country from who named the country.
std::set<std::string, std::less<>> parts_of(std::string fact, const Questionnaire& asked) {
    std::set<std::string, std::less<>> out;
    if (const std::size_t at = fact.rfind("_at_least"); at != std::string::npos) fact.resize(at);
    out.insert(fact);
    if (const auto found = asked.stands_for.find(fact); found != asked.stands_for.end())
        out.insert(found->second.begin(), found->second.end());
    const auto has = [&](std::string_view part) { return fact.find(part) != std::string::npos; };
    if (fact == "critical_assets") out.insert("critical_part");
    if (has("rated_power") || has("switchable_power") || has("_share")) out.insert("rated_power");
    if (has("switchable") || has("site_share") || has("portfolio_share")) out.insert({"remote_documented", "remote_blocked"});
    if (has("portfolio_share")) out.insert("portfolio_power");
    for (const std::string_view of : {"maintenance", "development", "satellite", "cloud", "module", "stack"}) {
        if (!fact.starts_with(std::string(of) + "_")) continue;
        out.insert(std::string(of) + "_country");
        out.insert(std::string(of) + "_operator");
    }
    if (fact == "offensive_programme" || fact == "compelled_cooperation" || fact == "strained_relation" ||
        fact == "country_lists")
        out.insert("control_country");
    if (fact == "maker_lists" || out.contains("control_country")) out.insert("maker");
    return out;
}

class Grounds {
  public:
    Grounds(Overview& all, const Register& held, Time now) : all_(all), held_(held), now_(now) {
        Result<Questionnaire> read = Questionnaire::load(data_folder() + "/rules/questionnaires/zelfscan.json");
        if (!read) throw std::runtime_error(read.problems().front().text());
        asked_ = std::move(read.value());
        asked_.add_fact_questions();
        for (const Group& group : all.groups) groups_[{group.kind, group.key}] = &group;
    }

    void add() {
        for (const Question& question : asked_.questions) {
            for (const Time at : {all_.run.at, std::max(now_, all_.run.at)}) {
                const AnswerBook::ByPlace* places = book(at).to(question.id);
                if (places == nullptr) continue;
                for (const auto& [place, answer] : *places) {
                    const std::size_t before = all_.answers.size();
                    number(question, answer);
                    if (all_.answers.size() > before) all_.answers.back().counted = at == all_.run.at;
                }
            }
        }
        for (OverviewFinding& one : all_.findings) add(one);
        for (OverviewFinding& one : all_.questions) add(one);
    }

  private:
    struct Used {
        int answer = 0;
        const Question* question = nullptr;
        std::string value;
        std::set<std::string, std::less<>> filled;
    };
    using Key = std::tuple<std::string, std::string, std::string, Time, std::string>;

    const AnswerBook& book(Time at) {
        const auto [found, fresh] = books_.try_emplace(at);
        if (fresh) found->second = book_of(held_, at);
        return found->second;
    }

    int number(const Question& question, const GivenAnswer& given) {
        const auto [found, fresh] =
            numbers_.try_emplace(Key{given.question, std::string(name(given.scope)), given.key, given.at, given.value}, 0);
        if (!fresh) return found->second;
        OverviewAnswer out;
        out.number = found->second = static_cast<int>(all_.answers.size()) + 1;
        out.question = given.question;
        out.text = question.text;
        out.scope = name(given.scope);
        out.key = given.key;
        out.about = about(given);
        const AnswerScale& scale = asked_.scale_of(question);
        out.value = given.value;
        out.shown = {scale.shown(given.value, "nl"), scale.shown(given.value, "en")};
        out.free_text = scale.kind == AnswerScale::Kind::Text;
        out.by = given.by;
        out.at = given.at;
        out.expires = given.expires;
        out.source = given.source;
        out.note = given.note;
        all_.answers.push_back(std::move(out));
        return found->second;
    }

    Texts about(const GivenAnswer& given) {
        if (names_.empty()) {
            for (const OverviewAsset& asset : all_.assets) {
                const AnswerSubject subject = subject_of(asset);
                for (const AnswerScope scope : {AnswerScope::Supplier, AnswerScope::Operator, AnswerScope::Product}) {
                    const AnswerPlace place = place_of(scope, subject, asset.facts);
                    names_.try_emplace(
                        place, Texts{label_of(place, subject, asset.facts, "nl"), label_of(place, subject, asset.facts, "en")});
                }
                names_.insert_or_assign({AnswerScope::Asset, asset.uid}, Texts{asset.label, asset.label});
            }
        }
        const AnswerPlace place{given.scope, given.key};
        if (const auto found = names_.find(place); found != names_.end()) return found->second;
        AnswerSubject nobody;
        nobody.uid = given.key;
        return {label_of(place, nobody, {}, "nl"), label_of(place, nobody, {}, "en")};
    }

    [[nodiscard]] AnswerSubject subject_of(const OverviewAsset& asset) const {
        AnswerSubject out{asset.uid, asset.uid, asset.label, "", "", all_.site};
        const auto decided = [&](std::string_view field) {
            const auto found = asset.work.find(field);
            return found == asset.work.end() ? std::string() : found->second;
        };
        out.process = decided("process");
        out.zone = decided("zone");
        if (const auto site = asset.facts.find("site"); site != asset.facts.end() && site->second.is_string())
            out.site = site->second.string();
        return out;
    }

    // The answers that hold for an asset.
    std::vector<Used> of_asset(const OverviewAsset& asset, Time at) {
        std::vector<Used> out;
        const AnswerBook& answers = book(at);
        const AnswerSubject subject = subject_of(asset);
        FactsRow seen{asset.uid, asset.facts, {}};
        std::set<std::string, std::less<>> filled;
        if (const auto found = asset.facts.find("answered"); found != asset.facts.end()) {
            for (const std::string_view fact : split(found->second.string(), ',')) filled.emplace(fact);
        }
        take_out(seen);
        for (const Question& question : asked_.questions) {
            if (answers.to(question.id) == nullptr) continue;
            // Answers fill facts before anybody knows whose device it is, if that was answered too; ratings come after.
            const GivenAnswer* given = answers.for_asset(question, subject, seen.facts);
            if (given == nullptr) given = answers.for_asset(question, subject, asset.facts);
            if (given == nullptr || !given->holds(at)) continue;
            Used used{number(question, *given), &question, given->value, {}};
            for (const Question::Fill& fill : question.fills) {
                if (!given->unknown() && filled.contains(fill.fact) && (fill.as_it_is || fill.values.contains(given->value)))
                    used.filled.insert(fill.fact);
            }
            out.push_back(std::move(used));
        }
        return out;
    }

    const std::vector<Used>& of_subject(const FindingSubject& subject, Time at) {
        const auto [found, fresh] = used_.try_emplace({subject, at});
        std::vector<Used>& out = found->second;
        if (!fresh) return out;
        if (subject.kind == "asset") {
            if (const OverviewAsset* asset = all_.asset(subject.key)) out = of_asset(*asset, at);
            return out;
        }
        const auto group = groups_.find(subject);
        if (group == groups_.end()) return out;
        std::map<int, std::size_t> there;
        for (const std::string& member : group->second->members) {
            for (const Used& one : of_subject({"asset", member}, at)) {
                const auto [known, anew] = there.try_emplace(one.answer, out.size());
                if (anew) {
                    out.push_back(one);
                } else {
                    out[known->second].filled.insert(one.filled.begin(), one.filled.end());
                }
            }
        }
        return out;
    }

    void add(OverviewFinding& one) {
        const Time at = one.last_seen;
        if (book(at).empty()) return;
        for (const Used& used : of_subject(one.finding.subject, at)) {
            OverviewGround ground;
            ground.answer = used.answer;
            if (!used.filled.empty()) {
                for (const auto& [fact, value] : one.finding.facts) {
                    if (value.is_null()) continue;
                    const auto [known, fresh] = parts_.try_emplace(fact);
                    if (fresh) known->second = parts_of(fact, asked_);
                    const auto& parts = known->second;
                    const bool rests = std::any_of(used.filled.begin(), used.filled.end(),
                                                   [&](const std::string& filled) { return parts.contains(filled); });
                    if (rests) ground.facts.push_back(fact);
                }
            }
            if (one.rating) {
                const auto input = one.rating->inputs.find(used.question->id);
                ground.rates = input != one.rating->inputs.end() && input->second.from == RatingInput::From::Person &&
                               input->second.value == used.value;
            }
            if (!ground.facts.empty() || ground.rates) one.grounds.push_back(std::move(ground));
        }
        std::sort(one.grounds.begin(), one.grounds.end(),
                  [](const OverviewGround& a, const OverviewGround& b) { return a.answer < b.answer; });
    }

    Overview& all_;
    const Register& held_;
    Time now_;
    Questionnaire asked_;
    std::map<FindingSubject, const Group*> groups_;
    std::map<Time, AnswerBook> books_;
    std::map<Key, int> numbers_;
    std::map<AnswerPlace, Texts> names_;
    std::map<std::pair<FindingSubject, Time>, std::vector<Used>> used_;
    std::map<std::string, std::set<std::string, std::less<>>> parts_;
};

}  // namespace

void add_answers(Overview& all, const Register& held, Time now) { Grounds(all, held, now).add(); }

}  // namespace herkomst
