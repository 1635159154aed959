// What is known of devices before they are asked, and what that forbids.
//
// Known things come from captures and inventories (as observations, conversations and what identity makes of them), from the
// register, and from what devices answered in the same run. A gate only ever forbids: what nothing is known of may be asked
// what the scope file allows. But a server that takes one client or a few is asked only after somebody has listened: a capture
// of the last 30 days that is no mere moment was read, the register has one, or the interface was listened to first. Whoever
// cannot says in the scope file that other clients may be disturbed (`shared_sessions`).
//
// What forbids holds for a device, not for an address: all addresses that one device is known to have, from whatever source,
// share sessions, makers, fragility and exclusions: also when an answer of this run is what tells that they are one. And it
// holds for a port: where a plant's protocol was heard no other question is asked, not even one that only listens, and a
// session there gates whatever its protocol is called.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/conversation.h"
#include "identity/asset.h"
#include "probes/probe.h"
#include "probes/scope.h"
#include "register/sessions.h"

namespace herkomst {

class VendorDb;
struct Overview;

// A session, and where it was seen: "in field.pcapng", "by the register".
struct KnownSession {
    SeenSession session;
    std::string where;
};

// Whether these units make a gateway of who answers for them: several do, and one does that is not what a device calls itself
// where it has no bus (MODBUS Messaging on TCP/IP V1.0b section 4.4.2.1.2: 255, or 0; by custom 1).
template <class Units>
bool behind(const Units& units) {
    return units.size() > 1 || (units.size() == 1 && *units.begin() != 0 && *units.begin() != 1 && *units.begin() != 255);
}

// A capture that was read: what an Analysis says of it.
struct HeardIn {
    std::string path;
    Time first{};
    Time last{};
};

// Of one address.
struct Known {
    std::set<std::string> makers;    // slugs of maker and brand
    std::set<std::string> parts;     // slugs of network interface and module makers: who else may have a say
    std::set<std::string> services;  // decoders
    std::map<std::string, std::set<std::string>, std::less<>> heard;  // "tcp/502" to the decoders that understood what was said
    std::vector<KnownSession> sessions;
    std::set<std::uint32_t> units;
    bool bus = false;  // somebody answered who stands on a serial line or in another network behind it
    std::set<std::uint32_t> slots;
    // BACnet stations behind it, "1200:7", and the instances of their devices; "": of the device itself. Nothing: not known.
    std::map<std::string, std::optional<std::uint32_t>> stations;
    std::map<std::string, std::set<std::string>, std::less<>> learnt;  // probe to the values that it waits for

    [[nodiscard]] bool gateway() const { return bus || behind(units); }
};

class Knowledge {
  public:
    // A client that a register saw so long ago at most is taken to come back.
    static constexpr std::chrono::hours recent{24 * 30};

    void learn(const Identified&, const std::vector<HeardIn>& captures = {});
    void learn(const Overview&);
    // Sessions that a register kept, as far as they are recent.
    void learn(const std::vector<SeenSession>&, Time now);
    // From an answer in this run: what speaks there, who made it and its parts, as far as names, ids and fingerprints tell, and
    // whether it is a device that answers at another address too, as identity judges.
    void learn(const std::vector<Observation>&, const VendorDb*);

    // Somebody has listened: whoever holds a session is known as far as it can be.
    void listened() { listened_ = true; }
    [[nodiscard]] bool has_listened() const { return listened_; }

    [[nodiscard]] const Known* at(const IpAddress&) const;
    // Every address of the device that has this one, in order: at least this one.
    [[nodiscard]] std::vector<IpAddress> addresses_of(const IpAddress&) const;
    // One address that stands for all of them.
    [[nodiscard]] IpAddress device_of(const IpAddress& ip) const { return addresses_of(ip).front(); }
    [[nodiscard]] const std::map<IpAddress, Known>& all() const { return hosts_; }
    [[nodiscard]] bool anywhere(std::string_view maker) const { return seen_makers_.contains(maker); }
    [[nodiscard]] std::size_t hosts() const { return hosts_.size(); }

  private:
    void path(Known&, const std::string& step);
    void serves(Known&, const std::string& service);
    void unite(const std::set<IpAddress>&);
    void who_is(const Observation&);
    void who_are(const std::vector<Observation>&, const VendorDb&);
    void unite_with_others(const IpAddress&, const VendorDb&);
    [[nodiscard]] bool of_many(const Observation&) const;
    static void instance(Known&, const std::vector<std::string>& path, Field, std::string_view method, std::string_view value);
    std::map<IpAddress, Known> hosts_;
    std::map<IpAddress, std::size_t> group_;  // of an address that is not its device's only one
    std::vector<std::set<IpAddress>> groups_;
    std::set<std::string, std::less<>> seen_makers_;
    // Of answers, what tells one device from another; and who said the same number.
    static constexpr std::size_t statements_max = 256;  // of an address
    static constexpr std::size_t doubles_max = 8;       // addresses that are judged beside one
    std::map<IpAddress, std::vector<Observation>> statements_;
    std::map<std::string, std::set<IpAddress>, std::less<>> said_by_;
    bool listened_ = false;
};

// Families of devices that take offence at what others put up with. Data: vendordb/fragile.json, each with its source.
struct FragileFamily {
    std::string maker;                 // slug
    std::set<std::string> never;       // names of probes
    std::set<std::string> one_client;  // services (decoders) of which it serves one client at a time
    std::string why;
};
Result<std::vector<FragileFamily>> read_fragile(const std::string& path);
Result<std::vector<FragileFamily>> parse_fragile(std::string_view text, const std::string& path);
// Those that came with the program; std::runtime_error when they cannot be read.
std::vector<FragileFamily> fragile_families();

// Of what was heard: the sessions that would gate a probe some day, for the register to keep. With servers that every probe's
// protocol says take few clients, and those of a fragile family's services of one client.
std::vector<SeenSession> sessions_that_gate(const Identified&, const std::vector<FragileFamily>&);

// Whether an answer says that a bus is behind who gave it.
bool tells_of_a_bus(const Probe&, Bytes answer);

// Why this probe may not be put to this address; empty: it may.
std::string forbidden(const Probe&, const IpAddress&, std::uint16_t port, const Scope&, const ScopeRange&, const Knowledge&,
                      const std::vector<FragileFamily>&);

}  // namespace herkomst
