#include "plant_replay.h"

#include <algorithm>
#include <string>

#include "decoders/run.h"

namespace herkomst {

namespace {

using Octets = std::vector<std::uint8_t>;
using std::chrono::seconds;

void put(Octets& to, std::string_view text) { to.insert(to.end(), text.begin(), text.end()); }
void put8(Octets& to, std::uint64_t value) { to.push_back(static_cast<std::uint8_t>(value)); }
void put16(Octets& to, std::uint64_t value) {
    put8(to, value >> 8);
    put8(to, value);
}
void put32(Octets& to, std::uint64_t value) {
    put16(to, value >> 16);
    put16(to, value);
}
void put_mac(Octets& to, unsigned device) {
    put32(to, 0x00005e00U);
    put16(to, 0x5300U + device);
}

// Who they are: 1 the router, 2 the control room, 3 to 14 Modbus, 15 to 18 BACnet, 19 to 21 cameras, 22 to 25 workstations.
constexpr unsigned router = 1;
constexpr unsigned control_room = 2;
constexpr unsigned everybody = 255;
constexpr unsigned mdns_group = 251;
constexpr unsigned ssdp_group = 252;
constexpr unsigned cloud = 100;

Octets name_of(std::string_view dotted) {
    Octets out;
    while (!dotted.empty()) {
        const std::size_t dot = std::min(dotted.find('.'), dotted.size());
        put8(out, dot);
        put(out, dotted.substr(0, dot));
        dotted.remove_prefix(std::min(dot + 1, dotted.size()));
    }
    put8(out, 0);
    return out;
}

void append(Octets& to, const Octets& from) { to.insert(to.end(), from.begin(), from.end()); }

}  // namespace

// Ethernet, IPv4 without options, then what is given. Checksums are left out: captures have wrong ones often enough.
void PlantReplay::send(Time at, unsigned from, unsigned to, std::uint8_t protocol, const Octets& rest) {
    Octets frame;
    if (to == everybody) {
        frame.assign(6, 0xff);
    } else if (to == mdns_group) {
        frame = {0x01, 0x00, 0x5e, 0x00, 0x00, 0xfb};
    } else if (to == ssdp_group) {
        frame = {0x01, 0x00, 0x5e, 0x7f, 0xff, 0xfa};
    } else {
        put_mac(frame, to == cloud ? router : to);
    }
    put_mac(frame, from == cloud ? router : from);
    put16(frame, 0x0800);
    put16(frame, 0x4500);
    put16(frame, 20 + rest.size());
    put32(frame, 0);
    put8(frame, from == cloud ? 57 : 64);
    put8(frame, protocol);
    put16(frame, 0);
    const auto address = [&](unsigned device) {
        if (device == everybody) return put32(frame, 0xffffffffU);
        if (device == mdns_group) return put32(frame, 0xe00000fbU);
        if (device == ssdp_group) return put32(frame, 0xeffffffaU);
        put32(frame, (device == cloud ? 0xcb007100U : 0xc0000200U) + device);
    };
    address(from);
    address(to);
    append(frame, rest);
    Packet out;
    out.at = at;
    out.bytes = frame;
    out.wire_length = static_cast<std::uint32_t>(frame.size());
    out.link_type = 1;
    out.number = ++frames_;
    packet(out);
}

void PlantReplay::datagram(Time at, unsigned from, unsigned to, std::uint16_t from_port, std::uint16_t to_port,
                           const Octets& payload) {
    Octets out;
    put16(out, from_port);
    put16(out, to_port);
    put16(out, 8 + payload.size());
    put16(out, 0);
    append(out, payload);
    send(at, from, to, 17, out);
}

void PlantReplay::segment(Time at, Connection& connection, unsigned client, unsigned server, bool from_client,
                          std::uint16_t port, std::uint8_t flags, const Octets& payload) {
    constexpr std::uint8_t syn = 2, fin = 1, ack = 16;
    Octets out;
    put16(out, from_client ? connection.port : port);
    put16(out, from_client ? port : connection.port);
    std::uint32_t& sequence = connection.sequence[from_client ? 0 : 1];
    put32(out, sequence);
    put32(out, (flags & ack) != 0 ? connection.sequence[from_client ? 1 : 0] : 0);
    put16(out, 0x5000U | flags);
    put16(out, 8192);
    put32(out, 0);
    append(out, payload);
    sequence += static_cast<std::uint32_t>(payload.size()) + ((flags & (syn | fin)) != 0 ? 1 : 0);
    send(at, from_client ? client : server, from_client ? server : client, 6, out);
}

// One connection a day: who it is, then its registers again and again.
void PlantReplay::ask(Time at, unsigned device, std::uint64_t day) {
    Connection& connection = polled_[device - 1];
    const auto say = [&](bool from_client, std::uint8_t flags, const Octets& payload) {
        segment(at, connection, control_room, device, from_client, 502, flags, payload);
    };
    if (polled_on_[device - 1] != day + 1) {
        if (polled_on_[device - 1] != 0) {
            say(true, 17, {});
            say(false, 17, {});
        }
        polled_on_[device - 1] = day + 1;
        connection.port = static_cast<std::uint16_t>(33'000 + (day * 131 + device * 17) % 30'000);
        connection.sequence[0] = static_cast<std::uint32_t>(day * 7'919 + device);
        connection.sequence[1] = static_cast<std::uint32_t>(day * 104'729 + device);
        say(true, 2, {});
        say(false, 18, {});
        say(true, 16, {0, 1, 0, 0, 0, 5, 1, 0x2b, 0x0e, 1, 0});
        Octets objects = {1, 0x2b, 0x0e, 1, 1, 0, 0, 2};
        put8(objects, 0);
        put8(objects, 13);
        put(objects, "Example Works");
        put8(objects, 1);
        put8(objects, 6);
        put(objects, "EX-5" + std::to_string(10 + device));
        Octets answer = {0, 1, 0, 0};
        put16(answer, objects.size());
        append(answer, objects);
        say(false, 16, answer);
    }
    const auto turn = static_cast<std::uint16_t>(connection.sequence[0]);
    Octets question;
    put16(question, turn);
    for (const unsigned byte : {0U, 0U, 0U, 6U, 1U, 3U, 0U, 0x10U, 0U, 4U}) put8(question, byte);
    say(true, 24, question);
    Octets answer;
    put16(answer, turn);
    for (const unsigned byte : {0U, 0U, 0U, 11U, 1U, 3U, 8U}) put8(answer, byte);
    put32(answer, connection.sequence[1] * 2'654'435'761U);
    put32(answer, device);
    say(false, 24, answer);
}

// RFC 2131: a lease is renewed, and answered.
void PlantReplay::lease(Time at, unsigned device, std::uint32_t id) {
    const auto message = [&](bool request) {
        Octets out = {static_cast<std::uint8_t>(request ? 1 : 2), 1, 6, 0};
        put32(out, id);
        put32(out, 0);
        put32(out, 0xc0000200U + device);
        put32(out, request ? 0 : 0xc0000200U + device);
        put32(out, 0);
        put32(out, 0);
        put_mac(out, device);
        out.resize(out.size() + 10 + 64 + 128);
        put32(out, 0x63825363U);
        for (const unsigned byte : {53U, 1U, request ? 3U : 5U}) put8(out, byte);
        if (request) {
            const std::string name = "plant-" + std::to_string(device);
            put8(out, 12);
            put8(out, name.size());
            put(out, name);
            for (const unsigned byte : {55U, 4U, 1U, 3U, 6U, 15U}) put8(out, byte);
        }
        put8(out, 255);
        return out;
    };
    datagram(at, device, router, 68, 67, message(true));
    datagram(at, router, device, 67, 68, message(false));
}

// Workstations look up names without end: every one is new.
void PlantReplay::look_up(Time at, unsigned device, std::uint64_t nth) {
    const Octets name = name_of("r" + std::to_string(nth * 7'919 % 1'000'003) + ".cdn.example.net");
    const auto message = [&](bool answer) {
        Octets out;
        put16(out, nth);
        put16(out, answer ? 0x8180 : 0x0100);
        put16(out, 1);
        put16(out, answer ? 1 : 0);
        put32(out, 0);
        append(out, name);
        put32(out, 0x00010001U);
        if (answer) {
            put16(out, 0xc00c);
            put32(out, 0x00010001U);
            put32(out, 300);
            put16(out, 4);
            put32(out, 0xcb007100U + nth % 200);
        }
        return out;
    };
    const auto port = static_cast<std::uint16_t>(49'152 + nth % 16'000);
    datagram(at, device, router, port, 53, message(false));
    datagram(at, router, device, 53, port, message(true));
}

void PlantReplay::announce(Time at, unsigned device) {
    if (device <= 18) {  // BACnet I-Am: device instance, largest message, no segmentation, vendor 999
        Octets out = {0x81, 0x0b, 0x00, 0x18, 0x01, 0x20, 0xff, 0xff, 0x00, 0xff, 0x10, 0x00, 0xc4, 0x02, 0x00, 0x10};
        put8(out, device);
        for (const unsigned byte : {0x22U, 0x01U, 0xe0U, 0x91U, 0x00U, 0x21U, 0x7bU}) put8(out, byte);
        datagram(at, device, everybody, 47808, 47808, out);
        return;
    }
    Octets out = {0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0};
    append(out, name_of("camera-" + std::to_string(device) + ".local"));
    put32(out, 0x00018001U);
    put32(out, 120);
    put16(out, 4);
    put32(out, 0xc0000200U + device);
    datagram(at, device, mdns_group, 5353, 5353, out);
}

// A router that counts in the name of its software: a value that is never the same twice.
void PlantReplay::notify(Time at, std::uint64_t nth) {
    Octets out;
    put(out,
        "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nCACHE-CONTROL: max-age=1800\r\n"
        "LOCATION: http://192.0.2.1:49152/device.xml\r\nNT: upnp:rootdevice\r\nNTS: ssdp:alive\r\nSERVER: Example/3." +
            std::to_string(nth) +
            " UPnP/1.1 ExampleRouter/1.0\r\nUSN: uuid:00000000-0000-4000-8000-00005e005301::upnp:rootdevice\r\n\r\n");
    datagram(at, router, ssdp_group, 1900, 1900, out);
}

// A camera calls its maker: the first flight of the decoder's own example.
void PlantReplay::call_home(Time at, unsigned device, std::uint64_t nth) {
    const Decoder* tls = decoder_named("tls");
    Connection connection;
    connection.port = static_cast<std::uint16_t>(33'000 + nth * 37 % 30'000);
    connection.sequence[0] = static_cast<std::uint32_t>(nth * 65'537);
    connection.sequence[1] = static_cast<std::uint32_t>(nth * 99'991);
    segment(at, connection, device, cloud, true, 443, 2, {});
    segment(at, connection, device, cloud, false, 443, 18, {});
    for (const ExampleMessage& message : tls->examples.front().messages)
        segment(at, connection, device, cloud, message.from == From::Client, 443, 24, bytes_of(message));
    segment(at, connection, device, cloud, true, 443, 17, {});
    segment(at, connection, device, cloud, false, 443, 17, {});
}

void PlantReplay::run(Time from, Time to) {
    const auto every = [](std::uint64_t second, std::uint64_t period, std::uint64_t offset) {
        return second % period == offset % period;
    };
    Time next = from + interval_length;
    for (Time at = from; at < to; at += seconds(1)) {
        while (at >= next) {
            interval(next);
            next += interval_length;
        }
        const auto second = static_cast<std::uint64_t>((at - from) / seconds(1));
        for (unsigned device = 3; device <= 14; ++device) {
            if (every(second, static_cast<std::uint64_t>(poll.count()), device)) ask(at, device, second / 86'400);
        }
        for (unsigned device = 15; device <= 21; ++device) {
            if (every(second, device <= 18 ? 600 : 1'800, device * 11)) announce(at, device);
        }
        for (unsigned device = 19; device <= 21; ++device) {
            if (every(second, 3'600, device * 97)) call_home(at, device, second + device);
        }
        if (every(second, 900, 1)) notify(at, second / 900);
        for (unsigned device = 22; device <= 25; ++device) {
            if (every(second, 120, device * 5)) look_up(at, device, second * 4 + device);
        }
        for (unsigned device = 2; device <= 25; ++device) {
            if (every(second, 43'200, device * 60)) lease(at, device, static_cast<std::uint32_t>(second * 31 + device));
        }
    }
    interval(to);
}

}  // namespace herkomst
