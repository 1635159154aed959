// Reading bytes that nobody has vouched for.
//
// A ByteCursor is a view of bytes plus a pointer to the one `Reading` of its message. It reads from the front, never past
// its end, and can only be narrowed: `take(n)` gives the next n bytes as a cursor of their own and there is no way to widen
// it again. The first read that asks for more than there is fails the whole message: from then on every read of every cursor
// of that message yields zero or nothing, `done()` is true and `ok()` is false, and `Claims` ignores what is staged. So a
// decoder reads a header straight down, like the figure in the specification, and cannot forget a check.
//
//     ByteCursor pdu = frame.take(frame.be16());      // exactly what the header claims
//     for (int left = pdu.u8(); left > 0 && pdu.ok(); --left) { ... }
//
// All reads are O(1) and allocate nothing. A message has less than 4 GiB: a larger one fails.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace herkomst {

using Bytes = std::span<const std::uint8_t>;

// The bytes of a text, for readers that want bytes.
inline Bytes bytes_in(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

// What all cursors of one message share.
struct Reading {
    bool ok = true;
    const std::uint8_t* base = nullptr;  // first byte of the message: offsets in evidence count from here
};

// Some bytes of the message together with where they stand: the witness of a claim.
struct Slice {
    Bytes bytes;
    std::size_t offset = 0;  // from the first byte of the message

    [[nodiscard]] std::string_view text() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
    [[nodiscard]] bool empty() const { return bytes.empty(); }
    [[nodiscard]] std::size_t size() const { return bytes.size(); }
};

class ByteCursor {
  public:
    ByteCursor(Bytes bytes, Reading& reading) : reading_(&reading) {
        if (bytes.empty()) return;  // no bytes stand nowhere
        if (reading.base == nullptr) reading.base = bytes.data();
        const std::ptrdiff_t from = bytes.data() - reading.base;
        // Of another message, or of one that nobody sends.
        if (from < 0 || static_cast<std::size_t>(from) + bytes.size() > UINT32_MAX) {
            reading.ok = false;
            return;
        }
        at_ = static_cast<std::uint32_t>(from);
        end_ = at_ + static_cast<std::uint32_t>(bytes.size());
    }

    std::uint8_t u8() { return want(1) ? reading_->base[at_++] : std::uint8_t{0}; }
    std::uint16_t be16() { return static_cast<std::uint16_t>(big(2)); }
    std::uint32_t be24() { return static_cast<std::uint32_t>(big(3)); }
    std::uint32_t be32() { return static_cast<std::uint32_t>(big(4)); }
    std::uint64_t be48() { return big(6); }
    std::uint64_t be64() { return big(8); }
    std::uint16_t le16() { return static_cast<std::uint16_t>(little(2)); }
    std::uint32_t le24() { return static_cast<std::uint32_t>(little(3)); }
    std::uint32_t le32() { return static_cast<std::uint32_t>(little(4)); }
    std::uint64_t le64() { return little(8); }

    void skip(std::size_t n) {
        if (want(n)) at_ += static_cast<std::uint32_t>(n);
    }
    // The next n bytes, consumed.
    Slice bytes(std::size_t n) {
        if (!want(n)) return {};
        Slice slice{Bytes(here(), n), offset()};
        at_ += static_cast<std::uint32_t>(n);
        return slice;
    }
    // The next n bytes, consumed, as a narrower cursor.
    ByteCursor take(std::size_t n) {
        ByteCursor part = *this;
        part.end_ = at_;
        if (want(n)) part.end_ = at_ += static_cast<std::uint32_t>(n);
        return part;
    }
    // Everything that is left, consumed.
    Slice rest() { return bytes(left()); }
    // Up to (not including) the first `stop`; the stop itself is consumed too. Fails the message when there is none.
    Slice until(std::uint8_t stop);
    // One line up to LF; a CR before it is not part of the line. Fails the message when there is no LF.
    Slice line();

    // Looking ahead never fails the message: past the end there are zeros.
    [[nodiscard]] std::uint8_t peek(std::size_t at = 0) const {
        return at < left() ? reading_->base[at_ + at] : std::uint8_t{0};
    }
    [[nodiscard]] std::uint16_t peek_be16(std::size_t at = 0) const {
        return static_cast<std::uint16_t>((peek(at) << 8) | peek(at + 1));
    }
    [[nodiscard]] std::uint16_t peek_le16(std::size_t at = 0) const {
        return static_cast<std::uint16_t>((peek(at + 1) << 8) | peek(at));
    }
    [[nodiscard]] bool starts_with(std::string_view text) const;
    [[nodiscard]] std::string_view text_ahead() const {
        return reading_->ok ? std::string_view(reinterpret_cast<const char*>(here()), left()) : std::string_view();
    }
    // The bytes between an earlier copy of this cursor and here: `const auto from = c; ...; c.since(from)`.
    [[nodiscard]] Slice since(const ByteCursor& earlier) const;

    [[nodiscard]] std::size_t left() const { return reading_->ok ? end_ - at_ : std::size_t{0}; }
    [[nodiscard]] bool done() const { return left() == 0; }
    [[nodiscard]] bool ok() const { return reading_->ok; }
    [[nodiscard]] std::size_t offset() const { return at_; }
    // A length that contradicts the message (a count that cannot be, a pointer that goes nowhere) fails it like a short read.
    void fail() { reading_->ok = false; }

  private:
    bool want(std::size_t n) {
        if (n <= left()) return true;
        reading_->ok = false;
        return false;
    }
    std::uint64_t big(std::size_t n) {
        if (!want(n)) return 0;
        std::uint64_t value = 0;
        for (const std::uint8_t byte : Bytes(reading_->base + at_, n)) value = (value << 8) | byte;
        at_ += static_cast<std::uint32_t>(n);
        return value;
    }
    std::uint64_t little(std::size_t n) {
        if (!want(n)) return 0;
        std::uint64_t value = 0;
        const std::uint8_t* const from = reading_->base + at_;
        for (std::size_t i = n; i > 0; --i) value = (value << 8) | from[i - 1];
        at_ += static_cast<std::uint32_t>(n);
        return value;
    }
    [[nodiscard]] const std::uint8_t* here() const { return reading_->base == nullptr ? nothing : reading_->base + at_; }

    // Where a cursor over no bytes stands, so that none of them stands at a null pointer.
    static constexpr std::uint8_t nothing[1] = {0};

    // Two words, counted from the message's first byte: a cursor travels in registers, not through memory.
    Reading* reading_;
    std::uint32_t at_ = 0;
    std::uint32_t end_ = 0;
};

// A message of a stream that is whole in itself (its length was read, and so many bytes are there): its short reads fail it
// alone, they do not ask the stream for more. Offsets still count from the first byte of the window it stands in.
inline ByteCursor whole(const Slice& slice, Reading& reading) {
    // No bytes stand nowhere: other cursors of this reading still count from where they did.
    if (!slice.empty()) reading.base = slice.bytes.data() - slice.offset;
    return ByteCursor(slice.bytes, reading);
}

}  // namespace herkomst
