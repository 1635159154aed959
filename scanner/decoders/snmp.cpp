// SNMP: an agent's answers name maker (system description, the enterprise number of its object id), name and place of the
// device, and with the entity, UPS and printer MIBs model, serial number and revisions. Version 3 hides the rest and still
// shows the engine id: an identifier that stays, with the enterprise number of whoever wrote the agent. Requests say nothing of
// the manager, but that he sets what he asks to set; communities, user names and sysContact are never kept.
//
//   v1, v2c: 30 len |02 01 version|04 len community|PDU|
//   v3:      30 len |02 01 03|30 len {id, size, flags, model}|04 len {30 len {04 engine id, ...}}|scoped PDU, or 04 encrypted|
//   PDU:     A0..A8 len |02 request id|02 error|02 index|30 len {30 len {06 object id, value} ...}|
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/der.h"

namespace herkomst::decoders {

namespace {

enum Tag : std::uint8_t {
    Integer = 0x02,
    OctetString = 0x04,
    Oid = 0x06,
    Sequence = 0x30,
    IpAddressTag = 0x40,
    GetRequest = 0xa0,
    Response = 0xa2,
    SetRequest = 0xa3,
    TrapV1 = 0xa4,
    InformRequest = 0xa6,
    TrapV2 = 0xa7,
    Report = 0xa8,
};

struct Tlv {
    std::uint8_t tag = 0;
    ByteCursor value;
};

// X.690 8.1.3 with definite lengths (RFC 3417 section 8); agents write long forms with leading zeros too.
Tlv next_tlv(ByteCursor& from) {
    const std::uint8_t tag = from.u8();
    std::size_t length = from.u8();
    if (length >= 0x80) {
        std::size_t count = length & 0x7f;
        if (count == 0 || count > 4) from.fail();
        for (length = 0; count > 0 && from.ok(); --count) length = (length << 8) | from.u8();
    }
    return {tag, from.take(length)};
}

// The next value of that type; another type fails the message.
ByteCursor next(ByteCursor& from, std::uint8_t tag) {
    Tlv tlv = next_tlv(from);
    if (tlv.tag != tag) tlv.value.fail();
    return tlv.value;
}

std::uint32_t number(ByteCursor value) {
    std::uint32_t n = 0;
    for (std::size_t left = value.left() > 5 ? 0 : value.left(); left > 0; --left) n = (n << 8) | value.u8();
    return n;
}

// A message opened up to its PDU; `pdu` is empty when it is encrypted.
struct Message {
    std::uint32_t version = 0;
    bool reportable = false;  // v3: asks for an answer
    Slice engine;             // v3: msgAuthoritativeEngineID
    bool has_pdu = false;
    Tlv pdu;
};

// RFC 1157 section 4, RFC 3416 section 3 (v1, v2c); RFC 3412 section 6, RFC 3414 section 2.4 (v3).
Message open(ByteCursor outer) {
    ByteCursor message = next(outer, Sequence);
    Message opened{0, false, {}, false, {0, message}};
    ByteCursor version = next(message, Integer);
    if (version.left() != 1) version.fail();
    opened.version = number(version);
    if (opened.version == 0 || opened.version == 1) {
        next(message, OctetString);  // the community: a password
        opened.pdu = next_tlv(message);
        opened.has_pdu = true;
        return opened;
    }
    if (opened.version != 3) {
        message.fail();
        return opened;
    }
    ByteCursor global = next(message, Sequence);
    next(global, Integer);
    // 6.2: maximum message size of at least 484; 6.4: one byte of flags; 6.5: the user-based security model is 3.
    const std::uint32_t largest = number(next(global, Integer));
    ByteCursor flags_value = next(global, OctetString);
    const std::uint8_t flags = flags_value.u8();
    const std::uint32_t model = number(next(global, Integer));
    if (largest < 484 || !flags_value.done() || model != 3) global.fail();
    opened.reportable = (flags & 4) != 0;
    ByteCursor security = next(message, OctetString);
    ByteCursor parameters = next(security, Sequence);
    opened.engine = next(parameters, OctetString).rest();
    const bool encrypted = (flags & 2) != 0;
    if (!encrypted) {
        ByteCursor scoped = next(message, Sequence);
        next(scoped, OctetString);
        next(scoped, OctetString);
        opened.pdu = next_tlv(scoped);
        opened.has_pdu = true;
    } else {
        next(message, OctetString);
    }
    return opened;
}

// RFC 3416 section 3: the PDU types 0 to 8, then a request id, an error status from 0 to 18 and an index; bulk requests have
// counts there, version 1 traps an object id.
bool recognise(ByteCursor message, const Flow&) {
    Message opened = open(message);
    if (!message.ok()) return false;
    if (!opened.has_pdu) return true;
    const std::uint8_t type = opened.pdu.tag;
    ByteCursor pdu = opened.pdu.value;
    if (type < GetRequest || type > Report) return false;
    if (type == TrapV1) return next(pdu, Oid).left() > 0 && next(pdu, IpAddressTag).left() == 4;
    const std::size_t id = next(pdu, Integer).left();
    const std::size_t status = next(pdu, Integer).left();
    const std::size_t index = next(pdu, Integer).left();
    next(pdu, Sequence);
    return id >= 1 && id <= 5 && status >= 1 && status <= 5 && index >= 1 && index <= 5;
}

// An object id as numbers, as far as fits.
struct Numbers {
    std::array<std::uint32_t, 24> at{};
    std::size_t size = 0;

