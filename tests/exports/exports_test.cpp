#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "core/file.h"
#include "core/json.h"
#include "core/text.h"
#include "exports/export.h"
#include "exports/spreadsheet.h"
#include "exports/uuid.h"
#include "register/redact.h"
#include "tests/exports/fixture.h"

using namespace herkomst;
namespace fs = std::filesystem;

namespace {

const Time now = test::at("2026-11-21T12:00:00Z");
const std::string source_dir = HERKOMST_SOURCE_DIR;

const std::vector<std::string> hostile_texts = {
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "=HYPERLINK(\"http://192.0.2.1\",\"x\")",
    "@SUM(1+1)",
    "+1\r\n-2\t3",
    "'quoted' \"twice\" ; , | \\ / {{site}} {{{style}}} ${x} %s",
    "javascript:alert(1)",
    "]]> --> </style></title>",
    std::string("nul \0 inside", 12),
    "\xff\xfe not utf-8 \xe2\x82",
    std::string(100000, 'x'),
};

struct Folder {
    fs::path path;
    Folder() : path(fs::temp_directory_path() / fmt::format("herkomst-exports-{}", getpid())) { fs::create_directories(path); }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
};

const std::string& file_of(const std::vector<ExportFile>& files, const std::string& name) {
    for (const ExportFile& file : files) {
        if (file.name == name) return file.content;
    }
    FAIL("no file " << name);
    static const std::string none;
    return none;
}

// A strict RFC 4180 reader: what another program would see. Problems are kept in `bad`.
struct Table {
    std::vector<std::vector<std::string>> rows;
    std::string bad;
};
Table read_csv(std::string_view text, char delimiter) {
    Table out;
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    std::vector<std::string> row;
    std::size_t i = 0;
    while (i < text.size()) {
        std::string cell;
        if (text[i] == '"') {
            for (++i; i < text.size(); ++i) {
                if (text[i] != '"') {
                    cell += text[i];
                } else if (i + 1 < text.size() && text[i + 1] == '"') {
                    cell += '"';
                    ++i;
                } else {
                    break;
                }
            }
            if (i >= text.size()) out.bad = "a quote is not closed";
            ++i;
        } else {
            while (i < text.size() && text[i] != delimiter && text[i] != '\r' && text[i] != '\n') {
                if (text[i] == '"') out.bad = "a quote in a cell that is not quoted";
                cell += text[i++];
            }
        }
        row.push_back(cell);
        if (i < text.size() && text[i] == delimiter) {
            ++i;
            continue;
        }
        if (text.substr(i, 2) != "\r\n") {
            out.bad = fmt::format("row {} does not end with CRLF", out.rows.size() + 1);
            break;
        }
        i += 2;
        out.rows.push_back(std::move(row));
        row.clear();
    }
    return out;
}

bool have(const char* program) { return std::system(fmt::format("command -v {} >/dev/null 2>&1", program).c_str()) == 0; }

enum class Fit { Yes, No, Skipped };

// Skipped only where there is nothing to validate with, and then said (tests/skips.h); a validator that breaks is not skipped.
Fit validated(const std::string& which, const std::string& path) {
    const std::string packages = source_dir + "/build/npm/node_modules";
    if (!fs::exists(packages + "/ajv") || !have("node")) {
        MESSAGE("skipped: the schemas are not installed (tools/install/npm) or there is no node");
        return Fit::Skipped;
    }
    const int status = std::system(
        fmt::format("NODE_PATH='{}' node '{}/tests/exports/validate.js' {} '{}' >&2", packages, source_dir, which, path)
            .c_str());
    return status == 0 ? Fit::Yes : Fit::No;
}

}  // namespace

TEST_SUITE_BEGIN("exports");

