// PROFINET names of station, which several protocols carry in a field that may also hold something else.
#pragma once

#include <string_view>

#include "core/endpoint.h"

namespace herkomst {

// PROFINET (IEC 61158-6-10) 4.3.1.4.15 NameOfStation: labels of [a-z0-9-] separated by dots, at most 63 characters each and
// 240 together, no label starts or ends with a hyphen; not of the form a.b.c.d nor "port-nnn". A MAC is not a name either.
inline bool is_name_of_station(std::string_view text) {
    if (text.empty() || text.size() > 240 || Mac::parse(text) || IpAddress::parse(text)) return false;
    if (text.substr(0, 5) == "port-") return false;
    bool letters = false;
    std::size_t label = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i == text.size() || text[i] == '.') {
            if (label == 0 || label > 63 || text[i - 1] == '-') return false;
            label = 0;
            continue;
        }
        const char c = text[i];
        const bool letter = c >= 'a' && c <= 'z';
        const bool digit = c >= '0' && c <= '9';
        if (!letter && !digit && (c != '-' || label == 0)) return false;
        letters = letters || letter;
        ++label;
    }
    return letters;
}

}  // namespace herkomst
