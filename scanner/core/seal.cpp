#include "core/seal.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>

#include "core/json.h"
#include "core/printed.h"
#include "core/text.h"

namespace herkomst {

namespace {

constexpr std::string_view magic = "herkomst-sealed/1\n";
constexpr std::string_view files_magic = "herkomst-files/1\n";
constexpr std::size_t header_max = 4096;
constexpr std::size_t chunk_size = 65536;
constexpr std::size_t tag_size = 16;
constexpr std::size_t content_max = std::size_t{2} << 30;
constexpr std::size_t passphrase_least = 12;
constexpr std::uint64_t scrypt_n = 1 << 17;
constexpr std::uint64_t scrypt_memory = std::uint64_t{512} << 20;

using Bytes = std::vector<unsigned char>;
using Key256 = std::array<unsigned char, 32>;

struct Free {
    void operator()(EVP_PKEY* held) const { EVP_PKEY_free(held); }
    void operator()(EVP_PKEY_CTX* held) const { EVP_PKEY_CTX_free(held); }
    void operator()(EVP_CIPHER_CTX* held) const { EVP_CIPHER_CTX_free(held); }
    void operator()(BIO* held) const { BIO_free(held); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Free>;
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, Free>;
using Memory = std::unique_ptr<BIO, Free>;

int no_passphrase(char*, int, int, void*) { return -1; }
const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
[[noreturn]] void machine(const char* what) { throw std::runtime_error(fmt::format("{} on this machine", what)); }

Bytes random_bytes(std::size_t size) {
    Bytes out(size);
    if (RAND_bytes(out.data(), static_cast<int>(size)) != 1) machine("no random numbers can be had");
    return out;
}

Key read_key(std::string_view pem, bool secret) {
    if (pem.size() > header_max) return nullptr;
    const Memory from(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    Key key(secret ? PEM_read_bio_PrivateKey(from.get(), nullptr, no_passphrase, nullptr)
                   : PEM_read_bio_PUBKEY(from.get(), nullptr, no_passphrase, nullptr));
    return key && EVP_PKEY_is_a(key.get(), "X25519") == 1 ? std::move(key) : nullptr;
}

Bytes raw_public(const Key& key) {
    Bytes out(32);
    std::size_t size = out.size();
    if (EVP_PKEY_get_raw_public_key(key.get(), out.data(), &size) != 1 || size != out.size()) machine("a key cannot be used");
    return out;
}

// False: the other side's key is one that gives nothing (all zero).
bool agreed(const Key& ours, const Key& theirs, const Bytes& from, const Bytes& to, Key256& out) {
    const KeyContext exchange(EVP_PKEY_CTX_new(ours.get(), nullptr));
    Bytes shared(32);
    std::size_t size = shared.size();
    if (!exchange || EVP_PKEY_derive_init(exchange.get()) != 1 || EVP_PKEY_derive_set_peer(exchange.get(), theirs.get()) != 1 ||
        EVP_PKEY_derive(exchange.get(), shared.data(), &size) != 1 || size != shared.size())
        return false;
    Bytes salt = from;
    salt.insert(salt.end(), to.begin(), to.end());
    const KeyContext derive(EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr));
    size = out.size();
    if (!derive || EVP_PKEY_derive_init(derive.get()) != 1 || EVP_PKEY_CTX_set_hkdf_md(derive.get(), EVP_sha256()) != 1 ||
        EVP_PKEY_CTX_set1_hkdf_salt(derive.get(), salt.data(), static_cast<int>(salt.size())) != 1 ||
        EVP_PKEY_CTX_set1_hkdf_key(derive.get(), shared.data(), static_cast<int>(shared.size())) != 1 ||
        EVP_PKEY_CTX_add1_hkdf_info(derive.get(), bytes(magic), static_cast<int>(magic.size())) != 1 ||
        EVP_PKEY_derive(derive.get(), out.data(), &size) != 1)
        machine("no key can be derived");
    return true;
}

void from_passphrase(std::string_view passphrase, const Bytes& salt, Key256& out) {
    if (EVP_PBE_scrypt(passphrase.data(), passphrase.size(), salt.data(), salt.size(), scrypt_n, 8, 1, scrypt_memory,
                       out.data(), out.size()) != 1)
        machine("no key can be derived");
}

std::array<unsigned char, 12> nonce_of(const Bytes& prefix, std::uint32_t number, bool last) {
    std::array<unsigned char, 12> out{};
    std::copy(prefix.begin(), prefix.end(), out.begin());
    for (std::size_t i = 0; i < 4; ++i) out[7 + i] = static_cast<unsigned char>(number >> (24 - 8 * i));
    out[11] = last ? 1 : 0;
    return out;
}

void seal_chunk(const Key256& key, const std::array<unsigned char, 12>& nonce, std::string_view header, std::string_view in,
                std::string& out) {
    const Cipher cipher(EVP_CIPHER_CTX_new());
    Bytes sealed(in.size() + tag_size);
    int size = 0;
    if (!cipher || EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), nonce.data()) != 1 ||
        EVP_EncryptUpdate(cipher.get(), nullptr, &size, bytes(header), static_cast<int>(header.size())) != 1 ||
        EVP_EncryptUpdate(cipher.get(), sealed.data(), &size, bytes(in), static_cast<int>(in.size())) != 1 ||
        EVP_EncryptFinal_ex(cipher.get(), sealed.data() + in.size(), &size) != 1 ||
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag_size), sealed.data() + in.size()) != 1)
        machine("nothing can be encrypted");
    out.append(reinterpret_cast<const char*>(sealed.data()), sealed.size());
}

