// The real engine against a real server: one probe, one address of loopback, and what the passive decoders make of it.
#pragma once

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "capture/run.h"
#include "decoders/decoder.h"
#include "probes/synthesis.h"
#include "probes/wire.h"

namespace peers {

struct Target {
    std::string ip;
    std::uint16_t port = 0;
    std::string maker = {};                     // what the operator says it is: a slug
    std::vector<std::uint32_t> units = {};      // of the scope file
    std::vector<std::string> communities = {};  // of the scope file
    bool known = true;                          // the decoder has seen this protocol there before
};

struct Learned {
    herkomst::Report report;
    std::set<std::string> claims;  // "server brand=Example Works", about the server only
    std::size_t errands = 0;
};

// What is said about `server` in that exchange.
inline std::set<std::string> claims_of(const herkomst::Probe& probe, const herkomst::Report& report,
                                       const herkomst::IpAddress& server) {
    herkomst::PacketBytes capture = herkomst::pcapng_head();
    herkomst::append_packets(capture, probe, report.target, report.said);
    const herkomst::Analysis analysis = herkomst::analyse_memory(capture, herkomst::all_decoders(), {});
    std::set<std::string> claims;
    for (const herkomst::Observation& observation : analysis.observations.list()) {
        if (observation.subject.ip != server || observation.field == herkomst::Field::service) continue;
        std::string text = "server";
        for (const std::string& step : observation.subject.path) text += "[" + step + "]";
        claims.insert(text + " " + std::string(herkomst::name(observation.field)) + "=" + observation.value);
    }
    return claims;
}

// A decoder has seen this protocol there: what `after` asks for.
inline herkomst::Observation spoken(const herkomst::Probe& probe, const std::string& ip) {
    herkomst::Observation observation;
    observation.subject.ip = herkomst::IpAddress::parse(ip).value();
    observation.field = herkomst::Field::service;
    observation.value = std::string(probe.after);
    return observation;
}

inline Learned carried_out(const herkomst::Probe& probe, const herkomst::Scope& scope, herkomst::Knowledge knowledge,
                           const std::string& server) {
    herkomst::CampaignOptions options;
    options.lift_loopback = true;
    options.catalogue = {&probe, 1};
    herkomst::Campaign campaign(scope, std::move(knowledge), {}, nullptr, options);
    Learned learned;
    campaign.on_report = [&](const herkomst::Errand&, const herkomst::Report& report) {
        // Of several, the one that was answered.
        if (++learned.errands == 1 || report.outcome == herkomst::ProbeOutcome::Answered) learned.report = report;
    };
    herkomst::WireOptions wire;
    wire.now = herkomst::Time{} + std::chrono::hours(24 * 365 * 50);
    CHECK(herkomst::Wire(wire).run(campaign));
    learned.claims = claims_of(probe, learned.report, herkomst::IpAddress::parse(server).value());
    return learned;
}

inline Learned asked(const herkomst::Probe& probe, const Target& target) {
    const std::string name(probe.name);
    herkomst::Scope scope;
    scope.until = herkomst::Time::max();
    herkomst::ScopeRange range;
    range.range = herkomst::AddressRange::parse(target.ip).value();
    range.probes = {name};
    range.shared_sessions = true;  // nobody has listened
    range.ports[name] = {target.port};
    range.units = target.units;
    range.communities = target.communities;
    range.maker = target.maker;
    scope.ranges.push_back(range);
    herkomst::Knowledge knowledge;
    if (target.known && !probe.after.empty())
        knowledge.learn(std::vector<herkomst::Observation>{spoken(probe, target.ip)}, nullptr);
    return carried_out(probe, scope, std::move(knowledge), target.ip);
}
inline Learned asked(const std::string& name, const Target& target) {
    const herkomst::Probe* probe = herkomst::probe_named(name);
    REQUIRE(probe != nullptr);
    return asked(*probe, target);
}

// A question to everybody on an interface, and what the one there is said to be.
inline Learned asked_all(const std::string& name, const std::string& interface, const std::string& server) {
    const herkomst::Probe* probe = herkomst::probe_named(name);
    REQUIRE(probe != nullptr);
    herkomst::Scope scope;
    scope.until = herkomst::Time::max();
    scope.interfaces.push_back({interface, true, {}, {name}});
    return carried_out(*probe, scope, {}, server);
}

}  // namespace peers
