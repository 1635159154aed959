// Simulated devices on addresses of loopback, for herkomst_bench probes: many of them, each with one protocol, in one thread.
// They answer with the bytes of the probes' own transcripts (from real servers and documents), with a number of their own in
// them, and answer another client's way of asking as well. What they are for is speed; what an answer means is proven elsewhere
// (tests/peers).
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/endpoint.h"

namespace herkomst {

class Devices {
  public:
    // So many, spread over 127.77.0.0/16.
    explicit Devices(std::size_t count);
    ~Devices();
    Devices(const Devices&) = delete;
    Devices& operator=(const Devices&) = delete;

    // What each says of itself that nobody else says: "EX-00042".
    [[nodiscard]] const std::map<IpAddress, std::string>& identities() const { return identities_; }
    static constexpr const char* network = "127.77.0.0/16";

  private:
    enum class Kind : std::uint8_t { Modbus, EthernetIp, S7, Fins, Fox, Http };
    static constexpr unsigned kinds = 6;
    struct Socket {
        Kind kind{};
        unsigned number = 0;
        bool listens = false;
        bool datagrams = false;
    };

    void open(const IpAddress&, std::uint16_t port, bool datagrams, Kind, unsigned number);
    void serve();
    void accept_all(int fd, const Socket&);
    [[nodiscard]] std::string answer(const Socket&, const std::string& asked) const;
    static std::string identity(Kind, unsigned number);

    int poll_ = -1;
    std::map<int, Socket> sockets_;
    std::map<IpAddress, std::string> identities_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace herkomst
