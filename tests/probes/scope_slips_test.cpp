// Slips of the pen in a scope file: what is read in a way that its writer did not mean is refused.
#include <doctest/doctest.h>

#include <algorithm>

#include "probes/campaign.h"
#include "probes/scope.h"
#include "scope_problems.h"

using namespace herkomst;

namespace scope_slips_test {

TEST_SUITE_BEGIN("probe_scope_slips");

namespace {

// A scope file with these ranges, which are JSON.
std::string with_ranges(const std::string& ranges, const std::string& more = "") {
    return R"({"schema":"herkomst-scope/1","authorised_by":"A. Person","purpose":"test","valid":{"from":)"
           R"("2026-11-01T00:00:00Z","until":"2026-12-01T00:00:00Z"},"ranges":[)" +
           ranges + "]" + more + "}";
}
std::string web(const std::string& range) { return R"({"range":")" + range + R"(","probes":["http"]})"; }

}  // namespace

TEST_CASE("scope: an address has one name, and a range holds nobody's") {
    for (const std::string wrong :
         {"::ffff:192.0.2.5", "::ffff:192.0.2.0/120", "64:ff9b::192.0.2.5", "64:ff9b:1::5", "::ffff:0:192.0.2.5", "::192.0.2.5",
          "::2/127", "2002:c000:205::/48", "2001:0:c000:205::1"}) {
        CHECK_MESSAGE(complains(problems_of(with_ranges(web(wrong))), "scope.json: /ranges/0/range: holds IPv4"), wrong);
        const std::string exclude = R"(,"exclude":[")" + wrong + R"("])";
        CHECK_MESSAGE(complains(problems_of(with_ranges(web("192.0.2.5"), exclude)), "scope.json: /exclude/0: holds IPv4"),
                      wrong);
    }
    for (const std::string wrong :
         {"223.255.255.254-224.0.0.3", "239.255.255.250-240.0.0.1", "224.0.0.1", "255.255.255.255",
          "255.255.255.250-255.255.255.255", "0.0.0.0", "::", "::/127", "feff:ffff:ffff:ffff:ffff:ffff:ffff:fff0-ff00::1"})
        CHECK_MESSAGE(complains(problems_of(with_ranges(web(wrong))), "scope.json: /ranges/0/range: is nobody's"), wrong);
    for (const std::string right : {"::1", "192.0.2.5", "2001:db8::/120", "223.255.255.0/24", "fe80::1"})
        CHECK_MESSAGE(problems_of(with_ranges(web(right))).empty(), right);
}

TEST_CASE("scope: two ranges of one size that share an address are refused, for neither decides") {
    CHECK(complains(problems_of(with_ranges(web("192.0.2.0/24") + "," + web("198.51.100.7") + "," + web("192.0.2.0/24"))),
                    "scope.json: /ranges/2/range: shares addresses with /ranges/0"));
    CHECK(complains(problems_of(with_ranges(web("192.0.2.9-192.0.2.12") + "," + web("192.0.2.6-192.0.2.9"))),
                    "scope.json: /ranges/1/range: shares addresses with /ranges/0"));
    CHECK(problems_of(with_ranges(web("192.0.2.0/24") + "," + web("192.0.2.0/25") + "," + web("192.0.2.128/25"))).empty());
}

TEST_CASE("scope: a time of day is written as one, and a window neither is nothing nor a whole day by a slip") {
    const auto window = [](const std::string& from, const std::string& until) {
        return problems_of(
            with_ranges(web("192.0.2.5"), R"(,"windows":[{"from":")" + from + R"(","until":")" + until + R"("}])"));
    };
    for (const std::string wrong : {"2x:00", "3-:00", "22:0y", "-2:00", "22:-1", " 2:00", "2:000"})
        CHECK_MESSAGE(complains(window(wrong, "05:00"), "scope.json: /windows/0/from: must be a time of day"), wrong);
    CHECK(complains(window("22:00", "22:00"), "scope.json: /windows/0/until: is when it begins"));
    CHECK(window("00:00", "24:00").empty());
    CHECK(window("22:00", "04:00").empty());
}

TEST_CASE("scope: a port of a server of few clients is no other question's, whatever family that server is of") {
    const auto ports = [](const std::string& probe, unsigned port) {
        return problems_of(with_ranges(R"({"range":"192.0.2.5","probes":[")" + probe + R"("],"ports":{")" + probe + "\":[" +
                                       std::to_string(port) + "]}}"));
    };
    for (const auto& [probe, port] :
         std::initializer_list<std::pair<const char*, unsigned>>{{"telnet", 1502},
                                                                 {"http", 6607},
                                                                 {"http", 8899},
                                                                 {"https", 1502},
                                                                 // Of protocols that are only listened to.
                                                                 {"telnet", 503},
                                                                 {"telnet", 5020},
                                                                 {"telnet", 4196},
                                                                 {"telnet", 8234},
                                                                 {"telnet", 18245},
                                                                 {"telnet", 1962},
                                                                 {"telnet", 20547},
                                                                 {"telnet", 11740},
                                                                 {"telnet", 789},
                                                                 {"telnet", 2222},
                                                                 {"telnet", 34964},
                                                                 {"http", 5094},
                                                                 {"tls_certificate", 4841},
                                                                 {"s7comm", 503},
                                                                 {"snmp", 5020}})
        CHECK_MESSAGE(complains(ports(probe, port), std::string("scope.json: /ranges/0/ports/") + probe + "/0: is a port of"),
                      port);
    CHECK(ports("http", 8080).empty());
    CHECK(ports("modbus", 1502).empty());
    CHECK(ports("modbus", 5020).empty());
    CHECK(ports("ssh", 2222).empty());  // one of its own elsewhere
    CHECK(ports("ssh", 2022).empty());
}

TEST_CASE("scope: one unit that is no device's own name is behind a gateway, which is asked at its pace") {
    const auto pause = [](std::vector<std::uint32_t> units) {
        Scope scope;
        scope.until = Time::max();
        ScopeRange range;
        range.range = AddressRange::parse("192.0.2.20").value();
        range.probes = {"modbus"};
        range.units = std::move(units);
        scope.ranges.push_back(range);
        return Campaign(scope, {}, {}, nullptr, {}).schedule().pause_of(0);
    };
    CHECK(pause({}) == Schedule::pause);
    CHECK(pause({255}) == Schedule::pause);
    CHECK(pause({1}) == Schedule::pause);
    CHECK(pause({5}) == Schedule::gateway_pause);
    CHECK(pause({1, 2}) == Schedule::gateway_pause);
}

TEST_SUITE_END();

}  // namespace scope_slips_test
