// What months of listening leave behind: the synthetic plant (plant_replay.h) through decoders, identity, rules and register,
// interval by interval as `listen` does it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace herkomst {

struct VolumeOptions {
    std::chrono::hours length{24 * 30};
    std::chrono::seconds poll{10};
    std::chrono::seconds interval{60};
    std::string register_path;  // empty: one that is thrown away
};

struct Volume {
    std::uint64_t packets = 0;
    std::uint64_t runs = 0;
    std::uint64_t runs_kept = 0;         // after earlier days were folded
    std::uint64_t packets_recorded = 0;  // by all sources of the register
    std::string broken;                  // what Register::verify says of it
    std::size_t assets = 0;
    std::size_t values_most = 0;           // of one field of one subject
    struct Day {                           // or what there was of it
        std::uint64_t register_bytes = 0;  // at its end
        std::uint64_t claims = 0;          // rows of the register
        std::size_t conversations = 0;     // rows, all intervals of the day folded
        std::size_t observations = 0;
        std::uint64_t line_bytes = 0;  // of both, as NDJSON
    };
    std::vector<Day> days;

    // What the register grows by, per device and day, once it knows the plant: between the end of day `first` (from 0) and the
    // last.
    [[nodiscard]] double grows_by(std::size_t first) const;
};

Volume volume_of(const VolumeOptions&);

}  // namespace herkomst
