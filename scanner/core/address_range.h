// Addresses from first to last, of one version: as a scope, a vendor or a site names them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/endpoint.h"

namespace herkomst {

struct AddressRange {
    IpAddress first;
    IpAddress last;
    // Written as an IPv4 prefix of more than two addresses: the first one is the network's, the last one goes to all of it.
    bool network = false;

    static constexpr std::uint64_t addresses_max = 65'536;
    [[nodiscard]] bool holds(const IpAddress&) const;
    [[nodiscard]] std::uint64_t size() const;  // at most UINT64_MAX
    // "10.20.0.7", "10.20.0.0/24", "10.20.0.10-10.20.0.20", and the same of IPv6.
    static std::optional<AddressRange> parse(std::string_view);
    [[nodiscard]] std::string text() const;
    bool operator==(const AddressRange&) const = default;
};
// Private, or in one of the ranges that the site owns.
bool is_inside(const IpAddress&, const std::vector<AddressRange>& own);
// The next address; of the last one: unknown.
IpAddress after(const IpAddress&);

}  // namespace herkomst
