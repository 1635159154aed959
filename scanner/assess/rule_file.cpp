// One rule from one JSON file, read strictly: every problem with its file and pointer.
#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "assess/rules.h"
#include "core/hash.h"
#include "core/text.h"

namespace herkomst {

namespace {

class RuleReader {
  public:
    RuleReader(std::string file, Problems& problems) : file_(std::move(file)), problems_(problems) {}

    void problem(std::string_view pointer, std::string sentence) {
        problems_.push_back({fmt::format("{}: {}", file_, pointer.empty() ? "/" : pointer), std::move(sentence)});
    }
    [[nodiscard]] std::string place(std::string_view pointer) const { return fmt::format("{}: {}", file_, pointer); }

    // An object with these keys, and no others; "?" marks an optional one.
    bool object(const Json& value, const std::string& pointer, std::initializer_list<std::string_view> keys) {
        if (!value.is_object()) {
            problem(pointer, "this is not an object");
            return false;
        }
        for (const auto& [key, ignored] : value.members()) {
            const bool expected = std::any_of(keys.begin(), keys.end(), [&](std::string_view k) {
                return k == key || (k.ends_with('?') && k.substr(0, k.size() - 1) == key);
            });
            if (!expected) problem(pointer + "/" + key, "this key is not known here");
        }
        for (const std::string_view key : keys) {
            if (!key.ends_with('?') && !value.has(key)) problem(pointer, fmt::format("\"{}\" is missing", key));
        }
        return true;
    }
    std::string text(const Json& value, const std::string& pointer) {
        if (!value.is_string() || trimmed(value.string()).empty()) {
            problem(pointer, "this is not a text, or an empty one");
            return {};
        }
        return value.string();
    }
    Texts texts(const Json& value, const std::string& pointer) {
        if (!object(value, pointer, {"nl", "en"})) return {};
        return {text(value["nl"], pointer + "/nl"), text(value["en"], pointer + "/en")};
    }
    // A text for each language, or one for both.
    Texts text_or_texts(const Json& value, const std::string& pointer) {
        if (value.is_object()) return texts(value, pointer);
        const std::string one = text(value, pointer);
        return {one, one};
    }

