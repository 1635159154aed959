#include <doctest/doctest.h>

#include "core/lines.h"

using namespace herkomst;

namespace lines_test {

TEST_SUITE_BEGIN("lines");

namespace {

Observation sample() {
    Observation row;
    row.subject.site = "north";
    row.subject.vlan = {12, 0};
    row.subject.ip = *IpAddress::parse("10.0.0.7");
    row.subject.path = {"modbus/502/3"};
    row.field = Field::serial;
    row.value = "A \"quoted\" 1";
    row.strength = Strength::Stated;
    row.method = "modbus.sunspec";
    row.from = {"0123456789abcdef", 42, 60, 76};
    row.seen = {*parse_rfc3339("2026-11-21T10:00:00.5Z"), *parse_rfc3339("2026-11-21T11:00:00Z"), 3};
    return row;
}

}  // namespace

TEST_CASE("an observation is one compact line with sorted keys") {
    CHECK(
        write_json(to_json(sample())) ==
        R"({"count":3,"field":"serial","first_seen":"2026-11-21T10:00:00.5Z","from":{"bytes":[60,76],"frame":42,"source":"0123456789abcdef"},)"
        R"("last_seen":"2026-11-21T11:00:00Z","method":"modbus.sunspec","strength":"stated",)"
        R"("subject":{"ip":"10.0.0.7","path":["modbus/502/3"],"site":"north","vlan":"12"},"type":"observation","value":"A \"quoted\" 1"})");
    CHECK(header_line("assets", "v", "") == R"({"schema":"herkomst/1","type":"header","until":"assets","vendordb":"v"})");
    CHECK(header_line("assets", "v", "", default_tlp) ==
          R"({"schema":"herkomst/1","tlp":"AMBER+STRICT","type":"header","until":"assets","vendordb":"v"})");
}

TEST_CASE("lines are read again as they were written") {
    const Json line = to_json(sample());
    CHECK(to_json(observation_from(line, "x").value()) == line);
    Conversation talk;
    talk.a.ip = *IpAddress::parse("10.0.0.7");
    talk.b.ip = *IpAddress::parse("203.0.113.9");
    talk.b_name = "cloud.example";
    talk.service = "tls";
    talk.opened_by = "a";
    talk.bytes_ab = 10;
    talk.seen = sample().seen;
    CHECK(to_json(conversation_from(to_json(talk), "x").value()) == to_json(talk));
    const Coverage gap{{}, "capture", "truncated", 7};
    CHECK(to_json(coverage_from(to_json(gap), "x").value()) == to_json(gap));
}

TEST_CASE("a line that another process wrote is hostile: each wrong member is refused") {
    const Json good = to_json(sample());
    for (const auto& [key, bad] : std::initializer_list<std::pair<const char*, Json>>{{"field", "no_such_field"},
                                                                                      {"strength", "certain"},
                                                                                      {"value", 7},
                                                                                      {"value", "\x01"},
                                                                                      {"method", ""},
                                                                                      {"count", -1},
                                                                                      {"first_seen", "yesterday"},
                                                                                      {"subject", "10.0.0.7"},
                                                                                      {"from", Json()}}) {
        Json line = good;
        line[key] = bad;
        CAPTURE(key);
        CHECK(!observation_from(line, "x").ok());
    }
    Json deep = good;
    for (int i = 0; i < 20; ++i) deep["subject"]["path"].push("step");
    CHECK(!observation_from(deep, "x").ok());
    Json bytes = good;
    bytes["from"]["bytes"] = JsonArray{Json(9), Json(3)};
    CHECK(!observation_from(bytes, "x").ok());
}

TEST_SUITE_END();

}  // namespace lines_test
