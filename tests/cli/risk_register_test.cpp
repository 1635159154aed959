// The risk register as other tools take it over: from a register in which people worked, every field that it can know.
#include <filesystem>
#include <set>

#include "assess/rating.h"
#include "cli/risk_data.h"
#include "core/file.h"
#include "tests/cli/program.h"
#include "tests/exports/read_back.h"

using namespace herkomst;
using program::Ran;
using test::Fit;
using test::validated;

namespace risk_register_test {

TEST_SUITE_BEGIN("cli.risk_register");

namespace {

class Site {
  public:
    explicit Site(const std::string& name) : folder_(name) {}
    Ran run(const std::string& words, const std::string& now = "2026-11-22T08:00:00Z") const {
        const Ran ran = program::shell("cd '" + folder_.at("") + "' && " HERKOMST_BINARY_DIR "/bin/herkomst " + words +
                                       " --now " + now + " 2>&1");
        REQUIRE_MESSAGE(ran.exit_code == 0, ran.out);
        return ran;
    }
    void scan(const std::string& now) const {
        run("scan " HERKOMST_SOURCE_DIR "/tests/scenes/demo_plant/plant.pcapng --site demo --register site.db", now);
    }
    [[nodiscard]] std::string act(const std::string& words) const {
        return run("register " + words + " --register site.db --by Rob --role owner --reason 'decision 12 of the board'").out;
    }
    [[nodiscard]] Json exported(const std::string& more = "") const {
        run("export risk_register --register site.db -o out " + more);
        CHECK(validated("risk-register", folder_.at("out/risk-register.json")) != Fit::No);
        return parse_json_file(folder_.at("out/risk-register.json")).value();
    }
    void put(const std::string& name, const std::string& content) const { folder_.put(name, content); }
    [[nodiscard]] std::string at(const std::string& name) const { return folder_.at(name); }

