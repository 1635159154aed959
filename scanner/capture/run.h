// One run over several sources: the reader's side (peel, join fragments) and the shards' side (flows, decoders), on one thread
// or several. The reader hands packets over in batches through bounded queues that block and never drop.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "capture/analysis.h"
#include "capture/file.h"
#include "capture/flows.h"
#include "capture/peel.h"

namespace herkomst {

class CaptureRun {
  public:
    static constexpr std::size_t batch_packets = 256;
    static constexpr std::size_t batch_bytes = std::size_t{256} << 10;
    static constexpr std::size_t queue_batches = 8;  // per thread

    CaptureRun(const Trials&, const AnalysisOptions&);
    ~CaptureRun();
    CaptureRun(const CaptureRun&) = delete;
    CaptureRun& operator=(const CaptureRun&) = delete;

    // Reads a source to its end; `already` is its first packet when that has been taken out. What is returned are the headers
    // that cannot be true: of each kind the first frame with it, and how many there were.
    Problems read(CaptureFile&, SourceSummary&, const Packet* already);
    // Everything learned, folded and sorted, into `out`.
    void finish(Analysis& out);

    // For what never ends (one thread only): packets as they come, and at any time what was learned since the last time, while
    // flows, streams and fragments go on. Counts and bytes are differences: all the intervals add up to what finish() of a file
    // with the same packets gives. After end() comes one last interval.
    void begin(const std::string& source);
    // True when there was something to decode in it.
    bool take_live(const Packet&);
    void take_interval(Analysis& out);
    void end();
    // How many rows the next take_interval gives, about.
    [[nodiscard]] std::size_t rows() const;

  private:
    struct Batch;
    struct Worker;

    struct Sum;

    void take(const Packet&, SourceSummary&);
    void add_up(Shard::Learned&&, Sum&, Analysis& out) const;
    void conclude(Sum&, Analysis& out) const;
    void hand_over(const Peeled&);
    void send(Worker&);
    void work(Worker&);

    const Trials* trials_;
    std::vector<std::unique_ptr<Shard>> shards_;
    std::vector<std::unique_ptr<Worker>> workers_;
    Peeler peeler_;
    Peeled peeled_;  // the packet at hand
    Counters told_;  // of the peeler, in earlier intervals
    std::map<std::uint32_t, std::uint64_t> told_link_types_;
    bool source_begun_ = false;
};

// A whole capture file in memory, with a table of decoders of the caller's choice: for tests and fuzzing.
Analysis analyse_memory(Bytes capture, std::span<const Decoder> decoders, const AnalysisOptions& options);

}  // namespace herkomst
