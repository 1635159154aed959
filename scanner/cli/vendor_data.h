// Where a command takes its vendor data from: the database beside the program, the user's overlays, Rapid7's fingerprints.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "core/result.h"
#include "vendordb/vendordb.h"

namespace herkomst {

struct VendorData {
    std::vector<std::string> overlays;
    std::string recog;

    // Declares --vendordb-overlay, and --recog where fingerprints are matched.
    enum class Matches : bool { No, Yes };
    void declare(Options&, Matches);
    // Overlays: the folders of $HERKOMST_VENDORDB_OVERLAY (with ':' between), then those that were named; the last wins.
    // Prints the problems; then `exit_code` is exit_usage for the user's own folders and exit_machine for the database.
    [[nodiscard]] std::optional<VendorDb> open(int& exit_code) const;
};

// How old the data are, in whole days: what we wrote, and the registry of network address prefixes, which has a date of its
// own.
struct DataAges {
    std::optional<std::int64_t> vendordb;  // nothing when it carries no date, or one of the future
    std::string registry_of;               // "2026-08-26"; empty: there is none
    std::optional<std::int64_t> registry;
};
DataAges ages_of(const VendorDb&, Time now);

}  // namespace herkomst
