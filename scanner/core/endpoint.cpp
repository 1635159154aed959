#include "core/endpoint.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace herkomst {

namespace {

int nibble(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::string Mac::text() const {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    out.reserve(17);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i != 0) out += ':';
        out += digits[bytes[i] >> 4];
        out += digits[bytes[i] & 15];
    }
    return out;
}

std::optional<Mac> Mac::parse(std::string_view text) {
    Mac mac;
    std::size_t count = 0;
    for (const char c : text) {
        const int value = nibble(c);
        if (value < 0) {
            if (c == ':' || c == '-' || c == '.') continue;
            return std::nullopt;
        }
        if (count == 12) return std::nullopt;
        auto& byte = mac.bytes[count / 2];
        byte = static_cast<std::uint8_t>((byte << 4) | value);
        ++count;
    }
    if (count != 12) return std::nullopt;
    return mac;
}

bool IpAddress::unspecified() const {
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
}

bool IpAddress::multicast() const {
    if (version == 4) {
        return (bytes[0] & 0xf0) == 0xe0 || (bytes[0] == 255 && bytes[1] == 255 && bytes[2] == 255 && bytes[3] == 255);
    }
    return version == 6 && bytes[0] == 0xff;
}

bool IpAddress::loopback() const {
    if (version == 4) return bytes[0] == 127;
    return version == 6 && std::all_of(bytes.begin(), bytes.end() - 1, [](std::uint8_t b) { return b == 0; }) && bytes[15] == 1;
}

bool IpAddress::link_local() const {
    if (version == 4) return bytes[0] == 169 && bytes[1] == 254;
    return version == 6 && bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
}

bool IpAddress::is_private() const {
    if (loopback() || link_local()) return true;
    if (version == 6) return (bytes[0] & 0xfe) == 0xfc;
    const auto starts = [&](std::initializer_list<int> prefix) {
        std::size_t i = 0;
        return std::all_of(prefix.begin(), prefix.end(), [&](int b) { return bytes[i++] == b; });
    };
    return bytes[0] == 10 || (bytes[0] == 172 && (bytes[1] & 0xf0) == 16) || starts({192, 168}) ||
           (bytes[0] == 100 && (bytes[1] & 0xc0) == 64);
}

std::string IpAddress::text() const {
    char out[INET6_ADDRSTRLEN] = "";
    if (version == 4) {
        // By hand: inet_ntop prints with a format, and every station has an address.
        char* end = out;
        for (std::size_t i = 0; i < 4; ++i) {
            if (i != 0) *end++ = '.';
            end = std::to_chars(end, out + sizeof out, bytes[i]).ptr;
        }
        return {out, end};
    }
    if (version == 6) return inet_ntop(AF_INET6, bytes.data(), out, sizeof out);
    return {};
}

IpAddress IpAddress::v4(std::uint32_t host_order) {
    IpAddress ip;
    ip.version = 4;
    for (std::size_t i = 0; i < 4; ++i) ip.bytes[i] = static_cast<std::uint8_t>(host_order >> (24 - 8 * i));
    return ip;
}

IpAddress IpAddress::v4(const std::uint8_t* four) {
    IpAddress ip;
    ip.version = 4;
    std::memcpy(ip.bytes.data(), four, 4);
    return ip;
}

IpAddress IpAddress::v6(const std::uint8_t* sixteen) {
    IpAddress ip;
    ip.version = 6;
    std::memcpy(ip.bytes.data(), sixteen, 16);
    return ip;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    char copy[INET6_ADDRSTRLEN] = "";
    if (text.empty() || text.size() >= sizeof copy) return std::nullopt;
    std::memcpy(copy, text.data(), text.size());
    IpAddress ip;
    if (inet_pton(AF_INET, copy, ip.bytes.data()) == 1) {
        ip.version = 4;
        return ip;
    }
    if (inet_pton(AF_INET6, copy, ip.bytes.data()) == 1) {
        ip.version = 6;
        return ip;
    }
    return std::nullopt;
}

std::string Vlan::text() const {
    if (!known()) return {};
    return inner == 0 ? std::to_string(outer) : std::to_string(outer) + "." + std::to_string(inner);
}

std::optional<Vlan> Vlan::parse(std::string_view text) {
    Vlan vlan;
    const char* end = text.data() + text.size();
    auto [after, error] = std::from_chars(text.data(), end, vlan.outer);
    if (error != std::errc{} || vlan.outer > 4094) return std::nullopt;
    if (after == end) return vlan;
    if (*after != '.') return std::nullopt;
    auto [last, second_error] = std::from_chars(after + 1, end, vlan.inner);
    if (second_error != std::errc{} || last != end || vlan.inner > 4094) return std::nullopt;
    return vlan;
}

EndpointHead head_of(const Endpoint& endpoint) {
    const auto big = [](const std::uint8_t* at, std::size_t size) {
        std::uint64_t word = 0;
        for (std::size_t i = 0; i < size; ++i) word = word << 8 | at[i];
        return word;
    };
    const std::uint8_t* const mac = endpoint.mac.bytes.data();
    const std::uint8_t* const ip = endpoint.ip.bytes.data();
    return {std::uint64_t{endpoint.vlan.outer} << 48 | std::uint64_t{endpoint.vlan.inner} << 32 | big(mac, 4),
            big(mac + 4, 2) << 48 | std::uint64_t{endpoint.ip.version} << 40 | big(ip, 5), big(ip + 5, 8), big(ip + 13, 3)};
}

}  // namespace herkomst
