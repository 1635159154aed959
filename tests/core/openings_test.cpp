// When conversations were opened: the bound, the algebra, and what counts as a rhythm.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "core/lines.h"
#include "core/openings.h"

using namespace herkomst;

namespace openings_test {

TEST_SUITE_BEGIN("openings");

namespace {

Time at(std::int64_t milliseconds) { return Time(std::chrono::milliseconds(1'700'000'000'000 + milliseconds)); }

Openings of(const std::vector<std::int64_t>& milliseconds) {
    Openings openings;
    for (const std::int64_t each : milliseconds) openings.add(at(each));
    return openings;
}

}  // namespace

TEST_CASE("the earliest stay, in any order, in any parts, however often they are told") {
    std::mt19937 random(5);
    for (int round = 0; round < 50; ++round) {
        std::vector<std::int64_t> times;
        for (int i = 0; i < 100; ++i) times.push_back(static_cast<std::int64_t>(random() % 1'000'000));
        const Openings once = of(times);
        CHECK(once.times().size() == Openings::most);
        std::shuffle(times.begin(), times.end(), random);
        CHECK(of(times) == once);
        const auto cut = times.begin() + static_cast<std::ptrdiff_t>(random() % times.size());
        Openings left = of({times.begin(), cut});
        Openings right = of({cut, times.end()});
        Openings other = right;
        other.merge(left);
        left.merge(right);
        left.merge(right);
        CHECK(left == once);
        CHECK(other == once);
    }
}

TEST_CASE("a rhythm needs five openings; a missed beat costs, people have none") {
    CHECK_FALSE(of({0, 60'000, 120'000, 180'000}).rhythm());
    CHECK(of({0, 60'000, 120'000, 180'000, 240'000}).rhythm() == Rhythm{std::chrono::seconds(60), 100});
    // Two connections at once are one call.
    CHECK(of({0, 500, 60'000, 60'900, 120'000, 180'000, 240'000}).rhythm() == Rhythm{std::chrono::seconds(60), 100});
    CHECK(of({0, 60'400, 119'800, 180'000, 300'000}).rhythm() == Rhythm{std::chrono::seconds(60), 75});
    const auto person = of({0, 7'000, 190'000, 204'000, 900'000, 2'000'000}).rhythm();
    REQUIRE(person);
    CHECK(person->regular < Openings::beacon);
}

TEST_CASE("openings survive the machine interface") {
    Conversation talk;
    talk.a.ip = *IpAddress::parse("192.0.2.10");
    talk.b.ip = *IpAddress::parse("203.0.113.9");
    talk.opened_by = "a";
    talk.seen = {at(0) + std::chrono::microseconds(250), at(0) + std::chrono::microseconds(250), 1};
    talk.openings.add(talk.seen.first);
    CHECK_FALSE(to_json(talk).has("openings"));
    CHECK(conversation_from(to_json(talk), "x").value().openings == talk.openings);
    talk.openings.add(at(5'000));
    talk.seen.last = at(6'000);
    talk.seen.count = 2;
    CHECK(write_json(to_json(talk)["openings"]) == "[0,5000]");
    CHECK(conversation_from(to_json(talk), "x").value().openings == talk.openings);
    // Not before it began, nor after it was last seen.
    for (const char* wrong : {"[-1]", "[0,6001]", "[\"x\"]"}) {
        Json line = to_json(talk);
        line["openings"] = parse_json(wrong, "x").value();
        CHECK_FALSE(conversation_from(line, "x").ok());
    }
}

TEST_SUITE_END();

}  // namespace openings_test
