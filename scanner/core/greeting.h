// A greeting of several lines is kept as one value; what parts its lines there. Each line may be the one that names the
// program: "220-Pump station 7", "220 ExampleFTP 1.2 ready." is "Pump station 7 | ExampleFTP 1.2 ready.".
#pragma once

#include <string_view>
#include <vector>

namespace herkomst {

inline constexpr std::string_view between_lines = " | ";

// The lines of such a value, where there are several; else none.
inline std::vector<std::string_view> greeting_lines(std::string_view value) {
    std::vector<std::string_view> lines;
    std::size_t at = value.find(between_lines);
    if (at == std::string_view::npos) return lines;
    for (; at != std::string_view::npos; at = value.find(between_lines)) {
        lines.push_back(value.substr(0, at));
        value.remove_prefix(at + between_lines.size());
    }
    lines.push_back(value);
    return lines;
}

}  // namespace herkomst
