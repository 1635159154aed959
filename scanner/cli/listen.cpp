// herkomst listen: what is heard on an interface, into the register, interval by interval.
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "cli/keeper.h"
#include "cli/own_ranges.h"

namespace herkomst::cli {

namespace {

// "90", "90s", "15m", "12h", "2d"; at least a second, at most a year.
std::optional<std::chrono::seconds> duration_of(std::string_view text) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number == 0) return std::nullopt;
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    std::chrono::seconds one{0};
    if (unit.empty() || unit == "s") one = std::chrono::seconds(1);
    if (unit == "m") one = std::chrono::minutes(1);
    if (unit == "h") one = std::chrono::hours(1);
    if (unit == "d") one = std::chrono::hours(24);
    const std::chrono::seconds most = std::chrono::hours(24) * 366;
    if (one.count() == 0 || number > most / one) return std::nullopt;
    return number * one;
}

int run_listen(std::span<const std::string> args, Context& context) {
    Options options("listen",
                    "Listens on an interface, names devices and makers as they are heard, and keeps a risk register.");
    ListenOptions asked;
    std::string interval = "60s";
    std::string duration;
    unsigned rows = 50'000;
    unsigned log_size = 10;
    bool quiet_interface = false;
    options.option("-i,--interface", asked.live.interface, "interface to listen on (needs CAP_NET_RAW); required");
    options.option("--register", asked.register_path, "register to keep (SQLite); without it nothing is kept");
    options.option("--interval", interval, "how often what was heard is recorded, like 60s or 5m (default 60s)");
    options.option("--rows", rows, "record earlier when there are so many rows (default 50000)");
    options.option("--duration", duration, "stop after that, like 90s, 15m, 12h, 2d (default: when told)");
    options.option("--site", asked.site, "name of the site");
    options.one_of("--lang", asked.language, {"nl", "en"}, "language of texts (default en)");
    options.many("--policy", asked.policies,
                 "policy pack, may be given again (default: see herkomst rules list; with a / an own folder)");
    asked.vendor_data.declare(options, VendorData::Matches::Yes);
    options.flag("--no-promiscuous", quiet_interface, "only what the interface would hear anyway");
    options.option("--buffer", asked.live.buffer_mebibytes, "MiB that the kernel may hold for us (default 16)");
    options.option("--log", asked.notices.log, "write status lines and alerts to this file, which is rotated");
    options.option("--log-size", log_size, "MB at which the log is rotated (default 10)");
    options.option("--log-keep", asked.notices.log_keep, "log files that are kept (default 5)");
    options.flag("--syslog", asked.notices.syslog, "alerts to syslog too");
    options.option("--hook", asked.notices.hook, "program that gets each alert on its standard input, as a line of JSON");
    options.flag("--people-devices", asked.people_devices, "inventory phones and laptops too (personal data)");
    OwnRanges own;
    own.declare(options);
    options.footer(
        "Every interval is one run in the register. A status line goes to stderr; each new asset, control path and finding is\n"
        "one line of JSON on stdout. Ctrl-C or SIGTERM stop cleanly.");
    int exit_code = 0;
    options.check([&](std::vector<std::string>& problems) {
        if (asked.live.interface.empty()) problems.emplace_back("which interface? -i IFACE");
        own.read(problems);
        if (const auto every = duration_of(interval)) {
            asked.interval = *every;
        } else {
            problems.push_back("--interval is a time like 60s or 5m, \"" + interval + "\" is none");
        }
        if (!duration.empty()) {
            if (const auto whole = duration_of(duration)) {
                asked.duration = *whole;
            } else {
                problems.push_back("--duration is a time like 90s, 15m or 12h, \"" + duration + "\" is none");
            }
        }
        if (rows == 0) problems.emplace_back("--rows must be at least 1");
        if (log_size == 0 || log_size > 100'000) problems.emplace_back("--log-size must be from 1 to 100000");
        if (asked.notices.log_keep == 0 || asked.notices.log_keep > 1000)
            problems.emplace_back("--log-keep must be from 1 to 1000");
        if (!asked.notices.hook.empty() && asked.notices.hook.front() != '/')
            problems.emplace_back("--hook must be a whole path");
    });
    if (!options.parse(args, exit_code)) return exit_code;
    asked.own = own.ranges();
    asked.rows = rows;
    asked.notices.log_bytes = std::uint64_t{log_size} * 1'000'000;
    asked.live.promiscuous = !quiet_interface;
    asked.now = context.now;
    return keep(asked);
}

}  // namespace

Command listen() { return {"listen", "an interface to a register, interval by interval, with alerts", run_listen}; }

}  // namespace herkomst::cli
