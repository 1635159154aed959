// The whole of `listen` for tests: two interfaces that are each other's wire, captures sent into one, and the program on the
// other. Needs root and `ip netns`; where they are not there a test says that it is skipped.
#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "capture/file.h"

namespace herkomst::listening {

inline const std::string plant = std::string(HERKOMST_SOURCE_DIR) + "/tests/scenes/demo_plant/plant.pcapng";
inline constexpr std::uint64_t all_packets = UINT64_MAX;

inline int shell(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()); }

inline std::string text_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

// The interfaces, in a namespace of their own; gone at the end of the test, however it ends.
class Wire {
  public:
    Wire() : name_("herkomst-test-" + std::to_string(::getpid())) {
        if (::geteuid() != 0) return;
        if (shell("ip netns add " + name_) != 0) return;
        made_ = true;
        works_ = shell("ip netns exec " + name_ +
                       " sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1") == 0 &&
                 connect();
    }
    [[nodiscard]] bool connect() const {
        const std::string ip = "ip -n " + name_ + " link ";
        return shell(ip + "add lower mtu 65535 type veth peer name upper mtu 65535") == 0 &&
               shell(ip + "set lower arp off up") == 0 && shell(ip + "set upper arp off up") == 0;
    }
    ~Wire() {
        if (made_) shell("ip netns del " + name_);
    }
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;
    [[nodiscard]] bool works() const { return works_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::string space() const { return "/run/netns/" + name_; }

    // Sends packets [from, to) of a capture into `lower`; returns how many were sent.
    std::uint64_t replay(const std::string& capture, std::uint64_t from, std::uint64_t to) const {
        std::array<int, 2> answer{};
        REQUIRE(::pipe(answer.data()) == 0);
        const pid_t child = ::fork();
        if (child == 0) {
            std::uint64_t sent = 0;
            const int space_file = ::open(space().c_str(), O_RDONLY);
            std::array<char, PCAP_ERRBUF_SIZE> trouble{};
            if (space_file >= 0 && ::setns(space_file, CLONE_NEWNET) == 0) {
                pcap_t* out = pcap_open_live("lower", 65535, 0, 10, trouble.data());
                Problems problems;
                const auto file = CaptureFile::open(capture, problems);
                Packet packet;
                for (std::uint64_t n = 0; out != nullptr && file->next(packet); ++n) {
                    if (n < from || n >= to) continue;
                    sent += pcap_inject(out, packet.bytes.data(), packet.bytes.size()) > 0 ? 1 : 0;
                    std::this_thread::sleep_for(std::chrono::microseconds(500));
                }
            }
            if (::write(answer[1], &sent, sizeof sent) < 0) ::_exit(1);
            ::_exit(0);
        }
        std::uint64_t sent = 0;
        CHECK(::read(answer[0], &sent, sizeof sent) == static_cast<ssize_t>(sizeof sent));
        ::waitpid(child, nullptr, 0);
        ::close(answer[0]);
        ::close(answer[1]);
        return sent;
    }

  private:
    std::string name_;
    bool made_ = false;
    bool works_ = false;
};

inline bool skipped(const Wire& wire) {
    if (!wire.works()) MESSAGE("skipped: needs root and `ip netns`");
    return !wire.works();
}

// `herkomst listen` on `upper`, of site "north", with a register. `words`: what else it is told; `before`: done in its process,
// ahead of the program.
class Listening {
  public:
    Listening(const Wire& wire, std::string interval, std::vector<std::string> words = {}, std::function<void()> before = {})
        : space_(wire.space()), interval_(std::move(interval)), words_(std::move(words)), before_(std::move(before)) {
        std::string pattern = (std::filesystem::temp_directory_path() / "listen-test.XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        folder_ = pattern;
        start();
    }
    ~Listening() {
        if (process_ > 0) {
            ::kill(process_, SIGKILL);
            ::waitpid(process_, nullptr, 0);
        }
        std::filesystem::remove_all(folder_);
    }
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;

    // Once more, with the register that is there; what it says comes behind what was said.
    void start() {
        process_ = ::fork();
        if (process_ != 0) return;
        const int out = ::open((folder_ + "/out").c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
        const int said = ::open((folder_ + "/said").c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
        ::dup2(out, STDOUT_FILENO);
        ::dup2(said, STDERR_FILENO);
        const int space = ::open(space_.c_str(), O_RDONLY);
        if (space < 0 || ::setns(space, CLONE_NEWNET) != 0) ::_exit(99);
        if (before_) before_();
        std::vector<std::string> all = {HERKOMST_BINARY_DIR "/bin/herkomst",
                                        "listen",
                                        "-i",
                                        "upper",
                                        "--register",
                                        site(),
                                        "--interval",
                                        interval_,
                                        "--site",
                                        "north"};
        all.insert(all.end(), words_.begin(), words_.end());
        std::vector<char*> pointers;
        pointers.reserve(all.size() + 1);
        for (std::string& word : all) pointers.push_back(word.data());
        pointers.push_back(nullptr);
        ::execv(pointers[0], pointers.data());
        ::_exit(99);
    }

    [[nodiscard]] std::string site() const { return folder_ + "/site.db"; }
    [[nodiscard]] const std::string& folder() const { return folder_; }
    [[nodiscard]] std::string text(const char* which) const { return text_of(folder_ + "/" + which); }
    // Until it said `what` so many times; false when that takes too long.
    [[nodiscard]] bool said(const std::string& what, std::size_t times = 1) const {
        return in_time(
            [&] {
                std::size_t found = 0;
                const std::string all = text("said");
                for (std::size_t at = 0; (at = all.find(what, at)) != std::string::npos; at += what.size()) ++found;
                return found >= times;
            },
            what);
    }
    // Until the runs that it told have so many packets.
    [[nodiscard]] bool heard(std::uint64_t packets) const {
        return in_time(
            [&] {
                std::uint64_t sum = 0;
                std::istringstream lines(text("said"));
                for (std::string line; std::getline(lines, line);) {
                    const std::size_t run = line.find(" run ");
                    const std::size_t number = run == std::string::npos ? run : line.find(": ", run);
                    if (number != std::string::npos) sum += std::strtoull(line.c_str() + number + 2, nullptr, 10);
                }
                return sum >= packets;
            },
            std::to_string(packets) + " packets");
    }
    // The last one it named.
    [[nodiscard]] pid_t worker() const {
        const std::string all = text("said");
        const std::size_t at = all.rfind("with worker ");
        return at == std::string::npos ? -1 : static_cast<pid_t>(std::stol(all.substr(at + 12)));
    }
    int stop(int signal) {
        ::kill(process_, signal);
        int status = 0;
        ::waitpid(process_, &status, 0);
        process_ = -1;
        return status;
    }

  private:
    template <class Condition>
    bool in_time(Condition condition, const std::string& what) const {
        for (int turn = 0; turn < 200; ++turn) {
            if (condition()) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        MESSAGE("did not say \"", what, "\" but: ", text("said"));
        return false;
    }

    std::string space_;
    std::string interval_;
    std::vector<std::string> words_;
    std::function<void()> before_;
    std::string folder_;
    pid_t process_ = -1;
};

}  // namespace herkomst::listening
