#include "core/file.h"

#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <vector>

namespace herkomst {

namespace {

struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

std::string because(int error) { return std::strerror(error); }

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t max) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) return Problem{path, "is a folder, not a file"};
    const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rbe"));
    if (file == nullptr) return Problem{path, "cannot be read: " + because(errno)};
    std::string content;
    std::array<char, 65536> block{};
    for (;;) {
        const std::size_t got = std::fread(block.data(), 1, block.size(), file.get());
        content.append(block.data(), got);
        if (content.size() > max) return Problem{path, "is larger than " + std::to_string(max) + " bytes"};
        if (got < block.size()) break;
    }
    if (std::ferror(file.get()) != 0) return Problem{path, "cannot be read to its end: " + because(errno)};
    return content;
}

void write_file(const std::string& path, std::string_view content, unsigned mode) {
    const std::string beside = path + ".new";
    {
        std::unique_ptr<std::FILE, Close> file(std::fopen(beside.c_str(), "wbe"));
        if (file == nullptr) throw std::runtime_error(path + " cannot be written: " + because(errno));
        const bool written = std::fwrite(content.data(), 1, content.size(), file.get()) == content.size() &&
                             std::fflush(file.get()) == 0 && fchmod(fileno(file.get()), mode) == 0;
        if (!written) throw std::runtime_error(path + " cannot be written: " + because(errno));
    }
    if (std::rename(beside.c_str(), path.c_str()) != 0)
        throw std::runtime_error(path + " cannot be written: " + because(errno));
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
