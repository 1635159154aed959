#include "probes/template.h"

#include <algorithm>

#include "core/hash.h"
#include "core/text.h"
#include "probes/seal.h"

namespace herkomst {

namespace {

using Octets = std::vector<std::uint8_t>;

const Hole* hole_named(const Request& request, std::string_view name) {
    for (const Hole& hole : request.holes)
        if (hole.name == name) return &hole;
    return nullptr;
}

bool in_alphabet(std::string_view alphabet, char c) {
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        if (i + 2 < alphabet.size() && alphabet[i + 1] == '-') {
            if (c >= alphabet[i] && c <= alphabet[i + 2]) return true;
            i += 2;
        } else if (alphabet[i] == c) {
            return true;
        }
    }
    return false;
}

void put_number(Octets& out, std::uint64_t number, std::size_t size, bool little) {
    for (std::size_t i = 0; i < size; ++i) {
        const std::size_t shift = 8 * (little ? i : size - 1 - i);
        out.push_back(static_cast<std::uint8_t>(shift < 64 ? number >> shift : 0));
    }
}

std::uint64_t number_at(Bytes bytes, bool little) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) number = (number << 8) | bytes[little ? bytes.size() - 1 - i : i];
    return number;
}

// DNP3 (IEEE 1815 section 9.2.4.3.2): polynomial 0x3D65 reflected, complemented.
std::uint16_t crc16_dnp(Bytes bytes) {
    unsigned crc = 0;
    for (const std::uint8_t byte : bytes) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xa6bcU : crc >> 1;
    }
    return static_cast<std::uint16_t>(~crc);
}

std::uint16_t crc16_modbus_of(Bytes bytes) { return crc16_modbus(bytes); }

std::uint16_t internet_sum(Bytes bytes) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); i += 2)
        sum += (static_cast<unsigned>(bytes[i]) << 8) | (i + 1 < bytes.size() ? bytes[i + 1] : 0U);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

// RFC 8200 section 8.1: source and destination, length and next header (58) of the message, then the message.
std::uint16_t icmp6_sum(Bytes packet) {
    constexpr std::size_t header = 40;
    if (packet.size() < header) return 0;
    Octets covered(packet.begin() + 8, packet.begin() + header);
    put_number(covered, packet.size() - header, 4, false);
    put_number(covered, 58, 4, false);
    covered.insert(covered.end(), packet.begin() + header, packet.end());
    return internet_sum(covered);
}

// As it stands on the wire.
Octets check_of(const Hole& hole, Bytes covered) {
    Octets out;
    switch (hole.check) {
        case Check::Crc16Modbus:
            put_number(out, crc16_modbus_of(covered), 2, true);
            break;
        case Check::Crc16Dnp:
            put_number(out, crc16_dnp(covered), 2, true);
            break;
        case Check::Internet:
            put_number(out, internet_sum(covered), 2, false);
            break;
        case Check::Icmp6:
            put_number(out, icmp6_sum(covered), 2, false);
            break;
        case Check::Sum8:
        case Check::Sum16: {
            std::uint64_t sum = 0;
            for (const std::uint8_t byte : covered) sum += byte;
            put_number(out, sum, hole.size, false);
            break;
        }
    }
    return out;
}

bool of_the_whole(const Hole& hole) { return hole.check == Check::Internet || hole.check == Check::Icmp6; }

Problem wrong(const Request& request, const std::string& sentence) { return {std::string(request.name), sentence}; }

// How the recognition goes through the bytes: where each hole was found.
struct Found {
    const Hole* hole;
    std::size_t begin;
    std::size_t end;
};

bool number_fits(const Hole& hole, Bytes bytes) {
    const std::uint64_t number = number_at(bytes, hole.form == Hole::Form::Little);
    return number >= hole.least && number <= hole.most;
}

