// iSCSI: a computer that logs in to its storage says its own name, which stays with it; Windows puts the host's name into it.
// Accounts, targets and data are not kept.
//
//   |opcode|flags|version 2|extra length 1|data length 3|... 48 bytes|data: "key=value" 00 ...|
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/text_lines.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t for_good = SIZE_MAX / 2;
constexpr std::size_t header_size = 48;

struct Notes {
    bool told;
};

// RFC 7143 section 11.12: a login request that is sent at once (43), versions 0, stages that exist, no extra headers, data of
// "key=value".
bool recognise(ByteCursor message, const Flow&) {
    if (message.u8() != 0x43) return false;
    const std::uint8_t flags = message.u8();
    const bool versions = message.be16() == 0;
    const bool extra = message.u8() != 0;
    const std::size_t length = message.be24();
    if (!versions || extra || (flags & 0x30) != 0 || length < 16 || length > 8192) return false;
    message.skip(header_size - 8);
    return message.ok() && (message.starts_with("InitiatorName=") || message.text_ahead().substr(0, 512).find(std::string_view(
                                                                         "\0InitiatorName=", 15)) != std::string_view::npos);
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Notes& notes = flow.state->notes<Notes>();
    if (flow.from_server() || notes.told) return done(for_good);
    if (!recognise(message, flow)) return message.ok() ? not_this() : done();
    ByteCursor head = message;
    head.skip(5);
    const std::size_t length = head.be24();
    head.skip(header_size - 8);
    if (head.left() < length) return flow.ended ? done() : need(header_size + length);
    ByteCursor data = head.take(length);
    constexpr std::string_view key = "InitiatorName=";
    while (!data.done()) {
        if (data.text_ahead().find('\0') == std::string_view::npos) break;
        const Slice pair = data.until(0);
        if (pair.text().substr(0, key.size()) != key) continue;
        const Slice name{pair.bytes.subspan(key.size()), pair.offset + key.size()};
        if (!is_text(name.text()) ||
            (name.text().substr(0, 4) != "iqn." && name.text().substr(0, 4) != "eui." && name.text().substr(0, 4) != "naa."))
            continue;
        claims.stated(Field::unique_id, "iscsi:" + std::string(name.text()), name, "initiator");
        // Microsoft's initiator is called after its host.
        constexpr std::string_view windows = "iqn.1991-05.com.microsoft:";
        if (name.text().substr(0, windows.size()) == windows && is_host_word(name.text().substr(windows.size()))) {
            claims.stated(Field::hostname, name.text().substr(windows.size()),
                          part_of(name, name.text().substr(windows.size())), "initiator");
        }
    }
    notes.told = true;
    return done(for_good);
}

constexpr ExampleMessage windows[] = {
    {From::Client,
     "438700000000008a000000000000000000000000000000000000000000000000000000000000000000000000"
     "00000000496e69746961746f724e616d653d69716e2e313939312d30352e636f6d2e6d6963726f736f66743a"
     "686973746f722e706c616e742e6578616d706c650053657373696f6e547970653d4e6f726d616c0054617267"
     "65744e616d653d69716e2e323032362d30312e6578616d706c653a73746f726500417574684d6574686f643d"
     "434841502c4e6f6e65000000",
     {}}};
constexpr std::string_view windows_claims[] = {"client unique_id=iscsi:iqn.1991-05.com.microsoft:histor.plant.example",
                                               "client hostname=histor.plant.example"};
constexpr ExampleMessage odd[] = {{From::Client,
                                   "438700000000002f000000000000000000000000000000000000000000000000000000000000000000000000"
                                   "00000000496e69746961746f724e616d653d77696c68656c6d696e610053657373696f6e547970653d446973"
                                   "636f766572790000",
                                   {}}};
constexpr Example examples[] = {
    {"a Windows machine logs in", Layer::Tcp, 3260, windows, windows_claims},
    {"a name that has no form is not kept", Layer::Tcp, 3260, odd, {}},
};
constexpr std::uint16_t ports[] = {3260};

}  // namespace

Decoder iscsi() {
    Decoder decoder;
    decoder.name = "iscsi";
    decoder.title = "iSCSI log-in";
    decoder.spec = "RFC 7143 section 11.12; RFC 3720 section 3.2.6";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("43 ?? 00 00 00");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
