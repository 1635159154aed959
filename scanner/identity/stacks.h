// What the shapes of network stacks (Field::stack) hint at, held against each other.
//
// A hint counts only while all of them agree: behind an address that translates or relays for others, several systems speak,
// and none of them is the device. Linux and Android agree, and are then Android. Where a program names itself, its shape adds
// nothing.
#pragma once

#include <vector>

#include "identity/asset.h"

namespace herkomst {

// Takes claims away that rest on a stack's shape and contradict each other. Pure; keeps the order.
void settle_stacks(std::vector<Claim>&);

}  // namespace herkomst
