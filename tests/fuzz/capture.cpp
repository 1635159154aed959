// Any bytes as a capture file, through reading, peeling, flows and every decoder.
#include <cstddef>
#include <cstdint>

#include "capture/run.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    herkomst::analyse_memory(herkomst::Bytes(data, size), herkomst::all_decoders(), {});
    return 0;
}
