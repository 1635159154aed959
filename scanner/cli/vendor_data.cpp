#include "cli/vendor_data.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "core/file.h"
#include "core/text.h"
#include "vendordb/fingerprints.h"

namespace herkomst {

namespace {

void complain(const Problems& problems) {
    for (const Problem& problem : problems) std::fprintf(stderr, "%s\n", problem.text().c_str());
}

}  // namespace

void VendorData::declare(Options& options, Matches matches) {
    options.many("--vendordb-overlay", overlays, "folder of your own vendor files that go before ours, may be given again");
    if (matches == Matches::Yes)
        options.option("--recog", recog, "folder of Rapid7's Recog fingerprints (xml) to match as well");
}

std::optional<VendorDb> VendorData::open(int& exit_code) const {
    std::vector<std::string> folders;
    const char* always = std::getenv("HERKOMST_VENDORDB_OVERLAY");
    if (always != nullptr)
        for (const std::string_view folder : split(always, ':'))
            if (!folder.empty()) folders.emplace_back(folder);
    folders.insert(folders.end(), overlays.begin(), overlays.end());
    const std::string path = data_folder() + "/vendordb.sqlite";
    std::error_code error;
    exit_code = folders.empty() || !std::filesystem::exists(path, error) ? exit_machine : exit_usage;
    Result<VendorDb> opened = VendorDb::open(path, folders);
    if (!opened) {
        complain(opened.problems());
        return std::nullopt;
    }
    VendorDb db = std::move(opened.value());
    if (!recog.empty()) {
        Problems problems;
        auto set = std::make_unique<FingerprintSet>();
        for (Fingerprint& one : read_recog(recog, problems)) set->add(std::move(one));
        if (!problems.empty()) {
            complain(problems);
            exit_code = exit_usage;
            return std::nullopt;
        }
        db.use_recog(std::move(set));
    }
    exit_code = exit_done;
    return db;
}

std::optional<std::int64_t> age_of(const VendorDb& db, Time now) {
    const std::optional<Time> date = parse_rfc3339(db.date());
    if (!date || *date > now) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::hours>(now - *date).count() / 24;
}

}  // namespace herkomst
