// The table of duties in rules/README.md names rules, facts and packs that are there.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "assess/assess.h"
#include "core/file.h"
#include "core/text.h"

using namespace herkomst;

namespace duties_test {

TEST_SUITE_BEGIN("assess.duties");

namespace {

std::vector<std::string> rows_of_table() {
    const Result<std::string> page = read_file(HERKOMST_SOURCE_DIR "/rules/README.md", std::size_t{1} << 20);
    REQUIRE(page.ok());
    const std::string heading = "## Which duty the register serves";
    const std::size_t from = page.value().find(heading);
    REQUIRE(from != std::string::npos);
    const std::size_t to = page.value().find("\n## ", from);
    std::vector<std::string> out;
    for (const std::string_view line : split(std::string_view(page.value()).substr(from, to - from), '\n')) {
        if (line.starts_with("| ") && !line.starts_with("| duty")) out.emplace_back(line);
    }
    return out;
}

// What stands between backticks.
std::vector<std::string> named_in(std::string_view row) {
    std::vector<std::string> out;
    const std::vector<std::string_view> parts = split(row, '`');
    for (std::size_t i = 1; i < parts.size(); i += 2) out.emplace_back(parts[i]);
    return out;
}

}  // namespace

TEST_CASE("every rule, fact and pack that the table of duties names is there") {
    const Result<PolicyPacks> packs = PolicyPacks::load(HERKOMST_SOURCE_DIR "/rules", {"all"});
    REQUIRE(packs.ok());
    std::set<std::string> known = {"diff"};  // of the commands
    for (const PolicyPacks::RuleSummary& rule : packs.value().rules()) known.insert(rule.id);
    for (const PolicyPacks::Pack& pack : packs.value().packs()) known.insert(pack.name);
    for (const auto columns : {fact_columns(), group_columns()}) {
        for (const FactColumn& column : columns) known.insert(std::string(column.name));
    }
    std::size_t names = 0;
    for (const std::string& row : rows_of_table()) {
        for (const std::string& name : named_in(row)) {
            ++names;
            CHECK_MESSAGE(known.contains(name), name << " in: " << row);
        }
    }
    CHECK(names >= 30);
}

TEST_CASE("every duty that the project was asked for has a row, and every row says what serves it") {
    const std::vector<std::string> rows = rows_of_table();
    for (const char* article :
         {"Cbw art. 21(3)(d)", "Cbw art. 21a", "Cbb art. 7(2)", "Cbb art. 10(1)", "Cbb art. 16(2)(a)", "Cbb art. 18",
          "Wwke art. 14", "Wwke art. 15(1)(d)", "Wwke art. 15a", "NIS2 art. 21(2)(d)", "Regulation 2024/1366 art. 33"}) {
        const bool there = std::any_of(rows.begin(), rows.end(), [&](const std::string& row) {
            const std::string first(split(row, '|').at(1));
            return first.find(article) != std::string::npos;
        });
        CHECK_MESSAGE(there, article);
    }
    for (const std::string& row : rows) {
        const std::vector<std::string_view> cells = split(row, '|');
        REQUIRE_MESSAGE(cells.size() == 5, row);
        for (std::size_t i = 1; i <= 3; ++i) CHECK_MESSAGE(!trimmed(cells[i]).empty(), row);
    }
}

TEST_SUITE_END();

}  // namespace duties_test
