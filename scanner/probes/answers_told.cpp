// What an answer tells a campaign while it goes on: whether it is one, what else is to be asked, how slowly, and who is one
// device. Two addresses may turn out to be one device's: numbers that only one device has make it worth asking identity;
// whether it is one device, identity says, by all that was said at those addresses until then. What was united stays so in the
// run (who answers ARP for a whole network is known when he has answered for more than a few): it only forbids.
#include <algorithm>
#include <iterator>

#include "capture/run.h"
#include "core/text.h"
#include "identity/asset.h"
#include "identity/hosts.h"
#include "identity/resolve.h"
#include "probes/campaign.h"
#include "probes/synthesis.h"
#include "vendordb/vendordb.h"

namespace herkomst {

namespace {

// What no second device should say; empty: it is no such number.
std::string number_of_one(const Observation& said) {
    if (said.field == Field::serial && plausible_serial(said.value, said.strength)) return "serial:" + folded(said.value);
    if (said.field == Field::unique_id && said.value.starts_with("engine:")) return said.value;
    return stands_for_nobody(said.subject.mac) ? std::string() : "mac:" + said.subject.mac.text();
}

// Whose statement it is: "this MAC has that address" is one about the address.
IpAddress at_address(const Observation& said) {
    if (said.subject.ip.known() || said.field != Field::address || stands_for_nobody(said.subject.mac)) return said.subject.ip;
    return IpAddress::parse(said.value).value_or(IpAddress{});
}

bool tells_apart(const Observation& said) {
    return said.field == Field::brand || said.field == Field::maker || said.field == Field::vendor_id ||
           !number_of_one(said).empty();
}

// That it is spoken there, or something that its decoder read, of somebody but us.
bool understood(const Probe& probe, const Target& target, const std::vector<Observation>& said) {
    const std::string method = std::string(probe.decoder) + ".";
    return std::ranges::any_of(said, [&](const Observation& each) {
        const bool ours = (each.subject.ip.known() && each.subject.ip == target.my_ip) ||
                          (each.subject.mac.known() && each.subject.mac == target.my_mac);
        if (ours || (target.ip.known() && each.subject.ip == target.ip)) return false;
        return each.method.starts_with(method) ||
               (each.field == Field::service && std::string_view(each.value).starts_with(probe.decoder));
    });
}

// Who said it: of datagrams and frames each message is a frame of the capture that is made of them.
IpAddress speaker(const Probe& probe, const Report& report, const Observation& said) {
    const bool stream = probe.transport == Transport::Tcp || probe.transport == Transport::Tls;
    if (stream || said.from.frame == 0 || said.from.frame > report.said.size()) return report.target.ip;
    const IpAddress& from = report.said[said.from.frame - 1].from_ip;
    return from.known() ? from : report.target.ip;
}

// "This MAC has that address", of an address that is not who says it: anybody may write that into an answer. Where it is what
// the link goes by, that is another matter.
bool hearsay(const Probe& probe, const Report& report, const Observation& said) {
    if (said.field != Field::address || said.subject.ip.known()) return false;
    for (const std::string_view of_the_link : {"arp.", "ndp.", "profinet."})
        if (said.method.starts_with(of_the_link)) return false;
    return IpAddress::parse(said.value) != speaker(probe, report, said);
}

}  // namespace

void Knowledge::who_is(const Observation& said) {
    const IpAddress ip = at_address(said);
    if (!ip.known() || !said.subject.path.empty() || !tells_apart(said)) return;
    std::vector<Observation>& before = statements_[ip];
    const bool again = std::ranges::any_of(before, [&](const Observation& each) {
        return each.field == said.field && each.value == said.value && each.subject == said.subject;
    });
    if (again || before.size() >= statements_max) return;
    before.push_back(said);
    if (const std::string number = number_of_one(said); !number.empty()) said_by_[number].insert(ip);
}

void Knowledge::who_are(const std::vector<Observation>& observations, const VendorDb& db) {
    std::set<IpAddress> who;
    for (const Observation& said : observations) {
        who_is(said);
        who.insert(at_address(said));
    }
    for (const IpAddress& ip : who) unite_with_others(ip, db);
}

// More than one device has addresses say it: it was copied from one to the next.
bool Knowledge::of_many(const Observation& said) const {
    if (said.field != Field::serial && said.field != Field::unique_id) return false;
    const auto by = said_by_.find(number_of_one(said));
    return by != said_by_.end() && std::ranges::count(by->second, 4, [](const IpAddress& ip) { return ip.version; }) >
                                       static_cast<std::ptrdiff_t>(addresses_of_one_device);
}

void Knowledge::unite_with_others(const IpAddress& ip, const VendorDb& db) {
    const auto own = statements_.find(ip);
    if (own == statements_.end()) return;
    const IpAddress device = device_of(ip);
    std::set<IpAddress> others;
    for (const Observation& said : own->second) {
        const auto same = said_by_.find(number_of_one(said));
        if (same == said_by_.end() || of_many(said)) continue;
        for (const IpAddress& other : same->second) {
            if (others.size() == doubles_max) break;
            if (device_of(other) != device) others.insert(other);
        }
    }
    if (others.empty()) return;
    std::vector<Observation> all = own->second;
    for (const IpAddress& other : others) all.insert(all.end(), statements_[other].begin(), statements_[other].end());
    std::erase_if(all, [&](const Observation& said) { return of_many(said); });
    for (const Asset& asset : identify(all, {}, db, {}).assets) {
        if (asset.kind != "device") continue;
        std::set<IpAddress> addresses;
        for (const std::string& text : asset.identifiers.ip)
            if (const auto each = IpAddress::parse(text); each && statements_.contains(*each)) addresses.insert(*each);
        unite(addresses);
    }
}

void Campaign::unite(std::size_t device, std::size_t other) {
    const std::size_t into = devices_[device].whole;
    const std::size_t from = devices_[other].whole;
    if (into == from) return;
    Account& one = accounts_[into];
    Account& two = accounts_[from];
    one.patience.join(two.patience);
    one.bytes += two.bytes;
    one.requests += two.requests;
    one.busy += two.busy;
    for (Device& each : devices_) {
        if (each.whole == from) each.whole = into;
        if (each.whole == into) each.united = true;
    }
    schedule_.unite(device, other);
}

void Campaign::unite_known(std::size_t device) {
    for (const IpAddress& ip : addresses_of(device)) {
        const auto other = device_at_.find(ip);
        if (other != device_at_.end()) unite(device, other->second);
    }
}

void Campaign::learn(const Errand& errand, Report& report) {
    if (report.bytes == 0) return;
    PacketBytes capture = pcapng_head();
    append_packets(capture, *errand.probe, report.target, report.said);
    const std::vector<Observation> said = analyse_memory(capture, all_decoders(), {}).observations.list();
    std::vector<Observation> words;
    std::ranges::copy_if(said, std::back_inserter(words),
                         [&](const Observation& each) { return !hearsay(*errand.probe, report, each); });
    knowledge_.learn(words, db_);
    slow_down(errand.device);
    std::set<IpAddress> speakers;
    for (const Observation& each : words) speakers.insert(at_address(each));
    for (const IpAddress& ip : speakers)
        if (const auto device = device_at_.find(ip); device != device_at_.end()) unite_known(device->second);
    if (!errand.group || report.outcome != ProbeOutcome::Answered || understood(*errand.probe, report.target, said)) return;
    report.outcome = ProbeOutcome::OtherProtocol;
    report.reason = "what came was not understood";
}

}  // namespace herkomst
