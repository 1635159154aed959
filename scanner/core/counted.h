// A number with its noun: one thing, or several of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace herkomst {

// "1 asset", "2 assets", "0 assets".
inline std::string counted(std::uint64_t count, std::string_view one, std::string_view several) {
    return std::to_string(count) + ' ' + std::string(count == 1 ? one : several);
}

// The text with every {name:one|several} of that name replaced by the one or the other.
inline std::string with_plural(std::string text, std::string_view name, bool is_one) {
    const std::string open = '{' + std::string(name) + ':';
    for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
        const std::size_t bar = text.find('|', at);
        const std::size_t end = text.find('}', at);
        if (bar == std::string::npos || end == std::string::npos || bar > end) break;
        const std::size_t from = at + open.size();
        const std::string word = is_one ? text.substr(from, bar - from) : text.substr(bar + 1, end - bar - 1);
        text.replace(at, end + 1 - at, word);
        at += word.size();
    }
    return text;
}

}  // namespace herkomst
