// The contract of a probe: one question to a device, who may be asked it, and every byte that can be sent for it.
//
// A probe is one file, probes/<question>.cpp, that defines `Probe probes::<question>()`. The folder is the registry. It
// includes core/ and this header, nothing else: it opens no socket, reads no clock, keeps no globals. What an answer *means* is
// said by the passive decoders, which read the exchange as if it had been captured; a probe only leads the conversation.
//
// REQUESTS ARE DATA. A request is a template of bytes, in hexadecimal or as text, with named holes: "{transaction} 0000 0005
// {unit} 2b 0e 01 00". Each hole declares what may stand in it (a number within bounds, a text of an alphabet, a length, a
// checksum, a value that the device said before). Nobody but probes/wire.cpp sends, and it sends only what a declared template
// matches. There is no value for a write, and a template that writes has no place here: the tests hold every template against
// the protocols' writing functions.
//
// THE CONVERSATION. Without `next` the requests are sent in order, each after the answer to the one before. With `next`, a
// function without side effects that is called at the beginning, and after every whole message of the device, says what
// follows: one of the declared requests with values for its holes, the same again later, to listen on, or that it is over and
// how. A hole that `next` gives no value is filled from the target by its name:
//   transaction, token   a number that differs for each exchange (the low bytes of a random one)
//   unit, slot, link     what is addressed behind the address: Modbus unit, CIP or S7 slot, DNP3 link address
//   host, port, community     as text or number; my-ip, my-mac, their-ip   as octets; my-port   as number
//   authority            the host as HTTP says it: with the port, where it is not the scheme's own
//   low, high            a range of instances, from the scope file
// Nothing is sent after a time-out: the exchange is over and the device is left alone.
//
// WHOLE MESSAGES. A datagram is a message (Icmp: from the ICMP header on, Link: what comes after the EtherType). In a stream
// `whole` says where the first message ends, and is asked once more when the stream has ended (talk.ended); without it the
// message ends with the stream (or, with limits.quiet, when the device paused for so long).
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "core/bytes.h"
#include "core/endpoint.h"
#include "core/field.h"

