// Proof from outside that no question does harm: every probe of `herkomst probes` is asked of a device that answers as its
// transcript says, in namespaces of the test's own, in one run of the program; dumpcap records what goes over the links, and
// tshark, which knows nothing of probes, judges it. Admitted is only what is listed in reads.h.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "../capture/writer.h"
#include "../lint/folder.h"
#include "../peers/server.h"
#include "core/file.h"
#include "judge.h"
#include "probes/synthesis.h"
#include "replay.h"
#include "valid_now.h"

using namespace herkomst;

namespace all_questions_test {

TEST_SUITE_BEGIN("probe_all_questions");

namespace {

constexpr const char* role_mark = "HERKOMST_ALL_QUESTIONS";  // "ask" or "answer", within the namespaces
constexpr const char* folder_mark = "HERKOMST_ALL_QUESTIONS_AT";
constexpr unsigned links = 5;  // the first has the hosts, the others those who answer to groups

// The transcript in which it says most: the first with an answer.
const Transcript& transcript_of(const Probe& probe) {
    for (const Transcript& each : probe.transcripts)
        if (each.outcome == ProbeOutcome::Answered) return each;
    return probe.transcripts.front();
}
std::uint16_t port_of(const Probe& probe) {
    if (probe.learnt.url) return probe.ports.front();
    const std::uint16_t port = transcript_of(probe).port;
    return port != 0 ? port : probe.ports.empty() ? std::uint16_t{0} : probe.ports.front();
}
bool for_hosts(const Probe& probe) { return !probe.only_group; }
bool for_groups(const Probe& probe) {
    return !probe.group.v4.empty() || (probe.transport == Transport::Link && probe.only_group);
}
bool over_tls(const Probe& probe) { return probe.transport == Transport::Tls; }
bool six() { return std::filesystem::exists("/proc/sys/net/ipv6"); }
bool left_out(const Probe& probe) { return probe.name == "ndp" && !six(); }

// A device: its address, and who asks it. What another question must come before is asked of it, too.
struct Device {
    std::string ip;
    std::vector<const Probe*> probes;
};
std::vector<Device> devices() {
    std::vector<Device> out;
    Device many{"192.0.2.20", {}};
    std::set<std::pair<std::uint16_t, bool>> taken;
    for (const Probe& probe : all_probes()) {
        if (!for_hosts(probe) || left_out(probe)) continue;
        const std::string ip = probe.name == "ndp" ? "2001:db8::20" : "192.0.2." + std::to_string(21 + out.size());
        Device device{ip, {&probe}};
        if (const Probe* before = probe_named(probe.after); before != nullptr && before != &probe)
            device.probes.insert(device.probes.begin(), before);
        // One device has nearly all of it, so that it has to be asked one thing after the other.
        const bool datagrams = probe.transport == Transport::Udp;
        const bool plain =
            probe.makers.empty() && probe.after.empty() && !probe.learnt.waits() && !probe.only_named && !over_tls(probe);
        if (plain && port_of(probe) != 0 && taken.insert({port_of(probe), datagrams}).second) many.probes.push_back(&probe);
        out.push_back(std::move(device));
    }
    out.push_back(std::move(many));
    return out;
}
// Some have a bus behind them, says the scope file.
bool is_gateway(const Device& device) {
    const std::string_view first = device.probes.front()->name;
    return device.probes.size() <= 2 && (first == "modbus" || first == "modbus_server_id" || first == "sunspec");
}
std::set<std::string> gateways() {
    std::set<std::string> out;
    for (const Device& device : devices())
        if (is_gateway(device)) out.insert(device.ip);
    return out;
}
std::string link_of(const Probe& probe) {
    unsigned at = 0;
    for (const Probe& each : all_probes()) {
        if (!for_groups(each)) continue;
        if (&each == &probe) break;
        ++at;
    }
    return std::to_string(1 + at % (links - 1));
}

std::string quoted_list(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "\"" : ",\"") + word + "\"";
    return "[" + out + "]";
}

std::string scope() {
    std::string ranges;
    for (const Device& device : devices()) {
        std::vector<std::string> names;
        std::string more = is_gateway(device) ? ",\"gateway\":true" : "";
        for (const Probe* probe : device.probes) {
            const Transcript& transcript = transcript_of(*probe);
            names.emplace_back(probe->name);
            if (!probe->makers.empty()) more += ",\"maker\":\"" + std::string(probe->makers.front()) + "\"";
            if (device.probes.size() > 2) continue;
            if (probe->each == Probe::Each::Station) more += ",\"stations\":[\"" + std::string(transcript.station) + "\"]";
            if (probe->each == Probe::Each::Slot && transcript.slot != 0)
                more += ",\"slots\":[" + std::to_string(transcript.slot) + "]";
            if (probe == device.probes.front() && transcript.unit != 0)
                more += ",\"units\":[" + std::to_string(transcript.unit) + "]";
            if (probe->each == Probe::Each::Community)
                more += ",\"communities\":[\"" + std::string(transcript.community) + "\"]";
        }
        ranges += (ranges.empty() ? "" : ",") + (R"({"range":")" + device.ip + R"(","shared_sessions":true,"probes":)") +
                  quoted_list(names) + more + "}";
    }
    std::map<std::string, std::vector<std::string>> asked;
    asked["here0"] = {"arp", "ndp"};
    for (const Probe& probe : all_probes())
        if (for_groups(probe)) asked["here" + link_of(probe)].emplace_back(probe.name);
    std::string interfaces;
    for (const auto& [name, probes] : asked)
        interfaces += (interfaces.empty() ? "" : ",") + (R"({"name":")" + name + R"(","broadcast":true,"probes":)") +
                      quoted_list(probes) + "}";
    return R"({"schema":"herkomst-scope/1","authorised_by":"A. Person","purpose":"test",)" + valid_now() + R"(,"ranges":[)" +
           ranges + R"(],"interfaces":[)" + interfaces + "]}";
}

// Whoever says what this question waits for: the probe whose answers its method reads.
const Probe* source_of(const Probe& probe) {
    for (const Probe& each : all_probes())
        if (!each.decoder.empty() && probe.learnt.methods.front().starts_with(std::string(each.decoder) + ".")) return &each;
    return nullptr;
}

// What was heard of those whose first question waits for evidence: transcripts, as a capture.
std::string heard(const Folder& folder) {
    PacketBytes capture = pcapng_head();
    for (const Device& device : devices()) {
        const Probe* probe = device.probes.front();
        if (probe->after.empty() && !probe->learnt.waits()) continue;
        if (probe->learnt.waits()) probe = source_of(*probe);
        Target target = target_of(*probe, transcript_of(*probe));
        target.ip = *IpAddress::parse(device.ip);
        std::vector<Said> all = play(*probe, transcript_of(*probe)).said;
        // It speaks of its own address.
        const std::string_view theirs = "192.0.2.20";
        for (Said& said : all) {
            const auto at = std::search(said.bytes.begin(), said.bytes.end(), theirs.begin(), theirs.end());
            if (at != said.bytes.end() && device.ip.size() == theirs.size()) std::copy(device.ip.begin(), device.ip.end(), at);
        }
        append_packets(capture, *probe, target, all);
    }
    folder.write("heard.pcapng", std::string(capture.begin(), capture.end()));
    return (folder.path() / "heard.pcapng").string();
}

[[noreturn]] void answer_everything(const std::string& at) {
    Replay replay;
    for (const Device& device : devices()) {
        for (const Probe* probe : device.probes) {
            if (port_of(*probe) == 0 || over_tls(*probe)) continue;
            replay.serve(device.ip, port_of(*probe), probe->transport == Transport::Udp, {probe, &transcript_of(*probe)});
        }
    }
    for (const Probe& probe : all_probes()) {
        if (!for_groups(probe)) continue;
        const std::string interface = "there" + link_of(probe);
        if (probe.transport == Transport::Link) {
            replay.serve_frames(interface, {&probe, &transcript_of(probe)});
            continue;
        }
        replay.serve("0.0.0.0", port_of(probe), true, {&probe, &transcript_of(probe)});
        if (probe.group.v4 != "broadcast") replay.join(port_of(probe), std::string(probe.group.v4), interface);
    }
    std::ofstream(at + "/ready") << "ready\n";
    replay.run();
}

// The other end of the links: addresses, servers that speak TLS, and everybody else.
std::string other_end(const std::string& at) {
    std::string words =
        "until ip link show there" + std::to_string(links - 1) + " >/dev/null 2>&1; do sleep 0.05; done; ip link set lo up; ";
    words += "for i in 0 1 2 3 4; do ip link set there$i up; done; ";
    for (unsigned i = 1; i < links; ++i)
        words +=
            "ip addr add 198.51.100." + std::to_string(64 * (i - 1) + 20) + "/26 brd + dev there" + std::to_string(i) + "; ";
    for (const Device& device : devices()) {
        if (device.ip.find(':') != std::string::npos) {
            words += "ip addr add " + device.ip + "/64 dev there0 nodad; ";
            continue;
        }
        words += "ip addr add " + device.ip + "/24 dev there0; ";
        for (const Probe* probe : device.probes) {
            if (!over_tls(*probe)) continue;
            const std::string server = "openssl s_server -accept " + device.ip + ":" + std::to_string(port_of(*probe)) +
                                       " -key " + at + "/key.pem -cert " + at + "/cert.pem -keylogfile " + at + "/keys";
            if (probe->decoder == "fox") {
                words += "{ cat " + at + "/fox; sleep 100; } | " + server + " -quiet >/dev/null 2>&1 & ";
            } else if (probe->after.empty()) {
                words += "(cd " + at + "/www && exec " + server + " -WWW >/dev/null 2>&1) & ";
            }
        }
    }
    return words + "exec env " + role_mark + "=answer " HERKOMST_BINARY_DIR "/bin/herkomst_tests --test-case='every question*'";
}

std::string this_end() {
    std::string words = "ip addr add 192.0.2.10/24 dev here0; ";
    for (unsigned i = 1; i < links; ++i)
        words +=
            "ip addr add 198.51.100." + std::to_string(64 * (i - 1) + 10) + "/26 brd + dev here" + std::to_string(i) + "; ";
    words += "for i in 0 1 2 3 4; do ip link set here$i up; done; ";
    if (six()) words += "ip addr add 2001:db8::a/64 dev here0 nodad; ip addr add fe80::a/64 dev here0 nodad; ";
    return words;
}

std::string files(const Folder& folder) {
    const std::string at = folder.path().string();
    REQUIRE(shell("openssl req -x509 -newkey rsa:2048 -nodes -keyout " + at + "/key.pem -out " + at +
                  "/cert.pem -days 30 -subj '/O=Example Works/CN=EX-520'")
                .exit_code == 0);
    std::filesystem::create_directories(folder.path() / "www");
    folder.write("www/info", "<?xml version='1.0'?><envoy_info><device><sn>202200000042</sn></device></envoy_info>\n");
    const Turn& hello = transcript_of(*probe_named("fox")).turns.front();
    folder.write("fox", std::string(hello.reply_text));
    folder.write("scope.json", scope());
    return at;
}

}  // namespace

