// What the register says, in Dutch. Its sentences are written in English where they arise, some of them are stored in events,
// and codes stay as they are; this is the catalogue of their translations, by the pattern of each sentence. A test holds it
// against all sentences of this folder.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace herkomst {

// In that language; English, and a sentence that the catalogue does not hold, are given back as they are.
std::string in_language(std::string_view sentence, std::string_view language);
Problem in_language(const Problem&, std::string_view language);
Problems in_language(const Problems&, std::string_view language);
// Whether the catalogue holds it.
bool has_dutch(std::string_view sentence);

}  // namespace herkomst
