// What a Sparkplug B birth says of its sender: the metrics by which nodes and devices name maker, model and versions. Their
// values otherwise, and all other metrics, are what the plant does and are not kept.
#pragma once

#include <cstddef>

#include "decoders/decoder.h"

namespace herkomst {

// A longer birth is read as far as this.
inline constexpr std::size_t longest_birth = 24 * 1024;

// `payload`: of an NBIRTH or DBIRTH message, whole or its beginning; `who`: claims about whom it announces.
void observe_sparkplug_birth(const Slice& payload, Claims& who);

}  // namespace herkomst
