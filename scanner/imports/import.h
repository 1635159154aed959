// The contract of an inventory format: one file, imports/<format>.cpp, that defines `Import imports::<format>()`.
//
// An import turns rows into observations of strength Listed (an inventory lists it), with the file as source and the row or
// line as frame. It never overwrites and never guesses; rows it cannot use are problems with their place, the rest is used.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/conversation.h"
#include "core/observation.h"
#include "core/result.h"

namespace herkomst {

struct ImportOptions {
    std::string site;
    std::string mapping;  // path of a saved column mapping, empty: by header names
};

struct Imported {
    ObservationSet observations;
    std::vector<Coverage> coverage;
    Problems problems;       // rejected rows: "FILE:LINE: sentence"
    std::uint64_t rows = 0;  // read, rejected ones included
    std::uint64_t used = 0;
};

struct Import {
    std::string_view name;   // the file's stem: "csv"
    std::string_view title;  // "CSV inventory"
    std::string_view spec;
    // From the first KiB of the (unpacked) content and the file name; formats are tried in order of name.
    bool (*recognise)(std::string_view start, std::string_view path) = nullptr;
    Imported (*read)(const std::string& path, const std::string& source_id, const ImportOptions&) = nullptr;
};

std::span<const Import> all_imports();
// By the first KiB of a file, packed or not.
std::string start_of_file(const std::string& path);
const Import* import_of(std::string_view start, const std::string& path);
const Import* import_for(const std::string& path);

}  // namespace herkomst
