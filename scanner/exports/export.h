// The contract of an export: one file, exports/<format>.cpp, that defines `Export exports::<format>()`.
//
// An export turns an Overview into files. It is a pure function: the same overview and options give the same bytes, on any
// machine. It never reads a clock (`now` is given) and invents nothing: what is not known is absent or an empty cell.
// scanner/exports/README.md documents every file and column.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "register/overview.h"

namespace herkomst {

struct RiskData;

struct ExportOptions {
    std::string lang = "en";  // nl or en: of sentences; names of columns and keys are always English
    Time now{};
    char delimiter = ',';             // of CSV files; ';' is what a Dutch spreadsheet expects
    bool bom = false;                 // of CSV files: UTF-8 byte order mark
    bool compact = false;             // of JSON files: without line ends and blanks
    const RiskData* risks = nullptr;  // of risk_register (exports/risk_data.h); without it there is no log, no category
};

struct ExportFile {
    std::string name;  // without a folder
    std::string content;
};

struct Export {
    std::string_view name;   // the file's stem: "csv"
    std::string_view title;  // one line
    std::string_view spec;   // what the format is defined by
    std::string_view files;  // what it writes
    std::vector<ExportFile> (*make)(const Overview&, const ExportOptions&) = nullptr;
};

std::span<const Export> all_exports();
const Export* export_named(std::string_view name);

// Whether a text begins like a table of ours: what we concluded is not to be read back as an inventory.
bool is_own_table(std::string_view start);
// Which of the files would be written over what is not ours, or over one of `sources`, which are being read.
Problems in_the_way(const std::vector<ExportFile>&, const std::string& folder, const std::vector<std::string>& sources = {});

// Makes the folder when there is none and writes the files, each with mode 0600: a register is sensitive. The machine's
// failures are std::runtime_error.
void write_files(const std::vector<ExportFile>&, const std::string& folder);

}  // namespace herkomst
