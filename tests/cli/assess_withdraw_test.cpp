// What is said of the answers that are left when one is taken back.
#include <algorithm>

#include "register/overview.h"
#include "tests/cli/program.h"

using namespace herkomst;
using program::Ran;
using program::says;

namespace assess_withdraw_test {

TEST_SUITE_BEGIN("cli.assess_withdraw");

namespace {

class Site {
  public:
    explicit Site(const std::string& name) : folder_(name) {
        const Ran ran =
            run("scan " HERKOMST_SOURCE_DIR "/tests/scenes/demo_plant/plant.pcapng --site demo", "2026-11-21T22:00:00Z");
        REQUIRE_MESSAGE(ran.exit_code == 0, ran.out);
    }
    [[nodiscard]] Ran run(const std::string& words, const std::string& now) const {
        return program::shell("cd '" + folder_.at("") + "' && " HERKOMST_BINARY_DIR "/bin/herkomst " + words +
                              " --register site.db --now " + now + " 2>&1");
    }
    void answer(const std::string& rows, const std::string& now) const {
        folder_.put("answers.csv", "question,scope,key,answer,by,date,expires,source\n" + rows);
        const Ran ran = run("assess import answers.csv", now);
        REQUIRE_MESSAGE(ran.exit_code == 0, ran.out);
    }
    // The uids of the devices of a maker.
    [[nodiscard]] std::vector<std::string> of(const std::string& maker) const {
        std::vector<std::string> out;
        for (const OverviewAsset& asset : overview(Register::open_to_read(folder_.at("site.db")), nullptr).assets) {
            if (asset.maker == maker) out.push_back(asset.uid);
        }
        return out;
    }