TEST_CASE("golden files") {
    const bool bless = std::getenv("HERKOMST_BLESS") != nullptr;
    for (const Export& each : all_exports()) {
        for (const char* lang : {"nl", "en"}) {
            if (std::string_view(lang) == "nl" && each.name != "csv" && each.name != "html") continue;
            const ExportOptions options{.lang = lang,
                                        .now = now,
                                        .delimiter = std::string_view(lang) == "nl" ? ';' : ',',
                                        .bom = std::string_view(lang) == "nl",
                                        .compact = false};
            const std::vector<ExportFile> files = each.make(test::plant(), options);
            const std::vector<ExportFile> again = each.make(test::plant(), options);
            REQUIRE(files.size() == again.size());
            for (std::size_t i = 0; i < files.size(); ++i) {
                CAPTURE(each.name);
                CAPTURE(files[i].name);
                CHECK(files[i].content == again[i].content);
                CHECK(each.files.find(files[i].name) != std::string_view::npos);
                const fs::path golden = fs::path(source_dir) / "tests/exports/golden" / each.name / lang / files[i].name;
                if (bless) {
                    fs::create_directories(golden.parent_path());
                    std::ofstream(golden, std::ios::binary) << files[i].content;
                }
                const Result<std::string> expected = read_file(golden.string());
                REQUIRE_MESSAGE(expected.ok(), golden.string() << " is missing: HERKOMST_BLESS=1 writes it");
                CHECK(files[i].content == expected.value());
            }
        }
    }
}

