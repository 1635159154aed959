// Files that only one reader can open: exports and copies of a register on their way to somebody else.
//
//     herkomst-sealed/1\n
//     {"chunk":65536,"cipher":"aes-256-gcm","key":"scrypt","n":131072,"nonce":"...","p":1,"r":8,"salt":"..."}\n
//     chunks of 65536 bytes (the last one shorter, or empty), each followed by 16 bytes of tag
//
// The key comes from a passphrase (scrypt, RFC 7914) or from an exchange with the recipient's key (X25519, RFC 7748; header
// "key":"x25519" with "from", the sender's key for this file only) through HKDF-SHA256 (RFC 5869; salt: both public keys, info:
// the first line). Each chunk is sealed with AES-256-GCM under the nonce of 7 random bytes, the chunk's number (4 bytes) and 1
// for the last chunk, else 0, with both header lines as associated data: so nothing can be changed, left out, put in another
// order, or cut off. Nothing that was opened is handed out before all of it was checked.
//
// Keys are PEM files (RFC 8410), as `openssl genpkey -algorithm x25519` makes them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace herkomst {

// One of the two.
struct SealFor {
    std::string passphrase;
    std::string recipient_pem;  // public key
};
struct OpenWith {
    std::string passphrase;
    std::string private_pem;
};

// Problems: no key, both, a passphrase of less than 12 bytes, a key that is none. Throws std::runtime_error when the machine
// cannot.
Result<std::string> seal(std::string_view content, const SealFor&, std::string_view key_name);
// Problems: it is no such file, another key, altered, cut off. At most 2 GiB.
Result<std::string> open_sealed(std::string_view file, std::string_view name, const OpenWith&, std::string_view key_name);
bool is_sealed(std::string_view file);
// What opens it, by its own word; Nobody: it is no sealed file, or does not say.
enum class SealedFor : std::uint8_t { Nobody, Passphrase, Key };
SealedFor sealed_for(std::string_view file);

struct SealKeys {
    std::string private_pem;
    std::string public_pem;
};
SealKeys make_seal_keys();

// Several files as one content, and back. Names have no folder in them, no control character, and are not those of another one;
// one that is otherwise is a problem.
struct NamedContent {
    std::string name;
    std::string content;
};
std::string pack_files(const std::vector<NamedContent>&);
Result<std::vector<NamedContent>> unpack_files(std::string_view packed, std::string_view name);

// Whether a packed file may be called so: no path, not hidden, and nothing that a terminal would obey. Another name is not
// packed, and refused when it is opened.
bool is_packed_name(std::string_view);

}  // namespace herkomst
