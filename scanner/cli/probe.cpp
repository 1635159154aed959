// herkomst probe: asks devices who they are, within a scope file, and reads the answers like a capture.
//
// Read the scope and what is known, plan, show the plan or carry it out, and hand the record to `scan`: so that what was asked
// and what was heard become the same assets, findings and register. A command of its own, and not an option of `scan`, because
// whoever scans must never send anything by a word too many.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "cli/confined.h"
#include "cli/own_ranges.h"
#include "cli/probe_inputs.h"
#include "cli/probe_plan.h"
#include "cli/probe_told.h"
#include "cli/version.h"
#include "core/file.h"
#include "core/text.h"
#include "probes/campaign.h"
#include "probes/links.h"
#include "probes/run_clock.h"
#include "probes/target_lock.h"
#include "probes/wire.h"

namespace herkomst::cli {

Command scan();

namespace {

std::atomic<int> interrupts{0};

struct ProbeAsked {
    ProbeInputs inputs;
    std::vector<std::string> only;
    std::string record;
    std::vector<std::string> sources_of_ours;
    IpAddress source4;
    IpAddress source6;
    std::string interface;
    bool dry_run = false;
    bool resume = false;
    bool keep_bytes = false;
    bool pcapng = false;
    bool lift = false;
    bool quiet = false;
    // For scan:
    std::string report, until, lang = "en", fail_on;
    std::vector<std::string> policies;
    OwnRanges own;
};

class Progress {
  public:
    explicit Progress(const Campaign& campaign, bool quiet) : campaign_(&campaign), quiet_(quiet) {}

    void operator()() {
        const auto now = std::chrono::steady_clock::now();
        if (quiet_ || now < next_) return;
        next_ = now + std::chrono::seconds(10);
        if (now - began_ < std::chrono::seconds(2)) return;
        const CampaignCount& count = campaign_->count();
        const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(now - began_);
        const auto done = static_cast<std::int64_t>(std::max<std::size_t>(count.errands_done, 1));
        const auto left = spent * (static_cast<std::int64_t>(count.errands) - done) / done;
        std::fprintf(stderr, "probe: %zu of %zu devices, %zu of %zu questions, %zu answered, about %s left\n",
                     count.devices_done, count.devices, count.errands_done, count.errands, answered(count),
                     duration_text(left).c_str());
    }
    static std::size_t answered(const CampaignCount& count) {
        const auto found = count.outcomes.find(ProbeOutcome::Answered);
        return found == count.outcomes.end() ? 0 : found->second;
    }

