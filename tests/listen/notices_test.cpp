// Where `listen` says what it has to say: the log turns over, a hook gets one line and nothing else, and holds nobody up.
#include "cli/notices.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace fs = std::filesystem;
using namespace herkomst;
using namespace std::chrono_literals;

namespace notices_test {

TEST_SUITE_BEGIN("notices");

namespace {

struct Folder {
    fs::path path = fs::temp_directory_path() / ("herkomst_notices_" + std::to_string(::getpid()));
    Folder() { fs::create_directories(path); }
    ~Folder() { fs::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::string at(const char* name) const { return (path / name).string(); }
    [[nodiscard]] std::string text(const char* name) const {
        std::ifstream in(path / name, std::ios::binary);
        std::stringstream out;
        out << in.rdbuf();
        return out.str();
    }
    // A program that does this.
    [[nodiscard]] std::string program(const std::string& script) const {
        const std::string where = at("hook");
        std::ofstream(where) << "#!/bin/sh\ncd '" << path.string() << "'\n" << script << "\n";
        fs::permissions(where, fs::perms::owner_all);
        return where;
    }
};

Json alert(const std::string& label) {
    Json line = Json::object();
    line["type"] = "alert";
    line["label"] = label;
    return line;
}

template <class Condition>
bool in_time(Condition condition) {
    for (int turn = 0; turn < 200; ++turn) {
        if (condition()) return true;
        std::this_thread::sleep_for(50ms);
    }
    return false;
}

}  // namespace

TEST_CASE("a log turns over at its size, keeps so many files, and is its owner's alone") {
    const Folder folder;
    NoticeOptions options;
    options.log = folder.at("log");
    options.log_bytes = 40;
    options.log_keep = 3;
    {
        Notices notices(options);
        for (int i = 0; i < 10; ++i) notices.status("line number " + std::to_string(i));
    }
    CHECK(folder.text("log") == "line number 8\nline number 9\n");
    CHECK(folder.text("log.1") == "line number 6\nline number 7\n");
    CHECK(folder.text("log.2") == "line number 4\nline number 5\n");
    CHECK(!fs::exists(folder.at("log.3")));
    struct stat about {};
    REQUIRE(::stat(options.log.c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0600);
    // Another start goes on where the last one ended.
    {
        Notices notices(options);
        notices.status("once more");
    }
    CHECK(folder.text("log") == "line number 8\nline number 9\nonce more\n");
    options.log_keep = 1;
    Notices(options).status("alone now, and long enough");
    CHECK(folder.text("log") == "alone now, and long enough\n");
}

TEST_CASE("a log that cannot be written and a hook that cannot be run are said at once") {
    const Folder folder;
    NoticeOptions options;
    options.log = folder.at("no/such/folder/log");
    CHECK_THROWS_AS(Notices{options}, std::runtime_error);
    options.log = folder.at("link");
    fs::create_symlink(folder.at("elsewhere"), options.log);
    CHECK_THROWS_AS(Notices{options}, std::runtime_error);
    options.log.clear();
    options.hook = folder.at("nothing");
    CHECK_THROWS_AS(Notices{options}, std::runtime_error);
}

TEST_CASE("a hook gets the alert on standard input, and no word of it anywhere else") {
    const Folder folder;
    NoticeOptions options;
    options.log = folder.at("log");
    options.hook = folder.program("cat > got; echo \"$#\" > words; env > environment; mv environment done");
    ::setenv("HERKOMST_TEST_SECRET", "not for the hook", 1);
    Notices notices(options);
    const std::string label = "$(touch pwned) `touch pwned`; touch pwned #";
    notices.alert(alert(label));
    REQUIRE(in_time([&] { return fs::exists(folder.at("done")); }));
    ::unsetenv("HERKOMST_TEST_SECRET");
    CHECK(folder.text("got") == write_json(alert(label)) + "\n");
    CHECK(folder.text("words") == "0\n");
    CHECK(folder.text("done").find("SECRET") == std::string::npos);
    CHECK(!fs::exists(folder.at("pwned")));
    CHECK(folder.text("log") == write_json(alert(label)) + "\n");
    CHECK(in_time([&] { return notices.tend() == 0; }));
}

TEST_CASE("a hook that fails, that does not read, or that does not end is counted, and nobody waits for it") {
    const Folder folder;
    NoticeOptions options;
    options.hook = folder.program("exit 3");
    {
        Notices notices(options);
        notices.alert(alert("x"));
        CHECK(in_time([&] { return notices.tend() == 1; }));
        CHECK(notices.tend() == 0);
    }
    options.hook = folder.program("exec sleep 5");
    Notices notices(options);
    const auto began = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < Notices::hooks_most + 3; ++i) notices.alert(alert("x"));
    CHECK(notices.tend() == 3);
    notices.alert(alert(std::string(200'000, 'x')));
    CHECK(notices.tend() == 1);
    CHECK(std::chrono::steady_clock::now() - began < 4s);
}

TEST_SUITE_END();

}  // namespace notices_test
