#include "assess/assess.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "assess/rules.h"
#include "core/text.h"
#include "tests/assess/example_site.h"

using namespace herkomst;
using example::Folder;
using example::site_of;
using example::Thing;

namespace assess_test {

TEST_SUITE_BEGIN("assess");

namespace {

const PolicyPacks& ours() {
    static const PolicyPacks packs = [] {
        Result<PolicyPacks> loaded = PolicyPacks::load(HERKOMST_SOURCE_DIR "/rules", {"all"});
        if (!loaded) {
            for (const Problem& problem : loaded.problems()) FAIL_CHECK(problem.text());
        }
        REQUIRE(loaded.ok());
        return std::move(loaded.value());
    }();
    return packs;
}

// A rule that is right in everything but what is given.
std::string rule_text(const std::string& when, const std::string& examples, const std::string& more = "") {
    return R"({"id":"r","version":1,"title":{"nl":"t","en":"t"},"when":")" + when +
           R"(","likelihood":2,"impact":3,"because":{"nl":"{label}","en":"{label}"},"advice":{"nl":"a","en":"a"},"consideration":"1","references":[])" +
           more + R"(,"examples":[)" + examples + "]}";
}

std::vector<std::string> problems_of(const std::string& text) {
    std::vector<std::string> out;
    const Result<PolicyPacks> packs = PolicyPacks::from_text(text, "r.json");
    if (!packs) {
        for (const Problem& problem : packs.problems()) out.push_back(problem.text());
    }
    return out;
}

bool mentions(const std::vector<std::string>& lines, std::string_view what) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const std::string& line) { return line.find(what) != std::string::npos; });
}

PolicyPacks loaded(const std::string& when, const std::string& examples, const std::string& more = "") {
    Result<PolicyPacks> packs = PolicyPacks::from_text(rule_text(when, examples, more), "r.json");
    if (!packs) {
        for (const Problem& problem : packs.problems()) FAIL_CHECK(problem.text());
    }
    REQUIRE(packs.ok());
    return std::move(packs.value());
}

const std::string two_flags =
    R"({"facts":{"remote_documented":1,"remote_exposed":1},"verdict":"fires"},
       {"facts":{"remote_documented":0,"remote_exposed":0},"verdict":"does_not"},
       {"facts":{},"verdict":"undecided"})";

std::vector<Finding> judged(const PolicyPacks& packs, Facts facts) {
    FactsRow row;
    row.asset = "a";
    row.facts = std::move(facts);
    row.facts.emplace("label", "Example");
    std::vector<FactsRow> rows;
    rows.push_back(std::move(row));
    return judge(rows, {}, nullptr, packs);
}

const FactsRow& row_of(const std::vector<FactsRow>& rows, std::string_view asset) {
    for (const FactsRow& row : rows) {
        if (row.asset == asset) return row;
    }
    FAIL("no such row");
    return rows.front();
}

Json fact(const FactsRow& row, std::string_view name) {
    const auto found = row.facts.find(name);
    return found == row.facts.end() ? Json() : found->second;
}

