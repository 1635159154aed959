// CBOR read for its texts alone: what is found, what is skipped, and what ends the reading.
#include <doctest/doctest.h>

#include <string>

#include "core/text.h"
#include "decoders/cbor_text.h"

using namespace herkomst;

namespace cbor_test {

TEST_SUITE_BEGIN("decoders.cbor");

namespace {

// "key=text;" for each; "?" in front when the map did not end as it says.
std::string texts_of(std::string_view hex) {
    const std::vector<std::uint8_t> bytes = unhex(hex);
    Reading reading;
    ByteCursor at(bytes, reading);
    std::string out;
    const bool good = each_cbor_text(
        at, [&](std::string_view key, const Slice& text) { out.append(key).append("=").append(text.text()).append(";"); });
    CHECK(good == (good && reading.ok));
    return good ? out : "?" + out;
}

}  // namespace

TEST_CASE("texts of a map, counted or open; all else is skipped") {
    CHECK(texts_of("a1 61 61 61 62") == "a=b;");
    CHECK(texts_of("bf 61 61 61 62 ff") == "a=b;");
    CHECK(texts_of("a0").empty());
    // numbers, bytes, a list, a map, a tag, true, a double
    CHECK(texts_of(
              "a8 6161 1903e8 6162 43010203 6163 820102 6164 a10161 61 6165 c101 6166 f5 6167 fb0000000000000000 6168 6178") ==
          "h=x;");
    CHECK(texts_of("a2 6161 9f 01 9f ff ff 6162 6178") == "b=x;");
    CHECK(texts_of("a1 6161 7803 616263") == "a=abc;");
}

TEST_CASE("what is no such map, is cut or lies ends the reading; what was found before stays") {
    CHECK(texts_of("") == "?");
    CHECK(texts_of("81 a1 6161 6162") == "?");
    CHECK(texts_of("a2 6161 6162") == "?a=b;");
    CHECK(texts_of("bf 6161 6162") == "?a=b;");
    CHECK(texts_of("a2 6161 6162 01 02") == "?a=b;");
    CHECK(texts_of("a1 6161 7bffffffffffffffff") == "?");
    CHECK(texts_of("a1 6161 5bffffffffffffffff") == "?");
    CHECK(texts_of("a1 6161 9bffffffffffffffff") == "?");
    CHECK(texts_of("bbffffffffffffffff 6161 6162") == "?a=b;");
    CHECK(texts_of("a1 6161 1c") == "?");
    CHECK(texts_of("a1 6161 ff") == "?");
    // Lists within one another, deeper than anybody needs.
    CHECK(texts_of("a2 6161 81818181818101 6162 6178") == "b=x;");
    CHECK(texts_of("a2 6161 818181818181818181818101 6162 6178") == "?");
    // Texts in pieces are not read.
    CHECK(texts_of("a1 6161 7f 6161 ff") == "?");
}

TEST_SUITE_END();

}  // namespace cbor_test
