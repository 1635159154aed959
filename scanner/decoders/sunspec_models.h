// What SunSpec's information models say of a device: one table each for what it is, what it can be told to do, how much it is
// rated for and what it calls itself. After github.com/sunspec/models, commit 7abdf8982d5364f8ae916deee18aac86c11be36d, where
// models 602 and 603 do not stand. Offsets count registers from the model's id register. Models of makers (64001 and up) are
// passed over: their numbers mean something else per maker.
//
// Not read, whatever is in them: the phone number, PIN, IMEI and access point of model 18, user name and password of model 14,
// the place of model 305.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/field.h"

namespace herkomst::sunspec {

// Weak: a sensor that other devices have too. Model 701 measures any DER, so it says nothing about the kind.
enum class Kind : std::uint8_t { None, Sensor, Inverter, Battery, Other };
struct Sort {
    std::uint16_t first;
    std::uint16_t last;
    Kind kind;
    std::string_view category;
};
inline constexpr Sort sorts[] = {
    {101, 103, Kind::Inverter, "solar_inverter"},
    {111, 113, Kind::Inverter, "solar_inverter"},
    {201, 204, Kind::Other, "energy_meter"},
    {211, 214, Kind::Other, "energy_meter"},
    {220, 220, Kind::Other, "energy_meter"},
    {302, 304, Kind::Sensor, "weather_station"},  // irradiance, temperature of a module, inclination
    {307, 308, Kind::Sensor, "weather_station"},
    {401, 404, Kind::Other, "string_combiner"},
    {501, 502, Kind::Other, "optimizer"},  // a module with a DC converter
    {601, 601, Kind::Other, "solar_tracker"},
    {801, 809, Kind::Battery, "battery"},
};

// A point that switches or limits the device.
struct Control {
    std::uint16_t model;
    std::uint8_t offset;
    std::uint8_t registers;
    std::string_view point;
    std::string_view exposed;    // what its presence offers; empty: only a write to it is worth telling
    bool with_the_model = true;  // listing the model declares it; false: only a point that was read and is implemented does
};
inline constexpr Control controls[] = {
    {123, 4, 1, "Conn", "sunspec 123 connect/disconnect"},
    {123, 5, 1, "WMaxLimPct", "sunspec 123 power limit"},
    {123, 9, 1, "WMaxLim_Ena", {}},
    {124, 5, 1, "StorCtl_Mod", "sunspec 124 storage control"},
    {124, 12, 1, "OutWRte", {}},
    {124, 13, 1, "InWRte", {}},
    {501, 8, 1, "Ctl", "sunspec 501 module control", false},
    {502, 12, 1, "Ctl", "sunspec 502 module control", false},
    {601, 20, 2, "GlblElCtl", {}},
    {601, 22, 2, "GlblAzCtl", {}},
    {601, 24, 1, "GlblCtl", "sunspec 601 tracker control", false},
    {703, 2, 1, "ES", "sunspec 703 enter service"},
    {704, 15, 1, "WMaxLimPct", "sunspec 704 power limit"},
    {704, 14, 1, "WMaxLimPctEna", {}},
    {704, 22, 1, "WSetEna", {}},
    {704, 24, 2, "WSet", {}},
    {704, 28, 1, "WSetPct", {}},
    {715, 8, 1, "OpCtl", "sunspec 715 start/stop"},
    {802, 50, 1, "SetOp", "sunspec 802 battery connect/disconnect"},
    {802, 51, 1, "SetInvState", "sunspec 802 inverter start/stop"},
    {804, 36, 1, "SetEna", {}},
    {804, 37, 1, "SetCon", "sunspec 804 string connect/disconnect", false},
};

// Where a rating and its scale factor stand.
struct Rating {
    std::uint16_t model;
    std::uint8_t value;
    std::uint8_t scale;
};
inline constexpr Rating ratings[] = {{120, 3, 4}, {702, 2, 45}};

// A text of the device's own.
struct Text {
    std::uint16_t model;
    std::uint8_t offset;
    std::uint8_t registers;
    Field field;
    std::string_view point;
};
inline constexpr Text texts[] = {
    {1, 2, 16, Field::brand, "sunspec.1.Mn"},
    {1, 18, 16, Field::model, "sunspec.1.Md"},
    {1, 42, 8, Field::firmware, "sunspec.1.Vr"},
    {1, 50, 16, Field::serial, "sunspec.1.SN"},
    {12, 87, 12, Field::hostname, "sunspec.12.HostNam"},
};

// A value that stands for a fact: 120.DERTyp, 715.LocRemCtl. In local mode (1) nothing is said: it can be left at any time, so
// it is no evidence that a way in is cut.
struct Choice {
    std::uint16_t model;
    std::uint8_t offset;
    std::uint16_t value;
    Field field;
    std::string_view says;
};
inline constexpr Choice choices[] = {
    {120, 2, 4, Field::category, "solar_inverter"},
    {120, 2, 82, Field::category, "hybrid_inverter"},
    {715, 2, 0, Field::remote_exposed, "sunspec 715 in remote mode"},
};

// An interface's own addresses: a MAC as eui48 (two bytes, then six), an IPv4 address as text; offset 0: none.
struct Interface {
    std::uint16_t model;
    std::uint8_t mac;
    std::uint8_t ip;
};
inline constexpr std::uint8_t ip_registers = 8;
inline constexpr Interface interfaces[] = {{11, 5, 0}, {12, 0, 11}, {16, 48, 8}};

inline constexpr std::uint16_t cellular_link = 18;

}  // namespace herkomst::sunspec
