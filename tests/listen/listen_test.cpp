// What a worker may write, held against a keeper that believes nothing; and the whole of `listen` on a pair of interfaces in a
// network namespace of the test's own. That part needs root and `ip netns`; where they are not there it says that it is
// skipped.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#include "capture/analysis.h"
#include "capture/file.h"
#include "capture/run.h"
#include "cli/intake.h"
#include "cli/keeper.h"
#include "core/file.h"
#include "core/json.h"
#include "core/lines.h"
#include "identity/asset.h"
#include "listening.h"
#include "register/overview.h"
#include "register/register.h"
#include "register/sql.h"
#include "vendordb/vendordb.h"

using namespace herkomst;
using namespace herkomst::listening;
using namespace std::chrono_literals;

namespace listen_test {

TEST_SUITE_BEGIN("listen");

namespace {

std::string framed(const std::string& text) {
    std::string out;
    for (unsigned shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(text.size() >> shift & 0xff));
    return out + text;
}

const std::string ready = framed(R"({"type":"ready","confined":["limits"],"not":[]})");

std::string observation(const std::string& strength, const std::string& site, const std::string& source) {
    return framed(R"({"type":"observation","subject":{"site":")" + site +
                  R"(","ip":"192.0.2.7"},"field":"model","value":"X1","strength":")" + strength +
                  R"(","method":"modbus.device_id","from":{"source":")" + source +
                  R"(","frame":3},"first_seen":"2026-11-21T12:00:00Z","last_seen":"2026-11-21T12:00:01Z","count":2})");
}

const std::string marker = framed(R"({"type":"interval","packets":5,"bytes":300,"decoded":4,"not_sent":0,"final":false})");

// What every packet taught, of a file that is taken as if it came from an interface, in intervals of so many packets.
void take_in_intervals(std::size_t packets_each, Heard& heard, std::uint64_t& packets) {
    const Trials trials(all_decoders());
    AnalysisOptions options;
    CaptureRun run(trials, options);
    const auto id = source_id(plant);
    REQUIRE(id.ok());
    run.begin(id.value());
    Problems problems;
    const auto file = CaptureFile::open(plant, problems);
    REQUIRE(file != nullptr);
    const auto take = [&] {
        Analysis learned;
        run.take_interval(learned);
        for (const Observation& row : learned.observations.list()) heard.add(row);
        for (const Conversation& row : learned.conversations) heard.add(row);
    };
    Packet packet;
    while (file->next(packet)) {
        run.take_live(packet);
        if (++packets % packets_each == 0) take();
    }
    run.end();
    take();
}

std::string lines_of(const std::vector<Observation>& rows) {
    std::string out;
    for (const Observation& row : rows) out += write_json(to_json(row)) + "\n";
    return out;
}

}  // namespace

TEST_CASE("a worker's lines are taken when they are right, however they are cut") {
    const std::string all =
        ready + observation("stated", "north", "live:x") + marker + observation("hinted", "north", "live:x");
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, all.size()}) {
        Intake intake("north", "live:x");
        for (std::size_t at = 0; at < all.size(); at += step) CHECK(intake.take(std::string_view(all).substr(at, step)));
        const std::vector<Interval> intervals = intake.intervals();
        REQUIRE(intervals.size() == 1);
        CHECK(intervals[0].packets == 5);
        REQUIRE(intervals[0].heard.observations().list().size() == 1);
        CHECK(intervals[0].heard.observations().list()[0].value == "X1");
        CHECK(intake.intervals().empty());
    }
}

