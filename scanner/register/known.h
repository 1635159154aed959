// Which assets of a run the register knows already, and what people assigned them to: read before the run is judged, so that
// answers about an asset, its zone or its process find it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assess/recorded_measures.h"
#include "identity/asset.h"
#include "register/register.h"

namespace herkomst {

struct KnownAsset {
    std::string uid;
    std::string zone;
    std::string process;
};
// By derived key; those that are new are not in it. The uid is the oldest that any strong identifier is bound to, else that of
// the derived key, as `record` takes it; a merge or split that this run brings about is seen from the next run on.
std::map<std::string, KnownAsset, std::less<>> known_assets(const Register&, const Identified&);

// When a way out of each asset was last seen (fact outside_seen), by uid: what was seen before stays true of its time, also
// when this run heard less.
std::map<std::string, std::string, std::less<>> ways_out_seen(const Register&);

// When what is believed of that field was last said; nothing: nobody said it.
std::optional<Time> last_said(const Register&, std::string_view uid, Field, std::string_view value);

// What people recorded as done about each finding, by its id.
std::map<std::string, std::vector<RecordedMeasure>, std::less<>> recorded_measures(const Register&);

}  // namespace herkomst
