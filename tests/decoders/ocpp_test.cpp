// OCPP: what an operator does is seen, what is secret is not.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "decoders/run.h"

using namespace herkomst;

namespace ocpp_test {

TEST_SUITE_BEGIN("decoders.ocpp");

namespace {

// Text frames of RFC 6455 with one call each: the charger's masked with zeros, the operator's not.
std::vector<std::uint8_t> frame(const std::string& text, bool masked) {
    std::vector<std::uint8_t> bytes = {0x81, static_cast<std::uint8_t>((masked ? 0x80 : 0) | 126),
                                       static_cast<std::uint8_t>(text.size() >> 8),
                                       static_cast<std::uint8_t>(text.size() & 0xff)};
    if (masked) bytes.insert(bytes.end(), 4, 0);
    bytes.insert(bytes.end(), text.begin(), text.end());
    return bytes;
}

// A heartbeat by which the conversation is known, then one message of either side.
std::vector<StagedClaim> claims_of(const std::string& text, From from) {
    const ExampleMessage messages[] = {{From::Client, {}, {}}, {from, {}, {}}};
    Example example;
    example.layer = Layer::Tcp;
    example.port = 9000;
    example.messages = messages;
    // The shortest frame of this form has 126 bytes.
    const auto padded = [](const std::string& json) {
        return json + std::string(json.size() < 126 ? 126 - json.size() : 0, ' ');
    };
    return play(*decoder_named("ocpp"), example,
                {frame(padded(R"([2,"1","Heartbeat",{}])"), true), frame(padded(text), from == From::Client)})
        .claims;
}

}  // namespace

TEST_CASE("calls that act are seen, calls that ask or tell are not") {
    for (const char* action : {"SignedUpdateFirmware", "PublishFirmware", "InstallCertificate", "DeleteCertificate",
                               "SendLocalList", "ReserveNow", "SetDisplayMessage", "ClearCache", "NotifyAllowedEnergyTransfer",
                               "AFRRSignal", "SetDERControl", "RemoteStopTransaction", "RequestStopTransaction", "Reset"}) {
        CAPTURE(action);
        for (const char* kind : {"2", "6"}) {
            const auto claims = claims_of("[" + std::string(kind) + R"(,"7",")" + action + R"(",{}])", From::Server);
            REQUIRE(claims.size() == 1);
            CHECK(claims[0].value == std::string("ocpp ") + action + " from 192.0.2.20");
        }
        CHECK(claims_of(R"([2,"7",")" + std::string(action) + R"(",{}])", From::Client).empty());
    }
    for (const char* action : {"GetLog", "TriggerMessage", "DataTransfer", "GetConfiguration", "GetVariables", "Heartbeat"})
        CHECK(claims_of(R"([2,"7",")" + std::string(action) + R"(",{}])", From::Server).empty());
    CHECK(claims_of(R"([5,"7","InternalError","Reset",{}])", From::Server).empty());
}

TEST_CASE("of settings and variables only what names the charger comes out") {
    const auto setting = [](const std::string& key) {
        return claims_of(R"([3,"7",{"configurationKey":[{"key":")" + key + R"(","readonly":false,"value":"geheim"}]}])",
                         From::Client);
    };
    for (const char* key : {"AuthorizationKey", "authorizationkey", "WifiPassword", "ChargePointModelKey", "AdminPassword",
                            "MeterType", "ConnectorPhaseRotation"}) {
        CAPTURE(key);
        CHECK(setting(key).empty());
    }
    CHECK(setting("ChargePointModel").size() == 1);
    const auto variable = [](const std::string& component, const std::string& name) {
        return claims_of(
            R"([3,"7",{"getVariableResult":[{"attributeStatus":"Accepted","attributeValue":"geheim","component":{"name":")" +
                component + R"("},"variable":{"name":")" + name + R"("}}]}])",
            From::Client);
    };
    CHECK(variable("SecurityCtrlr", "BasicAuthPassword").empty());
    CHECK(variable("ChargingStation", "BasicAuthPassword").empty());
    CHECK(variable("EVSE", "Model").empty());
    CHECK(variable("ChargingStation", "Model").size() == 1);
    // The operator's own answers name nobody.
    CHECK(claims_of(R"([3,"7",{"configurationKey":[{"key":"ChargePointModel","value":"geheim"}]}])", From::Server).empty());
}

TEST_SUITE_END();

}  // namespace ocpp_test
