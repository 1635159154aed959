#include "core/text.h"

#include <algorithm>

#include "core/utf8.h"

namespace herkomst {

void append_utf8(std::string& out, std::uint32_t point) {
    const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(static_cast<std::uint8_t>(byte))); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xc0 | (point >> 6));
        put(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
        put(0xe0 | (point >> 12));
        put(0x80 | ((point >> 6) & 0x3f));
        put(0x80 | (point & 0x3f));
    } else {
        put(0xf0 | (point >> 18));
        put(0x80 | ((point >> 12) & 0x3f));
        put(0x80 | ((point >> 6) & 0x3f));
        put(0x80 | (point & 0x3f));
    }
}

bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = utf8_length(text, at);
        if (length == 0) return false;
        at += length;
    }
    return true;
}

std::size_t utf8_length(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const unsigned a = byte(at);
    const unsigned b = byte(at + 1);
    const unsigned c = byte(at + 2);
    const unsigned d = byte(at + 3);
    const auto tail = [](unsigned x) { return (x & 0xc0) == 0x80; };
    if (a < 0x80) return 1;
    if (a >= 0xc2 && a <= 0xdf) return tail(b) ? 2 : 0;
    if (a >= 0xe0 && a <= 0xef) {
        if (!tail(b) || !tail(c) || (a == 0xe0 && b < 0xa0) || (a == 0xed && b > 0x9f)) return 0;
        return 3;
    }
    if (a >= 0xf0 && a <= 0xf4) {
        if (!tail(b) || !tail(c) || !tail(d) || (a == 0xf0 && b < 0x90) || (a == 0xf4 && b > 0x8f)) return 0;
        return 4;
    }
    return 0;
}

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

namespace {

// What most texts are: printable ASCII with single blanks between words.
bool is_clean(std::string_view raw) {
    char before = ' ';
    // Eight characters at a time, each in its byte: a sum never reaches into the next one, as none of them is 0x80 or more.
    constexpr std::uint64_t high = 0x8080'8080'8080'8080;
    constexpr std::uint64_t ones = 0x0101'0101'0101'0101;
    const auto byte = [&](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(raw[i])} << (8 * i); };
    while (raw.size() >= 8) {
        // Written out, the compiler makes one load of it.
        const std::uint64_t word = byte(0) | byte(1) | byte(2) | byte(3) | byte(4) | byte(5) | byte(6) | byte(7);
        const std::uint64_t fit = (word + ones * 0x60) & ~(word + ones);  // from 0x20 on, and below 0x7f
        if ((word & high) != 0 || (fit & high) != high) return false;
        const std::uint64_t blanks = ~((word ^ ones * 0x20) + ones * 0x7f) & high;
        if ((blanks & (blanks << 8 | (before == ' ' ? 0x80U : 0U))) != 0) return false;
        before = raw[7];
        raw.remove_prefix(8);
    }
    for (const char c : raw) {
        if (c < 0x20 || c == 0x7f || (c == ' ' && before == ' ')) return false;
        before = c;
    }
    return before != ' ';
}

// Unicode 15, 23.2 and annex 9: marks that turn the direction of what stands beside them, or join it, or are not seen at all.
// With them one device's name looks like another's.
bool is_invisible(std::string_view character) {
    if (character == "\xd8\x9c" || character == "\xef\xbb\xbf") return true;  // U+061C, U+FEFF
    if (character.size() != 3 || character[0] != '\xe2') return false;
    const auto second = static_cast<unsigned char>(character[1]);
    const auto third = static_cast<unsigned char>(character[2]);
    // U+200B to U+200F, U+202A to U+202E; U+2060 to U+206F.
    return second == 0x80 ? (third >= 0x8b && third <= 0x8f) || (third >= 0xaa && third <= 0xae)
                          : second == 0x81 && third >= 0xa0 && third <= 0xaf;
}

bool is_line_separator(std::string_view character) { return character == "\xe2\x80\xa8" || character == "\xe2\x80\xa9"; }

}  // namespace

