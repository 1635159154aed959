// Sessions that the register keeps for whoever asks questions later.
#include "register/sessions.h"

#include <doctest/doctest.h>

#include "plant.h"
#include "register/keep.h"
#include "register/open.h"
#include "register/verify.h"

using namespace herkomst;

namespace sessions_test {

TEST_SUITE_BEGIN("register.sessions");

namespace {

SeenSession session(const std::string& server, const std::string& client, int day) {
    return {IpAddress::parse(server).value(), IpAddress::parse(client).value_or(IpAddress{}), "modbus", plant::on_day(day)};
}

void record(Register& held, int day, std::vector<SeenSession> sessions, std::vector<RunSource> sources = {}) {
    Identified identified;
    Asset asset;
    asset.key = "device";
    asset.kind = "device";
    asset.site = "north";
    asset.identifiers.ip = {"192.0.2.20"};
    identified.assets.push_back(asset);
    const Assessment assessment;
    ScanRun run;
    run.site = "north";
    run.now = plant::on_day(day);
    run.identified = &identified;
    run.assessment = &assessment;
    run.sessions = std::move(sessions);
    run.sources = std::move(sources);
    held.record(run);
}

std::string shown(const Register& held) {
    std::string text;
    for (const SeenSession& each : sessions_of(held))
        text += each.server.text() + " " + (each.client.known() ? each.client.text() : "?") + " " +
                rfc3339(each.last).substr(0, 10) + "\n";
    return text;
}

}  // namespace

TEST_CASE("sessions: the latest time stays whatever the order, and what was not seen for 90 days goes") {
    Register held = Register::open(std::string(Register::in_memory));
    record(held, 2, {session("192.0.2.20", "192.0.2.10", 2), session("192.0.2.21", "", 1)});
    record(held, 3, {session("192.0.2.20", "192.0.2.10", 1), session("192.0.2.20", "192.0.2.11", 3)});
    CHECK(shown(held) == "192.0.2.20 192.0.2.10 2026-01-03\n192.0.2.20 192.0.2.11 2026-01-04\n192.0.2.21 ? 2026-01-02\n");
    record(held, 91, {});
    CHECK(shown(held) == "192.0.2.20 192.0.2.10 2026-01-03\n192.0.2.20 192.0.2.11 2026-01-04\n192.0.2.21 ? 2026-01-02\n");
    record(held, 92, {});
    CHECK(shown(held) == "192.0.2.20 192.0.2.10 2026-01-03\n192.0.2.20 192.0.2.11 2026-01-04\n");
    CHECK(verify(held).problems.empty());
}

TEST_CASE("sessions: where nothing was heard nobody has listened, nor where we heard ourselves or only a moment") {
    const auto source = [](const std::string& path, const std::string& kind, std::uint64_t packets) {
        RunSource one;
        one.id = "0011223344556677";
        one.path = path;
        one.kind = kind;
        one.packets = packets;
        one.last = plant::on_day(1);
        one.usable = true;
        return std::vector{one};
    };
    // A capture of a few seconds, and one that ends after it was read.
    const auto moment = [&](Time last) {
        std::vector<RunSource> one = source("a.pcap", "capture", 5);
        one.front().last = last;
        one.front().first = last > plant::on_day(2) ? Time{} : last - std::chrono::seconds(9);
        return one;
    };
    for (const auto& quiet :
         {source("eth0", "interface", 0), source("a.pcap", "capture", 0), source("run/exchanges.pcapng", "capture", 5),
          source("run/heard_in_part.pcap", "capture", 5), source("run/heard_in_part_2.pcap", "capture", 5),
          source("list.csv", "inventory", 5), moment(plant::on_day(1)), moment(plant::on_day(9))}) {
        Register held = Register::open(std::string(Register::in_memory));
        record(held, 2, {}, quiet);
        CHECK_MESSAGE(last_listened(held) == Time{}, quiet.front().path);
    }
    Register held = Register::open(std::string(Register::in_memory));
    record(held, 2, {}, source("a.pcap", "capture", 5));
    CHECK(last_listened(held) == plant::on_day(1));
    record(held, 3, {}, source("eth0", "interface", 5));
    CHECK(last_listened(held) == plant::on_day(3));
}

TEST_CASE("sessions: an asset that is forgotten takes its sessions along, as server and as client") {
    const plant::Folder folder("sessions");
    const std::string path = folder.at("site.db");
    Register held = Register::open(path);
    record(held, 1,
           {session("192.0.2.20", "192.0.2.10", 1), session("192.0.2.21", "192.0.2.20", 1),
            session("192.0.2.21", "192.0.2.10", 1)});
    const std::string uid = overview(held, nullptr).assets.front().uid;
    REQUIRE(forget(held, uid, plant::owner(2, "asked for")).ok());
    CHECK(shown(held) == "192.0.2.21 192.0.2.10 2026-01-02\n");
}

TEST_SUITE_END();

}  // namespace sessions_test
