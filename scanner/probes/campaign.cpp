#include "probes/campaign.h"

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

#include "core/hash.h"
#include "probes/plant_ports.h"
#include "probes/synthesis.h"
#include "probes/wire.h"
#include "vendordb/vendordb.h"

namespace herkomst {

namespace {

// splitmix64: transaction numbers need not be secret, only different.
std::uint64_t mixed(std::uint64_t& state) {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

std::string host_text(const IpAddress& ip) { return ip.version == 6 ? "[" + ip.text() + "]" : ip.text(); }

// First what needs no connection, then what does; then what waits for something that the device says; last what waits for its
// maker or for an answer to something else.
std::tuple<unsigned, unsigned, std::string_view> order_of(const Probe& probe) {
    constexpr unsigned ranks[] = {3, 4, 2, 0, 1};  // tcp, tls, udp, icmp, link
    const unsigned waits = !probe.after.empty() || !probe.makers.empty() ? 2 : probe.learnt.waits() ? 1 : 0;
    return {waits, ranks[static_cast<std::size_t>(probe.transport)], probe.name};
}

// "http://192.0.2.20:49152/desc.xml": the port, when the host is the address itself and no other question's protocol lives
// there, nor a plant's, whoever says so in the device's name, nor a printer, which prints what it is sent; else 0.
std::uint16_t port_of(std::string_view url, const IpAddress& ip, const Probe& asker) {
    constexpr std::string_view scheme = "http://";
    if (!url.starts_with(scheme)) return 0;
    url = url.substr(scheme.size());
    std::string_view host = url.substr(0, url.find('/'));
    std::string_view port;
    if (const std::size_t bracket = host.find(']'); host.starts_with('[') && bracket != std::string_view::npos) {
        port = host.substr(bracket + 1);
        host = host.substr(1, bracket - 1);
    } else if (const std::size_t colon = host.find(':'); colon != std::string_view::npos) {
        port = host.substr(colon);
        host = host.substr(0, colon);
    }
    const auto named = IpAddress::parse(host);
    if (!named || *named != ip) return 0;
    unsigned number = 80;
    if (!port.empty()) {
        const auto [stop, error] = std::from_chars(port.data() + 1, port.data() + port.size(), number);
        if (port.front() != ':' || error != std::errc{} || stop != port.data() + port.size() || number > 65'535) return 0;
    }
    if (number != 80 && (number < 1024 || (number >= 9100 && number < 9110))) return 0;
    for (const Probe& probe : all_probes()) {
        if (probe.decoder == "http" || number == 80) continue;
        if (std::ranges::find(probe.ports, number) != probe.ports.end()) return 0;
    }
    const auto found = static_cast<std::uint16_t>(number);
    return plant_owner_of(found, asker).empty() ? found : std::uint16_t{0};
}

// What closes a session is sent as well.
std::uint64_t farewells(const Probe& probe) { return probe.goodbye != nullptr ? 1 : 0; }

// From its first pause to the end of its last connection, when everything takes as long as wire.h lets it: with a bus that may
// turn out to be behind the device. Only one that asks for patience is waited for longer.
std::chrono::milliseconds longest(const Probe& probe, std::chrono::milliseconds between, std::chrono::milliseconds within) {
    const Limits& limits = probe.limits;
    const auto answer = Wire::answer_time(probe, true);
    const auto requests = static_cast<int>(limits.requests);
    const auto connections = static_cast<int>(limits.connections);
    auto time = between * connections + limits.whole + (answer - limits.answer) * requests + within * (requests + 1);
    time += within + answer;  // what was begun before that was over
    time += within;           // the farewell
    if (probe.transport == Transport::Udp || probe.transport == Transport::Icmp || probe.transport == Transport::Link)
        return time + limits.collect;
    return time + (Wire::connecting + Wire::closing_whole) * connections + 2 * Wire::closing;
}

}  // namespace

Campaign::Campaign(const Scope& scope, Knowledge knowledge, std::vector<FragileFamily> families, const VendorDb* db,
                   const CampaignOptions& options)
    : scope_(&scope),
      knowledge_(std::move(knowledge)),
      families_(std::move(families)),
      db_(db),
      options_(options),
      random_(options.seed) {
    for (const ScopeInterface& interface : scope.interfaces) {
        if (!interface.broadcast) continue;
        add_device().interface = &interface;
        schedule_.add_device(Schedule::gateway_pause, false);
        ++links_left_;
    }
    for (const ScopeRange& range : scope.ranges) allowed_.push_back(allowed_in(range));
    for (const IpAddress& ip : scope.addresses()) add_host(ip);
    measure();
}

// How many errands there are and how long they take; devices without any are none.
void Campaign::measure() {
    count_.devices = count_.errands = 0;
    std::chrono::milliseconds least{0};
    std::chrono::milliseconds most{0};
    std::chrono::milliseconds longest_least{0};
    std::chrono::milliseconds longest_most{0};
    std::chrono::milliseconds longest_link{0};  // before all hosts
    for (std::size_t i = 0; i < devices_.size(); ++i) {
        const std::size_t before = count_.errands;
        std::chrono::milliseconds quick{0};
        std::chrono::milliseconds slow{0};
        each_errand(i, [&](Errand&& errand) {
            ++count_.errands;
            quick += schedule_.pause_of(i);
            slow += longest(*errand.probe, std::max(Schedule::gateway_pause, schedule_.pause_of(i)),
                            std::max(Schedule::gateway_pause, schedule_.pause_of(i, Schedule::Turn::Within)));
        });
        if (count_.errands == before) continue;
        ++count_.devices;
        longest_least = std::max(longest_least, quick);
        least += quick;
        if (devices_[i].interface != nullptr) {
            longest_link = std::max(longest_link, slow);
            continue;
        }
        longest_most = std::max(longest_most, slow);
        most += slow;
    }
    const auto admitted = Schedule::new_device_pause * static_cast<std::int64_t>(count_.devices);
    const auto lanes = static_cast<std::int64_t>(std::clamp<std::size_t>(count_.devices, 1, at_once_max));
    // Who has to wait for a lane waits no longer than it takes all of them to do everything.
    const auto waiting = count_.devices > at_once_max ? most / lanes : std::chrono::milliseconds(0);
    expected_ = {std::max(admitted + longest_least, least / lanes), admitted + longest_link + longest_most + waiting};
}

bool Campaign::wanted(const Probe& probe) const {
    return options_.probes.empty() || std::ranges::find(options_.probes, probe.name) != options_.probes.end();
}

bool Campaign::known_gateway(const IpAddress& ip) const {
    return std::ranges::any_of(knowledge_.addresses_of(ip), [&](const IpAddress& each) {
        const Known* known = knowledge_.at(each);
        return known != nullptr && known->gateway();
    });
}

std::vector<IpAddress> Campaign::addresses_of(std::size_t device) const {
    std::vector<IpAddress> all = devices_[device].addresses;
    for (const IpAddress& ip : devices_[device].addresses)
        for (const IpAddress& each : knowledge_.addresses_of(ip))
            if (std::ranges::find(all, each) == all.end()) all.push_back(each);
    return all;
}

Campaign::Device& Campaign::add_device() {
    devices_.emplace_back().whole = accounts_.size();
    accounts_.emplace_back();
    return devices_.back();
}

void Campaign::add_host(const IpAddress& ip) {
    const ScopeRange* range = scope_->range_of(ip);
    if (range == nullptr || ip.multicast() || ip.unspecified()) return;
    const bool gateway = range->gateway || behind(range->units) || known_gateway(ip);
    const auto between = std::max(gateway ? Schedule::gateway_pause : Schedule::pause, range->pause.value_or(Schedule::pause));
    std::size_t at = devices_.size();
    for (const IpAddress& each : knowledge_.addresses_of(ip))
        if (const auto same = device_at_.find(each); same != device_at_.end()) at = same->second;
    device_at_.emplace(ip, at);
    if (at == devices_.size()) {
        add_device();
        schedule_.add_device(between, options_.lift_loopback && ip.loopback());
    }
    devices_[at].addresses.push_back(ip);
    schedule_.slower(at, between);
    if (gateway) schedule_.bus(at);
}

void Campaign::of_interface(const ScopeInterface& interface, std::size_t device, const Take& take) const {
    for (const Probe& probe : options_.catalogue) {
        const bool allowed = interface.probes.contains(std::string(probe.name)) || interface.families.contains(probe.family);
        const bool link = probe.transport == Transport::Link;
        if (!allowed || !wanted(probe) || (link && !probe.only_group)) continue;
        for (const std::string_view group : {probe.group.v4, probe.group.v6, probe.group.mac}) {
            if (group.empty() || link != (group == probe.group.mac)) continue;
            Errand errand;
            errand.probe = &probe;
            errand.interface = interface.name;
            errand.group = true;
            errand.device = device;
            errand.target.host = std::string(group);
            errand.target.ip = IpAddress::parse(group).value_or(IpAddress{});
            errand.target.port = probe.ports.empty() ? std::uint16_t{0} : probe.ports.front();
            errand.target.low = interface.low;
            errand.target.high = interface.high;
            take(std::move(errand));
        }
    }
}

std::vector<Campaign::Allowed> Campaign::allowed_in(const ScopeRange& range) const {
    std::vector<Allowed> all;
    for (const Probe& probe : options_.catalogue) {
        if (probe.only_group || !wanted(probe) || !range.allows(probe)) continue;
        const std::string named(probe.name);
        Allowed& one = all.emplace_back();
        one.probe = &probe;
        one.ports.assign(probe.ports.begin(), probe.ports.end());
        if (const auto own = range.ports.find(named); own != range.ports.end()) one.ports = own->second;
        if (one.ports.empty()) one.ports.push_back(0);
        if (probe.transport != Transport::Link) {
            one.interfaces.emplace_back();
            continue;
        }
        for (const ScopeInterface& each : scope_->interfaces) {
            const bool allowed = each.probes.contains(named) || each.families.contains(probe.family);
            if (each.broadcast && allowed) one.interfaces.push_back(each.name);
        }
    }
    std::ranges::stable_sort(all, {}, [](const Allowed& one) { return order_of(*one.probe); });
    return all;
}

void Campaign::of_host(const IpAddress& ip, std::size_t device, const Take& take) const {
    const ScopeRange* range = scope_->range_of(ip);
    const Known* known = knowledge_.at(ip);
    const std::string host = host_text(ip);
    for (const Allowed& allowed : allowed_[static_cast<std::size_t>(range - scope_->ranges.data())]) {
        const Probe& probe = *allowed.probe;
        // ARP is IPv4's, neighbour discovery IPv6's.
        if ((probe.ethertype == 0x0806 && ip.version != 4) || (probe.ethertype == 0x86dd && ip.version != 6)) continue;
        Target target;
        target.ip = ip;
        target.host = host;
        target.tls = probe.transport == Transport::Tls;
        target.low = range->low;
        target.high = range->high;
        std::vector<Target> targets;
        if (probe.each == Probe::Each::Community) {
            for (const std::string& community : range->communities) {
                target.community = community;
                ++target.which;
                targets.push_back(target);
            }
        } else if (probe.each == Probe::Each::Unit || probe.each == Probe::Each::Slot) {
            const bool unit = probe.each == Probe::Each::Unit;
            const std::vector<std::uint32_t>& given = unit ? range->units : range->slots;
            std::set<std::uint32_t> numbers(given.begin(), given.end());
            // Units that were heard are Modbus's, and slots CIP's: of another protocol's numbers they say nothing.
            if (known != nullptr && probe.decoder == (unit ? "modbus" : "ethernet_ip"))
                numbers.insert((unit ? known->units : known->slots).begin(), (unit ? known->units : known->slots).end());
            for (const std::uint32_t number : numbers) {
                (unit ? target.unit_known : target.slot_known) = true;
                (unit ? target.unit : target.slot) = number;
                targets.push_back(target);
            }
            if (numbers.empty()) targets.push_back(target);
        } else if (probe.each == Probe::Each::Station) {
            std::map<std::string, std::optional<std::uint32_t>> stations;
            if (known != nullptr) stations = known->stations;
            for (const std::string& station : range->stations) stations.try_emplace(station);
            for (const auto& [station, instance] : stations) {
                if (station.empty()) continue;
                target.station = station;
                target.instance_known = instance.has_value();
                target.instance = instance.value_or(0);
                targets.push_back(target);
            }
        } else {
            if (known != nullptr && probe.decoder == "bacnet") {
                if (const auto own = known->stations.find(""); own != known->stations.end() && own->second) {
                    target.instance_known = true;
                    target.instance = *own->second;
                }
            }
            targets.push_back(target);
        }
        for (Target& each : targets) {
            for (const std::uint16_t port : allowed.ports) {
                each.port = port;
                for (const std::string& interface : allowed.interfaces) take({&probe, each, interface, false, device, {}, {}});
            }
        }
    }
}

void Campaign::each_errand(std::size_t device, const Take& take) const {
    const Take unless_done = [&](Errand&& errand) {
        if (!record_->has(errand_key(errand))) take(std::move(errand));
    };
    const Take& wanted = record_ == nullptr ? take : unless_done;
    const Device& of = devices_[device];
    if (of.interface != nullptr) of_interface(*of.interface, device, wanted);
    for (const IpAddress& ip : of.addresses) of_host(ip, device, wanted);
}

std::vector<Errand> Campaign::errands_of(std::size_t device) const {
    std::vector<Errand> errands;
    each_errand(device, [&](Errand&& errand) { errands.push_back(std::move(errand)); });
    const Device& of = devices_[device];
    // Of one address they are in order already.
    if (of.interface != nullptr || of.addresses.size() > 1)
        std::ranges::stable_sort(errands, {}, [](const Errand& errand) { return order_of(*errand.probe); });
    return errands;
}

void Campaign::begin(std::size_t device) {
    devices_[device].errands = errands_of(device);
    for (Errand& errand : devices_[device].errands) errand.target.token = mixed(random_);
    slow_down(device);  // what a group's answers told of it
    ready_.push_back(device);
}

void Campaign::resume(const ExchangeRecord& record) {
    record_ = &record;
    for (Device& device : devices_) {
        for (const IpAddress& ip : device.addresses) {
            const auto found = record.past().find(ip);
            if (found == record.past().end()) continue;
            const Past& past = found->second;
            Account& of = account(device);
            of.patience.join(past.patience);
            of.bytes += past.bytes;
            of.requests += past.requests;
            std::set<std::string>& answered = device.answered[ip];
            for (const std::string& question : past.answered) {
                answered.insert(question);
                if (const Probe* probe = probe_named(question); probe != nullptr) answered.emplace(probe->decoder);
            }
        }
    }
    measure();
}

std::string Campaign::gated(const Errand& errand) const {
    if (errand.group) return gated_on_link(errand);
    const ScopeRange* range = scope_->range_of(errand.target.ip);
    if (range == nullptr || scope_->excluded(errand.target.ip)) return "it is not in the scope file's ranges";
    std::string why = forbidden(*errand.probe, errand.target.ip, errand.target.port, *scope_, *range, knowledge_, families_);
    return why.empty() ? nothing_to_ask(*errand.probe, errand.target) : why;
}

std::string Campaign::still(const Errand&, Time at) const { return scope_->closed_at(at); }

std::string Campaign::goes_on(const Errand& errand, ProbeOutcome& outcome) const {
    std::string why = done_with(errand, outcome);
    if (!why.empty()) return why;
    outcome = ProbeOutcome::Gated;
    return gated(errand);
}

bool Campaign::begins(const Errand& errand) const {
    ProbeOutcome outcome{};
    return !devices_[errand.device].united && goes_on(errand, outcome).empty();
}

void Campaign::refuse(Device& device, const Errand& errand, ProbeOutcome outcome, std::string reason, Time at) {
    Report report;
    report.outcome = outcome;
    report.reason = std::move(reason);
    report.unasked = true;
    report.target = errand.target;
    report.began = report.ended = at;
    conclude(device, errand, report);
}

// Whether what the question waits for is there.
bool Campaign::arises(const Device& device, Errand& errand) const {
    const Probe& probe = *errand.probe;
    const Known* known = errand.target.ip.known() ? knowledge_.at(errand.target.ip) : nullptr;
    if (!probe.after.empty()) {
        const std::string after(probe.after);
        const auto here = device.answered.find(errand.target.ip);
        const bool answered = here != device.answered.end() && here->second.contains(after);
        if (!answered && (known == nullptr || !known->services.contains(after))) return false;
    }
    if (!probe.makers.empty()) {
        const ScopeRange* range = scope_->range_of(errand.target.ip);
        const bool right = std::ranges::any_of(probe.makers, [&](std::string_view maker) {
            return (range != nullptr && range->maker == maker) ||
                   (known != nullptr &&
                    (known->makers.contains(std::string(maker)) || known->parts.contains(std::string(maker))));
        });
        if (!right) return false;
    }
    return !probe.learnt.waits() || fill(errand);
}

std::string Campaign::done_with(const Errand& errand, ProbeOutcome& outcome) const {
    const Account& of = account(devices_[errand.device]);
    const Probe& probe = *errand.probe;
    const IpAddress& asked = errand.group ? IpAddress{} : errand.target.ip;
    outcome = ProbeOutcome::Gated;
    if (std::string why = of.patience.left_alone(asked); !why.empty()) return why;
    if (std::string why = of.patience.given_up(probe, asked); !why.empty()) return why;
    outcome = ProbeOutcome::BudgetSpent;
    if (of.bytes < scope_->device_bytes && of.requests + farewells(probe) < scope_->device_requests) return {};
    return "what one device may cost in a run is spent";
}

// True when the errand is settled without asking.
bool Campaign::skip(Device& device, Errand& errand, Time at) {
    ProbeOutcome outcome{};
    if (std::string why = done_with(errand, outcome); !why.empty()) {
        refuse(device, errand, outcome, std::move(why), at);
        return true;
    }
    if (!arises(device, errand)) {
        ++count_.errands_done;
        return true;
    }
    if (std::string why = gated(errand); !why.empty()) {
        refuse(device, errand, ProbeOutcome::Gated, std::move(why), at);
        return true;
    }
    return false;
}

bool Campaign::may_begin() const {
    return first_waiting_ < devices_.size() && (links_left_ == 0 || devices_[first_waiting_].interface != nullptr);
}

bool Campaign::fill(Errand& errand) const {
    const Known* known = errand.target.ip.known() ? knowledge_.at(errand.target.ip) : nullptr;
    if (known == nullptr) return false;
    const auto values = known->learnt.find(errand.probe->name);
    if (values == known->learnt.end()) return false;
    for (const std::string& value : values->second) {
        errand.target.learnt = value;
        if (errand.probe->learnt.url) errand.target.port = port_of(value, errand.target.ip, *errand.probe);
        if (errand.target.port == 0) continue;
        return record_ == nullptr || !record_->has(errand_key(errand));
    }
    return false;
}

std::optional<std::size_t> Campaign::take_ready() {
    const auto found = std::ranges::find_if(ready_, [&](std::size_t device) { return account(devices_[device]).busy == 0; });
    if (found == ready_.end()) return std::nullopt;
    const std::size_t device = *found;
    ready_.erase(found);
    return device;
}

std::optional<Errand> Campaign::next(Moment now, Time at) {
    while (stopped_.empty()) {
        const std::optional<std::size_t> number = take_ready();
        if (!number) {
            if (busy_ >= at_once_max || !may_begin()) return std::nullopt;
            begin(first_waiting_++);
            continue;
        }
        Device& device = devices_[*number];
        // What is written of those who are not asked may be what stops the run.
        while (device.next < device.errands.size() && stopped_.empty()) {
            Errand errand = device.errands[device.next++];
            if (skip(device, errand, at)) continue;
            ++busy_;
            Account& of = account(device);
            ++of.busy;
            errand.left = {scope_->device_requests - of.requests - farewells(*errand.probe), scope_->device_bytes - of.bytes};
            errand.not_before = now;
            if (!device.admitted) errand.not_before = schedule_.admit(errand.device, now);
            device.admitted = true;
            device.united = false;
            return errand;
        }
        if (device.next < device.errands.size()) {
            ready_.push_front(*number);
            break;
        }
        if (!device.errands.empty()) ++count_.devices_done;
        if (device.interface != nullptr) --links_left_;
        device.errands = {};
        device.next = 0;
    }
    return std::nullopt;
}

void Campaign::slow_down(std::size_t device) {
    for (const IpAddress& ip : devices_[device].addresses)
        if (known_gateway(ip)) schedule_.bus(device);
}

void Campaign::conclude(Device& device, const Errand& errand, const Report& report) {
    ++count_.errands_done;
    ++count_.outcomes[report.outcome];
    Account& of = account(device);
    of.bytes += report.bytes + report.drained;
    // The farewell is asked, too.
    of.requests += std::max(report.requests, report.asked.size());
    if (report.outcome == ProbeOutcome::Answered) {
        std::set<std::string>& answered = device.answered[errand.target.ip];
        answered.insert(std::string(errand.probe->name));
        answered.insert(std::string(errand.probe->decoder));
    }
    if (!report.unasked && device.interface == nullptr)
        of.patience.ended(*errand.probe, report.target, {report.outcome, report.accepted, report.upset, report.unclosed});
    if (on_report) on_report(errand, report);
}

void Campaign::done(const Errand& errand, Report&& report) {
    --busy_;
    --account(devices_[errand.device]).busy;
    ready_.push_back(errand.device);
    learn(errand, report);
    conclude(devices_[errand.device], errand, report);
}

void Campaign::left(const Errand& errand) {
    --busy_;
    --account(devices_[errand.device]).busy;
    --devices_[errand.device].next;
    ready_.push_front(errand.device);
}

void Campaign::unasked(Time at, const std::function<void(const Unasked&)>& tell) {
    if (stopped_.empty()) return;
    for (std::size_t i = 0; i < devices_.size(); ++i) {
        Device& device = devices_[i];
        const bool begun = i < first_waiting_;
        std::vector<Errand> errands = begun ? std::exchange(device.errands, {}) : errands_of(i);
        errands.erase(errands.begin(), errands.begin() + static_cast<std::ptrdiff_t>(std::exchange(device.next, 0)));
        std::map<IpAddress, std::size_t> left;
        for (Errand& errand : errands) {
            if (begun ? skip(device, errand, at) : !arises(device, errand)) continue;
            ++left[device.interface == nullptr ? errand.target.ip : IpAddress{}];
        }
        for (const auto& [ip, questions] : left)
            tell({ip, device.interface == nullptr ? std::string() : device.interface->name, questions});
    }
}

void Campaign::stop(std::string why) {
    if (stopped_.empty()) stopped_ = std::move(why);
}

bool Campaign::finished() const {
    return busy_ == 0 && (!stopped_.empty() || (ready_.empty() && first_waiting_ == devices_.size()));
}

void Campaign::plan(const std::function<void(const Errand&, const std::string&)>& show) const {
    for (std::size_t i = 0; i < devices_.size(); ++i) {
        for (const Errand& errand : errands_of(i)) {
            ProbeOutcome outcome{};
            const std::string why = done_with(errand, outcome);
            show(errand, why.empty() ? gated(errand) : why);
        }
    }
}

}  // namespace herkomst
