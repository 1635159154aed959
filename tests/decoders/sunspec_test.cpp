// SunSpec: what a chain of models makes a device, what it offers, and what is left alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "decoders/run.h"
#include "decoders/sunspec_models.h"

using namespace herkomst;

namespace sunspec_test {

TEST_SUITE_BEGIN("decoders.sunspec");

namespace {

struct Model {
    std::uint16_t id;
    std::uint16_t length;
    std::vector<std::pair<std::uint16_t, std::uint16_t>> points;  // offset from the id register, value
};

// The chain of a device at 40000, read in pieces of at most 120 registers; then registers are written.
class Device {
  public:
    explicit Device(std::vector<Model> models) {
        registers_ = {0x5375, 0x6e53};
        models.insert(models.begin(), {1, 66, {{2, 0x4578}, {18, 0x4558}}});  // "Ex", "EX"
        models.push_back({0xffff, 0, {}});
        for (const Model& model : models) {
            const std::size_t at = registers_.size();
            registers_.resize(at + 2U + model.length);
            registers_[at] = model.id;
            registers_[at + 1] = model.length;
            for (const auto& [offset, value] : model.points) registers_[at + offset] = value;
            places_.push_back(static_cast<std::uint16_t>(40000 + at));
        }
        for (std::size_t at = 0; at < registers_.size(); at += 120) {
            const std::size_t count = std::min<std::size_t>(120, registers_.size() - at);
            const auto start = static_cast<std::uint16_t>(40000 + at);
            std::vector<std::uint16_t> answer(registers_.begin() + static_cast<std::ptrdiff_t>(at),
                                              registers_.begin() + static_cast<std::ptrdiff_t>(at + count));
            message({3, high(start), low(start), 0, low(static_cast<std::uint16_t>(count))});
            std::vector<std::uint8_t> data = {3, static_cast<std::uint8_t>(2 * count)};
            for (const std::uint16_t value : answer) {
                data.push_back(high(value));
                data.push_back(low(value));
            }
            message(data);
        }
    }
    // `model` counts from 1; 0 is the common model.
    Device& write(std::size_t model, std::uint16_t offset) {
        const auto at = static_cast<std::uint16_t>(places_[model] + offset);
        const std::vector<std::uint8_t> data = {6, high(at), low(at), 0, 2};
        message(data);
        message(data);
        return *this;
    }
    [[nodiscard]] std::vector<std::string> says(Field field) const {
        std::array<ExampleMessage, 64> alternating;
        for (std::size_t i = 0; i < alternating.size(); ++i) alternating[i].from = i % 2 == 0 ? From::Client : From::Server;
        REQUIRE(messages_.size() <= alternating.size());
        Example example;
        example.layer = Layer::Tcp;
        example.port = 502;
        example.messages = std::span(alternating).first(messages_.size());
        std::vector<std::string> said;
        for (const StagedClaim& claim : play(*decoder_named("modbus"), example, messages_).claims) {
            if (claim.field == field && std::find(said.begin(), said.end(), claim.value) == said.end())
                said.push_back(claim.value);
        }
        return said;
    }

