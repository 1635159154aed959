// Exports that are JSON: by their schemas, whatever stands in them.
#include <doctest/doctest.h>

#include "core/file.h"
#include "core/json.h"
#include "exports/uuid.h"
#include "register/redact.h"
#include "tests/exports/read_back.h"

using namespace herkomst;
using namespace herkomst::test;

namespace json_test {

TEST_SUITE_BEGIN("exports.json");

TEST_CASE("hostile words break no JSON") {
    const Folder folder;
    for (const char* format : {"json", "cyclonedx"}) {
        std::string paths;
        for (const std::string& text : hostile_texts) {
            CAPTURE(text.substr(0, 60));
            const auto files = export_named(format)->make(hostile(text), {.now = now, .compact = true});
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
        write_file(path, file_of(export_named("json")->make(plant(), {.now = now, .compact = compact}), "register.json"));
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
    Overview all = plant();
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
    CHECK(row["statement"]["cause"].string() == all.findings.front().finding.because.en);
    CHECK_FALSE(row["statement"]["event"].string().empty());
    CHECK(row["considerations"]["1"]["outcome"].is_string());
    CHECK(row["evidence"].items().size() >= all.findings.front().finding.evidence.size());
    CHECK(row["subject"]["identity_strength"].is_string());
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
    const std::string content = file_of(export_named("cyclonedx")->make(plant(), options), "bom.cdx.json");
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
    CHECK(file_of(export_named("cyclonedx")->make(plant(), later), "bom.cdx.json") == content);
    Overview changed = plant();
    changed.assets[0].beliefs[Field::firmware].belief.value = "1.2.4";
    const Json other = parse_json(export_named("cyclonedx")->make(changed, options).front().content, "bom").value();
    CHECK(other["serialNumber"].string() != parse_json(content, "bom").value()["serialNumber"].string());
    CHECK(uuid_of("a") == uuid_of("a"));
    CHECK(uuid_of("a") != uuid_of("b"));

    // Parents in a circle lose nobody.
    Overview circle = plant();
    circle.assets[0].parent = "22bb";
    const Json round = parse_json(export_named("cyclonedx")->make(circle, options).front().content, "bom").value();
    CHECK(round["components"].items().size() == 5);
}

TEST_SUITE_END();

}  // namespace json_test
