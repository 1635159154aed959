// The certificate of a TLS server, and nothing else: a handshake, and the farewell. Who made a device stands in it where makers
// sign their devices' keys, often with model and serial number; what is inside is not asked. Old versions of TLS and keys that
// are too short today are accepted for this, as nothing is told that anybody might want to read; the record says which version
// it was.
//
// Ports of plant protocols within TLS (802, 4911, 19998, ...) are not among these: where such a server takes few clients, a
// handshake is one of them. The scope file can name them for this probe.
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

// ---- examples ----

// What the server showed in its handshake, as it stands in a record (probes/tls_session.h).
constexpr Turn device_turns[] = {
    {{},
     {},
     "160303019d0b0001990001960001933082018f30820134a00302010202012a300a06082a8648ce3d040302302931163014060355040a0c"
     "0d4578616d706c6520576f726b73310f300d06035504030c0645582d313030301e170d3236313132373035333430335a170d3336313132"
     "343035333430335a302931163014060355040a0c0d4578616d706c6520576f726b73310f300d06035504030c0645582d31303030593013"
     "06072a8648ce3d020106082a8648ce3d030107034200041e905702f184e972e8f065c083f09a18be7acf0068e7c00ff1386ab3e50bcaae"
     "b433c2e2f7a91eee8fa967cf130715a6a0cb0422967c5364c674cfd398bd8c16a34d304b301d0603551d0e04160414a2488a03cda8f496"
     "184e6d423ea228126afd000a301f0603551d23041830168014a2488a03cda8f496184e6d423ea228126afd000a30090603551d13040230"
     "00300a06082a8648ce3d0403020349003046022100e0345c641ce4d70fffc7bc5ad3a5ddc97cd6a7c6454c00b7f41e17a9be619c210221"
     "00962b74f0d7e259428fb2c0bbf27e549dba6f9a017cbbda565c822c63536a2464",
     {},
     true},
};
constexpr std::string_view device_claims[] = {"server certificate=O=Example Works, CN=EX-100 / O=Example Works, CN=EX-100"};

constexpr Transcript transcripts[] = {
    {"a device with a key that it signed itself", Origin::Server, "openssl s_server 3.0, a certificate of our own",
     device_turns, device_claims},
};
constexpr std::uint16_t ports[] = {443, 8443, 4843, 8883};

}  // namespace

Probe tls_certificate() {
    Probe probe;
    probe.name = "tls_certificate";
    probe.title = "Certificate of a TLS server";
    probe.spec = "RFC 8446; RFC 5246 section 7.4.2";
    probe.why_safe = "A handshake as every browser makes it, closed before a word is said";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Tls;
    probe.family = Family::It;
    probe.decoder = "tls";
    probe.ports = ports;
    probe.limits.requests = 1;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
