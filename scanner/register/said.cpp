#include "register/said.h"

#include <fmt/core.h>

#include "core/text.h"

namespace herkomst {

bool has_control(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x20 || byte == 0x7f) return true;
        if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
    }
    return false;
}

std::string refused_text(std::string_view text, std::size_t most) {
    if (has_control(text)) return "holds a control character";
    if (text.size() > most) return fmt::format("is longer than {} bytes", most);
    if (text.empty()) return {};
    if (trimmed(text).empty()) return "is blank";
    return trimmed(text) == text ? std::string() : "begins or ends with a blank";
}

std::string refused_word(Field field, std::string_view value) {
    if (has_control(value) || value.size() > 400)
        return fmt::format("{}: holds a control character, or is longer than 400 bytes", name(field));
    if (!value.empty() && trimmed(value).empty()) return fmt::format("{}: is blank", name(field));
    return field == Field::address ? "an address is heard, not said" : std::string();
}

}  // namespace herkomst
