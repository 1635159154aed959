// Live capture: an interface, and the confined process that decodes what comes from it.
//
// The keeper (cli/keeper.cpp) opens a LiveInterface and forks; the child calls `work_live` and never returns. Before it looks
// at the first packet it gives up everything but two pipes and the interface: all other file descriptors, root, capabilities,
// new privileges, files (Landlock, where the kernel has it), memory without end, new processes, core dumps, and all system
// calls but the few it needs (seccomp; not in builds with a sanitizer, whose runtime needs more). It ends with the keeper.
//
// What it learned leaves as frames: four bytes of length, little-endian, at most `line_max`, then one JSON object:
//   {"type":"ready","confined":[...],"not":[...]}         once, before the first packet
//   observation, others, conversation, coverage       rows of core/lines.h: what one interval learned, in their order of output
//   {"type":"interval","packets","bytes","decoded","not_sent","first","last","final"}   after the rows of an interval;
//   differences
//   {"type":"gone","sentence"}                        the interface cannot be read any more; a last interval came before
// The reader must take all of it as hostile: whoever breaks a decoder writes here. Orders come the other way, a byte each:
// 'I' end the interval, 'Q' drain what the kernel holds, end the flows, send the last interval and leave.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "core/clock.h"

namespace herkomst {

struct LiveOptions {
    std::string interface;
    bool promiscuous = true;
    unsigned buffer_mebibytes = 16;  // in the kernel, for the time that the worker does something else
};

struct LiveFailure {
    enum class What : std::uint8_t { None, Missing, Permission, Unusable };
    What what = What::None;
    std::string sentence;
};

// As the kernel counts, since the interface was opened.
struct LiveCounts {
    std::uint64_t received = 0;
    std::uint64_t dropped_by_kernel = 0;  // no room in the buffer
    std::uint64_t dropped_by_interface = 0;
};

class LiveInterface {
  public:
    static constexpr int snap_length = 262'144;  // CaptureFile::packet_max

    // Opened and active, of a link type that can be peeled; null and a sentence otherwise.
    static std::unique_ptr<LiveInterface> open(const LiveOptions&, LiveFailure&);
    ~LiveInterface();
    LiveInterface(const LiveInterface&) = delete;
    LiveInterface& operator=(const LiveInterface&) = delete;

    // The last ones known, when the interface is gone.
    LiveCounts counts();

    struct Handle;
    [[nodiscard]] Handle& handle() const { return *handle_; }

  private:
    explicit LiveInterface(std::unique_ptr<Handle>);
    std::unique_ptr<Handle> handle_;
};

// What an interface hears for so long, as a pcap file.
struct Recorded {
    std::string problem;  // why not; empty: it was written
    std::uint64_t packets = 0;
    std::uint64_t dropped = 0;  // by kernel or interface
};
Recorded record_live(const std::string& interface, std::chrono::milliseconds duration, const std::string& path);

inline constexpr std::size_t line_max = std::size_t{64} << 10;

struct LiveTask {
    int lines = -1;   // to the keeper
    int orders = -1;  // from the keeper
    int keeper = 0;   // its process id
    std::string site;
    std::string source;             // id, in every piece of evidence
    std::size_t rows_max = 50'000;  // an interval with more ends by itself
    std::uint64_t first_frame = 1;
};

[[noreturn]] void work_live(LiveInterface&, const LiveTask&);

}  // namespace herkomst
