// The self-assessment about one asset, and measures that people recorded in what a scan rates.
#include <algorithm>
#include <map>

#include "assess/rated.h"
#include "register/history.h"
#include "register/overview.h"
#include "register/work.h"
#include "tests/cli/program.h"

using namespace herkomst;
using program::Ran;
using program::says;

namespace assess_one_test {

TEST_SUITE_BEGIN("cli.assess_one");

namespace {

class Plant {
  public:
    explicit Plant(const std::string& name) : folder_(name) { scan("2026-11-21T22:00:00Z"); }
    void scan(const std::string& now) const {
        const Ran ran =
            run("scan " HERKOMST_SOURCE_DIR "/tests/scenes/demo_plant/plant.pcapng --site demo --register site.db", now);
        REQUIRE_MESSAGE(ran.exit_code == 0, ran.out);
    }
    [[nodiscard]] Ran run(const std::string& words, const std::string& now = "2026-11-22T08:00:00Z") const {
        return program::shell("cd '" + folder_.at("") + "' && " HERKOMST_BINARY_DIR "/bin/herkomst " + words + " --now " + now +
                              " 2>&1");
    }
    [[nodiscard]] std::vector<Json> lines(const std::string& words) const {
        std::vector<Json> all;
        const Ran ran = run(words);
        for (std::size_t at = 0; at < ran.out.size();) {
            const std::size_t end = std::min(ran.out.find('\n', at), ran.out.size());
            const Result<Json> line = parse_json(ran.out.substr(at, end - at), "line");
            REQUIRE_MESSAGE(line.ok(), ran.out.substr(at, end - at));
            all.push_back(line.value());
            at = end + 1;
        }
        return all;
    }
    [[nodiscard]] std::string db() const { return folder_.at("site.db"); }
    [[nodiscard]] Overview look() const { return overview(Register::open_to_read(db()), nullptr); }
    void put(const std::string& name, const std::string& content) const { folder_.put(name, content); }

