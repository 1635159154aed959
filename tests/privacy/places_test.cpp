// Every decoder that can carry a person: what is planted there is read over, and stands in no claim. Where no person has a
// place, planted.h says so; a decoder that is in neither list fails.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "capture.h"

using namespace herkomst;
using namespace herkomst::privacy;

namespace places_test {

TEST_SUITE_BEGIN("privacy.places");

namespace {

// As characters, in UTF-16, as NetBIOS writes it (RFC 1001 section 14.1: each half of a byte as a letter), or as HART does
// (four characters in three bytes, of each the lower six bits).
bool carries_a_person(const Example& example) {
    std::string wide;
    std::string halves;
    for (const char c : person) {
        const char upper = static_cast<char>(c - 'a' + 'A');
        wide += {c, '\0'};
        halves += {static_cast<char>('a' + (upper >> 4)), static_cast<char>('a' + (upper & 15))};
    }
    std::string packed;
    std::uint32_t four = 0;
    for (const char c : person.substr(0, 4)) four = four << 6 | (static_cast<std::uint32_t>(c - 'a' + 'A') & 0x3f);
    for (const unsigned shift : {16U, 8U, 0U}) packed += static_cast<char>(four >> shift & 0xff);
    return std::any_of(example.messages.begin(), example.messages.end(), [&](const ExampleMessage& message) {
        const std::vector<std::uint8_t> bytes = bytes_of(message);
        const std::string_view raw(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        const std::string text = lower(raw);
        return text.find(person) != std::string::npos || text.find(wide) != std::string::npos ||
               text.find(halves) != std::string::npos || raw.find(packed) != std::string::npos;
    });
}

bool listed(const Decoder& decoder) {
    return std::any_of(std::begin(nobody), std::end(nobody), [&](const Nobody& group) {
        return std::find(group.decoders.begin(), group.decoders.end(), decoder.name) != group.decoders.end();
    });
}

bool planted_somewhere(const Decoder& decoder) {
    const auto& other = elsewhere;
    return std::any_of(decoder.examples.begin(), decoder.examples.end(), carries_a_person) ||
           std::any_of(plantings.begin(), plantings.end(), [&](const Planting& p) { return p.decoder == decoder.name; }) ||
           std::find(std::begin(other), std::end(other), decoder.name) != std::end(other);
}

}  // namespace

TEST_CASE("every decoder has a person planted in it, or is listed as having no place for one") {
    for (const Decoder& decoder : all_decoders()) {
        CHECK_MESSAGE((planted_somewhere(decoder) || listed(decoder)), std::string(decoder.name),
                      ": plant a name in it (planted.h), or say there why nobody is named");
    }
    for (const Nobody& group : nobody) {
        for (const std::string_view name : group.decoders) {
            const Decoder* decoder = decoder_named(name);
            REQUIRE_MESSAGE(decoder != nullptr, std::string(name));
            CHECK_MESSAGE(std::none_of(decoder->examples.begin(), decoder->examples.end(), carries_a_person),
                          std::string(name));
        }
    }
    for (const std::string_view name : elsewhere) CHECK_MESSAGE(decoder_named(name) != nullptr, std::string(name));
}

TEST_CASE("what is planted is understood, and all that is claimed of it is what the planting says") {
    for (const Planting& planting : plantings) {
        INFO(std::string(planting.decoder), ": ", std::string(planting.example.title));
        const Decoder* decoder = decoder_named(planting.decoder);
        REQUIRE(decoder != nullptr);
        CHECK(carries_a_person(planting.example));
        const Played played = play(*decoder, planting.example);
        CHECK(played.recognised);
        CHECK(played.malformed == 0);
        std::vector<std::string> claims;
        for (const StagedClaim& claim : played.claims) claims.push_back(notation(claim, planting.example));
        std::vector<std::string> expected(planting.example.claims.begin(), planting.example.claims.end());
        std::sort(claims.begin(), claims.end());
        claims.erase(std::unique(claims.begin(), claims.end()), claims.end());
        std::sort(expected.begin(), expected.end());
        INFO(fmt::format("claimed: {}", fmt::join(claims, "; ")));
        CHECK(claims == expected);
    }
}

TEST_CASE("no claim of any example names a person") {
    for (const Decoder& decoder : all_decoders()) {
        std::vector<const Example*> all;
        for (const Example& example : decoder.examples) all.push_back(&example);
        for (const Planting& planting : plantings)
            if (planting.decoder == decoder.name) all.push_back(&planting.example);
        for (const Example* example : all) {
            for (const StagedClaim& claim : play(decoder, *example).claims) {
                CHECK_MESSAGE(told(claim.value).empty(), std::string(decoder.name), ": ", claim.method, "=", claim.value);
            }
        }
    }
}

TEST_SUITE_END();

}  // namespace places_test
