// DTLS: before encryption starts a server shows its certificate as in TLS, where device makers put maker, model and serial
// number; a client says which host it wants.
//
//   record |22|FEFF or FEFD|epoch 2|sequence 6|length 2|; handshake |type|length 3|message 2|offset 3|fragment 3|body|
//   1 hello of the client, 2 of the server, 3 wish for a cookie, 11 certificates
#include "decoders/certificate.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

enum Handshake : std::uint8_t { ClientHello = 1, ServerHello = 2, HelloVerify = 3, Certificates = 11 };

// RFC 6347 section 4.1: a known type, version 1.0 or 1.2, and the record's length within the datagram.
bool is_record(ByteCursor message) {
    const std::uint8_t type = message.u8();
    const std::uint16_t version = message.be16();
    message.skip(8);
    const std::size_t length = message.be16();
    return type >= 20 && type <= 25 && (version == 0xfeff || version == 0xfefd) && length > 0 && length <= message.left();
}

// RFC 6347 sections 4.1 and 4.2.2: a first record of the first epoch, a handshake whose fragment fits in its message and its
// record.
bool recognise(ByteCursor message, const Flow&) {
    if (message.peek() != 22 || !is_record(message)) return false;
    message.skip(3);
    const std::uint16_t epoch = message.be16();
    message.skip(6);
    const std::size_t record = message.be16();
    const std::uint8_t type = message.u8();
    const std::size_t length = message.be24();
    message.skip(2);
    const std::size_t offset = message.be24();
    const std::size_t fragment = message.be24();
    const bool known =
        type == ClientHello || type == ServerHello || type == HelloVerify || type == Certificates || type == 12 || type == 14;
    return epoch == 0 && known && offset + fragment <= length && fragment + 12 <= record && message.ok();
}

// RFC 6066 section 3: extension 0 of a hello, behind version, random, session, cookie, suites and compressions.
void client_hello(ByteCursor body, Claims& claims) {
    body.skip(34);
    body.skip(body.u8());
    body.skip(body.u8());
    body.skip(body.be16());
    body.skip(body.u8());
    ByteCursor extensions = body.take(body.left() >= 2 ? body.be16() : std::size_t{0});
    while (!extensions.done()) {
        const std::uint16_t type = extensions.be16();
        ByteCursor value = extensions.take(extensions.be16());
        if (type != 0) continue;
        value.skip(2);
        if (value.u8() == 0) claims.addressed_as(value.bytes(value.be16()).text());
        return;
    }
}

// RFC 5246 section 7.4.2
void certificates(ByteCursor body, Claims& claims) {
    ByteCursor all = body.take(body.be24());
    for (unsigned place = 0; place < 4 && !all.done(); ++place) {
        const Slice one = all.bytes(all.be24());
        Reading reading;
        ByteCursor der = whole(one, reading);
        const CertificateNames names = read_certificate(der);
        if (!reading.ok || one.empty()) return;
        claims.stated(Field::certificate, names.text(), one, place == 0 ? "certificate" : "chain");
        if (place > 0) continue;
        for (const Slice& name : names.dns_names) claims.stated(Field::dns_name, name, "certificate");
        for (const Slice& uri : names.uris) claims.stated(Field::application_uri, uri, "certificate");
    }
}

Verdict observe(ByteCursor message, Flow&, Claims& claims) {
    if (!is_record(message)) return not_this();
    // Several records may share a datagram; of a message in pieces nothing is read.
    while (!message.done()) {
        if (!is_record(message)) return done();
        const std::uint8_t type = message.u8();
        message.skip(2);
        const std::uint16_t epoch = message.be16();
        message.skip(6);
        ByteCursor record = message.take(message.be16());
        if (type != 22 || epoch != 0) continue;
        while (record.left() >= 12) {
            const std::uint8_t kind = record.u8();
            const std::size_t length = record.be24();
            record.skip(2);
            const std::size_t offset = record.be24();
            const std::size_t fragment = record.be24();
            ByteCursor body = record.take(fragment);
            if (!message.ok()) return done();
            if (offset != 0 || fragment != length) continue;
            if (kind == ClientHello) client_hello(body, claims);
            if (kind == Certificates) certificates(body, claims);
        }
    }
    return done();
}

