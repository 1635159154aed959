// What a dry run shows to whoever has to sign it: each target with each byte that may go there, and how long it takes.
#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "../lint/folder.h"
#include "core/text.h"
#include "herkomst_run.h"
#include "peers.h"
#include "probes/exchange.h"
#include "probes/wire.h"

using namespace herkomst;
using namespace std::chrono_literals;

namespace plan_test {

TEST_SUITE_BEGIN("probe_plan");

namespace {

std::string scope_text(const std::string& ranges) {
    return R"({"schema":"herkomst-scope/1","authorised_by":"A. Person","purpose":"test","valid":{"from":"2026-11-01T00:00:00Z",)"
           R"("until":"2026-12-01T00:00:00Z"},"ranges":[)" +
           ranges + "]}";
}

std::string plan(const Folder& folder, const std::string& ranges) {
    folder.write("scope.json", scope_text(ranges));
    const ProgramRan ran =
        herkomst_does("probe --dry-run --now 2026-11-27T12:00:00Z --scope " + (folder.path() / "scope.json").string());
    CHECK(ran.exit_code == 0);
    return ran.out;
}

// The lines of a plan that begin so.
std::vector<std::string> lines_of(const std::string& text, std::string_view start) {
    std::vector<std::string> out;
    for (const std::string_view line : split(text, '\n'))
        if (line.starts_with(start)) out.emplace_back(line);
    return out;
}

}  // namespace

TEST_CASE("each target's line names the bytes that go there, and two units are sent different bytes") {
    const Folder folder("plan_bytes");
    const std::string text = plan(folder, R"({"range":"192.0.2.0/30","probes":["modbus"],"shared_sessions":true},)"
                                          R"({"range":"192.0.2.20","probes":["modbus","https"],"units":[3,7],)"
                                          R"("shared_sessions":true},{"range":"192.0.2.30","probes":["modbus"]})");
    INFO(text);
    const auto of = [&](const std::string& start) {
        const std::vector<std::string> lines = lines_of(text, start);
        REQUIRE(lines.size() == 1);
        return lines.front().substr(lines.front().find(", sends "));
    };
    const std::string one = of("192.0.2.1 tcp/502  modbus");
    CHECK(one == of("192.0.2.2 tcp/502  modbus"));
    const std::string three = of("192.0.2.20 tcp/502 unit 3  modbus");
    const std::string seven = of("192.0.2.20 tcp/502 unit 7  modbus");
    CHECK(three != seven);
    CHECK(three != one);
    // What is gated sends nothing.
    const std::vector<std::string> gated = lines_of(text, "192.0.2.30 tcp/502  modbus, gated: nobody has listened before");
    REQUIRE(gated.size() == 1);
    CHECK(gated.front().find(", sends ") == std::string::npos);
    CHECK(text.find("; 1 of the questions are gated and not asked\n") != std::string::npos);
    CHECK(of("192.0.2.20 tls/443  https").starts_with(", sends a TLS handshake, in it "));
    // Every number is explained once, and every explanation is somebody's.
    const std::string number = three.substr(8, three.find_first_of(", \n", 8) - 8);
    const std::vector<std::string> bytes = lines_of(text, "    " + number + " = modbus, ");
    REQUIRE(bytes.size() == 1);
    CHECK(bytes.front().find(" 03 2b 0e 01 {object}") != std::string::npos);
    // With the question's own choices: a first object of 0, and unit 255 where none is named.
    CHECK(text.find("like 123400000005032b0e0100\n") != std::string::npos);
    CHECK(text.find("like 123400000005ff2b0e0100\n") != std::string::npos);
    CHECK(text.find("{transaction} 2 bytes, from 0 to 65535: another number in each exchange") != std::string::npos);
}

TEST_CASE("every message of every question is what its line in the plan says") {
    // The transcripts' messages, held against the templates that the plan prints: what is no hole is the same byte.
    const Folder folder("plan_all");
    const std::string text =
        plan(folder, R"({"range":"192.0.2.20","families":["network","it","building","camera","energy","ot"],)"
                     R"("safety":"read many","communities":["public"]})");
    std::size_t numbered = 0;
    for (const std::string_view line : split(text, '\n')) {
        const std::size_t at = line.find(" = ");
        if (!line.starts_with("    ") || at == std::string_view::npos || line[4] == ' ') continue;
        ++numbered;
        CHECK(line.substr(4, at - 4) == std::to_string(numbered));
    }
    CHECK(numbered > 60);
    for (const std::string_view line : split(text, '\n')) {
        const std::size_t at = line.find(", sends ");
        if (!line.starts_with("192.0.2.20") || at == std::string_view::npos) continue;
        for (const std::string_view word : split(line.substr(at + 8), ' ')) {
            std::size_t number = 0;
            for (const char c : word)
                if (c >= '0' && c <= '9') number = number * 10 + static_cast<std::size_t>(c - '0');
            CHECK(number <= numbered);
        }
    }
}

TEST_CASE("a plan of a whole network is written as it is reckoned, and quickly") {
    const Folder folder("plan_large");
    const auto began = std::chrono::steady_clock::now();
    const std::string text = plan(folder, R"({"range":"10.20.0.0/18","probes":["modbus","http"]})");
    CHECK(std::chrono::steady_clock::now() - began < 20s);
    CHECK(lines_of(text, "10.20.").size() > 2 * 16'000);
    CHECK(lines_of(text, "    1 = ").size() == 1);
}

TEST_CASE("the duration that is expected is the one that it takes: closed ports as quickly, silent ones no longer") {
    Scope scope;
    scope.until = Time::max();
    for (int i = 1; i <= 4; ++i) {
        ScopeRange range;
        range.range = AddressRange::parse("127.0.48." + std::to_string(i)).value();
        range.probes = {"http"};
        range.ports["http"] = {1, 2, 3, 4, 5};
        scope.ranges.push_back(range);
    }
    const auto run = [&](Campaign& campaign) {
        WireOptions wire;
        wire.now = Time{} + std::chrono::hours(24 * 365 * 50);
        const auto began = std::chrono::steady_clock::now();
        CHECK(Wire(wire).run(campaign));
        return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    };
    Campaign closed(scope, {}, {}, nullptr, {});
    const auto least = closed.expected().least;
    const auto took = run(closed);
    INFO(took.count(), " ms, expected ", least.count());
    CHECK(took >= least * 7 / 10);
    CHECK(took <= least * 13 / 10 + 300ms);

    const Peer silent("127.0.48.9", behaviour::silent());
    Scope one = scope;
    one.ranges.resize(1);
    one.ranges.front().range = AddressRange::parse("127.0.48.9").value();
    one.ranges.front().ports["http"] = {silent.port()};
    Campaign waits(one, {}, {}, nullptr, {});
    const auto waited = run(waits);
    INFO(waited.count(), " ms, expected at most ", waits.expected().most.count());
    CHECK(waited <= waits.expected().most);
    CHECK(waited >= waits.expected().least);
}

TEST_CASE("the plan says within which hours, and that summer time does not move them") {
    const Folder folder("plan_windows");
    folder.write("scope.json",
                 R"({"schema":"herkomst-scope/1","authorised_by":"A. Person","purpose":"test","valid":{"from":)"
                 R"("2026-11-01T00:00:00Z","until":"2026-12-01T00:00:00Z"},"windows":[{"days":["mon","fri"],"from":"22:00",)"
                 R"("until":"04:30","utc_offset":"-03:30"},{"from":"00:00","until":"24:00"}],"ranges":[{"range":"192.0.2.1",)"
                 R"("probes":["http"]}]})");
    const std::string text =
        herkomst_does("probe --dry-run --now 2026-11-27T12:00:00Z --scope " + (folder.path() / "scope.json").string()).out;
    INFO(text);
    CHECK(lines_of(text,
                   "asked only Mondays, Fridays from 22:00 to 04:30, UTC-03:30: a fixed offset, which summer time does not "
                   "move")
              .size() == 1);
    CHECK(lines_of(text, "asked only daily from 00:00 to 24:00, UTC+00:00").size() == 1);
}

TEST_SUITE_END();

}  // namespace plan_test