  private:
    std::string file_;
    Problems& problems_;
};

bool good_id(std::string_view id) {
    return !id.empty() && id.size() <= 64 &&
           std::all_of(id.begin(), id.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }) &&
           id.front() != '-' && id.back() != '-';
}

bool good_consideration(std::string_view text) {
    if (text.empty()) return true;
    for (const std::string_view part : split(text, ',')) {
        if (part != "1" && part != "2" && part != "3A" && part != "3B") return false;
    }
    return true;
}

const FactColumn* column_named(std::string_view over, std::string_view fact) {
    for (const FactColumn& column : columns_of(over)) {
        if (column.name == fact) return &column;
    }
    return nullptr;
}

bool fits(const FactColumn& column, const Json& value) {
    if (value.is_null()) return !column.always_known;
    switch (column.type) {
        case FactColumn::Type::Text:
            return value.is_string();
        case FactColumn::Type::Integer:
            return value.is_integer();
        case FactColumn::Type::Flag:
            return value.is_integer() && (value.integer() == 0 || value.integer() == 1);
    }
    return false;
}

// Facts that are always known have a value in an example that does not mention them.
Facts with_defaults(std::string_view over, Facts facts) {
    for (const FactColumn& column : columns_of(over)) {
        if (!column.always_known || facts.contains(column.name)) continue;
        Json value = column.type == FactColumn::Type::Text ? Json("") : Json(0);
        if (column.name == "kind") value = over == "groups" ? "vendor" : "device";
        if (column.name == "asset" || column.name == "key" || column.name == "label") value = "example";
        facts[std::string(column.name)] = std::move(value);
    }
    return facts;
}

void read_placeholders(RuleReader& reader, const std::string& text, const std::string& pointer, Rule& rule) {
    for (std::size_t open = text.find_first_of("{}"); open != std::string::npos; open = text.find_first_of("{}", open + 1)) {
        const std::size_t close = text[open] == '{' ? text.find_first_of("{}", open + 1) : std::string::npos;
        if (close == std::string::npos || text[close] != '}') {
            reader.problem(pointer, "a brace has no partner: {fact} stands for its value");
            return;
        }
        const std::string fact = text.substr(open + 1, close - open - 1);
        if (column_named(rule.summary.over, fact) == nullptr) {
            reader.problem(pointer, fmt::format("there is no fact \"{}\"", clean(fact)));
        } else {
            rule.mentions.insert(fact);
        }
        open = close;
    }
}

RuleExample read_example(RuleReader& reader, const Json& json, const std::string& pointer, const Rule& rule) {
    RuleExample example;
    example.place = reader.place(pointer);
    if (!reader.object(json, pointer, {"facts", "verdict", "missing?", "band?", "why?"})) return example;
    if (!json["facts"].is_object()) reader.problem(pointer + "/facts", "this is not an object");
    for (const auto& [fact, value] : json["facts"].members()) {
        const FactColumn* column = column_named(rule.summary.over, fact);
        const std::string at = pointer + "/facts/" + fact;
        if (column == nullptr) {
            reader.problem(at, fmt::format("there is no such fact in the table {}", rule.summary.over));
        } else if (!fits(*column, value)) {
            reader.problem(
                at, fmt::format("this is no {}{}", name(column->type), column->always_known ? ", and it is always known" : ""));
        } else {
            example.facts[fact] = value;
        }
    }
    example.facts = with_defaults(rule.summary.over, std::move(example.facts));
    example.verdict = json["verdict"].string();
    if (example.verdict != "fires" && example.verdict != "does_not" && example.verdict != "undecided") {
        reader.problem(pointer + "/verdict", "this is not fires, does_not or undecided");
    }
    if (json.has("missing")) {
        std::vector<std::string> missing;
        for (const Json& fact : json["missing"].items()) missing.push_back(fact.string());
        std::sort(missing.begin(), missing.end());
        if (!json["missing"].is_array() || example.verdict != "undecided") {
            reader.problem(pointer + "/missing", "a list of facts, and only where the verdict is undecided");
        }
        example.missing = std::move(missing);
    }
    if (json.has("band")) {
        example.band = json["band"].string();
        if (example.band != "low" && example.band != "medium" && example.band != "high" && example.band != "critical") {
            reader.problem(pointer + "/band", "this is not low, medium, high or critical");
        }
    }
    if (json.has("why")) reader.text(json["why"], pointer + "/why");
    return example;
}

std::string expression_text(RuleReader& reader, const Json& json, const std::string& key) {
    if (json[key].is_integer()) return std::to_string(json[key].integer());
    return json.has(key) ? reader.text(json[key], "/" + key) : std::string();
}

void check_text(RuleReader& reader, Bench& bench, const std::string& key, const std::string& text, Rule& rule,
                Expression& into) {
    if (text.empty()) return;
    const auto wrong = check_expression(text, columns_of(rule.summary.over), into);
    for (const std::string& sentence : wrong) reader.problem("/" + key, sentence);
    if (!wrong.empty()) return;
    std::set<std::string, std::less<>> reads;
    if (const std::string sentence = bench.prepare(rule.summary.over, text, reads); !sentence.empty()) {
        reader.problem("/" + key, "SQLite refuses this: " + sentence);
        return;
    }
    rule.reads.insert(reads.begin(), reads.end());
}

// Whether leaving any of the facts of any example unknown, alone or together, leaves the rule undecided: then there must be an
// example of that too. Of the first twelve facts that can be unknown.
bool can_be_undecided(Bench& bench, const Rule& rule) {
    constexpr std::size_t most_facts = 12;
    const Rule* const rules[] = {&rule};
    std::vector<std::string> facts;
    for (const std::string& fact : rule.condition.facts) {
        const FactColumn* column = column_named(rule.summary.over, fact);
        if (column != nullptr && !column->always_known && facts.size() < most_facts) facts.push_back(fact);
    }
    std::vector<Facts> some;
    for (const RuleExample& example : rule.examples) {
        for (std::size_t left_out = 0; left_out < std::size_t{1} << facts.size(); ++left_out) {
            some.push_back(example.facts);
            for (std::size_t i = 0; i < facts.size(); ++i) {
                if ((left_out >> i & 1) != 0) some.back().erase(facts[i]);
            }
        }
    }
    std::vector<const Facts*> rows;
    rows.reserve(some.size());
    for (const Facts& one : some) rows.push_back(&one);
    const auto judged = bench.judge(rule.summary.over, rules, rows);
    return std::any_of(judged.begin(), judged.end(),
                       [](const std::vector<Judged>& one) { return one[0].outcome == Truth::Unknown; });
}

// A number that stands for itself is from 1 to 5. What an expression comes to is known when it judges; it is cut to that then.
void check_score(RuleReader& reader, const char* pointer, std::string_view text) {
    text = trimmed(text);
    double score = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), score);
    if (error == std::errc::invalid_argument || end != text.data() + text.size()) return;
    if (error != std::errc() || !(score >= 1 && score <= 5)) reader.problem(pointer, "this is not from 1 to 5");
}

}  // namespace

