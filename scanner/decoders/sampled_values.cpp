// Sampled values: a merging unit of a substation sends currents and voltages, 4000 times a second and more, by multicast. The
// identifier of the stream is the engineer's, and a test set may mark them as simulated. No IP: the subject is the MAC.
//
//   |application 2|length 2|reserved 4| 60 length | 80 number of units | A2 units: 30 | 80 id | [81 data set] | 82 count |
//   83 configuration | ... | 87 samples |
#include "decoders/decoder.h"
#include "decoders/der.h"
#include "decoders/iec61850_frame.h"

namespace herkomst::decoders {

namespace {

struct Notes {
    std::uint32_t seen;
};

// IEC 61850-9-2:2011 table 14 (the fields), clause 8.4 (length counts from the application id on).
bool read(ByteCursor frame, Slice& id, Slice& simulation) {
    Iec61850Pdu pdu = iec61850_pdu(frame, 0x60);
    if (!pdu.good) return false;
    simulation = pdu.simulation;
    ByteCursor count = next_der(pdu.content, 0x80).content;
    if (pdu.content.peek() == 0x81) next_der(pdu.content, 0x81);
    DerItem units = next_der(pdu.content, 0xa2);
    DerItem unit = next_der(units.content, 0x30);
    id = next_der(unit.content, 0x80).content.rest();
    if (unit.content.peek() == 0x81) next_der(unit.content, 0x81);
    const DerItem counter = next_der(unit.content, 0x82);
    const DerItem configuration = next_der(unit.content, 0x83);
    return unit.content.ok() && count.left() == 1 && count.peek() >= 1 && counter.content.left() == 2 &&
           configuration.content.left() == 4 && !id.empty() && id.size() <= 129;
}

bool recognise(ByteCursor message, const Flow& flow) {
    Slice id;
    Slice simulation;
    return flow.ethertype == 0x88ba && read(message, id, simulation) && message.ok();
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Slice id;
    Slice simulation;
    if (!read(message, id, simulation)) return not_this();
    // One in 1024 is enough to know that it goes on.
    if (flow.state->notes<Notes>().seen++ % 1024 != 0) return done();
    Claims publisher = claims.about(flow.sender.station());
    publisher.stated(Field::role, "sampled values publisher", id, "id");
    publisher.stated(Field::description, id, "id");
    if (!simulation.empty()) publisher.stated(Field::role, "simulates sampled values", simulation, "simulation");
    return done();
}

constexpr std::string_view stream =
    "4000 0030 0000 0000 | 60 26 80 01 01 a2 21 30 1f 80 06 45584d553031 82 02 0001 83 04 00000001 85 01 02"
    "87 08 0000000000000000";
constexpr ExampleMessage samples[] = {{From::Client, stream, {}}, {From::Client, stream, {}}};
constexpr std::string_view samples_claims[] = {"client role=sampled values publisher", "client description=EXMU01"};
constexpr ExampleMessage simulated[] = {
    {From::Client,
     "4000 0030 8000 0000 | 60 26 80 01 01 a2 21 30 1f 80 06 45584d553033 82 02 0001 83 04 00000001 85 01 02"
     "87 08 0000000000000000",
     {}}};
constexpr std::string_view simulated_claims[] = {"client role=sampled values publisher", "client description=EXMU03",
                                                 "client role=simulates sampled values"};
constexpr ExampleMessage named_set[] = {
    {From::Client,
     "4000 0037 0000 0000 | 60 2d 80 01 01 a2 28 30 26 80 06 45584d553032 81 05 45582f4453 82 02 0001 83 04 00000001 85 01 02"
     "87 08 0000000000000000",
     {}}};
constexpr std::string_view named_set_claims[] = {"client role=sampled values publisher", "client description=EXMU02"};
constexpr Example examples[] = {{"a merging unit sends samples", Layer::Link, 0x88ba, samples, samples_claims},
                                {"a test set simulates one", Layer::Link, 0x88ba, simulated, simulated_claims},
                                {"the name of a data set may stand between", Layer::Link, 0x88ba, named_set, named_set_claims}};
constexpr std::uint16_t ethertypes[] = {0x88ba};

}  // namespace

Decoder sampled_values() {
    Decoder decoder;
    decoder.name = "sampled_values";
    decoder.title = "Sampled values (IEC 61850)";
    decoder.spec = "IEC 61850-9-2:2011 clause 8";
    decoder.layers = only(Layer::Link);
    decoder.ports = ethertypes;
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
