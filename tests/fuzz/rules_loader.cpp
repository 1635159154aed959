// Any bytes as a rule file: problems or a rule, and a rule's examples can be held against it.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "assess/assess.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto packs =
        herkomst::PolicyPacks::from_text(std::string_view(reinterpret_cast<const char*>(data), size), "fuzz.json");
    if (packs) (void)packs.value().check_examples();
    return 0;
}
