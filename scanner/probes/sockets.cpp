#include "probes/sockets.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/filter.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <vector>

namespace herkomst {

namespace {

int failed(int fd, const char* what, std::string& problem) {
    problem = std::string(what) + ": " + std::strerror(errno);
    if (fd >= 0) ::close(fd);
    return -1;
}

enum class Port : std::uint8_t { WhenItConnects, Now };

int bound(int fd, const IpAddress& to, const Bound& how, Port port, std::string& problem) {
    if (!how.interface.empty() &&
        ::setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, how.interface.c_str(), static_cast<socklen_t>(how.interface.size())) != 0)
        return failed(fd, "the interface cannot be chosen", problem);
    if (how.source.known() || how.port != 0 || port == Port::Now) {
        const int one = 1;
        // Of those who share ports the kernel lets two have the same free one: one would take the other's answers.
        if (how.port != 0 || port != Port::Now) ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        IpAddress any;
        any.version = to.version;
        const SocketAddress from = socket_address(how.source.version == to.version ? how.source : any, how.port);
        if (::bind(fd, from.get(), from.size) != 0) return failed(fd, "the source cannot be chosen", problem);
    }
    return fd;
}

IpAddress address_of(const sockaddr* from) {
    if (from == nullptr) return {};
    if (from->sa_family == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, from, sizeof in);
        return IpAddress::v4(ntohl(in.sin_addr.s_addr));
    }
    if (from->sa_family == AF_INET6) {
        sockaddr_in6 in{};
        std::memcpy(&in, from, sizeof in);
        return IpAddress::v6(in.sin6_addr.s6_addr);
    }
    return {};
}

std::uint32_t number_of(const IpAddress& ip) {
    return (static_cast<std::uint32_t>(ip.bytes[0]) << 24) | (static_cast<std::uint32_t>(ip.bytes[1]) << 16) |
           (static_cast<std::uint32_t>(ip.bytes[2]) << 8) | ip.bytes[3];
}

}  // namespace

SocketAddress socket_address(const IpAddress& ip, std::uint16_t port, unsigned interface) {
    SocketAddress out;
    if (ip.version == 6) {
        sockaddr_in6 in{};
        in.sin6_family = AF_INET6;
        in.sin6_port = htons(port);
        std::memcpy(in.sin6_addr.s6_addr, ip.bytes.data(), 16);
        in.sin6_scope_id = ip.link_local() || ip.multicast() ? interface : 0;
        std::memcpy(&out.storage, &in, sizeof in);
        out.size = sizeof in;
    } else {
        sockaddr_in in{};
        in.sin_family = AF_INET;
        in.sin_port = htons(port);
        std::memcpy(&in.sin_addr, ip.bytes.data(), 4);
        std::memcpy(&out.storage, &in, sizeof in);
        out.size = sizeof in;
    }
    return out;
}

void from_socket_address(const SocketAddress& from, IpAddress& ip, std::uint16_t& port) {
    ip = address_of(from.get());
    if (from.storage.ss_family == AF_INET6) {
        sockaddr_in6 in{};
        std::memcpy(&in, &from.storage, sizeof in);
        port = ntohs(in.sin6_port);
    } else {
        sockaddr_in in{};
        std::memcpy(&in, &from.storage, sizeof in);
        port = ntohs(in.sin_port);
    }
}

void local_end(int fd, IpAddress& ip, std::uint16_t& port) {
    SocketAddress here;
    here.size = sizeof here.storage;
    if (::getsockname(fd, here.get(), &here.size) == 0) from_socket_address(here, ip, port);
}

int pending_error(int fd) {
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
    return error;
}

bool writable(int fd) {
    pollfd look{fd, POLLOUT, 0};
    return ::poll(&look, 1, 0) > 0;
}

bool Interface::on_link(const IpAddress& ip) const {
    if (ip.version == 6) {
        if (ip.link_local()) return true;
        if (v6.version != 6 || v6.link_local() || prefix6 < 1 || prefix6 > 128) return false;
        for (unsigned bit = 0; bit < prefix6; ++bit) {
            const unsigned mask = 0x80U >> (bit % 8);
            if (((ip.bytes[bit / 8] ^ v6.bytes[bit / 8]) & mask) != 0) return false;
        }
        return true;
    }
    if (!v4.known() || ip.version != 4 || prefix == 0 || prefix > 32) return false;
    const std::uint32_t mask = ~std::uint32_t{0} << (32 - prefix);
    return (number_of(ip) & mask) == (number_of(v4) & mask);
}

