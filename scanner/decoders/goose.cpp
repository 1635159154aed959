// GOOSE: protection relays and bay controllers of electrical substations tell each other, by multicast and many times a
// second, what they saw and want tripped. Each message names the control block it comes from, the data set and an identifier
// the engineer chose; the name of the logical device starts with the name of the relay. A message may be marked as simulated,
// by a test set. No IP: the subject is the MAC.
//
//   |application 2|length 2|reserved 4| 61 length | 80 control block | 81 time to live | 82 data set | [83 id] | 84 time |
//   85 state number | 86 sequence | [87 simulation] | 88 configuration | [89 needs commissioning] | 8A entries | AB data |
#include "decoders/decoder.h"
#include "decoders/goose_pdu.h"
#include "decoders/iec61850_frame.h"

namespace herkomst::decoders {

namespace {

// IEC 61850-8-1 annex C.2 (length counts from the application id on), annex A.
GoosePdu read(ByteCursor frame, Slice& simulation) {
    Iec61850Pdu pdu = iec61850_pdu(frame, 0x61);
    simulation = pdu.simulation;
    return pdu.good ? read_goose(pdu.content) : GoosePdu{};
}

bool recognise(ByteCursor message, const Flow& flow) {
    Slice simulation;
    return flow.ethertype == 0x88b8 && read(message, simulation).good && message.ok();
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Slice simulation;
    const GoosePdu goose = read(message, simulation);
    if (!goose.good) return not_this();
    // Edition 1 has a field of the same place that says "test", edition 2 wants both.
    const bool marked = !goose.simulation.empty() && goose.simulation.bytes[0] != 0;
    observe_goose(goose, marked || !simulation.empty(), marked ? goose.simulation : simulation,
                  claims.about(flow.sender.station()));
    return done();
}

constexpr ExampleMessage trip[] = {
    {From::Client,
     "0001 005d 0000 0000 | 61 53"
     "80 13 45583151 314c4430 2f4c4c4e 30 24474f24 6731"  // EX1Q1LD0/LLN0$GO$g1
     "81 02 07d0 | 82 10 45583151 314c4430 2f4c4c4e 30 246431"
     "83 05 5472697031 | 84 08 5ef00000 00000000 | 85 01 01 | 86 01 05 | 87 01 00 | 88 01 01 | 89 01 00 | 8a 01 01"
     "ab 03 83 01 00",
     {}}};
constexpr std::string_view trip_claims[] = {"client gocbref=EX1Q1LD0/LLN0$GO$g1", "client goid=Trip1",
                                            "client role=goose publisher", "client station_name=EX1Q1LD0"};
constexpr ExampleMessage unnamed[] = {{From::Client,
                                       "0001 0038 0000 0000 | 61 2e"
                                       "80 03 676f6f | 81 02 07d0 | 82 02 6473 | 84 08 5ef00000 00000000 | 85 01 01 | 86 01 05 "
                                       "| 87 01 00 | 88 01 01 | 89 01 00 | 8a 01 01"
                                       "ab 03 83 01 00",
                                       {}}};
constexpr std::string_view unnamed_claims[] = {"client gocbref=goo", "client role=goose publisher"};
constexpr ExampleMessage simulated[] = {
    {From::Client,
     "0001 0038 8000 0000 | 61 2e"
     "80 03 676f6f | 81 02 07d0 | 82 02 6473 | 84 08 5ef00000 00000000 | 85 01 01 | 86 01 05 "
     "| 87 01 ff | 88 01 01 | 89 01 00 | 8a 01 01"
     "ab 03 83 01 00",
     {}}};
constexpr std::string_view simulated_claims[] = {"client gocbref=goo", "client role=goose publisher",
                                                 "client role=simulates goose"};
constexpr ExampleMessage again[] = {trip[0], trip[0]};
constexpr Example examples[] = {
    {"a relay publishes a trip", Layer::Link, 0x88b8, trip, trip_claims},
    {"a control block without a device's name in it", Layer::Link, 0x88b8, unnamed, unnamed_claims},
    {"a test set simulates a relay", Layer::Link, 0x88b8, simulated, simulated_claims},
    {"what is sent again says nothing new", Layer::Link, 0x88b8, again, trip_claims},
};
constexpr std::uint16_t ethertypes[] = {0x88b8};

}  // namespace

Decoder goose() {
    Decoder decoder;
    decoder.name = "goose";
    decoder.title = "GOOSE (IEC 61850)";
    decoder.spec = "IEC 61850-8-1:2011 annexes A and C";
    decoder.layers = only(Layer::Link);
    decoder.ports = ethertypes;
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
