// When the permission ends, and what a run does then: while it listened before, in the midst of an exchange, in a long pause,
// and on a machine that slept.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "peers.h"
#include "probes/run_clock.h"
#include "probes/wire.h"
#include "run_place.h"

using namespace herkomst;
using namespace std::chrono_literals;

namespace permission_test {

TEST_SUITE_BEGIN("probe_permission");

namespace {

const std::string page = "HTTP/1.1 200 OK\r\nServer: ExampleWeb/2.1\r\nContent-Length: 5\r\n\r\nhello";

// Allowed from noon on, for so many seconds; RunPlace::probe starts at noon.
void allow_for(const RunPlace& here, unsigned seconds, const std::string& ranges) {
    char until[32];
    std::snprintf(until, sizeof until, "2026-11-27T12:%02u:%02uZ", seconds / 60, seconds % 60);
    here.folder.write("scope.json",
                      R"({"schema":"herkomst-scope/1","authorised_by":"A. Person","purpose":"test","valid":{"from":)"
                      R"("2026-11-01T00:00:00Z","until":")" +
                          std::string(until) + R"("},"ranges":[)" + ranges + "]}");
}

// What a server saw: when it was connected to, whether and when it was asked, when the session ended.
struct Seen {
    std::atomic<bool> asked{false};
    std::atomic<bool> closed{false};
    std::chrono::steady_clock::time_point accepted{}, ended{};
};
Peer::Behaviour watches(Seen& seen, const std::string& answer) {
    return [&seen, answer](int fd, const std::atomic<bool>& stop) {
        seen.accepted = std::chrono::steady_clock::now();
        if (behaviour::wait_for_request(fd, stop)) {
            seen.asked = true;
            behaviour::send_all(fd, answer);
        }
        behaviour::until_closed(fd, stop);
        seen.ended = std::chrono::steady_clock::now();
        seen.closed = !stop;
    };
}

}  // namespace

