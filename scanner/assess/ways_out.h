// Where "the ways out are cut off" stands against what was seen. Internal to this folder, and for who takes in earlier runs.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "assess/answers.h"
#include "assess/assess.h"

namespace herkomst {

// What a claim of a yes/no fact says; nothing: it is contested, or says neither. Decoders name what they saw
// ("RemoteStopTransaction"): that is a yes.
std::optional<bool> flag_of(const Belief*);
// When it was last said of the asset that its ways out are cut off (field remote_blocked: an inventory, a person); the
// beginning of time where that has no date.
Time blocked_said(const Asset&);
// What is listed as cut off, and was seen outside after that was said, is not known to be: takes remote_blocked = 1 out.
void doubt_blocked(FactsRow&, Time said);
// Puts relay_outside_seen into all rows (columns.cpp), or takes it out. O(rows).
void note_relays(std::vector<FactsRow>&, const std::function<const AnswerSubject*(std::string_view)>& subject_of);

}  // namespace herkomst
