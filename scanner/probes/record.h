// The record of a run: what was sent to whom, when, and what came back. A folder with
//
//   exchanges.ndjson   one line an exchange, appended as they end (schema herkomst-exchanges/1): time, target, probe, outcome,
//                      and of every message its size and SHA-256; the bytes themselves only when they are to be kept. One line
//                      ("unasked") for each device that was not asked to the end, when what a run may take was spent.
//                      Of a TLS connection the records as they travelled ("layer":"tls"), their content ("inside tls"), and
//                      what was put together from the handshake ("rebuilt"). What was sent and had no end when the run was
//                      left stands there as "interrupted"
//   exchanges.pcapng   the same exchanges as packets (probes/synthesis.h): what the passive decoders read
//   heard.pcap         what was heard on an interface before anything was asked, heard_2.pcap when somebody listened again
//                      (heard_in_part.pcap: for too short a time): never written over, nor removed (cli/probe_inputs.h)
//   learnt.ndjson      what the answers told, as observations, once the packets are gone
//
// A run that was broken off is taken up again with the same folder: what has an outcome is not asked again, who is to be left
// alone stays so, and what a device has cost counts on. What it had learned is in the packets, and stays when these go.
//
// A disk that fills does not lose what is under way (RecordRoom): as much of it as that may need is taken in advance, beyond
// the ends of the files, and when it cannot be taken anew `full` says so. Nothing more is to be asked then. Where a file system
// cannot do that (it is looked then whether so much is free), or a limit of the user's is in the way, the first line that
// cannot be written ends the run. Packets that could be written only in part are taken away again: what follows stays readable.
//
// Two runs never have the same folder at once (RecordLock): the second would ask a device in the middle of what the first is
// finishing there.
#pragma once

#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "probes/exchange.h"
#include "probes/patience.h"
#include "probes/scope.h"

namespace herkomst {

// What became of one errand.
struct Report {
    ProbeOutcome outcome{};
    std::string reason;  // of Gated, OutOfScope; what else is worth a word
    Target target;
    std::vector<Said> said;
    std::vector<std::string> asked;  // names of the requests, in order
    std::size_t requests = 0;
    std::size_t bytes = 0;
    Time began{};
    Time ended{};
    bool unasked = false;   // settled without a question
    bool begun = false;     // something was sent, if only a connection asked for
    bool accepted = false;  // TCP: the connection stood
    bool upset = false;     // it broke off, or fell silent in the midst of it
    // How a connection ended (wire.h): it did not close its side after ours; bytes that came after our FIN (of a group: beyond
    // its budget) and were thrown away; it was still sending when we stopped reading, so that the kernel answers the rest with
    // a reset.
    bool unclosed = false;
    std::size_t drained = 0;
    bool cut_off = false;
    std::string tls;  // the version that was agreed
};

struct RecordHead {
    std::string program;
    std::string authorised;  // who said so on the command line
    std::string scope;       // its SHA-256
    std::string authorised_by;
    std::string purpose;
    Time at{};
    bool now_given = false;  // not by the clock, but as the command line says
};

// What a record that is taken up says of an address.
struct Past {
    Patience patience;
    std::set<std::string> answered;  // questions
    std::uint64_t bytes = 0;
    std::uint64_t requests = 0;
};

// What of the disk is kept free for what is under way, in bytes of each file: every exchange that has begun gets its line and
// its packets, also when the disk fills meanwhile.
struct RecordRoom {
    std::uint64_t log = 0;
    std::uint64_t packets = 0;

    // With so many devices at once, and everybody on so many links: of one or two of them as much as a question may cost at
    // most.
    static RecordRoom of(std::size_t lanes, std::size_t links, bool keep_bytes);
};

// The folder is this run's until nobody holds the lock any more: a process that was forked meanwhile holds it too, and finishes
// what it has begun even when the one that started it is gone.
class RecordLock {
  public:
    // Makes the folder when there is none. Nothing: another run holds it. Throws std::runtime_error when the machine does not
    // let us.
    static std::optional<RecordLock> take(const std::string& folder);
    RecordLock(RecordLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    RecordLock& operator=(RecordLock&&) = delete;
    ~RecordLock();

  private:
    explicit RecordLock(int fd) : fd_(fd) {}
    int fd_;
};

class ExchangeRecord {
  public:
    static constexpr std::string_view schema = "herkomst-exchanges/1";

