// Where a command is going to write, looked at before it reads anything: what cannot be kept need not be found out first.
#pragma once

#include <string>

#include "core/result.h"

namespace herkomst {

// What is wrong with a register to be kept in: it is a folder, say. Empty: nothing.
Problems wrong_with_register(const std::string& path);
// Makes and removes a file there, so that nothing has to be guessed from permissions. Throws std::runtime_error (the machine).
void try_register(const std::string& path);
// Makes the folder when there is none; then the same.
void try_folder(const std::string& path);
// The program's own data are there. Throws std::runtime_error with the place where they are looked for.
void require_data();

}  // namespace herkomst
