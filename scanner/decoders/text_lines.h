// Lines of text protocols in a stream: whether one is there, and whether it is text.
#pragma once

#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/greeting.h"
#include "core/text.h"

namespace herkomst {

inline constexpr std::size_t longest_text_line = 1024;

// Is a whole line in the window? False also when there is none within `longest_text_line`.
inline bool has_text_line(const ByteCursor& at) {
    return at.text_ahead().substr(0, longest_text_line).find('\n') != std::string_view::npos;
}

// Nothing but characters, blanks and tabs (whatever their encoding).
inline bool is_text(std::string_view line) {
    for (const char c : line) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte < 0x20 && byte != '\t') || byte == 0x7f) return false;
    }
    return true;
}

// The first word of a line, and what follows it.
inline std::string_view first_word(std::string_view line) { return line.substr(0, line.find(' ')); }
inline std::string_view after_first_word(std::string_view line) {
    const std::size_t blank = line.find(' ');
    return blank == std::string_view::npos ? std::string_view() : trimmed(line.substr(blank));
}

// Where a part of a slice's text stands.
inline Slice part_of(const Slice& whole, std::string_view part) {
    if (part.empty()) return {};
    const auto begin = static_cast<std::size_t>(part.data() - whole.text().data());
    return {whole.bytes.subspan(begin, part.size()), whole.offset + begin};
}

// "220 text", "220-text": a reply code of three digits (RFC 959 section 4.2, RFC 5321 section 4.2). 0 when it is none.
inline unsigned reply_code(std::string_view line) {
    if (line.size() < 3 || (line.size() > 3 && line[3] != ' ' && line[3] != '-')) return 0;
    unsigned code = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        if (line[i] < '0' || line[i] > '9') return 0;
        code = code * 10 + static_cast<unsigned>(line[i] - '0');
    }
    return code >= 100 && code < 600 ? code : 0;
}
inline std::string_view reply_text(std::string_view line) {
    return line.size() > 4 ? trimmed(line.substr(4)) : std::string_view();
}

// A greeting that may have several lines, put together in the notes of a flow: its text and where it stands.
struct GreetingNotes {
    char text[384];
    std::uint16_t size;
    std::uint8_t lines;
    bool done;  // the last line of it came
};

inline void add_line(GreetingNotes& notes, std::string_view line) {
    if (line.empty()) return;
    const auto put = [&](std::string_view text) {
        for (const char c : text) {
            if (notes.size < sizeof notes.text) notes.text[notes.size++] = c;
        }
    };
    if (notes.size != 0) put(between_lines);
    put(line);
}

// A name of a host as it may stand in a greeting or a prompt: letters, digits, hyphens and dots, no address, not "localhost".
inline bool is_host_word(std::string_view word) {
    if (word.empty() || word.size() > 63 || word.front() == '-' || word.front() == '.') return false;
    bool letters = false;
    for (const char c : word) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '.') return false;
        letters = letters || letter;
    }
    return letters && !starts_with_ignoring_case(word, "localhost");
}

}  // namespace herkomst
