// Addresses of which only the run itself learns that they are one device's are asked as one device from then on: one session,
// one pace, one patience.
#include <mutex>

#include "agent.h"
#include "peers.h"
#include "probes/gate.h"
#include "probes/schedule.h"
#include "run_place.h"
#include "vendordb/vendordb.h"

using namespace herkomst;
using namespace std::chrono_literals;

namespace one_device_test {

TEST_SUITE_BEGIN("probe_device_gate");

namespace {

const std::string page = "HTTP/1.1 200 OK\r\nServer: ExampleWeb/2.1\r\nContent-Length: 5\r\n\r\nhello";

// What several web servers see of us together.
struct Seen {
    std::mutex lock;
    int open = 0;
    int most = 0;
    std::vector<std::chrono::steady_clock::time_point> begun, ended;

    Peer::Behaviour slow() {
        return [this](int fd, const std::atomic<bool>& stop) {
            {
                const std::lock_guard<std::mutex> held(lock);
                begun.push_back(std::chrono::steady_clock::now());
                most = std::max(most, ++open);
            }
            behaviour::drips(page, 15ms)(fd, stop);
            const std::lock_guard<std::mutex> held(lock);
            ended.push_back(std::chrono::steady_clock::now());
            --open;
        };
    }
};

struct Both {
    Seen seen;
    Agent agent, other_agent;
    Peer web, other_web;
    RunPlace here;

