// What is not sent, and what must be: no connection where there is nothing to ask, nothing that this machine cannot send taken
// for a device's silence, and a session over datagrams closed like any other.
#include <unistd.h>

#include <functional>

#include "../peers/link.h"
#include "peers.h"
#include "probes/exchange.h"
#include "run_place.h"

using namespace herkomst;
using namespace std::chrono_literals;

namespace unsent_test {

TEST_SUITE_BEGIN("probe_unsent");

namespace {

// A HART-IP server: it answers the first so many messages as the transcript says, and keeps all it gets.
class Instrument {
  public:
    Instrument(const char* ip, std::size_t answers, std::function<void()> after_first = {})
        : after_first_(std::move(after_first)), fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in here{};
        here.sin_family = AF_INET;
        ::inet_pton(AF_INET, ip, &here.sin_addr);
        socklen_t size = sizeof here;
        REQUIRE(::bind(fd_, reinterpret_cast<sockaddr*>(&here), size) == 0);
        ::getsockname(fd_, reinterpret_cast<sockaddr*>(&here), &size);
        port_ = ntohs(here.sin_port);
        const timeval wait{0, 50'000};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
        thread_ = std::thread([this, answers] { serve(answers); });
    }
    ~Instrument() { stop(); }
    Instrument(const Instrument&) = delete;
    Instrument& operator=(const Instrument&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    // All messages, in hexadecimal; it serves no more after that.
    const std::vector<std::string>& heard() {
        stop();
        return heard_;
    }

  private:
    void serve(std::size_t answers) {
        const auto turns = probe_named("hart_ip")->transcripts.front().turns;
        while (!stop_) {
            std::uint8_t room[512];
            sockaddr_in from{};
            socklen_t length = sizeof from;
            const ssize_t got = ::recvfrom(fd_, room, sizeof room, 0, reinterpret_cast<sockaddr*>(&from), &length);
            if (got <= 0) continue;
            heard_.push_back(hex(room, static_cast<std::size_t>(got)));
            if (heard_.size() > answers) continue;
            const std::vector<std::uint8_t> reply = unhex(turns[heard_.size() - 1].reply_hex);
            ::sendto(fd_, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&from), length);
            if (heard_.size() == 1 && after_first_) after_first_();
        }
    }
    void stop() {
        stop_ = true;
        if (thread_.joinable()) thread_.join();
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }

