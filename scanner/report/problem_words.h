// What is wrong with a file that was read, in the language of whoever reads it: captures, inventories, files of answers. Where
// it arises it is said in English.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace herkomst {

// "list.csv:7: row not used: ..." in Dutch, and "plant.pcap: packet 7 at byte 900: the file ends inside the packet". What the
// catalogue does not hold, and any other language, is given back as it is.
std::string problem_in(std::string_view text, std::string_view language);
std::string problem_in(const Problem&, std::string_view language);

}  // namespace herkomst
