// The readers that several decoders share: JSON, DEFLATE, DER, HTTP heads. Their bounds are what is tested here; what they
// read right is tested by the decoders' examples.
#include <doctest/doctest.h>

#include <string>

#include "core/text.h"
#include "decoders/certificate.h"
#include "decoders/der.h"
#include "decoders/http_message.h"
#include "decoders/inflate_text.h"
#include "decoders/json_reader.h"

using namespace herkomst;

namespace readers_test {

TEST_SUITE_BEGIN("decoder readers");

namespace {

ByteCursor cursor(std::string_view text, Reading& reading) {
    return {Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()), reading};
}

}  // namespace

TEST_CASE("JSON: scalars with their paths, escapes resolved") {
    const JsonScalars read = read_json(R"( [2, "a\u00e9\ud83d\ude00\n", {"x": {"y": -1.5e3}, "z": [true, null, []]}] )");
    REQUIRE(read.whole);
    REQUIRE(read.all.size() == 5);
    CHECK(read.at("0") == "2");
    CHECK(read.string_at("0").empty());
    CHECK(read.string_at("1") == "a\xc3\xa9\xf0\x9f\x98\x80\n");
    CHECK(read.at("2/x/y") == "-1.5e3");
    CHECK(read.at("2/z/0") == "true");
    CHECK(read.at("2/z/1") == "null");
}

TEST_CASE("JSON: what is not JSON, too deep or too much is not whole") {
    for (const std::string_view text : {"", " ", "[", "[1", "[1,]", "{\"a\"}", "{\"a\":}", "[1] 2", "\"a", "\"\\x\"",
                                        "\"\\u12g4\"", "nul", "{1:2}", "[\"a\nb\"]", "]"}) {
        CAPTURE(text);
        CHECK_FALSE(read_json(text).whole);
    }
    CHECK(read_json(std::string(12, '[') + "1" + std::string(12, ']')).whole);
    CHECK_FALSE(read_json(std::string(13, '[') + "1" + std::string(13, ']')).whole);
    CHECK_FALSE(read_json(std::string(100'000, '[')).whole);
    std::string many = "[1";
    for (int i = 0; i < 600; ++i) many += ",1";
    const JsonScalars read = read_json(many + "]");
    CHECK_FALSE(read.whole);
    CHECK(read.all.size() == 512);
    CHECK(read_json("\"" + std::string(5000, 'x') + "\"").all.at(0).text.size() == 512);
}

TEST_CASE("DEFLATE: at most as much as asked for") {
    // 5000 times "a", raw, ended by a flush whose last four bytes are left out.
    const auto bytes = unhex("ecc13101000000c2a0aceb5fc2147e4001000000006f03");
    const std::string_view deflated(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    std::string text;
    CHECK(inflate_text(deflated, 5000, text));
    CHECK(text == std::string(5000, 'a'));
    CHECK_FALSE(inflate_text(deflated, 4999, text));
    CHECK(text.empty());
    CHECK_FALSE(inflate_text("\xff\xff\xff", 100, text));
    CHECK_FALSE(inflate_text("", 100, text));
    CHECK(text.empty());
}

TEST_CASE("DER: lengths narrow, and what contradicts them fails") {
    const auto read = [](std::string_view digits) {
        const auto bytes = unhex(digits);
        Reading reading;
        ByteCursor at(Bytes(bytes), reading);
        DerItem item = next_der(at);
        ByteCursor inside = item.content;
        next_der(inside);
        return reading.ok;
    };
    CHECK(read("30 03 02 01 05"));
    CHECK(read("30 81 03 02 01 05"));
    CHECK_FALSE(read("30 03 02 02 05 06"));  // the inner element is longer than the outer one
    CHECK_FALSE(read("30 04 02 01 05"));
    CHECK_FALSE(read("30 80 02 01 05 00 00"));  // indefinite
    CHECK_FALSE(read("30 85 00 00 00 00 03 02 01 05"));
    CHECK_FALSE(read("3f 03 02 01 05"));
    const auto oid = unhex("2b 06 01 04 01 82 37 3c 02 01 03");
    CHECK(der_oid({Bytes(oid), 0}) == "1.3.6.1.4.1.311.60.2.1.3");
    const auto endless = unhex("2b ffffffffffffffffffffffff");
    CHECK(der_oid({Bytes(endless), 0}).empty());
}

TEST_CASE("DER: character strings of every kind become UTF-8") {
    const auto text = [](std::string_view digits) {
        const auto bytes = unhex(digits);
        Reading reading;
        ByteCursor at(Bytes(bytes), reading);
        return der_text(next_der(at));
    };
    CHECK(text("13 02 41 42") == "AB");
    CHECK(text("1e 04 00 41 20 ac") == "A\xe2\x82\xac");
    CHECK(text("1c 04 00 01 f6 00") == "\xf0\x9f\x98\x80");
    CHECK(text("1e 02 d8 00") == "\xef\xbf\xbd");
    CHECK(text("04 02 41 42").empty());
}

TEST_CASE("HTTP: a head has at most a hundred fields, each with a name") {
    std::string head = "GET / HTTP/1.1\r\n";
    for (int i = 0; i < 100; ++i) head += "X-Line: y\r\n";
    const auto kind = [](const std::string& text) {
        Reading reading;
        ByteCursor at = cursor(text, reading);
        return read_http_head(at).kind;
    };
    CHECK(kind(head + "\r\n") == HttpHead::Kind::Request);
    CHECK(kind(head) == HttpHead::Kind::Incomplete);
    CHECK(kind(head + "One: more\r\n\r\n") == HttpHead::Kind::NotHttp);
    CHECK(kind("HTTP/1.1 200\r\n\r\n") == HttpHead::Kind::Response);
    CHECK(kind("HTTP/1.1 099 No\r\n\r\n") == HttpHead::Kind::NotHttp);
    CHECK(kind("GET / RTSP/1.0\r\n\r\n") == HttpHead::Kind::NotHttp);
    CHECK(kind("GET / HTTP/1.1\r\nno name here\r\n\r\n") == HttpHead::Kind::NotHttp);
    CHECK(kind("GE") == HttpHead::Kind::Incomplete);
}

TEST_CASE("mail addresses are taken out of texts") {
    CHECK(without_mail("bot/1.0 (jan@example.org; x)") == "bot/1.0 (; x)");
    CHECK(without_mail("jan@example.org") == "");
    CHECK(without_mail("5 @ 3 V") == "5 @ 3 V");
}

TEST_SUITE_END();

}  // namespace readers_test
