// What people may do with a finding: the statuses, the steps between them, and who may take each.
//
//   new -> investigating -> assessed -> treatment_planned -> in_treatment -> closed
//                              |                                 |
//                              +-> acceptance_requested -> accepted        any open one -> false_positive
//
// Roles: `analyst` looks into findings, rates them, plans and reports on treatment; `owner`, the risk owner, accepts risk,
// closes and calls a finding a false positive as well. `auditor` reads. When the register holds a list of people with roles
// (`register set person:NAME role=...`), nobody acts in a role that is not his; without a list the role is what the person says
// it is. Who a person really is, is for the machine that runs this to know.
//
// Everything here is a pure function of its arguments.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/result.h"

namespace herkomst {

inline constexpr std::array<std::string_view, 9> finding_statuses = {
    "new",      "investigating", "assessed",      "treatment_planned", "in_treatment", "acceptance_requested",
    "accepted", "closed",        "false_positive"};
inline constexpr std::array<std::string_view, 3> roles = {"analyst", "owner", "auditor"};
inline constexpr std::array<std::string_view, 4> closure_reasons = {"remediated", "asset_removed", "duplicate",
                                                                    "no_longer_applicable"};
inline constexpr std::array<std::string_view, 7> responses = {"avoid",  "mitigate",    "transfer", "share",
                                                              "accept", "contingency", "undecided"};

struct Transition {
    std::string_view from;
    std::string_view to;
    bool analyst = false;  // an analyst may take it too; the owner may take all
};
std::span<const Transition> steps();
bool open_status(std::string_view status);  // neither accepted, closed nor false_positive

// What a finding has now, by the names of table `work`; and how many of its measures are at least implemented, and are there.
struct Standing {
    std::string status = "new";
    std::map<std::string, std::string, std::less<>> fields;
    int measures = 0;
    int measures_done = 0;
};

struct Move {
    std::string to;
    std::string by;
    std::string role;
    std::string reason;
    std::map<std::string, std::string, std::less<>> fields;  // set by the same act
};

// Why this move is not allowed: all reasons at once, each a sentence. Always needed: a name, a role that may, a reason.
// Besides:
//   treatment_planned, in_treatment   owner, due, a response and at least one measure
//   accepted                          owner, who is the one that accepts (names compare without case); accepted_until: later
//                                     than now and at most `acceptance_most` from now
//   closed                            closure_reason; `remediated` only from in_treatment, with a measure that is implemented
Problems refused(const Standing&, const Move&, std::string_view finding, Time now, std::chrono::days acceptance_most);

// Whether a value may stand in a field of table `work`: empty when it may, else why not.
std::string refused_value(std::string_view subject_kind, std::string_view field, std::string_view value);

// Why a run puts a decided finding back to `assessed`; empty: it does not. An accepted one goes back when any of the three
// bands is higher than it was when it was accepted: the rule's, its rating without measures, its rating with measures. A band
// that was not there when it was accepted, or is not there now, is not compared. Whatever is worse than what reopens reopens
// too.
struct Sight {
    std::string band;      // now, by the rule
    std::string inherent;  // of its rating; empty: it has none
    std::string residual;
    std::string condition;  // now
    Time last{};            // when its subject was last seen on the network; of a run without times the run's
};
std::string reopens(const Standing&, const Sight&);
// The same for the time that is over, whether or not it was seen.
bool acceptance_over(const Standing&, Time now);

}  // namespace herkomst
