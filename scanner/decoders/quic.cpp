// QUIC: which host a client wants stands in its first packets, whose keys anybody can derive from the packet itself. Nothing
// after that can be read.
//
//   |11, type 2 bits, 4 hidden bits|version 4|target id <1>|source id <1>|[token <varint>]|length varint|number 1..4,
//   hidden|sealed ...| sealed in a first packet: |06|offset|length|part of the TLS ClientHello| among padding 00 and pings 01
#include <algorithm>
#include <array>
#include <vector>

#include "core/cipher.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t longest_hello = 8 * 1024;
constexpr std::uint32_t version_1 = 1;
constexpr std::uint32_t version_2 = 0x6b3343cf;

struct Notes {
    std::uint32_t
        go_on;  // where in the hello the next extension begins, when its datagram was not there yet; 0: at the beginning
    std::uint8_t tries;
    bool named;
};

// RFC 9000 section 15, RFC 9369 section 3.1, and the drafts 29 to 32 that were widely used.
bool is_version(std::uint32_t version) {
    return version == version_1 || version == version_2 || (version >= 0xff00001d && version <= 0xff000020);
}

// RFC 9000 section 16: two bits say how many bytes.
std::uint64_t varint(ByteCursor& at) {
    const std::uint8_t first = at.u8();
    std::uint64_t value = first & 0x3fU;
    for (unsigned more = (1U << (first >> 6)) - 1; more > 0; --more) value = value << 8 | at.u8();
    return value;
}

struct LongPacket {
    bool valid = false;
    bool initial = false;
    std::uint32_t version = 0;
    Slice target;               // connection id
    std::size_t number_at = 0;  // from the first byte of the packet
    std::size_t size = 0;       // of the whole packet
};

// RFC 9000 section 17.2
LongPacket read_long(ByteCursor at) {
    LongPacket packet;
    const std::size_t start = at.offset();
    const std::size_t there = at.left();
    const std::uint8_t first = at.u8();
    packet.version = at.be32();
    const std::size_t target_size = at.u8();
    if ((first & 0xc0) != 0xc0 || !is_version(packet.version) || target_size > 20) return packet;
    packet.target = at.bytes(target_size);
    const std::size_t source_size = at.u8();
    if (source_size > 20) return packet;
    at.skip(source_size);
    const unsigned type = (first >> 4) & 3U;
    // RFC 9369 section 3.2: version 2 counts types from one on.
    const unsigned initial = packet.version == version_2 ? 1U : 0U;
    const unsigned retry = packet.version == version_2 ? 0U : 3U;
    packet.initial = type == initial;
    if (type == retry) {
        packet.size = there;
        packet.valid = at.ok() && at.left() >= 16;
        return packet;
    }
    if (packet.initial) {
        const std::uint64_t token = varint(at);
        if (token > at.left()) return packet;
        at.skip(static_cast<std::size_t>(token));
    }
    const std::uint64_t length = varint(at);
    packet.number_at = at.offset() - start;
    packet.valid = at.ok() && length >= 20 && length <= at.left();
    packet.size = packet.number_at + static_cast<std::size_t>(length);
    return packet;
}

// RFC 9000 section 17.2: a long header of a known version, ids of at most 20 bytes, a length within the datagram; a client's
// first packet (14.1) fills 1200 bytes and has a target id of at least 8.
bool recognise(ByteCursor message, const Flow&) {
    if ((message.peek() & 0xc0) != 0xc0) return false;
    const std::size_t size = message.left();
    const LongPacket packet = read_long(message);
    return packet.valid && message.ok() && (!packet.initial || size >= 1200 || packet.target.size() < 8);
}

