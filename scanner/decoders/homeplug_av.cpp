// HomePlug AV and Green PHY: network over power lines; between a charging station and a car it runs on the charging cable, and
// its messages tell which of the two is the station. A modem says which firmware it runs, and so who made its chip.
//
//   |version|type 2 LE|[fragments 2]|[OUI 3]|...      station (ISO 15118-3): 6065 parameters, 606e attenuation, 607d match
//   Qualcomm a001: |status|device|length|version 64|upgradable|
#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::uint32_t qualcomm = 0x00b052, st_iotecha = 0x0080e1;
enum Type : std::uint16_t {
    SlacParameters = 0x6064,
    SlacParametersOf = 0x6065,
    SlacMatch = 0x607c,
    SlacMatchOf = 0x607d,
    VersionOf = 0xa001,
};

struct Head {
    std::uint16_t type = 0;
    std::uint32_t oui = 0;
    bool good = false;
};

// HomePlug AV specification section 11.1: version 0 or 1; a message between stations (6000 to 60bf), from version 1 on with its
// fragments, of which one in one piece has none; or a maker's, which names its OUI: one of the two that are seen.
Head read_head(ByteCursor& message) {
    Head out;
    const std::uint8_t version = message.u8();
    out.type = message.le16();
    const bool maker = out.type >= 0xa000 && out.type < 0xc000;
    const bool stations = out.type >= 0x6000 && out.type < 0x60c0;
    const std::uint16_t fragments = version > 0 ? message.be16() : std::uint16_t{0};
    if (maker) out.oui = message.be24();
    out.good = message.ok() && version <= 1 && fragments == 0 &&
               (maker ? out.oui == qualcomm || out.oui == st_iotecha : stations && version == 1);
    return out;
}

bool recognise(ByteCursor message, const Flow& flow) {
    if (flow.ethertype != 0x88e1) return false;
    const Head head = read_head(message);
    return head.good && message.left() >= 8;
}

// HomePlug Green PHY section 11.5: the station answers; application and security type are 0, and it says whom the sound is for.
bool is_station(std::uint16_t type, ByteCursor body) {
    if (type == SlacParametersOf) {
        body.skip(6);
        const std::uint8_t sounds = body.u8();
        body.skip(8);
        return sounds != 0 && sounds < 64 && body.be16() == 0 && body.be64() != 0;
    }
    return type == SlacMatchOf && body.be16() == 0 && body.le16() == 0x0056;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    const Slice all = ByteCursor(message).rest();
    const Head head = read_head(message);
    if (flow.ethertype != 0x88e1 || !head.good) return not_this();
    const Claims own = claims.about(flow.sender.station());
    if (head.type == VersionOf && head.oui == qualcomm) {
        const std::uint8_t status = message.u8();
        message.skip(1);
        const std::size_t length = message.u8();
        const Slice field = message.bytes(64);
        if (!message.ok() || status != 0 || length == 0 || length > 64) return done();
        Slice text{field.bytes.first(length), field.offset};
        const std::size_t end = text.text().find('\0');
        if (end != std::string_view::npos) text.bytes = text.bytes.first(end);
        Claims modem = own;
        modem.matched(Field::module_maker, "Qualcomm", text, "version");
        modem.stated(Field::software, text, "version");
        return done();
    }
    Reading aside;
    Slice body = message.rest();
    if (!is_station(head.type, whole(body, aside)) || !aside.ok) return done();
    Claims station = own;
    station.stated(Field::role, "charging station (SLAC)", all, "slac");
    station.matched(Field::category, "ev_charger", all, "slac");
    return done();
}

constexpr ExampleMessage charging[] = {
    {From::Client, "01 6460 0000 | 00 00 a1a2a3a4a5a6a7a8 | 000000000000", {}},
    {From::Server, "01 6560 0000 | ffffffffffff 0a 06 01 00005e00530a 00 00 a1a2a3a4a5a6a7a8 | 000000", {}}};
constexpr std::string_view charging_claims[] = {"server role=charging station (SLAC)", "server category=ev_charger"};
constexpr ExampleMessage version[] = {{From::Client, "00 00a0 00b052 | 0000000000000000", {}},
                                      {From::Server,
                                       "00 01a0 00b052 | 00 22 0d 4d41432d4558414d504c4500ff "
                                       "0000000000000000000000000000000000000000000000000000000000000000000000"
                                       "00000000000000000000000000000000 00",
                                       {}}};
constexpr std::string_view version_claims[] = {"server module_maker=Qualcomm", "server software=MAC-EXAMPLE"};
constexpr Example examples[] = {
    {"a charging station answers a car, of which nothing is kept", Layer::Link, 0x88e1, charging, charging_claims},
    {"a modem tells its firmware", Layer::Link, 0x88e1, version, version_claims},
};
constexpr std::uint16_t ethertypes[] = {0x88e1};

}  // namespace

Decoder homeplug_av() {
    Decoder decoder;
    decoder.name = "homeplug_av";
    decoder.title = "HomePlug AV, Green PHY";
    decoder.spec = "HomePlug AV section 11; ISO 15118-3 annex A";
    decoder.layers = only(Layer::Link);
    decoder.ports = ethertypes;
    decoder.starts = Starts("00 ?? a?", "00 ?? b?", "01 ?? a? 00 00", "01 ?? b? 00 00", "01 ?? 60 00 00");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
