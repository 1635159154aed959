// Whether a signature over a file is that of a key's holder (Ed25519, RFC 8032), as
// `openssl pkeyutl -sign -rawin -inkey key.pem -in order.json -out order.json.sig` makes it.
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

#include "assess/order_file.h"

namespace herkomst {

namespace {

struct FreeKey {
    void operator()(EVP_PKEY* held) const { EVP_PKEY_free(held); }
};
struct FreeContext {
    void operator()(EVP_MD_CTX* held) const { EVP_MD_CTX_free(held); }
};
struct FreeBio {
    void operator()(BIO* held) const { BIO_free(held); }
};

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

Signed signature_by(std::string_view content, std::string_view signature, std::string_view public_pem) {
    constexpr std::size_t signature_size = 64;
    constexpr std::size_t key_max = 4096;
    if (public_pem.size() > key_max) return Signed::NoKey;
    const std::unique_ptr<BIO, FreeBio> from(BIO_new_mem_buf(public_pem.data(), static_cast<int>(public_pem.size())));
    const std::unique_ptr<EVP_PKEY, FreeKey> key(from == nullptr ? nullptr
                                                                 : PEM_read_bio_PUBKEY(from.get(), nullptr, nullptr, nullptr));
    if (key == nullptr || EVP_PKEY_is_a(key.get(), "ED25519") != 1) return Signed::NoKey;
    if (signature.size() != signature_size) return Signed::No;
    const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
    if (context == nullptr || EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1) return Signed::No;
    return EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(content), content.size()) == 1
               ? Signed::Yes
               : Signed::No;
}

}  // namespace herkomst
