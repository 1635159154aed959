// When what may be sent to whom: the pacing of design.md section 5, as arithmetic on moments, without a clock.
//
// Always: at least 200 ms between two things sent to one device (1 s where a serial bus is behind it, longer where the scope
// file or a busy device says so), at most ten devices a second that were not asked before, at most 1000 packets a second in
// all and 40 to one host. Only towards loopback can this be lifted.
//
// A pause of the scope file that is longer than `session_pause_max` lies between the questions, that is before a connection or
// a first datagram: within a session it would hold the one place that some devices have for all that time.
//
// Several runs on one machine share what one may have: of the devices and packets of a second each takes its part.
//
// A moment is given in advance, so that everybody knows his turn, and taken anew when sending really starts: on a busy machine
// who was given a moment comes later than that, and what came late must not shorten the pause to the next. Who waits for a slow
// device holds his own moment and no other: the free ones before it are everybody's. O(how many moments are given and to come).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace herkomst {

using Moment = std::chrono::steady_clock::time_point;

class Schedule {
  public:
    static constexpr std::chrono::milliseconds pause{200};
    static constexpr std::chrono::milliseconds gateway_pause{1000};
    static constexpr std::chrono::milliseconds new_device_pause{100};
    static constexpr std::chrono::microseconds packet_pause{1000};
    static constexpr std::chrono::microseconds host_packet_pause{25'000};
    static constexpr std::chrono::milliseconds busy_pause_max{30'000};
    static constexpr std::chrono::milliseconds session_pause_max{5'000};

    enum class Turn : std::uint8_t {
        Begins,  // a question: nothing is open
        Within,  // the next thing of one that has begun
    };

    // `lifted`: nothing is waited for; the caller sees to it that the device is on loopback.
    std::size_t add_device(std::chrono::milliseconds between, bool lifted);
    // They are one device: from now on its pace is that of the slower of them, and what was sent to the one was sent to all.
    void unite(std::size_t device, std::size_t other);
    // At least that long between two things sent to it, from the next one on.
    void slower(std::size_t device, std::chrono::milliseconds between);
    // A serial bus is behind it.
    void bus(std::size_t device);
    // When a device that was not asked before has its turn; nobody else has before.
    Moment admit(std::size_t device, Moment now);
    // When `packets` more may go to this device; they are nobody else's then.
    Moment take(std::size_t device, unsigned packets, Moment now, Turn = Turn::Begins);
    // Sending starts now, if what is given is not later; else this is to be called again at that moment.
    Moment start(std::size_t device, unsigned packets, Moment now);
    // It said that it is busy: its pause doubles.
    void busy(std::size_t device);
    // Something was really sent now, or the device said something: the pause counts from here.
    void heard(std::size_t device, Moment now);

    // So many runs send from this machine now, this one among them.
    void shared_by(unsigned runs) { runs_ = runs; }
    // No device that was not asked before is asked before that.
    void nothing_new_before(Moment);
    // Told each time that something was sent to a device, or said by it, that is waited for.
    std::function<void(std::size_t device, Moment)> on_sent;

    // Whether the device is waited for at all.
    [[nodiscard]] bool paces(std::size_t device) const { return !of(device).lifted; }
    [[nodiscard]] std::chrono::milliseconds pause_of(std::size_t device, Turn turn = Turn::Begins) const {
        return turn == Turn::Begins ? of(device).between : of(device).within;
    }
    [[nodiscard]] bool behind_bus(std::size_t device) const { return of(device).bus; }

  private:
    struct Device {
        std::chrono::milliseconds between{};  // questions
        std::chrono::milliseconds within{};   // one
        Moment next{};
        Moment next_within{};
        bool lifted = false;
        bool bus = false;
        enum class Is : std::uint8_t { Unasked, Starting, Asked } is = Is::Unasked;
    };
    [[nodiscard]] Device& of(std::size_t device) { return devices_[whose_[device]]; }
    [[nodiscard]] const Device& of(std::size_t device) const { return devices_[whose_[device]]; }

    std::vector<Device> devices_;
    std::vector<std::size_t> whose_;  // which of them stands for it
    unsigned runs_ = 1;
    // The next turn that is still to be given.
    Moment next_device_{};
    // When sending was promised to somebody: from, until.
    std::map<Moment, Moment> promised_;
    // Before which nothing may start, after what really started.
    Moment no_device_before_{};
    Moment no_packet_before_{};
};

}  // namespace herkomst
