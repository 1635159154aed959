// The head of an HTTP/1 message, read once for every protocol that starts as HTTP.
//
// `read_http_head` reads the start line and the header fields from the front of a window and leaves the cursor behind the empty
// line. Bounded: a head longer than 64 KiB or with more than 100 fields is not a head. Nothing is copied; fields that nobody
// may keep (paths with a query, cookies, credentials) are simply never asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "decoders/decoder.h"

namespace herkomst {

struct HttpHead {
    enum class Kind : std::uint8_t { NotHttp, Incomplete, Request, Response };
    Kind kind = Kind::NotHttp;
    std::string_view method;  // request
    std::string_view target;  // request
    int status = 0;           // response
    Slice fields;             // all header field lines

    // The first field of that name, trimmed; empty when there is none.
    [[nodiscard]] Slice field(std::string_view name) const;
    // True when a field of that name holds this token in a comma list, ignoring case.
    [[nodiscard]] bool has_token(std::string_view name, std::string_view token) const;
};

inline constexpr std::size_t longest_http_head = 64 * 1024;

// Does this look like the start of an HTTP/1 message? Three constraints: the start line's shape and version, a known method or
// a status of 100 to 599, and a header field (or the end of the head) on the next line.
bool looks_like_http(ByteCursor message);
HttpHead read_http_head(ByteCursor& message);

// RFC 9110 section 7.6.3, RFC 7239: whoever passes a message on says so and leaves the fields of who made it, which are no
// words of the sender's.
bool passed_on(const HttpHead&);

// What a head says about its sender, unless it was passed on: Server or User-Agent as `software`, realms; and by what name the
// receiver was addressed.
void observe_http_head(const HttpHead&, Claims&);

// A text without the words that are mail addresses.
std::string without_mail(std::string_view);
// Would a text, once cleaned (core/text.h), lose words that way? Looks at the '@' and what stands beside it, so that the bytes
// of a key, which hold many, cost no more than a search.
bool holds_mail(std::string_view raw);

}  // namespace herkomst
