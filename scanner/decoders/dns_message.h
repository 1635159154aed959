// The wire form that DNS, multicast DNS and LLMNR share: header, questions, resource records, compressed names.
//
// Nothing is copied while a message is opened: a record keeps cursors, names are read when asked for. A compression pointer may
// only point backwards, so it cannot loop, and a name has at most 255 bytes (RFC 1035 2.3.4); whatever breaks this fails the
// message. At most `records_max` records of a message are looked at.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/endpoint.h"

namespace herkomst::dns_wire {

inline constexpr std::size_t records_max = 256;

enum Type : std::uint16_t { A = 1, Cname = 5, Ptr = 12, Hinfo = 13, Txt = 16, Aaaa = 28, Srv = 33 };

struct Name {
    std::string text;            // labels joined by dots, as they came; without the root
    std::size_t first_size = 0;  // bytes of the first label, which may itself hold dots (service instances)

    [[nodiscard]] std::string_view first() const { return std::string_view(text).substr(0, first_size); }
    // What follows the first label and its dot.
    [[nodiscard]] std::string_view parent() const {
        return first_size + 1 < text.size() ? std::string_view(text).substr(first_size + 1) : std::string_view();
    }
};

enum class Section : std::uint8_t { Answer, Authority, Additional };

struct Record {
    Section section{};
    std::uint16_t type = 0;
    std::uint16_t klass = 0;  // mDNS: the top bit is its own (cache flush)
    ByteCursor owner;         // stands at the owner's name
    ByteCursor data;          // the record's data and nothing more
};

struct Message {
    std::uint16_t flags = 0;
    std::uint16_t questions = 0;
    std::vector<Record> records;

    [[nodiscard]] bool response() const { return (flags & 0x8000) != 0; }
    [[nodiscard]] unsigned opcode() const { return (flags >> 11) & 15U; }
    [[nodiscard]] unsigned rcode() const { return flags & 15U; }
};

// Reads the name at `at` and moves `at` behind it; `whole` stands at the first byte of the message.
Name read_name(const ByteCursor& whole, ByteCursor& at);
// The same without keeping the text.
void skip_name(const ByteCursor& whole, ByteCursor& at);

// Does this look like a message of that form? The header's counts fit its kind, questions and records are of known classes and
// fill the message exactly. `whole` stands at the first byte and holds one message.
bool is_message(ByteCursor whole, std::uint16_t class_mask);
// Everything of a message that is_message(). Fails the message when it is cut short.
Message open(ByteCursor whole);

// The address in an A or AAAA record; unknown in others.
IpAddress address_in(const Record&);

}  // namespace herkomst::dns_wire
