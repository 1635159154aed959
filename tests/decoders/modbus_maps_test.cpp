// Makers' register maps: who is named by which content, and which writes are commands.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "decoders/modbus_controls.h"
#include "decoders/run.h"

using namespace herkomst;
using namespace herkomst::modbus_maps;

namespace modbus_maps_test {

TEST_SUITE_BEGIN("decoders.modbus_maps");

namespace {

using Message = std::vector<std::uint8_t>;

// A conversation with a Modbus server: each question with its answer.
class Talk {
  public:
    Talk& read(std::uint8_t unit, std::uint8_t function, std::uint16_t start, const std::vector<std::uint16_t>& registers) {
        const auto count = static_cast<std::uint16_t>(registers.size());
        ask(unit, {function, high(start), low(start), high(count), low(count)});
        Message answer = {function, static_cast<std::uint8_t>(2 * count)};
        for (const std::uint16_t value : registers) {
            answer.push_back(high(value));
            answer.push_back(low(value));
        }
        ask(unit, answer);
        return *this;
    }
    Talk& write(std::uint8_t unit, std::uint16_t at, std::uint16_t value) {
        const Message written = {6, high(at), low(at), high(value), low(value)};
        ask(unit, written);
        ask(unit, written);
        return *this;
    }
    [[nodiscard]] Played played() const {
        static const auto alternating = [] {
            std::array<ExampleMessage, 32> all;
            for (std::size_t i = 0; i < all.size(); ++i) all[i].from = i % 2 == 0 ? From::Client : From::Server;
            return all;
        }();
        REQUIRE(messages_.size() <= alternating.size());
        Example example;
        example.layer = Layer::Tcp;
        example.port = 502;
        example.messages = std::span(alternating).first(messages_.size());
        return play(*decoder_named("modbus"), example, messages_);
    }

