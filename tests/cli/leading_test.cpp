// Which band leads over time: people answer, say that they do not know, and answers end; what is accepted does not fail a scan.
#include <doctest/doctest.h>

#include <filesystem>
#include <map>

#include "assess/questionnaire.h"
#include "tests/cli/program.h"

using namespace herkomst;
using program::Ran;
using program::says;

namespace leading_test {

TEST_SUITE_BEGIN("cli.leading");

namespace {

class Desk : public program::Desk {
  public:
    explicit Desk(const std::string& name)
        : program::Desk(name, "10.1.0.7;Sungrow;SG110CX;A7001234\n10.1.0.9;Siemens;S7-1200;S7-55\n") {}
    // All questions of the form answered by that; `worst`: the last choice, else "do not know".
    void answer(bool worst, const std::string& now) const {
        const std::string form_file = "ask-" + now.substr(0, 10) + ".json";
        REQUIRE(run("assess export --register site.db --all -o " + form_file, now).exit_code == 0);
        Json form = parse_json(file(form_file), form_file).value();
        for (Json& one : form["answers"].items()) {
            const std::string takes = one["takes"].string();
            std::string last = takes.substr(0, takes.find(" ("));
            last = last.substr(last.rfind(", ") == std::string::npos ? 0 : last.rfind(", ") + 2);
            if (last == "not-applicable") last = "absent";
            one["answer"] = !worst                                         ? "unknown"
                            : takes == "text"                              ? "as said"
                            : takes.starts_with("a whole number")          ? "1"
                            : takes.starts_with("a date")                  ? "2026-01-01"
                            : takes.starts_with("two-letter")              ? "NL"
                            : one["question"].string() == "product-remote" ? "switch"
                                                                           : last;
            one["by"] = "A. Analyst";
            one["source"] = "manual of 2026-01";
        }
        put("filled.json", write_json(form));
        const Ran taken = run("assess import filled.json --register site.db", now);
        REQUIRE_MESSAGE(taken.exit_code == 0, taken.out);
    }
    // The band that leads, of each finding that stands.
    [[nodiscard]] std::map<std::string, int> bands() const {
        const std::map<std::string, int> steps = {{"low", 1}, {"medium", 2}, {"high", 3}, {"critical", 4}};
        std::map<std::string, int> out;
        for (const Json& row : rows("findings --observation imported_only"))
            out[row["finding"].string()] = steps.at(row["band"].string());
        return out;
    }
};

}  // namespace

TEST_CASE("a do not know and an answer that ends lower no band, and diff says that it was completeness") {
    const Desk desk("unknown");
    const std::map<std::string, int> first = desk.bands();
    REQUIRE(first.size() > 3);
    // Many a "do not know" alone: no band falls.
    desk.answer(false, "2026-01-02T00:00:00Z");
    desk.scan("2026-01-03T00:00:00Z");
    std::map<std::string, int> before = first;
    const auto none_fell = [&](const char* when) {
        std::size_t compared = 0;
        std::map<std::string, int> now = desk.bands();
        for (const auto& [finding, band] : now) {
            const auto was = before.find(finding);
            if (was == before.end()) continue;
            ++compared;
            CHECK_MESSAGE(band >= was->second, when << " " << finding);
        }
        CHECK(compared > 2);
        before = std::move(now);
    };
    none_fell("do not know");
    // Answers: the rating leads, and that is what diff says of it.
    desk.answer(true, "2026-01-04T00:00:00Z");
    desk.scan("2026-01-05T00:00:00Z");
    CHECK(says(desk.desk("diff"), "by completeness: the rating leads now"));
    CHECK(says(desk.desk("diff --lang nl"), "door de volledigheid: de beoordeling is nu leidend"));
    before = desk.bands();
    desk.answer(false, "2026-01-06T00:00:00Z");
    desk.scan("2026-01-07T00:00:00Z");
    none_fell("known no more");
    CHECK(says(desk.desk("diff"), "by completeness: the higher of rule and rating leads now"));
    // Again, and then years pass.
    desk.answer(true, "2026-01-08T00:00:00Z");
    desk.scan("2026-01-09T00:00:00Z");
    before = desk.bands();
    desk.scan("2030-01-01T00:00:00Z");
    none_fell("ended");
    CHECK(desk.desk("verify", "2030-01-02T00:00:00Z").exit_code == 0);
}

TEST_CASE("in Dutch no code of a question, a setting or a field stands in history, diff or the state of the self-assessment") {
    const Desk desk("dutch");
    desk.answer(true, "2026-01-02T00:00:00Z");
    desk.scan("2026-01-03T00:00:00Z");
    REQUIRE(desk.desk("set setting:four_eyes value=yes --by Rob --role owner --reason policy").exit_code == 0);
    REQUIRE(desk.desk("set 10.1.0.9 category=camera --by Rob --role owner --reason seen").exit_code == 0);
    std::vector<std::string> codes = {" taken away", "on the ground of", "category", "unknown", " people "};
    const Result<Questionnaire> asked = Questionnaire::load(HERKOMST_SOURCE_DIR "/rules/questionnaires/zelfscan.json");
    REQUIRE(asked.ok());
    for (const Question& question : asked.value().questions) codes.push_back(question.id + " ");
    for (const char* page : {"register history", "register diff", "assess status"}) {
        const Ran ran = desk.run(std::string(page) + " --register site.db --lang nl", "2030-01-01T00:00:00Z");
        CHECK_MESSAGE(ran.exit_code == 0, ran.out);
        for (const std::string& code : codes) CHECK_MESSAGE(ran.out.find(code) == std::string::npos, page << ": " << code);
        // What people type stays as the name of the thing; what it is called stands beside it.
        if (std::string_view(page) == "register history") CHECK(says(ran, "vier-ogenprincipe"));
    }
}

TEST_CASE("problems of rules, orders and answers of the user's own are told in Dutch") {
    const Desk desk("own");
    std::filesystem::create_directories(desk.at("own/orders"));
    desk.put(
        "own/wrong.json",
        R"({"id": "other", "version": 0, "over": "facts", "title": {"nl": "t", "en": "t"}, "when": "COALESCE(maker, 'x') = 'y'",
                 "likelihood": 9, "impact": "2", "because": {"nl": "t", "en": "t"}, "advice": {"nl": "t", "en": "t"},
                 "consideration": "7", "references": [], "examples": []})");
    desk.put("own/orders/o.json", R"({"key": "o", "issued": "yesterday"})");
    for (const char* words : {"rules test own/", "scan list.csv --register other.db --policy own/"}) {
        const Ran ran = desk.run(std::string(words) + " --lang nl");
        CHECK(ran.exit_code == 2);
        for (const char* dutch : {"het id is niet de naam van het bestand", "wordt geweigerd", "ontbreekt", "geen datum"})
            CHECK_MESSAGE(says(ran, dutch), ran.out);
        for (const char* english : {" is not ", " is missing", " is refused", "this "})
            CHECK_MESSAGE(ran.out.find(english) == std::string::npos, ran.out);
    }
}

