// What people may write: names, reasons, and what a thing is called. Internal to this folder and to the commands of a register.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/field.h"

namespace herkomst {

inline constexpr std::size_t name_most = 200;     // bytes of a person, zone, process, supplier, site
inline constexpr std::size_t reason_most = 4000;  // of a reason, or of a field

// Whether it holds what is no text: C0, DEL or C1 (U+0080 to U+009F).
bool has_control(std::string_view);
// Nothing: it may be written; else a sentence. Nothing is refused for being empty: that is another matter.
std::string refused_text(std::string_view, std::size_t most);
// The same for what a device is said to be.
std::string refused_word(Field, std::string_view value);

}  // namespace herkomst
