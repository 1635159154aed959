// Who a claim is about: a place in the network, as exactly as the wire shows it and no more.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace herkomst {

struct Mac {
    std::array<std::uint8_t, 6> bytes{};

    auto operator<=>(const Mac&) const = default;
    [[nodiscard]] bool known() const { return bytes != std::array<std::uint8_t, 6>{}; }
    [[nodiscard]] bool group() const { return (bytes[0] & 1) != 0; }                 // multicast and broadcast name nobody
    [[nodiscard]] bool locally_administered() const { return (bytes[0] & 2) != 0; }  // IEEE 802-2014 clause 8.2
    [[nodiscard]] std::string text() const;                                          // "00:1b:1b:0c:4f:2e"
    // Separators ':', '-', '.' or none; nothing when it is not 12 hexadecimal digits.
    static std::optional<Mac> parse(std::string_view);
};

// IPv4 or IPv6. An IPv4-mapped IPv6 address is kept as IPv6: it is what the wire says.
struct IpAddress {
    std::uint8_t version = 0;  // 0 none, 4, 6
    std::array<std::uint8_t, 16> bytes{};

    auto operator<=>(const IpAddress&) const = default;
    [[nodiscard]] bool known() const { return version != 0; }
    [[nodiscard]] bool unspecified() const;  // 0.0.0.0, ::
    [[nodiscard]] bool multicast() const;    // 224/4, 255.255.255.255, ff00::/8
    [[nodiscard]] bool loopback() const;
    [[nodiscard]] bool link_local() const;
    [[nodiscard]] bool is_private() const;   // RFC 1918, RFC 4193, RFC 6598, link-local, loopback
    [[nodiscard]] std::string text() const;  // RFC 5952 for IPv6
    static IpAddress v4(std::uint32_t host_order);
    static IpAddress v4(const std::uint8_t* four);
    static IpAddress v6(const std::uint8_t* sixteen);
    static std::optional<IpAddress> parse(std::string_view);
};

// 802.1Q VLAN ids, outermost first; 0 where there is no tag (or a priority tag: VID 0).
struct Vlan {
    std::uint16_t outer = 0;
    std::uint16_t inner = 0;

    auto operator<=>(const Vlan&) const = default;
    [[nodiscard]] bool known() const { return outer != 0; }
    [[nodiscard]] std::string text() const;  // "12" or "12.34", empty when unknown
    static std::optional<Vlan> parse(std::string_view);
};

// Where behind an address a device stands, outermost first: {"modbus/502/3"}, {"cip/44818/slot-2"}, {"modbus/502/1",
// "bacnet/1200:7"}.
using SubPath = std::vector<std::string>;

struct Endpoint {
    std::string site;
    Vlan vlan;
    Mac mac;
    IpAddress ip;
    SubPath path;
    std::string software;  // name of a program or service that runs there, when the claim is about that; else empty

    auto operator<=>(const Endpoint&) const = default;
    [[nodiscard]] bool known() const { return mac.known() || ip.known(); }
};

// How an endpoint compares with others of its site, as far as four words hold it: VLAN, MAC and address.
using EndpointHead = std::array<std::uint64_t, 4>;
EndpointHead head_of(const Endpoint&);

}  // namespace herkomst
