// The only code that sends. It carries out the errands of a campaign: at the moment that the schedule gives, the bytes that the
// probe declares, to the address that the scope file allows, and nothing else. Before each message it holds the bytes against
// the probe's templates once more.
//
// A TCP connection is closed with our FIN and read to its end; a peer that says nothing and does not close is given up
// after `closing`, one that never stops sending after `closing_whole` or `closing_bytes` (the kernel then answers what still
// comes with a reset: there is no other way to make it stop, and the report says so). UDP is never empty. Frames without IP
// need CAP_NET_RAW and nothing else does: without it those questions are out of scope, with the reason, and the run goes on.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>

#include "core/clock.h"
#include "core/endpoint.h"
#include "probes/campaign.h"

namespace herkomst {

struct WireOptions {
    IpAddress source4;  // ours to send from; unknown: the kernel chooses
    IpAddress source6;
    std::string interface;  // to send through; empty: the kernel chooses
    Time now{};             // the run's clock as it starts
    // How often the run was asked to stop: once, it finishes what it has begun; twice, it leaves everything.
    const std::atomic<int>* interrupts = nullptr;
    std::function<void()> progress;  // called a few times a second
};

class Wire {
  public:
    static constexpr std::chrono::milliseconds connecting{3000};
    static constexpr std::chrono::milliseconds closing{3000};  // without a word from the peer
    static constexpr std::chrono::milliseconds closing_whole{12'000};
    static constexpr std::size_t closing_bytes = std::size_t{256} << 10;
    static constexpr std::size_t tls_bytes = std::size_t{128} << 10;  // of a handshake

    explicit Wire(WireOptions options) : options_(std::move(options)) {}
    // Until the campaign is finished. False: it was told to leave everything. Throws std::runtime_error when the machine does
    // not let us (no such source address, no socket at all).
    bool run(Campaign&);

  private:
    WireOptions options_;
};

}  // namespace herkomst
