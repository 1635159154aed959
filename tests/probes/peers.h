// Servers on loopback that behave badly, or well, for the tests of the wire: each a thread with one behaviour for every
// connection that comes.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "probes/plant_ports.h"

class Peer {
  public:
    using Behaviour = std::function<void(int connection, const std::atomic<bool>& stop)>;

    Peer(const std::string& ip, Behaviour behaviour, std::uint16_t port = 0) : behaviour_(std::move(behaviour)) {
        // A port that the kernel gives may be a plant's, at which a scope file lets nobody else ask: then another one.
        std::vector<int> not_these;
        do {
            if (fd_ >= 0) not_these.push_back(fd_);
            listen_at(ip, port);
        } while (port == 0 && !herkomst::plant_owner_of(port_, *herkomst::probe_named("ssh")).empty());
        for (const int fd : not_these) ::close(fd);
        thread_ = std::thread([this] { serve(); });
    }
    ~Peer() {
        stop_ = true;
        thread_.join();
        ::close(fd_);
    }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] int connections() const { return connections_; }
    // At any moment.
    [[nodiscard]] int most_at_once() const { return most_; }

  private:
    void listen_at(const std::string& ip, std::uint16_t port) {
        fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const int one = 1;
        ::setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        sockaddr_in here{};
        here.sin_family = AF_INET;
        here.sin_port = htons(port);
        ::inet_pton(AF_INET, ip.c_str(), &here.sin_addr);
        socklen_t size = sizeof here;
        if (::bind(fd_, reinterpret_cast<sockaddr*>(&here), size) != 0 || ::listen(fd_, 16) != 0 ||
            ::getsockname(fd_, reinterpret_cast<sockaddr*>(&here), &size) != 0)
            throw std::runtime_error("no server on " + ip + ": " + std::strerror(errno));
        port_ = ntohs(here.sin_port);
    }

    void serve() {
        std::vector<std::thread> running;
        while (!stop_) {
            pollfd wait{fd_, POLLIN, 0};
            if (::poll(&wait, 1, 20) <= 0) continue;
            const int connection = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
            if (connection < 0) continue;
            ++connections_;
            running.emplace_back([this, connection] {
                most_ = std::max<int>(most_, ++open_);
                behaviour_(connection, stop_);
                --open_;
                ::close(connection);
            });
        }
        for (std::thread& one : running) one.join();
    }

    Behaviour behaviour_;
    int fd_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<bool> stop_{false};
    std::atomic<int> connections_{0};
    std::atomic<int> open_{0};
    std::atomic<int> most_{0};
    std::thread thread_;
};

