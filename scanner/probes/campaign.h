// A run of probes over a scope: who is asked what, in which order, one thing at a time to a device, and what follows from what
// comes back. It opens no socket and reads no clock: Wire asks it for errands and brings reports.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "probes/gate.h"
#include "probes/patience.h"
#include "probes/record.h"
#include "probes/schedule.h"
#include "probes/scope.h"

namespace herkomst {

class VendorDb;

struct Errand {
    const Probe* probe = nullptr;
    Target target;
    std::string interface;  // of questions to a group and of link probes
    bool group = false;
    std::size_t device = 0;  // of the campaign and the schedule
    Moment not_before{};
    Allowance left;  // of what a device may cost
};
inline std::string errand_key(const Errand& errand) {
    return errand_key(*errand.probe, errand.target, errand.interface, errand.group);
}

struct CampaignOptions {
    std::span<const Probe> catalogue = all_probes();
    std::vector<std::string> probes;  // only these; empty: all that the scope allows
    bool lift_loopback = false;       // no pacing towards loopback
    // Which addresses are on an interface (probes/links.h). What is not known may be there.
    std::map<std::string, std::vector<AddressRange>> links = {};
    std::uint64_t seed = 0;  // of transaction numbers
};

struct CampaignCount {
    std::size_t devices = 0;
    std::size_t devices_done = 0;
    std::size_t errands = 0;
    std::size_t errands_done = 0;
    std::map<ProbeOutcome, std::size_t> outcomes;
};

// Who was not asked to the end, because the run was stopped: an address, or everybody on a link.
struct Unasked {
    IpAddress ip;
    std::string interface;
    std::size_t questions = 0;  // those that would arise by what is known
};

// How long it takes: when every port is closed, and when everything takes as long as it may.
struct Expected {
    std::chrono::milliseconds least{};
    std::chrono::milliseconds most{};
};

class Campaign {
  public:
    static constexpr std::size_t at_once_max = 256;  // devices
    static constexpr std::size_t silences_max = Patience::silences_max;

    Campaign(const Scope&, Knowledge, std::vector<FragileFamily>, const VendorDb*, const CampaignOptions&);

    // What is to be done next, of a device that nothing is being done to; not before its moment. Nothing: not before a report
    // comes, or never.
    std::optional<Errand> next(Moment now, Time at);
    // To be asked again when that moment has come; empty: it may.
    [[nodiscard]] std::string still(const Errand&, Time at) const;
    // Its turn has come, and nothing of it has been sent. False: it is to be `left`, and comes again when it may, or with the
    // reason why not. What was learnt since it was given out speaks against it: a gate, or what the device has cost or how it
    // took it; or the device was united with another, to whom something may be under way, and its moment was given too early.
    [[nodiscard]] bool begins(const Errand&) const;
    // Why the next connection of an errand that has begun may not be; empty: it may.
    [[nodiscard]] std::string goes_on(const Errand&, ProbeOutcome&) const;
    void done(const Errand&, Report&&);
    // It was not asked, because the run was stopped, or because it must not begin.
    void left(const Errand&);
    // No further errand is given out.
    void stop(std::string why);
    [[nodiscard]] const std::string& stopped() const { return stopped_; }
    [[nodiscard]] bool finished() const;
    // After a run that was stopped: who was not asked to the end. What something else forbids gets its report first.
    void unasked(Time at, const std::function<void(const Unasked&)>& tell);

    [[nodiscard]] std::size_t devices() const { return devices_.size(); }
    // On which everybody is asked, and nobody has been yet.
    [[nodiscard]] std::size_t links() const { return links_left_; }
    // Every address that a device is known to have, the scope's first; of everybody on a link none.
    [[nodiscard]] std::vector<IpAddress> addresses_of(std::size_t device) const;
    [[nodiscard]] Schedule& schedule() { return schedule_; }
    [[nodiscard]] const CampaignCount& count() const { return count_; }
    [[nodiscard]] Expected expected() const { return expected_; }
    // Every errand as it stands in the plan, with the reason where a gate forbids it now: for --dry-run.
    void plan(const std::function<void(const Errand&, const std::string& forbidden)>& show) const;

    // Who on a link hears what everybody there is asked, though the scope file excludes him: a sentence for each.
    [[nodiscard]] std::vector<std::string> reached() const;

