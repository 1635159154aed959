#include "cli/pipe_start.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "capture/analysis.h"
#include "core/file.h"

namespace herkomst {

namespace {

constexpr std::size_t most_ahead = 4096;

// What stands in the pipe now, which stays there; nothing: this is no pipe, or it failed.
std::string duplicated(int pipe) {
    std::array<int, 2> copy{};
    if (::pipe2(copy.data(), O_CLOEXEC) != 0) return {};
    std::string out;
    ssize_t got = 0;
    do got = ::tee(pipe, copy[1], most_ahead, 0);
    while (got < 0 && errno == EINTR);
    if (got > 0) {
        out.resize(static_cast<std::size_t>(got));
        std::size_t at = 0;
        while (at < out.size()) {
            const ssize_t n = ::read(copy[0], out.data() + at, out.size() - at);
            if (n <= 0) break;
            at += static_cast<std::size_t>(n);
        }
        out.resize(at);
    }
    ::close(copy[0]);
    ::close(copy[1]);
    return out;
}

bool nobody_writes(int pipe) {
    pollfd asked{pipe, POLLIN, 0};
    return ::poll(&asked, 1, 0) > 0 && (asked.revents & (POLLHUP | POLLERR)) != 0;
}

std::string first_of_file(int file) {
    std::string out(most_ahead, '\0');
    const off_t here = ::lseek(file, 0, SEEK_CUR);
    const ssize_t got = ::pread(file, out.data(), out.size(), here < 0 ? 0 : here);
    out.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return out;
}

}  // namespace

PipeStart start_of_pipe(const std::string& path) {
    constexpr useconds_t pause_in_microseconds = 20'000;
    PipeStart out;
    out.path = path;
    const int file = open_to_read(path);
    if (file < 0) {
        out.problem = std::string("cannot be opened: ") + std::strerror(errno);
        return out;
    }
    struct stat status {};
    const bool known = ::fstat(file, &status) == 0;
    if (known && S_ISFIFO(status.st_mode)) {
        for (;;) {
            const bool ended = nobody_writes(file);
            const std::string start = duplicated(file);
            out.start = unpacked_start(start, most_ahead);
            out.capture = start.empty() || begins_like_capture(start);
            if (out.capture || ended || start.size() >= most_ahead) break;
            ::usleep(pause_in_microseconds);
        }
    } else if (known && S_ISREG(status.st_mode)) {
        const std::string start = first_of_file(file);
        out.start = unpacked_start(start, most_ahead);
        out.capture = start.empty() || begins_like_capture(start);
    } else {
        out.capture = true;
    }
    const bool named = path != "-" && !path.starts_with("/dev/fd/") && !path.starts_with("/proc/") && path != "/dev/stdin";
    if (known && S_ISFIFO(status.st_mode) && named) {
        // Whoever writes may be gone by now, and then a second opening would wait for ever: it stays open until it was read.
        out.path = "/dev/fd/" + std::to_string(file);
    } else {
        ::close(file);
    }
    return out;
}

}  // namespace herkomst
