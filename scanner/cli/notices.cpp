#include "cli/notices.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace herkomst {

namespace {

bool write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t done = ::write(file, text.data(), text.size());
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(done));
    }
    return true;
}

}  // namespace

Notices::Notices(NoticeOptions options) : options_(std::move(options)) {
    if (!options_.log.empty()) open_log();
    if (!options_.hook.empty() && ::access(options_.hook.c_str(), X_OK) != 0)
        throw std::runtime_error(fmt::format("{}: {}", options_.hook, std::strerror(errno)));
    // A hook that leaves without reading must not end us.
    if (!options_.hook.empty()) std::signal(SIGPIPE, SIG_IGN);
    if (options_.syslog) ::openlog("herkomst", LOG_PID, LOG_DAEMON);
}

Notices::~Notices() {
    tend();
    if (log_ >= 0) ::close(log_);
    if (options_.syslog) ::closelog();
}

void Notices::open_log() {
    log_ = ::open(options_.log.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    struct stat about {};
    if (log_ < 0 || ::fstat(log_, &about) != 0)
        throw std::runtime_error(fmt::format("{}: {}", options_.log, std::strerror(errno)));
    written_ = static_cast<std::uint64_t>(about.st_size);
}

void Notices::rotate() {
    ::close(log_);
    log_ = -1;
    for (unsigned n = options_.log_keep; n-- > 1;) {
        const std::string from = n == 1 ? options_.log : fmt::format("{}.{}", options_.log, n - 1);
        const std::string to = fmt::format("{}.{}", options_.log, n);
        // A file that is not there yet is no trouble.
        if (::rename(from.c_str(), to.c_str()) != 0 && errno != ENOENT)
            throw std::runtime_error(fmt::format("{}: {}", to, std::strerror(errno)));
    }
    if (options_.log_keep <= 1) ::unlink(options_.log.c_str());
    open_log();
}

void Notices::log(std::string_view line) {
    if (log_ < 0) return;
    if (written_ != 0 && written_ + line.size() + 1 > options_.log_bytes) rotate();
    if (!write_all(log_, std::string(line) + "\n"))
        throw std::runtime_error(fmt::format("{}: {}", options_.log, std::strerror(errno)));
    written_ += line.size() + 1;
}

void Notices::status(std::string_view line) {
    if (log_ >= 0) {
        log(line);
    } else {
        std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
    }
}

void Notices::alert(Json line) {
    if (!tlp_.empty()) line["tlp"] = tlp_;
    const std::string text = write_json(line);
    std::printf("%s\n", text.c_str());
    std::fflush(stdout);
    log(text);
    if (options_.syslog) ::syslog(LOG_WARNING, "%s", text.c_str());
    if (!options_.hook.empty()) run_hook(text);
}

void Notices::run_hook(const std::string& line) {
    if (hooks_.size() >= hooks_most) {
        ++failed_;
        return;
    }
    std::array<int, 2> input{};
    if (::pipe2(input.data(), O_CLOEXEC) != 0) {
        ++failed_;
        return;
    }
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_adddup2(&files, input[0], STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
    ::posix_spawnattr_init(&attributes);
    // The signals that we wait for are its own again.
    sigset_t none;
    sigset_t ours;
    sigemptyset(&none);
    sigemptyset(&ours);
    for (const int each : {SIGPIPE, SIGINT, SIGTERM, SIGHUP}) sigaddset(&ours, each);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &ours);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    std::string program = options_.hook;
    const char* known = ::getenv("PATH");
    std::string path = std::string("PATH=") + (known == nullptr ? "/usr/bin:/bin" : known);
    std::array<char*, 2> words = {program.data(), nullptr};
    std::array<char*, 2> environment = {path.data(), nullptr};
    pid_t process = -1;
    const int trouble = ::posix_spawn(&process, program.c_str(), &files, &attributes, words.data(), environment.data());
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&attributes);
    ::close(input[0]);
    if (trouble != 0) {
        ++failed_;
        ::close(input[1]);
        return;
    }
    // A program that does not read must not hold us up: what does not fit into the pipe is not told.
    ::fcntl(input[1], F_SETFL, O_NONBLOCK);
    const bool whole = write_all(input[1], line + "\n");
    ::close(input[1]);
    hooks_.push_back({process, std::chrono::steady_clock::now(), !whole});
}

std::uint64_t Notices::tend() {
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(hooks_, [&](const Hook& hook) {
        int status = 0;
        const pid_t ended = ::waitpid(hook.process, &status, WNOHANG);
        if (ended == 0 && now - hook.started < hook_patience) return false;
        if (ended == 0) {
            ::kill(hook.process, SIGKILL);
            ::waitpid(hook.process, &status, 0);
        }
        if (hook.cut || ended == 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) ++failed_;
        return true;
    });
    return std::exchange(failed_, 0);
}

}  // namespace herkomst
