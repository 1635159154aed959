// `listen --syslog`: every alert reaches a receiver at /dev/log, whole, with facility and level.
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <regex>
#include <sstream>
#include <thread>

#include "listening.h"
#include "syslog_socket.h"

using namespace herkomst;
using namespace herkomst::listening;

namespace syslog_test {

TEST_SUITE_BEGIN("listen.syslog");

TEST_CASE("each alert is one message of facility daemon and level warning, the same line as on standard output") {
    const Wire wire;
    if (skipped(wire)) return;
    SyslogSocket receiver;
    Listening listening(wire, "1h", {"--syslog"}, [&] { receiver.enter(); });
    REQUIRE(listening.said("listening on upper"));
    wire.replay(plant, 0, all_packets);
    std::vector<std::string> messages;
    std::atomic<bool> ended = false;
    std::thread reader([&] {
        do {
            for (std::string& each : receiver.received()) messages.push_back(std::move(each));
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        } while (!ended);
        for (std::string& each : receiver.received()) messages.push_back(std::move(each));
    });
    const int status = listening.stop(SIGTERM);
    ended = true;
    reader.join();
    CHECK(WEXITSTATUS(status) == 0);

    std::vector<std::string> alerts;
    std::istringstream out(listening.text("out"));
    for (std::string line; std::getline(out, line);)
        if (line.find("\"type\":\"alert\"") != std::string::npos) alerts.push_back(line);  // not the header
    CHECK(alerts.size() > 10);
    for (const std::string& alert : alerts) {
        const auto has = [&](const std::string& message) { return message.ends_with(alert); };
        CHECK_MESSAGE(std::any_of(messages.begin(), messages.end(), has), alert);
    }
    REQUIRE(messages.size() == alerts.size());
    // RFC 3164 section 4: facility 3 times 8 and level 4; a time without a year; the program and its number.
    const std::regex head(R"(<28>[A-Z][a-z]{2} [ 0-9]\d \d\d:\d\d:\d\d herkomst\[\d+\]: )");
    std::size_t longest = 0;
    for (std::size_t i = 0; i < alerts.size(); ++i) {
        std::smatch found;
        REQUIRE_MESSAGE(std::regex_search(messages[i], found, head, std::regex_constants::match_continuous), messages[i]);
        CHECK(found.suffix().str() == alerts[i]);
        longest = std::max(longest, alerts[i].size());
    }
    CHECK(longest > 256);  // none is cut, though a small receiver may cut what it writes down
}

TEST_CASE("without --syslog nothing goes there, and without a receiver nobody waits for one") {
    const Wire wire;
    if (skipped(wire)) return;
    SyslogSocket receiver;
    {
        Listening listening(wire, "1h", {}, [&] { receiver.enter(); });
        REQUIRE(listening.said("listening on upper"));
        wire.replay(plant, 0, 100);
        CHECK(WEXITSTATUS(listening.stop(SIGTERM)) == 0);
        CHECK(receiver.received().empty());
    }
    Listening listening(wire, "1h", {"--syslog"}, [&] {
        receiver.enter();
        if (::umount2("/dev/log", MNT_DETACH) != 0 || ::unlink("/dev/log") != 0) ::_exit(97);
    });
    REQUIRE(listening.said("listening on upper"));
    wire.replay(plant, 0, 100);
    const auto told = std::chrono::steady_clock::now();
    CHECK(WEXITSTATUS(listening.stop(SIGTERM)) == 0);
    CHECK(std::chrono::steady_clock::now() - told < std::chrono::seconds(20));
    CHECK(!listening.text("out").empty());
}

TEST_SUITE_END();

}  // namespace syslog_test