    // What the record holds is not asked again, and counts; it must outlive the campaign.
    void resume(const ExchangeRecord&);
    // Where reports go.
    std::function<void(const Errand&, const Report&)> on_report;

  private:
    using Take = std::function<void(Errand&&)>;
    struct Device {
        std::vector<IpAddress> addresses;
        const ScopeInterface* interface = nullptr;  // everybody on it, then, and no address
        std::vector<Errand> errands;                // from when it is its turn until it is done
        std::size_t next = 0;
        bool admitted = false;
        bool united = false;  // since its last errand was given out
        // Probes and decoders, by where they answered: what one address says never makes us ask another.
        std::map<IpAddress, std::set<std::string>> answered;
        std::size_t whole = 0;  // whose Account this is: its own, until it turns out to be another's device
    };
    // What holds for a device, by whichever of its addresses it became known.
    struct Account {
        Patience patience;
        std::uint64_t bytes = 0;
        std::uint64_t requests = 0;
        std::size_t busy = 0;  // questions that are under way
    };

    // What a range of the scope file lets its hosts be asked, in order.
    struct Allowed {
        const Probe* probe = nullptr;
        std::vector<std::uint16_t> ports;     // at least one
        std::vector<std::string> interfaces;  // of link probes; else one without a name
    };
    [[nodiscard]] std::vector<Allowed> allowed_in(const ScopeRange&) const;
    // Everybody on the links is asked first: what a group says opens and closes questions to hosts.
    [[nodiscard]] bool may_begin() const;
    // What the question waits for; false: it does not arise.
    [[nodiscard]] bool fill(Errand&) const;
    [[nodiscard]] bool arises(const Device&, Errand&) const;
    // Why its device is asked this no more, after what it has cost and how it took it; empty: it may be.
    [[nodiscard]] std::string done_with(const Errand&, ProbeOutcome&) const;
    // A bus turned out to be behind it: from now on it is asked at a gateway's pace.
    void slow_down(std::size_t device);
    [[nodiscard]] bool known_gateway(const IpAddress&) const;
    // What its addresses and another's were told to be: one device.
    void unite_known(std::size_t device);
    void unite(std::size_t device, std::size_t other);
    Account& account(const Device& device) { return accounts_[device.whole]; }
    [[nodiscard]] const Account& account(const Device& device) const { return accounts_[device.whole]; }
    Device& add_device();
    void add_host(const IpAddress&);
    // The next of those that are ready and that nothing is being done to, by another of its addresses either.
    [[nodiscard]] std::optional<std::size_t> take_ready();
    void each_errand(std::size_t device, const Take&) const;
    // Everything that a device is to be asked, in order.
    [[nodiscard]] std::vector<Errand> errands_of(std::size_t device) const;
    void of_host(const IpAddress&, std::size_t device, const Take&) const;
    void of_interface(const ScopeInterface&, std::size_t device, const Take&) const;
    void begin(std::size_t device);
    [[nodiscard]] bool wanted(const Probe&) const;
    [[nodiscard]] std::string gated(const Errand&) const;
    [[nodiscard]] bool on_link(const std::string& interface, const AddressRange&) const;
    // Why everybody on that link may not be asked this.
    [[nodiscard]] std::string gated_on_link(const Errand&) const;
    bool skip(Device&, Errand&, Time at);
    void refuse(Device&, const Errand&, ProbeOutcome, std::string reason, Time at);
    void conclude(Device&, const Errand&, const Report&);
    // Of a group, what nobody understands is no answer.
    void learn(const Errand&, Report&);
    void measure();

    const Scope* scope_;
    Knowledge knowledge_;
    std::vector<FragileFamily> families_;
    const VendorDb* db_;
    CampaignOptions options_;
    Schedule schedule_;
    std::vector<std::vector<Allowed>> allowed_;  // of each of the scope's ranges
    std::vector<Device> devices_;
    std::vector<Account> accounts_;
    std::map<IpAddress, std::size_t> device_at_;
    std::deque<std::size_t> ready_;  // devices that were begun and are not being asked
    std::size_t busy_ = 0;           // those that something is being done to
    std::size_t first_waiting_ = 0;
    std::size_t links_left_ = 0;
    std::string stopped_;
    CampaignCount count_;
    Expected expected_;
    const ExchangeRecord* record_ = nullptr;
    std::uint64_t random_ = 0;
};

}  // namespace herkomst