std::string read_text(const std::string& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("a likelihood or an impact that is a number is from 1 to 5") {
    for (const char* key : {"likelihood", "impact"}) {
        for (const auto& [value, good] : {std::pair{"1", true},
                                          {"5", true},
                                          {"\"4\"", true},
                                          {"0", false},
                                          {"9", false},
                                          {"-1", false},
                                          {"\"6\"", false},
                                          {"\"0.5\"", false}}) {
            std::string text = rule_text("remote_documented = 1 OR remote_exposed = 1", two_flags);
            const std::size_t at = text.find(std::string("\"") + key + "\"");
            const std::size_t from = text.find(':', at) + 1;
            text.replace(from, text.find_first_of(",}", from) - from, value);
            const std::vector<std::string> problems = problems_of(text);
            CAPTURE(key);
            CAPTURE(value);
            CHECK(mentions(problems, std::string("r.json: /") + key + ": this is not from 1 to 5") == !good);
            if (good) CHECK(problems.empty());
        }
    }
}

TEST_CASE("our rules load, and every example comes out as it says") {
    CHECK(ours().rules().size() >= 14);
    for (const Problem& problem : ours().check_examples()) FAIL_CHECK(problem.text());
    CHECK(ours().version().find("nl-zelfscan sha256:") != std::string::npos);
    std::set<std::string> considerations;
    for (const PolicyPacks::RuleSummary& rule : ours().rules()) {
        INFO(rule.id);
        CHECK_FALSE(rule.uses.empty());
        CHECK(rule.hash.size() == 12);
        for (const std::string_view part : split(rule.consideration, ',')) considerations.insert(std::string(part));
    }
    for (const char* consideration : {"1", "2", "3A", "3B"}) CHECK(considerations.contains(consideration));
}

TEST_CASE("a rule that decides otherwise has a higher version") {
    // rule_versions.tsv: id, version, hash of what decides, as last released. A new rule or version gets a line of its own.
    std::map<std::string, std::pair<int, std::string>, std::less<>> released;
    std::ifstream file(HERKOMST_SOURCE_DIR "/tests/assess/rule_versions.tsv");
    std::string id;
    std::string hash;
    for (int version = 0; file >> id >> version >> hash;) released[id] = {version, hash};
    REQUIRE_FALSE(released.empty());
    for (const PolicyPacks::RuleSummary& rule : ours().rules()) {
        const std::string line = rule.id + "\t" + std::to_string(rule.version) + "\t" + rule.hash;
        INFO("the line for this rule is: " << line);
        const auto found = released.find(rule.id);
        REQUIRE(found != released.end());
        CHECK(rule.version >= found->second.first);
        if (rule.version == found->second.first) CHECK(rule.hash == found->second.second);
    }
}

TEST_CASE("rules name no country: the data decides") {
    Result<Json> jurisdictions = parse_json_file(HERKOMST_SOURCE_DIR "/vendordb/jurisdictions.json");
    REQUIRE(jurisdictions.ok());
    for (const auto& entry : std::filesystem::recursive_directory_iterator(HERKOMST_SOURCE_DIR "/rules/policies")) {
        // What a pack rests on has the name of the country whose rule it is; the rules themselves name none.
        if (entry.path().extension() != ".json" || entry.path().filename() == "pack.json") continue;
        const std::string text = read_text(entry.path().string());
        INFO(entry.path().string());
        CHECK(text.find("control_country =") == std::string::npos);
        for (const Json& jurisdiction : jurisdictions.value().items()) {
            for (const char* language : {"nl", "en"}) {
                CHECK(text.find(jurisdiction["name"][language].string()) == std::string::npos);
            }
        }
    }
}

TEST_CASE("the manual's rules load, and its tables are the program's") {
    const std::string readme = read_text(HERKOMST_SOURCE_DIR "/rules/README.md");
    REQUIRE_FALSE(readme.empty());
    std::size_t blocks = 0;
    const std::string fence = "```json\n";
    for (std::size_t at = readme.find(fence); at != std::string::npos; at = readme.find(fence, at + 1)) {
        const std::size_t from = at + fence.size();
        const std::string block = readme.substr(from, readme.find("```", from) - from);
        const Result<PolicyPacks> packs = PolicyPacks::from_text(block, "README.md");
        if (!packs) {
            for (const Problem& problem : packs.problems()) FAIL_CHECK(problem.text());
            continue;
        }
        for (const Problem& problem : packs.value().check_examples()) FAIL_CHECK(problem.text());
        ++blocks;
    }
    CHECK(blocks >= 1);
    std::string rows;
    for (const auto columns : {fact_columns(), group_columns()}) {
        rows += "| fact | type | unknown | from | asked per | what it is |\n|---|---|---|---|---|---|\n";
        for (const FactColumn& column : columns) {
            rows += "| `" + std::string(column.name) + "` | " + std::string(name(column.type)) + " | " +
                    (column.always_known ? "never" : "possible") + " | " + std::string(column.from) + " | " +
                    std::string(column.per) + " | " + std::string(column.meaning) + " |\n";
        }
        CHECK(readme.find(rows) != std::string::npos);
        rows.clear();
    }
}

TEST_CASE("TRUE opens, FALSE is silent, NULL asks") {
    const PolicyPacks packs = loaded("remote_documented = 1 AND remote_exposed = 1", two_flags);
    const auto open = judged(packs, {{"remote_documented", 1}, {"remote_exposed", 1}});
    REQUIRE(open.size() == 1);
    CHECK(open[0].verdict == Ruling::Open);
    CHECK(open[0].missing.empty());
    CHECK(open[0].band == Band::Medium);
    CHECK(open[0].because.nl == "Example");
    CHECK(judged(packs, {{"remote_documented", 0}}).empty());
    CHECK(judged(packs, {{"remote_documented", 1}, {"remote_exposed", 0}}).empty());
    const auto question = judged(packs, {{"remote_documented", 1}});
    REQUIRE(question.size() == 1);
    CHECK(question[0].verdict == Ruling::Question);
    CHECK(question[0].missing == std::vector<std::string>{"remote_exposed"});
    CHECK(judged(packs, {}).front().missing == std::vector<std::string>{"remote_documented", "remote_exposed"});
}

TEST_CASE("missing facts are those that can change the verdict") {
    const std::string examples =
        R"({"facts":{"remote_documented":1,"remote_exposed":1,"rated_power":9},"verdict":"fires"},
           {"facts":{"remote_documented":0,"remote_exposed":0},"verdict":"does_not"},{"facts":{},"verdict":"undecided"})";
    const PolicyPacks either = loaded("(remote_documented = 1 OR remote_exposed = 1) AND rated_power > 5", examples);
    // The disjunction is decided already: what is missing is the power only.
    CHECK(judged(either, {{"remote_exposed", 1}}).front().missing == std::vector<std::string>{"rated_power"});
    CHECK(judged(either, {{"rated_power", 7}}).front().missing ==
          std::vector<std::string>{"remote_documented", "remote_exposed"});
    CHECK(judged(either, {{"rated_power", 5}}).empty());
    // Only both together decide.
    const PolicyPacks sum = loaded("remote_documented + remote_exposed = 2 AND rated_power > 5", examples);
    CHECK(judged(sum, {{"rated_power", 6}}).front().missing == std::vector<std::string>{"remote_documented", "remote_exposed"});
    const PolicyPacks text = loaded("lower(maker) = 'riverside' AND rated_power BETWEEN 1 AND 9",
                                    R"({"facts":{"maker":"Riverside","rated_power":1},"verdict":"fires"},
                                       {"facts":{"maker":"x","rated_power":1},"verdict":"does_not"},{"facts":{"rated_power":1},"verdict":"undecided"})");
    CHECK(judged(text, {{"rated_power", 2}}).front().missing == std::vector<std::string>{"maker"});
}

