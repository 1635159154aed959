#include "exports/uuid.h"

#include "core/hash.h"

namespace herkomst {

std::string uuid_of(std::string_view text) {
    std::string digits = sha256(text).substr(0, 32);
    digits[12] = '8';
    constexpr std::string_view hex_digits = "0123456789abcdef";
    digits[16] = hex_digits[8 + hex_digits.find(digits[16]) % 4];
    for (const std::size_t at : {20U, 16U, 12U, 8U}) digits.insert(at, 1, '-');
    return digits;
}

}  // namespace herkomst
