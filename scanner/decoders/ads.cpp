// ADS (AMS): Beckhoff's TwinCAT. The runtimes of a controller name themselves and their version when asked; the discovery
// answer holds host name, operating system and TwinCAT version. A message that adds a route carries a user name and a
// password: that it was sent is kept, who may enter with it is not read.
//
//   TCP: |0000|length 4| target: net id 6, port 2 | source 8 |command 2|flags 2|data 4|error 4|invoke 4| data   little-endian
//   UDP: |03661471|invoke 4|service 4|net id 6|port 2|items 4| items: |tag 2|length 2| ...
#include <string>

#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t tcp_header = 6;
constexpr std::size_t ams_header = 32;
constexpr std::uint32_t cookie = 0x71146603;

// Beckhoff Information System, "AMS/TCP packet": reserved 0; the length is header and data; commands 0 to 9; state flag 4
// (ADS command), with 1 in answers.
bool plausible(const ByteCursor& message, std::size_t& size) {
    if (message.left() < tcp_header + ams_header) return false;
    const std::size_t length = message.peek_le16(2) | static_cast<std::size_t>(message.peek_le16(4)) << 16;
    const std::size_t data = message.peek_le16(26) | static_cast<std::size_t>(message.peek_le16(28)) << 16;
    size = tcp_header + length;
    const std::uint16_t flags = message.peek_le16(24);
    return message.peek_le16() == 0 && length == ams_header + data && length <= (std::size_t{1} << 24) &&
           message.peek_le16(22) <= 9 && (flags & 0xff3e) == 0x04;
}

bool discovery_head(ByteCursor& message, std::uint32_t& service, std::uint32_t& items) {
    if (message.left() < 24 || message.le32() != cookie) return false;
    message.skip(4);
    service = message.le32();
    message.skip(6);
    const std::uint16_t port = message.le16();
    items = message.le32();
    return port != 0 && (service & 0x7fffffff) >= 1 && (service & 0x7fffffff) <= 0xff && items <= 64;
}

bool recognise(ByteCursor message, const Flow& flow) {
    if (flow.layer == Layer::Tcp) {
        std::size_t size = 0;
        return plausible(message, size);
    }
    std::uint32_t service = 0, items = 0;
    if (!discovery_head(message, service, items)) return false;
    for (std::uint32_t left = items; left > 0 && message.ok(); --left) {
        message.skip(2);
        message.skip(message.le16());
    }
    return message.ok();
}

// "ADS Read Device Info": |result 4|major|minor|build 2|name 16|
void device_info(ByteCursor data, Claims& claims) {
    if (data.le32() != 0) return;
    const ByteCursor begin = data;
    const unsigned major = data.u8();
    const unsigned minor = data.u8();
    const unsigned build = data.le16();
    const Slice name = data.bytes(16);
    if (!data.ok()) return;
    std::string text(name.text().substr(0, name.text().find('\0')));
    if (text.empty()) return;
    text.append(" ").append(std::to_string(major)).append(".").append(std::to_string(minor)).append(".");
    text.append(std::to_string(build));
    claims.stated(Field::software, text, data.since(begin), "device_info");
}

// "ADS Write Control": |ADS state 2|device state 2|length 4|; the states that a program is brought into.
void write_control(ByteCursor data, const Flow& flow, Claims& claims) {
    const Slice state = data.bytes(2);
    if (!data.ok()) return;
    std::string_view name;
    switch (state.bytes[0]) {
        case 2:
            name = "Reset";
            break;
        case 5:
            name = "Run";
            break;
        case 6:
            name = "Stop";
            break;
        case 12:
            name = "Shutdown";
            break;
        case 15:
        case 16:
            name = "Config";
            break;
        default:
            return;
    }
    claims.about(flow.receiver)
        .stated(Field::remote_observed, "ads WriteControl " + std::string(name) + " from " + flow.sender.ip.text(), state,
                "write_control");
}

Verdict observe_tcp(ByteCursor message, Flow& flow, Claims& claims) {
    if (message.left() < tcp_header + ams_header) return need(tcp_header + ams_header);
    std::size_t size = 0;
    if (!plausible(message, size)) return not_this();
    if (size > (std::size_t{60} << 10)) return done(size);
    if (message.left() < size) return need(size);
    const Slice raw = message.bytes(size);
    Reading reading;
    ByteCursor body = whole(raw, reading);
    body.skip(tcp_header + 16);
    const std::uint16_t command = body.le16();
    const bool response = (body.le16() & 1) != 0;
    body.skip(4);
    const std::uint32_t error = body.le32();
    body.skip(4);
    if (command == 1 && response && error == 0) device_info(body, claims);
    if (command == 5 && !response) write_control(body, flow, claims);
    return done(message);
}