    Both(const std::string& name, const std::string& last, std::optional<Peer::Behaviour> first = {})
        : agent("127.0.77.1", engine_report("14")),
          other_agent("127.0.77.2", engine_report(last)),
          web("127.0.77.1", first.value_or(seen.slow())),
          other_web("127.0.77.2", seen.slow()),
          here(name) {
        here.scope(RunPlace::range("127.0.77.1", {{"snmp_v3", {agent.port()}}, {"http", {web.port()}}}) + "," +
                   RunPlace::range("127.0.77.2", {{"snmp_v3", {other_agent.port()}}, {"http", {other_web.port()}}}));
    }
};

}  // namespace

TEST_CASE("one device: two addresses that tell one engine are asked one after the other, at one device's pace") {
    for (const bool one : {true, false}) {
        INFO(one);
        Both both(one ? "one_device_pace" : "two_devices_pace", one ? "14" : "15");
        const ProgramRan ran = both.here.probe();
        INFO(ran.out);
        CHECK(ran.exit_code == 0);
        CHECK(both.here.outcome("http", "127.0.77.1") == "answered: ");
        CHECK(both.here.outcome("http", "127.0.77.2") == "answered: ");
        REQUIRE(both.seen.begun.size() == 2);
        CHECK(both.seen.most == (one ? 1 : 2));
        if (one) CHECK(both.seen.begun[1] - both.seen.ended[0] >= 195ms);
    }
}

TEST_CASE("one device: a run that is taken up knows it from the beginning") {
    Both both("one_device_resumed", "14");
    CHECK(both.here.probe("--only snmp_v3").exit_code == 0);
    CHECK(both.seen.begun.empty());
    CHECK(both.here.probe("--resume").exit_code == 0);
    CHECK(both.seen.begun.size() == 2);
    CHECK(both.seen.most == 1);
}

TEST_CASE("one device: who breaks off at the one address is left alone at the other") {
    for (const bool one : {true, false}) {
        INFO(one);
        Both both(one ? "one_device_alone" : "two_devices_alone", one ? "14" : "15", behaviour::resets());
        CHECK(both.here.probe().exit_code == 0);
        CHECK(both.web.connections() == 1);
        CHECK(both.other_web.connections() == (one ? 0 : 1));
        CHECK(
            says(both.here.outcome("http", "127.0.77.2"),
                 one ? "gated: it is left alone: 127.0.77.1 is the same device, and it fell silent or broke off" : "answered"));
    }
}

TEST_CASE(
    "one device: a serial number with its maker, in whatever order they are said; a number alone, or another maker's, is not "
    "enough") {
    const Result<VendorDb> opened = VendorDb::open(HERKOMST_BINARY_DIR "/data/vendordb.sqlite");
    REQUIRE(opened.ok());
    const auto said = [](const std::string& ip, Field field, const std::string& value, const std::string& unit = "") {
        Observation one;
        one.subject.ip = IpAddress::parse(ip).value();
        if (!unit.empty()) one.subject.path = {unit};
        one.field = field;
        one.value = value;
        one.strength = Strength::Stated;
        one.method = "test.said";
        return one;
    };
    const IpAddress first = IpAddress::parse("192.0.2.1").value();
    const auto known = [&](const std::vector<std::vector<Observation>>& answers) {
        Knowledge knowledge;
        for (const std::vector<Observation>& each : answers) knowledge.learn(each, &opened.value());
        return knowledge.addresses_of(first).size();
    };
    const Observation serial = said("192.0.2.1", Field::serial, "EX-4711-0815");
    const Observation brand = said("192.0.2.1", Field::brand, "Siemens");
    const Observation serial2 = said("192.0.2.2", Field::serial, "EX-4711-0815");
    const Observation brand2 = said("192.0.2.2", Field::brand, "Siemens");
    CHECK(known({{serial, brand}, {serial2, brand2}}) == 2);
    CHECK(known({{serial2}, {serial}, {brand2}, {brand}}) == 2);
    CHECK(known({{serial}, {serial2}}) == 1);
    CHECK(known({{serial, brand}, {serial2, said("192.0.2.2", Field::brand, "ABB")}}) == 1);
    CHECK(known({{serial, brand}, {said("192.0.2.2", Field::serial, "EX-4711-0816"), brand2}}) == 1);
    // Of what is behind it, nothing.
    CHECK(known({{serial, brand}, {said("192.0.2.2", Field::serial, "EX-4711-0815", "modbus/502/3"), brand2}}) == 1);
    // A filler is nobody's number.
    CHECK(known({{said("192.0.2.1", Field::serial, "00000000"), brand},
                 {said("192.0.2.2", Field::serial, "00000000"), brand2}}) == 1);
}

TEST_CASE("one device: a MAC that has an address of either version of IP; who answers for a whole network is nobody's device") {
    const Result<VendorDb> opened = VendorDb::open(HERKOMST_BINARY_DIR "/data/vendordb.sqlite");
    REQUIRE(opened.ok());
    const auto has = [](const std::string& ip, std::uint8_t last) {
        Observation one;
        one.subject.mac = Mac{{0x00, 0x00, 0x5e, 0x00, 0x53, last}};
        one.field = Field::address;
        one.value = ip;
        one.strength = Strength::Stated;
        one.method = ip.find(':') == std::string::npos ? "arp.sender" : "ndp.address";
        return one;
    };
    const IpAddress first = IpAddress::parse("192.0.2.1").value();
    Knowledge both;
    both.learn({has("192.0.2.1", 1)}, &opened.value());
    CHECK(both.addresses_of(first).size() == 1);
    both.learn({has("2001:db8::1", 1), has("192.0.2.7", 2)}, &opened.value());
    CHECK(both.addresses_of(first) == std::vector<IpAddress>{first, IpAddress::parse("2001:db8::1").value()});
    std::vector<Observation> proxied;
    for (int i = 1; i <= 9; ++i) proxied.push_back(has("192.0.2." + std::to_string(i), 1));
    Knowledge proxy;
    proxy.learn(proxied, &opened.value());
    CHECK(proxy.addresses_of(first).size() == 1);
}

TEST_CASE("one device: a number that more than four addresses tell was copied, and is nobody's") {
    const Result<VendorDb> opened = VendorDb::open(HERKOMST_BINARY_DIR "/data/vendordb.sqlite");
    REQUIRE(opened.ok());
    const auto address = [](std::size_t i) { return IpAddress::parse("192.0.2." + std::to_string(i)).value(); };
    const auto known = [&](std::size_t many, bool at_once) {
        Knowledge knowledge;
        std::vector<Observation> all;
        for (std::size_t i = 1; i <= many; ++i) {
            Observation one;
            one.subject.ip = address(i);
            one.field = Field::unique_id;
            one.value = "engine:80007ed90300005e005314";
            one.strength = Strength::Stated;
            one.method = "snmp.engine_id";
            Observation maker = one;
            maker.field = Field::brand;
            maker.value = "Siemens";
            if (!at_once) knowledge.learn({one, maker}, &opened.value());
            all.insert(all.end(), {one, maker});
        }
        if (at_once) knowledge.learn(all, &opened.value());
        std::set<std::size_t> sizes;
        for (std::size_t i = 1; i <= many; ++i) sizes.insert(knowledge.addresses_of(address(i)).size());
        return sizes;
    };
    CHECK(known(4, true) == std::set<std::size_t>{4});
    CHECK(known(4, false) == std::set<std::size_t>{4});
    CHECK(known(5, true) == std::set<std::size_t>{1});
    // Those who told it before it was known stay together, and nobody joins them.
    CHECK(known(30, false) == std::set<std::size_t>{1, 4});
}

TEST_CASE("one device: the pace of two that turn out to be one is the slower one's, from what was sent last to either") {
    Schedule schedule;
    const std::size_t one = schedule.add_device(200ms, false);
    const std::size_t two = schedule.add_device(700ms, false);
    const std::size_t other = schedule.add_device(200ms, false);
    const Moment begin{};
    const Moment now = begin + 10s;
    schedule.heard(one, now);
    schedule.heard(two, now - 100ms);
    schedule.unite(one, two);
    CHECK(schedule.pause_of(one) == 700ms);
    CHECK(schedule.pause_of(two) == 700ms);
    CHECK(schedule.take(two, 1, now) == now + 700ms);
    // What is sent to the one is sent to the other.
    schedule.heard(two, now + 5s);
    CHECK(schedule.take(one, 1, now + 5s) == now + 5700ms);
    schedule.bus(one);
    CHECK(schedule.behind_bus(two));
    CHECK(schedule.pause_of(two) == 1000ms);
    CHECK(schedule.pause_of(other) == 200ms);
}

TEST_SUITE_END();

}  // namespace one_device_test