TEST_CASE("known() is the one explicit way around NULL") {
    const PolicyPacks packs = loaded("known(remote_documented) AND remote_documented = 1",
                                     R"({"facts":{"remote_documented":1},"verdict":"fires"},{"facts":{},"verdict":"does_not"})",
                                     R"(,"never_undecided":"it passes by what is not known")");
    CHECK(judged(packs, {}).empty());
    CHECK(judged(packs, {{"remote_documented", 1}}).size() == 1);
}

TEST_CASE("an unknown likelihood or impact counts in the worse half") {
    const std::string text =
        R"j({"id":"r","version":1,"title":{"nl":"t","en":"t"},"when":"remote_observed = 1","likelihood":"1 + (cellular = 1)",
        "impact":"2 + (rated_power > 5) * 9","because":{"nl":"{rated_power} {cellular}","en":"{rated_power} {cellular}"},
        "advice":{"nl":"a","en":"a"},"consideration":"","references":[],
        "examples":[{"facts":{"remote_observed":1},"verdict":"fires","band":"critical"},{"facts":{"remote_observed":0},"verdict":"does_not"},
        {"facts":{},"verdict":"undecided"}]})j";
    Result<PolicyPacks> packs = PolicyPacks::from_text(text, "r.json");
    REQUIRE(packs.ok());
    CHECK(packs.value().check_examples().empty());
    const auto unknown = judged(packs.value(), {{"remote_observed", 1}});
    CHECK(unknown[0].likelihood == 4);
    CHECK(unknown[0].impact == 4);
    CHECK(unknown[0].because.nl == "onbekend onbekend");
    const auto known = judged(packs.value(), {{"remote_observed", 1}, {"cellular", 0}, {"rated_power", 2500}});
    CHECK(known[0].likelihood == 1);
    CHECK(known[0].impact == 5);  // no more than 5
    CHECK(known[0].because.nl == "2,5 kW 0");
    CHECK(known[0].because.en == "2.5 kW 0");
}

TEST_CASE("bands") {
    CHECK(band_of(1, 4) == Band::Low);
    CHECK(band_of(1, 5) == Band::Medium);
    CHECK(band_of(3, 3) == Band::Medium);
    CHECK(band_of(2, 5) == Band::High);
    CHECK(band_of(3, 4) == Band::High);
    CHECK(band_of(3, 5) == Band::Critical);
    CHECK(band_of(5, 5) == Band::Critical);
}

