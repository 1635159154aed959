// Topics of MQTT that name a product, beside Sparkplug: Victron's, those by which Home Assistant finds devices, and those of
// switches (Shelly, and the firmware Tasmota on many makers' hardware).
//
//   N/<portal>/<service>/<instance>/<path>    what a device behind a GX says, {"value": ...}; W/... asks to change it
//   homeassistant/<kind>/[<node>/]<object>/config    {"device": {"manufacturer", "model", "identifiers", ...}}
//   shellies/[<id>/]announce                  {"id", "model", "mac", "ip", "fw_ver"}
//   shellies/<id>/<part>/<n>/command          asks to switch
//   tasmota/discovery/<mac>/config            {"ip", "hn", "md", "mac", "sw", ...};   cmnd/<id>/POWER asks to switch
//
// Names that people gave, values and other topics are not kept.
#pragma once

#include <cstddef>
#include <string_view>

#include "decoders/decoder.h"

namespace herkomst {

// How many bytes of a payload are worth waiting for; 0: the topic says enough, or nothing.
std::size_t payload_wanted(std::string_view topic);

// `payload` is whole or empty.
void observe_mqtt_topic(const Slice& topic, const Slice& payload, const Flow&, Claims&);

}  // namespace herkomst
