// The plan is what is sent: farewells are counted, a record that is taken up shows what it leaves to ask, and nothing takes
// longer than it says.
#include <filesystem>

#include "peers.h"
#include "probes/campaign.h"
#include "probes/wire.h"
#include "run_place.h"

using namespace herkomst;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace planned_test {

TEST_SUITE_BEGIN("probe_planned");

namespace {

const std::string page = "HTTP/1.1 200 OK\r\nServer: ExampleWeb/2.1\r\nContent-Length: 5\r\n\r\nhello";

std::size_t sent(const RunPlace& here, const std::string& probe) {
    std::size_t count = 0;
    for (const Json& line : here.log())
        if (line["probe"].string() == probe)
            for (const Json& said : line["said"].items()) count += said["by"].string() == "us" ? 1 : 0;
    return count;
}

}  // namespace

TEST_CASE("planned: a farewell is a message, in the plan and of what a device may cost") {
    const auto broker = [](int fd, const std::atomic<bool>& stop) {
        if (behaviour::wait_for_request(fd, stop)) behaviour::send_all(fd, "\x20\x02\x00\x00"s);
        behaviour::until_closed(fd, stop);
    };
    const Peer mqtt("127.0.68.1", broker);
    const Peer web("127.0.68.1", behaviour::answers(page));
    const RunPlace here("planned_farewell");
    const std::string range = RunPlace::range("127.0.68.1", {{"mqtt", {mqtt.port()}}, {"http", {web.port()}}});
    here.scope(RunPlace::range("127.0.68.1", {{"mqtt", {mqtt.port()}}}));
    const ProgramRan plan = here.probe("--dry-run");
    INFO(plan.out);
    CHECK(says(plan.out, "mqtt: at most 2 messages, the farewell among them, and "));
    CHECK(says(plan.out, "at most 2 messages in all; "));
    CHECK(here.probe("").exit_code == 0);
    CHECK(sent(here, "mqtt") == 2);
    // Two things may be sent to the device in all.
    std::filesystem::remove_all(here.path("record"));
    here.scope(range, R"(,"budget":{"device_requests":2})");
    CHECK(here.probe("").exit_code == 0);
    CHECK(sent(here, "mqtt") + sent(here, "http") <= 2);
    // One thing is too little for a session that is closed as it should be.
    std::filesystem::remove_all(here.path("record"));
    here.scope(RunPlace::range("127.0.68.1", {{"mqtt", {mqtt.port()}}}), R"(,"budget":{"device_requests":1})");
    const int before = mqtt.connections();
    CHECK(here.probe("").exit_code == 0);
    CHECK(says(here.outcome("mqtt", "127.0.68.1"), "budget spent: what one device may cost in a run is spent"));
    CHECK(mqtt.connections() == before);
}

TEST_CASE("planned: of a record that is taken up, only what it leaves to ask, and nobody who is left alone") {
    const Peer web("127.0.68.2", behaviour::answers(page));
    const Peer upset("127.0.68.3", behaviour::resets());
    const RunPlace here("planned_resume");
    const auto scope = [&](const std::string& more) {
        here.scope(RunPlace::range("127.0.68.2", {{"http", {web.port()}}}) + "," + R"({"range":"127.0.68.3","probes":["http")" +
                   more + R"(],"ports":{"http":[)" + std::to_string(upset.port()) + R"(],"ssh":[1]}})");
    };
    scope("");
    CHECK(here.probe("").exit_code == 0);
    CHECK(web.connections() == 1);
    scope(R"(,"ssh")");
    const std::string log = read_file(here.path("record/exchanges.ndjson")).value();
    const ProgramRan plan = here.probe("--dry-run --resume");
    INFO(plan.out);
    CHECK(plan.exit_code == 0);
    CHECK_FALSE(says(plan.out, "127.0.68.2 tcp/"));
    CHECK(says(plan.out, "127.0.68.3 tcp/1  ssh, gated: it is left alone: "));
    CHECK(says(plan.out, "at most 0 messages in all; 1 of the questions are gated and not asked\n"));
    CHECK(says(plan.out, "1 questions to 1 devices; "));
    // A plan writes nothing.
    CHECK(read_file(here.path("record/exchanges.ndjson")).value() == log);
    CHECK(web.connections() + upset.connections() == 2);
    // A folder that holds no record changes nothing.
    std::filesystem::remove_all(here.path("record"));
    CHECK(says(here.probe("--dry-run --resume").out, "3 questions to 2 devices; "));
    CHECK_FALSE(std::filesystem::exists(here.path("record")));
}

TEST_CASE("planned: what a finished record had learnt is known to a run that takes it up with a wider scope") {
    const Peer field("127.0.68.5", [&](int fd, const std::atomic<bool>& stop) {
        char room[64];
        while (!stop) {
            pollfd wait{fd, POLLIN, 0};
            if (::poll(&wait, 1, 20) <= 0) continue;
            if (::recv(fd, room, sizeof room, 0) < 8) return;
            behaviour::send_all(fd,
                                std::string(room, 4) + "\x00\x10"s + room[6] + "\x2b\x0e\x01\x01\x00\x00\x01\x00\x06HUAWEI"s);
        }
    });
    const RunPlace here("planned_learnt");
    const RunPlace::Ports first = {{"modbus", {field.port()}}};
    const RunPlace::Ports wider = {{"modbus", {field.port()}}, {"huawei_registers", {1}}};
    const std::string more = R"(,"shared_sessions":true)";
    here.scope(RunPlace::range("127.0.68.5", first, more));
    const ProgramRan ran = here.probe("");
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    CHECK(says(here.outcome("modbus", "127.0.68.5"), "answered: "));
    CHECK_FALSE(std::filesystem::exists(here.path("record/exchanges.pcapng")));
    here.scope(RunPlace::range("127.0.68.5", wider, more));
    CHECK(here.probe("--resume").exit_code == 0);
    CHECK(says(here.outcome("huawei_registers", "127.0.68.5"), "refused: "));
    // And to the one after that.
    here.scope(RunPlace::range("127.0.68.5", {{"huawei_registers", {1, 2}}}, more));
    CHECK(here.probe("--resume").exit_code == 0);
    std::size_t asked = 0;
    for (const Json& line : here.log()) asked += line["probe"].string() == "huawei_registers" ? 1 : 0;
    CHECK(asked == 2);
}

TEST_CASE("planned: nothing takes longer than the plan says, connecting and closing included") {
    Scope scope;
    scope.until = Time::max();
    ScopeRange range;
    range.range = AddressRange::parse("127.0.68.4").value();
    range.probes = {"http"};
    range.ports["http"] = {80};
    scope.ranges.push_back(range);
    Campaign campaign(scope, {}, {}, nullptr, {});
    const Limits& limits = probe_named("http")->limits;
    CHECK(campaign.expected().most >= limits.whole + Wire::connecting + Wire::closing_whole + limits.answer);
    // Behind a bus an answer takes as long as that lasts.
    Scope field = scope;
    field.ranges.front().probes = {"modbus"};
    const Limits& serial = probe_named("modbus")->limits;
    CHECK(Campaign(field, {}, {}, nullptr, {}).expected().most >=
          serial.whole + Wire::closing_whole + (Wire::bus_answer - serial.answer) * static_cast<int>(serial.requests));
    // More devices than are asked at once wait for each other.
    Scope many = scope;
    many.ranges.front().range = AddressRange::parse("127.0.68.0-127.0.69.255").value();
    const auto one = campaign.expected().most;
    CHECK(Campaign(many, {}, {}, nullptr, {}).expected().most >= 2 * one);
}

TEST_SUITE_END();

}  // namespace planned_test
