#include "probes/links.h"

#include <ifaddrs.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>

namespace herkomst {

namespace {

std::optional<IpAddress> address_in(const sockaddr* at) {
    if (at == nullptr) return std::nullopt;
    if (at->sa_family == AF_INET) {
        sockaddr_in four{};
        std::memcpy(&four, at, sizeof four);
        return IpAddress::v4(ntohl(four.sin_addr.s_addr));
    }
    if (at->sa_family == AF_INET6) {
        sockaddr_in6 six{};
        std::memcpy(&six, at, sizeof six);
        return IpAddress::v6(six.sin6_addr.s6_addr);
    }
    return std::nullopt;
}

}  // namespace

std::vector<AddressRange> networks_on(const std::string& interface) {
    ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0) return {};
    const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> held(list, ::freeifaddrs);
    std::vector<AddressRange> networks;
    for (const ifaddrs* each = list; each != nullptr; each = each->ifa_next) {
        if (interface != each->ifa_name) continue;
        const std::optional<IpAddress> ours = address_in(each->ifa_addr);
        const std::optional<IpAddress> mask = address_in(each->ifa_netmask);
        if (!ours || !mask || ours->version != mask->version) continue;
        AddressRange network{*ours, *ours};
        for (std::size_t i = 0; i < (ours->version == 6 ? 16U : 4U); ++i) {
            network.first.bytes[i] = static_cast<std::uint8_t>(ours->bytes[i] & mask->bytes[i]);
            network.last.bytes[i] = static_cast<std::uint8_t>(ours->bytes[i] | static_cast<std::uint8_t>(~mask->bytes[i]));
        }
        if (std::ranges::find(networks, network) == networks.end()) networks.push_back(network);
    }
    std::ranges::sort(networks, {}, [](const AddressRange& range) { return range.first; });
    return networks;
}

}  // namespace herkomst
