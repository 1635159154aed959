// herkomst_bench assess [ASSETS]: all packs over a made-up fleet, in one pass, at a hundredth, a tenth and all of ASSETS
// (default 1,000,000). Prints processor seconds for sums and rules, findings and questions, and the memory of the process, so
// that it is seen how they grow. Every site has 200 assets of 12 makers, a fifth of them unknown.
#include "assess.h"

#include <sys/resource.h>

#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "assess/assess.h"
#include "core/file.h"
#include "vendordb/vendordb.h"

using namespace herkomst;

namespace {

std::vector<FactsRow> fleet(std::size_t assets, const VendorDb& db) {
    static const char* const makers[] = {"sungrow", "huawei",    "fronius", "sma",       "growatt",  "alfen",
                                         "siemens", "hikvision", "abb",     "solaredge", "vaillant", ""};
    static const char* const categories[] = {"solar_inverter", "ev_charger", "battery",      "plc",
                                             "camera",         "router",     "energy_meter", ""};
    std::vector<FactsRow> rows;
    rows.reserve(assets);
    for (std::size_t i = 0; i < assets; ++i) {
        FactsRow row;
        row.asset = std::to_string(1'000'000'000 + i);
        Facts& facts = row.facts;
        facts["asset"] = row.asset;
        facts["kind"] = "device";
        facts["site"] = "site " + std::to_string(i / 200);
        facts["label"] = "EX-" + std::to_string(i % 1000);
        facts["plant_protocol"] = static_cast<std::int64_t>(i % 2);
        facts["maker_contested"] = std::int64_t{0};
        if (const char* maker = makers[i % 12]; i % 5 != 0 && *maker != '\0') facts["maker"] = maker;
        if (const char* category = categories[i % 8]; *category != '\0') facts["category"] = category;
        if (i % 3 != 0) facts["rated_power"] = static_cast<std::int64_t>(1000 * (i % 110));
        if (i % 7 == 0) facts["remote_observed"] = std::int64_t{1};
        if (i % 4 == 0) facts["remote_exposed"] = std::int64_t{1};
        complete(row, db);
        rows.push_back(std::move(row));
    }
    return rows;
}

long peak_mib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

// Of the processor, not of the clock: other programs do not count.
double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

int bench_assess(std::size_t assets) {
    const Result<VendorDb> db = VendorDb::open(data_folder() + "/vendordb.sqlite");
    const Result<PolicyPacks> packs = PolicyPacks::load(data_folder() + "/rules", {"all"});
    if (!db || !packs) {
        std::fprintf(stderr, "the data beside the program cannot be read\n");
        return 2;
    }
    std::printf("%zu rules\n%10s %10s %10s %10s %10s %12s %12s\n", packs.value().rules().size(), "assets", "sums s", "rules s",
                "open", "questions", "rows MiB", "peak MiB");
    for (const std::size_t part : {assets / 100, assets / 10, assets}) {
        const std::vector<FactsRow> rows = fleet(part, db.value());
        const long rows_mib = peak_mib();
        const double start = seconds();
        const std::vector<Group> groups = groups_of(rows, db.value(), {"fleet"});
        const double sums = seconds() - start;
        const double judging = seconds();
        const std::vector<Finding> findings = judge(rows, groups, &db.value(), packs.value());
        const double rules = seconds() - judging;
        std::size_t open = 0;
        for (const Finding& finding : findings) open += finding.verdict == Ruling::Open ? 1 : 0;
        std::printf("%10zu %10.2f %10.2f %10zu %10zu %12ld %12ld\n", part, sums, rules, open, findings.size() - open, rows_mib,
                    peak_mib());
        std::fflush(stdout);
    }
    return 0;
}
