#include "cli/own_ranges.h"

namespace herkomst::cli {

namespace {

// The largest blocks that were ever given to anybody: an IPv4 /8, an IPv6 /16. Anything wider is a slip, and would make the
// internet part of the site.
bool wider_than_any(const AddressRange& range) {
    const unsigned whole = range.first.version == 4 ? 1 : 2;  // bytes that must agree
    for (unsigned i = 0; i < whole; ++i) {
        if (range.first.bytes[i] != range.last.bytes[i]) return true;
    }
    return false;
}

}  // namespace

void OwnRanges::declare(Options& options) {
    options.many("--own", texts_,
                 "public addresses of the site itself, IPv4 or IPv6, like 192.0.2.0/24, 2001:db8:7::/48 or FIRST-LAST; may be "
                 "given again. They count as inside");
}

void OwnRanges::read(std::vector<std::string>& problems) {
    for (const std::string& text : texts_) {
        const auto range = AddressRange::parse(text);
        const char* problem = nullptr;
        if (!range) {
            problem = "is no address, prefix (whose other bits are 0) or FIRST-LAST";
        } else if (wider_than_any(*range)) {
            problem = "is wider than any site is";
        }
        if (problem != nullptr) {
            problems.push_back("--own: \"" + text + "\" " + problem);
        } else {
            ranges_.push_back(*range);
        }
    }
}

}  // namespace herkomst::cli
