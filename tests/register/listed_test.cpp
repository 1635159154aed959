// What an inventory lists at an address and what is heard there, in two runs: one asset, unless something says otherwise.
#include <algorithm>

#include "register/open.h"
#include "register/verify.h"
#include "tests/register/plant.h"

using namespace herkomst;
using namespace herkomst::plant;

namespace listed_test {

TEST_SUITE_BEGIN("register.listed");

namespace {

constexpr const char* mac_1 = "00:00:5e:00:53:01";
constexpr const char* mac_2 = "00:00:5e:00:53:02";
constexpr const char* place = "10.1.0.11";

using Said = std::vector<std::pair<Field, std::string>>;

Said inverter(const std::string& model = "RS50K") {
    return {{Field::brand, "Example riverside"}, {Field::model, model}, {Field::remote_blocked, "0"}};
}

struct Site {
    Folder folder;
    Plant plant;
    explicit Site(const std::string& name) : folder(name), plant(folder, folder.at("site.db")) {}

    RunReceipt list(const std::vector<Device>& rows, int day, const std::string& source = "list") {
        plant.kind = "inventory";
        return sound(plant.run(rows, day, false, source));
    }
    RunReceipt hear(const std::vector<Device>& devices, int day) {
        plant.kind = "capture";
        return sound(plant.run(devices, day));
    }
    RunReceipt sound(RunReceipt receipt) const {
        for (const std::string& each : verify(Register::open_to_read(plant.path())).problems) FAIL_CHECK(each);
        return receipt;
    }
    [[nodiscard]] std::size_t devices() const { return plant.look().assets.size(); }
    [[nodiscard]] std::size_t of_rule(const std::string& rule) const {
        const Overview all = plant.look();
        return static_cast<std::size_t>(std::count_if(all.findings.begin(), all.findings.end(),
                                                      [&](const OverviewFinding& one) { return one.finding.rule == rule; }));
    }
    [[nodiscard]] std::string heard_as(const char* mac) const { return plant.uid(mac); }
};

}  // namespace

TEST_CASE("listed first, heard later: one asset, one finding, and what people set at it stays") {
    Site site("listed_first");
    site.list({{"", place, inverter()}}, 0);
    const std::string uid = site.plant.uid(place);
    CHECK(site.plant.look().asset(uid)->first_seen == Time{});
    {
        Register held = Register::open(site.plant.path());
        good(set_fields(held, "asset", uid, {{"owner", "Facilities"}}, analyst(0, "as drawn")));
    }
    const RunReceipt heard = site.hear({{mac_1, place, inverter()}}, 1);
    CHECK(heard.assets_new == 0);
    CHECK(heard.two_at_address.empty());
    CHECK(site.devices() == 1);
    CHECK(site.heard_as(mac_1) == uid);
    CHECK(site.of_rule("path") == 1);
    const Overview all = site.plant.look();
    const OverviewAsset& asset = *all.asset(uid);
    CHECK(asset.observation == "observed");
    CHECK(asset.first_seen == on_day(1));
    CHECK(asset.work.find("owner")->second == "Facilities");
    // The list again, the capture again, in any order.
    for (int day = 2; day < 6; ++day) {
        const RunReceipt again =
            day % 2 == 0 ? site.list({{"", place, inverter()}}, day) : site.hear({{mac_1, place, inverter()}}, day);
        CHECK(again.assets_new + again.assets_merged + again.assets_split == 0);
        CHECK(site.plant.uid(place) == uid);
        CHECK(site.of_rule("path") == 1);
    }
    // Another device that has the address later is another one.
    CHECK(site.hear({{mac_2, place, inverter()}}, 7).assets_new == 1);
    CHECK(site.heard_as(mac_1) == uid);
}

TEST_CASE("heard first, listed later: the same") {
    Site site("heard_first");
    site.hear({{mac_1, place, {{Field::model, "RS50K"}, {Field::remote_blocked, "0"}}}}, 0);
    const std::string uid = site.plant.uid(place);
    // The list knows the maker, which the network does not tell; its model is the shorter text.
    const RunReceipt listed = site.list({{"", place, inverter("RS50")}}, 1);
    CHECK(listed.assets_new == 0);
    CHECK(listed.two_at_address.empty());
    CHECK(site.devices() == 1);
    CHECK(site.plant.uid(place) == uid);
    const Overview all = site.plant.look();
    CHECK(all.asset(uid)->observation == "observed");
    CHECK(all.asset(uid)->first_seen == on_day(0));
    CHECK(all.asset(uid)->belief(Field::model)->value == "RS50K");
    CHECK(site.hear({{mac_1, place, inverter()}}, 2).assets_new == 0);
    CHECK(site.devices() == 1);
}

TEST_CASE("where anything that both say differs they stay two, and the receipt names them; a person can make them one") {
    const auto with = [](Said said, Field field, const std::string& value) {
        std::erase_if(said, [&](const auto& each) { return each.first == field; });
        said.emplace_back(field, value);
        return said;
    };
    const std::vector<std::tuple<std::string, Said, Said>> cases = {
        {"maker", with(inverter(), Field::brand, "Example hillside"), inverter()},
        {"model", inverter("XT9"), inverter()},
        {"serial", with(inverter(), Field::serial, "SN-7781-04"), with(inverter(), Field::serial, "SN-9902-11")},
        {"category", with(inverter(), Field::category, "camera"), with(inverter(), Field::category, "plc")},
        {"hostname", with(inverter(), Field::hostname, "pump-4"), with(inverter(), Field::hostname, "gate-1")}};
    for (const auto& each : cases) {
        const std::string& what = std::get<0>(each);
        const Said& listed = std::get<1>(each);
        const Said& heard = std::get<2>(each);
        for (const bool list_first : {true, false}) {
            CAPTURE(what);
            CAPTURE(list_first);
            Site site("listed_" + what + (list_first ? "_first" : "_last"));
            if (list_first) site.list({{"", place, listed}}, 0);
            RunReceipt receipt = site.hear({{mac_1, place, heard}}, 1);
            if (!list_first) receipt = site.list({{"", place, listed}}, 2);
            CHECK(site.devices() == 2);
            REQUIRE(receipt.two_at_address.size() == 1);
            const TwoAtAddress& two = receipt.two_at_address.front();
            CHECK(two.address == place);
            CHECK(two.heard == site.heard_as(mac_1));
            CHECK(site.plant.look().asset(two.listed)->observation == "imported_only");
            {
                Register held = Register::open(site.plant.path());
                good(assert_same(held, two.listed, two.heard, analyst(3, "looked at the type plate")));
            }
            CHECK(site.list({{"", place, listed}}, 4).two_at_address.empty());
            CHECK(site.hear({{mac_1, place, heard}}, 5).two_at_address.empty());
            CHECK(site.devices() == 1);
            // Never heard and heard is heard, from the day it was.
            CHECK(site.plant.look().assets.front().first_seen == on_day(1));
        }
    }
}

TEST_CASE("an address that changed hands, or a device that moved, joins nothing") {
    Site hands("listed_hands");
    hands.hear({{mac_1, place, inverter()}}, 0);
    hands.hear({{mac_2, place, inverter()}}, 1);
    CHECK(hands.list({{"", place, inverter()}}, 2).two_at_address.size() == 2);
    CHECK(hands.devices() == 3);
    Site moved("listed_moved");
    moved.hear({{mac_1, "10.1.0.30", inverter()}}, 0);
    moved.hear({{mac_1, place, inverter()}}, 1);
    CHECK(moved.list({{"", place, inverter()}}, 2).two_at_address.size() == 1);
    CHECK(moved.devices() == 2);
    // Both within one capture.
    Site both("listed_both");
    both.list({{"", place, inverter()}}, 0);
    both.hear({{mac_1, place, inverter()}, {mac_2, place, inverter()}}, 1);
    const Overview all = both.plant.look();
    CHECK(std::none_of(all.assets.begin(), all.assets.end(), [](const OverviewAsset& each) {
        return each.identifiers.mac.size() > 1 ||
               (!each.identifiers.mac.empty() && each.belief(Field::brand) != nullptr && each.observation == "imported_only");
    }));
    CHECK(both.devices() > 1);
    // Two rows never become one by way of what was heard at both addresses.
    Site two("listed_two");
    two.list({{"", place, inverter()}, {"", "10.1.0.12", inverter()}}, 0);
    two.hear({{mac_1, place, inverter()}}, 1);
    CHECK(two.devices() == 2);
    CHECK(two.hear({{mac_1, "10.1.0.12", inverter()}}, 2).two_at_address.size() == 1);
    CHECK(two.devices() == 2);
}

TEST_CASE("who tells the two apart, takes back that they are one, or puts one away is not overruled") {
    Said with_serial = inverter();
    with_serial.emplace_back(Field::serial, "SN-7781-04");
    Site site("listed_split");
    site.list({{"", place, with_serial}}, 0);
    site.hear({{mac_1, place, inverter()}}, 1);
    REQUIRE(site.devices() == 1);
    {
        Register held = Register::open(site.plant.path());
        good(assert_apart(held, site.heard_as(mac_1), {"mac:" + std::string(mac_1)},
                          analyst(2, "the logger, not the inverter")));
    }
    REQUIRE(site.devices() == 2);
    for (int day = 3; day < 7; ++day) {
        const RunReceipt receipt =
            day % 2 == 0 ? site.list({{"", place, with_serial}}, day) : site.hear({{mac_1, place, inverter()}}, day);
        CHECK(receipt.assets_merged == 0);
        CHECK(receipt.two_at_address.empty());
        CHECK(site.devices() == 2);
    }
    Site away("listed_retired");
    away.list({{"", place, inverter()}}, 0);
    {
        Register held = Register::open(away.plant.path());
        good(set_fields(held, "asset", away.plant.uid(place), {{"retired", "yes"}}, analyst(0, "scrapped")));
    }
    CHECK(away.hear({{mac_1, place, inverter()}}, 1).assets_new == 1);
}

TEST_CASE("two that earlier runs left apart become one once nothing says otherwise") {
    Site site("listed_heals");
    site.list({{"", place, inverter("XT9")}}, 0, "old list");
    site.hear({{mac_1, place, inverter()}}, 1);
    REQUIRE(site.devices() == 2);
    const std::string older = site.plant.uid(site.plant.look().assets.front().uid);
    // The list is put right.
    site.list({{"", place, inverter()}}, 2, "old list");
    CHECK(site.devices() == 1);
    CHECK(site.of_rule("path") == 1);
    CHECK(site.plant.look().assets.front().first_seen == on_day(1));
    CHECK(site.plant.uid(older) == site.heard_as(mac_1));
}

TEST_SUITE_END();

}  // namespace listed_test
