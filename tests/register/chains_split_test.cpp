// Told apart inside a chain of merges; words about what a device is; registers from before names were kept.
#include "tests/register/chain_plant.h"

using namespace herkomst;
using namespace herkomst::plant;

namespace chains_split_test {

TEST_SUITE_BEGIN("register.chains_split");

namespace {

std::vector<std::string> strong_of(const Chained& chain, const std::vector<std::size_t>& whose, bool by_mac) {
    std::vector<std::string> out;
    for (const std::size_t i : whose) {
        out.push_back("mac:" + chain.all[i].mac);
        if (!by_mac) out.push_back("serial:riverside/sn 77" + chain.all[i].says[2].second.substr(5));
    }
    return out;
}

}  // namespace

TEST_CASE("who is told apart inside a chain leaves it, and the rest stays: whichever it is, however it was joined") {
    for (const std::size_t count : {std::size_t{3}, std::size_t{4}}) {
        Chained chain("chains_split", count);
        // In a row, each with the next; all with the first; all with the last.
        std::vector<Said> ways(3);
        for (std::size_t i = 0; i + 1 < count; ++i) {
            ways[0].emplace_back(i, i + 1);
            ways[1].emplace_back(0, i + 1);
            ways[2].emplace_back(i, count - 1);
        }
        std::vector<std::vector<std::size_t>> told;
        for (std::size_t i = 0; i < count; ++i) told.push_back({i});
        if (count == 4) told.insert(told.end(), {{1, 2}, {0, 3}, {1, 3}});
        for (const Said& said : ways) {
            for (const std::vector<std::size_t>& goes : told) {
                CAPTURE(said.front().first);
                CAPTURE(said.front().second);
                CAPTURE(said.back().first);
                CAPTURE(goes.front());
                CAPTURE(goes.size());
                // By all that it goes by, and by its address alone.
                const bool by_mac = goes.front() % 2 == 1;
                chain.begin();
                chain.say(said);
                chain.plant.run(chain.all, 3);
                std::vector<std::size_t> rest;
                for (std::size_t i = 0; i < count; ++i) {
                    if (std::find(goes.begin(), goes.end(), i) == goes.end()) rest.push_back(i);
                }
                {
                    Register held = Register::open(chain.plant.path());
                    const std::string uid =
                        good(assert_apart(held, chain.uids[0], strong_of(chain, goes, by_mac), analyst(4, "another one")));
                    CHECK(uid == chain.uids[goes.front()]);
                }
                CHECK(chain.plant.uid(chain.all[goes.front()].mac) == chain.uids[goes.front()]);
                CHECK(chain.plant.uid(chain.all[rest.front()].mac) == chain.uids[rest.front()]);
                chain.scan_three_times(5, {goes, rest}, "later-");
            }
        }
    }
}

TEST_CASE("what was said of each stays with each, from the first scan after the merge was taken back") {
    Chained chain("chains_is", 3);
    {
        Register held = Register::open(chain.plant.path());
        good(assert_is(held, chain.uids[0], Field::maker, "Example hillside", &chain.plant.db(), analyst(1, "the label")));
        good(assert_is(held, chain.uids[1], Field::maker, "Example valley", &chain.plant.db(), analyst(1, "the label")));
    }
    const std::vector<std::string> ids = chain.say({{0, 1}});
    chain.plant.run(chain.all, 3);
    // Of one of the two, by its own address; of both, by the name of both.
    {
        Register held = Register::open(chain.plant.path());
        const auto whom = [&](const std::string& words) { return face_meant(held, chain.uids[0], words); };
        CHECK(whom(chain.all[1].ip) == chain.uids[1]);
        CHECK(whom(chain.all[1].mac) == chain.uids[1]);
        CHECK(whom("serial:riverside/sn 77" + chain.all[1].says[2].second.substr(5)) == chain.uids[1]);
        CHECK(whom(chain.uids[1].substr(0, 13)) == chain.uids[1]);
        CHECK(whom(chain.all[0].ip) == chain.uids[0]);
        CHECK(whom("Example riverside RS50K") == chain.uids[0]);
        good(assert_is(held, whom(chain.all[1].ip), Field::role, "backup", &chain.plant.db(), analyst(3, "seen")));
    }
    chain.take_back(ids[0], 4);
    for (int day = 5; day < 8; ++day) {
        chain.plant.run(chain.all, day);
        const Overview now = chain.plant.look();
        CHECK(now.asset(chain.uids[0])->belief(Field::maker)->value == "Example hillside");
        CHECK(now.asset(chain.uids[1])->belief(Field::maker)->value == "Example valley");
        CHECK(now.asset(chain.uids[1])->belief(Field::role)->value == "backup");
        const auto other = now.asset(chain.uids[0])->beliefs.find(Field::role);
        CHECK((other == now.asset(chain.uids[0])->beliefs.end() ||
               now.asset(chain.uids[0])->belief(Field::role)->value != "backup"));
    }
}

TEST_CASE("a run that sees only one of those that are left, then all of them") {
    Chained chain("chains_partly", 3);
    const std::vector<std::string> ids = chain.say({{0, 1}, {1, 2}});
    chain.plant.run(chain.all, 3);
    chain.take_back(ids[0], 4);
    chain.plant.run({chain.all[2]}, 5);
    CHECK(chain.plant.uid(chain.all[2].mac) == chain.uids[1]);
    CHECK(chain.plant.uid(chain.all[0].mac) == chain.uids[0]);
    chain.scan_three_times(6, {{0}, {1, 2}}, "later-");
}

TEST_CASE("one that is known by its address alone stays with whom it was said to be, and leaves when that is taken back") {
    for (const std::size_t back : {std::size_t{0}, std::size_t{1}}) {
        const Folder folder("chains_weak");
        Plant plant(folder, folder.at("site.db"));
        const std::vector<Device> all = {{"00:00:5e:00:53:01", "10.1.0.1", {{Field::category, "plc"}}},
                                         {"00:00:5e:00:53:02", "10.1.0.2", {{Field::category, "plc"}}},
                                         {"02:00:5e:00:53:03", "10.1.0.3", {{Field::model, "Box"}}}};
        plant.run(all, 0);
        std::vector<std::string> uids;
        for (const Device& each : all) uids.push_back(plant.uid(each.ip));
        std::vector<std::string> ids;
        {
            Register held = Register::open(plant.path());
            ids.push_back(good(assert_same(held, uids[0], uids[2], analyst(1, "its port"))));
            ids.push_back(good(assert_same(held, uids[0], uids[1], analyst(1, "two ports"))));
        }
        plant.run(all, 2);
        CHECK(plant.look().assets.size() == 1);
        {
            Register held = Register::open(plant.path());
            good(withdraw(held, ids[back], analyst(3, "a mistake")));
        }
        for (int day = 4; day < 7; ++day) {
            plant.run(all, day);
            CHECK(plant.look().assets.size() == 2);
            const bool with_first = plant.uid("10.1.0.3") == plant.uid("10.1.0.1");
            CHECK(with_first == (back == 1));
            CHECK((plant.uid("10.1.0.2") == plant.uid("10.1.0.1")) == (back == 0));
        }
        for (const std::string& each : verify(Register::open_to_read(plant.path())).problems) FAIL_CHECK(each);
    }
}

TEST_CASE("a register from before the names were kept: each is told from the others by what its merge kept") {
    Chained chain("chains_before", 3);
    for (const std::size_t back : {std::size_t{0}, std::size_t{1}}) {
        chain.begin();
        const std::vector<std::string> ids = chain.say({{0, 1}, {0, 2}});
        chain.plant.run(chain.all, 3);
        {
            Register held = Register::open(chain.plant.path());
            held.connection().database.run("DELETE FROM work WHERE field IN ('a_names', 'b_names')");
        }
        chain.take_back(ids[back], 4);
        for (int day = 5; day < 8; ++day) {
            chain.plant.run(chain.all, day);
            CHECK(chain.plant.look().assets.size() == 2);
            for (std::size_t i = 0; i < 3; ++i) CHECK(chain.plant.uid(chain.all[i].mac) == chain.uids[i == back + 1 ? i : 0]);
        }
    }
}

TEST_SUITE_END();

}  // namespace chains_split_test
