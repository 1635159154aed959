// The report: what the page says of the register.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "core/file.h"
#include "core/text.h"
#include "register/redact.h"
#include "report/report.h"
#include "report/words.h"
#include "tests/report/page_text.h"

using namespace herkomst;
using namespace herkomst::test;

namespace report_test {

TEST_SUITE_BEGIN("report");

TEST_CASE("the page says what the register holds") {
    for (const std::string lang : {"nl", "en"}) {
        const std::string page = html_report(plant(), lang, now);
        const Words words(lang);
        CAPTURE(lang);
        CHECK(page == html_report(plant(), lang, now));
        CHECK(page.find("<html lang=\"" + lang + "\">") != std::string::npos);
        for (const char* key : {"tlp_note", "methods", "unknown_names", "not_seen_again", "contested", "control_none",
                                "disclaimer_nl", "disclaimer_en"}) {
            CHECK_MESSAGE(page.find(words(key)) != std::string::npos, key);
        }
        CHECK(page.find("TLP:AMBER+STRICT") != std::string::npos);
        for (const char* part : {"SX-100", "SN0001", "One BV / Two BV", "SX-90", "Acme Gadgets", "Onbekend &amp; Zn", "100 kW",
                                 "plant.pcapng, frame 12", "A sentence of the source", "Threat report",
                                 "href=\"https://example.org/act\"", "cut off in its first packet"}) {
            CHECK_MESSAGE(page.find(part) != std::string::npos, part);
        }
    }
    const std::string page = html_report(plant(), "nl", now);
    CHECK(page.find("bytes 54 t/m 59") != std::string::npos);
    CHECK(page.find("Alleen de betrokken minister kan een leverancier weren") != std::string::npos);
    CHECK(page.find("Title of") == std::string::npos);
    // Power without a jurisdiction is shown as such: two of three power devices, one with unknown rating, one maybe.
    CHECK(page.find("0 W en 2 met onbekend vermogen of onbekende schakelbaarheid") != std::string::npos);
}

TEST_CASE("who answered what a finding rests on, when, on which ground, until when; and what is left beside the rating") {
    for (const std::string lang : {"nl", "en"}) {
        CAPTURE(lang);
        const Words words(lang);
        const Overview all = plant();
        const std::string page = html_report(all, lang, now);
        const std::size_t start = page.find("id=\"" + all.findings.front().finding.id + "\"");
        REQUIRE(start != std::string::npos);
        const std::string finding = page.substr(start, page.find("</article>", start) - start);
        const bool nl = lang == "nl";
        for (const std::string& part :
             {std::string(nl ? "Komt de leverancier daarvandaan? <b>ja</b>" : "Does the supplier come from there? <b>yes</b>"),
              std::string("A. Analyst"), std::string("2026-11-20"), std::string("contract 2026-14"), std::string("2027-05-22"),
              std::string("<a href=\"#answer-2\">2</a> (P. Owner, 2025-11-01)"), words("answer_ended"),
              // The rule's, without measures, with measures, what a person says is left.
              "<span class=\"badge medium\">" + words("band_medium") + "</span>", words("rating_measures"),
              "<span class=\"badge low\">" + words("band_low") + "</span>", words("rating_person"),
              std::string("the way out was cut and tried"),
              std::string(nl ? "kans 1 \xc3\x97 impact 4" : "likelihood 1 \xc3\x97 impact 4"),
              std::string(nl ? "7 van 12" : "7 of 12"), std::string(nl ? "Beperken." : "Mitigate."),
              std::string("Cut the way out"), std::string(nl ? "getest" : "tested"), std::string("R. Owner"),
              std::string(nl ? "verminderen" : "mitigate")}) {
            CHECK_MESSAGE(finding.find(part) != std::string::npos, part);
        }
        const std::size_t table = page.find("id=\"answer-1\"");
        REQUIRE(table != std::string::npos);
        const std::string row = page.substr(table, page.find("</tr>", table) - table);
        for (const std::string part : {"Example Power Co., Ltd.", "supplier-offensive", "A. Analyst", "2026-11-20",
                                       "contract 2026-14", "A remark on the answer", "2027-05-22"})
            CHECK_MESSAGE(row.find(part) != std::string::npos, part);
        CHECK(row.find(words("answer_ended")) == std::string::npos);
        Overview nobody = plant();
        nobody.answers.clear();
        for (OverviewFinding& each : nobody.findings) each.grounds.clear();
        CHECK(html_report(nobody, lang, now).find(words("no_given_answers")) != std::string::npos);
    }
    // To show around: what was answered stays, by whom and in whose words does not.
    const std::string shared = html_report(redacted(plant()), "en", now);
    CHECK(shared.find("Does the supplier come from there? <b>yes</b>") != std::string::npos);
    for (const char* secret : {"A. Analyst", "P. Owner", "contract 2026-14", "A remark on the answer", "a whole valley",
                               "Pumping", "R. Owner", "the way out was cut"})
        CHECK_MESSAGE(shared.find(secret) == std::string::npos, secret);
}

TEST_CASE("an empty register makes a page") {
    Overview empty;
    empty.run.run = 1;
    const std::string page = html_report(empty, "en", now);
    const Words words("en");
    for (const char* key :
         {"no_assets", "no_findings", "no_questions", "no_makers", "no_coverage", "power_none", "no_unknown_names"}) {
        CHECK_MESSAGE(page.find(words(key)) != std::string::npos, key);
    }
}

TEST_CASE("the folder that a scan leaves") {
    const std::filesystem::path folder = std::filesystem::temp_directory_path() / fmt::format("herkomst-report-{}", getpid());
    write_report(plant(), folder.string(), "nl", now);
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) names.insert(entry.path().filename().string());
    CHECK(names ==
          std::set<std::string>{"answers.csv", "assets.csv", "findings.csv", "questions.csv", "register.json", "report.html"});
    const std::string findings = read_file((folder / "findings.csv").string()).value();
    CHECK(
        findings.starts_with("\xef\xbb\xbf"
                             "finding;band;"));
    CHECK(findings.find("Omdat het zo is.") != std::string::npos);
    std::filesystem::remove_all(folder);
}

TEST_SUITE_END();

}  // namespace report_test
