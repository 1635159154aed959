// Peers that do not end: recorded and read by tcpdump. No reset of ours leaves, but to those who go on sending
// after our FIN for longer, or more, than is read at the end; nobody gets a second session while one may still stand; and no
// budget of bytes or time is exceeded.
#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <sstream>

#include "peers.h"
#include "probes/wire.h"
#include "run_place.h"

using namespace herkomst;
using namespace std::chrono_literals;

namespace hostile_traffic_test {

TEST_SUITE_BEGIN("probe_traffic");

namespace {

struct Session {
    std::string device;
    double from = 0, until = 0, our_fin = 0, our_reset = 0;
    std::size_t after_fin = 0;  // bytes of theirs, until our reset
    bool accepted = false, their_end = false;
};

// By both ends; "127.0.49." is theirs. tcpdump's own lines, for tshark would look into every one of the many segments.
//   1796000000.123456 IP 127.0.0.1.40058 > 127.0.49.4.37605: Flags [F.], seq 5, ack 7, win 512, ..., length 0
std::map<std::string, Session> sessions_in(const std::string& capture) {
    const ProgramRan ran = shell("tcpdump -tt -n -r " + capture + " tcp 2>/dev/null");
    std::map<std::string, Session> sessions;
    std::istringstream lines(ran.out);
    for (std::string line; std::getline(lines, line);) {
        const auto flags_at = line.find(": Flags [");
        const auto length_at = line.find(", length ");
        const auto words = split(line, ' ');
        if (flags_at == std::string::npos || length_at == std::string::npos || words.size() < 5) continue;
        const std::string flags = line.substr(flags_at + 9, line.find(']', flags_at) - flags_at - 9);
        const auto set = [&](char flag) { return flags.find(flag) != std::string::npos; };
        const std::string from(words[2]);
        const std::string to(words[4].substr(0, words[4].size() - 1));
        const auto address = [](const std::string& end) { return end.substr(0, end.rfind('.')); };
        const double at = std::stod(std::string(words[0]));
        const bool by_us = !from.starts_with("127.0.49.");
        Session& session = sessions[by_us ? from + " " + to : to + " " + from];
        if (session.device.empty()) {
            session.device = address(by_us ? to : from);
            session.from = at;
        }
        session.until = at;
        if (by_us) {
            if (set('F') && session.our_fin == 0) session.our_fin = at;
            if (set('R') && session.our_reset == 0) session.our_reset = at;
        } else {
            session.accepted = session.accepted || (set('S') && set('.'));
            session.their_end = session.their_end || set('F') || set('R');
            if (session.our_fin != 0 && session.our_reset == 0) session.after_fin += std::stoul(line.substr(length_at + 9));
        }
    }
    return sessions;
}

struct Row {
    std::string what;
    Peer::Behaviour behaviour;
    bool unclosed = false;
    bool cut_off = false;
    std::string probe = "http";
};

std::vector<Row> hostile() {
    const std::string page = "HTTP/1.1 200 OK\r\nServer: ExampleWeb/2.1\r\nContent-Length: 5\r\n\r\nhello";
    const std::string start = "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n";
    // A handshake that never ends: whole records of nothing.
    const std::string record = std::string("\x16\x03\x03\x40\x00", 5) + std::string(16'384, '\0');
    return {
        {"begins TLS without end", behaviour::endless(record, record), true, true, "https"},
        {"begins TLS drop by drop", behaviour::drips(record, 200ms), true, true, "https"},
        {"answers", behaviour::answers(page)},
        {"answers and never closes", behaviour::never_closes(page), true, false},
        {"is endless", behaviour::endless(start, std::string(1000, 'x')), true, true},
        {"has endless headers", behaviour::endless("HTTP/1.1 200 OK\r\n", "X-Again: yes\r\n"), true, true},
        {"trickles for good", behaviour::trickles(start, 500ms, 90s), true, true},
        {"trickles on for a while after we have closed", behaviour::trickles(start, 500ms, 10s)},
        {"drips", behaviour::drips(page, 100ms)},
        {"says more than it may", behaviour::answers(start + std::string(250'000, 'x'))},
        {"says much in another language", behaviour::answers("SSH-2.0-Example\r\n" + std::string(200'000, 'x'))},
        {"is silent", behaviour::silent()},
        {"closes", behaviour::closes()},
        {"resets", behaviour::resets()},
        {"redirects and never closes",
         behaviour::never_closes("HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n"), true, false},
    };
}

}  // namespace

TEST_CASE("peers that do not end, judged from the packets: no reset but where the last reading has its bound") {
    if (shell("command -v tcpdump").exit_code != 0 || ::geteuid() != 0) {
        MESSAGE("skipped: tcpdump is needed, and the right to capture");
        return;
    }
    const std::vector<Row> rows = hostile();
    std::vector<std::unique_ptr<Peer>> peers;
    std::map<std::string, const Row*> of;
    std::string ranges;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::string ip = "127.0.49." + std::to_string(i + 1);
        of[ip] = &rows[i];
        peers.push_back(std::make_unique<Peer>(ip, rows[i].behaviour));
        const std::uint16_t web = peers.back()->port();
        peers.push_back(std::make_unique<Peer>(ip, behaviour::answers("login: ", false)));
        ranges += (i == 0 ? "" : ",") + RunPlace::range(ip, {{rows[i].probe, {web}}, {"ssh", {peers.back()->port()}}});
    }
    const RunPlace here("hostile_traffic");
    here.scope(ranges);
    const std::string capture = here.path("all.pcap");
    shell("tcpdump -Z root -i lo -B 65536 -s 128 -U -w " + capture +
          " 'tcp and net 127.0.49.0/24' >/dev/null 2>&1 & echo $! > " + here.path("tcpdump.pid") +
          "; for i in $(seq 100); do test -s " + capture + " && break; sleep 0.1; done; sleep 0.5");
    const ProgramRan ran = here.probe();
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    shell("sleep 2; kill $(cat " + here.path("tcpdump.pid") + "); sleep 0.5");

    std::map<std::string, std::size_t> resets;
    std::map<std::string, std::vector<Session>> by_device;
    for (const auto& [stream, session] : sessions_in(capture)) {
        if (!session.accepted) continue;
        const auto row = of.find(session.device);
        REQUIRE(row != of.end());
        INFO(session.device, " ", row->second->what);
        if (session.our_reset != 0) {
            ++resets[session.device];
            const double whole = std::chrono::duration<double>(Wire::closing_whole).count();
            const bool long_enough = session.our_reset - session.our_fin >= whole - 0.01;
            // What had come before our FIN is read with the rest.
            const bool much_enough = session.after_fin + Wire::window >= Wire::closing_bytes;
            CHECK(session.our_fin != 0);
            CHECK((long_enough || much_enough));
        }
        by_device[session.device].push_back(session);
        if (!session.their_end) {
            CHECK(row->second->unclosed);
            by_device[session.device].back().until = std::numeric_limits<double>::infinity();
        }
    }
    CHECK(by_device.size() == rows.size());
    for (auto& [device, list] : by_device) {
        const Row& row = *of.at(device);
        INFO(device, " ", row.what);
        CHECK((resets[device] != 0) == row.cut_off);
        std::sort(list.begin(), list.end(), [](const Session& a, const Session& b) { return a.from < b.from; });
        for (std::size_t i = 1; i < list.size(); ++i) CHECK(list[i].from >= list[i - 1].until);
        if (row.unclosed && row.probe == "http") CHECK(list.size() == 1);  // TLS comes after the rest
    }
    for (const auto& peer : peers) CHECK(peer->most_at_once() <= 1);

    // What the record says of each, and the budgets.
    const auto most_of = [](const Limits& limits) {
        return limits.whole + Schedule::pause * static_cast<int>(limits.requests + 2) + Wire::connecting + Wire::closing_whole +
               Wire::closing_whole;
    };
    std::set<std::string> told;
    for (const Json& line : here.log()) {
        if (line["type"].string() != "exchange") continue;
        const Row& row = *of.at(line["target"].string());
        if (line["probe"].string() != row.probe) continue;
        const Limits& limits = probe_named(row.probe)->limits;
        INFO(row.what);
        told.insert(row.what);
        CHECK(line["unclosed"].boolean() == row.unclosed);
        CHECK(line["cut_off"].boolean() == row.cut_off);
        CHECK((line["reason"].string().find("refused with a reset") != std::string::npos) == row.cut_off);
        CHECK(line["drained"].integer() <= static_cast<std::int64_t>(Wire::closing_bytes + 16'384));
        // Over TLS the records count, not what was in them; a handshake has its own budget.
        const bool tls = probe_named(row.probe)->transport == Transport::Tls;
        const std::size_t most = limits.bytes + (tls ? Wire::tls_bytes : 0) + 16'384;
        std::int64_t read = 0;
        for (const Json& said : line["said"].items())
            if (said["by"].string() == "them" && said["layer"].string() == (tls ? "tls" : "")) read += said["bytes"].integer();
        CHECK(read <= static_cast<std::int64_t>(most));
        if (row.what == "begins TLS without end") CHECK(read > static_cast<std::int64_t>(Wire::tls_bytes));
        CHECK(parse_rfc3339(line["until"].string()).value() - parse_rfc3339(line["at"].string()).value() <= most_of(limits));
    }
    CHECK(told.size() == rows.size());
}

TEST_SUITE_END();

}  // namespace hostile_traffic_test
