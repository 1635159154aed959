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

// "2026-11-21 ..." at that time: whole days; nothing when the version carries no date or is of the future.
std::optional<std::int64_t> age_of(const VendorDb&, Time now);

}  // namespace herkomst
