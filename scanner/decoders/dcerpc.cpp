// DCE/RPC over TCP, on which Windows' management and OPC Classic (DCOM) stand: a server's challenge names it, and which
// interface a client binds to tells whether plant data are served (OPC DA), or their history (OPC HDA). Calls and their
// contents are skipped unread.
//
//   |05|00 or 01|type|flags|data form 4|length 2|authentication 2|call 4|...; 11 bind, 12 its answer, 14 and 15 the same later
//   bind: |sizes 4|group 4|count 1|0 3| then per context |id 2|transfers 1|0|interface 16|version 4|...
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/ntlm.h"

namespace herkomst::decoders {

namespace {

enum Type : std::uint8_t {
    Request = 0,
    Response = 2,
    Fault = 3,
    Bind = 11,
    BindAnswer = 12,
    BindRefused = 13,
    Alter = 14,
    AlterAnswer = 15,
    Authenticate = 16
};
constexpr std::size_t header_size = 16;
constexpr std::size_t longest_bind = 8 * 1024;

bool is_type(std::uint8_t type) { return type == Request || type == Response || type == Fault || (type >= Bind && type <= 19); }

// DCE 1.1 RPC (C706) section 12.6.3.1: version 5, minor 0 or 1, a type of connections, ASCII and IEEE numbers, a length of at
// least the header and no more authentication than fits. MS-RPCE section 2.2.2.
bool recognise(ByteCursor message, const Flow&) {
    if (message.u8() != 5 || message.u8() > 1) return false;
    const std::uint8_t type = message.u8();
    message.skip(1);
    const std::uint8_t form = message.u8();
    const bool plain = message.be24() == 0;
    const std::uint16_t length = form == 0x10 ? message.le16() : message.be16();
    const std::uint16_t authentication = form == 0x10 ? message.le16() : message.be16();
    message.skip(4);
    return message.ok() && is_type(type) && (form == 0x10 || form == 0) && plain && length >= header_size &&
           authentication + header_size <= length;
}

// OPC Data Access 3.0 section 6 (opcda.idl): 39C13A4D-011E-11D0-9675-0020AFD8ADB3 is IOPCServer; the numbers up to 39C13A72 are
// its groups, items and browsing. OPC Historical Data Access 1.2 (opchda.idl): 1F1217B0-DEE0-11D2-A5E5-000086339399 and the
// eight behind it are a historian's. 39C13A70 and 1F1217B9 are the client's: there the server calls.
std::string_view opc_interface(const Slice& id) {
    if (id.size() != 16) return {};
    const std::string_view tail = id.text().substr(4);
    const std::string_view head = id.text().substr(1, 3);
    const std::uint8_t low = id.bytes[0];
    constexpr std::string_view data_access("\x1e\x01\xd0\x11\x96\x75\x00\x20\xaf\xd8\xad\xb3", 12);
    constexpr std::string_view history("\xe0\xde\xd2\x11\xa5\xe5\x00\x00\x86\x33\x93\x99", 12);
    if (head == "\x3a\xc1\x39" && tail == data_access && low >= 0x4d && low <= 0x72 && low != 0x70) return "opc da server";
    if (head == "\x17\x12\x1f" && tail == history && low >= 0xb0 && low <= 0xb8) return "opc hda server";
    return {};
}

// C706 section 12.6.4.3
void bind(ByteCursor body, const Flow& flow, Claims& claims) {
    body.skip(8);
    const std::size_t count = body.u8();
    body.skip(3);
    for (std::size_t i = 0; i < count && !body.done(); ++i) {
        body.skip(2);
        const std::size_t transfers = body.u8();
        body.skip(1);
        const Slice id = body.bytes(16);
        body.skip(4 + transfers * 20);
        const std::string_view what = opc_interface(id);
        if (!what.empty()) claims.about(flow.receiver).stated(Field::role, what, id, "interface");
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (message.left() < header_size) return flow.ended ? done() : need(header_size);
    if (!recognise(message, flow)) return not_this();
    const std::uint8_t type = message.peek(2);
    const bool little = message.peek(4) == 0x10;
    const std::size_t length = little ? message.peek_le16(8) : message.peek_be16(8);
    const bool binds = type == Bind || type == Alter;
    const bool answers = type == BindAnswer || type == AlterAnswer;
    if ((!binds && !answers) || length > longest_bind || !little) return done(length);
    if (message.left() < length) return flow.ended ? done() : need(length);
    Reading reading;
    ByteCursor packet = whole(message.bytes(length), reading);
    packet.skip(header_size);
    if (binds && flow.from_opener) bind(packet, flow, claims);
    if (answers && flow.from_server()) observe_ntlm_challenge(find_ntlm_challenge(packet), nullptr, claims);
    return done(length);
}

constexpr ExampleMessage opc[] = {{From::Client,
                                   "05000b03100000004800000001000000d016d0160000000001000000000001004d3ac1391e01d01196750020"
                                   "afd8adb300000000045d888aeb1cc9119fe808002b10486002000000",
                                   {}},
                                  {From::Server,
                                   "05000c0310000000fe00ba0001000000d016d0160700000004003133350000000100000000000000045d888a"
                                   "eb1cc9119fe808002b104860020000000a020000000000004e544c4d53535000020000000a000a0038000000"
                                   "158289e20102030405060708000000000000000078007800420000000a007c4f0000000f50004c0041004e00"
                                   "540002000a0050004c0041004e00540001000c0048004900530054004f00520004001a0070006c0061006e00"
                                   "74002e006500780061006d0070006c0065000300280068006900730074006f0072002e0070006c0061006e00"
                                   "74002e006500780061006d0070006c00650007000800000000000000000000000000",
                                   {}},
                                  {From::Client,
                                   "05001003100000003200160001000000202020200a020000000000004e544c4d535350000300000077696c68"
                                   "656c6d696e61",
                                   {}}};
constexpr std::string_view opc_claims[] = {"server role=opc da server", "server hostname=HISTOR",
                                           "server dns_name=histor.plant.example", "server realm=plant.example",
                                           "server os=Windows 10.0.20348"};
constexpr ExampleMessage history[] = {
    {From::Client,
     "05000b03100000004800000001000000d016d016000000000100000000000100b217121fe0ded211a5e50000"
     "8633939900000000045d888aeb1cc9119fe808002b10486002000000",
     {}}};
constexpr std::string_view history_claims[] = {"server role=opc hda server"};
// The server calls back to its client, which is none.
constexpr ExampleMessage called_back[] = {
    {From::Client,
     "05000b03100000004800000001000000d016d0160000000001000000000001007039c1391e01d01196750020"
     "afd8adb300000000045d888aeb1cc9119fe808002b10486002000000",
     {}}};
constexpr ExampleMessage call[] = {{From::Client, "05000003100000002200000001000000000000000000000077696c68656c6d696e61", {}}};
constexpr Example examples[] = {
    {"a client binds to an OPC server, which names itself", Layer::Tcp, 135, opc, opc_claims},
    {"a client binds to a historian", Layer::Tcp, 49152, history, history_claims},
    {"what a server calls at its client makes that no server", Layer::Tcp, 49152, called_back, {}},
    {"a call says nothing", Layer::Tcp, 49152, call, {}},
};
constexpr std::uint16_t ports[] = {135};

}  // namespace

Decoder dcerpc() {
    Decoder decoder;
    decoder.name = "dcerpc";
    decoder.title = "DCE/RPC over TCP (DCOM, OPC Classic)";
    decoder.spec = "DCE 1.1 RPC (C706) chapter 12; MS-RPCE; OPC DA 3.0; OPC HDA 1.2";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("05 00", "05 01");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
