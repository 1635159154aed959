#include "decoders/ntlm.h"

#include <array>

#include "core/text.h"

namespace herkomst {

namespace {

constexpr std::string_view signature("NTLMSSP\0\x02\0\0\0", 12);

void put_utf8(std::string& out, std::uint32_t c) {
    if (c < 0x80) {
        out.push_back(static_cast<char>(c));
    } else if (c < 0x800) {
        out.push_back(static_cast<char>(0xc0U | c >> 6));
        out.push_back(static_cast<char>(0x80U | (c & 0x3fU)));
    } else if (c < 0x10000) {
        out.push_back(static_cast<char>(0xe0U | c >> 12));
        out.push_back(static_cast<char>(0x80U | (c >> 6 & 0x3fU)));
        out.push_back(static_cast<char>(0x80U | (c & 0x3fU)));
    } else {
        out.push_back(static_cast<char>(0xf0U | c >> 18));
        out.push_back(static_cast<char>(0x80U | (c >> 12 & 0x3fU)));
        out.push_back(static_cast<char>(0x80U | (c >> 6 & 0x3fU)));
        out.push_back(static_cast<char>(0x80U | (c & 0x3fU)));
    }
}

// A length, a room and an offset from the signature (MS-NLMP section 2.2.1.2): the bytes they mean, or none.
Slice field_at(const ByteCursor& challenge, std::uint16_t length, std::uint32_t offset) {
    ByteCursor at = challenge;
    if (offset > at.left()) return {};
    at.skip(offset);
    return length <= at.left() ? at.bytes(length) : Slice{};
}

}  // namespace

std::string utf16_text(const Slice& raw) {
    std::string out;
    for (std::size_t i = 0; i + 1 < raw.size(); i += 2) {
        std::uint32_t c = static_cast<std::uint32_t>(raw.bytes[i]) | static_cast<std::uint32_t>(raw.bytes[i + 1]) << 8;
        if (c >= 0xd800 && c < 0xdc00 && i + 3 < raw.size()) {
            const std::uint32_t low =
                static_cast<std::uint32_t>(raw.bytes[i + 2]) | static_cast<std::uint32_t>(raw.bytes[i + 3]) << 8;
            if (low < 0xdc00 || low > 0xdfff) continue;
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
            i += 2;
        } else if (c >= 0xd800 && c < 0xe000) {
            continue;
        }
        put_utf8(out, c);
    }
    return out;
}

ByteCursor find_ntlm_challenge(ByteCursor from) {
    const std::size_t at = from.text_ahead().find(signature);
    if (at == std::string_view::npos) return from.take(0);
    from.skip(at);
    return from;
}

void observe_ntlm_challenge(ByteCursor from, const Slice* witness, Claims& claims) {
    if (from.done()) return;
    Reading reading;
    const ByteCursor challenge = whole(from.rest(), reading);
    ByteCursor at = challenge;
    if (!at.starts_with(signature)) return;
    at.skip(12);
    at.skip(8);
    const std::uint32_t flags = at.le32();
    at.skip(16);
    const std::uint16_t info_size = at.le16();
    at.skip(2);
    const std::uint32_t info_at = at.le32();
    if (!reading.ok) return;
    const auto say = [&](Field field, const std::string& text, const Slice& place, std::string_view what) {
        claims.stated(field, text, witness != nullptr ? *witness : place, what);
    };
    // MS-NLMP section 2.2.2.1: pairs of id and length; 1 and 3 are the computer's names, 2 and 4 its domain's.
    std::string computer;
    std::string domain;
    Slice domain_at;
    std::string_view domain_what;
    ByteCursor info = whole(field_at(challenge, info_size, info_at), reading);
    while (!info.done()) {
        const std::uint16_t id = info.le16();
        const Slice value = info.bytes(info.le16());
        if (id == 0 || !reading.ok) break;
        if (id == 1) {
            computer = utf16_text(value);
            say(Field::hostname, computer, value, "ntlm.computer");
        } else if (id == 3) {
            const std::string name = utf16_text(value);
            if (name.find('.') != std::string::npos) say(Field::dns_name, name, value, "ntlm.dns_computer");
        } else if (id == 4 || (id == 2 && domain.empty())) {
            domain = utf16_text(value);
            domain_at = value;
            domain_what = id == 4 ? "ntlm.dns_domain" : "ntlm.domain";
        }
    }
    // A machine of no domain calls itself its domain.
    if (!domain.empty() && !equal_ignoring_case(domain, computer)) say(Field::realm, domain, domain_at, domain_what);
    // MS-NLMP section 2.2.2.10: the version is there when its flag is set. Samba sets it too and says 6.1 without a build.
    if ((flags & 0x02000000) == 0) return;
    ByteCursor version = whole(at.bytes(8), reading);
    const ByteCursor start = version;
    const unsigned major = version.u8();
    const unsigned minor = version.u8();
    const unsigned build = version.le16();
    const Slice place = version.since(start);
    version.skip(3);
    const bool windows = version.u8() == 15 && build >= 2000 && (major == 5 || major == 6 || major == 10) && reading.ok;
    if (!windows) return;
    const std::string text = "Windows " + std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(build);
    claims.matched(Field::os, text, witness != nullptr ? *witness : place, "ntlm.version");
}

void observe_ntlm_header(const Slice& value, Claims& claims) {
    const std::string_view text = value.text();
    const std::size_t blank = text.find(' ');
    if (blank == std::string_view::npos) return;
    const std::string_view scheme = text.substr(0, blank);
    if (!equal_ignoring_case(scheme, "NTLM") && !equal_ignoring_case(scheme, "Negotiate")) return;
    const std::string_view token = trimmed(text.substr(blank));
    const auto begin = static_cast<std::size_t>(token.data() - text.data());
    observe_ntlm_token({value.bytes.subspan(begin, token.size()), value.offset + begin}, claims);
}

void observe_ntlm_token(const Slice& base64, Claims& claims) {
    std::string_view text = base64.text().substr(0, 8192);
    text = text.substr(0, text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"));
    const std::string token = base64_decoded(text).value_or("");
    Reading reading;
    const ByteCursor challenge = find_ntlm_challenge(ByteCursor(bytes_in(token), reading));
    observe_ntlm_challenge(challenge, &base64, claims);
}

}  // namespace herkomst
