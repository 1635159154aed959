// NetBIOS name service: a machine registers the names it wants to have, defends them, and lists them when asked for its status.
// Its workstation and server names are its host name; the name of whoever is logged on (kind 03) is never kept, and neither
// are the names that somebody only asks for.
//
//   |id 2|flags 2|questions 2|answers 2|authorities 2|additional 2|, then a question |name 34|type 2|class 2| and records
//   |name or pointer|type 2|class 2|time to live 4|length 2|data|; data of type 20: |flags 2|address 4|...; of 21 (status):
//   |count|name 15, kind 1, flags 2| ... |statistics|
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/netbios_name.h"

namespace herkomst::decoders {

namespace {

enum RecordType : std::uint16_t { Names = 0x20, Status = 0x21 };
constexpr std::uint16_t group = 0x8000;
constexpr std::uint16_t active = 0x0400;

// RFC 1002 section 4.2.1: opcodes 0, 5 to 9 and Microsoft's 15 (multi-homed registration); a question or an answer, with an
// encoded name first, of type NB or NBSTAT (or WACK's 10) and class IN.
bool recognise(ByteCursor message, const Flow&) {
    message.skip(2);
    const std::uint16_t flags = message.be16();
    const unsigned opcode = (flags >> 11) & 15U;
    const std::uint16_t questions = message.be16();
    const std::uint16_t answers = message.be16();
    const std::uint32_t others = message.be32();
    if ((opcode != 0 && opcode < 5) || (opcode > 9 && opcode != 15)) return false;
    if (questions > 1 || answers > 1 || questions + answers == 0 || (others & 0xfffefffeU) != 0) return false;
    if (!is_netbios_name(message)) return false;
    read_netbios_name(message);
    const std::uint16_t type = message.be16();
    return (type == Names || type == Status || type == 0x000a) && message.be16() == 1 && message.ok();
}

struct Record {
    NetbiosName name;
    std::uint16_t type = 0;
    ByteCursor data;
};

// RFC 1002 section 4.2.1.3; the name may be a pointer to the question's (C00C).
Record read_record(ByteCursor& at, const NetbiosName& asked) {
    NetbiosName name = asked;
    if (at.peek() >= 0xc0) {
        at.skip(2);
    } else {
        name = read_netbios_name(at);
    }
    const std::uint16_t type = at.be16();
    at.skip(6);
    return {name, type, at.take(at.be16())};
}

// RFC 1002 sections 4.2.2 and 4.2.13: the name is the sender's when its own address stands beside it.
void own_name(const Record& record, const Flow& flow, Claims& claims) {
    ByteCursor data = record.data;
    while (data.left() >= 6) {
        const std::uint16_t flags = data.be16();
        const Slice address = data.bytes(4);
        if ((flags & group) != 0 || IpAddress::v4(address.bytes.data()) != flow.sender.ip) continue;
        if (record.name.is_host()) claims.stated(Field::hostname, record.name.name, record.name.place, "name");
        return;
    }
}

// RFC 1002 section 4.2.18: names of fifteen bytes and a kind. 1C as a group are a domain's controllers.
void status(ByteCursor data, Claims& claims) {
    bool named = false;
    for (unsigned count = data.u8(); count > 0 && data.ok(); --count) {
        const Slice name = data.bytes(15);
        const std::uint8_t kind = data.u8();
        const std::uint16_t flags = data.be16();
        if (!data.ok() || (flags & active) == 0) continue;
        const std::string text = netbios_text(name.text());
        if (kind == 0x00 && (flags & group) == 0 && !named && text.substr(0, 3) != "IS~") {
            claims.stated(Field::hostname, text, name, "status");
            named = true;
        }
        if (kind == 0x1c && (flags & group) != 0) claims.stated(Field::role, "domain-controller", name, "status");
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    message.skip(2);
    const std::uint16_t flags = message.be16();
    const bool response = (flags & 0x8000) != 0;
    const unsigned opcode = (flags >> 11) & 15U;
    const bool question = message.be16() != 0;
    const bool answer = message.be16() != 0;
    message.skip(2);
    const bool additional = message.be16() != 0;
    NetbiosName asked;
    if (question) {
        asked = read_netbios_name(message);
        message.skip(4);
    }
    if (response && answer && (flags & 15) == 0) {
        const Record record = read_record(message, asked);
        if (record.type == Status) status(record.data, claims);
        if (record.type == Names && opcode == 0) own_name(record, flow, claims);
    } else if (!response && question && additional && (opcode == 5 || opcode == 8 || opcode == 9 || opcode == 15)) {
        const Record record = read_record(message, asked);
        if (record.type == Names) own_name(record, flow, claims);
    }
    return done();
}

constexpr ExampleMessage registration[] = {
    {From::Client,
     "123429100001000000000001204549454e454a44444341434143414341434143414341434143414341434141"
     "410000200001c00c00200001000493e000060000c000020a",
     {}},
    {From::Client,
     "123429100001000000000001204648454a454d45494546454d454e454a454f45424341434143414341434141"
     "440000200001c00c00200001000493e000060000c000020a",
     {}},
    {From::Client,
     "123429100001000000000001204641454d4542454f4645434143414341434143414341434143414341434141"
     "410000200001c00c00200001000493e000068000c000020a",
     {}}};
constexpr std::string_view registration_claims[] = {"client hostname=HMI3"};
constexpr ExampleMessage node_status[] = {
    {From::Server,
     "12358400000000010000000020434b4141414141414141414141414141414141414141414141414141414141"
     "4100002100010000000000890550554d503720202020202020202020000400504c414e542020202020202020"
     "202000840057494c48454c4d494e41202020202003040050554d503720202020202020202020200400504c41"
     "4e54202020202020202020201c840000005e0053140000000000000000000000000000000000000000000000"
     "0000000000000000000000000000000000",
     {}}};
constexpr std::string_view status_claims[] = {"server hostname=PUMP7", "server role=domain-controller"};
constexpr ExampleMessage question[] = {
    {From::Client,
     "123601100001000000000000204648454a454d45494546454d454e454a454f45424341434143414341434143"
     "410000200001",
     {}}};
constexpr Example examples[] = {
    {"a machine registers its name; a person's and a group's are left out", Layer::Udp, 137, registration, registration_claims},
    {"a node's status", Layer::Udp, 137, node_status, status_claims},
    {"a question is somebody's search and says nothing", Layer::Udp, 137, question, {}},
};
constexpr std::uint16_t ports[] = {137};

}  // namespace

Decoder netbios() {
    Decoder decoder;
    decoder.name = "netbios";
    decoder.title = "NetBIOS name service";
    decoder.spec = "RFC 1001; RFC 1002 section 4.2; MS-NBTE";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("?? ?? ?? ?? 00 0? 00 0?");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
