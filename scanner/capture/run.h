// One run over several sources: the reader's side (peel, join fragments) and the shards' side (flows, decoders), on one thread
// or several. The reader hands packets over in batches through bounded queues that block and never drop.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "capture/analysis.h"
#include "capture/file.h"
#include "capture/flows.h"
#include "capture/peel.h"

namespace herkomst {

class Run {
  public:
    static constexpr std::size_t batch_packets = 256;
    static constexpr std::size_t batch_bytes = std::size_t{256} << 10;
    static constexpr std::size_t queue_batches = 8;  // per thread

    Run(const DecoderTable&, const AnalysisOptions&);
    ~Run();
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    // Reads a source to its end; `already` is its first packet when that has been taken out.
    void read(CaptureFile&, SourceSummary&, const Packet* already);
    // Everything learned, folded and sorted, into `out`.
    void finish(Analysis& out);

  private:
    struct Batch;
    struct Worker;

    void take(const Packet&, SourceSummary&);
    void hand_over(const Peeled&);
    void send(Worker&);
    void work(Worker&);

    const DecoderTable* table_;
    std::vector<std::unique_ptr<Shard>> shards_;
    std::vector<std::unique_ptr<Worker>> workers_;
    Peeler peeler_;
    bool source_begun_ = false;
};

// A whole capture file in memory, with a table of decoders of the caller's choice: for tests and fuzzing.
Analysis analyse_memory(Bytes capture, std::span<const Decoder> decoders, const AnalysisOptions& options);

}  // namespace herkomst
