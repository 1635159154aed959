// The traffic of a small plant over many days, made as it is needed: nothing of it is kept, so that thirty days cost no disk.
//
// Twenty-five devices on one link: a control room that polls twelve Modbus devices, four BACnet controllers that announce
// themselves, three cameras that say their names by mDNS and call home by TLS, four workstations that look up another name each
// time, and a router that answers DHCP and DNS and announces itself by SSDP with a text that never comes twice. Connections
// last a day and begin at other ports every day; DHCP leases last half a day. All addresses, names and payloads are invented.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

#include "capture/file.h"

namespace herkomst {

struct PlantReplay {
    static constexpr unsigned devices = 25;
    std::chrono::seconds poll{10};  // how often each Modbus device is read
    std::function<void(const Packet&)> packet;
    std::function<void(Time)> interval;  // after all packets before that time
    std::chrono::seconds interval_length{60};

    // Calls `packet` and `interval` in order of time.
    void run(Time from, Time to);

  private:
    struct Connection {
        std::uint16_t port = 0;
        std::uint32_t sequence[2] = {0, 0};
    };
    using Octets = std::vector<std::uint8_t>;

    void send(Time, unsigned from, unsigned to, std::uint8_t protocol, const Octets& segment);
    void datagram(Time, unsigned from, unsigned to, std::uint16_t from_port, std::uint16_t to_port, const Octets& payload);
    void segment(Time, Connection&, unsigned client, unsigned server, bool from_client, std::uint16_t port, std::uint8_t flags,
                 const Octets& payload);
    void ask(Time, unsigned device, std::uint64_t day);
    void lease(Time, unsigned device, std::uint32_t id);
    void look_up(Time, unsigned device, std::uint64_t nth);
    void announce(Time, unsigned device);
    void notify(Time, std::uint64_t nth);
    void call_home(Time, unsigned device, std::uint64_t nth);

    std::uint64_t frames_ = 0;
    Connection polled_[devices];
    std::uint64_t polled_on_[devices] = {};  // day + 1
};

}  // namespace herkomst
