// How a recorded run is judged: by what its packets are (reads.h) and by how sessions and moments lie.
#pragma once

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "reads.h"

namespace reads {

// Of the recording's clock.
inline constexpr double tolerance = 0.005;

struct Session {
    std::string device;
    double from = 0, until = 0;
    std::size_t bytes = 0;
    bool asked = false, accepted = false, refused = false, our_fin = false, their_end = false;
};

// The kernel speaks for itself on a link, and a TLS handshake is one thing that is asked: neither is paced.
inline bool paced(const Packet& packet) {
    if (packet.again) return false;
    if (packet.tcp) return (packet.syn && !packet.ack) || (packet.bytes > 0 && !packet.read.starts_with("TLS"));
    return !packet.read.starts_with("ARP") && !packet.read.starts_with("ICMPv6") && !packet.read.starts_with("IGMP");
}
// The hardware's address says it: its lowest bit.
inline bool to_a_group(const Packet& packet) { return (std::stoi(packet.link_to.substr(0, 2), nullptr, 16) & 1) != 0; }

inline std::vector<std::string> sessions_problems(const std::vector<Packet>& packets) {
    std::vector<std::string> out;
    std::map<std::string, Session> sessions;
    for (const Packet& packet : packets) {
        if (!packet.tcp) continue;
        Session& session = sessions[packet.stream];
        if (session.device.empty()) session = {packet.by_us() ? packet.to : packet.from, packet.at, packet.at};
        session.until = packet.at;
        session.bytes += packet.bytes;
        if (packet.by_us()) {
            if (packet.reset) out.push_back("frame " + packet.frame + ": we reset the session with " + packet.to);
            session.asked = session.asked || (packet.syn && !packet.ack);
            session.our_fin = session.our_fin || packet.fin;
        } else {
            session.accepted = session.accepted || (packet.syn && packet.ack);
            session.refused = session.refused || packet.reset;
            session.their_end = session.their_end || packet.fin || packet.reset;
        }
    }
    std::map<std::string, std::vector<Session>> by_device;
    for (const auto& [stream, session] : sessions) {
        const std::string of = "stream " + stream + " with " + session.device + ": ";
        if (!session.asked) continue;
        if (!session.accepted && !session.refused) out.push_back(of + "half open");
        if (!session.accepted) continue;
        if (!session.refused && (!session.our_fin || !session.their_end)) out.push_back(of + "not ended by both");
        if (session.bytes == 0) out.push_back(of + "connected and said nothing");
        by_device[session.device].push_back(session);
        // What was not ended lasts.
        if (!session.refused && (!session.our_fin || !session.their_end))
            by_device[session.device].back().until = std::numeric_limits<double>::infinity();
    }
    for (auto& [device, list] : by_device) {
        std::sort(list.begin(), list.end(), [](const Session& a, const Session& b) { return a.from < b.from; });
        for (std::size_t i = 1; i < list.size(); ++i)
            if (list[i].from < list[i - 1].until) out.push_back(device + ": two sessions at once");
    }
    return out;
}

// What the kernel adds to it (acknowledgements) counts, too.
inline std::vector<std::string> rate_problems(const std::vector<Packet>& packets) {
    std::vector<std::string> out;
    std::map<std::string, std::vector<double>> sent;
    for (const Packet& packet : packets) {
        if (!packet.by_us()) continue;
        sent[""].push_back(packet.at);
        sent[packet.to].push_back(packet.at);
    }
    for (auto& [to, moments] : sent) {
        const std::size_t most = to.empty() ? 1000 : 40;
        std::sort(moments.begin(), moments.end());
        for (std::size_t i = most; i < moments.size(); ++i) {
            if (moments[i] - moments[i - most] >= 1.0 - tolerance) continue;
            out.push_back("more than " + std::to_string(most) + " packets a second to " + (to.empty() ? "all" : to));
            break;
        }
    }
    return out;
}

// `gateways`: addresses with a serial bus behind them.
inline std::vector<std::string> pacing_problems(const std::vector<Packet>& packets, const std::set<std::string>& gateways) {
    std::vector<std::string> out;
    std::map<std::string, double> last;
    std::vector<double> first;
    for (const Packet& packet : packets) {
        if (!packet.by_us() || !paced(packet)) continue;
        // Everybody on a link counts as one device. (Our address of a link in IPv6 is the same on several.)
        const std::string device = to_a_group(packet) ? "link of " + packet.from + " " + packet.interface : packet.to;
        if (const auto before = last.find(device); before == last.end()) {
            first.push_back(packet.at);
        } else if (packet.at - before->second < (gateways.contains(device) ? 1.0 : 0.2) - tolerance) {
            out.push_back("frame " + packet.frame + ": " + device + " was asked " + std::to_string(packet.at - before->second) +
                          " s ago");
        }
        last[device] = packet.at;
    }
    std::sort(first.begin(), first.end());
    for (std::size_t i = 10; i < first.size(); ++i)
        if (first[i] - first[i - 10] < 1.0 - tolerance)
            out.push_back("more than ten new devices in a second: eleven in " + std::to_string(first[i] - first[i - 10]) +
                          " s");
    return out;
}

// Everything that a harmless run does not have.
inline std::vector<std::string> problems(const std::vector<Packet>& packets, const std::set<std::string>& gateways = {}) {
    std::vector<std::string> out;
    for (const Packet& packet : packets)
        if (packet.by_us() && packet.says() && packet.read.empty())
            out.push_back("frame " + packet.frame + " to " + packet.to + ": no filter admits it: " + packet.info);
    for (const auto& more : {sessions_problems(packets), pacing_problems(packets, gateways), rate_problems(packets)})
        out.insert(out.end(), more.begin(), more.end());
    return out;
}

// Filters that admitted nothing: what they say was not shown.
inline std::set<std::string> unused(const std::vector<Packet>& packets) {
    std::set<std::string> out;
    for (const Read& each : all) out.emplace(each.what);
    for (const Packet& packet : packets)
        if (packet.by_us()) out.erase(packet.read);
    return out;
}

}  // namespace reads
