// Any bytes as a questionnaire, as criteria, or as a file of answers that somebody filled in: problems, or something that can
// be asked, rated and written down again. The first byte says which.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "assess/rating.h"
#include "cli/assess_file.h"
#include "core/file.h"
#include "fuzz.h"

namespace {

using namespace herkomst;

const Questionnaire& official() {
    static const Questionnaire read = [] {
        Result<Questionnaire> loaded = Questionnaire::load(HERKOMST_SOURCE_DIR "/rules/questionnaires/zelfscan.json");
        promise(loaded.ok(), "the questionnaire of the product is read");
        loaded.value().add_fact_questions();
        return std::move(loaded.value());
    }();
    return read;
}

const AnswerFileOptions& options() {
    static const AnswerFileOptions made = [] {
        AnswerFileOptions out;
        out.now = *parse_rfc3339("2026-11-27");
        out.by = "Operator";
        out.places = {{AnswerScope::Organisation, ""},
                      {AnswerScope::Supplier, "riverside"},
                      {AnswerScope::Zone, "east"},
                      {AnswerScope::Asset, "A-1"}};
        return out;
    }();
    return made;
}

void questionnaire(std::string_view text) {
    Result<Questionnaire> read = Questionnaire::from_text(text, "fuzz.json");
    if (!read) {
        promise(!read.problems().empty(), "what is refused says why");
        return;
    }
    Questionnaire& asked = read.value();
    asked.add_fact_questions();
    FactsRow row;
    row.asset = "a";
    row.facts = {{"maker", "riverside"}, {"model", "RS 50"}, {"remote_observed", 1}};
    const std::vector<AnswerSubject> subjects = {{"a", "A-1", "device", "pumping", "east", "north"}};
    AnswerBook book;
    const std::vector<Ask> asks = asks_of(asked, subjects, {row}, {}, book, {.now = options().now, .everything = true});
    for (const Ask& ask : asks) {
        const AnswerScale& scale = asked.scale_of(*ask.question);
        if (scale.options.empty()) continue;
        // What a scale offers, it takes.
        for (const auto& option : scale.options) promise(scale.read(option.value).ok(), "an option is an answer");
        const Result<GivenAnswer> answer =
            checked_answer(asked, *ask.question, ask.place, {scale.options.front().value, "Operator", "", "", "site visit", ""},
                           options().now, "");
        promise(answer.ok(), "an option with a name and a source is an answer");
        book.add(answer.value());
    }
    std::vector<FactsRow> rows = {row};
    fill_facts(rows, subjects, asked, book, options().now);
    take_out(rows.front());
}

void answers(std::string_view text) {
    const Result<AnswersRead> read = read_answers(text, "fuzz", official(), options());
    if (!read) {
        promise(!read.problems().empty(), "what is refused says why");
        return;
    }
    for (const GivenAnswer& answer : read.value().answers) {
        promise(!answer.by.empty() && answer.at < answer.expires && answer.holds(options().now),
                "an answer has a name and an end");
        const Result<GivenAnswer> again = answer_from(to_json(answer), "line");
        promise(again.ok() && again.value() == answer, "an answer survives being written down");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 3) {
        case 0:
            questionnaire(text);
            break;
        case 1: {
            const Result<Criteria> read = Criteria::from_text(text, "fuzz.json", official());
            if (read) (void)read.value().check_examples();
            break;
        }
        default:
            answers(text);
    }
    return 0;
}

std::vector<std::string> fuzz_seeds() {
    std::vector<std::string> out;
    AnswerBook none;
    const std::vector<AnswerSubject> subjects = {{"a", "A-1", "device", "", "east", "north"}};
    FactsRow row;
    row.asset = "a";
    row.facts = {{"maker", "riverside"}, {"maker_name", "Riverside"}};
    const std::vector<Ask> asks = asks_of(official(), subjects, {row}, {}, none, {.now = options().now, .everything = true});
    for (const bool csv : {false, true}) out.push_back("\x02" + write_asks(asks, official(), {.csv = csv}));
    out.push_back(
        "\x02question,scope,key,answer,by,date,expires,source\r\nsupplier-state,supplier,riverside,no,Operator,2026-11-01,,"
        "register\r\n");
    return out;
}