// Tag 3: TwinCAT's version; 4: the operating system (as Windows' OSVERSIONINFO); 5: the host's name.
void identified(ByteCursor message, std::uint32_t items, Claims& claims) {
    for (std::uint32_t left = items; left > 0 && message.ok(); --left) {
        const std::uint16_t tag = message.le16();
        ByteCursor value = message.take(message.le16());
        const Slice raw = ByteCursor(value).rest();
        if (tag == 5) {
            claims.stated(Field::hostname, raw.text().substr(0, raw.text().find('\0')), raw, "host_name");
        } else if (tag == 3 && raw.size() >= 4) {
            std::string version = "TwinCAT " + std::to_string(value.u8());
            version.append(".").append(std::to_string(value.u8()));
            claims.stated(Field::software, version + "." + std::to_string(value.le16()), raw, "twincat_version");
        } else if (tag == 4 && raw.size() >= 20) {
            value.skip(4);
            const std::uint32_t major = value.le32();
            const std::uint32_t minor = value.le32();
            const std::uint32_t build = value.le32();
            const std::uint32_t platform = value.le32();
            if ((platform != 2 && platform != 3) || major > 20) continue;
            std::string os = platform == 3 ? "Windows CE " : "Windows NT ";
            os.append(std::to_string(major)).append(".").append(std::to_string(minor));
            if (build != 0) os.append(" build ").append(std::to_string(build & 0xffff));
            claims.stated(Field::os, os, raw, "os");
        }
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (flow.layer == Layer::Tcp) return observe_tcp(message, flow, claims);
    std::uint32_t service = 0, items = 0;
    const ByteCursor begin = message;
    if (!discovery_head(message, service, items)) return not_this();
    const Slice head = message.since(begin);
    if (service == 0x80000001) {
        identified(message, items, claims);
    } else if (service == 6) {
        claims.about(flow.receiver)
            .stated(Field::remote_observed, "ads add route from " + flow.sender.ip.text(), head, "add_route");
    }
    return done();
}

constexpr ExampleMessage runtime[] = {
    {From::Client, "0000200000000501020301012003c000020a01012f8001000400000000000000000001000000", {}},
    {From::Server,
     "0000380000000501020301012003c000020a01012f8001000500180000000000000001000000000000000301b80f506c63333020"
     "41707000000000000000",
     {}},
    {From::Client, "0000280000000501020301012003c000020a01012f80050004000800000000000000020000000600000000000000", {}},
};
constexpr ExampleMessage discovery[] = {
    {From::Client, "036614710000000001000000050102030101102700000000", {}},
    {From::Server,
     "0366147100000000010000800501020301011027030000000500080043582d455830310004001401140100000600000000000000"
     "00000000030000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "0000000003000400020bfc08",
     {}},
};
constexpr ExampleMessage route[] = {
    {From::Client,
     "0366147100000000060000000501020301011027050000000c0008004558414d504c450007000600c000020a01010d000800736f"
     "6d656f6e6500020007007365637265740005000b003139322e302e322e313000",
     {}},
    {From::Server, "0366147100000000060000800501020301011027010000000100040000000000", {}},
};
constexpr ExampleMessage state[] = {
    {From::Client, "0000200000000501020301012003c000020a01012f8004000400000000000000000001000000", {}},
};
constexpr std::string_view runtime_claims[] = {"server software=Plc30 App 3.1.4024",
                                               "server remote_observed=ads WriteControl Stop from 192.0.2.10"};
constexpr std::string_view discovery_claims[] = {"server hostname=CX-EX01", "server os=Windows CE 6.0",
                                                 "server software=TwinCAT 2.11.2300"};
constexpr std::string_view route_claims[] = {"server remote_observed=ads add route from 192.0.2.10"};
constexpr Example examples[] = {
    {"a runtime names itself and is stopped", Layer::Tcp, 48898, runtime, runtime_claims},
    {"a controller answers the discovery", Layer::Udp, 48899, discovery, discovery_claims},
    {"a route is added; who with is not kept", Layer::Udp, 48899, route, route_claims},
    {"a question for the state says nothing", Layer::Tcp, 48898, state, {}},
};
constexpr std::uint16_t ports[] = {48898, 48899};

}  // namespace

Decoder ads() {
    Decoder decoder;
    decoder.name = "ads";
    decoder.title = "Beckhoff ADS/AMS";
    decoder.spec = "Beckhoff Information System, TwinCAT ADS: AMS/TCP packet, ADS commands";
    decoder.layers = Layer::Udp | Layer::Tcp;
    decoder.ports = ports;
    decoder.starts = Starts("00 00 ?? ?? ?? 0?", "03 66 14 71");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
