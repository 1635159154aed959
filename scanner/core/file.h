// Whole files, for the operator's own data (never for captures).
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace herkomst {

Result<std::string> read_file(const std::string& path, std::size_t max = std::size_t{256} << 20);
// Written beside the target and renamed over it; mode in octal. Throws std::runtime_error (the machine).
void write_file(const std::string& path, std::string_view content, unsigned mode = 0644);

// gzip or zstd by magic number; other content is returned as it is. `max` bounds the unpacked size.
Result<std::string> unpacked(std::string_view content, std::string_view name, std::size_t max = std::size_t{512} << 20);

// The folder that holds vendordb.sqlite, rules/ and report/: $HERKOMST_DATA, beside the program, or the build folder it was
// made in.
std::string data_folder();

}  // namespace herkomst
