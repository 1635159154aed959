// What happens to the process that asks, or to its machine, must not leave sessions with devices behind: a reader of its words
// that goes away, Ctrl-Z, a disk that is full, a port of its own that is taken, an interface that is not there.
#include <sys/stat.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <set>

#include "peers.h"
#include "probes/record.h"
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

// What is taken of the disk in advance for a run over so many devices, in KiB.
std::uint64_t free_for(std::size_t devices) {
    const RecordRoom room = RecordRoom::of(devices, 0, false);
    return (room.log + room.packets) * 9 / 8 >> 10;
}

// With a record on a disk of so many KiB; what is in the record then is copied to `kept`. Nothing, and said, where no
// namespaces can be made.
std::optional<ProgramRan> on_disk_of(std::uint64_t size, const RunPlace& here, const std::string& with = {}) {
    const std::string record = here.path("record");
    const std::string kept = here.path("kept");
    ProgramRan ran =
        shell("mkdir " + record + " " + kept + " && unshare -rm sh -c 'mount -t tmpfs -o size=" + std::to_string(size) +
              "k none " + record + " && " + with + program(here, "--quiet --until observations") +
              "; echo \"exit $?\"; cp -r " + record + "/. " + kept + "'");
    if (!says(ran.out, "Operation not permitted") && !says(ran.out, "permission denied")) return ran;
    MESSAGE("skipped: no namespaces can be made here");
    return std::nullopt;
}

