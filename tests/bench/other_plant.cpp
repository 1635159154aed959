#include "other_plant.h"

#include <algorithm>
#include <cstddef>

namespace herkomst {

namespace {

class Frame {
  public:
    // What is to be changed: addresses, by `with`; or the numbers of TCP, by `further`.
    Frame(std::vector<std::uint8_t>& bytes, std::uint8_t with, std::uint32_t further)
        : bytes_(bytes), with_(with), further_(further) {}

    void move() {
        if (bytes_.size() < 14) return;
        mac(0);
        mac(6);
        std::size_t at = 12;
        while (word(at) == 0x8100 || word(at) == 0x88a8) at += 4;
        const unsigned type = word(at);
        at += 2;
        if (type == 0x0800) ipv4(at);
        if (type == 0x86dd) ipv6(at);
        if (type == 0x0806 && word(at) == 1 && word(at + 2) == 0x0800) {
            mac(at + 8);
            address4(at + 14);
            mac(at + 18);
            address4(at + 24);
        }
    }

  private:
    [[nodiscard]] bool has(std::size_t at, std::size_t size) const { return at + size <= bytes_.size(); }
    [[nodiscard]] unsigned word(std::size_t at) const { return has(at, 2) ? bytes_[at] * 256U + bytes_[at + 1] : 0; }

    // Changes one octet, and says what that adds to a sum of 16-bit words that stand at even offsets from `start`.
    unsigned change(std::size_t at, std::size_t start) {
        const unsigned shift = (at - start) % 2 == 0 ? 8 : 0;
        const unsigned old = static_cast<unsigned>(bytes_[at]) << shift;
        bytes_[at] ^= with_;
        const unsigned now = static_cast<unsigned>(bytes_[at]) << shift;
        return (~old & 0xffffU) + now;
    }
    // Counts a number of four bytes further, and says what that adds to the sum.
    unsigned count(std::size_t at) {
        const unsigned before = (~word(at) & 0xffffU) + (~word(at + 2) & 0xffffU);
        std::uint32_t number = further_;
        for (std::size_t i = 0; i < 4; ++i) number += std::uint32_t{bytes_[at + i]} << (24 - 8 * i);
        for (std::size_t i = 0; i < 4; ++i) bytes_[at + i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
        return before + word(at) + word(at + 2);
    }
    void mac(std::size_t at) {
        if (with_ == 0) return;
        if (!has(at, 6) || (bytes_[at] & 1) != 0) return;
        if (std::all_of(&bytes_[at], &bytes_[at] + 6, [](std::uint8_t byte) { return byte == 0; })) return;
        bytes_[at + 3] ^= with_;
    }
    unsigned address4(std::size_t at) {
        if (with_ == 0) return 0;
        if (!has(at, 4) || bytes_[at] == 0 || bytes_[at] == 127 || bytes_[at] >= 224) return 0;
        return change(at + 2, at);
    }
    unsigned address6(std::size_t at) {
        if (with_ == 0) return 0;
        if (!has(at, 16) || bytes_[at] == 0xff || bytes_[at] == 0) return 0;
        return change(at + 13, at);
    }
    void mend(std::size_t at, unsigned added, bool none_is_zero) {
        if (!has(at, 2) || added == 0 || (none_is_zero && word(at) == 0)) return;
        unsigned sum = (~word(at) & 0xffffU) + added;
        while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
        unsigned now = ~sum & 0xffffU;
        if (none_is_zero && now == 0) now = 0xffff;
        bytes_[at] = static_cast<std::uint8_t>(now >> 8);
        bytes_[at + 1] = static_cast<std::uint8_t>(now);
    }
    void transport(unsigned protocol, std::size_t at, unsigned added) {
        if (protocol == 6 && further_ != 0 && has(at, 14)) {
            added += count(at + 4);
            if ((bytes_[at + 13] & 0x10) != 0) added += count(at + 8);
        }
        if (protocol == 6) mend(at + 16, added, false);
        if (protocol == 17) mend(at + 6, added, true);
        if (protocol == 58) mend(at + 2, added, false);
    }
    void ipv4(std::size_t at) {
        if (!has(at, 20) || bytes_[at] >> 4 != 4) return;
        const std::size_t length = (bytes_[at] & 15U) * 4;
        const unsigned added = address4(at + 12) + address4(at + 16);
        mend(at + 10, added, false);
        if ((word(at + 6) & 0x1fff) == 0) transport(bytes_[at + 9], at + length, added);
    }
    void ipv6(std::size_t at) {
        if (!has(at, 40)) return;
        const unsigned added = address6(at + 8) + address6(at + 24);
        transport(bytes_[at + 6], at + 40, added);
    }

    std::vector<std::uint8_t>& bytes_;
    std::uint8_t with_;
    std::uint32_t further_;
};

}  // namespace

void move_to_other_plant(std::vector<std::uint8_t>& frame, std::uint8_t with) { Frame(frame, with, 0).move(); }
void move_to_other_connection(std::vector<std::uint8_t>& frame, std::uint32_t further) { Frame(frame, 0, further).move(); }

}  // namespace herkomst