Block32 client_secret(const LongPacket& packet) {
    // RFC 9001 section 5.2, RFC 9369 section 3.3.1, draft-ietf-quic-tls-29 section 5.2.
    constexpr std::array<std::uint8_t, 20> salt_1 = {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
                                                     0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a};
    constexpr std::array<std::uint8_t, 20> salt_2 = {0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
                                                     0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9};
    constexpr std::array<std::uint8_t, 20> salt_draft = {0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
                                                         0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99};
    const auto& salt = packet.version == version_1 ? salt_1 : packet.version == version_2 ? salt_2 : salt_draft;
    return hkdf_expand_label(hmac_sha256(salt, packet.target.bytes), "client in", 32);
}

template <std::size_t N>
std::array<std::uint8_t, N> first_of(const Block32& block) {
    std::array<std::uint8_t, N> out{};
    std::copy_n(block.begin(), N, out.begin());
    return out;
}

// RFC 9001 sections 5.3 and 5.4. Empty when this was not a client's first packet after all.
std::vector<std::uint8_t> opened(const Slice& all, const LongPacket& packet) {
    std::vector<std::uint8_t> plain;
    const bool second = packet.version == version_2;
    const Block32 secret = client_secret(packet);
    const auto key = first_of<16>(hkdf_expand_label(secret, second ? "quicv2 key" : "quic key", 16));
    auto nonce = first_of<12>(hkdf_expand_label(secret, second ? "quicv2 iv" : "quic iv", 12));
    const auto mask_key = first_of<16>(hkdf_expand_label(secret, second ? "quicv2 hp" : "quic hp", 16));
    if (packet.number_at + 20 > packet.size) return plain;
    Block16 sample{};
    std::copy_n(all.bytes.begin() + static_cast<std::ptrdiff_t>(packet.number_at + 4), 16, sample.begin());
    const Block16 mask = aes128_block(mask_key, sample);
    std::vector<std::uint8_t> header(all.bytes.begin(), all.bytes.begin() + static_cast<std::ptrdiff_t>(packet.number_at));
    header[0] = static_cast<std::uint8_t>(header[0] ^ (mask[0] & 0x0f));
    const std::size_t number_size = (header[0] & 3U) + std::size_t{1};
    for (std::size_t i = 0; i < number_size; ++i) {
        const auto byte = static_cast<std::uint8_t>(all.bytes[packet.number_at + i] ^ mask[1 + i]);
        header.push_back(byte);
        std::uint8_t& in = nonce[12 - number_size + i];
        in = static_cast<std::uint8_t>(in ^ byte);
    }
    const std::size_t begin = packet.number_at + number_size;
    aes128_gcm_open(key, nonce, header, all.bytes.subspan(begin, packet.size - begin), plain);
    return plain;
}

// RFC 9000 section 19: what may stand in a first packet; the parts of the hello go to their places. What is not contiguous from
// the beginning on is given up.
class Hello {
  public:
    void add(const std::vector<std::uint8_t>& frames) {
        Reading reading;
        ByteCursor at(frames, reading);
        while (!at.done()) {
            const std::uint64_t type = varint(at);
            if (type == 0 || type == 1) continue;
            if (type == 2) {  // acknowledgement
                varint(at);
                varint(at);
                std::uint64_t ranges = varint(at) + 1;
                varint(at);
                for (--ranges; ranges > 0 && !at.done(); --ranges) {
                    varint(at);
                    varint(at);
                }
                continue;
            }
            if (type != 6) return;
            const std::uint64_t offset = varint(at);
            const std::uint64_t size = varint(at);
            if (size > at.left() || offset + size > longest_hello) return;
            const Slice part = at.bytes(static_cast<std::size_t>(size));
            if (bytes_.size() < offset + size) bytes_.resize(static_cast<std::size_t>(offset + size));
            std::copy(part.bytes.begin(), part.bytes.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(offset));
            if (parts_.size() < 64) parts_.emplace_back(offset, offset + size);
        }
    }
    // What is there without a gap from that place on.
    Bytes from(std::uint64_t place) {
        std::sort(parts_.begin(), parts_.end());
        std::uint64_t reached = place;
        for (const auto& [begin, end] : parts_) {
            if (begin <= reached) reached = std::max(reached, end);
        }
        if (reached > bytes_.size()) return {};
        return Bytes(bytes_).subspan(static_cast<std::size_t>(place), static_cast<std::size_t>(reached - place));
    }

