// The contract of a subcommand: one file, cli/<name>.cpp, that defines `Command cli::<name>()`.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"

namespace herkomst {

// Exit codes of the program (design.md section 9).
enum Exit : int {
    exit_done = 0,
    exit_findings = 1,  // findings at or above --fail-on
    exit_usage = 2,     // usage or input
    exit_machine = 3,   // disk, database, permission
    exit_refused = 4,   // safety or scope
    exit_gaps = 5,      // only with --strict
    exit_bug = 70,
    exit_interrupted = 130,
};

struct Context {
    Time now;  // the one clock, or --now
    bool now_given = false;
};

// Declares what a command takes, then parses. --now is main's: what is left of it here is no time, or too many.
class Options {
  public:
    Options(std::string_view command, std::string_view title);
    ~Options();
    Options(const Options&) = delete;
    Options& operator=(const Options&) = delete;

    void flag(std::string_view names, bool& into, std::string_view help);
    void option(std::string_view names, std::string& into, std::string_view help);
    void option(std::string_view names, unsigned& into, std::string_view help);
    void one_of(std::string_view names, std::string& into, std::vector<std::string> allowed, std::string_view help);
    void many(std::string_view names, std::vector<std::string>& into, std::string_view help);
    void argument(std::string_view name, std::string& into, std::string_view help, bool required = true);
    void arguments(std::string_view name, std::vector<std::string>& into, std::string_view help, bool required = true);
    void footer(std::string_view text);
    // What only the command can tell of its words: run once all are read, whatever was wrong with them, so that it is said
    // together.
    void check(std::function<void(std::vector<std::string>& problems)>);

    // True to go on; else leave with `exit_code` (help was printed to stdout, or a problem to stderr).
    bool parse(std::span<const std::string> args, int& exit_code);

  private:
    struct Parser;
    Parser* parser_;
};

struct Command {
    std::string_view name;
    std::string_view title;  // one line for `herkomst --help`
    int (*run)(std::span<const std::string> args, Context&) = nullptr;
};

std::span<const Command> all_cli();

}  // namespace herkomst
