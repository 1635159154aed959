// SMB: a server's challenge holds its own names and Windows' version; in SMB1 both sides say in clear which system and which
// program they are. On NetBIOS sessions (port 139) the caller names itself first. Account names, shares, paths and file
// contents are not read.
//
//   NetBIOS session: |type|length 3|, type 0 a message, 0x81 a request: |called name 34|calling name 34|
//   SMB1: |FF "SMB"|command|status 4|flags|flags2 2|... 32 bytes|words|word ...|byte count 2|bytes ...|
//   SMB2: |FE "SMB"|0040|credit 2|status 4|command 2|credits 2|flags 4|next 4|... 64 bytes|body ...|
#include <array>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/netbios_name.h"
#include "decoders/ntlm.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t session_header = 4;
constexpr std::size_t longest_read = 16 * 1024;

enum SessionType : std::uint8_t { Message = 0, Request = 0x81, Positive = 0x82, Negative = 0x83, KeepAlive = 0x85 };
enum Command : std::uint8_t { Negotiate = 0x72, SessionSetup = 0x73 };

// RFC 1002 section 4.3.2: two encoded names follow the header of a session request.
bool is_session_request(ByteCursor message) {
    if (message.be32() != 0x81000044) return false;
    const bool called = is_netbios_name(message);
    message.skip(34);
    return called && is_netbios_name(message);
}

// MS-SMB2 section 2.2.1: structure size 64, nineteen commands, a credit charge, no more than a flag of each kind.
// MS-CIFS section 2.2.3.1: the signature, a command that exists, its words and bytes within the message.
// RFC 1002 section 4.3.1: type 0 and the length stand before either; 445 keeps them (MS-SMB2 section 2.1).
bool recognise(ByteCursor message, const Flow&) {
    if (message.peek() == Request) return is_session_request(message);
    if (message.u8() != Message) return false;
    const std::uint32_t length = message.be24();
    const std::uint32_t signature = message.be32();
    if (signature == 0xfe534d42) {
        if (length < 64 || message.le16() != 64) return false;
        message.skip(6);
        return message.le16() <= 0x12;
    }
    if (signature == 0xfd534d42) return length >= 52 && message.left() >= 16;  // MS-SMB2 section 2.2.41: encrypted
    if (signature != 0xff534d42 || length < 35) return false;
    const std::uint8_t command = message.u8();
    message.skip(4);
    const std::uint8_t flags = message.u8();
    message.skip(18);
    message.skip(4);
    const std::uint8_t words = message.u8();
    return message.ok() && command != 0xff && (flags & 0x44) == 0 && words * 2U + 35U <= length;
}

// One text of the SMB1 bytes, up to its zero: in two-byte characters these begin at even places of the message.
class Texts {
  public:
    Texts(ByteCursor bytes, std::size_t header_at, bool wide) : bytes_(bytes), header_at_(header_at), wide_(wide) {}
    struct Text {
        Slice place;
        std::string value;
    };
    Text next() {
        if (wide_ && (bytes_.offset() - header_at_) % 2 != 0 && !bytes_.done()) bytes_.skip(1);
        const ByteCursor start = bytes_;
        while (!bytes_.done()) {
            const bool end = wide_ ? bytes_.peek_be16() == 0 : bytes_.peek() == 0;
            if (end || (wide_ && bytes_.left() < 2)) break;
            bytes_.skip(wide_ ? 2 : 1);
        }
        const Slice place = bytes_.since(start);
        const std::size_t zeros = wide_ ? 2 : 1;
        bytes_.skip(zeros < bytes_.left() ? zeros : bytes_.left());
        return {place, wide_ ? utf16_text(place) : std::string(place.text())};
    }

  private:
    ByteCursor bytes_;
    std::size_t header_at_;
    bool wide_;
};

void systems(Texts& texts, Claims& claims) {
    const Texts::Text system = texts.next();
    const Texts::Text program = texts.next();
    if (system.value.size() >= 2) claims.stated(Field::os, system.value, system.place, "native_os");
    if (program.value.size() >= 2) claims.stated(Field::software, program.value, program.place, "native_lanman");
}

