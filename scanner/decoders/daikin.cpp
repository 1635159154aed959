// Daikin: the network adaptors of Daikin's air conditioners and heat pumps answer a broadcast question (UDP 30050) in plain
// text, with firmware and region; the same adaptor takes commands over HTTP without authentication on the local network.
//
//   DAIKIN_UDP/common/basic_info        ret=OK,type=aircon,reg=eu,...,ver=1_14_68,rev=...,pow=1,...,mac=...,adp_kind=...
//
// The layout is not published by its maker. It is the one that pydaikin (a public project) speaks.
#include <string>

#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::string_view question = "DAIKIN_UDP/common/basic_info";

// As pydaikin (public project) asks and reads: the question word for word, or an answer that begins with success and a type and
// has the three names that every adaptor gives.
bool recognise(ByteCursor message, const Flow&) {
    const std::string_view text = message.text_ahead();
    if (text.size() > 2048) return false;
    if (text.starts_with(question)) return text.size() <= question.size() + 2;
    return text.starts_with("ret=OK,type=") && text.find(",ver=") != std::string_view::npos &&
           text.find(",mac=") != std::string_view::npos && text.find(",adp_kind=") != std::string_view::npos;
}

// The value of a name in "a=b,c=d".
Slice value_of(const Slice& all, std::string_view name) {
    std::size_t at = 0;
    for (const std::string_view item : split(all.text(), ',')) {
        const std::size_t equals = item.find('=');
        if (equals != std::string_view::npos && item.substr(0, equals) == name)
            return {all.bytes.subspan(at + equals + 1, item.size() - equals - 1), all.offset + at + equals + 1};
        at += item.size() + 1;
    }
    return {};
}

// The name that the owner gave the room is not kept.
Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    const Slice all = message.rest();
    if (!all.text().starts_with("ret=OK")) return done();
    const Slice type = value_of(all, "type");
    claims.matched(Field::brand, "Daikin", type, "basic_info");
    claims.matched(Field::category, "hvac", type, "basic_info");
    std::string version(value_of(all, "ver").text());
    for (char& c : version) c = c == '_' ? '.' : c;
    claims.stated(Field::firmware, version, value_of(all, "ver"), "basic_info");
    const Slice mac_text = value_of(all, "mac");
    const std::optional<Mac> mac = Mac::parse(mac_text.text());
    if (mac && mac->known() && !mac->group() && flow.sender.ip.known()) {
        Endpoint station = flow.sender.station();
        station.mac = *mac;
        claims.about(station).stated(Field::address, flow.sender.ip.text(), mac_text, "basic_info");
    }
    return done();
}

constexpr ExampleMessage asked_and_answered[] = {
    {From::Client, {}, "DAIKIN_UDP/common/basic_info"},
    {From::Server,
     {},
     "ret=OK,type=aircon,reg=eu,dst=1,ver=1_14_68,rev=C3FF8A6,pow=1,err=0,location=0,name=%72%6f%6f%6d,icon=0,method=home only,"
     "port=30050,id=,pw=,lpw_flag=0,adp_kind=3,pv=3.20,cpv=3,mac=00005E005314,ssid=,adp_mode=run"}};
constexpr std::string_view answered_claims[] = {"server brand=Daikin", "server category=hvac", "server firmware=1.14.68",
                                                "server-mac address=192.0.2.20"};
constexpr ExampleMessage asked[] = {{From::Client, {}, "DAIKIN_UDP/common/basic_info"}};
constexpr Example examples[] = {
    {"an adaptor answers", Layer::Udp, 30050, asked_and_answered, answered_claims},
    {"the question names nobody", Layer::Udp, 30050, asked, {}},
};
constexpr std::uint16_t ports[] = {30050, 30000};

}  // namespace

Decoder daikin() {
    Decoder decoder;
    decoder.name = "daikin";
    decoder.title = "Daikin discovery";
    decoder.spec = "unpublished; as spoken by pydaikin (public project)";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("'DAIKIN_U'", "'ret=OK,t'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
