// NetBIOS names as they stand in packets (RFC 1001 section 14): sixteen bytes, each in two letters from A to P. The last byte
// says what kind of name it is; 03 is whoever is logged on.
#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.h"
#include "core/text.h"

namespace herkomst {

struct NetbiosName {
    std::string name;  // fifteen bytes without padding; empty when it is no printable name
    std::uint8_t kind = 0xff;
    Slice place;

    // 00 is the workstation, 20 its file server: both are the machine's own name. Whoever is logged on (03) never is. Programs
    // have names of their own, in underscores ("__SAMBA__").
    [[nodiscard]] bool is_host() const {
        return (kind == 0x00 || kind == 0x20) && !name.empty() && name[0] != '*' && name.substr(0, 2) != "__";
    }
};

// Does an encoded name stand here? |20|32 letters|, then a zero or a scope.
inline bool is_netbios_name(ByteCursor at) {
    if (at.u8() != 0x20) return false;
    for (unsigned i = 0; i < 32; ++i) {
        const std::uint8_t letter = at.u8();
        if (letter < 'A' || letter > 'P') return false;
    }
    return at.ok();
}

// From fifteen bytes and a kind, as node status answers have them.
inline std::string netbios_text(std::string_view fifteen) {
    const std::string_view text = trimmed(fifteen.substr(0, fifteen.find('\0')));
    return printable_ascii(text) ? std::string(text) : std::string();
}

// Reads one name with its scope; another form fails the message.
inline NetbiosName read_netbios_name(ByteCursor& at) {
    NetbiosName out;
    if (!is_netbios_name(at)) {
        at.fail();
        return out;
    }
    at.skip(1);
    out.place = at.bytes(32);
    std::string raw;
    for (std::size_t i = 0; i < 32; i += 2) {
        raw.push_back(static_cast<char>((out.place.bytes[i] - 'A') << 4 | (out.place.bytes[i + 1] - 'A')));
    }
    out.kind = static_cast<std::uint8_t>(raw[15]);
    out.name = netbios_text(std::string_view(raw).substr(0, 15));
    for (unsigned labels = 0; labels < 16; ++labels) {
        const std::uint8_t size = at.u8();
        if (size == 0) break;
        if (size > 63) at.fail();
        at.skip(size);
    }
    return out;
}

}  // namespace herkomst
