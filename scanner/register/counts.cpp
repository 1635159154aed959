#include "register/counts.h"

namespace herkomst {

bool without_maker(const OverviewAsset& asset) {
    const Belief* maker = asset.belief(Field::maker);
    return asset.maker.empty() && (maker == nullptr || maker->value.empty());
}

AssetCounts counts_of(const Overview& seen, Counted which) {
    AssetCounts counts;
    for (const OverviewAsset& asset : seen.assets) {
        if (which == Counted::LastRun && asset.last_run != seen.run.run) continue;
        ++counts.all;
        counts.devices += asset.kind == "device" ? 1 : 0;
        counts.parts += asset.kind == "part" ? 1 : 0;
        counts.services += asset.kind == "service" ? 1 : 0;
        counts.programs += asset.kind == "software" ? 1 : 0;
        counts.without_maker += without_maker(asset) ? 1 : 0;
        counts.without_country += asset.country.empty() ? 1 : 0;
    }
    return counts;
}

}  // namespace herkomst
