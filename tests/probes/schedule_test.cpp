// The pacing, in made-up time: who may send when.
#include "probes/schedule.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

using namespace herkomst;
using namespace std::chrono_literals;

namespace schedule_test {

TEST_SUITE_BEGIN("probe_schedule");

namespace {

const Moment start = Moment{} + 1h;

}  // namespace

TEST_CASE("pacing: a device is sent something every 200 ms at most, a gateway every second") {
    Schedule schedule;
    const std::size_t device = schedule.add_device(Schedule::pause, false);
    const std::size_t gateway = schedule.add_device(Schedule::gateway_pause, false);
    // A scope file cannot make it faster.
    const std::size_t hasty = schedule.add_device(1ms, false);
    for (const auto& [which, pause] : {std::pair{device, 200ms}, std::pair{gateway, 1000ms}, std::pair{hasty, 200ms}}) {
        Moment now = start;
        Moment last{};
        for (int i = 0; i < 20; ++i) {
            const Moment at = schedule.take(which, 1, now);
            CHECK(at >= now);
            if (i > 0) CHECK(at - last >= pause);
            last = at;
            now = at + 1ms * (i % 3);
        }
    }
}

TEST_CASE("pacing: a long pause of the scope file lies between questions; within one it is five seconds at most") {
    Schedule schedule;
    const std::size_t slow = schedule.add_device(15min, false);
    const Moment connected = schedule.take(slow, 3, start);
    schedule.heard(slow, connected);
    const Moment asked = schedule.take(slow, 2, connected, Schedule::Turn::Within);
    CHECK(asked == connected + Schedule::session_pause_max);
    schedule.heard(slow, asked + 1s);
    CHECK(schedule.take(slow, 2, asked + 1s, Schedule::Turn::Within) == asked + 1s + Schedule::session_pause_max);
    CHECK(schedule.take(slow, 3, asked + 2s) >= asked + 6s + 15min);
    CHECK(schedule.pause_of(slow) == 15min);
    CHECK(schedule.pause_of(slow, Schedule::Turn::Within) == 5s);
    // A shorter one holds everywhere; what turns out to be a gateway is asked like one, within a session, too.
    const std::size_t other = schedule.add_device(Schedule::pause, false);
    const Moment first = schedule.take(other, 1, start);
    CHECK(schedule.take(other, 1, first, Schedule::Turn::Within) == first + 200ms);
    CHECK_FALSE(schedule.behind_bus(other));
    schedule.bus(other);
    CHECK(schedule.behind_bus(other));
    const Moment second = schedule.take(other, 1, first + 1h, Schedule::Turn::Within);
    CHECK(schedule.take(other, 1, second, Schedule::Turn::Within) == second + 1s);
    // Busy: within the session that is asked to wait, and to the next.
    schedule.busy(other);
    CHECK(schedule.take(other, 1, second + 1s, Schedule::Turn::Within) >= second + 3s);
    CHECK(schedule.pause_of(other) == 2s);
    // Busy never shortens what the scope file says.
    schedule.busy(slow);
    CHECK(schedule.pause_of(slow) == 15min);
}

TEST_CASE("pacing: the pause counts from the answer, and what has many packets takes longer") {
    Schedule schedule;
    const std::size_t device = schedule.add_device(Schedule::pause, false);
    const Moment sent = schedule.take(device, 1, start);
    schedule.heard(device, sent + 150ms);
    CHECK(schedule.take(device, 1, sent + 150ms) >= sent + 350ms);
    const std::size_t other = schedule.add_device(Schedule::pause, false);
    const Moment many = schedule.take(other, 40, start + 1h);
    CHECK(schedule.take(other, 1, many) - many >= 1s);
}

TEST_CASE("pacing: ten devices a second are new, and a thousand packets a second are all") {
    Schedule schedule;
    std::vector<Moment> admitted;
    for (int i = 0; i < 35; ++i) admitted.push_back(schedule.admit(schedule.add_device(Schedule::pause, false), start));
    for (std::size_t i = 10; i < admitted.size(); ++i) CHECK(admitted[i] - admitted[i - 10] >= 1s);
    std::vector<Moment> sent;
    for (std::size_t i = 0; i < 3000; ++i) sent.push_back(schedule.take(i % 35, 1, start));
    std::sort(sent.begin(), sent.end());
    for (std::size_t i = 1000; i < sent.size(); ++i) CHECK(sent[i] - sent[i - 1000] >= 1s);
}

TEST_CASE("pacing: who comes late starts anew, and shortens nobody's pause") {
    Schedule schedule;
    std::vector<Moment> turns;
    for (std::size_t i = 0; i < 40; ++i) turns.push_back(schedule.admit(schedule.add_device(Schedule::pause, false), start));
    // Nobody wakes up in time, every seventh by a second: many stand there at once.
    std::vector<Moment> wakes = turns;
    for (int i = 0; i < 40; ++i) wakes[static_cast<std::size_t>(i)] += i % 7 == 0 ? 1000ms : 1ms * (13 * i % 90);
    std::vector<Moment> started;
    while (started.size() < wakes.size()) {
        const auto first = std::min_element(wakes.begin(), wakes.end());
        const Moment now = *first;
        const auto device = static_cast<std::size_t>(first - wakes.begin());
        const Moment at = schedule.start(device, 3, now);
        if (at <= now) {
            // It is three more until it is sent.
            schedule.heard(device, now + 3ms);
            started.push_back(now + 3ms);
            *first = Moment::max();
        } else {
            *first = at;
        }
    }
    for (std::size_t i = 1; i < started.size(); ++i) CHECK(started[i] - started[i - 1] >= Schedule::new_device_pause);
    // An answer moves nobody's turn, and who comes new waits for those who came late.
    schedule.heard(0, started.back() + 50ms);
    const std::size_t late = schedule.add_device(Schedule::pause, false);
    CHECK(schedule.admit(late, started.back()) == started.back() + Schedule::new_device_pause);
    // What was asked before is no new device, but its packets count.
    const Moment now = started.back() + 1h;
    CHECK(schedule.start(1, 100, now) == now);
    CHECK(schedule.start(2, 1, now + 40ms) == now + 100ms);
    CHECK(schedule.start(2, 1, now + 100ms) == now + 100ms);
}

TEST_CASE("pacing: of what one run may have each of several takes its part, and what others sent counts") {
    Schedule schedule;
    schedule.shared_by(4);
    std::vector<Moment> admitted;
    for (int i = 0; i < 20; ++i) admitted.push_back(schedule.admit(schedule.add_device(Schedule::pause, false), start));
    for (std::size_t i = 1; i < admitted.size(); ++i) CHECK(admitted[i] - admitted[i - 1] == 400ms);
    std::vector<Moment> sent;
    for (std::size_t i = 0; i < 500; ++i) sent.push_back(schedule.take(i % 20, 1, start));
    std::sort(sent.begin(), sent.end());
    for (std::size_t i = 250; i < sent.size(); ++i) CHECK(sent[i] - sent[i - 250] >= 1s);
    // Who is left alone has all of it again.
    Schedule alone;
    alone.shared_by(2);
    alone.shared_by(1);
    const std::size_t first = alone.add_device(Schedule::pause, false);
    alone.nothing_new_before(start + 700ms);
    CHECK(alone.admit(first, start) == start + 700ms);
    CHECK(alone.start(first, 3, start) == start + 700ms);
    CHECK(alone.admit(alone.add_device(Schedule::pause, false), start) == start + 800ms);
    std::vector<std::size_t> told;
    alone.on_sent = [&](std::size_t device, Moment) { told.push_back(device); };
    alone.heard(first, start);
    alone.heard(alone.add_device(Schedule::pause, true), start);
    CHECK(told == std::vector<std::size_t>{first});
}

TEST_CASE("pacing: who waits for a slow device holds up nobody else") {
    Schedule schedule;
    const std::size_t gateway = schedule.add_device(Schedule::gateway_pause, false);
    const std::size_t busy = schedule.add_device(Schedule::pause, false);
    schedule.heard(gateway, start);
    schedule.heard(busy, start);
    schedule.busy(busy);
    const Moment later = schedule.take(gateway, 3, start);
    const Moment much_later = schedule.take(busy, 3, start);
    CHECK(later == start + 1s);
    CHECK(much_later >= start + 2s);
    // Others are asked at once, one after the other.
    Moment at = start;
    for (int i = 0; i < 400; ++i) {
        const Moment turn = schedule.take(schedule.add_device(Schedule::pause, false), 3, start);
        // What was promised to the gateway stays the gateway's: three packets from then on are nobody else's.
        if (at + 3ms > later && at < later + 3ms) at = later + 3ms;
        CHECK(turn == at);
        at = turn + 3ms;
    }
    // A gap is taken by who fits into it.
    Schedule narrow;
    const std::size_t first = narrow.add_device(Schedule::pause, false);
    narrow.heard(first, start - 198ms);
    CHECK(narrow.take(first, 1, start) == start + 2ms);
    CHECK(narrow.take(narrow.add_device(Schedule::pause, false), 3, start) == start + 3ms);
    CHECK(narrow.take(narrow.add_device(Schedule::pause, false), 2, start) == start);
}

TEST_CASE("pacing: a device that says it is busy waits twice as long each time, to a bound") {
    Schedule schedule;
    const std::size_t device = schedule.add_device(Schedule::pause, false);
    Moment now = schedule.take(device, 1, start);
    auto waited = 0ms;
    for (int i = 0; i < 10; ++i) {
        schedule.busy(device);
        const Moment at = schedule.take(device, 1, now);
        CHECK(at - now >= 2s);
        CHECK(at - now >= std::min<std::chrono::nanoseconds>(waited, 30s));
        waited = std::chrono::duration_cast<std::chrono::milliseconds>(at - now);
        now = at;
    }
    CHECK(waited >= 30s);
}

TEST_CASE("pacing: lifted, nothing is waited for, and nobody else is hurried") {
    Schedule schedule;
    const std::size_t lifted = schedule.add_device(Schedule::pause, true);
    const std::size_t other = schedule.add_device(Schedule::pause, false);
    for (int i = 0; i < 5; ++i) {
        CHECK(schedule.admit(lifted, start) == start);
        CHECK(schedule.take(lifted, 3, start) == start);
        CHECK(schedule.start(lifted, 3, start) == start);
    }
    const Moment first = schedule.take(other, 1, start);
    CHECK(schedule.take(other, 1, first) - first >= 200ms);
}

TEST_SUITE_END();

}  // namespace schedule_test