TEST_CASE("permission: the run's clock goes on while the machine sleeps, and such a run asks nothing more") {
    const Time noon = parse_rfc3339("2026-11-27T12:00:00Z").value();
    ClockReadings began;
    began.awake = 1000s;
    began.since_boot = 1500s;  // it had slept before
    began.wall = 90'000s;
    const RunClock clock(noon, began);
    ClockReadings later{1100s, 1600s, 90'100s};
    CHECK(clock.at(later) == noon + 100s);
    CHECK(clock.disturbed(later).empty());
    // What keeps a clock right moves it a little.
    later.wall += 30s;
    CHECK(clock.disturbed(later).empty());
    later.wall += 40s;
    CHECK(clock.disturbed(later) == "the machine's clock was set while the run went on");
    later.wall -= 200s;
    CHECK(clock.disturbed(later) == "the machine's clock was set while the run went on");
    CHECK(clock.at(later) == noon + 100s);  // the run's does not follow it
    const ClockReadings after_sleep{1101s, 1601s + 9h, 90'101s + 9h};
    CHECK(clock.at(after_sleep) == noon + 101s + 9h);
    CHECK(clock.disturbed(after_sleep) == "the machine slept for 32400 s while the run went on");
    // The real ones go on.
    const RunClock real(noon);
    std::this_thread::sleep_for(20ms);
    CHECK(real() >= noon + 20ms);
    CHECK(real() < noon + 5s);
    CHECK(real.disturbed(ClockReadings::now()).empty());
}

TEST_CASE("permission: a machine that sleeps within a real run, or whose clock is set, asks nothing more") {
    // What the program hears of the clocks, once the file is there: the jump of a suspend, or of somebody who set the clock.
    const RunPlace here("permission_sleeps");
    here.folder.write("clock.c", R"(#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t which, struct timespec* at) {
    static int (*real)(clockid_t, struct timespec*);
    if (real == NULL) real = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
    const int done = real(which, at);
    const char* file = getenv("JUMP");
    const char* boot = getenv("JUMP_BOOT");
    const int jumps = which == CLOCK_REALTIME || (boot != NULL && which == CLOCK_BOOTTIME);
    if (jumps && file != NULL && access(file, F_OK) == 0) at->tv_sec += 3600;
    return done;
}
)");
    const ProgramRan made = shell("cc -shared -fPIC -o " + here.path("clock.so") + " " + here.path("clock.c"));
    if (made.exit_code != 0) {
        MESSAGE("skipped: no C compiler here");
        return;
    }
    for (const std::string boot : {"JUMP_BOOT=yes ", "", "never"}) {
        INFO(boot);
        const bool never = boot == "never";
        const std::string file = here.path("jump");
        std::filesystem::remove(file);
        std::filesystem::remove_all(here.path("record"));
        std::atomic<bool> whole{false};
        const Peer web("127.0.55.9", [&](int fd, const std::atomic<bool>& stop) {
            if (!behaviour::wait_for_request(fd, stop)) return;
            if (!never) std::ofstream(file) << "now";
            behaviour::pause(500ms, stop);
            char none;
            whole = ::recv(fd, &none, 1, MSG_DONTWAIT) != 0 && behaviour::send_all(fd, page);
            behaviour::until_closed(fd, stop);
        });
        const Peer later("127.0.55.9", behaviour::answers(page));
        here.scope(RunPlace::range("127.0.55.9", {{"http", {web.port(), later.port()}}}));
        const ProgramRan ran = shell("env " + (never ? std::string() : boot) + "JUMP=" + file +
                                     " LD_PRELOAD=" + here.path("clock.so") + " " + here.command(""));
        INFO(ran.out);
        // What was begun is finished; the other question has not been asked, and the record says why.
        CHECK(whole);
        CHECK(later.connections() == (never ? 1 : 0));
        std::map<std::string, std::string> ended;  // by port
        for (const Json& line : here.log())
            if (line["type"].string() == "exchange")
                ended[std::to_string(line["port"].integer())] = line["outcome"].string() + ": " + line["reason"].string();
        CHECK(ended[std::to_string(web.port())] == "answered: ");
        const std::string why = boot.empty() ? "the machine's clock was set" : "the machine slept for 3600 s";
        CHECK(says(ended[std::to_string(later.port())], never ? "answered: " : "out of scope: " + why));
        CHECK(says(ran.out, "probe: not asked: http: " + why) == !never);
    }
}

TEST_CASE("permission: listening takes time, and who is not allowed any more by then asks nobody") {
    if (::geteuid() != 0) {
        MESSAGE("skipped: only root may listen");
        return;
    }
    const Peer web("127.0.55.1", behaviour::answers(page));
    const RunPlace here("permission_listens");
    allow_for(here, 2, RunPlace::range("127.0.55.1", {{"http", {web.port()}}}));
    const ProgramRan late = here.probe("--listen lo --listen-for 4s");
    INFO(late.out);
    CHECK(late.exit_code == 4);
    CHECK(says(late.out, "expired"));
    CHECK(says(late.out, "nothing was sent"));
    CHECK(web.connections() == 0);
    CHECK_FALSE(std::filesystem::exists(here.path("record/exchanges.ndjson")));
    // Who still is: what happened is told at the time when it did.
    allow_for(here, 600, RunPlace::range("127.0.55.1", {{"http", {web.port()}}}));
    CHECK(here.probe("--listen lo --listen-for 4s").exit_code == 0);
    CHECK(web.connections() == 1);
    for (const Json& line : here.log())
        CHECK(parse_rfc3339(line["at"].string()).value() >= parse_rfc3339("2026-11-27T12:00:04Z").value());
}

TEST_CASE("permission: it ends within an open session: nothing more is asked, and the session is closed") {
    using namespace std::string_literals;
    // Busy: what was asked is to be asked again, in ten seconds as the pause is five; by then it is not allowed any more.
    std::atomic<int> asked{0};
    std::atomic<bool> closed{false};
    const Peer busy("127.0.55.2", [&](int fd, const std::atomic<bool>& stop) {
        while (!stop) {
            char room[64];
            pollfd wait{fd, POLLIN, 0};
            if (::poll(&wait, 1, 20) <= 0) continue;
            if (::recv(fd, room, sizeof room, 0) < 8) break;
            ++asked;
            behaviour::send_all(fd, std::string(room, 4) + "\x00\x03"s + room[6] + "\xab\x06"s);
        }
        closed = !stop;
    });
    const RunPlace here("permission_session");
    allow_for(here, 14, RunPlace::range("127.0.55.2", {{"modbus", {busy.port()}}}, R"(,"pause":"5s","shared_sessions":true)"));
    const ProgramRan ran = here.probe();
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    CHECK(busy.connections() == 1);
    CHECK(asked == 1);
    CHECK(closed);
    CHECK(says(here.outcome("modbus", "127.0.55.2"), "out of scope: "));
    CHECK(says(here.outcome("modbus", "127.0.55.2"), "expired"));
}

TEST_CASE("permission: where there is no time left to ask after a connection there is no connection") {
    Seen seen;
    const Peer web("127.0.55.5", watches(seen, page));
    const RunPlace here("permission_connection");
    allow_for(here, 3, RunPlace::range("127.0.55.5", {{"http", {web.port()}}}, R"(,"pause":"4s")"));
    const ProgramRan ran = here.probe();
    INFO(ran.out);
    CHECK(web.connections() == 0);
    CHECK_FALSE(seen.asked);
    CHECK((ran.exit_code == 4 || says(here.outcome("http", "127.0.55.5"), "out of scope: ")));
}

TEST_CASE("permission: a handshake of TLS that it ends in goes on with none of our messages") {
    const Folder folder("permission_tls");
    const std::string at = folder.path().string();
    if (shell("openssl req -x509 -newkey rsa:2048 -nodes -keyout " + at + "/key.pem -out " + at +
              "/cert.pem -days 30 -subj '/O=Example Works/CN=EX-100'")
            .exit_code != 0) {
        MESSAGE("skipped: there is no openssl program");
        return;
    }
    for (const auto& [probe_name, outcome] : {std::pair{"https", ProbeOutcome::OutOfScope},
                                              // The certificate is all that was asked for, and it was shown.
                                              std::pair{"tls_certificate", ProbeOutcome::Answered}}) {
        INFO(probe_name);
        Probe probe = *probe_named(probe_name);
        probe.limits.answer = 12s;
        probe.limits.whole = 30s;
        // A server whose hello comes when the permission has ended: a relay to openssl, which holds it back.
        const ProgramRan started = shell("cd " + at +
                                         " && { openssl s_server -quiet -tls1_2 -accept 127.0.55.6:14460 -naccept 1 "
                                         "-key key.pem -cert cert.pem >/dev/null 2>&1 </dev/null & } ; for i in $(seq 100); do "
                                         "grep -q ':387C 00000000:0000 0A' /proc/net/tcp && break; sleep 0.05; done");
        REQUIRE(started.exit_code == 0);
        std::atomic<std::size_t> after{0};
        std::atomic<bool> shown{false};
        std::atomic<bool> closed{false};
        const Peer relay("127.0.55.6", [&](int fd, const std::atomic<bool>& stop) {
            const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            sockaddr_in to{};
            to.sin_family = AF_INET;
            to.sin_port = htons(14'460);
            ::inet_pton(AF_INET, "127.0.55.6", &to.sin_addr);
            char room[8192];
            const ssize_t hello = ::recv(fd, room, sizeof room, 0);
            if (hello <= 0 || ::connect(server, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0 ||
                ::send(server, room, static_cast<std::size_t>(hello), MSG_NOSIGNAL) != hello)
                return;
            behaviour::pause(6s, stop);
            const ssize_t flight = ::recv(server, room, sizeof room, 0);
            if (flight > 500) shown = behaviour::send_all(fd, {room, static_cast<std::size_t>(flight)});
            for (ssize_t got = 0; (got = ::recv(fd, room, sizeof room, 0)) > 0;) after += static_cast<std::size_t>(got);
            closed = true;
            ::close(server);
        });
        Scope scope;
        ScopeRange range;
        range.range = AddressRange::parse("127.0.55.6").value();
        range.probes = {probe_name};
        range.ports[probe_name] = {relay.port()};
        scope.ranges.push_back(range);
        const Probe catalogue[] = {probe};
        CampaignOptions options;
        options.catalogue = catalogue;
        WireOptions wire;
        wire.now = Time{} + std::chrono::hours(24 * 365 * 50);
        scope.until = wire.now() + 5s;
        Campaign campaign(scope, {}, {}, nullptr, options);
        Report report;
        campaign.on_report = [&](const Errand&, const Report& each) { report = each; };
        CHECK(Wire(wire).run(campaign));
        CHECK(shown);
        CHECK(closed);
        CHECK(after == 0);
        CHECK(name(report.outcome) == name(outcome));
        CHECK(report.tls == "TLSv1.2");
        CHECK(says(report.reason, "expired") == (outcome == ProbeOutcome::OutOfScope));
    }
}

TEST_CASE("permission: a long pause lies between the questions, never within a session") {
    Seen seen;
    const Peer web("127.0.55.3", watches(seen, page));
    const RunPlace here("permission_pause");
    allow_for(here, 600, RunPlace::range("127.0.55.3", {{"http", {web.port()}}}, R"(,"pause":"12s")"));
    const ProgramRan ran = here.probe();
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    CHECK(seen.asked);
    CHECK(says(here.outcome("http", "127.0.55.3"), "answered: "));
    CHECK(seen.ended - seen.accepted < Schedule::session_pause_max + 2s);
    CHECK(seen.ended - seen.accepted >= Schedule::session_pause_max - 10ms);
}

TEST_CASE("permission: who is told to stop within a long pause does not wait for its end") {
    const Peer first("127.0.55.4", behaviour::answers(page));
    const Peer second("127.0.55.4", behaviour::answers(page));
    const RunPlace here("permission_stop");
    allow_for(here, 600, RunPlace::range("127.0.55.4", {{"http", {first.port(), second.port()}}}, R"(,"pause":"60s")"));
    const auto began = std::chrono::steady_clock::now();
    const ProgramRan ran = shell(
        HERKOMST_BINARY_DIR
        "/bin/herkomst probe --quiet --now 2026-11-27T12:00:00Z --i-am-authorised Me --until observations "
        "--scope " +
        here.path("scope.json") + " --record " + here.path("record") + " & for i in $(seq 300); do grep -q answered " +
        here.path("record/exchanges.ndjson") + " && break; sleep 0.1; done; sleep 1; kill -INT $!; wait $!; echo \"exit $?\"");
    INFO(ran.out);
    CHECK(says(ran.out, "exit 130"));
    CHECK(std::chrono::steady_clock::now() - began < 40s);
    CHECK(first.connections() + second.connections() == 1);
    // The question that waited is no question that was asked: it can be taken up.
    CHECK(here.log().size() == 2);
}

TEST_SUITE_END();

}  // namespace permission_test
