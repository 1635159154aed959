// The digest of a whole file, however large: for whoever asks whether it still is the one that was read.
#pragma once

#include <string>

#include "core/result.h"

namespace herkomst {

// SHA-256 in lower-case hexadecimal. Reads all of it: seconds per gigabyte.
Result<std::string> sha256_of_file(const std::string& path);

}  // namespace herkomst
