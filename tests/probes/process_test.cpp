// What happens to the process that asks, or to its machine, must not leave sessions with devices behind: a reader of its words
// that goes away, Ctrl-Z, a disk that is full, a port of its own that is taken, an interface that is not there.
#include <unistd.h>

#include <optional>

#include "peers.h"
#include "run_place.h"

using namespace herkomst;
using namespace std::chrono_literals;

namespace process_test {

TEST_SUITE_BEGIN("probe_process");

namespace {

const std::string page = "HTTP/1.1 200 OK\r\nServer: ExampleWeb/2.1\r\nContent-Length: 5\r\n\r\nhello";

std::string program(const RunPlace& here, const std::string& words) {
    return HERKOMST_BINARY_DIR "/bin/herkomst probe --now 2026-11-27T12:00:00Z --scope " + here.path("scope.json") +
           " --record " + here.path("record") + " --i-am-authorised Me " + words;
}

// With a record on a disk of that size. Nothing, and said, where no namespaces can be made.
std::optional<ProgramRan> on_disk_of(const std::string& size, const RunPlace& here) {
    const std::string record = here.path("record");
    ProgramRan ran = shell("mkdir " + record + " && unshare -rm sh -c 'mount -t tmpfs -o size=" + size + " none " + record +
                           " && " + program(here, "--quiet --until observations") + "; echo \"exit $?\"'");
    if (!says(ran.out, "Operation not permitted") && !says(ran.out, "permission denied")) return ran;
    MESSAGE("skipped: no namespaces can be made here");
    return std::nullopt;
}

}  // namespace

TEST_CASE("process: whoever reads what it says goes away: what was begun is finished, recorded and read") {
    const Peer slow("127.0.56.1", behaviour::drips(page, 35ms));  // some three seconds
    const RunPlace here("process_pipe");
    here.scope(RunPlace::range("127.0.56.1", {{"http", {slow.port()}}}));
    // It says how far it is after two seconds; who read it is gone by then.
    const ProgramRan ran =
        shell("{ " + program(here, "--register " + here.path("site.db")) + " >/dev/null; echo $? >" + here.path("code") +
              "; } 2>&1 | sleep 1; for i in $(seq 150); do test -s " + here.path("code") + " && break; sleep 0.1; done");
    INFO(ran.out);
    CHECK(read_file(here.path("code")).value() == "0\n");
    CHECK(here.outcome("http", "127.0.56.1") == "answered: ");
    CHECK(std::filesystem::exists(here.path("site.db")));
}

TEST_CASE("process: Ctrl-Z stops whoever waits for it, and no session stays open") {
    std::atomic<int> open{0};
    const Peer silent("127.0.56.2", [&](int fd, const std::atomic<bool>& stop) {
        ++open;
        behaviour::until_closed(fd, stop);
        if (!stop) --open;
    });
    const RunPlace here("process_stopped");
    here.scope(RunPlace::range("127.0.56.2", {{"http", {silent.port()}}}));
    // A process group of its own in the same session, as a shell with job control makes it.
    here.folder.write("stop.sh", "set -m\n" + program(here, "--quiet --until observations") + " >/dev/null 2>&1 &\n" +
                                     "for i in $(seq 100); do test -e " + here.path("record/exchanges.pcapng") +
                                     " && break; sleep 0.1; done; sleep 1.5\nkill -TSTP -- -$!\nsleep 8\nps -o stat= -p $!\n"
                                     "grep -c silent " +
                                     here.path("record/exchanges.ndjson") + "\necho then\nkill -CONT -- -$!\nwait $!\n");
    std::thread watch;
    std::atomic<int> open_while_stopped{-1};
    std::atomic<bool> over{false};
    watch = std::thread([&] {
        // 1.5 s after the start, and then eight in which it is stopped: in their middle.
        while (silent.connections() == 0 && !over) std::this_thread::sleep_for(10ms);
        for (int i = 0; i < 75 && !over; ++i) std::this_thread::sleep_for(100ms);
        open_while_stopped = open.load();
    });
    const ProgramRan ran = shell("bash " + here.path("stop.sh"));
    over = true;
    watch.join();
    INFO(ran.out);
    CHECK(silent.connections() == 1);
    CHECK(open_while_stopped == 0);
    // It was stopped indeed (T), and the record had its line all the same.
    CHECK(ran.out.find('T') < ran.out.find("then"));
    CHECK(says(ran.out, "\n1\nthen"));
}

TEST_CASE(
    "process: SIGQUIT leaves everything as two interrupts do: what was sent stands in the record, and nothing dies of it") {
    const Peer silent("127.0.56.8", behaviour::silent());
    const RunPlace here("process_quit");
    here.scope(RunPlace::range("127.0.56.8", {{"http", {silent.port()}}}));
    // To the whole group, as a terminal does.
    here.folder.write("quit.sh", "set -m\n" + program(here, "--quiet --until observations") + " 2>&1 &\n" +
                                     "for i in $(seq 100); do test -e " + here.path("record/exchanges.pcapng") +
                                     " && break; sleep 0.1; done; sleep 1\nkill -QUIT -- -$!\nwait $!\necho \"exit $?\"\n");
    const ProgramRan ran = shell("bash " + here.path("quit.sh"));
    INFO(ran.out);
    CHECK(says(ran.out, "left everything; --resume takes it up again"));
    CHECK(says(ran.out, "exit 130"));
    CHECK(silent.connections() == 1);
    CHECK(says(here.outcome("http", "127.0.56.8"), "interrupted: "));
}

TEST_CASE("process: where the record cannot be written the run ends, but not in the midst of what others have begun") {
    // The first answer does not fit; the second device has been asked by then, and drips for some four seconds.
    const Peer big("127.0.56.3", behaviour::answers("HTTP/1.1 200 OK\r\n\r\n" + std::string(40'000, 'x')));
    std::atomic<bool> all{false};
    const Peer slow("127.0.56.4", [&](int fd, const std::atomic<bool>& stop) {
        if (!behaviour::wait_for_request(fd, stop)) return;
        for (const char c : page) {
            char none;
            if (stop || ::recv(fd, &none, 1, MSG_DONTWAIT) == 0 || !behaviour::send_all(fd, std::string_view(&c, 1))) return;
            behaviour::pause(50ms, stop);
        }
        all = true;
        behaviour::until_closed(fd, stop);
    });
    const Peer later("127.0.56.4", behaviour::answers(page));
    const RunPlace here("process_full");
    here.scope(RunPlace::range("127.0.56.3", {{"http", {big.port()}}}) + "," +
               RunPlace::range("127.0.56.4", {{"http", {slow.port(), later.port()}}}));
    // A disk of five pages.
    const std::optional<ProgramRan> on_disk = on_disk_of("20k", here);
    if (!on_disk) return;
    const ProgramRan& ran = *on_disk;
    INFO(ran.out);
    CHECK(says(ran.out, "exit 3"));
    CHECK(says(ran.out, "No space left on device"));
    CHECK(says(ran.out, "not in the record: http 127.0.56.3 "));
    CHECK(big.connections() == 1);
    CHECK(slow.connections() == 1);
    CHECK(all);
    CHECK(later.connections() == 0);
}

TEST_CASE("process: the line that cannot be written may be of one who was not asked") {
    std::atomic<bool> all{false};
    const Peer slow("127.0.56.7", [&](int fd, const std::atomic<bool>& stop) {
        if (!behaviour::wait_for_request(fd, stop)) return;
        behaviour::pause(2500ms, stop);
        char none;
        if (stop || ::recv(fd, &none, 1, MSG_DONTWAIT) == 0 || !behaviour::send_all(fd, page)) return;
        all = true;
        behaviour::until_closed(fd, stop);
    });
    const RunPlace here("process_gated");
    here.scope(
        RunPlace::range("127.0.56.7", {{"http", {slow.port()}}}) + "," + RunPlace::range("127.0.56.64/26", {{"http", {1}}}),
        R"(,"fragile":[{"range":"127.0.56.64/26","why":"they once stopped"}])");
    // Two pages: the reasons do not fit.
    const std::optional<ProgramRan> on_disk = on_disk_of("8k", here);
    if (!on_disk) return;
    const ProgramRan& ran = *on_disk;
    INFO(ran.out);
    CHECK(says(ran.out, "exit 3"));
    CHECK(says(ran.out, "not in the record: http 127.0.56."));
    CHECK(slow.connections() == 1);
    CHECK(all);
}

TEST_CASE("process: a port of this machine that another program has is a question less, not the end") {
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_port = htons(7090);
    if (::bind(fd, reinterpret_cast<sockaddr*>(&any), sizeof any) != 0) {
        MESSAGE("skipped: UDP port 7090 is taken");
        ::close(fd);
        return;
    }
    const Peer web("127.0.56.5", behaviour::answers(page));
    const RunPlace here("process_port");
    here.scope(RunPlace::range("127.0.56.5", {{"keba_udp", {}}, {"http", {web.port()}}}));
    const ProgramRan ran = here.probe();
    ::close(fd);
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    CHECK(here.outcome("keba_udp", "127.0.56.5") ==
          "out of scope: UDP port 7090 of this machine: the source cannot be chosen: Address already in use");
    CHECK(here.outcome("http", "127.0.56.5") == "answered: ");
    // It is asked when the port is free.
    CHECK(here.probe("--resume").exit_code == 0);
    CHECK(here.outcome("keba_udp", "127.0.56.5") != "");
    CHECK_FALSE(says(here.outcome("keba_udp", "127.0.56.5"), "this machine"));
    CHECK(web.connections() == 1);
}

TEST_CASE("process: an interface or an address that this machine does not have is said before a record is begun") {
    const Peer web("127.0.56.6", behaviour::answers(page));
    const RunPlace here("process_nowhere");
    here.scope(RunPlace::range("127.0.56.6", {{"http", {web.port()}}}));
    for (const std::string words : {"--interface nosuch", "--from 203.0.113.77"}) {
        INFO(words);
        const ProgramRan ran = here.probe(words);
        CHECK(ran.exit_code == 3);
        CHECK(says(ran.out, "nothing was sent"));
        CHECK_FALSE(std::filesystem::exists(here.path("record/exchanges.ndjson")));
    }
    CHECK(here.probe().exit_code == 0);
    CHECK(web.connections() == 1);
}

TEST_SUITE_END();

}  // namespace process_test
