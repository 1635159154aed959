// The words of the report, in both languages, and its templates.
#include <doctest/doctest.h>

#include <filesystem>
#include <set>

#include "core/counted.h"
#include "core/file.h"
#include "core/json.h"
#include "core/text.h"
#include "report/embedded.h"
#include "report/render.h"
#include "report/words.h"
#include "tests/report/page_text.h"

using namespace herkomst;
using namespace herkomst::test;

namespace words_test {

TEST_SUITE_BEGIN("report.words");

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
    const auto places = [](const std::string& text) {
        std::set<std::string> out;
        for (const std::string& place : between(text, "{", "}")) out.insert(place.substr(0, place.find(':')));
        return out;
    };
    for (const auto& [key, text] : nl.members()) CHECK_MESSAGE(places(text.string()) == places(en[key].string()), key);
}

TEST_CASE("orders beside the first one are told in the language of the page") {
    CHECK(Words("nl").fact_value("order_others", Json("none")) == "geen");
    CHECK(Words("nl").fact_value("order_others", Json("A (B), 2028-01-01; possibly C (D), 2027-01-01")) ==
          "A (B), 2028-01-01; mogelijk C (D), 2027-01-01");
    CHECK(Words("en").fact_value("order_others", Json("none")) == "none");
}

TEST_CASE("what every cloud of our vendor data is for is told in Dutch, and what nobody knows stays as it is") {
    const Words nl("nl");
    const std::set<std::string> english = {"of",      "and",    "the",        "through", "access", "chargers",
                                           "charger", "for",    "management", "owner",   "its",    "was",
                                           "back",    "remote", "control",    "what",    "with"};
    std::size_t purposes = 0;
    for (const auto& file : std::filesystem::directory_iterator(HERKOMST_SOURCE_DIR "/vendordb/vendors")) {
        const Result<std::string> text = read_file(file.path().string(), std::size_t{8} << 20);
        REQUIRE(text.ok());
        const Result<Json> vendor = parse_json(text.value(), file.path().string());
        REQUIRE(vendor.ok());
        for (const Json& cloud : vendor.value()["clouds"].items()) {
            const std::string said = nl.purpose(cloud["purpose"].string());
            ++purposes;
            std::string letters = said;
            for (char& c : letters) c = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ? c : ' ';
            for (const std::string_view word : split(letters, ' ')) CHECK_MESSAGE(!english.contains(std::string(word)), said);
        }
    }
    CHECK(purposes > 100);
    CHECK(nl.purpose("something of its own") == "something of its own");
    CHECK(Words("en").purpose("remote access") == "remote access");
    // Only as a whole: half of a sentence in another language helps nobody.
    for (const char* own : {"login server of the plant", "remote access for the caretaker", "portal of the landlord"})
        CHECK(nl.purpose(own) == own);
    CHECK(nl.purpose("SolarPlant portal") == "SolarPlant portaal");
    // What a party was declared by.
    CHECK(nl.purpose("grid operator, declared by person") == "netbeheerder, opgegeven door een persoon");
    CHECK(nl.purpose("energy management, declared by inventory") == "energiebeheer, opgegeven in de inventaris");
    CHECK(nl.purpose("energy management, declared by device") == "energiebeheer, zo noemt het apparaat zichzelf");
    CHECK(nl.purpose("grid operator, declared by overlay rti.grid.example (192.0.2.9)") ==
          "netbeheerder, opgegeven in eigen leveranciersgegevens: rti.grid.example (192.0.2.9)");
    CHECK(nl.path("remote_service relay.example | opened by asset | 10 bytes out, 20 in | 1 times | for remote access through "
                  "Example: a relay")
              .ends_with("doel: toegang op afstand via Example: een relay"));
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
    CHECK(nl.field_value("remote_blocked", "yes") == "ja");
    CHECK(en.field_value("remote_blocked", "no") == "no");
    CHECK(nl.field_value("hostname", "yes") == "yes");
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

TEST_CASE("one thing is one thing, and none or several are several") {
    const auto note = [](const char* language, const char* devices, const char* parts) {
        return Words(language)("card_assets_note", {{"devices", devices}, {"parts", parts}, {"others", "0"}});
    };
    CHECK(note("nl", "1", "2") == "1 apparaat, 2 onderdelen, 0 programma's of diensten");
    CHECK(note("en", "12", "1") == "12 devices, 1 part, 0 programs or services");
    CHECK(Words("nl")("card_not_understood_note", {{"names", "1"}}) == "1 onbekende merknaam");
    CHECK(counted(1, "asset", "assets") == "1 asset");
    CHECK(counted(0, "asset", "assets") == "0 assets");
    CHECK(with_plural("{n} {n:is|zijn} {m:x|y}", "n", true) == "{n} is {m:x|y}");
    CHECK(with_plural("{n:is", "n", true) == "{n:is");
}

TEST_CASE("templates escape") {
    CHECK(render("{{a}}", JsonObject{{"a", "<&>\"'"}}) == "&lt;&amp;&gt;&quot;&apos;");
    CHECK(render("{{#l}}{{.}},{{/l}}{{^e}}none{{/e}}", JsonObject{{"l", JsonArray{"x", "y"}}, {"e", ""}}) == "x,y,none");
}

TEST_SUITE_END();

}  // namespace words_test