bool relations_hold(const std::vector<Found>& found, Bytes bytes) {
    for (const Found& each : found) {
        const Hole& hole = *each.hole;
        const Bytes here = bytes.subspan(each.begin, each.end - each.begin);
        if (hole.form == Hole::Form::Length || hole.form == Hole::Form::LittleLength) {
            std::size_t measured = bytes.size() - each.end;
            if (!hole.of.empty()) {
                const auto other =
                    std::find_if(found.begin(), found.end(), [&](const Found& f) { return f.hole->name == hole.of; });
                if (other == found.end()) return false;
                measured = other->end - other->begin;
            }
            if (number_at(here, hole.form == Hole::Form::LittleLength) != measured + hole.plus) return false;
        } else if (hole.form == Hole::Form::Checksum) {
            Octets covered(bytes.begin(), bytes.end());
            if (of_the_whole(hole)) {
                covered[each.begin] = covered[each.begin + 1] = 0;
            } else {
                if (hole.from > each.begin) return false;
                covered.assign(bytes.begin() + static_cast<std::ptrdiff_t>(hole.from),
                               bytes.begin() + static_cast<std::ptrdiff_t>(each.begin));
            }
            if (!std::ranges::equal(check_of(hole, covered), here)) return false;
        } else if (hole.form == Hole::Form::Sealed && !seal_holds(hole, bytes.first(each.begin), here)) {
            return false;
        }
    }
    return true;
}

bool match_from(const std::vector<TemplatePart>& parts, std::size_t part, Bytes bytes, std::size_t at,
                std::vector<Found>& found) {
    if (part == parts.size()) return at == bytes.size() && relations_hold(found, bytes);
    const TemplatePart& here = parts[part];
    if (here.hole == nullptr) {
        if (bytes.size() - at < here.bytes.size() || !std::ranges::equal(here.bytes, bytes.subspan(at, here.bytes.size())))
            return false;
        return match_from(parts, part + 1, bytes, at + here.bytes.size(), found);
    }
    const Hole& hole = *here.hole;
    if (hole.form != Hole::Form::Text && hole.form != Hole::Form::Sealed) {
        if (bytes.size() - at < hole.size) return false;
        if ((hole.form == Hole::Form::Big || hole.form == Hole::Form::Little) &&
            !number_fits(hole, bytes.subspan(at, hole.size)))
            return false;
        found.push_back({&hole, at, at + hole.size});
        if (match_from(parts, part + 1, bytes, at + hole.size, found)) return true;
        found.pop_back();
        return false;
    }
    // As long as the alphabet allows, then shorter: what follows decides.
    std::size_t longest = 0;
    while (longest < hole.size && at + longest < bytes.size() &&
           (hole.form == Hole::Form::Sealed || in_alphabet(hole.alphabet, static_cast<char>(bytes[at + longest]))))
        ++longest;
    for (std::size_t size = longest + 1; size-- > 0;) {
        found.push_back({&hole, at, at + size});
        if (match_from(parts, part + 1, bytes, at + size, found)) return true;
        found.pop_back();
    }
    return false;
}

}  // namespace

Result<std::vector<TemplatePart>> parts_of(const Request& request) {
    Problems problems;
    std::vector<TemplatePart> parts;
    Octets constant;
    std::vector<std::string_view> used;
    const bool is_text = request.hex.empty();
    const std::string_view from = is_text ? request.text : request.hex;
    std::string digits;
    const auto flush = [&] {
        if (!digits.empty()) {
            const Octets bytes = unhex(digits);
            if (bytes.empty()) problems.push_back(wrong(request, "\"" + digits + "\" is no hexadecimal"));
            constant.insert(constant.end(), bytes.begin(), bytes.end());
            digits.clear();
        }
        if (!constant.empty()) parts.push_back({std::move(constant), nullptr});
        constant.clear();
    };
    for (std::size_t i = 0; i < from.size(); ++i) {
        const std::size_t close = from[i] == '{' ? from.find('}', i) : std::string_view::npos;
        if (close != std::string_view::npos) {
            const std::string_view named = from.substr(i + 1, close - i - 1);
            if (const Hole* hole = hole_named(request, named)) {
                flush();
                parts.push_back({{}, hole});
                if (std::ranges::find(used, named) != used.end())
                    problems.push_back(wrong(request, "{" + std::string(named) + "} stands there twice"));
                used.push_back(named);
                i = close;
                continue;
            }
            if (!is_text) problems.push_back(wrong(request, "{" + std::string(named) + "} is not declared"));
        }
        if (is_text) {
            constant.push_back(static_cast<std::uint8_t>(from[i]));
        } else if (from[i] != ' ' && from[i] != '|') {
            digits.push_back(from[i]);
        }
    }
    flush();
    for (const Hole& hole : request.holes) {
        if (std::ranges::find(used, hole.name) == used.end())
            problems.push_back(wrong(request, "{" + std::string(hole.name) + "} is declared and not used"));
        const bool number = hole.form != Hole::Form::Text && hole.form != Hole::Form::Octets && hole.form != Hole::Form::Sealed;
        if (hole.size == 0 || (number && hole.size > 8))
            problems.push_back(wrong(request, "{" + std::string(hole.name) + "} has no size that can be"));
        if (hole.form == Hole::Form::Text && hole.alphabet.empty())
            problems.push_back(wrong(request, "{" + std::string(hole.name) + "} has no alphabet"));
    }
    if (parts.empty()) problems.push_back(wrong(request, "it has no bytes"));
    if (!problems.empty()) return problems;
    return parts;
}

