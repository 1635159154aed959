#include "decoders/http_api.h"

#include <algorithm>
#include <array>
#include <string>

namespace herkomst {

namespace {

constexpr std::size_t longest_body = 16 * 1024;
constexpr std::size_t longest_method = 7;  // "OPTIONS"

struct Notes {
    std::array<std::uint8_t, 16> asked;
    std::uint8_t first;
    std::uint8_t waiting;
    bool shown;  // an answer was the interface's own
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

// RFC 9112 section 3: a method, a path of the interface, the rest of a request.
bool recognise_http_api(ByteCursor message, const Flow& flow, const HttpApi& api) {
    if (!flow.from_opener) return false;
    const std::string_view text = message.text_ahead();
    const std::size_t blank = text.find(' ');
    if (blank == std::string_view::npos || blank > longest_method) return false;
    const std::string_view target = text.substr(blank + 1, text.find_first_of(" \r\n", blank + 1) - blank - 1);
    const std::uint8_t asked = api.asked_for(text.substr(0, blank), target);
    return asked != 0 && asked < HttpApi::only_within && looks_like_http(message);
}

Verdict observe_http_api(ByteCursor message, Flow& flow, Claims& claims, const HttpApi& api) {
    Notes& notes = flow.state->notes<Notes>();
    const ByteCursor begin = message;
    const std::size_t start = message.offset();
    const std::size_t there = message.left();
    const HttpHead head = read_http_head(message);
    if (head.kind == HttpHead::Kind::Incomplete && !flow.ended) return need(there + 1);
    const std::size_t head_size = message.offset() - start;
    const bool chunked = head.has_token("Transfer-Encoding", "chunked");
    if (head.kind == HttpHead::Kind::Request) {
        // Another page of the same server: http reads it.
        const std::uint8_t asked = api.asked_for(head.method, head.target);
        if (asked == 0 || (asked >= HttpApi::only_within && !notes.shown) || chunked) return not_this();
        observe_http_head(head, claims);
        if (notes.waiting < notes.asked.size()) {
            notes.asked[(notes.first + notes.waiting) % notes.asked.size()] = asked;
            ++notes.waiting;
        }
        return done(head_size + content_length(head));
    }
    if (head.kind != HttpHead::Kind::Response || notes.waiting == 0 || passed_on(head)) return not_this();
    std::size_t size = content_length(head);
    std::string joined;
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
    const std::uint8_t asked = notes.asked[notes.first];
    const bool whole = size <= longest_body && message.left() >= size;
    const std::string_view order = api.order == nullptr ? std::string_view() : api.order(asked);
    if (head.status == 200 && whole && asked < HttpApi::only_within) {
        const Slice body = message.bytes(size);
        if (!api.answer(asked, chunked ? std::string_view(joined) : body.text(), body, claims)) return not_this();
        notes.shown = true;
    } else if (head.status == 204 && !order.empty()) {
        notes.shown = true;
    }
    if ((head.status == 200 || head.status == 204) && !order.empty() && notes.shown) {
        // The first line: a head may hold what is a secret.
        claims.stated(Field::remote_observed, std::string(order) + " from " + flow.receiver.ip.text(),
                      ByteCursor(begin).bytes(12), "order");
    }
    const bool login = head.status == 401 && !order.empty();
    // An error, or a body too long to look into, shows nothing.
    if (!notes.shown && !login) return not_this();
    observe_http_head(head, claims);
    notes.first = static_cast<std::uint8_t>((notes.first + 1) % notes.asked.size());
    --notes.waiting;
    return done(head_size + size);
}

}  // namespace herkomst
