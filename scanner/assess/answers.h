// What people answered, and what follows from it.
//
// An answer is about one thing (the organisation, a zone, a supplier ... or one asset), has a name, a date, a source and an
// end. It holds for every asset that belongs to that thing today; one about the asset itself goes before it, and one about a
// zone or process before one about the site. An answer fills a fact that is unknown; it never takes the place of what was seen
// or sourced: where the two differ, both stay and that is a contradiction. After its end an answer fills nothing and is asked
// again.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assess/questionnaire.h"

namespace herkomst {

struct GivenAnswer {
    std::string question;
    AnswerScope scope{};
    std::string key;    // of that scope: a slug, the name of a zone, an asset's uid; empty only of organisation and site
    std::string value;  // as AnswerScale::read keeps it
    std::string by;     // who answered, by name or role
    Time at{};
    Time expires{};
    std::string source;  // what it rests on
    std::string note;
    std::string questionnaire;  // Questionnaire::named()
    std::string proposed;       // what the scan proposed and the person confirmed; empty: nothing was

    [[nodiscard]] bool holds(Time now) const { return now < expires; }
    [[nodiscard]] bool unknown() const { return value == unknown_answer; }
    bool operator==(const GivenAnswer&) const = default;
};
// Whether that names nothing to look at: less than two letters or digits (-, ?, x), or words for "none", for an answer, or for
// a command ("nvt", "geen", "yes", "stop").
bool says_no_source(std::string_view);
// Whether somebody vouches for it: it rests on something that is not only the scan's own proposal.
bool vouched_for(const GivenAnswer&);
// Whether it says anything at that time: it has not ended, is no "do not know", and where its question needs a source, one
// stands there. What has none is kept, and is asked again.
bool counts(const Question&, const GivenAnswer&, Time now);
// Whether what is known (a fact with its value) cannot be true beside the answer.
bool contradicts(const Question::Conflict&, const Json& known, const GivenAnswer&);
// What the dialogue writes as the source of a proposal that was confirmed.
inline constexpr std::string_view proposed_source = "herkomst: ";
Json to_json(const GivenAnswer&);
// What is not as `to_json` writes it is a problem.
Result<GivenAnswer> answer_from(const Json&, std::string_view place);

// An asset as answers see it: what it belongs to.
struct AnswerSubject {
    std::string asset;  // as FactsRow::asset
    std::string uid;    // as answers about the asset name it; may be the same
    std::string label;
    std::string process;  // empty: none assigned
    std::string zone;
    std::string site;
};
// What an answer of that scope about that asset is kept under. A supplier or product that is not known leaves the asset itself;
// a process or zone that nobody assigned leaves the site.
struct AnswerPlace {
    AnswerScope scope{};
    std::string key;
    auto operator<=>(const AnswerPlace&) const = default;
};
AnswerPlace place_of(AnswerScope, const AnswerSubject&, const Facts&);
// Where an answer stands that holds there too when nobody answered there: what was said of the site holds in a zone or process
// that something is assigned to afterwards, and what was said of the organisation at its sites. Nothing: nowhere.
std::optional<AnswerPlace> broader(const AnswerPlace&, const AnswerSubject&);
// How people call it: "Example Maker", "zone north".
std::string label_of(const AnswerPlace&, const AnswerSubject&, const Facts&, std::string_view language);

// The last answer to each question about each thing.
class AnswerBook {
  public:
    void add(GivenAnswer);  // of two, the later one stays; of two at the same time, the one that was added last
    [[nodiscard]] const GivenAnswer* about(std::string_view question, const AnswerPlace&) const;
    // At that place, else at the nearest broader one.
    [[nodiscard]] const GivenAnswer* holding_at(std::string_view question, AnswerPlace, const AnswerSubject&) const;
    // The asset's own answer, else that of what it belongs to now, the narrowest first.
    [[nodiscard]] const GivenAnswer* for_asset(const Question&, const AnswerSubject&, const Facts&) const;
    [[nodiscard]] std::vector<const GivenAnswer*> all() const;  // by question, scope, key
    [[nodiscard]] bool empty() const { return held_.empty(); }

    // All answers to one question, by what they are about; nothing when there are none.
    using ByPlace = std::map<AnswerPlace, GivenAnswer>;
    [[nodiscard]] const ByPlace* to(std::string_view question) const;

  private:
    std::map<std::string, ByPlace, std::less<>> held_;
};

struct Contradiction {
    std::string asset;
    std::string fact;
    Json known;  // what was seen or sourced: it stays
    GivenAnswer answer;
};
struct Answered {
    std::size_t filled = 0;  // facts
    std::vector<Contradiction> contradictions;
};
// Puts what was answered into facts that are unknown. Rows and subjects are matched by asset; rows without a subject stay.
// `vendors` weighs several countries where a question says so; without it several leave the fact unknown.
Answered fill_facts(std::vector<FactsRow>&, const std::vector<AnswerSubject>&, const Questionnaire&, const AnswerBook&,
                    Time now, const VendorDb* vendors = nullptr);
// The same for some rows of very many: nullptr for a row without a subject.
using SubjectOf = std::function<const AnswerSubject*(std::string_view asset)>;
Answered fill_facts(std::vector<FactsRow>&, const SubjectOf&, const Questionnaire&, const AnswerBook&, Time now,
                    const VendorDb* vendors = nullptr);

// The fact "answered" of each row names those that were filled. Takes them out again, and where one of them is about origin
// also what vendor data and orders say (`complete` and `apply_orders` put it back): what is left was seen.
void take_out(FactsRow&);

// One question to put to a person.
struct Ask {
    const Question* question = nullptr;
    AnswerPlace place;
    std::string label;                  // of the thing it is about
    std::vector<std::string> assets;    // for which the answer will hold
    std::vector<std::string> waiting;   // rules that cannot be decided without it
    std::size_t verdicts = 0;           // of those rules, each about one subject: it helps to decide so many
    std::string proposal;               // what the scan knows, as an answer; empty: nothing
    std::string proposal_from;          // the fact that says so
    const GivenAnswer* held = nullptr;  // what was answered before, if anything
    bool open = true;                   // false: answered, and the answer still holds
};
struct AskOptions {
    Time now{};
    std::string language = "en";
    bool everything = false;  // about assets without a finding too
    bool needed = false;      // only what a rule waits for
    std::string asset{};      // only about this one, as answers of its own
};
// In the order of the questionnaire. `rows` as judged, answers filled in; `findings` of those.
std::vector<Ask> asks_of(const Questionnaire&, const std::vector<AnswerSubject>&, const std::vector<FactsRow>& rows,
                         const std::vector<Finding>&, const AnswerBook&, const AskOptions&);
// What decides most verdicts first, then what holds for most assets; what no rule waits for stays in the questionnaire's order,
// after that: it makes ratings more complete.
void most_deciding_first(std::vector<Ask>&);
// How much there is to do.
struct AsksCount {
    std::size_t open = 0;
    std::size_t needed = 0;    // of those: a rule waits for it
    std::size_t verdicts = 0;  // that wait for any of them
    std::size_t proposed = 0;  // open ones that the scan proposes an answer to
};
AsksCount count_of(const std::vector<Ask>&, const std::vector<Finding>&);

}  // namespace herkomst
