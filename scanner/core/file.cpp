#include "core/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

namespace herkomst {

namespace {

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() { close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int number() const { return number_; }
    // False, and errno: what was written did not arrive.
    bool close() { return number_ < 0 || ::close(std::exchange(number_, -1)) == 0; }

  private:
    int number_;
};

bool wrote(int file, std::string_view content) {
    while (!content.empty()) {
        const ssize_t n = ::write(file, content.data(), content.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        content.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

std::string because(int error) { return std::strerror(error); }

}  // namespace

int open_to_read(const std::string& path) {
    constexpr std::string_view descriptors = "/dev/fd/";
    int held = path == "-" ? STDIN_FILENO : -1;
    if (path.starts_with(descriptors)) {
        const char* const end = path.data() + path.size();
        const auto [stopped, error] = std::from_chars(path.data() + descriptors.size(), end, held);
        if (error != std::errc() || stopped != end) held = -1;
    }
    return held < 0 ? ::open(path.c_str(), O_RDONLY | O_CLOEXEC) : ::fcntl(held, F_DUPFD_CLOEXEC, 0);
}

bool same_file(const std::string& a, const std::string& b) {
    std::error_code error;
    return std::filesystem::equivalent(a, b, error) && !error;
}

Result<std::string> read_file(const std::string& path, std::size_t max) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) return Problem{path, "is a folder, not a file"};
    const Descriptor file(open_to_read(path));
    if (file.number() < 0) return Problem{path, "cannot be read: " + because(errno)};
    std::string content;
    std::array<char, 65536> block{};
    for (;;) {
        const ssize_t got = ::read(file.number(), block.data(), block.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return Problem{path, "cannot be read to its end: " + because(errno)};
        if (got == 0) return content;
        content.append(block.data(), static_cast<std::size_t>(got));
        if (content.size() > max) return Problem{path, "is larger than " + std::to_string(max) + " bytes"};
    }
}

void write_file(const std::string& path, std::string_view content, unsigned mode) {
    const auto failed = [&] { return std::runtime_error(path + ": cannot be written: " + because(errno)); };
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
        Descriptor there(S_ISDIR(status.st_mode) ? -1 : ::open(path.c_str(), O_WRONLY | O_CLOEXEC));
        if (S_ISDIR(status.st_mode)) errno = EISDIR;
        if (there.number() < 0 || !wrote(there.number(), content)) throw failed();
        return;
    }
    std::string beside = path + ".XXXXXX";
    Descriptor file(::mkostemp(beside.data(), O_CLOEXEC));
    if (file.number() < 0) throw failed();
    const bool whole = wrote(file.number(), content) && ::fchmod(file.number(), mode) == 0 && file.close() &&
                       std::rename(beside.c_str(), path.c_str()) == 0;
    if (whole) return;
    const int error = errno;
    ::unlink(beside.c_str());
    errno = error;
    throw failed();
}

Result<std::string> unpacked(std::string_view content, std::string_view name, std::size_t max) {
    const std::string place(name);
    const Problem damaged{place, "is damaged: it cannot be unpacked to its end"};
    const Problem too_large{place, "unpacks to more than " + std::to_string(max) + " bytes"};
    std::string out;
    std::vector<char> block(std::size_t{1} << 18);
    if (content.size() > 4 && content.substr(0, 2) == "\x1f\x8b") {
        z_stream stream{};
        if (inflateInit2(&stream, 15 + 16) != Z_OK) throw std::runtime_error("zlib cannot be started");
        const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, inflateEnd);
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
        stream.avail_in = static_cast<uInt>(content.size());
        int state = Z_OK;
        while (state == Z_OK) {
            stream.next_out = reinterpret_cast<Bytef*>(block.data());
            stream.avail_out = static_cast<uInt>(block.size());
            state = inflate(&stream, Z_NO_FLUSH);
            out.append(block.data(), block.size() - stream.avail_out);
            if (out.size() > max) return too_large;
            if (state != Z_STREAM_END) continue;
            // RFC 1952 section 2.2: members simply follow one another; zeros after the last are padding.
            while (stream.avail_in != 0 && *stream.next_in == 0) {
                ++stream.next_in;
                --stream.avail_in;
            }
            if (stream.avail_in == 0) break;
            state = inflateReset(&stream);
        }
        if (state != Z_STREAM_END) return damaged;
        return out;
    }
    if (content.size() > 4 && content.substr(0, 4) == "\x28\xb5\x2f\xfd") {
        const std::unique_ptr<ZSTD_DStream, std::size_t (*)(ZSTD_DStream*)> stream(ZSTD_createDStream(), ZSTD_freeDStream);
        ZSTD_inBuffer in{content.data(), content.size(), 0};
        std::size_t hint = 1;
        while (in.pos < in.size) {
            ZSTD_outBuffer to{block.data(), block.size(), 0};
            hint = ZSTD_decompressStream(stream.get(), &to, &in);
            if (ZSTD_isError(hint) != 0) return damaged;
            out.append(block.data(), to.pos);
            if (out.size() > max) return too_large;
        }
        if (hint != 0) return damaged;
        return out;
    }
    return std::string(content);
}

std::string unpacked_start(std::string_view start, std::size_t most) {
    if (!start.starts_with("\x1f\x8b") && !start.starts_with("\x28\xb5\x2f\xfd")) return std::string(start.substr(0, most));
    std::vector<char> out(most);
    std::size_t filled = 0;
    if (start.starts_with("\x1f\x8b")) {
        z_stream stream{};
        if (inflateInit2(&stream, 15 + 16) != Z_OK) throw std::runtime_error("zlib cannot be started");
        const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, inflateEnd);
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(start.data()));
        stream.avail_in = static_cast<uInt>(start.size());
        stream.next_out = reinterpret_cast<Bytef*>(out.data());
        stream.avail_out = static_cast<uInt>(out.size());
        inflate(&stream, Z_SYNC_FLUSH);
        filled = out.size() - stream.avail_out;
    } else {
        const std::unique_ptr<ZSTD_DStream, std::size_t (*)(ZSTD_DStream*)> stream(ZSTD_createDStream(), ZSTD_freeDStream);
        ZSTD_inBuffer in{start.data(), start.size(), 0};
        ZSTD_outBuffer to{out.data(), out.size(), 0};
        while (in.pos < in.size && to.pos < to.size) {
            if (const std::size_t hint = ZSTD_decompressStream(stream.get(), &to, &in); hint == 0 || ZSTD_isError(hint) != 0)
                break;
        }
        filled = to.pos;
    }
    return {out.data(), filled};
}

std::string data_folder() {
    if (const char* named = std::getenv("HERKOMST_DATA"); named != nullptr && *named != '\0') return named;
    std::array<char, PATH_MAX> self{};
    const ssize_t length = readlink("/proc/self/exe", self.data(), self.size() - 1);
    if (length > 0) {
        // build/<preset>/scanner/herkomst -> build/<preset>/data; installed: bin/herkomst -> share/herkomst.
        const std::filesystem::path folder = std::filesystem::path(self.data()).parent_path();
        for (const std::filesystem::path& candidate :
             {folder / "data", folder.parent_path() / "data", folder.parent_path() / "share" / "herkomst"}) {
            std::error_code error;
            if (std::filesystem::exists(candidate / "vendordb.sqlite", error)) return candidate.string();
        }
        return (folder / "data").string();
    }
    return "data";
}

}  // namespace herkomst
