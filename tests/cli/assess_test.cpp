// herkomst assess from end to end: a scan leaves questions, people answer them, and the next scan decides.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "assess/rated.h"
#include "assess/rating.h"
#include "cli/assess_answers.h"
#include "core/file.h"
#include "register/history.h"
#include "register/overview.h"
#include "register/work.h"
#include "tests/assess/example_site.h"

using namespace herkomst;

namespace assess_test {

TEST_SUITE_BEGIN("cli.assess");

namespace {

struct Ran {
    int exit_code = -1;
    std::string out;
    [[nodiscard]] bool says(std::string_view text) const { return out.find(text) != std::string::npos; }
    [[nodiscard]] std::vector<Json> lines() const {
        std::vector<Json> all;
        for (std::size_t at = 0; at < out.size();) {
            const std::size_t end = std::min(out.find('\n', at), out.size());
            const Result<Json> line = parse_json(out.substr(at, end - at), "line");
            REQUIRE_MESSAGE(line.ok(), out.substr(at, end - at));
            all.push_back(line.value());
            at = end + 1;
        }
        return all;
    }
};

// The demo plant, scanned, in a folder of its own.
class Plant {
  public:
    Plant() : folder_("assess-cli") { scan("2026-11-21T22:00:00Z"); }

    void scan(const std::string& now, const std::string& source = "tests/scenes/demo_plant/plant.pcapng") const {
        const Ran ran = says("scan " HERKOMST_SOURCE_DIR "/" + source + " --site demo --register " + db(), now);
        REQUIRE_MESSAGE(ran.exit_code == 0, ran.out);
    }
    // Standard output and errors as one.
    [[nodiscard]] Ran assess(const std::string& words, const std::string& now, const std::string& input = "") const {
        folder_.put("input.txt", input);
        return says("assess " + words + " --register " + db() + " < " + folder_.at("input.txt"), now);
    }
    [[nodiscard]] std::string path(const std::string& name) const { return folder_.at(name); }
    void put(const std::string& name, const std::string& content) const { folder_.put(name, content); }
    // How many findings of a rule stand as that, in the eyes of the last scan; of any rule when none is named.
    [[nodiscard]] std::size_t count(std::string_view rule, std::string_view verdict) const {
        const Overview all = overview(Register::open_to_read(db()), nullptr);
        std::size_t out = 0;
        for (const auto& each : verdict == "open" ? all.findings : all.questions)
            out += each.observation == "observed" && (rule.empty() || each.finding.rule == rule) ? 1 : 0;
        return out;
    }
    [[nodiscard]] std::string db() const { return folder_.at("plant.db"); }

  private:
    [[nodiscard]] static Ran says(const std::string& words, const std::string& now) {
        Ran ran;
        const std::string command = HERKOMST_BINARY_DIR "/bin/herkomst --now " + now + " " + words + " 2>&1";
        std::FILE* pipe = ::popen(command.c_str(), "r");
        REQUIRE(pipe != nullptr);
        std::array<char, 4096> block{};
        for (std::size_t got = 0; (got = std::fread(block.data(), 1, block.size(), pipe)) > 0;)
            ran.out.append(block.data(), got);
        const int status = ::pclose(pipe);
        ran.exit_code = status >= 0 ? status >> 8 & 0xff : -1;
        return ran;
    }

