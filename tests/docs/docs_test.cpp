// Documentation runs: what README.md, CONTRIBUTING.md, PRIVACY.md and the READMEs of scanner, rules and vendordb show as
// console is executed and compared.
//
// A block fenced as ```console holds commands, lines that begin with "$ ", each followed by the lines it prints:
//
//     ```console
//     $ tools/run scan tests/scenes/demo_plant/plant.pcapng --until observations | head -2
//     {"schema":"herkomst/1","type":"header","until":"observations",...}
//     ```
//
// "$ tools/run ..." and "$ herkomst ..." are run with the program that was built beside this test, in a folder that looks like
// the root of the sources and into which registers and reports may be written; all commands of one page share that folder, in
// their order. A command may go on over lines that end in "\". Pipes are for head, tail, grep, sort, wc and cut.
// - Without lines below it, the command must end with exit code 0.
// - With lines, what it prints (stdout and stderr as one) must be these. Between them, a line that is only the character U+2026
//   (or three dots) stands for any number of lines; that character within a line for any text up to the next part that is
//   written. An exit code other than 0 must be written last: "exit 2".
// - "$ tools/..." of any other kind is not run: the file must be there and have its run bit. "$ ctest ...", "$ cmake ...",
//   "$ ninja ...", "$ git ..." are not run. Any other command is refused, so that no page shows what nobody has tried.
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <span>

#include "../lint/folder.h"
#include "../lint/lint.h"

namespace fs = std::filesystem;

namespace docs_test {

TEST_SUITE_BEGIN("docs");

namespace {

const fs::path source_root = HERKOMST_SOURCE_DIR;
const std::string dots = "\xe2\x80\xa6";

struct Shown {
    std::size_t line = 0;
    std::string command;
    std::vector<std::string> output;
};

std::vector<Shown> console_of(const std::string& page) {
    std::vector<Shown> all;
    bool inside = false;
    const auto lines = lint::lines_of(page);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!inside) {
            inside = lines[i] == "```console";
        } else if (lines[i].starts_with("```")) {
            inside = false;
        } else if (lines[i].starts_with("$ ")) {
            Shown shown{i + 1, lines[i].substr(2), {}};
            while (shown.command.ends_with("\\") && i + 1 < lines.size()) {
                shown.command.pop_back();
                shown.command += lines[++i];
            }
            all.push_back(shown);
        } else if (!all.empty()) {
            all.back().output.push_back(lines[i]);
        }
    }
    while (!all.empty() && !all.back().output.empty() && all.back().output.back().empty()) all.back().output.pop_back();
    return all;
}

// One line against its picture, in which the dots stand for any text.
bool line_matches(std::string_view picture, std::string_view line) {
    const std::size_t at = picture.find(dots);
    if (at == std::string_view::npos) return picture == line;
    if (!line.starts_with(picture.substr(0, at))) return false;
    const std::string_view rest = picture.substr(at + dots.size());
    for (std::size_t from = at; from <= line.size(); ++from) {
        if (line_matches(rest, line.substr(from))) return true;
    }
    return false;
}

bool lines_match(std::span<const std::string> pictures, std::span<const std::string> lines) {
    if (pictures.empty()) return lines.empty();
    if (pictures[0] == dots || pictures[0] == "...") {
        for (std::size_t from = 0; from <= lines.size(); ++from) {
            if (lines_match(pictures.subspan(1), lines.subspan(from))) return true;
        }
        return false;
    }
    return !lines.empty() && line_matches(pictures[0], lines[0]) && lines_match(pictures.subspan(1), lines.subspan(1));
}

// A folder that looks like the root of the sources, without what a reader's own runs left there.
void furnish(const Folder& folder) {
    for (const char* name : {"README.md", "LICENSE", "rules", "scanner", "tests", "tools", "vendordb"}) {
        if (fs::exists(source_root / name)) fs::create_symlink(source_root / name, folder.path() / name);
    }
}

struct Ran {
    int code = 0;
    std::vector<std::string> lines;
};

Ran run(const std::string& command, const fs::path& in) {
    const std::string all = "cd '" + in.string() + "' && set -o pipefail && { " + command + "\n} 2>&1 </dev/null";
    std::string quoted = "bash -c '";
    for (const char c : all) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    quoted += "'";
    std::FILE* pipe = popen(quoted.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string text;
    std::array<char, 65536> block{};
    for (std::size_t got = 0; (got = std::fread(block.data(), 1, block.size(), pipe)) > 0;) text.append(block.data(), got);
    const int status = pclose(pipe);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, lint::lines_of(text)};
}

