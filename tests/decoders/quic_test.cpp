// QUIC's first packets: the keys that RFC 9001 derives as an example, and the name in the example's hello.
#include <doctest/doctest.h>

#include "core/cipher.h"
#include "core/text.h"
#include "decoders/run.h"

using namespace herkomst;

namespace quic_test {

TEST_SUITE_BEGIN("quic");

TEST_CASE("RFC 9001 appendix A.1: the client's initial keys") {
    const auto salt = unhex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a");
    const auto id = unhex("8394c8f03e515708");
    const Block32 secret = hkdf_expand_label(hmac_sha256(salt, id), "client in", 32);
    CHECK(hex(secret.data(), 32) == "c00cf151ca5be075ed0ebfb5c80323c42d6b7db67881289af4008f1f6c357aea");
    CHECK(hex(hkdf_expand_label(secret, "quic key", 16).data(), 16) == "1f369613dd76d5467730efcbe3b1a22d");
    CHECK(hex(hkdf_expand_label(secret, "quic iv", 12).data(), 12) == "fa044b2f42a3fd3b46fb255c");
    CHECK(hex(hkdf_expand_label(secret, "quic hp", 16).data(), 16) == "9f50449e04a0e810283a1e9933adedd2");
}

TEST_CASE("the name in a client's hello, in two parts and out of order; a broken packet has none") {
    const Decoder* quic = decoder_named("quic");
    REQUIRE(quic != nullptr);
    const auto names_in = [&](const std::vector<std::uint8_t>& bytes) {
        std::vector<Claims::Name> names;
        std::vector<StagedClaim> claims;
        FlowState state;
        Flow flow;
        flow.layer = Layer::Udp;
        flow.from_opener = true;
        flow.state = &state;
        run(*quic, bytes, flow, claims, &names);
        CHECK(claims.empty());
        return names;
    };
    std::vector<std::uint8_t> first = bytes_of(quic->examples[0].messages[0]);
    const auto names = names_in(first);
    REQUIRE(names.size() == 1);
    CHECK(names[0].name == "cloud.vendor.example");
    for (const std::size_t at : {std::size_t{7}, std::size_t{24}, std::size_t{200}, first.size() - 1}) {
        std::vector<std::uint8_t> bent = first;
        bent[at] = static_cast<std::uint8_t>(bent[at] ^ 1);
        CHECK(names_in(bent).empty());
    }
}

TEST_CASE("a hello that goes on in the next datagram") {
    const Decoder* quic = decoder_named("quic");
    REQUIRE(quic != nullptr);
    std::vector<Claims::Name> names;
    std::vector<StagedClaim> claims;
    FlowState state;
    Flow flow;
    flow.layer = Layer::Udp;
    flow.from_opener = true;
    flow.state = &state;
    for (const ExampleMessage& message : quic->examples[1].messages) {
        CHECK(names.empty());
        run(*quic, bytes_of(message), flow, claims, &names);
    }
    REQUIRE(names.size() == 1);
    CHECK(names[0].name == "cloud.vendor.example");
}

TEST_SUITE_END();

}  // namespace quic_test
