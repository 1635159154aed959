// What comes through standard input or a pipe, looked at without taking anything away.
#pragma once

#include <string>

namespace herkomst {

struct PipeStart {
    std::string path;      // to read it by: of a pipe with a name /dev/fd/N, else as it was given
    std::string start;     // of at most 4 KiB, unpacked; empty where nothing can be looked at (a terminal, a device)
    bool capture = false;  // starts like a capture, or cannot be looked at
    std::string problem;   // why it cannot be opened; empty: it can
};

// Waits until it is known how it begins, or it has ended.
PipeStart start_of_pipe(const std::string& path);

}  // namespace herkomst
