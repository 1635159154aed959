// Peers that nobody called by a name: known by the certificate they show, or by an address that their operator publishes.
#include "identity/peers.h"

#include <doctest/doctest.h>

#include "../vendordb/data_folder.h"
#include "identity/asset.h"
#include "vendordb/vendordb.h"

using namespace herkomst;

namespace peers_test {

TEST_SUITE_BEGIN("peers");

namespace {

const VendorDb& ours() {
    static const Result<VendorDb> opened = VendorDb::open(HERKOMST_BINARY_DIR "/data/vendordb.sqlite");
    REQUIRE(opened.ok());
    return opened.value();
}

Endpoint at(const char* ip) {
    Endpoint endpoint;
    endpoint.ip = *IpAddress::parse(ip);
    return endpoint;
}

Observation said(const char* ip, Field field, const char* value, const char* method) {
    Observation row;
    row.subject = at(ip);
    row.field = field;
    row.value = value;
    row.strength = Strength::Stated;
    row.method = method;
    row.from.source = "capture";
    row.seen = {Time(std::chrono::seconds(1'700'000'000)), Time(std::chrono::seconds(1'700'000'000)), 1};
    return row;
}

Observation certificate(const char* ip, const char* names) { return said(ip, Field::certificate, names, "tls.certificate"); }
Observation host(const char* ip, const char* name) { return said(ip, Field::dns_name, name, "tls.san.dns"); }

Conversation talk(const char* a, const char* b, const char* service = "tls") {
    Conversation row;
    row.a = at(a);
    row.b = at(b);
    row.service = service;
    row.opened_by = "a";
    row.bytes_ab = 100;
    row.bytes_ba = 40;
    row.seen = {Time(std::chrono::seconds(1'700'000'000)), Time(std::chrono::seconds(1'700'000'100)), 1};
    return row;
}

// A device at 10.0.0.1 that says what it is, with what else was seen and who talked with whom.
Identified site(std::vector<Observation> observations, const std::vector<Conversation>& rows, const VendorDb& db) {
    observations.push_back(said("10.0.0.1", Field::brand, "Example", "modbus.device_id"));
    return identify(observations, rows, db, {});
}

const vendordb_test::DataFolder& folder() {
    static const vendordb_test::DataFolder made("peers");
    static const bool written = [] {
        made.vendor("tunnels",
                    R"("clouds":[{"suffix":"tunnels.example","purpose":"remote access for Example","operator":"tunnels",)" +
                        made.claim("reported") + R"(},{"suffix":"tunnels.example","purpose":"remote access for Example",)" +
                        R"("operator":"tunnels","certificate":"CN=Example Relay",)" + made.claim("reported") +
                        R"(},{"suffix":"tunnels.example","purpose":"remote access for Example","operator":"tunnels",)" +
                        R"("range":"198.51.100.0/28",)" + made.claim("reported") + "}]");
        made.vendor("other", R"("clouds":[{"suffix":"other.example","purpose":"portal","operator":"other",)" +
                                 made.claim("reported") + "}]");
        return true;
    }();
    REQUIRE(written);
    return made;
}

const VendorDb& db() {
    static const VendorDb opened = folder().open();
    return opened;
}

}  // namespace

TEST_CASE("a certificate's attribute names the cloud where no name was used") {
    const Identified found = site({certificate("203.0.113.9", "C=DE, O=Example, CN=Example Relay / CN=Example Root")},
                                  {talk("10.0.0.1", "203.0.113.9")}, db());
    REQUIRE(found.paths.size() == 1);
    CHECK(found.paths[0].kind == "remote_service");
    CHECK(found.paths[0].to == "tunnels.example");
    CHECK(found.paths[0].sourced);
    CHECK(found.paths[0].opened_by == "asset");
    CHECK(found.paths[0].known_by == std::set<std::string>{"certificate"});
    CHECK(write_json(to_json(found.paths[0])).find(R"("known_by":["certificate"])") != std::string::npos);
    REQUIRE(found.assets.size() == 1);
    const Belief* runs = found.assets[0].belief(Field::cloud_operator);
    REQUIRE(runs != nullptr);
    CHECK(runs->vendor == "tunnels");
    // The claim leads to the certificate it rests on.
    for (const Claim& claim : found.assets[0].claims) {
        if (claim.field != Field::cloud_operator) continue;
        CHECK(claim.from.source == "capture");
        CHECK(claim.because == "conversation with certificate C=DE, O=Example, CN=Example Relay / CN=Example Root over tls");
    }
}

TEST_CASE("an attribute counts whole: no part of a name, no chain") {
    const auto paths = [](const char* names, const char* method = "tls.certificate") {
        return site({said("203.0.113.9", Field::certificate, names, method)}, {talk("10.0.0.1", "203.0.113.9")}, db())
            .paths.size();
    };
    CHECK(paths("CN=Example Relay / CN=Example Relay") == 1);
    CHECK(paths("CN=x / O=Example, CN=Example Relay") == 1);
    CHECK(paths("CN=Example Relays / CN=Example Root") == 0);
    CHECK(paths("O=Not\\, CN=Example Relay / CN=Example Root") == 0);
    CHECK(paths("OU=CN=Example Relay / CN=Example Root") == 0);
    CHECK(paths("CN=Example Relay / CN=Example Relay", "tls.chain") == 0);
    CHECK(paths("CN=Example Relay / CN=Example Relay", "opcua.certificate") == 0);
}

TEST_CASE("the host in a subject, and alternative names when all lead to one cloud") {
    const auto to = [](const std::vector<Observation>& rows) {
        const Identified found = site(rows, {talk("10.0.0.1", "203.0.113.9")}, db());
        return found.paths.empty() ? std::string() : found.paths[0].to;
    };
    const char* ip = "203.0.113.9";
    CHECK(to({certificate(ip, "CN=*.tunnels.example / CN=Root")}) == "tunnels.example");
    CHECK(to({certificate(ip, "CN=x / CN=Root"), host(ip, "*.other.example"), host(ip, "a.other.example")}) == "other.example");
    // One address that speaks for several: nobody's.
    CHECK(to({certificate(ip, "CN=x / CN=Root"), host(ip, "a.other.example"), host(ip, "a.tunnels.example")}).empty());
    CHECK(to({certificate(ip, "CN=x / CN=Root"), host(ip, "a.other.example"), host(ip, "shop.example.org")}).empty());
    CHECK(to({certificate(ip, "CN=a.other.example / CN=Root"), certificate(ip, "CN=shop.example.org / CN=Root")}).empty());
    CHECK(to({certificate(ip, "CN=a.other.example / CN=Root"), certificate(ip, "CN=a.tunnels.example / CN=Root")}).empty());
    CHECK(to({certificate(ip, "CN=a.other.example / CN=Root"), certificate(ip, "CN=b.other.example / CN=Root")}) ==
          "other.example");
}

TEST_CASE("only what shows certificates is known by one; from outside it is the other end") {
    const Observation relay = certificate("203.0.113.9", "CN=Example Relay / CN=Example Root");
    CHECK(site({relay}, {talk("10.0.0.1", "203.0.113.9", "ntp")}, db()).paths.empty());
    Conversation unanswered = talk("10.0.0.1", "203.0.113.9");
    unanswered.bytes_ba = 0;
    CHECK(site({relay}, {unanswered}, db()).paths.empty());
    const Identified found = site({relay}, {talk("203.0.113.9", "10.0.0.1")}, db());
    REQUIRE(found.paths.size() == 1);
    CHECK(found.paths[0].opened_by == "other");
    CHECK(found.paths[0].bytes_in == 100);
}

TEST_CASE("a name that was used goes before a certificate, and a certificate before an address") {
    const Observation relay = certificate("198.51.100.3", "CN=a.other.example / CN=Example Root");
    Conversation named = talk("10.0.0.1", "198.51.100.3");
    named.b_name = "b.tunnels.example";
    const Identified by_name = site({relay}, {named}, db());
    REQUIRE(by_name.paths.size() == 1);
    CHECK(by_name.paths[0].to == "tunnels.example");
    CHECK(by_name.paths[0].known_by == std::set<std::string>{"name"});
    const Identified by_certificate = site({relay}, {talk("10.0.0.1", "198.51.100.3")}, db());
    REQUIRE(by_certificate.paths.size() == 1);
    CHECK(by_certificate.paths[0].to == "other.example");
    const Identified by_address =
        site({}, {talk("10.0.0.1", "198.51.100.3", "tcp/443"), talk("10.0.0.1", "198.51.100.16", "tcp/443")}, db());
    REQUIRE(by_address.paths.size() == 1);
    CHECK(by_address.paths[0].to == "tunnels.example");
    CHECK(by_address.paths[0].known_by == std::set<std::string>{"address"});
    CHECK(by_address.paths[0].others == std::set<std::string>{"198.51.100.3"});
    // A name that vendor data does not know stays out of everything, whatever the certificate says.
    named.b_name = "private.example.org";
    const Identified unknown = site({relay}, {named}, db());
    REQUIRE(unknown.paths.size() == 1);
    CHECK(unknown.paths[0].to == "other.example");
    CHECK(unknown.conversations[0].b_name.empty());
}

TEST_CASE("what the certificates of AnyDesk say") {
    for (const char* names :
         {"C=DE, O=philandro Software GmbH, CN=AnyNet Relay / CN=AnyNet Root CA, O=philandro Software GmbH, C=DE",
          "CN=AnyDesk Client / CN=AnyDesk Client"}) {
        CAPTURE(names);
        const Identified found = site({certificate("203.0.113.9", names)}, {talk("10.0.0.1", "203.0.113.9")}, ours());
        REQUIRE(found.paths.size() == 1);
        CHECK(found.paths[0].kind == "remote_service");
        CHECK(found.paths[0].operator_slug == "anydesk");
        CHECK(found.paths[0].sourced);
    }
}

TEST_SUITE_END();

}  // namespace peers_test
