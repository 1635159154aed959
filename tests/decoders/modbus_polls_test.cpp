// What a poll that says nothing is told by: never of one that says something.
#include <doctest/doctest.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "decoders/modbus_maps.h"
#include "decoders/sunspec.h"

using namespace herkomst;

namespace modbus_polls_test {

TEST_SUITE_BEGIN("decoders.modbus_polls");

namespace {

using Message = std::vector<std::uint8_t>;

// What real registers hold where something is said: serial numbers, names, type codes, switches; and what they hold elsewhere.
Message registers_like(std::mt19937& random, std::size_t count) {
    static const std::string texts[] = {"12345678901234567890", "SUN2000-100KTL", "GW50K-MT", "solax", "V100V200",
                                        "0a1b2c3d4e5f"};
    Message out(2 * count);
    const unsigned kind = random() % 8;
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (kind < 6) {
            out[i] = i < texts[kind].size() ? static_cast<std::uint8_t>(texts[kind][i]) : std::uint8_t{0};
        } else if (kind == 6) {
            out[i] = i % 2 == 0 ? std::uint8_t{0} : static_cast<std::uint8_t>(random() % 3);
        } else {
            out[i] = static_cast<std::uint8_t>(random());
        }
    }
    return out;
}

template <class T>
bool same(const T& a, const T& b) {
    return std::memcmp(&a, &b, sizeof a) == 0;
}

}  // namespace

TEST_CASE("registers that no map reads change nothing and say nothing, whatever stands there and whoever's unit it is") {
    std::mt19937 random(7);
    unsigned passed_over = 0;
    unsigned told = 0;
    const Flow flow;
    for (int round = 0; round < 400'000; ++round) {
        const auto start = static_cast<std::uint16_t>(round % 3 == 0 ? random() % 64 : random());
        const std::size_t count = 1 + random() % 40;
        modbus_maps::Units units{};
        units[0] = {1, static_cast<modbus_maps::Known>(random() % 5), static_cast<modbus_maps::Maker>(random() % 15)};
        const modbus_maps::Units before = units;
        const Message bytes = registers_like(random, count);
        Reading reading;
        std::vector<StagedClaim> out;
        Claims claims("modbus", flow, reading, out);
        Endpoint subject;
        subject.ip = IpAddress::v4(0xc0000201U);
        modbus_maps::observe_read(units, 1, random() % 2 == 0 ? 3 : 4, start, ByteCursor(bytes, reading),
                                  claims.about(subject));
        const bool said = !out.empty() || !same(units, before);
        if (said) ++told;
        if (modbus_maps::may_tell(start, count)) continue;
        ++passed_over;
        if (said) FAIL("register " << start << ", " << count);
    }
    // Neither side of the comparison was empty.
    CHECK(passed_over > 100'000);
    CHECK(told > 500);
}

TEST_CASE("registers outside of a chain's points say nothing of it") {
    std::mt19937 random(8);
    // Common model, nameplate, controls, and one that is not read.
    std::vector<std::uint16_t> chain = {0x5375, 0x6e53};
    for (const auto& [model, length] :
         std::vector<std::pair<std::uint16_t, std::uint16_t>>{{1, 66}, {103, 50}, {120, 26}, {123, 24}, {802, 62}}) {
        chain.push_back(model);
        chain.push_back(length);
        for (std::uint16_t i = 0; i < length; ++i) chain.push_back(i % 4 == 0 ? std::uint16_t{0x4141} : i);
    }
    chain.push_back(0xffff);
    chain.push_back(0);
    const auto window = [&](std::size_t from, std::size_t count) {
        Message bytes;
        for (std::size_t i = from; i < from + count; ++i) {
            const std::uint16_t value = i < chain.size() ? chain[i] : std::uint16_t{0};
            bytes.push_back(static_cast<std::uint8_t>(value >> 8));
            bytes.push_back(static_cast<std::uint8_t>(value));
        }
        return bytes;
    };
    const Flow flow;
    unsigned passed_over = 0;
    unsigned told = 0;
    for (int round = 0; round < 20'000; ++round) {
        sunspec::Walk walk{};
        for (int turn = 0; turn < 12; ++turn) {
            // From the beginning, on from the next header, or anywhere.
            std::size_t from = random() % (chain.size() + 4);
            if (turn == 0 && round % 8 != 0) from = 0;
            if (turn > 0 && walk.walking && random() % 3 == 0) from = walk.next - 40000U;
            const std::size_t count = 1 + random() % 60;
            const Message bytes = window(from, count);
            const auto start = static_cast<std::uint16_t>(40000 + from);
            const sunspec::Walk before = walk;
            Reading reading;
            std::vector<StagedClaim> out;
            Claims claims("modbus", flow, reading, out);
            Endpoint subject;
            subject.ip = IpAddress::v4(0xc0000201U);
            const bool may = sunspec::may_tell(&walk, start, ByteCursor(bytes, reading));
            const std::string_view maker =
                sunspec::observe_read(walk, start, ByteCursor(bytes, reading), claims.about(subject));
            const bool said = !out.empty() || !maker.empty() || !same(walk, before);
            if (said) ++told;
            if (may) continue;
            ++passed_over;
            if (said) FAIL("register " << start << ", " << count << ", turn " << turn);
        }
    }
    CHECK(passed_over > 10'000);
    CHECK(told > 10'000);
}

TEST_SUITE_END();

}  // namespace modbus_polls_test
