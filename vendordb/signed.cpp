#include "vendordb/signed.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <zstd.h>

#include <memory>
#include <stdexcept>
#include <vector>

#include "core/file.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/text.h"

namespace herkomst {

namespace {

constexpr std::string_view magic = "herkomst-vendordb-update/1\n";
constexpr std::size_t header_max = 4096;
constexpr std::size_t database_max = std::size_t{256} << 20;
constexpr std::size_t signature_digits = 128;

template <class T, void (*Free)(T*)>
struct Freed {
    void operator()(T* held) const { Free(held); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;
using Context = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX, EVP_MD_CTX_free>>;
struct FreeBio {
    void operator()(BIO* held) const { BIO_free(held); }
};
using Memory = std::unique_ptr<BIO, FreeBio>;

Memory reading(std::string_view text) { return Memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

// No key of ours has a passphrase; asking for one on the terminal would hang a cron job.
int no_passphrase(char*, int, int, void*) { return -1; }

Key private_key(std::string_view pem) {
    if (pem.size() > header_max) return nullptr;
    const Memory from = reading(pem);
    return Key(PEM_read_bio_PrivateKey(from.get(), nullptr, no_passphrase, nullptr));
}
Key public_key(std::string_view pem) {
    if (pem.size() > header_max) return nullptr;
    const Memory from = reading(pem);
    return Key(PEM_read_bio_PUBKEY(from.get(), nullptr, no_passphrase, nullptr));
}
bool is_ed25519(const Key& key) { return key && EVP_PKEY_is_a(key.get(), "ED25519") == 1; }

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string memory_text(BIO* memory) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string signature_of(std::string_view text, const Key& key) {
    std::vector<unsigned char> signature(EVP_MAX_MD_SIZE * 2);
    std::size_t size = signature.size();
    const Context context(EVP_MD_CTX_new());
    if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
        EVP_DigestSign(context.get(), signature.data(), &size, bytes(text), text.size()) != 1)
        throw std::runtime_error("nothing can be signed on this machine");
    return hex(signature.data(), size);
}

bool holds(std::string_view text, std::string_view signature, const Key& key) {
    const Context context(EVP_MD_CTX_new());
    if (!context || EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1)
        throw std::runtime_error("no signature can be checked on this machine");
    return EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(text), text.size()) == 1;
}

std::string packed(std::string_view content) {
    std::string out(ZSTD_compressBound(content.size()), '\0');
    const std::size_t size = ZSTD_compress(out.data(), out.size(), content.data(), content.size(), 12);
    if (ZSTD_isError(size) != 0) throw std::runtime_error("the update cannot be packed");
    out.resize(size);
    return out;
}

}  // namespace

KeyPair make_keys() {
    const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    const Memory secret(BIO_new(BIO_s_mem()));
    const Memory open(BIO_new(BIO_s_mem()));
    if (!key || PEM_write_bio_PKCS8PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
        PEM_write_bio_PUBKEY(open.get(), key.get()) != 1)
        throw std::runtime_error("no key pair can be made on this machine");
    return {memory_text(secret.get()), memory_text(open.get())};
}

Result<std::string> sign_update(const SignedUpdate& update, std::string_view private_pem, std::string_view key_name) {
    const Key key = private_key(private_pem);
    if (!is_ed25519(key)) return Problem{std::string(key_name), "is not a private key of kind Ed25519 (PEM)"};
    const std::string payload = packed(update.database);
    Json header = Json::object();
    header["bytes"] = payload.size();
    header["made"] = rfc3339(update.made);
    header["sha256"] = sha256(payload);
    header["unpacked"] = update.database.size();
    header["version"] = update.version;
    std::string out = std::string(magic) + write_json(header) + "\n";
    return out + signature_of(out, key) + "\n" + payload;
}

Result<UpdateEnvelope> read_envelope(std::string_view file, std::string_view name) {
    const auto refuse = [&](std::string sentence) { return Problem{std::string(name), std::move(sentence)}; };
    if (!file.starts_with(magic)) return refuse("is not a signed update of vendordb");
    const std::size_t end = file.substr(0, magic.size() + header_max).find('\n', magic.size());
    if (end == std::string_view::npos) return refuse("has no header");
    UpdateEnvelope out;
    out.signed_part = file.substr(0, end + 1);
    const std::string_view rest = file.substr(end + 1);
    if (rest.size() <= signature_digits || rest[signature_digits] != '\n') return refuse("is not signed");
    const std::string_view digits = rest.substr(0, signature_digits);
    if (digits.find_first_not_of("0123456789abcdef") != std::string_view::npos) return refuse("is not signed");
    const std::vector<std::uint8_t> signature = unhex(digits);
    out.signature.assign(signature.begin(), signature.end());
    out.payload = rest.substr(signature_digits + 1);
    const Result<Json> header = parse_json(file.substr(magic.size(), end - magic.size()), name);
    if (!header) return header.problems();
    const Json& said = header.value();
    out.version = said["version"].string();
    out.sha256 = said["sha256"].string();
    const std::optional<Time> made = parse_rfc3339(said["made"].string());
    const std::int64_t size = said["bytes"].integer(-1);
    const std::int64_t unpacked = said["unpacked"].integer(-1);
    if (out.version.empty() || out.sha256.empty() || !made || size < 0 || unpacked < 0)
        return refuse("has a header that misses version, made, sha256, bytes or unpacked");
    if (static_cast<std::uint64_t>(size) != out.payload.size())
        return refuse(
            fmt::format("holds {} bytes of data where its header says {}: cut off or added to", out.payload.size(), size));
    if (static_cast<std::uint64_t>(unpacked) > database_max) return refuse("is larger than a vendordb can be");
    out.made = *made;
    out.unpacked = static_cast<std::size_t>(unpacked);
    return out;
}

Result<SignedUpdate> open_update(std::string_view file, std::string_view name, std::string_view public_pem,
                                 std::string_view key_name) {
    const Key key = public_key(public_pem);
    if (!is_ed25519(key)) return Problem{std::string(key_name), "is not a public key of kind Ed25519 (PEM)"};
    const Result<UpdateEnvelope> read = read_envelope(file, name);
    if (!read) return read.problems();
    const UpdateEnvelope& envelope = read.value();
    const auto refuse = [&](std::string sentence) { return Problem{std::string(name), std::move(sentence)}; };
    if (!holds(envelope.signed_part, envelope.signature, key))
        return refuse(fmt::format("was not signed with the key of {}, or its header was altered", key_name));
    if (sha256(envelope.payload) != envelope.sha256) return refuse("was altered after it was signed");
    // From here on the bytes are the signer's; the bound holds for a signer's mistake too.
    Result<std::string> database = unpacked(envelope.payload, name, envelope.unpacked);
    if (!database) return database.problems();
    if (database.value().size() != envelope.unpacked) return refuse("does not unpack to what its header says");
    return SignedUpdate{envelope.version, envelope.made, std::move(database.value())};
}

Result<TextSignature> sign_text(std::string_view text, std::string_view private_pem, std::string_view key_name) {
    const Key key = private_key(private_pem);
    if (!is_ed25519(key)) return Problem{std::string(key_name), "is not a private key of kind Ed25519 (PEM)"};
    const Memory open(BIO_new(BIO_s_mem()));
    if (PEM_write_bio_PUBKEY(open.get(), key.get()) != 1) throw std::runtime_error("a public key cannot be written");
    return TextSignature{signature_of(text, key), memory_text(open.get())};
}

Result<std::string> public_key_of(std::string_view pem, std::string_view key_name) {
    const Key key = public_key(pem);
    if (!is_ed25519(key)) return Problem{std::string(key_name), "is not a public key of kind Ed25519 (PEM)"};
    const Memory open(BIO_new(BIO_s_mem()));
    if (PEM_write_bio_PUBKEY(open.get(), key.get()) != 1) throw std::runtime_error("a public key cannot be written");
    return memory_text(open.get());
}

bool signature_holds(std::string_view text, std::string_view signature, std::string_view public_pem) {
    const Key key = public_key(public_pem);
    if (!is_ed25519(key) || signature.size() != signature_digits ||
        signature.find_first_not_of("0123456789abcdef") != std::string_view::npos)
        return false;
    const std::vector<std::uint8_t> raw = unhex(signature);
    return holds(text, {reinterpret_cast<const char*>(raw.data()), raw.size()}, key);
}

bool newer(const std::string& version_a, Time made_a, const std::string& version_b, Time made_b) {
    const std::string a = version_a.substr(0, version_a.find(' '));
    const std::string b = version_b.substr(0, version_b.find(' '));
    return a != b ? a > b : made_a > made_b;
}

}  // namespace herkomst
