// From capture files to observations: the one entrance to this folder for everything that comes after.
//
// `analyse` reads every file in order of its first packet's time, then source id, whatever order they were named in; the same
// file named twice is read once. Work is cut into 64 virtual shards by a symmetric hash of the innermost flow; threads own
// shards and every table's bound and eviction is per shard, so the result does not depend on the number of threads.
// Memory does not grow with the length of the captures. Damaged files are used as far as they can be read; where they break
// is a Problem ("FILE: packet N: sentence" or "FILE: block N at byte B: sentence").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/conversation.h"
#include "core/observation.h"
#include "core/result.h"

namespace herkomst {

struct AnalysisOptions {
    unsigned threads = 1;
    std::string site;
    bool hash = false;  // full SHA-256 of every source
};

struct SourceSummary {
    std::string id;      // first 16 hexadecimal digits of a SHA-256 over size, first and last MiB; of a stream its path ("-")
    std::string path;    // as named
    std::string sha256;  // only with AnalysisOptions::hash
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;  // captured
    Time first{};
    Time last{};
    bool usable = false;  // at least its header could be read
};

struct Analysis {
    ObservationSet observations;
    std::vector<Conversation> conversations;  // sorted by (a, b, b_name, service, opened_by)
    std::vector<Coverage> coverage;           // sorted
    std::vector<SourceSummary> sources;       // in the order they were read
    Problems problems;                        // damaged or unreadable sources, in that order
};

// Standard input ("-"), a pipe or a device: what comes from there is read once, and nothing can be looked at before.
bool is_stream(const std::string& path);
// True when the file starts like a pcap, pcapng, or a gzip/zstd file that unpacks to one. Always true for a stream.
bool is_capture(const std::string& path);
// The same of the first bytes of one.
bool begins_like_capture(std::string_view start);
// Why a packed file gives not even its first byte; empty: it does, or it is not packed.
std::string packing_problem(const std::string& path);
Analysis analyse(const std::vector<std::string>& paths, const AnalysisOptions&);
// The source id of any file (captures, inventories).
Result<std::string> source_id(const std::string& path);

// One frame of a capture file again, for explain: its bytes as captured, or a problem when the file changed or is gone.
Result<std::vector<std::uint8_t>> frame_of(const std::string& path, std::uint64_t frame);

}  // namespace herkomst