TEST_CASE("a worker that breaks the form is refused, and so is all that follows") {
    const std::string long_line = framed(std::string(line_max + 1, ' '));
    const std::string huge_count =
        framed(R"({"type":"coverage","subject":{},"asked":"capture","outcome":"x","count":999999999999999999})");
    for (const std::string& bad :
         {std::string("\0\0\0\0", 4), std::string("\xff\xff\xff\xff"), long_line, framed("{"), framed("[]"), framed("{}"),
          framed(R"({"type":"alert"})"), ready, observation("confirmed", "north", "live:x"),
          observation("listed", "north", "live:x"), observation("stated", "south", "live:x"),
          observation("stated", "north", "elsewhere"), huge_count,
          framed(R"({"type":"interval","packets":-1,"bytes":0,"decoded":0,"not_sent":0})"),
          framed(
              R"({"type":"conversation","a":{"site":"north"},"b":{"site":"north"},"bytes_ab":-4,"bytes_ba":0,"count":1})")}) {
        INFO(bad.substr(0, 120));
        Intake intake("north", "live:x");
        REQUIRE(intake.take(ready));
        CHECK(!intake.take(bad));
        CHECK(!intake.problem().empty());
        CHECK(!intake.take(marker));
        CHECK(intake.intervals().empty());
    }
    Intake early("north", "live:x");
    CHECK(!early.take(marker));
}

