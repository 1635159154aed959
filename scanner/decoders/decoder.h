// The contract of a decoder: how it recognises a protocol and what it may say about whom.
//
// A decoder is one file, decoders/<protocol>.cpp, that defines `Decoder decoders::<protocol>()`. The folder is the registry.
// It does no input or output, reads no clock, keeps no globals, logs nothing, and allocates nothing before it has recognised
// its protocol. It reads through a ByteCursor only. State between messages lives in the FlowState the framework owns.
//
// The framework calls `recognise` on the first messages of a flow until one decoder accepts, then hands every further message
// of that flow to `observe`.
//   datagram (UDP), packet (Ip), frame (Link): `message` is exactly the payload. For Link it starts after the EtherType, or,
//     when `flow.ethertype` is 0, at the LLC header of an 802.3 frame.
//   stream (TCP): `message` is the contiguous window of bytes of one direction that nobody has consumed yet.
//     `done(n)` consumes n bytes (n may reach past the window: the rest is skipped without being kept), and the framework calls
//     again while bytes are left. `need(n)` asks to be called again once the window holds n bytes. A short read in a stream is
//     the same as asking for one byte more; in a datagram it makes the message malformed. When `flow.ended`, nothing more
//     comes.
// Claims staged before a failure stay; what is staged after it is dropped.
//
// Most bytes are no decoder's own, so `recognise` is asked only where it could say yes: `starts` lists the shapes that every
// message which it accepts begins with. It is data, from which one table is made (decoders/trials.h); it never decides which of
// two decoders wins, and a list that is too narrow is a defect that the tests look for. No list: it is asked about everything.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/endpoint.h"
#include "core/field.h"

namespace herkomst {

// Ip: what IP carries that is neither UDP nor TCP (ICMPv6, IGMP, VRRP).
enum class Layer : std::uint8_t { Link = 1, Udp = 2, Tcp = 4, Ip = 8 };
using Layers = std::uint8_t;
constexpr Layers operator|(Layer a, Layer b) {
    return static_cast<Layers>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr Layers only(Layer a) { return static_cast<Layers>(a); }
constexpr bool has(Layers set, Layer one) { return (set & static_cast<Layers>(one)) != 0; }

// One side of a conversation as the headers show it.
struct Party {
    Vlan vlan;
    Mac mac;
    IpAddress ip;
    std::uint16_t port = 0;

    // What a claim from this traffic is about: the IP address where there is one (the MAC may be a router's), else the MAC.
    [[nodiscard]] Endpoint subject() const;
    // The machine on this link that sent the frame: the MAC.
    [[nodiscard]] Endpoint station() const;
    auto operator<=>(const Party&) const = default;
};

// A fixed block per recognised flow, zeroed when the flow is recognised.
class FlowState {
  public:
    static constexpr std::size_t notes_size = 1024;

    // Remembers a request until its answer comes; the oldest goes when there are sixteen.
    void ask(std::uint32_t key, std::uint64_t what);
    // The request of that key, forgotten by asking; false when none is known.
    bool answered(std::uint32_t key, std::uint64_t& what);
    // The same, and it is not forgotten.
    [[nodiscard]] bool asked(std::uint32_t key, std::uint64_t& what) const;

    // A decoder's own notes: a plain struct that may start as zeros.
    template <class T>
    T& notes() {
        static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= notes_size && alignof(T) <= 8);
        return *reinterpret_cast<T*>(notes_.data());
    }

  private:
    struct Pending {
        std::uint64_t what;
        std::uint32_t key;
        bool waiting;
    };
    [[nodiscard]] std::size_t place_of(std::uint32_t key) const;
    std::array<Pending, 16> pending_{};
    std::uint32_t next_ = 0;
    std::uint32_t waiting_ = 0;  // how many of them
    alignas(8) std::array<std::byte, notes_size> notes_{};
};

// What the framework knows about the conversation that a message belongs to.
struct Flow {
    Layer layer{};
    std::uint16_t ethertype = 0;  // Link only; 0 = 802.3 with LLC
    std::uint8_t protocol = 0;    // Ip only: the number in the IP header
    Party sender;
    Party receiver;
    bool from_opener = false;   // the sender opened the conversation: it is the client
    bool opening_seen = false;  // the TCP handshake was seen, so from_opener is certain; else it is the better guess
    bool ended = false;         // stream: no more bytes come in this direction
    Time seen_at{};
    FlowState* state = nullptr;  // set in observe, not in recognise