TEST_CASE(
    "every question is asked of a device that answers: what was sent only reads, session after session, no faster than "
    "promised") {
    const char* role = std::getenv(role_mark);
    if (role == nullptr) {
        if (shell("command -v dumpcap && command -v tshark && command -v openssl && command -v unshare").exit_code != 0) {
            MESSAGE("skipped: dumpcap, tshark, openssl and unshare are needed");
            return;
        }
        const Folder folder("all_questions");
        const std::string at = files(folder);
        std::string words = "ip link set lo up";
        for (unsigned i = 0; i < links; ++i)
            words += " && ip link add here" + std::to_string(i) + " address 00:00:5e:00:53:0a type veth peer name there" +
                     std::to_string(i);
        const ProgramRan ran = shell("unshare -rmn sh -c \"" + words + " && " + role_mark + "=ask " + folder_mark + "=" + at +
                                     " timeout 150 " HERKOMST_BINARY_DIR "/bin/herkomst_tests --test-case='every question*'\"");
        if (ran.out.find("Operation not permitted") != std::string::npos || ran.exit_code == 127) {
            MESSAGE("skipped: no namespaces can be made here");
            return;
        }
        INFO(ran.out);
        CHECK(ran.exit_code == 0);
        CHECK(ran.out.find("1 passed") != std::string::npos);
        return;
    }
    const std::string at = std::getenv(folder_mark);
    if (std::string(role) == "answer") answer_everything(at);

    const peers::Server server("", "unshare", {"-nm", "sh", "-c", other_end(at)});
    const std::string other = "/proc/" + std::to_string(server.id()) + "/ns/net";
    const ProgramRan tied =
        shell("for i in $(seq 100); do [ \"$(readlink " + other +
              ")\" != \"$(readlink /proc/$$/ns/net)\" ] && break; sleep 0.05; done; for i in 0 1 2 3 4; do "
              "ip link set there$i netns " +
              std::to_string(server.id()) + " || exit 1; done; " + this_end() + "for i in $(seq 200); do test -s " + at +
              "/ready && break; sleep 0.05; done; sleep 2; test -s " + at + "/ready");
    INFO(tied.out);
    REQUIRE(tied.exit_code == 0);
    std::string recorder = "dumpcap -q -B 16";
    for (unsigned i = 0; i < links; ++i) recorder += " -i here" + std::to_string(i);
    shell(recorder + " -w " + at + "/all.pcapng >" + at + "/dumpcap.log 2>&1 & echo $! >" + at +
          "/dumpcap.pid; for i in $(seq 100); do test -s " + at + "/all.pcapng && break; sleep 0.1; done; sleep 1");
    const Folder heard_before("all_questions_heard");
    const ProgramRan ran = herkomst_does("probe " + heard(heard_before) +
                                         " --quiet --keep-bytes --i-am-authorised Me --until observations --scope " + at +
                                         "/scope.json --record " + at + "/record >" + at + "/observations");
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    shell("sleep 1; kill -INT $(cat " + at + "/dumpcap.pid); for i in $(seq 50); do kill -0 $(cat " + at +
          "/dumpcap.pid) 2>/dev/null || break; sleep 0.1; done");

    // Each question was asked, and ended as the transcript says.
    std::map<std::string, std::set<std::string>> outcomes;
    std::map<std::string, std::string> lines;
    std::map<std::string, std::size_t> messages;  // that were sent in one exchange, at most
    const std::string log = read_file(at + "/record/exchanges.ndjson").value();
    for (const std::string_view line : split(log, '\n')) {
        const auto value = [&](std::string_view key) {
            const std::string start = "\"" + std::string(key) + "\":\"";
            const std::size_t begin = line.find(start);
            if (begin == std::string_view::npos) return std::string();
            const std::size_t from = begin + start.size();
            return std::string(line.substr(from, line.find('"', from) - from));
        };
        outcomes[value("probe")].insert(value("outcome"));
        lines[value("probe")] += std::string(line) + "\n";
        std::size_t count = 0;
        for (std::size_t found = line.find("\"request\":"); found != std::string_view::npos;
             found = line.find("\"request\":", found + 1))
            ++count;
        messages[value("probe")] = std::max(messages[value("probe")], count);
    }
    for (const Probe& probe : all_probes()) {
        if (left_out(probe)) continue;
        const std::string named(probe.name);
        CHECK_MESSAGE(outcomes[named].contains(std::string(name(transcript_of(probe).outcome))), lines[named]);
        // All of it, and the farewell: what a transcript sends must be sent. Whoever speaks TLS here says less than that.
        std::size_t wanted = 0;
        for (const Turn& turn : transcript_of(probe).turns) wanted += turn.sent_hex.empty() && turn.sent_text.empty() ? 0 : 1;
        if (!over_tls(probe)) CHECK_MESSAGE(messages[named] >= wanted, lines[named]);
    }
    const std::vector<reads::Packet> packets = reads::judged(at + "/all.pcapng", at + "/tshark", at + "/keys");
    CHECK(packets.size() > 1000);
    for (const std::string& problem : reads::problems(packets, gateways())) FAIL_CHECK(problem);
    for (const std::string& filter : reads::unused(packets)) {
        if (!six() && filter.starts_with("ICMPv6")) continue;
        FAIL_CHECK("never seen: " << filter);
    }
}

