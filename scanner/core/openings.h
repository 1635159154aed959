// When conversations were opened: what tells a person who looks something up from a machine that calls home.
//
// The earliest `most` openings stay, by the millisecond, each once. The earliest of a union are among the earliest of its
// parts: so keeping them is associative, commutative and idempotent, and a rhythm is the same for any order of files, threads
// and intervals. At most 256 bytes.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "core/clock.h"

namespace herkomst {

// Openings at equal distances. `regular` is how many of a hundred distances are within a tenth of the period (a second at
// least).
struct Rhythm {
    std::chrono::seconds period{};  // the median distance
    unsigned regular = 0;
    auto operator<=>(const Rhythm&) const = default;
};

class Openings {
  public:
    static constexpr std::size_t most = 32;
    static constexpr std::size_t fewest = 5;        // openings that a rhythm needs
    static constexpr unsigned beacon = 75;          // of a hundred distances: from there on we call it regular
    static constexpr std::chrono::seconds same{2};  // connections opened together count as one

    void add(Time);
    void merge(const Openings&);
    [[nodiscard]] const std::vector<Time>& times() const { return times_; }
    // Nothing while there are too few.
    [[nodiscard]] std::optional<Rhythm> rhythm() const;
    bool operator==(const Openings&) const = default;

  private:
    std::vector<Time> times_;  // sorted
};

}  // namespace herkomst