TEST_CASE("operators that swallow NULL, and everything else that is not the language, are refused") {
    const std::pair<const char*, const char*> refused[] = {
        {"remote_documented IS NULL", "\\\"is\\\" is refused"},
        {"remote_documented ISNULL", "refused"},
        {"remote_documented NOTNULL", "refused"},
        {"remote_documented NOT NULL", "refused"},
        {"CASE WHEN remote_documented = 1 THEN 1 ELSE 0 END", "refused"},
        {"coalesce(remote_documented, 0) = 1", "refused"},
        {"IFNULL(remote_documented, 0) = 1", "refused"},
        {"iif(remote_documented = 1, 1, 0)", "refused"},
        {"nullif(remote_documented, 1) = 0", "refused"},
        {"EXISTS (SELECT 1)", "refused"},
        {"remote_documented IN (SELECT 1)", "refused"},
        {"(SELECT count(*) FROM facts) > 1", "refused"},
        {"remote_documented = NULL", "refused"},
        {"remote_documented IN ()", "IN takes a list of literals"},
        {"remote_documented IN (remote_exposed)", "IN takes a list of literals"},
        {"remote_documented / 2 = 1", "division by zero"},
        {"remote_documented % 2 = 1", "division by zero"},
        {"max(remote_documented) = 1", "the function"},
        {"count(remote_documented) = 1", "the function"},
        {"load_extension('x') = 1", "the function"},
        {"remote_documented = 1 -- yes", "not part of the language"},
        {"remote_documented = 1; DROP TABLE facts", "not part of the language"},
        {"remote_documented = 1) FROM groups WHERE (1", "closed that was not opened"},
        {"(remote_documented = 1", "not closed"},
        {"maker = 'x", "not closed"},
        {"remote_documentd = 1", "there is no fact"},
        {"known(remote_documented = 1)", "known() takes the name of one fact"},
        {"known(1)", "known() takes the name of one fact"},
        {"remote_documented -> 'x'", "not part of the language"},
        {"remote_documented REGEXP 'x'", "there is no fact"},
        {"remote_documented COLLATE nocase = 'x'", "there is no fact"},
        {"facts.remote_documented = 1", "not part of the language"},
        {"remote_documented = 0x10", "not a plain number"},
        {"remote_documented = ?1", "not part of the language"},
        {"remote_documented = :x", "not part of the language"},
        {"remote_documented remote_exposed", "SQLite refuses"},
        {"1 = 1", "reads no fact"},
        {"   ", "an empty one"},
    };
    for (const auto& [when, why] : refused) {
        std::string escaped;
        for (const char c : std::string(when)) escaped += c == '"' ? std::string("\\\"") : std::string(1, c);
        const auto problems = problems_of(rule_text(escaped, two_flags));
        INFO(when << " : " << (problems.empty() ? "accepted" : problems.front()));
        std::string expected(why);
        expected.erase(std::remove(expected.begin(), expected.end(), '\\'), expected.end());
        CHECK(mentions(problems, expected));
        CHECK(mentions(problems, "r.json: /when"));
    }
    // A quoted name that is no column would be a text to SQLite.
    CHECK(mentions(problems_of(rule_text(R"(remote_documented = \"x\")", two_flags)), "refused"));
    // Nesting and length have an end.
    CHECK(mentions(problems_of(rule_text(std::string(60, '(') + "remote_documented" + std::string(60, ')'), two_flags)),
                   "nested"));
    CHECK(mentions(problems_of(rule_text("remote_documented = 1" + std::string(5000, ' '), two_flags)), "longer than"));
}

TEST_CASE("the authorizer refuses what the tokens would let through") {
    Bench bench;
    std::set<std::string, std::less<>> reads;
    CHECK_FALSE(bench.prepare("facts", "(SELECT 1)", reads).empty());
    CHECK_FALSE(bench.prepare("facts", "(SELECT count(*) FROM sqlite_schema)", reads).empty());
    CHECK_FALSE(bench.prepare("facts", "coalesce(maker, 'x')", reads).empty());
    CHECK_FALSE(bench.prepare("facts", "random()", reads).empty());
    CHECK_FALSE(bench.prepare("facts", "\"no such column\"", reads).empty());
    reads.clear();
    CHECK(bench.prepare("facts", "maker = 'x' AND known(category) OR 1", reads).empty());
    CHECK(reads == std::set<std::string, std::less<>>{"maker", "category"});
}

TEST_CASE("facts used are told by SQLite: of when, likelihood, impact and because") {
    const PolicyPacks packs = loaded("remote_documented = 1 AND remote_exposed = 1", two_flags);
    CHECK(packs.rules()[0].uses == std::vector<std::string>{"remote_documented", "remote_exposed"});
    const auto findings = judged(packs, {{"remote_documented", 1}, {"remote_exposed", 1}, {"maker", "other"}});
    std::vector<std::string> facts;
    for (const auto& [name, value] : findings[0].facts) facts.push_back(name);
    CHECK(facts == std::vector<std::string>{"label", "remote_documented", "remote_exposed"});
}

