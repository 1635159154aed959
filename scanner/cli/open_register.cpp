#include "cli/open_register.h"

#include <cstdio>
#include <filesystem>
#include <system_error>

#include "register/dutch.h"

namespace herkomst {

std::string migration_told(const std::string& path, const std::string& backup, const std::string& lang) {
    if (backup.empty()) return {};
    return path +
           (lang == "nl" ? ": dit register is bijgewerkt naar het schema van dit programma; een kopie zoals het was, is "
                         : ": this register was brought up to date with the schema of this program; a copy as it was is ") +
           backup + "\n";
}

Register open_register_that_is(const std::string& path, const std::string& lang) {
    std::error_code no;
    // Says which register is meant, where there is none.
    if (const auto size = std::filesystem::file_size(path, no); no || size == 0) {
        const Register none = Register::open_to_read(path);
    }
    return open_register(path, lang);
}

Register open_register(const std::string& path, const std::string& lang) {
    Register held = Register::open(path);
    std::fputs(migration_told(path, held.backup(), lang).c_str(), stderr);
    held.when_unlike([path, lang](const std::string& sentence) {
        std::fprintf(stderr, "%s: %s\n", path.c_str(), in_language(sentence, lang).c_str());
    });
    return held;
}

}  // namespace herkomst