std::optional<Interface> interface_named(const std::string& name, const IpAddress& ours) {
    Interface out;
    out.index = ::if_nametoindex(name.c_str());
    if (out.index == 0) return std::nullopt;
    ifaddrs* all = nullptr;
    if (::getifaddrs(&all) != 0) return std::nullopt;
    for (const ifaddrs* each = all; each != nullptr; each = each->ifa_next) {
        if (each->ifa_addr == nullptr || name != each->ifa_name) continue;
        const IpAddress ip = address_of(each->ifa_addr);
        if (ip.known()) out.addresses.push_back(ip);
        if (ip.version == 4 && ip.known() && (!out.v4.known() || ip == ours)) {
            out.v4 = ip;
            out.prefix = static_cast<unsigned>(std::popcount(number_of(address_of(each->ifa_netmask))));
            out.broadcast = {};
            if ((each->ifa_flags & IFF_BROADCAST) != 0) out.broadcast = address_of(each->ifa_broadaddr);
        } else if (ip.version == 6) {
            if (ip.link_local() && !out.link6.known()) out.link6 = ip;
            if (out.v6.known() && (!out.v6.link_local() || ip.link_local())) continue;
            out.v6 = ip;
            out.prefix6 = 0;
            for (const std::uint8_t byte : address_of(each->ifa_netmask).bytes)
                out.prefix6 += static_cast<unsigned>(std::popcount(byte));
        } else if (each->ifa_addr->sa_family == AF_PACKET) {
            sockaddr_ll link{};
            std::memcpy(&link, each->ifa_addr, sizeof link);
            if (link.sll_halen == 6) std::memcpy(out.mac.bytes.data(), link.sll_addr, 6);
        }
    }
    ::freeifaddrs(all);
    return out;
}

int stream_socket(const IpAddress& to, const Bound& how, std::size_t window, std::string& problem) {
    const int fd = ::socket(to.version == 6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    // socket(7): the kernel doubles what it is told.
    const auto half = static_cast<int>(window / 2);
    if (fd >= 0) ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &half, sizeof half);
    return fd < 0 ? failed(fd, "no socket", problem) : bound(fd, to, how, Port::WhenItConnects, problem);
}

int datagram_socket(const IpAddress& to, const Bound& how, std::string& problem) {
    const int fd = ::socket(to.version == 6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    return fd < 0 ? failed(fd, "no socket", problem) : bound(fd, to, how, Port::Now, problem);
}

bool port_free(const IpAddress& to, const Bound& how) {
    const int fd = ::socket(to.version == 6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return false;
    IpAddress any;
    any.version = to.version;
    const SocketAddress here = socket_address(how.source.version == to.version ? how.source : any, how.port);
    const bool free = ::bind(fd, here.get(), here.size) == 0;
    ::close(fd);
    return free;
}

std::vector<int> ears(const IpAddress& neighbour, std::uint16_t port) {
    std::vector<int> out;
    if (neighbour.version != 4) return out;
    std::vector<IpAddress> everybody = {IpAddress::v4(0xffffffff)};
    ifaddrs* all = nullptr;
    if (::getifaddrs(&all) != 0) return out;
    for (const ifaddrs* each = all; each != nullptr; each = each->ifa_next) {
        const IpAddress ip = address_of(each->ifa_addr);
        if (ip.version != 4 || !ip.known() || (each->ifa_flags & IFF_BROADCAST) == 0) continue;
        const std::uint32_t mask = number_of(address_of(each->ifa_netmask));
        const IpAddress link = address_of(each->ifa_broadaddr);
        if (link.known() && (number_of(ip) & mask) == (number_of(neighbour) & mask)) everybody.push_back(link);
    }
    ::freeifaddrs(all);
    for (const IpAddress& each : everybody) {
        const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fd < 0) continue;
        const int one = 1;
        ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        const SocketAddress here = socket_address(each, port);
        if (::bind(fd, here.get(), here.size) == 0)
            out.push_back(fd);
        else
            ::close(fd);
    }
    return out;
}

int echo_socket(const IpAddress& to, const Bound& how, bool& raw, std::string& problem) {
    const int family = to.version == 6 ? AF_INET6 : AF_INET;
    const int protocol = to.version == 6 ? int{IPPROTO_ICMPV6} : int{IPPROTO_ICMP};
    raw = false;
    int fd = ::socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
    if (fd < 0) {
        raw = to.version == 4;
        fd = ::socket(family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
        // Replies alone, as the echo socket has it: RFC 3542 section 3.2, and Linux's own for IPv4 (a bit keeps a type out).
        if (to.version == 6) {
            icmp6_filter replies{};
            ICMP6_FILTER_SETBLOCKALL(&replies);
            ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &replies);
            if (fd >= 0) ::setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &replies, sizeof replies);
        } else {
            constexpr int icmp_filter = 1;  // linux/icmp.h, which net/if.h does not go with
            const std::uint32_t replies = ~std::uint32_t{1};
            if (fd >= 0) ::setsockopt(fd, SOL_RAW, icmp_filter, &replies, sizeof replies);
        }
    }
    return fd < 0 ? failed(fd, "no echo socket", problem) : bound(fd, to, how, Port::WhenItConnects, problem);
}

