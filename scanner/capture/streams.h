// One direction of a TCP connection as contiguous bytes, within bounds.
//
// A message that lies wholly in one packet is never copied. What is left over waits in a window of at most `window_max` bytes,
// each byte knowing the frame it came in; segments that came too early wait beside it. The first copy of a byte wins.
#pragma once

#include <cstdint>
#include <vector>

#include "core/bytes.h"

namespace herkomst {

// Some bytes of a message and the frame they stand in.
struct Piece {
    std::size_t at = 0;  // within the message
    std::size_t size = 0;
    std::uint64_t frame = 0;
    std::uint32_t in_frame = 0;
    bool joined = false;  // from IP fragments: the place within the frame is not known
};

struct Place {
    std::uint64_t frame = 0;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

// Where the bytes [begin, end) of a message stand: the frame of the first of them, clipped to that frame. The pieces are in
// order and lie without a hole from `base` on.
Place place_of(const Piece* pieces, std::size_t count, std::size_t base, std::size_t begin, std::size_t end);

class Window {
  public:
    static constexpr std::size_t window_max = std::size_t{64} << 10;
    static constexpr std::size_t early_bytes_max = std::size_t{64} << 10;
    static constexpr std::size_t early_segments_max = 64;

    struct Early {
        std::uint32_t sequence = 0;
        std::uint32_t lost_after = 0;  // bytes that the capture cut off behind it
        std::vector<std::uint8_t> bytes;
        Piece piece;
    };

    [[nodiscard]] Bytes bytes() const { return Bytes(bytes_).subspan(head_); }
    [[nodiscard]] bool empty() const { return head_ == bytes_.size(); }
    [[nodiscard]] std::size_t kept() const { return bytes_.capacity() + early_bytes_; }
    [[nodiscard]] const std::vector<Piece>& pieces() const { return pieces_; }
    [[nodiscard]] std::size_t base() const { return head_; }
    void append(Bytes bytes, const Piece& piece);
    void consume(std::size_t n);
    void clear();

    // Keeps a segment that starts after `next`; only the parts that are not there yet. False when there is no room.
    bool keep_early(std::uint32_t next, std::uint32_t sequence, Bytes bytes, std::uint32_t lost_after, const Piece& piece);
    [[nodiscard]] std::vector<Early>& early() { return early_; }
    Early take_first_early();

  private:
    bool keep_part(std::uint32_t sequence, Bytes bytes, std::uint32_t lost_after, Piece piece, std::size_t before);

    std::vector<std::uint8_t> bytes_;
    std::size_t head_ = 0;
    std::vector<Piece> pieces_;
    std::vector<Early> early_;  // sorted by sequence
    std::size_t early_bytes_ = 0;
};

}  // namespace herkomst
