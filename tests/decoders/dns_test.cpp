// What the DNS decoders do beyond claims: names for addresses, and names that point at themselves.
#include <doctest/doctest.h>

#include "core/text.h"
#include "decoders/dns_message.h"
#include "decoders/run.h"

using namespace herkomst;

namespace dns_test {

TEST_SUITE_BEGIN("dns");

namespace {

std::vector<Claims::Name> names_in(const Example& example) {
    const Decoder* dns = decoder_named("dns");
    REQUIRE(dns != nullptr);
    std::vector<Claims::Name> names;
    std::vector<StagedClaim> claims;
    FlowState state;
    for (const ExampleMessage& message : example.messages) {
        Flow flow;
        flow.layer = example.layer;
        flow.sender.port = message.from == From::Server ? example.port : std::uint16_t{40000};
        flow.receiver.port = message.from == From::Server ? std::uint16_t{40000} : example.port;
        flow.from_opener = message.from == From::Client;
        flow.state = &state;
        std::vector<std::uint8_t> bytes = bytes_of(message);
        while (!bytes.empty()) {
            const Ran ran = run(*dns, bytes, flow, claims, &names);
            REQUIRE(ran.outcome == Outcome::Done);
            bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(ran.bytes));
        }
    }
    CHECK(claims.empty());
    return names;
}

std::string name_at(const std::vector<std::uint8_t>& bytes, std::size_t offset) {
    Reading reading;
    const ByteCursor whole(bytes, reading);
    ByteCursor at = whole;
    at.skip(offset);
    const dns_wire::Name name = dns_wire::read_name(whole, at);
    return reading.ok ? name.text : "failed";
}

}  // namespace

TEST_CASE("the name that was asked stands for the addresses at the end of its aliases") {
    for (const Example& example : decoder_named("dns")->examples) {
        const auto names = names_in(example);
        REQUIRE(names.size() == 1);
        CHECK(names[0].name == "www.example.org");
        CHECK(names[0].ip.text() == "198.51.100.7");
    }
}

TEST_CASE("compressed names end, or fail") {
    CHECK(name_at(unhex("0161 00"), 0) == "a");
    CHECK(name_at(unhex("0161 00 0162 c000"), 3) == "b.a");
    CHECK(name_at(unhex("c000"), 0) == "failed");               // points at itself
    CHECK(name_at(unhex("0161 c000"), 0) == "failed");          // into itself
    CHECK(name_at(unhex("c002 c000"), 2) == "failed");          // at each other
    CHECK(name_at(unhex("0161 c004 0162 00"), 0) == "failed");  // forwards
    CHECK(name_at(unhex("8161 00"), 0) == "failed");            // reserved kind of label
    CHECK(name_at(unhex("0561"), 0) == "failed");               // short
    std::vector<std::uint8_t> staircase = unhex("0161 00");
    for (std::size_t i = 0; i < 300; ++i) {
        const std::size_t before = i == 0 ? 0 : staircase.size() - 4;
        staircase.insert(staircase.end(),
                         {1, 'x', static_cast<std::uint8_t>(0xc0 | (before >> 8)), static_cast<std::uint8_t>(before)});
    }
    CHECK(name_at(staircase, staircase.size() - 4) == "failed");  // 301 labels
    CHECK(name_at(staircase, 3 + 4 * 99).size() == 201);          // 101 labels
}

TEST_SUITE_END();

}  // namespace dns_test
