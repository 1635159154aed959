// When what may be sent to whom: the pacing of design.md section 5, as arithmetic on moments, without a clock.
//
// Always: at least 200 ms between two things sent to one device (1 s where a serial bus is behind it, longer where the scope
// file or a busy device says so), at most ten devices a second that were not asked before, at most 1000 packets a second in
// all and 40 to one host. Only towards loopback can this be lifted. Every call takes what it gives: whoever has a moment may
// send then, and nobody else before. O(1).
#pragma once

#include <chrono>
#include <cstdint>
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

    // `lifted`: nothing is waited for; the caller sees to it that the device is on loopback.
    std::size_t add_device(std::chrono::milliseconds between, bool lifted);
    // At least that long between two things sent to it.
    void slower(std::size_t device, std::chrono::milliseconds between);
    // When a device that was not asked before may be asked.
    Moment admit(std::size_t device, Moment now);
    // When `packets` more may go to this device.
    Moment take(std::size_t device, unsigned packets, Moment now);
    // It said that it is busy: its pause doubles.
    void busy(std::size_t device);
    // Something was really sent now, or the device said something: the pause counts from here.
    void heard(std::size_t device, Moment now);

    [[nodiscard]] std::chrono::milliseconds pause_of(std::size_t device) const { return devices_[device].between; }

  private:
    struct Device {
        std::chrono::milliseconds between{};
        Moment next{};
        bool lifted = false;
    };
    std::vector<Device> devices_;
    Moment next_device_{};
    Moment next_packet_{};
};

}  // namespace herkomst