constexpr ExampleMessage hellos[] = {{From::Client,
                                      "16fefd00000000000000000051010000450000000000000045fefd000102030405060708090a0b0c0d0e0f10"
                                      "1112131415161718191a1b1c1d1e1f00000002c02f0100001900000015001300001067772e706c616e742e65"
                                      "78616d706c65",
                                      {}},
                                     {From::Server,
                                      "16fefd00000000000000000032020000260000000000000026fefd000102030405060708090a0b0c0d0e0f10"
                                      "1112131415161718191a1b1c1d1e1f00c02f0016fefd0000000000000001026c0b0002600001000000000260"
                                      "00025d00025a30820256308201bfa00302010202145b0fc28f1e2a3621d2d6b297f89524581bfd2573300d06"
                                      "092a864886f70d01010b0500302e3110300e060355040a0c074578616d706c65311a301806035504030c1176"
                                      "706e2e706c616e742e6578616d706c65301e170d3236313132363233313430305a170d323631323236323331"
                                      "3430305a302e3110300e060355040a0c074578616d706c65311a301806035504030c1176706e2e706c616e74"
                                      "2e6578616d706c6530819f300d06092a864886f70d010101050003818d0030818902818100b22eba44010fd2"
                                      "12c9049aa6deaa0cb57a003c6ec942e5028fde464e16ae339ce74eac0dffc5872ffcb951452c0fcb6cbc0b82"
                                      "614fa0af8290746424136e772d91d84e60af62117d35a11fbff8dfcebcbf81c4bb0485dd5cbce433ac9edee8"
                                      "05b5335371427c0a6ce8708d89a48cf3d568dcaf788baef75dd9bc4ccd7c1481790203010001a371306f301d"
                                      "0603551d0e04160414d57b2b0a42269ddfb7e526d5c50e16ce96f5940f301f0603551d23041830168014d57b"
                                      "2b0a42269ddfb7e526d5c50e16ce96f5940f300f0603551d130101ff040530030101ff301c0603551d110415"
                                      "3013821176706e2e706c616e742e6578616d706c65300d06092a864886f70d01010b05000381810011b63dee"
                                      "b3f5724b4febbd6225e5125d26ba4b140b2a75665381d41847e667af83d90ee92779c1b563b5db2006f49cf7"
                                      "0b57ef0cf46cca99a4c8b7e3b884be647b6e42dae4320ed8debbb6f1161a49cb237d846843894f7b1a1beb4a"
                                      "c3e5b407891013413717ece8affa99e80d143f332441ee4825fadfba6af1562b00c4b101",
                                      {}}};
constexpr std::string_view hello_claims[] = {
    "server certificate=O=Example, CN=vpn.plant.example / O=Example, CN=vpn.plant.example",
    "server dns_name=vpn.plant.example"};
constexpr ExampleMessage client_only[] = {
    {From::Client,
     "16fefd000000000000000000360100002a000000000000002afefd000102030405060708090a0b0c0d0e0f10"
     "1112131415161718191a1b1c1d1e1f00000002c02f0100",
     {}},
    {From::Client, "17fefd0001000000000000000a77696c68656c6d696e61", {}}};
constexpr Example examples[] = {
    {"a server shows its certificate", Layer::Udp, 4433, hellos, hello_claims},
    {"a client alone; data are not read", Layer::Udp, 5684, client_only, {}},
};
constexpr std::uint16_t ports[] = {4433, 5684, 2202};

}  // namespace

Decoder dtls() {
    Decoder decoder;
    decoder.name = "dtls";
    decoder.title = "DTLS";
    decoder.spec = "RFC 6347; RFC 6066 section 3; RFC 5246 section 7.4.2";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("16 fe f?");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
