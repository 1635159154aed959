// Sockets made ready, and what the machine says of its interfaces. Nothing is sent here: wire.cpp alone does that.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/endpoint.h"

namespace herkomst {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;

    [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
    [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};
// `interface`: the scope of a link-local IPv6 address.
SocketAddress socket_address(const IpAddress&, std::uint16_t port, unsigned interface = 0);
void from_socket_address(const SocketAddress&, IpAddress& ip, std::uint16_t& port);
// The local end of a socket.
void local_end(int fd, IpAddress& ip, std::uint16_t& port);
// What the kernel knows of a failed connection; 0: none.
int pending_error(int fd);
// Connected, or failed; now.
bool writable(int fd);

struct Interface {
    unsigned index = 0;
    Mac mac;
    std::vector<IpAddress> addresses;
    IpAddress v4;
    IpAddress v6;  // the first that is not of the link alone, else that
    IpAddress link6;
    IpAddress broadcast;
    unsigned prefix = 0;  // of v4
    unsigned prefix6 = 0;

    [[nodiscard]] bool on_link(const IpAddress&) const;
};
// `ours`: of its IPv4 addresses the one to take, where it has it; else the first.
std::optional<Interface> interface_named(const std::string&, const IpAddress& ours = {});

// How a socket is to be bound: to an address of ours, an interface, a port; each where it is known.
struct Bound {
    IpAddress source;
    std::string interface;
    std::uint16_t port = 0;
};
// A descriptor that does not block, or -1 and a sentence. `window`: what the kernel keeps of a stream before it is read.
int stream_socket(const IpAddress& to, const Bound&, std::size_t window, std::string& problem);
// It has its port from the start, also where it is not connected afterwards.
int datagram_socket(const IpAddress& to, const Bound&, std::string& problem);
// ICMP echo; the kernel's own echo socket where it is allowed, else a raw one. `raw`: what is read begins with the IP header.
int echo_socket(const IpAddress& to, const Bound&, bool& raw, std::string& problem);
// `neighbour`: whose answers to ARP and neighbour discovery are heard, and no others; unknown: all frames of that EtherType.
int link_socket(const Interface&, std::uint16_t ethertype, const IpAddress& neighbour, std::string& problem);
// Whether nobody on this machine has that port of ours: sockets that share it would take each other's datagrams away.
bool port_free(const IpAddress& to, const Bound&);
// What is told to everybody on the link of a neighbour, at that port: sockets that hear broadcasts and nothing else, so that
// whoever shares the port on this machine loses none of his. Descriptors that do not block.
std::vector<int> ears(const IpAddress& neighbour, std::uint16_t port);
// Tells sendmsg(2) the address of ours that a datagram comes from: a socket that is bound to it would not hear what is answered
// to the group.
std::vector<std::uint8_t> from_control(const IpAddress& ours, const Interface&);
// Answers of a group come to us alone, except where they are sent to the group.
void join(int fd, const IpAddress& group, const Interface&);

}  // namespace herkomst
