#include "cli/assess_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "cli/terminal.h"
#include "core/text.h"
#include "exports/spreadsheet.h"
#include "imports/table.h"

namespace herkomst {

namespace {

using namespace std::chrono_literals;

constexpr std::array<std::string_view, 18> columns = {
    "question", "scope",  "key", "about", "text",    "consideration", "takes", "assets",        "waiting",
    "proposal", "answer", "by",  "date",  "expires", "source",        "note",  "questionnaire", "tlp"};

// Headers that people write over ours.
std::string_view answer_column(std::string_view header) {
    constexpr std::pair<std::string_view, std::string_view> others[] = {{"vraag", "question"},
                                                                        {"soort", "scope"},
                                                                        {"sleutel", "key"},
                                                                        {"antwoord", "answer"},
                                                                        {"door", "by"},
                                                                        {"beantwoord door", "by"},
                                                                        {"datum", "date"},
                                                                        {"geldig tot", "expires"},
                                                                        {"bron", "source"},
                                                                        {"toelichting", "note"},
                                                                        {"vragenlijst", "questionnaire"}};
    header = trimmed(header);
    for (const std::string_view column : columns) {
        if (equal_ignoring_case(header, column)) return column;
    }
    for (const auto& [nl, column] : others) {
        if (equal_ignoring_case(header, nl)) return column;
    }
    return {};
}

std::string text_of(const Ask& ask, const std::string& language) {
    std::string out = ask.question->text.in(language);
    for (const Texts* more : {&ask.question->help, &ask.question->evidence}) {
        if (more->nl.empty()) continue;
        const bool evidence = more == &ask.question->evidence;
        out += fmt::format(" {}{}{}", evidence ? (language == "nl" ? "[Bewijs: " : "[Evidence: ") : "", more->in(language),
                           evidence ? "]" : "");
    }
    return out;
}

std::map<std::string_view, std::string> cells_of(const Ask& ask, const Questionnaire& asked, const std::string& language) {
    const AnswerScale& scale = asked.scale_of(*ask.question);
    std::map<std::string_view, std::string> out;
    out["question"] = ask.question->id;
    out["scope"] = name(ask.place.scope);
    out["key"] = ask.place.key;
    out["about"] = ask.label;
    out["text"] = text_of(ask, language);
    out["consideration"] = ask.question->consideration;
    out["takes"] = scale.takes(language);
    out["assets"] = std::to_string(ask.assets.size());
    out["waiting"] = join(ask.waiting, ", ");
    // Options in their words, as `takes` names them; all else as it is read again.
    const bool options = scale.kind == AnswerScale::Kind::Choice || scale.kind == AnswerScale::Kind::Choices;
    if (!ask.proposal.empty()) out["proposal"] = options ? scale.shown(ask.proposal, language) : ask.proposal;
    out["questionnaire"] = asked.named();
    if (ask.held != nullptr && !ask.open) {
        out["answer"] = options && language == "nl" ? scale.shown(ask.held->value, language) : ask.held->value;
        out["by"] = ask.held->by;
        out["date"] = rfc3339(ask.held->at);
        out["expires"] = rfc3339(ask.held->expires);
        out["source"] = ask.held->source;
        out["note"] = ask.held->note;
    }
    return out;
}

struct Row {
    std::size_t line = 0;
    std::string pointer;  // of JSON, whose lines may be one
    std::map<std::string, std::string, std::less<>> cells;

