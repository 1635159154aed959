// One exchange of a probe with a device, without the network: told what came, it says what is to be done. Wire does it; the
// tests play the transcripts through it. All a probe may cost in bytes, requests and connections is kept here; time is Wire's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/clock.h"
#include "probes/probe.h"

namespace herkomst {

// What was sent or came in, in order.
struct Said {
    // How the bytes travelled. A TLS connection is told twice: as the records that went over the wire, and as their content.
    enum class Layer : std::uint8_t {
        Wire,     // as they stand here
        Tls,      // as they stand here: records of TLS
        Inside,   // encrypted in such records
        Rebuilt,  // not at all: put together from what TLS showed (TlsSession::certificates)
    };

    bool ours = false;
    Time at{};
    unsigned connection = 0;  // 0, then 1 where the probe asked on after the device had closed
    IpAddress from_ip;        // answers to a group: who it was; else unknown
    std::uint16_t from_port = 0;
    Mac from_mac;  // Link
    std::vector<std::uint8_t> bytes;
    Layer layer = Layer::Wire;
};

struct Todo {
    enum class Kind : std::uint8_t { Send, Listen, Close };
    Kind kind = Kind::Close;
    std::size_t request = 0;
    std::vector<std::uint8_t> bytes;  // Send
    bool new_connection = false;      // the device has closed the one before: connect first
    bool busy = false;                // the device asked for patience
};

// What a device may still cost in the run; a probe's own limits hold beside it.
struct Allowance {
    std::size_t requests = SIZE_MAX;
    std::size_t bytes = SIZE_MAX;
};

class Exchange {
  public:
    static constexpr std::size_t messages_max = 64;  // of one device in one exchange

    Exchange(const Probe&, const Target&, Allowance = {});
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    Todo begin();
    // What a stream brought since the last time, or one datagram.
    Todo received(Bytes);
    // The stream paused for limits.quiet.
    Todo paused();
    // The device closed its side; `reset`: not politely.
    Todo ended(bool reset);
    // No answer in limits.answer, or limits.whole is over.
    Todo timed_out();
    Todo whole_time_spent();
    // The bytes of the farewell, empty when there is none. To be sent before closing, unless the device has closed.
    std::vector<std::uint8_t> goodbye();

    [[nodiscard]] bool over() const { return over_; }
    [[nodiscard]] ProbeOutcome outcome() const { return outcome_; }
    [[nodiscard]] std::size_t messages() const { return messages_; }
    [[nodiscard]] std::size_t requests() const { return talk_.sent; }
    [[nodiscard]] std::size_t bytes_in() const { return bytes_in_; }
    // It answered, and then did not any more, or broke the connection off: leave it alone.
    [[nodiscard]] bool upset() const { return upset_; }
    // A request that the probe itself asked for could not be rendered: our mistake. Nothing was sent.
    [[nodiscard]] const std::string& mistake() const { return mistake_; }

  private:
    Todo follow(Step);
    Todo messages_in_window();
    Todo one_message(std::size_t bytes);
    Todo finish(ProbeOutcome);
    [[nodiscard]] bool stream() const;
    [[nodiscard]] bool has_answer() const;
    Step next_step();

    const Probe* probe_;
    Allowance left_;
    Target target_;
    Talk talk_;
    std::vector<std::uint8_t> window_;
    std::vector<std::uint8_t> message_;
    Step last_;  // what was asked
    std::size_t bytes_in_ = 0;
    std::size_t messages_ = 0;
    std::size_t connections_ = 1;
    bool over_ = false;
    bool upset_ = false;
    ProbeOutcome outcome_ = ProbeOutcome::Silent;
    std::string mistake_;
};

// Why the question would end before anything is sent, as far as that can be known without asking; empty: it has something to
// ask, or to listen to. Who has nothing to say must not even connect.
std::string nothing_to_ask(const Probe&, const Target&);

// What one transcript's play yields.
struct PlayedTranscript {
    std::vector<std::string> problems;  // what was sent is not what the transcript says, or is not declared
    ProbeOutcome outcome{};
    std::vector<Said> said;
};
Target target_of(const Probe&, const Transcript&);
PlayedTranscript play(const Probe&, const Transcript&);

}  // namespace herkomst
