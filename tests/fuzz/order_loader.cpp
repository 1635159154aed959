// Any bytes as the file of an order (after a byte 0) or as a pack's own description (after any other): problems or a value, and
// the patterns of an order can be held against a model.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "assess/order_file.h"
#include "assess/rules.h"
#include "fuzz.h"

std::vector<std::string> fuzz_seeds() {
    const std::string order =
        R"({"key": "EX-1", "authority": "A", "legal_basis": "Act, art. 1", "issued": "2027-01-01", "deadline": "2028-01-01",
            "document": "d", "suppliers": [{"name": "Example", "vendor": "example", "with_subsidiaries": true}],
            "products": [{"name": "Other", "model": "EX-[0-9]+"}], "categories": ["plc"], "sites": ["north"], "note": "n"})";
    const std::string pack = R"({"title": {"nl": "t", "en": "t"}, "about": {"nl": "a", "en": "a"}, "default": true,
                                 "references": [{"title": "r", "address": "https://example.org/"}]})";
    return {std::string(1, '\0') + order, "1" + pack};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const herkomst::Result<herkomst::Json> json = herkomst::parse_json(text, "fuzz.json");
    if (!json) return 0;
    herkomst::Problems problems;
    if (data[0] == 0) {
        (void)herkomst::read_order(json.value(), "fuzz.json", problems);
        (void)herkomst::signature_by(text, text.substr(0, 64), text);
    } else {
        (void)herkomst::read_pack(json.value(), "fuzz.json", "fuzz", problems);
    }
    return 0;
}