// Which questions to which addresses have a line with what was sent.
std::multiset<std::string> lines_of(const RunPlace& here) {
    std::multiset<std::string> lines;
    for (const Json& line : here.log("kept"))
        if (line["type"].string() == "exchange" && !line["unasked"].boolean())
            lines.insert(line["probe"].string() + " " + line["target"].string());
    return lines;
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

TEST_CASE("process: where the disk is nearly full no more is asked, and what was begun is finished and recorded") {
    // The answers of some fill the disk; another has been asked by then, and drips for some four seconds; a third breaks off in
    // the midst of that.
    std::vector<std::unique_ptr<Peer>> big;
    std::string ranges;
    for (int i = 0; i < 8; ++i) {
        const std::string ip = "127.0.56.2" + std::to_string(i);
        big.push_back(std::make_unique<Peer>(ip, behaviour::answers("HTTP/1.1 200 OK\r\n\r\n" + std::string(60'000, 'x'))));
        ranges += "," + RunPlace::range(ip, {{"http", {big.back()->port()}}});
    }
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
    const Peer resets("127.0.56.9", [&](int fd, const std::atomic<bool>& stop) {
        behaviour::pause(2500ms, stop);
        behaviour::resets()(fd, stop);
    });
    const Peer later("127.0.56.4", behaviour::answers(page));
    const RunPlace here("process_full");
    here.scope(RunPlace::range("127.0.56.4", {{"http", {slow.port(), later.port()}}}) + "," +
               RunPlace::range("127.0.56.9", {{"http", {resets.port(), later.port()}}}) + ranges);
    const std::optional<ProgramRan> on_disk = on_disk_of(free_for(10) + 120, here);
    if (!on_disk) return;
    const ProgramRan& ran = *on_disk;
    INFO(ran.out);
    CHECK(says(ran.out, "exit 3"));
    CHECK(says(ran.out, "the disk of the record is nearly full"));
    CHECK(says(ran.out, "--resume"));
    CHECK_FALSE(says(ran.out, "not in the record"));
    CHECK(all);
    CHECK(later.connections() == 0);
    // Everything that was sent has its line.
    std::multiset<std::string> lines = lines_of(here);
    CHECK(lines.count("http 127.0.56.4") == 1);
    CHECK(lines.count("http 127.0.56.9") == 1);
    int asked = 0;
    for (std::size_t i = 0; i < big.size(); ++i) {
        asked += big[i]->connections();
        CHECK(static_cast<int>(lines.count("http 127.0.56.2" + std::to_string(i))) == big[i]->connections());
    }
    CHECK(asked > 1);
    CHECK(asked < 8);
    // With room it goes on where it was, and who broke off is left alone.
    CHECK(shell("cp -r " + here.path("kept") + "/. " + here.path("record")).exit_code == 0);
    CHECK(here.probe("--resume").exit_code == 0);
    CHECK(slow.connections() == 1);
    CHECK(later.connections() == 1);
    CHECK(resets.connections() == 1);
    for (const auto& each : big) CHECK(each->connections() == 1);
    CHECK(says(here.outcome("http", "127.0.56.9"), "gated: it is left alone"));
}

TEST_CASE("process: the disk is kept free for what is under way, and given back") {
    const Peer web("127.0.56.7", behaviour::answers(page));
    const RunPlace here("process_room");
    here.scope(RunPlace::range("127.0.56.7", {{"http", {web.port()}}}));
    CHECK(here.probe("--pcapng").exit_code == 0);
    for (const std::string file : {"record/exchanges.ndjson", "record/exchanges.pcapng"}) {
        struct stat is {};
        REQUIRE(::stat(here.path(file).c_str(), &is) == 0);
        CHECK(is.st_blocks * 512 < is.st_size + 16'384);
    }
    // Where there is no such room, nothing is asked, and no record is begun.
    const RunPlace small("process_no_room");
    small.scope(RunPlace::range("127.0.56.7", {{"http", {web.port()}}}));
    const std::optional<ProgramRan> on_disk = on_disk_of(20, small);
    if (!on_disk) return;
    INFO(on_disk->out);
    CHECK(says(on_disk->out, "exit 3"));
    CHECK(says(on_disk->out, "nothing was sent"));
    CHECK(web.connections() == 1);
    CHECK_FALSE(std::filesystem::exists(small.path("kept/exchanges.ndjson")));
}

TEST_CASE("process: where nothing of the disk can be taken in advance, there must be room for all files now") {
    const Peer web("127.0.56.8", behaviour::answers(page));
    const RecordRoom room = RecordRoom::of(1, 0, false);
    const std::string compiler = HERKOMST_COMPILER;
    for (const std::string error : {"EOPNOTSUPP", "EINVAL", "ENOSYS"}) {
        INFO(error);
        const RunPlace tools("process_not_in_advance");
        tools.folder.write("no.cpp",
                           "#include <cerrno>\nextern \"C\" int fallocate64(int, int, long, long) { errno = " + error +
                               "; return -1; }\nextern \"C\" int fallocate(int, int, long, long) { errno = " + error +
                               "; return -1; }\n");
        REQUIRE(shell(compiler + " -shared -fPIC -o " + tools.path("no.so") + " " + tools.path("no.cpp")).exit_code == 0);
        const std::string with = "LD_PRELOAD=" + tools.path("no.so") + " ";
        // Room for each of the two files, and not for both; then for both.
        for (const bool both : {false, true}) {
            const RunPlace here("process_disk_" + error + (both ? "_both" : "_each"));
            here.scope(RunPlace::range("127.0.56.8", {{"http", {web.port()}}}));
            const int before = web.connections();
            const std::uint64_t size = ((room.packets + (both ? 2 * room.log : room.log / 2)) >> 10) + (both ? 64 : 0);
            const std::optional<ProgramRan> on_disk = on_disk_of(size, here, with);
            if (!on_disk) return;
            INFO(on_disk->out.substr(0, 2000));
            CHECK(says(on_disk->out, both ? "exit 0" : "exit 3"));
            CHECK(says(on_disk->out, "nothing was sent") == !both);
            CHECK(web.connections() - before == (both ? 1 : 0));
        }
    }
}

TEST_CASE("process: lines of those who are not asked fill a disk, too, and that ends the run the same way") {
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
    // Fourteen devices, and sixteen lines of each.
    here.scope(RunPlace::range("127.0.56.7", {{"http", {slow.port()}}}) + "," +
                   RunPlace::range("127.0.56.64/28", {{"http", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}}}),
               R"(,"fragile":[{"range":"127.0.56.64/28","why":"they once stopped, )" + std::string(200, 'y') + R"("}])");
    const std::optional<ProgramRan> on_disk = on_disk_of(free_for(15) + 40, here);
    if (!on_disk) return;
    INFO(on_disk->out.substr(0, 2000));
    CHECK(says(on_disk->out, "exit 3"));
    CHECK(says(on_disk->out, "the disk of the record is nearly full"));
    CHECK_FALSE(says(on_disk->out, "not in the record"));
    CHECK(slow.connections() == 1);
    CHECK(all);
    CHECK(lines_of(here).count("http 127.0.56.7") == 1);
}

TEST_CASE("process: where the record cannot be written after all, that is said of each, and the run ends") {
    std::atomic<bool> all{false};
    // A limit on files is no full disk: nobody could keep anything free against it.
    const Peer big("127.0.56.3", behaviour::answers("HTTP/1.1 200 OK\r\n\r\n" + std::string(60'000, 'x')));
    const Peer slow("127.0.56.4", [&](int fd, const std::atomic<bool>& stop) {
        if (!behaviour::wait_for_request(fd, stop)) return;
        behaviour::pause(2500ms, stop);
        char none;
        if (stop || ::recv(fd, &none, 1, MSG_DONTWAIT) == 0 || !behaviour::send_all(fd, page)) return;
        all = true;
        behaviour::until_closed(fd, stop);
    });
    const Peer later("127.0.56.4", behaviour::answers(page));
    const RunPlace here("process_limit");
    here.scope(RunPlace::range("127.0.56.3", {{"http", {big.port()}}}) + "," +
               RunPlace::range("127.0.56.4", {{"http", {slow.port(), later.port()}}}));
    const ProgramRan ran =
        shell("bash -c 'ulimit -f 24; " + program(here, "--quiet --until observations") + "; echo \"exit $?\"'");
    INFO(ran.out);
    CHECK(says(ran.out, "exit 3"));
    CHECK(says(ran.out, "not in the record: http 127.0.56.3 "));
    CHECK(says(ran.out, "File too large"));
    CHECK(big.connections() == 1);
    CHECK(slow.connections() == 1);
    CHECK(all);
    CHECK(later.connections() == 0);
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
