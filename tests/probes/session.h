// A session that somebody else has with a server, as a capture that the gate reads. Shared by the tests of this folder.
#pragma once

#include <chrono>
#include <string>

#include "core/file.h"
#include "probes/exchange.h"
#include "probes/synthesis.h"

// A session of 192.0.2.10 with a server of that probe's protocol, as a capture.
inline void write_session(const std::string& path, const std::string& probe_name, const std::string& server,
                          std::uint16_t port) {
    const herkomst::Probe& probe = *herkomst::probe_named(probe_name);
    herkomst::Target target = target_of(probe, probe.transcripts.front());
    target.ip = herkomst::IpAddress::parse(server).value();
    target.port = port;
    herkomst::PacketBytes capture = herkomst::pcapng_head();
    append_packets(capture, probe, target, play(probe, probe.transcripts.front()).said);
    herkomst::write_file(path, {reinterpret_cast<const char*>(capture.data()), capture.size()});
}

// Something that somebody heard, of another place altogether, and for so long.
inline void write_heard(const std::string& path, herkomst::Time first, std::chrono::seconds span = std::chrono::seconds(20)) {
    const herkomst::Probe& probe = *herkomst::probe_named("http");
    std::vector<herkomst::Said> said = play(probe, probe.transcripts.front()).said;
    for (std::size_t i = 0; i < said.size(); ++i) said[i].at = first + (i == 0 ? std::chrono::seconds(0) : span);
    herkomst::PacketBytes capture = herkomst::pcapng_head();
    append_packets(capture, probe, target_of(probe, probe.transcripts.front()), said);
    herkomst::write_file(path, {reinterpret_cast<const char*>(capture.data()), capture.size()});
}
