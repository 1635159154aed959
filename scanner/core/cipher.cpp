#include "core/cipher.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <memory>
#include <stdexcept>

namespace herkomst {

namespace {

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

Context new_context() {
    Context context(EVP_CIPHER_CTX_new());
    if (!context) throw std::runtime_error("a cipher could not be started");
    return context;
}

int count(std::size_t n) { return static_cast<int>(n); }

}  // namespace

Block32 hmac_sha256(std::span<const std::uint8_t> key, std::span<const std::uint8_t> data) {
    Block32 out{};
    unsigned size = 0;
    if (HMAC(EVP_sha256(), key.data(), count(key.size()), data.data(), data.size(), out.data(), &size) == nullptr ||
        size != out.size())
        throw std::runtime_error("a keyed digest could not be computed");
    return out;
}

Block32 hkdf_expand_label(const Block32& secret, std::string_view label, std::size_t size) {
    constexpr std::string_view prefix = "tls13 ";
    std::vector<std::uint8_t> info = {0, static_cast<std::uint8_t>(size),
                                      static_cast<std::uint8_t>(prefix.size() + label.size())};
    info.insert(info.end(), prefix.begin(), prefix.end());
    info.insert(info.end(), label.begin(), label.end());
    info.push_back(0);
    info.push_back(1);  // the first and only block (RFC 5869 section 2.3)
    return hmac_sha256(secret, info);
}

Block16 aes128_block(const Block16& key, const Block16& in) {
    const Context context = new_context();
    Block16 out{};
    int size = 0;
    if (EVP_EncryptInit_ex(context.get(), EVP_aes_128_ecb(), nullptr, key.data(), nullptr) != 1 ||
        EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1 ||
        EVP_EncryptUpdate(context.get(), out.data(), &size, in.data(), count(in.size())) != 1)
        throw std::runtime_error("a cipher failed");
    return out;
}

bool aes128_gcm_open(const Block16& key, const std::array<std::uint8_t, 12>& nonce, std::span<const std::uint8_t> header,
                     std::span<const std::uint8_t> sealed, std::vector<std::uint8_t>& out) {
    constexpr std::size_t tag_size = 16;
    out.clear();
    if (sealed.size() < tag_size || sealed.size() > 65535) return false;
    const auto text = sealed.first(sealed.size() - tag_size);
    std::vector<std::uint8_t> tag(sealed.end() - tag_size, sealed.end());
    const Context context = new_context();
    int size = 0;
    out.resize(text.size() + tag_size);
    const bool good = EVP_DecryptInit_ex(context.get(), EVP_aes_128_gcm(), nullptr, key.data(), nonce.data()) == 1 &&
                      EVP_DecryptUpdate(context.get(), nullptr, &size, header.data(), count(header.size())) == 1 &&
                      EVP_DecryptUpdate(context.get(), out.data(), &size, text.data(), count(text.size())) == 1 &&
                      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, count(tag.size()), tag.data()) == 1 &&
                      EVP_DecryptFinal_ex(context.get(), out.data() + text.size(), &size) == 1;
    out.resize(good ? text.size() : 0);
    return good;
}

std::vector<std::uint8_t> aes128_gcm_sealed(const Block16& key, const std::array<std::uint8_t, 12>& nonce,
                                            std::span<const std::uint8_t> header, std::string_view text) {
    constexpr std::size_t tag_size = 16;
    const std::vector<std::uint8_t> plain(text.begin(), text.end());
    std::vector<std::uint8_t> out(plain.size() + tag_size);
    const Context context = new_context();
    int size = 0;
    const bool good = EVP_EncryptInit_ex(context.get(), EVP_aes_128_gcm(), nullptr, key.data(), nonce.data()) == 1 &&
                      EVP_EncryptUpdate(context.get(), nullptr, &size, header.data(), count(header.size())) == 1 &&
                      EVP_EncryptUpdate(context.get(), out.data(), &size, plain.data(), count(plain.size())) == 1 &&
                      EVP_EncryptFinal_ex(context.get(), out.data() + plain.size(), &size) == 1 &&
                      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, count(tag_size), out.data() + plain.size()) == 1;
    if (!good) out.clear();
    return out;
}

std::string aes128_ecb_decrypted(std::span<const std::uint8_t> text, std::string_view key) {
    if (text.empty() || text.size() % 16 != 0 || text.size() > 65536 || key.size() != 16) return {};
    const Context context = new_context();
    std::string clear(text.size() + 16, '\0');
    auto* out = reinterpret_cast<unsigned char*>(clear.data());
    int written = 0;
    if (EVP_DecryptInit_ex(context.get(), EVP_aes_128_ecb(), nullptr, reinterpret_cast<const unsigned char*>(key.data()),
                           nullptr) != 1 ||
        EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1 ||
        EVP_DecryptUpdate(context.get(), out, &written, text.data(), count(text.size())) != 1)
        return {};
    clear.resize(static_cast<std::size_t>(written));
    const auto padding = static_cast<unsigned char>(clear.back());
    if (padding >= 1 && padding <= 16 && clear.find_last_not_of(static_cast<char>(padding)) == clear.size() - padding - 1)
        clear.resize(clear.size() - padding);
    return clear;
}

}  // namespace herkomst
