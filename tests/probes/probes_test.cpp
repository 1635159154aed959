// What holds for every probe of the registry: its templates are well-formed, its transcripts play to the last byte through the
// probe, the templates and the passive decoders, and whatever a device answers, the conversation stays within its limits.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>

#include "capture/run.h"
#include "core/text.h"
#include "probes/exchange.h"
#include "probes/synthesis.h"
#include "probes/template.h"

using namespace herkomst;

namespace probes_test {

TEST_SUITE_BEGIN("probes");

namespace {

// "server[modbus/502/3] model=EX-3", for everybody but us. The service that the framework itself adds says nothing new.
std::set<std::string> claims_of(const Probe& probe, const Target& target, const std::vector<Said>& said) {
    PacketBytes capture = pcapng_head();
    append_packets(capture, probe, target, said);
    const Analysis analysis = analyse_memory(capture, all_decoders(), {});
    CHECK(analysis.problems.empty());
    std::set<std::string> claims;
    for (const Observation& observation : analysis.observations.list()) {
        const bool ours = observation.subject.ip == target.my_ip || observation.subject.mac == target.my_mac;
        if (ours || observation.field == Field::service) continue;
        std::string text = "ip:" + observation.subject.ip.text();
        if (!observation.subject.ip.known()) text = "mac:" + observation.subject.mac.text();
        if (observation.subject.ip == target.ip) text = "server";
        if (observation.subject.mac.text() == "00:00:5e:00:53:14") text = "server-mac";
        for (const std::string& step : observation.subject.path) text += "[" + step + "]";
        claims.insert(text + " " + std::string(name(observation.field)) + "=" + observation.value);
    }
    return claims;
}

}  // namespace

TEST_CASE("every probe says what it is, and its templates are well-formed") {
    for (const Probe& probe : all_probes()) {
        INFO(probe.name);
        CHECK(!probe.title.empty());
        CHECK(!probe.spec.empty());
        CHECK(probe.why_safe.size() > 20);
        CHECK((probe.decoder.empty() || decoder_named(probe.decoder) != nullptr));
        CHECK((probe.transport == Transport::Icmp || probe.transport == Transport::Link || !probe.ports.empty()));
        CHECK((probe.transport == Transport::Link) == (probe.ethertype != 0));
        CHECK((!probe.only_group || !probe.group.v4.empty() || !probe.group.v6.empty() || !probe.group.mac.empty()));
        CHECK(probe.limits.requests <= 64);
        CHECK(probe.limits.bytes <= (std::size_t{256} << 10));
        CHECK(probe.limits.whole <= std::chrono::minutes(2));
        for (const Request& request : probe.requests) {
            const auto parts = parts_of(request);
            if (!parts) {
                for (const Problem& problem : parts.problems()) FAIL_CHECK(problem.text());
            }
            CHECK(!request.name.empty());
            // No request may be empty, and an empty datagram is none.
            CHECK(parts.ok());
        }
    }
}

TEST_CASE("every transcript plays, and the decoders read what it says") {
    for (const Probe& probe : all_probes()) {
        INFO(probe.name);
        CHECK(!probe.transcripts.empty());
        for (const Transcript& transcript : probe.transcripts) {
            INFO(transcript.title);
            CHECK(!transcript.source.empty());
            const PlayedTranscript played = play(probe, transcript);
            for (const std::string& problem : played.problems) FAIL_CHECK(problem);
            CHECK(name(played.outcome) == name(transcript.outcome));
            for (const Said& said : played.said) {
                if (said.ours) CHECK(declared(probe, said.bytes));
            }
            const std::set<std::string> wanted(transcript.claims.begin(), transcript.claims.end());
            const std::set<std::string> got = claims_of(probe, target_of(probe, transcript), played.said);
            for (const std::string& claim : got) {
                if (!wanted.contains(claim)) FAIL_CHECK("not expected: " << claim);
            }
            for (const std::string& claim : wanted) {
                if (!got.contains(claim)) FAIL_CHECK("not learned: " << claim);
            }
        }
    }
}

TEST_CASE("a device that answers anything cannot lead a probe beyond its limits, nor to bytes that are not declared") {
    std::mt19937_64 random(7);
    for (const Probe& probe : all_probes()) {
        INFO(probe.name);
        for (int round = 0; round < 200; ++round) {
            const Transcript& transcript = probe.transcripts[random() % probe.transcripts.size()];
            Target target = target_of(probe, transcript);
            target.token = random();
            Exchange exchange(probe, target);
            Todo todo = exchange.begin();
            std::size_t turn = 0;
            for (unsigned guard = 0; guard < 1000 && !exchange.over(); ++guard) {
                if (todo.kind == Todo::Kind::Send) CHECK(declared(probe, todo.bytes));
                // The transcript's own answer, with something turned over in it; or noise.
                std::vector<std::uint8_t> reply;
                if (!transcript.turns.empty() && random() % 4 != 0) {
                    const Turn& at = transcript.turns[turn++ % transcript.turns.size()];
                    reply = at.reply_hex.empty() ? std::vector<std::uint8_t>(at.reply_text.begin(), at.reply_text.end())
                                                 : unhex(at.reply_hex);
                    for (std::uint64_t flips = random() % 4; flips > 0 && !reply.empty(); --flips)
                        reply[random() % reply.size()] = static_cast<std::uint8_t>(random());
                }
                if (reply.empty()) {
                    reply.resize(1 + random() % 300);
                    for (auto& byte : reply) byte = static_cast<std::uint8_t>(random());
                }
                switch (random() % 12) {
                    case 0:
                        todo = exchange.ended(random() % 2 == 0);
                        break;
                    case 1:
                        todo = exchange.paused();
                        break;
                    case 2:
                        todo = exchange.timed_out();
                        break;
                    default:
                        todo = exchange.received(reply);
                }
            }
            CHECK(exchange.over());
            CHECK(exchange.requests() <= probe.limits.requests);
            CHECK(exchange.mistake() == "");
            const auto goodbye = exchange.goodbye();
            CHECK((goodbye.empty() || declared(probe, goodbye)));
        }
    }
}

TEST_SUITE_END();

}  // namespace probes_test