TEST_CASE("a rule file is read strictly, all problems at once") {
    const auto problems = problems_of(
        R"({"id":"Bad Id","version":0,"colour":"red","title":{"nl":"t"},"when":"nonsense = 1","likelihood":2,"impact":"x","because":{"nl":"{nothing}","en":"{label"},
            "advice":{"nl":"a","en":""},"consideration":"5","references":[{"address":"x"},{"title":{"nl":"t"}},{"title":{"nl":"t","en":"t"}}],
            "examples":[{"facts":{"rated_power":"many","nothing":1,"cellular":2,"plant_protocol":null},"verdict":"perhaps","missing":[]}]})");
    for (const char* expected : {"/id: an id is made of",
                                 "/version: a version",
                                 "/colour: this key is not known",
                                 "/title: \"en\" is missing",
                                 "/when: there is no fact \"nonsense\"",
                                 "/impact: there is no fact \"x\"",
                                 "/because/nl: there is no fact \"nothing\"",
                                 "/because/en: a brace has no partner",
                                 "/advice/en: this is not a text",
                                 "/consideration: this is not 1, 2, 3A, 3B",
                                 "/references/0: \"title\" is missing",
                                 "/references/1/title: \"en\" is missing",
                                 "/examples/0/facts/rated_power: this is no integer",
                                 "/examples/0/facts/nothing: there is no such fact",
                                 "/examples/0/facts/cellular: this is no flag",
                                 "/examples/0/facts/plant_protocol: this is no flag, and it is always known",
                                 "/examples/0/verdict: this is not fires",
                                 "/examples/0/missing: a list of facts",
                                 "/examples: no example fires",
                                 "/examples: there is no example that does not fire"}) {
        INFO(expected);
        CHECK(mentions(problems, std::string("r.json: ") + expected));
    }
    CHECK_FALSE(mentions(problems, "/references/2"));
    CHECK(mentions(problems_of(rule_text("remote_documented = 1", R"({"facts":{"remote_documented":1},"verdict":"fires"},
        {"facts":{"remote_documented":0},"verdict":"does_not"})")),
                   "no example is undecided"));
    CHECK(mentions(problems_of("[]"), "not an object"));
    CHECK_FALSE(problems_of("{").empty());
}

TEST_CASE("a rule has an undecided example, or says why there can be none, and that is put to the proof") {
    const auto rule = [](const std::string& when, const std::string& examples, const std::string& why) {
        std::string out = rule_text(when, examples);
        if (!why.empty()) out.insert(1, "\"never_undecided\": " + why + ",");
        return problems_of(out);
    };
    const std::string known = "known(remote_documented) AND remote_documented = 1";
    const std::string decided = R"({"facts":{"remote_documented":1},"verdict":"fires"},{"facts":{},"verdict":"does_not"})";
    CHECK(mentions(rule(known, decided, ""), "\"never_undecided\" does not say why"));
    CHECK(rule(known, decided, "\"it passes by what is not known\"").empty());
    CHECK(mentions(rule(known, decided, "\" \""), "/never_undecided: this is not a text"));
    CHECK(mentions(rule(known, decided, "7"), "/never_undecided: this is not a text"));
    // Both at once, and a reason that is not true: also where it takes two facts that are unknown, and where only a firing
    // example says nothing of it.
    CHECK(mentions(rule("remote_documented = 1 AND remote_exposed = 1", two_flags, "\"never\""),
                   "/never_undecided: an example of this rule is undecided"));
    CHECK(mentions(rule("remote_documented = 1", R"({"facts":{"remote_documented":1},"verdict":"fires"},
        {"facts":{"remote_documented":0},"verdict":"does_not"})",
                        "\"never\""),
                   "/never_undecided: a fact of this rule can be unknown"));
    CHECK(mentions(rule("remote_documented = 1 OR remote_exposed = 1",
                        R"({"facts":{"remote_documented":1,"remote_exposed":1},"verdict":"fires"},
        {"facts":{"remote_documented":0,"remote_exposed":0},"verdict":"does_not"})",
                        "\"never\""),
                   "/never_undecided: a fact of this rule can be unknown"));
}

TEST_CASE("a wrong example is found") {
    const PolicyPacks packs =
        loaded("remote_documented = 1 AND remote_exposed = 1",
               R"({"facts":{"remote_documented":1},"verdict":"fires"},{"facts":{"remote_documented":0},"verdict":"does_not"},
                                        {"facts":{"remote_documented":1},"verdict":"undecided","missing":["label"]},
                                        {"facts":{"remote_documented":1,"remote_exposed":1},"verdict":"fires","band":"low"})");
    const Problems problems = packs.check_examples();
    REQUIRE(problems.size() == 3);
    CHECK(problems[0].text() == "r.json: /examples/0: this should be fires but is undecided");
    CHECK(problems[1].text() == "r.json: /examples/2/missing: the missing facts are remote_exposed");
    CHECK(problems[2].text() == "r.json: /examples/3/band: this should be low but is medium");
}

