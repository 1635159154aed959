// The time of a run: what main read when the program began, and how long ago that is. Everything that asks whether the
// permission still stands, and every time in the record, comes from here.
//
// CLOCK_BOOTTIME goes on while a machine sleeps, steady_clock (CLOCK_MONOTONIC) stands still: a laptop that was shut at 23:00
// within a window of 22:00 to 02:00 must not go on at 08:00. What was known of the plant is old by then, too: so a run in which
// the machine slept, or whose clock was set meanwhile, asks nothing more.
#pragma once

#include <time.h>

#include <chrono>
#include <string>

#include "core/clock.h"

namespace herkomst {

// What the machine's clocks say at one moment.
struct ClockReadings {
    std::chrono::nanoseconds awake{};       // CLOCK_MONOTONIC
    std::chrono::nanoseconds since_boot{};  // CLOCK_BOOTTIME
    std::chrono::nanoseconds wall{};        // CLOCK_REALTIME

    static ClockReadings now() { return {read(CLOCK_MONOTONIC), read(CLOCK_BOOTTIME), read(CLOCK_REALTIME)}; }

  private:
    static std::chrono::nanoseconds read(clockid_t which) {
        timespec at{};
        ::clock_gettime(which, &at);
        return std::chrono::seconds(at.tv_sec) + std::chrono::nanoseconds(at.tv_nsec);
    }
};

class RunClock {
  public:
    static constexpr std::chrono::seconds sleep_max{5};
    static constexpr std::chrono::seconds setting_max{60};  // what keeps a clock right moves it by less

    // It is `now`; the clock goes on from there.
    RunClock(Time now = {}, const ClockReadings& readings = ClockReadings::now()) : now_(now), began_(readings) {}

    [[nodiscard]] Time operator()() const { return at(ClockReadings::now()); }
    [[nodiscard]] Time at(const ClockReadings& readings) const {
        return now_ + std::chrono::duration_cast<Time::duration>(readings.since_boot - began_.since_boot);
    }
    // Why nothing more is to be asked; empty: it may be.
    [[nodiscard]] std::string disturbed(const ClockReadings& readings) const {
        const auto slept = (readings.since_boot - readings.awake) - (began_.since_boot - began_.awake);
        if (slept > sleep_max)
            return "the machine slept for " + std::to_string(std::chrono::ceil<std::chrono::seconds>(slept).count()) +
                   " s while the run went on";
        const auto set = (readings.wall - readings.since_boot) - (began_.wall - began_.since_boot);
        if (set > setting_max || set < -setting_max) return "the machine's clock was set while the run went on";
        return {};
    }

  private:
    Time now_;
    ClockReadings began_;
};

}  // namespace herkomst
