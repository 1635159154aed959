// The loaders of vendordb on bytes of any kind: the first byte chooses which. They answer with problems, never with a crash.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/json.h"
#include "core/text.h"
#include "vendordb/fingerprints.h"
#include "vendordb/pattern.h"
#include "vendordb/vendor_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace herkomst;
    // Larger inputs only take longer: the loaders hold no limit that lies beyond.
    if (size < 1 || size > 16384) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    Problems problems;
    switch (data[0] % 4) {
        case 0: {
            const Result<Json> json = parse_json(text, "input");
            if (!json) return 0;
            Vocabulary vocabulary;
            read_vocabulary(json.value(), "vocabulary.json", vocabulary, problems);
            read_jurisdictions(json.value(), "jurisdictions.json", problems);
            read_list(json.value(), "lists/input.json", "input", vocabulary, problems);
            read_traps(json.value(), "traps.json", problems);
            read_services(json.value(), "services.json", vocabulary, problems);
            read_vendor(json.value(), "vendors/input.json", "input", vocabulary, problems);
            break;
        }
        case 1:
            check_fingerprints(read_fingerprints(text, "fingerprints/input.xml", "input", problems), problems);
            break;
        case 2: {
            // A pattern, a line end, and a text: what matches holds the literal. Beyond ASCII, case is more than two letters.
            const std::size_t end = text.find('\n');
            if (end == std::string_view::npos) return 0;
            const Pattern pattern(text.substr(0, end), Dialect::Ruby, "i");
            const std::string_view subject = text.substr(end + 1);
            const bool matches = pattern.match(subject).has_value();
            if (matches && !pattern.literal().empty() && printable_ascii(subject) &&
                !contains_ignoring_case(subject, pattern.literal()))
                __builtin_trap();
            break;
        }
        default: {
            FingerprintSet set;
            Fingerprint fingerprint;
            fingerprint.evidence = "x";
            fingerprint.pattern = "^(.*)/([0-9.]+)(?: \\((.*)\\))?$";
            fingerprint.params = {{1, "brand", ""}, {2, "firmware", ""}, {3, "model", ""}};
            set.add(fingerprint);
            (void)set.match("x", text);
            break;
        }
    }
    for (const Problem& problem : problems)
        if (problem.sentence.empty() || problem.place.empty()) __builtin_trap();
    return 0;
}