  private:
    std::vector<std::uint8_t> bytes_;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> parts_;
};

// RFC 8446 section 4.1.2, RFC 6066 section 3: extension 0. The hello may go on in the next datagram.
void server_name(Hello& hello, Notes& notes, Claims& claims) {
    Reading reading;
    ByteCursor at(hello.from(notes.go_on), reading);
    if (notes.go_on == 0) {
        if (at.u8() != 1) return;
        at.skip(3 + 2 + 32);
        at.skip(at.u8());
        at.skip(at.be16());
        at.skip(at.u8());
        at.skip(2);
        if (!reading.ok) return;
    }
    const std::uint32_t base = notes.go_on;
    while (reading.ok) {
        notes.go_on = base + static_cast<std::uint32_t>(at.offset());
        const std::uint16_t type = at.be16();
        const std::size_t size = at.be16();
        if (!reading.ok) return;
        if (type != 0 && size > at.left()) {  // over the end of the datagram: go on behind it
            notes.go_on += static_cast<std::uint32_t>(size) + 4;
            return;
        }
        ByteCursor value = at.take(size);
        if (!reading.ok || type != 0) continue;
        value.skip(2);
        if (value.u8() != 0) return;
        const Slice name = value.bytes(value.be16());
        if (!reading.ok) return;
        claims.addressed_as(name.text());
        notes.named = true;
        return;
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Notes& notes = flow.state->notes<Notes>();
    const std::uint8_t first = message.peek();
    if ((first & 0x80) == 0) return (first & 0x40) != 0 ? done() : not_this();
    if (!recognise(message, flow)) {
        // Version negotiation (RFC 9000 section 17.2.1), or a datagram after the handshake that something else padded.
        ByteCursor head = message;
        head.skip(1);
        return head.be32() == 0 ? done() : not_this();
    }
    if (notes.named || notes.tries >= 4) return done();
    Hello hello;
    while (!message.done()) {
        const LongPacket packet = read_long(message);
        if (!packet.valid) break;
        const Slice bytes = message.bytes(packet.size);
        if (!packet.initial || packet.target.size() < 8) continue;
        ++notes.tries;
        hello.add(opened(bytes, packet));
        if (notes.tries >= 4) break;
    }
    server_name(hello, notes, claims);
    return done();
}

constexpr ExampleMessage client_hello[] = {
    {From::Client,
     "c6000000010801020304050607080000449e25862f348ad8fd1ba6534da968727b571b56f8935583ce30394b"
     "317b908a15f0bb930de0e290b385f42deb443b2de872117f81e2cd7446ff1401d7b0f59095e1ad58af043fff"
     "a1914e60d64c1cd4892a225e0cc5e18cc87c0bb87fa3d7c8496e6ae70892083c8c6407a54d9024f410606400"
     "b94b725119e933cd67cab75e65ea2f8df45df5a49465be9d039b2f53f6cc06c324796ab3a267d9060192e35f"
     "d4bc7954d2e58b875323864f28279d498c48c0d703c740b88c295bedd3e81ff02e6f852656781543503590ef"
     "000358b6c5b180142761008b125834f35ce6fe176d12d2406fede952f2a1f7cae3676bea32aea0c3e0597af8"
     "2b2b0d8023aa7cf40225a2d4d0370b12622c45e654de5765c981230e921e06a7ef557d41836ed41e0d898fdd"
     "ad413997734ba27d90906742b368babf29c23bc0ef3f69b17e16d93e8ce6bc74330743634f7040f3a079d0cd"
     "45fa348a607b7c96f06afa4f95c6c6a912f51599682c0a2748b764db97077efa49b4432bd98cd49d8073e10c"
     "7adba26d174e254d7ac122fb731117dc56a11aafe68dee694d4b75a9ea3202b50741a79d64707c6e04be8801"
     "51bf485159806a1b5f23b154d81417c28659f3f96005dfb6224c9e99c931b475d2620d0d19b9aac2234ce54d"
     "e77f16d29eea3737230658736538c0fcb205e3463483f9a997e8660d7712b613e1ffde3171579ae1c4503ffb"
     "6d533bd212297b7928da323e11f00b1b77e001fe7ba041b6e55ee734dc7390859c64f8d880e5ce3ea2686cde"
     "23d9a591bd82cc6ba704743550029b805c77b594de72c92ca6b56a97ce2477e87cd471ab39f8d7174c2b202b"
     "346455f40d6abd455a91e26cb36faad9fc4a81577170b2b7b9ef5a00acac7276d9617e8e6b63f120936f1472"
     "1d446ce97ddd700b019bc319454b34c8a8b7cfdd60a7b5638ca9c10b8402a29278d9cb78bbf4e9c53bdd43f3"
     "f07bcab3c1ad9c6b305169510ba5c11677b401e1f11376ef0081f9b68d4abb64a755a2d7c043ca792221a22a"
     "c4ef27b963dcfe2875c54c2eedd888bfffe99264ccf84ec01efb5c6bbb1fa1cf7936c6f30fada76912f02fc3"
     "cb9774bd800dfc6a04a234240ed5edb244466bb58ec325f7e218ea60908323238365f381f91f584267701c0b"
     "77aef39252852301ab4f9c228c513a53abf3ad127224f8a9cea96db4bfad2dd68793fb6a8f515be98ea75e2f"
     "e6808322dd4a0e893d84f7fee1f9f5ac1ea02ac6ea3c7dce5ae1bb38d3b3ab3e5fcab3596c7b6b094c466c7c"
     "dbe4161615998c822986a80cddaa59d6945a533a43f584eee62ab46ea14a735374e6f36fb3de3ff25847fa89"
     "3186884b695960d68b5fd580022aeb51e7de81665182edb65b876e753b159533b994135b8a70e79c74665ce4"
     "83fd027f53771798f0fa0886e1390a9faf2d4932d8829a32be36f2dc04524dcbe8799b5571811b8bab8fa551"
     "1117d8b6cdc48ce3fbcaf96336f4b8a6b7e8d48b0498ca87a2c0b3ce9899222a9af37ec57f54565168ca1378"
     "6a753744345becd05d2e80b93e21cbaf31994c8dfa6d5922bd3c7419ef33e16851d84de1f95e7070c0debae5"
     "ef437ed0234d39a6e017af3ec94478a224a9316d1a6c12dfe5dffe7ff001ad8d9ca19a1dd946a27db81d001b"
     "024143a88e67ade6544fbe8d",
     {}},
    {From::Server,
     "e500000001000461626364402878787878787878787878787878787878787878787878787878787878787878"
     "787878787878787878",
     {}},
    {From::Client, "41010203040506070877696c68656c6d696e61", {}}};
constexpr ExampleMessage long_hello[] = {
    {From::Client,
     "c2000000010811020304050607080000449ef058b1bd47a71c61cab0611d7f72d0c868361a146e10c8e72011"
     "eb52cce430282f947555a83479ccdfa0bece1ed2945f19e66bf9fdeaa7066c83035eaa2378336da5026073a7"
     "7c22f0a0a1d37fb7c45aa83b279762730705b754cd97a7b884ae2a0919bf09fec04c46cd1e45e6a35c396bff"
     "8cfe2b4128d41672626a4e42e5a286e794f617f8daf4d486bb5c1e65ddf89c2657caa309e7b88edef6a669ea"
     "1283f5a5a1a2f39f4f774ffc0a24671d28e22ebe40b15e9a4ba019c470dc194bef55fc46f0131d71233b1e92"
     "4f5f0229d4df829e216d419a61d2c8989df65810cc330cf8b141038c6131c52b1ca205cd6eda7bcf01b993c1"
     "d207ef39fd458cf89d89b874f08abfb7427361bf046b9bfdeba003637c13ab4b5293d2fde1298220eeabef36"
     "13c9e7ed515a369facbfcdacf8c0ffc0bc2bf3e253b213ac1edb1556d9c908f6c4323cacb17edde14a5d2f83"
     "c1a4e628b3b6e688b1a00aa9b8d6c482b73f782f73fef897e7e09ee2014efe883845461ea640c3378f337c46"
     "4765ce2638860de5037d8c2a37c1b31d21e46a534cdf9dc11bd1f85e428777d316404c3ebeb2515a11f48365"
     "3bd6715c113f1cd06618df0181e37c1e6b0ab37d368ab310b8218cf7046db9007e48da1a32066db5e3b2137b"
     "f268b9784bd64fb3efa471355d879b41910bfd530f03a32194ffea7e718d47c2125d86b16c70f071840f075b"
     "f9a11685c9b838106a4c2efc25d994d290e236a3201efeb699c5a23e93d93a34d34ea7b4b975c733c2b10554"
     "4ef72afca199d4f475dde659c9bb1e680bc31937e71837fe081ec2d4c1789f078a4820c64d337550af0af4ca"
     "9de35ada15281df89c63fe1ad43959de2b67e0d601a965e030283ce9fbcd7f8329929455b8712b8d00e394c4"
     "a35a0dcda48bb7b989756a4291c289299092a01d8269dcdc906d8f981b6edb85ec37846bcf9763a8c7945c25"
     "ab03580367171bea28728ccb9a58c20601edce975764de3cf3fe63ada78c150c08b310b892c2dcb25e163172"
     "49c3dababb8ce054ff2ddd9bb654983e58573734f1dc946696d041aa99b351d0bb70eb55b56177b2ce72cdab"
     "53629945035596a5a99e5fd76ab4e67800334de60e89d99088df563dea3f7f6fa140c942ef38995bb9492aa6"
     "a793438f7d15d01d447c1558719e7d138c9ca4bbfc3f2d89b8d9779186434aef02690325ad7a96cf636f5be9"
     "a5dc39e76d8488fc105b65cf1387dcd6e80745031971369d4a425e27b14c1fad59b9ddc78a0a21ab6b073e29"
     "4f98f5da456b8e90aa2cf5d7934aba112ecdf88dfae91329db2d2a48df51b03ad9bba3cf3eeadca010eb6d7d"
     "19ac9e10932b31efa9f0b4be9e9660f8b316bc1c90d2ad2ab7c2bfb3aaa18106f7054dbb6c173935af7d1ce9"
     "a61d1d909e217037bb69aa8505f3363ba1d16737b3e6a4c2785025ee36f688a3b799ebdb9f3ad18875bdda00"
     "b23e4c22bc30a4112d6412e6e4eb0c0c32e38a1d6130b357fdbb384cf0278c7f4571a38f22deed007ccd8ce3"
     "fd5b9ef86aba2d7df50de500b6493d4917567e8bd8c940b5d5e159f6bc18ca04ddbe6716c1514159e564ba7e"
     "f4d7dc8324c62c110a37b88f621fc5bd17559f5983fb043284bf315f8e629eba4f9f2f2b6978828c281a6406"
     "9f5172200566a95bf7d5a774",
     {}},
    {From::Client,
     "cb000000010811020304050607080000449e92666aaa0be69d74bf97f4c62bf637b5b19b1308731a3ac0892f"
     "e5443571ff758a287838e4793713c9eafa9eda0c21c7b45bb51b57ec2b245a69f286a9da9c0a1111da4b4c4d"
     "ac380fbc5f6579bdfa477559f3301ed7440313b783c4d00e726751c421c7d91cea483683998beddf42f26e0d"
     "b148221250312bea91097fd5ae9b1b871c6f71a5da2940baebbc5d81677b6c4b9e184870542795b6b8b93a6b"
     "80a63372465bdf34754f4e010e583ee3c34db255f7b34cf753bfc392a98c16432b9714a7d037067ddd6717bc"
     "0d9b0bf5390efd0ae9aaaece5ab998fa7b8f21314cfa3c28273380b2838494cfe030a52968912891f625e84e"
     "6b5a844e3e6803e24dfeccfb4e48da7c43bd0335b4cc30ac08a75352bd3139997c209790bb7d4fc3bcd01a70"
     "2d1356e67c4a1eaf31a3d511d568d2b5c453d1c56b3ff39fdc657143214d3c85d18b1d724bf8f7ec12c98ca2"
     "6560747367ffe405d6560bdb60b9df8fa2124c2d5d09f27a427065cd7426c64377852e1be9f18f16fa6cbc6a"
     "d63efd2a417d61930318e142121aec158727a81da7c51b357c4cdf5e5f1f4c6e45ed99f3a7fc86fa469797c1"
     "1f28bd7e473af80f24fad55b0e9ff8504a77b7f53432493d9c90cfdf78138a63a805c8e92435c42fc0126c85"
     "6ec81da8c10f80d4683ad9dff78419b1d8c1844457fc6b4987936e5b05a690bab0cf89319574f956acdeb27a"
     "32944eab4041e5b39c7da941f99ed5ccd60cba916853008727e1b1160ca9b28df7b273a987418027063e7b7d"
     "ce0bbe49295d7c63f0127dd6752f77617844ef35049e221b7361973354af399f9f8f2479303ee8c5df8234de"
     "fe3d485233483b4f38d987d15d94d4ef64c06fdd268fa1e11123aa87ba0ef1c8d7864461b410cad585f98032"
     "b978379b6758897bbdebb1a59a96100879382aab11c8a54b9a8f8dc1ac075d8e4686d435681dae4f0e4becf1"
     "9c3dd320a654e3e4f5278ae5db88326cd6c5626583eae838225ffbb54a07996d23823eef9c2119ba875926ee"
     "7d3a864e47af51ea5a053214e92cb9ba62432df63af38027903b4213e4606627b9df7e562eb1cd94ff3dc5b4"
     "3a8d40b1c84d56e2b321806d2485f3f115c1eecae1e32b2d903136488d895e483d34b8774e90a6ef9e14f347"
     "5323d322709e95709f77d2b9024ab14538b6feb8055dbc3b9c03559d02d5b3205ae5df51dd2f9b3fb29fce50"
     "00883f6772506ff5af538e88107da595e8499782fd1642a50568b769ce361268375be443ce0062823f5fe237"
     "73070ec36d5148d622a59752dbff57645d7ecdd6f8de9593809327a7408841700ef517899c0596de9f7da325"
     "afa37a9012453651ab77dab6d76b5796a8a6dbe0a537f73e85cab5884c5fadb70070349bb572d0acd8d7619c"
     "200b1022bd90c053aa75bb780ec39499c12ca057b589aa7ec41eeecb12f86c23f23e17e1736f65f2269e3b5d"
     "63c841f2d6770000982813416a83086e22e932a801705615b41c574ec74c5d1954d7d6fa1f890c59477a73f2"
     "c415b1e61ecf8bcbc8ab85aeab030370059a9d0eb7530b30485de975c8babb38b174ce006bdec21aea495acd"
     "8f3c02b6192dc74f535e1dc268a0662a43b89dc1162e25ab068888e8abf741e8a962c0de9bcf20b2e5ff6556"
     "7fa0703be90ec837ed822939",
     {}}};
constexpr Example examples[] = {
    {"a client's first packet; what follows cannot be read", Layer::Udp, 443, client_hello, {}},
    {"a hello of two datagrams", Layer::Udp, 443, long_hello, {}},
};
constexpr std::uint16_t ports[] = {443};

}  // namespace

Decoder quic() {
    Decoder decoder;
    decoder.name = "quic";
    decoder.title = "QUIC";
    decoder.spec = "RFC 9000; RFC 9001; RFC 9369";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("c?", "d?", "e?", "f?");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
