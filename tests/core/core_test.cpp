#include <doctest/doctest.h>

#include <random>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/endpoint.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/text.h"

using namespace herkomst;

namespace core_test {

TEST_SUITE_BEGIN("core");

namespace {

const std::uint8_t eight[] = {1, 2, 3, 4, 5, 6, 7, 8};

}  // namespace

TEST_CASE("a cursor reads both byte orders and knows where it is") {
    Reading reading;
    ByteCursor cursor(eight, reading);
    CHECK(cursor.u8() == 1);
    CHECK(cursor.be16() == 0x0203);
    CHECK(cursor.le16() == 0x0504);
    CHECK(cursor.be24() == 0x060708);
    CHECK(cursor.done());
    CHECK(cursor.ok());
    CHECK(cursor.offset() == 8);
}

TEST_CASE("the first short read fails the whole message, its narrower cursors too, and for good") {
    Reading reading;
    ByteCursor cursor(eight, reading);
    ByteCursor inner = cursor.take(3);
    CHECK(inner.be16() == 0x0102);
    CHECK(inner.be16() == 0);  // one byte left of three
    CHECK(!inner.ok());
    CHECK(!cursor.ok());
    CHECK(cursor.done());
    CHECK(cursor.u8() == 0);
    CHECK(cursor.rest().empty());
    CHECK(cursor.peek() == 0);
    CHECK(cursor.text_ahead().empty());
}

TEST_CASE("a field that is not there moves nobody's offsets") {
    Reading reading;
    ByteCursor cursor(eight, reading);
    cursor.skip(3);
    CHECK(whole(Slice{}, reading).done());
    CHECK(cursor.offset() == 3);
    CHECK(whole(cursor.bytes(2), reading).offset() == 3);
}

TEST_CASE("a narrower cursor never reaches past what it was given, whatever length is asked for") {
    for (std::size_t n = 0; n <= 9; ++n) {
        Reading reading;
        ByteCursor cursor(eight, reading);
        ByteCursor inner = cursor.take(n);
        CHECK(reading.ok == (n <= 8));
        std::size_t read = 0;
        while (!inner.done()) {
            inner.u8();
            ++read;
        }
        CHECK(read == (n <= 8 ? n : 0));
    }
    Reading reading;
    ByteCursor cursor(eight, reading);
    cursor.skip(SIZE_MAX);
    CHECK(!cursor.ok());
}

TEST_CASE("slices carry their place in the message, through narrowing") {
    Reading reading;
    ByteCursor cursor(eight, reading);
    cursor.skip(2);
    ByteCursor inner = cursor.take(4);
    inner.skip(1);
    const ByteCursor from = inner;
    inner.skip(2);
    CHECK(inner.since(from).offset == 3);
    CHECK(inner.since(from).size() == 2);
}

TEST_CASE("lines end at LF, with or without CR") {
    const std::string text = "one\r\ntwo\nrest";
    Reading reading;
    ByteCursor cursor(Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()), reading);
    CHECK(cursor.line().text() == "one");
    CHECK(cursor.line().text() == "two");
    CHECK(cursor.line().empty());
    CHECK(!cursor.ok());
}

TEST_CASE("MAC and IP addresses: what is written is read again, what is not one is refused") {
    CHECK(Mac::parse("00:1B-1b.0C4f2E")->text() == "00:1b:1b:0c:4f:2e");
    CHECK(!Mac::parse("00:1b:1b:0c:4f"));
    CHECK(!Mac::parse("00:1b:1b:0c:4f:2e:00"));
    CHECK(!Mac::parse("zz:1b:1b:0c:4f:2e"));
    CHECK(Mac::parse("02:00:00:00:00:01")->locally_administered());
    CHECK(Mac::parse("01:80:c2:00:00:0e")->group());
    for (const char* text : {"10.0.0.1", "255.255.255.255", "::1", "fe80::1", "2001:db8::8:800:200c:417a"}) {
        CHECK(IpAddress::parse(text)->text() == text);
    }
    for (const char* text : {"", "10.0.0", "10.0.0.256", "10.0.0.1.1", "1::2::3", "g::1", "10.0.0.1 "})
        CHECK(!IpAddress::parse(text));
    CHECK(IpAddress::parse("172.31.255.255")->is_private());
    CHECK(!IpAddress::parse("172.32.0.0")->is_private());
    CHECK(!IpAddress::parse("203.0.113.7")->is_private());
    CHECK(Vlan::parse("12.34")->text() == "12.34");
    CHECK(!Vlan::parse("4095"));
    CHECK(!Vlan::parse("12."));
}

TEST_CASE("times: RFC 3339 both ways") {
    for (const char* text : {"2026-11-21T20:15:00Z", "1970-01-01T00:00:00.000000001Z", "1969-12-31T23:59:59.5Z"}) {
        CHECK(rfc3339(*parse_rfc3339(text)) == text);
    }
    CHECK(rfc3339(*parse_rfc3339("2026-11-21T20:15:00+01:00")) == "2026-11-21T19:15:00Z");
    CHECK(rfc3339(*parse_rfc3339("2026-11-21")) == "2026-11-21T00:00:00Z");
    for (const char* text :
         {"0970-01-01", "1677-09-20T00:00:00Z", "2262-04-12", "9999-12-31T23:59:59Z", "", "2026", "2026-13-01", "2026-02-30",
          "2026-11-21T25:00:00Z", "2026-11-21T20:15:00", "2026-11-21T20:15:00.Z", "2026-11-21T20:15:00+1:00"}) {
        CHECK(!parse_rfc3339(text));
    }
}