    example::Folder folder_;
};

const char* const today = "2026-11-22T09:00:00Z";

}  // namespace

TEST_CASE("a question turns into a finding or goes away, as it is answered") {
    const Plant plant;
    const std::string rule = "control-measures-3b";
    REQUIRE(plant.count(rule, "question") > 0);
    REQUIRE(plant.count(rule, "open") == 0);
    const Ran status = plant.assess("status --json", today);
    REQUIRE(status.exit_code == 0);
    std::string rows;
    std::size_t waiting = 0;
    for (const Json& line : status.lines()) {
        if (line["type"].string() != "ask" || line["question"].string() != "remote-blocked") continue;
        waiting += line["waiting"].items().size();
        rows += "remote-blocked," + line["scope"].string() + "," + line["key"].string() +
                ",no,Operator,,,firewall rules of 2026-11-20\n";
    }
    REQUIRE(waiting > 0);
    plant.put("answers.csv", "question,scope,key,answer,by,date,expires,source\n" + rows);
    const Ran taken = plant.assess("import " + plant.path("answers.csv"), today);
    REQUIRE_MESSAGE(taken.exit_code == 0, taken.out);
    CHECK(taken.says("kept, 0 as they were, 0 left open"));
    CHECK(taken.says("finding: "));
    // The same file once more changes nothing.
    CHECK(plant.assess("import " + plant.path("answers.csv"), today).says("0 answers kept"));
    plant.scan("2026-11-22T10:00:00Z");
    CHECK(plant.count(rule, "open") > 0);
    CHECK(plant.count(rule, "question") == 0);
    // Now it is shown to be cut off.
    std::string yes = rows;
    for (std::size_t at = 0; (at = yes.find(",no,", at)) != std::string::npos;) yes.replace(at, 4, ",yes,");
    plant.put("answers.csv", "question,scope,key,answer,by,date,expires,source\n" + yes);
    REQUIRE(plant.assess("import " + plant.path("answers.csv"), "2026-11-22T11:00:00Z").exit_code == 0);
    plant.scan("2026-11-22T12:00:00Z");
    CHECK(plant.count(rule, "open") == 0);
    CHECK(plant.count(rule, "question") == 0);
    // And when the answers have ended, it is a question again.
    plant.scan("2027-11-22T12:00:00Z");
    CHECK(plant.count(rule, "question") > 0);
    CHECK(plant.count(rule, "open") == 0);
}

TEST_CASE("what was seen after the day on which somebody said that all is cut off counts, in either order, and is told") {
    const std::string answer =
        "question,scope,key,answer,by,date,expires,source\nremote-blocked,site,demo,yes,Operator,2026-11-20,,firewall rule\n";
    const Plant plant;  // seen on the 21st, said of the 20th
    plant.put("answers.csv", answer);
    const Ran taken = plant.assess("import " + plant.path("answers.csv"), today);
    REQUIRE_MESSAGE(taken.exit_code == 0, taken.out);
    const auto blocked = [&](const std::string& called) {
        const Overview all = overview(Register::open_to_read(plant.db()), nullptr);
        for (const OverviewAsset& each : all.assets) {
            if (!each.identifiers.ip.contains(called) && each.label != called) continue;
            const auto found = each.facts.find("remote_blocked");
            return found == each.facts.end() ? Json() : found->second;
        }
        FAIL("no such asset");
        return Json();
    };
    plant.scan("2026-11-22T10:00:00Z");
    CHECK(blocked("10.20.0.31").is_null());
    CHECK(blocked("Fronius Tauro ECO 100-3-D") == Json(1));
    const Ran status = plant.assess("status --lang nl", "2026-11-22T10:00:00Z");
    CHECK_MESSAGE(status.says("spreken elkaar tegen"), status.out);
    CHECK(status.says("Alfen BV NG910-60023: weg naar buiten voor het laatst gezien = 2026-11-21 21:48 UTC"));
    // A run that hears nothing of it takes nothing back.
    plant.scan("2026-11-23T10:00:00Z", "tests/scenes/demo_plant/assets.csv");
    CHECK(blocked("10.20.0.31").is_null());
    CHECK(plant.assess("status --lang nl", "2026-11-23T10:00:00Z").says("spreken elkaar tegen"));
    // Said after it was seen, it holds.
    std::string later = answer;
    later.replace(later.find("2026-11-20"), 10, "2026-11-23");
    plant.put("answers.csv", later);
    REQUIRE(plant.assess("import " + plant.path("answers.csv"), "2026-11-24T10:00:00Z").exit_code == 0);
    plant.scan("2026-11-24T11:00:00Z");
    CHECK(blocked("10.20.0.31") == Json(1));
    CHECK_FALSE(plant.assess("status --lang nl", "2026-11-24T11:00:00Z").says("weg naar buiten voor het laatst gezien"));
}

TEST_CASE("what an answer makes false is refuted by the next scan, of assets and of sums alike, and diff shows as many") {
    const Plant plant;
    const Overview before = overview(Register::open_to_read(plant.db()), nullptr);
    std::map<std::string, std::string> subject_of;  // of what stood as a finding
    for (const auto& each : before.findings) subject_of[each.finding.id] = each.finding.subject.kind;
    plant.put("answers.csv",
              "question,scope,key,answer,by,date,expires,source\n"
              "remote-blocked,site,demo,yes,Operator,,,firewall rules of 2026-11-20\n");
    const Ran taken = plant.assess("import " + plant.path("answers.csv"), today);
    REQUIRE_MESSAGE(taken.exit_code == 0, taken.out);
    const std::string sentence = " findings that do not hold any more";
    const std::size_t at = taken.out.find(sentence);
    REQUIRE_MESSAGE(at != std::string::npos, taken.out);
    const std::size_t begin = taken.out.find_last_of(" \n", at - 1) + 1;
    const auto promised = static_cast<std::size_t>(std::atoi(taken.out.c_str() + begin));
    REQUIRE(promised > 0);
    // A conclusion has no source, and what a person says of an asset is in none that is read: neither is left unread.
    {
        Register held = Register::open(plant.db());
        const Act act{"Operator", "analyst", "it stands there", parse_rfc3339(today).value()};
        REQUIRE(assert_is(held, before.assets.front().uid, Field::location, "roof", nullptr, act).ok());
    }
    plant.scan("2026-11-22T10:00:00Z");
    const Overview after = overview(Register::open_to_read(plant.db()), nullptr);
    std::size_t refuted = 0;
    std::size_t sums = 0;
    for (const auto& each : after.findings) {
        const auto stood = subject_of.find(each.finding.id);
        if (stood == subject_of.end() || each.observation != "refuted") continue;
        ++refuted;
        sums += stood->second == "asset" ? 0 : 1;
    }
    CHECK(refuted == promised);
    CHECK(sums > 0);
    std::size_t shown = 0;
    for (const Difference& each : differences(Register::open_to_read(plant.db()), 1, 2))
        shown += each.what == "refuted" && subject_of.contains(each.subject) ? 1 : 0;
    CHECK(shown == promised);
}

TEST_CASE("two devices that a person takes for one keep what hangs on them: the next scan finds nothing new") {
    const Plant plant;
    // Two devices that run the same program.
    const Overview before = overview(Register::open_to_read(plant.db()), nullptr);
    std::map<std::string, std::vector<std::string>> parents_of;  // program -> devices
    for (const OverviewAsset& each : before.assets) {
        if (each.kind == "software") parents_of[each.label].push_back(each.parent);
    }
    const auto twice =
        std::find_if(parents_of.begin(), parents_of.end(), [](const auto& one) { return one.second.size() > 1; });
    REQUIRE(twice != parents_of.end());
    const std::size_t programs = twice->second.size();
    {
        Register held = Register::open(plant.db());
        const Act act{"Operator", "analyst", "one device with two interfaces", parse_rfc3339(today).value()};
        REQUIRE(assert_same(held, twice->second[0], twice->second[1], act).ok());
    }
    for (const char* now : {"2026-11-22T10:00:00Z", "2026-11-23T10:00:00Z"}) {
        plant.scan(now);
        const Overview after = overview(Register::open_to_read(plant.db()), nullptr);
        CHECK(after.assets.size() == before.assets.size() - 2);
        CHECK(static_cast<std::size_t>(std::count_if(after.assets.begin(), after.assets.end(), [&](const OverviewAsset& each) {
                  return each.kind == "software" && each.label == twice->first;
              })) == programs - 1);
    }
    for (const Difference& each : differences(Register::open_to_read(plant.db()), 1, 3)) {
        CHECK(each.what != "new");
        if (each.what == "merged") CHECK(each.cause == "people");
    }
    CHECK(Register::open_to_read(plant.db()).verify().empty());
}

TEST_CASE("the conversation goes on where it stopped, and its answers are in the register's chain") {
    const Plant plant;
    // What decides most comes first, and says so.
    const Ran first = plant.assess("--by Operator", today, "u\nq\n");
    CHECK(first.exit_code == 0);
    CHECK(first.says("1 question answered"));
    CHECK(first.says("Helps to decide "));
    CHECK(first.says("TLP:AMBER+STRICT"));
    const AnswerBook after_first = book_of(Register::open_to_read(plant.db()), *parse_rfc3339(today));
    REQUIRE(after_first.all().size() == 1);
    const std::string answered = after_first.all().front()->question;
    const AnswerPlace where{after_first.all().front()->scope, after_first.all().front()->key};
    CHECK(after_first.all().front()->by == "Operator");
    const Ran second = plant.assess("ask --lang nl --by Beheerder", today, "w\n");
    CHECK(second.exit_code == 0);
    CHECK(second.says("Alles is bewaard"));
    const Register held = Register::open_to_read(plant.db());
    CHECK(held.verify().empty());
    const AnswerBook book = book_of(held, *parse_rfc3339(today));
    REQUIRE(book.all().size() == 2);
    CHECK(book.about(answered, where)->by == "Operator");
}

TEST_CASE("status says how few questions a verdict needs, and with --needed only those are asked") {
    const Plant plant;
    const auto asks = [&](const std::string& words) {
        std::vector<Json> out;
        for (const Json& line : plant.assess("status --json " + words, today).lines()) {
            if (line["type"].string() == "ask") out.push_back(line);
        }
        return out;
    };
    const std::vector<Json> all = asks("");
    const auto deciding =
        std::count_if(all.begin(), all.end(), [](const Json& line) { return line["verdicts"].integer() > 0; });
    REQUIRE(deciding > 0);
    const std::vector<Json> needed = asks("--needed");
    CHECK(needed.size() == static_cast<std::size_t>(deciding));
    CHECK(needed.size() * 4 < all.size());
    CHECK(std::all_of(needed.begin(), needed.end(), [](const Json& line) { return line.has("waiting"); }));
    const Ran page = plant.assess("status", today);
    CHECK(page.says("Needed for a verdict: " + std::to_string(deciding) + " of " + std::to_string(all.size()) +
                    " open questions"));
    CHECK(page.says("TLP:AMBER+STRICT"));
}

TEST_CASE("a scan leaves in the register what `assess rate` says, and an answer changes it by people") {
    const Plant plant;
    const auto rated_alike = [&](const char* now) {
        std::map<std::string, Json> printed;
        for (const Json& line : plant.assess("rate --json", now).lines()) {
            if (line["type"].string() == "rating") printed[line["finding"].string()] = line;
        }
        const Overview all = overview(Register::open_to_read(plant.db()), nullptr);
        std::size_t compared = 0;
        std::size_t groups = 0;
        for (const OverviewFinding& one : all.findings) {
            // What a gap in the inventory leaves unknown is no scenario to rate.
            REQUIRE(one.rating.has_value() == is_rated(one.finding.rule));
            const auto found = printed.find(one.finding.id);
            if (found == printed.end()) continue;
            Json line = found->second;
            Json kept = to_json(*one.rating);
            for (const char* other : {"type", "finding", "subject"}) line.members().erase(other);
            CHECK(write_json(kept) == write_json(line));
            ++compared;
            groups += one.finding.subject.kind == "asset" ? 0 : 1;
        }
        CHECK(compared > 5);
        CHECK(groups > 0);
        for (const OverviewFinding& one : all.questions) CHECK_FALSE(one.rating.has_value());
    };
    rated_alike(today);
    plant.put("answers.csv",
              "question,scope,key,answer,by,date,expires,source\nprocess-impact,site,demo,5,Operator,,,interview\n");
    const Ran taken = plant.assess("import " + plant.path("answers.csv"), today);
    REQUIRE_MESSAGE(taken.exit_code == 0, taken.out);
    plant.scan("2026-11-22T10:00:00Z");
    rated_alike("2026-11-22T10:00:00Z");
    const Register held = Register::open_to_read(plant.db());
    std::size_t by_people = 0;
    for (const Difference& one : differences(held, 1, 2)) by_people += one.what == "rated" && one.cause == "people" ? 1 : 0;
    CHECK(by_people > 0);
    CHECK(held.verify().empty());
}

TEST_CASE("a file goes out and comes back in both forms, and a wrong one leaves the register as it was") {
    const Plant plant;
    for (const char* form : {"json", "csv"}) {
        const std::string file = plant.path(std::string("questions.") + form);
        REQUIRE(plant.assess("export -o " + file, today).exit_code == 0);
        const Ran back = plant.assess("import " + file, today);
        REQUIRE_MESSAGE(back.exit_code == 0, back.out);
        CHECK(back.says("0 answers kept, 0 as they were"));
    }
    plant.put("wrong.csv",
              "question,scope,key,answer,by\norganisation-scope,organisation,,all of "
              "it,Operator\nprocess-impact,site,demo,7,Operator\n");
    const Ran wrong = plant.assess("import " + plant.path("wrong.csv"), today);
    CHECK(wrong.exit_code == 2);
    CHECK(wrong.says("wrong.csv:3: \"7\" is no answer here"));
    CHECK(book_of(Register::open_to_read(plant.db()), *parse_rfc3339(today)).empty());
}

TEST_CASE("ratings of what stands: bands with their inputs, made again from what was printed") {
    const Plant plant;
    const Result<Questionnaire> asked = Questionnaire::load(HERKOMST_SOURCE_DIR "/rules/questionnaires/zelfscan.json");
    REQUIRE(asked.ok());
    const Result<Criteria> criteria = Criteria::load(HERKOMST_SOURCE_DIR "/rules/criteria/zelfscan.json", asked.value());
    REQUIRE(criteria.ok());
    const Ran rated = plant.assess("rate --json", today);
    REQUIRE(rated.exit_code == 0);
    std::size_t gaps = 0;
    for (const std::string_view rule : rules_about_the_inventory) gaps += plant.count(rule, "open");
    CHECK(gaps > 0);
    CHECK(rated.lines().size() == plant.count("", "open") - gaps + 1);
    CHECK(rated.lines().back()["tlp"].string() == "AMBER+STRICT");
    for (const Json& line : rated.lines()) {
        if (line["type"].string() == "label") continue;
        const Result<Rating> again = rated_again(criteria.value(), line, "line");
        CHECK(again.ok());
        CHECK(line["known"].integer() < line["of"].integer());
    }
    const Ran page = plant.assess("rate --lang nl", today);
    CHECK(page.says("niet gekalibreerd"));
    CHECK(page.says("restrisico"));
}

TEST_CASE("what is asked wrongly is said") {
    const Plant plant;
    CHECK(plant.assess("dance", today).exit_code == 2);
    CHECK(plant.assess("import", today).exit_code == 2);
    CHECK(plant.assess("status --asset nobody", today).exit_code == 2);
    CHECK(plant.assess("status --questionnaire " + plant.path("none.json"), today).exit_code == 2);
}

TEST_SUITE_END();

}  // namespace assess_test