TEST_CASE("a folder of rules: stems, duplicates, packs that are not there") {
    const Folder folder("rules");
    folder.put("policies/one/r.json", rule_text("remote_documented = 1 AND remote_exposed = 1", two_flags));
    folder.put("policies/two/r.json", rule_text("remote_documented = 1 AND remote_exposed = 1", two_flags));
    folder.put("policies/two/s.json", rule_text("remote_documented = 1 AND remote_exposed = 1", two_flags));
    const Result<PolicyPacks> all = PolicyPacks::load(folder.at(""));
    REQUIRE_FALSE(all.ok());
    std::vector<std::string> lines;
    for (const Problem& problem : all.problems()) lines.push_back(problem.text());
    CHECK(mentions(lines, "two/r.json: /id: "));
    CHECK(mentions(lines, "has the same id"));
    CHECK(mentions(lines, "two/s.json: /id: the id is not the name of its file"));
    CHECK(PolicyPacks::load(folder.at(""), {"one"}).ok());
    CHECK_FALSE(PolicyPacks::load(folder.at(""), {"three"}).ok());
    CHECK_FALSE(PolicyPacks::load(folder.at("nowhere")).ok());
}

TEST_CASE("facts: what is not sourced stays unknown") {
    const Folder folder("facts");
    const VendorDb db = example::vendors(folder);
    const Identified site = site_of({
        Thing("a", "00:00:5e:00:53:01", 1)
            .says(Field::maker, "Riverside", "riverside", "modbus.device_id")
            .says(Field::model, "RS50K"),
        Thing("b", "00:00:5e:00:53:02", 2).says(Field::maker, "Hillside", "hillside").says(Field::category, "plc"),
        Thing("c", "00:00:5e:00:53:03", 3).says(Field::maker, "Meadow", "meadow"),
        Thing("d", "00:00:5e:00:53:04", 4).says(Field::maker, "Valley", "valley"),
        Thing("e", "00:00:5e:00:53:05", 5)
            .contested(Field::maker, {"Riverside", "Hillside"})
            .says(Field::nic_maker, "Riverside", "riverside"),
        Thing("f", "00:00:5e:00:53:06", 6)
            .says(Field::nic_maker, "Riverside", "riverside")
            .says(Field::rated_power, "7.4 kW")
            .says(Field::cellular, "sim country NL, operator 204-04"),
        Thing("g", "00:00:5e:00:53:07", 7)
            .says(Field::maker, "Nobody Knows Ltd")
            .contested(Field::cellular, {"sim country NL", "sim country DE"}),
    });
    const std::vector<FactsRow> rows = facts_of(site, db);
    CHECK(fact(row_of(rows, "f"), "cellular") == Json(1));
    CHECK(fact(row_of(rows, "f"), "sim_country") == Json("NL"));
    CHECK(fact(row_of(rows, "g"), "sim_country").is_null());
    const FactsRow& a = row_of(rows, "a");
    CHECK(fact(a, "sim_country").is_null());
    CHECK(fact(a, "maker") == Json("riverside"));
    CHECK(fact(a, "control_country") == Json("XA"));
    CHECK(fact(a, "control_status") == Json("reported"));
    CHECK(fact(a, "offensive_programme") == Json(1));
    CHECK(fact(a, "compelled_cooperation") == Json(1));
    CHECK(fact(a, "strained_relation") == Json(0));
    CHECK(fact(a, "state_control").is_null());
    CHECK(fact(a, "category") == Json("solar_inverter"));  // by its product line
    CHECK(fact(a, "power_device") == Json(1));
    CHECK(fact(a, "rated_power") == Json(50000));
    CHECK(fact(a, "remote_documented") == Json(1));
    CHECK(fact(a, "remote_party") == Json("maker"));       // the farthest of those who can
    CHECK(fact(a, "firmware_push_documented").is_null());  // claimed without a source
    CHECK(fact(a, "plant_protocol") == Json(1));
    for (const char* unknown : {"remote_exposed", "remote_observed", "remote_blocked", "cellular", "internet_observed"}) {
        CHECK(fact(a, unknown).is_null());
    }
    const FactsRow& b = row_of(rows, "b");
    CHECK(fact(b, "offensive_programme") == Json(0));
    CHECK(fact(b, "compelled_cooperation").is_null());  // that no law is on record does not show that there is none
    CHECK(fact(b, "state_control") == Json(1));
    CHECK(fact(b, "power_device") == Json(0));
    const FactsRow& c = row_of(rows, "c");
    CHECK(fact(c, "control_country").is_null());
    CHECK(fact(c, "control_status") == Json("unverified"));
    CHECK(fact(c, "offensive_programme").is_null());
    CHECK(fact(row_of(rows, "d"), "control_country") == Json("XC"));
    CHECK(fact(row_of(rows, "d"), "offensive_programme").is_null());
    const FactsRow& e = row_of(rows, "e");
    CHECK(fact(e, "maker_contested") == Json(1));
    CHECK(fact(e, "maker").is_null());
    CHECK(fact(e, "control_country").is_null());
    const FactsRow& f = row_of(rows, "f");
    CHECK(fact(f, "maker").is_null());  // an address block names no maker
    CHECK(fact(f, "control_country").is_null());
    CHECK(fact(f, "rated_power") == Json(7400));
    const FactsRow& g = row_of(rows, "g");
    CHECK(fact(g, "maker").is_null());
    CHECK(fact(g, "maker_name") == Json("Nobody Knows Ltd"));
    // Every fact that is given is a column, and of its type.
    for (const FactsRow& row : rows) {
        for (const auto& [name, value] : row.facts) {
            const auto columns = fact_columns();
            const auto column =
                std::find_if(columns.begin(), columns.end(), [&](const FactColumn& col) { return col.name == name; });
            INFO(name);
            REQUIRE(column != columns.end());
            if (column->type == FactColumn::Type::Text) CHECK((value.is_string() || value.is_null()));
            if (column->type != FactColumn::Type::Text) CHECK((value.is_integer() || value.is_null()));
            if (column->always_known) CHECK_FALSE(value.is_null());
        }
    }
}

