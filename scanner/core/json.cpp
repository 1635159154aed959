// Reading JSON; the library and its heavy header stay in this one unit. Values and writing: json_value.cpp.
#include "core/json.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/file.h"

namespace herkomst {

namespace {

constexpr std::size_t depth_max = 128;

// Builds our values while nlohmann's parser reads.
class Builder : public nlohmann::json_sax<nlohmann::json> {
  public:
    Json root;
    std::string error;
    std::size_t error_at = 0;

    bool null() override { return value(Json()); }
    bool boolean(bool b) override { return value(Json(b)); }
    bool number_integer(number_integer_t n) override { return value(Json(static_cast<std::int64_t>(n))); }
    bool number_unsigned(number_unsigned_t n) override {
        if (n > static_cast<number_unsigned_t>(INT64_MAX)) return value(Json(static_cast<double>(n)));
        return value(Json(static_cast<std::int64_t>(n)));
    }
    bool number_float(number_float_t d, const string_t&) override { return value(Json(d)); }
    bool string(string_t& s) override { return value(Json(std::move(s))); }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(Json::object()); }
    bool key(string_t& k) override {
        if (stack_.back()->has(k)) {
            error = fmt::format("the key \"{}\" stands twice in one object", k);
            return false;
        }
        key_ = std::move(k);
        return true;
    }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(Json::array()); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& e) override {
        error = e.what();
        const std::size_t sentence = error.find("syntax error");
        if (sentence != std::string::npos) error.erase(0, sentence);
        error_at = position;
        return false;
    }

  private:
    Json* place(Json v) {
        if (stack_.empty()) {
            root = std::move(v);
            return &root;
        }
        Json& parent = *stack_.back();
        if (parent.is_array()) {
            parent.items().push_back(std::move(v));
            return &parent.items().back();
        }
        Json& slot = parent[key_];
        slot = std::move(v);
        return &slot;
    }
    bool value(Json v) {
        place(std::move(v));
        return true;
    }
    bool open(Json v) {
        if (stack_.size() >= depth_max) {
            error = fmt::format("nested deeper than {} levels", depth_max);
            return false;
        }
        stack_.push_back(place(std::move(v)));
        return true;
    }
    bool close() {
        stack_.pop_back();
        return true;
    }

    std::vector<Json*> stack_;
    std::string key_;
};

}  // namespace

Result<Json> parse_json(std::string_view text, std::string_view name) {
    Builder builder;
    const bool fine = nlohmann::json::sax_parse(text.begin(), text.end(), &builder, nlohmann::json::input_format_t::json, true);
    if (fine) return std::move(builder.root);
    const std::size_t at = std::min(builder.error_at, text.size());
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    return Problem{fmt::format("{}:{}", name, line), builder.error.empty() ? "not valid JSON" : builder.error};
}

Result<Json> parse_json_file(const std::string& path) {
    Result<std::string> text = read_file(path);
    if (!text) return text.problems();
    return parse_json(text.value(), path);
}

}  // namespace herkomst
