#include "cli/version.h"

#include "core/file.h"
#include "vendordb/vendordb.h"

namespace herkomst {

std::string version_text() {
    std::string text = "herkomst " HERKOMST_VERSION "\n";
    const std::string path = data_folder() + "/vendordb.sqlite";
    const Result<VendorDb> db = VendorDb::open(path);
    if (!db) {
        for (const Problem& problem : db.problems()) text += "vendordb: " + problem.text() + "\n";
        return text;
    }
    text += "vendordb " + db.value().version() + ", " + std::to_string(db.value().vendors()) + " vendors, OUI registry of " +
            db.value().oui_as_of() + "\n";
    return text;
}

}  // namespace herkomst
