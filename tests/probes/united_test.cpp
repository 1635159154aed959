// Addresses that turn out to be one device's after something was given out that has not begun: what is known by then holds.
#include <mutex>

#include "agent.h"
#include "peers.h"
#include "probes/campaign.h"
#include "run_place.h"
#include "vendordb/vendordb.h"

using namespace herkomst;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace united_test {

TEST_SUITE_BEGIN("probe_device_gate");

namespace {

const std::string page = "HTTP/1.1 200 OK\r\nServer: ExampleWeb/2.1\r\nContent-Length: 5\r\n\r\nhello";

ScopeRange range_of(const std::string& ip, const std::set<std::string>& probes) {
    ScopeRange range;
    range.range = AddressRange::parse(ip).value();
    range.probes = probes;
    range.ports["http"] = {80};
    range.shared_sessions = true;
    return range;
}

// A reply of ARP from that MAC: "this address is mine".
Report arp_reply(const Errand& errand, const std::string& ip_hex) {
    Report report;
    report.target = errand.target;
    report.outcome = ProbeOutcome::Answered;
    Said& said = report.said.emplace_back();
    said.from_mac = Mac{{0x00, 0x00, 0x5e, 0x00, 0x53, 0x14}};
    said.bytes = unhex("000108000604000200005e005314" + ip_hex + "00005e00530ac000020a");
    report.bytes = said.bytes.size();
    return report;
}

// An answer to Moxa's search from one address: "my MAC address ends in 42, and my address is ...".
void moxa_says(Report& report, const std::string& from, const std::string& address_hex) {
    Said& said = report.said.emplace_back();
    said.from_ip = IpAddress::parse(from).value();
    said.bytes = unhex("8100001800000000005555551a510090e8000042" + address_hex);
    report.bytes += said.bytes.size();
}

}  // namespace

TEST_CASE(
    "united: of two that were given out and turn out to be one device's, neither begins, and one after the other is asked") {
    const Result<VendorDb> opened = VendorDb::open(HERKOMST_BINARY_DIR "/data/vendordb.sqlite");
    REQUIRE(opened.ok());
    Scope scope;
    scope.until = Time::max();
    ScopeInterface& link = scope.interfaces.emplace_back();
    link.name = "link0";
    link.broadcast = true;
    link.probes = {"arp"};
    scope.ranges = {range_of("192.0.2.1", {"arp", "http"}), range_of("192.0.2.2", {"http"}), range_of("192.0.2.3", {"arp"})};
    Campaign campaign(scope, {}, {}, &opened.value(), {});
    std::map<std::string, Errand> out;
    while (std::optional<Errand> errand = campaign.next({}, {})) {
        const std::string ip = errand->target.ip.text();
        if (errand->probe->name == "arp" && ip == "192.0.2.1")
            campaign.done(*errand, arp_reply(*errand, "c0000201"));
        else
            out[std::string(errand->probe->name) + " " + ip] = *errand;
    }
    REQUIRE(out.contains("http 192.0.2.1"));
    REQUIRE(out.contains("http 192.0.2.2"));
    const Errand& one = out["http 192.0.2.1"];
    const Errand& two = out["http 192.0.2.2"];
    CHECK(campaign.begins(one));
    CHECK(campaign.begins(two));
    // Somebody else's frame says it.
    campaign.done(out["arp 192.0.2.3"], arp_reply(out["arp 192.0.2.3"], "c0000202"));
    REQUIRE(campaign.addresses_of(one.device).size() == 2);
    CHECK_FALSE(campaign.begins(one));
    CHECK_FALSE(campaign.begins(two));
    campaign.left(one);
    CHECK_FALSE(campaign.next({}, {}));
    campaign.left(two);
    for (int i = 0; i < 2; ++i) {
        const std::optional<Errand> again = campaign.next({}, {});
        REQUIRE(again);
        CHECK(campaign.begins(*again));
        CHECK_FALSE(campaign.next({}, {}));
        Report report;
        report.outcome = ProbeOutcome::Refused;
        campaign.done(*again, std::move(report));
    }
    CHECK_FALSE(campaign.next({}, {}));
    CHECK(campaign.finished());
    CHECK(campaign.count().errands_done == 4);
    CHECK(campaign.count().outcomes.at(ProbeOutcome::Refused) == 2);
}

TEST_CASE("united: what was given out before is not asked when the device turns out to be one that may not be") {
    for (const bool same : {true, false}) {
        INFO(same);
        const Agent agent("127.0.77.11", engine_report("14"));
        const Agent other("127.0.77.12", engine_report(same ? "14" : "15"));
        const Peer web("127.0.77.11", behaviour::answers(page));
        const RunPlace here(same ? "united_gate" : "united_no_gate");
        here.scope(RunPlace::range("127.0.77.11", {{"snmp_v3", {agent.port()}}, {"http", {web.port()}}}, R"(,"pause":"2s")") +
                       "," + RunPlace::range("127.0.77.12", {{"snmp_v3", {other.port()}}}),
                   R"(,"fragile":[{"range":"127.0.77.12","tolerates":["snmp_v3"],"why":"it once stopped"}])");
        const ProgramRan ran = here.probe();
        INFO(ran.out);
        CHECK(ran.exit_code == 0);
        CHECK(web.connections() == (same ? 0 : 1));
        CHECK(says(here.outcome("http", "127.0.77.11"),
                   same ? "gated: 127.0.77.12 is the same device, and the scope file says it is fragile" : "answered"));
        CHECK(says(ran.out, "probe: 3 questions to 2 devices"));
        // Each once.
        std::multiset<std::string> asked;
        for (const Json& line : here.log())
            if (line["type"].string() == "exchange") asked.insert(line["key"].string());
        CHECK(asked.size() == 3);
        CHECK(std::set<std::string>(asked.begin(), asked.end()).size() == 3);
    }
}

TEST_CASE("united: a moment that was given before is too early for what the other address has just said") {
    const Agent agent("127.0.77.13", engine_report("14"));
    const Agent other("127.0.77.14", engine_report("14"), 1s);
    std::atomic<std::chrono::steady_clock::time_point> begun{};
    const Peer web("127.0.77.13", [&](int fd, const std::atomic<bool>& stop) {
        begun = std::chrono::steady_clock::now();
        behaviour::answers(page)(fd, stop);
    });
    const RunPlace here("united_pace");
    here.scope(RunPlace::range("127.0.77.13", {{"snmp_v3", {agent.port()}}, {"http", {web.port()}}}, R"(,"pause":"2s")") + "," +
               RunPlace::range("127.0.77.14", {{"snmp_v3", {other.port()}}}));
    const ProgramRan ran = here.probe();
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    CHECK(here.outcome("http", "127.0.77.13") == "answered: ");
    REQUIRE(web.connections() == 1);
    CHECK(begun.load() - other.answered() >= 1950ms);
}

TEST_CASE("united: what one address answers does not make us ask another, also when the run is taken up again") {
    for (const std::string words : {"", "--only snmp_v3 --only modbus"}) {
        INFO(words);
        const Agent agent("127.0.77.15", engine_report("14"));
        const Agent other("127.0.77.16", engine_report("14"));
        // Who answers the question for its identification, and nothing else (MODBUS Application Protocol V1.1b3 section 6.21).
        const Peer modbus("127.0.77.15", [](int fd, const std::atomic<bool>& stop) {
            char room[64];
            while (!stop) {
                pollfd wait{fd, POLLIN, 0};
                if (::poll(&wait, 1, 20) <= 0) continue;
                if (::recv(fd, room, sizeof room, 0) < 8) return;
                std::string pdu = {static_cast<char>(room[7] | 0x80), 2};
                if (room[7] == 0x2b) pdu = "\x2b\x0e\x01\x01\x00\x00\x03\x00\x07"s + "Example\x01\x04" + "EX-1\x02\x03" + "1.0";
                const char size = static_cast<char>(pdu.size() + 1);
                behaviour::send_all(fd, std::string(room, 4) + '\0' + size + room[6] + pdu);
            }
        });
        const Peer text("127.0.77.16", behaviour::answers("500 what?\r\n"));
        const RunPlace here(words.empty() ? "united_after" : "united_after_resumed");
        const std::string shared = R"(,"shared_sessions":true)";
        here.scope(RunPlace::range("127.0.77.15",
                                   {{"snmp_v3", {agent.port()}}, {"modbus", {modbus.port()}}, {"sunspec", {modbus.port()}}},
                                   shared) +
                   "," + RunPlace::range("127.0.77.16", {{"snmp_v3", {other.port()}}, {"sunspec", {text.port()}}}, shared));
        CHECK(here.probe(words).exit_code == 0);
        if (!words.empty()) CHECK(here.probe("--resume").exit_code == 0);
        CHECK(says(here.outcome("modbus", "127.0.77.15"), "answered"));
        CHECK(here.outcome("sunspec", "127.0.77.15") != "");
        CHECK(here.outcome("sunspec", "127.0.77.16") == "");
        CHECK(text.connections() == 0);
    }
}

TEST_CASE("united: what somebody says of an address that is not his own is hearsay") {
    const Result<VendorDb> opened = VendorDb::open(HERKOMST_BINARY_DIR "/data/vendordb.sqlite");
    REQUIRE(opened.ok());
    Scope scope;
    scope.until = Time::max();
    scope.ranges = {range_of("192.0.2.1-192.0.2.2", {"moxa"})};
    // Who says of the second address that it has the first one's MAC.
    for (const std::string liar : {"192.0.2.1", "192.0.2.2"}) {
        INFO(liar);
        Campaign campaign(scope, {}, {}, &opened.value(), {});
        const std::optional<Errand> errand = campaign.next({}, {});
        REQUIRE(errand);
        Report report;
        report.outcome = ProbeOutcome::Answered;
        report.target = errand->target;
        report.target.my_ip = IpAddress::parse("192.0.2.10").value();
        report.target.my_port = 40'000;
        Said& ours = report.said.emplace_back();
        ours.ours = true;
        ours.bytes = unhex("0100000800000000");
        moxa_says(report, "192.0.2.1", "c0000201");
        moxa_says(report, liar, "c0000202");
        campaign.done(*errand, std::move(report));
        // Of himself everybody may say it.
        CHECK(campaign.addresses_of(errand->device).size() == (liar == "192.0.2.2" ? 2 : 1));
    }
}

TEST_SUITE_END();

}  // namespace united_test
