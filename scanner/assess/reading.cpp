#include "assess/reading.h"

namespace herkomst {

bool good_name(std::string_view id) {
    return !id.empty() && id.size() <= 64 &&
           std::all_of(id.begin(), id.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }) &&
           id.front() != '-' && id.back() != '-';
}

void StrictReader::problem(std::string_view pointer, std::string sentence) {
    problems_.push_back({fmt::format("{}: {}", file_, pointer.empty() ? "/" : pointer), std::move(sentence)});
}

bool StrictReader::object(const Json& value, const std::string& pointer, std::initializer_list<std::string_view> keys) {
    if (!value.is_object()) {
        problem(pointer, "this is not an object");
        return false;
    }
    for (const auto& [key, ignored] : value.members()) {
        const bool expected = std::any_of(keys.begin(), keys.end(), [&](std::string_view k) {
            return k == key || (k.ends_with('?') && k.substr(0, k.size() - 1) == key);
        });
        if (!expected) problem(pointer + "/" + clean(key), "this key is not known here");
    }
    for (const std::string_view key : keys) {
        if (!key.ends_with('?') && !value.has(key)) problem(pointer, fmt::format("\"{}\" is missing", key));
    }
    return true;
}

std::string StrictReader::text(const Json& value, const std::string& pointer) {
    if (!value.is_string() || trimmed(value.string()).empty()) {
        problem(pointer, "this is not a text, or an empty one");
        return {};
    }
    return value.string();
}

Texts StrictReader::texts(const Json& value, const std::string& pointer) {
    if (!object(value, pointer, {"nl", "en"})) return {};
    return {text(value["nl"], pointer + "/nl"), text(value["en"], pointer + "/en")};
}

Texts StrictReader::text_or_texts(const Json& value, const std::string& pointer) {
    if (value.is_object()) return texts(value, pointer);
    const std::string one = text(value, pointer);
    return {one, one};
}

std::string StrictReader::id(const Json& value, const std::string& pointer) {
    if (!value.is_string() || !good_name(value.string()))
        problem(pointer, "a name is made of a-z, 0-9 and -, at most 64 of them");
    return value.string();
}

bool StrictReader::list(const Json& value, const std::string& pointer, std::size_t least) {
    if (!value.is_array()) {
        problem(pointer, "this is not a list");
    } else if (value.items().size() < least) {
        problem(pointer, fmt::format("this list holds at least {}", least));
    }
    return value.is_array();
}

bool StrictReader::flag(const Json& value, const std::string& pointer) {
    if (!value.is_null() && !value.is_bool()) problem(pointer, "this is not true or false");
    return value.boolean();
}

int StrictReader::number(const Json& value, const std::string& pointer, int least, int most) {
    if (!value.is_integer() || value.integer() < least || value.integer() > most) {
        problem(pointer, fmt::format("this is not a whole number from {} to {}", least, most));
        return least;
    }
    return static_cast<int>(value.integer());
}

std::vector<Reference> StrictReader::references(const Json& value, const std::string& pointer) {
    std::vector<Reference> out;
    if (!list(value, pointer)) return out;
    for (std::size_t i = 0; i < value.items().size(); ++i) {
        const Json& one = value.at(i);
        const std::string at = fmt::format("{}/{}", pointer, i);
        if (!object(one, at, {"title", "address?"})) continue;
        out.push_back(
            {text_or_texts(one["title"], at + "/title"), one.has("address") ? text(one["address"], at + "/address") : ""});
    }
    return out;
}

}  // namespace herkomst
