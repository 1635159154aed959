#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cctype>
#include <filesystem>
#include <set>

#include "core/file.h"
#include "core/text.h"
#include "register/redact.h"
#include "report/embedded.h"
#include "report/render.h"
#include "report/report.h"
#include "report/words.h"
#include "tests/exports/fixture.h"

using namespace herkomst;

namespace {

const Time now = test::at("2026-11-21T12:00:00Z");

std::size_t times(const std::string& text, std::string_view part) {
    std::size_t n = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
    return n;
}

std::size_t elements(const std::string& page) { return times(page, "<"); }

// Every text between a start and the next end.
std::set<std::string> between(std::string_view text, std::string_view start, std::string_view end) {
    std::set<std::string> out;
    for (std::size_t at = text.find(start); at != std::string_view::npos; at = text.find(start, at)) {
        at += start.size();
        const std::size_t stop = text.find(end, at);
        if (stop == std::string_view::npos) break;
        out.emplace(text.substr(at, stop - at));
    }
    return out;
}

}  // namespace

TEST_SUITE_BEGIN("report");

TEST_CASE("every text is there in Dutch and English, and every text that the template asks for") {
    const Json nl = parse_json(embedded::texts_nl, "nl").value();
    const Json en = parse_json(embedded::texts_en, "en").value();
    for (const auto& [key, text] : nl.members()) CHECK_MESSAGE(en.has(key), key);
    for (const auto& [key, text] : en.members()) CHECK_MESSAGE(nl.has(key), key);
    for (std::string key : between(embedded::template_page, "{{", "}}")) {
        if (key.find_first_of("#^/") == 0) key.erase(0, 1);
        if (key.starts_with("t.")) CHECK_MESSAGE(nl.has(key.substr(2)), key);
    }
    CHECK(nl["methods_list"].items().size() == en["methods_list"].items().size());
    CHECK(nl["disclaimer_nl"].string() == en["disclaimer_nl"].string());
    // {places} to fill are the same in both.
    for (const auto& [key, text] : nl.members()) {
        CHECK_MESSAGE(between(text.string(), "{", "}") == between(en[key].string(), "{", "}"), key);
    }
}

TEST_CASE("the page says what the register holds") {
    for (const std::string lang : {"nl", "en"}) {
        const std::string page = html_report(test::plant(), lang, now);
        const Words words(lang);
        CAPTURE(lang);
        CHECK(page == html_report(test::plant(), lang, now));
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
    const std::string page = html_report(test::plant(), "nl", now);
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
        const Overview all = test::plant();
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
        Overview nobody = test::plant();
        nobody.answers.clear();
        for (OverviewFinding& each : nobody.findings) each.grounds.clear();
        CHECK(html_report(nobody, lang, now).find(words("no_given_answers")) != std::string::npos);
    }
    // To show around: what was answered stays, by whom and in whose words does not.
    const std::string shared = html_report(redacted(test::plant()), "en", now);
    CHECK(shared.find("Does the supplier come from there? <b>yes</b>") != std::string::npos);
    for (const char* secret : {"A. Analyst", "P. Owner", "contract 2026-14", "A remark on the answer", "a whole valley",
                               "Pumping", "R. Owner", "the way out was cut"})
        CHECK_MESSAGE(shared.find(secret) == std::string::npos, secret);
}

TEST_CASE("nothing is loaded and nothing runs") {
    const std::string page = html_report(test::plant(), "en", now);
    CHECK(page.find("default-src 'none'") != std::string::npos);
    for (const char* loads :
         {"<script", "<iframe", "<object", "<embed", "<link", "<img", "<base", "<form", "@import", "url(", " src=", " srcset=",
          " data=", " action=", " poster=", " onclick=", " onload=", " onerror=", "http-equiv=\"refresh"}) {
        CHECK_MESSAGE(page.find(loads) == std::string::npos, loads);
    }
    for (const std::string& target : between(page, "href=\"", "\"")) {
        CHECK_MESSAGE((target.starts_with("#") || target.starts_with("https://")), target);
    }
    CHECK(times(page, "href=\"http") == times(page, "rel=\"noreferrer\""));
    // Every link inside the page leads somewhere, and no name is given twice.
    const std::set<std::string> ids = between(page, " id=\"", "\"");
    CHECK(times(page, " id=\"") == ids.size());
    for (const std::string& target : between(page, "href=\"#", "\"")) CHECK_MESSAGE(ids.contains(target), target);
}

