#include "decoders/dns_message.h"

#include <array>

namespace herkomst::dns_wire {

namespace {

// RFC 1035 4.1.4. `keep` is null when only the end matters: then a pointer ends it.
void walk(const ByteCursor& whole, ByteCursor& at, Name* keep) {
    ByteCursor here = at;
    bool moved = false;  // `at` already stands behind the name
    std::size_t bytes = 0;
    bool first = true;
    for (;;) {
        const std::size_t begin = here.offset() - whole.offset();
        const std::uint8_t length = here.u8();
        if (!here.ok()) return;
        if ((length & 0xc0) == 0xc0) {
            const std::size_t target = (static_cast<std::size_t>(length & 0x3f) << 8) | here.u8();
            if (!moved) at = here;
            moved = true;
            if (keep == nullptr) return;
            if (target >= begin) {
                here.fail();
                return;
            }
            here = whole;
            here.skip(target);
            continue;
        }
        bytes += length + std::size_t{1};
        if ((length & 0xc0) != 0 || bytes > 255) {
            here.fail();
            return;
        }
        if (length == 0) break;
        const Slice label = here.bytes(length);
        if (!here.ok()) return;
        if (keep == nullptr) continue;
        if (!first) keep->text += '.';
        keep->text += label.text();
        if (first) keep->first_size = label.size();
        first = false;
    }
    if (!moved) at = here;
}

struct Header {
    std::uint16_t flags = 0;
    std::array<std::uint16_t, 4> counts{};
};

// RFC 1035 4.1.1
Header read_header(ByteCursor& at) {
    Header header;
    at.skip(2);
    header.flags = at.be16();
    for (std::uint16_t& count : header.counts) count = at.be16();
    return header;
}

// Internet, CHAOS, HESIOD, NONE, ANY (RFC 6895 3.2)
bool known_class(std::uint16_t klass) { return klass == 1 || klass == 3 || klass == 4 || klass == 254 || klass == 255; }

// RFC 1035 4.1.3
Record read_record(const ByteCursor& whole, ByteCursor& at, Section section) {
    const ByteCursor owner = at;
    skip_name(whole, at);
    const std::uint16_t type = at.be16();
    const std::uint16_t klass = at.be16();
    at.skip(4);
    return {section, type, klass, owner, at.take(at.be16())};
}

}  // namespace

Name read_name(const ByteCursor& whole, ByteCursor& at) {
    Name name;
    walk(whole, at, &name);
    if (!at.ok()) return {};
    return name;
}

void skip_name(const ByteCursor& whole, ByteCursor& at) { walk(whole, at, nullptr); }

bool is_message(ByteCursor whole, std::uint16_t class_mask) {
    ByteCursor at = whole;
    const Header header = read_header(at);
    const unsigned opcode = (header.flags >> 11) & 15U;
    const bool reserved = (header.flags & 0x0040) != 0;
    const unsigned total = unsigned{header.counts[0]} + header.counts[1] + header.counts[2] + header.counts[3];
    if (opcode > 6 || opcode == 3 || reserved || total == 0 || header.counts[0] > 64) return false;
    for (unsigned left = header.counts[0]; left > 0 && at.ok(); --left) {
        skip_name(whole, at);
        const std::uint16_t type = at.be16();
        if (type == 0 || !known_class(at.be16() & class_mask)) return false;
    }
    std::size_t seen = 0;
    for (std::size_t section = 1; section < 4; ++section) {
        for (unsigned left = header.counts[section]; left > 0 && at.ok(); --left) {
            if (++seen > records_max) return true;
            const Record record = read_record(whole, at, Section::Answer);
            // EDNS (RFC 6891 6.1.2) keeps a size where the class stands.
            if (record.type != 41 && !known_class(record.klass & class_mask)) return false;
        }
    }
    return at.ok() && at.done();
}

Message open(ByteCursor whole) {
    ByteCursor at = whole;
    const Header header = read_header(at);
    Message message;
    message.flags = header.flags;
    message.questions = header.counts[0];
    for (unsigned left = header.counts[0]; left > 0 && at.ok(); --left) {
        skip_name(whole, at);
        at.skip(4);
    }
    for (std::size_t section = 1; section < 4; ++section) {
        for (unsigned left = header.counts[section]; left > 0 && at.ok(); --left) {
            if (message.records.size() == records_max) return message;
            message.records.push_back(read_record(whole, at, static_cast<Section>(section - 1)));
        }
    }
    return message;
}

IpAddress address_in(const Record& record) {
    ByteCursor data = record.data;
    if (record.type == A && data.left() == 4) return IpAddress::v4(data.rest().bytes.data());
    if (record.type == Aaaa && data.left() == 16) return IpAddress::v6(data.rest().bytes.data());
    return {};
}

}  // namespace herkomst::dns_wire
