#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "tests/skips.h"

int main(int argc, char** argv) {
    doctest::Context context(argc, argv);
    const int failed = context.run();
    const int skipped = skips::tell();
    return failed != 0 || context.shouldExit() ? failed : skipped;
}
