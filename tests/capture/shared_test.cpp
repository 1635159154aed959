// Every capture of the shared folder, honest and hostile, read to its end and taken to findings. Says so when the folder is not
// there.
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "assess/assess.h"
#include "core/file.h"
#include "core/lines.h"
#include "identity/asset.h"
#include "register/overview.h"
#include "register/register.h"
#include "vendordb/vendordb.h"
#include "writer.h"

using namespace herkomst;
using namespace herkomst::made;

namespace shared_test {

TEST_SUITE_BEGIN("capture.shared");

namespace {

// Sorted; empty when the folder is not there.
std::vector<std::string> shared_files(const std::vector<const char*>& folders) {
    const char* named = std::getenv("HERKOMST_SHARED");
    const std::filesystem::path shared = named != nullptr ? named : std::string(HERKOMST_SOURCE_DIR) + "/../shared";
    std::vector<std::string> files;
    for (const char* folder : folders) {
        if (!std::filesystem::exists(shared / folder)) {
            MESSAGE("skipped without ../shared: ", (shared / folder).string(), " is not there");
            return {};
        }
        for (const auto& entry : std::filesystem::recursive_directory_iterator(shared / folder)) {
            const std::string kind = entry.path().extension().string();
            if (entry.is_regular_file() && kind != ".json" && kind != ".md") files.push_back(entry.path().string());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

struct Data {
    VendorDb db;
    PolicyPacks packs;
};

const Data& data() {
    static const Data loaded = [] {
        Result<VendorDb> db = VendorDb::open(HERKOMST_BINARY_DIR "/data/vendordb.sqlite");
        Result<PolicyPacks> packs = PolicyPacks::load(HERKOMST_SOURCE_DIR "/rules");
        REQUIRE(db.ok());
        REQUIRE(packs.ok());
        return Data{std::move(db.value()), std::move(packs.value())};
    }();
    return loaded;
}

constexpr Time now = Time(std::chrono::seconds(1'790'000'000));

Identified assets_of(const Analysis& analysis) {
    return identify(analysis.observations.list(), analysis.conversations, data().db, {false, now});
}

std::string assets_printed(const Identified& identified) {
    std::string out;
    for (const Asset& asset : identified.assets) out += write_json(to_json(asset)) + "\n";
    for (const Path& path : identified.paths) out += write_json(to_json(path)) + "\n";
    for (const std::string& unknown : identified.unknown_vendors) out += unknown + "\n";
    return out;
}

std::string findings_printed(const Assessment& assessment) {
    std::string out;
    for (const Finding& finding : assessment.findings) out += write_json(to_json(finding)) + "\n";
    return out;
}

// Of this process so far. The address sanitizer holds what was freed back and surrounds what was not.
double peak_mebibytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HERKOMST_TEST_ASAN 1
#endif
#endif
#ifdef HERKOMST_TEST_ASAN
constexpr double most_mebibytes = 1536;
#else
constexpr double most_mebibytes = 256;
#endif

// What holds of any assessment, whatever was read.
void is_sound(const Identified& identified, const Assessment& assessment) {
    std::set<std::string> keys;
    for (const Asset& asset : identified.assets) CHECK(keys.insert(asset.key).second);
    for (const Asset& asset : identified.assets) CHECK((asset.parent.empty() || keys.contains(asset.parent)));
    CHECK(assessment.facts.size() == identified.assets.size());
    for (const Finding& finding : assessment.findings) {
        CHECK((finding.subject.kind != "asset" || keys.contains(finding.subject.key)));
        CHECK((finding.verdict == Ruling::Open || !finding.missing.empty()));
    }
}

}  // namespace

TEST_CASE("every shared capture is read to its end and to findings") {
    const std::vector<std::string> files = shared_files({"captures", "hostile"});
    if (files.empty()) return;
    CHECK(files.size() > 300);
    const Analysis analysis = analyse(files, {});
    std::uint64_t packets = 0;
    for (const SourceSummary& source : analysis.sources) packets += source.packets;
    CHECK(packets > 100'000);
    const Identified identified = assets_of(analysis);
    CHECK(identified.assets.size() > 500);
    is_sound(identified, assess(identified, data().db, data().packs, {"all"}));
    // Streams, flows and fragments are bounded: what grows is what was learned.
    CHECK(peak_mebibytes() < most_mebibytes);
}

TEST_CASE("every hostile capture by itself is taken to findings") {
    std::size_t damaged = 0;
    const std::vector<std::string> files = shared_files({"hostile"});
    for (const std::string& file : files) {
        CAPTURE(file);
        const Analysis analysis = analyse({file}, {});
        // What is damaged has a place in the file, or it is the whole file.
        for (const Problem& problem : analysis.problems) {
            const bool placed = problem.place.starts_with(file + ": ") &&
                                problem.place.find_first_of("0123456789", file.size()) != std::string::npos;
            const bool whole = problem.place == file && analysis.sources.size() == 1 && !analysis.sources[0].usable;
            CHECK_MESSAGE((placed || whole), problem.text());
            damaged += placed ? 1 : 0;
        }
        const Identified identified = assets_of(analysis);
        is_sound(identified, assess(identified, data().db, data().packs, {"one"}));
    }
    if (!files.empty()) CHECK(damaged > 20);
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("capture.shared_alike");

TEST_CASE("all shared captures in any order, with any number of threads, recorded once more: the same, at all three stops") {
    std::vector<std::string> files = shared_files({"captures", "hostile"});
    if (files.empty()) return;
    AnalysisOptions options;
    const Analysis forwards = analyse(files, options);
    std::reverse(files.begin(), files.end());
    options.threads = 2;
    const Analysis backwards = analyse(files, options);
    CHECK(printed(forwards) == printed(backwards));
    const Identified identified = assets_of(forwards);
    const Assessment assessment = assess(identified, data().db, data().packs, {"all"});
    const Identified identified_backwards = assets_of(backwards);
    CHECK((assets_printed(identified) == assets_printed(identified_backwards)));
    CHECK((findings_printed(assessment) == findings_printed(assess(identified_backwards, data().db, data().packs, {"all"}))));
    // All of it was held twice.
    CHECK(peak_mebibytes() < most_mebibytes);
    ScanRun run;
    run.site = "all";
    run.now = now;
    for (const SourceSummary& source : forwards.sources) {
        run.sources.push_back({source.id,
                               source.path,
                               "capture",
                               {},
                               source.packets,
                               source.bytes,
                               source.first,
                               source.last,
                               source.usable,
                               {}});
    }
    run.coverage = forwards.coverage;
    run.identified = &identified;
    run.assessment = &assessment;
    run.policies = &data().packs;
    run.vendors = &data().db;
    Register held = Register::open(std::string(Register::in_memory));
    const RunReceipt first = held.record(run);
    CHECK(first.assets_new == identified.assets.size());
    CHECK(first.opened == assessment.findings.size());
    // The same again is nothing new.
    const RunReceipt second = held.record(run);
    CHECK(second.assets_new == 0);
    CHECK(second.assets_merged + second.assets_split + second.opened + second.refuted + second.reopened == 0);
    CHECK(held.verify().empty());
    const Overview all = overview(held, &data().db);
    CHECK(all.assets.size() == identified.assets.size());
}

TEST_CASE("what a decoder declares about the beginnings of its messages changes nothing that is learned") {
    const std::span<const Decoder> all = all_decoders();
    std::vector<Decoder> undeclared(all.begin(), all.end());
    for (Decoder& decoder : undeclared) decoder.starts = {};
    std::size_t compared = 0;
    for (const std::string& file : shared_files({"captures", "hostile"})) {
        CAPTURE(file);
        const auto bytes = read_file(file);
        REQUIRE(bytes.ok());
        if (bytes.value().size() > (std::size_t{1} << 20)) continue;  // the long ones say the same more often
        const std::string with = printed(analyse_memory(bytes_in(bytes.value()), all, {}));
        CHECK((with == printed(analyse_memory(bytes_in(bytes.value()), undeclared, {}))));
        ++compared;
    }
    if (compared != 0) CHECK(compared > 300);
}

TEST_SUITE_END();

}  // namespace shared_test
