// What people write where they have nothing to say.
#pragma once

#include <string_view>

namespace herkomst {

// No letter or digit at all ("-", "?", "\""), or a Dutch or English word for "not known", "not applicable", "still to come",
// "look elsewhere" or "as above"; case, blanks and punctuation do not matter ("N.v.t.", "#N/A"). Letters beyond ASCII are
// letters. What says something, however little ("0", "default", "x"), is for whoever knows what it is about.
bool says_nothing(std::string_view);

}  // namespace herkomst
