#include "imports/import.h"

#include <unistd.h>

#include "core/file.h"
#include "core/text.h"

namespace herkomst {

std::string start_of_file(const std::string& path) {
    constexpr std::size_t most = 4096;
    const int file = open_to_read(path);
    if (file < 0) return {};
    std::string start(most, '\0');
    const ssize_t got = ::pread(file, start.data(), start.size(), 0);
    ::close(file);
    start.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return unpacked_start(start, most);
}

const Import* import_of(std::string_view start, const std::string& path) {
    // list.csv.gz is a list.csv.
    std::string name = path;
    for (const std::string_view ending : {".gz", ".zst"}) {
        if (lower(name).ends_with(ending)) name.resize(name.size() - ending.size());
    }
    for (const Import& import : all_imports()) {
        if (import.recognise(start, name)) return &import;
    }
    return nullptr;
}

const Import* import_for(const std::string& path) { return import_of(start_of_file(path), path); }

}  // namespace herkomst
