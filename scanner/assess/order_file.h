// The files that orders are read from. Internal to this folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "assess/order.h"
#include "core/json.h"

namespace herkomst {

enum class Signed : std::uint8_t { Yes, No, NoKey };
// `signature`: 64 bytes. NoKey: `public_pem` is no Ed25519 public key.
Signed signature_by(std::string_view content, std::string_view signature, std::string_view public_pem);

// Strictly, all problems at once; `file` stands in front of each.
std::optional<Order> read_order(const Json&, const std::string& file, Problems&);

}  // namespace herkomst