TEST_CASE("the files are the owner's alone") {
    const Folder folder;
    const std::string inside = (folder.path / "new" / "deep").string();
    write_files(export_named("csv")->make(test::plant(), {.now = now}), inside);
    struct stat status {};
    REQUIRE(stat((inside + "/assets.csv").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600U);
    CHECK(export_named("xlsx") == nullptr);
}

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
                const auto files =
                    export_named(format)->make(test::hostile(text), {.now = now, .delimiter = delimiter, .bom = true});
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

TEST_CASE("hostile words break no JSON") {
    const Folder folder;
    for (const char* format : {"json", "cyclonedx"}) {
        std::string paths;
        for (const std::string& text : hostile_texts) {
            CAPTURE(text.substr(0, 60));
            const auto files = export_named(format)->make(test::hostile(text), {.now = now, .compact = true});
            REQUIRE(parse_json(files.front().content, format).ok());
            const std::string path = (folder.path / fmt::format("{}-{}.json", format, paths.size())).string();
            write_file(path, files.front().content);
            paths += (paths.empty() ? "" : "' '") + path;
        }
        CHECK(validated(std::string_view(format) == "json" ? "register" : "cyclonedx", paths) != Fit::No);
    }
}

TEST_CASE("register.json is what its schema says") {
    const Folder folder;
    const std::string path = (folder.path / "register.json").string();
    for (const bool compact : {true, false}) {
        write_file(path, file_of(export_named("json")->make(test::plant(), {.now = now, .compact = compact}), "register.json"));
        CHECK(validated("register", path) != Fit::No);
    }
    // The schema bites: a null, a missing member, a member nobody knows.
    if (validated("register", path) == Fit::Yes) {
        Json whole = parse_json_file(path).value();
        whole["people_devices"] = Json();
        write_file(path, write_json(whole));
        CHECK(validated("register", path) == Fit::No);
        whole["people_devices"] = 0;
        whole["surprise"] = 1;
        write_file(path, write_json(whole));
        CHECK(validated("register", path) == Fit::No);
    }
}

TEST_CASE("risk-register.json is what its schema says, also where people decided") {
    const Folder folder;
    const std::string path = (folder.path / "risk-register.json").string();
    Overview all = test::plant();
    REQUIRE_FALSE(all.findings.empty());
    OverviewFinding& one = all.findings.front();
    one.status = "accepted";
    one.work = {{"owner", "R. Owner"},        {"accepted_by", "R. Owner"}, {"accepted_until", "2027-03-01"},
                {"accepted_band", "high"},    {"due", "2027-01-01"},       {"decided_at", "2026-11-21T12:00:00Z"},
                {"residual_likelihood", "2"}, {"residual_impact", "3"},    {"residual_band", "medium"},
                {"response", "mitigate"}};
    all.measures = {{"M-3", one.finding.id, {{"title", "block the way out"}, {"kind", "block_egress"}, {"state", "planned"}}}};
    const auto content = [&](const Overview& shown) {
        return file_of(export_named("risk_register")->make(shown, {.now = now}), "risk-register.json");
    };
    for (const std::string& text : {content(all), content(redacted(all))}) {
        write_file(path, text);
        CHECK(validated("risk-register", path) != Fit::No);
    }
    const Json whole = parse_json(content(all), "risk-register").value();
    CHECK(whole["risks"].items().size() == all.findings.size() + all.questions.size());
    const Json& row = whole["risks"].at(0);
    CHECK(row["acceptance"]["until"].string() == "2027-03-01");
    CHECK(row["residual"]["band"].string() == "medium");
    CHECK(row["measures"].at(0)["title"].string() == "block the way out");
    if (validated("risk-register", path) == Fit::Yes) {
        Json wrong = whole;
        wrong["risks"].items()[0]["status"] = "open";
        write_file(path, write_json(wrong));
        CHECK(validated("risk-register", path) == Fit::No);
    }
}

TEST_CASE("CycloneDX 1.6 by the official schema") {
    const Folder folder;
    const std::string path = (folder.path / "bom.cdx.json").string();
    const ExportOptions options{.now = now};
    const std::string content = file_of(export_named("cyclonedx")->make(test::plant(), options), "bom.cdx.json");
    write_file(path, content);
    CHECK(validated("cyclonedx", path) != Fit::No);
    Json bom = parse_json(content, "bom").value();
    const Json& inverter = bom["components"].at(0);
    CHECK(inverter["name"].string() == "SX-100");
    CHECK(inverter["type"].string() == "device");
    CHECK(inverter["manufacturer"]["name"].string() == "Example Power Co., Ltd.");
    CHECK(inverter["manufacturer"]["address"]["country"].string() == "XB");  // its seat, not where control falls
    CHECK(inverter["evidence"]["identity"].at(0)["confidence"].number() == doctest::Approx(0.8));
    CHECK(inverter["components"].at(0)["type"].string() == "firmware");
    CHECK(inverter["components"].at(1)["bom-ref"].string() == "asset:22bb");
    CHECK(bom["compositions"].at(0)["aggregate"].string() == "incomplete");
    CHECK_FALSE(bom["components"].at(1).has("manufacturer"));  // contested
    if (validated("cyclonedx", path) == Fit::Yes) {
        bom["components"].items()[0]["type"] = "gadget";
        write_file(path, write_json(bom));
        CHECK(validated("cyclonedx", path) == Fit::No);
    }

    // The serial number follows the content, and only that.
    ExportOptions later = options;
    later.now = test::at("2027-01-01T00:00:00Z");
    CHECK(file_of(export_named("cyclonedx")->make(test::plant(), later), "bom.cdx.json") == content);
    Overview changed = test::plant();
    changed.assets[0].beliefs[Field::firmware].belief.value = "1.2.4";
    const Json other = parse_json(export_named("cyclonedx")->make(changed, options).front().content, "bom").value();
    CHECK(other["serialNumber"].string() != parse_json(content, "bom").value()["serialNumber"].string());
    CHECK(uuid_of("a") == uuid_of("a"));
    CHECK(uuid_of("a") != uuid_of("b"));

    // Parents in a circle lose nobody.
    Overview circle = test::plant();
    circle.assets[0].parent = "22bb";
    const Json round = parse_json(export_named("cyclonedx")->make(circle, options).front().content, "bom").value();
    CHECK(round["components"].items().size() == 5);
}

TEST_CASE("NetBox files fit each other") {
    const auto files = export_named("netbox")->make(test::plant(), {.now = now});
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
    Overview same = test::plant();
    for (OverviewAsset& asset : same.assets) asset.identifiers.hostname = {std::string(80, asset.uid == "33cc" ? 'A' : 'a')};
    const auto again = read_csv(file_of(export_named("netbox")->make(same, {.now = now}), "06-devices.csv"), ',').rows;
    std::set<std::string> names;
    for (std::size_t i = 1; i < again.size(); ++i) {
        CHECK(again[i][0].size() <= 64);
        names.insert(lower(again[i][0]));
    }
    CHECK(names.size() == 3);
}

TEST_CASE("every column is documented") {
    const Result<std::string> readme = read_file(source_dir + "/scanner/exports/README.md");
    REQUIRE(readme.ok());
    for (const Export& each : all_exports()) {
        CHECK_MESSAGE(readme.value().find("## " + std::string(each.name)) != std::string::npos, each.name);
        for (const ExportFile& file : each.make(test::plant(), {.now = now})) {
            CHECK_MESSAGE(readme.value().find("`" + file.name + "`") != std::string::npos, file.name);
            if (each.name != "csv") continue;
            const Table table = read_csv(file.content, ',');
            for (const std::string& header : table.rows.front()) {
                CHECK_MESSAGE(readme.value().find("`" + header + "`") != std::string::npos, file.name << " " << header);
            }
        }
    }
}

TEST_SUITE_END();
