// Exports that are tables: every cell arrives as it was, and nothing in it is a formula.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "core/text.h"
#include "exports/spreadsheet.h"
#include "tests/exports/read_back.h"

using namespace herkomst;
using namespace herkomst::test;

namespace tables_test {

TEST_SUITE_BEGIN("exports.tables");

TEST_CASE("formulas are neutralised and nothing is lost") {
    for (const std::string text : {"=1+1", "+31", "-5", "@x", "\tx", "\rx", "'x", "x=1", "", "a-b", "plain"}) {
        Spreadsheet sheet({"a", "b"}, ';', false);
        sheet.row({text, "end"});
        const Table table = read_csv(sheet.take(), ';');
        CAPTURE(text);
        CHECK(table.bad == "");
        REQUIRE(table.rows.size() == 2);
        std::string cell = table.rows[1][0];
        CHECK(std::string("=+-@\t\r").find(cell.empty() ? 'x' : cell.front()) == std::string::npos);
        if (cell.starts_with('\'')) cell.erase(0, 1);
        CHECK(cell == text);
    }
}

TEST_CASE("hostile words in every field break no table") {
    for (const std::string& text : hostile_texts) {
        CAPTURE(text.substr(0, 60));
        for (const char delimiter : {',', ';'}) {
            for (const char* format : {"csv", "netbox"}) {
                const auto files = export_named(format)->make(hostile(text), {.now = now, .delimiter = delimiter, .bom = true});
                for (const ExportFile& file : files) {
                    if (!file.name.ends_with(".csv")) continue;
                    CAPTURE(file.name);
                    const Table table = read_csv(file.content, delimiter);
                    CHECK(table.bad == "");
                    REQUIRE(table.rows.size() > 1);
                    for (const auto& row : table.rows) {
                        CHECK(row.size() == table.rows.front().size());
                        for (const std::string& cell : row) {
                            CHECK(std::string("=+-@\t\r").find(cell.empty() ? 'x' : cell.front()) == std::string::npos);
                        }
                    }
                }
            }
        }
    }
}

TEST_CASE("NetBox files fit each other") {
    const auto files = export_named("netbox")->make(plant(), {.now = now});
    const auto rows = [&](const std::string& name) { return read_csv(file_of(files, name), ',').rows; };
    const auto column = [&](const std::string& name, const std::string& header) {
        const auto table = rows(name);
        const auto at = std::find(table[0].begin(), table[0].end(), header);
        REQUIRE(at != table[0].end());
        std::vector<std::string> out;
        for (std::size_t i = 1; i < table.size(); ++i) out.push_back(table[i][static_cast<std::size_t>(at - table[0].begin())]);
        return out;
    };
    const auto within = [](const std::vector<std::string>& some, const std::vector<std::string>& all) {
        for (const std::string& each : some) CHECK(std::find(all.begin(), all.end(), each) != all.end());
    };
    within(column("06-devices.csv", "manufacturer"), column("03-manufacturers.csv", "name"));
    within(column("06-devices.csv", "role"), column("04-device-roles.csv", "name"));
    // Every row of every file carries the label, as a tag that is there, and the README names it for the file of the tags.
    for (const ExportFile& file : files) {
        if (!file.name.ends_with(".csv") || file.name == "01-tags.csv") continue;
        CAPTURE(file.name);
        const std::vector<std::string> labels = column(file.name, "tags");
        CHECK_FALSE(labels.empty());
        for (const std::string& each : labels) {
            CHECK(each.find("tlp-amber-strict") != std::string::npos);
            std::vector<std::string> slugs;
            for (const std::string_view one : split(each, ',')) slugs.emplace_back(one);
            within(slugs, column("01-tags.csv", "slug"));
        }
    }
    CHECK(column("01-tags.csv", "name").front() == "TLP:AMBER+STRICT");
    CHECK(file_of(files, "README.txt").starts_with("TLP:AMBER+STRICT"));
    within(column("06-devices.csv", "device_type"), column("05-device-types.csv", "model"));
    within(column("06-devices.csv", "site"), column("02-sites.csv", "name"));
    within(column("05-device-types.csv", "manufacturer"), column("03-manufacturers.csv", "name"));
    within(column("07-interfaces.csv", "device"), column("06-devices.csv", "name"));
    within(column("08-mac-addresses.csv", "interface"), column("07-interfaces.csv", "name"));
    within(column("09-ip-addresses.csv", "device"), column("06-devices.csv", "name"));
    within(column("10-inventory-items.csv", "device"), column("06-devices.csv", "name"));
    for (const std::string& status : column("06-devices.csv", "status")) CHECK(status == "staged");
    CHECK(column("06-devices.csv", "name").size() == 3);
    for (const auto& [file, header] : {std::pair("06-devices.csv", "name"), std::pair("06-devices.csv", "asset_tag"),
                                       std::pair("03-manufacturers.csv", "slug"), std::pair("05-device-types.csv", "slug")}) {
        const auto all = column(file, header);
        CHECK(std::set<std::string>(all.begin(), all.end()).size() == all.size());
    }
    // Names that are equal, or equal but for case, get a number; what is too long is cut.
    Overview same = plant();
    for (OverviewAsset& asset : same.assets) asset.identifiers.hostname = {std::string(80, asset.uid == "33cc" ? 'A' : 'a')};
    const auto again = read_csv(file_of(export_named("netbox")->make(same, {.now = now}), "06-devices.csv"), ',').rows;
    std::set<std::string> names;
    for (std::size_t i = 1; i < again.size(); ++i) {
        CHECK(again[i][0].size() <= 64);
        names.insert(lower(again[i][0]));
    }
    CHECK(names.size() == 3);
}

TEST_SUITE_END();

}  // namespace tables_test
