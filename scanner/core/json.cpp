#include "core/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/file.h"
#include "core/utf8.h"

namespace herkomst {

namespace {

constexpr std::size_t depth_max = 128;

// Builds our values while nlohmann's parser reads; keeps its heavy header in this one unit.
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

const Json null_value;

void write(std::string& out, const Json& value, int indent, int depth) {
    const auto line = [&](int levels) {
        if (indent == 0) return;
        out += '\n';
        out.append(static_cast<std::size_t>(levels * indent), ' ');
    };
    if (value.is_null()) {
        out += "null";
    } else if (value.is_bool()) {
        out += value.boolean() ? "true" : "false";
    } else if (value.is_integer()) {
        out += std::to_string(value.integer());
    } else if (value.is_number()) {
        out += std::isfinite(value.number()) ? fmt::format("{}", value.number()) : "null";
    } else if (value.is_string()) {
        append_json_string(out, value.string());
    } else if (value.is_array()) {
        out += '[';
        bool first = true;
        for (const Json& item : value.items()) {
            if (!first) out += ',';
            first = false;
            line(depth + 1);
            write(out, item, indent, depth + 1);
        }
        if (!first) line(depth);
        out += ']';
    } else {
        out += '{';
        bool first = true;
        for (const auto& [key, member] : value.members()) {
            if (!first) out += ',';
            first = false;
            line(depth + 1);
            append_json_string(out, key);
            out += indent == 0 ? ":" : ": ";
            write(out, member, indent, depth + 1);
        }
        if (!first) line(depth);
        out += '}';
    }
}

}  // namespace

bool Json::boolean(bool otherwise) const {
    const bool* b = std::get_if<bool>(&held_);
    return b == nullptr ? otherwise : *b;
}

std::int64_t Json::integer(std::int64_t otherwise) const {
    const std::int64_t* n = std::get_if<std::int64_t>(&held_);
    return n == nullptr ? otherwise : *n;
}

double Json::number(double otherwise) const {
    if (const double* d = std::get_if<double>(&held_)) return *d;
    if (const std::int64_t* n = std::get_if<std::int64_t>(&held_)) return static_cast<double>(*n);
    return otherwise;
}

const std::string& Json::string() const {
    static const std::string empty;
    const std::string* s = std::get_if<std::string>(&held_);
    return s == nullptr ? empty : *s;
}

const JsonArray& Json::items() const {
    static const JsonArray empty;
    const JsonArray* a = std::get_if<JsonArray>(&held_);
    return a == nullptr ? empty : *a;
}

const JsonObject& Json::members() const {
    static const JsonObject empty;
    const JsonObject* o = std::get_if<JsonObject>(&held_);
    return o == nullptr ? empty : *o;
}

JsonArray& Json::items() {
    if (!is_array()) held_ = JsonArray{};
    return std::get<JsonArray>(held_);
}

JsonObject& Json::members() {
    if (!is_object()) held_ = JsonObject{};
    return std::get<JsonObject>(held_);
}

const Json& Json::operator[](std::string_view key) const {
    const JsonObject& object = members();
    const auto found = object.find(key);
    return found == object.end() ? null_value : found->second;
}

Json& Json::operator[](std::string_view key) {
    JsonObject& object = members();
    const auto found = object.find(key);
    if (found != object.end()) return found->second;
    return object.emplace(std::string(key), Json()).first->second;
}

const Json& Json::at(std::size_t index) const {
    const JsonArray& array = items();
    return index < array.size() ? array[index] : null_value;
}

bool Json::has(std::string_view key) const { return members().find(key) != members().end(); }

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        switch (c) {
            case '"':
                out += "\\\"";
                continue;
            case '\\':
                out += "\\\\";
                continue;
            case '\n':
                out += "\\n";
                continue;
            case '\r':
                out += "\\r";
                continue;
            case '\t':
                out += "\\t";
                continue;
            default:
                break;
        }
        if (c < 0x20 || c == 0x7f) {
            out += fmt::format("\\u{:04x}", c);
            continue;
        }
        if (c < 0x80) {
            out += static_cast<char>(c);
            continue;
        }
        const std::size_t length = utf8_length(text, i);
        if (length == 0) {
            out += "\xef\xbf\xbd";  // U+FFFD
            continue;
        }
        out += text.substr(i, length);
        i += length - 1;
    }
    out += '"';
}

std::string write_json(const Json& value) {
    std::string out;
    write(out, value, 0, 0);
    return out;
}

std::string write_json_pretty(const Json& value) {
    std::string out;
    write(out, value, 2, 0);
    out += '\n';
    return out;
}

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
