// Summary and report give the same figures of the same register, in words that fit their number.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "cli/summary.h"
#include "core/file.h"
#include "register/counts.h"
#include "report/report.h"

using namespace herkomst;

namespace summary_test {

TEST_SUITE_BEGIN("summary");

namespace {

OverviewAsset asset(const std::string& uid, const std::string& kind, const std::string& maker, const std::string& country,
                    std::int64_t run = 2) {
    OverviewAsset one;
    one.uid = uid;
    one.key = uid;
    one.label = uid;
    one.kind = kind;
    one.maker = maker;
    one.maker_name = maker;
    one.country = country;
    one.country_name = country.empty() ? Texts{} : Texts{"Landa", "Landia"};
    one.last_run = run;
    return one;
}

Overview seen() {
    Overview all;
    all.run.run = 2;
    all.run.vendordb = "2026-01-02 sha256:0123456789ab";
    all.assets = {asset("a", "device", "riverside", "XA"),
                  asset("b", "device", "hillside", ""),
                  asset("c", "device", "", ""),
                  asset("d", "part", "", ""),
                  asset("e", "service", "riverside", "XA"),
                  asset("f", "software", "lakeside", "")};
    return all;
}

bool has(const std::string& text, std::string_view part) {
    const bool there = text.find(part) != std::string::npos;
    if (!there) MESSAGE(text);
    return there;
}

}  // namespace

TEST_CASE("the summary counts as the report does") {
    const Overview all = seen();
    RunReceipt receipt;
    receipt.assets_new = 6;
    const std::string text = summary(all, receipt, "en");
    CHECK(has(text, "6 assets: 3 devices, 1 service, 1 part, 1 program (6 new, 0 seen again)\n"));
    CHECK(has(text, "      2  maker not known\n"));
    CHECK(has(text, "      2  maker known, control not sourced\n"));
    CHECK(has(text, "      2  Landia\n"));
    const std::string dutch = summary(all, receipt, "nl");
    CHECK(has(dutch, "6 assets: 3 apparaten, 1 dienst, 1 onderdeel, 1 programma (6 nieuw, 0 opnieuw gezien)\n"));

    const AssetCounts counts = counts_of(all);
    CHECK(counts.without_maker == 2);
    CHECK(counts.without_country == 4);
    const std::string folder = std::filesystem::temp_directory_path() / "herkomst_test_summary_report";
    std::filesystem::create_directories(folder);
    write_report(all, folder, "en", Time{});
    const Result<std::string> page = read_file(folder + "/report.html");
    REQUIRE(page.ok());
    CHECK(page.value().find("3 devices, 1 part, 2 programs or services") != std::string::npos);
    CHECK(page.value().find("2 assets without a known maker") != std::string::npos);
    CHECK(page.value().find("4 assets without a sourced jurisdiction") != std::string::npos);
    std::filesystem::remove_all(folder);
}

TEST_CASE("one is one, and what this scan did not see is said") {
    Overview all = seen();
    all.assets = {asset("a", "device", "riverside", "XA"), asset("b", "device", "", "", 1)};
    RunReceipt receipt;
    receipt.assets_new = 1;
    const std::string text = summary(all, receipt, "en", {3, "2025-12-30", 6});
    CHECK(has(text, "1 asset: 1 device (1 new, 0 seen again)\n1 asset in the register, not seen by this scan\n"));
    CHECK(has(text, "Vendor data: 2026-01-02 sha256:0123456789ab, 3 days old; OUI registry of 2025-12-30, 6 days old\n"));
    CHECK(has(summary(all, receipt, "nl", {1, "2025-12-30", {}}), ", 1 dag oud; OUI-register van 2025-12-30\n"));
}

TEST_CASE("findings and questions that are refuted are counted apart, each with the list that has them") {
    const Overview all = seen();
    RunReceipt receipt;
    receipt.refuted = 11;
    receipt.refuted_questions = 11;
    std::string text = summary(all, receipt, "en");
    CHECK(has(text,
              "11 questions that need no answer any more: somebody can close them (herkomst register list questions "
              "--observation refuted)\n"));
    CHECK(text.find("of which the rule is false") == std::string::npos);
    receipt.refuted = 12;
    text = summary(all, receipt, "nl");
    CHECK(has(text,
              "1 bevinding waarvan de voorwaarde niet meer geldt: iemand kan die sluiten (herkomst register list "
              "--observation refuted)\n11 vragen die niet meer"));
}

TEST_CASE("what stands twice at one address is said, with the command that makes it one") {
    const Overview all = seen();
    RunReceipt receipt;
    receipt.two_at_address = {{"192.0.2.7", "uid-a", "uid-b"}};
    CHECK(has(summary(all, receipt, "en"),
              "192.0.2.7 is in the register twice, as it is listed and as it was heard; if that is "
              "one device, merge them (herkomst register merge uid-a uid-b --by NAME --reason "
              "TEXT)\n"));
    CHECK(has(summary(all, receipt, "nl"), "(herkomst register merge uid-a uid-b --by NAAM --reason TEKST)\n"));
    receipt.two_at_address.resize(11, receipt.two_at_address.front());
    CHECK(has(summary(all, receipt, "en"), "(3 more)\n"));
}

TEST_SUITE_END();

}  // namespace summary_test