    [[nodiscard]] bool from_server() const { return !from_opener; }
    [[nodiscard]] const Party& server() const { return from_opener ? receiver : sender; }
    [[nodiscard]] const Party& client() const { return from_opener ? sender : receiver; }
    [[nodiscard]] bool on_port(std::uint16_t port) const { return sender.port == port || receiver.port == port; }
};

struct Verdict {
    enum class Kind : std::uint8_t { Done, NotThis, Need };
    Kind kind = Kind::Done;
    std::size_t bytes = 0;
};
inline constexpr std::size_t all_of_it = SIZE_MAX;
inline Verdict done(std::size_t consumed = all_of_it) { return {Verdict::Kind::Done, consumed}; }
inline Verdict done(const ByteCursor& read_up_to_here) { return {Verdict::Kind::Done, read_up_to_here.offset()}; }
inline Verdict not_this() { return {Verdict::Kind::NotThis, 0}; }
inline Verdict need(std::size_t window_bytes) { return {Verdict::Kind::Need, window_bytes}; }

struct StagedClaim {
    Endpoint subject;
    Field field{};
    Strength strength{};
    std::string value;
    std::string method;
    std::size_t begin = 0;  // within the message
    std::size_t end = 0;
};

// What a message says. Staging cleans the text (core/text.h), bounds it, drops empty values and attaches method and place.
// The subject is the sender of the message unless said otherwise.
class Claims {
  public:
    static constexpr std::size_t per_message = 128;

    Claims(std::string_view decoder, const Flow& flow, const Reading& reading, std::vector<StagedClaim>& out);

    // `what` names the part of the protocol: the method is "<decoder>.<what>". A text is its own witness.
    void stated(Field field, const Slice& text, std::string_view what) {
        put(Strength::Stated, field, text.text(), text, what);
    }
    void stated(Field field, std::string_view value, const Slice& witness, std::string_view what) {
        put(Strength::Stated, field, value, witness, what);
    }
    void matched(Field field, std::string_view value, const Slice& witness, std::string_view what) {
        put(Strength::Matched, field, value, witness, what);
    }
    void hinted(Field field, std::string_view value, const Slice& witness, std::string_view what) {
        put(Strength::Hinted, field, value, witness, what);
    }

    // The same message speaking about somebody else.
    [[nodiscard]] Claims about(const Endpoint& subject) const;
    [[nodiscard]] Claims about(const Party& party) const { return about(party.subject()); }
    // ... about a device behind this subject: `step` is "modbus/502/3", "cip/44818/slot-2", "bacnet/1200:7".
    [[nodiscard]] Claims part(std::string_view step) const;
    [[nodiscard]] const Endpoint& subject() const {
        if (!subject_) subject_ = sender_->subject();
        return *subject_;
    }

    // Names that tie conversations to services; they are not observations (design: minimal by design).
    // The receiver of this conversation was addressed by this name (SNI, HTTP Host); `witness`: where it says so.
    void addressed_as(std::string_view name, const Slice& witness = {});
    // A DNS answer: this name stands for this address.
    void resolved(std::string_view name, const IpAddress&, const Slice& witness = {});

    struct Name {
        std::string name;
        IpAddress ip;           // unknown: the receiver of the conversation
        std::size_t begin = 0;  // within the message
        std::size_t end = 0;
    };
    // Where addressed_as and resolved put names; none are kept when it is null.
    std::vector<Name>* names = nullptr;

  private:
    void put(Strength, Field, std::string_view value, const Slice& witness, std::string_view what);

    std::string_view decoder_;
    const Party* sender_;
    const Reading* reading_;
    std::vector<StagedClaim>* out_;
    mutable std::optional<Endpoint> subject_;  // none: the sender, and nobody asked yet; most messages say nothing
};

enum class From : std::uint8_t { Client, Server };

// One message of an example: hexadecimal (blanks, '|' and // comments allowed) or text, whichever is set.
struct ExampleMessage {
    From from = From::Client;
    std::string_view hex;
    std::string_view text;
};

// Contract, test, fuzz seed and documentation at once. The messages go in order through one flow between client 192.0.2.10
// (00:00:5e:00:53:0a), port 40000, and server 192.0.2.20 (00:00:5e:00:53:14), port `port` (Link: EtherType `port`; Ip: protocol
// `port`, no ports). `claims` are all claims and no others, each "SUBJECT FIELD=VALUE", SUBJECT one of: client, server (their
// Party::subject()), client-mac, server-mac (their stations), mac:..., ip:..., with "[step][step]" for a path. No claims: the
// messages belong to the protocol and say nothing about anybody.
struct Example {
    std::string_view title;
    Layer layer{};
    std::uint16_t port = 0;
    std::span<const ExampleMessage> messages;
    std::span<const std::string_view> claims;
};

// What a message begins with, as a text: bytes in hexadecimal, '?' for any digit, 'text' for characters, i'text' for letters in
// either case; blanks do not count. At most eight bytes, and the message has at least as many: "03 00 ?? ??", "'SSH-'", "6?".
struct Start {
    std::uint64_t value = 0;  // the first byte lowest
    std::uint64_t mask = 0;
    std::uint8_t size = 0;

