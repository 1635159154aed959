// One device is one asset, whatever stands between it and the capture: from frames made by hand to assets. Addresses are
// private ones, so that they count as the site's.
#include <doctest/doctest.h>

#include <algorithm>

#include "../capture/writer.h"
#include "identity/asset.h"
#include "vendordb/vendordb.h"

using namespace herkomst;
using namespace herkomst::made;

namespace one_device_test {

TEST_SUITE_BEGIN("one_device");

namespace {

const VendorDb& db() {
    static const Result<VendorDb> opened = VendorDb::open(HERKOMST_BINARY_DIR "/data/vendordb.sqlite");
    REQUIRE(opened.ok());
    return opened.value();
}

struct Host {
    std::string mac;
    std::uint32_t ip = 0;
    unsigned ttl = 64;
};
const Host monitor{"02005e0053f0", 0x0a0000f0, 64};  // 10.0.0.240

class Site {
  public:
    // "Who has", as everybody does now and then; or the answer for an address that is another's.
    Site& arp(const Host& host, std::uint32_t about = 0) {
        Octets body = unhex("0001080006040002");
        put(body, unhex(host.mac));
        put32(body, about != 0 ? about : host.ip);
        put(body, unhex(monitor.mac));
        put32(body, monitor.ip);
        return frame(host, monitor, 0x0806, body);
    }
    Site& leased(const Host& server, const Host& client) {
        Octets out = unhex("02010600 12345678 0000 0000 00000000");
        put32(out, client.ip);
        put(out, unhex("00000000 00000000"));
        put(out, unhex(client.mac));
        out.resize(236, 0);
        put(out, unhex("63825363 350105 3604"));
        put32(out, server.ip);
        put8(out, 255);
        return datagram(server, client, 67, 68, out);
    }
    // A connection of the monitor to it, in which it says who it is.
    Site& greets(const Host& host, std::string_view banner) {
        const unsigned port = next_port_++;
        segment(monitor, host, port, 22, 100, syn, {});
        segment(host, monitor, 22, port, 500, syn | ack, {});
        segment(host, monitor, 22, port, 501, ack, octets("SSH-2.0-" + std::string(banner) + "\r\n"));
        segment(monitor, host, port, 22, 101, ack, octets("SSH-2.0-Monitor\r\n"));
        return *this;
    }
    // The options are those of a system; then both sides speak.
    Site& opens(const Host& host, std::string_view options) {
        const unsigned port = next_port_++;
        segment(host, monitor, port, 22, 100, syn, {}, unhex(options));
        segment(monitor, host, 22, port, 500, syn | ack, {});
        segment(host, monitor, port, 22, 101, ack, octets("SSH-2.0-Client\r\n"));
        segment(monitor, host, 22, port, 501, ack, octets("SSH-2.0-Monitor\r\n"));
        return *this;
    }
    Site& describes(const Host& host, std::string_view serial) {
        const std::string body =
            "<root xmlns=\"urn:schemas-upnp-org:device-1-0\"><device><manufacturer>Example Gateways"
            "</manufacturer><modelName>EG-1</modelName><serialNumber>" +
            std::string(serial) + "</serialNumber></device></root>";
        const unsigned port = next_port_++;
        segment(monitor, host, port, 80, 100, syn, {});
        segment(host, monitor, 80, port, 500, syn | ack, {});
        segment(monitor, host, port, 80, 101, ack, octets("GET /d.xml HTTP/1.1\r\nHost: x\r\n\r\n"));
        segment(host, monitor, 80, port, 501, ack,
                octets("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: " + std::to_string(body.size()) +
                       "\r\n\r\n" + body));
        return *this;
    }
    Site& later(std::uint32_t seconds) {
        second_ += seconds;
        return *this;
    }
    [[nodiscard]] Identified assets() const {
        const Analysis learned = analyse_memory(file_.bytes, all_decoders(), AnalysisOptions{});
        return identify(learned.observations.list(), learned.conversations, db(),
                        {true, *parse_rfc3339("2026-11-21T12:00:00Z")});
    }

  private:
    Site& frame(const Host& from, const Host& to, unsigned type, const Octets& payload) {
        Octets out = unhex(to.mac);
        put(out, unhex(from.mac));
        put16(out, type);
        put(out, payload);
        file_.add(out, 0, start_second + second_);
        return *this;
    }
    Site& packet(const Host& from, const Host& to, unsigned protocol, const Octets& payload) {
        Octets out = {0x45, 0};
        put16(out, static_cast<unsigned>(20 + payload.size()));
        put32(out, 0x00010000);
        put8(out, from.ttl);
        put8(out, protocol);
        put16(out, 0);
        put32(out, from.ip);
        put32(out, to.ip);
        put(out, payload);
        return frame(from, to, 0x0800, out);
    }
    Site& datagram(const Host& from, const Host& to, unsigned from_port, unsigned to_port, const Octets& payload) {
        Octets out;
        put16(out, from_port);
        put16(out, to_port);
        put16(out, static_cast<unsigned>(8 + payload.size()));
        put16(out, 0);
        put(out, payload);
        return packet(from, to, 17, out);
    }
    void segment(const Host& from, const Host& to, unsigned from_port, unsigned to_port, std::uint32_t sequence, unsigned flags,
                 const Octets& payload, const Octets& options = {}) {
        Octets out;
        put16(out, from_port);
        put16(out, to_port);
        put32(out, sequence);
        put32(out, 0);
        put8(out, static_cast<unsigned>((5 + options.size() / 4) << 4));
        put8(out, flags);
        put16(out, 64240);
        put32(out, 0);
        put(out, options);
        put(out, payload);
        packet(from, to, 6, out);
    }

