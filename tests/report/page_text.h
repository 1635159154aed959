// What stands in a page, for the tests of this folder.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include "tests/exports/fixture.h"

namespace herkomst::test {

inline const Time now = test::at("2026-11-21T12:00:00Z");

inline std::size_t times(const std::string& text, std::string_view part) {
    std::size_t n = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
    return n;
}

inline std::size_t elements(const std::string& page) { return times(page, "<"); }

// Every text between a start and the next end.
inline std::set<std::string> between(std::string_view text, std::string_view start, std::string_view end) {
    std::set<std::string> out;
    for (std::size_t at = text.find(start); at != std::string_view::npos; at = text.find(start, at)) {
        at += start.size();
        const std::size_t stop = text.find(end, at);
        if (stop == std::string_view::npos) break;
        out.emplace(text.substr(at, stop - at));
    }
    return out;
}

}  // namespace herkomst::test
