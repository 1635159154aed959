// Questions as a file that people fill in, and back: JSON and CSV.
//
// One row a question: what it is about, its text, what it takes, what the scan proposes, and empty places for the answer, who
// gives it, when, until when it holds, its source and a note. Reading takes rows in any order and leaves out those without an
// answer; everything that is wrong is said at once, each with "file:line" (of JSON also the pointer and the question, for a
// file may be one line), and then nothing is taken.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "assess/answers.h"

namespace herkomst {

inline constexpr std::string_view answers_schema = "herkomst-answers/1";

struct AskFileOptions {
    std::string language = "en";
    bool csv = false;
    char delimiter = ',';
    bool bom = false;
    std::string tlp = "AMBER+STRICT";
};
std::string write_asks(const std::vector<Ask>&, const Questionnaire&, const AskFileOptions&);

// Who took back the last answer to a question about a thing, and when.
struct TakenBack {
    std::string by;
    Time at{};
};
using AllTakenBack = std::map<std::pair<std::string, AnswerPlace>, TakenBack>;

struct AnswerFileOptions {
    Time now{};
    std::string language = "en";       // of what is said about them
    std::string by;                    // for rows that name nobody
    std::set<AnswerPlace> places;      // what there is to answer about
    const AnswerBook* book = nullptr;  // an answer that is there already, the same in all, is left out
    AllTakenBack taken_back;           // what was answered before that is kept out
};
struct AnswersRead {
    std::vector<GivenAnswer> answers;
    std::vector<std::string> places;  // of each, as a problem with it says
    std::size_t rows = 0;
    std::size_t empty = 0;      // no answer given
    std::size_t unchanged = 0;  // as it was
    Problems kept_out;          // answers of before they were taken back: none of them is a reason to refuse the file
};
// CSV or JSON, by its first character.
Result<AnswersRead> read_answers(std::string_view content, std::string_view name, const Questionnaire&,
                                 const AnswerFileOptions&);

// One answer as a person gave it, checked: the value against its scale, name, dates and source. Problems at `place`.
struct SaidAnswer {
    std::string answer;
    std::string by;
    std::string date;     // empty: now
    std::string expires;  // empty: as long as the question says
    std::string source;
    std::string note;
};
Result<GivenAnswer> checked_answer(const Questionnaire&, const Question&, const AnswerPlace&, const SaidAnswer&, Time now,
                                   std::string_view place, std::string_view language = "en");

}  // namespace herkomst
