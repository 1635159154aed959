// The command line: declared first, then read in one pass. Long and short names, `--name value`, `--name=value`, `-nvalue`,
// `--` before words that begin with a dash; `-` alone is a word. All that is wrong is said at once.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>
#include <utility>

#include "cli/command.h"
#include "core/clock.h"
#include "core/phrases.h"
#include "core/printed.h"
#include "core/utf8.h"

namespace herkomst {

namespace {

// What is wrong with words, as Options and the checks of commands say it.
constexpr Phrase phrases[] = {
    {"{} cannot be \"{}\": it is one of {}", "{1} kan niet \"{2}\" zijn: het is een van {3}"},
    {"\"{}\" is not UTF-8", "\"{1}\" is geen UTF-8"},
    {"{} takes a whole number, \"{}\" is none", "{1} vraagt een geheel getal; \"{2}\" is dat niet"},
    {"{} takes a value, and this one is empty", "{1} vraagt een waarde, en deze is leeg"},
    {"{} takes a value", "{1} vraagt een waarde"},
    {"{} takes no value", "{1} vraagt geen waarde"},
    {"{} takes a time like {}", "{1} vraagt een tijd zoals {2}"},
    {"{} \"{}\" is not a time like {}", "{1} \"{2}\" is geen tijd zoals {3}"},
    {"{} is given twice", "{1} staat er twee keer"},
    {"\"{}\" is not known; did you mean {}?", "\"{1}\" is niet bekend; bedoelt u {2}?"},
    {"\"{}\" is not known", "\"{1}\" is niet bekend"},
    {"\"{}\" is one word too many", "\"{1}\" is een woord te veel"},
    {"{} is missing", "{1} ontbreekt"},
    {"{} --help tells what it takes.", "{1} --help zegt wat kan."},
    {"{} is from {} to {}", "{1} is van {2} tot en met {3}"},
    {"{} must be from {} to {}", "{1} is van {2} tot en met {3}"},
    {"{} must be at least {}", "{1} is ten minste {2}"},
    {"{} must be a whole path", "{1} is een volledig pad"},
    {"{} stops before the register: leave out {}; nothing was sent",
     "{1} stopt v\u00f3\u00f3r het register: laat {2} weg; er is niets verzonden"},
    {"{} stops before the register: leave out {} and {}", "{1} stopt v\u00f3\u00f3r het register: laat {2} en {3} weg"},
    {"{} takes an IP address, \"{}\" is none", "{1} vraagt een IP-adres; \"{2}\" is dat niet"},
    {"{} \"{}\" is no address", "{1} \"{2}\" is geen adres"},
    {"{} is a time like {}, \"{}\" is none", "{1} is een tijd zoals {2}; \"{3}\" is dat niet"},
    {"which interface? {}", "welke interface? {1}"},
    {"there is no probe \"{}\"; {} lists them", "er is geen probe \"{1}\"; {2} noemt ze"},
};

std::string in_words_of(std::string_view sentence, bool dutch) {
    const auto as_it_is = [](char, std::string_view one) { return std::optional(std::string(one)); };
    return dutch ? in_dutch_by(phrases, sentence, as_it_is).value_or(std::string(sentence)) : std::string(sentence);
}

struct Option {
    std::vector<std::string> names;  // with their dashes
    std::string help;
    bool* flag = nullptr;
    std::string* text = nullptr;
    unsigned* number = nullptr;
    std::vector<std::string>* texts = nullptr;
    std::vector<std::string> allowed;
    bool given = false;

    [[nodiscard]] const std::string& name() const { return names.back(); }
    // What stands behind the name in the help.
    [[nodiscard]] std::string takes() const {
        if (flag != nullptr) return "";
        if (number != nullptr) return " NUMBER";
        if (allowed.empty()) return " TEXT";
        std::string out;
        for (const std::string& each : allowed) {
            out += out.empty() ? ' ' : '|';
            out += each;
        }
        return out;
    }
};

struct Argument {
    std::string name;
    std::string help;
    bool required = false;
    std::string* one = nullptr;
    std::vector<std::string>* many = nullptr;
};

std::vector<std::string> option_names(std::string_view names) {
    std::vector<std::string> out;
    while (!names.empty()) {
        const std::size_t comma = std::min(names.find(','), names.size());
        out.emplace_back(names.substr(0, comma));
        names.remove_prefix(std::min(comma + 1, names.size()));
    }
    return out;
}

// How many letters must be put in, left out or replaced to make one of the other.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t i = 0; i <= b.size(); ++i) row[i] = i;
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t before = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = before + (a[i] == b[j] ? 0 : 1);
            before = std::exchange(row[j + 1], std::min({replaced, row[j] + 1, row[j + 1] + 1}));
        }
    }
    return row.back();
}

