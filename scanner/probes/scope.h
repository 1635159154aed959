// The scope file: who allowed what to be asked, whom, when and how. Without it nothing is ever sent.
//
// JSON (schema/herkomst-scope.schema.json). Everything in it narrows: the probes' own limits, the pacing of schedule.h and the
// gates of gate.h hold whatever it says, and rates can only be made slower. Problems come all at once, each with its JSON
// pointer. An address is in scope when a range holds it and no exclusion does; of several ranges the smallest decides. A prefix
// does not hold the address of its network and the one that reaches everybody in it: what is sent there from afar would be one
// question to a whole segment (a directed broadcast, RFC 1812 section 5.3.5.2). Who has a device at one of them names it.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/address_range.h"
#include "core/clock.h"
#include "core/endpoint.h"
#include "core/result.h"
#include "probes/probe.h"

namespace herkomst {

struct ScopeRange {
    AddressRange range;
    std::set<Family> families;
    Safety safety = Safety::AskIdentity;                      // at most
    std::set<std::string> probes;                             // allowed by name, whatever their family
    std::set<std::string> not_probes;                         // not even by family
    std::map<std::string, std::vector<std::uint16_t>> ports;  // instead of a probe's own
    std::vector<std::uint32_t> units;
    std::vector<std::uint32_t> slots;
    std::vector<std::string> stations;  // BACnet, behind a router: "1200:7"
    std::vector<std::string> communities;
    std::uint32_t low = 0;  // instances of BACnet devices
    std::uint32_t high = UINT32_MAX;
    std::string maker;     // slug: what the operator knows
    bool gateway = false;  // a serial bus behind it: a second between requests
    std::optional<std::chrono::milliseconds> pause;
    bool shared_sessions = false;  // a maintenance window: other clients may be disturbed, known or not

    [[nodiscard]] bool allows(const Probe&) const;
};

struct ScopeInterface {
    std::string name;
    bool broadcast = false;
    std::set<Family> families;
    std::set<std::string> probes;
    // Instances that are asked for on the whole link. The file names none: from the first to the last that its ranges name.
    std::uint32_t low = 0;
    std::uint32_t high = UINT32_MAX;
};

// A device of which the operator knows that it takes offence.
struct FragileDevice {
    AddressRange range;
    std::set<std::string> tolerates;  // names of probes
    std::string why;
};

// Days 0 (Monday) to 6; minutes of the day, in the given offset from UTC. `until` before `from` runs past midnight.
struct TimeWindow {
    std::set<unsigned> days;
    unsigned from = 0;
    unsigned until = 0;
    std::chrono::minutes offset{0};

    [[nodiscard]] bool open_at(Time) const;
};

struct Scope {
    std::string authorised_by;
    std::string purpose;
    Time from{};
    Time until{};
    std::vector<TimeWindow> windows;  // none: always
    std::vector<ScopeRange> ranges;
    std::vector<AddressRange> exclude;
    std::vector<ScopeInterface> interfaces;
    std::vector<FragileDevice> fragile;
    std::chrono::milliseconds time{std::chrono::hours(24)};  // of a run
    std::uint64_t device_bytes = std::uint64_t{1} << 20;     // received from one device in a run
    std::uint64_t device_requests = 400;
    std::string sha256;  // of the file

    [[nodiscard]] const ScopeRange* range_of(const IpAddress&) const;
    [[nodiscard]] bool excluded(const IpAddress&) const;
    // An entry that holds the address and does not tolerate that question: of several entries each has a say.
    [[nodiscard]] const FragileDevice* fragile_to(const std::string& probe, const IpAddress&) const;
    // Why not at this time; empty: it is open.
    [[nodiscard]] std::string closed_at(Time) const;
    // All addresses in scope, each once, in order; excluded ones are left out.
    [[nodiscard]] std::vector<IpAddress> addresses() const;
};

Result<Scope> parse_scope(std::string_view text, std::string_view name);
inline constexpr std::size_t scope_bytes_max = std::size_t{16} << 20;
// Why the file's signature (PATH.sig, 64 bytes or 128 hexadecimal digits, Ed25519) does not hold for this text of it; nothing:
// it does. So what is vouched for is what was read, whatever stands in the file by then.
std::optional<Problem> unvouched(const std::string& path, std::string_view text, std::string_view public_pem,
                                 std::string_view key_name);

std::optional<Family> family_named(std::string_view);
std::optional<Safety> safety_named(std::string_view);
// "250ms", "2s", "15m", "12h".
std::optional<std::chrono::milliseconds> pause_of(std::string_view);

}  // namespace herkomst
