// Why a row of an inventory was not used, in the language of whoever reads it: an import says it in English.
#pragma once

#include <string>
#include <string_view>

namespace herkomst {

// "list.csv:7: row not used: ..." in Dutch; any other sentence, and any other language, is given back as it is.
std::string row_problem(std::string_view sentence, std::string_view language);

}  // namespace herkomst
