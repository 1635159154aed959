// Capture files as a sequence of packets: pcap (microseconds, nanoseconds, either byte order, the modified format of magic
// 0xa1b2cd34), pcapng (all block types, several sections, interfaces and link types), any of them packed with gzip or zstd,
// from a file, from standard input ("-") or from memory.
//
// Nothing in the file is believed: lengths are checked against what is there and against the limits below before a byte is
// kept, memory is bounded by `block_max`, and the place where a damaged file breaks becomes a Problem while every packet
// before it (pcapng: also after it, where the next block can be found) is delivered.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/hash.h"
#include "core/result.h"

namespace herkomst {

// One packet as captured. The bytes are valid until the next call of next().
struct Packet {
    Time at{};
    Bytes bytes;                    // as captured
    std::uint32_t wire_length = 0;  // as it was on the wire; at least bytes.size()
    std::uint32_t link_type = 0;    // LINKTYPE_ value
    std::uint64_t number = 0;       // from 1
};

// Bytes in order, from wherever they come.
class ByteSource {
  public:
    virtual ~ByteSource() = default;
    // Up to `size` bytes; 0 at the end. After a failure `problem` says what went wrong and 0 is returned.
    virtual std::size_t read(std::uint8_t* into, std::size_t size) = 0;
    // Reads what is left of the packed bytes, so that a digest covers all of them.
    virtual void drain() {}
    std::string problem;
};

std::unique_ptr<ByteSource> file_source(const std::string& path, std::string& problem, Sha256* digest = nullptr);
std::unique_ptr<ByteSource> memory_source(Bytes bytes);

class CaptureFile {
  public:
    static constexpr std::uint32_t packet_max = 262'144;     // as libpcap
    static constexpr std::uint32_t block_max = 16U << 20;    // a pcapng block that is looked into
    static constexpr std::size_t interfaces_max = 4096;      // per section
    static constexpr std::size_t unpacked_ratio_max = 2000;  // what no honest capture compresses to
    static constexpr std::size_t problems_max = 16;          // per file; what comes after is counted

    // `name` is what problems are reported under. Null when the source does not start like a capture: then `problems` says why.
    static std::unique_ptr<CaptureFile> open(std::unique_ptr<ByteSource>, std::string name, Problems& problems);
    static std::unique_ptr<CaptureFile> open(const std::string& path, Problems& problems, Sha256* digest = nullptr);

    // False at the end, or where the file cannot be read any further.
    bool next(Packet&);
    // After the last packet: what was not read goes into the digest that the file was opened with; its value.
    std::string digest_of_rest(Sha256&);
    [[nodiscard]] const Problems& problems() const { return problems_; }
    [[nodiscard]] std::uint64_t more_problems() const { return more_problems_; }
    [[nodiscard]] std::uint64_t packets() const { return number_; }

  private:
    enum class Format : std::uint8_t { Pcap, Modified, Pcapng };
    struct Interface {
        std::uint32_t link_type = 0;
        std::uint32_t snap_length = 0;
        std::uint64_t ticks_per_second = 1'000'000;
        std::int64_t offset_seconds = 0;
    };

    CaptureFile(std::unique_ptr<ByteSource>, std::string name);
    bool start(Problems&);
    bool have(std::size_t n) { return static_cast<std::size_t>(end_ - at_) >= n || fill(n); }
    bool fill(std::size_t n);
    void consume(std::size_t n) { at_ += n; }
    bool skip(std::uint64_t n);
    [[nodiscard]] std::uint64_t position() const { return read_before_ - static_cast<std::uint64_t>(end_ - at_); }
    [[nodiscard]] std::uint16_t u16(const std::uint8_t*) const;
    [[nodiscard]] std::uint32_t u32(const std::uint8_t*) const;
    void report(const std::string& place, std::string sentence);
    bool stop(const std::string& what, std::string sentence);

    bool next_pcap(Packet&);
    bool next_block(Packet&);
    enum class Block : std::uint8_t { Packet, Other, Stop };
    Block section_header(std::uint64_t at);
    void interface_block(Bytes body);
    bool packet_block(std::uint32_t type, Bytes body, Packet&);
    [[nodiscard]] Time time_of(const Interface&, std::uint64_t ticks) const;

    std::unique_ptr<ByteSource> source_;
    std::string name_;
    std::vector<std::uint8_t> buffer_;
    std::uint8_t* at_ = nullptr;
    std::uint8_t* end_ = nullptr;
    std::uint64_t read_before_ = 0;  // bytes that ever came into the buffer
    bool source_ended_ = false;
    bool stopped_ = false;
    bool swapped_ = false;
    bool nanoseconds_ = false;
    Format format_ = Format::Pcap;
    std::uint32_t link_type_ = 0;
    std::uint64_t number_ = 0;
    std::uint64_t block_ = 0;
    std::vector<Interface> interfaces_;
    Time last_time_{};
    Problems problems_;
    std::uint64_t more_problems_ = 0;
};

}  // namespace herkomst
