// UUIDs made from content, so that the same content has the same name everywhere.
#pragma once

#include <string>
#include <string_view>

namespace herkomst {

// RFC 9562 section 5.8: version 8 (own construction), the first 122 bits of the SHA-256 of the text.
std::string uuid_of(std::string_view text);

}  // namespace herkomst
