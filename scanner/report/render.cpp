#include "report/render.h"

#include <cstdio>
#include <cstdlib>
#include <kainjow/mustache.hpp>

namespace herkomst {

namespace {

using kainjow::mustache::data;

data converted(const Json& view) {
    if (view.is_null()) return data(data::type::bool_false);
    if (view.is_bool()) return data(view.boolean() ? data::type::bool_true : data::type::bool_false);
    if (view.is_string()) return view.string().empty() ? data(data::type::bool_false) : data(view.string());
    if (view.is_array()) {
        data out(data::type::list);
        for (const Json& each : view.items()) out.push_back(converted(each));
        return out;
    }
    if (view.is_object()) {
        data out(data::type::object);
        for (const auto& [key, value] : view.members()) out.set(key, converted(value));
        return out;
    }
    return data(write_json(view));
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