// MS-CIFS 2.2.4.53, MS-SMB 2.2.4.6: with 12 words a security token, with 13 two passwords and with 10 one and then the account
// and its domain, which are skipped; then the native system and program. The answer has 3 words, or 4 with a token.
void session_setup(ByteCursor words, ByteCursor bytes, std::size_t header_at, bool wide, bool answer, Claims& claims) {
    const std::size_t count = words.left() / 2;
    if (answer) {
        if (count != 3 && count != 4) return;
        words.skip(6);
        if (count == 4) {
            const ByteCursor token = bytes.take(words.le16());
            observe_ntlm_challenge(find_ntlm_challenge(token), nullptr, claims);
        }
        Texts texts(bytes, header_at, wide);
        systems(texts, claims);
        return;
    }
    words.skip(14);
    if (count == 12) {
        bytes.skip(words.le16());
        Texts texts(bytes, header_at, wide);
        systems(texts, claims);
    } else if (count == 13 || count == 10) {
        std::size_t passwords = words.le16();
        if (count == 13) passwords += words.le16();
        bytes.skip(passwords);
        Texts texts(bytes, header_at, wide);
        texts.next();
        texts.next();
        systems(texts, claims);
    }
}

// MS-CIFS 2.2.4.52.2: 17 words; without extended security the bytes are the challenge, the domain and the server's name.
void negotiated(ByteCursor words, ByteCursor bytes, bool wide, Claims& claims) {
    if (words.left() != 34) return;
    words.skip(19);
    const std::uint32_t capabilities = words.le32();
    words.skip(10);
    if ((capabilities & 0x80000000U) != 0) {
        bytes.skip(16);
        observe_ntlm_challenge(find_ntlm_challenge(bytes), nullptr, claims);
        return;
    }
    bytes.skip(words.u8());
    // These texts are not aligned: they begin where they begin.
    Texts texts(bytes, bytes.offset(), wide);
    texts.next();
    const Texts::Text server = texts.next();
    claims.stated(Field::hostname, server.value, server.place, "server_name");
}

void first_version(ByteCursor message, Claims& claims) {
    const std::size_t header_at = message.offset();
    message.skip(4);
    const std::uint8_t command = message.u8();
    message.skip(4);
    const bool answer = (message.u8() & 0x80) != 0;
    const bool wide = (message.le16() & 0x8000) != 0;
    message.skip(20);
    const ByteCursor words = message.take(message.u8() * std::size_t{2});
    const std::size_t size = message.le16();
    const ByteCursor bytes = message.take(size);
    if (!message.ok()) return;
    if (command == SessionSetup) session_setup(words, bytes, header_at, wide, answer, claims);
    if (command == Negotiate && answer) negotiated(words, bytes, wide, claims);
}

// MS-SMB2 section 2.2.6: the answer to a session setup holds a token at an offset from the header.
void second_version(ByteCursor message, Claims& claims) {
    message.skip(12);
    const std::uint16_t command = message.le16();
    message.skip(2);
    const bool answer = (message.le32() & 1) != 0;
    if (command != 1 || !answer) return;
    observe_ntlm_challenge(find_ntlm_challenge(message), nullptr, claims);
}

void session_request(ByteCursor message, Claims& claims) {
    const NetbiosName called = read_netbios_name(message);
    const NetbiosName calling = read_netbios_name(message);
    if (!message.ok() || called.name.empty()) return;
    if (calling.is_host()) claims.stated(Field::hostname, calling.name, calling.place, "calling_name");
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    ByteCursor head = message;
    const std::uint8_t type = head.u8();
    const std::size_t length = head.be24();
    if (!head.ok()) return done();
    if (type >= Positive && type <= KeepAlive && length <= 6) return done(session_header + length);
    if (type == Request) {
        if (!is_session_request(message)) return not_this();
        message.skip(session_header);
        session_request(message.take(length), claims);
        return done(session_header + length);
    }
    if (type != Message || !recognise(message, flow)) return not_this();
    const std::uint8_t version = head.peek();
    const std::uint8_t command = head.peek(version == 0xff ? 4 : 12);
    const bool worth_it = version == 0xff ? command == Negotiate || command == SessionSetup : version == 0xfe && command == 1;
    if (!worth_it || length > longest_read) return done(session_header + length);
    if (head.left() < length) return flow.ended ? done() : need(session_header + length);
    Reading reading;
    const ByteCursor inner = whole(head.bytes(length), reading);
    if (version == 0xff) {
        first_version(inner, claims);
    } else {
        second_version(inner, claims);
    }
    return done(session_header + length);
}