namespace herkomst {

// How far a probe goes. There is no value for writing.
enum class Safety : std::uint8_t {
    AskIdentity,  // one question that the protocol has for identification, no session is set up
    OpenSession,  // a session is set up, asked, and closed the way the protocol closes it
    ReadMany,     // several reads of declared places: register blocks, objects, tables
};

// Link: frames without IP, sent with `ethertype` (needs CAP_NET_RAW). Tls: a TCP connection on which TLS is set up; the
// requests travel inside, and a probe without requests only looks at the certificate.
enum class Transport : std::uint8_t { Tcp, Tls, Udp, Icmp, Link };

// What kind of equipment a probe is meant for: scope files allow by family.
enum class Family : std::uint8_t { Network, It, Building, Camera, Energy, Ot };

// A whole exchange can come out in these ways; what is not learned is a row of coverage.
enum class ProbeOutcome : std::uint8_t {
    Answered,
    Declined,       // it speaks the protocol and said no
    OtherProtocol,  // somebody answered in another language
    Silent,         // nothing came in time
    Refused,        // the port is closed (connection refused, ICMP unreachable)
    Closed,         // the connection was ended or reset before an answer
    BudgetSpent,    // the device sent more, or took longer, than a probe may cost
    OutOfScope,     // the scope file does not allow it (any more)
    Gated,          // what is known of the device forbids it: a live session, a fragile family, a device left alone
    Interrupted,    // we left it in the middle: the run was told to stop, or broke down
};

std::string_view name(Safety);
std::string_view name(Transport);
std::string_view name(Family);
std::string_view name(ProbeOutcome);

// ---- requests ----

enum class Check : std::uint8_t {
    Crc16Modbus,  // low byte first, as on a serial line
    Crc16Dnp,     // low byte first
    Sum8,
    Sum16,     // high byte first
    Internet,  // RFC 1071, over the whole request with this hole as zero
    Icmp6,     // RFC 4443 section 2.3, of the message within an IPv6 packet that the request begins with
};

struct Hole {
    enum class Form : std::uint8_t { Big, Little, Text, Octets, Length, LittleLength, Checksum, Sealed };
    std::string_view name;
    Form form{};
    std::size_t size = 0;     // bytes; of a text: at most
    std::uint64_t least = 0;  // numbers
    std::uint64_t most = UINT64_MAX;
    std::string_view alphabet = {};  // texts: the characters that may stand there, "a-z" is a range
    std::string_view of = {};        // lengths: the hole that is measured; empty: all that comes behind this hole
    std::uint64_t plus = 0;          // lengths: added to it
    Check check{};                   // checksums: over the bytes from `from` up to this hole
    std::size_t from = 0;
    std::string_view wrapped = {};  // Sealed: what is told, in clear
    std::string_view key = {};
};

namespace hole {
inline constexpr std::string_view host_letters = "a-zA-Z0-9.:[]_-";
inline constexpr std::string_view path_letters = "a-zA-Z0-9._~/-";
inline constexpr std::string_view word_letters = "a-zA-Z0-9._-";

constexpr Hole number(std::string_view name, std::size_t bytes, std::uint64_t least, std::uint64_t most) {
    return {name, Hole::Form::Big, bytes, least, most};
}
constexpr Hole little(std::string_view name, std::size_t bytes, std::uint64_t least, std::uint64_t most) {
    return {name, Hole::Form::Little, bytes, least, most};
}
constexpr std::uint64_t most_of(std::size_t bytes) { return bytes >= 8 ? UINT64_MAX : (std::uint64_t{1} << (8 * bytes)) - 1; }
// Any number: for what is echoed (a transaction, a session handle that the device gave).
constexpr Hole number(std::string_view name, std::size_t bytes) { return number(name, bytes, 0, most_of(bytes)); }
constexpr Hole little(std::string_view name, std::size_t bytes) { return little(name, bytes, 0, most_of(bytes)); }
constexpr Hole text(std::string_view name, std::size_t most, std::string_view alphabet) {
    return {name, Hole::Form::Text, most, 0, UINT64_MAX, alphabet};
}
// So many bytes of any value (an address, an echoed field).
constexpr Hole octets(std::string_view name, std::size_t size) { return {name, Hole::Form::Octets, size}; }
constexpr Hole length(std::string_view name, std::size_t bytes, std::string_view of = {}, std::uint64_t plus = 0) {
    return {name, Hole::Form::Length, bytes, 0, UINT64_MAX, {}, of, plus};
}
constexpr Hole little_length(std::string_view name, std::size_t bytes, std::string_view of = {}, std::uint64_t plus = 0) {
    return {name, Hole::Form::LittleLength, bytes, 0, UINT64_MAX, {}, of, plus};
}
constexpr Hole checksum(std::string_view name, Check check, std::size_t from = 0) {
    return {name, Hole::Form::Checksum, check == Check::Sum8 ? std::size_t{1} : std::size_t{2}, 0, UINT64_MAX, {}, {}, 0, check,
            from};
}
// A text in AES-128-GCM under a key of 16 bytes that every device of a make shares, so that nothing is secret. "{my-ip}" in it
// is our address. The twelve bytes before it are the nonce; what stands between byte `from` and them is vouched for, too.
constexpr Hole sealed(std::string_view name, std::string_view wrapped, std::string_view key, std::size_t from) {
    return {name, Hole::Form::Sealed, wrapped.size() + 64, 0, UINT64_MAX, {}, {}, 0, {}, from, wrapped, key};
}
}  // namespace hole

// `hex`: pairs of digits, blanks and '|' between them do not count. `text`: as it is. In both {name} is a hole if one of that
// name is declared (so the braces of JSON stay braces).
struct Request {
    std::string_view name;  // what it asks, one or two words: "identification"
    std::string_view hex;
    std::string_view text;
    std::span<const Hole> holes;
    bool overheard = false;  // Udp: what it asks may be answered to everybody on the link, at Probe::local_port
};

// ---- the conversation ----

// Whom an exchange is with, as far as a probe may know.
struct Target {
    IpAddress ip;
    std::string host;  // as a URL has it: "192.0.2.20", "[2001:db8::20]"
    std::uint16_t port = 0;
    std::uint32_t unit = 0;   // Modbus unit, DNP3 link address, ...
    bool unit_known = false;  // from evidence or the scope file; else the probe's own default
    std::uint32_t slot = 0;
    bool slot_known = false;
    std::string station;         // BACnet, behind a router: "1200:7", network and address; else empty
    std::uint32_t instance = 0;  // of the BACnet device that is asked
    bool instance_known = false;
    bool tls = false;
    std::string learnt;  // the value that the probe waited for (Probe::learnt)
    std::string community;
    std::size_t which = 0;    // of the communities of the scope file, from 1; 0: none
    std::uint64_t token = 0;  // random
    std::uint32_t low = 0;    // instances
    std::uint32_t high = UINT32_MAX;
    IpAddress my_ip;
    Mac my_mac;
    std::uint16_t my_port = 0;
};

struct Value {
    std::string_view hole;
    std::uint64_t number = 0;
    std::string text;  // of texts and octets
};

struct Step {
    enum class Kind : std::uint8_t { Ask, Again, Listen, End };
    static constexpr std::size_t values_max = 8;

