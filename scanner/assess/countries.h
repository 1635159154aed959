// Country codes, ISO 3166-1 alpha-2.
#pragma once

#include <string_view>

namespace herkomst {

// Assigned by ISO 3166-1: not "XX", and not "UK" or "EL", which only others write.
bool is_country_code(std::string_view code);
// What they write instead: "UK" is "GB", "EL" is "GR"; else empty.
std::string_view country_code_meant(std::string_view code);

}  // namespace herkomst