bool open_chunk(const Key256& key, const std::array<unsigned char, 12>& nonce, std::string_view header, std::string_view in,
                std::string& out) {
    const Cipher cipher(EVP_CIPHER_CTX_new());
    const std::size_t plain = in.size() - tag_size;
    Bytes opened(plain + tag_size);
    Bytes tag(bytes(in) + plain, bytes(in) + in.size());
    int size = 0;
    const bool good = cipher && EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), nonce.data()) == 1 &&
                      EVP_DecryptUpdate(cipher.get(), nullptr, &size, bytes(header), static_cast<int>(header.size())) == 1 &&
                      EVP_DecryptUpdate(cipher.get(), opened.data(), &size, bytes(in), static_cast<int>(plain)) == 1 &&
                      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag_size), tag.data()) == 1 &&
                      EVP_DecryptFinal_ex(cipher.get(), opened.data() + plain, &size) == 1;
    if (good) out.append(reinterpret_cast<const char*>(opened.data()), plain);
    return good;
}

std::string text_of(BIO* memory) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    return {data, static_cast<std::size_t>(size)};
}

Bytes unhexed(const std::string& digits, std::size_t size) {
    if (digits.size() != size * 2 || digits.find_first_not_of("0123456789abcdef") != std::string::npos) return {};
    return unhex(digits);
}

}  // namespace

SealKeys make_seal_keys() {
    const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"));
    const Memory secret(BIO_new(BIO_s_mem()));
    const Memory open(BIO_new(BIO_s_mem()));
    if (!key || PEM_write_bio_PKCS8PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
        PEM_write_bio_PUBKEY(open.get(), key.get()) != 1)
        machine("no key pair can be made");
    return {text_of(secret.get()), text_of(open.get())};
}

bool is_sealed(std::string_view file) { return file.starts_with(magic); }

