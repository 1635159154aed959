#include "probes/plant_ports.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "decoders/decoder.h"
#include "identity/relations.h"

namespace herkomst {

namespace {

bool is_stream(const Probe& probe) { return probe.transport == Transport::Tcp || probe.transport == Transport::Tls; }

template <class Ports>
bool lists(const Ports& ports, std::uint16_t port) {
    return std::ranges::find(ports, port) != ports.end();
}

// Whatever carries it there: a server of the one often listens with the other too.
bool has_port(const Decoder& decoder, std::uint16_t port) {
    return (has(decoder.layers, Layer::Tcp) || has(decoder.layers, Layer::Udp)) && lists(decoder.ports, port);
}

// Ports of plants that no question goes to and no decoder looks at first: CODESYS 3 over TCP, its gateway.
constexpr std::pair<std::uint16_t, std::string_view> further_ports[] = {{11740, "codesys"}, {1217, "codesys"}};

}  // namespace

bool of_a_plant(std::string_view service) {
    constexpr std::string_view further[] = {"atg", "genisys", "modbus_rtu", "synchrophasor"};
    if (is_polled(service) || std::ranges::find(further, service) != std::end(further)) return true;
    return std::ranges::any_of(all_probes(),
                               [&](const Probe& probe) { return probe.few_sessions && probe.decoder == service; });
}

std::string_view plant_owner_of(std::uint16_t port, const Probe& asker) {
    if (lists(asker.ports, port)) return {};
    const bool stream = is_stream(asker);
    if (!stream && asker.transport != Transport::Udp) return {};
    const auto owner = [&](const auto& whose) -> std::string_view {
        for (const Probe& each : all_probes()) {
            if (!whose(each) || each.decoder == asker.decoder || !lists(each.ports, port)) continue;
            if (is_stream(each) == stream && (stream || each.transport == Transport::Udp)) return each.name;
        }
        return {};
    };
    if (const auto plant = owner([](const Probe& each) { return each.family == Family::Ot; }); !plant.empty()) return plant;
    if (const auto few = owner([](const Probe& each) { return each.few_sessions; }); !few.empty()) return few;
    const auto taken = [](std::string_view service) {
        return of_a_plant(service) || std::ranges::any_of(all_probes(), [&](const Probe& each) {
                   return each.family == Family::Ot && each.decoder == service;
               });
    };
    const Decoder* const own = decoder_named(asker.decoder);
    if (own != nullptr && has_port(*own, port)) return {};
    for (const Decoder& each : all_decoders())
        if (has_port(each, port) && taken(each.name)) return each.name;
    for (const auto& [number, service] : further_ports)
        if (number == port && service != asker.decoder) return service;
    return {};
}

}  // namespace herkomst
