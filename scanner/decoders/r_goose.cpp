// Routable GOOSE: relays of one substation tell those of another, through routers, what GOOSE tells within one. The message is
// the same; in front of it stands a session that may sign or encrypt it. Signed messages are read, encrypted ones are not.
//
//   |01 40|A1|length|80|length|size 4|number 4|version 2|key times 6| 1: algorithms 2, key 4 |payload size 4|
//                                                                  | 2: key 4, length 1, vector |
//   payload: |81|simulation|application 2|length 2|61 ...|  then |85|length|signature|
#include "decoders/decoder.h"
#include "decoders/goose_pdu.h"

namespace herkomst::decoders {

namespace {

struct Message {
    GoosePdu goose;
    Slice simulation;
    bool session = false;  // it is routable GOOSE, whether it can be read or not
};

// IEC 61850-90-5 clause 7 (IEC 61850-8-1:2020 annex G), as libiec61850 and Wireshark read it: connectionless transport (ISO
// 8602: length 1, user data), the session identifier for GOOSE, the common header and its size. What is encrypted has no GOOSE
// in it that can be seen.
Message read(ByteCursor message) {
    Message out;
    const std::uint16_t transport = message.be16();
    const std::uint8_t session = message.u8();
    const std::size_t header = message.u8();
    if (transport != 0x0140 || session != 0xa1 || header < 12 || header > message.left()) return out;
    const std::uint8_t common = message.u8();
    const std::size_t common_size = message.u8();
    if (common != 0x80 || common_size < 10 || common_size + 2 > header) return out;
    const std::size_t after_size = message.left() - 4;
    const std::uint32_t size = message.be32();
    message.skip(4);
    const std::uint16_t version = message.be16();
    if ((version != 1 && version != 2) || size > after_size || size < 12) return out;
    message.skip(6);
    if (version == 1) {
        message.skip(6);
    } else {
        message.skip(4);
        const std::size_t vector = message.u8();
        message.skip(vector);
    }
    const std::uint32_t payload_size = message.be32();
    if (!message.ok() || payload_size < 6 || payload_size > message.left()) return out;
    out.session = true;
    ByteCursor payload = message.take(payload_size);
    if (payload.peek() != 0x81 || payload.peek(6) != 0x61) return out;
    payload.skip(1);
    out.simulation = payload.bytes(1);
    payload.skip(4);
    Reading aside;
    const Slice rest = payload.rest();
    ByteCursor alone = whole(rest, aside);
    DerItem pdu = next_der(alone, 0x61);
    if (aside.ok) out.goose = read_goose(pdu.content);
    out.goose.good = out.goose.good && aside.ok;
    return out;
}

bool recognise(ByteCursor message, const Flow&) {
    const Message said = read(message);
    return message.ok() && said.session && said.goose.good;
}

Verdict observe(ByteCursor message, Flow&, Claims& claims) {
    const Message said = read(message);
    if (!said.session) return not_this();
    if (!said.goose.good) return done();
    const Slice& marked = said.goose.simulation;
    const bool in_header = !said.simulation.empty() && said.simulation.bytes[0] != 0;
    const bool in_message = !marked.empty() && marked.bytes[0] != 0;
    observe_goose(said.goose, in_header || in_message, in_message ? marked : said.simulation, claims);
    return done();
}

constexpr ExampleMessage signed_one[] = {
    {From::Client,
     "01 40 a1 17 80 15 0000004b 00000001 0002 00000000 0000 00000001 00 | 00000036 | 81 00 0001 0030"
     "61 2e 80 03 676f6f 81 02 07d0 82 02 6473 84 08 5ef00000 00000000 85 01 01 86 01 05 87 01 00 88 01 01"
     "89 01 00 8a 01 01 ab 03 83 01 00 | 85 10 00000000 00000000 00000000 00000000",
     {}}};
constexpr std::string_view signed_claims[] = {"client gocbref=goo", "client role=goose publisher"};
constexpr ExampleMessage first_version[] = {
    {From::Client,
     "01 40 a1 18 80 12 0000004c 00000001 0001 00000000 0000 0000 00000000 | 00000036 | 81 01 0001 0030"
     "61 2e 80 03 676f6f 81 02 07d0 82 02 6473 84 08 5ef00000 00000000 85 01 01 86 01 05 87 01 ff 88 01 01"
     "89 01 00 8a 01 01 ab 03 83 01 00",
     {}}};
constexpr std::string_view first_version_claims[] = {"client gocbref=goo", "client role=goose publisher",
                                                     "client role=simulates goose"};
constexpr ExampleMessage then_encrypted[] = {
    signed_one[0],
    {From::Client,
     "01 40 a1 1b 80 19 00000029 00000002 0002 00000000 0000 00000001 04 01020304 | 00000010 | 9d 5f 1102 9a3c"
     "77 80 41 02 c5 00 10 2e 9b 44",
     {}}};
constexpr Example examples[] = {
    {"a signed message", Layer::Udp, 102, signed_one, signed_claims},
    {"the first version, from a test set", Layer::Udp, 102, first_version, first_version_claims},
    {"an encrypted one says nothing", Layer::Udp, 102, then_encrypted, signed_claims},
};
constexpr std::uint16_t ports[] = {102};

}  // namespace

Decoder r_goose() {
    Decoder decoder;
    decoder.name = "r_goose";
    decoder.title = "R-GOOSE (IEC 61850)";
    decoder.spec = "IEC 61850-90-5:2012 clause 7; IEC 61850-8-1:2020 annex G; ISO 8602";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("01 40 a1");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
