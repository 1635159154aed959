#include "report/render.h"

#include <cstdio>
#include <cstdlib>
#include <kainjow/mustache.hpp>

namespace herkomst {

namespace {

using kainjow::mustache::data;

data converted(const Json& json) {
    if (json.is_null()) return data(data::type::bool_false);
    if (json.is_bool()) return data(json.boolean() ? data::type::bool_true : data::type::bool_false);
    if (json.is_string()) return json.string().empty() ? data(data::type::bool_false) : data(json.string());
    if (json.is_array()) {
        data out(data::type::list);
        for (const Json& each : json.items()) out.push_back(converted(each));
        return out;
    }
    if (json.is_object()) {
        data out(data::type::object);
        for (const auto& [key, value] : json.members()) out.set(key, converted(value));
        return out;
    }
    return data(write_json(json));
}

}  // namespace

std::string render(std::string_view page, const Json& view) {
    kainjow::mustache::mustache mustache{std::string(page)};
    if (!mustache.is_valid()) {
        std::fprintf(stderr, "the report's template: %s\n", mustache.error_message().c_str());
        std::abort();
    }
    return mustache.render(converted(view));
}

}  // namespace herkomst
