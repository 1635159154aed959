// What is planted where protocols carry people, besides the decoders' own examples, of which many have such a name in them:
// each is an example (decoders/decoder.h) of the decoder of that name, with all that may be claimed of it. And of whom no
// protocol here speaks: the decoders that have no place for a person, so that a new one is put into one list or the other.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "decoders/decoder.h"

namespace herkomst::privacy {

struct Planting {
    std::string_view decoder;
    Example example;
};

namespace planted {

constexpr ExampleMessage bacnet[] = {
    {From::Server, "810b001401001000c4020004d22205c49103212a", {}},
    {From::Server, "810b0021010010050c020004d229003d100063616c6c2077696c68656c6d696e61", {}},
    {From::Client, "810a002801040005050009011c0000000129003e19013f4d0b0077696c68656c6d696e615e19025f", {}},
};
constexpr std::string_view bacnet_claims[] = {"server device_instance=1234", "server vendor_id=bacnet:42"};
constexpr ExampleMessage dlms_cosem[] = {
    {From::Client,
     "000100100001003a6038a1090607608574050801018a0207808b0760857405080201ac0c800a77696c68656c6d696e61be10040e"
     "01000000065f1f0400007016ffff",
     {}},
    {From::Server, "00010001001000256123a109060760857405080103a203020100a305a103020100a40a040845584d0102030405", {}},
};
constexpr std::string_view dlms_cosem_claims[] = {"server vendor_id=flag:5901", "server unique_id=dlms:45584d0102030405"};
constexpr ExampleMessage dns[] = {
    {From::Client, "12340100000100000000000005706c616e74076578616d706c65000006", {}},
    {From::Server,
     "12348180000100010000000005706c616e74076578616d706c650000060001c00c000600010000003c0027036e7331c00c0a7769"
     "6c68656c6d696e61c00c0000000100000002000000030000000400000005",
     {}},
};
constexpr ExampleMessage hart_ip[] = {
    {From::Client, "010000000001000d0100004e20", {}},
    {From::Server, "010100000002000d0100004e20", {}},
    {From::Client, "010003000003000d0280000082", {}},
    {From::Server, "0101030000040025068000180000fee2f10507030c100000abcd050500010000e200e20108", {}},
    {From::Server, "010103000007002b86a2f100abcd0c1a00005c930814c34938180304c3138208208208208208208208200b", {}},
};
constexpr std::string_view hart_ip_claims[] = {"server vendor_id=hart:226", "server device_type=hart:58097",
                                               "server serial=0x00abcd", "server firmware=12", "server hardware=2"};
constexpr ExampleMessage ipmi[] = {
    {From::Client, "0600ff06000011be80010000", {}},
    {From::Server, "0600ff06000011be40010010000011be000000008100000000000000", {}},
    {From::Client, "0600ff07000000000000000000182018c88108390077696c68656c6d696e6100000000000014", {}},
    {From::Client,
     "0600ff070612000000000000000026000000000001000000000102030405060708090a0b0c0d0e0f1400000a77696c68656c6d69"
     "6e61",
     {}},
};
constexpr std::string_view ipmi_claims[] = {"server role=ipmi controller"};
constexpr ExampleMessage isakmp[] = {
    {From::Client,
     "010203040506070811121314151617180510040000000000000000500d000020031101f477696c68656c6d696e6140706c616e74"
     "2e6578616d706c650000001412f5f28c457168a9702d9fe274cc0100",
     {}},
};
constexpr std::string_view isakmp_claims[] = {"client software=Cisco Unity"};
constexpr ExampleMessage l2tp[] = {
    {From::Client,
     "c8020043000000000000000080080000000000018008000000020100800a0000000300000003800d000000076761746577617900"
     "10000000084578616d706c65204f53",
     {}},
    {From::Client,
     "c80200460001000000010001800800000000000a80080000000e0001800a0000000f000000018010000000163036313233343536"
     "373880100000001777696c68656c6d696e61",
     {}},
    {From::Client,
     "c80200360001000000010001800800000000000c800a000000180000fa0080080000001d000280100000001e77696c68656c6d69"
     "6e61",
     {}},
};
constexpr std::string_view l2tp_claims[] = {"client hostname=gateway", "client vendor_class=Example OS"};
constexpr ExampleMessage lldp[] = {
    {From::Client,
     "02070400005e0053010406056574683031060200780a0373773108126465736b206f662077696c68656c6d696e61fe150012bb03"
     "020f014e4c170a77696c68656c6d696e610000",
     {}},
};
constexpr std::string_view lldp_claims[] = {"client unique_id=lldp-chassis:00:00:5e:00:53:01", "client hostname=sw1"};
constexpr ExampleMessage mdns[] = {
    {From::Client,
     "0000840000000001000000000a77696c68656c6d696e61105f73706f746966792d636f6e6e656374045f746370056c6f63616c00"
     "001080010000007800150b56455253494f4e3d312e300843506174683d2f78",
     {}},
};
constexpr std::string_view mdns_claims[] = {"client service=_spotify-connect._tcp.local"};
constexpr ExampleMessage opcua[] = {
    {From::Client,
     "48454c46390000000000000000000100000001000000000000000000190000006f70632e7463703a2f2f3139322e302e322e3230"
     "3a34383430",
     {}},
    {From::Server, "41434b461c0000000000000000000100000001000000000000000000", {}},
    {From::Client,
     "4f504e4684000000070000002f000000687474703a2f2f6f7063666f756e646174696f6e2e6f72672f55412f5365637572697479"
     "506f6c696379234e6f6e65ffffffffffffffff01000000010000000100be01000000000000000000000100000000000000ffffff"
     "ff88130000000000000000000000000001000000ffffffff60ea0000",
     {}},
    {From::Client,
     "4d5347467e000000070000000100000035000000040000000100d301000000000000000000000100000000000000ffffffff8813"
     "0000000000ffffffffffffffffffffffffffffffff01004401012400000004000000757365720a00000077696c68656c6d696e61"
     "0600000067656865696dffffffffffffffffffffffff",
     {}},
};
constexpr ExampleMessage pptp[] = {
    {From::Client,
     "009c00011a2b3c4d0001000001000000000000030000000300000001676174657761790000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000004578616d706c650000000000"
     "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
     {}},
    {From::Client,
     "00dc00011a2b3c4d00090000000100010000000100000001000a000a303631323334353637380000000000000000000000000000"
     "00000000000000000000000000000000000000000000000000000000000000000000000000000000303631323334353637380000"
     "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "77696c68656c6d696e61000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000",
     {}},
};
constexpr std::string_view pptp_claims[] = {"client hostname=gateway", "client vendor_class=Example"};
constexpr ExampleMessage snmp[] = {
    {From::Server,
     "30818b020103300d020101020205c00401000201030431302f040b80007ed90470756d702d37020101020101040a77696c68656c"
     "6d696e61040c00000000000000000000000004003044040b80007ed90470756d702d37041277696c68656c6d696e612d636f6e74"
     "657874a2210201010201000201003016301406082b0601020101050004087377697463682d39",
     {}},
};
constexpr std::string_view snmp_claims[] = {"server unique_id=engine:80007ed90470756d702d37", "server vendor_id=pen:32473",
                                            "server hostname=switch-9"};
constexpr ExampleMessage tacacs[] = {
    {From::Client, "c00101050102030400000012010101010a00000077696c68656c6d696e61", {}},
};
constexpr ExampleMessage tls[] = {
    {From::Client,
     "16030100500100004c03030000000000000000000000000000000000000000000000000000000000000000000004c02bc02f0100"
     "001f0000001b001900001677696c68656c6d696e612e6578616d706c652e6f7267",
     {}},
};
constexpr std::string_view tls_claims[] = {"client stack=ja4:t12d020100_b6f57f3be927_000000000000"};
constexpr ExampleMessage daikin[] = {
    {From::Client, {}, "DAIKIN_UDP/common/basic_info"},
    {From::Server,
     {},
     "ret=OK,type=aircon,reg=eu,dst=1,ver=1_14_68,rev=C3FF8A6,pow=1,err=0,location=0,name=wilhelmina,icon=0,method=home only,"
     "port=30050,id=wilhelmina,pw=geheim,lpw_flag=0,adp_kind=3,pv=3.20,cpv=3,mac=00005E005314,ssid=wilhelmina,adp_mode=run"}};
constexpr std::string_view daikin_claims[] = {"server brand=Daikin", "server category=hvac", "server firmware=1.14.68",
                                              "server-mac address=192.0.2.20"};
constexpr ExampleMessage fox[] = {
    {From::Client, {}, "fox a 1 -1 fox hello\n{\nfox.version=s:1.0\nid=i:1\nhostName=s:ws-example\n};;\n"},
    {From::Client, {}, "fox a 1 -1 fox authenticate\n{\nusername=s:wilhelmina\ncredentials=s:geheim\n};;\n"}};
constexpr std::string_view fox_claims[] = {"client hostname=ws-example"};
constexpr ExampleMessage mms[] = {
    {From::Client, "0300001611e00000000100c1020001c2020001c0010a", {}},
    {From::Server, "0300001611d00000000100c1020001c2020001c0010a", {}},
    {From::Client,
     "0300004902f0800d40c13e313ca003800101a235a411300f0201010604520100013004060251016120301e020101a0196017a107"
     "060528ca220203ac0c800a77696c68656c6d696e61",
     {}}};

constexpr ExampleMessage dahua_cgi[] = {
    {From::Client,
     {},
     "GET /cgi-bin/magicBox.cgi?action=getDeviceClass HTTP/1.1\r\nHost: 192.0.2.20\r\nAuthorization: Digest "
     "username=\"wilhelmina\", realm=\"Login\"\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n\r\nclass=IPC\r\n"},
};
constexpr std::string_view dahua_cgi_claims[] = {"server category=camera"};
constexpr ExampleMessage sungrow_winet[] = {
    {From::Client,
     {},
     "GET /ws/home/overview HTTP/1.1\r\nHost: 192.0.2.20:8082\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
     "Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\nSec-WebSocket-Version: 13\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
     "Sec-WebSocket-Accept: AAECAwQFBgcICQoLDA0ODxAREhM=\r\n\r\n"},
    {From::Client,
     "81d7000000007b226c616e67223a22656e5f7573222c22746f6b656e223a22222c2273657276696365223a226c6f67696e222c22"
     "706173737764223a2267656865696d222c22757365726e616d65223a2277696c68656c6d696e61227d",
     {}},
    {From::Server,
     "817e00ee7b22726573756c745f636f6465223a312c22726573756c745f6d7367223a2273756363657373222c22726573756c745f"
     "64617461223a7b2273657276696365223a226465766963656c697374222c226c697374223a5b7b226964223a312c226465765f69"
     "64223a312c226465765f74797065223a33352c226465765f736e223a224239393030303030303432222c226465765f6e616d6522"
     "3a2264616b2076616e2077696c68656c6d696e61222c226465765f6d6f64656c223a225348352e305253222c22706f72745f6e61"
     "6d65223a22434f4d31222c226c697374223a5b5d7d5d2c22636f756e74223a317d7d",
     {}},
};
constexpr std::string_view sungrow_winet_claims[] = {
    "server brand=Sungrow",          "server category=datalogger",
    "server[winet/1] brand=Sungrow", "server[winet/1] category=hybrid_inverter",
    "server[winet/1] model=SH5.0RS", "server[winet/1] serial=B9900000042"};
constexpr ExampleMessage vapix[] = {
    {From::Client,
     {},
     "GET /axis-cgi/param.cgi?action=list&group=root.Brand HTTP/1.1\r\nHost: 192.0.2.20\r\nAuthorization: Digest "
     "username=\"wilhelmina\", realm=\"AXIS\"\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nroot.Brand.Brand=AXIS\r\n"
     "root.Brand.ProdFullName=AXIS P0000 Network Camera\r\nroot.Brand.ProdNbr=P0000\r\n"
     "root.Brand.ProdType=Network Camera\r\nroot.Name=deur van wilhelmina\r\n"},
};
constexpr std::string_view vapix_claims[] = {"server brand=AXIS", "server product=AXIS P0000 Network Camera",
                                             "server model=P0000", "server device_type=Network Camera"};

}  // namespace planted

inline constexpr std::array plantings = {
    Planting{"dahua_cgi", {"who asks a camera", Layer::Tcp, 80, planted::dahua_cgi, planted::dahua_cgi_claims}},
    Planting{
        "sungrow_winet",
        {"who signs in, and what people call a roof", Layer::Tcp, 8082, planted::sungrow_winet, planted::sungrow_winet_claims}},
    Planting{"vapix", {"who asks a camera, and what people call it", Layer::Tcp, 80, planted::vapix, planted::vapix_claims}},
    Planting{"bacnet",
             {"a text message to people, and who acknowledged an alarm", Layer::Udp, 47808, planted::bacnet,
              planted::bacnet_claims}},
    Planting{"daikin",
             {"what people call an appliance, its network and their account", Layer::Udp, 30050, planted::daikin,
              planted::daikin_claims}},
    Planting{"dlms_cosem",
             {"the password of an association", Layer::Tcp, 4059, planted::dlms_cosem, planted::dlms_cosem_claims}},
    Planting{"dns", {"the mailbox of a zone's keeper", Layer::Udp, 53, planted::dns, {}}},
    Planting{"fox", {"who logs in", Layer::Tcp, 1911, planted::fox, planted::fox_claims}},
    Planting{"hart_ip",
             {"the message that people leave in an instrument", Layer::Tcp, 5094, planted::hart_ip, planted::hart_ip_claims}},
    Planting{"ipmi",
             {"the account of a session, in both ways to open one", Layer::Udp, 623, planted::ipmi, planted::ipmi_claims}},
    Planting{"isakmp", {"the identity of an aggressive exchange", Layer::Udp, 500, planted::isakmp, planted::isakmp_claims}},
    Planting{"l2tp", {"the number and the account behind a call", Layer::Udp, 1701, planted::l2tp, planted::l2tp_claims}},
    Planting{
        "lldp",
        {"whose desk a port is, and a civic address with a name", Layer::Link, 0x88cc, planted::lldp, planted::lldp_claims}},
    Planting{"mdns", {"what people call a loudspeaker", Layer::Udp, 5353, planted::mdns, planted::mdns_claims}},
    Planting{"mms", {"the password of an association", Layer::Tcp, 102, planted::mms, {}}},
    Planting{"opcua", {"a user's name and password in clear", Layer::Tcp, 4840, planted::opcua, {}}},
    Planting{"pptp", {"the numbers and the name of a call", Layer::Tcp, 1723, planted::pptp, planted::pptp_claims}},
    Planting{"snmp", {"the user and the context of version 3", Layer::Udp, 161, planted::snmp, planted::snmp_claims}},
    Planting{"tacacs", {"an account that is sent unhidden", Layer::Tcp, 49, planted::tacacs, {}}},
    Planting{"tls", {"the name that a client asks for", Layer::Tcp, 443, planted::tls, planted::tls_claims}},
};

// Planted in the capture of capture.h, in conversations of several protocols.
inline constexpr std::string_view elsewhere[] = {"dhcp", "dns", "http", "ocpp", "snmp", "ssdp"};

struct Nobody {
    std::string_view what_there_is;
    std::span<const std::string_view> decoders;
};
inline constexpr std::string_view nobody_0[] = {"arp",
                                                "bsap",
                                                "cc_link_ie_field_basic",
                                                "echonet_lite",
                                                "egd",
                                                "eigrp",
                                                "ethercat",
                                                "ge_srtp",
                                                "genisys",
                                                "goose",
                                                "homeplug_av",
                                                "hsr_prp",

                                                "iec104",
                                                "igmp",
                                                "lacp",
                                                "lantronix",
                                                "melsec",
                                                "mrp",
                                                "ndp",
                                                "ntp",
                                                "omron_fins",
                                                "pcom",
                                                "powerlink",
                                                "profinet",
                                                "profinet_io",
                                                "r_goose",
                                                "roc_plus",
                                                "s7comm_plus",
                                                "sampled_values",
                                                "sma_speedwire",
                                                "sonmp",
                                                "stp",
                                                "synchrophasor",
                                                "tailscale",
                                                "teamviewer",
                                                "tristation",
                                                "v2g_sdp",
                                                "wireguard",
                                                "zerotier"};
inline constexpr std::string_view nobody_1[] = {
    "ads",       "atg",     "c1222",       "capwap",           "cdp",      "codesys", "dahua",        "dnp3",
    "edp",       "enphase", "ethernet_ip", "goodwe",           "gree",     "growatt", "hiflying",     "keba_udp",
    "knxnet_ip", "midea",   "mndp",        "modbus",           "moxa",     "pcworx",  "proconos",     "red_lion",
    "s7comm",    "sadp",    "solaredge",   "solaredge_setapp", "solarman", "tuya",    "goodwe_cloud", "wago_web"};
inline constexpr std::string_view nobody_2[] = {"bacnet_sc", "baichuan", "ship", "ssh"};
inline constexpr Nobody nobody[] = {
    {"numbers, addresses and states that machines send each other", nobody_0},
    {"plates and names of the device itself, which stay its own", nobody_1},
    {"who logs in goes enciphered, or after TLS", nobody_2},
};

}  // namespace herkomst::privacy
