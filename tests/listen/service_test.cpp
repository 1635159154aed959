// The systemd unit (tools/herkomst-listen@.service): systemd's own check of it, and its ExecStart line run as its [Service]
// part says as far as that goes without systemd: another user, the one capability it names and no way to more, its umask, a
// disk that is read-only but for its two folders, /opt/herkomst as the unit expects it, its signal to stop.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <map>
#include <memory>
#include <sstream>

#include "listening.h"
#include "register/overview.h"
#include "register/register.h"

using namespace herkomst;
using namespace herkomst::listening;

namespace service_test {

TEST_SUITE_BEGIN("listen.service");

namespace {

const std::string unit = HERKOMST_SOURCE_DIR "/tools/herkomst-listen@.service";
// A file system of its own in which the build folder is /opt/herkomst.
const std::string installed =
    "mount --make-rprivate / && mount -t tmpfs none /opt && mkdir /opt/herkomst && mount --bind '" HERKOMST_BINARY_DIR
    "' /opt/herkomst && ";

std::map<std::string, std::string> settings() {
    std::map<std::string, std::string> all;
    std::istringstream lines(text_of(unit));
    for (std::string line; std::getline(lines, line);) {
        const std::size_t equals = line.find('=');
        if (line.empty() || line[0] == '#' || equals == std::string::npos) continue;
        all[line.substr(0, equals)] = line.substr(equals + 1);
    }
    return all;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
        text.replace(at, what.size(), by);
    return text;
}

std::pair<int, std::string> output_of(const std::string& command) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen((command + " 2>&1; echo \"=$?\"").c_str(), "r"), pclose);
    REQUIRE(pipe != nullptr);
    std::string out;
    std::array<char, 4096> block{};
    for (std::size_t got = 0; (got = std::fread(block.data(), 1, block.size(), pipe.get())) > 0;) out.append(block.data(), got);
    const std::size_t at = out.rfind('=');
    return {std::stoi(out.substr(at + 1)), out.substr(0, at)};
}

std::string quoted(const std::string& text) { return "'" + replaced(text, "'", "'\\''") + "'"; }

}  // namespace

TEST_CASE("systemd finds nothing wrong with the unit, and would find a word that it does not know") {
    if (shell("command -v systemd-analyze") != 0 || ::geteuid() != 0) {
        MESSAGE("skipped: needs systemd-analyze (Debian package systemd) and root");
        return;
    }
    const auto verified = [](const std::string& path) {
        return output_of("unshare --mount sh -c " +
                         quoted(installed + "systemd-analyze verify --man=no --recursive-errors=no " + quoted(path)));
    };
    const auto [status, said] = verified(unit);
    CHECK_MESSAGE(status == 0, said);
    CHECK_MESSAGE(said.find("herkomst-listen@") == std::string::npos, said);
    std::string pattern = (std::filesystem::temp_directory_path() / "unit-test.XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    const std::string worse = pattern + "/herkomst-listen@.service";
    std::ofstream(worse) << replaced(text_of(unit), "ProtectClock=", "ProtectClok=");
    const auto [worse_status, worse_said] = verified(worse);
    CHECK(worse_said.find("ProtectClok") != std::string::npos);
    std::filesystem::remove_all(pattern);
}

TEST_CASE("the unit's line runs with the unit's rights and leaves files that only its user can read") {
    const Wire wire;
    if (skipped(wire)) return;
    const std::map<std::string, std::string> set = settings();
    // %i is the instance, %H the name of the host; nothing else of systemd's may be in the line.
    std::string line = replaced(replaced(set.at("ExecStart"), "%i", "upper"), "%H", "plant-7");
    REQUIRE(line.find('%') == std::string::npos);
    REQUIRE(line.starts_with("/opt/herkomst/bin/herkomst listen "));
    REQUIRE(set.at("AmbientCapabilities") == "CAP_NET_RAW");
    REQUIRE(set.at("CapabilityBoundingSet") == "CAP_NET_RAW");
    REQUIRE(set.at("NoNewPrivileges") == "yes");
    REQUIRE(set.at("KillSignal") == "SIGTERM");

    std::string pattern = (std::filesystem::temp_directory_path() / "unit-test.XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    const std::string& folder = pattern;
    const std::string said = folder + "/said";
    std::string script = installed;
    constexpr unsigned nobody = 65534;
    for (const auto& [directory, where] : {std::pair{"StateDirectory", "/var/lib"}, std::pair{"LogsDirectory", "/var/log"}}) {
        const std::string own = folder + where;
        std::filesystem::create_directories(own + "/" + set.at(directory));
        REQUIRE(::chmod((own + "/" + set.at(directory)).c_str(), 0700) == 0);
        REQUIRE(::chown((own + "/" + set.at(directory)).c_str(), nobody, nobody) == 0);
        script += "mount --bind '" + own + "' " + where + " && ";
    }
    script += "mount -o remount,bind,ro / && umask " + set.at("UMask") +
              " && exec setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --inh-caps=-all,+net_raw"
              " --ambient-caps=-all,+net_raw --bounding-set=-all,+net_raw " +
              line;
    const pid_t process = ::fork();
    if (process == 0) {
        const int out = ::open(said.c_str(), O_CREAT | O_WRONLY, 0600);
        ::dup2(out, STDOUT_FILENO);
        ::dup2(out, STDERR_FILENO);
        ::execlp("nsenter", "nsenter", ("--net=" + wire.space()).c_str(), "unshare", "--mount", "sh", "-c", script.c_str(),
                 static_cast<char*>(nullptr));
        ::_exit(99);
    }
    const std::string log = folder + "/var/log/herkomst/upper.log";
    const auto in_time = [&](auto condition) {
        for (int turn = 0; turn < 200 && !condition(); ++turn) std::this_thread::sleep_for(std::chrono::milliseconds(50));
        return condition();
    };
    const bool listens = in_time([&] { return text_of(log).find("listening on upper") != std::string::npos; });
    CHECK_MESSAGE(listens, text_of(said), text_of(log));
    std::uint64_t sent = 0;
    if (listens) sent = wire.replay(plant, 0, 200);
    ::kill(process, SIGTERM);
    int status = 0;
    ::waitpid(process, &status, 0);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    if (listens) {
        const std::string path = folder + "/var/lib/herkomst/upper.db";
        for (const std::string& file : {path, log}) {
            struct stat about {};
            REQUIRE(::stat(file.c_str(), &about) == 0);
            CHECK((about.st_mode & 0777) == 0600);
            CHECK(about.st_uid == nobody);
        }
        const Register site = Register::open_to_read(path);
        const Overview all = overview(site, nullptr);
        CHECK(all.site == "plant-7");
        CHECK(!all.assets.empty());
        REQUIRE(!all.run.sources.empty());
        CHECK(all.run.sources.front().packets == sent);
        CHECK(text_of(log).find("\"type\":\"alert\"") != std::string::npos);
    }
    std::filesystem::remove_all(folder);
}

TEST_SUITE_END();

}  // namespace service_test