    template <std::size_t n>
    bool starts_with(const std::uint32_t (&prefix)[n]) const {
        if (size < n) return false;
        for (std::size_t i = 0; i < n; ++i) {
            if (at[i] != prefix[i]) return false;
        }
        return true;
    }
};

// X.690 8.19
Numbers numbers_of(const Slice& oid) {
    Numbers numbers;
    std::uint32_t value = 0;
    bool first = true;
    for (const std::uint8_t byte : oid.bytes) {
        value = (value << 7) | (byte & 0x7fU);
        if ((byte & 0x80) != 0) continue;
        if (first) {
            numbers.at[numbers.size++] = value < 80 ? value / 40 : 2;
            value = value < 80 ? value % 40 : value - 80;
            first = false;
        }
        if (numbers.size == numbers.at.size()) return {};
        numbers.at[numbers.size++] = value;
        value = 0;
    }
    return numbers;
}

// RFC 1155 section 3.1: 1.3.6.1.4.1.N; 0 for other places in the tree.
std::uint32_t enterprise_of(const Numbers& oid) {
    constexpr std::uint32_t enterprises[] = {1, 3, 6, 1, 4, 1};
    return oid.starts_with(enterprises) && oid.size > 6 ? oid.at[6] : 0;
}

struct Notes {
    std::uint32_t chassis;  // entPhysicalIndex of the first chassis seen
};

void state_enterprise(const Slice& oid, std::string_view what, Claims& claims) {
    const std::uint32_t enterprise = enterprise_of(numbers_of(oid));
    if (enterprise != 0) claims.stated(Field::vendor_id, "pen:" + std::to_string(enterprise), oid, what);
}

// RFC 6933 (ENTITY-MIB) 2.1: the whole device is index 1 or the outermost chassis; what is inside are its parts.
void entity(std::uint32_t column, std::uint32_t index, const Tlv& tlv, Notes& notes, Claims& claims) {
    constexpr std::uint32_t chassis = 3;
    if (column == 5 && tlv.tag == Integer && number(tlv.value) == chassis && notes.chassis == 0) notes.chassis = index;
    if (tlv.tag != OctetString || (index != 1 && index != notes.chassis)) return;
    const Slice text = ByteCursor(tlv.value).rest();
    switch (column) {
        case 8:
            claims.stated(Field::hardware, text, "entity_hardware");
            break;
        case 9:
            claims.stated(Field::firmware, text, "entity_firmware");
            break;
        case 10:
            claims.stated(Field::software, text, "entity_software");
            break;
        case 11:
            claims.stated(Field::serial, text, "entity_serial");
            break;
        case 12:
            claims.stated(Field::brand, text, "entity_maker");
            break;
        case 13:
            claims.stated(Field::model, text, "entity_model");
            break;
        default:
            break;
    }
}

// One variable of an answer or a notification.
void variable(const Slice& name, const Tlv& tlv, Notes& notes, Claims& claims) {
    constexpr std::uint32_t system[] = {1, 3, 6, 1, 2, 1, 1};                        // RFC 3418
    constexpr std::uint32_t entities[] = {1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1};         // RFC 6933
    constexpr std::uint32_t ups[] = {1, 3, 6, 1, 2, 1, 33, 1, 1};                    // RFC 1628
    constexpr std::uint32_t printer_serial[] = {1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17};  // RFC 3805
    constexpr std::uint32_t trap_oid[] = {1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0};          // RFC 3418
    constexpr std::uint32_t trap_enterprise[] = {1, 3, 6, 1, 6, 3, 1, 1, 4, 3, 0};   // RFC 3418
    const Numbers oid = numbers_of(name);
    const Slice value = ByteCursor(tlv.value).rest();
    if (oid.starts_with(entities) && oid.size == 13) {
        entity(oid.at[11], oid.at[12], tlv, notes, claims);
    } else if (tlv.tag == Oid) {
        if (oid.starts_with(system) && oid.size == 9 && oid.at[7] == 2) {
            state_enterprise(value, "sys_object_id", claims);
            if (enterprise_of(numbers_of(value)) != 0)
                claims.stated(Field::device_type, der_oid(value), value, "sys_object_id");
        }
        if (oid.starts_with(trap_oid) || oid.starts_with(trap_enterprise)) state_enterprise(value, "trap", claims);
    } else if (tlv.tag != OctetString) {
        return;
    } else if (oid.starts_with(system) && oid.size == 9 && oid.at[8] == 0) {
        if (oid.at[7] == 1) claims.stated(Field::description, value, "sys_descr");
        if (oid.at[7] == 5) claims.stated(Field::hostname, value, "sys_name");
        // People write whom to mail into the location too.
        const bool mail = value.text().find('@') != std::string_view::npos;
        if (oid.at[7] == 6 && !mail) claims.stated(Field::location, value, "sys_location");
    } else if (oid.starts_with(ups) && oid.size == 11 && oid.at[10] == 0) {
        if (oid.at[9] == 1) claims.stated(Field::brand, value, "ups_maker");
        if (oid.at[9] == 2) claims.stated(Field::model, value, "ups_model");
        if (oid.at[9] == 3) claims.stated(Field::software, value, "ups_software");
    } else if (oid.starts_with(printer_serial)) {
        claims.stated(Field::serial, value, "printer_serial");
    }
}

void variables(ByteCursor list, Notes& notes, Claims& claims) {
    while (!list.done()) {
        ByteCursor pair = next(list, Sequence);
        const Slice name = next(pair, Oid).rest();
        const Tlv value = next_tlv(pair);
        if (!list.ok()) return;
        variable(name, value, notes, claims);
    }
}

// RFC 3411 section 5, SnmpEngineID: 5 to 32 bytes; with the top bit set the other 31 bits are an enterprise number.
void engine_id(const Slice& engine, Claims& claims) {
    if (engine.size() < 5 || engine.size() > 32) return;
    bool some = false;
    for (const std::uint8_t byte : engine.bytes.subspan(4)) some = some || (byte != 0 && byte != 0xff);
    if (some) claims.stated(Field::unique_id, "engine:" + hex(engine.bytes.data(), engine.size()), engine, "engine_id");
    const Bytes b = engine.bytes;
    const std::uint32_t first = (std::uint32_t{b[0]} << 24) | (std::uint32_t{b[1]} << 16) | (std::uint32_t{b[2]} << 8) | b[3];
    if ((first & 0x80000000U) == 0 || first == 0x80000000U) return;
    claims.stated(Field::vendor_id, "pen:" + std::to_string(first & 0x7fffffffU), engine, "engine_id");
}

// RFC 1157 4.1.6. An agent that speaks for another names its address; 0.0.0.0 and itself are itself.
void trap_v1(ByteCursor pdu, const Flow& flow, Notes& notes, Claims claims) {
    const Slice enterprise = next(pdu, Oid).rest();
    const Slice agent = next(pdu, IpAddressTag).rest();
    next(pdu, Integer);
    next(pdu, Integer);
    next_tlv(pdu);
    if (agent.size() != 4) return;
    const IpAddress ip = IpAddress::v4(agent.bytes.data());
    if (!ip.unspecified() && ip != flow.sender.ip) {
        if (ip.loopback() || ip.multicast()) return;
        Endpoint other;
        other.ip = ip;
        claims = claims.about(other);
    }
    state_enterprise(enterprise, "trap", claims);
    variables(next(pdu, Sequence), notes, claims);
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    Message opened = open(message);
    Notes& notes = flow.state->notes<Notes>();
    // RFC 3412 6.4, RFC 3414 1.5.1: who asks no answer (response, report, trap) is the authoritative engine itself. The npm
    // agent net-snmp 3.29.2 leaves the flag of the question in its reports.
    const bool reports = opened.has_pdu && opened.pdu.tag == Report;
    if (opened.version == 3 && (!opened.reportable || reports)) engine_id(opened.engine, claims);
    if (!opened.has_pdu) return done();
    ByteCursor pdu = opened.pdu.value;
    switch (opened.pdu.tag) {
        case TrapV1:
            trap_v1(pdu, flow, notes, claims);
            break;
        case SetRequest:
            // RFC 3416 4.2.5: it is done when the answer says so. What was set is not looked at.
            flow.state->ask(number(next(pdu, Integer)), SetRequest);
            break;
        case Response: {
            const Slice witness = ByteCursor(pdu).rest();
            ByteCursor head = pdu;
            const std::uint32_t request = number(next(head, Integer));
            const std::uint32_t error = number(next(head, Integer));
            std::uint64_t what = 0;
            if (flow.state->answered(request, what) && what == SetRequest && error == 0) {
                claims.stated(Field::remote_observed, "snmp set from " + flow.receiver.ip.text(), witness, "set");
                claims.about(flow.receiver).stated(Field::role, "snmp manager", witness, "set");
            }
            [[fallthrough]];
        }
        case TrapV2:
        case InformRequest:
            next(pdu, Integer);
            next(pdu, Integer);
            next(pdu, Integer);
            variables(next(pdu, Sequence), notes, claims);
            break;
        default:
            break;
    }
    return done();
}

// The manager asks sysDescr and sysContact; the agent also answers sysObjectID 1.3.6.1.4.1.32473.1.8, sysName and sysLocation.
constexpr ExampleMessage get_system[] = {
    {From::Client,
     "3036020101040770726976617465a02802021234020100020100301c300c06082b060102010101000500300c06082b06"
     "0102010104000500",
     {}},
    {From::Server,
     "3081a7020101040770726976617465a281980202123402010002010030818b302406082b060102010101000418457861"
     "6d706c652053776974636820382c20465720322e31301606082b06010201010200060a2b0601040181fd590108302506"
     "082b060102010104000419412e20506572736f6e203c61406578616d706c652e6f72673e301006082b06010201010500"
     "040473772d38301206082b06010201010600040668616c6c2032",
     {}}};
constexpr std::string_view get_system_claims[] = {"server description=Example Switch 8, FW 2.1", "server vendor_id=pen:32473",
                                                  "server device_type=1.3.6.1.4.1.32473.1.8", "server hostname=sw-8",
                                                  "server location=hall 2"};
// entPhysicalClass.1001 chassis, SerialNum.1001, ModelName.1001, SerialNum.1002 (a part), MfgName.1.
constexpr ExampleMessage get_entity[] = {
    {From::Server,
     "308187020101040770726976617465a27902021234020100020100306d3012060d2b060102012f010101010587690201"
     "033013060d2b060102012f010101010b8769040243373014060d2b060102012f010101010d876904035357383015060d"
     "2b060102012f010101010b876a0404505355393015060c2b060102012f010101010c01040545786d706c",
     {}}};
constexpr std::string_view get_entity_claims[] = {"server serial=C7", "server model=SW8", "server brand=Exmpl"};
// upsIdentManufacturer, Model, UPSSoftwareVersion, prtGeneralSerialNumber.1.
constexpr ExampleMessage get_ups[] = {
    {From::Server,
     "3067020100040770726976617465a25902021234020100020100304d3013060a2b060102012101010100040545786d70"
     "6c3010060a2b060102012101010200040255333011060a2b0601020121010103000403342e353011060b2b060102012b"
     "050101110104025031",
     {}}};
constexpr std::string_view get_ups_claims[] = {"server brand=Exmpl", "server model=U3", "server software=4.5",
                                               "server serial=P1"};
// Version 1 traps of enterprise 32473, agent 0.0.0.0 and 10.0.0.9; a version 2 trap 1.3.6.1.4.1.32473.0.1.
constexpr ExampleMessage traps[] = {
    {From::Client, "302a02010004067075626c6963a41d06092b0601040181fd5902400400000000020106020101430201023000", {}},
    {From::Client, "302a02010004067075626c6963a41d06092b0601040181fd590240040a000009020106020101430201023000", {}},
    {From::Client,
     "3043020101040770726976617465a735020212340201000201003029300d06082b060102010103004301013018060a2b"
     "060106030101040100060a2b0601040181fd590001",
     {}}};
constexpr std::string_view traps_claims[] = {"client vendor_id=pen:32473", "ip:10.0.0.9 vendor_id=pen:32473"};
// Engine discovery: an empty engine id, then a report of engine 80007ed9 03 MAC.
constexpr ExampleMessage engine[] = {
    {From::Client,
     "3039020103300f02024711020300ffe30401040201030410300e0400020100020100040004000400301104000400a00b"
     "0201070201000201003000",
     {}},
    {From::Server,
     "3060020103300f02024711020300ffe3040100020103041b3019040b80007ed90300005e005314020100020100040004"
     "000400302d040b80007ed90300005e0053140400a81c0201070201000201003011300f060a2b060106030f0101040041"
     "0105",
     {}}};
constexpr std::string_view engine_claims[] = {"server unique_id=engine:80007ed90300005e005314", "server vendor_id=pen:32473"};
// A request in version 3, encrypted: the engine is the other side, the user is a person.
constexpr ExampleMessage encrypted[] = {
    {From::Client,
     "304b020103300f02024711020300ffe304010702010304233021040b80007ed90300005e00531402010002010004086f"
     "70657261746f72040004000410000102030405060708090a0b0c0d0e0f",
     {}}};
// ifAdminStatus.1 is set; setting it again is refused (notWritable); then it is read.
constexpr ExampleMessage sets[] = {
    {From::Client, "302b020101040770726976617465a31d020202010201000201003011300f060a2b060102010202010701020102", {}},
    {From::Server, "302b020101040770726976617465a21d020202010201000201003011300f060a2b060102010202010701020102", {}},
    {From::Client, "302b020101040770726976617465a31d020202020201000201003011300f060a2b060102010202010701020102", {}},
    {From::Server, "302b020101040770726976617465a21d020202020201110201003011300f060a2b060102010202010701020102", {}},
    {From::Client, "302b020101040770726976617465a01d020202030201000201003011300f060a2b060102010202010701020102", {}},
    {From::Server, "302b020101040770726976617465a21d020202030201000201003011300f060a2b060102010202010701020102", {}},
};
constexpr std::string_view sets_claims[] = {"server remote_observed=snmp set from 192.0.2.10", "client role=snmp manager"};
constexpr Example examples[] = {
    {"an agent answers who it is", Layer::Udp, 161, get_system, get_system_claims},
    {"the chassis of a stack, and a part of it", Layer::Udp, 161, get_entity, get_entity_claims},
    {"a port is switched, and once refused", Layer::Udp, 161, sets, sets_claims},
    {"a UPS and a printer", Layer::Udp, 161, get_ups, get_ups_claims},
    {"traps", Layer::Udp, 162, traps, traps_claims},
    {"version 3 engine discovery", Layer::Udp, 161, engine, engine_claims},
    {"an encrypted request says nothing of who asks", Layer::Udp, 161, encrypted, {}},
};
constexpr std::uint16_t ports[] = {161, 162};

}  // namespace

Decoder snmp() {
    Decoder decoder;
    decoder.name = "snmp";
    decoder.title = "SNMP";
    decoder.spec = "RFC 1157; RFC 3411; RFC 3412; RFC 3414; RFC 3416; RFC 3418; RFC 6933; RFC 1628; RFC 3805";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("30");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
