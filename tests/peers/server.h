// A third-party server as a process of its own, started from tests/peers/ and ended with the object.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "debian.h"

namespace peers {

// Where the npm packages of tests/peers/package.json are: HERKOMST_PEERS, or where tools/install/npm puts them.
inline std::string node_modules() {
    const char* named = std::getenv("HERKOMST_PEERS");
    return named != nullptr ? named : std::string(HERKOMST_SOURCE_DIR) + "/build/peers/node_modules";
}
inline bool there(const std::string& package) { return std::filesystem::exists(node_modules() + "/" + package); }

class Server {
  public:
    // node SCRIPT WORDS...; it says "ready" when it can be asked.
    Server(const std::string& script, std::vector<std::string> words)
        : Server("ready\n", "node", std::move(words), std::string(HERKOMST_SOURCE_DIR) + "/tests/peers/" + script) {}
    // PROGRAM [SCRIPT] WORDS...; what it says, on either stream, when it can be asked (a script: on its output, if not said
    // otherwise). Empty: it says nothing (see accepts).
    Server(const std::string& sign, const std::string& program, std::vector<std::string> words, const std::string& script = {},
           bool errors = false) {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) return;
        if (!script.empty()) words.insert(words.begin(), script);
        words.insert(words.begin(), program);
        std::vector<char*> arguments;
        for (std::string& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        process_ = ::fork();
        if (process_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::setpgid(0, 0);
            ::setenv("NODE_PATH", node_modules().c_str(), 1);
            ::setenv("LD_LIBRARY_PATH", libraries().c_str(), 1);
            ::dup2(ends[1], 1);
            if (script.empty() || errors) ::dup2(ends[1], 2);
            ::execvp(program.c_str(), arguments.data());
            ::_exit(127);
        }
        // What it starts itself ends with it.
        ::setpgid(process_, process_);
        ::close(ends[1]);
        std::string said;
        char room[256];
        pollfd wait{ends[0], POLLIN, 0};
        while (said.find(sign) == std::string::npos && ::poll(&wait, 1, 60'000) > 0) {
            const ssize_t got = ::read(ends[0], room, sizeof room);
            if (got <= 0) break;
            said.append(room, static_cast<std::size_t>(got));
        }
        ready_ = said.find(sign) != std::string::npos;
        out_ = ends[0];
    }
    ~Server() {
        if (process_ > 0) {
            ::kill(-process_, SIGTERM);
            ::waitpid(process_, nullptr, 0);
        }
        if (out_ >= 0) ::close(out_);
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    // What it has said since it was ready.
    [[nodiscard]] std::string said_more() const {
        std::string said;
        char room[256];
        pollfd wait{out_, POLLIN, 0};
        while (::poll(&wait, 1, 100) > 0) {
            const ssize_t got = ::read(out_, room, sizeof room);
            if (got <= 0) break;
            said.append(room, static_cast<std::size_t>(got));
        }
        return said;
    }
    [[nodiscard]] bool ready() const { return ready_; }
    [[nodiscard]] pid_t id() const { return process_; }

  private:
    pid_t process_ = -1;
    int out_ = -1;
    bool ready_ = false;
};

// Of a server that does not say when it can be asked: tries to connect for ten seconds, and hangs up.
inline bool accepts(const std::string& ip, std::uint16_t port) {
    for (int i = 0; i < 200; ++i) {
        const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in there{};
        there.sin_family = AF_INET;
        there.sin_port = htons(port);
        ::inet_pton(AF_INET, ip.c_str(), &there.sin_addr);
        const bool connected = ::connect(fd, reinterpret_cast<sockaddr*>(&there), sizeof there) == 0;
        ::close(fd);
        if (connected) return true;
        ::usleep(50'000);
    }
    return false;
}

}  // namespace peers
