// What a register says between an answer and the next scan, and with which packs it was judged.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "core/json.h"
#include "tests/cli/program.h"

using namespace herkomst;
using program::Ran;
using program::says;

namespace standing_test {

TEST_SUITE_BEGIN("cli.standing");

namespace {

class Desk : public program::Desk {
  public:
    Desk() : program::Desk("standing-cli", "10.1.0.7;Sungrow;SG110CX;A7001234\n10.1.0.8;Sungrow;SG110CX;A7001235\n") {}
    void answer(const std::string& rows, const std::string& now = "2026-01-02T00:00:00Z") const {
        put("answers.csv", "question,scope,key,answer,by,date,expires,source\n" + rows);
        const Ran ran = run("assess import answers.csv --register site.db", now);
        REQUIRE_MESSAGE(ran.exit_code == 0, ran.out);
    }
    // A pack of their own, in which only more than that counts.
    void own_threshold(const std::string& watts) const {
        if (run("rules new own/switchable-power-vendor --from switchable-power-vendor").exit_code != 0)
            REQUIRE(!file("own/switchable-power-vendor.json").empty());
        Json rule = parse_json(file("own/switchable-power-vendor.json"), "own").value();
        rule["when"] = "kind = 'vendor' AND (switchable_power_at_least > " + watts + " OR switchable_power > " + watts + ")";
        put("own/switchable-power-vendor.json", write_json(rule));
    }
};

std::size_t times(const std::string& part, const std::string& text) {
    std::size_t out = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++out;
    return out;
}

}  // namespace

TEST_CASE("an answer given since the last scan is on record in every export, and said not to count yet") {
    const Desk desk;
    desk.answer("supplier-access,supplier,sungrow,yes,A. Analyst,,,contract 2026-14\n");
    const auto exported = [&](const std::string& folder, const std::string& now) {
        for (const char* form : {"csv", "json", "html"}) {
            const Ran ran = desk.run(std::string("export ") + form + " --register site.db --lang en -o " + folder, now);
            REQUIRE_MESSAGE(ran.exit_code == 0, ran.out);
        }
    };
    exported("before", "2026-01-02T12:00:00Z");
    CHECK(desk.file("before/answers.csv").find("supplier-access") != std::string::npos);
    CHECK(desk.file("before/answers.csv").find(",no,TLP") == std::string::npos);
    CHECK(desk.file("before/answers.csv").find(",no,AMBER+STRICT") != std::string::npos);
    const std::string page = desk.file("before/report.html");
    CHECK(page.find("Nobody has answered") == std::string::npos);
    CHECK(page.find("counts from the next run on") != std::string::npos);
    CHECK(page.find("contract 2026-14") != std::string::npos);
    const Json json = parse_json(desk.file("before/register.json"), "register.json").value();
    REQUIRE(json["answers"].items().size() == 1);
    CHECK(json["answers"].items()[0]["counted"] == Json(false));
    desk.scan("2026-01-03T00:00:00Z");
    exported("after", "2026-01-03T12:00:00Z");
    CHECK(desk.file("after/answers.csv").find(",yes,AMBER+STRICT") != std::string::npos);
    CHECK(desk.file("after/report.html").find("counts from the next run on") == std::string::npos);
    // Another answer to the same question: the one that counted and the one that will.
    desk.answer("supplier-access,supplier,sungrow,no,A. Analyst,,,contract 2026-15\n", "2026-01-04T00:00:00Z");
    exported("again", "2026-01-04T12:00:00Z");
    const std::string both = desk.file("again/answers.csv");
    CHECK(both.find("contract 2026-14") != std::string::npos);
    CHECK(both.find("contract 2026-15") != std::string::npos);
    CHECK(times(",yes,AMBER+STRICT", both) == 1);
    CHECK(times(",no,AMBER+STRICT", both) == 1);
    // As of before it was given there is no such answer.
    exported("earlier", "2026-01-03T18:00:00Z");
    CHECK(desk.file("earlier/answers.csv").find("contract 2026-15") == std::string::npos);
}

TEST_CASE("what was judged with own packs is not compared with other ones unsaid") {
    const Desk desk;
    desk.own_threshold("300000");
    desk.scan("2026-01-02T00:00:00Z", "--policy nl-zelfscan --policy orders --policy ./own/");
    const std::string with_own = " --policy nl-zelfscan --policy orders --policy ./own/";
    const std::string other = "judged with other packs than run 2";
    const std::string sentence = "The register takes this over";
    for (const char* words : {"assess status", "assess rate", "assess export", "rules simulate --cut all"}) {
        CAPTURE(words);
        const Ran without = desk.run(std::string(words) + " --register site.db");
        CHECK(without.exit_code == 0);
        CHECK(says(without, other));
        CHECK(without.out.find(sentence) == std::string::npos);
        const Ran with = desk.run(std::string(words) + " --register site.db" + with_own);
        CHECK(with.exit_code == 0);
        CHECK(with.out.find(other) == std::string::npos);
        CHECK(with.out.find("Note: ") == std::string::npos);
    }
    CHECK(says(desk.run("assess status --json --register site.db"), R"("same":false,"type":"packs")"));
    CHECK(desk.run("assess status --json --register site.db" + with_own).out.find("\"type\":\"packs\"") == std::string::npos);
    CHECK(says(desk.run("rules simulate --cut all --json --register site.db"), R"("same":false,"type":"packs")"));
    CHECK(says(desk.run("assess status --lang nl --register site.db"), "beoordeeld met andere pakketten dan inventarisatie 2"));
    // The same packs, one of them changed: what follows is said, and that this counts in it.
    desk.own_threshold("100000");
    const Ran changed = desk.run("assess status --register site.db" + with_own);
    CHECK(says(changed, "the rules were changed since run 2"));
    CHECK(says(changed, sentence));
}

TEST_CASE("packs of ours that a scan was given are those of the commands after it") {
    const Desk desk;
    desk.scan("2026-01-02T00:00:00Z", "--policy lt-inverters");
    const Ran status = desk.run("assess status --json --needed --register site.db");
    CHECK(status.exit_code == 0);
    CHECK(status.out.find("\"type\":\"packs\"") == std::string::npos);
    CHECK(status.out.find("contract-") == std::string::npos);
    const Ran simulated = desk.run("rules simulate --cut all --json --register site.db");
    CHECK(simulated.out.find("\"type\":\"packs\"") == std::string::npos);
    CHECK(simulated.out.find("nl-zelfscan") == std::string::npos);
    // Whoever says which gets those, and is told.
    CHECK(says(desk.run("rules simulate --cut all --policy nl-zelfscan --register site.db"),
               "judged with other packs than run 2"));
}

TEST_CASE("a question is told as one, wherever its title and reason are shown") {
    const Desk desk;
    std::string id;
    for (const Json& row : desk.rows("questions")) {
        if (row["rule"].string() == "contract-without-requirements") id = row["finding"].string();
    }
    REQUIRE_FALSE(id.empty());
    const Ran shown = desk.desk("show " + id);
    CHECK(says(shown, "To establish: "));
    CHECK(says(shown, "If it is so: "));
    const Ran dutch = desk.desk("show --lang nl " + id);
    CHECK(says(dutch, "Te bepalen: "));
    CHECK(says(dutch, "Als het zo is: "));
    // What stands is told as what it is.
    const JsonArray standing = desk.rows("findings");
    REQUIRE_FALSE(standing.empty());
    CHECK(desk.desk("show " + standing.front()["finding"].string()).out.find("To establish") == std::string::npos);
    const Ran simulated = desk.run("rules simulate --vendor siemens --cut sungrow --lang nl --register site.db");
    const std::size_t gone = simulated.out.find("Vragen die zouden vervallen");
    REQUIRE_MESSAGE(gone != std::string::npos, simulated.out);
    CHECK(simulated.out.find("Te bepalen: ", gone) != std::string::npos);
    CHECK(simulated.out.find("\n      Als het zo is: ", gone) != std::string::npos);
    desk.put(
        "answers.csv",
        "question,scope,key,answer,by,date,expires,source\nremote-blocked,site,north,no,Operator,,,firewall rules\n"
        "contract-exit,supplier,sungrow,absent,Operator,,,contract\ncontract-access,supplier,sungrow,absent,Operator,,,c\n");
    const Ran taken = desk.run("assess import answers.csv --register site.db");
    CHECK(says(taken, "no question any more: To establish: "));
}

TEST_CASE("what is only supposed is told as such first, and in every line of JSON") {
    const Desk desk;
    const Ran page = desk.run("rules simulate --vendor Siemens --jurisdiction nl --order Sungrow --lang nl --register site.db");
    REQUIRE(page.exit_code == 0);
    const std::string first =
        "Stel: overwegingen 1 en 2 zijn \"ja\" voor Nederland (--jurisdiction NL).\n"
        "Stel: overwegingen 1 en 2 zijn \"ja\" voor Siemens (--vendor siemens).\n"
        "Stel: een autoriteit weert Sungrow (--order sungrow).\n"
        "Wat hieronder staat volgt uit die aanname en is geen bevinding";
    CHECK_MESSAGE(page.out.find(first) < page.out.find("zouden worden beoordeeld"), page.out);
    CHECK(page.out.find("erbij zouden komen") != std::string::npos);
    // Of a supposed order nothing is told that only one that was given has.
    CHECK(says(page, "Stel dat een autoriteit Sungrow weert: dat raakt "));
    for (const char* made_up : {"nog niet bekend", "(supposed)", "gegeven op", "Besluit "})
        CHECK_MESSAGE(page.out.find(made_up) == std::string::npos, made_up);
    const Ran lines = desk.run("rules simulate --vendor Siemens --cut sungrow --json --register site.db");
    std::size_t changes = 0;
    for (std::size_t at = 0; at < lines.out.size();) {
        const std::size_t end = lines.out.find('\n', at);
        const Result<Json> line = parse_json(lines.out.substr(at, end - at), "line");
        at = end + 1;
        if (!line.ok() || !line.value()["type"].string().starts_with("s")) continue;
        ++changes;
        const JsonArray& supposed = line.value()["supposed"].items();
        REQUIRE(supposed.size() == 2);
        CHECK(supposed[0]["kind"].string() == "vendor");
        CHECK(supposed[0]["key"].string() == "siemens");
        CHECK(supposed[1]["kind"].string() == "cut");
    }
    CHECK(changes > 2);
}

TEST_CASE("who is not among the people of the register is told with the place in the file") {
    const Desk desk;
    REQUIRE(desk.desk("set person:Karel role=owner --by Karel --role owner --reason list").exit_code == 0);
    desk.put("answers.csv",
             "question,scope,key,answer,by,source\nsupplier-access,supplier,sungrow,yes,Karel,contract of 2026\n"
             "contract-exit,supplier,sungrow,absent,Jan,contract of 2026\n");
    const Ran table = desk.run("assess import answers.csv --register site.db");
    CHECK(table.exit_code == 2);
    CHECK(says(table, "answers.csv:3: Jan is not among the people of this register"));
    desk.put(
        "answers.json",
        R"({"schema":"herkomst-answers/1","answers":[{"question":"contract-exit","scope":"supplier","key":"sungrow","answer":"absent","by":"Jan"}]})");
    CHECK(says(desk.run("assess import answers.json --lang nl --register site.db"),
               "answers.json:1: /answers/0 (contract-exit): Jan staat niet op de lijst van personen van dit register"));
}

TEST_CASE("diff says what of a changed finding is another") {
    const Desk desk;
    desk.put("list.csv", "ip-adres;merk;model;serienummer;vermogen;locatie\n10.1.0.7;Sungrow;SG110CX;A7001234;90 kW;dak\n");
    desk.scan("2026-01-03T00:00:00Z");
    const Ran ran = desk.desk("diff --lang nl --format json");
    const Json table = parse_json(ran.out.substr(0, ran.out.find('\n')), "diff").value();
    std::size_t changed = 0;
    for (const Json& row : table["rows"].items()) {
        if (row["what"].string() != "changed" || row["kind"].string() != "finding") continue;
        ++changed;
        CHECK_MESSAGE(row["detail"].string().find("->") != std::string::npos, write_json(row));
    }
    CHECK_MESSAGE(changed > 0, ran.out);
    CHECK(says(ran, "schakelbaar vermogen, ten minste 220 kW -> 90 kW"));
}

TEST_CASE("a rule gets no name that check would refuse") {
    const Desk desk;
    const Ran refused = desk.run("rules new 'mine/Bad Name' --lang nl");
    CHECK(refused.exit_code == 2);
    CHECK(says(refused, "\"Bad Name\" kan geen naam van een regel zijn"));
    CHECK_FALSE(std::filesystem::exists(desk.at("mine")));
}

TEST_CASE("every result says what it is and what it is not") {
    const Desk desk;
    const std::string nl = "Alleen de betrokken minister kan een leverancier weren (Cbw art. 21a; Wwke art. 15a).";
    const std::string en = "Only the minister concerned can order a supplier to be excluded.";
    for (const char* words : {"scan list.csv --site north --register again.db", "rules simulate --cut all --register site.db",
                              "vendors assess Sungrow", "assess status --register site.db", "assess rate --register site.db",
                              "register list --register site.db", "register list questions --register site.db",
                              "register list --format csv --register site.db"}) {
        CAPTURE(words);
        CHECK(says(desk.run(std::string(words) + " --lang nl"), nl));
        CHECK(says(desk.run(std::string(words) + " --lang en"), en));
    }
    for (const char* form : {"json", "html", "risk_register"}) {
        CAPTURE(form);
        const Ran ran = desk.run(std::string("export ") + form + " --register site.db -o out");
        REQUIRE_MESSAGE(ran.exit_code == 0, ran.out);
    }
    for (const char* file : {"out/register.json", "out/risk-register.json", "out/report.html"}) {
        CAPTURE(file);
        const std::string content = desk.file(file);
        CHECK(content.find(nl) != std::string::npos);
        CHECK(content.find(en) != std::string::npos);
    }
    const Json json = parse_json(desk.file("out/register.json"), "register.json").value();
    CHECK(json["disclaimer"]["en"].string().find(en) != std::string::npos);
    const std::string list = desk.run("register list questions --format json --register site.db").out;
    const Json rows = parse_json(list.substr(0, list.find('\n')), "list").value();
    CHECK(rows["disclaimer"]["nl"].string().ends_with(nl));
    CHECK(says(desk.run("register show " + rows["rows"].at(0)["finding"].string() + " --register site.db"), en));
    for (const char* form : {"csv", "cyclonedx", "netbox"})
        REQUIRE(desk.run(std::string("export ") + form + " --lang nl --register site.db -o out").exit_code == 0);
    for (const char* file : {"out/findings.csv", "out/questions.csv", "out/bom.cdx.json", "out/README.txt"}) {
        CAPTURE(file);
        CHECK(desk.file(file).find(nl) != std::string::npos);
    }
    // And redacted.
    const Ran redacted = desk.run("export json --redact --register site.db -o shared");
    REQUIRE_MESSAGE(redacted.exit_code == 0, redacted.out);
    CHECK(desk.file("shared/register.json").find(nl) != std::string::npos);
}

TEST_CASE("a device that two rows list is counted once") {
    const Desk desk;
    desk.put("list.csv",
             "ip-adres;merk;model;serienummer;vermogen\n10.1.0.7;Sungrow;SG110CX;A2103456789;110 kW\n"
             "10.1.0.9;Sungrow;SG110CX;A2103456789;110 kW\n10.1.0.11;Sungrow;SG110CX;A2103450000;110 kW\n");
    const Ran ran = desk.run("scan list.csv --site north --register twice.db");
    REQUIRE_MESSAGE(ran.exit_code == 0, ran.out);
    const Ran listed = desk.run("register list assets --format json --register twice.db");
    const Json read = parse_json(listed.out.substr(0, listed.out.find('\n')), "list").value();
    CHECK(read["rows"].items().size() == 2);
    CHECK(says(desk.run("export json --register twice.db -o twice"), "register.json"));
    const Json all = parse_json(desk.file("twice/register.json"), "register.json").value();
    for (const Json& group : all["groups"].items()) {
        if (group["kind"].string() == "site") CHECK(group["rated_power"] == Json(220'000));
    }
}

TEST_SUITE_END();

}  // namespace standing_test
