// What is known of a device, and what that forbids.
#include "probes/gate.h"

#include <doctest/doctest.h>

using namespace herkomst;

namespace gate_test {

TEST_SUITE_BEGIN("probe_gate");

namespace {

const IpAddress host = IpAddress::parse("192.0.2.20").value();

struct Site {
    Scope scope;
    ScopeRange range;
    Knowledge knowledge;
    std::vector<FragileFamily> families;

    [[nodiscard]] std::string forbids(const Probe& probe, std::uint16_t port) const {
        return forbidden(probe, host, port, scope, range, knowledge, families);
    }
};

Probe udp_probe() {
    Probe probe;
    probe.name = "logger";
    probe.transport = Transport::Udp;
    return probe;
}

Identified one_asset(const std::string& ip, Field field, const std::string& slug) {
    Identified identified;
    Asset asset;
    asset.key = "key-of-" + ip;
    asset.kind = "device";
    asset.identifiers.ip.insert(ip);
    asset.beliefs[field] = {slug, slug, Strength::Stated, {}, {}, false};
    identified.assets.push_back(asset);
    return identified;
}

Conversation session(const std::string& client, const std::string& service) {
    Conversation row;
    row.a.ip = IpAddress::parse(client).value();
    row.b.ip = host;
    row.service = service;
    return row;
}

}  // namespace

TEST_CASE("nobody has listened: a server of few sessions is not asked, unless the operator says that it may be") {
    Site site;
    for (const Probe& probe : all_probes()) {
        if (probe.ports.empty()) continue;
        const std::string why = site.forbids(probe, probe.ports.front());
        CHECK(why.empty() == !probe.few_sessions);
        if (probe.few_sessions) CHECK(why.starts_with("nobody has listened before"));
    }
    site.range.shared_sessions = true;
    CHECK(site.forbids(*probe_named("modbus"), 502).empty());
}

TEST_CASE("nothing known, though somebody has listened: what the scope allows may be asked") {
    Site site;
    site.knowledge.listened();
    for (const Probe& probe : all_probes())
        if (!probe.ports.empty()) CHECK(site.forbids(probe, probe.ports.front()).empty());
}

TEST_CASE("UDP 48899 is never asked where Beckhoff is, nor, once Beckhoff was seen, where nobody knows who it is") {
    const Probe probe = udp_probe();
    Site site;
    CHECK(site.forbids(probe, 48'899).empty());
    site.knowledge.learn(one_asset("192.0.2.99", Field::nic_maker, "beckhoff"));
    CHECK_FALSE(site.forbids(probe, 48'899).empty());  // unknown, and Beckhoff is about
    CHECK(site.forbids(probe, 48'898).empty());
    Site logger;
    logger.knowledge.learn(one_asset("192.0.2.99", Field::nic_maker, "beckhoff"));
    logger.knowledge.learn(one_asset("192.0.2.20", Field::module_maker, "example-modules"));
    CHECK(logger.forbids(probe, 48'899).empty());
    Site controller;
    controller.knowledge.learn(one_asset("192.0.2.20", Field::maker, "beckhoff"));
    CHECK(controller.forbids(probe, 48'899).find("Beckhoff") != std::string::npos);
    // TwinCAT's own question is what the port is for.
    Probe own = probe;
    own.name = "ads";
    own.decoder = "ads";
    CHECK(controller.forbids(own, 48'899).empty());
    Site by_scope;
    by_scope.range.maker = "beckhoff";
    CHECK_FALSE(by_scope.forbids(probe, 48'899).empty());
}

TEST_CASE("a session seen there gates a server of few sessions, on that service alone") {
    Probe few = *probe_named("modbus");
    for (const std::string service : {"modbus", "tcp/502"}) {
        Site site;
        site.knowledge.listened();
        Identified identified;
        identified.conversations.push_back(session("192.0.2.10", service));
        site.knowledge.learn(identified);
        CHECK(site.forbids(few, 502).find("192.0.2.10") != std::string::npos);
        few.few_sessions = false;
        CHECK(site.forbids(few, 502).empty());
        few.few_sessions = true;
        CHECK(site.forbids(*probe_named("http"), 80).empty());
        site.range.shared_sessions = true;
        CHECK(site.forbids(few, 502).empty());
    }
}

TEST_CASE("the fragile families: each has a source, and takes one client at a time or nothing") {
    const auto read = read_fragile(HERKOMST_SOURCE_DIR "/vendordb/fragile.json");
    REQUIRE(read.ok());
    CHECK(read.value().size() >= 3);
    Site site;
    site.knowledge.listened();
    site.families = {{"example-solar", {"modbus"}, {"http"}, "it stops"}};
    site.range.maker = "example-solar";
    CHECK(site.forbids(*probe_named("modbus"), 502).find("it stops") != std::string::npos);
    CHECK(site.forbids(*probe_named("http"), 80).empty());
    Identified identified;
    identified.conversations.push_back(session("192.0.2.10", "http"));
    site.knowledge.learn(identified);
    CHECK_FALSE(site.forbids(*probe_named("http"), 80).empty());
}

TEST_CASE("a session inside TLS gates every question that goes over TLS to a family of one client, whatever is spoken there") {
    for (const std::string service : {"tls", "http"}) {
        Site site;
        site.knowledge.listened();
        site.families = {{"example-charger", {}, {service}, "one login at a time"}};
        Identified identified = one_asset(host.text(), Field::maker, "example-charger");
        identified.conversations.push_back(session("192.0.2.10", "tls"));
        Endpoint charger;
        charger.ip = host;
        identified.asset_of[charger] = identified.assets.front().key;
        CHECK(sessions_that_gate(identified, site.families).size() == 1);
        site.knowledge.learn(identified);
        CHECK(site.forbids(*probe_named("https"), 443).find("192.0.2.10") != std::string::npos);
        // In the clear it is another service; without the family a web server takes many.
        CHECK(site.forbids(*probe_named("http"), 80).empty());
        CHECK(site.forbids(*probe_named("tls_certificate"), 443).empty() == (service == "http"));
        site.families.clear();
        CHECK(site.forbids(*probe_named("https"), 443).empty());
        CHECK(sessions_that_gate(identified, site.families).empty());
    }
}

TEST_CASE("a device that the scope file calls fragile gets what it tolerates") {
    Site site;
    site.scope.fragile.push_back({AddressRange{host, host}, {"http"}, "it once stopped"});
    CHECK(site.forbids(*probe_named("modbus"), 502).find("it once stopped") != std::string::npos);
    CHECK(site.forbids(*probe_named("http"), 80).empty());
}

TEST_SUITE_END();

}  // namespace gate_test
