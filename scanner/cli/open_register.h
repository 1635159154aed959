// A register opened to be written to, as commands do it.
#pragma once

#include <string>

#include "register/register.h"

namespace herkomst {

// Says on stderr when it was brought up to date, and where the copy from before that lies; and, when something is written to
// it, what somebody edited in it beside the program. `lang`: nl, or English.
Register open_register(const std::string& path, const std::string& lang);
// The same where there must be one: none is made of a wrong name, or of an empty file.
Register open_register_that_is(const std::string& path, const std::string& lang);
// What it says; empty: it was not brought up to date.
std::string migration_told(const std::string& path, const std::string& backup, const std::string& lang);

}  // namespace herkomst
