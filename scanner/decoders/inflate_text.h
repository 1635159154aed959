// Raw DEFLATE (RFC 1951) of one message, bounded: for payloads that a protocol compresses one by one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace herkomst {

// The message that `deflated` holds, at most `max` bytes. A message that was cut at a flush (RFC 7692 section 7.2.1: the last
// four bytes 00 00 ff ff are left out) is read too. False when the bytes are not DEFLATE, refer to an earlier message, or hold
// more than `max`.
bool inflate_text(std::string_view deflated, std::size_t max, std::string& text);

}  // namespace herkomst