  private:
    example::Folder folder_;
};

// How many questions of rules the page says to be waiting.
int waiting(const std::string& page) {
    const std::size_t end = page.find(" questions of rules wait");
    if (end == std::string::npos) return page.find("1 question of a rule waits") == std::string::npos ? -1 : 1;
    const std::size_t from = page.rfind(' ', end - 1);
    return std::stoi(page.substr(from + 1, end - from - 1));
}

}  // namespace

TEST_CASE("status of one asset counts that asset: its questions, its answers, what changes for it") {
    const Plant plant("assess-one");
    const Overview all = plant.look();
    // One that rules wait for, and another one.
    std::string uid;
    std::string other;
    for (const OverviewAsset& asset : all.assets) {
        if (asset.kind != "device" || asset.maker.empty()) continue;
        (uid.empty() ? uid : other) = asset.uid;
    }
    REQUIRE_FALSE(other.empty());
    const int whole = waiting(plant.run("assess status --register site.db").out);
    const int one = waiting(plant.run("assess status --register site.db --asset " + uid).out);
    REQUIRE(whole > 0);
    CHECK(one > 0);
    CHECK(one < whole);
    // An answer about the other one, which has ended, and what it changes, are not this one's.
    plant.put("answers.csv", "question,scope,key,answer,by,date,expires,source\nproduct-remote,asset," + other +
                                 ",none,Operator,2026-11-01,2026-11-02,manual\n");
    const Ran taken = plant.run("assess import answers.csv --register site.db", "2026-11-01T12:00:00Z");
    REQUIRE_MESSAGE(taken.exit_code == 0, taken.out);
    CHECK(says(plant.run("assess status --register site.db"), "Answers that have ended"));
    CHECK_FALSE(plant.run("assess status --register site.db --asset " + uid).out.find("Answers that have ended") !=
                std::string::npos);
    CHECK(says(plant.run("assess status --register site.db --asset " + other), "Answers that have ended"));
    for (const Json& line : plant.lines("assess status --json --register site.db --asset " + uid)) {
        if (line["type"].string() == "ask") CHECK(line["key"].string() == uid);
        if (line["type"].string() == "answer") CHECK(line["key"].string() != other);
        if (line["type"].string() == "contradiction") CHECK(line["asset"].string() == uid);
    }
}

TEST_CASE("measures that people recorded count in the residual rating of the next scan, by people, and never raise it") {
    const Plant plant("assess-measures");
    const auto find = [&](const std::string& id) {
        for (const OverviewFinding& one : plant.look().findings) {
            if (one.finding.id == id) return one;
        }
        FAIL("gone");
        return OverviewFinding();
    };
    std::string id;
    for (const OverviewFinding& one : plant.look().findings) {
        if (one.rating && one.rating->residual_likelihood >= 4 && one.finding.subject.kind == "asset") id = one.finding.id;
    }
    REQUIRE_FALSE(id.empty());
    const Rating before = *find(id).rating;
    for (const char* kind : {"isolate", "monitor", "fallback"}) {
        const Ran ran =
            plant.run("register measure " + id + " title=x kind=" + kind + " state=tested --register site.db --by Ann");
        REQUIRE_MESSAGE(ran.exit_code == 0, ran.out);
    }
    // At once where ratings are made, in the register with the next scan.
    Json printed;
    for (const Json& line : plant.lines("assess rate --json --register site.db")) {
        if (line["finding"].string() == id) printed = line;
    }
    CHECK(printed["by_measures"]["measure-egress"].string() == "tested");
    plant.scan("2026-11-23T10:00:00Z");
    const Rating now = *find(id).rating;
    CHECK(now.by_measures.at("measure-monitor") == "tested");
    CHECK(now.residual_likelihood < before.residual_likelihood);
    CHECK(now.residual <= before.residual);
    CHECK(now.inherent == before.inherent);
    CHECK(name(now.residual) == printed["residual"].string());
    const auto changes = differences(Register::open_to_read(plant.db()), 1, 2);
    CHECK(std::any_of(changes.begin(), changes.end(), [&](const Difference& each) {
        return each.subject == id && each.what == "rated" && each.cause == "people";
    }));
    CHECK(Register::open_to_read(plant.db()).verify().empty());
    // What is rejected counts no more.
    for (const OverviewMeasure& one : plant.look().measures)
        CHECK(plant.run("register set " + one.id + " state=rejected --register site.db --by Ann").exit_code == 0);
    plant.scan("2026-11-24T10:00:00Z");
    CHECK(find(id).rating->residual_likelihood == before.residual_likelihood);
    CHECK(find(id).rating->by_measures.empty());
}

TEST_CASE("an answer is withdrawn by name and with a reason; what it overruled holds again") {
    const Plant plant("assess-withdraw");
    std::string uid;
    for (const OverviewAsset& asset : plant.look().assets) {
        if (asset.maker == "sungrow") uid = asset.uid;
    }
    REQUIRE_FALSE(uid.empty());
    plant.put("answers.csv",
              "question,scope,key,answer,by,date,source\nremote-blocked,site,demo,no,Ann,2026-11-22,firewall\n"
              "remote-blocked,asset," +
                  uid + ",yes,Bob,2026-11-22,measured\n");
    REQUIRE(plant.run("assess import answers.csv --register site.db").exit_code == 0);
    int day = 23;
    const auto blocked = [&] {
        plant.scan("2026-11-" + std::to_string(day++) + "T10:00:00Z");
        return plant.look().asset(uid)->facts.find("remote_blocked")->second;
    };
    CHECK(blocked() == Json(1));
    const std::string at = " --register site.db --lang nl";
    const std::string when = "2026-11-23T09:00:00Z";
    // Nobody, no reason, none of that name, and which of the two.
    for (const auto& [words, sentence] : std::vector<std::pair<std::string, std::string>>{
             {"remote-blocked@demo --reason vergissing", "er staat niet bij wie dit doet"},
             {"remote-blocked@demo --by Ann", "reden"},
             {"remote-blocked@elders --by Ann --reason vergissing", "dat antwoord is er niet"},
             {"remote-blocked --by Ann --reason vergissing", "zeg welk"}}) {
        const Ran no = plant.run("assess withdraw " + words + at, when);
        CHECK(no.exit_code == 2);
        CHECK(says(no, sentence));
    }
    CHECK(blocked() == Json(1));
    const Ran done =
        plant.run("assess withdraw remote-blocked --asset " + uid + " --by Ann --reason 'verkeerd gemeten'" + at, when);
    CHECK(done.exit_code == 0);
    CHECK(says(done, "remote-blocked@asset:" + uid + ": ingetrokken"));
    CHECK(says(done, "Nu geldt: \"Nee\" (demo), beantwoord door Ann op 2026-11-22"));
    CHECK(blocked() == Json(0));
    const std::string later = "2026-11-25T12:00:00Z";
    CHECK(says(plant.run("assess withdraw remote-blocked@SITE:demo --by Ann --reason 'toch niet' --register site.db", later),
               "There is no answer for demo now."));
    // Until the next run the finding rests on it, and says so.
    std::string about;
    for (const OverviewFinding& one : plant.look().findings) {
        if (one.finding.rule == "solar-inverter-remote-control" && one.finding.subject.key == uid) about = one.finding.id;
    }
    CHECK(says(plant.run("register show " + about + at, later), "; sindsdien ingetrokken"));
    CHECK(blocked().is_null());
    CHECK(plant.run("register show " + about + at, "2026-11-26T12:00:00Z").out.find("sindsdien") == std::string::npos);
    const std::string told = plant.run("register history --lang nl --register site.db").out;
    const std::size_t why = told.find("\"verkeerd gemeten\"");
    REQUIRE(why != std::string::npos);
    const std::size_t line = told.rfind('\n', why);
    CHECK(told.substr(line, told.find('\n', why) - line).find("aantoonbaar afgesloten, op alle wegen naar buiten?") !=
          std::string::npos);
    CHECK(Register::open_to_read(plant.db()).verify().empty());
}

TEST_CASE(
    "what a list or an answer says is cut off stands against what was seen: the device, and what its maker's cloud reaches") {
    const Plant plant("assess-cut-off");
    plant.put("answers.csv",
              "question,scope,key,answer,by,date,source\nremote-blocked,site,demo,yes,Ann,2026-11-20,firewall\n");
    REQUIRE(plant.run("assess import answers.csv --register site.db").exit_code == 0);
    const std::string set = "register set WiNet-S-demo remote_blocked=yes --register site.db --by Ann --reason firewall";
    REQUIRE(plant.run(set, "2026-11-21T12:00:00Z").exit_code == 0);
    plant.scan("2026-11-23T10:00:00Z");
    const auto blocked = [&](const std::string& label) {
        const Overview all = plant.look();
        for (const OverviewAsset& asset : all.assets) {
            if (asset.label != label) continue;
            const auto found = asset.facts.find("remote_blocked");
            return found == asset.facts.end() ? Json() : found->second;
        }
        FAIL(label);
        return Json();
    };
    CHECK(blocked("WiNet-S-demo").is_null());
    CHECK(blocked("Sungrow SG110CX").is_null());
    CHECK(blocked("Fronius Tauro ECO 100-3-D") == Json(1));
    CHECK(says(
        plant.run("assess status --register site.db --lang nl"),
        "Sungrow SG110CX: ander apparaat dat hiernaar kan doorgeven, voor het laatst naar buiten gezien (logger of gateway van "
        "de zone of locatie, of apparaat met de clouddienst van deze fabrikant)"));
    // What somebody set is not what counts, and it says so.
    const std::string show = "register show WiNet-S-demo --register site.db";
    CHECK(says(plant.run(show), "yes, does not count: since then a way out was seen (2026-11-2"));
    CHECK(says(plant.run(show + " --lang nl"), "ja, telt niet: daarna is een weg naar buiten gezien (2026-11-2"));
    // The question about all of a supplier is gone, and with it nothing that was known of him or his devices.
    const Ran changes = plant.run("register diff --register site.db --lang nl");
    CHECK(says(changes, "Toegang op afstand niet aantoonbaar afgesloten: Huawei"));
    for (const char* each : {"naam van de fabrikant Huawei -> onbekend", "energieapparaat (vermogen te sturen) ja -> onbekend",
                             "label Huawei SUN2000-100KTL-M2 -> Huawei"})
        CHECK_MESSAGE(changes.out.find(each) == std::string::npos, std::string(each));
    // Said after it was seen, it holds until it is seen again.
    REQUIRE(plant.run(set, "2026-11-23T12:00:00Z").exit_code == 0);
    CHECK(plant.run(show).out.find("does not count") == std::string::npos);
    plant.scan("2026-11-24T10:00:00Z");
    CHECK(blocked("WiNet-S-demo") == Json(1));
}

TEST_SUITE_END();

}  // namespace assess_one_test
