// Control paths: who can reach what from outside, as far as conversations show it.
#include "identity/paths.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "../vendordb/data_folder.h"
#include "decoders/decoder.h"
#include "identity/asset.h"
#include "vendordb/vendordb.h"

using namespace herkomst;

namespace paths_test {

TEST_SUITE_BEGIN("paths");

namespace {

const VendorDb& db() {
    static const Result<VendorDb> opened = VendorDb::open(HERKOMST_BINARY_DIR "/data/vendordb.sqlite");
    REQUIRE(opened.ok());
    return opened.value();
}

Conversation talk(const char* a, const char* b, const char* service, const char* b_name = "") {
    Conversation row;
    row.a.ip = *IpAddress::parse(a);
    row.b.ip = *IpAddress::parse(b);
    row.service = service;
    row.b_name = b_name;
    row.opened_by = "a";
    row.bytes_ab = 100;
    row.bytes_ba = 40;
    row.seen = {Time(std::chrono::seconds(1'700'000'000)), Time(std::chrono::seconds(1'700'000'100)), 1};
    row.openings.add(row.seen.first);
    return row;
}

// 10.0.0.1 is asset "one", 10.0.0.2 asset "two".
Identified site(std::vector<Conversation> rows) {
    Identified out;
    for (const auto& [ip, key] : {std::pair{"10.0.0.1", "one"}, std::pair{"10.0.0.2", "two"}}) {
        Endpoint endpoint;
        endpoint.ip = *IpAddress::parse(ip);
        out.asset_of[endpoint] = key;
    }
    out.conversations = std::move(rows);
    return out;
}

std::string printed(const std::vector<Path>& paths) {
    std::string out;
    for (const Path& path : paths) out += write_json(to_json(path)) + "\n";
    return out;
}

}  // namespace

TEST_CASE("a vendor's cloud: bytes, times and openings add up, whatever the order") {
    std::vector<Conversation> rows;
    for (int i = 0; i < 6; ++i) {
        Conversation row = talk("10.0.0.1", i % 2 == 0 ? "203.0.113.9" : "203.0.113.10", "tls", "gateway.isolarcloud.eu");
        row.seen.first = row.seen.last = Time(std::chrono::seconds(1'700'000'000 + 300 * i));
        row.openings = {};
        row.openings.add(row.seen.first);
        rows.push_back(row);
    }
    const std::vector<Path> paths = paths_of(site(rows), db());
    CHECK(
        printed(paths) ==
        R"({"asset":"one","bytes_in":240,"bytes_out":600,"count":6,"first_seen":"2023-11-14T22:13:20Z","kind":"cloud",)"
        R"("last_seen":"2023-11-14T22:38:20Z","opened_by":"asset","operator":"sungrow","others":["203.0.113.10","203.0.113.9"],)"
        R"("period":300,"purpose":"iSolarCloud API gateway, Europe","regular":100,"services":["tls"],"sourced":true,)"
        R"("to":"isolarcloud.eu","type":"path"})"
        "\n");
    std::mt19937 random(7);
    for (int round = 0; round < 10; ++round) {
        std::shuffle(rows.begin(), rows.end(), random);
        CHECK(printed(paths_of(site(rows), db())) == printed(paths));
    }
}

TEST_CASE("remote service: by the cloud's purpose, counted only with a source") {
    const std::vector<Path> paths = paths_of(site({talk("10.0.0.1", "203.0.113.9", "tls", "router7.teamviewer.com"),
                                                   talk("10.0.0.1", "203.0.113.8", "tcp/443", "device.vpn.talk2m.com"),
                                                   talk("10.0.0.2", "203.0.113.7", "tls", "www.example.org")}),
                                             db());
    REQUIRE(paths.size() == 2);
    CHECK(paths[0].to == "talk2m.com");
    CHECK(paths[0].kind == "remote_service");
    CHECK(paths[0].sourced);
    CHECK(paths[1].to == "teamviewer.com");
    CHECK(paths[1].operator_slug == "teamviewer");
    CHECK(paths[1].sourced);

    // The same from a file whose claim rests on nothing: the path is shown, and counts for no rule.
    const vendordb_test::DataFolder folder("paths");
    folder.vendor("tunnels", R"("clouds":[{"suffix":"tunnels.example","purpose":"remote access","operator":"tunnels",)"
                             R"("status":"unverified","as_of":"2026-01-02"}])");
    const VendorDb unsourced = folder.open();
    const std::vector<Path> shown = paths_of(site({talk("10.0.0.1", "203.0.113.9", "tls", "a.tunnels.example")}), unsourced);
    REQUIRE(shown.size() == 1);
    CHECK(shown[0].kind == "remote_service");
    CHECK_FALSE(shown[0].sourced);
}

TEST_CASE("remote service: what vendor data calls remote access has a source, and the tunnels of vendors are in it") {
    for (const Vendor& vendor : db().all()) {
        for (const Cloud& cloud : vendor.clouds) {
            CAPTURE(text_of(cloud));
            if (is_remote_access(cloud.purpose)) CHECK(cloud.sourcing.counts());
        }
    }
    for (const char* host : {"rms.teltonika-networks.com", "device.inhandcloud.com", "device.vpn.talk2m.com",
                             "my.warp-charger.com", "prod.adm.connect.axis.com", "relay-1.net.anydesk.com"}) {
        CAPTURE(host);
        const std::vector<Path> paths = paths_of(site({talk("10.0.0.1", "203.0.113.9", "tls", host)}), db());
        REQUIRE(paths.size() == 1);
        CHECK(paths[0].kind == "remote_service");
        CHECK(paths[0].sourced);
    }
    // A maker's web site is no tunnel.
    CHECK(paths_of(site({talk("10.0.0.1", "203.0.113.9", "tls", "www.axis.com")}), db()).empty());
}

TEST_CASE("remote service: tunnels either way, sessions from outside only") {
    const std::vector<Path> paths =
        paths_of(site({talk("10.0.0.1", "203.0.113.9", "openvpn"), talk("203.0.113.5", "10.0.0.2", "ssh"),
                       talk("203.0.113.6", "10.0.0.2", "ssh"), talk("10.0.0.2", "203.0.113.5", "ssh"),
                       talk("10.0.0.1", "10.0.0.2", "vnc"), talk("10.0.0.1", "10.0.0.2", "wireguard"),
                       talk("203.0.113.5", "203.0.113.6", "ssh"), talk("10.0.0.1", "203.0.113.9", "dns")}),
                 db());
    REQUIRE(paths.size() == 3);
    CHECK(paths[0].asset == "one");
    CHECK(paths[0].to == "openvpn");
    CHECK(paths[0].opened_by == "asset");
    CHECK(paths[0].bytes_out == 100);
    CHECK(paths[1].asset == "two");
    CHECK(paths[1].to == "ssh");
    // What the device itself opened may carry a tunnel back: shown, and no rule counts it.
    CHECK(paths[1].opened_by == "asset");
    CHECK(paths[1].hinted);
    CHECK_FALSE(paths[1].sourced);
    CHECK(paths[2].opened_by == "other");
    CHECK_FALSE(paths[2].hinted);
    CHECK(paths[2].sourced);
    CHECK(paths[2].bytes_in == 200);
    CHECK(paths[2].others == std::set<std::string>{"203.0.113.5", "203.0.113.6"});
    // A knock that nobody answered is no path.
    Conversation knock = talk("203.0.113.5", "10.0.0.2", "ssh");
    knock.bytes_ba = 0;
    CHECK(paths_of(site({knock}), db()).empty());
}

TEST_CASE("remote service: each protocol that carries somebody in counts by itself") {
    for (const char* service : {"l2tp", "pptp", "tailscale", "teamviewer", "zerotier"}) {
        CAPTURE(service);
        const std::vector<Path> paths =
            paths_of(site({talk("10.0.0.1", "203.0.113.9", service), talk("10.0.0.1", "10.0.0.2", service)}), db());
        REQUIRE(paths.size() == 1);
        CHECK(paths[0].kind == "remote_service");
        CHECK(paths[0].to == service);
        CHECK(paths[0].sourced);
    }
}

TEST_CASE("control: a protocol of plants over a public address") {
    const std::vector<Path> paths =
        paths_of(site({talk("10.0.0.1", "203.0.113.9", "ocpp"), talk("203.0.113.5", "10.0.0.2", "modbus"),
                       talk("10.0.0.1", "10.0.0.2", "modbus")}),
                 db());
    REQUIRE(paths.size() == 2);
    CHECK(paths[0].kind == "control");
    CHECK(paths[0].to == "ocpp");
    CHECK(paths[0].opened_by == "asset");
    CHECK(paths[1].to == "modbus");
    CHECK(paths[1].opened_by == "other");
}

TEST_CASE("control: every protocol whose decoder says that it can command a device, and no other") {
    for (const Decoder& decoder : all_decoders()) {
        CAPTURE(decoder.name);
        CHECK(is_control(decoder.name) == decoder.commands);
        // Whoever sees commands carries them.
        for (const Example& example : decoder.examples) {
            for (const std::string_view claim : example.claims) {
                if (claim.find(" remote_observed=") != std::string_view::npos) CHECK(decoder.commands);
            }
        }
    }
    for (const char* service :
         {"cwmp", "mqtt", "knxnet_ip", "sma_speedwire", "c1222", "pcom", "keba_udp", "snmp", "bacnet_sc"}) {
        CAPTURE(service);
        const std::vector<Path> paths =
            paths_of(site({talk("10.0.0.1", "203.0.113.9", service), talk("10.0.0.1", "10.0.0.2", service)}), db());
        REQUIRE(paths.size() == 1);
        CHECK(paths[0].kind == "control");
        CHECK(paths[0].to == service);
    }
    for (const char* service : {"http", "tls", "dns", "ntp", "syslog", "ssh", "mdns", "tcp/502"})
        CHECK_FALSE(is_control(service));
}

TEST_CASE("addresses that the site owns count as inside") {
    const std::vector<Conversation> rows = {talk("203.0.113.5", "198.51.100.7", "ssh"),
                                            talk("198.51.100.7", "198.51.100.8", "modbus"),
                                            talk("2001:db8:9::1", "2001:db8:7::2", "modbus")};
    Identified plant = site(rows);
    for (const auto& [ip, key] : {std::pair{"198.51.100.7", "three"}, std::pair{"2001:db8:7::2", "four"}}) {
        Endpoint endpoint;
        endpoint.ip = *IpAddress::parse(ip);
        plant.asset_of[endpoint] = key;
    }
    // Which of two public addresses belongs to the site, nobody said.
    CHECK(paths_of(plant, db()).empty());
    plant.own = {*AddressRange::parse("198.51.100.0/24"), *AddressRange::parse("2001:db8:7::/48")};
    const std::vector<Path> paths = paths_of(plant, db());
    REQUIRE(paths.size() == 2);
    CHECK(paths[0].asset == "four");
    CHECK(paths[0].kind == "control");
    CHECK(paths[0].opened_by == "other");
    CHECK(paths[1].asset == "three");
    CHECK(paths[1].kind == "remote_service");
    CHECK(paths[1].others == std::set<std::string>{"203.0.113.5"});
    CHECK_FALSE(is_outside(plant, *IpAddress::parse("198.51.100.7")));
    CHECK(is_outside(plant, *IpAddress::parse("198.51.101.7")));
}

TEST_CASE("a web server at an address of the site's own is an asset, elsewhere it is a peer") {
    Observation row;
    row.subject.ip = *IpAddress::parse("198.51.100.7");
    row.field = Field::software;
    row.value = "ExampleServer/1";
    row.strength = Strength::Stated;
    row.method = "http.server";
    row.from.source = "capture";
    IdentityOptions options;
    CHECK(identify({row}, {}, db(), options).assets.empty());
    options.own = {*AddressRange::parse("198.51.100.0/24")};
    CHECK(identify({row}, {}, db(), options).assets.size() == 1);
}

TEST_CASE("addresses at the other end are bounded") {
    std::vector<Conversation> rows;
    for (int i = 1; i <= 20; ++i) rows.push_back(talk(("203.0.113." + std::to_string(i)).c_str(), "10.0.0.1", "ssh"));
    const std::vector<Path> paths = paths_of(site(rows), db());
    REQUIRE(paths.size() == 1);
    CHECK(paths[0].others.size() == Path::others_most);
    CHECK(paths[0].others_more == 20 - Path::others_most);
    CHECK(paths[0].seen.count == 20);
}

TEST_SUITE_END();

}  // namespace paths_test