std::string first_word(const std::string& text) { return text.substr(0, text.find(' ')); }

// What is behind a pipe or "&&" must be one of these.
bool harmless_tail(const std::string& command) {
    for (std::size_t at = command.find('|'); at != std::string::npos; at = command.find('|', at + 1)) {
        const std::size_t word = command.find_first_not_of("| ", at);
        const std::string next = word == std::string::npos ? "" : first_word(command.substr(word));
        constexpr std::array filters = {"head", "tail", "grep", "sort", "wc", "cut"};
        if (std::find(filters.begin(), filters.end(), next) == filters.end()) return false;
    }
    return command.find_first_of(";&`<>$") == std::string::npos;
}

// Everything that is wrong with what a page shows.
std::vector<std::string> wrong_with(const std::string& page, const std::string& name) {
    std::vector<std::string> problems;
    const Folder folder("docs");
    furnish(folder);
    for (const Shown& shown : console_of(page)) {
        const auto problem = [&](const std::string& sentence) {
            problems.push_back(name + ":" + std::to_string(shown.line) + ": " + sentence);
        };
        const std::string word = first_word(shown.command);
        if (word == "ctest" || word == "cmake" || word == "ninja" || word == "git") continue;
        if (word != "tools/run" && word != "herkomst") {
            const fs::path script = source_root / word;
            if (!word.starts_with("tools/")) {
                problem("\"" + word + "\" is not a command that pages show");
            } else if (!fs::is_regular_file(script)) {
                problem(word + " is not there");
            } else if ((fs::status(script).permissions() & fs::perms::owner_exec) == fs::perms::none) {
                problem(word + " has no run bit");
            }
            continue;
        }
        if (!harmless_tail(shown.command)) {
            problem("only filters may stand behind a pipe");
            continue;
        }
        const Ran ran = run("'" HERKOMST_BINARY_DIR "/bin/herkomst'" + shown.command.substr(word.size()), folder.path());
        std::vector<std::string> expected = shown.output;
        int code = 0;
        if (!expected.empty() && expected.back().starts_with("exit ")) {
            code = std::stoi(expected.back().substr(5));
            expected.pop_back();
        }
        // `| head` closes the pipe early: that is not the program's failure.
        const bool cut = shown.command.find("| head") != std::string::npos && ran.code == 141;
        if (ran.code != code && !cut) problem("ends with exit code " + std::to_string(ran.code));
        if (!expected.empty() && !lines_match(expected, ran.lines)) {
            std::string printed;
            for (const std::string& line : ran.lines) printed += "\n    " + line;
            problem("\"" + shown.command + "\" prints something else:" + printed);
        }
    }
    return problems;
}

}  // namespace

TEST_CASE("what the pages show is what happens") {
    for (const char* name :
         {"README.md", "CONTRIBUTING.md", "PRIVACY.md", "scanner/README.md", "rules/README.md", "vendordb/README.md"}) {
        if (!fs::exists(source_root / name)) continue;
        for (const std::string& problem : wrong_with(lint::read(source_root / name), name)) FAIL_CHECK(problem);
    }
    CHECK(console_of(lint::read(source_root / "CONTRIBUTING.md")).size() >= 3);
}

TEST_CASE("a page that shows something else is found out") {
    const auto problems = [](const std::string& block) {
        return wrong_with("text\n```console\n" + block + "```\n", "page.md");
    };
    CHECK(problems("$ herkomst --version\n" + dots + "\n").empty());
    CHECK(problems("$ herkomst --version\nherkomst " + dots + "\n" + dots + "\n").empty());
    CHECK(problems("$ herkomst --version | grep -c herkomst\n1\n").empty());
    CHECK(problems("$ herkomst --version\nherkomst 0.0.0\n").size() == 1);
    CHECK(problems("$ herkomst --no-such-option\n" + dots + "\nexit 2\n").empty());
    CHECK(problems("$ herkomst --no-such-option\n").size() == 1);
    CHECK(problems("$ tools/test\n$ tools/check fresh\n").empty());
    CHECK(problems("$ tools/no_such_script\n").size() == 1);
    CHECK(problems("$ tools/packages.txt\n").size() == 1);
    CHECK(problems("$ rm -r out\n").size() == 1);
    CHECK(problems("$ herkomst --version | sh\n").size() == 1);
    CHECK(problems("$ herkomst --version; ls\n").size() == 1);
    CHECK(wrong_with("```\n$ rm -r out\n```\n", "page.md").empty());
}

TEST_SUITE_END();

}  // namespace docs_test
