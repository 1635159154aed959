// Browser announcements: Windows, Samba and many controllers' operating systems tell the link every few minutes their name, the
// version of their system and a comment (of which only Samba's own is kept). They come as NetBIOS datagrams to a mailslot.
//
//   |type|flags|id 2|source 4|port 2|length 2|offset 2|source name 34|target name 34|SMB transaction|
//   at the transaction's data offset: |opcode|count|period 4|name 16|major|minor|kind 4|browser 2|55AA|comment|
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/netbios_name.h"

namespace herkomst::decoders {

namespace {

enum Opcode : std::uint8_t { Host = 1, Domain = 12, LocalMaster = 15 };

// RFC 1002 section 4.4.1: a datagram to one, to a group or to all, its first piece (flag 2), with an offset of 0 and two
// encoded names.
bool recognise(ByteCursor message, const Flow&) {
    const std::uint8_t type = message.u8();
    const std::uint8_t flags = message.u8();
    message.skip(10);
    const std::uint16_t offset = message.be16();
    if (type < 0x10 || type > 0x12 || (flags & 0xf0) != 0 || (flags & 2) == 0 || offset != 0) return false;
    const bool source = is_netbios_name(message);
    message.skip(34);
    return source && is_netbios_name(message);
}

// MS-CIFS 2.2.4.33 and 2.2.5.1 (TRANS_MAILSLOT_WRITE): 17 words, of which the 12th and 13th say how much data stands where.
ByteCursor mailslot_data(ByteCursor smb) {
    const ByteCursor start = smb;
    ByteCursor none = smb;
    none = none.take(0);
    if (smb.be32() != 0xff534d42 || smb.u8() != 0x25) return none;
    smb.skip(27);
    if (smb.u8() < 17) return none;
    smb.skip(22);
    const std::uint16_t size = smb.le16();
    const std::uint16_t at = smb.le16();
    smb.skip(10);
    if (!smb.ok() || at < 32) return none;
    constexpr std::string_view slot = "\\MAILSLOT\\BROWSE";
    if (!starts_with_ignoring_case(smb.text_ahead(), slot)) return none;
    ByteCursor data = start;
    data.skip(at);
    return data.take(size);
}

Slice text_before_zero(ByteCursor& from, std::size_t room) {
    const Slice all = from.bytes(room);
    const std::size_t end = all.text().find('\0');
    return end == std::string_view::npos ? all : Slice{all.bytes.first(end), all.offset};
}

// MS-BRWS section 2.2.1 (host), 2.2.6 (domain), 2.2.10 (local master). Kinds: 8 and 10 are domain controllers, 800 is Unix
// (Samba), 1000 NT, 2000 Windows for Workgroups, 400000 Windows 95 and its kin. Samba announces a version that is not its own.
void announcement(ByteCursor data, Claims& claims) {
    const std::uint8_t opcode = data.u8();
    if (opcode != Host && opcode != LocalMaster && opcode != Domain) return;
    data.skip(5);
    const Slice name = text_before_zero(data, 16);
    const ByteCursor version_at = data;
    const unsigned major = data.u8();
    const unsigned minor = data.u8();
    const Slice version = data.since(version_at);
    const ByteCursor kind_at = data;
    const std::uint32_t kind = data.le32();
    const Slice kind_place = data.since(kind_at);
    data.skip(4);
    const Slice comment = text_before_zero(data, data.left());
    if (!data.ok() || !printable_ascii(name.text())) return;
    if (opcode == Domain) {  // a group's name; the comment is the name of who announces it
        claims.stated(Field::hostname, comment, "domain_master");
        return;
    }
    claims.stated(Field::hostname, name, "server_name");
    // People write there whose machine it is; Samba, what it is.
    if (comment.text().find("Samba") != std::string_view::npos) claims.stated(Field::description, comment, "comment");
    const std::string number = std::to_string(major) + "." + std::to_string(minor);
    const bool windows = (kind & 0x402000U) != 0 || (kind & 0x1000U) != 0;
    if (windows && (kind & 0x800U) == 0) {
        claims.stated(Field::os, ((kind & 0x1000U) != 0 ? "Windows NT " : "Windows ") + number, version, "version");
    } else {
        claims.stated(Field::software, "LAN Manager " + number, version, "version");
    }
    if ((kind & 0x18U) != 0) claims.stated(Field::role, "domain-controller", kind_place, "server_type");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    message.skip(4);
    const Slice source = message.bytes(4);
    message.skip(6);
    const NetbiosName from = read_netbios_name(message);
    read_netbios_name(message);
    if (!message.ok()) return done();
    // Something in between (a router, a distribution server) may send other machines' datagrams on.
    if (IpAddress::v4(source.bytes.data()) != flow.sender.ip) return done();
    if (from.is_host()) claims.stated(Field::hostname, from.name, from.place, "source_name");
    if (message.left() < 70) return done();
    announcement(mailslot_data(message), claims);
    return done();
}

constexpr ExampleMessage host[] = {{From::Client,
                                    "110a0007c000020a008a00c70000204549454e454a4444434143414341434143414341434143414341434143"
                                    "41414100204641454d4542454f46454341434143414341434143414341434143414341424e00ff534d422500"
                                    "00000000000000000000000000000000000000000000000000001100002d000000000000000000e803000000"
                                    "00000000002d00560003000100010002003e005c4d41494c534c4f545c42524f57534500010180fc0a00484d"
                                    "49330000000000000000000000000601031000000f0155aa426f696c657220686f75736500",
                                    {}}};
constexpr std::string_view host_claims[] = {"client hostname=HMI3", "client os=Windows NT 6.1"};
constexpr ExampleMessage samba[] = {{From::Client,
                                     "110a0007c000020a008a00c0000020454f454246444442434143414341434143414341434143414341434143"
                                     "41434100204641454d4542454f46454341434143414341434143414341434143414341424e00ff534d422500"
                                     "000000000000000000000000000000000000000000000000000011000026000000000000000000e803000000"
                                     "000000000026005600030001000100020037005c4d41494c534c4f545c42524f575345000f0180fc0a004e41"
                                     "533100000000000000000000000004090b9a80000f0155aa53616d626100",
                                     {}}};
constexpr std::string_view samba_claims[] = {"client hostname=NAS1", "client description=Samba",
                                             "client software=LAN Manager 4.9", "client role=domain-controller"};
constexpr ExampleMessage domain[] = {{From::Client,
                                      "110a0007c000020a008a00bf0000204549454e454a4444434143414341434143414341434143414341434143"
                                      "41414100204641454d4542454f46454341434143414341434143414341434143414341424e00ff534d422500"
                                      "000000000000000000000000000000000000000000000000000011000025000000000000000000e803000000"
                                      "000000000025005600030001000100020036005c4d41494c534c4f545c42524f575345000c0180fc0a00504c"
                                      "414e540000000000000000000000030a001000800f0155aa484d493300",
                                      {}}};
constexpr std::string_view domain_claims[] = {"client hostname=HMI3"};
constexpr ExampleMessage person[] = {{From::Client,
                                      "110a0007c000020a008a00a70000204648454a454d45494546454d454e454a454f4542434143414341434143"
                                      "41414400204641454d4542454f46454341434143414341434143414341434143414341424e00ff534d422500"
                                      "00000000000000000000000000000000000000000000000000001100000d000000000000000000e803000000"
                                      "00000000000d00560003000100010002001e005c4d41494c534c4f545c42524f57534500020057494c48454c"
                                      "4d494e4100",
                                      {}}};
constexpr Example examples[] = {
    {"a machine announces itself", Layer::Udp, 138, host, host_claims},
    {"a Unix server that is a domain's controller; its version is not its system's", Layer::Udp, 138, samba, samba_claims},
    {"a domain is announced by its master", Layer::Udp, 138, domain, domain_claims},
    {"whoever is logged on sends something", Layer::Udp, 138, person, {}},
};
constexpr std::uint16_t ports[] = {138};

}  // namespace

Decoder smb_browser() {
    Decoder decoder;
    decoder.name = "smb_browser";
    decoder.title = "NetBIOS datagrams, browser announcements";
    decoder.spec = "RFC 1002 section 4.4; MS-BRWS section 2.2; MS-CIFS section 2.2.5.1";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("1? 0?");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
