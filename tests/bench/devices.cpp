#include "devices.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string_view>

#include "core/text.h"
#include "probes/probe.h"

namespace herkomst {

namespace {

// The answer to the turn of that number, of the first transcript.
std::string reply(std::string_view probe, std::size_t turn) {
    const Turn& at = probe_named(probe)->transcripts.front().turns[turn];
    if (at.reply_hex.empty()) return std::string(at.reply_text);
    const std::vector<std::uint8_t> bytes = unhex(at.reply_hex);
    return {bytes.begin(), bytes.end()};
}

std::string with(std::string text, std::string_view what, std::string_view instead) {
    const std::size_t at = text.find(what);
    if (at == std::string::npos) throw std::logic_error("the transcript has no " + std::string(what));
    return text.replace(at, what.size(), instead);
}

unsigned byte(const std::string& text, std::size_t at) { return at < text.size() ? static_cast<std::uint8_t>(text[at]) : 256; }

}  // namespace

// As long as what it takes the place of, where lengths stand in the message.
std::string Devices::identity(Kind kind, unsigned number) {
    if (kind == Kind::EthernetIp) return fmt::format("EX-L61/A Contr{:05}", number);
    if (kind == Kind::S7) return fmt::format("S EX-{:011}", number);
    if (kind == Kind::Fins) return fmt::format("CP-EX{:06}", number);
    if (kind == Kind::Fox) return fmt::format("Qnx-EXAM-0000-0000-{:04}", number);
    return fmt::format("EX-{:05}", number);
}

std::string Devices::answer(const Socket& socket, const std::string& asked) const {
    const std::string mine = identity(socket.kind, socket.number);
    if (socket.kind == Kind::Http) {
        const std::string page = "<html><head><title>" + mine + " controller</title></head></html>";
        return fmt::format(
            "HTTP/1.1 200 OK\r\nServer: ExampleWeb/2.1\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{}", page.size(),
            page);
    }
    if (socket.kind == Kind::Fox) return with(reply("fox", 0), "Qnx-EXAM-0000-0000-0002", mine);
    if (socket.kind == Kind::Modbus) {
        // Report Server ID is unknown to it; of objects it has three (V1.1b3 section 6.21).
        if (byte(asked, 7) == 0x11) return asked.substr(0, 4) + std::string("\x00\x03", 2) + asked[6] + "\x91\x01";
        if (byte(asked, 7) != 0x2b || asked.size() < 11) return {};
        std::string body{asked[6], 0x2b, 0x0e, asked[9], 1, 0, 0, 3};
        const std::string objects[] = {"Example Works", mine, "V2.1"};
        for (std::size_t i = 0; i < 3; ++i)
            body += std::string{static_cast<char>(i), static_cast<char>(objects[i].size())} + objects[i];
        return asked.substr(0, 4) + std::string{0, static_cast<char>(body.size())} + body;
    }
    if (socket.kind == Kind::EthernetIp) {
        // What the client sent as its context comes back.
        if (asked.size() < 24 || byte(asked, 0) != 0x63) return {};
        return with(reply("ethernet_ip", 0), "EX-L61/A Controller", mine).replace(12, 8, asked.substr(12, 8));
    }
    if (socket.kind == Kind::Fins) {
        if (asked.size() < 12 || byte(asked, 10) != 5) return {};
        std::string out = with(reply("omron_fins", 0), "CP-EX20DR-A", mine);
        out.replace(3, 3, asked.substr(6, 3)).replace(6, 3, asked.substr(3, 3));
        out[9] = asked[9];
        // Others want all of it (W342 section 5-3-16): 40 bytes for the system's use, 12 about memory.
        return out + std::string(52, '\0');
    }
    // S7: a transport connection, its setup, two status lists; the reference of a request comes back.
    if (byte(asked, 5) == 0xe0) return reply("s7comm", 0);
    if (byte(asked, 8) == 1) return reply("s7comm", 1).replace(11, 2, asked.substr(11, 2));
    if (byte(asked, 8) != 7 || asked.size() < 31) return {};
    const bool modules = byte(asked, 30) == 0x11;
    std::string out = modules ? reply("s7comm", 2) : with(reply("s7comm", 3), "S EX-00000000042", mine);
    return out.replace(11, 2, asked.substr(11, 2));
}

Devices::Devices(std::size_t count) : poll_(::epoll_create1(EPOLL_CLOEXEC)) {
    for (std::size_t i = 0; i < count; ++i) {
        const auto place = static_cast<unsigned>(1 + i * 65'000 / count);
        const IpAddress ip = IpAddress::parse(fmt::format("127.77.{}.{}", place >> 8, place & 255)).value();
        const auto kind = static_cast<Kind>(i % kinds);
        const auto number = static_cast<unsigned>(i);
        constexpr std::uint16_t ports[kinds] = {502, 44'818, 102, 9600, 1911, 80};
        if (kind == Kind::EthernetIp || kind == Kind::Fins) open(ip, ports[i % kinds], true, kind, number);
        if (kind != Kind::Fins) open(ip, ports[i % kinds], false, kind, number);
        identities_[ip] = identity(kind, number);
    }
    thread_ = std::thread([this] { serve(); });
}

Devices::~Devices() {
    stop_ = true;
    thread_.join();
    for (const auto& [fd, socket] : sockets_) ::close(fd);
    ::close(poll_);
}

void Devices::open(const IpAddress& ip, std::uint16_t port, bool datagrams, Kind kind, unsigned number) {
    const int fd = ::socket(AF_INET, (datagrams ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int one = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_port = htons(port);
    std::memcpy(&here.sin_addr, ip.bytes.data(), 4);
    if (::bind(fd, reinterpret_cast<sockaddr*>(&here), sizeof here) != 0 || (!datagrams && ::listen(fd, 64) != 0))
        throw std::runtime_error(fmt::format("no device at {} port {}: {}", ip.text(), port, std::strerror(errno)));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, fd, &event);
    sockets_[fd] = {kind, number, !datagrams, datagrams};
}

void Devices::accept_all(int fd, const Socket& socket) {
    for (;;) {
        const int connection = ::accept4(fd, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (connection < 0) return;
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = connection;
        ::epoll_ctl(poll_, EPOLL_CTL_ADD, connection, &event);
        sockets_[connection] = {socket.kind, socket.number, false, false};
    }
}

void Devices::serve() {
    epoll_event events[64];
    char room[4096];
    while (!stop_) {
        const int count = ::epoll_wait(poll_, events, 64, 50);
        for (int i = 0; i < count; ++i) {
            const int fd = events[i].data.fd;
            const Socket socket = sockets_.at(fd);
            if (socket.listens) {
                accept_all(fd, socket);
                continue;
            }
            sockaddr_in from{};
            socklen_t size = sizeof from;
            const ssize_t got = ::recvfrom(fd, room, sizeof room, 0, reinterpret_cast<sockaddr*>(&from), &size);
            if (got > 0) {
                const std::string said = answer(socket, {room, static_cast<std::size_t>(got)});
                if (said.empty()) continue;
                if (socket.datagrams)
                    ::sendto(fd, said.data(), said.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&from), size);
                else
                    ::send(fd, said.data(), said.size(), MSG_NOSIGNAL);
            }
            // The page is all that is said in a connection.
            if (!socket.datagrams && (got <= 0 || socket.kind == Kind::Http)) {
                ::close(fd);
                sockets_.erase(fd);
            }
        }
    }
}

}  // namespace herkomst
