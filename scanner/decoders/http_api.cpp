#include "decoders/http_api.h"

#include <algorithm>
#include <array>
#include <string>

namespace herkomst {

namespace {

constexpr std::size_t longest_body = 16 * 1024;

struct Notes {
    std::array<std::uint8_t, 16> asked;
    std::uint8_t first;
    std::uint8_t waiting;
};

// RFC 9112 section 7.1: the chunks put together; false when the last one is not there.
bool join_chunks(std::string_view body, std::string& out, std::size_t& size) {
    size = 0;
    while (size < body.size()) {
        const std::size_t line = body.find("\r\n", size);
        if (line == std::string_view::npos || line == size || line - size > 8) return false;
        std::size_t length = 0;
        for (std::size_t i = size; i < line && body[i] != ';'; ++i) {
            const char c = static_cast<char>(body[i] | 0x20);
            const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
            if (digit < 0) return false;
            length = length * 16 + static_cast<std::size_t>(digit);
        }
        if (length > longest_body || line + 2 + length + 2 > body.size()) return false;
        out += body.substr(line + 2, length);
        size = line + 2 + length + 2;
        if (length == 0) return true;
    }
    return false;
}

std::size_t content_length(const HttpHead& head) {
    std::size_t size = 0;
    for (const char c : head.field("Content-Length").text()) {
        if (c < '0' || c > '9' || size > 1'000'000'000) return 0;
        size = size * 10 + static_cast<std::size_t>(c - '0');
    }
    return size;
}

}  // namespace

// RFC 9112 section 3: "GET", a path of the interface, the rest of a request.
bool recognise_http_api(ByteCursor message, const Flow& flow, const HttpApi& api) {
    if (!flow.from_opener || !looks_like_http(message)) return false;
    const std::string_view text = message.text_ahead();
    constexpr std::string_view get = "GET ";
    return text.starts_with(get) &&
           api.asked_for(text.substr(get.size(), text.find_first_of(" \r\n", get.size()) - get.size())) != 0;
}

Verdict observe_http_api(ByteCursor message, Flow& flow, Claims& claims, const HttpApi& api) {
    Notes& notes = flow.state->notes<Notes>();
    const std::size_t start = message.offset();
    const std::size_t there = message.left();
    const HttpHead head = read_http_head(message);
    if (head.kind == HttpHead::Kind::Incomplete && !flow.ended) return need(there + 1);
    const std::size_t head_size = message.offset() - start;
    if (head.kind == HttpHead::Kind::Request) {
        // Another page of the same server: http reads it.
        const std::uint8_t asked = head.method == "GET" ? api.asked_for(head.target) : std::uint8_t{0};
        if (asked == 0) return not_this();
        observe_http_head(head, claims);
        if (notes.waiting < notes.asked.size()) {
            notes.asked[(notes.first + notes.waiting) % notes.asked.size()] = asked;
            ++notes.waiting;
        }
        return done(head_size);
    }
    if (head.kind != HttpHead::Kind::Response || notes.waiting == 0) return not_this();
    std::size_t size = content_length(head);
    std::string joined;
    const bool chunked = head.has_token("Transfer-Encoding", "chunked");
    if (chunked && !join_chunks(message.text_ahead(), joined, size)) {
        if (message.left() < longest_body && !flow.ended) return need(there + 1);
        return not_this();
    }
    // RFC 9112 section 6.3: neither chunks nor a length: up to the end.
    if (!chunked && head.status == 200 && head.field("Content-Length").empty()) {
        if (!flow.ended && message.left() <= longest_body) return need(there + 1);
        size = message.left();
    }
    if (size <= longest_body && message.left() < size && !flow.ended) return need(head_size + size);
    observe_http_head(head, claims);
    const std::uint8_t asked = notes.asked[notes.first];
    notes.first = static_cast<std::uint8_t>((notes.first + 1) % notes.asked.size());
    --notes.waiting;
    if (size > longest_body || message.left() < size) return done(head_size + size);
    const Slice body = message.bytes(size);
    if (head.status == 200) api.answer(asked, chunked ? std::string_view(joined) : body.text(), body, claims);
    return done(head_size + size);
}

}  // namespace herkomst
