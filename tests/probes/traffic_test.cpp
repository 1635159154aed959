// Proof from outside that a run is harmless: all its traffic is recorded by tcpdump and judged by tshark, neither of which
// knows what we meant to do. Needs both, and the right to capture on the loopback interface; says so where it is skipped.
#include <algorithm>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>

#include "../lint/folder.h"
#include "core/text.h"
#include "herkomst_run.h"
#include "peers.h"

using namespace herkomst;

namespace traffic_test {

TEST_SUITE_BEGIN("probe_traffic");

namespace {

struct Packet {
    double at = 0;
    std::string from, to;
    std::string stream;
    bool syn = false, ack = false, fin = false, reset = false;
    int bytes = 0;
    std::string modbus, http;
};

std::vector<Packet> judged(const std::string& capture, const std::string& decode_as) {
    const ProgramRan ran = shell("tshark -r " + capture + decode_as +
                                 " -T fields -E separator=';' -e frame.time_epoch -e ip.src -e ip.dst -e tcp.stream"
                                 " -e tcp.flags.syn -e tcp.flags.ack -e tcp.flags.fin -e tcp.flags.reset -e tcp.len"
                                 " -e modbus.func_code -e http.request.method -Y tcp");
    std::vector<Packet> packets;
    std::istringstream lines(ran.out);
    for (std::string line; std::getline(lines, line);) {
        const auto fields = split(line, ';');
        if (fields.size() != 11) continue;
        const auto set = [&](std::size_t i) { return fields[i] == "1" || fields[i] == "True"; };
        packets.push_back({std::stod(std::string(fields[0])), std::string(fields[1]), std::string(fields[2]),
                           std::string(fields[3]), set(4), set(5), set(6), set(7), std::stoi(std::string(fields[8])),
                           std::string(fields[9]), std::string(fields[10])});
    }
    return packets;
}

}  // namespace

TEST_CASE("a full run, judged from its packets: no reset, no half-open session, one session at a time, pacing kept") {
    if (shell("command -v tcpdump && command -v tshark").exit_code != 0 || ::geteuid() != 0) {
        MESSAGE("skipped: tcpdump and tshark are needed, and the right to capture");
        return;
    }
    using namespace std::string_literals;
    const std::string page = "HTTP/1.1 200 OK\r\nServer: ExampleWeb/2.1\r\nContent-Length: 5\r\n\r\nhello";
    const std::string exception = "\x00\x00\x00\x00\x00\x03\xff\xab\x01"s;
    // Fourteen devices, each with a web server and a field bus, well- and ill-behaved.
    const std::vector<std::pair<Peer::Behaviour, Peer::Behaviour>> devices = {
        {behaviour::answers(page), behaviour::answers(exception, false)},
        {behaviour::answers(page, false), behaviour::silent()},
        {behaviour::silent(), behaviour::closes()},
        {behaviour::drips(page, std::chrono::milliseconds(150)), behaviour::answers("SSH-2.0-Example\r\n", false)},
        {behaviour::answers("HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n"),
         behaviour::answers(exception)},
        {behaviour::resets(page), behaviour::answers(exception)},
        {behaviour::closes(), behaviour::answers("\x00\x00\x00\x00\x00\xfe"s, false)},
    };
    std::vector<std::unique_ptr<Peer>> peers;
    std::string ranges;
    std::string decode_as;
    for (std::size_t i = 0; i < 2 * devices.size(); ++i) {
        const std::string ip = "127.0.35." + std::to_string(i + 1);
        const auto& [web, field] = devices[i % devices.size()];
        peers.push_back(std::make_unique<Peer>(ip, web));
        const std::uint16_t web_port = peers.back()->port();
        peers.push_back(std::make_unique<Peer>(ip, field));
        const std::uint16_t field_port = peers.back()->port();
        ranges += (ranges.empty() ? "" : ",") +
                  (R"({"range":")" + ip + R"(","probes":["http","modbus"],"ports":{"http":[)" + std::to_string(web_port) +
                   R"(],"modbus":[)" + std::to_string(field_port) + R"(]},"shared_sessions":true})");
        decode_as +=
            " -d tcp.port==" + std::to_string(field_port) + ",mbtcp -d tcp.port==" + std::to_string(web_port) + ",http";
    }
    const Folder folder("traffic");
    const std::string capture = (folder.path() / "all.pcap").string();
    const std::string record = (folder.path() / "record").string();
    folder.write(
        "scope.json",
        R"({"schema":"herkomst-scope/1","authorised_by":"A. Person","purpose":"test","valid":{"from":"2026-11-01T00:00:00Z",)"
        R"("until":"2026-12-01T00:00:00Z"},"ranges":[)" +
            ranges + "]}");
    const std::string words = " -Z root -i lo -U -w " + capture + " 'net 127.0.35.0/24' >/dev/null 2>&1 & echo $! > " +
                              (folder.path() / "tcpdump.pid").string() + "; for i in $(seq 100); do test -s " + capture +
                              " && break; sleep 0.1; done; sleep 0.5";
    shell("tcpdump" + words);
    const ProgramRan ran =
        herkomst_does("probe --now 2026-11-27T12:00:00Z --quiet --i-am-authorised Me --until observations --scope " +
                      (folder.path() / "scope.json").string() + " --record " + record);
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    shell("sleep 1; kill $(cat " + (folder.path() / "tcpdump.pid").string() + "); sleep 0.5");

    const std::vector<Packet> packets = judged(capture, decode_as);
    REQUIRE(packets.size() > 100);
    const auto ours = [](const Packet& packet) { return !packet.from.starts_with("127.0.35."); };

    struct Session {
        std::string device;
        double from = 0, until = 0;
        bool accepted = false, our_fin = false, their_end = false;
    };
    std::map<std::string, Session> sessions;
    std::map<std::string, double> last_sent;  // to a device
    std::map<std::string, double> first_sent;
    const double tolerance = 0.005;  // of the recording's clock
    for (const Packet& packet : packets) {
        const bool by_us = ours(packet);
        const std::string device = by_us ? packet.to : packet.from;
        Session& session = sessions[packet.stream];
        if (session.device.empty()) session = {device, packet.at, packet.at, false, false, false};
        session.until = packet.at;
        if (by_us) {
            CHECK_MESSAGE(!packet.reset, device);
            CHECK(packet.modbus.find_first_not_of("43") == std::string::npos);  // function 43 and no other
            CHECK((packet.http.empty() || packet.http == "GET"));
            session.our_fin = session.our_fin || packet.fin;
            if ((packet.syn && !packet.ack) || packet.bytes > 0) {
                if (last_sent.contains(device)) CHECK_MESSAGE(packet.at - last_sent[device] >= 0.2 - tolerance, device);
                last_sent[device] = packet.at;
                first_sent.emplace(device, packet.at);
            }
        } else {
            session.accepted = session.accepted || (packet.syn && packet.ack);
            session.their_end = session.their_end || packet.fin || packet.reset;
        }
    }
    CHECK(first_sent.size() == 2 * devices.size());
    std::vector<double> new_devices;
    for (const auto& [device, at] : first_sent) new_devices.push_back(at);
    std::sort(new_devices.begin(), new_devices.end());
    for (std::size_t i = 10; i < new_devices.size(); ++i) CHECK(new_devices[i] - new_devices[i - 10] >= 1.0 - tolerance);
    std::map<std::string, std::vector<Session>> by_device;
    for (const auto& [stream, session] : sessions) {
        if (session.accepted) {
            // Ended by both, or broken off by them.
            CHECK_MESSAGE(session.their_end, session.device);
            by_device[session.device].push_back(session);
            // What was not ended lasts.
            if (!session.their_end) by_device[session.device].back().until = std::numeric_limits<double>::infinity();
        }
    }
    std::size_t accepted = 0;
    for (auto& [device, list] : by_device) {
        std::sort(list.begin(), list.end(), [](const Session& a, const Session& b) { return a.from < b.from; });
        for (std::size_t i = 1; i < list.size(); ++i) CHECK_MESSAGE(list[i].from >= list[i - 1].until, device);
        accepted += list.size();
    }
    CHECK(accepted >= 2 * devices.size());
    for (const auto& peer : peers) CHECK(peer->most_at_once() <= 1);
}

TEST_SUITE_END();

}  // namespace traffic_test
