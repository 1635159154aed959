#include "cli/version.h"

namespace herkomst {

std::string version_text() { return "herkomst " HERKOMST_VERSION "\n"; }

}  // namespace herkomst