TEST_CASE("headings descend by one, tables have captions and headers") {
    const std::string page = html_report(test::plant(), "nl", now);
    int level = 0;
    for (std::size_t at = page.find("<h"); at != std::string::npos; at = page.find("<h", at + 1)) {
        if (std::isdigit(static_cast<unsigned char>(page[at + 2])) == 0) continue;
        const int found = page[at + 2] - '0';
        CHECK(found <= level + 1);
        level = found;
    }
    CHECK(times(page, "<h1") == 1);
    CHECK(times(page, "<table") == times(page, "<caption"));
    CHECK(times(page, "<th ") == times(page, " scope=\""));
    CHECK(times(page, "<svg") == times(page, "role=\"img\" aria-label"));
}

TEST_CASE("hostile words stay words") {
    const std::vector<std::string> hostile_texts = {"<script>alert(1)</script>",
                                                    "\"><img src=x onerror=alert(1)>",
                                                    "' onmouseover='alert(1)",
                                                    "javascript:alert(1)",
                                                    "</style><b>",
                                                    "{{{style}}}{{#assets}}",
                                                    "&lt;b&gt;",
                                                    std::string(50000, 'w'),
                                                    "a\r\nb\tc"};
    const std::size_t harmless = elements(html_report(test::hostile("harmless"), "en", now));
    for (const std::string& text : hostile_texts) {
        CAPTURE(text.substr(0, 40));
        const std::string page = html_report(test::hostile(text), "en", now);
        CHECK(elements(page) == harmless);
        CHECK(page.find("<script") == std::string::npos);
        CHECK(page.find("href=\"javascript") == std::string::npos);
        for (const char* raw : {"onmouseover='", "onerror=alert(1)>", "</style><b>"})
            CHECK(page.find(raw) == std::string::npos);
    }
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
    write_report(test::plant(), folder.string(), "nl", now);
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

TEST_CASE("figures are written as people write them") {
    const Words nl("nl");
    const Words en("en");
    CHECK(nl.power(0) == "0 W");
    CHECK(nl.power(850) == "850 W");
    CHECK(nl.power(12500) == "12,5 kW");
    CHECK(en.power(12500) == "12.5 kW");
    CHECK(en.power(100000) == "100 kW");
    CHECK(en.power(25'000'000) == "25 MW");
    CHECK(nl.number(1234567) == "1.234.567");
    CHECK(en.number(999) == "999");
    CHECK(Words::moment(test::at("2026-11-21T10:05:59.5Z")) == "2026-11-21 10:05 UTC");
    CHECK(en.fact_value("remote_documented", 1) == "yes");
    CHECK(en.fact_value("rated_power", 5000) == "5 kW");
    CHECK(nl.fact_value("category", "ev_charger") == "laadpaal");
    CHECK(nl.question("maker", false) != "maker");
    // That no source of ours says so is no "no".
    for (const char* fact : {"strained_relation", "offensive_programme", "module_offensive_programme"}) {
        CHECK(nl.fact_value(fact, 0) == "geen bron vastgelegd");
        CHECK(en.fact_value(fact, 0) == "no source on record");
        CHECK(nl.fact_value(fact, 1) == "ja");
    }
    CHECK(nl.fact("strained_relation") == "gespannen relatie");
}

TEST_CASE("templates escape") {
    CHECK(render("{{a}}", JsonObject{{"a", "<&>\"'"}}) == "&lt;&amp;&gt;&quot;&apos;");
    CHECK(render("{{#l}}{{.}},{{/l}}{{^e}}none{{/e}}", JsonObject{{"l", JsonArray{"x", "y"}}, {"e", ""}}) == "x,y,none");
}

TEST_SUITE_END();
