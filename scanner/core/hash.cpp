#include "core/hash.h"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

#include "core/text.h"

namespace herkomst {

namespace {

std::string digest(const EVP_MD* kind, const void* data, std::size_t size) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned length = 0;
    if (EVP_Digest(data, size, out.data(), &length, kind, nullptr) != 1)
        throw std::runtime_error("the digest could not be computed");
    return hex(out.data(), length);
}

}  // namespace

std::string sha256(std::string_view text) { return digest(EVP_sha256(), text.data(), text.size()); }
std::string sha256(std::span<const std::uint8_t> bytes) { return digest(EVP_sha256(), bytes.data(), bytes.size()); }
std::string md5(std::string_view text) { return digest(EVP_md5(), text.data(), text.size()); }

std::uint16_t crc16_modbus(std::span<const std::uint8_t> bytes) {
    std::uint16_t crc = 0xffff;
    for (const std::uint8_t byte : bytes) {
        crc = static_cast<std::uint16_t>(crc ^ byte);
        for (int bit = 0; bit < 8; ++bit) crc = static_cast<std::uint16_t>((crc & 1) != 0 ? (crc >> 1) ^ 0xa001 : crc >> 1);
    }
    return crc;
}

struct Sha256::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    State() = default;
    ~State() { EVP_MD_CTX_free(context); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    if (state_->context == nullptr || EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("the digest could not be started");
    }
}
Sha256::~Sha256() = default;

void Sha256::add(std::string_view text) {
    if (EVP_DigestUpdate(state_->context, text.data(), text.size()) != 1) throw std::runtime_error("the digest failed");
}

std::string Sha256::hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned length = 0;
    if (EVP_DigestFinal_ex(state_->context, out.data(), &length) != 1) throw std::runtime_error("the digest failed");
    return herkomst::hex(out.data(), length);
}

}  // namespace herkomst
