// Whole files, for the operator's own data (never for captures).
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace herkomst {

// A descriptor to read from, or -1 and errno. "-" is standard input and /dev/fd/N the open descriptor N: neither is opened a
// second time, so that a pipe goes on where it was.
int open_to_read(const std::string& path);
Result<std::string> read_file(const std::string& path, std::size_t max = std::size_t{256} << 20);
// Written beside the target, readable for nobody else until it is whole, and renamed over it; mode in octal. What failed
// leaves nothing behind. A device or a pipe is written to as it is. Throws std::runtime_error (the machine).
void write_file(const std::string& path, std::string_view content, unsigned mode = 0644);
// Whether both are there, and are the same file or folder, by whatever name.
bool same_file(const std::string& a, const std::string& b);

// gzip or zstd by magic number; other content is returned as it is. `max` bounds the unpacked size.
Result<std::string> unpacked(std::string_view content, std::string_view name, std::size_t max = std::size_t{512} << 20);

// As much of it as the start of a packed file gives, at most `most` bytes; other content as it is.
std::string unpacked_start(std::string_view start, std::size_t most);

// The folder that holds vendordb.sqlite, rules/ and report/: $HERKOMST_DATA, beside the program, or the build folder it was
// made in.
std::string data_folder();

}  // namespace herkomst
