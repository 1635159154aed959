#include "probes/schedule.h"

#include <algorithm>

namespace herkomst {

std::size_t Schedule::add_device(std::chrono::milliseconds between, bool lifted) {
    devices_.push_back({lifted ? between : std::max(between, pause), Moment{}, lifted});
    return devices_.size() - 1;
}

void Schedule::slower(std::size_t device, std::chrono::milliseconds between) {
    devices_[device].between = std::max(devices_[device].between, between);
}

Moment Schedule::admit(std::size_t device, Moment now) {
    if (devices_[device].lifted) return now;
    const Moment at = std::max(now, next_device_);
    next_device_ = at + new_device_pause;
    return at;
}

Moment Schedule::take(std::size_t device, unsigned packets, Moment now) {
    Device& to = devices_[device];
    if (to.lifted) return now;
    const Moment at = std::max({now, to.next, next_packet_});
    next_packet_ = at + packets * packet_pause;
    to.next = at + std::max<std::chrono::microseconds>(to.between, packets * host_packet_pause);
    return at;
}

void Schedule::busy(std::size_t device) {
    Device& at = devices_[device];
    at.between = std::min(busy_pause_max, std::max(2 * at.between, std::chrono::milliseconds(2000)));
    at.next = std::max(at.next, at.next + at.between);
}

void Schedule::heard(std::size_t device, Moment now) {
    Device& at = devices_[device];
    if (!at.lifted) at.next = std::max(at.next, now + at.between);
}

}  // namespace herkomst
