#include "imports/import.h"

#include <array>
#include <cstdio>

#include "core/file.h"

namespace herkomst {

const Import* import_for(const std::string& path) {
    std::array<char, 4096> start{};
    std::FILE* file = std::fopen(path.c_str(), "rbe");
    if (file == nullptr) return nullptr;
    const std::size_t got = std::fread(start.data(), 1, start.size(), file);
    std::fclose(file);
    for (const Import& import : all_imports()) {
        if (import.recognise(std::string_view(start.data(), got), path)) return &import;
    }
    return nullptr;
}

}  // namespace herkomst
