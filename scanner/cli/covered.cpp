#include "cli/covered.h"

#include <cstddef>

#include "core/text.h"

namespace herkomst {

namespace {

// RFC 8259 section 7: where the text ends that a quotation mark before `at` begins; the end of all where it is cut off.
std::size_t end_of_text(std::string_view bytes, std::size_t at) {
    while (at < bytes.size() && bytes[at] != '"') at += bytes[at] == '\\' ? 2 : 1;
    return at < bytes.size() ? at : bytes.size();
}

bool names_a_value(std::string_view bytes, std::size_t after) {
    while (after < bytes.size() &&
           (bytes[after] == ' ' || bytes[after] == '\n' || bytes[after] == '\r' || bytes[after] == '\t'))
        ++after;
    return after < bytes.size() && bytes[after] == ':';
}

}  // namespace

std::vector<bool> covered_bytes(std::span<const std::uint8_t> place, std::string_view value) {
    std::vector<bool> covered(place.size(), false);
    const std::string_view bytes(reinterpret_cast<const char*>(place.data()), place.size());
    const std::size_t begins = bytes.find_first_of("{[");
    if (begins == std::string_view::npos) return covered;
    for (std::size_t at = bytes.find('"', begins); at != std::string_view::npos; at = bytes.find('"', at)) {
        const std::size_t end = end_of_text(bytes, at + 1);
        const std::string_view text = bytes.substr(at + 1, end - at - 1);
        const bool claimed = text.empty() || contains_ignoring_case(value, trimmed(text));
        if (!claimed && !names_a_value(bytes, end + 1))
            for (std::size_t i = at + 1; i < end; ++i) covered[i] = true;
        if (end + 1 >= bytes.size()) break;
        at = end + 1;
    }
    return covered;
}

}  // namespace herkomst
