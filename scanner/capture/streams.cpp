#include "capture/streams.h"

#include <algorithm>

namespace herkomst {

Place place_of(const Piece* pieces, std::size_t count, std::size_t base, std::size_t begin, std::size_t end) {
    begin += base;
    end += base;
    const Piece* after =
        std::upper_bound(pieces, pieces + count, begin, [](std::size_t at, const Piece& piece) { return at < piece.at; });
    if (after == pieces) return {};
    const Piece& piece = *(after - 1);
    Place place;
    place.frame = piece.frame;
    if (piece.joined) return place;
    const std::size_t into = std::min(begin - piece.at, piece.size);
    const std::size_t last = std::clamp(end - piece.at, into, piece.size);
    place.begin = piece.in_frame + static_cast<std::uint32_t>(into);
    place.end = piece.in_frame + static_cast<std::uint32_t>(last);
    return place;
}

void Window::append(Bytes bytes, const Piece& piece) {
    if (head_ != 0 && (empty() || head_ >= window_max)) {
        bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(head_));
        std::size_t gone = 0;
        while (gone < pieces_.size() && pieces_[gone].at + pieces_[gone].size <= head_) ++gone;
        pieces_.erase(pieces_.begin(), pieces_.begin() + static_cast<std::ptrdiff_t>(gone));
        for (Piece& kept : pieces_) {
            if (kept.at < head_) {
                const std::size_t cut = head_ - kept.at;
                kept.size -= cut;
                kept.in_frame += static_cast<std::uint32_t>(cut);
                kept.at = 0;
            } else {
                kept.at -= head_;
            }
        }
        head_ = 0;
    }
    Piece next = piece;
    next.at = bytes_.size();
    next.size = bytes.size();
    pieces_.push_back(next);
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

void Window::consume(std::size_t n) {
    head_ += std::min(n, bytes_.size() - head_);
    if (empty()) clear();
}

void Window::clear() {
    // Capacity is kept by a busy stream, given back by a large one.
    if (bytes_.capacity() > 8192) {
        bytes_ = {};
    } else {
        bytes_.clear();
    }
    pieces_.clear();
    head_ = 0;
}

bool Window::keep_part(std::uint32_t sequence, Bytes bytes, std::uint32_t lost_after, Piece piece, std::size_t before) {
    if (early_.size() >= early_segments_max || early_bytes_ + bytes.size() > early_bytes_max) return false;
    Early part;
    part.sequence = sequence;
    part.lost_after = lost_after;
    part.bytes.assign(bytes.begin(), bytes.end());
    part.piece = piece;
    early_bytes_ += bytes.size();
    early_.insert(early_.begin() + static_cast<std::ptrdiff_t>(before), std::move(part));
    return true;
}

bool Window::keep_early(std::uint32_t next, std::uint32_t sequence, Bytes bytes, std::uint32_t lost_after, const Piece& piece) {
    // Distances from `next` are small and positive here, so plain comparison is safe where sequence numbers wrap.
    std::uint32_t begin = sequence - next;
    const std::uint32_t end = begin + static_cast<std::uint32_t>(bytes.size());
    const std::uint32_t start = begin;
    const auto part = [&](std::uint32_t from, std::uint32_t to, std::size_t before) {
        Piece at = piece;
        at.in_frame += from - start;
        return keep_part(next + from, bytes.subspan(from - start, to - from), to == end ? lost_after : 0, at, before);
    };
    for (std::size_t i = 0; i < early_.size() && begin < end; ++i) {
        const std::uint32_t known_begin = early_[i].sequence - next;
        const std::uint32_t known_end = known_begin + static_cast<std::uint32_t>(early_[i].bytes.size());
        if (known_end <= begin) continue;
        if (known_begin > begin) {
            if (!part(begin, std::min(end, known_begin), i)) return false;
            ++i;
        }
        begin = std::max(begin, known_end);
    }
    if (begin < end) {
        std::size_t before = early_.size();
        while (before > 0 && early_[before - 1].sequence - next > begin) --before;
        return part(begin, end, before);
    }
    return true;
}

Window::Early Window::take_first_early() {
    Early first = std::move(early_.front());
    early_.erase(early_.begin());
    early_bytes_ -= first.bytes.size();
    return first;
}

}  // namespace herkomst
