// What a questionnaire's scales take and show, and the lookups of its questions.
#include "assess/questionnaire.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "assess/countries.h"
#include "core/text.h"

namespace herkomst {

namespace {

struct ScopeName {
    std::string_view key;
    const char* nl;
    const char* en;
};
constexpr std::array<ScopeName, all_scopes.size()> scope_names = {{
    {"organisation", "organisatie", "organisation"},
    {"site", "locatie", "site"},
    {"process", "proces", "process"},
    {"zone", "zone", "zone"},
    {"supplier", "fabrikant of leverancier", "maker or supplier"},
    {"operator", "beheerder van de clouddienst", "operator of the cloud service"},
    {"product", "type", "product"},
    {"asset", "apparaat", "asset"},
}};

constexpr std::size_t text_max = 2000;
constexpr std::size_t countries_max = 32;

bool is_unknown(std::string_view said) {
    constexpr std::array words = {"unknown", "?", "weet niet", "onbekend", "do not know", "don't know"};
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return equal_ignoring_case(said, word); });
}

// By its value, its number, or its words.
const AnswerScale::Option* option_said(const AnswerScale& scale, std::string_view said) {
    for (const auto& option : scale.options) {
        if (equal_ignoring_case(option.value, said) || equal_ignoring_case(option.text.nl, said) ||
            equal_ignoring_case(option.text.en, said)) {
            return &option;
        }
    }
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(said.data(), said.data() + said.size(), number);
    // A scale whose values are numbers takes them as its values alone.
    const bool values_are_numbers = !scale.options.empty() && scale.options.front().value.size() == 1 &&
                                    scale.options.front().value[0] >= '0' && scale.options.front().value[0] <= '9';
    if (values_are_numbers || error != std::errc() || end != said.data() + said.size()) return nullptr;
    return number >= 1 && number <= scale.options.size() ? &scale.options[number - 1] : nullptr;
}

Problem wrong(const AnswerScale& scale, std::string_view said) {
    return {"",
            fmt::format("\"{}\" is no answer here: it takes {}{}", clean(said, 60), scale.takes("en"), scale.hint(said, "en"))};
}

Result<std::string> read_choices(const AnswerScale& scale, std::string_view said) {
    std::vector<std::string> out;
    for (const std::string_view words : split(said, ';')) {
        // The words of an answer may hold a comma themselves.
        const bool whole = option_said(scale, trimmed(words)) != nullptr;
        for (const std::string_view part : whole ? std::vector{words} : split(words, ',')) {
            const AnswerScale::Option* option = option_said(scale, trimmed(part));
            if (option == nullptr) return wrong(scale, trimmed(part));
            if (std::find(out.begin(), out.end(), option->value) == out.end()) out.push_back(option->value);
        }
    }
    if (out.size() > 1 && std::any_of(scale.options.begin(), scale.options.end(), [&](const AnswerScale::Option& option) {
            return option.alone && std::find(out.begin(), out.end(), option.value) != out.end();
        }))
        return wrong(scale, said);
    // In the order of the scale, so that the same answer is the same text.
    std::string kept;
    for (const auto& option : scale.options) {
        if (std::find(out.begin(), out.end(), option.value) == out.end()) continue;
        kept += (kept.empty() ? "" : ",") + option.value;
    }
    return kept;
}

std::string capitals(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return out;
}

Result<std::string> read_countries(const AnswerScale& scale, std::string_view said) {
    std::vector<std::string> out;
    std::string separated(said);
    std::replace_if(
        separated.begin(), separated.end(), [](char c) { return c == ';' || c == ' '; }, ',');
    for (std::string_view part : split(separated, ',')) {
        part = trimmed(part);
        if (part.empty()) continue;
        std::string country = capitals(part);
        if (!scale.names_country(country) || out.size() == countries_max) return wrong(scale, part);
        if (std::find(out.begin(), out.end(), country) == out.end()) out.push_back(std::move(country));
    }
    if (out.empty()) return wrong(scale, said);
    std::sort(out.begin(), out.end());
    return join(out, ",");
}

