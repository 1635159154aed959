// No probe writes or controls. There is no value of Safety for it; here every template is held against the functions that its
// protocol reads with. A protocol that is listed, here or in no_control_test.cpp, admits nothing else; one that is listed
// nowhere fails; the recorded traffic of a run is judged by tshark in traffic_test.cpp.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/text.h"
#include "no_write.h"
#include "probes/template.h"

using namespace herkomst;

namespace no_write_test {

TEST_SUITE_BEGIN("probe_no_write");

namespace {

// A template as bytes: what a hole may become is -1.
std::vector<int> outline(const Request& request) {
    std::vector<int> out;
    const auto parts = parts_of(request);
    REQUIRE(parts.ok());
    for (const TemplatePart& part : parts.value()) {
        out.insert(out.end(), part.bytes.begin(), part.bytes.end());
        // A text may have any length: nothing behind it has a place.
        if (part.hole != nullptr && part.hole->form == Hole::Form::Text) break;
        if (part.hole != nullptr) out.insert(out.end(), part.hole->size, -1);
    }
    return out;
}
bool one_of(const std::vector<int>& bytes, std::size_t at, const std::set<int>& allowed) {
    return at < bytes.size() && allowed.contains(bytes[at]);
}
std::string text_of(const std::vector<int>& bytes) {
    std::string out;
    for (const int byte : bytes) out += byte < 0 ? '?' : static_cast<char>(byte);
    return out;
}

bool is_get(const std::vector<int>& bytes) { return text_of(bytes).starts_with("GET "); }

using Reads = bool (*)(const std::vector<int>&);
const std::map<std::string_view, Reads>& reading() {
    static const std::map<std::string_view, Reads> table = {
        // MODBUS Application Protocol V1.1b3: 1 to 4, 17 and 43 read.
        {"modbus",
         [](const std::vector<int>& b) {
             return one_of(b, 7, {1, 2, 3, 4, 17, 0x2b});
         }},
        {"http", is_get},
        {"fronius", is_get},
        {"enphase", is_get},
        {"shelly", is_get},
        {"go_e", [](const std::vector<int>& b) { return text_of(b).starts_with("GET /api/status?filter="); }},
        {"solaredge_setapp", is_get},
        {"kostal", is_get},
        {"intercom_2n", is_get},
        {"wago_web", is_get},
        // Other actions add, remove and update; other pages show and set variables, or stop.
        {"vapix", [](const std::vector<int>& b) { return text_of(b).starts_with("GET /axis-cgi/param.cgi?action=list&"); }},
        {"simatic_web", [](const std::vector<int>& b) { return text_of(b).starts_with("GET /Portal/Portal.mwsl?PriNav=Ident "); }},
        // MNDP: the request is four zeros.
        {"mndp",
         [](const std::vector<int>& b) {
             return b == std::vector<int>{0, 0, 0, 0};
         }},
        {"dahua", [](const std::vector<int>& b) { return text_of(b).find("{\"method\":\"DHDiscover.search\",") == 32; }},
        {"daikin", [](const std::vector<int>& b) { return text_of(b) == "DAIKIN_UDP/common/basic_info"; }},
        {"gree", [](const std::vector<int>& b) { return text_of(b) == "{\"t\":\"scan\"}"; }},
        {"sip", [](const std::vector<int>& b) { return text_of(b).starts_with("OPTIONS "); }},
        // CoAP (RFC 7252 section 12.1.1): method 1 gets.
        {"coap", [](const std::vector<int>& b) { return one_of(b, 0, {0x54}) && one_of(b, 1, {1}); }},
        // Solarman V5: a command for the inverter, in which Modbus function 3 or 4 reads.
        {"solarman",
         [](const std::vector<int>& b) {
             return one_of(b, 3, {0x10}) && one_of(b, 4, {0x45}) && one_of(b, 11, {2}) && one_of(b, 27, {3, 4});
         }},
        {"rtsp", [](const std::vector<int>& b) { return text_of(b).starts_with("OPTIONS "); }},
        // ECHONET Lite: service 62 gets.
        {"echonet_lite", [](const std::vector<int>& b) { return one_of(b, 10, {0x62}); }},
        // Tuya: command 25 searches; the others are for one device and its own key.
        {"tuya",
         [](const std::vector<int>& b) {
             return one_of(b, 2, {0x66}) && one_of(b, 12, {0}) && one_of(b, 13, {0x25});
         }},
        // Neighbour discovery (RFC 4861 section 4.3): a solicitation in ICMPv6.
        {"ndp", [](const std::vector<int>& b) { return one_of(b, 6, {58}) && one_of(b, 40, {135}); }},
        // IEC 60870-5-104 section 5.1: the only frame is TESTFR (activation or confirmation), six bytes.
        {"iec104",
         [](const std::vector<int>& b) {
             return b.size() == 6 && one_of(b, 0, {0x68}) && one_of(b, 2, {0x43, 0x83});
         }},
        // EtherNet/IP volume 2 section 2-4: ListServices, ListIdentity, ListInterfaces, (Un)RegisterSession, SendRRData.
        {"ethernet_ip",
         [](const std::vector<int>& b) {
             return one_of(b, 0, {4, 0x63, 0x64, 0x65, 0x66, 0x6f}) && one_of(b, 1, {0});
         }},
        // MQTT 3.1.1 section 2.2.1: CONNECT and DISCONNECT.
        {"mqtt",
         [](const std::vector<int>& b) {
             return one_of(b, 0, {0x10, 0xe0});
         }},
        // KNX: SEARCH_REQUEST 0201, DESCRIPTION_REQUEST 0203, and their extended forms.
        {"knxnet_ip",
         [](const std::vector<int>& b) {
             return one_of(b, 2, {2}) && one_of(b, 3, {1, 3, 0x0b});
         }},
        // DNS: a query.
        {"mdns",
         [](const std::vector<int>& b) {
             return one_of(b, 2, {0, 1});
         }},
        {"netbios",
         [](const std::vector<int>& b) {
             return one_of(b, 2, {0, 1});
         }},
        {"ssdp", [](const std::vector<int>& b) { return text_of(b).starts_with("M-SEARCH "); }},
        // PROFINET DCP: FrameID FEFE or FEFC, service Identify (5) or Get (3), request.
        {"profinet",
         [](const std::vector<int>& b) {
             return one_of(b, 0, {0xfe}) && one_of(b, 2, {3, 5}) && one_of(b, 3, {0});
         }},
        // FINS: after the header of ten bytes 0501 and 0502 read the controller's data; over TCP the node address is asked
        // first.
        {"omron_fins",
         [](const std::vector<int>& b) {
             if (!text_of(b).starts_with("FINS")) return one_of(b, 10, {5}) && one_of(b, 11, {1, 2});
             return one_of(b, 11, {0}) || (one_of(b, 11, {2}) && one_of(b, 26, {5}) && one_of(b, 27, {1, 2}));
         }},
        // S7: the transport's connection and disconnection; setup (f0) is the only job, reading the system status list
        // (userdata,
        // request of group 4, subfunction 1) the only other thing.
        {"s7comm",
         [](const std::vector<int>& b) {
             if (one_of(b, 5, {0xe0, 0x80})) return true;
             if (!one_of(b, 5, {0xf0}) || !one_of(b, 7, {0x32})) return false;
             if (one_of(b, 8, {1})) return one_of(b, 17, {0xf0});
             return one_of(b, 8, {7}) && one_of(b, 22, {0x44}) && one_of(b, 23, {1});
         }},
        // BACnet (135-2020 clause 21): Who-Is (unconfirmed 8), ReadProperty (12), ReadPropertyMultiple (14); behind a router
        // (clause 6.2: 24 in place of 04, network, length, address, hops) the same.
        {"bacnet",
         [](const std::vector<int>& b) {
             if (one_of(b, 5, {0x24})) return one_of(b, 8, {1}) && one_of(b, 11, {0}) && one_of(b, 14, {12, 14});
             if (one_of(b, 6, {0x10})) return one_of(b, 7, {8});
             return one_of(b, 6, {0}) && one_of(b, 9, {12, 14});
         }},
        // SLMP: 0101 reads the type name.
        {"melsec", [](const std::vector<int>& b) { return one_of(b, 11, {1}) && one_of(b, 12, {1}); }},
        // DNP3 (IEEE 1815): a request for the status of the link, or the application function read (1).
        {"dnp3", [](const std::vector<int>& b) { return one_of(b, 3, {0xc9}) || one_of(b, 12, {1}); }},
        // ARP (RFC 826): a request, and not for an address of our own, which would announce it.
        {"arp", [](const std::vector<int>& b) { return one_of(b, 6, {0}) && one_of(b, 7, {1}) && one_of(b, 14, {-1}); }},
        // ICMP: echo requests of RFC 792 and RFC 4443.
        {"icmp_echo", [](const std::vector<int>& b) { return one_of(b, 0, {8, 128}) && one_of(b, 1, {0}); }},
        // GoodWe: control code 01, function 02 reads the identity; the codes 02 and 03 write. In Modbus RTU, function 3.
        {"goodwe",
         [](const std::vector<int>& b) {
             if (!one_of(b, 0, {0xaa})) return b.size() == 8 && one_of(b, 0, {0xf7, 0x7f}) && one_of(b, 1, {3});
             return one_of(b, 4, {1}) && one_of(b, 5, {2});
         }},
        // Hi-Flying: the word of the search; what follows it in the maker's tools ("+ok", AT+...) configures.
        {"hiflying", [](const std::vector<int>& b) { return text_of(b) == "WIFIKIT-214028-READ"; }},
        // KEBA UDP programmers' guide: "report" reads; ena, curr, currtime, unlock, output, start, stop and failsafe act.
        {"keba_udp", [](const std::vector<int>& b) { return text_of(b) == "report 1"; }},
        // Lantronix: F6 asks and F7 answers; everything else has to do with the set-up.
        {"lantronix",
         [](const std::vector<int>& b) {
             return b == std::vector<int>{0, 0, 0, 0xf6};
         }},
        // Moxa: function 01 searches; others change address and password.
        {"moxa", [](const std::vector<int>& b) { return b.size() == 8 && one_of(b, 0, {1}) && one_of(b, 1, {0}); }},
        // SADP: the type "inquiry"; others ("update", "activate", "reset") act.
        {"sadp", [](const std::vector<int>& b) { return text_of(b).ends_with("<Types>inquiry</Types></Probe>"); }},
        // Speedwire: the tag 0020 of group FFFFFFFF asks who is there, and carries no data.
        {"sma_speedwire",
         [](const std::vector<int>& b) {
             return b.size() == 20 && one_of(b, 14, {0}) && one_of(b, 15, {0x20}) && one_of(b, 13, {0});
         }},
        // Ubiquiti discovery: 01 00, of no data.
        {"ubnt",
         [](const std::vector<int>& b) {
             return b == std::vector<int>{1, 0, 0, 0};
         }},
        // HART-IP: session initiate 0, close 1, keep alive 2; token-passing 3 carries commands, of which 0 identifies.
        {"hart_ip", [](const std::vector<int>& b) { return one_of(b, 2, {0, 1, 2, 3}); }},
    };
    return table;
}

// Protocols in which nothing is said, and why that is enough.
const std::map<std::string_view, std::string_view>& silent() {
    static const std::map<std::string_view, std::string_view> reasons = {
        {"ftp", "the server greets first; nobody logs in"},
        {"ssh", "the server says its version first; ours is not said"},
        {"telnet", "the server shows its text before the login; its options are not answered"},
        {"tls", "the handshake is OpenSSL's; the certificate is looked at, and nothing is asked within"},
    };
    return reasons;
}

// What is wrong: a protocol that nobody holds against anything, or one that is to be silent and speaks.
std::vector<std::string> not_held(std::span<const Probe> probes) {
    std::vector<std::string> out;
    for (const Probe& probe : probes) {
        const std::string_view spoken = no_write::protocol(probe);
        if (silent().contains(spoken) && !probe.requests.empty())
            out.push_back(std::string(probe.name) + ": says something in " + std::string(spoken));
        if (!silent().contains(spoken) && !reading().contains(spoken) && !no_write::in_no_control_test().contains(spoken))
            out.push_back(std::string(probe.name) + ": nothing says how " + std::string(spoken) + " reads and how it writes");
    }
    return out;
}

}  // namespace

TEST_CASE("every protocol that a probe speaks is held against its reading functions, or nothing is said in it") {
    for (const std::string& problem : not_held(all_probes())) FAIL_CHECK(problem);
    // And no row is of a protocol that nobody speaks: such a row holds nobody.
    std::set<std::string_view> spoken;
    for (const Probe& probe : all_probes()) spoken.insert(no_write::protocol(probe));
    for (const auto& [protocol, reads] : reading()) CHECK_MESSAGE(spoken.contains(protocol), protocol);
    for (const auto& [protocol, reason] : silent()) CHECK_MESSAGE(spoken.contains(protocol), protocol);
    // A new one does not slip through, nor one that was silent and begins to speak.
    constexpr Request hello[] = {{"hello", {}, "hello", {}}};
    Probe unknown;
    unknown.name = "unheard_of";
    unknown.decoder = "unheard_of";
    Probe talks = *probe_named("ssh");
    talks.requests = hello;
    CHECK(not_held(std::span(&unknown, 1)).size() == 1);
    CHECK(not_held(std::span(&talks, 1)).size() == 1);
}

TEST_CASE("every template of a listed protocol reads") {
    std::size_t held = 0;
    for (const Probe& probe : all_probes()) {
        const auto reads = reading().find(no_write::protocol(probe));
        if (reads == reading().end()) continue;
        for (const Request& request : probe.requests) {
            INFO(probe.name, ": ", request.name);
            CHECK_MESSAGE(reads->second(outline(request)), shown(request));
            ++held;
        }
    }
    CHECK(held >= 3);
}

TEST_CASE("the table does tell: a writing template of these protocols is refused by it") {
    constexpr Hole holes[] = {hole::number("transaction", 2), hole::number("function", 1)};
    const Request write{"write", "0001 0000 0006 01 06 0000 0001", {}, {}};
    const Request open{"open", "{transaction} 0000 0006 01 {function} 0000 0001", {}, holes};
    const Request post{"post", {}, "POST / HTTP/1.1\r\n\r\n", {}};
    const Request start{"start", "68 04 07 00 00 00", {}, {}};
    CHECK_FALSE(reading().at("modbus")(outline(write)));
    CHECK_FALSE(reading().at("modbus")(outline(open)));
    CHECK_FALSE(reading().at("http")(outline(post)));
    CHECK_FALSE(reading().at("iec104")(outline(start)));
    const Request logger{"write", "a517001045340001bbeea00200000000000000000000000000000106002b000278039b15", {}, {}};
    CHECK_FALSE(reading().at("solarman")(outline(logger)));
    const Request put{"put", "5403123400001234b3616263ff31", {}, {}};
    CHECK_FALSE(reading().at("coap")(outline(put)));
    const Request set{"set", {}, "GET /api/set?amp=16 HTTP/1.1\r\n\r\n", {}};
    CHECK_FALSE(reading().at("go_e")(outline(set)));
    const Request update{"update", {}, "GET /axis-cgi/param.cgi?action=update&root.Brand.Brand=X HTTP/1.1\r\n\r\n", {}};
    CHECK_FALSE(reading().at("vapix")(outline(update)));
    const Request acts{"ena", {}, "ena 0", {}};
    CHECK_FALSE(reading().at("keba_udp")(outline(acts)));
    const Request set_up{"set", "000000fa", {}, {}};
    CHECK_FALSE(reading().at("lantronix")(outline(set_up)));
    const Request stops{"stop", "aa55 c07f 0302 00 0243", {}, {}};
    CHECK_FALSE(reading().at("goodwe")(outline(stops)));
    const Request reset{"reset", {}, "<Probe><Types>reset</Types></Probe>", {}};
    CHECK_FALSE(reading().at("sadp")(outline(reset)));
    const Request bare{"portal", {}, "GET /Portal/Portal.mwsl HTTP/1.1\r\n\r\n", {}};
    CHECK_FALSE(reading().at("simatic_web")(outline(bare)));
}

TEST_CASE("templates: what is rendered is recognised, and nothing beside it") {
    constexpr Hole holes[] = {hole::length("size", 1, {}, 2), hole::text("name", 8, "a-z"), hole::little("number", 2, 5, 300),
                              hole::checksum("sum", Check::Sum8, 1)};
    const Request request{"all", "aa {size} {name} 00 {number} {sum} 55", {}, holes};
    Probe probe;
    const Request requests[] = {request};
    probe.requests = requests;
    const auto bytes = render(request, ask(0).with("name", "pump").with("number", 258), {});
    REQUIRE(bytes.ok());
    CHECK(hex(bytes.value().data(), bytes.value().size()) == "aa0b70756d70000201d055");
    CHECK(declared(probe, bytes.value()));
    for (std::size_t i = 0; i < bytes.value().size(); ++i) {
        std::vector<std::uint8_t> other = bytes.value();
        other[i] ^= 0x80;
        CHECK_MESSAGE(!declared(probe, other), i);
        other.resize(i);
        CHECK(!declared(probe, other));
    }
    CHECK_FALSE(declared(probe, {}));
    CHECK_FALSE(render(request, ask(0).with("name", "PUMP").with("number", 258), {}).ok());
    CHECK_FALSE(render(request, ask(0).with("name", "muchtoolong").with("number", 258), {}).ok());
    CHECK_FALSE(render(request, ask(0).with("name", "pump").with("number", 301), {}).ok());
    CHECK_FALSE(render(request, ask(0).with("name", "pump"), {}).ok());
    CHECK_FALSE(parts_of({"bad", "0", {}, {}}).ok());
    CHECK_FALSE(parts_of({"bad", "00 {x}", {}, {}}).ok());
    CHECK_FALSE(parts_of({"unused", "00", {}, holes}).ok());
}

TEST_CASE("templates: what is sealed says what is declared, or is not sent") {
    constexpr std::string_view key = "0123456789abcdef";
    constexpr Hole holes[] = {hole::length("size", 1), hole::octets("nonce", 12),
                              hole::sealed("sealed", "me={my-ip};", key, 1)};
    const Request request{"all", "aa {size} {nonce} {sealed} 55", {}, holes};
    Probe probe;
    const Request requests[] = {request};
    probe.requests = requests;
    Target target;
    target.my_ip = IpAddress::v4(0xc000020a);
    const auto bytes = render(request, ask(0).with("nonce", "twelve bytes"), target);
    REQUIRE(bytes.ok());
    CHECK(bytes.value().size() == 2 + 12 + std::string_view("me=192.0.2.10;").size() + 16 + 1);
    CHECK(declared(probe, bytes.value()));
    for (std::size_t i = 0; i < bytes.value().size(); ++i) {
        std::vector<std::uint8_t> other = bytes.value();
        other[i] ^= 1;
        CHECK_MESSAGE(!declared(probe, other), i);
    }
    constexpr Hole other_holes[] = {hole::length("size", 1), hole::octets("nonce", 12),
                                    hole::sealed("sealed", "me=\"{my-ip}\"", key, 1)};
    const Request other{"all", "aa {size} {nonce} {sealed} 55", {}, other_holes};
    const auto other_bytes = render(other, ask(0).with("nonce", "twelve bytes"), target);
    REQUIRE(other_bytes.ok());
    CHECK_FALSE(declared(probe, other_bytes.value()));
    CHECK_FALSE(render({"short", "aa {sealed}", {}, std::span(holes).last(1)}, ask(0), target).ok());
    CHECK(shown(holes[2]) == "{sealed} me={my-ip};, encrypted");
}

TEST_SUITE_END();

}  // namespace no_write_test
