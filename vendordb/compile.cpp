// From the files of vendordb/ to one SQLite file. Reading and checking come first, for all files; only what is free of problems
// is written, in sorted order and without a clock, so the same files give the same bytes.
#include "vendordb/compile.h"

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

namespace herkomst {

namespace fs = std::filesystem;

Problems compile_vendordb(const std::string& folder, const std::string& to) {
    Data data;
    Problems problems;
    read_folder(folder, data, problems);
    CrossCheck cross(data, problems);
    cross.run();
    if (!problems.empty()) return problems;
    // Written beside the target and renamed, so a reader never sees half a file.
    const std::string beside = to + ".new";
    std::error_code error;
    fs::remove(beside, error);
    try {
        write_database(data, cross, beside);
        fs::rename(beside, to);
    } catch (const std::exception& failure) {
        fs::remove(beside, error);
        return {{to, fmt::format("cannot be written: {}", failure.what())}};
    }
    return {};
}

Problems check_vendordb(const std::string& folder) {
    Data data;
    Problems problems;
    read_folder(folder, data, problems);
    CrossCheck(data, problems).run();
    return problems;
}

}  // namespace herkomst
