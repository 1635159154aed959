// Where `listen` says what it has to say, for months: status lines, and alerts as lines of JSON.
//
//   status   to standard error, or to the log where there is one
//   alert    to standard output; to the log; to syslog (facility daemon, level warning) when asked; and to the hook
//
// The log (mode 0600) is rotated by itself: at `log_bytes` FILE becomes FILE.1, FILE.1 becomes FILE.2 ..., and what would be
// more than `log_keep` files goes. Nothing else is needed beside it.
//
// The hook is a program without arguments that gets one alert on standard input and nothing of the network anywhere else: no
// command line, no environment but PATH. At most `hooks_most` run at a time, each for `hook_patience`; what could not be told
// is counted. Its output goes to our standard error.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/json.h"

namespace herkomst {

struct NoticeOptions {
    std::string log;  // empty: none
    std::uint64_t log_bytes = 10'000'000;
    unsigned log_keep = 5;  // files, the one that is written to included
    bool syslog = false;
    std::string hook;  // path of a program; empty: none
};

class Notices {
  public:
    static constexpr std::size_t hooks_most = 8;
    static constexpr std::chrono::seconds hook_patience{30};

    // Throws std::runtime_error when the log cannot be opened or the hook cannot be run.
    explicit Notices(NoticeOptions);
    ~Notices();
    Notices(const Notices&) = delete;
    Notices& operator=(const Notices&) = delete;

    // The label that each alert carries from then on: the hook and syslog get one alone.
    void label(std::string tlp) { tlp_ = std::move(tlp); }
    void status(std::string_view line);
    void alert(Json line);
    // Looks after hooks that run; returns how many alerts the hook did not get, or did not take, since the last time.
    std::uint64_t tend();

  private:
    void log(std::string_view line);
    void open_log();
    void rotate();
    void run_hook(const std::string& line);

    std::string tlp_;
    struct Hook {
        pid_t process;
        std::chrono::steady_clock::time_point started;
        bool cut;  // it did not take all of the line
    };
    NoticeOptions options_;
    int log_ = -1;
    std::uint64_t written_ = 0;
    std::vector<Hook> hooks_;
    std::uint64_t failed_ = 0;
};

}  // namespace herkomst
