#include "probes/patience.h"

#include <algorithm>
#include <string_view>

namespace herkomst {

namespace {

constexpr std::size_t tcp = 0;

// The way in which a question goes, as an index and as a word.
std::size_t way_of(const Probe& probe) {
    constexpr std::size_t ways[] = {tcp, tcp, 1, 2, 3};  // tcp, tls, udp, icmp, link
    return ways[static_cast<std::size_t>(probe.transport)];
}
constexpr std::string_view way_names[] = {"over TCP", "over UDP", "by ICMP", "on the link"};

std::string same_device(const IpAddress& there, const IpAddress& asked) {
    if (!there.known() || !asked.known() || there == asked) return {};
    return there.text() + " is the same device, and ";
}

}  // namespace

std::string Patience::left_alone(const IpAddress& asked) const {
    return left_alone_.empty() ? std::string() : "it is left alone: " + same_device(left_alone_at_, asked) + left_alone_;
}

Patience::Service Patience::service_of(const Probe& probe, const Target& target) {
    if (probe.each == Probe::Each::Slot) return {target.port, probe.each, target.slot};
    if (probe.each == Probe::Each::Unit && target.unit_known) return {target.port, probe.each, target.unit};
    return {target.port, Probe::Each::Host, 0};
}

void Patience::ended(const Probe& probe, const Target& target, const Ended& how) {
    if (how.outcome == ProbeOutcome::OutOfScope || how.outcome == ProbeOutcome::Gated) return;
    const std::size_t way = way_of(probe);
    const bool silent = how.outcome == ProbeOutcome::Silent;
    const Service service = service_of(probe, target);
    const std::string question = "the question \"" + std::string(probe.name) + "\"";
    std::string why;
    if (how.unclosed) {
        why = "it did not close its side of the connection after " + question + ", and may still hold it";
    } else if (how.upset) {
        why = "it fell silent or broke off after " + question;
    } else if (silent && way == tcp && answered_.contains(service)) {
        why = "it fell silent: port " + std::to_string(target.port) + " had answered, and let " + question + " pass";
    } else if (silent && way == tcp && accepted_ && !how.accepted) {
        why = "it fell silent: it had accepted a connection, and the one for " + question + " it neither accepted nor refused";
    }
    if (left_alone_.empty() && !why.empty()) {
        left_alone_ = why;
        left_alone_at_ = target.ip;
    }

    if (how.outcome == ProbeOutcome::Interrupted) {
        alive_ = alive_ || how.accepted;
        accepted_ = accepted_ || how.accepted;
        return;
    }
    alive_ = alive_ || !silent;
    silences_[way] = silent ? silences_[way] + 1 : 0;
    if (silent) silent_at_[way] = target.ip;
    if (way != tcp) return;
    // Whoever answered, or ended the connection himself, had accepted it.
    accepted_ = accepted_ || how.accepted || (!silent && how.outcome != ProbeOutcome::Refused);
    if (!silent && how.outcome != ProbeOutcome::Refused && how.outcome != ProbeOutcome::Closed) answered_.insert(service);
}

void Patience::join(const Patience& other) {
    alive_ = alive_ || other.alive_;
    accepted_ = accepted_ || other.accepted_;
    for (std::size_t i = 0; i < silences_.size(); ++i) {
        if (other.silences_[i] <= silences_[i]) continue;
        silences_[i] = other.silences_[i];
        silent_at_[i] = other.silent_at_[i];
    }
    answered_.insert(other.answered_.begin(), other.answered_.end());
    if (!left_alone_.empty()) return;
    left_alone_ = other.left_alone_;
    left_alone_at_ = other.left_alone_at_;
}

std::string Patience::given_up(const Probe& probe, const IpAddress& asked) const {
    const std::size_t way = way_of(probe);
    if (silences_[way] < silences_max || (alive_ && way != tcp)) return {};
    return "given up: " + same_device(silent_at_[way], asked) + "it let " + std::to_string(silences_max) + " questions " +
           std::string(way_names[way]) + " pass" + (alive_ ? ", one after the other" : ", and has answered nothing");
}

}  // namespace herkomst
