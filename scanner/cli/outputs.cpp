#include "cli/outputs.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "core/file.h"

namespace herkomst {

namespace {

namespace fs = std::filesystem;

void try_to_write_in(const fs::path& folder, const std::string& named) {
    std::string file = (folder / ".herkomst.XXXXXX").string();
    const int made = ::mkostemp(file.data(), O_CLOEXEC);
    if (made < 0) throw std::runtime_error(named + ": cannot be written: " + std::strerror(errno));
    ::close(made);
    ::unlink(file.c_str());
}

}  // namespace

Problems wrong_with_register(const std::string& path) {
    std::error_code error;
    if (fs::is_directory(path, error)) return {{path, "is a folder, not a register"}};
    return {};
}

void try_register(const std::string& path) {
    // SQLite keeps its journal beside it: the folder must be writable too.
    const fs::path folder = fs::path(path).parent_path();
    try_to_write_in(folder.empty() ? "." : folder, path);
    std::error_code error;
    if (fs::exists(path, error) && ::access(path.c_str(), R_OK | W_OK) != 0)
        throw std::runtime_error(path + ": cannot be written: " + std::strerror(errno));
}

void try_folder(const std::string& path) {
    fs::create_directories(path);
    try_to_write_in(path, path);
}

void require_data() {
    const std::string folder = data_folder();
    std::error_code error;
    if (fs::exists(fs::path(folder) / "vendordb.sqlite", error) && fs::is_directory(fs::path(folder) / "rules", error)) return;
    throw std::runtime_error(folder +
                             ": the data of herkomst are not there; copy the folder data of the build beside the program, or "
                             "name it in HERKOMST_DATA");
}

}  // namespace herkomst
