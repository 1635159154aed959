// What `listen` says while it runs, of a wire on which people are named: alerts on standard output, status lines, the log,
// syslog, what the hook gets, and the register.
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

#include "../listen/listening.h"
#include "../listen/syslog_socket.h"
#include "capture.h"

namespace fs = std::filesystem;
using namespace herkomst;
using namespace herkomst::listening;

namespace listening_test {

TEST_SUITE_BEGIN("privacy.listen");

TEST_CASE("nothing that `listen` says or keeps names a person that was planted on the wire") {
    const Wire wire;
    if (skipped(wire)) return;
    std::string pattern = (fs::temp_directory_path() / "privacy-listen.XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    const std::string folder = pattern;
    const std::string capture = folder + "/planted.pcap";
    std::ofstream(capture, std::ios::binary) << privacy::planted_capture();
    const std::string hook = folder + "/hook";
    std::ofstream(hook) << "#!/bin/sh\ncat >> '" << folder << "/hooked'\n";
    fs::permissions(hook, fs::perms::owner_all);

    SyslogSocket receiver;
    const std::string log = folder + "/log";
    Listening listening(wire, "1s", {"--people-devices", "--own", "192.0.2.0/24", "--log", log, "--hook", hook, "--syslog"},
                        [&] { receiver.enter(); });
    for (int turn = 0; turn < 200 && text_of(log).find("listening on upper") == std::string::npos; ++turn)
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::string messages;
    std::atomic<bool> ended = false;
    std::thread reader([&] {
        for (bool last = false; !last;) {
            last = ended;
            for (const std::string& each : receiver.received()) messages += each + "\n";
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    });
    const std::uint64_t sent = wire.replay(capture, 0, all_packets);
    CHECK(sent > 300);
    CHECK(wire.replay(plant, 0, all_packets) > 300);  // of its devices, some ask for a cloud
    const int status = listening.stop(SIGTERM);
    ended = true;
    reader.join();
    CHECK(WEXITSTATUS(status) == 0);

    const std::string alerts = listening.text("out");
    CHECK(alerts.find("\"alert\":\"new_asset\"") != std::string::npos);
    CHECK(alerts.find("\"alert\":\"new_path\"") != std::string::npos);
    CHECK(text_of(log).find("\"alert\":\"new_asset\"") != std::string::npos);
    CHECK(messages.find("herkomst[") != std::string::npos);
    CHECK(text_of(folder + "/hooked").find("\"alert\":") != std::string::npos);
    CHECK(privacy::told(messages).empty());
    for (const std::string& where : {listening.folder(), folder}) {
        for (const auto& entry : fs::recursive_directory_iterator(where)) {
            if (!entry.is_regular_file() || entry.path() == capture) continue;
            const std::string held = privacy::told(text_of(entry.path().string()));
            CHECK_MESSAGE(held.empty(), entry.path().filename().string(), " holds ", held);
        }
    }
    fs::remove_all(folder);
}

TEST_SUITE_END();

}  // namespace listening_test