TEST_CASE("facts: paths to a vendor's cloud and to the internet") {
    const Folder folder("paths");
    const VendorDb db = example::vendors(folder);
    Identified site = site_of({Thing("a", "00:00:5e:00:53:01", 1), Thing("b", "00:00:5e:00:53:02", 2)});
    Conversation conversation;
    conversation.a.ip = *IpAddress::parse("10.0.0.1");
    conversation.b.ip = *IpAddress::parse("1.1.1.1");
    conversation.b_name = "eu.cloud.riverside.example";
    site.asset_of[conversation.a] = "a";
    site.conversations.push_back(conversation);
    conversation.a.ip = *IpAddress::parse("10.0.0.2");
    conversation.b.ip = *IpAddress::parse("10.0.0.3");
    conversation.b_name = "notcloud.riverside.example";
    site.asset_of[conversation.a] = "b";
    site.conversations.push_back(conversation);
    const std::vector<FactsRow> rows = facts_of(site, db);
    CHECK(fact(rows[0], "cloud_operator") == Json("riverside"));
    CHECK(fact(rows[0], "cloud_host") == Json("eu.cloud.riverside.example"));
    CHECK(fact(rows[0], "cloud_offensive_programme") == Json(1));
    CHECK(fact(rows[0], "internet_observed") == Json(1));
    CHECK(fact(rows[1], "cloud_operator").is_null());
    CHECK(fact(rows[1], "internet_observed").is_null());
}

