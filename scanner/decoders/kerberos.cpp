// Kerberos: in what is asked and answered in clear stand the realm (domain), machine accounts ("PUMP7$") and the names of
// machines; people's accounts stand in the same fields and are never kept.
//
//   TCP: |length 4|, then as UDP: [APPLICATION 10 AS-REQ, 11 AS-REP, 12 TGS-REQ, 13 TGS-REP, 30 ERROR] { SEQUENCE { [1] 5, [2]
//   type ... request body [4] { [1] client name { [1] { text } }, [2] realm, [3] service name, ... [9] addresses }
#include "core/text.h"
#include "decoders/ber.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t for_good = SIZE_MAX / 2;
constexpr std::size_t longest_message = 60 * 1024;

bool is_kind(std::uint8_t tag) { return (tag >= 0x6a && tag <= 0x6d) || tag == 0x7e; }

// The content of an element that must be there.
ByteCursor inside(ByteCursor& from, std::uint8_t tag) {
    BerItem item = next_ber(from);
    if (item.tag != tag) from.fail();
    return item.content;
}

// RFC 4120 sections 5.4.1, 5.4.2 and 5.9.1: an application tag, a sequence, version 5, and a message type that is the tag's
// number.
bool is_message(ByteCursor message, bool whole) {
    const std::uint8_t tag = message.u8();
    if (!is_kind(tag)) return false;
    const std::size_t length = ber_length(message);
    if (length < 16 || length > longest_message || (whole && length != message.left())) return false;
    if (message.u8() != 0x30 || ber_length(message) > length) return false;
    const std::uint8_t version_at = tag == 0x6a || tag == 0x6c ? 0xa1 : 0xa0;
    if (message.u8() != version_at || message.u8() != 3 || message.be24() != 0x020105) return false;
    if (message.u8() != version_at + 1 || message.u8() != 3 || message.be16() != 0x0201) return false;
    return message.u8() == (tag & 0x1f);
}

// RFC 4120 sections 5.4 and 7.2.2
bool recognise(ByteCursor message, const Flow& flow) {
    if (flow.layer == Layer::Udp) return is_message(message, true);
    const std::uint32_t length = message.be32();
    return length >= 20 && length <= longest_message && is_message(message, false);
}

// RFC 4120 section 5.2.2: { [0] type, [1] { text ... } }. Only a machine's account, which ends in "$" (MS-KILE
// section 3.1.1.2), and only one text.
void machine(ByteCursor name, Claims& claims) {
    ByteCursor sequence = inside(name, 0x30);
    ber_if(sequence, 0xa0);
    ByteCursor texts = inside(sequence, 0xa1);
    ByteCursor list = inside(texts, 0x30);
    const Slice text = inside(list, 0x1b).rest();
    if (text.size() < 2 || text.bytes.back() != '$' || !list.done()) return;
    // A service that several machines share has such an account too (MS-ADTS, group managed service accounts).
    claims.matched(Field::hostname, text.text().substr(0, text.size() - 1), text, "machine_account");
}

void realm(ByteCursor content, Claims& claims) {
    const Slice text = inside(content, 0x1b).rest();
    if (printable_ascii(text.text())) claims.stated(Field::realm, text, "realm");
}

// RFC 4120 section 7.5.3: address type 20 is a NetBIOS name of sixteen bytes; the last is its kind.
void addresses(ByteCursor content, Claims& claims) {
    ByteCursor list = inside(content, 0x30);
    for (unsigned count = 0; count < 16 && !list.done(); ++count) {
        ByteCursor one = inside(list, 0x30);
        ByteCursor type = inside(one, 0xa0);
        const Slice kind = inside(type, 0x02).rest();
        ByteCursor value = inside(one, 0xa1);
        const Slice name = inside(value, 0x04).rest();
        if (kind.size() != 1 || kind.bytes[0] != 20 || name.size() != 16 || (name.bytes[15] != 0x20 && name.bytes[15] != 0))
            continue;
        const std::string_view text = trimmed(name.text().substr(0, 15));
        if (printable_ascii(text)) claims.stated(Field::hostname, text, name, "netbios_address");
    }
}

void request(ByteCursor sequence, Claims& claims) {
    ByteCursor body = sequence.take(0);
    while (!sequence.done()) {
        BerItem item = next_ber(sequence);
        if (item.tag == 0xa4) body = item.content;
    }
    ByteCursor fields = inside(body, 0x30);
    while (!fields.done()) {
        BerItem item = next_ber(fields);
        if (item.tag == 0xa1) machine(item.content, claims);
        if (item.tag == 0xa2) realm(item.content, claims);
        if (item.tag == 0xa9) addresses(item.content, claims);
    }
}

