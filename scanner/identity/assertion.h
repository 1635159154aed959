// What a named person said of who is who and what is what. Assertions enter `resolve` and `fuse` as input, so that a re-scan
// cannot undo them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/field.h"

namespace herkomst {

struct Assertion {
    enum class Kind : std::uint8_t {
        Same,     // `a` and `b` are one device, whatever they say
        NotSame,  // `a` and `b` are two, whatever they have in common
        Is,       // `field` of `a` is `value`
    };
    Kind kind{};
    std::string id;  // "A-12", of the register
    std::string site;
    // What names them: "mac:...", "serial:vendor/...", "cip-serial:...", "engine:...", as in Asset::strong; "key:" and a
    // derived key for whatever has nothing better, and then also its "ip:...".
    std::vector<std::string> a;
    std::vector<std::string> b;
    std::string uid_a;  // in the register that it stands in
    std::string uid_b;
    Field field{};
    std::string value;
    std::string who;
    Time at{};
};

// The names that tell two devices apart which share others: addresses of their interfaces, where there are any.
inline std::vector<std::string> telling(const std::vector<std::string>& names) {
    std::vector<std::string> out;
    for (const std::string& each : names) {
        if (each.starts_with("mac:")) out.push_back(each);
    }
    return out.empty() ? names : out;
}

}  // namespace herkomst