// The names are invented: HMI3 asks PUMP7 of PLANT; an account stands in there that must not come out.
constexpr ExampleMessage first[] = {{From::Client,
                                     "810000442046414646454e464144484341434143414341434143414341434143414341434100204549454e45"
                                     "4a444443414341434143414341434143414341434143414341414100",
                                     {}},
                                    {From::Server, "82000000", {}},
                                    {From::Client,
                                     "0000009cff534d4273000000001807c80000000000000000000000000000fffe000001000dff000000044102"
                                     "000100000000000100000000000000d40000005f0000770069006c00680065006c006d0069006e0061000000"
                                     "50004c0041004e00540000004500780061006d0070006c0065004f005300200035002e003100000045007800"
                                     "61006d0070006c00650020004c0041004e00200035002e0031000000",
                                     {}},
                                    {From::Server,
                                     "00000068ff534d4273000000009807c80000000000000000000000000000fffe0000010003ff00000000003f"
                                     "000055006e00690078000000530061006d0062006100200034002e0039002e0035002d004500780061006d00"
                                     "70006c006500000050004c0041004e0054000000",
                                     {}}};
constexpr std::string_view first_claims[] = {"client hostname=HMI3", "client os=ExampleOS 5.1",
                                             "client software=Example LAN 5.1", "server os=Unix",
                                             "server software=Samba 4.9.5-Example"};
constexpr ExampleMessage second[] = {
    {From::Server,
     "00000104fe534d4240000100160000c00100010001000000000000000100000000000000fffe000000000000"
     "000000000000000000000000000000000000000000000000090000004800bc00a1073005a0034e544c4d5353"
     "5000020000000a000a0038000000158289e20102030405060708000000000000000074007400420000000a00"
     "7c4f0000000f50004c0041004e00540002000a0050004c0041004e00540001000a00500055004d0050003700"
     "04001a0070006c0061006e0074002e006500780061006d0070006c00650003002600700075006d0070003700"
     "2e0070006c0061006e0074002e006500780061006d0070006c00650007000800000000000000000000000000",
     {}},
    {From::Client,
     "0000006cfe534d4240000100000000000100010000000000000000000100000000000000fffe000000000000"
     "0000000000000000000000000000000000000000000000001900000101000000000000005800140000000000"
     "000000004e544c4d535350000300000077696c68656c6d69",
     {}}};
constexpr std::string_view second_claims[] = {"server hostname=PUMP7", "server dns_name=pump7.plant.example",
                                              "server realm=plant.example", "server os=Windows 10.0.20348"};
constexpr ExampleMessage extended[] = {
    {From::Server,
     "000000fcff534d4273000000009807c80000000000000000000000000000fffe0000010004ff000000000086"
     "00d10060064e544c4d53535000020000000c000c0038000000158289e2010203040506070800000000000000"
     "004000400044000000060100000000000f4f004c00440042004f00580002000c004f004c00440042004f0058"
     "0001000c004f004c00440042004f00580003000c006f006c00640062006f0078000700080000000000000000"
     "000000000000570069006e0064006f0077007300200035002e0031000000570069006e0064006f0077007300"
     "2000320030003000300020004c0041004e0020004d0061006e0061006700650072000000",
     {}}};
constexpr std::string_view extended_claims[] = {"server hostname=OLDBOX", "server os=Windows 5.1",
                                                "server software=Windows 2000 LAN Manager"};
constexpr ExampleMessage negotiate[] = {
    {From::Server,
     "00000065ff534d4272000000009807c80000000000000000000000000000fffe000001001100000332000100"
     "044100000000010000000000fdf3000000000000000000000000082000000102030405060750004c0041004e"
     "0054000000500055004d00500037000000",
     {}}};
constexpr std::string_view negotiate_claims[] = {"server hostname=PUMP7"};
constexpr ExampleMessage reading[] = {
    {From::Client,
     "00000071fe534d4240000100000000000800010000000000000000000100000000000000fffe000000000000"
     "0000000000000000000000000000000000000000000000003100000000000000000000000000000000000000"
     "0000000000000000000000000000000000000000000000000000000000",
     {}}};
constexpr Example examples[] = {
    {"SMB1: both sides name their system, the account is skipped", Layer::Tcp, 139, first, first_claims},
    {"SMB2: the challenge names the server", Layer::Tcp, 445, second, second_claims},
    {"SMB1 with a challenge, of a machine without a domain", Layer::Tcp, 445, extended, extended_claims},
    {"SMB1 negotiation without extended security", Layer::Tcp, 139, negotiate, negotiate_claims},
    {"a read says nothing", Layer::Tcp, 445, reading, {}},
};
constexpr std::uint16_t ports[] = {445, 139};

}  // namespace

Decoder smb() {
    Decoder decoder;
    decoder.name = "smb";
    decoder.title = "SMB 1, 2 and 3";
    decoder.spec = "MS-CIFS; MS-SMB; MS-SMB2; MS-NLMP section 2.2.1.2; RFC 1002 section 4.3";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("81", "00 ?? ?? ?? f? 'SMB'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
