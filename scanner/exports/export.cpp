#include "exports/export.h"

#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "core/file.h"

namespace herkomst {

const Export* export_named(std::string_view name) {
    for (const Export& each : all_exports()) {
        if (each.name == name) return &each;
    }
    return nullptr;
}

void write_files(const std::vector<ExportFile>& files, const std::string& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) throw std::runtime_error(folder + " cannot be made: " + error.message());
    for (const ExportFile& file : files) write_file((std::filesystem::path(folder) / file.name).string(), file.content, 0600);
}

}  // namespace herkomst
