#include "core/printed.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstddef>

namespace herkomst {

namespace {

unsigned char at(std::string_view text, std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0; }

// Bytes of the character that begins there; 0: none does.
std::size_t character_at(std::string_view text, std::size_t i) {
    const unsigned char first = at(text, i);
    const std::size_t length = first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : 4;
    if (first >= 0xf5 || (first >= 0x80 && first < 0xc2)) return 0;
    for (std::size_t k = 1; k < length; ++k) {
        if ((at(text, i + k) & 0xc0) != 0x80) return 0;
    }
    return length;
}

bool steers(std::string_view character) {
    const unsigned char first = at(character, 0);
    if (first < 0x20 || first == 0x7f || (first == 0xc2 && at(character, 1) < 0xa0)) return true;
    // U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069: the order of what follows (Unicode annex 9, section 2).
    const unsigned char last = at(character, 2);
    if (first == 0xd8) return at(character, 1) == 0x9c;
    if (first != 0xe2) return false;
    if (at(character, 1) == 0x80) return last == 0x8e || last == 0x8f || (last >= 0xaa && last <= 0xae);
    return at(character, 1) == 0x81 && last >= 0xa6 && last <= 0xa9;
}

}  // namespace

std::string printed(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = character_at(text, i);
        const std::string_view character = text.substr(i, std::max<std::size_t>(length, 1));
        i += character.size();
        if (length != 0 && !steers(character)) {
            out += character;
        } else if (character == "\n") {
            out += "\\n";
        } else if (character == "\t") {
            out += "\\t";
        } else {
            for (const char byte : character) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
        }
    }
    return out;
}

}  // namespace herkomst
