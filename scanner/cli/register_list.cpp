// herkomst register list: what stands in the register today, filtered and sorted.
#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "cli/register_actions.h"
#include "cli/terminal.h"
#include "core/text.h"
#include "register/lifecycle.h"
#include "register/redact.h"
#include "report/words.h"

namespace herkomst {

namespace {

// Codes that may stand in a column; empty: anything may.
std::vector<std::string_view> codes_of(const std::string& column, const std::string& what) {
    constexpr std::string_view observations[] = {"observed", "imported_only", "not_observed", "refuted", "out_of_scope"};
    constexpr std::string_view bands[] = {"low", "medium", "high", "critical"};
    constexpr std::string_view kinds[] = {"device", "part", "software", "service"};
    constexpr std::string_view said[] = {"is", "same", "not_same"};
    if (column == "status") return {finding_statuses.begin(), finding_statuses.end()};
    if (column == "observation") return {std::begin(observations), std::end(observations)};
    if (column == "band") return {std::begin(bands), std::end(bands)};
    if (column == "kind" && what == "assets") return {std::begin(kinds), std::end(kinds)};
    if (column == "kind" && what == "assertions") return {std::begin(said), std::end(said)};
    return {};
}

bool fits(const std::string& column, const std::string& cell, const std::string& value) {
    return equal_ignoring_case(cell, value) || equal_ignoring_case(cell_in(column, cell, "nl"), value);
}

// A maker stands in a list by his name; he may be asked for by the name under which the vendor data has him, too.
std::string cell_asked_for(const std::string& column, const std::string& value, const Overview& all) {
    const auto of_that_slug = std::find_if(all.assets.begin(), all.assets.end(), [&](const OverviewAsset& asset) {
        return !asset.maker.empty() && equal_ignoring_case(asset.maker, value);
    });
    return column == "maker" && of_that_slug != all.assets.end() ? of_that_slug->maker_name : value;
}

bool stands_in(const std::string& column, const std::string& value, const RowTable& table) {
    const std::size_t at = column_of(table, column);
    return at < table.columns.size() &&
           std::any_of(table.rows.begin(), table.rows.end(), [&](const auto& row) { return fits(column, row[at], value); });
}

// A value that stands nowhere in this register was probably not meant: a list of nothing would hide that.
void check_filter(const std::string& column, const std::string& value, const std::string& what, const Register& held,
                  const Overview& all, const RegisterAsked& asked, Problems& problems) {
    const std::string place = "--" + column + " " + value;
    if (const auto codes = codes_of(column, what); !codes.empty()) {
        std::string listed;
        for (const std::string_view code : codes) {
            if (fits(column, std::string(code), value)) return;
            const std::string word = cell_in(column, std::string(code), asked.lang);
            listed += (listed.empty() ? "" : ", ") + (word == code ? word : fmt::format("{} ({})", word, code));
        }
        problems.push_back({place, either(asked.lang, "is none of ", "is geen van ") + listed});
        return;
    }
    if (column == "kind" && what == "measures" && refused_value("measure", "kind", value).empty()) return;
    RegisterAsked without = asked;
    without.overdue = without.closable = false;
    for (const char* list : {"findings", "questions", "assets", "measures"}) {
        const std::optional<RowTable> table = table_of(list, held, all, without);
        if (stands_in(column, value, *table)) return;
    }
    // What was set at a supplier says nothing of whether there is anything of his.
    if (column == "maker" || work_of(held, column == "owner" ? "person" : column, value).empty())
        problems.push_back({place, either(asked.lang, "stands nowhere in this register", "komt in dit register niet voor")});
}

// A list by its name in either language.
std::string list_meant(const std::string& said) {
    constexpr std::pair<std::string_view, std::string_view> names[] = {
        {"bevindingen", "findings"},      {"vragen", "questions"},      {"beheersmaatregelen", "measures"},
        {"vaststellingen", "assertions"}, {"instellingen", "settings"}, {"inventarisaties", "runs"}};
    for (const auto& [nl, en] : names) {
        if (said == nl) return std::string(en);
    }
    return said;
}

}  // namespace

int register_list(const RegisterAsked& asked) {
    const std::string& lang = asked.lang;
    if (asked.words.size() > 1)
        return refuse_register(either(lang,
                                      "list takes one word: findings, questions, assets, measures, assertions, settings, runs",
                                      "bij list hoort \u00e9\u00e9n woord: findings (bevindingen), questions (vragen), assets, "
                                      "measures (beheersmaatregelen), "
                                      "assertions (vaststellingen), settings (instellingen), runs (inventarisaties)"));
    const std::string what = asked.words.empty() ? "findings" : list_meant(asked.words.front());
    const Register held = Register::open_to_read(asked.path);
    Overview all = overview(held, nullptr);
    const Overview whole = asked.redact ? all : Overview();
    if (asked.redact) {
        if (what == "assertions" || what == "settings")
            return refuse_register(
                either(lang, "--redact is for findings, questions, assets, measures and runs",
                       "--redact is voor bevindingen, vragen, assets, beheersmaatregelen en inventarisaties"));
        all = redacted(std::move(all), category_words, lang);
    }
    std::optional<RowTable> table = table_of(what, held, all, asked);
    if (!table)
        return refuse_register(
            either(lang, "there is no list \"" + what + "\": findings, questions, assets, measures, assertions, settings, runs",
                   "er is geen lijst \"" + what + "\": findings, questions, assets, measures, assertions, settings, runs"));
    Problems problems;
    const std::string no_column = either(lang, "is no column of ", "is geen kolom van ") + what;
    for (const auto& [column, value] : asked.filters) {
        const std::size_t index = column_of(*table, column);
        if (index == table->columns.size()) {
            problems.push_back({"--" + column, no_column});
            continue;
        }
        const std::string wanted = cell_asked_for(table->columns[index], value, all);
        std::erase_if(table->rows, [&](const auto& row) { return !fits(table->columns[index], row[index], wanted); });
    }
    if (table->rows.empty() && problems.empty()) {
        for (const auto& [column, said] : asked.filters) {
            const std::string value = cell_asked_for(table->columns[column_of(*table, column)], said, all);
            if (asked.redact && stands_in(column, value, *table_of(what, held, whole, asked))) {
                problems.push_back(
                    {"--" + column + " " + value, either(lang, "stands there, but --redact takes it out: one of the two",
                                                         "staat er wel, maar --redact haalt het weg: kies een van beide")});
            } else {
                check_filter(column, value, what, held, asked.redact ? whole : all, asked, problems);
            }
        }
    }
    for (const auto& [given, option] : {std::pair(asked.overdue, "--overdue"), {asked.closable, "--closable"}}) {
        if (given && what != "findings" && what != "questions")
            problems.push_back({option, either(lang, "is for findings and questions", "is voor bevindingen en vragen")});
    }
    if (!sort_rows(*table, asked.sort)) problems.push_back({"--sort " + asked.sort, no_column});
    if (!problems.empty()) return complain(problems, lang);
    // Where the rules' bands lead throughout, people need not see them twice.
    const std::size_t leads = column_of(*table, "band");
    const std::size_t ruled = column_of(*table, "rule_band");
    if (asked.format == "table" && ruled < table->columns.size() &&
        std::all_of(table->rows.begin(), table->rows.end(), [&](const auto& row) { return row[ruled] == row[leads]; })) {
        for (auto& row : table->rows) row[ruled].clear();
    }
    print_rows(std::move(*table), asked.format, all.tlp, lang);
    return exit_done;
}

}  // namespace herkomst
