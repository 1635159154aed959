// A machine that has other things to do: the run is held up, and must not make up for it at the expense of the plant.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <thread>

#include "probes/wire.h"

using namespace herkomst;
using namespace std::chrono_literals;

TEST_SUITE_BEGIN("probe_late");

TEST_CASE("late: a run that is held up begins no more new devices a second than one that is not") {
    Scope scope;
    scope.until = Time::max();
    ScopeRange all;
    all.range = AddressRange::parse("127.0.43.1-127.0.43.35").value();
    all.probes = {"omron_fins"};
    all.ports["omron_fins"] = {1};  // closed: one datagram each, refused at once
    scope.ranges.push_back(all);
    Campaign campaign(scope, {}, {}, nullptr, {});
    std::vector<Time> begun;
    campaign.on_report = [&](const Errand&, const Report& report) {
        CHECK(name(report.outcome) == name(ProbeOutcome::Refused));
        for (const Said& said : report.said)
            if (said.ours) begun.push_back(said.at);
    };
    WireOptions wire;
    wire.now = Time{} + std::chrono::hours(24 * 365 * 50);
    // Twice the thread stands still for longer than the pause between new devices.
    const auto began = std::chrono::steady_clock::now();
    int stalls = 0;
    wire.progress = [&] {
        if (std::chrono::steady_clock::now() - began < stalls * 1500ms + 700ms || stalls == 2) return;
        ++stalls;
        std::this_thread::sleep_for(450ms);
    };
    CHECK(Wire(wire).run(campaign));
    CHECK(stalls == 2);
    REQUIRE(begun.size() == 35);
    std::sort(begun.begin(), begun.end());
    for (std::size_t i = 1; i < begun.size(); ++i) CHECK(begun[i] - begun[i - 1] >= Schedule::new_device_pause);
    for (std::size_t i = 10; i < begun.size(); ++i) CHECK(begun[i] - begun[i - 10] >= 1s);
}

TEST_SUITE_END();
