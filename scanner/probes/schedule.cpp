#include "probes/schedule.h"

#include <algorithm>

namespace herkomst {

std::size_t Schedule::add_device(std::chrono::milliseconds between, bool lifted) {
    Device& added = devices_.emplace_back();
    added.between = lifted ? between : std::max(between, pause);
    added.within = std::min(added.between, session_pause_max);
    added.lifted = lifted;
    return devices_.size() - 1;
}

void Schedule::slower(std::size_t device, std::chrono::milliseconds between) {
    Device& at = devices_[device];
    // What was sent or heard last counts from then.
    if (between > at.between) {
        at.next += between - at.between;
        at.between = between;
    }
    if (const auto within = std::min(between, session_pause_max); within > at.within) {
        at.next_within += within - at.within;
        at.within = within;
    }
}

void Schedule::bus(std::size_t device) {
    devices_[device].bus = true;
    slower(device, gateway_pause);
}

Moment Schedule::admit(std::size_t device, Moment now) {
    if (devices_[device].lifted) return now;
    const Moment at = std::max(now, next_device_);
    next_device_ = at + runs_ * new_device_pause;
    return at;
}

Moment Schedule::start(std::size_t device, unsigned packets, Moment now) {
    Device& to = devices_[device];
    if (to.lifted) return now;
    const Moment at = std::max(no_packet_before_, to.is == Device::Is::Unasked ? no_device_before_ : Moment{});
    if (at > now) return at;
    no_packet_before_ = now + packets * runs_ * packet_pause;
    if (to.is == Device::Is::Unasked) {
        to.is = Device::Is::Starting;
        no_device_before_ = now + runs_ * new_device_pause;
        next_device_ = std::max(next_device_, no_device_before_);
    }
    return now;
}

Moment Schedule::take(std::size_t device, unsigned packets, Moment now, Turn turn) {
    Device& to = devices_[device];
    if (to.lifted) return now;
    while (!promised_.empty() && promised_.begin()->second <= now) promised_.erase(promised_.begin());
    // The first gap that is wide enough.
    Moment at = std::max({now, turn == Turn::Begins ? to.next : to.next_within, no_packet_before_});
    for (const auto& [from, until] : promised_) {
        if (from >= at + packets * runs_ * packet_pause) break;
        at = std::max(at, until);
    }
    promised_[at] = at + packets * runs_ * packet_pause;
    to.next = at + std::max<std::chrono::microseconds>(to.between, packets * host_packet_pause);
    to.next_within = at + std::max<std::chrono::microseconds>(to.within, packets * host_packet_pause);
    return at;
}

void Schedule::busy(std::size_t device) {
    Device& at = devices_[device];
    // Never shorter than the scope file's own.
    at.within = std::min(busy_pause_max, std::max(2 * at.within, std::chrono::milliseconds(2000)));
    at.next_within += at.within;
    at.between = std::max(at.between, at.within);
    at.next = std::max(at.next, at.next_within);
}

void Schedule::nothing_new_before(Moment at) {
    no_device_before_ = std::max(no_device_before_, at);
    next_device_ = std::max(next_device_, at);
}

void Schedule::heard(std::size_t device, Moment now) {
    Device& at = devices_[device];
    if (at.lifted) return;
    if (on_sent) on_sent(device, now);
    at.next = std::max(at.next, now + at.between);
    at.next_within = std::max(at.next_within, now + at.within);
    if (at.is != Device::Is::Starting) return;
    at.is = Device::Is::Asked;
    no_device_before_ = std::max(no_device_before_, now + runs_ * new_device_pause);
    next_device_ = std::max(next_device_, no_device_before_);
}

}  // namespace herkomst
