#include "cli/version.h"

#include <fmt/core.h>

#include "cli/vendor_data.h"
#include "core/file.h"
#include "vendordb/vendordb.h"

namespace herkomst {

std::string program_name() { return "herkomst " HERKOMST_VERSION; }

// herkomst 0.1.0
// vendordb 2026-11-21 sha256:0123456789ab, 412 vendors, OUI registry of 2026-08-26, 5 days old
std::string version_text(Time now) {
    std::string text = program_name() + "\n";
    const Result<VendorDb> data = VendorDb::open(data_folder() + "/vendordb.sqlite");
    if (data) {
        const VendorDb& vendordb = data.value();
        text += fmt::format("vendordb {}, {} vendors, OUI registry of {}", vendordb.version(), vendordb.vendors(),
                            vendordb.oui_as_of());
        if (const auto age = age_of(vendordb, now)) text += fmt::format(", {} {} old", *age, *age == 1 ? "day" : "days");
        text += "\n";
    } else {
        for (const Problem& problem : data.problems()) text += fmt::format("no vendordb: {}\n", problem.text());
    }
    return text;
}

}  // namespace herkomst