    [[nodiscard]] std::string_view cell(std::string_view column) const {
        const auto found = cells.find(column);
        return found == cells.end() ? std::string_view() : std::string_view(found->second);
    }
};

// "FILE:3", of JSON "FILE:3: /answers/0 (question-id)".
std::string place_of(std::string_view name, const Row& row) {
    const std::string line = fmt::format("{}:{}", name, row.line);
    if (row.pointer.empty()) return line;
    const std::string question = clean(trimmed(row.cell("question")), 80);
    return fmt::format("{}: {}{}", line, row.pointer, question.empty() ? "" : " (" + question + ")");
}

// The lines on which the items of the list "answers" of the outermost object begin.
std::vector<std::size_t> lines_of_answers(std::string_view json) {
    std::vector<std::size_t> out;
    std::size_t line = 1;
    int depth = 0;
    bool inside = false;  // of the list
    std::string last;     // the last text at depth 1: the key before a list
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (c == '\n') ++line;
        if (c == '"') {
            const std::size_t from = i + 1;
            for (++i; i < json.size() && json[i] != '"'; ++i) {
                if (json[i] == '\\') ++i;
            }
            if (depth == 1) last = std::string(json.substr(from, std::min(i, json.size()) - std::min(from, json.size())));
        } else if (c == '{' || c == '[') {
            if (inside && depth == 2) out.push_back(line);
            if (c == '[' && depth == 1 && last == "answers") inside = true;
            ++depth;
        } else if (c == '}' || c == ']') {
            --depth;
            if (depth == 1) inside = false;
        } else if (inside && depth == 2 && c != ',' && c != ' ' && c != '\t' && c != '\r' && c != '\n') {
            // What is no object is an item too.
            out.push_back(line);
            while (i + 1 < json.size() && std::string_view(",]} \t\r\n").find(json[i + 1]) == std::string_view::npos) ++i;
        }
    }
    return out;
}

std::string as_text(const Json& value) {
    if (value.is_integer()) return std::to_string(value.integer());
    if (value.is_bool()) return value.boolean() ? "yes" : "no";
    std::string out;
    for (const Json& item : value.items()) out += (out.empty() ? "" : ",") + as_text(item);
    return value.is_array() ? out : value.string();
}

std::vector<Row> json_rows(std::string_view content, std::string_view name, Problems& problems) {
    std::vector<Row> out;
    const Result<Json> json = parse_json(content, name);
    if (!json) {
        problems = json.problems();
        return out;
    }
    const Json& answers = json.value()["answers"];
    if (!answers.is_array() || json.value()["schema"].string() != answers_schema) {
        problems.push_back(
            {std::string(name), fmt::format("this is no file of answers: schema {} and a list \"answers\"", answers_schema)});
        return out;
    }
    const std::vector<std::size_t> lines = lines_of_answers(content);
    for (std::size_t i = 0; i < answers.items().size(); ++i) {
        Row row;
        row.line = i < lines.size() ? lines[i] : 1;
        row.pointer = fmt::format("/answers/{}", i);
        if (!answers.at(i).is_object()) problems.push_back({place_of(name, row), "this is not an object"});
        for (const auto& [key, value] : answers.at(i).members()) {
            if (!answer_column(key).empty()) row.cells[std::string(answer_column(key))] = as_text(value);
        }
        row.cells.try_emplace("questionnaire", json.value()["questionnaire"].string());
        out.push_back(std::move(row));
    }
    return out;
}

std::vector<Row> csv_rows(std::string_view content, std::string_view name, Problems& problems) {
    std::vector<Row> out;
    Table table = read_table(content, name);
    problems = std::move(table.problems);
    std::vector<std::string_view> meanings;
    for (const std::string& header : table.headers) meanings.push_back(answer_column(header));
    for (const std::string_view needed : {"question", "scope", "key", "answer"}) {
        if (std::find(meanings.begin(), meanings.end(), needed) == meanings.end())
            problems.push_back({fmt::format("{}:{}", name, std::max<std::uint64_t>(1, table.header_line)),
                                fmt::format("there is no column \"{}\"", needed)});
    }
    for (const TableRow& each : table.rows) {
        Row row;
        row.line = each.line;
        for (std::size_t i = 0; i < std::min(each.cells.size(), meanings.size()); ++i) {
            std::string_view cell = each.cells[i];
            // As Spreadsheet put it there, so that no program takes the cell for a formula.
            if (cell.size() > 1 && cell.front() == '\'' &&
                std::string_view("=+-@\t\r'").find(cell[1]) != std::string_view::npos)
                cell.remove_prefix(1);
            if (!meanings[i].empty()) row.cells[std::string(meanings[i])] = cell;
        }
        out.push_back(std::move(row));
    }
    return out;
}

// Taken back after the day it is of: a file from before does not bring it back. Empty: it is of after that.
std::string taken_back_since(const GivenAnswer& answer, const AnswerFileOptions& options) {
    const auto back = options.taken_back.find({answer.question, {answer.scope, answer.key}});
    if (back == options.taken_back.end() || answer.at >= back->second.at) return {};
    return fmt::format(
        fmt::runtime(options.language == "nl" ? "{} heeft dit antwoord op {} ingetrokken, en dit is van {}: niet overgenomen"
                                              : "{} withdrew this answer on {}, and this one is of {}: kept out"),
        back->second.by, day_part(back->second.at), day_part(answer.at));
}

bool same(const GivenAnswer& a, const GivenAnswer& b) {
    return a.value == b.value && a.by == b.by && a.source == b.source && a.note == b.note && day_part(a.at) == day_part(b.at) &&
           day_part(a.expires) == day_part(b.expires);
}

}  // namespace

