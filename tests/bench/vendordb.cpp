// herkomst_bench vendordb [--recog DIR]: what the vendor database costs. Load time and size, lookups per second of each kind
// (known and unknown keys mixed, as a network has them), fingerprints on texts that were not seen before and on those that
// were, and the patterns of Rapid7's files.
#include "vendordb.h"

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/file.h"
#include "vendordb/fingerprints.h"
#include "vendordb/vendordb.h"

namespace {

using namespace herkomst;
// The processor's time of this one thread, so that what else runs on the machine counts as little as it can.
struct Clock {
    static double now() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }
};
double seconds_since(double start) { return Clock::now() - start; }

double peak_mebibytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

template <class Key, class Look>
void measure(const char* what, const std::vector<Key>& keys, Look&& look) {
    if (keys.empty()) return;
    std::size_t found = 0;
    std::size_t asked = 0;
    const auto start = Clock::now();
    while (seconds_since(start) < 0.3) {
        for (const Key& key : keys) found += look(key) ? 1 : 0;
        asked += keys.size();
    }
    const double seconds = seconds_since(start);
    std::printf("%-12s %12.0f lookups/s %8.3f us each  (%zu keys, %.0f %% found)\n", what, static_cast<double>(asked) / seconds,
                seconds * 1e6 / static_cast<double>(asked), keys.size(),
                100.0 * static_cast<double>(found) / static_cast<double>(asked));
}

// One text of each example, and the same with something added that no pattern knows.
std::vector<std::pair<std::string, std::string>> texts_of(const std::vector<Fingerprint>& fingerprints) {
    std::vector<std::pair<std::string, std::string>> texts;
    for (const Fingerprint& one : fingerprints) {
        for (const FingerprintExample& example : one.examples) {
            texts.emplace_back(one.evidence, example.text);
            texts.emplace_back(one.evidence, "x7" + example.text);
        }
    }
    return texts;
}

void match_all(const char* what, const std::vector<std::pair<std::string, std::string>>& texts, const FingerprintSet& set) {
    for (const char* round : {"first", "again"}) {
        std::size_t hits = 0;
        const auto start = Clock::now();
        for (const auto& [evidence, text] : texts) hits += set.match(evidence, text) ? 1 : 0;
        const double seconds = seconds_since(start);
        std::printf("%-12s %5s: %zu texts in %.3f s, %.1f us each, %zu hits (%zu patterns)\n", what, round, texts.size(),
                    seconds, seconds * 1e6 / static_cast<double>(texts.size()), hits, set.size());
    }
}

}  // namespace

int bench_vendordb(const std::string& recog) {
    const std::string path = data_folder() + "/vendordb.sqlite";
    const double before = peak_mebibytes();
    double best = 1e9;
    for (int round = 0; round < 5; ++round) {
        const auto start = Clock::now();
        const Result<VendorDb> opened = VendorDb::open(path);
        best = std::min(best, seconds_since(start));
        if (!opened) {
            for (const Problem& problem : opened.problems()) std::fprintf(stderr, "%s\n", problem.text().c_str());
            return 3;
        }
    }
    const Result<VendorDb> opened = VendorDb::open(path);
    const VendorDb& db = opened.value();
    std::printf("%s: %zu vendors, %.1f MiB on disk, loaded in %.0f ms, %.1f MiB of memory\n", db.version().c_str(),
                db.vendors(), static_cast<double>(std::filesystem::file_size(path)) / 1048576, best * 1e3,
                peak_mebibytes() - before);

    std::vector<std::string> names;
    std::vector<std::string> ids;
    std::vector<std::string> hosts;
    std::vector<Mac> macs;
    for (const Vendor& vendor : db.all()) {
        for (const std::string& alias : vendor.aliases) {
            names.push_back(alias);
            names.push_back(alias + " 7");
        }
        for (const Cloud& cloud : vendor.clouds) {
            hosts.push_back("gateway.eu." + cloud.suffix);
            hosts.push_back("gateway.eu.x" + cloud.suffix);
        }
    }
    for (unsigned i = 0; i < 60000; i += 7)
        for (const char* registry : {"pen:", "cip:", "bacnet:", "profinet:"}) ids.push_back(registry + std::to_string(i));
    for (std::uint32_t i = 0; i < 20000; ++i) {
        Mac mac;
        const std::uint32_t mixed = i * 2654435761U;
        mac.bytes = {static_cast<std::uint8_t>((mixed >> 24) & 0xfc),
                     static_cast<std::uint8_t>(mixed >> 16),
                     static_cast<std::uint8_t>(mixed >> 8),
                     static_cast<std::uint8_t>(mixed),
                     0x53,
                     0x01};
        macs.push_back(mac);
    }
    measure("names", names, [&](const std::string& name) { return db.named(name, "modbus") != nullptr; });
    measure("ids", ids, [&](const std::string& id) { return db.id(id).has_value(); });
    measure("clouds", hosts, [&](const std::string& host) { return db.cloud(host) != nullptr; });
    measure("OUI", macs, [&](const Mac& mac) { return db.oui(mac).has_value(); });
    std::vector<std::string> banners;
    for (int i = 0; i < 500; ++i) banners.push_back("Example/" + std::to_string(i));
    measure("banner again", banners, [&](const std::string& text) { return db.fingerprint("http.server", text).has_value(); });

    Problems problems;
    const std::vector<Fingerprint> ours = read_fingerprint_folder(HERKOMST_SOURCE_DIR "/vendordb/fingerprints", problems);
    FingerprintSet own;
    for (const Fingerprint& one : ours) own.add(one);
    match_all("ours", texts_of(ours), own);
    if (recog.empty()) return 0;
    const auto start = Clock::now();
    const std::vector<Fingerprint> theirs = read_recog(recog, problems);
    std::printf("%-12s read in %.0f ms\n", "recog", seconds_since(start) * 1e3);
    FingerprintSet set;
    for (const Fingerprint& one : theirs) set.add(one);
    match_all("recog", texts_of(theirs), set);
    for (const Problem& problem : problems) std::fprintf(stderr, "%s\n", problem.text().c_str());
    return 0;
}
