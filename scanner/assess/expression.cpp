#include "assess/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "core/holds.h"
#include "core/text.h"

namespace herkomst {

namespace {

enum class Kind : std::uint8_t { Word, Number, Text, Sign, End };

struct Token {
    Kind kind = Kind::End;
    std::string text;  // words in lower case; texts without their quotes
};

constexpr std::size_t longest = 4000;
constexpr std::size_t deepest = 40;

constexpr std::array<std::string_view, 6> functions = {"known", "lower", "upper", "length", "abs", "round"};
constexpr std::array<std::string_view, 6> keywords = {"and", "or", "not", "in", "between", "like"};
constexpr std::array<std::string_view, 15> swallowers = {"is",     "isnull", "notnull", "case",     "coalesce",
                                                         "ifnull", "iif",    "nullif",  "exists",   "select",
                                                         "null",   "filter", "likely",  "unlikely", "likelihood"};

bool starts_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// False with a sentence where the text is no sequence of tokens.
bool cut(std::string_view text, std::vector<Token>& tokens, std::vector<std::string>& problems) {
    std::size_t at = 0;
    while (at < text.size()) {
        const char c = text[at];
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            ++at;
        } else if (starts_word(c)) {
            std::size_t end = at;
            while (end < text.size() && (starts_word(text[end]) || is_digit(text[end]))) ++end;
            tokens.push_back({Kind::Word, lower(text.substr(at, end - at))});
            at = end;
        } else if (is_digit(c)) {
            std::size_t end = at;
            while (end < text.size() && (is_digit(text[end]) || text[end] == '.')) ++end;
            const std::string number(text.substr(at, end - at));
            if (number.size() > 15 || std::count(number.begin(), number.end(), '.') > 1 || number.back() == '.' ||
                (end < text.size() && starts_word(text[end]))) {
                problems.push_back(fmt::format("\"{}\" is not a plain number", clean(text.substr(at, end - at + 1))));
                return false;
            }
            tokens.push_back({Kind::Number, number});
            at = end;
        } else if (c == '\'') {
            std::string literal;
            std::size_t end = at + 1;
            for (;; ++end) {
                if (end >= text.size()) {
                    problems.emplace_back("a text is not closed with '");
                    return false;
                }
                if (text[end] != '\'') {
                    literal += text[end];
                } else if (end + 1 < text.size() && text[end + 1] == '\'') {
                    literal += '\'';
                    ++end;
                } else {
                    break;
                }
            }
            if (literal.find('\0') != std::string::npos) {
                problems.emplace_back("a text holds a NUL character");
                return false;
            }
            tokens.push_back({Kind::Text, std::move(literal)});
            at = end + 1;
        } else {
            static constexpr std::array<std::string_view, 15> signs = {"==", "<>", "!=", "<=", ">=", "||", "(", ")",
                                                                       ",",  "=",  "<",  ">",  "+",  "-",  "*"};
            if (text.substr(at, 2) == "--" || text.substr(at, 2) == "->") {
                problems.push_back(fmt::format("\"{}\" is not part of the language of rules", text.substr(at, 2)));
                return false;
            }
            const auto* const sign =
                std::find_if(signs.begin(), signs.end(), [&](std::string_view s) { return text.substr(at, s.size()) == s; });
            if (sign == signs.end()) {
                const std::string shown = clean(text.substr(at, 1));
                problems.push_back(
                    c == '"' ? std::string("texts stand in single quotes, facts in none: \" is refused")
                    : c == '/' || c == '%'
                        ? fmt::format("\"{}\" is refused: a division by zero would be a NULL that nothing unknown explains", c)
                        : fmt::format("\"{}\" is not part of the language of rules",
                                      shown.empty() ? "control character" : shown));
                return false;
            }
            tokens.push_back({Kind::Sign, std::string(*sign)});
            at += sign->size();
        }
    }
    tokens.push_back({});
    return true;
}

double number_of(const std::string& text) {
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

std::vector<std::string> check_expression(std::string_view text, std::span<const FactColumn> columns, Expression& into) {
    std::vector<std::string> problems;
    if (trimmed(text).empty()) return {"the expression is empty"};
    if (text.size() > longest) return {fmt::format("the expression is longer than {} characters", longest)};
    std::vector<Token> tokens;
    if (!cut(text, tokens, problems)) return problems;

    const auto sign_at = [&](std::size_t i, std::string_view sign) {
        return i < tokens.size() && tokens[i].kind == Kind::Sign && tokens[i].text == sign;
    };
    const auto is_fact = [&](const std::string& word) {
        return std::any_of(columns.begin(), columns.end(), [&](const FactColumn& column) { return column.name == word; });
    };
    std::size_t depth = 0;
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
        const Token& token = tokens[i];
        if (token.kind == Kind::Text) {
            into.texts.push_back(token.text);
        } else if (token.kind == Kind::Number) {
            into.numbers.push_back(number_of(token.text));
        } else if (token.kind == Kind::Sign) {
            if (token.text == "(" && ++depth > deepest) return {fmt::format("more than {} nested parentheses", deepest)};
            if (token.text == ")" && depth-- == 0) return {"a parenthesis is closed that was not opened"};
        } else if (holds(swallowers, token.text)) {
            problems.push_back(fmt::format(
                "\"{}\" is refused: it would turn what is unknown into an answer; known(fact) says it openly", token.text));
        } else if (token.text == "in") {
            // Only a list of literals: IN () and IN (SELECT ...) swallow NULL.
            std::size_t j = i + 1;
            bool good = sign_at(j++, "(");
            while (good) {
                if (sign_at(j, "-")) ++j;
                good = j < tokens.size() && (tokens[j].kind == Kind::Text || tokens[j].kind == Kind::Number);
                if (!good || !sign_at(j + 1, ",")) break;
                j += 2;
            }
            if (!good || !sign_at(j + 1, ")")) problems.emplace_back("IN takes a list of literals, at least one");
        } else if (sign_at(i + 1, "(") && !holds(keywords, token.text)) {
            if (!holds(functions, token.text)) {
                problems.push_back(
                    fmt::format("the function \"{}\" is not allowed; these are: {}", token.text, fmt::join(functions, ", ")));
            } else if (token.text == "known" &&
                       !(i + 3 < tokens.size() && tokens[i + 2].kind == Kind::Word && sign_at(i + 3, ")"))) {
                problems.emplace_back("known() takes the name of one fact");
            }
        } else if (!holds(keywords, token.text)) {
            if (is_fact(token.text)) {
                into.facts.insert(token.text);
            } else {
                problems.push_back(fmt::format("there is no fact \"{}\"", token.text));
            }
        }
    }
    if (depth != 0) problems.emplace_back("a parenthesis is not closed");
    return problems;
}

}  // namespace herkomst
