#include "cli/version.h"

#include <fmt/core.h>

#include "core/file.h"
#include "vendordb/vendordb.h"

namespace herkomst {

std::string program_name() { return "herkomst " HERKOMST_VERSION; }

// herkomst 0.1.0
// vendordb 2026-11-21 sha256:0123456789ab, 412 vendors, OUI registry of 2026-08-26
std::string version_text() {
    std::string text = program_name() + "\n";
    const Result<VendorDb> data = VendorDb::open(data_folder() + "/vendordb.sqlite");
    if (data) {
        const VendorDb& vendordb = data.value();
        text += fmt::format("vendordb {}, {} vendors, OUI registry of {}\n", vendordb.version(), vendordb.vendors(),
                            vendordb.oui_as_of());
    } else {
        for (const Problem& problem : data.problems()) text += fmt::format("no vendordb: {}\n", problem.text());
    }
    return text;
}

}  // namespace herkomst
