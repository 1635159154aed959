// What the dialogues of mail servers have in common: lines, a greeting, encryption that may begin, and a log-in whose challenge
// names the server while everything behind it is somebody's mail.
#pragma once

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/ntlm.h"
#include "decoders/text_lines.h"

namespace herkomst {

inline constexpr std::size_t rest_of_stream = SIZE_MAX / 2;

// IMAP and POP3.
struct MailNotes {
    bool greeted;
    bool wished;  // encryption was asked for
    bool encrypted;
    bool off;        // a log-in has begun: the client is not listened to any more
    bool logged_in;  // and is over: nor is the server
};

// One line, taken from the window; `there` is false when none is.
struct MailLine {
    Slice line;
    std::size_t consumed = 0;
    bool there = false;
};

inline MailLine next_mail_line(ByteCursor& window) {
    MailLine out;
    if (!has_text_line(window)) return out;
    const std::size_t before = window.offset();
    out.line = window.line();
    out.consumed = window.offset() - before;
    out.there = true;
    return out;
}

// No line yet, or never.
inline Verdict without_line(const ByteCursor& window, const Flow& flow) {
    if (window.left() >= longest_text_line) return not_this();
    return flow.ended ? done() : need(window.left() + 1);
}

// RFC 9051 section 6.2.2, RFC 5034 section 4: "+ challenge", else the log-in is over.
inline void log_in_answer(const Slice& line, MailNotes& notes, Claims& claims) {
    const std::string_view text = line.text();
    if (text.substr(0, 2) == "+ ") {
        observe_ntlm_token(part_of(line, trimmed(text.substr(2))), claims);
    } else {
        notes.logged_in = true;
    }
}

}  // namespace herkomst
