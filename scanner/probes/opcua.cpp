// OPC UA discovery: which servers are there, what product they are, and with which certificate and security they are reached.
// A secure channel without security, as the specification has it for discovery; no session is created, nobody logs in.
//
//   HEL F size | ... url        OPN F size | channel 0 | policy None | ... OpenSecureChannel
//   MSG F size | channel | token | sequence | request | 428 GetEndpoints, 422 FindServers        CLO F: the channel is closed
#include <string>

#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr std::size_t hello = 0;
constexpr std::size_t open = 1;
constexpr std::size_t endpoints = 2;
constexpr std::size_t servers = 3;
constexpr std::size_t close = 4;

constexpr Hole url_hole = hole::text("url", 96, "a-zA-Z0-9.:[]_/-");
constexpr Hole hello_holes[] = {hole::little_length("size", 4, {}, 8), hole::little_length("url-size", 4, "url"), url_hole};
constexpr Hole asked_holes[] = {hole::little_length("size", 4, {}, 8), hole::little("channel", 4),
                                hole::little("channel-token", 4), hole::little_length("url-size", 4, "url"), url_hole};
constexpr Hole close_holes[] = {hole::little("channel", 4), hole::little("channel-token", 4)};
constexpr Request requests[] = {
    // OPC UA Part 6 section 7.1.2.3: version 0, buffers of 65536 bytes, no limits.
    {"Hello", "48454c46 {size} 00000000 00000100 00000100 00000000 00000000 {url-size} {url}", {}, hello_holes},
    // Part 6 section 6.7.2, Part 4 section 5.5.2: policy None, mode None, a minute.
    {"OpenSecureChannel",
     "4f504e4684000000000000002f000000687474703a2f2f6f7063666f756e646174696f6e2e6f72672f55412f536563757269"
     "7479506f6c696379234e6f6e65ffffffffffffffff01000000010000000100be010000000000000000000001000000000000"
     "00ffffffff88130000000000000000000000000001000000ffffffff60ea0000",
     {},
     {}},
    {"GetEndpoints",
     "4d534746 {size} {channel} {channel-token} 02000000 02000000 0100ac01"
     "0000 0000000000000000 01000000 00000000 ffffffff 88130000 000000 {url-size} {url} 00000000 00000000",
     {},
     asked_holes},
    {"FindServers",
     "4d534746 {size} {channel} {channel-token} 03000000 03000000 0100a601"
     "0000 0000000000000000 01000000 00000000 ffffffff 88130000 000000 {url-size} {url} 00000000 00000000",
     {},
     asked_holes},
    {"CloseSecureChannel",
     "434c4f46 39000000 {channel} {channel-token} 04000000 04000000 0100c401"
     "0000 0000000000000000 01000000 00000000 ffffffff 88130000 000000",
     {},
     close_holes},
};

struct Notes {
    std::uint32_t channel;
    std::uint32_t token;
    bool open;
    bool answered;
};

