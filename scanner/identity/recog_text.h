// What we observe, in the words in which Rapid7's Recog files expect it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/field.h"

namespace herkomst {

struct RecogText {
    std::string_view evidence;  // the attribute `matches` of the file, or its name: "http_header.server", "telnet_banners"
    std::string text;
};

// The texts that one observation stands for, in the order in which they are tried; none when Recog has no file for it.
std::vector<RecogText> recog_texts(Field, std::string_view method, std::string_view value);

// The value of one attribute ("O") of a name like "C=NL, O=Example B.V., CN=EX-1", escapes taken off; empty without it.
std::string certificate_attribute(std::string_view name, std::string_view attribute);

}  // namespace herkomst
