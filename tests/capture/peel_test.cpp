// The gauntlet: every link type and header in, the innermost payload out; every lie counted under its name.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "writer.h"

using namespace herkomst;
using namespace herkomst::made;

namespace peel_test {

TEST_SUITE_BEGIN("capture.peel");

namespace {

const Octets text = octets("payload");

struct Taken {
    bool got = false;
    Peeled peeled;
    Octets payload;
    Counters counters;
};

Taken peel(Peeler& peeler, const Octets& frame, std::uint32_t link_type = 1, std::uint32_t wire = 0,
           std::uint32_t seconds = 0) {
    Packet packet;
    packet.bytes = frame;
    packet.wire_length = wire != 0 ? wire : static_cast<std::uint32_t>(frame.size());
    packet.link_type = link_type;
    packet.number = 7;
    packet.at = Time(std::chrono::seconds(1000 + seconds));
    Taken out;
    out.got = peeler.peel(packet, out.peeled);
    out.payload.assign(out.peeled.payload.begin(), out.peeled.payload.end());
    out.counters = peeler.counters();
    return out;
}

Taken peel(const Octets& frame, std::uint32_t link_type = 1, std::uint32_t wire = 0) {
    Peeler peeler;
    return peel(peeler, frame, link_type, wire);
}

Octets joined(const Octets& a, const Octets& b) {
    Octets out = a;
    put(out, b);
    return out;
}

// IP with UDP inside, for the link types that carry IP.
const Octets ip = ipv4(true, 17, udp(true, 7777, text));

void is_the_datagram(const Taken& taken) {
    CHECK(taken.got);
    CHECK(taken.peeled.kind == Kind::Udp);
    CHECK(taken.peeled.source_ip == IpAddress::v4(client_ip));
    CHECK(taken.peeled.target_ip == IpAddress::v4(server_ip));
    CHECK(taken.peeled.source_port == 40000);
    CHECK(taken.peeled.target_port == 7777);
    CHECK(taken.payload == text);
}

}  // namespace

TEST_CASE("ethernet, its VLAN tags and its trailers") {
    const Taken plain = peel(ethernet(true, 0x0800, ip));
    is_the_datagram(plain);
    CHECK(plain.peeled.source_mac == Mac::parse(client_mac).value());
    CHECK(plain.peeled.target_mac == Mac::parse(server_mac).value());
    CHECK(plain.peeled.payload_offset == 14 + 20 + 8);
    CHECK(plain.peeled.address_offset == 14 + 12);
    CHECK(!plain.peeled.vlan.known());
    const Taken tagged = peel(ethernet(true, 0x0800, ip, "8100 e00c"));
    is_the_datagram(tagged);
    CHECK(tagged.peeled.vlan == Vlan{12, 0});
    const Taken twice = peel(ethernet(true, 0x0800, ip, "88a8 000c 8100 0022"));
    is_the_datagram(twice);
    CHECK(twice.peeled.vlan == Vlan{12, 34});
    const Taken priority = peel(ethernet(true, 0x0800, ip, "8100 6000 8100 0005"));
    is_the_datagram(priority);
    CHECK(priority.peeled.vlan == Vlan{5, 0});
    is_the_datagram(peel(joined(ethernet(true, 0x0800, ip), octets("padding that is no payload"))));
    std::string many;
    for (int i = 0; i < 20; ++i) many += "8100 0001";
    const Taken too_many = peel(ethernet(true, 0x0800, ip, many));
    CHECK(!too_many.got);
    CHECK(too_many.counters[Refusal::too_many_tags] == 1);
}

TEST_CASE("a group tag of Cisco is stepped over, what is none stays a frame") {
    is_the_datagram(peel(ethernet(true, 0x8909, joined(unhex("0101 0001 0007 0800"), ip))));
    is_the_datagram(peel(ethernet(true, 0x8100, joined(unhex("000c 8909 0101 0001 0007 0800"), ip))));
    CHECK(peel(ethernet(true, 0x8909, joined(unhex("0201 0001 0007 0800"), ip))).peeled.kind == Kind::Frame);
    CHECK(peel(ethernet(true, 0x8909, joined(unhex("0101 0001 0007 0806"), ip))).peeled.kind == Kind::Frame);
    CHECK(peel(ethernet(true, 0x8909, unhex("0101 0001 0007"))).peeled.kind == Kind::Frame);
}

TEST_CASE("LLC and SNAP: an EtherType inside is what it says, the rest stays LLC") {
    const Octets snap = joined(unhex("aaaa03 000000 0800"), ip);
    is_the_datagram(peel(ethernet(true, static_cast<unsigned>(snap.size()), snap)));
    const Octets cdp = joined(unhex("aaaa03 00000c 2000"), text);
    const Taken llc = peel(joined(ethernet(true, static_cast<unsigned>(cdp.size()), cdp), Octets(20)));
    CHECK(llc.got);
    CHECK(llc.peeled.kind == Kind::Frame);
    CHECK(llc.peeled.ethertype == 0);
    CHECK(llc.payload == cdp);
    const Taken lie = peel(ethernet(true, 1400, cdp));
    CHECK(!lie.got);
    CHECK(lie.counters[Refusal::bad_length_field] == 1);
    CHECK(peel(ethernet(true, static_cast<unsigned>(cdp.size() + 14), cdp)).got);
}

TEST_CASE("a frame without IP is its payload and its EtherType") {
    const Taken taken = peel(ethernet(true, 0x88b8, text));
    CHECK(taken.got);
    CHECK(taken.peeled.kind == Kind::Frame);
    CHECK(taken.peeled.ethertype == 0x88b8);
    CHECK(taken.payload == text);
}

TEST_CASE("link types without Ethernet") {
    is_the_datagram(peel(ip, 101));
    is_the_datagram(peel(ip, 12));
    is_the_datagram(peel(ip, 14));
    is_the_datagram(peel(ip, 228));
    is_the_datagram(peel(joined(unhex("02000000"), ip), 0));
    is_the_datagram(peel(joined(unhex("00000002"), ip), 0));
    is_the_datagram(peel(joined(unhex("00000002"), ip), 108));
    const Octets six = ipv6(true, 17, udp(true, 7777, text));
    CHECK(peel(six, 229).payload == text);
    for (const char* family : {"0000000a", "18000000", "1c000000", "1e000000"})
        CHECK(peel(joined(unhex(family), six), 0).payload == text);
    const Taken cooked = peel(joined(unhex("0000 0001 0006 00005e00530a 0000 0800"), ip), 113);
    is_the_datagram(cooked);
    CHECK(cooked.peeled.source_mac == Mac::parse(client_mac).value());
    CHECK(!cooked.peeled.target_mac.known());
    is_the_datagram(peel(joined(unhex("0000 0001 0006 00005e00530a 0000 8100 000c 0800"), ip), 113));
    const Taken cooked2 = peel(joined(unhex("0800 0000 00000002 0001 00 06 00005e00530a 0000"), ip), 276);
    is_the_datagram(cooked2);
    CHECK(cooked2.peeled.source_mac == Mac::parse(client_mac).value());
    is_the_datagram(peel(joined(unhex("ff03 0021"), ip), 9));
    is_the_datagram(peel(joined(unhex("21"), ip), 50));
    is_the_datagram(peel(joined(unhex("0f00 0800"), ip), 104));
    is_the_datagram(peel(joined(unhex("8f00 0800"), ip), 9));
    CHECK(!peel(joined(unhex("ff00 0800"), ip), 104).got);
    CHECK(!peel(joined(unhex("8f00 8035"), ip), 104).got);
    is_the_datagram(peel(joined(unhex("1841 03 cc"), ip), 107));
    is_the_datagram(peel(joined(unhex("1841 03 00 80 000000 0800"), ip), 107));
    is_the_datagram(peel(joined(unhex("1841 0800"), ip), 107));
    CHECK(peel(joined(unhex("1841 03 8e"), six), 107).payload == text);
    CHECK(!peel(joined(unhex("1941 03 cc"), ip), 107).got);
    CHECK(!peel(joined(unhex("1841 03 81"), ip), 107).got);
    Octets logged = unhex("0200 0005 0800 0100 08000100 0500 0a00 61 000000 0000 0900");
    logged[logged.size() - 4] = static_cast<std::uint8_t>(ip.size() + 4);
    is_the_datagram(peel(joined(logged, ip), 239));
    Octets logged_big = unhex("0200 0005 0008 0001 08000100 0000 0009");
    logged_big[logged_big.size() - 3] = static_cast<std::uint8_t>(ip.size() + 4);
    is_the_datagram(peel(joined(logged_big, ip), 239));
    CHECK(!peel(unhex("0200 0005 0000 0100"), 239).got);
    Peeler peeler;
    CHECK(!peel(peeler, ip, 4711).got);
    CHECK(peeler.unknown_link_types().at(4711) == 1);
}

TEST_CASE("802.11 data frames, with and without radiotap, QoS, four addresses, and those that cannot be read") {
    const Octets snap = joined(unhex("aaaa03 000000 0800"), ip);
    const std::string bssid = "00005e0053ff";
    const auto data = [&](const std::string& control, const std::string& addresses, const std::string& more) {
        return joined(unhex(control + "0000" + addresses + more), snap);
    };
    const std::string client(client_mac);
    const std::string server(server_mac);
    const auto check = [&](const Taken& taken) {
        is_the_datagram(taken);
        CHECK(taken.peeled.source_mac == Mac::parse(client_mac).value());
        CHECK(taken.peeled.target_mac == Mac::parse(server_mac).value());
    };
    check(peel(data("0800", server + client + bssid, "0000"), 105));
    check(peel(data("0801", bssid + client + server, "0000"), 105));
    check(peel(data("0802", server + bssid + client, "0000"), 105));
    check(peel(data("8801", bssid + client + server,
                    "0000"
                    "0000"),
               105));
    check(peel(data("8881", bssid + client + server,
                    "0000"
                    "0000"
                    "00000000"),
               105));
    check(peel(data("0803", bssid + bssid + server, "0000" + client), 105));
    const Octets frame = data("0801", bssid + client + server, "0000");
    check(peel(joined(unhex("0000 0800 00000000"), frame), 127));
    // Flags say that a check sequence follows; a time stamp in front of them is aligned to eight.
    check(peel(joined(joined(unhex("0000 1100 03000000 0102030405060708 10"), frame), unhex("deadbeef")), 127));
    check(peel(joined(joined(unhex("0000 0d00 02000080 00000000 10"), frame), unhex("deadbeef")), 127));
    CHECK(peel(data("0841", bssid + client + server, "0000"), 105).counters[Refusal::wireless_protected] == 1);
    CHECK(peel(data("8000", server + client + bssid, "0000"), 105).counters[Refusal::wireless_control] == 1);
    CHECK(peel(data("4801", bssid + client + server, "0000"), 105).counters[Refusal::wireless_control] == 1);
    CHECK(peel(data("0805", bssid + client + server, "0000"), 105).counters[Refusal::wireless_fragment] == 1);
    CHECK(peel(data("8801", bssid + client + server,
                    "0000"
                    "8000"),
               105)
              .counters[Refusal::wireless_aggregate] == 1);
    CHECK(peel(joined(unhex("0000 ffff 00000000"), frame), 127).counters[Refusal::bad_radiotap] == 1);
    CHECK(peel(joined(unhex("0000 0800 00000080"), frame), 127).counters[Refusal::bad_radiotap] == 1);
}

TEST_CASE("IPv4: header length, total length, offload and lies") {
    Octets options = ip;
    options[0] = 0x46;
    options.insert(options.begin() + 20, {1, 1, 1, 0});
    options[3] = static_cast<std::uint8_t>(options.size());
    is_the_datagram(peel(options, 101));
    Octets offload = ip;
    offload[2] = offload[3] = 0;
    is_the_datagram(peel(offload, 101));
    Octets short_header = ip;
    short_header[0] = 0x44;
    CHECK(peel(short_header, 101).counters[Refusal::bad_ip_header] == 1);
    Octets total_below_header = ip;
    total_below_header[3] = 19;
    CHECK(peel(total_below_header, 101).counters[Refusal::bad_ip_header] == 1);
    Octets longer = ip;
    longer[2] = 0x10;
    CHECK(peel(longer, 101).counters[Refusal::ip_longer_than_frame] == 1);
    // Cut by the capture is another thing: what is there is used.
    Octets cut = ip;
    cut.erase(cut.end() - 3, cut.end());
    const Taken taken = peel(cut, 101, static_cast<std::uint32_t>(ip.size()));
    CHECK(taken.got);
    CHECK(taken.payload == octets("payl"));
    CHECK(taken.peeled.payload_claimed == 7);
    CHECK(taken.counters[Refusal::payload_cut] == 1);
    CHECK(!peel(cut, 101).got);
}

TEST_CASE("IPv4: an authentication header is stepped over, what is none stays") {
    const Octets datagram = udp(true, 7777, text);
    const auto with = [&](const std::string& headers) { return peel(ipv4(true, 51, joined(unhex(headers), datagram)), 101); };
    const std::string header = " 0000 00000001 00000001 000000000000000000000000";
    is_the_datagram(with("1104" + header));
    is_the_datagram(with("3304" + header + "1104" + header));
    is_the_datagram(peel(ipv4(true, 51, joined(unhex("0404" + header), ip)), 101));
    CHECK(with("1104 0001 00000001 00000001 000000000000000000000000").peeled.kind == Kind::OtherIp);
    CHECK(with("11ff" + header).peeled.kind == Kind::OtherIp);
    CHECK(with("1100" + header).peeled.kind == Kind::OtherIp);
    std::string chain;
    for (int i = 0; i < 40; ++i) chain += "3304" + header;
    CHECK(with(chain + "1104" + header).peeled.kind == Kind::OtherIp);
}

TEST_CASE("IPv6 extension headers are walked, a chain that leads nowhere is refused") {
    const Octets datagram = udp(true, 7777, text);
    const auto with = [&](const std::string& headers, unsigned first) {
        return peel(ipv6(true, first, joined(unhex(headers), datagram)), 229);
    };
    CHECK(with("3c00 000000000000 1100 000000000000", 0).payload == text);
    CHECK(with("1100 000000000000", 43).payload == text);
    CHECK(with("1104 0000 00000001 00000001 000000000000000000000000", 51).payload == text);
    CHECK(with("1100 0000 00000001", 44).payload == text);  // atomic fragment
    CHECK(with("11ff 000000000000", 60).counters[Refusal::bad_extension_header] == 1);
    std::string chain;
    for (int i = 0; i < 40; ++i) chain += "3c00 000000000000";
    CHECK(with(chain, 60).counters[Refusal::bad_extension_header] == 1);
    CHECK(with("", 59).peeled.kind == Kind::OtherIp);
}

TEST_CASE("UDP and TCP lengths") {
    Octets datagram = udp(true, 7777, text);
    datagram[5] = 0;
    CHECK(peel(ipv4(true, 17, datagram), 101).payload == text);
    datagram[5] = 7;
    CHECK(peel(ipv4(true, 17, datagram), 101).counters[Refusal::bad_udp_header] == 1);
    datagram[5] = 60;
    CHECK(peel(ipv4(true, 17, datagram), 101).counters[Refusal::bad_udp_header] == 1);
    datagram[5] = 10;
    CHECK(peel(ipv4(true, 17, datagram), 101).payload == octets("pa"));
    Octets segment = tcp(true, 7777, 5, ack, text);
    const Taken whole = peel(ipv4(true, 6, segment), 101);
    CHECK(whole.payload == text);
    CHECK(whole.peeled.sequence == 5);
    CHECK(whole.peeled.flags == ack);
    segment[12] = 0x40;
    CHECK(peel(ipv4(true, 6, segment), 101).counters[Refusal::bad_tcp_header] == 1);
    segment[12] = 0xf0;
    CHECK(peel(ipv4(true, 6, segment), 101).counters[Refusal::bad_tcp_header] == 1);
}

namespace {

// What carries tunnels: an IP packet between two routers, 198.51.100.1 and .2, with MACs of their own.
Octets router_ip(unsigned protocol, const Octets& payload) {
    Octets out = ipv4(true, protocol, payload);
    const Octets addresses = unhex("c6336401 c6336402");
    std::copy(addresses.begin(), addresses.end(), out.begin() + 12);
    return out;
}
Octets between_routers(unsigned protocol, const Octets& payload) {
    return joined(unhex("00005e0053f2 00005e0053f1 0800"), router_ip(protocol, payload));
}
Octets routers_udp(unsigned port, const Octets& payload) { return between_routers(17, udp(true, port, payload, 50000)); }

const Octets inner_frame = ethernet(true, 0x0800, ip);

// The tunnel's ends are a flow of their own without payload; inside, no address or VLAN of theirs is left.
void is_carried(const Taken& taken, Peeler& peeler, Kind carrier, bool own_stations) {
    is_the_datagram(taken);
    REQUIRE(peeler.carriers().size() == 1);
    const Peeled& outer = peeler.carriers()[0];
    CHECK(outer.kind == carrier);
    CHECK(outer.payload.empty());
    CHECK(outer.source_mac == Mac::parse("00005e0053f1").value());
    CHECK(!taken.peeled.vlan.known());
    if (own_stations) {
        CHECK(taken.peeled.source_mac == Mac::parse(client_mac).value());
    } else {
        CHECK(!taken.peeled.source_mac.known());
    }
    // The same flow without its tunnel has the same shard.
    CHECK(taken.peeled.hash == peel(inner_frame).peeled.hash);
}

// sFlow 5: one flow sample with one record for each frame, of which the first `kept` bytes were kept.
Octets sflow(const std::vector<Octets>& frames, std::size_t kept = 128) {
    Octets out = unhex("00000005 00000001 c0000201 00000000 00000007 000003e8");
    put32(out, static_cast<std::uint32_t>(frames.size()));
    for (const Octets& frame : frames) {
        const Octets head(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(std::min(kept, frame.size())));
        const std::size_t padded = (head.size() + 3) / 4 * 4;
        put32(out, 1);
        put32(out, static_cast<std::uint32_t>(32 + 8 + 16 + padded));
        put(out, unhex("00000001 00000003 00000190 00000400 00000000 00000003 00000004 00000001"));
        put32(out, 1);
        put32(out, static_cast<std::uint32_t>(16 + padded));
        put32(out, 1);
        put32(out, static_cast<std::uint32_t>(frame.size()));
        put32(out, 0);
        put32(out, static_cast<std::uint32_t>(head.size()));
        put(out, head);
        out.resize(out.size() + padded - head.size());
    }
    return out;
}

struct Tunnel {
    const char* name;
    Octets frame;
    Kind carrier;
    bool own_stations;
};

std::vector<Tunnel> all_tunnels() {
    const auto gre = [](const char* header, const Octets& inner) { return between_routers(47, joined(unhex(header), inner)); };
    const auto frame = [](unsigned type, const Octets& payload) {
        Octets out = unhex("00005e0053f2 00005e0053f1");
        put16(out, type);
        put(out, payload);
        return out;
    };
    const auto gtp = [](const char* header, const Octets& inner, std::size_t more) {
        Octets out = unhex(header);
        out[2] = static_cast<std::uint8_t>((inner.size() + more) >> 8);
        out[3] = static_cast<std::uint8_t>(inner.size() + more);
        put(out, inner);
        return out;
    };
    Octets pptp = unhex("3081 880b 0000 0007 00000001 00000002");
    pptp[5] = static_cast<std::uint8_t>(ip.size() + 4);
    return {
        {"mpls ip", frame(0x8847, joined(unhex("00010040 00011140"), ip)), Kind::Frame, false},
        {"mpls pseudo-wire with control word", frame(0x8847, joined(unhex("00011140 00000000"), inner_frame)), Kind::Frame,
         true},
        {"mpls pseudo-wire without", frame(0x8848, joined(unhex("00011140"), inner_frame)), Kind::Frame, true},
        {"802.1ah", frame(0x88e7, joined(unhex("00000007"), inner_frame)), Kind::Frame, true},
        {"ip in ip", between_routers(4, ip), Kind::OtherIp, false},
        {"gre", gre("0000 0800", ip), Kind::OtherIp, false},
        {"gre, checksum, key, sequence", gre("b000 0800 00000000 00000007 00000001", ip), Kind::OtherIp, false},
        {"gre bridged", gre("0000 6558", inner_frame), Kind::OtherIp, true},
        {"gre mpls", gre("0000 8847 00011140", ip), Kind::OtherIp, false},
        {"pptp", between_routers(47, joined(joined(pptp, unhex("ff03 0021")), ip)), Kind::OtherIp, false},
        {"erspan I", gre("0000 88be", inner_frame), Kind::OtherIp, true},
        {"erspan II", gre("1000 88be 00000001 1000 0064 00000000", inner_frame), Kind::OtherIp, true},
        {"erspan III", gre("1000 22eb 00000001 2000 0064 00000000 0000 0000", inner_frame), Kind::OtherIp, true},
        {"erspan III with its platform header",
         gre("1000 22eb 00000001 2000 0064 00000000 0000 0001 0000000000000000", inner_frame), Kind::OtherIp, true},
        {"etherip", between_routers(97, joined(unhex("3000"), inner_frame)), Kind::OtherIp, true},
        {"mpls in ip", between_routers(137, joined(unhex("00011140"), ip)), Kind::OtherIp, false},
        {"vxlan", routers_udp(4789, joined(unhex("08000000 00000700"), inner_frame)), Kind::Udp, true},
        {"geneve", routers_udp(6081, joined(unhex("0200 6558 00000700 0102800100000000"), inner_frame)), Kind::Udp, true},
        {"geneve ip", routers_udp(6081, joined(unhex("0000 0800 00000700"), ip)), Kind::Udp, false},
        {"tzsp", routers_udp(37008, joined(unhex("0100 0001 0a01c0 00 01"), inner_frame)), Kind::Udp, true},
        {"sflow", routers_udp(6343, sflow({inner_frame})), Kind::Udp, true},
        {"gtp-u", routers_udp(2152, gtp("30ff 0000 00000001", ip, 0)), Kind::Udp, false},
        {"gtp-u with an extension", routers_udp(2152, gtp("34ff 0000 00000001 00000085 01000000", ip, 8)), Kind::Udp, false},
    };
}

}  // namespace

TEST_CASE("a switch's samples: each is a frame of its own, and what only looks like samples stays what it was") {
    Peeler peeler;
    const Octets second = ethernet(true, 0x0800, ipv4(true, 17, udp(true, 8888, octets("second"))));
    const Octets datagram = routers_udp(6343, sflow({inner_frame, second}));
    is_carried(peel(peeler, datagram), peeler, Kind::Udp, true);
    REQUIRE(peeler.more());
    Peeled next;
    next.frame = 7;
    REQUIRE(peeler.next(next));
    CHECK(next.target_port == 8888);
    CHECK(next.frame == 7);
    CHECK(next.payload.size() == 6);
    CHECK(next.hash == peel(second).peeled.hash);
    CHECK(peeler.carriers().empty());
    CHECK(!peeler.more());
    // What was not kept is missing, and known to be.
    const Octets frame = ethernet(true, 0x0800, ipv4(true, 17, udp(true, 7777, Octets(300))));
    const Octets short_one = routers_udp(6343, sflow({frame}, 64));
    const Taken cut = peel(peeler, short_one);
    CHECK(cut.peeled.target_port == 7777);
    CHECK(cut.payload.size() == 64 - 14 - 20 - 8);
    CHECK(cut.peeled.payload_claimed == 300);
    CHECK(!peeler.more());
    // A sampled datagram of samples is not looked into.
    const Taken nested = peel(peeler, routers_udp(6343, sflow({routers_udp(6343, sflow({inner_frame}))}, 512)));
    CHECK(nested.peeled.target_port == 6343);
    CHECK(!peeler.more());
    for (const char* lie : {"00000004 00000001 c0000201 00000000 00000007 000003e8 00000000",
                            "00000005 00000001 c0000201 00000000 00000007 000003e8 00000001 00000002 00000004 00000000",
                            "00000005 00000001 c0000201 00000000 00000007 000003e8 00000001 00000001 7fffffff 00000000"}) {
        const Taken plain = peel(peeler, routers_udp(6343, unhex(lie)));
        CHECK(plain.peeled.target_port == 6343);
        CHECK(peeler.carriers().empty());
        CHECK(!peeler.more());
    }
}

TEST_CASE("tunnels: what they carry is the flow, what carries them stays visible") {
    for (const Tunnel& tunnel : all_tunnels()) {
        CAPTURE(tunnel.name);
        Peeler peeler;
        const Taken taken = peel(peeler, tunnel.frame);
        if (std::string_view(tunnel.name) == "gre mpls") {
            is_the_datagram(taken);
            continue;
        }
        is_carried(taken, peeler, tunnel.carrier, tunnel.own_stations);
    }
    Peeler six;
    const Taken taken = peel(six, between_routers(41, ipv6(true, 17, udp(true, 7777, text))));
    CHECK(taken.payload == text);
    CHECK(taken.peeled.source_ip == IpAddress::parse("2001:db8::10").value());
    CHECK(six.carriers().size() == 1);
    Peeler four_in_six;
    is_the_datagram(peel(four_in_six, ipv6(true, 4, ip), 229));
    CHECK(four_in_six.carriers().size() == 1);
    // A tag that the mirror took off.
    const Taken untagged = peel(between_routers(47, joined(unhex("1000 88be 00000001 100c 1064 00000000"), inner_frame)));
    is_the_datagram(untagged);
    CHECK(untagged.peeled.vlan == Vlan{12, 0});
    // PPPoE and HSR are on this link: stations and VLAN stay.
    Octets session = unhex("1100 0007 0000 0021");
    session[5] = static_cast<std::uint8_t>(ip.size() + 2);
    Peeler pppoe;
    const Taken dialled = peel(pppoe, ethernet(true, 0x8864, joined(session, ip), "8100 000c"));
    is_the_datagram(dialled);
    CHECK(dialled.peeled.source_mac == Mac::parse(client_mac).value());
    CHECK(dialled.peeled.vlan == Vlan{12, 0});
    CHECK(pppoe.carriers().empty());
    is_the_datagram(peel(ethernet(true, 0x892f, joined(unhex("0027 0001 0800"), ip))));
}

TEST_CASE("what only looks like a tunnel stays what it is") {
    const auto stays = [](const Octets& frame, Kind kind) {
        Peeler peeler;
        const Taken taken = peel(peeler, frame);
        CHECK(taken.got);
        CHECK(taken.peeled.kind == kind);
        CHECK(taken.peeled.source_mac.known());
        CHECK(peeler.carriers().empty());
    };
    stays(routers_udp(4789, joined(unhex("08000000 00000701"), inner_frame)), Kind::Udp);
    stays(routers_udp(4789, joined(unhex("08000000 00000700"), text)), Kind::Udp);
    stays(routers_udp(6081, joined(unhex("4000 6558 00000700"), inner_frame)), Kind::Udp);
    stays(routers_udp(37008, joined(unhex("0200 0001 01"), inner_frame)), Kind::Udp);
    stays(routers_udp(2152, joined(unhex("30ff 0004 00000001"), ip)), Kind::Udp);
    stays(between_routers(4, text), Kind::OtherIp);
    stays(between_routers(47, joined(unhex("4000 0800"), ip)), Kind::OtherIp);
    stays(between_routers(47, joined(unhex("0000 0800"), text)), Kind::OtherIp);
    stays(between_routers(47, joined(unhex("1000 88be 00000001 3000 0064 00000000"), inner_frame)), Kind::OtherIp);
    stays(ethernet(true, 0x8847, text), Kind::Frame);
    stays(ethernet(true, 0x8864, joined(unhex("1100 0001 0002 c021"), text)), Kind::Frame);
    stays(ethernet(true, 0x892f, unhex("0035")), Kind::Frame);
}

TEST_CASE("a tunnel whose inside was cut is used as far as it goes; tunnels in tunnels end somewhere") {
    for (const Tunnel& tunnel : all_tunnels()) {
        CAPTURE(tunnel.name);
        for (std::size_t length = 0; length < tunnel.frame.size(); ++length) {
            const Octets cut(tunnel.frame.begin(), tunnel.frame.begin() + static_cast<std::ptrdiff_t>(length));
            const Taken taken = peel(cut, 1, static_cast<std::uint32_t>(tunnel.frame.size()));
            if (taken.got && taken.peeled.target_port == 7777)
                CHECK(std::equal(taken.payload.begin(), taken.payload.end(), text.begin()));
            peel(cut);
        }
    }
    Octets deep = ip;
    for (unsigned i = 0; i < Peeler::tunnels_max + 2; ++i) deep = router_ip(4, deep);
    Peeler peeler;
    const Taken taken = peel(peeler, deep, 101);
    CHECK(taken.got);
    CHECK(taken.peeled.kind == Kind::OtherIp);
    CHECK(taken.counters[Refusal::too_many_tunnels] == 1);
    CHECK(peeler.carriers().size() == Peeler::tunnels_max);
}

TEST_CASE("the trailer of a PRP node is no payload") {
    Octets payload = text;
    put(payload, unhex("0001 a00d 88fb"));
    const Taken taken = peel(ethernet(true, 0x88b8, payload));
    CHECK(taken.got);
    CHECK(taken.payload == text);
    payload[payload.size() - 3] = 0x0e;
    CHECK(peel(ethernet(true, 0x88b8, payload)).payload == payload);
}

TEST_CASE("every frame cut at any byte is survived, as cut by the capture and as short on the wire") {
    const std::vector<std::pair<Octets, std::uint32_t>> frames = {
        {ethernet(true, 0x0800, ip, "8100 000c"), 1},
        {ethernet(true, 0x86dd, ipv6(true, 0, joined(unhex("1100 000000000000"), udp(true, 7777, text)))), 1},
        {joined(unhex("0000 1100 03000000 0102030405060708 00 8801 0000 00005e0053ff 00005e00530a 00005e005314 0000 0000 "
                      "aaaa03 000000 0800"),
                ip),
         127},
        {joined(unhex("0800 0000 00000002 0001 00 06 00005e00530a 0000"), ip), 276},
    };
    for (const auto& [frame, link] : frames) {
        CHECK(peel(frame, link).got);
        for (std::size_t length = 0; length < frame.size(); ++length) {
            const Octets cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(length));
            CHECK(!peel(cut, link).got);
            const Taken taken = peel(cut, link, static_cast<std::uint32_t>(frame.size()));
            if (taken.got) CHECK(std::equal(taken.payload.begin(), taken.payload.end(), text.begin()));
        }
    }
}

