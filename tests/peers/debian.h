// Third-party servers of Debian, unpacked beside the build and not installed (tools/install/peers). Where that was not done,
// what is installed on the machine serves as well; where neither is, a test says that it was skipped.
#pragma once

#include <filesystem>
#include <string>

namespace peers {

inline std::string debian() { return std::string(HERKOMST_SOURCE_DIR) + "/build/peers/debian"; }

// The whole path of a program; empty: there is none.
inline std::string program(const std::string& name) {
    for (const std::string& root : {debian(), std::string()}) {
        for (const char* folder : {"/usr/sbin/", "/usr/bin/", "/bin/"}) {
            const std::string path = root + folder + name;
            if (std::filesystem::exists(path)) return path;
        }
    }
    return {};
}

// Where the unpacked libraries are: for LD_LIBRARY_PATH.
inline std::string libraries() {
    const std::string usr = debian() + "/usr/lib/x86_64-linux-gnu";
    return usr + ":" + debian() + "/lib/x86_64-linux-gnu:" + usr + "/samba";
}

}  // namespace peers
