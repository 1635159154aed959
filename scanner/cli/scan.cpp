// herkomst scan: from captures and inventories to a risk register, or to any stop on the way.
//
// Read sources, name devices, judge, record, report. Data goes to stdout, everything else to stderr.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "assess/assess.h"
#include "capture/analysis.h"
#include "cli/assess_answers.h"
#include "cli/command.h"
#include "cli/grounds.h"
#include "cli/open_register.h"
#include "cli/outputs.h"
#include "cli/own_ranges.h"
#include "cli/run_ratings.h"
#include "cli/sources.h"
#include "cli/summary.h"
#include "cli/terminal.h"
#include "cli/vendor_data.h"
#include "cli/version.h"
#include "core/file.h"
#include "core/file_digest.h"
#include "core/lines.h"
#include "core/printed.h"
#include "core/text.h"
#include "exports/export.h"
#include "identity/asset.h"
#include "imports/import.h"
#include "probes/gate.h"
#include "register/overview.h"
#include "register/register.h"
#include "register/work.h"
#include "report/problem_words.h"
#include "report/report.h"
#include "vendordb/vendordb.h"

namespace herkomst::cli {

namespace {

struct ScanAsked {
    std::vector<std::string> named;
    std::string until;
    std::string register_path;
    std::string report;
    std::string lang = "en";
    std::string mapping;
    std::string fail_on;
    std::vector<std::string> policies;
    std::vector<std::string> asked_from_texts;
    std::vector<IpAddress> asked_from;
    AnalysisOptions analysis;
    VendorData vendor_data;
    OwnRanges own;
    bool people_devices = false;
    bool strict = false;
};

void print_row(const Json& line) {
    const std::string text = write_json(line);
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fputc('\n', stdout);
}

// Everything that was read, from whatever kind of source.
struct Reading {
    ObservationSet observations;
    std::vector<Conversation> conversations;
    std::vector<Coverage> coverage;
    std::vector<RunSource> sources;
    Problems problems;
    bool anything_usable = false;
};

// Whose problem is it? Problems start with the path of their source.
std::vector<std::string> problems_of(const Problems& problems, const std::string& path) {
    std::vector<std::string> texts;
    for (const Problem& problem : problems) {
        if (problem.place == path || problem.place.starts_with(path + ":")) texts.push_back(problem.text());
    }
    return texts;
}

Reading read_all(const Sources& sources, const ScanAsked& asked) {
    Reading reading;
    Analysis analysis = analyse(sources.captures, asked.analysis);
    // An inventory may have more rows than a capture may have subjects.
    reading.observations.absorb_part(std::move(analysis.observations));
    reading.conversations = std::move(analysis.conversations);
    reading.coverage = std::move(analysis.coverage);
    reading.problems = analysis.problems;
    for (const SourceSummary& each : analysis.sources) {
        reading.sources.push_back({each.id, each.path, "capture", each.sha256, each.packets, each.bytes, each.first, each.last,
                                   each.usable, problems_of(analysis.problems, each.path)});
        reading.anything_usable = reading.anything_usable || each.usable;
    }
    std::vector<std::tuple<std::string, std::string, const Import*>> inventories;  // read in order of id, each once
    for (const auto& [path, import] : sources.inventories) {
        const Result<std::string> id = source_id(path);
        if (!id) {
            reading.problems.insert(reading.problems.end(), id.problems().begin(), id.problems().end());
            continue;
        }
        inventories.emplace_back(id.value(), path, import);
    }
    std::sort(inventories.begin(), inventories.end());
    inventories.erase(std::unique(inventories.begin(), inventories.end(),
                                  [](const auto& a, const auto& b) { return std::get<0>(a) == std::get<0>(b); }),
                      inventories.end());
    for (const auto& [id, path, import] : inventories) {
        Imported imported = import->read(path, id, {asked.analysis.site, asked.mapping});
        // A list of which every row is bad is not told row by row: it stands in the register once more with each scan.
        if (constexpr std::size_t told_most = 1000; imported.problems.size() > told_most) {
            const std::size_t more = imported.problems.size() - told_most;
            imported.problems.resize(told_most);
            imported.problems.push_back({path, "has " + std::to_string(more) + " more such places"});
        }
        reading.observations.merge(imported.observations);
        reading.coverage.insert(reading.coverage.end(), imported.coverage.begin(), imported.coverage.end());
        reading.problems.insert(reading.problems.end(), imported.problems.begin(), imported.problems.end());
        RunSource source{id, path, "inventory", {}, imported.rows, 0, {}, {}, imported.used != 0 || imported.problems.empty(),
                         {}};
        if (asked.analysis.hash && !is_stream(path)) {
            if (const Result<std::string> whole = sha256_of_file(path)) source.sha256 = whole.value();
        }
        for (const Problem& problem : imported.problems) source.problems.push_back(problem.text());
        reading.anything_usable = reading.anything_usable || source.usable;
        reading.sources.push_back(std::move(source));
    }
    // Each that was named and is not read is a gap.
    for (const Problem& problem : sources.problems) {
        reading.problems.push_back(problem);
        reading.sources.push_back({{}, problem.place, "unread", {}, 0, 0, {}, {}, false, {problem.text()}});
    }
    return reading;
}

// The machine that sent probes is no part of the plant: what its own requests say of it is left out, and its conversations are
// nobody's control path.
std::vector<Observation> without_asker(Reading& reading, const std::vector<IpAddress>& addresses) {
    std::vector<Observation> observations = reading.observations.list();
    const auto asker = [&](const Endpoint& endpoint) {
        return endpoint.ip.known() && std::find(addresses.begin(), addresses.end(), endpoint.ip) != addresses.end();
    };
    if (addresses.empty()) return observations;
    std::erase_if(observations, [&](const Observation& observation) { return asker(observation.subject); });
    std::erase_if(reading.conversations, [&](const Conversation& row) { return asker(row.a) || asker(row.b); });
    return observations;
}

void print_observations(const Reading& reading, const std::vector<Observation>& observations) {
    std::printf("%s\n", header_line("observations", "", "", default_tlp).c_str());
    for (const Observation& observation : observations) print_row(to_json(observation));
    for (const auto& row : reading.observations.others()) print_row(to_json(row));
    for (const Conversation& conversation : reading.conversations) print_row(to_json(conversation));
    for (const Coverage& coverage : reading.coverage) print_row(to_json(coverage));
}

void print_assets(const Identified& identified, const Reading& reading, const VendorDb& db) {
    std::printf("%s\n", header_line("assets", db.version(), "", default_tlp).c_str());
    for (const Asset& asset : identified.assets) print_row(to_json(asset));
    for (const std::string& unknown : identified.unknown_vendors) {
        Json row = Json::object();
        row["type"] = "unknown_vendor";
        row["value"] = unknown;
        print_row(row);
    }
    for (const Path& path : identified.paths) print_row(to_json(path));
    for (const Conversation& conversation : identified.conversations) print_row(to_json(conversation));
    for (const Coverage& coverage : reading.coverage) print_row(to_json(coverage));
}

// `bands`: of the open findings of this run, as they lead.
int exit_for(const std::vector<Band>& bands, const Reading& reading, const ScanAsked& asked) {
    if (!asked.fail_on.empty()) {
        Band least = Band::Low;
        for (const Band band : {Band::Medium, Band::High, Band::Critical}) {
            if (name(band) == asked.fail_on) least = band;
        }
        if (std::any_of(bands.begin(), bands.end(), [&](Band band) { return band >= least; })) return exit_findings;
    }
    if (asked.strict && (!reading.problems.empty() || !reading.coverage.empty())) return exit_gaps;
    return exit_done;
}

// Files of a named folder that are neither: counted, and one of them named.
void tell_ignored(const Sources& sources, const std::string& lang) {
    if (!sources.ignored.empty()) {
        const bool one = sources.ignored.size() == 1;
        const char* said = lang == "nl"
                               ? one ? "%zu bestand in de genoemde mappen is geen opname of inventaris: %s\n"
                                     : "%zu bestanden in de genoemde mappen zijn geen opname of inventaris, als eerste %s\n"
                           : one ? "%zu file in the named folders is neither a capture nor an inventory: %s\n"
                                 : "%zu files in the named folders are neither captures nor inventories, %s the first\n";
        std::fprintf(stderr, said, sources.ignored.size(), printed(sources.ignored.front()).c_str());
    }
}

// Finds the sources and loads the data that the stop asked for needs. False when something that was named cannot be used or
// nothing is left to read; all of that is told, and `exit_code` says how to leave.
bool inputs(const ScanAsked& asked, Sources& sources, std::optional<PolicyPacks>& packs, std::optional<VendorDb>& db,
            int& exit_code) {
    bool good = true;
    std::vector<std::string> leave_out;
    if (!asked.report.empty()) leave_out.push_back(asked.report);
    if (!asked.register_path.empty()) {
        for (const char* ending : {"", "-wal", "-shm"}) leave_out.push_back(asked.register_path + ending);
    }
    sources = find_sources(asked.named, leave_out);
    complain(sources.problems, asked.lang);
    tell_ignored(sources, asked.lang);
    if (!asked.report.empty()) {
        std::vector<std::string> read = sources.captures;
        for (const Sources::Inventory& each : sources.inventories) read.push_back(each.path);
        const Problems problems = in_the_way(report_files(Overview(), asked.lang, {}), asked.report, read);
        complain(problems, asked.lang);
        good = problems.empty();
    }
    if (const Problems problems = wrong_with_register(asked.register_path); !problems.empty()) {
        complain(problems, asked.lang);
        good = false;
    }
    if (!asked.named.empty() && sources.captures.empty() && sources.inventories.empty()) {
        std::fprintf(stderr, "herkomst scan: %s\n", asked.lang == "nl" ? "er is niets te lezen" : "nothing to read");
        good = false;
    }
    if (!asked.mapping.empty()) {
        if (const Result<Json> mapping = parse_json_file(asked.mapping); !mapping) {
            complain(mapping.problems(), asked.lang);
            good = false;
        }
    }
    const bool judges = asked.until.empty() || asked.until == "findings";
    if (judges || asked.until == "assets") require_data();
    if (judges || !asked.policies.empty()) {
        Result<PolicyPacks> loaded = PolicyPacks::load(data_folder() + "/rules", asked.policies);
        if (loaded) {
            packs = std::move(loaded.value());
        } else {
            complain(loaded.problems(), asked.lang);
            good = false;
        }
    }
    if (judges || asked.until == "assets") db = asked.vendor_data.open(exit_code);
    const bool data_missing = (judges || asked.until == "assets") && !db;
    if (!good) exit_code = exit_usage;
    return good && !data_missing;
}

int run_scan(std::span<const std::string> args, Context& context) {
    ScanAsked asked;
    Options options("scan", "Reads captures and inventories, names devices and their makers, and keeps a risk register.");
    options.arguments("SOURCES", asked.named,
                      "capture files, inventories (CSV, nmap XML), folders, globs, pipes; - is standard input");
    options.option("--register", asked.register_path, "the site's register (made if there is none)");
    options.option("--report", asked.report, "folder for the HTML, CSV and JSON report");
    options.one_of("--until", asked.until, {"observations", "assets", "findings"}, "stop there and print NDJSON");
    options.one_of("--lang", asked.lang, {"nl", "en"}, "language of summary and report (default en)");
    options.option("--site", asked.analysis.site, "name of the site (default: the register's, if it has one)");
    options.option("--threads", asked.analysis.threads, "threads that decode (default 1)");
    options.option("--mapping", asked.mapping, "JSON file that says what the columns of a CSV inventory mean");
    options.many("--policy", asked.policies,
                 "policy pack, may be given again (default: see herkomst rules list; with a / an own folder)");
    asked.vendor_data.declare(options, VendorData::Matches::Yes);
    options.flag("--people-devices", asked.people_devices, "inventory phones and laptops too (personal data)");
    options.many("--asked-from", asked.asked_from_texts, "address that our own probes came from: no part of the plant");
    asked.own.declare(options);
    options.flag("--hash", asked.analysis.hash, "record the full SHA-256 of every source");
    options.one_of("--fail-on", asked.fail_on, {"low", "medium", "high", "critical"},
                   "exit 1 when an open finding of this scan is at or above this, by the band that leads (register --help); "
                   "accepted, closed and false positive ones do not count until a scan opens them again");
    options.flag("--strict", asked.strict, "exit 5 when anything was damaged or not understood");
    options.footer("Nothing leaves this machine. --now TIME takes the place of the clock.");
    // All that can be told before the first source is read is told now, at once.
    int exit_code = 0;
    Sources sources;
    std::optional<PolicyPacks> packs;
    std::optional<VendorDb> db;
    bool good = true;
    options.check([&](std::vector<std::string>& problems) {
        if (asked.analysis.threads == 0 || asked.analysis.threads > 64) problems.emplace_back("--threads is from 1 to 64");
        asked.own.read(problems);
        if (!asked.until.empty() && (!asked.register_path.empty() || !asked.report.empty()))
            problems.emplace_back("--until stops before the register: leave out --register and --report");
        for (const std::string& text : asked.asked_from_texts) {
            if (const auto ip = IpAddress::parse(text); ip && ip->known()) {
                asked.asked_from.push_back(*ip);
            } else {
                problems.push_back("--asked-from takes an IP address, \"" + text + "\" is none");
            }
        }
        good = inputs(asked, sources, packs, db, exit_code);
    });
    if (!options.parse(args, exit_code)) return exit_code;
    if (!good) return exit_code;

    // The register may lie in the folder of the report.
    if (!asked.report.empty()) try_folder(asked.report);
    if (!asked.register_path.empty()) try_register(asked.register_path);

    // A register knows whose it is.
    if (asked.analysis.site.empty() && !asked.register_path.empty() && std::filesystem::exists(asked.register_path)) {
        const std::vector<std::string> sites = sites_of(Register::open_to_read(asked.register_path));
        if (sites.size() == 1) asked.analysis.site = sites.front();
    } else if (!asked.register_path.empty() && std::filesystem::exists(asked.register_path)) {
        const std::vector<std::string> sites = sites_of(Register::open_to_read(asked.register_path));
        if (!sites.empty() && std::find(sites.begin(), sites.end(), asked.analysis.site) == sites.end())
            std::fprintf(stderr,
                         asked.lang == "nl"
                             ? "%s heeft nog geen locatie \"%s\": wat hier wordt gezien, telt daar als eigen assets, "
                               "los van die van %s\n"
                             : "%s knows no site \"%s\" yet: what is seen here becomes assets of their own, apart "
                               "from those of %s\n",
                         printed(asked.register_path).c_str(), printed(asked.analysis.site).c_str(),
                         sites.front().empty() ? (asked.lang == "nl" ? "een locatie zonder naam" : "a site without a name")
                                               : ("\"" + printed(join(sites, "\", \"")) + "\"").c_str());
    }

    Reading reading = read_all(sources, asked);
    // Those of the sources were told when they were looked for.
    complain(Problems(reading.problems.begin(), reading.problems.end() - static_cast<std::ptrdiff_t>(sources.problems.size())),
             asked.lang);
    if (!reading.anything_usable) return exit_usage;
    const std::vector<Observation> observations = without_asker(reading, asked.asked_from);
    if (asked.until == "observations") {
        print_observations(reading, observations);
        return exit_for({}, reading, asked);
    }

    // What people said of these devices before.
    std::vector<Assertion> assertions;
    if (!asked.register_path.empty() && std::filesystem::exists(asked.register_path))
        assertions = assertions_of(Register::open_to_read(asked.register_path));
    const Identified identified =
        identify(observations, reading.conversations, *db, {asked.people_devices, context.now, assertions, asked.own.ranges()});
    // The assets hold what they rest on.
    reading.observations = ObservationSet();
    reading.conversations = {};
    if (asked.until == "assets") {
        print_assets(identified, reading, *db);
        return exit_for({}, reading, asked);
    }

    AssessOptions judging;
    judging.site = asked.analysis.site;
    if (!asked.register_path.empty() && std::filesystem::exists(asked.register_path))
        judging.answers = answers_for(Register::open_to_read(asked.register_path), identified, *db, context.now);
    const Assessment assessment = assess(identified, *db, *packs, judging);
    if (asked.until == "findings") {
        std::printf("%s\n", header_line("findings", db->version(), packs->version(), default_tlp).c_str());
        std::vector<Band> bands;
        for (const Finding& finding : assessment.findings) {
            print_row(to_json(finding));
            if (finding.verdict == Ruling::Open) bands.push_back(finding.band);
        }
        return exit_for(bands, reading, asked);
    }

    std::string register_path = asked.register_path;
    const bool throw_away = register_path.empty();
    if (throw_away) register_path = Register::in_memory;
    Register site = open_register(register_path, asked.lang);
    ScanRun record;
    record.site = asked.analysis.site;
    record.now = context.now;
    record.program = program_name();
    record.vendordb = db->version();
    record.sources = reading.sources;
    record.coverage = reading.coverage;
    record.identified = &identified;
    record.assessment = &assessment;
    record.policies = &*packs;
    record.vendors = &*db;
    record.assertions = assertions;
    record.rate = ratings_for(&site, identified, assessment, context.now);
    record.sessions = sessions_that_gate(identified, fragile_families());
    const RunReceipt receipt = site.record(record);
    Overview seen = overview(site, &*db);
    std::fputs(summary(seen, receipt, asked.lang, ages_of(*db, context.now)).c_str(), stdout);
    const int not_told = std::fflush(stdout) == 0 ? 0 : errno;
    if (!throw_away) std::fprintf(stderr, "register: %s\n", asked.register_path.c_str());
    if (!asked.report.empty()) {
        add_answers(seen, site, context.now);
        write_report(seen, asked.report, asked.lang, context.now);
    }
    if (!asked.report.empty())
        std::fprintf(stderr, "%s%s\n", asked.lang == "nl" ? "rapport:  " : "report:   ",
                     (std::filesystem::path(asked.report) / "report.html").c_str());
    if (not_told != 0) throw std::runtime_error(std::string("the output cannot be written: ") + std::strerror(not_told));
    std::vector<Band> bands;
    for (const OverviewFinding& finding : seen.findings) {
        // What is accepted, closed or called a false positive asks nothing of anybody, until a scan opens it again.
        if (finding.seen_in_last_run && finding.open()) bands.push_back(finding.leading());
    }
    return exit_for(bands, reading, asked);
}

}  // namespace

Command scan() {
    return {"scan", "captures and inventories to observations, assets, findings, a register and a report", run_scan};
}

}  // namespace herkomst::cli