  private:
    static std::uint8_t high(std::uint16_t value) { return static_cast<std::uint8_t>(value >> 8); }
    static std::uint8_t low(std::uint16_t value) { return static_cast<std::uint8_t>(value & 0xff); }
    void ask(std::uint8_t unit, const Message& data) {
        const auto transaction = static_cast<std::uint8_t>(messages_.size() / 2);
        Message message = {0, transaction, 0, 0, 0, static_cast<std::uint8_t>(data.size() + 1), unit};
        message.insert(message.end(), data.begin(), data.end());
        messages_.push_back(message);
    }
    std::vector<Message> messages_;
};

// Text in so many registers, filled up with zeros.
std::vector<std::uint16_t> text(std::string_view is, std::size_t registers) {
    std::vector<std::uint16_t> out(registers);
    for (std::size_t i = 0; i < is.size(); ++i)
        out[i / 2] = static_cast<std::uint16_t>(out[i / 2] | (static_cast<std::uint8_t>(is[i]) << (i % 2 == 0 ? 8 : 0)));
    return out;
}
void put(std::vector<std::uint16_t>& registers, std::size_t at, const std::vector<std::uint16_t>& part) {
    std::copy(part.begin(), part.end(), registers.begin() + static_cast<std::ptrdiff_t>(at));
}

std::vector<const StagedClaim*> of(const Played& played, Field field) {
    std::vector<const StagedClaim*> found;
    for (const StagedClaim& claim : played.claims) {
        if (claim.field == field) found.push_back(&claim);
    }
    return found;
}

// Commands whose meaning is known: a write to a register that nobody described only hints.
std::vector<const StagedClaim*> commands(const Played& played) {
    auto found = of(played, Field::remote_observed);
    std::erase_if(found, [](const StagedClaim* claim) { return claim->strength == Strength::Hinted; });
    return found;
}

std::string value(const Played& played, Field field) {
    const auto found = of(played, field);
    return found.empty() ? std::string() : found.front()->value;
}

}  // namespace

TEST_CASE("the list of controls: in order, no register twice for one maker, each says what it does") {
    for (std::size_t i = 0; i < std::size(controls); ++i) {
        CAPTURE(i);
        CHECK(controls[i].first <= controls[i].last);
        CHECK(!controls[i].what.empty());
        if (i == 0) continue;
        const Control& before = controls[i - 1];
        CHECK((before.maker < controls[i].maker || (before.maker == controls[i].maker && before.last < controls[i].first) ||
               before.maker == Maker::Victron));
    }
}

TEST_CASE("a write to a unit that nobody has named hints that something was set, and not what") {
    for (const Control& control : controls) {
        const Played played = Talk().write(1, control.first, 0xce).played();
        const auto written = of(played, Field::remote_observed);
        REQUIRE(written.size() == 1);
        CHECK(written[0]->value == "modbus write from 192.0.2.10");
        CHECK(written[0]->strength == Strength::Hinted);
        CHECK(commands(played).empty());
    }
}

TEST_CASE("after a nameplate a write to a control register of that map is told, as likely, and without the value") {
    const auto deye = [](std::uint16_t type) {
        std::vector<std::uint16_t> registers(8);
        registers[0] = type;
        put(registers, 3, text("2301987654", 5));
        return registers;
    };
    std::vector<std::uint16_t> solis(12);
    put(solis, 4, text("110F012345678901", 8));
    struct Case {
        std::uint8_t function;
        std::uint16_t start;
        std::vector<std::uint16_t> registers;
        std::uint16_t control;
        std::string_view says;
    };
    const Case cases[] = {
        {4, 4989, text("A1234567890", 10), 5005, "modbus write start/stop from 192.0.2.10"},
        {3, 23, text("EXA1234567", 5), 0, "modbus write on/off from 192.0.2.10"},
        {3, 209, text("EXA1234567000000", 15), 3, "modbus write active power limit from 192.0.2.10"},
        {3, 3001, text("EXA1234567000000", 15), 3049, "modbus write grid charge from 192.0.2.10"},
        {3, 0, deye(2), 43, "modbus write on/off from 192.0.2.10"},
        {3, 0, deye(5), 80, "modbus write on/off from 192.0.2.10"},
        {3, 0, deye(0x0500), 143, "modbus write export limit from 192.0.2.10"},
        {4, 33000, solis, 43007, "modbus write on/off from 192.0.2.10"},
        {3, 0, text("EX4567890123AB", 7), 31, "modbus write battery mode from 192.0.2.10"},
        {3, 0x0445, text("SX1ES12345678901", 8), 0x1104, "modbus write on/off from 192.0.2.10"},
        {3, 0x064a, text("EX1234567890123", 10), 0x084f, "modbus write battery schedule from 192.0.2.10"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.start);
        const Played played = Talk()
                                  .read(1, one.function, one.start, one.registers)
                                  .write(1, one.control, 54321)
                                  .write(2, one.control, 1)
                                  .played();
        const auto written = commands(played);
        REQUIRE(written.size() == 1);
        CHECK(written[0]->value == one.says);
        CHECK(written[0]->strength == Strength::Matched);
        // Of the other unit, which has no nameplate, that something was set.
        const auto all = of(played, Field::remote_observed);
        REQUIRE(all.size() == 2);
        CHECK(all[1]->value == "modbus write from 192.0.2.10");
        CHECK(all[1]->strength == Strength::Hinted);
        CHECK(all[1]->subject != all[0]->subject);
        CHECK(of(played, Field::brand).empty());
        CHECK(of(played, Field::serial).size() == 1);
        for (const StagedClaim& claim : played.claims) CHECK(claim.value.find("54321") == std::string::npos);
        // The same register read in another way is no plate.
        std::vector<std::uint16_t> more = one.registers;
        more.push_back(0);
        CHECK(commands(Talk().read(1, one.function, one.start, more).write(1, one.control, 1).played()).empty());
    }
    // One phase and three have different maps.
    CHECK(commands(Talk().read(1, 3, 0, deye(5)).write(1, 43, 1).played()).empty());
    // Nameplates of two makers on one unit: neither.
    CHECK(commands(Talk()
                       .read(1, 3, 23, text("EXA1234567", 5))
                       .read(1, 3, 0x0445, text("SX1ES12345678901", 8))
                       .write(1, 0x1104, 0)
                       .played())
              .empty());
}

TEST_CASE("whose work it is, where type, own address and serial number agree; the brand stays open") {
    std::vector<std::uint16_t> registers(8);
    registers[0] = 5;
    registers[1] = 7;
    put(registers, 3, text("2301987654", 5));
    const Played own = Talk().read(7, 3, 0, registers).played();
    CHECK(value(own, Field::stack_maker) == "Deye");
    CHECK(value(own, Field::brand).empty());
    CHECK(value(Talk().read(1, 3, 0, registers).played(), Field::stack_maker).empty());
}

TEST_CASE("a maker's name where its map has it names it; the serial number must be there too") {
    std::vector<std::uint16_t> registers = text("EX4567890123AB", 20);
    put(registers, 7, text("SolaX", 7));
    put(registers, 14, text("example", 6));
    const Played named = Talk().read(1, 3, 0, registers).write(1, 0x1f, 3).played();
    CHECK(value(named, Field::brand) == "SolaX");
    CHECK(value(named, Field::serial) == "EX4567890123AB");
    REQUIRE(of(named, Field::remote_observed).size() == 1);
    CHECK(of(named, Field::remote_observed)[0]->strength == Strength::Stated);
    registers[0] = 0x0102;
    CHECK(value(Talk().read(1, 3, 0, registers).played(), Field::brand).empty());
    CHECK(value(Talk().read(1, 4, 0, registers).played(), Field::brand).empty());
}

TEST_CASE("Growatt: firmware, serial number, own address and maker's words in one reply, or nothing") {
    std::vector<std::uint16_t> registers(45);
    put(registers, 9, text("EX1.0ZEXA010", 6));
    put(registers, 23, text("EXA1234567", 5));
    registers[30] = 3;
    put(registers, 34, text("   PV Example", 8));
    const Played named = Talk().read(3, 3, 0, registers).write(3, 0, 0).played();
    CHECK(value(named, Field::brand) == "Growatt");
    CHECK(value(named, Field::firmware) == "EX1.0ZEXA010");
    CHECK(value(named, Field::serial) == "EXA1234567");
    CHECK(value(named, Field::remote_observed) == "modbus write on/off from 192.0.2.10");
    CHECK(value(Talk().read(1, 3, 0, registers).played(), Field::brand).empty());
    registers[34] = 0;
    CHECK(value(Talk().read(3, 3, 0, registers).played(), Field::brand).empty());
    // The firmware alone, once the plate was seen.
    const auto firmware = text("EX1.0ZEXA010", 6);
    CHECK(value(Talk().read(1, 3, 9, firmware).played(), Field::firmware).empty());
    CHECK(value(Talk().read(1, 3, 23, text("EXA1234567", 5)).read(1, 3, 9, firmware).played(), Field::firmware) ==
          "EX1.0ZEXA010");
}

TEST_CASE("Sofar: serial number, hardware and software in one reply; the same inverter under another brand stays unnamed") {
    std::vector<std::uint16_t> registers(23);
    put(registers, 0, text("SX1ES12345678901", 8));
    put(registers, 8, text("V003", 2));
    put(registers, 14, text("0V100021", 4));
    const Played named = Talk().read(1, 3, 0x0445, registers).write(1, 0x1187, 0).played();
    CHECK(value(named, Field::brand) == "SOFAR");
    CHECK(value(named, Field::firmware) == "0V100021");
    CHECK(value(named, Field::remote_observed) == "modbus write battery power from 192.0.2.10");
    put(registers, 0, text("ZX1ES12345678901", 8));
    const Played other = Talk().read(1, 3, 0x0445, registers).played();
    CHECK(value(other, Field::brand).empty());
    CHECK(value(other, Field::serial) == "ZX1ES12345678901");
    put(registers, 8, text("X003", 2));
    CHECK(value(Talk().read(1, 3, 0x0445, registers).played(), Field::serial).empty());
}

TEST_CASE("GoodWe's grid inverters: model and serial number in one reply") {
    std::vector<std::uint16_t> registers(40);
    put(registers, 3, text("9EX0DTU123456789", 8));
    put(registers, 11, text("GW10K-EX", 5));
    const Played named = Talk().read(0x7f, 3, 30001, registers).played();
    CHECK(value(named, Field::brand) == "GoodWe");
    CHECK(value(named, Field::model) == "GW10K-EX");
    CHECK(value(named, Field::serial) == "9EX0DTU123456789");
    put(registers, 3, std::vector<std::uint16_t>(8));
    CHECK(value(Talk().read(0x7f, 3, 30001, registers).played(), Field::brand).empty());
}

TEST_CASE("Victron's list is one for all units of a host whose system unit has shown its portal id") {
    const auto portal = text("00005e005320", 6);
    const Played played = Talk().read(100, 3, 800, portal).write(227, 33, 4).write(100, 2700, 0).write(227, 34, 4).played();
    const auto written = of(played, Field::remote_observed);
    REQUIRE(written.size() == 2);
    CHECK(written[0]->value == "modbus write mode from 192.0.2.10");
    CHECK(written[1]->value == "modbus write active power setpoint from 192.0.2.10");
    CHECK(commands(Talk().read(1, 3, 800, portal).write(227, 33, 4).played()).empty());
}

TEST_CASE("a control register that is read and holds one of its values is a way in; another value, function or maker is none") {
    const std::vector<std::uint16_t> plate = text("A2340000042", 10);
    const auto exposed = [&](std::uint8_t function, std::uint16_t at, std::uint16_t value, bool known = true) {
        Talk talk;
        if (known) talk.read(1, 4, 4989, plate).read(1, 4, 4999, {0x2c06, 1100});
        talk.read(1, function, at, {value});
        std::string out;
        const Played played = talk.played();
        for (const auto* one : of(played, Field::remote_exposed)) out += std::string(name(one->strength)) + " " + one->value;
        return out;
    };
    CHECK(exposed(3, 5006, 0x55) == "matched modbus active power limit");
    CHECK(exposed(3, 5006, 0xaa) == "matched modbus active power limit");
    CHECK(exposed(3, 13049, 2) == "matched modbus energy management mode");
    CHECK(exposed(3, 5006, 0) == "");
    CHECK(exposed(3, 5006, 0xffff) == "");
    CHECK(exposed(4, 5006, 0x55) == "");
    CHECK(exposed(3, 5005, 0xcf) == "");
    CHECK(exposed(3, 5006, 0x55, false) == "");
}

TEST_SUITE_END();

}  // namespace modbus_maps_test