  private:
    static std::uint8_t high(std::uint16_t value) { return static_cast<std::uint8_t>(value >> 8); }
    static std::uint8_t low(std::uint16_t value) { return static_cast<std::uint8_t>(value & 0xff); }
    void message(const std::vector<std::uint8_t>& data) {
        const auto transaction = static_cast<std::uint8_t>(messages_.size() / 2);
        std::vector<std::uint8_t> bytes = {0, transaction, 0, 0, 0, static_cast<std::uint8_t>(data.size() + 1), 1};
        bytes.insert(bytes.end(), data.begin(), data.end());
        messages_.push_back(bytes);
    }
    std::vector<std::uint16_t> registers_;
    std::vector<std::uint16_t> places_;
    std::vector<std::vector<std::uint8_t>> messages_;
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("what a device lists makes it what it is") {
    struct Case {
        std::vector<std::uint16_t> models;
        Texts category;
    };
    const Case cases[] = {
        {{103, 120}, {"solar_inverter"}},
        {{302, 303, 307}, {"weather_station"}},
        {{103, 302}, {"solar_inverter"}},  // a sensor of its own makes it no weather station
        {{404}, {"string_combiner"}},
        {{502}, {"optimizer"}},
        {{601}, {"solar_tracker"}},
        {{802, 803}, {"battery"}},
        {{103, 802}, {"solar_inverter", "hybrid_inverter"}},
        {{220}, {"energy_meter"}},
        {{305, 306}, {}},
        {{64101, 64412}, {}},  // a maker's own
        {{602, 603}, {}},      // in no published list
    };
    for (const Case& one : cases) {
        CAPTURE(one.models.front());
        std::vector<Model> models;
        for (const std::uint16_t id : one.models) models.push_back({id, 62, {}});
        Device device(models);
        CHECK(device.says(Field::category) == one.category);
    }
}

TEST_CASE("the nameplate tells a hybrid from a solar inverter") {
    CHECK(Device({{103, 50, {}}, {120, 26, {{2, 82}}}}).says(Field::category) == Texts{"solar_inverter", "hybrid_inverter"});
    CHECK(Device({{120, 26, {{2, 4}}}}).says(Field::category) == Texts{"solar_inverter"});
    CHECK(Device({{120, 26, {{2, 0xffff}}}}).says(Field::category).empty());
}

TEST_CASE("optional controls are offered where they are implemented; a write to any control of the list is seen") {
    CHECK(Device({{601, 40, {{24, 0xffff}}}}).says(Field::remote_exposed).empty());
    CHECK(Device({{601, 40, {{24, 0}}}}).says(Field::remote_exposed) == Texts{"sunspec 601 tracker control"});
    CHECK(Device({{802, 62, {{50, 1}, {51, 0xffff}}}}).says(Field::remote_exposed) ==
          Texts{"sunspec 802 battery connect/disconnect"});
    CHECK(Device({{804, 60, {{37, 1}}}}).says(Field::remote_exposed) == Texts{"sunspec 804 string connect/disconnect"});
    CHECK(Device({{715, 7, {{2, 0}, {8, 1}}}}).says(Field::remote_exposed) ==
          Texts{"sunspec 715 in remote mode", "sunspec 715 start/stop"});
    CHECK(Device({{715, 7, {{2, 1}, {8, 1}}}}).says(Field::remote_exposed) == Texts{"sunspec 715 start/stop"});
    CHECK(Device({{715, 7, {{2, 1}}}}).says(Field::remote_blocked).empty());
    for (const sunspec::Control& control : sunspec::controls) {
        CAPTURE(control.model);
        CAPTURE(control.point);
        Device device({{control.model, 62, {}}});
        CHECK(device.write(1, control.offset).says(Field::remote_observed) ==
              Texts{"modbus write " + std::to_string(control.model) + "." + std::string(control.point) + " from 192.0.2.10"});
    }
    CHECK(Device({{802, 62, {}}}).write(1, 20).says(Field::remote_observed).empty());
}

TEST_CASE("a chain with more models than are kept keeps those that can be controlled") {
    Device device({{11, 13, {}},
                   {12, 98, {}},
                   {16, 50, {}},
                   {120, 26, {}},
                   {123, 24, {}},
                   {124, 24, {}},
                   {702, 50, {}},
                   {703, 17, {}},
                   {704, 57, {}},
                   {715, 7, {}},
                   {802, 62, {}},
                   {804, 60, {}}});
    CHECK(device.write(5, 4).write(11, 50).says(Field::remote_observed) ==
          Texts{"modbus write 123.Conn from 192.0.2.10", "modbus write 802.SetOp from 192.0.2.10"});
}

TEST_CASE("its own addresses: the one it is spoken to at, with the MAC; or another, as its interface") {
    const auto interface = [](std::uint16_t last) {  // 192.0.2.2x
        return std::vector<Model>{{11, 13, {{6, 0x0000}, {7, 0x5e00}, {8, 0x5314}}},
                                  {12, 98, {{11, 0x3139}, {12, 0x322e}, {13, 0x302e}, {14, 0x322e}, {15, last}, {87, 0x7331}}}};
    };
    Device same(interface(0x3230));
    CHECK(same.says(Field::address) == Texts{"192.0.2.20"});
    CHECK(same.says(Field::mgmt_ip).empty());
    CHECK(same.says(Field::hostname) == Texts{"s1"});
    Device other(interface(0x3231));
    CHECK(other.says(Field::address).empty());
    CHECK(other.says(Field::mgmt_ip) == Texts{"192.0.2.21"});
}

TEST_CASE("a modem is told; its number, PIN and access point are not") {
    Model modem{18, 22, {}};
    for (std::uint16_t i = 2; i < 24; ++i) modem.points.emplace_back(i, 0x3132);  // "1212..."
    Device device({modem});
    CHECK(device.says(Field::cellular) == Texts{"sunspec 18 cellular link"});
    for (std::size_t field = 0; field < field_count; ++field) {
        for (const std::string& value : device.says(static_cast<Field>(field))) CHECK(value.find("1212") == std::string::npos);
    }
}

TEST_SUITE_END();

}  // namespace sunspec_test
