#include "decoders/mqtt_topics.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/text.h"
#include "decoders/json_reader.h"
#include "decoders/text_lines.h"

namespace herkomst {

namespace {

constexpr std::size_t payload_most = 4096;

struct Victron {
    char verb = 0;  // N notification, W write request
    std::string_view portal;
    std::string_view service;
    std::string_view instance;
    std::string_view path;
};

bool all_of(std::string_view text, std::string_view alphabet) {
    return !text.empty() && text.find_first_not_of(alphabet) == std::string_view::npos;
}

// victronenergy/dbus-flashmq, README, "Notifications" and "Write requests". The portal id is twelve hexadecimal digits (the MAC
// address of the GX device), the service a word, the instance a number.
Victron read_victron(std::string_view topic) {
    Victron out;
    if (topic.size() < 20 || (topic[0] != 'N' && topic[0] != 'W') || topic[1] != '/' || !is_text(topic)) return out;
    const std::size_t service = 15;
    if (topic[14] != '/') return out;
    out.portal = topic.substr(2, 12);
    const std::size_t instance = topic.find('/', service);
    if (instance == std::string_view::npos) return out;
    const std::size_t path = topic.find('/', instance + 1);
    if (path == std::string_view::npos || path + 1 == topic.size()) return out;
    out.service = topic.substr(service, instance - service);
    out.instance = topic.substr(instance + 1, path - instance - 1);
    out.path = topic.substr(path + 1);
    const bool shaped = all_of(out.portal, "0123456789abcdef") && all_of(out.service, "abcdefghijklmnopqrstuvwxyz") &&
                        all_of(out.instance, "0123456789") && out.instance.size() <= 5;
    if (shaped) out.verb = topic[0];
    return out;
}

// victronenergy/venus, wiki "dbus": what every service says of its device.
struct Said {
    std::string_view path;
    Field field;
};
constexpr auto said_by_victron =
    std::to_array<Said>({{"ProductName", Field::product}, {"Serial", Field::serial}, {"HardwareVersion", Field::hardware}});

const Said* said_in(const Victron& topic) {
    const auto at =
        std::find_if(said_by_victron.begin(), said_by_victron.end(), [&](const Said& said) { return said.path == topic.path; });
    return at == said_by_victron.end() ? nullptr : &*at;
}

// The GX publishes to a broker elsewhere, or is the broker itself: what a broker tells is about something behind it.
void observe_victron(const Victron& topic, const Slice& place, const Slice& payload, const Flow& flow, Claims& claims) {
    const std::string step = "victron/" + std::string(topic.portal);
    if (topic.verb == 'W') {
        Claims target = claims.about(flow.receiver);
        if (flow.from_opener) target = target.part(step);
        target.stated(Field::remote_observed, "victron write " + std::string(topic.service) + " from " + flow.sender.ip.text(),
                      place, "write");
        return;
    }
    Claims gx = flow.from_opener ? claims : claims.part(step);
    gx.stated(Field::unique_id, "vrm:" + std::string(topic.portal), place, "victron");
    // Venus OS also runs on a Raspberry Pi (its wiki, "Home"): the program is Victron's, the box mostly.
    gx.matched(Field::stack_maker, "Victron Energy", place, "victron");
    gx.hinted(Field::brand, "Victron Energy", place, "victron");
    const Said* said = said_in(topic);
    if (said == nullptr || payload.empty() || topic.service == "system") return;
    const JsonScalars json = read_json(payload.text());
    const std::string_view value = json.string_at("value");
    if (!json.whole || value.empty()) return;
    Claims device = gx.part("victron/" + std::string(topic.service) + "-" + std::string(topic.instance));
    device.stated(said->field, value, payload, "victron");
}

// Home Assistant, "MQTT discovery": <prefix>/<component>/[<node_id>/]<object_id>/config.
bool is_discovery(std::string_view topic) {
    const auto slashes = std::count(topic.begin(), topic.end(), '/');
    return topic.starts_with("homeassistant/") && topic.ends_with("/config") && (slashes == 3 || slashes == 4) &&
           is_text(topic);
}

// The same: device registry entries, long and abbreviated.
void observe_discovery(const Slice& payload, Claims& claims) {
    const JsonScalars json = read_json(payload.text());
    if (!json.whole) return;
    const auto either = [&](std::string_view whole, std::string_view abbreviated) {
        for (const std::string_view device : {"device/", "dev/"}) {
            for (const std::string_view key : {whole, abbreviated}) {
                const std::string_view text = json.string_at(std::string(device) + std::string(key));
                if (!text.empty()) return text;
            }
        }
        return std::string_view();
    };
    std::string_view id = either("identifiers/0", "ids/0");
    if (id.empty()) id = either("identifiers", "ids");
    const std::string_view maker = either("manufacturer", "mf");
    const std::string_view model = either("model", "mdl");
    if (id.empty() || (maker.empty() && model.empty())) return;
    Claims device = claims.part("mqtt/" + std::string(id));
    device.stated(Field::brand, maker, payload, "discovery");
    device.stated(Field::model, model, payload, "discovery");
    device.stated(Field::firmware, either("sw_version", "sw"), payload, "discovery");
    device.stated(Field::hardware, either("hw_version", "hw"), payload, "discovery");
    device.stated(Field::serial, either("serial_number", "sn"), payload, "discovery");
}

// Ids as they leave the factory: "shelly1-A1B2C3", "tasmota_A1B2C3". Others are names that people gave.
bool is_factory_id(std::string_view id, std::string_view family, char mark) {
    const std::size_t at = id.rfind(mark);
    if (!id.starts_with(family) || at == std::string_view::npos || id.size() > 32) return false;
    const std::string_view digits = id.substr(at + 1);
    return (digits.size() == 6 || digits.size() == 12) && all_of(digits, "0123456789ABCDEFabcdef") &&
           all_of(id.substr(0, at), "abcdefghijklmnopqrstuvwxyz0123456789-");
}

enum class Switch { None, ShellyAnnounce, ShellyCommand, TasmotaDiscovery, TasmotaCommand };

// Shelly, "Gen1 Device API", MQTT; Tasmota, "MQTT" and the discovery that Home Assistant's integration reads.
Switch switch_topic(std::string_view topic, std::string_view& id) {
    if (topic == "shellies/announce") return Switch::ShellyAnnounce;
    const bool possible = topic.starts_with("shellies/") || topic.starts_with("cmnd/") || topic.starts_with("tasmota/");
    if (!possible || topic.size() > 128) return Switch::None;
    const std::vector<std::string_view> steps = split(topic, '/');
    if (steps.size() < 3) return Switch::None;
    id = steps[1];
    if (steps[0] == "shellies" && is_factory_id(id, "shelly", '-')) {
        if (steps.size() == 3 && steps[2] == "announce") return Switch::ShellyAnnounce;
        return steps.size() == 5 && steps[4] == "command" ? Switch::ShellyCommand : Switch::None;
    }
    if (steps[0] == "cmnd" && is_factory_id(id, "tasmota", '_'))
        return steps.size() == 3 && starts_with_ignoring_case(steps[2], "power") ? Switch::TasmotaCommand : Switch::None;
    if (steps.size() == 4 && steps[0] == "tasmota" && steps[1] == "discovery" && steps[3] == "config") {
        id = steps[2];
        const bool mac = id.size() == 12 && all_of(id, "0123456789ABCDEF");
        return mac ? Switch::TasmotaDiscovery : Switch::None;
    }
    return Switch::None;
}

// Whoever publishes may pass on for others: by its address a device is known to speak of itself.
void observe_announcement(bool shelly, const Slice& payload, const Flow& flow, Claims& claims) {
    const JsonScalars json = read_json(payload.text());
    const std::optional<Mac> mac = Mac::parse(json.string_at("mac"));
    if (!json.whole || !mac) return;
    const bool itself = json.string_at("ip") == flow.sender.ip.text();
    Claims device = itself ? claims : claims.part("mqtt/" + mac->text());
    if (shelly) {
        device.matched(Field::brand, "Shelly", payload, "announce");
        device.stated(Field::model, json.string_at("model"), payload, "announce");
        device.stated(Field::firmware, json.string_at("fw_ver"), payload, "announce");
        return;
    }
    const std::string_view version = json.string_at("sw");
    if (!version.empty()) device.stated(Field::software, "Tasmota " + std::string(version), payload, "discovery");
    // What hardware it is, its owner chose from a list.
    device.hinted(Field::product, json.string_at("md"), payload, "discovery");
}

void observe_switch(const Slice& topic, const Slice& payload, const Flow& flow, Claims& claims) {
    std::string_view id;
    const Switch kind = switch_topic(topic.text(), id);
    switch (kind) {
        case Switch::None:
            break;
        case Switch::ShellyAnnounce:
        case Switch::TasmotaDiscovery:
            if (!payload.empty()) observe_announcement(kind == Switch::ShellyAnnounce, payload, flow, claims);
            break;
        case Switch::ShellyCommand:
        case Switch::TasmotaCommand:
            claims.about(flow.receiver)
                .part("mqtt/" + std::string(id))
                .stated(
                    Field::remote_observed,
                    (kind == Switch::ShellyCommand ? "shelly switch from " : "tasmota switch from ") + flow.sender.ip.text(),
                    topic, "command");
            break;
    }
}

}  // namespace

std::size_t payload_wanted(std::string_view topic) {
    const Victron victron = read_victron(topic);
    if (victron.verb == 'N' && said_in(victron) != nullptr) return payload_most;
    std::string_view id;
    const Switch kind = switch_topic(topic, id);
    const bool announces = kind == Switch::ShellyAnnounce || kind == Switch::TasmotaDiscovery;
    return announces || is_discovery(topic) ? payload_most : 0;
}

void observe_mqtt_topic(const Slice& topic, const Slice& payload, const Flow& flow, Claims& claims) {
    const Victron victron = read_victron(topic.text());
    if (victron.verb != 0) {
        observe_victron(victron, topic, payload, flow, claims);
    } else if (flow.from_opener && is_discovery(topic.text())) {
        if (!payload.empty()) observe_discovery(payload, claims);
    } else if (flow.from_opener) {
        observe_switch(topic, payload, flow, claims);
    }
}

}  // namespace herkomst
