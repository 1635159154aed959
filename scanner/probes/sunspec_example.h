// The transcripts of the makers' SunSpec probes, which differ in unit and port only: the same inverter, which can be
// disconnected and limited, and a gateway behind which nobody stands at that unit.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "probes/probe.h"

namespace herkomst::modbus_reads {

template <std::uint16_t port, std::uint8_t unit>
class SunspecExample {
    struct Text {
        std::array<char, 512> letters{};
        std::size_t size = 0;

        constexpr void add(char letter) { letters[size++] = letter; }
        constexpr void add(unsigned number) {
            if (number >= 10) add(number / 10);
            add(static_cast<char>('0' + number % 10));
        }
        [[nodiscard]] constexpr std::string_view view() const { return {letters.data(), size}; }
    };
    // "##": the unit in hexadecimal; "@": where a claim about it belongs.
    static consteval Text text(std::string_view pattern) {
        constexpr std::string_view digits = "0123456789abcdef";
        Text out;
        for (std::size_t i = 0; i < pattern.size(); ++i) {
            if (pattern[i] == '#') {
                out.add(digits[i + 1 < pattern.size() && pattern[i + 1] == '#' ? unit >> 4 : unit & 15]);
            } else if (pattern[i] == '@') {
                for (const char letter : std::string_view("server[modbus/")) out.add(letter);
                out.add(unsigned{port});
                out.add('/');
                out.add(unsigned{unit});
                out.add(']');
            } else {
                out.add(pattern[i]);
            }
        }
        return out;
    }

    static constexpr Text asked[] = {
        text("1234 0000 0006 ## 03 9c40 0002"), text("1235 0000 0006 ## 03 9c42 0002"), text("1236 0000 0006 ## 03 9c42 0042"),
        text("1237 0000 0006 ## 03 9c86 0002"), text("1238 0000 0006 ## 03 9cba 0002"), text("1239 0000 0006 ## 03 9cba 0005"),
        text("123a 0000 0006 ## 03 9cd6 0002"), text("123b 0000 0006 ## 03 9cd6 000a"), text("123c 0000 0006 ## 03 9cf0 0002"),
    };
    static constexpr Text told[] = {
        text("1234 0000 0007 ## 03 04 53756e53"),
        text("1235 0000 0007 ## 03 04 0001 0042"),
        text("1236 0000 0087 ## 03 84 0001 0042"
             "4578616d706c6520536f6c617200000000000000000000000000000000000000"  // Example Solar
             "53552d31304b0000000000000000000000000000000000000000000000000000"  // SU-10K
             "00000000000000000000000000000000"
             "312e322e330000000000000000000000"                                    // 1.2.3
             "4558303030303432000000000000000000000000000000000000000000000000"),  // EX000042
        text("1237 0000 0007 ## 03 04 0067 0032"),
        text("1238 0000 0007 ## 03 04 0078 001a"),
        text("1239 0000 000d ## 03 0a 0078 001a 0004 03e8 0001"),
        text("123a 0000 0007 ## 03 04 007b 0018"),
        text("123b 0000 0017 ## 03 14 007b 0018 0000 0000 0001 03e8 0000 0000 0000 0000"),
        text("123c 0000 0007 ## 03 04 ffff 0000"),
    };
    static constexpr Text said[] = {
        text("server role=modbus server"),
        text("@ brand=Example Solar"),
        text("@ category=solar_inverter"),
        text("@ firmware=1.2.3"),
        text("@ model=SU-10K"),
        text("@ rated_power=10000"),
        text("@ remote_exposed=sunspec 123 connect/disconnect"),
        text("@ remote_exposed=sunspec 123 power limit"),
        text("@ serial=EX000042"),
    };
    // MODBUS Application Protocol V1.1b3 section 7, exception 0B.
    static constexpr Text refused = text("1234 0000 0003 ## 83 0b");

    static constexpr auto turns = [] {
        static_assert(std::size(told) == std::size(asked), "each question has its answer");
        std::array<Turn, std::size(asked)> all{};
        for (std::size_t i = 0; i < all.size(); ++i) all[i] = {asked[i].view(), {}, told[i].view(), {}};
        return all;
    }();
    static constexpr auto claims = [] {
        std::array<std::string_view, std::size(said)> all{};
        for (std::size_t i = 0; i < all.size(); ++i) all[i] = said[i].view();
        return all;
    }();
    static constexpr Turn gateway_turns[] = {{asked[0].view(), {}, refused.view(), {}}};

  public:
    static constexpr Transcript transcripts[] = {
        {"an inverter that can be disconnected and limited", Origin::Server, "modbus-serial 8.0.25 with a map of our own",
         turns, claims},
        {"nobody stands at that unit: no other is tried", Origin::Documented,
         "MODBUS Application Protocol V1.1b3 section 7, exception 0B", gateway_turns, std::span(claims).first(1),
         ProbeOutcome::Declined},
    };
};

}  // namespace herkomst::modbus_reads
