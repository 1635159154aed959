// The program told as a story: which command, what time is it, run, and leave with an exit code that means something.
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "cli/version.h"
#include "core/printed.h"
#include "register/dutch.h"
#include "report/problem_words.h"

namespace {

void print_help() {
    std::fputs(
        "herkomst: what is on this network, who really makes it, where does control fall, and how do we know?\n\n"
        "Usage: herkomst COMMAND [OPTIONS]\n\nCommands:\n",
        stdout);
    for (const herkomst::Command& command : herkomst::all_cli()) {
        std::printf("  %-12.*s %.*s\n", static_cast<int>(command.name.size()), command.name.data(),
                    static_cast<int>(command.title.size()), command.title.data());
    }
    std::fputs(
        "\nEverywhere: --now TIME (RFC 3339) in place of the clock (of a probe that sends: over loopback alone).\n"
        "--help after a command.\n"
        "Exit codes: 0 done, 1 a finding at or above --fail-on, 2 wrong usage or nothing to read, 3 the machine (disk, file,\n"
        "permission), 4 refused (scope, signature, altered file), 5 done with gaps (--strict), 130 interrupted.\n"
        "Nothing leaves this machine.\n",
        stdout);
}

// --now may stand anywhere; every command takes the time from the context. One that is no time goes behind the words of the
// command, which tells it together with whatever else is wrong; what was wrong is returned.
std::string take_now(std::vector<std::string>& args, herkomst::Context& context) {
    for (std::size_t i = 0; i < args.size(); ++i) {
        std::string text;
        std::size_t used = 0;
        if (args[i] == "--now" && i + 1 < args.size()) {
            text = args[i + 1];
            used = 2;
        } else if (args[i].starts_with("--now=")) {
            text = args[i].substr(6);
            used = 1;
        } else {
            continue;
        }
        const auto time = herkomst::parse_rfc3339(text);
        const auto end =
            args.erase(args.begin() + static_cast<std::ptrdiff_t>(i), args.begin() + static_cast<std::ptrdiff_t>(i + used));
        if (!time) {
            args.insert(std::find(end, args.end(), "--"), "--now=" + text);
            return text;
        }
        context.now = *time;
        context.now_given = true;
        return "";
    }
    return "";
}

// Whether --lang nl was asked for: also of what ends a command.
const char* language(int argc, char** argv) {
    for (int at = 1; at < argc; ++at) {
        const std::string_view word = argv[at];
        if (word == "--lang=nl" || (word == "--lang" && at + 1 < argc && std::string_view(argv[at + 1]) == "nl")) return "nl";
    }
    return "en";
}

int run(int argc, char** argv) {
    std::vector<std::string> args(argv + 1, argv + argc);
    herkomst::Context context;
    context.now = std::chrono::time_point_cast<herkomst::Nanoseconds>(std::chrono::system_clock::now());
    if (args.empty() || args[0] == "--help" || args[0] == "-h" || args[0] == "help") {
        print_help();
        return args.empty() ? herkomst::exit_usage : herkomst::exit_done;
    }
    const std::string no_time = take_now(args, context);
    if (!args.empty() && (args[0] == "--version" || args[0] == "version")) {
        if (!no_time.empty()) {
            std::fprintf(stderr, "herkomst: --now \"%s\" is not a time like 2026-11-21T12:00:00Z\n", no_time.c_str());
            return herkomst::exit_usage;
        }
        std::fputs(herkomst::version_text(context.now).c_str(), stdout);
        return herkomst::exit_done;
    }
    for (const herkomst::Command& command : herkomst::all_cli()) {
        if (!args.empty() && command.name == args[0]) return command.run(std::span(args).subspan(1), context);
    }
    const bool nl = std::string_view(language(argc, argv)) == "nl";
    std::fprintf(stderr,
                 nl ? "herkomst: er is geen opdracht \"%s\"; herkomst --help noemt ze\n"
                    : "herkomst: there is no command \"%s\"; herkomst --help lists them\n",
                 args.empty() ? "" : herkomst::printed(args[0]).c_str());
    return herkomst::exit_usage;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const int exit_code = run(argc, argv);
        errno = 0;
        if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return exit_code;
        throw std::runtime_error("the output cannot be written" + (errno == 0 ? "" : ": " + std::string(std::strerror(errno))));
    } catch (const std::filesystem::filesystem_error& error) {
        // Its own text names the library's function; a person needs the path and the reason.
        const std::string sentence =
            herkomst::problem_in({error.path1().string(), "cannot be used: " + error.code().message()}, language(argc, argv));
        std::fprintf(stderr, "herkomst: %s\n", herkomst::printed(sentence).c_str());
        return herkomst::exit_machine;
    } catch (const std::exception& error) {
        const std::string sentence =
            herkomst::problem_in(herkomst::in_language(error.what(), language(argc, argv)), language(argc, argv));
        std::fprintf(stderr, "herkomst: %s\n", herkomst::printed(sentence).c_str());
        return herkomst::exit_machine;
    }
}