std::optional<Rule> read_rule(const Json& json, const std::string& file, const std::string& policy, const std::string& stem,
                              Bench& bench, Problems& problems) {
    const std::size_t before = problems.size();
    RuleReader reader(file, problems);
    if (!reader.object(json, "",
                       {"id", "version", "over?", "ask?", "title", "when", "likelihood", "impact", "because", "advice",
                        "consideration", "references", "never_undecided?", "examples"})) {
        return std::nullopt;
    }
    Rule rule;
    PolicyPacks::RuleSummary& summary = rule.summary;
    summary.policy = policy;
    summary.id = json["id"].string();
    if (!good_id(summary.id)) {
        reader.problem("/id", "an id is made of a-z, 0-9 and -, at most 64 of them");
    } else if (!stem.empty() && summary.id != stem) {
        reader.problem("/id", "the id is not the name of its file");
    }
    summary.version = static_cast<int>(std::clamp<std::int64_t>(json["version"].integer(), 0, 1'000'000));
    if (summary.version < 1) reader.problem("/version", "a version is a number from 1 on");
    summary.over = json.has("over") ? json["over"].string() : "facts";
    if (summary.over != "facts" && summary.over != "groups") {
        reader.problem("/over", "this is not facts or groups");
        return std::nullopt;
    }
    summary.file = file;
    summary.ask = json.has("ask") ? json["ask"].string() : "asset";
    if (summary.ask != "asset" && summary.ask != "vendor" && summary.ask != "site") {
        reader.problem("/ask", "this is not asset, vendor or site");
    } else if (json.has("ask") && summary.over == "groups") {
        reader.problem("/ask", "a question about a group is asked of that group");
    }
    summary.title = reader.texts(json["title"], "/title");
    summary.advice = reader.texts(json["advice"], "/advice");
    rule.because = reader.texts(json["because"], "/because");
    read_placeholders(reader, rule.because.nl, "/because/nl", rule);
    read_placeholders(reader, rule.because.en, "/because/en", rule);
    summary.consideration = json["consideration"].string();
    if (!json["consideration"].is_string() || !good_consideration(summary.consideration)) {
        reader.problem("/consideration", "this is not 1, 2, 3A, 3B, several of them with commas, or empty");
    }
    if (!json["references"].is_array()) reader.problem("/references", "this is not a list");
    for (std::size_t i = 0; i < json["references"].items().size(); ++i) {
        const Json& reference = json["references"].at(i);
        const std::string pointer = fmt::format("/references/{}", i);
        if (!reader.object(reference, pointer, {"title", "address?"})) continue;
        summary.references.push_back({reader.text_or_texts(reference["title"], pointer + "/title"),
                                      reference.has("address") ? reader.text(reference["address"], pointer + "/address") : ""});
    }
    summary.when = expression_text(reader, json, "when");
    summary.likelihood = expression_text(reader, json, "likelihood");
    summary.impact = expression_text(reader, json, "impact");
    check_score(reader, "/likelihood", summary.likelihood);
    check_score(reader, "/impact", summary.impact);
    Expression scores;
    check_text(reader, bench, "when", summary.when, rule, rule.condition);
    check_text(reader, bench, "likelihood", summary.likelihood, rule, scores);
    check_text(reader, bench, "impact", summary.impact, rule, scores);
    summary.uses.assign(rule.reads.begin(), rule.reads.end());
    if (!summary.when.empty() && rule.condition.facts.empty()) reader.problem("/when", "the condition reads no fact at all");
    summary.hash = sha256(fmt::format("{}\x1f{}\x1f{}\x1f{}", summary.over, summary.when, summary.likelihood, summary.impact))
                       .substr(0, 12);

    if (!json["examples"].is_array()) reader.problem("/examples", "this is not a list");
    for (std::size_t i = 0; i < json["examples"].items().size(); ++i) {
        rule.examples.push_back(read_example(reader, json["examples"].at(i), fmt::format("/examples/{}", i), rule));
    }
    const auto has = [&](std::string_view verdict) {
        return std::any_of(rule.examples.begin(), rule.examples.end(),
                           [&](const RuleExample& e) { return e.verdict == verdict; });
    };
    if (!has("fires")) reader.problem("/examples", "no example fires");
    if (!has("does_not")) reader.problem("/examples", "there is no example that does not fire");
    const bool never = json.has("never_undecided");
    if (never) reader.text(json["never_undecided"], "/never_undecided");
    if (problems.size() != before) return std::nullopt;
    // One of both: an example that is undecided, or a reason why there can be none, which is put to the proof.
    if (has("undecided")) {
        if (never) reader.problem("/never_undecided", "an example of this rule is undecided");
    } else if (can_be_undecided(bench, rule)) {
        reader.problem(never ? "/never_undecided" : "/examples",
                       "a fact of this rule can be unknown and leave it undecided, but no example is undecided");
    } else if (!never) {
        reader.problem("/examples", "no example is undecided, and \"never_undecided\" does not say why there can be none");
    }
    if (problems.size() != before) return std::nullopt;
    return rule;
}

}  // namespace herkomst
