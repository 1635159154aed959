// An agent of SNMP on loopback that says whose engine it is, for tests of addresses that turn out to be one device's.
#pragma once

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "core/text.h"
#include "probes/plant_ports.h"

// RFC 3414 section 4: the report of an engine, by the last byte of its id.
inline std::vector<std::uint8_t> engine_report(const std::string& last) {
    return herkomst::unhex("3061020103300f02021234020300ffe3040104020103041b3019040b80007ed90300005e0053" + last +
                           "02010002010a040004000400302e040b80007ed90300005e0053" + last +
                           "0400a81d020212340201000201003011300f060a2b060106030f01010400410101");
}

// An agent of SNMP that says whose engine it is to whoever asks, after a while.
class Agent {
  public:
    Agent(const std::string& ip, std::vector<std::uint8_t> report, std::chrono::milliseconds after = {})
        : report_(std::move(report)), after_(after) {
        // As in peers.h: a port that the kernel gives may be a plant's.
        do {
            if (fd_ >= 0) ::close(fd_);
            fd_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
            sockaddr_in here{};
            here.sin_family = AF_INET;
            ::inet_pton(AF_INET, ip.c_str(), &here.sin_addr);
            socklen_t size = sizeof here;
            REQUIRE(::bind(fd_, reinterpret_cast<sockaddr*>(&here), size) == 0);
            REQUIRE(::getsockname(fd_, reinterpret_cast<sockaddr*>(&here), &size) == 0);
            port_ = ntohs(here.sin_port);
        } while (!herkomst::plant_owner_of(port_, *herkomst::probe_named("snmp_v3")).empty());
        const timeval wait{0, 20'000};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
        thread_ = std::thread([this] {
            while (!stop_) {
                char room[512];
                sockaddr_in from{};
                socklen_t length = sizeof from;
                if (::recvfrom(fd_, room, sizeof room, 0, reinterpret_cast<sockaddr*>(&from), &length) <= 0) continue;
                std::this_thread::sleep_for(after_);
                answered_ = std::chrono::steady_clock::now();
                ::sendto(fd_, report_.data(), report_.size(), 0, reinterpret_cast<sockaddr*>(&from), length);
            }
        });
    }
    ~Agent() {
        stop_ = true;
        thread_.join();
        ::close(fd_);
    }
    Agent(const Agent&) = delete;
    Agent& operator=(const Agent&) = delete;
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::chrono::steady_clock::time_point answered() const { return answered_; }

  private:
    std::vector<std::uint8_t> report_;
    std::chrono::milliseconds after_;
    int fd_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<bool> stop_{false};
    std::atomic<std::chrono::steady_clock::time_point> answered_{};
    std::thread thread_;
};
