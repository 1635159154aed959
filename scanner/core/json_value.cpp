#include "core/json.h"

#include <fmt/core.h>

#include <cmath>

#include "core/utf8.h"

namespace herkomst {

namespace {

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

Json::Json(bool b) : held_(b) {}
Json::Json(int n) : held_(static_cast<std::int64_t>(n)) {}
Json::Json(unsigned n) : held_(static_cast<std::int64_t>(n)) {}
Json::Json(std::int64_t n) : held_(n) {}
Json::Json(std::uint64_t n) : held_(static_cast<std::int64_t>(n)) {}
Json::Json(double d) : held_(d) {}
Json::Json(const char* s) : held_(std::string(s)) {}
Json::Json(std::string s) : held_(std::move(s)) {}
Json::Json(std::string_view s) : held_(std::string(s)) {}
Json::Json(JsonArray a) : held_(std::move(a)) {}
Json::Json(JsonObject o) : held_(std::move(o)) {}
Json::Json(const Json&) = default;
Json::Json(Json&&) noexcept = default;
Json& Json::operator=(const Json&) = default;
Json& Json::operator=(Json&&) noexcept = default;
Json::~Json() = default;
Json Json::array() { return JsonArray{}; }
Json Json::object() { return JsonObject{}; }

// Written out: clang 16 crashes over a defaulted one, whose type holds itself.
bool Json::operator==(const Json& other) const { return held_ == other.held_; }

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

void Json::push(Json value) { items().push_back(std::move(value)); }

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

}  // namespace herkomst
