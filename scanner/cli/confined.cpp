#include "cli/confined.h"

#include <cap-ng.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iterator>
#include <stdexcept>
#include <string>

#include "cli/command.h"

namespace herkomst {

namespace {

constexpr int told_signal = SIGUSR1;
constexpr int told_to_leave_signal = SIGUSR2;
constexpr int cannot_give_up = 120;

// Signal handlers have no other way to know them.
std::atomic<int>* counter = nullptr;
std::atomic<pid_t> child{0};

// Whoever sends SIGQUIT does not want to wait.
void count_and_tell(int signal) {
    const bool leave = signal == SIGQUIT;
    *counter += leave ? 2 : 1;
    if (const pid_t pid = child; pid > 0) ::kill(pid, leave ? told_to_leave_signal : told_signal);
}
void count(int signal) { *counter += signal == told_to_leave_signal ? 2 : 1; }

constexpr int heard[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

// Empty, or what could not be given up.
std::string keep_only_raw() {
    if (capng_get_caps_process() != 0) return "its capabilities cannot be read";
    const bool raw = capng_have_capability(CAPNG_PERMITTED, CAP_NET_RAW) != 0;
    // Root's capabilities go for ever, even where a program would give them back. Who is not root may not, and need not.
    capng_clear(CAPNG_SELECT_ALL);
    capng_apply(CAPNG_SELECT_BOUNDS);
    // A user namespace may hold nobody but root: then root stays, without its rights.
    constexpr uid_t nobody = 65'534;
    if (::geteuid() == 0 && ::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0 && ::setgroups(0, nullptr) == 0 &&
        ::setresgid(nobody, nobody, nobody) == 0 && ::setresuid(nobody, nobody, nobody) != 0)
        return "root cannot be given up";
    capng_clear(CAPNG_SELECT_ALL);
    if (raw) capng_update(CAPNG_ADD, static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED), CAP_NET_RAW);
    capng_apply(CAPNG_SELECT_CAPS);
    capng_apply(CAPNG_SELECT_AMBIENT);
    if (capng_get_caps_process() != 0) return "its capabilities cannot be read";
    for (int each = 0; each <= CAP_LAST_CAP; ++each) {
        const auto one = static_cast<unsigned>(each);
        if (each != CAP_NET_RAW && capng_have_capability(CAPNG_PERMITTED, one) != 0)
            return "its capabilities cannot be given up";
    }
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return "new privileges cannot be given up";
    return {};
}

[[noreturn]] void be_child(const std::function<int()>& what, pid_t parent) {
    struct sigaction action {};
    action.sa_handler = SIG_IGN;
    for (const int signal : heard) ::sigaction(signal, &action, nullptr);
    for (const int signal : {SIGPIPE, SIGXFSZ, SIGTSTP, SIGTTIN, SIGTTOU}) ::sigaction(signal, &action, nullptr);
    action.sa_handler = count;
    ::sigaction(told_signal, &action, nullptr);
    ::sigaction(told_to_leave_signal, &action, nullptr);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    int code = cannot_give_up;
    if (const std::string problem = keep_only_raw(); !problem.empty()) {
        std::fprintf(stderr, "herkomst: %s\n", problem.c_str());
    } else {
        ::prctl(PR_SET_PDEATHSIG, told_signal);
        if (::getppid() != parent) ++*counter;
        try {
            code = what();
        } catch (const std::exception& error) {
            std::fprintf(stderr, "herkomst: %s\n", error.what());
            code = exit_machine;
        }
    }
    std::fflush(nullptr);
    ::_exit(code);
}

}  // namespace

int run_confined(const std::function<int()>& what, std::atomic<int>& interrupts) {
    counter = &interrupts;
    // From the fork on, nothing that arrives is lost: it is handled when the child is known.
    sigset_t blocked;
    sigset_t before;
    ::sigemptyset(&blocked);
    for (const int signal : heard) ::sigaddset(&blocked, signal);
    ::sigaddset(&blocked, told_signal);
    ::sigaddset(&blocked, told_to_leave_signal);
    ::sigprocmask(SIG_BLOCK, &blocked, &before);
    std::fflush(nullptr);
    struct sigaction ignored {};
    ignored.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &ignored, nullptr);
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0) {
        const int error = errno;
        ::sigprocmask(SIG_SETMASK, &before, nullptr);
        throw std::runtime_error(std::string("no process of its own to ask from: ") + std::strerror(error));
    }
    if (pid == 0) be_child(what, parent);
    child = pid;
    struct sigaction action {};
    struct sigaction old[std::size(heard)]{};
    action.sa_handler = count_and_tell;
    for (std::size_t i = 0; i < std::size(heard); ++i) ::sigaction(heard[i], &action, &old[i]);
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    child = 0;
    for (std::size_t i = 0; i < std::size(heard); ++i) ::sigaction(heard[i], &old[i], nullptr);
    if (WIFSIGNALED(status))
        throw std::runtime_error("the process that asks was ended by signal " + std::to_string(WTERMSIG(status)) +
                                 "; what it had sent until then stands in the record");
    if (WEXITSTATUS(status) == cannot_give_up) throw std::runtime_error("its rights cannot be given up; nothing was sent");
    return WEXITSTATUS(status);
}

}  // namespace herkomst
