// What real devices once said in captures that may not be published (../shared), held to the probes: each is taken for the
// answer to a probe's question. Nothing of it is kept here. Which captures hold an answer to which question stands below; an
// answer must tell something, and nothing that the capture as a whole does not tell.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "capture/peel.h"
#include "capture/run.h"
#include "core/file.h"
#include "core/text.h"
#include "probes/exchange.h"
#include "probes/synthesis.h"

using namespace herkomst;

namespace captured_test {

TEST_SUITE_BEGIN("probe_captured");

namespace {

struct Server {
    IpAddress ip;
    std::uint16_t port = 0;
    IpAddress client;
    std::uint16_t client_port = 0;
    bool stream = false;
    auto operator<=>(const Server&) const = default;
};
using Octets = std::vector<std::uint8_t>;

// Everything that was sent from a port of the probe, per pair of ends and in order.
std::map<Server, std::vector<Octets>> said_from(const std::string& path, const std::set<std::uint16_t>& ports) {
    std::map<Server, std::vector<Octets>> out;
    Problems problems;
    const auto file = CaptureFile::open(path, problems);
    REQUIRE(file != nullptr);
    Peeler peeler;
    Packet packet;
    Peeled peeled;
    std::map<Server, std::uint32_t> expected;
    while (file->next(packet)) {
        if (!peeler.peel(packet, peeled)) continue;
        const bool stream = peeled.kind == Kind::Tcp;
        if ((!stream && peeled.kind != Kind::Udp) || peeled.payload.empty() || !ports.contains(peeled.source_port)) continue;
        const Server from{peeled.source_ip, peeled.source_port, peeled.target_ip, peeled.target_port, stream};
        // What is sent again was said once.
        if (const auto next = expected.find(from); stream && next != expected.end() && peeled.sequence < next->second) continue;
        if (stream) expected[from] = peeled.sequence + static_cast<std::uint32_t>(peeled.payload.size());
        out[from].emplace_back(peeled.payload.begin(), peeled.payload.end());
    }
    return out;
}

// The probe's exchange with those answers, as far as they are answers to what it asks: others are for somebody else.
struct Told {
    ProbeOutcome outcome = ProbeOutcome::Silent;
    std::vector<Said> said;
};
Told ask(const Probe& probe, const Target& target, const std::vector<Octets>& answers) {
    Told told;
    Exchange exchange(probe, target);
    Time clock{std::chrono::seconds(1'767'225'600)};
    const auto say = [&](bool ours, const Octets& bytes) {
        Said said;
        said.ours = ours;
        said.at = clock += std::chrono::milliseconds(200);
        said.bytes = bytes;
        told.said.push_back(std::move(said));
    };
    Todo todo = exchange.begin();
    if (todo.kind == Todo::Kind::Send) say(true, todo.bytes);
    for (const Octets& answer : answers) {
        if (exchange.over()) break;
        say(false, answer);
        todo = exchange.received(answer);
        if (todo.kind == Todo::Kind::Send) say(true, todo.bytes);
    }
    if (!exchange.over()) exchange.timed_out();
    CHECK(exchange.mistake() == "");
    told.outcome = exchange.outcome();
    return told;
}
bool over_with(const Probe& probe, const Target& target, const std::vector<Octets>& answers, ProbeOutcome& outcome) {
    Exchange exchange(probe, target);
    exchange.begin();
    for (const Octets& answer : answers) {
        if (exchange.over()) break;
        exchange.received(answer);
    }
    outcome = exchange.outcome();
    return exchange.over();
}
std::vector<Octets> answers_among(const Probe& probe, const Target& target, const std::vector<Octets>& all) {
    std::vector<Octets> taken;
    for (const Octets& each : all) {
        taken.push_back(each);
        ProbeOutcome outcome{};
        if (!over_with(probe, target, taken, outcome)) continue;
        if (outcome == ProbeOutcome::Answered) return taken;
        taken.pop_back();
    }
    return taken;
}

struct Learned {
    std::size_t answered = 0;
    std::set<std::string> claims;  // values, of whoever answered
};
Learned learn(const Probe& probe, const std::string& path, std::uint32_t unit) {
    Learned learned;
    const std::set<std::uint16_t> ports(probe.ports.begin(), probe.ports.end());
    for (const auto& [server, all] : said_from(path, ports)) {
        if (server.stream != (probe.transport == Transport::Tcp)) continue;
        Target target;
        target.ip = server.ip;
        target.host = server.ip.text();
        target.port = server.port;
        target.my_ip = server.client;
        target.my_port = server.client_port;
        target.token = 0x1234;
        target.unit = unit;
        target.unit_known = unit != 0;
        const Told told = ask(probe, target, answers_among(probe, target, all));
        if (told.outcome != ProbeOutcome::Answered) continue;
        ++learned.answered;
        PacketBytes capture = pcapng_head();
        append_packets(capture, probe, target, told.said);
        for (const Observation& each : analyse_memory(capture, all_decoders(), {}).observations.list())
            if (each.subject.ip == server.ip && each.field != Field::service && each.field != Field::role)
                learned.claims.insert(each.value);
    }
    return learned;
}

// What the passive side makes of the whole capture: nothing else may be told by an answer taken out of it.
std::set<std::string> passive(const std::string& path) {
    const std::string bytes = read_file(path, std::size_t{1} << 28).value();
    std::set<std::string> values;
    const Octets copy(bytes.begin(), bytes.end());
    for (const Observation& each : analyse_memory(copy, all_decoders(), {}).observations.list()) values.insert(each.value);
    return values;
}

}  // namespace

TEST_CASE("what real devices answered in captures answers the probes' questions, and tells what is known to be in them") {
    const char* named = std::getenv("HERKOMST_SHARED");
    const std::string shared = named != nullptr ? named : std::string(HERKOMST_SOURCE_DIR) + "/../shared";
    const std::string captures = shared + "/captures/";
    if (!std::filesystem::exists(captures)) {
        MESSAGE("skipped without ../shared: ", captures, " is not there");
        return;
    }
    if (const char* all = std::getenv("HERKOMST_ALL_CAPTURED"); all != nullptr) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(captures)) {
            const std::string kind = entry.path().extension().string();
            if (!entry.is_regular_file() || kind == ".json" || kind == ".md") continue;
            for (const Probe& probe : all_probes()) {
                if (probe.transport != Transport::Tcp && probe.transport != Transport::Udp) continue;
                const Learned learned = learn(probe, entry.path().string(), 0);
                if (learned.answered != 0)
                    MESSAGE(probe.name, " ", entry.path().string().substr(captures.size()), " ", learned.answered, " ",
                            learned.claims.size());
            }
        }
        return;
    }
    struct Row {
        std::string probe;
        std::string file;
        std::size_t tells;  // so many values at least
    };
    const Row rows[] = {
        {"ads", "beckhoff-ads/beckoffiplinktc3.pcapng", 3},
        {"bacnet", "bacnet/bacnet_example.pcap", 5},
        {"bacnet_who_is", "bacnet/BACnet-BBMD-on-same-subnet.cap", 2},
        {"ethernet_ip", "enip/EIP-IPAddressChangeAttempt.pcap", 5},
        {"ethernet_ip_tcp", "enip/enip_test1.pcap", 5},
        {"fox", "niagara-fox/fox_info.pcap", 5},
        {"ftp", "ftp/OISF_input.pcap", 1},
        {"iec104", "iec104/TestDissectIec104.pcap", 0},
        {"mndp", "discovery-other/mndp.pcap", 5},
        {"mqtt", "mqtt/mqtt.pcap", 0},
        {"netbios", "smb-nbns/MagicJack+_short_call.pcap", 1},
        {"omron_fins", "omron-fins/OmronFINS.pcap", 2},
        {"omron_fins_tcp", "omron-fins/OmronFINS.pcap", 2},
        {"opcua", "opcua/python_opcua-client-server_minimal.pcap", 3},
        {"s7comm", "s7comm/s7_test.pcap", 3},
        {"sip", "sip/DTMFsipinfo.pcap", 1},
        {"snmp_v3", "snmp/snmp.pcap", 2},
        {"ssdp", "ssdp-upnp/anyconnect-vpn.pcap", 3},
        {"ssh", "ssh/input.pcap", 2},
    };
    for (const Row& row : rows) {
        INFO(row.probe, " ", row.file);
        const Probe* probe = probe_named(row.probe);
        REQUIRE(probe != nullptr);
        const Learned learned = learn(*probe, captures + row.file, 0);
        CHECK(learned.answered > 0);
        CHECK(learned.claims.size() >= row.tells);
        const std::set<std::string> known = passive(captures + row.file);
        for (const std::string& value : learned.claims) CHECK_MESSAGE(known.contains(value), value);
    }
}

TEST_SUITE_END();

}  // namespace captured_test
