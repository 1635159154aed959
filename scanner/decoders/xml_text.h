// Texts of elements in XML that nobody has vouched for, found by local name (prefixes differ from maker to maker). No tree is
// built and nothing is resolved: what is wanted is always text between a start tag and the next tag.
#pragma once

#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/text.h"

namespace herkomst {

struct XmlText {
    Slice text;
    std::size_t next = 0;  // where to go on
    bool found = false;
};

// The first element of that local name at or behind `from`; its text ends at the next '<'. O(bytes).
inline XmlText xml_element(const Slice& document, std::string_view local_name, std::size_t from = 0) {
    const std::string_view all = document.text();
    for (std::size_t at = all.find('<', from); at != std::string_view::npos; at = all.find('<', at)) {
        ++at;
        const std::size_t end = all.find_first_of("> /\t\r\n", at);
        if (end == std::string_view::npos) break;
        std::string_view name = all.substr(at, end - at);
        const std::size_t colon = name.find(':');
        if (colon != std::string_view::npos) name.remove_prefix(colon + 1);
        if (name != local_name) continue;
        const std::size_t close = all.find('>', end);
        if (close == std::string_view::npos) break;
        const bool empty = all[close - 1] == '/';
        const std::size_t stop = empty ? close + 1 : all.find('<', close);
        if (stop == std::string_view::npos) break;  // cut: what is not whole says nothing
        const std::size_t begin = close + 1;
        return {{document.bytes.subspan(begin, stop - begin), document.offset + begin}, stop, true};
    }
    return {};
}

inline bool has_xml_element(const Slice& document, std::string_view local_name) {
    return xml_element(document, local_name).found;
}

// The five entities of XML and blanks around.
inline std::string xml_plain(std::string_view raw) {
    struct Entity {
        std::string_view name;
        char character;
    };
    constexpr Entity entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    std::string out;
    while (!raw.empty()) {
        bool replaced = false;
        for (const Entity& entity : entities) {
            if (raw.substr(0, entity.name.size()) != entity.name) continue;
            out.push_back(entity.character);
            raw.remove_prefix(entity.name.size());
            replaced = true;
            break;
        }
        if (replaced) continue;
        out.push_back(raw.front());
        raw.remove_prefix(1);
    }
    return std::string(trimmed(out));
}

// "%20" and its like (RFC 3986 section 2.1); what is none stays.
inline std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = text[i] == '%' && i + 2 < text.size() ? unhex(text.substr(i + 1, 2)) : std::vector<std::uint8_t>();
        if (byte.size() == 1) {
            out.push_back(static_cast<char>(byte[0]));
            i += 2;
        } else {
            out.push_back(text[i]);
        }
    }
    return out;
}

}  // namespace herkomst
