// herkomst_bench assess [NUMBER...] [--record]: all rules of all packs over so many assets in one pass (default 10000, 100000
// and 1000000); and two runs of it, with ratings, into a register in /tmp, which is then verified: up to 100000 assets, and
// with --record of any number.
//
// The assets are invented: makers of vendordb in turn, of five categories, one in three with a rating, one in five with
// switching exposed, one in four without a maker. Each number runs in a process of its own, so that its peak memory is its own;
// the memory of the assets themselves, which stand there before, is shown apart.
#include "assess.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "assess/assess.h"
#include "cli/run_ratings.h"
#include "core/file.h"
#include "register/register.h"

using namespace herkomst;

namespace {

constexpr std::size_t recorded_at_most = 100'000;

// Of this process, not of the wall: others may be using the machine.
double processor_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double peak_mebibytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

Belief believed(std::string value, std::string vendor, Strength strength) {
    Belief out;
    out.value = std::move(value);
    out.vendor = std::move(vendor);
    out.strength = strength;
    return out;
}

Asset invented(std::size_t number, const std::vector<std::string>& makers, const VendorDb& db) {
    constexpr const char* categories[] = {"solar_inverter", "ev_charger", "plc", "camera", "battery"};
    Asset out;
    out.key = fmt::format("{:016x}", number);
    out.site = "bench";
    out.kind = "device";
    const std::string mac = fmt::format("02:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", number >> 32 & 0xff, number >> 24 & 0xff,
                                        number >> 16 & 0xff, number >> 8 & 0xff, number & 0xff);
    out.identifiers.mac.insert(mac);
    out.identifiers.ip.insert(fmt::format("10.{}.{}.{}", number >> 16 & 0xff, number >> 8 & 0xff, number & 0xff));
    out.strong.push_back("mac:" + mac);
    out.basis = out.strong.front();
    if (number % 4 != 0) {
        const std::string& slug = makers[number % makers.size()];
        out.beliefs[Field::maker] = believed(db.vendor(slug)->name, slug, Strength::Stated);
    }
    out.beliefs[Field::category] = believed(categories[number % 5], "", Strength::Matched);
    out.beliefs[Field::model] = believed(fmt::format("EX-{}", number % 400), "", Strength::Stated);
    if (number % 3 == 0)
        out.beliefs[Field::rated_power] = believed(std::to_string(1000 * (number % 120)), "", Strength::Matched);
    if (number % 5 == 0) out.beliefs[Field::remote_exposed] = believed("sunspec controls", "", Strength::Stated);
    return out;
}

int measure(std::size_t count, bool recorded) {
    const Result<VendorDb> db = VendorDb::open(data_folder() + "/vendordb.sqlite");
    const Result<PolicyPacks> packs = PolicyPacks::load(data_folder() + "/rules", {"all"});
    if (!db || !packs) {
        std::fprintf(stderr, "the data of the program are not there: %s\n", data_folder().c_str());
        return 3;
    }
    std::vector<std::string> makers;
    for (const Vendor& each : db.value().all()) {
        if (each.kind == "maker") makers.push_back(each.slug);
    }
    Identified identified;
    identified.assets.reserve(count);
    for (std::size_t i = 0; i < count; ++i) identified.assets.push_back(invented(i, makers, db.value()));
    const double before = peak_mebibytes();
    double start = processor_seconds();
    const Assessment assessment = assess(identified, db.value(), packs.value(), {"bench"});
    const double judged = (processor_seconds() - start);
    std::printf("%9zu assets %4zu rules %9zu findings %8.2f s %7.2f us/asset %9.1f MiB peak %9.1f MiB assets %7.2f KiB/asset\n",
                count, packs.value().rules().size(), assessment.findings.size(), judged,
                judged * 1e6 / static_cast<double>(count), peak_mebibytes(), before,
                (peak_mebibytes() - before) * 1024 / static_cast<double>(count));
    std::fflush(stdout);
    if (!recorded) return 0;
    const std::string path = fmt::format("/tmp/herkomst-bench-{}.db", ::getpid());
    ScanRun run;
    run.site = "bench";
    run.now = Time(std::chrono::seconds(1'800'000'000));
    run.program = "herkomst bench";
    run.vendordb = db.value().version();
    RunSource source;
    source.id = "bench";
    source.path = "bench.pcap";
    source.kind = "capture";
    source.usable = true;
    run.sources = {source};
    run.identified = &identified;
    run.assessment = &assessment;
    run.policies = &packs.value();
    run.vendors = &db.value();
    run.rate = ratings_for(nullptr, identified, assessment, run.now);
    for (const char* which : {"first", "second"}) {
        start = processor_seconds();
        Register::open(path).record(run);
        const double took = (processor_seconds() - start);
        std::printf("%9zu assets %s run recorded %8.2f s %7.2f us/asset %9.1f MiB peak\n", count, which, took,
                    took * 1e6 / static_cast<double>(count), peak_mebibytes());
        std::fflush(stdout);
    }
    start = processor_seconds();
    const std::string problem = Register::open_to_read(path).verify();
    std::printf("%9zu assets verified %8.2f s%s, %.1f MiB on disk\n", count, (processor_seconds() - start),
                problem.empty() ? "" : problem.c_str(), static_cast<double>(std::filesystem::file_size(path)) / (1 << 20));
    std::fflush(stdout);
    for (const char* side : {"", "-wal", "-shm"}) std::filesystem::remove(path + side);
    return problem.empty() ? 0 : 1;
}

}  // namespace

int bench_assess(const std::vector<std::string>& words) {
    std::vector<std::size_t> counts;
    bool recorded = false;
    for (const std::string& word : words) {
        if (word == "--record") {
            recorded = true;
        } else {
            counts.push_back(static_cast<std::size_t>(std::strtoull(word.c_str(), nullptr, 10)));
        }
    }
    if (counts.empty()) counts = {10'000, 100'000, 1'000'000};
    int exit_code = 0;
    for (const std::size_t count : counts) {
        const pid_t child = ::fork();
        if (child == 0) ::_exit(measure(count, recorded || count <= recorded_at_most));
        int status = 0;
        ::waitpid(child, &status, 0);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
            std::fprintf(stderr, "%zu assets: did not end well\n", count);
            exit_code = 1;
        }
    }
    return exit_code;
}
