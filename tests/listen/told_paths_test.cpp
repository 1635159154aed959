// What `listen` remembers of the paths that it told of.
#include <doctest/doctest.h>

#include <set>
#include <string>

#include "cli/keeper.h"

using namespace herkomst;

namespace told_paths_test {

TEST_SUITE_BEGIN("listen.told_paths");

TEST_CASE("paths without end are forgotten but for what the register knows, which is asked only then") {
    ToldPaths told(10);
    int asked = 0;
    const auto known = [&] {
        ++asked;
        return std::set<std::string>{"a", "b"};
    };
    for (int i = 0; i < 10; ++i) told.keys().insert(std::to_string(i));
    told.bound(known);
    CHECK(asked == 0);
    CHECK(told.keys().size() == 10);
    told.keys().insert("one more");
    told.bound(known);
    CHECK(asked == 1);
    CHECK(told.keys() == std::set<std::string>{"a", "b"});
    for (int i = 0; i < 1000; ++i) {
        told.keys().insert(std::to_string(i));
        told.bound(known);
        REQUIRE(told.keys().size() <= 10);
    }
}

TEST_CASE("a register that knows more than the bound is not asked each time") {
    ToldPaths told(10);
    int asked = 0;
    const auto known = [&] {
        ++asked;
        std::set<std::string> all;
        for (int i = 0; i < 30; ++i) all.insert("known " + std::to_string(i));
        return all;
    };
    for (int i = 0; i < 11; ++i) told.keys().insert(std::to_string(i));
    told.bound(known);
    CHECK(asked == 1);
    for (int i = 0; i < 30; ++i) {
        told.keys().insert("new " + std::to_string(i));
        told.bound(known);
    }
    CHECK(asked == 1);
    told.keys().insert("one more");
    told.bound(known);
    CHECK(asked == 2);
    CHECK(told.keys().size() == 30);
}

TEST_SUITE_END();

}  // namespace told_paths_test
