// The demo plant's capture holds what its README promises: tools/demo_plant/verify, which asks tshark and not us.
#include <doctest/doctest.h>

#include <cstdlib>

namespace verify_test {

TEST_SUITE_BEGIN("scenes.demo_plant");

TEST_CASE("tools/demo_plant/verify finds every message that the scene's README promises") {
    if (std::system("command -v tshark >/dev/null 2>&1") != 0) {
        MESSAGE("skipped: there is no tshark");
        return;
    }
    CHECK(std::system(HERKOMST_SOURCE_DIR "/tools/demo_plant/verify >/dev/null") == 0);
    // It can fail: an inventory holds no message at all.
    CHECK(std::system(HERKOMST_SOURCE_DIR "/tools/demo_plant/verify " HERKOMST_SOURCE_DIR
                                          "/tests/scenes/demo_plant/assets.csv >/dev/null") != 0);
}

TEST_SUITE_END();

}  // namespace verify_test
