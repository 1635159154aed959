// The inputs that `herkomst_bench FILE` is given figures for, and what can be said of an input before its ratio is believed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace herkomst {

// What new there is in the traffic of some files.
struct Novelty {
    std::uint64_t packets = 0;
    std::uint64_t tcp_bytes = 0;     // payload, as the headers claim it
    std::uint64_t tcp_again = 0;     // of these: at sequence numbers that this side of the connection had sent before
    std::uint64_t openings = 0;      // SYNs, and packets of other flows after nothing of them for a minute (back or forth)
    std::uint64_t openings_new = 0;  // of these: flows that were not there before
};
Novelty novelty_of(const std::vector<std::string>& files);

// herkomst_bench input copies N IN OUT: N copies of a pcap one after another, each of another plant (N at most 8).
// herkomst_bench input days N IN OUT: N days of one plant, the same devices in other connections each day.
// herkomst_bench input repeat N IN OUT: N times the same.
// herkomst_bench input plant HOURS OUT: the synthetic plant of plant_replay.h as a pcap.
int bench_input(const std::vector<std::string>& words);

}  // namespace herkomst