    consteval explicit Start(std::string_view pattern) {
        bool text = false;
        bool either_case = false;
        for (std::size_t i = 0; i < pattern.size(); ++i) {
            const char c = pattern[i];
            if (c == '\'') {
                text = !text;
                if (!text) either_case = false;
            } else if (text) {
                const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
                const auto bits = static_cast<std::uint8_t>(either_case && letter ? 0xdf : 0xff);
                add(static_cast<std::uint8_t>(static_cast<std::uint8_t>(c) & bits), bits);
            } else if (c == 'i') {
                either_case = true;
            } else if (c != ' ') {
                const std::uint16_t high = digit(c);
                const std::uint16_t low = digit(pattern[++i]);
                add(static_cast<std::uint8_t>((high & 15) << 4 | (low & 15)),
                    static_cast<std::uint8_t>((high >> 8) << 4 | low >> 8));
            }
        }
        if (text || size == 0) throw "the pattern ends too early";
    }
    constexpr Start() = default;

    // `head`: the first eight bytes of a message as a number, the first byte lowest, zeros past its end.
    [[nodiscard]] bool fits(std::uint64_t head, std::size_t message_size) const {
        return (head & mask) == value && message_size >= size;
    }

  private:
    // The digit's value, and above it what of it counts.
    static consteval std::uint16_t digit(char c) {
        if (c == '?') return 0;
        if (c >= '0' && c <= '9') return static_cast<std::uint16_t>(0x0f00 | (c - '0'));
        if (c >= 'a' && c <= 'f') return static_cast<std::uint16_t>(0x0f00 | (c - 'a' + 10));
        throw "no hexadecimal digit, '?' or text";
    }
    consteval void add(std::uint8_t byte, std::uint8_t bits) {
        if (size == 8) throw "more than eight bytes";
        value |= std::uint64_t{byte} << (8 * size);
        mask |= std::uint64_t{bits} << (8 * size);
        ++size;
    }
};

// A few of them: a message begins with one.
class Starts {
  public:
    static constexpr std::size_t most = 12;
    constexpr Starts() = default;
    template <std::size_t... Sizes>
    consteval explicit Starts(const char (&... patterns)[Sizes])
        : all_{Start(std::string_view(patterns, Sizes - 1))...}, count_(sizeof...(patterns)) {
        static_assert(sizeof...(patterns) <= most);
    }
    [[nodiscard]] std::span<const Start> all() const { return {all_.data(), count_}; }

  private:
    std::array<Start, most> all_{};
    std::size_t count_ = 0;
};

struct Decoder {
    std::string_view name;   // the file's stem: "modbus"
    std::string_view title;  // "Modbus/TCP"
    std::string_view spec;   // "MODBUS Application Protocol V1.1b3; MODBUS Messaging on TCP/IP V1.0b"
    Layers layers = 0;
    // What the protocol carries can command a device: switch it, set it, start or stop it, load a program or settings into it.
    // Over a public address it is a control path (identity/paths.h). Not for sessions of a person (ssh), tunnels or web pages.
    bool commands = false;
    std::span<const std::uint16_t> ports;  // order of trial only; for Link EtherTypes (0 = LLC), for Ip protocol numbers
    Starts starts;                         // how every message that `recognise` accepts begins; none: in any way
    bool (*recognise)(ByteCursor message, const Flow& flow) = nullptr;  // at least three independent constraints
    Verdict (*observe)(ByteCursor message, Flow& flow, Claims& claims) = nullptr;
    std::span<const Example> examples;
    std::span<const std::string_view> shares_wire_with;  // look-alikes: both may recognise the same bytes
    std::string_view specialises;  // tried before this one, whose bytes it reads more closely ("http" for ocpp)
};

// All of them, by name; generated from the folder.
std::span<const Decoder> all_decoders();
const Decoder* decoder_named(std::string_view name);

}  // namespace herkomst