    Pcap file_;
    unsigned next_port_ = 40000;
    std::uint32_t second_ = 0;
};

Endpoint at_ip(std::uint32_t ip) {
    Endpoint endpoint;
    endpoint.ip = IpAddress::v4(ip);
    return endpoint;
}
Endpoint at_mac(const Host& host) {
    Endpoint endpoint;
    const Octets bytes = unhex(host.mac);
    std::copy(bytes.begin(), bytes.end(), endpoint.mac.bytes.begin());
    return endpoint;
}

const Asset* asset_at(const Identified& all, const Endpoint& endpoint) {
    const auto found = all.asset_of.find(endpoint);
    if (found == all.asset_of.end()) return nullptr;
    for (const Asset& asset : all.assets) {
        if (asset.key == found->second) return &asset;
    }
    return nullptr;
}

bool claims(const Asset* asset, Field field, std::string_view value) {
    if (asset == nullptr) return false;
    return std::any_of(asset->claims.begin(), asset->claims.end(),
                       [&](const Claim& claim) { return claim.field == field && claim.value == value; });
}

std::size_t devices(const Identified& all) {
    return static_cast<std::size_t>(
        std::count_if(all.assets.begin(), all.assets.end(), [](const Asset& asset) { return asset.kind == "device"; }));
}

constexpr std::string_view linux_options = "020405b40402080a00000001000000000103030a";  // mss, sok, ts, nop, ws
constexpr std::string_view windows_options = "020405b40103030801010402";                // mss, nop, ws, nop, nop, sok

}  // namespace

TEST_CASE("NAT: what stands behind one address is one device, and no system is guessed for it") {
    const Host gateway{"02005e005301", 0x0a000001, 63};
    Host windows = gateway;
    windows.ttl = 127;
    Site site;
    site.arp(gateway).greets(Host{gateway.mac, gateway.ip, 64}, "Gateway_1");
    site.opens(gateway, linux_options);
    const Identified one = site.assets();
    REQUIRE(asset_at(one, at_ip(gateway.ip)) != nullptr);
    CHECK(asset_at(one, at_ip(gateway.ip))->belief(Field::os)->value == "Linux");
    site.opens(windows, windows_options);
    const Identified all = site.assets();
    CHECK(devices(all) == 2);
    const Asset* device = asset_at(all, at_ip(gateway.ip));
    REQUIRE(device != nullptr);
    CHECK(device == asset_at(all, at_mac(gateway)));
    CHECK(claims(device, Field::software, "Gateway_1"));
    CHECK(device->belief(Field::os) == nullptr);
}

TEST_CASE("ARP proxy: it has its own address, those behind it have theirs") {
    const Host proxy{"02005e005302", 0x0a000002, 64};
    const Host first{proxy.mac, 0x0a000065, 63};
    const Host second{proxy.mac, 0x0a000066, 127};
    Site site;
    site.arp(proxy).greets(proxy, "Proxy_1");
    for (const Host& behind : {first, second}) site.arp(proxy, behind.ip);
    site.greets(first, "Pump_1").greets(second, "Valve_1");
    const Identified all = site.assets();
    CHECK(devices(all) == 4);
    const Asset* itself = asset_at(all, at_mac(proxy));
    REQUIRE(itself != nullptr);
    CHECK(itself == asset_at(all, at_ip(proxy.ip)));
    CHECK(itself->identifiers.ip == std::set<std::string>{"10.0.0.2"});
    CHECK(claims(asset_at(all, at_ip(first.ip)), Field::software, "Pump_1"));
    CHECK(claims(asset_at(all, at_ip(second.ip)), Field::software, "Valve_1"));
    CHECK(asset_at(all, at_ip(first.ip))->identifiers.mac.empty());
}

TEST_CASE("a host with several addresses is one device") {
    const Host first{"02005e005303", 0x0a000003, 64};
    const Host second{first.mac, 0x0a000004, 64};
    Site site;
    site.arp(first).arp(second).greets(first, "Server_1").greets(second, "Server_1");
    const Identified all = site.assets();
    CHECK(devices(all) == 2);
    CHECK(asset_at(all, at_ip(first.ip)) == asset_at(all, at_ip(second.ip)));
}

TEST_CASE("multi-homing: two cards, two networks, one serial number") {
    const Host first{"02005e005305", 0x0a000005, 64};
    const Host second{"02005e005306", 0x0a010005, 64};
    Site site;
    site.arp(first).arp(second).describes(first, "EG0001234");
    const Identified two = site.assets();
    CHECK(asset_at(two, at_mac(first)) != asset_at(two, at_mac(second)));
    site.describes(second, "EG0001234");
    const Identified all = site.assets();
    CHECK(devices(all) == 2);
    const Asset* device = asset_at(all, at_ip(first.ip));
    REQUIRE(device != nullptr);
    CHECK(device == asset_at(all, at_ip(second.ip)));
    CHECK(device->identifiers.mac.size() == 2);
}

TEST_CASE("VRRP: two routers are two devices, their shared address is neither's for good") {
    const Host first{"02005e005307", 0x0a000007, 64};
    const Host second{"02005e005308", 0x0a000008, 64};
    const Host shared{"00005e00010a", 0x0a000009, 64};
    Site site;
    site.arp(first).arp(second).greets(first, "Router_1").greets(second, "Router_2");
    site.arp(shared).greets(shared, "Router_1").later(60).greets(shared, "Router_2");
    const Identified all = site.assets();
    CHECK(asset_at(all, at_mac(first)) != asset_at(all, at_mac(second)));
    for (const Host& router : {first, second}) {
        const Asset* device = asset_at(all, at_ip(router.ip));
        REQUIRE(device != nullptr);
        CHECK(device->identifiers.ip.size() == 1);
        CHECK(device->identifiers.mac.size() == 1);
    }
    const Asset* address = asset_at(all, at_ip(shared.ip));
    REQUIRE(address != nullptr);
    CHECK(address->identifiers.mac.empty());
}

TEST_CASE("bonding: ports that send by turns are one device, a second device with its address is not") {
    const Host answers{"02005e005310", 0x0a000010, 64};
    const Host sends{"02005e005311", 0x0a000010, 64};
    const Host stranger{"0a005e005311", 0x0a000010, 64};
    const auto seen = [&](const Host& other, bool after) {
        Site site;
        site.arp(answers).greets(answers, "Server_1");
        if (!after) site.later(10).greets(other, "Server_1");
        site.later(10).greets(answers, "Server_1");
        if (after) site.later(10).greets(other, "Server_1");
        return site.assets();
    };
    const Identified one = seen(sends, false);
    CHECK(devices(one) == 2);
    CHECK(asset_at(one, at_mac(answers)) == asset_at(one, at_mac(sends)));
    for (const Identified& two : {seen(stranger, false), seen(sends, true)}) {
        CHECK(devices(two) == 3);
    }
}

TEST_CASE("DHCP reuse: what was said at an address belongs to who held it then") {
    const Host server{"02005e005320", 0x0a000020, 64};
    const Host first{"02005e005321", 0x0a000050, 64};
    const Host second{"02005e005322", 0x0a000050, 64};
    Site site;
    site.arp(server).greets(server, "Leases_1");
    site.leased(server, first).greets(first, "Pump_1");
    site.later(86'400).leased(server, second).later(1).greets(second, "Valve_1");
    const Identified all = site.assets();
    CHECK(devices(all) == 4);
    CHECK(claims(asset_at(all, at_mac(first)), Field::software, "Pump_1"));
    CHECK(!claims(asset_at(all, at_mac(first)), Field::software, "Valve_1"));
    CHECK(claims(asset_at(all, at_mac(second)), Field::software, "Valve_1"));
    // Claimed by turns it is nobody's.
    site.later(10).arp(first).later(10).arp(second).greets(second, "Valve_1");
    const Identified conflict = site.assets();
    CHECK(!claims(asset_at(conflict, at_mac(first)), Field::software, "Pump_1"));
    CHECK(!claims(asset_at(conflict, at_mac(second)), Field::software, "Valve_1"));
}

TEST_CASE("a serial number or an engine that more than four addresses tell is nobody's, in a register neither") {
    const auto told = [](Field field, const std::string& value, std::size_t many, bool six) {
        std::vector<Observation> all;
        for (std::size_t i = 1; i <= many; ++i) {
            Observation one;
            one.subject.ip = IpAddress::parse((six && i > 1 ? "2001:db8::" : "192.0.2.") + std::to_string(i)).value();
            one.strength = Strength::Stated;
            one.method = "test.said";
            one.field = Field::brand;
            one.value = "Siemens";
            all.push_back(one);
            one.field = field;
            one.value = value;
            all.push_back(one);
        }
        return identify(all, {}, db(), {});
    };
    for (const auto& [field, value] :
         {std::pair(Field::unique_id, "engine:80007ed90300005e005314"), std::pair(Field::serial, "EX-4711-0815")}) {
        INFO(value);
        CHECK(devices(told(field, value, 4, false)) == 1);
        // Of IPv6 one interface has many.
        CHECK(devices(told(field, value, 6, true)) == 1);
        const Identified copied = told(field, value, 5, false);
        CHECK(devices(copied) == 5);
        std::set<std::string> keys;
        for (const Asset& asset : copied.assets) {
            keys.insert(asset.key);
            CHECK(asset.strong.empty());
        }
        CHECK(keys.size() == copied.assets.size());
    }
}

TEST_SUITE_END();

}  // namespace one_device_test
