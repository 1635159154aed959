#include "cli/run_ratings.h"

#include <map>
#include <memory>
#include <stdexcept>

#include "assess/rated.h"
#include "assess/recorded_measures.h"
#include "cli/assess_answers.h"
#include "core/file.h"
#include "register/known.h"

namespace herkomst {

namespace {

constexpr std::size_t members_at_once = 512;

template <class T>
T loaded(Result<T> result) {
    if (!result) throw std::runtime_error(result.problems().front().text());
    return std::move(result.value());
}

class RunRatings {
  public:
    RunRatings(const Register* held, const Identified& identified, const Assessment& assessment, Time now)
        : assessment_(assessment), now_(now) {
        const std::string rules = data_folder() + "/rules";
        asked_ = loaded(Questionnaire::load(rules + "/questionnaires/zelfscan.json"));
        criteria_ = loaded(Criteria::load(rules + "/criteria/zelfscan.json", asked_));
        meanings_ = loaded(MeasureMeanings::load(rules + "/measures/zelfscan.json"));
        if (held != nullptr) {
            book_ = book_of(*held, now);
            measures_ = recorded_measures(*held);
            known_ = known_assets(*held, identified);
        }
        for (const Group& group : assessment.groups) groups_[{group.kind, group.key}] = &group;
    }

    bool rate(const Finding& finding, Rating& into) {
        if (finding.verdict != Ruling::Open || !is_rated(finding.rule)) return false;
        if (finding.subject.kind == "asset") {
            const auto row = assessment_.facts.row_of(finding.subject.key);
            if (!row) return false;
            const auto known = known_.find(finding.subject.key);
            into = with_recorded(herkomst::rate(criteria_, inputs(*row), finding.rule),
                                 known == known_.end() ? "" : finding_id(finding.rule, {"asset", known->second.uid}));
            return true;
        }
        const auto group = groups_.find(finding.subject);
        if (group == groups_.end()) return false;
        const auto [at, fresh] = of_group_.try_emplace(finding.subject);
        if (fresh) at->second = worst(*group->second);
        into = with_recorded(herkomst::rate(criteria_, at->second, finding.rule), finding.id);
        return true;
    }

  private:
    // With what people recorded as done about that finding of the register.
    Rating with_recorded(Rating rating, const std::string& finding) const {
        const auto recorded = measures_.find(finding);
        if (recorded == measures_.end()) return rating;
        const MeasureAnswers said = meanings_.answers(criteria_, recorded->second, rating.considerations);
        return with_measures(criteria_, std::move(rating), said);
    }
    RatingInputs inputs(std::size_t row) const {
        const FactsRow of = assessment_.facts[row];
        AnswerSubject subject;
        subject.asset = of.asset;
        subject.uid = of.asset;
        if (const auto site = of.facts.find("site"); site != of.facts.end()) subject.site = site->second.string();
        if (const auto known = known_.find(of.asset); known != known_.end()) {
            subject.uid = known->second.uid;
            subject.process = known->second.process;
            subject.zone = known->second.zone;
        }
        return inputs_of(criteria_, asked_, subject, of.facts, book_, now_);
    }
    RatingInputs worst(const Group& group) const {
        std::vector<RatingInputs> some;
        for (const std::string& member : group.members) {
            if (const auto row = assessment_.facts.row_of(member)) some.push_back(inputs(*row));
            if (some.size() < members_at_once) continue;
            RatingInputs so_far = worst_of(criteria_, some);
            some.clear();
            some.push_back(std::move(so_far));
        }
        return some.size() == 1 ? some.front() : worst_of(criteria_, some);
    }

    const Assessment& assessment_;
    Time now_;
    Questionnaire asked_;
    Criteria criteria_;
    AnswerBook book_;
    MeasureMeanings meanings_;
    std::map<std::string, std::vector<RecordedMeasure>, std::less<>> measures_;  // by finding of the register
    std::map<std::string, KnownAsset, std::less<>> known_;
    std::map<FindingSubject, const Group*> groups_;
    std::map<FindingSubject, RatingInputs> of_group_;
};

}  // namespace

std::function<bool(const Finding&, Rating&)> ratings_for(const Register* held, const Identified& identified,
                                                         const Assessment& assessment, Time now) {
    const auto ratings = std::make_shared<RunRatings>(held, identified, assessment, now);
    return [ratings](const Finding& finding, Rating& into) { return ratings->rate(finding, into); };
}

}  // namespace herkomst