TEST_CASE("intervals add up to what the whole file teaches") {
    AnalysisOptions options;
    const Analysis whole = analyse({plant}, options);
    for (const std::size_t each : {std::size_t{50}, std::size_t{333}, std::size_t{100'000}}) {
        INFO(each);
        Heard heard;
        std::uint64_t packets = 0;
        take_in_intervals(each, heard, packets);
        CHECK(packets == whole.sources.front().packets);
        CHECK(lines_of(heard.observations().list()) == lines_of(whole.observations.list()));
        std::uint64_t bytes = 0;
        std::uint64_t expected = 0;
        std::uint64_t count = 0;
        std::uint64_t expected_count = 0;
        for (const Conversation& row : heard.conversations()) {
            bytes += row.bytes_ab + row.bytes_ba;
            count += row.seen.count;
        }
        for (const Conversation& row : whole.conversations) {
            expected += row.bytes_ab + row.bytes_ba;
            expected_count += row.seen.count;
        }
        CHECK(bytes == expected);
        CHECK(count == expected_count);
    }
}

// ---- the whole of it ----

namespace {

// Whether it stays: the kernel ends a worker after its keeper, when the machine finds the time for it.
bool alive(pid_t process) {
    for (int turn = 0; turn < 600; ++turn) {
        if (::kill(process, 0) != 0) return false;
        std::this_thread::sleep_for(50ms);
    }
    return true;
}

// What is known of a device, whatever its names in the register are.
std::string described(const std::string& kind, const Belief* brand, const Belief* model, const Belief* serial) {
    const auto value = [](const Belief* belief) { return belief == nullptr ? std::string() : belief->value; };
    return kind + " | " + value(brand) + " | " + value(model) + " | " + value(serial);
}

std::multiset<std::string> in_register(const std::string& path) {
    std::multiset<std::string> out;
    const Register site = Register::open_to_read(path);
    for (const OverviewAsset& asset : overview(site, nullptr).assets) {
        out.insert(described(asset.kind, asset.belief(Field::brand), asset.belief(Field::model), asset.belief(Field::serial)));
    }
    return out;
}

std::multiset<std::string> in_file() {
    const Analysis analysis = analyse({plant}, {1, "north", false});
    const Result<VendorDb> db = VendorDb::open(data_folder() + "/vendordb.sqlite");
    REQUIRE(db.ok());
    IdentityOptions options;
    options.now = analysis.sources.front().last;
    std::multiset<std::string> out;
    for (const Asset& asset : identify(analysis.observations.list(), analysis.conversations, db.value(), options).assets) {
        out.insert(described(asset.kind, asset.belief(Field::brand), asset.belief(Field::model), asset.belief(Field::serial)));
    }
    return out;
}

std::uint64_t packets_of_last_run(const std::string& path, std::size_t& runs) {
    const Register site = Register::open_to_read(path);
    const Overview all = overview(site, nullptr);
    runs = all.runs.size();
    return all.run.sources.empty() ? 0 : all.run.sources.front().packets;
}

// The ways to the outside that it told, as often as it did.
std::multiset<std::string> paths_told(const std::string& out) {
    std::multiset<std::string> paths;
    std::istringstream alerts(out);
    for (std::string line; std::getline(alerts, line);) {
        const Result<Json> json = parse_json(line, "alert");
        REQUIRE(json.ok());
        if (json.value()["alert"].string() != "new_path") continue;
        CHECK(!json.value()["label"].string().empty());
        paths.insert(json.value()["kind"].string() + " " + json.value()["to"].string());
    }
    return paths;
}

const std::multiset<std::string> paths_of_the_plant = {"cloud isolarcloud.eu", "control ocpp"};

}  // namespace

TEST_CASE("what is heard in one interval is what the file says, and every packet counts") {
    const Wire wire;
    if (skipped(wire)) return;
    Listening listening(wire, "1h");
    REQUIRE(listening.said("listening on upper"));
    const std::uint64_t sent = wire.replay(plant, 0, all_packets);
    CHECK(sent == analyse({plant}, {}).sources.front().packets);
    const int status = listening.stop(SIGTERM);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    std::size_t runs = 0;
    CHECK(packets_of_last_run(listening.site(), runs) == sent);
    CHECK(runs == 1);
    CHECK(listening.said(std::to_string(sent) + " packets (" + std::to_string(sent) + " by the kernel's count), dropped: 0"));
    CHECK(in_register(listening.site()) == in_file());
    std::istringstream alerts(listening.text("out"));
    std::string line;
    std::size_t assets = 0;
    while (std::getline(alerts, line)) {
        const Result<Json> json = parse_json(line, "alert");
        REQUIRE(json.ok());
        // Header and alerts alike: a hook or syslog gets one line alone.
        CHECK_MESSAGE(json.value()["tlp"].string() == "AMBER+STRICT", line);
        if (json.value()["alert"].string() == "new_asset") ++assets;
    }
    CHECK(listening.said("TLP:AMBER+STRICT"));
    CHECK(assets == in_file().size());
    CHECK(paths_told(listening.text("out")) == paths_of_the_plant);
}

TEST_CASE("two intervals, two runs, no device twice; a killed worker is forked again and said") {
    const Wire wire;
    if (skipped(wire)) return;
    Listening listening(wire, "2s");
    REQUIRE(listening.said("listening on upper"));
    const std::uint64_t half = 300;
    CHECK(wire.replay(plant, 0, half) == half);
    REQUIRE(listening.said(" run 1: "));
    wire.replay(plant, half, all_packets);
    REQUIRE(listening.said(" run 2: "));
    std::this_thread::sleep_for(2500ms);
    CHECK(in_register(listening.site()) == in_file());
    const pid_t first = listening.worker();
    REQUIRE(first > 0);
    REQUIRE(::kill(first, SIGKILL) == 0);
    REQUIRE(listening.said("with worker ", 2));
    CHECK(listening.worker() != first);
    wire.replay(plant, 0, 20);
    const int status = listening.stop(SIGINT);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 130);
    const Register site = Register::open_to_read(listening.site());
    CHECK(site.verify().empty());
    CHECK(listening.said("worker restarted: 1"));
    bool told = false;
    for (const OverviewCoverage& row : overview(site, nullptr).coverage) told = told || row.outcome == "worker restarted";
    CHECK(told);
    CHECK(paths_told(listening.text("out")) == paths_of_the_plant);
}

TEST_CASE("a killed keeper leaves a register that verifies, and no worker") {
    const Wire wire;
    if (skipped(wire)) return;
    Listening listening(wire, "1s");
    REQUIRE(listening.said("listening on upper"));
    wire.replay(plant, 0, 300);
    REQUIRE(listening.said(" run 1: "));
    const pid_t worker = listening.worker();
    REQUIRE(worker > 0);
    wire.replay(plant, 300, 500);
    const int status = listening.stop(SIGKILL);
    CHECK(WIFSIGNALED(status));
    CHECK(!alive(worker));
    Register site = Register::open(listening.site());
    CHECK(site.verify().empty());
    CHECK(!overview(site, nullptr).assets.empty());
}

TEST_CASE("a keeper that was killed goes on: what it had told is there, and at most the interval that ran is lost") {
    const Wire wire;
    if (skipped(wire)) return;
    const auto kept = [](const Listening& listening) {
        sql::Database site(listening.site(), sql::Mode::ReadOnly);
        return static_cast<std::uint64_t>(site.number("SELECT SUM(packets) FROM sources"));
    };
    Listening listening(wire, "1s");
    REQUIRE(listening.said("listening on upper"));
    const std::uint64_t first = wire.replay(plant, 0, 300);
    // All of it is told before the last interval begins.
    REQUIRE(listening.heard(first));
    const std::uint64_t last = wire.replay(plant, 300, 500);
    listening.stop(SIGKILL);
    const std::uint64_t after_the_kill = kept(listening);
    CHECK(after_the_kill >= first);
    CHECK(after_the_kill <= first + last);
    listening.start();
    REQUIRE(listening.said("listening on upper", 2));
    const std::uint64_t again = wire.replay(plant, 500, all_packets);
    CHECK(WEXITSTATUS(listening.stop(SIGTERM)) == 0);
    CHECK(kept(listening) == after_the_kill + again);
    const Register site = Register::open_to_read(listening.site());
    CHECK(site.verify().empty());
    // The intervals of before and after are one history: no device that can be told from others stands there twice.
    const std::multiset<std::string> devices = in_register(listening.site());
    const std::multiset<std::string> whole = in_file();
    std::size_t known = 0;
    for (const std::string& device : whole) {
        if (device.ends_with(" | ")) continue;  // no serial number
        CHECK_MESSAGE(devices.count(device) <= whole.count(device), device);
        known += devices.count(device);
    }
    CHECK(known > 0);
}

TEST_CASE("a register that is listened into is not replaced by restore; one that somebody else replaces ends it, and is said") {
    const Wire wire;
    if (skipped(wire)) return;
    Listening listening(wire, "1s");
    REQUIRE(listening.said("listening on upper"));
    wire.replay(plant, 0, 300);
    REQUIRE(listening.said(" run 1: "));
    const std::string program = HERKOMST_BINARY_DIR "/bin/herkomst register ";
    const std::string site = listening.site();
    REQUIRE(shell(program + "backup " + site + ".copy --register " + site) == 0);
    const int refused = shell(program + "restore " + site + ".copy --by Ann --reason back --register " + site);
    CHECK(WEXITSTATUS(refused) == 3);
    CHECK_FALSE(std::filesystem::exists(site + ".before-restore"));
    wire.replay(plant, 300, 400);
    REQUIRE(listening.said(" run 2: "));
    std::filesystem::rename(site, site + ".away");
    std::filesystem::rename(site + ".copy", site);
    wire.replay(plant, 400, 500);
    CHECK(listening.said("this register was replaced by another file"));
    const int status = listening.stop(SIGTERM);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 3);
}