// Part 6 section 7.1.2.2: three letters, F, C or A, and the size of all of it.
Whole whole(ByteCursor stream, const Talk&) {
    if (stream.left() < 8) return more();
    const std::string_view kind = stream.text_ahead().substr(0, 3);
    constexpr std::string_view kinds[] = {"ACK", "ERR", "OPN", "MSG", "CLO"};
    bool known = false;
    for (const std::string_view each : kinds) known = known || each == kind;
    stream.skip(4);
    const std::uint32_t size = stream.le32();
    if (!known || size < 8 || size > 131'072) return other_protocol();
    return stream.left() + 8 < size ? more() : message(size);
}

void skip_text(ByteCursor& from) {
    const std::uint32_t size = from.le32();
    if (size != 0xffffffff) from.skip(size);
}

// Part 6 section 6.7.2; Part 4 sections 7.29 (response header) and 5.5.2: the channel and its token.
bool channel_of(ByteCursor reply, Notes& notes) {
    reply.skip(12);
    for (int text = 0; text < 3; ++text) skip_text(reply);
    reply.skip(8);
    if (reply.be32() != 0x0100c101) return false;
    reply.skip(8 + 4);
    const std::uint32_t result = reply.le32();
    if (reply.u8() != 0) return false;
    const std::uint32_t texts = reply.le32();
    reply.skip(3);
    reply.skip(4);
    notes.channel = reply.le32();
    notes.token = reply.le32();
    return reply.ok() && result == 0 && (texts == 0 || texts == 0xffffffff);
}

Step asked(std::size_t request, Talk& talk) {
    const auto& notes = talk.notes<Notes>();
    const std::string url = "opc.tcp://" + talk.target->host + ":" + std::to_string(talk.target->port);
    return ask(request).with("channel", notes.channel).with("channel-token", notes.token).with("url", url);
}

Step next(Talk& talk) {
    auto& notes = talk.notes<Notes>();
    if (talk.begins()) {
        const std::string url = "opc.tcp://" + talk.target->host + ":" + std::to_string(talk.target->port);
        return ask(hello).with("url", url);
    }
    Reading reading;
    ByteCursor reply(talk.reply, reading);
    const std::string_view kind = reply.text_ahead().substr(0, 3);
    if (kind == "ERR" || kind == "CLO") return end(notes.answered ? ProbeOutcome::Answered : ProbeOutcome::Declined);
    if (talk.request == hello) return kind == "ACK" ? ask(open) : end(ProbeOutcome::OtherProtocol);
    if (talk.request == open) {
        if (kind != "OPN" || !channel_of(reply, notes)) return end(ProbeOutcome::Declined);
        notes.open = true;
        return asked(endpoints, talk);
    }
    if (kind != "MSG") return end(notes.answered ? ProbeOutcome::Answered : ProbeOutcome::Declined);
    // An answer in several chunks: the last says F, an aborted one A.
    if (reply.peek(3) == 'C') return listen();
    notes.answered = talk.answered = notes.answered || reply.peek(3) == 'F';
    return talk.request == endpoints ? asked(servers, talk) : end();
}

Step goodbye(Talk& talk) {
    const auto& notes = talk.notes<Notes>();
    return notes.open ? ask(close).with("channel", notes.channel).with("channel-token", notes.token) : end();
}

// ---- examples ----

constexpr Turn server_turns[] = {
    {"48454c46390000000000000000000100000001000000000000000000190000006f70632e7463703a2f2f3139322e302e322e"
     "32303a34383430",
     {},
     "41434b46 1c000000 00000000 00000100 00000100 00000000 00000000",
     {}},
    {"4f504e4684000000000000002f000000687474703a2f2f6f7063666f756e646174696f6e2e6f72672f55412f536563757269"
     "7479506f6c696379234e6f6e65ffffffffffffffff01000000010000000100be010000000000000000000001000000000000"
     "00ffffffff88130000000000000000000000000001000000ffffffff60ea0000",
     {},
     "4f504e4687000000070000002f000000687474703a2f2f6f7063666f756e646174696f6e2e6f72672f55412f536563757269"
     "7479506f6c696379234e6f6e65ffffffffffffffff01000000010000000100c1010000000000000000010000000000000000"
     "ffffffff000000000000000700000001000000000000000000000060ea0000ffffffff",
     {}},
    {"4d5347465e000000070000000100000002000000020000000100ac01000000000000000000000100000000000000ffffffff"
     "88130000000000190000006f70632e7463703a2f2f3139322e302e322e32303a343834300000000000000000",
     {},
     "4d534746f9000000070000000100000034000000020000000100af010000000000000000010000000000000000ffffffff00"
     "000001000000190000006f70632e7463703a2f2f3139322e302e322e32303a343834301700000075726e3a706c63313a6578"
     "616d706c653a7365727665721200000075726e3a6578616d706c653a7365727665720205000000504c43203100000000ffff"
     "ffffffffffffffffffffffffffff010000002f000000687474703a2f2f6f7063666f756e646174696f6e2e6f72672f55412f"
     "5365637572697479506f6c696379234e6f6e6501000000010000006100000000ffffffffffffffffffffffffffffffff00",
     {}},
    {"4d5347465e000000070000000100000003000000030000000100a601000000000000000000000100000000000000ffffffff"
     "88130000000000190000006f70632e7463703a2f2f3139322e302e322e32303a343834300000000000000000",
     {},
     "4d53474683000000070000000100000035000000030000000100a9010000000000000000010000000000000000ffffffff00"
     "0000010000001700000075726e3a706c63313a6578616d706c653a7365727665721200000075726e3a6578616d706c653a73"
     "65727665720205000000504c43203100000000ffffffffffffffffffffffff",
     {}},
    {"434c4f4639000000070000000100000004000000040000000100c401000000000000000000000100000000000000ffffffff"
     "88130000000000",
     {},
     {},
     {}},
};
constexpr std::string_view server_claims[] = {"server application_uri=urn:plc1:example:server", "server description=PLC 1",
                                              "server product=urn:example:server",
                                              "server stack=opcua-endpoints:none;anonymous"};
// 0x80ac0000: too many connections.
constexpr Turn full_turns[] = {
    {"48454c46390000000000000000000100000001000000000000000000190000006f70632e7463703a2f2f3139322e302e322e"
     "32303a34383430",
     {},
     "45525246100000000000ac80ffffffff",
     {}}};
constexpr Turn other_turns[] = {
    {"48454c46390000000000000000000100000001000000000000000000190000006f70632e7463703a2f2f3139322e302e322e"
     "32303a34383430",
     {},
     {},
     "HTTP/1.1 400 Bad Request\r\n\r\n"}};

constexpr Transcript transcripts[] = {
    {"a server tells of itself and its endpoints", Origin::Documented,
     "OPC UA Part 4 sections 5.4.2 and 5.4.4, Part 6 section 7.1", server_turns, server_claims},
    {"a server that has no connection to spare says so",
     Origin::Documented,
     "OPC UA Part 6 section 7.1.2.5",
     full_turns,
     {},
     ProbeOutcome::Declined},
    {"a web server on the port", Origin::Server, "nginx 1.22.1", other_turns, {}, ProbeOutcome::OtherProtocol},
};
constexpr std::uint16_t ports[] = {4840};

}  // namespace

Probe opcua() {
    Probe probe;
    probe.name = "opcua";
    probe.title = "OPC UA GetEndpoints and FindServers";
    probe.spec = "OPC UA (IEC 62541) Part 4 sections 5.4 and 5.5, Part 6 sections 6.7 and 7.1";
    probe.why_safe =
        "The discovery services are open to everybody and need no session: one channel, two questions, and it is closed";
    probe.safety = Safety::OpenSession;
    probe.transport = Transport::Tcp;
    probe.family = Family::Ot;
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.goodbye = goodbye;
    probe.whole = whole;
    probe.decoder = "opcua";
    probe.limits.requests = 4;
    probe.limits.bytes = std::size_t{256} << 10;
    probe.limits.whole = std::chrono::seconds(30);
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