// The answer names the realm of who answers; the machine in it is the receiver.
void answer(ByteCursor sequence, const Flow& flow, Claims& claims) {
    while (!sequence.done()) {
        BerItem item = next_ber(sequence);
        if (item.tag == 0xa3) realm(item.content, claims);
        if (item.tag == 0xa4) {
            Claims client = claims.about(flow.receiver);
            machine(item.content, client);
        }
    }
}

void whole_message(ByteCursor message, const Flow& flow, Claims& claims) {
    ByteCursor start = message;
    const Slice kind = start.bytes(1);
    BerItem outer = next_ber(message);
    ByteCursor sequence = inside(outer.content, 0x30);
    const bool asks = outer.tag == 0x6a || outer.tag == 0x6c;
    const bool answers = outer.tag == 0x6b || outer.tag == 0x6d;
    if (asks) request(sequence, claims);
    if (answers) {
        claims.stated(Field::role, "kerberos kdc", kind, "answer");
        answer(sequence, flow, claims);
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (flow.layer == Layer::Udp) {
        if (!is_message(message, true)) return not_this();
        whole_message(message, flow, claims);
        return done();
    }
    ByteCursor head = message;
    const std::size_t length = head.be32();
    if (!head.ok()) return done();
    if (length < 20 || length > longest_message) return not_this();
    if (head.left() < length) return flow.ended ? done() : need(length + 4);
    const Slice bytes = head.bytes(length);
    Reading reading;
    const ByteCursor one = whole(bytes, reading);
    if (!is_message(one, true)) return reading.ok ? done(length + 4) : done(for_good);
    Reading again;
    whole_message(whole(bytes, again), flow, claims);
    return done(length + 4);
}

constexpr ExampleMessage machine_logs_in[] = {
    {From::Client,
     "6a8183308180a103020105a20302010aa4743072a00703050040810010a1133011a003020101a10a30081b06"
     "50554d503724a20f1b0d504c414e542e4558414d504c45a3223020a003020102a11930171b066b7262746774"
     "1b0d504c414e542e4558414d504c45a511180f32303337303931333032343830355aa703020107a805300302"
     "0112",
     {}},
    {From::Server,
     "6b3a3038a003020105a10302010ba30f1b0d504c414e542e4558414d504c45a4133011a003020101a10a3008"
     "1b0650554d503724a5026100a6023000",
     {}}};
constexpr std::string_view machine_claims[] = {"client hostname=PUMP7", "client realm=PLANT.EXAMPLE",
                                               "server role=kerberos kdc", "server realm=PLANT.EXAMPLE"};
constexpr ExampleMessage person[] = {{From::Client,
                                      "000000ab6a81a83081a5a103020105a20302010aa48198308195a00703050040810010a1173015a003020101"
                                      "a10e300c1b0a77696c68656c6d696e61a20f1b0d504c414e542e4558414d504c45a3223020a003020102a119"
                                      "30171b066b72627467741b0d504c414e542e4558414d504c45a511180f32303337303931333032343830355a"
                                      "a703020107a8053003020112a91d301b3019a003020114a1120410484d4933202020202020202020202020",
                                      {}}};
constexpr std::string_view person_claims[] = {"client realm=PLANT.EXAMPLE", "client hostname=HMI3"};
constexpr ExampleMessage refusal[] = {
    {From::Server,
     "7e4e304ca003020105a10302011ea411180f32303337303931333032343830355aa503020100a603020119a9"
     "071b05504c414e54aa1a3018a003020102a111300f1b066b72627467741b05504c414e54",
     {}}};
constexpr Example examples[] = {
    {"a machine logs in", Layer::Udp, 88, machine_logs_in, machine_claims},
    {"a person logs in: realm and machine are kept, the account is not", Layer::Tcp, 88, person, person_claims},
    {"a refusal says nothing", Layer::Udp, 88, refusal, {}},
};
constexpr std::uint16_t ports[] = {88};

}  // namespace

Decoder kerberos() {
    Decoder decoder;
    decoder.name = "kerberos";
    decoder.title = "Kerberos 5";
    decoder.spec = "RFC 4120; MS-KILE";
    decoder.layers = Layer::Udp | Layer::Tcp;
    decoder.ports = ports;
    decoder.starts = Starts("6?", "7e", "00");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
