// Two assets that were taken for one and are two again: each has its uid and what people had set at it.
#include <algorithm>

#include "register/history.h"
#include "register/open.h"
#include "register/verify.h"
#include "tests/register/plant.h"

using namespace herkomst;
using namespace herkomst::plant;

namespace given_back_test {

TEST_SUITE_BEGIN("register.given_back");

namespace {

constexpr const char* mac_1 = "00:00:5e:00:53:01";
constexpr const char* mac_2 = "00:00:5e:00:53:02";

Device inverter(const char* mac, const char* ip) {
    return {mac, ip, {{Field::brand, "Example riverside"}, {Field::model, "RS50K"}, {Field::remote_blocked, "0"}}};
}

struct Pair {
    explicit Pair(const std::string& name) : folder(name), plant(folder, folder.at("site.db")) {
        both = {inverter(mac_1, "10.1.0.1"), inverter(mac_2, "10.1.0.2")};
        plant.run(both, 0);
        older = plant.uid(mac_1);
        younger = plant.uid(mac_2);
        const bool first = number("SELECT a.number < b.number FROM assets a, assets b WHERE a.uid = '" + older +
                                  "' AND b.uid = '" + younger + "'") == 1;
        if (!first) std::swap(older, younger);
        older_mac = first ? mac_1 : mac_2;
        younger_mac = first ? mac_2 : mac_1;
        Register held = Register::open(plant.path());
        good(set_fields(held, "asset", older, {{"zone", "hall 1"}, {"owner", "Anna"}}, analyst(1, "")));
        good(set_fields(held, "asset", younger, {{"process", "pumps"}, {"owner", "Bob"}, {"name", "P2"}}, analyst(1, "")));
        finding = plant.finding("path", younger).finding.id;
        good(move(held, finding, "assessed", {}, analyst(1, "looked at")));
        good(set_fields(held, "finding", finding, {{"owner", "Bob"}, {"note", "at the pump"}}, analyst(1, "")));
        measure = good(add_measure(held, finding, {{"title", "block the way out"}}, analyst(1, "")));
        said = good(assert_same(held, older, younger, analyst(2, "two ports")));
    }
    std::int64_t number(const std::string& query) const {
        return Register::open_to_read(plant.path()).connection().database.number(query);
    }
    WorkFields of(const std::string& kind, const std::string& subject) const {
        return work_of(Register::open_to_read(plant.path()), kind, subject);
    }
    // As it was before they became one.
    void check_both() const {
        CHECK(plant.uid(older_mac) == older);
        CHECK(plant.uid(younger_mac) == younger);
        CHECK(number("SELECT count(*) FROM assets") == 2);
        CHECK(of("asset", younger) == WorkFields{{"process", "pumps"}, {"owner", "Bob"}, {"name", "P2"}});
        const OverviewFinding again = plant.finding("path", younger);
        CHECK(again.finding.id == finding);
        CHECK(again.status == "assessed");
        CHECK(again.work_at("owner") == "Bob");
        CHECK(again.work_at("note") == "at the pump");
        CHECK(of("measure", measure).at("finding") == finding);
        CHECK(plant.finding("path", older).work_at("owner").empty());
        CHECK(plant.finding("path", older).status == "new");
        for (const std::string& each : verify(Register::open_to_read(plant.path())).problems) FAIL_CHECK(each);
    }
    Folder folder;
    Plant plant;
    std::vector<Device> both;
    std::string older, younger, older_mac, younger_mac, finding, measure, said;
};

}  // namespace

TEST_CASE("merge, scan, taken back: each gets back its uid and its own fields; work done in between stays where it was done") {
    Pair pair("given_back");
    pair.plant.run(pair.both, 3);
    REQUIRE(pair.plant.uid(mac_1) == pair.plant.uid(mac_2));
    // The merged one has what both had, and people go on with it.
    CHECK(pair.of("asset", pair.older).at("process") == "pumps");
    CHECK(pair.of("asset", pair.older).at("owner") == "Anna");
    const std::string joined = pair.plant.finding("path", pair.older).finding.id;
    CHECK(pair.of("finding", joined).at("note") == "at the pump");
    {
        Register held = Register::open(pair.plant.path());
        good(set_fields(held, "asset", pair.older, {{"note", "one cabinet"}, {"zone", "hall 2"}}, analyst(4, "")));
        good(withdraw(held, pair.said, analyst(5, "a mistake")));
    }
    for (int day = 6; day < 10; ++day) pair.plant.run(pair.both, day);
    pair.check_both();
    CHECK(pair.of("asset", pair.older) == WorkFields{{"zone", "hall 2"}, {"owner", "Anna"}, {"note", "one cabinet"}});
    // The history of each tells it.
    for (const std::string& uid : {pair.older, pair.younger}) {
        const auto story = history(Register::open_to_read(pair.plant.path()), "asset", uid);
        CHECK(std::any_of(story.begin(), story.end(), [](const HistoryRow& row) {
            return row.event == "carried" && row.what.find("one of its own again") != std::string::npos;
        }));
    }
}

TEST_CASE("told apart after they were merged: no third uid, at once and in every scan, whichever is told apart") {
    for (const bool other_way : {false, true}) {
        Pair pair(other_way ? "given_back_rest" : "given_back_apart");
        pair.plant.run(pair.both, 3);
        {
            Register held = Register::open(pair.plant.path());
            const std::string& mac = other_way ? pair.older_mac : pair.younger_mac;
            const std::string fresh = good(assert_apart(held, pair.older, {"mac:" + mac}, analyst(4, "two after all")));
            CHECK(fresh == (other_way ? pair.older : pair.younger));
        }
        CHECK(pair.of("asset", pair.younger) == WorkFields{{"process", "pumps"}, {"owner", "Bob"}, {"name", "P2"}});
        for (int day = 5; day < 8; ++day) pair.plant.run(pair.both, day);
        pair.check_both();
        CHECK(pair.of("asset", pair.older) == WorkFields{{"zone", "hall 1"}, {"owner", "Anna"}});
    }
}

TEST_CASE("taken back before any scan, and merged once more: nothing is carried twice, nothing is lost") {
    Pair pair("given_back_again");
    {
        Register held = Register::open(pair.plant.path());
        good(withdraw(held, pair.said, analyst(3, "a mistake")));
    }
    pair.plant.run(pair.both, 4);
    pair.check_both();
    CHECK(pair.of("asset", pair.older) == WorkFields{{"zone", "hall 1"}, {"owner", "Anna"}});
    std::string again;
    {
        Register held = Register::open(pair.plant.path());
        again = good(assert_same(held, pair.older, pair.younger, analyst(5, "it was right")));
    }
    pair.plant.run(pair.both, 6);
    CHECK(pair.of("asset", pair.older).at("process") == "pumps");
    {
        Register held = Register::open(pair.plant.path());
        good(withdraw(held, again, analyst(7, "it was not")));
    }
    pair.plant.run(pair.both, 8);
    pair.check_both();
}

TEST_CASE("a decision that was taken on the merged finding stays there, whole; the other one has its own of before") {
    Pair pair("given_back_decided");
    pair.plant.run(pair.both, 3);
    const std::string joined = pair.plant.finding("path", pair.older).finding.id;
    {
        Register held = Register::open(pair.plant.path());
        good(move(held, joined, "investigating", {}, analyst(4, "looking closer")));
        good(withdraw(held, pair.said, analyst(5, "a mistake")));
    }
    pair.plant.run(pair.both, 6);
    CHECK(pair.plant.finding("path", pair.older).status == "investigating");
    CHECK(pair.plant.finding("path", pair.younger).status == "assessed");
    CHECK(pair.plant.finding("path", pair.younger).work_at("owner") == "Bob");
    for (const std::string& each : verify(Register::open_to_read(pair.plant.path())).problems) FAIL_CHECK(each);
}

TEST_SUITE_END();

}  // namespace given_back_test
