// What `scan` is given: files, folders, globs and "-", told apart into captures and inventories by their content.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"

namespace herkomst {

struct Sources {
    std::vector<std::string> captures;
    std::vector<std::string> inventories;
    std::vector<std::string> ignored;  // files in a named folder that are neither
    Problems problems;                 // named files that do not exist, cannot be read, or are neither
};

// Folders are walked to their leaves, in order of name; globs are expanded when the shell did not.
Sources find_sources(const std::vector<std::string>& named);

}  // namespace herkomst