void help_line(std::string& out, std::string left, std::string_view help) {
    constexpr std::size_t column = 34;
    left.insert(0, "  ");
    if (left.size() + 1 > column) {
        left += '\n';
        left.append(column, ' ');
    } else {
        left.append(column - left.size(), ' ');
    }
    out.append(left).append(help) += '\n';
}

}  // namespace

struct Options::Parser {
    std::string program;
    std::string title;
    std::string last_lines;
    std::vector<Option> options;
    std::vector<Argument> arguments;
    std::function<void(std::vector<std::string>&)> check;

    Option& declare(std::string_view names, std::string_view help) {
        Option option;
        option.names = option_names(names);
        option.help = help;
        return options.emplace_back(std::move(option));
    }

    Option* find(std::string_view name) {
        for (Option& option : options) {
            if (std::find(option.names.begin(), option.names.end(), name) != option.names.end()) return &option;
        }
        return nullptr;
    }

    // What is wrong with the value, or nothing.
    static std::string set(Option& option, const std::string& value) {
        // A script's variable that was never set must not be a scan that keeps nothing.
        // Of those that may be given again the command says what is wrong with each.
        if (value.empty() && option.texts == nullptr) return option.name() + " takes a value, and this one is empty";
        if (!option.allowed.empty() && std::find(option.allowed.begin(), option.allowed.end(), value) == option.allowed.end()) {
            std::string out = option.name() + " cannot be \"" + value + "\": it is one of";
            for (const std::string& each : option.allowed) out += (&each == option.allowed.data() ? " " : ", ") + each;
            return out;
        }
        if (option.number != nullptr) {
            const char* const end = value.data() + value.size();
            const auto [stopped, error] = std::from_chars(value.data(), end, *option.number);
            if (error != std::errc() || stopped != end)
                return option.name() + " takes a whole number, \"" + value + "\" is none";
        }
        if (option.text != nullptr) *option.text = value;
        if (option.texts != nullptr) option.texts->push_back(value);
        return "";
    }

    // "; did you mean --register?", where one name is near.
    [[nodiscard]] std::string meant(std::string_view name) const {
        constexpr std::size_t near = 2;
        std::string best;
        std::size_t least = near + 1;
        for (const Option& option : options) {
            if (const std::size_t far = distance(name, option.name()); far < least) {
                least = far;
                best = option.name();
            }
        }
        return best.empty() ? "" : "; did you mean " + best + "?";
    }

    // One word that begins with a dash; `at` moves past the value where there is one.
    std::string read(std::span<const std::string> args, std::size_t& at) {
        const std::string& word = args[at];
        std::string name = word;
        std::string value;
        bool has_value = false;
        if (!word.starts_with("--") && word.size() > 2) {
            name = word.substr(0, 2);
            value = word.substr(2);
            has_value = true;
        } else if (const std::size_t equals = word.find('='); equals != std::string::npos) {
            name = word.substr(0, equals);
            value = word.substr(equals + 1);
            has_value = true;
        }
        Option* const option = find(name);
        if (name == "--now" && option == nullptr) {
            if (!has_value && at + 1 == args.size()) return "--now takes a time like 2026-11-21T12:00:00Z";
            if (!has_value) value = args[++at];
            if (parse_rfc3339(value)) return "--now is given twice";
            return "--now \"" + value + "\" is not a time like 2026-11-21T12:00:00Z";
        }
        if (option == nullptr) return "\"" + word + "\" is not known" + meant(name);
        if (option->given && option->texts == nullptr) return option->name() + " is given twice";
        option->given = true;
        if (option->flag != nullptr) {
            if (has_value) return option->name() + " takes no value";
            *option->flag = true;
            return "";
        }
        if (!has_value) {
            if (at + 1 == args.size() || args[at + 1] == "--" || find(args[at + 1]) != nullptr)
                return option->name() + " takes a value";
            value = args[++at];
        }
        return set(*option, value);
    }

