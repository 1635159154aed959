// Numbers of rows, a bit each: of a million assets most rules are false of most.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

namespace herkomst {

class RowSet {
  public:
    void add(std::uint32_t row) {
        if (row / 64 >= bits_.size()) bits_.resize(row / 64 + 1);
        bits_[row / 64] |= std::uint64_t{1} << row % 64;
    }
    [[nodiscard]] bool contains(std::uint32_t row) const {
        return row / 64 < bits_.size() && (bits_[row / 64] >> row % 64 & 1) != 0;
    }
    [[nodiscard]] bool empty() const { return begin() == end(); }

    // Ascending.
    class Iterator {
      public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = std::uint32_t;
        using difference_type = std::ptrdiff_t;
        using pointer = const std::uint32_t*;
        using reference = std::uint32_t;
        Iterator() = default;
        Iterator(const std::vector<std::uint64_t>* bits, std::size_t at) : bits_(bits), at_(at) { settle(); }
        std::uint32_t operator*() const { return static_cast<std::uint32_t>(at_); }
        Iterator& operator++() {
            ++at_;
            settle();
            return *this;
        }
        Iterator operator++(int) {
            const Iterator before = *this;
            ++*this;
            return before;
        }
        bool operator==(const Iterator& other) const { return at_ == other.at_; }

      private:
        void settle() {
            const std::size_t all = bits_->size() * 64;
            while (at_ < all) {
                const std::uint64_t rest = (*bits_)[at_ / 64] >> at_ % 64;
                if (rest != 0) {
                    at_ += static_cast<std::size_t>(std::countr_zero(rest));
                    return;
                }
                at_ = (at_ / 64 + 1) * 64;
            }
            at_ = all;
        }
        const std::vector<std::uint64_t>* bits_ = nullptr;
        std::size_t at_ = 0;
    };
    [[nodiscard]] Iterator begin() const { return {&bits_, 0}; }
    [[nodiscard]] Iterator end() const { return {&bits_, bits_.size() * 64}; }

  private:
    std::vector<std::uint64_t> bits_;
};

}  // namespace herkomst