    Kind kind = Kind::End;
    std::size_t request = 0;
    std::array<Value, values_max> values;
    std::size_t value_count = 0;
    ProbeOutcome outcome = ProbeOutcome::Answered;  // End

    [[nodiscard]] Step with(std::string_view hole, std::uint64_t number) &&;
    [[nodiscard]] Step with(std::string_view hole, std::string_view text) &&;
};
inline Step ask(std::size_t request) { return {Step::Kind::Ask, request, {}, 0, ProbeOutcome::Answered}; }
// The device says that it is busy: the same request once more, after a pause that doubles each time.
inline Step again() { return {Step::Kind::Again, 0, {}, 0, ProbeOutcome::Answered}; }
// Nothing is sent: the next message of the device is waited for.
inline Step listen() { return {Step::Kind::Listen, 0, {}, 0, ProbeOutcome::Answered}; }
inline Step end(ProbeOutcome outcome = ProbeOutcome::Answered) { return {Step::Kind::End, 0, {}, 0, outcome}; }

// What the conversation has come to. One fixed block of notes is the probe's own; it starts as zeros.
class Talk {
  public:
    static constexpr std::size_t notes_size = 256;

    const Target* target = nullptr;
    std::size_t sent = 0;     // requests so far
    std::size_t request = 0;  // the last of them
    Bytes reply;              // the last whole message of the device; empty at the beginning
    bool ended = false;       // the device has closed its side; a further request is asked on a new connection
    // The probe's to set: what was asked for is there, if only in part. Where the device then breaks off or falls silent, the
    // exchange is Answered by this alone: a handshake, or a message that was not meant, is no answer.
    bool answered = false;

    [[nodiscard]] bool begins() const { return sent == 0 && reply.empty() && !ended; }
    template <class T>
    T& notes() {
        static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= notes_size && alignof(T) <= 8);
        return *reinterpret_cast<T*>(notes_.data());
    }

  private:
    alignas(8) std::array<std::byte, notes_size> notes_{};
};

// Where the first message of a stream ends.
struct Whole {
    enum class Kind : std::uint8_t { More, Message, OtherProtocol };
    Kind kind = Kind::More;
    std::size_t bytes = 0;
};
inline Whole more() { return {Whole::Kind::More, 0}; }
inline Whole message(std::size_t bytes) { return {Whole::Kind::Message, bytes}; }
inline Whole other_protocol() { return {Whole::Kind::OtherProtocol, 0}; }

