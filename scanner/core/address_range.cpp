#include "core/address_range.h"

#include <algorithm>
#include <charconv>

#include "core/text.h"

namespace herkomst {

namespace {

std::size_t width(const IpAddress& ip) { return ip.version == 6 ? 16 : 4; }

}  // namespace

IpAddress after(const IpAddress& ip) {
    IpAddress next = ip;
    for (std::size_t i = width(ip); i-- > 0;) {
        if (++next.bytes[i] != 0) return next;
    }
    return {};
}

bool AddressRange::holds(const IpAddress& ip) const { return ip.version == first.version && ip >= first && ip <= last; }

std::uint64_t AddressRange::size() const {
    std::uint64_t size = 0;
    for (std::size_t i = 0; i < width(first); ++i) {
        const auto difference = static_cast<std::uint64_t>(last.bytes[i]) - first.bytes[i];  // may wrap, and back
        if (i + 8 < width(first)) {
            if (difference != 0) return UINT64_MAX;
            continue;
        }
        size = (size << 8) + difference;
    }
    return size == UINT64_MAX ? size : size + 1;
}

std::optional<AddressRange> AddressRange::parse(std::string_view text) {
    if (const std::size_t dash = text.find('-'); dash != std::string_view::npos) {
        const auto from = IpAddress::parse(trimmed(text.substr(0, dash)));
        const auto to = IpAddress::parse(trimmed(text.substr(dash + 1)));
        if (!from || !to || from->version != to->version || *to < *from) return std::nullopt;
        return AddressRange{*from, *to};
    }
    const std::size_t slash = text.find('/');
    const auto ip = IpAddress::parse(text.substr(0, slash));
    if (!ip) return std::nullopt;
    AddressRange range{*ip, *ip};
    if (slash == std::string_view::npos) return range;
    std::size_t bits = 0;
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (error != std::errc{} || end != digits.data() + digits.size() || bits > 8 * width(*ip)) return std::nullopt;
    for (std::size_t i = 0; i < width(*ip); ++i) {
        const std::size_t begins = 8 * i;
        const std::size_t of_net = bits >= begins + 8 ? 8 : bits <= begins ? 0 : bits - begins;
        const auto host_mask = static_cast<std::uint8_t>(0xffU >> of_net);
        // A prefix with bits behind it is a slip of the pen: better asked than guessed.
        if ((range.first.bytes[i] & host_mask) != 0) return std::nullopt;
        range.last.bytes[i] = static_cast<std::uint8_t>(range.last.bytes[i] | host_mask);
    }
    range.network = ip->version == 4 && bits < 31;
    return range;
}

bool is_inside(const IpAddress& ip, const std::vector<AddressRange>& own) {
    return ip.is_private() || std::any_of(own.begin(), own.end(), [&](const AddressRange& range) { return range.holds(ip); });
}

std::string AddressRange::text() const { return first == last ? first.text() : first.text() + "-" + last.text(); }

}  // namespace herkomst
