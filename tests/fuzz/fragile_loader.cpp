// Any bytes as the file of fragile families: problems, or families of which each names its maker and its reason.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz.h"
#include "probes/gate.h"

using namespace herkomst;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > (std::size_t{64} << 10)) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const Result<std::vector<FragileFamily>> read = parse_fragile(text, "fuzz.json");
    if (!read) {
        promise(!read.problems().empty(), "what is refused says why");
        return 0;
    }
    promise(!read.value().empty(), "a file that protects nobody is refused");
    for (const FragileFamily& family : read.value())
        promise(!family.maker.empty() && !family.why.empty(), "a family has a maker and a reason");
    return 0;
}

std::vector<std::string> fuzz_seeds() {
    return {R"({"families": [{"maker": "acme", "never": ["http"], "one_client": ["modbus"], "why": "it restarts",
                "source": {"publisher": "p", "title": "t", "address": "https://example.org/", "quote": "q"}}]})",
            R"({"families": [{"maker": 1, "never": {"a": 2}, "one_client": [null], "source": []}]})", R"({"families": {}})",
            "[]", "{}"};
}