TEST_CASE("an interface that goes down is waited for; one that vanishes is opened again") {
    const Wire wire;
    if (skipped(wire)) return;
    Listening listening(wire, "1s");
    REQUIRE(listening.said("listening on upper"));
    const pid_t worker = listening.worker();
    REQUIRE(shell("ip -n " + wire.name() + " link set upper down") == 0);
    std::this_thread::sleep_for(500ms);
    REQUIRE(shell("ip -n " + wire.name() + " link set upper up") == 0);
    CHECK(wire.replay(plant, 0, 50) == 50);
    REQUIRE(listening.said(": 50 packets "));
    CHECK(listening.worker() == worker);
    REQUIRE(shell("ip -n " + wire.name() + " link del upper") == 0);
    REQUIRE(listening.said("interface lost"));
    REQUIRE(wire.connect());
    REQUIRE(listening.said("listening on upper", 2));
    CHECK(wire.replay(plant, 50, 100) == 50);
    REQUIRE(listening.said("interface opened again: 1"));
    CHECK(WEXITSTATUS(listening.stop(SIGTERM)) == 0);
}

TEST_CASE("an interface that is not there is said, with exit code 2") {
    const int status = shell(std::string("'") + HERKOMST_BINARY_DIR + "/bin/herkomst' listen -i no-such-if0");
    CHECK(WIFEXITED(status));
    CHECK((WEXITSTATUS(status) == 2 || (::geteuid() != 0 && WEXITSTATUS(status) == 3)));
}

TEST_SUITE_END();

}  // namespace listen_test