std::string clean(std::string_view raw, std::size_t max) {
    if (raw.size() <= max && is_clean(raw)) return std::string(raw);
    bool utf8 = true;
    for (std::size_t i = 0; i < raw.size();) {
        const std::size_t length = utf8_length(raw, i);
        if (length == 0) {
            utf8 = false;
            break;
        }
        i += length;
    }
    std::string out;
    bool gap = false;
    for (std::size_t i = 0; i < raw.size();) {
        const auto byte = static_cast<unsigned char>(raw[i]);
        const std::size_t length = utf8 ? utf8_length(raw, i) : 1;
        std::string_view character = raw.substr(i, length);
        char latin1[2];
        if (!utf8 && byte >= 0x80) {
            latin1[0] = static_cast<char>(0xc0 | (byte >> 6));
            latin1[1] = static_cast<char>(0x80 | (byte & 0x3f));
            character = {latin1, 2};
        }
        i += length;
        // C0, DEL and C1 (U+0080..U+009F) become a gap.
        const bool control = byte < 0x20 || byte == 0x7f ||
                             (character.size() == 2 && static_cast<unsigned char>(character[0]) == 0xc2 &&
                              static_cast<unsigned char>(character[1]) < 0xa0);
        if (control || byte == ' ' || is_line_separator(character)) {
            gap = true;
            continue;
        }
        if (is_invisible(character)) continue;
        const std::size_t needed = character.size() + (gap && !out.empty() ? 1 : 0);
        if (out.size() + needed > max) break;
        if (gap && !out.empty()) out += ' ';
        gap = false;
        out += character;
    }
    return out;
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return lower(c); });
    return out;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

bool starts_with_ignoring_case(std::string_view text, std::string_view start) {
    return text.size() >= start.size() && equal_ignoring_case(text.substr(0, start.size()), start);
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
    return std::search(text.begin(), text.end(), part.begin(), part.end(),
                       [](char x, char y) { return lower(x) == lower(y); }) != text.end();
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

std::string join(const std::vector<std::string>& parts, std::string_view between) {
    std::string out;
    for (const std::string& part : parts) {
        if (!out.empty()) out += between;
        out += part;
    }
    return out;
}

std::string hex(const std::uint8_t* data, std::size_t size) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    out.reserve(size * 2);
    for (std::size_t i = 0; i < size; ++i) {
        out += digits[data[i] >> 4];
        out += digits[data[i] & 15];
    }
    return out;
}

std::vector<std::uint8_t> unhex(std::string_view text) {
    std::vector<std::uint8_t> out;
    bool half = false;
    bool comment = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\n') comment = false;
        if (c == '#' || (c == '/' && i + 1 < text.size() && text[i + 1] == '/')) comment = true;
        if (comment || is_blank(c) || c == '|') continue;
        int value = -1;
        if (c >= '0' && c <= '9') value = c - '0';
        if (c >= 'a' && c <= 'f') value = c - 'a' + 10;
        if (c >= 'A' && c <= 'F') value = c - 'A' + 10;
        if (value < 0) return {};
        if (half) {
            out.back() = static_cast<std::uint8_t>(out.back() | value);
        } else {
            out.push_back(static_cast<std::uint8_t>(value << 4));
        }
        half = !half;
    }
    return half ? std::vector<std::uint8_t>{} : out;
}

std::optional<std::string> base64_decoded(std::string_view text) {
    static constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    while (!text.empty() && text.back() == '=') text.remove_suffix(1);
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    unsigned bits = 0;
    int held = 0;
    for (const char c : text) {
        const std::size_t value = letters.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        bits = ((bits << 6) | static_cast<unsigned>(value)) & 0xffffffU;
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes.push_back(static_cast<char>((bits >> held) & 0xff));
        }
    }
    return bytes;
}

bool printable_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

std::string without_user(std::string_view text) {
    const std::size_t scheme = text.find("://");
    const std::size_t start = scheme == std::string_view::npos ? 0 : scheme + 3;
    const std::size_t end = std::min(text.find_first_of("/?#", start), text.size());
    const std::size_t at = text.substr(start, end - start).rfind('@');
    if (at == std::string_view::npos) return std::string(text);
    return std::string(text.substr(0, start)) + std::string(text.substr(start + at + 1));
}

std::string folded(std::string_view text) {
    std::string out;
    bool gap = false;
    for (const char c : text) {
        const bool keep =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
        if (!keep) {
            gap = true;
            continue;
        }
        if (gap && !out.empty()) out += ' ';
        gap = false;
        out += lower(c);
    }
    return out;
}

std::uint64_t fnv1a(std::string_view text, std::uint64_t seed) {
    std::uint64_t hash = seed;
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3ULL;
    }
    return hash;
}

}  // namespace herkomst
