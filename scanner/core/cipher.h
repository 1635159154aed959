// The few keyed operations of OpenSSL that reading needs where a key is public by design: QUIC's first packets (RFC 9001),
// discovery messages under a key that every device of a make shares. Nothing here is for keeping secrets.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace herkomst {

using Block16 = std::array<std::uint8_t, 16>;
using Block32 = std::array<std::uint8_t, 32>;

Block32 hmac_sha256(std::span<const std::uint8_t> key, std::span<const std::uint8_t> data);
// TLS 1.3's HKDF-Expand-Label with an empty context (RFC 8446 section 7.1), at most 32 bytes.
Block32 hkdf_expand_label(const Block32& secret, std::string_view label, std::size_t size);
Block16 aes128_block(const Block16& key, const Block16& in);
// AES-128-GCM: false when the sixteen bytes of tag at the end do not fit; then `out` is empty.
bool aes128_gcm_open(const Block16& key, const std::array<std::uint8_t, 12>& nonce, std::span<const std::uint8_t> header,
                     std::span<const std::uint8_t> sealed, std::vector<std::uint8_t>& out);
// The other way round: the text, encrypted, and its tag.
std::vector<std::uint8_t> aes128_gcm_sealed(const Block16& key, const std::array<std::uint8_t, 12>& nonce,
                                            std::span<const std::uint8_t> header, std::string_view text);
// AES-128 in ECB mode, decrypted, with PKCS#7 padding taken off where it is there. Empty when the size is no multiple of 16 or
// the key has not 16 bytes.
std::string aes128_ecb_decrypted(std::span<const std::uint8_t> text, std::string_view key);

}  // namespace herkomst