TEST_CASE("groups: sums say what is certain and what is not") {
    const Folder folder("groups");
    const VendorDb db = example::vendors(folder);
    const auto inverter = [](const char* key, const char* mac, const char* model) {
        return Thing(key, mac, 1)
            .says(Field::maker, "Riverside", "riverside")
            .says(Field::category, "solar_inverter")
            .says(Field::model, model);
    };
    std::vector<Asset> assets = {
        inverter("a", "00:00:5e:00:53:01", "RS60K"), inverter("b", "00:00:5e:00:53:02", "RS50K"),
        Thing("c", "00:00:5e:00:53:03", 1).says(Field::maker, "Hillside", "hillside").says(Field::category, "solar_inverter"),
        Thing("d", "00:00:5e:00:53:04", 1).says(Field::maker, "Hillside", "hillside").says(Field::category, "plc")};
    const auto group = [](const std::vector<Group>& groups, std::string_view kind, std::string_view key) {
        for (const Group& one : groups) {
            if (one.kind == kind && one.key == key) return one;
        }
        FAIL("no such group");
        return Group();
    };
    const std::vector<Group> groups = groups_of(facts_of(site_of(assets), db), db, {"north"});
    const Group maker = group(groups, "vendor", "riverside");
    CHECK(maker.switchable_power == 110'000);
    CHECK(maker.facts.at("switchable_power") == Json(110'000));
    CHECK(maker.facts.at("power_assets_share") == Json(66));
    CHECK(maker.title.nl == "Example riverside");
    CHECK(group(groups, "jurisdiction", "XA").title.nl == "Landa");
    const Group other = group(groups, "vendor", "hillside");
    CHECK(other.assets == 2);
    CHECK(other.power_assets == 1);
    CHECK(other.rated_power_unknown == 1);
    CHECK(other.switchable_maybe == 1);
    CHECK_FALSE(other.facts.contains("switchable_power"));
    CHECK_FALSE(other.facts.contains("rated_power"));
    const Group all = group(groups, "site", "north");
    CHECK(all.assets == 4);
    CHECK(all.facts.at("switchable_power_at_least") == Json(110'000));
    CHECK_FALSE(all.facts.contains("switchable_power"));
    CHECK(all.members == std::vector<std::string>{"a", "b", "c", "d"});

    // 110 kW of a country with both considerations positive.
    const Assessment assessment = assess(site_of(assets), db, ours(), {"north"});
    const auto found = std::find_if(assessment.findings.begin(), assessment.findings.end(),
                                    [](const Finding& f) { return f.rule == "switchable-power-jurisdiction"; });
    REQUIRE(found != assessment.findings.end());
    CHECK(found->verdict == Ruling::Open);
    CHECK(found->subject.kind == "jurisdiction");
    CHECK(found->because.nl.find("Landa") != std::string::npos);
    CHECK(found->because.en.find("Landia") != std::string::npos);
    CHECK(found->because.en.find("110 kW") != std::string::npos);
}

TEST_CASE("assess: sorted, the same in any order of assets, with evidence") {
    const Folder folder("whole");
    const VendorDb db = example::vendors(folder);
    std::vector<Asset> assets = {
        Thing("a", "00:00:5e:00:53:01", 7)
            .says(Field::maker, "Riverside", "riverside", "modbus.device_id")
            .says(Field::model, "RS50K"),
        Thing("b", "00:00:5e:00:53:02", 8).says(Field::maker, "Meadow", "meadow").says(Field::category, "plc"),
        Thing("c", "00:00:5e:00:53:03", 9).contested(Field::maker, {"x", "y"})};
    const Assessment one = assess(site_of(assets), db, ours(), {"north"});
    std::reverse(assets.begin(), assets.end());
    const Assessment two = assess(site_of(assets), db, ours(), {"north"});
    REQUIRE(one.findings.size() == two.findings.size());
    for (std::size_t i = 0; i < one.findings.size(); ++i) {
        CHECK(write_json(to_json(one.findings[i])) == write_json(to_json(two.findings[i])));
        if (i > 0) CHECK(one.findings[i - 1].band >= one.findings[i].band);
    }
    const auto of = [&](std::string_view rule, std::string_view key) -> std::optional<Finding> {
        for (const Finding& finding : one.findings) {
            if (finding.rule == rule && finding.subject.key == key) return finding;
        }
        return std::nullopt;
    };
    const std::optional<Finding> inverter = of("solar-inverter-remote-control", "a");
    REQUIRE(inverter.has_value());
    CHECK(inverter->verdict == Ruling::Open);
    REQUIRE(inverter->evidence.size() == 1);
    CHECK(inverter->evidence[0].frame == 7);
    CHECK(inverter->because.nl.find("Landa") != std::string::npos);
    // The maker's country is claimed without a source: a question, not a finding.
    const std::optional<Finding> plc = of("controller-risk-supplier", "meadow");
    REQUIRE(plc.has_value());
    CHECK(plc->verdict == Ruling::Question);
    CHECK(std::find(plc->missing.begin(), plc->missing.end(), "offensive_programme") != plc->missing.end());
    CHECK(of("contested-maker", "c").has_value());
    CHECK_FALSE(of("contested-maker", "a").has_value());
}

TEST_CASE("the finding line") {
    const PolicyPacks packs = loaded("remote_documented = 1 AND remote_exposed = 1", two_flags);
    const auto findings = judged(packs, {{"remote_documented", 1}});
    REQUIRE(findings.size() == 1);
    const std::string line = write_json(to_json(findings[0]));
    CHECK(line.find(R"("type":"finding")") != std::string::npos);
    CHECK(line.find(R"("subject":{"key":"a","kind":"asset"})") != std::string::npos);
    CHECK(line.find(R"("missing":["remote_exposed"])") != std::string::npos);
    CHECK(line.find(R"("facts":{"label":"Example","remote_documented":1})") != std::string::npos);
    CHECK(line.find("null") == std::string::npos);
    CHECK(findings[0].id.size() == 18);
    CHECK(findings[0].id == finding_id("r", {"asset", "a"}));
    CHECK(finding_id("r", {"asset", "a"}) != finding_id("r", {"vendor", "a"}));
}

TEST_SUITE_END();

}  // namespace assess_test
