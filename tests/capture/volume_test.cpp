// Months of listening to a small plant, on a smaller scale: what the register grows by, and that values and conversations do
// not pile up. `herkomst_bench replay` does the same for thirty days.
#include <doctest/doctest.h>

#include "../bench/plant_replay.h"
#include "../bench/volume.h"
#include "core/observation.h"

using namespace herkomst;

namespace volume_test {

TEST_SUITE_BEGIN("capture.volume");

TEST_CASE("four days of a plant of twenty-five devices: no more than 2 KiB per device and day") {
    VolumeOptions options;
    options.length = std::chrono::hours(96);
    options.poll = std::chrono::seconds(300);
    options.interval = std::chrono::seconds(600);
    const Volume volume = volume_of(options);
    CHECK(volume.packets > 40'000);
    CHECK(volume.runs == 4 * 144);
    REQUIRE(volume.days.size() == 4);
    CHECK(volume.assets >= PlantReplay::devices);
    // One of them tells another text every quarter of an hour: the bound is reached, and holds.
    CHECK(volume.values_most == ObservationSet::values_per_field);
    // Every day is as the one before: one row per pair and service, however often they met.
    for (const Volume::Day& day : volume.days) {
        CHECK(day.conversations >= 25);
        CHECK(day.conversations <= 4 * PlantReplay::devices);
        CHECK(day.observations <= 16 * PlantReplay::devices);
    }
    CHECK(volume.days[3].claims == volume.days[1].claims);
    // There are ten times as many intervals in a real day, and what grows does so with each of them. Days are folded at
    // midnight and the first began in the evening: only in the second as many intervals lie unfolded as ever after.
    CHECK(volume.grows_by(1) <= 2048.0 / 10);
    // Folding loses runs, not what they counted.
    CHECK(volume.runs_kept < 2 * 144);
    CHECK(volume.packets_recorded == volume.packets);
    CHECK_MESSAGE(volume.broken.empty(), volume.broken);
}

TEST_SUITE_END();

}  // namespace volume_test
