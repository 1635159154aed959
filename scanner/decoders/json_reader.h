// JSON (RFC 8259), bounded, without a document tree: the scalar values and where they stand.
//
// `read_json` walks one value and lists its scalars in order, each with its path: object names and array places joined by '/',
// "3/chargingStation/model". Bounds: 12 levels, 512 scalars, paths of 128 bytes, texts of 512 bytes (a longer text is cut at
// that), longer paths are passed over. O(bytes). Bytes that are not JSON, or more than the bounds, give `whole = false`; what
// was listed before the break stays, for those who can use it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace herkomst {

struct JsonScalar {
    std::string path;
    std::string text;  // escapes resolved; for numbers, true, false and null as written
    bool is_string = false;
};

struct JsonScalars {
    std::vector<JsonScalar> all;
    bool whole = false;

    // The text of the string at this path; empty when there is none.
    [[nodiscard]] std::string_view string_at(std::string_view path) const;
    // The text of any scalar at this path.
    [[nodiscard]] std::string_view at(std::string_view path) const;
};

JsonScalars read_json(std::string_view text);

}  // namespace herkomst
