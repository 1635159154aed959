#include "core/blank_word.h"

#include <doctest/doctest.h>

using namespace herkomst;

namespace blank_word_test {

TEST_SUITE_BEGIN("core.blank_word");

TEST_CASE("what says nothing, however it is written") {
    for (const char* text : {"",
                             "-",
                             "--",
                             "?",
                             "\"",
                             "...",
                             "n/a",
                             "N.A.",
                             "#N/A",
                             "n.v.t.",
                             "NVT",
                             "onbekend",
                             "Niet bekend",
                             "TBD",
                             "nog te bepalen",
                             "zie bijlage",
                             "leeg",
                             "Diverse",
                             "idem",
                             "geen",
                             "none",
                             "NULL"}) {
        CAPTURE(text);
        CHECK(says_nothing(text));
    }
    // Little is not nothing; nor are letters that are not ASCII, nor words around a blank one.
    for (const char* text : {"0", "x", "NA-7", "default", "Idem Dito BV", "zie bijlage 3", "\xe5\x8d\x8e\xe4\xb8\xba", "1"}) {
        CAPTURE(text);
        CHECK_FALSE(says_nothing(text));
    }
}

TEST_SUITE_END();

}  // namespace blank_word_test
