// What a run of probes would send, for whoever has to sign it: `probe --dry-run`.
//
// One line for each target and question, written as it is reckoned, so that a plan of any size takes no memory; each names the
// numbers of what may be sent to that target. Then what is sent, by number, once: the bytes, with what is known of the target
// already in them (unit, slot, instances), and what may stand in each hole that is left. So every byte for every target can be
// read from it. Last how much that is at most, farewells among it, and how long it takes: the least of it is held against real
// runs within 30 % (tests/probes/plan_test.cpp), the most is exceeded only where a device says that it is busy. Of a record
// that is taken up only what it leaves to ask is shown.
#pragma once

#include <chrono>
#include <string>

#include "probes/campaign.h"

namespace herkomst {

// The scope is the campaign's.
void show_plan(const Campaign&, const Scope&);

std::string duration_text(std::chrono::milliseconds);

}  // namespace herkomst
