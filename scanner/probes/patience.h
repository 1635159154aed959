// When a device is asked no more. A plant must not notice us: what takes offence, or has stopped, is not tried again.
//
// LEFT ALONE for the rest of the run, whatever else it was to be asked, is a device that
//   - broke off: a reset, where an answer was due or in the midst of answers;
//   - fell silent within an exchange: it had answered, and let the next question of the same exchange pass;
//   - has a service that fell silent: over TCP, the port (and the unit or slot behind it, where one is known) had answered
//     an earlier question, and now neither answers nor refuses;
//   - takes connections no more: it had accepted one, and now another is neither accepted nor refused. Where a firewall
//     before it lets connections fall, this looks the same, and is taken for the worse of the two: who knows better names in
//     the scope file the ports that are let through;
//   - does not end a session: it did not close its side of a connection after ours, so its place may still be taken.
//
// GIVEN UP in one way of asking (TCP with TLS or without, UDP, ICMP, the link) is
//   - a host that has answered nothing at all, after three questions that way. Each way by itself, because what stands before
//     a host, or the host itself, often lets datagrams fall and not connections;
//   - over TCP any host, after three questions in a row that nothing came of, whatever it had answered otherwise: a live stack
//     accepts or refuses.
//
// A datagram that nothing answers says nothing of a host that is there: most let fall what they have no service for, and some
// protocols say no that way (SNMP, RFC 1157 section 4.1: a community that is not known).
//
// A question that we left in the middle says nothing by its silence; a connection that stood then was accepted all the same.
//
// The record keeps what this needs, so that a run that is taken up again forgets nothing of it.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <tuple>

#include "probes/probe.h"

namespace herkomst {

// How a question ended, as far as it says something of the device.
struct Ended {
    ProbeOutcome outcome{};
    bool accepted = false;  // TCP: the connection stood
    bool upset = false;     // Exchange::upset
    bool unclosed = false;  // it did not close its side after ours
};

class Patience {
  public:
    static constexpr std::size_t silences_max = 3;

    // Of a question that was really asked.
    void ended(const Probe&, const Target&, const Ended&);
    // The same device by another of its addresses.
    void join(const Patience&);

    // It gave a sign of life.
    [[nodiscard]] bool alive() const { return alive_; }
    // Why nothing more is asked; empty: it may be. To whom asks for another address of the device it says at which it was.
    [[nodiscard]] std::string left_alone(const IpAddress& asked = {}) const;
    // Why it is not asked this way any more; empty: it may be.
    [[nodiscard]] std::string given_up(const Probe&, const IpAddress& asked = {}) const;

  private:
    using Service = std::tuple<std::uint16_t, Probe::Each, std::uint32_t>;  // port, and what is behind it
    static Service service_of(const Probe&, const Target&);

    bool alive_ = false;
    bool accepted_ = false;                  // a connection
    std::array<std::size_t, 4> silences_{};  // of each way, in a row
    std::array<IpAddress, 4> silent_at_{};   // where it let the last of them pass
    std::set<Service> answered_;             // over TCP
    std::string left_alone_;                 // why
    IpAddress left_alone_at_;
};

}  // namespace herkomst