// Somebody who says something to an address of loopback all the time, to whom nobody listens: a link on which there is
// something to hear.
class Chatter {
  public:
    explicit Chatter(const std::string& ip) {
        fd_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(9);
        ::inet_pton(AF_INET, ip.c_str(), &to.sin_addr);
        thread_ = std::thread([this, to] {
            while (!stop_) {
                ::sendto(fd_, "x", 1, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
            }
        });
    }
    ~Chatter() {
        stop_ = true;
        thread_.join();
        ::close(fd_);
    }
    Chatter(const Chatter&) = delete;
    Chatter& operator=(const Chatter&) = delete;

  private:
    int fd_ = -1;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

namespace behaviour {

inline bool send_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t sent = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}
// Reads until there is something, the peer closes, or the test ends; false unless something came.
inline bool wait_for_request(int fd, const std::atomic<bool>& stop) {
    char room[4096];
    while (!stop) {
        pollfd wait{fd, POLLIN, 0};
        if (::poll(&wait, 1, 20) > 0) return ::recv(fd, room, sizeof room, 0) > 0;
    }
    return false;
}
inline void until_closed(int fd, const std::atomic<bool>& stop) {
    while (wait_for_request(fd, stop)) {
    }
}
inline void pause(std::chrono::milliseconds time, const std::atomic<bool>& stop) {
    for (auto left = time; left.count() > 0 && !stop; left -= std::chrono::milliseconds(10))
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

// Answers, once or each time, and then waits for the other side to close, as it should be.
inline Peer::Behaviour answers(std::string text, bool closes = true) {
    return [text, closes](int fd, const std::atomic<bool>& stop) {
        if (wait_for_request(fd, stop)) send_all(fd, text);
        if (!closes) until_closed(fd, stop);
    };
}
inline Peer::Behaviour silent() {
    return [](int fd, const std::atomic<bool>& stop) { until_closed(fd, stop); };
}
inline Peer::Behaviour drips(std::string text, std::chrono::milliseconds each) {
    return [text, each](int fd, const std::atomic<bool>& stop) {
        if (!wait_for_request(fd, stop)) return;
        for (const char c : text) {
            if (stop || !send_all(fd, std::string_view(&c, 1))) return;
            pause(each, stop);
        }
    };
}
inline Peer::Behaviour endless(std::string start, std::string again) {
    return [start, again](int fd, const std::atomic<bool>& stop) {
        if (!wait_for_request(fd, stop) || !send_all(fd, start)) return;
        while (!stop && send_all(fd, again)) {
        }
    };
}
// RST: at once, or after an answer.
inline Peer::Behaviour resets(std::string answer = {}) {
    return [answer](int fd, const std::atomic<bool>& stop) {
        if (wait_for_request(fd, stop) && !answer.empty()) {
            send_all(fd, answer);
            pause(std::chrono::milliseconds(100), stop);
        }
        const linger now{1, 0};
        ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    };
}
// Answers, and keeps its side open for good, whatever the other side does.
inline Peer::Behaviour never_closes(std::string text) {
    return [text](int fd, const std::atomic<bool>& stop) {
        if (wait_for_request(fd, stop)) send_all(fd, text);
        while (!stop) pause(std::chrono::milliseconds(20), stop);
    };
}
// A byte each time, for so long, however the other side takes it.
inline Peer::Behaviour trickles(std::string start, std::chrono::milliseconds each, std::chrono::milliseconds whole) {
    return [start, each, whole](int fd, const std::atomic<bool>& stop) {
        if (!wait_for_request(fd, stop) || !send_all(fd, start)) return;
        for (auto left = whole; left.count() > 0 && !stop; left -= each) {
            pause(each, stop);
            if (!send_all(fd, "x")) return;
        }
    };
}
// The first connections one way, the others another way.
inline Peer::Behaviour first(int count, Peer::Behaviour one, Peer::Behaviour other) {
    const auto served = std::make_shared<std::atomic<int>>(0);
    return
        [served, count, one, other](int fd, const std::atomic<bool>& stop) { ((*served)++ < count ? one : other)(fd, stop); };
}
inline Peer::Behaviour closes() {
    return [](int, const std::atomic<bool>&) {};
}

}  // namespace behaviour

// A port at which connections are neither accepted nor refused: the queue of those who wait to be accepted is full, and the
// kernel lets what comes further fall (listen(2)).
class DeafPort {
  public:
    explicit DeafPort(const std::string& ip) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in here{};
        here.sin_family = AF_INET;
        ::inet_pton(AF_INET, ip.c_str(), &here.sin_addr);
        socklen_t size = sizeof here;
        if (::bind(fd_, reinterpret_cast<sockaddr*>(&here), size) != 0 || ::listen(fd_, 0) != 0 ||
            ::getsockname(fd_, reinterpret_cast<sockaddr*>(&here), &size) != 0)
            throw std::runtime_error("no server on " + ip + ": " + std::strerror(errno));
        port_ = ntohs(here.sin_port);
        for (int& each : waiting_) {
            each = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
            ::connect(each, reinterpret_cast<sockaddr*>(&here), size);
        }
    }
    ~DeafPort() {
        for (const int each : waiting_) ::close(each);
        ::close(fd_);
    }
    DeafPort(const DeafPort&) = delete;
    DeafPort& operator=(const DeafPort&) = delete;
    [[nodiscard]] std::uint16_t port() const { return port_; }

  private:
    int fd_;
    int waiting_[3] = {};
    std::uint16_t port_ = 0;
};
