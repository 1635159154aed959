// Who answered what a finding rests on: from the answers of people, through a scan, into report, tables and `register show`;
// and the register spoken to in Dutch.
#include <doctest/doctest.h>

#include <algorithm>

#include "cli/grounds.h"
#include "core/json.h"
#include "core/text.h"
#include "register/overview.h"
#include "tests/cli/program.h"

using namespace herkomst;
using program::Ran;
using program::says;

namespace grounds_test {

TEST_SUITE_BEGIN("cli.grounds");

namespace {

class Desk : public program::Desk {
  public:
    Desk()
        : program::Desk("grounds-cli",
                        "10.1.0.7;Sungrow;SG110CX;A7001234\n10.1.0.8;Sungrow;SG110CX;A7001235\n"
                        "10.1.0.9;Siemens;S7-1200;S7-55512\n") {}
    // All the questions that are open, as the file that people fill in; every one answered by `answer`, if it says something.
    template <class Answer>
    void answer(const std::string& now, const Answer& answer) const {
        REQUIRE(run("assess export --register site.db --all -o ask.json", now).exit_code == 0);
        Json form = parse_json(file("ask.json"), "ask.json").value();
        for (Json& one : form["answers"].items()) {
            const std::string value = answer(one);
            if (value.empty()) continue;
            one["answer"] = value;
            one["by"] = "A. Analyst";
            one["source"] = "contract 2026-14";
        }
        put("filled.json", write_json(form));
        const Ran ran = run("assess import filled.json --register site.db", now);
        REQUIRE_MESSAGE(ran.exit_code == 0, ran.out);
    }
    [[nodiscard]] Overview look(const char* now = "2026-01-01T00:00:00Z") const {
        const Register held = Register::open_to_read(at("site.db"));
        Overview all = overview(held, nullptr);
        add_answers(all, held, *parse_rfc3339(now));
        return all;
    }
};

}  // namespace

TEST_CASE("an answer about a supplier is a ground of what its devices and the supplier itself are found to be") {
    const Desk desk;
    CHECK(desk.look().answers.empty());
    desk.answer("2026-01-02T00:00:00Z", [](const Json& one) -> std::string {
        const std::string id = one["question"].string();
        if (id == "process-impact") return "4";
        if (one["key"].string() != "sungrow") return {};
        if (id == "contract-exit") return "absent";
        return id == "supplier-access" ? "yes" : "";
    });
    // Counted from the next run on.
    CHECK(desk.look().answers.empty());
    desk.scan("2026-01-03T00:00:00Z", "--report out --lang nl");
    const Overview all = desk.look();
    REQUIRE(all.answers.size() >= 2);
    const auto answer = [&](const std::string& question) {
        const auto found = std::find_if(all.answers.begin(), all.answers.end(),
                                        [&](const OverviewAnswer& one) { return one.question == question; });
        REQUIRE_MESSAGE(found != all.answers.end(), question);
        return *found;
    };
    const OverviewAnswer access = answer("supplier-access");
    CHECK(access.by == "A. Analyst");
    CHECK(access.source == "contract 2026-14");
    CHECK(rfc3339(access.at).substr(0, 10) == "2026-01-02");
    CHECK(access.expires > access.at);
    CHECK(access.about.nl == "Sungrow");
    CHECK(access.shown.nl == "Ja");
    CHECK(access.text.nl != access.text.en);
    std::size_t filled = 0;
    std::size_t rated = 0;
    for (const OverviewFinding& one : all.findings) {
        const OverviewAsset* asset = one.finding.subject.kind == "asset" ? all.asset(one.finding.subject.key) : nullptr;
        for (const OverviewGround& ground : one.grounds) {
            filled += ground.facts.empty() ? 0 : 1;
            rated += ground.rates ? 1 : 0;
            const OverviewAnswer& on = all.answers.at(static_cast<std::size_t>(ground.answer) - 1);
            CHECK(on.number == ground.answer);
            // What was said of one supplier says nothing of another one's devices.
            if (on.scope == "supplier" && asset != nullptr) CHECK(asset->maker == on.key);
            for (const std::string& fact : ground.facts) CHECK(one.finding.facts.contains(fact));
        }
        if (!one.rating) continue;
        // Every input that a person gave is on the list.
        for (const auto& [question, input] : one.rating->inputs) {
            if (input.from != RatingInput::From::Person) continue;
            const bool listed = std::any_of(one.grounds.begin(), one.grounds.end(), [&](const OverviewGround& ground) {
                return ground.rates && all.answers.at(static_cast<std::size_t>(ground.answer) - 1).question == question;
            });
            CHECK_MESSAGE(listed, (one.finding.rule + ": " + question));
        }
    }
    CHECK(filled > 0);
    CHECK(rated > 0);
    const std::string page = desk.file("out/report.html");
    for (const char* part : {"A. Analyst", "contract 2026-14", "2026-01-02", "supplier-access"})
        CHECK_MESSAGE(page.find(part) != std::string::npos, std::string(part));
    CHECK(desk.file("out/answers.csv").find("supplier-access") != std::string::npos);
    CHECK(desk.file("out/findings.csv").find("contract-exit=absent (A. Analyst, 2026-01-02)") != std::string::npos);
    // What answers changed was changed by people, not by the network.
    const Ran diff = desk.run("register diff --register site.db --format json", "2026-01-03T00:00:00Z");
    CHECK(says(diff, "\"cause\":\"people\""));
    CHECK(diff.out.find("\"cause\":\"network\"") == std::string::npos);
    const Json json = parse_json(desk.file("out/register.json"), "register.json").value();
    CHECK(json["answers"].items().size() == all.answers.size());
}

TEST_CASE("a risk owner speaks Dutch with the register: lists, decisions, refusals, history") {
    const Desk desk;
    const auto nl = [&](const std::string& words, const std::string& now = "2026-01-02T00:00:00Z") {
        return desk.run("register " + words + " --register site.db --lang nl", now);
    };
    const Overview all = desk.look();
    REQUIRE_FALSE(all.questions.empty());
    const std::string id = all.questions.front().finding.id;
    CHECK(says(nl("list questions"), "bevinding"));
    CHECK(says(nl("list vragen --status nieuw"), "nieuw"));
    CHECK(says(nl("list assets"), "fabrikant"));
    CHECK(says(nl("list runs"), "programma"));
    CHECK(says(nl("accept " + id + " --by Rob --role owner --reason so --until 2026-03-01"),
               "is nieuw en kan niet aanvaard worden; van daaruit kan het worden: in onderzoek (investigating)"));
    CHECK(says(nl("status beoordeeld " + id + " --by Ann --reason bekeken"), "is beoordeeld"));
    CHECK(says(nl("status beoordeeld " + id + " --by Ann --reason weer"), "kan niet beoordeeld worden"));
    CHECK(says(nl("accept " + id + " --by Ann"), "alleen de risico-eigenaar mag de status op aanvaard zetten"));
    CHECK(says(nl("accept " + id + " --by Ann"), "verandert niet zonder reden"));
    CHECK(says(nl("measure " + id + " titel='uitgaand verkeer dicht' soort='uitgaand verkeer blokkeren' --by Ann"), "M-"));
    CHECK(says(nl("set " + id + " behandeling=verminderen eigenaar=Rob uiterlijk=2026-02-01 --by Ann"), "bevinding " + id));
    CHECK(says(nl("set 10.1.0.7 kleur=blauw --by Ann"), "dat veld bestaat niet"));
    CHECK(says(nl("set 10.1.0.77 zone=x --by Ann"), "er is niets dat \"10.1.0.77\" heet"));
    CHECK(says(nl("accept " + id + " --by Rob --role owner --reason even --until 2026-03-01"), "is aanvaard"));
    const Ran shown = nl("show " + id);
    for (const char* part : {"niveau volgens de regel", "aanvaard sinds 2026-01-02", "behandeling", "verminderen",
                             "beheersmaatregel", "uitgaand verkeer dicht (voorgesteld)", "waarom", "TLP:AMBER+STRICT"})
        CHECK(says(shown, part));
    CHECK(says(nl("show 10.1.0.7"), "Sungrow"));
    const Ran told = nl("history " + id);
    for (const char* part : {"gebeurtenis", "aanvaard", "\"bekeken\"", "status=beoordeeld", "behandeling=verminderen"})
        CHECK(says(told, part));
    desk.scan("2026-03-02T00:00:00Z");
    CHECK(says(nl("history " + id, "2026-03-02T00:00:00Z"), "de termijn waarvoor het was aanvaard, is voorbij"));
    CHECK(says(nl("diff"), "oorzaak"));
    CHECK(says(nl("verify"), "gebeurtenissen"));
    CHECK(says(nl("dans"), "er is geen handeling \"dans\""));
    CHECK(says(desk.run("register list --register none.db --lang nl"), "dit register bestaat niet"));
    // What programs read stays as it is.
    const Ran json = nl("list questions --format json");
    CHECK(says(json, "\"status\":\""));
    CHECK(json.out.find("\"bevinding\"") == std::string::npos);
    CHECK(says(nl("list questions --format csv"), "finding,band,status"));
}

TEST_SUITE_END();

}  // namespace grounds_test
