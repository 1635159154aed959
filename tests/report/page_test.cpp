// The report as a page: nothing is loaded, nothing runs, headings and tables are whole, hostile words stay words.
#include <doctest/doctest.h>

#include <cctype>

#include "core/text.h"
#include "report/report.h"
#include "tests/report/page_text.h"

using namespace herkomst;
using namespace herkomst::test;

namespace page_test {

TEST_SUITE_BEGIN("report.page");

TEST_CASE("nothing is loaded and nothing runs") {
    const std::string page = html_report(plant(), "en", now);
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
    const std::string page = html_report(plant(), "nl", now);
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
    const std::size_t harmless = elements(html_report(hostile("harmless"), "en", now));
    for (const std::string& text : hostile_texts) {
        CAPTURE(text.substr(0, 40));
        const std::string page = html_report(hostile(text), "en", now);
        CHECK(elements(page) == harmless);
        CHECK(page.find("<script") == std::string::npos);
        CHECK(page.find("href=\"javascript") == std::string::npos);
        for (const char* raw : {"onmouseover='", "onerror=alert(1)>", "</style><b>"})
            CHECK(page.find(raw) == std::string::npos);
    }
}

TEST_SUITE_END();

}  // namespace page_test
