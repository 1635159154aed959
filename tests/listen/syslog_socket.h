// A receiver of syslog at /dev/log, as one process sees it: that process gets a /dev of its own, in which /dev/log is a socket
// of this test. Needs root.
#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

namespace herkomst::listening {

class SyslogSocket {
  public:
    SyslogSocket() {
        std::string pattern = (std::filesystem::temp_directory_path() / "syslog-test.XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        folder_ = pattern;
        std::filesystem::create_directory(folder_ + "/dev");
        socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        sockaddr_un at{};
        at.sun_family = AF_UNIX;
        std::strncpy(at.sun_path, (folder_ + "/log").c_str(), sizeof at.sun_path - 1);
        REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
    }
    ~SyslogSocket() {
        ::close(socket_);
        std::filesystem::remove_all(folder_);
    }
    SyslogSocket(const SyslogSocket&) = delete;
    SyslogSocket& operator=(const SyslogSocket&) = delete;

    // In the process that is to write to it, ahead of the program; ends that process when it cannot be done.
    void enter() const {
        const std::string dev = folder_ + "/dev";
        const auto bind = [&](const std::string& from, const std::string& to) {
            const int made = ::open(to.c_str(), O_CREAT | O_WRONLY, 0600);
            return made >= 0 && ::close(made) == 0 && ::mount(from.c_str(), to.c_str(), nullptr, MS_BIND, nullptr) == 0;
        };
        bool done = ::unshare(CLONE_NEWNS) == 0 && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                    ::mount("none", dev.c_str(), "tmpfs", 0, nullptr) == 0;
        for (const char* file : {"null", "zero", "random", "urandom"})
            done = done && bind(std::string("/dev/") + file, dev + "/" + file);
        done = done && bind(folder_ + "/log", dev + "/log") && ::mount(dev.c_str(), "/dev", nullptr, MS_MOVE, nullptr) == 0;
        if (!done) ::_exit(98);
    }

    // The datagrams that came since the last time. While nobody reads them the kernel keeps a few and then holds the writer up:
    // read while the program runs.
    std::vector<std::string> received() {
        std::vector<std::string> all;
        std::array<char, 65536> block{};
        for (ssize_t got = 0; (got = ::recv(socket_, block.data(), block.size(), 0)) >= 0;)
            all.emplace_back(block.data(), static_cast<std::size_t>(got));
        return all;
    }

  private:
    std::string folder_;
    int socket_ = -1;
};

}  // namespace herkomst::listening
