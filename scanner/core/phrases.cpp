#include "core/phrases.h"

#include <vector>

namespace herkomst {

namespace {

struct Hole {
    char kind = ' ';
    std::string_view value;
};

bool fits(std::string_view pattern, std::string_view text, std::vector<Hole>& holes) {
    while (true) {
        const std::size_t open = pattern.find('{');
        if (open == std::string_view::npos) return text == pattern;
        if (!text.starts_with(pattern.substr(0, open))) return false;
        text.remove_prefix(open);
        const std::size_t close = pattern.find('}', open);
        const char kind = close == open + 1 ? ' ' : pattern[open + 1];
        pattern.remove_prefix(close + 1);
        if (pattern.empty()) {
            holes.push_back({kind, text});
            return !text.empty();
        }
        const std::string_view next = pattern.substr(0, pattern.find('{'));
        // What stands last in the pattern stands last in the text.
        const std::size_t at = next.size() == pattern.size() ? text.rfind(next) : text.find(next);
        if (at == std::string_view::npos || at == 0) return false;
        holes.push_back({kind, text.substr(0, at)});
        text.remove_prefix(at);
    }
}

std::string filled(std::string_view pattern, const std::vector<std::string>& values) {
    std::string out;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        const char c = pattern[at];
        if (c == '{' && at + 2 < pattern.size() && pattern[at + 2] == '}') {
            out += values.at(static_cast<std::size_t>(pattern[at + 1] - '1'));
            at += 2;
        } else {
            out += c;
        }
    }
    return out;
}

}  // namespace

std::optional<std::string> in_dutch_by(std::span<const Phrase> phrases, std::string_view sentence, const ValueInDutch& dutch) {
    for (const Phrase& phrase : phrases) {
        std::vector<Hole> holes;
        if (!fits(phrase.en, sentence, holes)) continue;
        std::vector<std::string> values;
        for (const Hole& hole : holes) {
            if (std::optional<std::string> value = dutch(hole.kind, hole.value)) values.push_back(std::move(*value));
        }
        if (values.size() == holes.size()) return filled(phrase.nl, values);
    }
    return std::nullopt;
}

}  // namespace herkomst