  private:
    example::Folder folder_;
};

const std::string withdraw = "assess withdraw --by Ann --reason misread ";

}  // namespace

TEST_CASE("an answer that has ended is not said to hold in the place of one that is withdrawn") {
    const Site site("withdraw-ended");
    const std::string uid = site.of("sungrow").at(0);
    site.answer("remote-blocked,site,demo,no,Bob,2026-11-22,2026-11-24,firewall\n", "2026-11-22T09:00:00Z");
    const std::string own = "remote-blocked,asset," + uid + ",yes,Ann,2026-11-22,,measured\n";
    site.answer(own, "2026-11-22T10:00:00Z");
    const Ran before = site.run(withdraw + "remote-blocked --asset " + uid, "2026-11-23T12:00:00Z");
    CHECK(says(before, "Now this holds: \"No\" (demo), answered by Bob on 2026-11-22"));
    site.answer("remote-blocked,asset," + uid + ",yes,Ann,2026-11-24,,measured\n", "2026-11-24T12:00:00Z");
    const Ran after = site.run(withdraw + "remote-blocked --lang nl --asset " + uid, "2026-11-25T12:00:00Z");
    CHECK(after.exit_code == 0);
    CHECK(says(after, " is er nu geen antwoord (het antwoord van Bob is verlopen op 2026-11-24 en telt daarom niet)."));
    CHECK(after.out.find("Nu geldt") == std::string::npos);
    CHECK(after.out.find("blijft") == std::string::npos);
}

TEST_CASE("that there is no answer is said of what it was about, and answers about single devices are counted") {
    const Site site("withdraw-narrower");
    const std::vector<std::string> uids = {site.of("sungrow").at(0), site.of("siemens").at(0)};
    site.answer("remote-blocked,site,demo,no,Bob,2026-11-22,,firewall\nremote-blocked,asset," + uids[0] +
                    ",yes,Ann,2026-11-22,,measured\nremote-blocked,asset," + uids[1] + ",unknown,Ann,2026-11-22,,\n",
                "2026-11-22T09:00:00Z");
    const Ran none = site.run(withdraw + "remote-blocked@site:demo", "2026-11-23T12:00:00Z");
    CHECK(none.exit_code == 0);
    CHECK(says(none, "There is no answer for demo now.\n1 answer about single devices or zones stays.\n"));
}

TEST_CASE("of two devices that turned out to be one the answer that was shown is withdrawn, and the other's holds") {
    const Site site("withdraw-merged");
    const std::vector<std::string> uids = {site.of("sungrow").at(0), site.of("siemens").at(0)};
    site.answer("remote-blocked,asset," + uids[0] + ",yes,Ann,2026-11-21,,measured\nremote-blocked,asset," + uids[1] +
                    ",no,Bob,2026-11-20,,seen\n",
                "2026-11-22T09:00:00Z");
    const Ran merged =
        site.run("register merge " + uids[0] + " " + uids[1] + " --by Ann --reason 'one device'", "2026-11-22T10:00:00Z");
    REQUIRE_MESSAGE(merged.exit_code == 0, merged.out);
    const Ran done = site.run(withdraw + "remote-blocked --asset " + uids[0], "2026-11-23T12:00:00Z");
    CHECK(says(done, "answered by Ann on 2026-11-21\n"));
    CHECK(says(done, "Now this holds: \"No\" ("));
    CHECK(says(done, "answered by Bob on 2026-11-20"));
    const Ran last = site.run(withdraw + "remote-blocked --asset " + uids[0], "2026-11-24T12:00:00Z");
    CHECK(says(last, "There is no answer for "));
}

TEST_CASE("which answer is meant is asked in whole sentences, and of none that there are none") {
    const Site site("withdraw-none");
    const Ran none = site.run(withdraw + "remote-blocked --lang nl", "2026-11-22T09:00:00Z");
    CHECK(none.exit_code == 2);
    CHECK(says(none, "\"remote-blocked\": dat antwoord is er niet; er zijn nog geen antwoorden\n"));
    site.answer("remote-blocked,site,demo,no,Bob,2026-11-22,,firewall\nremote-blocked,asset," + site.of("sungrow").at(0) +
                    ",yes,Ann,2026-11-22,,measured\n",
                "2026-11-22T09:00:00Z");
    CHECK(says(site.run(withdraw + "remote-blocked --lang nl", "2026-11-22T10:00:00Z"),
               "\"remote-blocked\": op deze vraag zijn meerdere antwoorden gegeven; zeg welk\n"));
    CHECK(says(site.run(withdraw + "remote-blocked@elsewhere --lang nl", "2026-11-22T10:00:00Z"),
               "dat antwoord is er niet; deze zijn er\n  remote-blocked@"));
}

TEST_CASE("an old file does not bring back what was withdrawn after its date, and says so") {
    const Site site("withdraw-import");
    const std::string old =
        "remote-blocked,site,demo,no,Bob,2026-11-22,,firewall\nsite-eu-money,site,demo,no,Bob,2026-11-22,,contract\n";
    site.answer(old, "2026-11-22T09:00:00Z");
    REQUIRE(site.run(withdraw + "remote-blocked", "2026-11-23T12:00:00Z").exit_code == 0);
    const Ran again = site.run("assess import answers.csv", "2026-11-24T09:00:00Z");
    CHECK(again.exit_code == 0);
    CHECK(says(again, "answers.csv:2: Ann withdrew this answer on 2026-11-23, and this one is of 2026-11-22: kept out"));
    CHECK(says(again, "0 answers kept, 1 as they were, 0 left open, 1 kept out\n"));
    const Ran dutch = site.run("assess import answers.csv --lang nl", "2026-11-24T09:00:00Z");
    CHECK(says(dutch,
               "answers.csv:2: Ann heeft dit antwoord op 2026-11-23 ingetrokken, en dit is van 2026-11-22: niet overgenomen"));
    CHECK(says(dutch, ", 1 niet overgenomen\n"));
    CHECK(again.out.find("no question any more") == std::string::npos);
    // What was answered after that counts.
    site.answer("remote-blocked,site,demo,no,Bob,2026-11-24,,firewall\n", "2026-11-25T09:00:00Z");
    CHECK(says(site.run(withdraw + "remote-blocked", "2026-11-25T12:00:00Z"), "answered by Bob on 2026-11-24"));
}

TEST_SUITE_END();

}  // namespace assess_withdraw_test