TEST_CASE("text from the network is made safe and bounded") {
    using namespace std::string_view_literals;
    CHECK(clean("  a\0\0b\r\n\tc \x7f "sv) == "a b c");
    CHECK(clean("caf\xe9") == "caf\xc3\xa9");
    CHECK(clean("caf\xc3\xa9") == "caf\xc3\xa9");
    CHECK(clean("\x1b[31mred") == "[31mred");
    // A right-to-left override in a name, isolates around it, marks that nobody sees, and a line that ends within it.
    CHECK(clean("PLC\u202e21-CLP") == "PLC21-CLP");
    CHECK(clean("\u2067a\u2069\u200f\u061cb") == "ab");
    CHECK(clean("\ufeffSie\u200bmens\u2060") == "Siemens");
    CHECK(clean("one\u2028two\u2029") == "one two");
    CHECK(clean("\u2026 \u20ac5") == "\u2026 \u20ac5");
    CHECK(clean("a\xc2\x9b"
                "31mb") == "a 31mb");
    CHECK(clean(std::string(1000, 'x'), 10).size() == 10);
    CHECK(clean("12345\xc3\xa9", 6) == "12345");
    std::mt19937 random(1);
    for (int i = 0; i < 2000; ++i) {
        std::string raw(random() % 60, '\0');
        for (char& c : raw) c = static_cast<char>(random());
        const std::string once = clean(raw, 40);
        CHECK(once.size() <= 40);
        CHECK(clean(once, 40) == once);
        std::string quoted;
        append_json_string(quoted, raw);
        CHECK(parse_json(quoted, "x").ok());
    }
    CHECK(folded("Siemens AG,  (Munich)") == "siemens ag munich");
    CHECK(without_user("sip:alice@example.org") == "example.org");
    CHECK(without_user("http://bob:pw@host/path") == "http://host/path");
    CHECK(unhex("0a 0B|0c // comment ff\n 0d") == std::vector<std::uint8_t>{10, 11, 12, 13});
    CHECK(unhex("0a0").empty());
}

TEST_CASE("base64: the test vectors of RFC 4648 section 10; padding may be missing, anything else may not be there") {
    CHECK(base64_decoded("") == "");
    CHECK(base64_decoded("Zg==") == "f");
    CHECK(base64_decoded("Zm8=") == "fo");
    CHECK(base64_decoded("Zm9vYmFy") == "foobar");
    CHECK(base64_decoded("Zm9vYg") == "foob");
    CHECK(base64_decoded("+/+/") == "\xfb\xff\xbf");
    CHECK(!base64_decoded("Zm9v YmFy"));
    CHECK(!base64_decoded("Zm-v"));
}

TEST_CASE("JSON: strict, ordered, with the line of the first mistake") {
    const auto value = parse_json(R"({"b":[1,-2,3.5,true,null,"x\u00e9"],"a":{}})", "f");
    REQUIRE(value.ok());
    CHECK(write_json(value.value()) == "{\"a\":{},\"b\":[1,-2,3.5,true,null,\"x\xc3\xa9\"]}");
    CHECK(value.value()["b"].at(1).integer() == -2);
    CHECK(value.value()["none"]["deeper"].is_null());
    CHECK(parse_json("{\"a\":1,\n\"a\":2}", "f").problems().at(0).sentence == "the key \"a\" stands twice in one object");
    CHECK(parse_json("{\n\n,}", "f").problems().at(0).place == "f:3");
    for (const char* bad : {"", "{", "[1,]", "{\"a\":1,}", "nul", "\"\xff\"", "01", "[1] x"}) CHECK(!parse_json(bad, "f").ok());
    CHECK(!parse_json(std::string(1000, '['), "f").ok());
}

TEST_CASE("digests are the published ones") {
    CHECK(sha256(std::string_view("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(md5("abc") == "900150983cd24fb0d6963f7d28e17f72");
    Sha256 parts;
    parts.add("a");
    parts.add("bc");
    CHECK(parts.hex() == sha256(std::string_view("abc")));
}

TEST_CASE("packed files are unpacked, damaged and oversized ones are refused with a sentence") {
    // "herkomst\n" by gzip -n and by zstd.
    const std::vector<std::uint8_t> gzip = unhex("1f8b0800000000000003cb482dcacecf2d2ee10200f1eb62af09000000");
    const std::string packed(gzip.begin(), gzip.end());
    const auto whole = unpacked(packed, "f");
    REQUIRE(whole.ok());
    CHECK(whole.value() == "herkomst\n");
    CHECK(!unpacked(packed.substr(0, packed.size() - 6), "f").ok());
    CHECK(!unpacked(packed, "f", 4).ok());
    CHECK(unpacked("plain", "f").value() == "plain");
    CHECK(!read_file("/nonexistent/file").ok());
    CHECK(!read_file("/").ok());
}

TEST_SUITE_END();

}  // namespace core_test
