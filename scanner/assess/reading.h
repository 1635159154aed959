// One JSON file of ours read strictly: every problem with its file and pointer. Internal to this folder.
#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

#include "assess/finding.h"
#include "core/json.h"
#include "core/result.h"
#include "core/text.h"

namespace herkomst {

class StrictReader {
  public:
    StrictReader(std::string file, Problems& problems) : file_(std::move(file)), problems_(problems) {}

    void problem(std::string_view pointer, std::string sentence);
    // An object with these keys, and no others; "?" marks an optional one.
    bool object(const Json& value, const std::string& pointer, std::initializer_list<std::string_view> keys);
    std::string text(const Json& value, const std::string& pointer);
    Texts texts(const Json& value, const std::string& pointer);
    // A text for each language, or one for both.
    Texts text_or_texts(const Json& value, const std::string& pointer);
    // a-z, 0-9 and '-', at most 64 of them.
    std::string id(const Json& value, const std::string& pointer);
    bool list(const Json& value, const std::string& pointer, std::size_t least = 0);
    bool flag(const Json& value, const std::string& pointer);
    int number(const Json& value, const std::string& pointer, int least, int most);
    std::vector<Reference> references(const Json& value, const std::string& pointer);

  private:
    std::string file_;
    Problems& problems_;
};

bool good_name(std::string_view id);

}  // namespace herkomst