std::string write_asks(const std::vector<Ask>& asks, const Questionnaire& asked, const AskFileOptions& how) {
    if (how.csv) {
        Spreadsheet sheet({columns.begin(), columns.end()}, how.delimiter, how.bom);
        for (const Ask& ask : asks) {
            auto cells = cells_of(ask, asked, how.language);
            cells["tlp"] = how.tlp;
            std::vector<std::string> row;
            for (const std::string_view column : columns) row.push_back(std::move(cells[column]));
            sheet.row(row);
        }
        return sheet.take(how.tlp);
    }
    Json out = Json::object();
    out["schema"] = answers_schema;
    out["tlp"] = how.tlp;
    out["questionnaire"] = asked.named();
    out["about"] = asked.about.in(how.language);
    out["answers"] = Json::array();
    for (const Ask& ask : asks) {
        Json row = Json::object();
        for (auto& [column, cell] : cells_of(ask, asked, how.language)) {
            if (column != "questionnaire") row[column] = std::move(cell);
        }
        for (const char* column : {"answer", "by", "date", "expires", "source", "note"}) {
            if (!row.has(column)) row[column] = "";
        }
        out["answers"].push(std::move(row));
    }
    return write_json_pretty(out) + "\n";
}

Result<GivenAnswer> checked_answer(const Questionnaire& asked, const Question& question, const AnswerPlace& about,
                                   const SaidAnswer& said, Time now, std::string_view place, std::string_view language) {
    const auto in = [&](const char* dutch, const char* english) { return language == "nl" ? dutch : english; };
    Problems problems;
    const auto wrong = [&](std::string sentence) { problems.push_back({std::string(place), std::move(sentence)}); };
    GivenAnswer out;
    out.question = question.id;
    out.scope = about.scope;
    out.key = about.key;
    out.questionnaire = asked.named();
    const Result<std::string> value = asked.scale_of(question).read(said.answer);
    if (value) {
        out.value = value.value();
    } else if (language == "nl") {
        wrong(fmt::format("\"{}\" past hier niet; mogelijk: {}{}", clean(said.answer, 60), asked.scale_of(question).takes("nl"),
                          asked.scale_of(question).hint(said.answer, "nl")));
    } else {
        for (const Problem& problem : value.problems()) wrong(problem.sentence);
    }
    out.by = clean(said.by, 200);
    if (out.by.empty()) wrong(in("er staat niet wie antwoordt: \"by\" of --by", "nobody is named who answers: \"by\" or --by"));
    out.at = now;
    const char* no_date = in("\"{}\" is geen datum als 2026-11-27", "\"{}\" is no date such as 2026-11-27");
    if (!trimmed(said.date).empty()) {
        const auto at = parse_rfc3339(trimmed(said.date));
        if (!at) {
            wrong(fmt::format(fmt::runtime(no_date), clean(said.date, 40)));
        } else if (*at > now) {
            wrong(in("de datum van het antwoord ligt in de toekomst", "the date of the answer is in the future"));
        } else if (day_part(*at) != day_part(now)) {
            out.at = *at;
        }
    }
    const Time latest = out.at + std::chrono::days(question.valid_days);
    out.expires = latest;
    if (!trimmed(said.expires).empty()) {
        const auto expires = parse_rfc3339(trimmed(said.expires));
        if (!expires) {
            wrong(fmt::format(fmt::runtime(no_date), clean(said.expires, 40)));
        } else if (*expires <= out.at) {
            wrong(in("het antwoord verloopt voordat het is gegeven", "the answer ends before it was given"));
        } else if (*expires > latest) {
            wrong(fmt::format(fmt::runtime(in("een antwoord op deze vraag geldt ten hoogste {} dagen, hier tot {}",
                                              "an answer to this question holds for {} days at most, here until {}")),
                              question.valid_days, day_part(latest)));
        } else {
            out.expires = *expires;
        }
    }
    if (problems.empty() && !out.holds(now))
        wrong(
            fmt::format(fmt::runtime(in("dit antwoord is verlopen op {}", "this answer ended on {}")), day_part(out.expires)));
    out.source = clean(said.source, 2000);
    if (says_no_source(out.source)) out.source.clear();
    out.note = clean(said.note, 2000);
    if (question.needs_source && out.source.empty() && !out.unknown())
        wrong(in("bij deze vraag hoort een bron: waarop het antwoord rust, waar dat te lezen is, met datum",
                 "this question needs a source: what the answer rests on, where that can be read, with its date"));
    if (!problems.empty()) return problems;
    return out;
}

