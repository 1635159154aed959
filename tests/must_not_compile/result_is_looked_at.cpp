// A Result that nobody looks at would lose the operator's problems.
#include "core/json.h"

using namespace herkomst;

bool valid(std::string_view text) {
#ifdef MISUSE
    parse_json(text, "input");  // refused
    return true;
#else
    return parse_json(text, "input").ok();
#endif
}
