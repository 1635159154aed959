// The only code that sends. It carries out the errands of a campaign: at the moment that the schedule gives, the bytes that the
// probe declares, to the address that the scope file allows, and nothing else. Before each message it holds the bytes against
// the probe's templates once more.
//
// A TCP connection is closed with our FIN and read to its end, so that no reset of ours is due. What is read then (and thrown
// away) has a budget of its own: `closing_whole` and `closing_bytes`. Who has not closed by then is asked nothing more in the
// run (patience.h). Who is still sending by then cannot be stopped in any other way that TCP has: the kernel answers the rest
// with a reset, and the report says that it was cut off. The kernel keeps at most `window` bytes for us, less than is read at
// the end: whatever was sent before our FIN could be seen is read, and no reset is due for it.
//
// Whether the permission still stands is asked again each time before something is sent. Where it has ended in the midst of an
// exchange, a session is closed the way it is always closed, and nothing more is asked. What goes wrong in one exchange or in
// the record ends the run, but not what others have begun: that is finished first.
//
// What a group answers has budgets, too: Limits::bytes of each who answers, `group_bytes` and `group_messages` of all; what
// comes beyond is read and thrown away until the time is over.
//
// UDP is never empty. Frames without IP need CAP_NET_RAW and nothing else does: without it those questions are out of scope,
// with the reason, and the run goes on.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>

#include "core/clock.h"
#include "core/endpoint.h"
#include "probes/campaign.h"
#include "probes/run_clock.h"

namespace herkomst {

struct WireOptions {
    IpAddress source4;  // ours to send from; unknown: the kernel chooses
    IpAddress source6;
    std::string interface;  // to send through; empty: the kernel chooses
    RunClock now;           // the run's clock
    // How often the run was asked to stop: once, it finishes what it has begun; twice, it leaves everything.
    const std::atomic<int>* interrupts = nullptr;
    std::function<void()> progress;  // called a few times a second
};

class Wire {
  public:
    static constexpr std::chrono::milliseconds connecting{3000};
    static constexpr std::chrono::milliseconds closing{3000};  // to send the last words
    static constexpr std::chrono::milliseconds closing_whole{12'000};
    static constexpr std::size_t closing_bytes = std::size_t{256} << 10;
    static constexpr std::size_t window = std::size_t{128} << 10;
    static constexpr std::size_t tls_bytes = std::size_t{128} << 10;  // of a handshake
    static constexpr std::size_t group_bytes = std::size_t{4} << 20;
    static constexpr std::size_t group_messages = 4096;
    // A gateway itself waits for what is on its bus.
    static constexpr std::chrono::milliseconds bus_answer{10'000};

    explicit Wire(WireOptions options) : options_(std::move(options)) {}
    // Until the campaign is finished. False: it was told to leave everything. Throws std::runtime_error when the machine does
    // not let us (no socket at all, no record): what others have begun is finished before.
    bool run(Campaign&);

    // Why this machine cannot send from that address or through that interface; empty: it can. Nothing is sent.
    static std::string unusable(const WireOptions&);

    // How long an answer is waited for.
    static std::chrono::milliseconds answer_time(const Probe&, bool behind_bus);

  private:
    WireOptions options_;
};

}  // namespace herkomst