namespace {

// What a neighbour answers with its address in it, and nothing else: others on the link talk, too.
std::vector<sock_filter> only_answers(std::uint16_t ethertype, const IpAddress& neighbour) {
    struct Word {
        std::uint16_t size;
        std::uint32_t offset;
        std::uint32_t value;
    };
    std::vector<Word> words;
    const auto address = [&](std::uint32_t offset, std::size_t size) {
        for (std::size_t i = 0; i < size; i += 4) {
            std::uint32_t value = 0;
            for (std::size_t k = 0; k < 4; ++k) value = (value << 8) | neighbour.bytes[i + k];
            words.push_back({BPF_W, offset + static_cast<std::uint32_t>(i), value});
        }
    };
    if (ethertype == ETH_P_ARP && neighbour.version == 4) {
        words.push_back({BPF_H, 6, 2});  // RFC 826: a reply, its sender's address
        address(14, 4);
    } else if (ethertype == ETH_P_IPV6 && neighbour.version == 6) {
        words.push_back({BPF_B, 6, IPPROTO_ICMPV6});
        words.push_back({BPF_B, 40, 136});  // RFC 4861 section 4.4: an advertisement, its target
        address(48, 16);
    }
    std::vector<sock_filter> program;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto past = static_cast<std::uint8_t>(2 * (words.size() - i) - 1);
        program.push_back({static_cast<std::uint16_t>(BPF_LD | BPF_ABS | words[i].size), 0, 0, words[i].offset});
        program.push_back({BPF_JMP | BPF_JEQ | BPF_K, 0, past, words[i].value});
    }
    if (words.empty()) return program;
    program.push_back({BPF_RET | BPF_K, 0, 0, 65'536});
    program.push_back({BPF_RET | BPF_K, 0, 0, 0});
    return program;
}

}  // namespace

int link_socket(const Interface& interface, std::uint16_t ethertype, const IpAddress& neighbour, std::string& problem) {
    const int fd = ::socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return failed(fd, "no link socket (it needs CAP_NET_RAW)", problem);
    std::vector<sock_filter> filter = only_answers(ethertype, neighbour);
    const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
    if (!filter.empty() && ::setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0)
        return failed(fd, "the answers cannot be told from the rest", problem);
    sockaddr_ll here{};
    here.sll_family = AF_PACKET;
    here.sll_protocol = htons(ethertype);
    here.sll_ifindex = static_cast<int>(interface.index);
    sockaddr_storage storage{};
    std::memcpy(&storage, &here, sizeof here);
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&storage), sizeof here) != 0)
        return failed(fd, "the interface cannot be chosen", problem);
    return fd;
}

namespace {

template <class Info>
std::vector<std::uint8_t> control(int level, int type, const Info& info) {
    std::vector<std::uint8_t> out(CMSG_SPACE(sizeof info));
    cmsghdr head{};
    head.cmsg_level = level;
    head.cmsg_type = type;
    head.cmsg_len = CMSG_LEN(sizeof info);
    std::memcpy(out.data(), &head, sizeof head);
    std::memcpy(out.data() + CMSG_LEN(0), &info, sizeof info);
    return out;
}

}  // namespace

std::vector<std::uint8_t> from_control(const IpAddress& ours, const Interface& interface) {
    if (ours.version == 6) {
        in6_pktinfo info{};
        std::memcpy(info.ipi6_addr.s6_addr, ours.bytes.data(), 16);
        info.ipi6_ifindex = interface.index;
        return control(IPPROTO_IPV6, IPV6_PKTINFO, info);
    }
    in_pktinfo info{};
    info.ipi_ifindex = static_cast<int>(interface.index);
    std::memcpy(&info.ipi_spec_dst, ours.bytes.data(), 4);
    return control(IPPROTO_IP, IP_PKTINFO, info);
}

void join(int fd, const IpAddress& group, const Interface& interface) {
    if (group.version == 6) {
        ipv6_mreq request{};
        std::memcpy(request.ipv6mr_multiaddr.s6_addr, group.bytes.data(), 16);
        request.ipv6mr_interface = interface.index;
        ::setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &request, sizeof request);
        const auto index = static_cast<int>(interface.index);
        ::setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof index);
    } else if (group.multicast()) {
        ip_mreqn request{};
        std::memcpy(&request.imr_multiaddr, group.bytes.data(), 4);
        request.imr_ifindex = static_cast<int>(interface.index);
        ::setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof request);
        ::setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &request, sizeof request);
    } else {
        const int one = 1;
        ::setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &one, sizeof one);
    }
}

}  // namespace herkomst