    std::function<void()> after_first_;
    int fd_;
    std::uint16_t port_ = 0;
    std::vector<std::string> heard_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace

TEST_CASE("unsent: a question that has nothing to ask does not connect, and the plan says so") {
    const Peer outstation("127.0.57.1", behaviour::silent());
    const RunPlace here("unsent_dnp3");
    here.scope(RunPlace::range("127.0.57.1", {{"dnp3", {outstation.port()}}}, R"(,"shared_sessions":true)"));
    const ProgramRan ran = here.probe();
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    CHECK(outstation.connections() == 0);
    CHECK(here.outcome("dnp3", "127.0.57.1") ==
          "gated: no address behind it is known: \"units\" of the scope file can name one");
    const ProgramRan plan = here.probe("--dry-run", "");
    CHECK(says(plan.out, "dnp3, gated: no address behind it is known"));
    CHECK(says(plan.out, "1 of the questions are gated and not asked"));
    // With one it is asked.
    here.scope(RunPlace::range("127.0.57.1", {{"dnp3", {outstation.port()}}}, R"(,"shared_sessions":true,"units":[4])"));
    CHECK(here.probe("--resume").exit_code == 0);
    CHECK(outstation.connections() == 1);
}

TEST_CASE("unsent: whatever a question cannot be asked for before its answers are there, it is not connected for") {
    for (const Probe& probe : all_probes()) {
        INFO(std::string(probe.name));
        for (const Transcript& transcript : probe.transcripts) {
            const std::string why = nothing_to_ask(probe, target_of(probe, transcript));
            // A transcript in which nothing is sent or listened for, and no other.
            const PlayedTranscript played = play(probe, transcript);
            CHECK(why.empty() == (!played.said.empty() || played.outcome != ProbeOutcome::Gated));
        }
    }
}

TEST_CASE("unsent: a session over datagrams is closed, also where the instrument fell silent within it") {
    const std::string close = "0100010000040008";
    for (const std::size_t answers : {std::size_t{3}, std::size_t{1}, std::size_t{0}}) {
        INFO(answers);
        Instrument instrument("127.0.57.2", answers);
        const RunPlace here("unsent_hart");
        here.scope(RunPlace::range("127.0.57.2", {{"hart_ip", {instrument.port()}}}, R"(,"shared_sessions":true)"));
        const ProgramRan ran = here.probe("--keep-bytes");
        INFO(ran.out);
        CHECK(ran.exit_code == 0);
        const std::vector<std::string> heard = instrument.heard();
        // Who never answered has opened no session.
        CHECK(heard.size() == (answers == 0 ? 1 : answers == 1 ? 3 : 4));
        CHECK((heard.back() == close) == (answers != 0));
        CHECK(says(read_file(here.path("record/exchanges.ndjson")).value(), close) == (answers != 0));
        if (answers != 1) CHECK(says(here.outcome("hart_ip", "127.0.57.2"), answers == 0 ? "silent" : "answered"));
    }
}

TEST_CASE(
    "unsent: what cannot be sent in the midst of a session is not in the record, and the session is closed when it can be") {
    if (!peers::on_a_link("unsent: what cannot be sent in the midst*")) return;
    REQUIRE(shell("ip link set here up && ip addr add 192.0.2.30/32 dev here").exit_code == 0);
    // Its address is gone when the second question is due, and is there again for the farewell.
    Instrument instrument("192.0.2.30", 3, [] {
        CHECK(shell("ip addr del 192.0.2.30/32 dev here; sleep 3; ip addr add 192.0.2.30/32 dev here").exit_code == 0);
    });
    const RunPlace here("unsent_session");
    here.scope_of_today(
        RunPlace::range("192.0.2.30", {{"hart_ip", {instrument.port()}}}, R"(,"pause":"2s","shared_sessions":true)"));
    const ProgramRan ran =
        shell(HERKOMST_BINARY_DIR "/bin/herkomst probe --quiet --i-am-authorised Me --until observations --scope " +
              here.path("scope.json") + " --record " + here.path("record"));
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    // Why depends on the kernel.
    CHECK(here.outcome("hart_ip", "192.0.2.30").starts_with("silent: "));
    CHECK(here.outcome("hart_ip", "192.0.2.30") != "silent: ");
    const std::vector<std::string> heard = instrument.heard();
    REQUIRE(heard.size() == 2);
    CHECK(heard.back() == "0100010000040008");
    const Json said = here.log().back()["said"];
    REQUIRE(said.items().size() == 3);
    CHECK(said.at(0)["request"].string() == "session");
    CHECK(said.at(1)["by"].string() == "them");
    CHECK(said.at(2)["request"].string() == "goodbye");
}

TEST_CASE("unsent: what this machine cannot send is nobody's silence, and is asked when it can") {
    const RunPlace here("unsent_route");
    here.scope(RunPlace::range("203.0.113.9", {{"http", {80}}, {"omron_fins", {}}}, R"(,"shared_sessions":true)") + "," +
               RunPlace::range("fe80::5", {{"http", {80}}}));
    const std::string words = HERKOMST_BINARY_DIR
                              "/bin/herkomst probe --quiet --i-am-authorised Me --until observations --scope " +
                              here.path("scope.json") + " --record " + here.path("record");
    // Namespaces without a link; then with a link on which nobody is.
    const ProgramRan ran = shell("unshare -rn sh -c '" + words + "'");
    if (says(ran.out, "Operation not permitted")) {
        MESSAGE("skipped: no namespaces can be made here");
        return;
    }
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    CHECK(here.outcome("http", "203.0.113.9") == "out of scope: nothing could be sent: Network is unreachable");
    CHECK(here.outcome("omron_fins", "203.0.113.9") == "out of scope: nothing could be sent: Network is unreachable");
    if (std::filesystem::exists("/proc/sys/net/ipv6"))
        CHECK(here.outcome("http", "fe80::5") == "out of scope: nothing could be sent: an address of a link needs --interface");
    CHECK_FALSE(says(ran.out, R"("outcome":"silent")"));
    const ProgramRan again = shell(
        "unshare -rn sh -c 'ip link add here type veth peer name there && ip link set there up && ip addr add 203.0.113.1/24 "
        "dev here && ip link set here up && " +
        words + " --resume'");
    INFO(again.out);
    CHECK(again.exit_code == 0);
    CHECK(says(here.outcome("omron_fins", "203.0.113.9"), "silent: "));
    CHECK(says(here.outcome("http", "203.0.113.9"), "silent: "));
}

TEST_SUITE_END();

}  // namespace unsent_test
