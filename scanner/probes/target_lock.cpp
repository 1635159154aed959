#include "probes/target_lock.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace herkomst {

namespace {

// By whoever comes first, for everybody: in a folder that all may write to, nobody opens another's file to create it
// (fs.protected_regular), nor follows a link there.
int opened(const std::string& path) {
    constexpr int how = O_RDWR | O_CLOEXEC | O_NOFOLLOW;
    if (const int fd = ::open(path.c_str(), how); fd >= 0 || errno != ENOENT) return fd;
    const int fd = ::open(path.c_str(), how | O_CREAT | O_EXCL, 0666);
    if (fd < 0) return errno == EEXIST ? ::open(path.c_str(), how) : fd;
    // Whatever the umask says.
    ::fchmod(fd, 0666);
    return fd;
}

int lock_file() {
    struct stat space {};
    if (::stat("/proc/self/ns/net", &space) != 0) space.st_ino = 0;
    const std::string name = "/herkomst-probe-" + std::to_string(space.st_ino);
    for (const char* folder : {"/run/lock", "/tmp"})
        if (const int fd = opened(folder + name); fd >= 0) return fd;
    return -1;
}

// Where an address stands in the file.
off_t place_of(const IpAddress& ip) {
    const bool six = ip.version == 6;
    std::uint64_t number = 0;
    for (std::size_t i = six ? 8 : 0; i < (six ? 16U : 4U); ++i) number = (number << 8) | ip.bytes[i];
    constexpr std::uint64_t sixes = std::uint64_t{1} << 61;
    return static_cast<off_t>(six ? sixes + (number & (sixes - 1)) : number);
}

}  // namespace

TargetLock::~TargetLock() {
    if (fd_ >= 0) ::close(fd_);
}

std::string TargetLock::take(const Scope& scope) {
    const auto elsewhere = [](const ScopeRange& each) { return !each.range.first.loopback(); };
    if (std::ranges::none_of(scope.ranges, elsewhere)) return {};
    fd_ = lock_file();
    if (fd_ < 0) return std::string("there is no place for the lock that keeps two runs apart: ") + std::strerror(errno);
    for (const ScopeRange& each : scope.ranges) {
        if (!elsewhere(each)) continue;
        struct flock lock {};
        lock.l_type = F_WRLCK;
        lock.l_whence = SEEK_SET;
        lock.l_start = place_of(each.range.first);
        lock.l_len = static_cast<off_t>(each.range.size());
        if (::fcntl(fd_, F_OFD_SETLK, &lock) == 0) continue;
        if (errno == EAGAIN || errno == EACCES) return "another run on this machine asks within " + each.range.text();
        return std::string("the lock that keeps two runs apart cannot be had: ") + std::strerror(errno);
    }
    return {};
}

}  // namespace herkomst
