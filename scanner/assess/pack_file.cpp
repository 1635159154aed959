// What a pack says of itself: FOLDER/pack.json.
#include <fmt/core.h>

#include "assess/rules.h"

namespace herkomst {

namespace {

Texts texts_of(const Json& json, const char* key, const std::string& file, Problems& problems) {
    const Json& value = json[key];
    if (!value.is_object() || value["nl"].string().empty() || value["en"].string().empty())
        problems.push_back({fmt::format("{}: /{}", file, key), "this is not {\"nl\": ..., \"en\": ...} with a text in each"});
    return {value["nl"].string(), value["en"].string()};
}

}  // namespace

PolicyPacks::Pack read_pack(const Json& json, const std::string& file, const std::string& name, Problems& problems) {
    PolicyPacks::Pack out;
    out.name = name;
    if (!json.is_object()) {
        problems.push_back({file + ": /", "this is not an object"});
        return out;
    }
    for (const auto& [key, ignored] : json.members()) {
        if (key != "title" && key != "about" && key != "default" && key != "references")
            problems.push_back({fmt::format("{}: /{}", file, key), "this key is not known here"});
    }
    out.title = texts_of(json, "title", file, problems);
    out.about = texts_of(json, "about", file, problems);
    if (json.has("default") && !json["default"].is_bool())
        problems.push_back({file + ": /default", "this is not true or false"});
    out.by_default = json["default"].is_bool() && json["default"].boolean();
    if (json.has("references") && !json["references"].is_array())
        problems.push_back({file + ": /references", "this is not a list"});
    for (const Json& reference : json["references"].items()) {
        // A text for each language, or one for both.
        const Json& title = reference["title"];
        const Texts read =
            title.is_object() ? Texts{title["nl"].string(), title["en"].string()} : Texts{title.string(), title.string()};
        if (read.nl.empty() || read.en.empty()) problems.push_back({file + ": /references", "a reference has no title"});
        out.references.push_back({read, reference["address"].string()});
    }
    return out;
}

}  // namespace herkomst
