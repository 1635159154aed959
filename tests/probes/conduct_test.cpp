// How a run conducts itself, as its user sees it: what it says while it runs, what it may cost, when it may go on, from where
// it asks, with which rights, and what becomes of everybody who was asked.
#include <algorithm>

#include "../lint/folder.h"
#include "core/file.h"
#include "herkomst_run.h"
#include "peers.h"
#include "probes/scope.h"
#include "probes/wire.h"

using namespace herkomst;
using namespace std::chrono_literals;

namespace conduct_test {

TEST_SUITE_BEGIN("probe_conduct");

namespace {

const std::string now = "--now 2026-11-27T12:00:00Z ";
const std::string page = "HTTP/1.1 200 OK\r\nServer: ExampleWeb/2.1\r\nContent-Length: 5\r\n\r\nhello";

std::string range(const std::string& ip, const std::vector<std::uint16_t>& ports, const std::string& probe = "http",
                  const std::string& more = "") {
    std::string list;
    for (const std::uint16_t port : ports) list += (list.empty() ? "" : ",") + std::to_string(port);
    return R"({"range":")" + ip + R"(","probes":[")" + probe + R"("],"ports":{")" + probe + R"(":[)" + list + "]}" + more + "}";
}

struct Place {
    explicit Place(const std::string& name) : folder(name) {}
    Folder folder;
    [[nodiscard]] std::string path(const std::string& file) const { return (folder.path() / file).string(); }
    void scope(const std::string& ranges, const std::string& more = "") const {
        folder.write("scope.json",
                     R"({"schema":"herkomst-scope/1","authorised_by":"A. Person","purpose":"test","valid":{"from":)"
                     R"("2026-11-01T00:00:00Z","until":"2026-12-01T00:00:00Z"},"ranges":[)" +
                         ranges + "]" + more + "}");
    }
    [[nodiscard]] ProgramRan probe(const std::string& words, const std::string& before = "") const {
        return shell(before + HERKOMST_BINARY_DIR "/bin/herkomst probe " + now + "--scope " + path("scope.json") +
                     " --record " + path("record") + " --i-am-authorised Me --until observations " + words);
    }
    [[nodiscard]] std::string log() const { return read_file(path("record/exchanges.ndjson")).value(); }
};

std::size_t times(const std::string& text, const std::string& what) {
    std::size_t count = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
    return count;
}

// Everything that was asked of one address, by the engine, at that time.
std::vector<Report> reports(const Scope& scope, Time at, std::span<const Probe> catalogue = all_probes()) {
    CampaignOptions options;
    options.catalogue = catalogue;
    Campaign campaign(scope, {}, {}, nullptr, options);
    std::vector<Report> out;
    campaign.on_report = [&](const Errand&, const Report& report) { out.push_back(report); };
    WireOptions wire;
    wire.now = at;
    CHECK(Wire(wire).run(campaign));
    return out;
}
Scope scope_of(const std::string& ip, const std::string& probe, std::vector<std::uint16_t> ports) {
    Scope scope;
    scope.until = Time::max();
    ScopeRange one;
    one.range = AddressRange::parse(ip).value();
    one.probes = {probe};
    one.ports[probe] = std::move(ports);
    one.shared_sessions = true;  // nobody has listened
    scope.ranges.push_back(one);
    return scope;
}
const Time some_day = Time{} + std::chrono::hours(24 * 365 * 50);

}  // namespace

TEST_CASE("conduct: it says on stderr how far it is and how long it will take, and nothing when it is told to be quiet") {
    const Peer slow("127.0.39.1", behaviour::silent());
    const Place here("progress");
    here.scope(range("127.0.39.1", {slow.port()}));
    const ProgramRan ran = here.probe(">" + here.path("out") + " )", "( ");
    CHECK(ran.exit_code == 0);
    INFO(ran.out);
    CHECK(ran.out.find("probe: 0 of 1 devices, 0 of 1 questions, 0 answered, about ") != std::string::npos);
    CHECK(ran.out.find(" left\n") != std::string::npos);
    CHECK(read_file(here.path("out")).value().find("probe:") == std::string::npos);
    std::filesystem::remove_all(here.path("record"));
    CHECK(here.probe("--quiet >" + here.path("out") + " )", "( ").out.find("left") == std::string::npos);
}

TEST_CASE("conduct: what one device may cost in a run, in requests and in bytes, and what a run may take") {
    const Peer web("127.0.39.2", behaviour::answers(page));
    const Place here("budget");
    const Peer second("127.0.39.2", behaviour::answers(page));
    const Peer third("127.0.39.2", behaviour::answers(page));
    const std::string all = range("127.0.39.2", {web.port(), second.port(), third.port()});
    for (const std::string budget : {R"("device_requests":2)", R"("device_bytes":60)"}) {
        INFO(budget);
        here.scope(all, R"(,"budget":{)" + budget + "}");
        const int before = web.connections() + second.connections() + third.connections();
        CHECK(here.probe("--quiet").exit_code == 0);
        const bool bytes = budget.find("bytes") != std::string::npos;
        CHECK(web.connections() + second.connections() + third.connections() - before == (bytes ? 1 : 2));
        // The first answer is longer than 60 bytes: it is not read to its end.
        CHECK(times(here.log(), R"("outcome":"budget spent")") == (bytes ? 3 : 1));
        CHECK(here.log().find("what one device may cost in a run is spent") != std::string::npos);
        std::filesystem::remove_all(here.path("record"));
    }
    const Peer slow("127.0.39.3", behaviour::silent());
    const Peer later("127.0.39.3", behaviour::answers(page));
    here.scope(range("127.0.39.3", {slow.port(), later.port()}), R"(,"budget":{"time":"1s"})");
    CHECK(here.probe("--quiet").exit_code == 0);
    CHECK(slow.connections() == 1);
    CHECK(later.connections() == 0);
}

TEST_CASE("conduct: where the permission ends while a run goes on, nobody is asked any more") {
    const Peer slow("127.0.39.4", behaviour::silent());
    const Peer later("127.0.39.4", behaviour::answers(page));
    Scope scope = scope_of("127.0.39.4", "http", {slow.port(), later.port()});
    scope.until = some_day + 7s;  // time for one
    const std::vector<Report> all = reports(scope, some_day);
    REQUIRE(all.size() == 2);
    INFO(all[0].reason);
    CHECK(name(all[0].outcome) == name(ProbeOutcome::Silent));
    CHECK(name(all[1].outcome) == name(ProbeOutcome::OutOfScope));
    CHECK(all[1].reason.find("expired") != std::string::npos);
    CHECK(later.connections() == 0);
}

TEST_CASE("conduct: behind a gateway a second lies between requests, and a device that is busy is asked again after longer") {
    using namespace std::string_literals;
    // Modbus exception 6 the first time; then an answer to the same question (43/14, no object).
    std::atomic<int> asked{0};
    const Peer busy("127.0.39.5", [&](int fd, const std::atomic<bool>& stop) {
        while (!stop) {
            char room[64];
            pollfd wait{fd, POLLIN, 0};
            if (::poll(&wait, 1, 20) <= 0) continue;
            const ssize_t got = ::recv(fd, room, sizeof room, 0);
            if (got < 8) return;
            const std::string head(room, 4);
            behaviour::send_all(
                fd, ++asked == 1 ? head + "\x00\x03"s + room[6] + "\xab\x06"s : head + "\x00\x03"s + room[6] + "\xab\x01"s);
        }
    });
    const auto gaps = [](const std::vector<Report>& all) {
        std::vector<std::chrono::nanoseconds> out;
        std::vector<Time> sent;
        for (const Report& report : all)
            for (const Said& said : report.said)
                if (said.ours) sent.push_back(said.at);
        for (std::size_t i = 1; i < sent.size(); ++i) out.push_back(sent[i] - sent[i - 1]);
        return out;
    };
    const std::vector<Report> patient = reports(scope_of("127.0.39.5", "modbus", {busy.port()}), some_day);
    REQUIRE(patient.size() == 1);
    REQUIRE(asked >= 2);
    CHECK(gaps(patient).front() >= 2s);

    const Peer gateway("127.0.39.6", behaviour::answers("\x00\x00\x00\x00\x00\x03\x01\xab\x01"s));
    Scope scope = scope_of("127.0.39.6", "modbus", {gateway.port()});
    scope.ranges.front().gateway = true;
    scope.ranges.front().units = {1, 2, 3};
    const std::vector<Report> units = reports(scope, some_day);
    CHECK(units.size() == 3);
    REQUIRE(gaps(units).size() >= 2);
    for (const auto gap : gaps(units)) CHECK(gap >= 1s);
    // Slower still, where the scope file knows the bus to be.
    scope.ranges.front().pause = 1500ms;
    scope.ranges.front().units = {1, 2};
    for (const auto gap : gaps(reports(scope, some_day))) CHECK(gap >= 1500ms);
}

TEST_CASE("conduct: an answer from a bus is waited for as long as a gateway itself waits") {
    using namespace std::string_literals;
    const Peer slow("127.0.39.9", [](int fd, const std::atomic<bool>& stop) {
        char room[64];
        pollfd wait{fd, POLLIN, 0};
        while (!stop && ::poll(&wait, 1, 20) <= 0) {
        }
        if (::recv(fd, room, sizeof room, 0) < 8) return;
        behaviour::pause(6500ms, stop);
        // Function 43/14, illegal function: an answer.
        behaviour::send_all(fd, std::string(room, 4) + "\x00\x03"s + room[6] + "\xab\x01"s);
        behaviour::until_closed(fd, stop);
    });
    Scope scope = scope_of("127.0.39.9", "modbus", {slow.port()});
    scope.ranges.front().gateway = true;
    const std::vector<Report> patient = reports(scope, some_day);
    REQUIRE(patient.size() == 1);
    CHECK(name(patient.front().outcome) != name(ProbeOutcome::Silent));
    CHECK(patient.front().bytes == 9);
    CHECK_FALSE(patient.front().upset);
    scope.ranges.front().gateway = false;
    CHECK(name(reports(scope, some_day).front().outcome) == name(ProbeOutcome::Silent));
    for (const Probe& probe : all_probes()) {
        CHECK(Wire::answer_time(probe, false) == probe.limits.answer);
        CHECK(Wire::answer_time(probe, true) == (probe.each == Probe::Each::Unit ? 10s : probe.limits.answer));
    }
}

TEST_CASE("conduct: it asks from the address and through the interface that it is told") {
    const Peer web("127.0.39.7", behaviour::answers(page));
    const Place here("source");
    here.scope(range("127.0.39.7", {web.port()}));
    CHECK(here.probe("--quiet --from 127.0.39.70 --interface lo").exit_code == 0);
    CHECK(here.log().find(R"("from":"127.0.39.70")") != std::string::npos);
    CHECK(here.log().find(R"("outcome":"answered")") != std::string::npos);
    std::filesystem::remove_all(here.path("record"));
    const ProgramRan wrong = here.probe("--quiet --from nowhere");
    CHECK(wrong.exit_code == 2);
    CHECK(wrong.out.find("is no address") != std::string::npos);
    const ProgramRan two = here.probe("--quiet --from 127.0.39.70 --from 127.0.39.71 --from ::1");
    CHECK(two.exit_code == 2);
    CHECK(two.out.find("--from 127.0.39.70 and --from 127.0.39.71: only one of each version of IP") != std::string::npos);
}

TEST_CASE("conduct: nobody's rights are enough for everything but frames, which say what is missing") {
    if (::geteuid() != 0 || shell("command -v setpriv").exit_code != 0) {
        MESSAGE("skipped: rights can be given up only by root, with setpriv");
        return;
    }
    const Peer web("127.0.39.8", behaviour::answers(page));
    const Place here("rights");
    here.scope(range("127.0.39.8", {web.port()}));
    REQUIRE(shell("chmod 755 " + here.folder.path().string() + " && mkdir -m 777 " + here.path("record")).exit_code == 0);
    // The vendor data is copied to where nobody may read it: the build may lie in a folder that is closed to him.
    const std::string data = here.path("data");
    REQUIRE(shell("cp -r " HERKOMST_BINARY_DIR "/data " + data + " && chmod -R a+rX " + data).exit_code == 0);
    const std::string nobody = "env HERKOMST_DATA=" + data +
                               " setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all ";
    if (shell(nobody + HERKOMST_BINARY_DIR "/bin/herkomst --version").exit_code != 0) {
        MESSAGE("skipped: nobody may not read the build");
        return;
    }
    const ProgramRan ran = here.probe("--quiet", nobody);
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    CHECK(ran.out.find(R"("method":"http.server")") != std::string::npos);
    // A frame is a question less, said once, and the rest of the run goes on.
    here.scope(R"({"range":"127.0.39.8","probes":["http","arp"],"ports":{"http":[)" + std::to_string(web.port()) + "]}}",
               R"(,"interfaces":[{"name":"lo","broadcast":true,"probes":["profinet","arp"]}])");
    std::filesystem::remove_all(here.path("record"));
    REQUIRE(shell("mkdir -m 777 " + here.path("record")).exit_code == 0);
    const ProgramRan frames = here.probe("--quiet", nobody);
    INFO(frames.out);
    CHECK(frames.exit_code == 0);
    CHECK(times(frames.out, "CAP_NET_RAW") == 1);
    CHECK(frames.out.find("probe: not asked: arp, profinet: no link socket (it needs CAP_NET_RAW)") != std::string::npos);
    CHECK(frames.out.find(R"("method":"http.server")") != std::string::npos);
    CHECK(frames.out.find(R"("asked":"probe profinet")") != std::string::npos);
    CHECK(frames.out.find(R"("asked":"probe arp")") != std::string::npos);
}

TEST_CASE("conduct: each way in which a question can end is a row of its own, silence among them") {
    using namespace std::string_literals;
    const Peer::Behaviour names_itself = [](int fd, const std::atomic<bool>& stop) {
        char room[64] = {};
        pollfd wait{fd, POLLIN, 0};
        while (!stop && ::poll(&wait, 1, 20) <= 0) {
        }
        if (::recv(fd, room, sizeof room, 0) < 8) return;
        behaviour::send_all(fd,
                            std::string(room, 4) + "\x00\x0d"s + room[6] + "\x2b\x0e\x01\x01\x00\x00\x01\x00\x03\x45\x58\x31"s);
        behaviour::until_closed(fd, stop);
    };
    const std::vector<std::pair<std::string, Peer::Behaviour>> kinds = {
        {"answered", names_itself},
        {"silent", behaviour::silent()},
        {"closed", behaviour::closes()},
        {"other protocol", behaviour::answers("SSH-2.0-Example\r\n", false)},
        {"budget spent", behaviour::drips(std::string("\x00\x00\x00\x00\x00\xfa", 6) + std::string(250, 'x'), 100ms)}};
    std::vector<std::unique_ptr<Peer>> peers;
    const Place here("outcomes");
    const std::string shared = R"(,"shared_sessions":true)";  // nobody has listened
    std::string ranges;
    std::map<std::string, std::string> wanted;  // address to outcome
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        const std::string ip = "127.0.39." + std::to_string(20 + i);
        peers.push_back(std::make_unique<Peer>(ip, kinds[i].second));
        ranges += range(ip, {peers.back()->port()}, "modbus", shared) + ",";
        wanted[ip] = kinds[i].first;
    }
    peers.push_back(std::make_unique<Peer>("127.0.39.30", behaviour::silent()));
    ranges +=
        range("127.0.39.30", {peers.back()->port()}, "modbus", shared) + "," + range("127.0.39.31", {1}, "modbus", shared);
    wanted["127.0.39.30"] = "gated";
    wanted["127.0.39.31"] = "refused";
    here.scope(ranges, R"(,"fragile":[{"range":"127.0.39.30","why":"it once stopped"}])");
    const ProgramRan ran = here.probe("--quiet");
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    for (const auto& [ip, outcome] : wanted) {
        INFO(ip);
        CHECK(times(here.log(), R"("target":")" + ip) == 1);
        if (outcome == "answered") {
            CHECK(ran.out.find(R"("value":"EX1")") != std::string::npos);
            continue;
        }
        CHECK_MESSAGE(ran.out.find(R"("outcome":")" + outcome + R"(","subject":{"ip":")" + ip) != std::string::npos, outcome);
    }
    // Times, hashes and lengths are always recorded; bytes only where they are asked for.
    CHECK(here.log().find(R"("sha256":")") != std::string::npos);
    CHECK(here.log().find(R"("hex":")") == std::string::npos);
    // The packets stay as long as somebody may still be asked, here the one that is gated: who takes it up needs what was
    // learned.
    CHECK(std::filesystem::exists(here.path("record/exchanges.pcapng")));
    CHECK(ran.out.find("probe: kept for --resume, which may ask the rest: ") != std::string::npos);
}

TEST_SUITE_END();

}  // namespace conduct_test