Result<std::string> seal(std::string_view content, const SealFor& reader, std::string_view key_name) {
    if (reader.passphrase.empty() == reader.recipient_pem.empty())
        return Problem{std::string(key_name), "is sealed with a passphrase or for one recipient's key"};
    if (content.size() > content_max) return Problem{std::string(key_name), "is larger than what can be sealed"};
    Json header = Json::object();
    header["cipher"] = "aes-256-gcm";
    header["chunk"] = chunk_size;
    const Bytes prefix = random_bytes(7);
    header["nonce"] = hex(prefix.data(), prefix.size());
    Key256 key{};
    if (!reader.passphrase.empty()) {
        if (reader.passphrase.size() < passphrase_least)
            return Problem{std::string(key_name), fmt::format("is shorter than {} bytes", passphrase_least)};
        const Bytes salt = random_bytes(16);
        header["key"] = "scrypt";
        header["n"] = scrypt_n;
        header["r"] = 8;
        header["p"] = 1;
        header["salt"] = hex(salt.data(), salt.size());
        from_passphrase(reader.passphrase, salt, key);
    } else {
        const Key theirs = read_key(reader.recipient_pem, false);
        if (!theirs) return Problem{std::string(key_name), "is not a public key of kind X25519 (PEM)"};
        const Key ours(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"));
        if (!ours) machine("no key pair can be made");
        const Bytes from = raw_public(ours);
        header["key"] = "x25519";
        header["from"] = hex(from.data(), from.size());
        if (!agreed(ours, theirs, from, raw_public(theirs), key))
            return Problem{std::string(key_name), "is no key to seal for"};
    }
    std::string out = std::string(magic) + write_json(header) + "\n";
    const std::string associated = out;
    for (std::uint32_t number = 0;; ++number) {
        const std::string_view chunk = content.substr(0, chunk_size);
        content.remove_prefix(chunk.size());
        seal_chunk(key, nonce_of(prefix, number, content.empty()), associated, chunk, out);
        if (content.empty()) return out;
    }
}

SealedFor sealed_for(std::string_view file) {
    if (!is_sealed(file)) return SealedFor::Nobody;
    const std::size_t end = file.substr(0, magic.size() + header_max).find('\n', magic.size());
    if (end == std::string_view::npos) return SealedFor::Nobody;
    const Result<Json> header = parse_json(file.substr(magic.size(), end - magic.size()), "header");
    if (!header) return SealedFor::Nobody;
    const std::string& key = header.value()["key"].string();
    return key == "scrypt" ? SealedFor::Passphrase : key == "x25519" ? SealedFor::Key : SealedFor::Nobody;
}

Result<std::string> open_sealed(std::string_view file, std::string_view name, const OpenWith& reader,
                                std::string_view key_name) {
    const auto refuse = [&](std::string sentence) { return Problem{std::string(name), std::move(sentence)}; };
    if (!is_sealed(file)) return refuse("is no sealed file");
    const std::size_t end = file.substr(0, magic.size() + header_max).find('\n', magic.size());
    if (end == std::string_view::npos) return refuse("has no header");
    const std::string_view associated = file.substr(0, end + 1);
    const Result<Json> header = parse_json(file.substr(magic.size(), end - magic.size()), name);
    if (!header) return header.problems();
    const Json& said = header.value();
    const Bytes prefix = unhexed(said["nonce"].string(), 7);
    if (prefix.empty() || said["cipher"].string() != "aes-256-gcm" || said["chunk"].integer() != std::int64_t{chunk_size})
        return refuse("is sealed in a way that this program does not know");
    Key256 key{};
    if (said["key"].string() == "scrypt") {
        const Bytes salt = unhexed(said["salt"].string(), 16);
        // The cost is not the sender's to choose: it could be chosen to take all memory.
        if (salt.empty() || said["n"].integer() != std::int64_t{scrypt_n} || said["r"].integer() != 8 ||
            said["p"].integer() != 1)
            return refuse("is sealed in a way that this program does not know");
        if (reader.passphrase.empty()) return refuse("is sealed with a passphrase");
        from_passphrase(reader.passphrase, salt, key);
    } else if (said["key"].string() == "x25519") {
        const Bytes from = unhexed(said["from"].string(), 32);
        if (from.empty()) return refuse("is sealed in a way that this program does not know");
        if (reader.private_pem.empty()) return refuse("is sealed for the holder of a key");
        const Key ours = read_key(reader.private_pem, true);
        if (!ours) return Problem{std::string(key_name), "is not a private key of kind X25519 (PEM)"};
        const Key theirs(EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, from.data(), from.size()));
        if (!theirs || !agreed(ours, theirs, from, raw_public(ours), key)) return refuse("was sealed with a key that is none");
    } else {
        return refuse("is sealed in a way that this program does not know");
    }
    std::string_view rest = file.substr(end + 1);
    std::string out;
    for (std::uint32_t number = 0;; ++number) {
        const std::string_view chunk = rest.substr(0, chunk_size + tag_size);
        rest.remove_prefix(chunk.size());
        if (chunk.size() < tag_size || out.size() > content_max) return refuse("was cut off");
        if (!open_chunk(key, nonce_of(prefix, number, rest.empty()), associated, chunk, out))
            return refuse(number == 0 ? "cannot be opened with this key, or was altered"
                                      : "was altered or cut off after it was sealed");
        if (rest.empty()) return out;
    }
}

std::string pack_files(const std::vector<NamedContent>& files) {
    Json index = Json::array();
    for (const NamedContent& each : files)
        index.push(JsonObject{{"bytes", Json(each.content.size())}, {"name", Json(each.name)}});
    std::string out = std::string(files_magic) + write_json(index) + "\n";
    for (const NamedContent& each : files) out += each.content;
    return out;
}

Result<std::vector<NamedContent>> unpack_files(std::string_view packed, std::string_view name) {
    const auto refuse = [&](std::string sentence) { return Problem{std::string(name), std::move(sentence)}; };
    const std::size_t end = packed.find('\n', files_magic.size());
    if (!packed.starts_with(files_magic) || end == std::string_view::npos) return refuse("holds no files");
    const Result<Json> index = parse_json(packed.substr(files_magic.size(), end - files_magic.size()), name);
    if (!index) return index.problems();
    std::string_view rest = packed.substr(end + 1);
    std::vector<NamedContent> out;
    for (const Json& each : index.value().items()) {
        const std::string& called = each["name"].string();
        const std::int64_t size = each["bytes"].integer(-1);
        if (!is_packed_name(called)) return refuse("holds a file with a name that is none");
        if (std::any_of(out.begin(), out.end(), [&](const NamedContent& one) { return one.name == called; }))
            return refuse("holds two files of one name");
        if (size < 0 || static_cast<std::uint64_t>(size) > rest.size()) return refuse("holds less than its index says");
        out.push_back({called, std::string(rest.substr(0, static_cast<std::size_t>(size)))});
        rest.remove_prefix(static_cast<std::size_t>(size));
    }
    return out;
}

bool is_packed_name(std::string_view name) {
    return !name.empty() && name[0] != '.' && name.find('/') == std::string_view::npos && printed(name) == name;
}

}  // namespace herkomst
