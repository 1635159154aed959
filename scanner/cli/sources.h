// What `scan` is given: files, folders, globs, pipes and "-", told apart into captures and inventories by their content.
//
// Of what comes through a pipe the first block is looked at without taking it away. A pipe with a name is opened once, since
// it may be opened only once: it goes on as /dev/fd/N, which core/file.h and the captures read without opening it again.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"

namespace herkomst {

struct Import;

struct Sources {
    struct Inventory {
        std::string path;
        const Import* import = nullptr;
    };
    std::vector<std::string> captures;
    std::vector<Inventory> inventories;
    std::vector<std::string> ignored;  // files in a named folder that are neither
    Problems problems;                 // what was named, or lies in a named folder, and cannot be read; and why
};

// Folders are walked to their leaves, in order of name; globs are expanded when the shell did not. What is in `leave_out`
// (files and folders, such as this program's own report) is passed over within a folder.
Sources find_sources(const std::vector<std::string>& named, const std::vector<std::string>& leave_out = {});

}  // namespace herkomst
