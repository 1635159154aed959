#include "tests/bench/ratio.h"

#include <doctest/doctest.h>

using herkomst::comparable;

namespace ratio_test {

TEST_SUITE_BEGIN("bench.ratio");

TEST_CASE("times are compared only where both read the same packets, within one in a hundred") {
    CHECK(comparable(238'709, 238'709));
    CHECK(comparable(100, 100));
    CHECK(comparable(99, 100));
    CHECK(comparable(100, 99));
    CHECK_FALSE(comparable(98, 100));
    CHECK_FALSE(comparable(100, 98));
    // A pcapng of several link types: libpcap reads nothing of it.
    CHECK_FALSE(comparable(0, 1'000'000));
    CHECK_FALSE(comparable(1'000'000, 0));
    CHECK_FALSE(comparable(0, 0));
}

TEST_SUITE_END();

}  // namespace ratio_test