bool value_from(const Target& target, const Hole& hole, Value& value) {
    const auto octets_of = [](const auto& bytes, std::size_t size) {
        return std::string(reinterpret_cast<const char*>(bytes.data()), std::min(size, bytes.size()));
    };
    const std::string_view named = hole.name;
    value.hole = named;
    if (named == "transaction" || named == "token") {
        value.number = target.token & hole::most_of(hole.size);
        value.text = hex(reinterpret_cast<const std::uint8_t*>(&target.token), 8).substr(0, hole.size);
    } else if (named == "unit" || named == "link") {
        value.number = target.unit;
    } else if (named == "slot") {
        value.number = target.slot;
    } else if (named == "host") {
        value.text = target.host;
    } else if (named == "authority") {
        // RFC 9110 section 7.2.
        value.text = target.host;
        if (target.port != (target.tls ? 443 : 80)) value.text += ":" + std::to_string(target.port);
    } else if (named == "port") {
        value.number = target.port;
        value.text = std::to_string(target.port);
    } else if (named == "community") {
        value.text = target.community;
    } else if (named == "low") {
        value.number = target.low;
    } else if (named == "high") {
        value.number = std::min<std::uint64_t>(target.high, hole.most);
    } else if (named == "my-ip") {
        value.text = octets_of(target.my_ip.bytes, target.my_ip.version == 6 ? 16 : 4);
    } else if (named == "their-ip") {
        value.text = octets_of(target.ip.bytes, target.ip.version == 6 ? 16 : 4);
    } else if (named == "my-mac") {
        value.text = octets_of(target.my_mac.bytes, 6);
    } else if (named == "my-port") {
        value.number = target.my_port;
    } else {
        return false;
    }
    return true;
}

Result<std::vector<std::uint8_t>> render(const Request& request, const Step& step, const Target& target) {
    const Result<std::vector<TemplatePart>> parts = parts_of(request);
    if (!parts) return parts.problems();
    Octets out;
    struct Later {
        const Hole* hole;
        std::size_t at;
    };
    std::vector<Later> later;
    std::vector<Found> found;
    for (const TemplatePart& part : parts.value()) {
        if (part.hole == nullptr) {
            out.insert(out.end(), part.bytes.begin(), part.bytes.end());
            continue;
        }
        const Hole& hole = *part.hole;
        const std::size_t begin = out.size();
        if (hole.form == Hole::Form::Length || hole.form == Hole::Form::LittleLength || hole.form == Hole::Form::Checksum) {
            later.push_back({&hole, begin});
            out.resize(begin + hole.size, 0);
        } else if (hole.form == Hole::Form::Sealed) {
            later.push_back({&hole, begin});
            out.resize(begin + wrapped_text(hole, target.my_ip).size() + 16, 0);
        } else {
            Value value;
            bool given = false;
            for (std::size_t i = 0; i < step.value_count; ++i) {
                if (step.values[i].hole == hole.name) {
                    value = step.values[i];
                    given = true;
                }
            }
            const std::string about = "{" + std::string(hole.name) + "}";
            if (!given && !value_from(target, hole, value)) return wrong(request, about + " has no value");
            if (hole.form == Hole::Form::Big || hole.form == Hole::Form::Little) {
                if (value.number < hole.least || value.number > hole.most)
                    return wrong(request, about + " may not be " + std::to_string(value.number));
                put_number(out, value.number, hole.size, hole.form == Hole::Form::Little);
            } else {
                const bool fits =
                    hole.form == Hole::Form::Octets ? value.text.size() == hole.size : value.text.size() <= hole.size;
                const bool allowed = hole.form == Hole::Form::Octets ||
                                     std::ranges::all_of(value.text, [&](char c) { return in_alphabet(hole.alphabet, c); });
                if (!fits || !allowed) return wrong(request, about + " may not be \"" + clean(value.text) + "\"");
                out.insert(out.end(), value.text.begin(), value.text.end());
            }
        }
        found.push_back({&hole, begin, out.size()});
    }
    // Lengths first: checksums cover them.
    for (const Later& each : later) {
        if (each.hole->form == Hole::Form::Checksum || each.hole->form == Hole::Form::Sealed) continue;
        std::size_t measured = out.size() - each.at - each.hole->size;
        if (!each.hole->of.empty()) {
            for (const Found& other : found)
                if (other.hole->name == each.hole->of) measured = other.end - other.begin;
        }
        if (measured + each.hole->plus > hole::most_of(each.hole->size)) return wrong(request, "a length is too long");
        Octets number;
        put_number(number, measured + each.hole->plus, each.hole->size, each.hole->form == Hole::Form::LittleLength);
        std::ranges::copy(number, out.begin() + static_cast<std::ptrdiff_t>(each.at));
    }
    for (const Later& each : later) {
        if (each.hole->form != Hole::Form::Sealed) continue;
        const Octets sealed = sealed_bytes(*each.hole, Bytes(out).first(each.at), target.my_ip);
        if (sealed.empty()) return wrong(request, "a nonce must stand before what is sealed");
        std::ranges::copy(sealed, out.begin() + static_cast<std::ptrdiff_t>(each.at));
    }
    for (const Later& each : later) {
        if (each.hole->form != Hole::Form::Checksum) continue;
        const Bytes all(out);
        const bool whole = of_the_whole(*each.hole);
        if (!whole && each.hole->from > each.at) return wrong(request, "a checksum begins behind itself");
        const Octets check = check_of(*each.hole, whole ? all : all.subspan(each.hole->from, each.at - each.hole->from));
        std::ranges::copy(check, out.begin() + static_cast<std::ptrdiff_t>(each.at));
    }
    return out;
}

