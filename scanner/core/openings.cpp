#include "core/openings.h"

#include <algorithm>

namespace herkomst {

void Openings::add(Time at) {
    at = std::chrono::floor<std::chrono::milliseconds>(at);
    const auto place = std::lower_bound(times_.begin(), times_.end(), at);
    if (place != times_.end() && *place == at) return;
    if (times_.size() >= most && place == times_.end()) return;
    times_.insert(place, at);
    if (times_.size() > most) times_.pop_back();
}

void Openings::merge(const Openings& other) {
    for (const Time at : other.times_) add(at);
}

std::optional<Rhythm> Openings::rhythm() const {
    using namespace std::chrono;
    std::vector<milliseconds> distances;
    Time last{};
    std::size_t beats = 0;
    for (const Time at : times_) {
        if (beats != 0 && at - last < same) continue;
        if (beats != 0) distances.push_back(floor<milliseconds>(at - last));
        last = at;
        ++beats;
    }
    if (beats < fewest) return std::nullopt;
    std::vector<milliseconds> sorted = distances;
    std::sort(sorted.begin(), sorted.end());
    const milliseconds median = sorted[(sorted.size() - 1) / 2];
    const milliseconds slack = std::max(milliseconds(1000), median / 10);
    std::size_t near = 0;
    for (const milliseconds distance : distances) near += distance >= median - slack && distance <= median + slack ? 1 : 0;
    return Rhythm{round<seconds>(median), static_cast<unsigned>(100 * near / distances.size())};
}

}  // namespace herkomst
