#include "probes/seal.h"

#include <algorithm>
#include <array>

#include "core/cipher.h"

namespace herkomst {

namespace {

constexpr std::string_view mark = "{my-ip}";
constexpr std::size_t nonce_size = 12;

// What the cipher needs; false when it does not fit in the request.
struct Seal {
    Block16 key{};
    std::array<std::uint8_t, nonce_size> nonce{};
    Bytes header;

    bool read(const Hole& hole, Bytes before) {
        if (hole.key.size() != key.size() || before.size() < hole.from + nonce_size) return false;
        std::copy(hole.key.begin(), hole.key.end(), key.begin());
        const Bytes last = before.last(nonce_size);
        std::copy(last.begin(), last.end(), nonce.begin());
        header = before.subspan(hole.from, before.size() - hole.from - nonce_size);
        return true;
    }
};

}  // namespace

std::string wrapped_text(const Hole& hole, const IpAddress& ours) {
    std::string out(hole.wrapped);
    if (const std::size_t at = out.find(mark); at != std::string::npos) out.replace(at, mark.size(), ours.text());
    return out;
}

std::vector<std::uint8_t> sealed_bytes(const Hole& hole, Bytes before, const IpAddress& ours) {
    Seal seal;
    return seal.read(hole, before) ? aes128_gcm_sealed(seal.key, seal.nonce, seal.header, wrapped_text(hole, ours))
                                   : std::vector<std::uint8_t>();
}

bool seal_holds(const Hole& hole, Bytes before, Bytes sealed) {
    Seal seal;
    std::vector<std::uint8_t> opened;
    if (!seal.read(hole, before) || !aes128_gcm_open(seal.key, seal.nonce, seal.header, sealed, opened)) return false;
    const std::string text(opened.begin(), opened.end());
    const std::size_t at = hole.wrapped.find(mark);
    if (at == std::string_view::npos) return text == hole.wrapped;
    const std::string_view behind = hole.wrapped.substr(at + mark.size());
    if (text.size() < at + behind.size() || !text.starts_with(hole.wrapped.substr(0, at)) || !text.ends_with(behind))
        return false;
    const auto ip = IpAddress::parse(std::string_view(text).substr(at, text.size() - at - behind.size()));
    return ip && ip->version == 4;
}

}  // namespace herkomst
