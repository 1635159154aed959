// The page's ratings, what people decided, and the answers of people that findings rest on.
#include "assess/rated.h"
#include "register/called.h"
#include "report/page.h"

namespace herkomst {

namespace {

Json step_row(const std::string& called, std::string_view band, const Words& words, int likelihood, int impact) {
    Json out = Json::object();
    out["called"] = called;
    out["class"] = band;
    out["label"] = words("band_" + std::string(band));
    out["steps"] = words("rating_steps", {{"likelihood", std::to_string(likelihood)}, {"impact", std::to_string(impact)}});
    out["note"] = std::string();
    return out;
}

int digit(const std::string& text) { return text.empty() ? 0 : text[0] - '0'; }

std::string at(const std::map<std::string, std::string, std::less<>>& work, std::string_view field) {
    const auto found = work.find(field);
    return found == work.end() ? std::string() : found->second;
}

}  // namespace

std::string Page::anchor_of_answer(int number) { return "answer-" + std::to_string(number); }

void Page::ratings(Json& out, const OverviewFinding& held) const {
    const Finding& of = held.finding;
    Json list = Json::array();
    const bool rating_leads = held.rating && rating_decides(of.band, *held.rating);
    list.push(step_row(words_("rating_rule"), name(of.band), words_, of.likelihood, of.impact));
    out["rated_by"] = std::string();
    out["decision"] = std::string();
    if (held.rating) {
        const Rating& rating = *held.rating;
        list.push(step_row(words_("rating_inherent"), name(rating.inherent), words_, rating.likelihood, rating.impact));
        Json with = step_row(words_("rating_measures"), name(rating.residual), words_, rating.residual_likelihood,
                             rating.residual_impact);
        if (rating_leads) with["note"] = words_("rating_leads");
        list.push(std::move(with));
        // assess/rated.h says which of the two leads.
        out["rated_by"] = words_(provisional(rating) ? "rated_provisionally_by" : "rated_by",
                                 {{"known", std::to_string(rating.known)},
                                  {"of", std::to_string(rating.of)},
                                  {"criteria", rating.criteria.substr(0, rating.criteria.find(" sha256:"))}});
        if (!provisional(rating)) out["decision"] = rating.decision_text.in(words_.lang());
    }
    const std::string likelihood = held.work_at("residual_likelihood");
    const std::string impact = held.work_at("residual_impact");
    const std::string band = held.work_at("residual_band");
    if (!band.empty() && !likelihood.empty() && !impact.empty()) {
        Json left = step_row(words_("rating_person"), band, words_, digit(likelihood), digit(impact));
        left["note"] = held.work_at("residual_why");
        list.push(std::move(left));
    }
    out["ratings"] = std::move(list);
}

void Page::treatment(Json& out, const OverviewFinding& held) const {
    Json decided = Json::array();
    const auto put = [&](const char* what, const std::string& value) {
        if (value.empty()) return;
        Json each = Json::object();
        each["called"] = words_(what);
        each["value"] = value;
        decided.push(std::move(each));
    };
    put("decided_owner", held.work_at("owner"));
    put("decided_response", called(CodeList::Response, held.work_at("response"), words_.lang()));
    put("decided_due", held.work_at("due"));
    put("decided_review", held.work_at("review_by"));
    if (held.status == "accepted") {
        put("decided_accepted_by", held.work_at("accepted_by"));
        put("decided_accepted_until", held.work_at("accepted_until").substr(0, 10));
    }
    put("decided_closure", called(CodeList::Closure, held.work_at("closure_reason"), words_.lang()));
    mark_last(decided);
    out["has_decided"] = !decided.items().empty();
    out["decided"] = std::move(decided);
    Json measures = Json::array();
    if (const auto found = measures_of_.find(held.finding.id); found != measures_of_.end()) {
        for (const OverviewMeasure* measure : found->second) {
            Json each = Json::object();
            each["id"] = measure->id;
            each["title"] = at(measure->work, "title");
            each["state"] = called(CodeList::MeasureState, at(measure->work, "state"), words_.lang());
            std::string rest;
            const auto add = [&](const std::string& text) {
                if (!text.empty()) rest += (rest.empty() ? "" : "; ") + text;
            };
            add(called(CodeList::MeasureKind, at(measure->work, "kind"), words_.lang()));
            if (const std::string effect = at(measure->work, "effect"); !effect.empty())
                add(words_("measure_effect", {{"effect", called(CodeList::Effect, effect, words_.lang())}}));
            if (const std::string owner = at(measure->work, "owner"); !owner.empty())
                add(words_("measure_owner", {{"owner", owner}}));
            if (const std::string due = at(measure->work, "due"); !due.empty()) add(words_("measure_due", {{"due", due}}));
            each["rest"] = rest;
            measures.push(std::move(each));
        }
    }
    out["has_measures"] = !measures.items().empty();
    out["measures"] = std::move(measures);
}

void Page::grounds(Json& out, const OverviewFinding& held) const {
    Json filled = Json::array();
    Json rating = Json::array();
    for (const OverviewGround& ground : held.grounds) {
        const OverviewAnswer& answer = overview_.answers.at(static_cast<std::size_t>(ground.answer) - 1);
        Json each = Json::object();
        each["number"] = answer.number;
        each["answer_anchor"] = anchor_of_answer(answer.number);
        each["question"] = answer.text.in(words_.lang());
        each["value"] = answer.shown.in(words_.lang());
        each["by"] = answer.by;
        each["day"] = words_.day(answer.at);
        each["source"] = answer.source;
        each["until"] = words_.day(answer.expires);
        each["ended"] = answer.expires <= now_;
        (ground.facts.empty() ? rating : filled).push(std::move(each));
    }
    mark_last(rating);
    out["has_answers"] = !filled.items().empty();
    out["answers"] = std::move(filled);
    out["has_rating_answers"] = !rating.items().empty();
    out["rating_answers"] = std::move(rating);
}

void Page::answers(Json& out) const {
    Json list = Json::array();
    for (const OverviewAnswer& answer : overview_.answers) {
        Json each = Json::object();
        each["number"] = answer.number;
        each["answer_anchor"] = anchor_of_answer(answer.number);
        each["question"] = answer.text.in(words_.lang());
        each["id"] = answer.question;
        // An altered register may say what there is no word for.
        const std::string& word = words_.all()["scope_" + answer.scope].string();
        const std::string scope = word.empty() ? answer.scope : word;
        each["scope"] = scope;
        each["about"] = answer.about.in(words_.lang());
        each["value"] = answer.shown.in(words_.lang());
        each["by"] = answer.by;
        each["day"] = words_.day(answer.at);
        each["source"] = answer.source;
        each["note"] = answer.note;
        each["until"] = words_.day(answer.expires);
        each["ended"] = answer.expires <= now_;
        each["not_counted"] = !answer.counted;
        list.push(std::move(each));
    }
    out["has_given_answers"] = !list.items().empty();
    out["given_answers"] = std::move(list);
}

}  // namespace herkomst