    [[nodiscard]] std::string help() const {
        std::string out = title + "\nUsage: " + program + " [OPTIONS]";
        for (const Argument& argument : arguments) {
            const std::string name = argument.name + (argument.many == nullptr ? "" : "...");
            out += argument.required ? " " + name : " [" + name + "]";
        }
        out += '\n';
        if (!arguments.empty()) out += '\n';
        for (const Argument& argument : arguments) help_line(out, argument.name, argument.help);
        out += "\nOptions:\n";
        help_line(out, "-h,--help", "print this and leave");
        for (const Option& option : options) {
            std::string left;
            for (const std::string& name : option.names) left += (left.empty() ? "" : ",") + name;
            help_line(out, left + option.takes(), option.help);
        }
        if (!last_lines.empty()) out += "\n" + last_lines + "\n";
        return out;
    }
};

Options::Options(std::string_view command, std::string_view title) : parser_(new Parser) {
    parser_->program = "herkomst " + std::string(command);
    parser_->title = title;
}
Options::~Options() { delete parser_; }

void Options::flag(std::string_view names, bool& into, std::string_view help) { parser_->declare(names, help).flag = &into; }
void Options::option(std::string_view names, std::string& into, std::string_view help) {
    parser_->declare(names, help).text = &into;
}
void Options::option(std::string_view names, unsigned& into, std::string_view help) {
    parser_->declare(names, help).number = &into;
}
void Options::one_of(std::string_view names, std::string& into, std::vector<std::string> allowed, std::string_view help) {
    Option& option = parser_->declare(names, help);
    option.text = &into;
    option.allowed = std::move(allowed);
}
void Options::many(std::string_view names, std::vector<std::string>& into, std::string_view help) {
    parser_->declare(names, help).texts = &into;
}
void Options::argument(std::string_view name, std::string& into, std::string_view help, bool required) {
    parser_->arguments.push_back({std::string(name), std::string(help), required, &into, nullptr});
}
void Options::arguments(std::string_view name, std::vector<std::string>& into, std::string_view help, bool required) {
    parser_->arguments.push_back({std::string(name), std::string(help), required, nullptr, &into});
}
void Options::check(std::function<void(std::vector<std::string>&)> check) { parser_->check = std::move(check); }
void Options::footer(std::string_view text) { parser_->last_lines = text; }

bool Options::parse(std::span<const std::string> args, int& exit_code) {
    std::vector<std::string> problems;
    std::vector<std::string> words;
    // What is kept and printed is UTF-8: of anything else a register would say one thing in its tables and another in its
    // events.
    for (const std::string& word : args) {
        if (!is_utf8(word)) problems.push_back("\"" + word + "\" is not UTF-8");
    }
    for (std::size_t at = 0; at < args.size(); ++at) {
        const std::string& word = args[at];
        if (word == "--") {
            words.insert(words.end(), args.begin() + static_cast<std::ptrdiff_t>(at) + 1, args.end());
            break;
        }
        if (word == "-h" || word == "--help") {
            std::fputs(parser_->help().c_str(), stdout);
            exit_code = exit_done;
            return false;
        }
        if (word.size() < 2 || word[0] != '-') {
            words.push_back(word);
        } else if (std::string problem = parser_->read(args, at); !problem.empty()) {
            problems.push_back(std::move(problem));
        }
    }
    std::size_t taken = 0;
    for (const Argument& argument : parser_->arguments) {
        if (taken == words.size()) {
            if (argument.required) problems.push_back(argument.name + " is missing");
        } else if (argument.many != nullptr) {
            argument.many->assign(words.begin() + static_cast<std::ptrdiff_t>(taken), words.end());
            taken = words.size();
        } else {
            *argument.one = words[taken++];
        }
    }
    for (; taken < words.size(); ++taken) problems.push_back("\"" + words[taken] + "\" is one word too many");
    if (parser_->check) parser_->check(problems);
    if (problems.empty()) return true;
    // Also when what is wrong stands before the language.
    const auto lang = std::find(args.begin(), args.end(), "--lang");
    const bool dutch = std::find(args.begin(), args.end(), "--lang=nl") != args.end() ||
                       (lang != args.end() && lang + 1 != args.end() && *(lang + 1) == "nl");
    for (const std::string& problem : problems)
        std::fprintf(stderr, "%s: %s\n", parser_->program.c_str(), printed(in_words_of(problem, dutch)).c_str());
    std::fprintf(stderr, "%s\n", in_words_of(parser_->program + " --help tells what it takes.", dutch).c_str());
    exit_code = exit_usage;
    return false;
}

}  // namespace herkomst