TEST_CASE("the judge does judge: writes and commands of each protocol, resets, open sessions and haste are found") {
    if (shell("command -v tshark").exit_code != 0) {
        MESSAGE("skipped: tshark is needed");
        return;
    }
    using namespace made;
    const Folder folder("all_questions_planted");
    const std::string at = folder.path().string();
    const auto judged = [&](const Pcap& capture, const std::set<std::string>& behind_a_bus = {}) {
        folder.write("planted.pcap", std::string(capture.bytes.begin(), capture.bytes.end()));
        return reads::problems(reads::judged(at + "/planted.pcap", at + "/tshark"), behind_a_bus);
    };
    struct Planted {
        const char* what;
        bool datagram;
        unsigned port;
        const char* bytes;
    };
    // Each from the specification that reads.h judges by; the last ones are in protocols that nobody asked about.
    constexpr Planted writes[] = {
        {"Modbus 6", false, 502, "0001 0000 0006 01 06 0000 0001"},
        {"Modbus 16", false, 502, "0001 0000 0009 01 10 0000 0001 02 0001"},
        {"Modbus 43, and 5 behind it", false, 502, "0001 0000 0005 01 2b 0e 01 00 0002 0000 0006 01 05 0000 ff00"},
        {"EtherNet/IP: Set_Attribute_Single", false, 44818,
         "6f00 1a00 01000000 00000000 0000000000000000 00000000 00000000 0000 0200 0000 0000 b200 0a00 10 03 20 04 24 64 30 03 "
         "0000"},
        {"BACnet: WriteProperty", true, 47808, "810a 0017 0104 00 05 01 0f 0c 00800001 19 55 3e 44 41200000 3f"},
        {"BACnet: ReinitializeDevice", true, 47808, "810a 000c 0104 00 05 01 14 09 00"},
        {"S7: write", false, 102,
         "0300 0024 02f080 32 01 0000 0001 000e 0005 05 01 120a10 02 0001 0001 84 000000 00 04 0008 01"},
        {"S7: stop", false, 102, "0300 0021 02f080 32 01 0000 0001 0010 0000 29 0000000000 09 505f50524f4752414d"},
        {"DNP3: direct operate", false, 20000, "0564 0b c4 0100 0400 0000 c0 c0 05 0c01 06 0000"},
        {"IEC 104: start of data transfer", false, 2404, "68 04 07 00 00 00"},
        {"IEC 104: single command", false, 2404, "68 0e 0000 0000 2d 01 0600 0100 010000 01"},
        {"FINS: memory area write", true, 9600, "80 00 02 000000 006300 01 0102 82 0000 00 0001 0001"},
        {"SLMP: batch write", false, 5007, "5000 00 ff ff03 00 0e00 1000 0114 0000 000000 a8 0100 0100"},
        {"SNMP: set", true, 161,
         "302c 0201 01 0407 7072697661 7465 a31e 0201 01 0201 00 0201 00 3013 3011 0608 2b06010201010500 0405 6576696c31"},
        {"MQTT: publish", false, 1883, "30 05 0001 61 31 31"},
        {"KNX: tunnel", true, 3671, "0610 0205 001a 0801 c000020a 9c40 0801 c000020a 9c40 0404 0200"},
        {"PROFINET DCP: set", false, 0, "fefd 04 00 00000001 0000 0008 0503 0004 0000 0001"},
        {"HTTP: post", false, 80,
         "504f5354202f20485454502f312e310d0a486f73743a20610d0a436f6e74656e742d4c656e6774683a20300d0a0d0a"},
        {"RTSP: teardown", false, 554, "54454152444f574e20727473703a2f2f612f20525453502f312e300d0a435365713a20310d0a0d0a"},
        {"ECHONET Lite: set", true, 3610, "1081 0001 05ff01 0ef001 61 01 80 01 31"},
        {"OPC UA: write", false, 4840,
         "4d534746 2c000000 01000000 01000000 01000000 01000000 0100a102 0000 0000000000000000 00000000 00000000 00000000"},
        {"ADS: add a route", true, 48899, "03661471 00000000 06000000 c000020a0101 1027 00000000"},
        {"GoodWe: write", true, 8899, "aa55 c07f 0239 05 000000 0000 027a"},
        {"SIP: invite", true, 5060,
         "494e56495445207369703a61205349502f322e300d0a5669613a205349502f322e302f55445020613b6272616e63683d7a39684734624b310d0a"
         "4353657120 3a203120494e564954450d0a0d0a"},
        {"CoAP: put", true, 5683, "54 03 1234 00001234 b3 616263 ff 31"},
        {"Solarman: a write", false, 8899, "a517001045340001bbeea00200000000000000000000000000000106002b000278039b15"},
        {"UPnP: a command", false, 49152,
         "504f5354202f6374726c20485454502f312e310d0a436f6e74656e742d4c656e6774683a20300d0a0d0a"},
        {"TFTP", true, 69, "0002 61 00 6f63746574 00"},
    };
    for (const Planted& each : writes) {
        INFO(each.what);
        const Octets bytes = unhex(each.bytes);
        Pcap capture;
        if (each.port == 0) {
            capture.add(ethernet(true, 0x8892, bytes));
        } else if (each.datagram) {
            capture.add(udp_frame(true, each.port, bytes));
        } else {
            capture.add(tcp_frame(true, each.port, 1, ack, bytes));
        }
        const auto found = judged(capture);
        CHECK_MESSAGE((!found.empty() && found.front().find("no filter admits it") != std::string::npos), each.what);
    }
    const auto has = [&](const Pcap& capture, const std::string& what) {
        std::string all;
        for (const std::string& problem : judged(capture)) all += problem + "\n";
        CHECK_MESSAGE(all.find(what) != std::string::npos, what, " in: ", all);
    };
    const Octets ask = unhex("0001 0000 0005 01 2b 0e 01 00");
    const auto session = [&](Pcap& capture, unsigned port, bool whole, unsigned later = 0) {
        const unsigned when = start_second + later;
        capture.add(tcp_frame(true, port, 0, syn, {}), 0, when);
        capture.add(tcp_frame(false, port, 0, syn | ack, {}), 0, when);
        capture.add(tcp_frame(true, port, 1, ack, ask), 0, when + 1);
        if (!whole) return;
        capture.add(tcp_frame(true, port, 12, fin | ack, {}), 0, when + 2);
        capture.add(tcp_frame(false, port, 1, fin | ack, {}), 0, when + 2);
    };
    Pcap good;
    session(good, 502, true);
    CHECK(judged(good).empty());
    Pcap open;
    session(open, 502, false);
    has(open, "not ended by both");
    has(Pcap().add(tcp_frame(true, 502, 0, syn, {})), "half open");
    Pcap reset = good;
    has(reset.add(tcp_frame(true, 502, 12, rst, {})), "we reset");
    Pcap two;
    session(two, 502, false);
    session(two, 1502, true);
    has(two, "two sessions at once");
    // Who does not close has a session for good.
    Pcap lasting;
    session(lasting, 502, false);
    session(lasting, 1502, true, 100);
    has(lasting, "two sessions at once");
    Pcap after;
    session(after, 502, true);
    session(after, 1502, true, 100);
    CHECK(judged(after).empty());
    has(Pcap().add(udp_frame(true, 30718, unhex("000000f6"))).add(udp_frame(true, 30718, unhex("000000f6"))), "was asked");
    // Half a second is enough for a device, and not for one with a bus behind it.
    Pcap slow;
    slow.add(udp_frame(true, 30718, unhex("000000f6")));
    for (int i = 0; i < 499; ++i) slow.add(udp_frame(false, 30718, unhex("000000f7")));
    slow.add(udp_frame(true, 30718, unhex("000000f6")));
    CHECK(judged(slow).empty());
    const auto hasty = judged(slow, {IpAddress::v4(server_ip).text()});
    CHECK((hasty.size() == 1 && hasty.front().find("was asked 0.5") != std::string::npos));
    Pcap many;
    for (int i = 0; i < 41; ++i) many.add(tcp_frame(true, 502, 1, ack, {}));
    has(many, "more than 40 packets a second to " + IpAddress::v4(server_ip).text());
    Pcap bare;
    bare.add(tcp_frame(true, 502, 0, syn, {})).add(tcp_frame(false, 502, 0, syn | ack, {}));
    has(bare.add(tcp_frame(true, 502, 1, fin | ack, {})).add(tcp_frame(false, 502, 1, fin | ack, {})), "said nothing");
}

TEST_SUITE_END();

}  // namespace all_questions_test
