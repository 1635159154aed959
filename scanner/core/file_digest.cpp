#include "core/file_digest.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <vector>

#include "core/file.h"
#include "core/hash.h"

namespace herkomst {

Result<std::string> sha256_of_file(const std::string& path) {
    const int file = open_to_read(path);
    if (file < 0) return Problem{path, std::string("cannot be read: ") + std::strerror(errno)};
    Sha256 digest;
    std::vector<char> block(std::size_t{1} << 20);
    for (;;) {
        const ssize_t got = ::read(file, block.data(), block.size());
        if (got < 0 && errno == EINTR) continue;
        const int error = errno;
        if (got <= 0) ::close(file);
        if (got < 0) return Problem{path, std::string("cannot be read to its end: ") + std::strerror(error)};
        if (got == 0) return digest.hex();
        digest.add(std::string_view(block.data(), static_cast<std::size_t>(got)));
    }
}

}  // namespace herkomst
