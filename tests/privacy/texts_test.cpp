// Every text of a protocol that a decoder keeps is tried: a name of a person is written over it in the decoder's own examples.
// What then stands in a claim must be a place that is kept on purpose (kept.h says which and why); a new one fails until it is
// either left out or listed there.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "capture.h"
#include "core/field.h"
#include "kept.h"

using namespace herkomst;
using namespace herkomst::privacy;

namespace texts_test {

TEST_SUITE_BEGIN("privacy.texts");

namespace {

// Letters that stand in no example, so that what comes out is what was put in.
std::string planted_text(std::size_t size) {
    std::string text = "Qwilhelmina van Zeventer Qwilhelmina van Zeventer";
    text.resize(size, 'q');
    return text;
}

bool is_words(std::string_view value) {
    return value.size() >= 4 &&
           std::any_of(value.begin(), value.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

// The example's messages with `planted` in place of `value`; false when their bytes do not have it.
bool overwrite(const Example& example, std::string_view value, std::string_view planted,
               std::vector<std::vector<std::uint8_t>>& messages) {
    bool any = false;
    for (const ExampleMessage& message : example.messages) {
        const std::vector<std::uint8_t> bytes = bytes_of(message);
        std::string raw(bytes.begin(), bytes.end());
        for (std::size_t at = raw.find(value); at != std::string::npos; at = raw.find(value, at + value.size())) {
            raw.replace(at, value.size(), planted);
            any = true;
        }
        messages.emplace_back(raw.begin(), raw.end());
    }
    return any;
}

using Places = std::map<std::string, std::string>;  // "method field" -> an example's title

void try_texts(const Decoder& decoder, const Example& example, Places& places) {
    const Played original = play(decoder, example);
    for (const StagedClaim& claim : original.claims) {
        if (!is_words(claim.value) || claim.field == Field::remote_observed) continue;
        const std::string place = claim.method + " " + std::string(name(claim.field));
        if (places.contains(place)) continue;
        const std::string planted = planted_text(claim.value.size());
        std::vector<std::vector<std::uint8_t>> messages;
        if (!overwrite(example, claim.value, planted, messages)) continue;
        const Played played = play(decoder, example, messages);
        // Lower case, and what a claim adds around the text, do not matter.
        const bool kept = std::any_of(played.claims.begin(), played.claims.end(), [&](const StagedClaim& one) {
            return one.method == claim.method && one.field == claim.field &&
                   lower(one.value).find(lower(planted)) != std::string::npos;
        });
        // A frame that guards its text with a sum is not understood any more: its text counts as kept.
        if (kept || played.claims.size() + 1 < original.claims.size()) places.emplace(place, example.title);
    }
}

bool of_the_device(std::string_view field) {
    return std::find(std::begin(plates), std::end(plates), field) != std::end(plates);
}

}  // namespace

TEST_CASE("a text that is kept is a plate of the device, or kept on purpose; nothing else is") {
    std::set<std::string> listed;
    for (const Kept& kept : kept_on_purpose) {
        CHECK_FALSE(kept.why.empty());
        for (const std::string_view place : kept.places)
            CHECK_MESSAGE(listed.emplace(place).second, "twice: ", std::string(place));
    }
    std::set<std::string> seen;
    for (const Decoder& decoder : all_decoders()) {
        Places places;
        for (const Example& example : decoder.examples) try_texts(decoder, example, places);
        for (const auto& [place, title] : places) {
            if (of_the_device(std::string_view(place).substr(place.find(' ') + 1))) continue;
            seen.insert(place);
            CHECK_MESSAGE(listed.contains(place), place, " keeps what people may write there (", title,
                          "): leave it out, or list it in kept.h");
        }
    }
    // What is listed is there: a place that is gone goes from the list too.
    for (const std::string& place : listed) CHECK_MESSAGE(seen.contains(place), place);
}

TEST_SUITE_END();

}  // namespace texts_test
