// --own: public addresses that belong to the site count as inside.
#include "cli/own_ranges.h"
#include "tests/cli/program.h"

#include <doctest/doctest.h>

using namespace herkomst;

namespace own_test {

TEST_SUITE_BEGIN("own");

namespace {

std::vector<std::string> ranges_in(const std::vector<std::string>& args, bool& fine) {
    cli::OwnRanges own;
    Options options("test", "Tests.");
    own.declare(options);
    int exit_code = 0;
    REQUIRE(options.parse(args, exit_code));
    std::vector<std::string> problems;
    own.read(problems);
    fine = problems.empty();
    std::vector<std::string> texts;
    for (const AddressRange& range : own.ranges()) texts.push_back(range.text());
    return texts;
}

}  // namespace

TEST_CASE("a prefix, a pair or an address, IPv4 or IPv6") {
    bool fine = false;
    CHECK(ranges_in({"--own", "198.51.100.0/28", "--own", "203.0.113.4-203.0.113.9", "--own", "192.0.2.7", "--own",
                     "2001:db8:7::/48"},
                    fine) == std::vector<std::string>{"198.51.100.0-198.51.100.15", "203.0.113.4-203.0.113.9", "192.0.2.7",
                                                      "2001:db8:7::-2001:db8:7:ffff:ffff:ffff:ffff:ffff"});
    CHECK(fine);
    CHECK(ranges_in({}, fine).empty());
    CHECK(fine);
    // A /8 is the most that anybody holds.
    CHECK(ranges_in({"--own", "44.0.0.0/8"}, fine).size() == 1);
    CHECK(fine);
}

TEST_CASE("what cannot be a site's is refused") {
    for (const char* wrong : {"198.51.100.0/33", "198.51.100.1/24", "example.org", "", "0.0.0.0/0", "2000::/3",
                              "203.0.113.9-192.0.2.1", "192.0.2.1-2001:db8::1", "198.51.100.0/2x"}) {
        CAPTURE(wrong);
        bool fine = true;
        CHECK(ranges_in({"--own", wrong}, fine).empty());
        CHECK_FALSE(fine);
    }
}

TEST_CASE("scan, listen and probe have the option and say every problem at once") {
    for (const auto& [command, what] : {std::pair{"scan", " nothing.pcap"}, std::pair{"listen", " -i lo"},
                                        std::pair{"probe", " --only nothing --from nowhere"}}) {
        CAPTURE(command);
        const program::Ran help = program::herkomst_says(std::string(command) + " --help");
        CHECK(program::says(help, "--own"));
        CHECK(help.exit_code == 0);
        const program::Ran ran = program::herkomst_says(std::string(command) + what + " --own 0.0.0.0/0 --own mine");
        CHECK(ran.exit_code == 2);
        CHECK(program::says(ran, "--own: \"0.0.0.0/0\" is wider than any site is"));
        CHECK(program::says(ran, "--own: \"mine\" is no address"));
        if (std::string_view(command) != "probe") continue;
        CHECK(program::says(ran, "there is no probe \"nothing\""));
        CHECK(program::says(ran, "--from \"nowhere\" is no address"));
    }
}

TEST_SUITE_END();

}  // namespace own_test
