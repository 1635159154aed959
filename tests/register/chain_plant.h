// Devices that people take for one another, in every order: what stood at each before, and what each must have once some of
// that was taken back. For the tests of merges that share an asset.
#pragma once

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <numeric>
#include <set>

#include "register/open.h"
#include "register/verify.h"
#include "tests/register/plant.h"

namespace herkomst::plant {

using Edge = std::pair<std::size_t, std::size_t>;
using Said = std::vector<Edge>;

inline std::string mac_of(std::size_t device) { return "00:00:5e:00:53:0" + std::to_string(device + 1); }
inline std::string ip_of(std::size_t device) { return "10.1.0." + std::to_string(device + 1); }
// What people set at each device and its finding before anybody took it for another one: at each something that no other has.
inline constexpr std::array<const char*, 4> own_field = {"process", "name", "note", "owner"};
inline constexpr std::array<const char*, 4> own_field_of_finding = {"note", "residual_why", "response", "due"};
inline constexpr std::array<const char*, 4> its_value = {"at the pump", "a guess", "mitigate", "2027-01-31"};

inline std::vector<Device> devices(std::size_t count) {
    std::vector<Device> out;
    for (std::size_t i = 0; i < count; ++i) {
        out.push_back({mac_of(i),
                       ip_of(i),
                       {{Field::brand, "Example riverside"},
                        {Field::model, "RS50K"},
                        {Field::serial, "SN-77" + std::to_string(i)},
                        {Field::remote_blocked, "0"}}});
    }
    return out;
}

// A plant that is scanned, where each device has its fields and each finding its note; every case begins with a copy of it.
struct Chained {
    Chained(const std::string& name, std::size_t count)
        : folder(name), plant(folder, folder.at("site.db")), all(devices(count)) {
        plant.run(all, 0);
        for (std::size_t i = 0; i < count; ++i) uids.push_back(plant.uid(mac_of(i)));
        std::vector<std::size_t> by_age(count);
        std::iota(by_age.begin(), by_age.end(), std::size_t{0});
        const auto age = [&](std::size_t i) { return number("SELECT number FROM assets WHERE uid = '" + uids[i] + "'"); };
        std::sort(by_age.begin(), by_age.end(), [&](std::size_t a, std::size_t b) { return age(a) < age(b); });
        // The first is the oldest.
        std::vector<std::string> sorted;
        std::vector<Device> as_sorted;
        for (const std::size_t i : by_age) {
            sorted.push_back(uids[i]);
            as_sorted.push_back(all[i]);
        }
        uids = sorted;
        all = as_sorted;
        Register held = Register::open(plant.path());
        for (std::size_t i = 0; i < count; ++i) {
            const std::string mark = std::to_string(i);
            good(set_fields(held, "asset", uids[i], {{own_field[i], "of " + mark}, {"zone", "hall " + mark}}, analyst(1, "")));
            good(assert_is(held, uids[i], Field::location, "place " + mark, &plant.db(), analyst(1, "seen")));
            good(set_fields(held, "finding", plant.finding("path", uids[i]).finding.id,
                            {{own_field_of_finding[i], its_value[i]}, {"owner", "person " + mark}}, analyst(1, "")));
            measures.push_back(
                good(add_measure(held, plant.finding("path", uids[i]).finding.id, {{"title", "do " + mark}}, analyst(1, ""))));
        }
        { const Register closed = std::move(held); }
        std::filesystem::copy_file(plant.path(), folder.at("base.db"));
    }
    void begin() const {
        std::filesystem::copy_file(folder.at("base.db"), plant.path(), std::filesystem::copy_options::overwrite_existing);
    }
    std::int64_t number(const std::string& query) const {
        return Register::open_to_read(plant.path()).connection().database.number(query);
    }
    // Says them; the assertions, in that order.
    std::vector<std::string> say(const Said& said) const {
        std::vector<std::string> ids;
        Register held = Register::open(plant.path());
        for (const auto& [a, b] : said) ids.push_back(good(assert_same(held, uids[a], uids[b], analyst(2, "two ports"))));
        return ids;
    }
    void take_back(const std::string& id, int day) const {
        Register held = Register::open(plant.path());
        good(withdraw(held, id, analyst(day, "a mistake")));
    }
    // Which devices are one by what is said.
    std::vector<std::vector<std::size_t>> groups(const Said& said) const {
        std::vector<std::size_t> of(uids.size());
        std::iota(of.begin(), of.end(), std::size_t{0});
        for (const auto& [a, b] : said) {
            const std::size_t from = std::max(of[a], of[b]);
            const std::size_t to = std::min(of[a], of[b]);
            for (std::size_t& each : of) each = each == from ? to : each;
        }
        std::vector<std::vector<std::size_t>> out;
        for (std::size_t i = 0; i < uids.size(); ++i) {
            std::vector<std::size_t> group;
            for (std::size_t j = 0; j < uids.size(); ++j) {
                if (of[j] == i) group.push_back(j);
            }
            if (!group.empty()) out.push_back(group);
        }
        return out;
    }
    // The register says exactly that: each group goes by the uid of its oldest, and has what its devices had and no more.
    void check_groups(const std::vector<std::vector<std::size_t>>& groups) const {
        const Register held = Register::open_to_read(plant.path());
        const Overview now = overview(held, nullptr);
        CHECK(now.assets.size() == groups.size());
        std::map<std::string, const OverviewFinding*> found;
        for (const OverviewFinding& one : now.findings) {
            CHECK(one.observation == "observed");
            if (one.finding.rule == "path") found[one.finding.subject.key] = &one;
        }
        CHECK(found.size() == groups.size());
        for (const std::vector<std::size_t>& group : groups) {
            const std::string& uid = uids[group.front()];
            std::set<std::string> macs;
            std::set<std::string> ips;
            WorkFields fields{{"zone", "hall " + std::to_string(group.front())}};
            WorkFields of_finding{{"owner", "person " + std::to_string(group.front())}};
            for (const std::size_t i : group) {
                macs.insert(all[i].mac);
                ips.insert(all[i].ip);
                fields[own_field[i]] = "of " + std::to_string(i);
                of_finding[own_field_of_finding[i]] = its_value[i];
            }
            const OverviewAsset* asset = now.asset(uid);
            REQUIRE(asset != nullptr);
            CHECK(asset->identifiers.mac == macs);
            CHECK(asset->identifiers.ip == ips);
            const Belief& place = *asset->belief(Field::location);
            CHECK(place.value == "place " + std::to_string(group.back()));
            CHECK(place.strength == Strength::Confirmed);
            if (group.size() == 1) CHECK(asset->belief(Field::serial)->value == all[group.front()].says[2].second);
            CHECK(work_of(held, "asset", uid) == fields);
            REQUIRE(found.contains(uid));
            WorkFields at = found[uid]->work;
            at.erase("status");
            CHECK(at == of_finding);
            for (const std::size_t i : group)
                CHECK(work_of(held, "measure", measures[i]).at("finding") == found[uid]->finding.id);
        }
        for (const std::string& each : verify(held).problems) FAIL_CHECK(each);
    }
    // Right after the first scan, unchanged after two more.
    void scan_three_times(int day, const std::vector<std::vector<std::size_t>>& expected, const char* source) {
        for (int i = 0; i < 3; ++i) {
            const RunReceipt receipt = plant.run(all, day + i, false, std::string(source) + std::to_string(day + i));
            CHECK(receipt.assets_new == 0);
            if (i > 0) {
                CHECK(receipt.assets_split == 0);
                CHECK(receipt.assets_merged == 0);
                CHECK(receipt.opened + receipt.changed + receipt.reopened + receipt.refuted + receipt.not_observed == 0);
            }
            if (i != 1) check_groups(expected);
        }
    }
    Folder folder;
    Plant plant;
    std::vector<Device> all;
    std::vector<std::string> uids;
    std::vector<std::string> measures;
};

}  // namespace herkomst::plant