TEST_CASE("fragments in any order join to the same datagram, once") {
    const Octets datagram = udp(true, 7777, octets("0123456789abcdefghijklmnopqrstuvwxyz"));  // 44 bytes: 16 + 16 + 12
    const auto four = [&](std::size_t i) {
        const auto from = datagram.begin() + static_cast<std::ptrdiff_t>(i * 16);
        const Octets part(from, i == 2 ? datagram.end() : from + 16);
        return ethernet(true, 0x0800, ipv4(true, 17, part, static_cast<unsigned>(i * 2) | (i == 2 ? 0U : 0x2000U)));
    };
    const auto six = [&](std::size_t i) {
        const auto from = datagram.begin() + static_cast<std::ptrdiff_t>(i * 16);
        Octets part = unhex(fmt::format("1100 {:04x} 0000abcd", i * 16 | (i == 2 ? 0U : 1U)));
        part.insert(part.end(), from, i == 2 ? datagram.end() : from + 16);
        return ethernet(true, 0x86dd, ipv6(true, 44, part));
    };
    std::vector<std::size_t> order = {0, 1, 2};
    do {
        for (const bool version_six : {false, true}) {
            Peeler peeler;
            unsigned whole = 0;
            for (const std::size_t i : order) {
                for (int twice = 0; twice < 2; ++twice) {
                    const Taken taken = peel(peeler, version_six ? six(i) : four(i));
                    if (!taken.got) continue;
                    ++whole;
                    CHECK(taken.payload == octets("0123456789abcdefghijklmnopqrstuvwxyz"));
                    CHECK(taken.peeled.joined);
                }
            }
            CHECK(whole == 1);
        }
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("fragments that overlap, run over the end, stay alone or come in masses") {
    const auto part = [](unsigned field, std::size_t size, unsigned id = 1) {
        return ethernet(true, 0x0800, ipv4(true, 17, Octets(size, 'x'), field, id));
    };
    Peeler overlap;
    CHECK(!peel(overlap, part(0x2000, 24)).got);
    CHECK(!peel(overlap, part(0x0002, 24)).got);
    CHECK(overlap.counters()[Refusal::fragment_overlap] == 1);
    CHECK(!peel(overlap, part(0x0003, 24)).got);  // the honest rest does not revive it

    Peeler bad;
    CHECK(!peel(bad, part(0x1fff, 24)).got);
    CHECK(!peel(bad, part(0x2001, 23)).got);
    CHECK(bad.counters()[Refusal::bad_fragment] == 2);

    Peeler late;
    CHECK(!peel(late, part(0x2000, 24)).got);
    CHECK(!peel(late, part(0x0003, 24), 1, 0, 60).got);
    CHECK(late.counters()[Refusal::fragment_timeout] == 1);
    late.finish();
    CHECK(late.counters()[Refusal::fragment_timeout] == 2);

    Peeler masses;
    for (unsigned id = 0; id < 5000; ++id) CHECK(!peel(masses, part(0x2000, 1400 - 1400 % 8, id)).got);
    CHECK(masses.counters()[Refusal::fragment_table_full] == 5000 - Peeler::datagrams_max);
}

TEST_CASE("both directions have one key and one hash, other flows another") {
    const auto there = peel(udp_frame(true, 7777, text)).peeled;
    const auto back = peel(udp_frame(false, 7777, text)).peeled;
    CHECK(there.key == back.key);
    CHECK(there.hash == back.hash);
    CHECK(there.low_to_high != back.low_to_high);
    const auto other = peel(udp_frame(true, 7778, text)).peeled;
    CHECK(!(there.key == other.key));
    const auto vlan = peel(ethernet(true, 0x0800, ip, "8100 000c")).peeled;
    CHECK(!(there.key == vlan.key));
    CHECK(there.hash == vlan.hash);  // the shard is chosen by the innermost flow
    // Two stations without an address are two flows.
    Octets nobody = ip;
    std::fill(nobody.begin() + 12, nobody.begin() + 16, std::uint8_t{0});
    Octets first = ethernet(true, 0x0800, nobody);
    Octets second = first;
    second[11] = 0x77;
    CHECK(!(peel(first).peeled.key == peel(second).peeled.key));
}

TEST_SUITE_END();

}  // namespace peel_test
