// What is wrong with rules, packs, orders and other JSON of the user's own, in Dutch. Internal to this folder.
#pragma once

#include <span>

#include "core/phrases.h"

namespace herkomst {

// {v} is a verdict of an example, {y} a type of a fact, {b} a band.
std::span<const Phrase> policy_phrases();

}  // namespace herkomst
