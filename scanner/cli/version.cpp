#include "cli/version.h"

#include <fmt/core.h>

#include "cli/vendor_data.h"
#include "core/file.h"
#include "vendordb/vendordb.h"

namespace herkomst {

std::string program_name() { return "herkomst " HERKOMST_VERSION; }

// herkomst 0.1.0
// vendordb 2026-11-21 sha256:0123456789ab, 5 days old, 412 vendors, OUI registry of 2026-08-26, 92 days old
std::string version_text(Time now) {
    std::string text = program_name() + "\n";
    const Result<VendorDb> data = VendorDb::open(data_folder() + "/vendordb.sqlite");
    if (data) {
        const VendorDb& vendordb = data.value();
        const DataAges ages = ages_of(vendordb, now);
        const auto old = [](const std::optional<std::int64_t>& age) {
            return age ? fmt::format(", {} {} old", *age, *age == 1 ? "day" : "days") : std::string();
        };
        text += fmt::format("vendordb {}{}, {} vendors, ", vendordb.version(), old(ages.vendordb), vendordb.vendors());
        text += ages.registry_of.empty() ? std::string("no OUI registry")
                                         : fmt::format("OUI registry of {}{}", ages.registry_of, old(ages.registry));
        text += "\n";
    } else {
        for (const Problem& problem : data.problems()) text += fmt::format("no vendordb: {}\n", problem.text());
    }
    return text;
}

}  // namespace herkomst
