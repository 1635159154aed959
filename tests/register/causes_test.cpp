// Why something is otherwise: what people did is told as theirs, what ended as time's, and who is told apart again gets both of
// his names back.
#include <algorithm>

#include "register/answers.h"
#include "register/history.h"
#include "register/open.h"
#include "register/verify.h"
#include "tests/register/plant.h"

using namespace herkomst;
using namespace herkomst::plant;

namespace causes_test {

TEST_SUITE_BEGIN("register.causes");

namespace {

constexpr const char* mac_1 = "00:00:5e:00:53:01";
constexpr const char* mac_2 = "00:00:5e:00:53:02";

Device controller(const char* mac, const char* ip) {
    return {mac, ip, {{Field::brand, "Example hillside"}, {Field::category, "plc"}}};
}
Device clone(const char* mac, const char* ip) {
    return {mac, ip, {{Field::brand, "Example meadow"}, {Field::serial, "SN-7781-04"}, {Field::category, "plc"}}};
}

// What became different between two runs, of one kind, as "cause subject".
std::string told(const Plant& plant, std::int64_t from, std::int64_t to, std::string_view what) {
    std::string out;
    for (const Difference& one : differences(Register::open_to_read(plant.path()), from, to)) {
        if (one.what == what) out += (out.empty() ? "" : ", ") + one.cause + " " + one.subject;
    }
    return out;
}

std::string addresses(const Plant& plant, const std::string& uid) {
    std::string out;
    const Overview all = plant.look();
    REQUIRE(all.asset(uid) != nullptr);
    for (const std::string& each : all.asset(uid)->identifiers.ip) out += each + " ";
    return out;
}

std::int64_t assets_ever(const Plant& plant) {
    return Register::open_to_read(plant.path()).connection().database.number("SELECT count(*) FROM assets");
}

}  // namespace

TEST_CASE("who takes back that two are one gets both back by the names they had, and nothing is new") {
    const Folder folder("taken_back");
    Plant plant(folder, folder.at("site.db"));
    const std::vector<Device> both = {controller(mac_1, "10.1.0.1"), controller(mac_2, "10.1.0.2")};
    plant.run(both, 0);
    std::string said;
    std::vector<std::pair<std::string, Device>> was;
    for (const Device& each : both) was.emplace_back(plant.uid(each.mac), each);
    {
        Register held = Register::open(plant.path());
        said = good(assert_same(held, was[0].first, was[1].first, analyst(1, "two ports")));
    }
    plant.run(both, 2);
    REQUIRE(plant.uid(mac_2) == plant.uid(mac_1));
    // The older one keeps its name; which that is, the bytes say.
    if (plant.uid(mac_1) != was[0].first) std::swap(was[0], was[1]);
    const auto& [one, older] = was[0];
    const auto& [two, younger] = was[1];
    {
        Register held = Register::open(plant.path());
        good(withdraw(held, said, analyst(3, "a mistake")));
    }
    SUBCASE("both are seen") {
        plant.run(both, 4);
        CHECK(plant.uid(older.mac) == one);
        CHECK(addresses(plant, one) == older.ip + " ");
    }
    SUBCASE("only the one that had given up its name is seen") { plant.run({younger}, 4); }
    CHECK(plant.uid(younger.mac) == two);
    CHECK(addresses(plant, two) == younger.ip + " ");
    CHECK(assets_ever(plant) == 2);
    CHECK(told(plant, 2, 3, "new").empty());
    CHECK(told(plant, 2, 3, "split") == "people " + two);
    CHECK(verify(Register::open_to_read(plant.path())).problems.empty());
    // Said once more, they are one once more, and stay so.
    {
        Register held = Register::open(plant.path());
        good(assert_same(held, one, two, analyst(5, "it was right after all")));
    }
    plant.run({younger}, 6);
    CHECK(plant.uid(younger.mac) == one);
    CHECK(assets_ever(plant) == 2);
}

TEST_CASE("an asset that a person tells apart is new by people, and so is that the bytes do not show it") {
    const Folder folder("told_apart");
    Plant plant(folder, folder.at("site.db"));
    plant.run({clone(mac_1, "10.1.0.1")}, 0, false, "capture");
    const std::string one = plant.uid(mac_1);
    std::string two;
    {
        Register held = Register::open(plant.path());
        two = good(assert_apart(held, one, {"serial:meadow/sn 7781 04"}, analyst(1, "the plate says otherwise")));
    }
    plant.run({clone(mac_1, "10.1.0.1")}, 2, false, "capture");
    CHECK(told(plant, 1, 2, "new") == "people " + two);
    CHECK(told(plant, 1, 2, "split") == "people " + two);
    CHECK(told(plant, 0, 1, "new") == "network " + one);
    for (const Difference& each : differences(Register::open_to_read(plant.path()), 1, 2))
        CHECK_MESSAGE(each.cause == "people", (each.what + " " + each.subject));
}

TEST_CASE("a finding that is not there any more because of what a person said is gone by people") {
    const Folder folder("said_otherwise");
    Plant plant(folder, folder.at("site.db"));
    const std::vector<Device> devices = {
        {mac_1, "10.1.0.1", {{Field::brand, "Example riverside"}, {Field::category, "solar_inverter"}}}};
    plant.run(devices, 0, false, "capture");
    const std::string uid = plant.uid(mac_1);
    const std::string supplier = plant.finding("supplier", "riverside").finding.id;
    {
        Register held = Register::open(plant.path());
        good(assert_is(held, uid, Field::maker, "Example hillside", &plant.db(), analyst(1, "the plate says so")));
    }
    plant.run(devices, 2, false, "capture");
    CHECK(plant.finding("supplier", "riverside").observation == "not_observed");
    CHECK(told(plant, 1, 2, "not_observed") == "people " + supplier);
    // What is not heard any more is the network's.
    plant.run({controller(mac_2, "10.1.0.2")}, 3);
    CHECK(told(plant, 2, 3, "missed") == "network " + uid);
}

TEST_CASE("an answer that ends is told as time, one that is given as people") {
    const Folder folder("ended");
    Plant plant(folder, folder.at("site.db"));
    const std::vector<Device> devices = {{mac_1, "10.1.0.1", {{Field::brand, "Example riverside"}}}};
    RatingInputs inputs;
    plant.rate = [&](const Finding&, Rating& into) {
        into.criteria = "set 1";
        into.inputs = inputs;
        return true;
    };
    plant.run(devices, 0, false, "capture");
    const std::string finding = plant.look().findings.front().finding.id;
    const auto answer = [&](const std::string& question, int day, int until) {
        Register held = Register::open(plant.path());
        Answer given{question, "site", "north", Json("4"), "A. Analyst", on_day(day), "log", on_day(until), "", "", ""};
        good(put_answers(held, std::vector<Answer>{given}, on_day(day)));
    };
    const auto rated = [&](std::int64_t to) {
        std::string causes;
        for (const Difference& one : differences(Register::open_to_read(plant.path()), to - 1, to))
            if (one.what == "rated" && one.subject == finding) causes += one.cause;
        return causes;
    };
    answer("process-impact", 1, 5);
    inputs["process-impact"] = {"4", RatingInput::From::Person};
    plant.run(devices, 2, false, "capture");
    CHECK(rated(2) == "people");
    inputs.clear();
    plant.run(devices, 6, false, "capture");
    CHECK(rated(3) == "time");
    // One ends while another is given: what is there now was said by somebody.
    answer("process-impact", 7, 9);
    inputs["process-impact"] = {"4", RatingInput::From::Person};
    plant.run(devices, 8, false, "capture");
    answer("longest-outage", 9, 90);
    inputs = {{"longest-outage", {"4", RatingInput::From::Person}}};
    plant.run(devices, 10, false, "capture");
    CHECK(rated(5) == "people");
}

TEST_SUITE_END();

}  // namespace causes_test
