// Texts of a table's cells in HTML that nobody has vouched for: tags and entities taken out, blanks pulled together. No tree is
// built. What stands beside a label is the text of the next cell that has any.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/text.h"

namespace herkomst {

inline constexpr std::size_t most_html_cells = 256;

// Without what stands between '<' and '>'; "&nbsp;" is a blank, other entities stay.
inline std::string html_words(std::string_view html) {
    std::string out;
    bool within = false;
    for (std::size_t i = 0; i < html.size(); ++i) {
        char c = html[i];
        if (c == '<' || c == '>') {
            within = c == '<';
            continue;
        }
        if (within) continue;
        if (c == '&' && html.substr(i, 6) == "&nbsp;") {
            c = ' ';
            i += 5;
        }
        if (c == '\r' || c == '\n' || c == '\t') c = ' ';
        if (c != ' ' || (!out.empty() && out.back() != ' ')) out.push_back(c);
    }
    return std::string(trimmed(out));
}

// In order; at most `most_html_cells`. O(bytes).
inline std::vector<std::string> html_cells(std::string_view html) {
    std::vector<std::string> cells;
    std::size_t at = html.find("<td");
    while (at != std::string_view::npos && cells.size() < most_html_cells) {
        const std::size_t begin = html.find('>', at);
        if (begin == std::string_view::npos) break;
        const std::size_t end = html.find("</td>", begin);
        if (end == std::string_view::npos) break;
        cells.push_back(html_words(html.substr(begin + 1, end - begin - 1)));
        at = html.find("<td", end);
    }
    return cells;
}

// The cell behind the one that says `label`, with a colon or without, in whatever case; empty: there is none.
inline std::string_view beside(const std::vector<std::string>& cells, std::string_view label) {
    for (std::size_t i = 0; i + 1 < cells.size(); ++i) {
        std::string_view said = cells[i];
        if (said.ends_with(':')) said.remove_suffix(1);
        if (equal_ignoring_case(trimmed(said), label)) return cells[i + 1];
    }
    return {};
}

}  // namespace herkomst
