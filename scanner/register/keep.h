// Copies of a register, and what is not kept any longer.
#pragma once

#include <cstdint>
#include <string>

#include "core/result.h"
#include "register/register.h"
#include "register/work.h"

namespace herkomst {

// A copy as the register stands, in one file that nobody else may read (mode 0600), while others may be writing to it. Problem:
// the target is there already. Throws std::runtime_error (the machine).
Problems back_up(const Register&, const std::string& to);

// The same copy as bytes, for whoever seals it: on its way it is on no disk.
std::string copy_of(const Register&);

// Puts a copy in a register's place; what was there stays as FILE.before-restore (with a number when that is taken). Refused
// when the copy is no register, is newer than this program, or does not verify. The event `restored` says who and why. Where
// the register is, or what stood in its place; empty: nothing did. At every moment there is one or the other. Throws
// std::runtime_error when another process has it open: what that one writes afterwards would be in the file that was put away.
// `backup`, where given: the copy from before it was brought up to date, if it was of an earlier schema.
Result<std::string> restore(const std::string& copy, const std::string& to, const Act&, std::string* backup = nullptr);

// Everything that was heard of an asset and decided about it is removed, also from its events; that it was, and by whom, stays.
// The number of assets that are left. Problem: there is no such asset, nobody, no reason.
Result<std::int64_t> forget(Register&, const std::string& uid, const Act&);

}  // namespace herkomst
