// What is shown of a text that a claim points at: keys, numbers and what is claimed.
#include "cli/covered.h"

#include <doctest/doctest.h>

#include <string>

using namespace herkomst;

namespace covered_test {

TEST_SUITE_BEGIN("covered");

namespace {

std::string shown(const std::string& text, std::string_view value) {
    const std::vector<bool> covered = covered_bytes({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, value);
    REQUIRE(covered.size() == text.size());
    std::string out = text;
    for (std::size_t i = 0; i < out.size(); ++i)
        if (covered[i]) out[i] = '*';
    return out;
}

}  // namespace

TEST_CASE("texts that are not claimed are covered; keys, numbers and what is claimed are not") {
    CHECK(shown(R"({"name":"Anna","model" : "EX-1","n":12})", "EX-1") == R"({"name":"****","model" : "EX-1","n":12})");
    CHECK(shown(R"([2,"3","RemoteStart",{"idTag":"A1\"B"}])", "ocpp RemoteStart from 3") ==
          R"([2,"3","RemoteStart",{"idTag":"*****"}])");
    CHECK(shown(R"({"a":["Anna","EX"],"b":{"c":""}})", "ex") == R"({"a":["****","EX"],"b":{"c":""}})");
}

TEST_CASE("a text that is cut off is covered to its end, and what is no JSON is shown") {
    CHECK(shown(R"({"name":"Ann)", "x") == R"({"name":"***)");
    CHECK(shown(R"({"name":"Ann\)", "x") == R"({"name":"****)");
    CHECK(shown(R"(POST "Anna" {"a":1})", "x") == R"(POST "Anna" {"a":1})");
    CHECK(shown("Example \"Works\"", "x") == "Example \"Works\"");
    CHECK(shown("{", "x") == "{");
    CHECK(shown("", "x").empty());
}

TEST_SUITE_END();

}  // namespace covered_test