Result<std::string> read_number(const AnswerScale& scale, std::string_view said) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(said.data(), said.data() + said.size(), number);
    constexpr std::int64_t most = 1'000'000'000'000'000;
    if (error != std::errc() || end != said.data() + said.size() || number < 0 || number > most) return wrong(scale, said);
    return std::to_string(number);
}

Result<std::string> read_date(const AnswerScale& scale, std::string_view said) {
    const auto time = said.size() == 10 ? parse_rfc3339(said) : std::nullopt;
    if (!time) return wrong(scale, said);
    return rfc3339(*time).substr(0, 10);
}

}  // namespace

std::string_view name(AnswerScope scope) { return scope_names[static_cast<std::size_t>(scope)].key; }
Texts title(AnswerScope scope) {
    const ScopeName& found = scope_names[static_cast<std::size_t>(scope)];
    return {found.nl, found.en};
}
std::optional<AnswerScope> scope_named(std::string_view key) {
    for (const AnswerScope scope : all_scopes) {
        if (name(scope) == key) return scope;
    }
    return std::nullopt;
}

bool AnswerScale::names_country(std::string_view code) const {
    return is_country_code(code) || (also_country && also_country(code));
}

std::string AnswerScale::hint(std::string_view said, std::string_view language) const {
    const bool nl = language == "nl";
    if (kind == Kind::Countries) {
        const std::string code = capitals(trimmed(said));
        const std::string_view meant = country_code_meant(code);
        return meant.empty() ? std::string() : fmt::format("; {} {} {}", code, nl ? "is hier" : "is", meant);
    }
    if (kind != Kind::Choices) return {};
    for (const Option& option : options) {
        if (option.alone)
            return fmt::format("; \"{}\" {}", option.text.in(language),
                               nl ? "gaat met geen ander samen" : "goes with no other");
    }
    return {};
}

const AnswerScale::Option* AnswerScale::option(std::string_view value) const {
    const auto found = std::find_if(options.begin(), options.end(), [&](const Option& o) { return o.value == value; });
    return found == options.end() ? nullptr : &*found;
}

Result<std::string> AnswerScale::read(std::string_view raw) const {
    const std::string_view said = trimmed(raw);
    if (said.empty()) return wrong(*this, said);
    if (is_unknown(said)) return std::string(unknown_answer);
    switch (kind) {
        case Kind::Choice: {
            const Option* found = option_said(*this, said);
            if (found == nullptr) return wrong(*this, said);
            return found->value;
        }
        case Kind::Choices:
            return read_choices(*this, said);
        case Kind::Text:
            return clean(said, text_max);
        case Kind::Number:
            return read_number(*this, said);
        case Kind::Date:
            return read_date(*this, said);
        case Kind::Countries:
            return read_countries(*this, said);
    }
    return wrong(*this, said);
}

std::string AnswerScale::shown(std::string_view value, std::string_view language) const {
    if (value == unknown_answer) return language == "nl" ? "weet niet" : "do not know";
    if (kind == Kind::Number && !unit.empty()) return fmt::format("{} {}", value, unit);
    if (kind != Kind::Choice && kind != Kind::Choices) return std::string(value);
    std::string out;
    for (const std::string_view part : split(value, ',')) {
        const Option* found = option(part);
        out += (out.empty() ? "" : "; ") + (found == nullptr ? std::string(part) : found->text.in(language));
    }
    return out;
}