bool matches(const Request& request, Bytes bytes) {
    const Result<std::vector<TemplatePart>> parts = parts_of(request);
    if (!parts) return false;
    std::vector<Found> found;
    return match_from(parts.value(), 0, bytes, 0, found);
}

bool declared(const Probe& probe, Bytes bytes) {
    return std::ranges::any_of(probe.requests, [&](const Request& request) { return matches(request, bytes); });
}

std::string shown(const Hole& hole) {
    const std::string bytes = std::to_string(hole.size) + (hole.size == 1 ? " byte" : " bytes");
    std::string out = "{" + std::string(hole.name) + "} ";
    switch (hole.form) {
        case Hole::Form::Big:
        case Hole::Form::Little:
            out += bytes + (hole.form == Hole::Form::Little && hole.size > 1 ? ", low byte first" : "") + ", from " +
                   std::to_string(hole.least) + " to " + std::to_string(std::min(hole.most, hole::most_of(hole.size)));
            break;
        case Hole::Form::Text:
            out += "at most " + bytes + " of " + std::string(hole.alphabet);
            break;
        case Hole::Form::Octets:
            out += bytes;
            break;
        case Hole::Form::Length:
        case Hole::Form::LittleLength:
            out += bytes + ", length of " + (hole.of.empty() ? "what follows" : "{" + std::string(hole.of) + "}") +
                   (hole.plus != 0 ? " and " + std::to_string(hole.plus) : "");
            break;
        case Hole::Form::Checksum:
            out += bytes + ", checksum";
            break;
        case Hole::Form::Sealed:
            out += std::string(hole.wrapped) + ", encrypted";
            break;
    }
    return out;
}

std::string shown(const Request& request) {
    if (request.hex.empty()) {
        std::string out;
        for (const char c : request.text) {
            if (c == '\r') {
                out += "\\r";
            } else if (c == '\n') {
                out += "\\n";
            } else {
                out += c;
            }
        }
        return out;
    }
    std::string out;
    const Result<std::vector<TemplatePart>> parts = parts_of(request);
    if (!parts) return out;
    for (const TemplatePart& part : parts.value()) {
        for (const std::uint8_t byte : part.bytes) out += (out.empty() ? "" : " ") + hex(&byte, 1);
        if (part.hole != nullptr) out += (out.empty() ? "{" : " {") + std::string(part.hole->name) + "}";
    }
    return out;
}

}  // namespace herkomst
