// Facts of how assets stand to each other: control paths, who gave commands, what hangs on what.
#include <doctest/doctest.h>

#include "assess/assess.h"
#include "example_site.h"

using namespace herkomst;
using example::Folder;
using example::site_of;
using example::Thing;

namespace paths_test {

TEST_SUITE_BEGIN("assess paths");

namespace {

Json fact(const FactsRow& row, std::string_view name) {
    const auto found = row.facts.find(name);
    return found == row.facts.end() ? Json() : found->second;
}

Asset at(Asset asset, const char* ip) {
    asset.identifiers.ip.insert(ip);
    return asset;
}

}  // namespace

TEST_CASE("facts: remote service, with and without a source") {
    const Folder folder("remote-service");
    const VendorDb db = example::vendors(folder);
    Identified site =
        site_of({Thing("a", "00:00:5e:00:53:01", 1), Thing("b", "00:00:5e:00:53:02", 2), Thing("c", "00:00:5e:00:53:03", 3)});
    Path path;
    path.asset = "a";
    path.kind = "remote_service";
    path.to = "relay.example";
    path.operator_slug = "riverside";
    path.sourced = true;
    path.opened_by = "asset";
    for (int i = 0; i < 6; ++i) path.openings.add(Time(std::chrono::seconds(1'700'000'000 + 60 * i)));
    site.paths.push_back(path);
    path.to = "ssh";
    path.operator_slug.clear();
    path.opened_by = "other";
    path.openings = {};
    site.paths.push_back(path);
    path.asset = "b";
    path.sourced = false;
    path.opened_by = "unknown";
    site.paths.push_back(path);
    const std::vector<FactsRow> rows = facts_of(site, db);
    CHECK(fact(rows[0], "control_path") == Json(" remote_service "));
    CHECK(fact(rows[2], "control_path").is_null());
    CHECK(fact(rows[0], "remote_service") == Json(1));
    CHECK(fact(rows[0], "remote_service_by") == Json("relay.example (riverside), ssh"));
    CHECK(fact(rows[0], "path_opened_by") == Json("other"));
    CHECK(fact(rows[0], "path_period") == Json(60));
    CHECK(fact(rows[1], "remote_service").is_null());
    CHECK(fact(rows[1], "remote_service_by") == Json("ssh"));
    CHECK(fact(rows[1], "path_opened_by").is_null());
    CHECK(fact(rows[2], "remote_service_by").is_null());
}

TEST_CASE("facts: when a way out was last seen, of an asset and of what it asks") {
    const Folder folder("outside-seen");
    const VendorDb db = example::vendors(folder);
    Identified site =
        site_of({at(Thing("a", "00:00:5e:00:53:01", 1), "10.0.0.1"), at(Thing("b", "00:00:5e:00:53:02", 2), "10.0.0.2"),
                 at(Thing("c", "00:00:5e:00:53:03", 3), "10.0.0.3")});
    const auto end = [](const char* ip) {
        Endpoint out;
        out.site = "north";
        out.ip = *IpAddress::parse(ip);
        return out;
    };
    for (const auto& [ip, key] : {std::pair{"10.0.0.1", "a"}, {"10.0.0.2", "b"}, {"10.0.0.3", "c"}})
        site.asset_of[end(ip)] = key;
    const auto talk = [&](const char* from, const char* to, const char* service, std::uint64_t back, int when) {
        Conversation row;
        row.a = end(from);
        row.b = end(to);
        row.service = service;
        row.bytes_ab = 100;
        row.bytes_ba = back;
        row.seen = {Time{}, Time(std::chrono::seconds(1'700'000'000 + when)), 1};
        site.conversations.push_back(row);
    };
    const auto seen = [&](std::size_t row) { return fact(facts_of(site, db)[row], "outside_seen"); };
    const auto time = [](int when) { return Json(rfc3339(Time(std::chrono::seconds(1'700'000'000 + when)))); };
    // In vain, and only for the time.
    talk("10.0.0.1", "203.0.113.9", "tcp/443", 0, 10);
    talk("10.0.0.1", "203.0.113.9", "ntp", 48, 20);
    CHECK(seen(0).is_null());
    talk("10.0.0.1", "203.0.113.9", "tls", 500, 30);
    talk("203.0.113.9", "10.0.0.3", "tcp/443", 500, 5);
    CHECK(seen(0) == time(30));
    CHECK(seen(1).is_null());
    CHECK(seen(2) == time(5));
    // The logger asks the inverter: whoever reaches the one reaches the other.
    talk("10.0.0.1", "10.0.0.2", "modbus", 80, 25);
    CHECK(seen(1) == time(25));
    // And what hangs on that, and what that asks: no later than the earliest of these.
    site.assets.push_back(Thing("d", "00:00:5e:00:53:04", 4));
    site.assets.back().kind = "part";
    site.assets.back().parent = "b";
    site.assets.push_back(at(Thing("e", "00:00:5e:00:53:05", 5), "10.0.0.5"));
    site.asset_of[end("10.0.0.5")] = "e";
    CHECK(seen(3) == time(25));
    CHECK(seen(4).is_null());
    talk("10.0.0.2", "10.0.0.5", "modbus", 80, 27);
    CHECK(seen(4) == time(25));
    talk("10.0.0.5", "10.0.0.2", "modbus", 80, 27);  // in a circle
    CHECK(seen(4) == time(25));
    // A command from outside counts however it came.
    Claim& command = site.assets[2].claims.emplace_back();
    command.field = Field::remote_observed;
    command.value = "ocpp Reset from 203.0.113.9";
    command.seen.last = Time(std::chrono::seconds(1'700'000'040));
    CHECK(seen(2) == time(40));
}

TEST_CASE("facts: what is listed as cut off, and was seen outside after that was said, is not known to be") {
    const Folder folder("listed-blocked");
    const VendorDb db = example::vendors(folder);
    Identified site = site_of({at(Thing("a", "00:00:5e:00:53:01", 1).says(Field::remote_blocked, "yes"), "10.0.0.1")});
    const auto end = [](const char* ip) {
        Endpoint out;
        out.site = "north";
        out.ip = *IpAddress::parse(ip);
        return out;
    };
    site.asset_of[end("10.0.0.1")] = "a";
    const auto blocked = [&](std::int64_t listed, const char* value) {
        for (Claim& claim : site.assets[0].claims) {
            if (claim.field != Field::remote_blocked) continue;
            claim.seen = {Time(std::chrono::seconds(listed)), Time(std::chrono::seconds(listed)), 1};
            claim.value = value;
        }
        site.assets[0].beliefs.at(Field::remote_blocked).value = value;
        return fact(facts_of(site, db)[0], "remote_blocked");
    };
    CHECK(blocked(0, "yes") == Json(1));
    Conversation row;
    row.a = end("10.0.0.1");
    row.b = end("203.0.113.9");
    row.service = "tls";
    row.bytes_ab = row.bytes_ba = 100;
    row.seen = {Time{}, Time(std::chrono::seconds(1'700'000'000)), 1};
    site.conversations.push_back(row);
    CHECK(blocked(0, "yes").is_null());
    CHECK(blocked(1'699'999'999, "yes").is_null());
    CHECK(blocked(1'700'000'001, "yes") == Json(1));
    CHECK(blocked(0, "no") == Json(0));
}

TEST_CASE("facts: where commands came from, and which party gave them") {
    const Folder folder("remote-actor");
    const VendorDb db = example::vendors(folder);
    const Identified site =
        site_of({Thing("a", "00:00:5e:00:53:01", 1).says(Field::remote_observed, "modbus write power limit from 10.0.0.9"),
                 Thing("b", "00:00:5e:00:53:02", 2).says(Field::remote_observed, "ocpp Reset from 203.0.113.9"),
                 Thing("c", "00:00:5e:00:53:03", 3).says(Field::remote_observed, "RemoteStopTransaction"),
                 Thing("d", "00:00:5e:00:53:04", 4).says(Field::remote_observed, "profinet DCP set from 00:00:5e:00:53:09"),
                 Thing("e", "00:00:5e:00:53:05", 5),
                 at(Thing("f", "00:00:5e:00:53:06", 6)
                        .says(Field::category, "ems")
                        .says(Field::function, "gateway")
                        .says(Field::carries, "40"),
                    "10.0.0.9")});
    const std::vector<FactsRow> rows = facts_of(site, db);
    CHECK(fact(rows[0], "remote_observed_from") == Json("local"));
    CHECK(fact(rows[0], "remote_observed_actor") == Json("energy_management"));
    CHECK(fact(rows[1], "remote_observed_from") == Json("internet"));
    CHECK(fact(rows[1], "remote_observed_actor").is_null());
    CHECK(fact(rows[2], "remote_observed_from").is_null());
    CHECK(fact(rows[3], "remote_observed_from") == Json("local"));
    CHECK(fact(rows[4], "remote_observed_from").is_null());
    CHECK(fact(rows[5], "function") == Json("gateway"));
    CHECK(fact(rows[5], "carries") == Json(40));
}

TEST_CASE("facts: level, conduits, and the kinds of paths, as a rule uses them") {
    const Folder folder("level");
    const VendorDb db = example::vendors(folder);
    Identified site = site_of({Thing("a", "00:00:5e:00:53:01", 1)
                                   .says(Field::purdue_level, "1")
                                   .says(Field::conduit, "level 1 - outside: mqtt")
                                   .says(Field::conduit, "level 1 - level 3: opcua"),
                               Thing("b", "00:00:5e:00:53:02", 2),
                               Thing("c", "00:00:5e:00:53:03", 3).contested(Field::purdue_level, {"1", "3"})});
    Path path;
    path.asset = "a";
    path.to = "relay.example";
    for (const char* kind : {"remote_service", "cloud", "control"}) {
        path.kind = kind;
        site.paths.push_back(path);
    }
    const std::vector<FactsRow> rows = facts_of(site, db);
    CHECK(fact(rows[0], "purdue_level") == Json(1));
    CHECK(fact(rows[0], "conduit") == Json("level 1 - level 3: opcua, level 1 - outside: mqtt"));
    CHECK(fact(rows[0], "control_path") == Json(" cloud control remote_service "));
    for (const char* column : {"purdue_level", "conduit", "control_path"}) CHECK(fact(rows[1], column).is_null());
    CHECK_MESSAGE(fact(rows[2], "purdue_level").is_null(), "reasons that contradict each other leave it unknown");
}

TEST_SUITE_END();

}  // namespace paths_test
