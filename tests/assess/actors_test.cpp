// Who gave the commands that were seen, and what rests on it: declared parties lower a finding, and hide none.
#include <doctest/doctest.h>

#include "assess/assess.h"
#include "assess/rules.h"
#include "core/observation.h"
#include "example_site.h"

using namespace herkomst;
using example::Folder;
using example::site_of;
using example::Thing;

namespace actors_test {

TEST_SUITE_BEGIN("assess actors");

namespace {

Json fact(const FactsRow& row, std::string_view name) {
    const auto found = row.facts.find(name);
    return found == row.facts.end() ? Json() : found->second;
}

Asset listed(const char* key, const char* ip, const char* category, Strength strength = Strength::Listed) {
    Asset asset = Thing(key, "00:00:5e:00:53:0a", 7).says(Field::category, category);
    asset.identifiers.ip.insert(ip);
    asset.claims.front().strength = strength;
    asset.beliefs[Field::category].strength = strength;
    return asset;
}

const Folder& folder() {
    static const Folder made("actors");
    return made;
}

// With an overlay that declares 203.0.113.9 and 10.99.0.1.
const VendorDb& db() {
    static const VendorDb opened = [] {
        example::vendors(folder());
        const auto at = [](const char* range) {
            return std::string(
                       R"({"suffix":"rti.grid.example","operator":"grid","purpose":"grid operator: interface","range":")") +
                   range + R"(",)" + example::claim("unverified") + "}";
        };
        folder().put("mine/vendors/grid.json",
                     R"({"slug":"grid","name":"Example Grid","kind":"maker","categories":[],"origin":[],"clouds":[)" +
                         at("203.0.113.9") + "," + at("10.99.0.1") + "]}");
        Result<VendorDb> db = VendorDb::open(folder().at("vendordb.sqlite"), {folder().at("mine")});
        REQUIRE(db.ok());
        return std::move(db.value());
    }();
    return opened;
}

FactsRow told(const std::vector<const char*>& commands, const std::vector<Asset>& others = {}) {
    Thing thing("a", "00:00:5e:00:53:01", 1);
    for (const char* command : commands) thing.says(Field::remote_observed, command);
    std::vector<Asset> assets = {thing};
    assets.insert(assets.end(), others.begin(), others.end());
    return facts_of(site_of(std::move(assets)), db()).front();
}

}  // namespace

TEST_CASE("a declared party is told apart, inside and outside, and so is what that rests on") {
    const FactsRow outside = told({"iec104 C_SE_NC_1 from 203.0.113.9"});
    CHECK(fact(outside, "remote_observed_from") == Json("internet"));
    CHECK(fact(outside, "remote_observed_actor") == Json("grid_operator"));
    CHECK(fact(outside, "remote_observed_actor_by") == Json("overlay rti.grid.example (203.0.113.9)"));
    const FactsRow inside = told({"iec104 C_SE_NC_1 from 10.99.0.1"});
    CHECK(fact(inside, "remote_observed_from") == Json("local"));
    CHECK(fact(inside, "remote_observed_actor") == Json("grid_operator"));
    const FactsRow ems = told({"modbus write limit from 10.0.0.9"}, {listed("b", "10.0.0.9", "ems")});
    CHECK(fact(ems, "remote_observed_actor") == Json("energy_management"));
    CHECK(fact(ems, "remote_observed_actor_by") == Json("inventory"));
    CHECK(ems.evidence.at("remote_observed_actor").front().frame == 7);
    const FactsRow both = told({"modbus write limit from 10.0.0.9", "iec104 C_SE_NC_1 from 10.99.0.1"},
                               {listed("b", "10.0.0.9", "ems", Strength::Confirmed)});
    CHECK(fact(both, "remote_observed_actor") == Json("grid_operator"));
    CHECK(fact(both, "remote_observed_actor_by") == Json("overlay rti.grid.example (10.99.0.1); person"));
}

