#include "identity/stacks.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

namespace herkomst {

namespace {

bool from_stack(const Claim& claim) { return claim.because.starts_with("stack="); }

// A program that says its own name needs no guess.
void drop_what_is_said(std::vector<Claim>& claims, std::string_view said_by, std::string_view shape) {
    const bool said = std::any_of(claims.begin(), claims.end(), [&](const Claim& claim) {
        return claim.field == Field::software && claim.strength >= Strength::Stated && claim.method.starts_with(said_by);
    });
    if (!said) return;
    std::erase_if(claims,
                  [&](const Claim& claim) { return claim.field == Field::software && claim.because.starts_with(shape); });
}

}  // namespace

void settle_stacks(std::vector<Claim>& claims) {
    drop_what_is_said(claims, "http.server", "stack=http-response:");
    drop_what_is_said(claims, "ssh.", "stack=ssh-");
    std::set<std::string> systems;
    for (const Claim& claim : claims) {
        if (claim.field == Field::os && from_stack(claim)) systems.insert(claim.value);
    }
    const bool android = systems.contains("Android") && systems.contains("Linux");
    if (android) systems.erase("Linux");
    const bool torn = systems.size() > 1;
    if (!torn && !android) return;
    std::erase_if(claims, [&](const Claim& claim) {
        return claim.field == Field::os && from_stack(claim) && (torn || claim.value == "Linux");
    });
}

}  // namespace herkomst