    // Why a run must not begin there; nothing: it may.
    static std::optional<Problem> in_the_way(const std::string& folder, bool resume);
    // Makes the folder when there is none. `resume`: what is there is read and added to; otherwise a folder with a record is a
    // problem. Throws std::runtime_error when the machine does not let us, or has no such room: then nothing is left behind.
    static Result<std::unique_ptr<ExchangeRecord>> open(const std::string& folder, bool resume, bool keep_bytes,
                                                        const RecordHead&, const RecordRoom& = {});
    // What there is (perhaps nothing), to be read only: nothing can be added.
    static Result<std::unique_ptr<ExchangeRecord>> open_to_read(const std::string& folder);
    ~ExchangeRecord();
    ExchangeRecord(const ExchangeRecord&) = delete;
    ExchangeRecord& operator=(const ExchangeRecord&) = delete;

    // `key`: what is asked once (errand_key of the errand as it was planned; what became of its target stands in the report).
    // What was not asked for the same reason before is not written again.
    void add(const std::string& key, const Probe&, const Report&);
    // Of so many questions to that address (unknown: to everybody on a link) none was asked.
    void add_unasked(const IpAddress&, std::size_t questions, const std::string& why, Time at);
    [[nodiscard]] bool has(const std::string& key) const { return done_.contains(key); }
    // Nothing is left that a run over the same record would ask: what was gated, or not allowed, or given up for want of time.
    [[nodiscard]] bool complete() const { return open_.empty() && unasked_ == 0; }
    [[nodiscard]] std::size_t resumed() const { return done_.size(); }
    [[nodiscard]] const std::map<IpAddress, Past>& past() const { return past_; }
    // Every address we sent from.
    [[nodiscard]] const std::set<IpAddress>& own_addresses() const { return own_; }
    [[nodiscard]] std::string log_path() const { return folder_ + "/exchanges.ndjson"; }
    [[nodiscard]] std::string packets_path() const { return folder_ + "/exchanges.pcapng"; }
    void flush();
    // Why nothing more is to be begun; empty: there is room.
    [[nodiscard]] const std::string& full() const { return full_; }
    // What was kept free is given back: nothing more is written.
    void give_back();
    // What another process has added to it meanwhile. Throws std::runtime_error when it cannot be read.
    void read_again();

  private:
    ExchangeRecord() = default;
    Problems take_up(const std::string& text);
    // False when nothing is new.
    bool settle(const std::string& key, ProbeOutcome, bool unasked, const std::string& reason);
    void write_line(const std::string& line);
    // All of them or none, and at once: who has a line has his packets, however the program ends.
    void write_packets(Bytes);
    // Empty, or why there is no room for what is under way.
    std::string keep_free();

    // A file that grows at its end, and the room that is kept free behind it.
    struct Growing {
        std::FILE* file = nullptr;
        std::uint64_t room = 0;
        std::uint64_t until = 0;
    };
    static int keep_free(Growing&);

    std::string folder_;
    bool keep_bytes_ = false;
    Growing log_;
    Growing packets_;
    std::string full_;
    bool broken_off_ = false;          // the last line is no whole one
    std::uint64_t whole_packets_ = 0;  // where the packets of the last whole exchange end
    bool packets_broken_off_ = false;  // something stands behind them
    std::uint64_t frames_ = 0;
    std::set<std::string> done_;
    std::map<std::string, std::string> open_;  // keys that have no outcome yet, and why
    std::uint64_t unasked_ = 0;                // questions of the last run
    std::map<IpAddress, Past> past_;
    std::set<IpAddress> own_;
};

// "modbus 192.0.2.20 502 unit 3", "ssdp 239.255.255.250 1900 on eth0", "mndp broadcast 5678 on eth0": what is asked once. On
// another link the same question is another one; which address "broadcast" is there does not matter.
std::string errand_key(const Probe&, const Target&, const std::string& interface, bool group);

}  // namespace herkomst