TEST_CASE("a declaration holds for nobody else") {
    for (const char* other : {"iec104 C_SE_NC_1 from 10.99.0.2", "iec104 C_SE_NC_1 from 203.0.113.10", "RemoteStop"}) {
        INFO(other);
        CHECK(fact(told({other}), "remote_observed_actor").is_null());
        CHECK(fact(told({other}), "remote_observed_actor_by").is_null());
        // Nor does one that is declared speak for another that is not.
        const FactsRow mixed = told({"iec104 C_SE_NC_1 from 10.99.0.1", other});
        CHECK(fact(mixed, "remote_observed_actor").is_null());
        CHECK(fact(mixed, "remote_observed_actor_by") == Json("partly"));
    }
    // Two assets at one address: neither is meant for sure.
    CHECK(fact(told({"modbus write limit from 10.0.0.9"}, {listed("b", "10.0.0.9", "ems"), listed("c", "10.0.0.9", "ems")}),
               "remote_observed_actor")
              .is_null());
    // A device that says of itself that it is the grid operator's is not.
    CHECK(fact(told({"modbus write limit from 10.0.0.9"}, {listed("b", "10.0.0.9", "grid_operator", Strength::Stated)}),
               "remote_observed_actor_by")
              .is_null());
    // As many as are kept: one more may have come from anybody.
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < ObservationSet::values_per_field; ++i)
        texts.push_back("iec104 command " + std::to_string(i) + " from 10.99.0.1");
    std::vector<const char*> commands;
    for (const std::string& text : texts) commands.push_back(text.c_str());
    CHECK(fact(told(commands), "remote_observed_actor").is_null());
    commands.pop_back();
    CHECK(fact(told(commands), "remote_observed_actor") == Json("grid_operator"));
}

TEST_CASE("what behaves like energy management is told as that and declared by nobody") {
    Asset manager = Thing("b", "00:00:5e:00:53:02", 2).says(Field::function, "energy_management");
    manager.identifiers.ip.insert("10.0.0.9");
    const FactsRow row = told({"modbus write limit from 10.0.0.9"}, {manager});
    CHECK(fact(row, "remote_observed_actor").is_null());
    CHECK(fact(row, "remote_observed_actor_by") == Json("conduct"));
}

TEST_CASE("whom a device talks with outside, when it is declared parties and nobody else; they are no vendor cloud") {
    const auto row_of = [](const std::vector<std::pair<const char*, const char*>>& peers) {
        Asset asset = Thing("a", "00:00:5e:00:53:01", 1);
        asset.identifiers.ip.insert("10.0.0.1");
        Identified site = site_of({asset});
        Endpoint own;
        own.site = "north";
        own.ip = *IpAddress::parse("10.0.0.1");
        site.asset_of[own] = "a";
        for (const auto& [ip, name] : peers) {
            Conversation row;
            row.a = own;
            row.b.site = "north";
            row.b.ip = *IpAddress::parse(ip);
            row.b_name = name;
            row.service = "tls";
            row.bytes_ab = row.bytes_ba = 10;
            site.conversations.push_back(row);
        }
        return facts_of(site, db()).front();
    };
    CHECK(fact(row_of({{"203.0.113.9", ""}}), "outside_party") == Json("grid_operator"));
    CHECK(fact(row_of({{"203.0.113.9", ""}}), "internet_observed") == Json(1));
    CHECK(fact(row_of({{"203.0.113.9", ""}}), "cloud_operator").is_null());
    CHECK(fact(row_of({{"203.0.113.9", ""}, {"203.0.113.10", ""}}), "outside_party").is_null());
    const FactsRow both = row_of({{"203.0.113.9", ""}, {"203.0.113.10", "cloud.riverside.example"}});
    CHECK(fact(both, "outside_party").is_null());
    CHECK(fact(both, "cloud_operator") == Json("riverside"));
    CHECK(fact(row_of({}), "outside_party").is_null());
}

TEST_CASE("a finding names the actor and what its declaration rests on, in both languages") {
    const std::string text = "{remote_observed_actor} ({remote_observed_actor_by})";
    const auto in = [&](const char* language, const Facts& facts) { return filled(text, language, "assets", facts, nullptr); };
    const Facts grid = {{"remote_observed_actor", "grid_operator"},
                        {"remote_observed_actor_by", "overlay rti.grid.example; person"}};
    CHECK(in("nl", grid) ==
          "de netbeheerder (opgegeven in uw eigen leveranciersgegevens: rti.grid.example; door een persoon "
          "opgegeven)");
    CHECK(in("en", grid) == "the grid operator (declared in your own vendor data: rti.grid.example; declared by a person)");
    CHECK(in("en", {}) == "unknown (not declared)");
    CHECK(in("nl", {}) == "onbekend (niet opgegeven)");
    for (const char* by : {"inventory", "person", "device", "partly", "conduct"}) {
        const Facts facts = {{"remote_observed_actor_by", by}};
        CHECK(in("nl", facts) != in("en", facts));
        CHECK(in("en", facts).find(std::string("(") + by + ")") == std::string::npos);
    }
    // Anybody else goes by the name of its category.
    const Facts inverter = {{"remote_observed_actor", "solar_inverter"}};
    CHECK(filled("{remote_observed_actor}", "nl", "facts", inverter, &db()) == "omvormer");
    CHECK(filled("{remote_observed_actor}", "en", "facts", inverter, &db()) == "solar inverter");
}

TEST_SUITE_END();

}  // namespace actors_test
