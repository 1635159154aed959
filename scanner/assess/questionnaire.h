// The self-assessment as data: rules/questionnaires/<id>.json says what is asked, about what, in which words, how long an
// answer holds, which fact it fills, and what the scan may propose. rules/questionnaires/README.md is the manual of the form.
//
// A question is asked once for the thing its scope names (the organisation, a process, a supplier ...) and holds for all assets
// of that thing; an answer about one asset goes before it. "Do not know" is an answer to every question: it is written as
// `unknown`, is kept with its name and date, and fills nothing.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assess/assess.h"
#include "core/clock.h"
#include "core/result.h"

namespace herkomst {

// From the widest to the narrowest. Product: the maker's devices of one model.
enum class AnswerScope : std::uint8_t { Organisation, Site, Process, Zone, Supplier, Operator, Product, Asset };
inline constexpr std::array all_scopes = {AnswerScope::Organisation, AnswerScope::Site,     AnswerScope::Process,
                                          AnswerScope::Zone,         AnswerScope::Supplier, AnswerScope::Operator,
                                          AnswerScope::Product,      AnswerScope::Asset};
std::string_view name(AnswerScope);  // "organisation", "site" ...
Texts title(AnswerScope);            // "organisatie", "organisation"
std::optional<AnswerScope> scope_named(std::string_view);

inline constexpr std::string_view unknown_answer = "unknown";

struct AnswerScale {
    enum class Kind : std::uint8_t { Choice, Choices, Text, Number, Date, Countries };
    struct Option {
        std::string value;
        Texts text;
        bool alone = false;  // of choices: never together with another one
    };
    std::string id;
    Kind kind{};
    bool ordered = false;  // the options stand in their order
    std::string unit;      // of a number
    std::vector<Option> options;
    std::function<bool(std::string_view)> also_country;  // codes that count beside those of ISO 3166-1; may be empty

    [[nodiscard]] bool names_country(std::string_view code) const;
    [[nodiscard]] const Option* option(std::string_view value) const;
    // The answer as it is kept: an option by its value, its number from 1 or its words in either language; digits; a date as
    // 2026-11-27; countries as "DE,NL"; `unknown` in its own word, "weet niet", "do not know" or "?". The problem says what it
    // takes.
    [[nodiscard]] Result<std::string> read(std::string_view said) const;
    // What is kept, as people read it.
    [[nodiscard]] std::string shown(std::string_view value, std::string_view language) const;
    // What may be said, in one line.
    [[nodiscard]] std::string takes(std::string_view language) const;
    // What this answer, which is not taken, probably meant, with what stands before it ("; Greece is GR"); may be empty.
    [[nodiscard]] std::string hint(std::string_view said, std::string_view language) const;
};

struct Question {
    // An answer puts a value into a fact that is unknown. Without `values` it is the answer itself.
    struct Fill {
        std::string fact;
        std::map<std::string, Json, std::less<>> values;
        bool as_it_is = false;
        // Of several countries: the one of which vendor data says most; else several leave the fact unknown.
        bool worst_country = false;
        // Whether answers can give it more than one value.
        [[nodiscard]] bool decides() const;
    };
    // What the scan knows becomes a proposal, which only a person makes an answer. Without `answer` it is the fact itself.
    struct Proposal {
        std::string fact;
        std::vector<Json> is;
        std::string answer;
    };
    struct Said {
        std::string question;
        std::vector<std::string> is;
    };
    // An answer and a fact that cannot both be right. Without `is` the fact says when something was seen, and that was later
    // than the answer: such an answer was overtaken and fills nothing.
    struct Conflict {
        std::vector<std::string> answers;
        std::string fact;
        std::vector<Json> is;
        bool wide = false;  // only of an answer about more than one asset
        [[nodiscard]] bool later() const { return is.empty(); }
    };

    std::string id;
    std::string section;
    AnswerScope scope{};
    std::string scale;
    Texts text;
    Texts help;      // may be empty
    Texts evidence;  // what an answer can rest on; may be empty
    std::string consideration;
    bool required = false;           // counts in how complete the assessment is
    bool needs_source = false;       // an answer names a source of its own
    bool only_when_missing = false;  // asked only where a rule lacks the fact
    unsigned valid_days = 0;
    std::vector<Fill> fills;
    std::vector<Proposal> proposes;  // the first that holds
    std::vector<Conflict> contradicted_by;
    std::vector<std::vector<Said>> skip_when;  // any of these lists, when all in it were answered so
    std::vector<Reference> references;
};

struct Questionnaire {
    struct Section {
        std::string id;
        Texts title;
    };
    std::string id;
    int version = 0;
    std::string hash;  // first 12 digits of the SHA-256 of the file
    Texts title;
    Texts about;                                                // what it is and is not
    std::vector<std::pair<std::string, Texts>> considerations;  // as the official text words them
    std::vector<Section> sections;                              // in the order in which they are asked
    std::map<std::string, AnswerScale, std::less<>> scales;
    std::vector<Question> questions;  // by section, then as written
    // A fact of the table `groups` that is unknown because of these facts of its members.
    std::map<std::string, std::vector<std::string>, std::less<>> stands_for;

    // Strict: every problem at once, each "file: /json/pointer: sentence". Facts that columns.cpp does not hold are problems.
    static Result<Questionnaire> load(const std::string& path);
    static Result<Questionnaire> from_text(std::string_view json, std::string_view name);

    [[nodiscard]] const Question* question(std::string_view id) const;
    [[nodiscard]] const AnswerScale& scale_of(const Question&) const;
    [[nodiscard]] std::string named() const;  // "zelfscan 1 sha256:0123456789ab"
    // The question that decides the fact; nothing when none does.
    [[nodiscard]] const Question* filling(std::string_view fact) const;
    // Adds "fact-<name>" for every fact that a person can be asked about and no question decides: so every question of a rule
    // has somebody to ask.
    // Countries that this data holds are answers too. It must outlive the questionnaire.
    void know(const VendorDb&);
    void add_fact_questions();
};

}  // namespace herkomst