  private:
    const Campaign* campaign_;
    bool quiet_;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point next_ = began_ + std::chrono::seconds(2);
};

// What was asked and what was heard, read together.
int hand_over(const ProbeAsked& asked, const ExchangeRecord& record, Context& context) {
    std::vector<std::string> args = asked.inputs.sources;
    args.push_back(record.packets_path());
    args.push_back(record.log_path());
    const auto give = [&](const std::string& option, const std::string& value) {
        if (!value.empty()) args.insert(args.end(), {option, value});
    };
    give("--register", asked.inputs.register_path);
    give("--report", asked.report);
    give("--until", asked.until);
    give("--lang", asked.lang);
    give("--site", asked.inputs.site);
    give("--fail-on", asked.fail_on);
    give("--recog", asked.inputs.vendor_data.recog);
    for (const std::string& policy : asked.policies) give("--policy", policy);
    for (const std::string& overlay : asked.inputs.vendor_data.overlays) give("--vendordb-overlay", overlay);
    for (const IpAddress& ours : record.own_addresses()) give("--asked-from", ours.text());
    for (const AddressRange& range : asked.own.ranges()) give("--own", range.text());
    if (asked.inputs.people_devices) args.emplace_back("--people-devices");
    return scan().run(args, context);
}

int refused(const std::string& why) {
    std::fprintf(stderr, "herkomst probe: refused: %s; nothing was sent\n", why.c_str());
    return exit_refused;
}

// Whether nobody but this machine can be meant.
bool on_loopback(const Scope& scope) {
    const auto ours = [](const ScopeRange& each) { return each.range.first.loopback() && each.range.last.loopback(); };
    return std::ranges::all_of(scope.ranges, ours) && std::ranges::none_of(scope.interfaces, [](const ScopeInterface& each) {
               return each.broadcast && each.name != "lo";
           });
}

// Who asks a device may not choose what time it is. False: refused, with the reason.
bool time_is_right(const Scope& scope, bool dry_run, const Context& context) {
    if (dry_run || !context.now_given) return true;
    if (!on_loopback(scope)) {
        refused("the permission is held against the clock: --now is for a dry run, and for a run over loopback alone");
        return false;
    }
    std::fprintf(stderr, "probe: --now: the permission is held against %s and not against the clock; only loopback is asked\n",
                 rfc3339(context.now).c_str());
    return true;
}

// The record takes it, or it is said on stderr what the record lacks.
void keep(ExchangeRecord& record, const Errand& errand, const Report& report) {
    try {
        record.add(errand_key(errand), *errand.probe, report);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "herkomst probe: not in the record: %s at %s, %zu requests, %s: %s\n", errand_key(errand).c_str(),
                     rfc3339(report.began).c_str(), report.asked.size(), std::string(name(report.outcome)).c_str(),
                     error.what());
        throw;
    }
}

int probe_and_read(ProbeAsked& asked, const Scope& scope, Campaign& campaign, TargetLock& targets, const RunClock& now,
                   Context& context) {
    WireOptions options;
    options.source4 = asked.source4;
    options.source6 = asked.source6;
    options.interface = asked.interface;
    options.now = now;
    options.interrupts = &interrupts;
    if (const std::string why = Wire::unusable(options); !why.empty()) {
        std::fprintf(stderr, "herkomst probe: %s; nothing was sent\n", why.c_str());
        return exit_machine;
    }
    // Reading and listening take time.
    if (std::string why = scope.closed_at(now()); !why.empty()) return refused(why);
    RecordHead head;
    head.program = program_name();
    head.authorised = trimmed(clean(asked.inputs.authorised));
    head.authorised_by = scope.authorised_by;
    head.purpose = scope.purpose;
    head.scope = scope.sha256;
    head.at = now();
    head.now_given = context.now_given;
    const std::size_t links = campaign.links();
    const RecordRoom room = RecordRoom::of(std::min(campaign.count().devices, Campaign::at_once_max), links, asked.keep_bytes);
    Result<std::unique_ptr<ExchangeRecord>> opened =
        ExchangeRecord::open(asked.record, asked.resume, asked.keep_bytes, head, room);
    if (!opened) {
        for (const Problem& problem : opened.problems()) std::fprintf(stderr, "%s\n", problem.text().c_str());
        return exit_usage;
    }
    ExchangeRecord& record = *opened.value();
    campaign.resume(record);
    ProbeTold told;
    campaign.on_report = [&](const Errand& errand, const Report& report) {
        keep(record, errand, report);
        told.add(errand, report);
        if (!record.full().empty()) campaign.stop(record.full());
    };

    Progress progress(campaign, asked.quiet);
    const auto began = std::chrono::steady_clock::now();
    bool spent = false;
    options.progress = [&] {
        if (!spent && campaign.stopped().empty() && std::chrono::steady_clock::now() > began + scope.time) {
            spent = true;
            campaign.stop("the time that the scope file gives a run is spent");
        }
        targets.share(campaign);
        progress();
    };
    const int asking = run_confined(
        [&] {
            const bool finished = Wire(options).run(campaign);
            // What was spent is a row of each who was not asked; who was interrupted goes on himself.
            if (finished && record.full().empty()) {
                campaign.unasked(now(), [&](const Unasked& unasked) {
                    if (spent) record.add_unasked(unasked.ip, unasked.questions, campaign.stopped(), now());
                    told.add(unasked);
                });
            }
            std::fputs(told.text(campaign.count(), campaign.stopped(), record.log_path()).c_str(), stderr);
            record.give_back();
            if (finished && !record.full().empty()) {
                std::fprintf(stderr, "herkomst probe: %s; no more was asked, and --resume asks the rest\n",
                             record.full().c_str());
                return exit_machine;
            }
            if (finished) return exit_done;
            std::fprintf(stderr, "herkomst probe: left everything; --resume takes it up again\n");
            return exit_interrupted;
        },
        interrupts);
    if (asking != exit_done) return asking;
    // What is left to do sends nothing, and can be done again with `scan`: who asks once more is heard at once. What was asked
    // is known from the record: another process has written it.
    record.read_again();
    // A run that asks the rest needs what this one learned.
    const bool rest = !record.complete() || interrupts > 0 || (asked.resume && !asked.only.empty());
    if (!asked.pcapng && rest)
        std::fprintf(stderr, "probe: kept for --resume, which may ask the rest: %s\n", record.packets_path().c_str());
    const int code = hand_over(asked, record, context);
    if (!asked.pcapng && !rest && interrupts == 0) {
        keep_learnt(asked.record);
        std::filesystem::remove(record.packets_path());
    }
    return interrupts > 0 && code == exit_done ? exit_interrupted : code;
}

// False: another run has it, perhaps one whose terminal is gone and that finishes what it began.
bool locked(const std::string& folder, std::optional<RecordLock>& lock) {
    if (std::optional<RecordLock> taken = RecordLock::take(folder)) {
        lock.emplace(std::move(*taken));
        return true;
    }
    std::fprintf(stderr, "herkomst probe: refused: a run is still finishing in %s; nothing was sent\n", folder.c_str());
    return false;
}

// What would be sent: of a record that is taken up, what it leaves to ask.
int show_dry(const ProbeAsked& asked, const Scope& scope, Campaign& campaign) {
    std::unique_ptr<ExchangeRecord> record;
    if (asked.resume && !asked.record.empty()) {
        Result<std::unique_ptr<ExchangeRecord>> read = ExchangeRecord::open_to_read(asked.record);
        if (!read) {
            for (const Problem& problem : read.problems()) std::fprintf(stderr, "%s\n", problem.text().c_str());
            return exit_usage;
        }
        record = std::move(read.value());
        campaign.resume(*record);
    }
    show_plan(campaign, scope);
    return exit_done;
}

void check_words(ProbeAsked& asked, std::vector<std::string>& problems) {
    if (!asked.until.empty() && (!asked.inputs.register_path.empty() || !asked.report.empty()) && !asked.dry_run)
        problems.emplace_back("--until stops before the register: leave out --register and --report; nothing was sent");
    for (const std::string& named : asked.only)
        if (probe_named(named) == nullptr)
            problems.push_back("there is no probe \"" + named + "\"; herkomst probes lists them");
    for (const std::string& text : asked.sources_of_ours) {
        const auto ip = IpAddress::parse(text);
        if (!ip) {
            problems.push_back("--from \"" + text + "\" is no address");
            continue;
        }
        IpAddress& source = ip->version == 6 ? asked.source6 : asked.source4;
        if (source.known() && source != *ip)
            problems.push_back("--from " + source.text() + " and --from " + ip->text() + ": only one of each version of IP");
        source = *ip;
    }
    asked.own.read(problems);
}

int run_probe(std::span<const std::string> args, Context& context) {
    const RunClock now(context.now);
    ProbeAsked asked;
    Options options(
        "probe", "Asks devices who they are, only reading, only within a scope file, so slowly that a plant does not notice.");
    options.arguments("SOURCES", asked.inputs.sources,
                      "captures and inventories: what was heard gates what is asked, and is read together with it", false);
    options.option("--scope", asked.inputs.scope, "scope file (JSON): who allowed what, whom, when; required");
    options.option("--scope-key", asked.inputs.scope_key, "public key (Ed25519, PEM) that must have signed it (SCOPE.sig)");
    options.option("--i-am-authorised", asked.inputs.authorised, "your name: you say that you may do this; it is recorded");
    options.option("--record", asked.record, "folder for the record of all exchanges; required unless --dry-run");
    options.flag("--dry-run", asked.dry_run, "print every target, question, byte and the expected duration; send nothing");
    options.flag("--resume", asked.resume, "take up the record of a run that was broken off");
    options.flag("--keep-bytes", asked.keep_bytes, "keep the bytes in the record, not only their hashes");
    options.flag("--pcapng", asked.pcapng,
                 "keep packets too, rebuilt from the exchanges (not recorded from the interface; explain shows their bytes)");
    options.many("--only", asked.only, "only this probe, may be given again");
    options.many("--from", asked.sources_of_ours, "address of ours to ask from, one of IPv4 and one of IPv6");
    options.option("--interface", asked.interface, "interface to ask through");
    options.option("--listen", asked.inputs.listen, "listen on this interface first, for what gates");
    options.option("--listen-for", asked.inputs.listen_for,
                   "how long, like 30s or 5m (default 60s; less than 10s does not count)");
    options.flag("--lift-loopback", asked.lift, "no pacing towards 127.0.0.0/8 and ::1 (for tests; nowhere else possible)");
    options.flag("--quiet", asked.quiet, "no progress on stderr");
    options.option("--register", asked.inputs.register_path,
                   "the site's register: gates (sessions of the last 30 days too), and takes the results");
    options.option("--report", asked.report, "folder for the HTML, CSV and JSON report");
    options.one_of("--until", asked.until, {"observations", "assets", "findings"}, "stop there and print NDJSON");
    options.one_of("--lang", asked.lang, {"nl", "en"}, "language of summary and report (default en)");
    options.option("--site", asked.inputs.site, "name of the site");
    options.many("--policy", asked.policies, "policy pack, may be given again (default: see herkomst rules list)");
    asked.own.declare(options);
    options.one_of("--fail-on", asked.fail_on, {"low", "medium", "high", "critical"},
                   "exit 1 when an open finding is at or above this; see scan --help");
    options.flag("--people-devices", asked.inputs.people_devices, "inventory phones and laptops too (personal data)");
    asked.inputs.vendor_data.declare(options, VendorData::Matches::Yes);
    options.footer(
        "Servers of one client or a few are asked only after somebody has listened: a capture or register of the last 30 days, "
        "or --listen. --now is for a dry run, and for a run over loopback alone. Exit 4: refused, with the reason. Ctrl-C once "
        "finishes what was begun, twice leaves it. See herkomst probes.");
    options.check([&](std::vector<std::string>& problems) { check_words(asked, problems); });
    int exit_code = 0;
    if (!options.parse(args, exit_code)) return exit_code;
    asked.inputs.own = asked.own.ranges();
    const std::optional<Scope> scope = scope_for(asked.inputs, context.now, asked.dry_run, exit_code);
    if (!scope) return exit_code;
    if (!time_is_right(*scope, asked.dry_run, context)) return exit_refused;
    if (asked.record.empty() && !asked.dry_run) {
        std::fprintf(stderr, "herkomst probe: --record is missing: what is sent is recorded\n");
        return exit_usage;
    }
    const std::optional<VendorDb> db = asked.inputs.vendor_data.open(exit_code);
    if (!db) return exit_code;
    // What is in the folder is read first, and a dry run listens there too: not while somebody still writes there, and not into
    // the record of another run.
    std::optional<RecordLock> lock;
    const bool used = !asked.record.empty() && (std::filesystem::exists(asked.record) || !asked.inputs.listen.empty());
    if (used && !locked(asked.record, lock)) return exit_refused;
    const bool writes = !asked.dry_run || !asked.inputs.listen.empty();
    if (const auto problem = ExchangeRecord::in_the_way(asked.record, asked.resume); used && writes && problem) {
        std::fprintf(stderr, "%s\n", problem->text().c_str());
        return exit_usage;
    }
    std::optional<Knowledge> knowledge = knowledge_for(asked.inputs, asked.record, asked.resume, *db, context.now, exit_code);
    if (!knowledge) return exit_code;
    CampaignOptions campaign_options;
    campaign_options.probes = asked.only;
    campaign_options.lift_loopback = asked.lift;
    for (const ScopeInterface& each : scope->interfaces) campaign_options.links[each.name] = networks_on(each.name);
    campaign_options.seed = static_cast<std::uint64_t>(context.now.time_since_epoch().count());
    Campaign campaign(*scope, std::move(*knowledge), fragile_families(), &*db, campaign_options);
    if (campaign.count().errands == 0) {
        std::fprintf(stderr, "herkomst probe: refused: the scope file allows nothing of this; nothing was sent\n");
        return exit_refused;
    }
    if (asked.dry_run) return show_dry(asked, *scope, campaign);
    for (const std::string& sentence : campaign.reached()) std::fprintf(stderr, "probe: %s\n", sentence.c_str());
    TargetLock targets;
    if (const std::string why = targets.take(*scope, campaign); !why.empty()) return refused(why);
    for (const std::string& sentence : targets.told()) std::fprintf(stderr, "probe: %s\n", sentence.c_str());
    if (!lock && !locked(asked.record, lock)) return exit_refused;
    return probe_and_read(asked, *scope, campaign, targets, now, context);
}

}  // namespace

Command probe() { return {"probe", "asks devices who they are, within a scope file, only reading", run_probe}; }

}  // namespace herkomst::cli
