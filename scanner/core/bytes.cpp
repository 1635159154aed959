#include "core/bytes.h"

#include <cstring>

namespace herkomst {

Slice ByteCursor::until(std::uint8_t stop) {
    if (left() == 0) {
        reading_->ok = false;
        return {};
    }
    const void* found = std::memchr(here(), stop, left());
    if (found == nullptr) {
        reading_->ok = false;
        return {};
    }
    const auto length = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - here());
    const Slice slice = bytes(length);
    skip(1);
    return slice;
}

Slice ByteCursor::line() {
    Slice slice = until('\n');
    if (!slice.bytes.empty() && slice.bytes.back() == '\r') slice.bytes = slice.bytes.first(slice.bytes.size() - 1);
    return slice;
}

bool ByteCursor::starts_with(std::string_view text) const {
    return left() >= text.size() && text_ahead().substr(0, text.size()) == text;
}

Slice ByteCursor::since(const ByteCursor& earlier) const {
    if (!reading_->ok || earlier.reading_ != reading_ || earlier.at_ > at_) return {};
    return {Bytes(earlier.here(), at_ - earlier.at_), earlier.offset()};
}

}  // namespace herkomst
