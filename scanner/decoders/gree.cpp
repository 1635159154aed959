// Gree: air conditioners and heat pumps of Gree, also sold under other names, answer a broadcast scan (UDP 7000) with brand,
// model and firmware, wrapped in a key that all of them share; newer firmware in another way, with a tag beside it.
//
//   {"t":"scan"}        {"t":"pack","i":1,"uid":0,"cid":"...","tcid":"","pack":"<base64>"}
//   wrapped: {"t":"dev","cid":"...","brand":"gree","model":"gree","mac":"...","ver":"V1.1.13",...}
//
// The layout is not published by its maker. It is the one that greeclimate (a public project) speaks.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/cipher.h"
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/json_reader.h"

namespace herkomst::decoders {

namespace {

constexpr std::string_view scan_key = "a3K8Bx%2r8Y7#xDh";
// The second way, as gree-hvac-client and the Gree binding of openHAB (public projects) speak it: AES-128-GCM, a key, a nonce
// and associated data that all share.
constexpr std::string_view second_key = "{yxAHAY_Lm6pbC/<";
constexpr std::array<std::uint8_t, 12> second_nonce = {0x54, 0x40, 0x78, 0x44, 0x49, 0x67, 0x5a, 0x51, 0x6c, 0x5e, 0x63, 0x13};
constexpr std::string_view second_data = "qualcomm-test";

std::string unwrapped(std::string_view pack, std::string_view tag) {
    std::string text = base64_decoded(pack).value_or("");
    if (tag.empty()) return aes128_ecb_decrypted(bytes_in(text), scan_key);
    text += base64_decoded(tag).value_or("");
    Block16 key{};
    std::copy(second_key.begin(), second_key.end(), key.begin());
    std::vector<std::uint8_t> out;
    if (!aes128_gcm_open(key, second_nonce, bytes_in(second_data), bytes_in(text), out)) return {};
    return {out.begin(), out.end()};
}

// As greeclimate (public project) speaks it: the scan, to its port; or JSON with the members that every pack has.
bool recognise(ByteCursor message, const Flow& flow) {
    const std::string_view text = message.text_ahead();
    if (!text.starts_with("{") || text.size() > 2048) return false;
    if (text.find("\"t\"") == std::string_view::npos) return false;
    if (flow.receiver.port == 7000 && text.size() < 32 && text.find("\"scan\"") != std::string_view::npos) return true;
    return text.find("\"pack\"") != std::string_view::npos && text.find("\"i\"") != std::string_view::npos &&
           text.find("\"cid\"") != std::string_view::npos;
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    const Slice all = message.rest();
    const JsonScalars outer = read_json(all.text());
    if (!outer.whole || outer.string_at("t") != "pack" || flow.sender.port != 7000) return done();
    const JsonScalars said = read_json(unwrapped(outer.string_at("pack"), outer.string_at("tag")));
    if (!said.whole || said.string_at("t") != "dev") return done();
    claims.matched(Field::stack_maker, "Gree", all, "scan");
    claims.matched(Field::category, "hvac", all, "scan");
    claims.stated(Field::brand, said.string_at("brand"), all, "scan");
    claims.stated(Field::firmware, said.string_at("ver"), all, "scan");
    // "gree" as a model says nothing that the brand does not.
    if (said.string_at("model") != said.string_at("brand")) claims.stated(Field::model, said.string_at("model"), all, "scan");
    return done();
}

constexpr std::string_view answered =
    "{\"t\":\"pack\",\"i\":1,\"uid\":0,\"cid\":\"00005e005314\",\"tcid\":\"\",\"pack\":\"LP24Ek0OaYogxs3i"
    "QLjL4ET5Cn06nswP7PLJkCcfXZnHP5iqGvdKnnPsqk7fdn1H7dtSGAuZ5kwdBUjQrRkkAp3kXJg9tNalCbGK5Mo3YVk9Wp5ytFAp"
    "TGhc8wwJvKEVCT0RWc4y61A5IbzI899slafkbvlZaW6gPV2JcXA9vz5O6uYsA91vvBbWh89dS/HlUgEZnR87H5dIVewkCjMlC6n+"
    "/sB6g39ps/bszRb9no0KGUlIGOBHtzDW011f0e2Jt3in/MLciAcslmn/mn60qw==\"}";
constexpr std::string_view answered_with_tag =
    "{\"t\":\"pack\",\"i\":1,\"uid\":0,\"cid\":\"00005e005315\",\"tcid\":\"\",\"pack\":\"JtoKliwtrZWlpNCVOSARFZVj"
    "uNMS0hKjMFRhDuvehOTTdH8OgwV8cMrypenBSMmcjvD0V8qtNvQzmpfbdOzYlOyezk7gf157IMFhWL78IcgXr+SfCMPvxcWxp/xv"
    "oq4SC6+m\",\"tag\":\"g/1dLX2RjZwUjJTnFvwp7A==\"}";
constexpr ExampleMessage newer[] = {{From::Client, {}, "{\"t\":\"scan\"}"}, {From::Server, {}, answered_with_tag}};
constexpr std::string_view newer_claims[] = {"server stack_maker=Gree", "server category=hvac", "server brand=gree",
                                             "server firmware=V2.0.1", "server model=EX-14"};
constexpr ExampleMessage scan[] = {{From::Client, {}, "{\"t\":\"scan\"}"}, {From::Server, {}, answered}};
constexpr std::string_view scan_claims[] = {"server stack_maker=Gree", "server category=hvac", "server brand=gree",
                                            "server firmware=V1.1.13", "server model=EX-12"};
constexpr ExampleMessage asked[] = {{From::Client, {}, "{\"t\":\"scan\"}"}};
constexpr Example examples[] = {
    {"an air conditioner answers a scan", Layer::Udp, 7000, scan, scan_claims},
    {"newer firmware answers with a tag", Layer::Udp, 7000, newer, newer_claims},
    {"a scan names nobody", Layer::Udp, 7000, asked, {}},
};
constexpr std::uint16_t ports[] = {7000};

}  // namespace

Decoder gree() {
    Decoder decoder;
    decoder.name = "gree";
    decoder.title = "Gree discovery";
    decoder.spec = "unpublished; as spoken by greeclimate (public project)";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("'{'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
