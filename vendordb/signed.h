// A database update as one signed file: made by whoever holds the private key, taken over by whoever has the public one.
//
//     herkomst-vendordb-update/1\n
//     {"bytes":N,"made":"2026-11-26T12:00:00Z","sha256":"...","unpacked":N,"version":"2026-11-21 sha256:..."}\n
//     128 hexadecimal digits: Ed25519 (RFC 8032) over the two lines above, line ends included\n
//     N bytes: the SQLite file, packed with Zstandard (RFC 8878); sha256 is that of these bytes
//
// Keys are PEM files (PKCS #8 and SubjectPublicKeyInfo, RFC 8410), as `openssl genpkey -algorithm ed25519` makes them. Nothing
// is unpacked before the signature and the digest hold.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/result.h"

namespace herkomst {

struct KeyPair {
    std::string private_pem;
    std::string public_pem;
};
// Throws std::runtime_error when the machine cannot make one.
KeyPair make_keys();

struct SignedUpdate {
    std::string version;   // of the database
    Time made{};           // when it was signed
    std::string database;  // the SQLite file
};

// Problems: the key is none, or not an Ed25519 private key.
Result<std::string> sign_update(const SignedUpdate&, std::string_view private_pem, std::string_view key_name);

// What a file says of itself, before any of it is believed.
struct UpdateEnvelope {
    std::string_view signed_part;  // views into the file
    std::string signature;         // 64 bytes
    std::string_view payload;
    std::string version;
    std::string sha256;
    Time made{};
    std::size_t unpacked = 0;
};
// `name` stands in front of the problem. Bounded: the header is at most 4 KiB, the database at most 256 MiB.
Result<UpdateEnvelope> read_envelope(std::string_view file, std::string_view name);

// The database, when the signature is that of the key's holder and nothing was altered; else why not.
Result<SignedUpdate> open_update(std::string_view file, std::string_view name, std::string_view public_pem,
                                 std::string_view key_name);

// A signature by itself, over a text that is kept elsewhere: the same keys, the same signature (Ed25519, 128 hexadecimal
// digits).
struct TextSignature {
    std::string signature;
    std::string public_pem;  // the key that checks it
};
// Problems: the key is none, or not an Ed25519 private key.
Result<TextSignature> sign_text(std::string_view text, std::string_view private_pem, std::string_view key_name);
// A public key as this program writes it, whatever stands around it and however its lines end. Problem: it is none.
Result<std::string> public_key_of(std::string_view pem, std::string_view key_name);
bool signature_holds(std::string_view text, std::string_view signature, std::string_view public_pem);

// Whether `a` came after `b`: by the date of the newest claim, then by when it was signed.
bool newer(const std::string& version_a, Time made_a, const std::string& version_b, Time made_b);

}  // namespace herkomst
