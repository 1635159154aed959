// One probe put to one address as a run would, and what the passive side reads in the answer.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "capture/run.h"
#include "probes/synthesis.h"
#include "probes/wire.h"

namespace herkomst {

// The answers of one probe put to one address, and what the passive side reads in them.
struct Learned {
    Report report;
    std::vector<std::string> claims;  // "field=value"
    [[nodiscard]] bool says(const std::string& claim) const {
        return std::find(claims.begin(), claims.end(), claim) != claims.end();
    }
};
inline Learned ask_one(const Probe& probe, const std::string& ip, std::uint16_t port,
                       std::vector<ScopeInterface> interfaces = {}, WireOptions wire = {}) {
    Scope scope;
    scope.until = Time::max();
    scope.interfaces = std::move(interfaces);
    ScopeRange range;
    range.range = AddressRange::parse(ip).value();
    range.probes = {std::string(probe.name)};
    range.shared_sessions = true;  // nobody has listened
    if (port != 0) range.ports[std::string(probe.name)] = {port};
    scope.ranges.push_back(range);
    const Probe catalogue[] = {probe};
    CampaignOptions options;
    options.catalogue = catalogue;
    Campaign campaign(scope, {}, {}, nullptr, options);
    Learned learned;
    campaign.on_report = [&](const Errand&, const Report& report) { learned.report = report; };
    wire.now = Time{} + std::chrono::hours(24 * 365 * 50);
    CHECK(Wire(wire).run(campaign));
    PacketBytes capture = pcapng_head();
    append_packets(capture, probe, learned.report.target, learned.report.said);
    for (const Observation& observation : analyse_memory(capture, all_decoders(), {}).observations.list())
        learned.claims.push_back(std::string(name(observation.field)) + "=" + observation.value);
    return learned;
}

}  // namespace herkomst
