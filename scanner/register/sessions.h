// Who was seen in a session with a server that takes one client or a few. Kept, because whoever asks questions later
// (`herkomst probe --register`) must not displace it. Which services these are is for the caller to say (probes/gate.h).
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/endpoint.h"

namespace herkomst {

class Register;

struct SeenSession {
    IpAddress server;
    IpAddress client;     // may be unknown
    std::string service;  // a decoder's name, or "tcp/502"
    Time last{};
};

// A master that asks every few seconds is heard within it: what is shorter is no listening.
inline constexpr std::chrono::seconds listening_least{10};
// Not seen for so long: taken away by the next run.
inline constexpr std::chrono::hours sessions_kept{24 * 90};

// By site, server, service and client.
std::vector<SeenSession> sessions_of(const Register&);
// When somebody last listened, as far as the register knows: by a capture or on an interface. The record of our own questions
// is no such thing, nor is a capture of a moment, nor one that ends after the run that read it. The beginning of time: nobody
// has.
Time last_listened(const Register&);

}  // namespace herkomst