std::string AnswerScale::takes(std::string_view language) const {
    const bool nl = language == "nl";
    switch (kind) {
        case Kind::Choice:
        case Kind::Choices: {
            std::string out;
            // In Dutch by their words, which may hold a comma; words and values are understood in both.
            for (const Option& option : options)
                out += (out.empty() ? "" : nl ? "; " : ", ") + (nl ? option.text.nl : option.value);
            if (kind == Kind::Choices)
                out += nl ? " (ook meer dan \u00e9\u00e9n, met puntkomma's ertussen)" : " (several with commas)";
            return out;
        }
        case Kind::Text:
            return nl ? "tekst" : "text";
        case Kind::Number:
            return nl ? fmt::format("een geheel getal{}{}", unit.empty() ? "" : " in ", unit)
                      : fmt::format("a whole number{}{}", unit.empty() ? "" : " in ", unit);
        case Kind::Date:
            return nl ? "een datum als 2026-11-27" : "a date such as 2026-11-27";
        case Kind::Countries:
            return nl ? "landcodes van twee letters (ISO 3166-1), met komma's"
                      : "two-letter country codes (ISO 3166-1), with commas";
    }
    return {};
}

bool Question::Fill::decides() const {
    if (as_it_is) return true;
    return std::any_of(values.begin(), values.end(),
                       [this](const auto& value) { return !(value.second == values.begin()->second); });
}

const Question* Questionnaire::question(std::string_view wanted) const {
    const auto found = std::find_if(questions.begin(), questions.end(), [&](const Question& q) { return q.id == wanted; });
    return found == questions.end() ? nullptr : &*found;
}

const AnswerScale& Questionnaire::scale_of(const Question& question) const { return scales.find(question.scale)->second; }

std::string Questionnaire::named() const { return fmt::format("{} {} sha256:{}", id, version, hash); }

const Question* Questionnaire::filling(std::string_view fact) const {
    for (const Question& question : questions) {
        for (const Question::Fill& fill : question.fills) {
            if (fill.fact == fact && fill.decides()) return &question;
        }
    }
    return nullptr;
}

void Questionnaire::know(const VendorDb& vendors) {
    for (auto& [named, scale] : scales) {
        if (scale.kind == AnswerScale::Kind::Countries)
            scale.also_country = [&vendors](std::string_view code) { return vendors.jurisdiction(code) != nullptr; };
    }
}

void Questionnaire::add_fact_questions() {
    const auto scale = [this](const char* named, AnswerScale::Kind kind) {
        AnswerScale& made = scales[named];
        made.id = named;
        made.kind = kind;
    };
    scale("fact-text", AnswerScale::Kind::Text);
    scale("fact-number", AnswerScale::Kind::Number);
    scale("fact-countries", AnswerScale::Kind::Countries);
    AnswerScale& flag = scales["fact-flag"];
    flag.id = "fact-flag";
    flag.kind = AnswerScale::Kind::Choice;
    flag.options = {{"yes", {"Ja", "Yes"}}, {"no", {"Nee", "No"}}};
    sections.push_back({"facts", {"Ontbrekende feiten", "Missing facts"}});
    for (const FactColumn& column : fact_columns()) {
        if (column.asks_nl.empty() || filling(column.name) != nullptr) continue;
        Question made;
        made.id = "fact-" + std::string(column.name);
        std::replace(made.id.begin(), made.id.end(), '_', '-');
        made.section = "facts";
        made.scope = scope_named(column.per).value_or(AnswerScope::Asset);
        made.text = {std::string(column.asks_nl), std::string(column.asks_en)};
        made.needs_source = true;
        made.only_when_missing = true;
        made.valid_days = 365;
        Question::Fill fill;
        fill.fact = column.name;
        Question::Proposal known;
        known.fact = column.name;
        switch (column.type) {
            case FactColumn::Type::Text:
                made.scale = column.name.ends_with("_country") ? "fact-countries" : "fact-text";
                fill.as_it_is = true;
                made.proposes = {known};
                break;
            case FactColumn::Type::Integer:
                made.scale = "fact-number";
                fill.as_it_is = true;
                made.proposes = {known};
                break;
            case FactColumn::Type::Flag:
                made.scale = "fact-flag";
                fill.values = {{"yes", 1}, {"no", 0}};
                made.contradicted_by = {{{"yes"}, fill.fact, {0}}, {{"no"}, fill.fact, {1}}};
                break;
        }
        made.fills.push_back(std::move(fill));
        questions.push_back(std::move(made));
    }
}

}  // namespace herkomst
