// Same, not the same, "this is a ...": what people say of devices, and that no scan undoes it.
#include <algorithm>

#include "plant.h"
#include "register/open.h"
#include "register/verify.h"

using namespace herkomst;
using namespace herkomst::plant;

namespace assertions_test {

TEST_SUITE_BEGIN("register_assertions");

namespace {

constexpr const char* mac_1 = "00:00:5e:00:53:01";
constexpr const char* mac_2 = "00:00:5e:00:53:02";

Device controller(const char* mac, const char* ip) {
    return {mac, ip, {{Field::brand, "Example hillside"}, {Field::category, "plc"}}};
}
// Behind a router: its locally administered MAC names nobody, so it is known by its address alone.
Device nameless(const char* ip, int number) {
    return {"02:00:5e:00:53:0" + std::to_string(number), ip, {{Field::model, "Box"}}};
}

const Belief& belief(const Plant& plant, const std::string& said, Field field) {
    static Overview all;
    all = plant.look();
    const std::vector<std::string> meant = assets_meant(all, said);
    REQUIRE(meant.size() == 1);
    REQUIRE(all.asset(meant.front())->belief(field) != nullptr);
    return *all.asset(meant.front())->belief(field);
}

bool says(const std::string& text, const std::string& part) {
    const bool there = text.find(part) != std::string::npos;
    if (!there) MESSAGE(text);
    return there;
}

}  // namespace

TEST_CASE("this is a ...: over every other word, in every run, wherever the device goes, until it is taken back") {
    const Folder folder("is");
    Plant plant(folder, folder.at("site.db"));
    plant.run({controller(mac_1, "10.1.0.1")}, 0);
    const std::string uid = plant.uid("10.1.0.1");
    {
        Register held = Register::open(plant.path());
        CHECK(says(refusal(assert_is(held, uid, Field::maker, "Example riverside", &plant.db(), analyst(1, ""))),
                   "without a reason"));
        CHECK(says(refusal(assert_is(held, uid, Field::maker, "", &plant.db(), analyst(1, "x"))), "nobody said anything"));
        CHECK(says(refusal(assert_is(held, uid, Field::address, "10.0.0.1", &plant.db(), analyst(1, "x"))),
                   "is heard, not said"));
        good(assert_is(held, uid, Field::maker, "Example riverside", &plant.db(), analyst(1, "the label says so")));
    }
    // At once, and in every run.
    CHECK(belief(plant, uid, Field::maker).value == "Example riverside");
    for (int day = 2; day < 5; ++day) {
        plant.run({controller(mac_1, day == 3 ? "10.1.0.9" : "10.1.0.1")}, day);
        const Belief& maker = belief(plant, uid, Field::maker);
        CHECK(maker.value == "Example riverside");
        CHECK(maker.vendor == "riverside");
        CHECK(maker.strength == Strength::Confirmed);
        CHECK(std::find(maker.dissent.begin(), maker.dissent.end(), "Example hillside") != maker.dissent.end());
    }
    CHECK(plant.uid("10.1.0.9") == uid);
    // A later word takes the place of an earlier one.
    {
        Register held = Register::open(plant.path());
        good(assert_is(held, uid, Field::maker, "Example valley", &plant.db(), analyst(6, "the invoice says so")));
        CHECK(assertions_of(held).size() == 1);
    }
    plant.run({controller(mac_1, "10.1.0.1")}, 7);
    CHECK(belief(plant, uid, Field::maker).value == "Example valley");
    {
        Register held = Register::open(plant.path());
        good(assert_is(held, uid, Field::maker, "", &plant.db(), analyst(8, "it was another one")));
        CHECK(assertions_of(held).empty());
    }
    plant.run({controller(mac_1, "10.1.0.1")}, 9);
    CHECK(belief(plant, uid, Field::maker).value == "Example hillside");
    CHECK(verify(Register::open_to_read(plant.path())).problems.empty());
}

TEST_CASE("what is said of a device that is known by its address alone is not said of another one there") {
    const Folder folder("weak");
    Plant plant(folder, folder.at("site.db"));
    plant.run({nameless("10.1.0.5", 1)}, 0);
    const std::string uid = plant.uid("10.1.0.5");
    {
        Register held = Register::open(plant.path());
        good(assert_is(held, uid, Field::category, "camera", &plant.db(), analyst(1, "seen")));
    }
    plant.run({nameless("10.1.0.5", 1)}, 2);
    CHECK(belief(plant, uid, Field::category).value == "camera");
    plant.run({controller(mac_1, "10.1.0.5")}, 3);
    CHECK(belief(plant, mac_1, Field::category).value == "plc");
}

TEST_CASE("the same: whichever of its two faces is seen, and both at once; the edits of both stay") {
    const Folder folder("same");
    Plant plant(folder, folder.at("site.db"));
    plant.run({controller(mac_1, "10.1.0.1"), controller(mac_2, "10.1.0.2"), nameless("10.1.0.3", 3)}, 0);
    const std::string one = plant.uid(mac_1);
    const std::string two = plant.uid(mac_2);
    std::string id;
    {
        Register held = Register::open(plant.path());
        good(set_fields(held, "asset", one, {{"zone", "hall 1"}}, analyst(1, "")));
        good(set_fields(held, "asset", two, {{"process", "pumps"}}, analyst(1, "")));
        CHECK(says(refusal(assert_same(held, one, one, analyst(1, "x"))), "is the same asset already"));
        CHECK(says(refusal(assert_same(held, one, "nobody", analyst(1, "x"))), "there is no such asset"));
        id = good(assert_same(held, one, two, analyst(1, "two ports")));
        good(assert_same(held, one, plant.uid("10.1.0.3"), analyst(1, "and its management port")));
    }
    const std::string uid = plant.uid(mac_1);
    for (int day = 2; day < 8; ++day) {
        std::vector<Device> devices;
        if (day % 3 != 0) devices.push_back(controller(mac_1, "10.1.0.1"));
        if (day % 3 != 1) devices.push_back(controller(mac_2, "10.1.0.2"));
        if (day % 2 == 0) devices.push_back(nameless("10.1.0.3", 3));
        const RunReceipt receipt = plant.run(devices, day);
        CHECK(receipt.assets_new == 0);
        CHECK(receipt.assets_split == 0);
        CHECK(plant.look().assets.size() == 1);
        CHECK(plant.uid(mac_2) == uid);
    }
    const Register held = Register::open_to_read(plant.path());
    CHECK(work_of(held, "asset", uid).at("zone") == "hall 1");
    CHECK(work_of(held, "asset", uid).at("process") == "pumps");
    CHECK(verify(held).problems.empty());
}

TEST_CASE("not the same: two that share a serial number stay two, also when only one of them is there") {
    const Folder folder("apart");
    Plant plant(folder, folder.at("site.db"));
    const auto clone = [](const char* mac, const char* ip) {
        return Device{mac, ip, {{Field::brand, "Example meadow"}, {Field::serial, "SN-7781-04"}, {Field::category, "plc"}}};
    };
    plant.run({clone(mac_1, "10.1.0.1"), clone(mac_2, "10.1.0.2")}, 0);
    REQUIRE(plant.look().assets.size() == 1);
    const std::string one = plant.uid(mac_1);
    std::string two;
    {
        Register held = Register::open(plant.path());
        CHECK(says(refusal(assert_apart(held, one, {"mac:00:00:5e:00:53:99"}, analyst(1, "x"))), "does not go by"));
        CHECK(says(refusal(assert_apart(held, one,
                                        {"mac:" + std::string(mac_1), "mac:" + std::string(mac_2), "serial:meadow/sn 7781 04"},
                                        analyst(1, "x"))),
                   "has no other identifier"));
        two = good(assert_apart(held, one, {"mac:" + std::string(mac_2)}, analyst(1, "a copied number")));
    }
    CHECK(two != one);
    for (int day = 2; day < 10; ++day) {
        std::vector<Device> devices;
        if (day % 3 != 0) devices.push_back(clone(mac_1, "10.1.0.1"));
        if (day % 3 != 1) devices.push_back(clone(mac_2, "10.1.0.2"));
        const RunReceipt receipt = plant.run(devices, day);
        CHECK(receipt.assets_new == 0);
        CHECK(receipt.assets_merged == 0);
        CHECK(plant.uid(mac_1) == one);
        CHECK(plant.uid(mac_2) == two);
    }
    // Overruled, they are one again.
    {
        Register held = Register::open(plant.path());
        good(assert_same(held, one, two, analyst(11, "it was one after all")));
    }
    plant.run({clone(mac_1, "10.1.0.1"), clone(mac_2, "10.1.0.2")}, 12);
    CHECK(plant.look().assets.size() == 1);
    CHECK(verify(Register::open_to_read(plant.path())).problems.empty());
}

TEST_CASE("not the same holds where the bytes cannot tell the two apart: the other one is not seen, and nothing is merged") {
    const Folder folder("one_body");
    Plant plant(folder, folder.at("site.db"));
    const std::vector<Device> devices = {
        {mac_1, "10.1.0.1", {{Field::brand, "Example meadow"}, {Field::serial, "SN-7781-04"}, {Field::category, "plc"}}}};
    plant.run(devices, 0);
    const std::string one = plant.uid(mac_1);
    std::string two;
    {
        Register held = Register::open(plant.path());
        two = good(assert_apart(held, one, {"serial:meadow/sn 7781 04"}, analyst(1, "the plate says otherwise")));
    }
    CHECK(two != one);
    for (int day = 2; day < 5; ++day) {
        const RunReceipt receipt = plant.run(devices, day);
        CHECK(receipt.assets_new == 0);
        CHECK(receipt.assets_merged == 0);
    }
    const Register held = Register::open_to_read(plant.path());
    CHECK(held.connection().database.number("SELECT count(*) FROM assertions WHERE kind = 'not_same' AND state = 'holds'") ==
          1);
    CHECK(held.connection().database.number("SELECT count(*) FROM assets WHERE merged_into IS NOT NULL") == 0);
    CHECK(verify(held).problems.empty());
}

TEST_SUITE_END();

}  // namespace assertions_test
