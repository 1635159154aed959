#include "probes/schedule.h"

#include <algorithm>

namespace herkomst {

std::size_t Schedule::add_device(std::chrono::milliseconds between, bool lifted) {
    Device& added = devices_.emplace_back();
    added.between = lifted ? between : std::max(between, pause);
    added.within = std::min(added.between, session_pause_max);
    added.lifted = lifted;
    whose_.push_back(whose_.size());
    return devices_.size() - 1;
}

void Schedule::unite(std::size_t device, std::size_t other) {
    const std::size_t into = whose_[device];
    const std::size_t from = whose_[other];
    if (into == from) return;
    slower(into, devices_[from].between);
    slower(from, devices_[into].between);
    Device& one = devices_[into];
    const Device& two = devices_[from];
    one.within = std::max(one.within, two.within);
    one.next = std::max(one.next, two.next);
    one.next_within = std::max(one.next_within, two.next_within);
    one.lifted = one.lifted && two.lifted;
    one.bus = one.bus || two.bus;
    one.is = std::max(one.is, two.is);
    std::ranges::replace(whose_, from, into);
}

void Schedule::slower(std::size_t device, std::chrono::milliseconds between) {
    Device& to = of(device);
    // What was sent or heard last counts from then.
    if (between > to.between) {
        to.next += between - to.between;
        to.between = between;
    }
    if (const auto within = std::min(between, session_pause_max); within > to.within) {
        to.next_within += within - to.within;
        to.within = within;
    }
}

void Schedule::bus(std::size_t device) {
    of(device).bus = true;
    slower(device, gateway_pause);
}

Moment Schedule::admit(std::size_t device, Moment now) {
    if (of(device).lifted) return now;
    const Moment at = std::max(now, next_device_);
    next_device_ = at + runs_ * new_device_pause;
    return at;
}

Moment Schedule::start(std::size_t device, unsigned packets, Moment now) {
    Device& to = of(device);
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
    Device& to = of(device);
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
    Device& to = of(device);
    // Never shorter than the scope file's own.
    to.within = std::min(busy_pause_max, std::max(2 * to.within, std::chrono::milliseconds(2000)));
    to.next_within += to.within;
    to.between = std::max(to.between, to.within);
    to.next = std::max(to.next, to.next_within);
}

void Schedule::nothing_new_before(Moment at) {
    no_device_before_ = std::max(no_device_before_, at);
    next_device_ = std::max(next_device_, at);
}

void Schedule::heard(std::size_t device, Moment now) {
    Device& to = of(device);
    if (to.lifted) return;
    if (on_sent) on_sent(device, now);
    to.next = std::max(to.next, now + to.between);
    to.next_within = std::max(to.next_within, now + to.within);
    if (to.is != Device::Is::Starting) return;
    to.is = Device::Is::Asked;
    no_device_before_ = std::max(no_device_before_, now + runs_ * new_device_pause);
    next_device_ = std::max(next_device_, no_device_before_);
}

}  // namespace herkomst