  private:
    example::Folder folder_;
};

Json row_of(const Json& whole, const std::string& id) {
    for (const Json& row : whole["risks"].items()) {
        if (row["risk"].string() == id) return row;
    }
    FAIL("no row " << id);
    return {};
}

}  // namespace

TEST_CASE("every rule of ours is a scenario, every code an obligation, the considerations are those of the criteria") {
    const Result<RiskData> data = load_scenarios(HERKOMST_SOURCE_DIR "/rules/scenarios/scenarios.json");
    REQUIRE(data.ok());
    std::set<std::string> rules;
    for (const auto& each : std::filesystem::recursive_directory_iterator(HERKOMST_SOURCE_DIR "/rules/policies")) {
        const std::string name = each.path().stem().string();
        if (each.path().extension() == ".json" && name != "pack") rules.insert(name);
    }
    for (const std::string& rule : rules) CHECK_MESSAGE(data.value().scenarios.contains(rule), rule);
    for (const auto& [rule, scenario] : data.value().scenarios) {
        CHECK_MESSAGE(rules.contains(rule), rule);
        CHECK_FALSE(scenario.obligations.empty());
    }
    const Result<std::string> duties = read_file(HERKOMST_SOURCE_DIR "/rules/README.md");
    REQUIRE(duties.ok());
    for (const auto& [code, article] : data.value().obligations) {
        // What a code names stands in the table of duties.
        const std::string law = article.en.substr(0, article.en.find(' '));
        CHECK_MESSAGE(duties.value().find(law) != std::string::npos, article.en);
        // In Dutch it is said as a Dutch act is quoted: "art. 21, derde lid, onder d", not "art. 21(3)(d)".
        CHECK_MESSAGE(article.nl.find('(') == (article.nl.starts_with("Verordening (EU)") ? 12 : std::string::npos),
                      article.nl);
    }
    const Result<Questionnaire> asked = Questionnaire::load(HERKOMST_SOURCE_DIR "/rules/questionnaires/zelfscan.json");
    REQUIRE(asked.ok());
    const Result<Criteria> criteria = Criteria::load(HERKOMST_SOURCE_DIR "/rules/criteria/zelfscan.json", asked.value());
    REQUIRE(criteria.ok());
    for (const auto& [which, factor] : {std::pair("1", "compelled"), std::pair("2", "offensive"),
                                        std::pair("3A", "critical_part"), std::pair("3B", "controls")}) {
        std::vector<std::string> questions;
        for (const Criteria::Input& input : criteria.value().inputs.find(factor)->second) questions.push_back(input.question);
        CHECK(data.value().considerations.find(which)->second == questions);
    }
}

TEST_CASE("a duty is named in both languages, or the scenarios are refused") {
    const Result<std::string> ours = read_file(HERKOMST_SOURCE_DIR "/rules/scenarios/scenarios.json");
    REQUIRE(ours.ok());
    std::string text = ours.value();
    const std::string both = R"({"nl": "Cbb art. 9", "en": "Cbb art. 9"})";
    text.replace(text.find(both), both.size(), R"({"nl": "Cbb art. 9"})");
    const example::Folder folder("scenarios");
    folder.put("scenarios.json", text);
    const Result<RiskData> read = load_scenarios(folder.at("scenarios.json"));
    REQUIRE_FALSE(read.ok());
    CHECK(read.problems().size() == 1);
    CHECK(read.problems().front().text().find("/obligations/cbb-9: a text is missing") != std::string::npos);
}

TEST_CASE("a row says what the register knows: scenario, duties, statement, grounds, log, who decided and why") {
    const Site site("risk-register");
    site.scan("2026-11-21T22:00:00Z");
    Json whole = site.exported();
    std::string id;
    for (const Json& row : whole["risks"].items()) {
        CHECK(row.has("category"));
        CHECK(row["statement"].has("consequence"));
        CHECK_FALSE(row["obligations"].items().empty());
        for (const Json& code : row["obligations"].items()) CHECK(whole["obligations"].has(code.string()));
        CHECK(row["condition"].has("hash"));
        REQUIRE_FALSE(row["log"].items().empty());
        CHECK(row["log"].at(0)["type"].string() == "created");
        if (row["scenario"].string() == "solar-inverter-remote-control" && row["decided_by_facts"].boolean())
            id = row["risk"].string();
    }
    REQUIRE_FALSE(id.empty());
    CHECK(whole["matrix"].at(4).at(4).string() == "critical");
    CHECK(whole["runs"].items().size() == 1);
    const std::string register_id = whole["register"].string();
    CHECK(register_id.size() == 36);
    // People work with it, and answer.
    CHECK_FALSE(site.act("status assessed " + id).empty());
    CHECK_FALSE(site.act("measure " + id + " title=x kind=block_egress state=tested").empty());
    CHECK_FALSE(site.act("set " + id + " residual_likelihood=2 residual_impact=3 residual_why=measured").empty());
    CHECK_FALSE(site.act("accept " + id + " owner=Rob --until 2027-03-01").empty());
    site.put("answers.csv", "question,scope,key,answer,by,date,expires,source\ncritical-part,asset," +
                                row_of(whole, id)["subject"]["key"].string() + ",yes,Operator,,,board paper 7\n");
    site.run("assess import answers.csv --register site.db");
    site.scan("2026-11-23T10:00:00Z");
    whole = site.exported();
    const Json row = row_of(whole, id);
    CHECK(whole["register"].string() == register_id);
    CHECK(row["acceptance"]["reason"].string() == "decision 12 of the board");
    CHECK(row["acceptance"]["role"].string() == "owner");
    CHECK(row["residual"]["who"].string() == "Rob");
    CHECK(row["rating"]["by_measures"]["measure-egress"].string() == "tested");
    CHECK(row["rating"]["inputs"].members().size() > 10);
    CHECK(row["subject"]["identity_strength"].string() == "strong");
    CHECK_FALSE(row["subject"]["identifiers"].items().empty());
    std::set<std::string> types;
    std::string before;
    for (const Json& event : row["log"].items()) {
        types.insert(event["type"].string());
        CHECK((event["actor_kind"].string() == "human") == event.has("actor"));
    }
    for (const char* type : {"created", "status_changed", "treatment_changed", "accepted"})
        CHECK_MESSAGE(types.contains(type), type);
    // Bytes on the network with what they said, and sources of our data; the considerations name theirs.
    std::set<std::string> ids;
    std::set<std::string> kinds;
    for (const Json& one : row["evidence"].items()) {
        ids.insert(one["evidence"].string());
        kinds.insert(one["kind"].string());
        if (one["kind"].string() == "passive_traffic") CHECK(one.has("claim"));
    }
    CHECK(kinds.contains("passive_traffic"));
    CHECK(kinds.contains("knowledge_base"));
    for (const auto& [which, consideration] : row["considerations"].members()) {
        for (const Json& one : consideration["evidence"].items()) CHECK(ids.contains(one.string()));
    }
    CHECK(row["considerations"]["1"]["outcome"].string() == "yes");
    CHECK_FALSE(row["considerations"]["1"]["evidence"].items().empty());
    CHECK_FALSE(row["considerations"]["2"]["rationale"].string().empty());
    CHECK(row["considerations"]["3A"]["outcome"].string() == "yes");
    CHECK(row["considerations"]["3A"]["decided_by"].string() == "human");
    // A row about many names theirs.
    std::size_t rolled_up = 0;
    for (const Json& one : whole["risks"].items()) rolled_up += one.has("children") ? 1 : 0;
    CHECK(rolled_up > 0);
    // Duties as either language quotes them; what a rule rests on stays in the register in both.
    const Json dutch = site.exported("--lang nl");
    CHECK(whole["obligations"]["cbw-21-3-d"].string() == "Cbw art. 21(3)(d)");
    CHECK(dutch["obligations"]["cbw-21-3-d"].string() == "Cbw art. 21, derde lid, onder d");
    CHECK(dutch["obligations"]["reg-2024-1366-33"].string() == "Verordening (EU) 2024/1366, art. 33");
    for (const auto& [lang, expected] : {std::pair("nl", "Kamerstuk 36 764, nr. 8"), std::pair("en", "paper 36 764, no. 8")}) {
        site.run(std::string("export csv --register site.db -o csv --lang ") + lang);
        const Result<std::string> findings = read_file(site.at("csv/findings.csv"));
        REQUIRE(findings.ok());
        CHECK(findings.value().find(expected) != std::string::npos);
        CHECK((findings.value().find("Kamerstuk") != std::string::npos) == (std::string(lang) == "nl"));
    }
    site.run("export json --register site.db -o json");
    CHECK(validated("register", site.at("json/register.json")) != Fit::No);
    CHECK(write_json(parse_json_file(site.at("json/register.json")).value()).find("\"title_nl\":\"Kamerstuk 36 764, nr. 8") !=
          std::string::npos);
    // In Dutch, and to show around: no log, no people, no places.
    CHECK(row_of(site.exported("--lang nl"), id)["statement"]["event"].string() != row["statement"]["event"].string());
    const std::string shown = write_json(site.exported("--redact"));
    for (const char* hidden :
         {"Rob", "Operator", "board paper 7", "decision 12 of the board", "10.20.0.11", "\"log\"", "\"register\":"})
        CHECK_MESSAGE(shown.find(hidden) == std::string::npos, hidden);
    CHECK(shown.find("\"category\"") != std::string::npos);
}

TEST_SUITE_END();

}  // namespace risk_register_test
