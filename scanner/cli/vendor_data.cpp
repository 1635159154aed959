#include "cli/vendor_data.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "cli/outputs.h"
#include "cli/terminal.h"
#include "core/file.h"
#include "core/text.h"
#include "vendordb/fingerprints.h"

namespace herkomst {

namespace {}  // namespace

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
    require_data();
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

DataAges ages_of(const VendorDb& db, Time now) {
    const auto days_since = [&](const std::string& date) -> std::optional<std::int64_t> {
        const std::optional<Time> then = parse_rfc3339(date);
        if (!then || *then > now) return std::nullopt;
        return std::chrono::duration_cast<std::chrono::hours>(now - *then).count() / 24;
    };
    DataAges ages;
    ages.vendordb = days_since(db.date());
    if (db.oui_as_of() != "none") {
        ages.registry_of = db.oui_as_of();
        ages.registry = days_since(db.oui_as_of());
    }
    return ages;
}

}  // namespace herkomst