TEST_CASE("what is accepted does not fail a scan, until it is open again") {
    const Desk desk("accepted");
    CHECK(desk.run("scan list.csv --site north --register site.db --fail-on low").exit_code == 1);
    for (const Json& row : desk.rows("findings --observation imported_only")) {
        const std::string finding = row["finding"].string();
        const std::string who = " --by Rob --role owner --reason agreed";
        REQUIRE(desk.desk("assign " + finding + " Rob" + who).exit_code == 0);
        REQUIRE(desk.desk("status investigating " + finding + who).exit_code == 0);
        REQUIRE(desk.desk("status assessed " + finding + who).exit_code == 0);
        REQUIRE(desk.desk("status acceptance_requested " + finding + who).exit_code == 0);
        const Ran ran = desk.desk("accept " + finding + " --until 2026-03-01" + who);
        REQUIRE_MESSAGE(ran.exit_code == 0, ran.out);
    }
    CHECK(desk.run("scan list.csv --site north --register site.db --fail-on low", "2026-01-03T00:00:00Z").exit_code == 0);
    CHECK(desk.run("scan list.csv --site north --register site.db --fail-on low", "2026-03-02T00:00:00Z").exit_code == 1);
    CHECK(says(desk.run("scan --help"), "accepted, closed and false positive"));
}

TEST_CASE("what is printed about a network carries its label from the first line on") {
    const Desk desk("label");
    for (const char* until : {"observations", "assets", "findings"}) {
        const Ran ran = desk.run(std::string("scan list.csv --site north --until ") + until);
        const std::string first = ran.out.substr(0, ran.out.find('\n'));
        CHECK_MESSAGE(first.find(R"("tlp":"AMBER+STRICT")") != std::string::npos, first);
    }
}

TEST_SUITE_END();

}  // namespace leading_test