// What one exchange may cost at most. Pacing is not a probe's business: it is the schedule's, and the same for all.
struct Limits {
    std::size_t requests = 4;
    std::size_t bytes = std::size_t{64} << 10;  // received
    std::size_t connections = 1;
    std::chrono::milliseconds answer{4000};   // for one answer; serial gateways take their time
    std::chrono::milliseconds whole{15'000};  // for all of it
    std::chrono::milliseconds quiet{0};       // stream: a pause so long ends a message; 0: it does not
    std::chrono::milliseconds collect{0};     // datagrams: how long further answers are waited for
};

// Where a question to everybody on a link goes. It is asked only on interfaces for which the scope file allows it.
struct Audience {
    std::string_view v4;   // "224.0.0.251"; "broadcast": the interface's
    std::string_view v6;   // "ff02::fb"
    std::string_view mac;  // Link: the frame's destination
};

// ---- examples ----

enum class Origin : std::uint8_t {
    Server,      // a third-party implementation answered so
    Capture,     // a real device answered so in a capture; names, serials and addresses are replaced
    Documented,  // the specification or the maker's document says so
    Project,     // no document: another implementation's public code sends and reads it so
};

// What is sent and what comes back, hexadecimal or text, whichever is set. Empty `sent`: it was listened. Empty reply: silence.
struct Turn {
    std::string_view sent_hex = {};
    std::string_view sent_text = {};
    std::string_view reply_hex = {};
    std::string_view reply_text = {};
    bool ends = false;  // the device then closes
};

// Contract, test and documentation at once: an exchange with 192.0.2.20 (00:00:5e:00:53:14; we are 192.0.2.10,
// 00:00:5e:00:53:0a), played through the probe, its templates and the passive decoders. `claims` are all claims about anybody
// but us, each "SUBJECT FIELD=VALUE": "server brand=Example Works", "server[modbus/502/3] model=EX-3",
// "server-mac station_name=pump". That a service is spoken goes without saying. The last turn may be the farewell.
struct Transcript {
    std::string_view title;
    Origin origin{};
    std::string_view source;  // "libmodbus 3.1.6", "MODBUS Application Protocol V1.1b3 section 6.21"
    std::span<const Turn> turns;
    std::span<const std::string_view> claims;
    ProbeOutcome outcome = ProbeOutcome::Answered;
    std::uint16_t port = 0;  // 0: the first of the probe's ports
    std::uint32_t unit = 0;  // 0: not known
    std::uint32_t slot = 0;
    std::string_view community = {};
    std::uint64_t token = 0x1234;
    bool v6 = false;  // with 2001:db8::20; we are 2001:db8::a, on the link fe80::a
    std::string_view learnt = {};
    std::string_view station = {};
    std::uint32_t instance = 0;  // 0: not known
};

// ---- the probe ----

// A value that a question waits for: what the device itself said, by this field and a decoder's method that begins so, in what
// was heard before or earlier in the same run. Until then the question does not arise. The conversation puts it into a hole
// (Target::learnt); the plan shows the hole. A `url` of the device itself also says on which port it is asked: never on one
// where another probe's protocol lives, nor below 1024 but 80.
struct Learnt {
    Field field{};
    std::span<const std::string_view> methods;  // none: it waits for nothing
    bool url = false;

    [[nodiscard]] bool waits() const { return !methods.empty(); }
    [[nodiscard]] bool takes(Field said, std::string_view method) const {
        if (said != field) return false;
        for (const std::string_view each : methods)
            if (method.starts_with(each)) return true;
        return false;
    }
};

struct Probe {
    std::string_view name;   // the file's stem: "modbus"
    std::string_view title;  // "Modbus Read Device Identification"
    std::string_view spec;
    std::string_view why_safe;  // one sentence: why a device does not notice, and what is known to mind
    Safety safety{};
    Transport transport{};
    Family family{};
    std::span<const std::uint16_t> ports;  // an allow-list: never another, unless the scope file names it for this probe
    std::uint16_t ethertype = 0;           // Link
    std::uint16_t local_port = 0;          // Udp: where answers go to a fixed port
    bool where_free = false;               // that port only where nobody else on this machine has it; else any
    std::span<const Request> requests;
    Step (*next)(Talk& talk) = nullptr;
    // `next` is called once more, with an empty reply and talk.ended, when a stream is closed before a word was said.
    bool asks_when_closed = false;
    // What says goodbye before the connection is closed; nothing is waited for. Null: the FIN says it.
    Step (*goodbye)(Talk& talk) = nullptr;
    Whole (*whole)(ByteCursor stream, const Talk& talk) = nullptr;
    std::string_view decoder;  // what reads the answers: a name of decoders/
    // Servers of this protocol take one client or a few: while somebody else's session is seen there, nobody is asked.
    bool few_sessions = false;
    // Asked once for each of what is known behind the address; nothing is known: once, with the probe's own default, but of
    // stations (BACnet devices in networks behind it) none.
    enum class Each : std::uint8_t { Host, Unit, Slot, Community, Station } each = Each::Host;
    std::string_view after;                    // only where the probe or decoder of this name had an answer; empty: anywhere
    std::span<const std::string_view> makers;  // only where one of these vendors (slugs) is known; empty: anywhere
    Learnt learnt;
    bool only_named = false;  // only where the scope file names this probe: its family is not enough
    Audience group;           // empty: only asked to an address
    bool only_group = false;  // never asked to an address
    Limits limits;
    std::span<const Transcript> transcripts;
};

// All of them, by name; generated from the folder.
std::span<const Probe> all_probes();
const Probe* probe_named(std::string_view name);

}  // namespace herkomst
