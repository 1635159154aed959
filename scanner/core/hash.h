// Digests (OpenSSL), and the checksums that protocols carry. Digests come as lower-case hexadecimal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace herkomst {

std::string sha256(std::string_view);
std::string sha256(std::span<const std::uint8_t>);
std::string md5(std::string_view);

// CRC-16 of the serial Modbus (MODBUS over Serial Line V1.02 section 6.2.2): polynomial 0xA001 reflected, start 0xFFFF. Also
// used by Growatt and GoodWe. O(n).
std::uint16_t crc16_modbus(std::span<const std::uint8_t>);

// Two words folded into one, for hash tables.
inline std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
    const unsigned __int128 product =
        static_cast<unsigned __int128>(a ^ 0x9e37'79b9'7f4a'7c15ULL) * (b ^ 0xd1b5'4a32'd192'ed03ULL);
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;
    void add(std::string_view);
    std::string hex();  // ends it

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace herkomst