Result<AnswersRead> read_answers(std::string_view raw, std::string_view name, const Questionnaire& asked,
                                 const AnswerFileOptions& options) {
    Problems problems;
    const std::string content = as_utf8(raw);
    const std::size_t start = content.find_first_not_of(" \t\r\n\xef\xbb\xbf");
    const bool json = start != std::string::npos && content[start] == '{';
    const std::vector<Row> rows = json ? json_rows(content, name, problems) : csv_rows(content, name, problems);
    AnswersRead out;
    std::map<std::tuple<std::string, AnswerScope, std::string>, const Row*> answered;
    for (const Row& row : rows) {
        ++out.rows;
        const std::string place = place_of(name, row);
        const auto wrong = [&](std::string sentence) { problems.push_back({place, std::move(sentence)}); };
        if (trimmed(row.cell("answer")).empty()) {
            ++out.empty;
            continue;
        }
        const std::string_view id = trimmed(row.cell("question"));
        const Question* question = asked.question(id);
        const auto scope = scope_named(lower(trimmed(row.cell("scope"))));
        const std::string_view from = trimmed(row.cell("questionnaire"));
        if (question == nullptr) wrong(fmt::format("the questionnaire {} has no question \"{}\"", asked.id, clean(id, 80)));
        if (!scope) wrong(fmt::format("there is no scope \"{}\"", clean(row.cell("scope"), 80)));
        if (!from.empty() && from.substr(0, from.find(' ')) != asked.id)
            wrong(fmt::format("this row belongs to another questionnaire: \"{}\"", clean(from, 80)));
        if (question == nullptr || !scope) continue;
        const AnswerPlace about{*scope, std::string(trimmed(row.cell("key")))};
        const bool by_site =
            *scope == AnswerScope::Site && (question->scope == AnswerScope::Zone || question->scope == AnswerScope::Process);
        if (*scope != question->scope && *scope != AnswerScope::Asset && !by_site) {
            wrong(fmt::format("this question is asked about each {}, or about an asset", herkomst::name(question->scope)));
            continue;
        }
        if (!options.places.contains(about))
            wrong(fmt::format("the register holds no {} \"{}\"", herkomst::name(*scope), clean(about.key, 80)));
        SaidAnswer said{std::string(row.cell("answer")),  std::string(row.cell("by")),     std::string(row.cell("date")),
                        std::string(row.cell("expires")), std::string(row.cell("source")), std::string(row.cell("note"))};
        if (trimmed(said.by).empty()) said.by = options.by;
        Result<GivenAnswer> answer = checked_answer(asked, *question, about, said, options.now, place, options.language);
        if (!answer) {
            problems.insert(problems.end(), answer.problems().begin(), answer.problems().end());
            continue;
        }
        const auto [first, fresh] = answered.try_emplace({question->id, about.scope, about.key}, &row);
        if (!fresh) {
            if (row.pointer.empty())
                wrong(fmt::format("line {} answers the same question about the same thing", first->second->line));
            else
                wrong(fmt::format("{} answers this question about the same thing too", first->second->pointer));
            continue;
        }
        const GivenAnswer* held = options.book == nullptr ? nullptr : options.book->about(question->id, about);
        if (held != nullptr && same(*held, answer.value())) {
            ++out.unchanged;
        } else if (const std::string since = taken_back_since(answer.value(), options); !since.empty()) {
            out.kept_out.push_back({place, since});
        } else if (held != nullptr && day_part(answer.value().at) < day_part(held->at)) {
            wrong(fmt::format("{} answered this later, on {}", held->by, day_part(held->at)));
        } else {
            // Of one day, what is taken in last is the later one.
            if (held != nullptr) answer.value().at = std::max(answer.value().at, held->at);
            out.answers.push_back(std::move(answer.value()));
            out.places.push_back(place);
        }
    }
    if (!problems.empty()) return problems;
    return out;
}

}  // namespace herkomst
