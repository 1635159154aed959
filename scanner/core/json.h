// JSON values without a heavy header; parsing is strict (RFC 8259), duplicates refused, depth bounded.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.h"

namespace herkomst {

class Json;
using JsonArray = std::vector<Json>;
using JsonObject = std::map<std::string, Json, std::less<>>;

class Json {
  public:
    Json() noexcept {}  // null
    // The others are not inline: they would be compiled anew in every unit that holds a Json, and most do.
    Json(bool b);
    Json(int n);
    Json(unsigned n);
    Json(std::int64_t n);
    Json(std::uint64_t n);
    Json(double d);
    Json(const char* s);
    Json(std::string s);
    Json(std::string_view s);
    Json(JsonArray a);
    Json(JsonObject o);
    Json(const Json&);
    Json(Json&&) noexcept;
    Json& operator=(const Json&);
    Json& operator=(Json&&) noexcept;
    ~Json();
    static Json array();
    static Json object();

    [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(held_); }
    [[nodiscard]] bool is_bool() const { return std::holds_alternative<bool>(held_); }
    [[nodiscard]] bool is_integer() const { return std::holds_alternative<std::int64_t>(held_); }
    [[nodiscard]] bool is_number() const { return is_integer() || std::holds_alternative<double>(held_); }
    [[nodiscard]] bool is_string() const { return std::holds_alternative<std::string>(held_); }
    [[nodiscard]] bool is_array() const { return std::holds_alternative<JsonArray>(held_); }
    [[nodiscard]] bool is_object() const { return std::holds_alternative<JsonObject>(held_); }

    // The value, or the given default when it is of another kind.
    [[nodiscard]] bool boolean(bool otherwise = false) const;
    [[nodiscard]] std::int64_t integer(std::int64_t otherwise = 0) const;
    [[nodiscard]] double number(double otherwise = 0) const;
    [[nodiscard]] const std::string& string() const;  // empty when it is none
    [[nodiscard]] const JsonArray& items() const;     // empty when it is none
    [[nodiscard]] const JsonObject& members() const;  // empty when it is none
    JsonArray& items();                               // becomes an array when null
    JsonObject& members();                            // becomes an object when null

    // The member of that name; null when there is none.
    [[nodiscard]] const Json& operator[](std::string_view key) const;
    Json& operator[](std::string_view key);
    [[nodiscard]] const Json& at(std::size_t index) const;
    [[nodiscard]] bool has(std::string_view key) const;
    void push(Json value);

    bool operator==(const Json&) const;

  private:
    std::variant<std::monostate, bool, std::int64_t, double, std::string, JsonArray, JsonObject> held_;
};

// Compact, keys sorted, UTF-8 as is (invalid UTF-8 is replaced), no nulls added or removed: byte-identical for equal values.
std::string write_json(const Json&);
// Two-space indents, for files that people read.
std::string write_json_pretty(const Json&);
void append_json_string(std::string& out, std::string_view text);

// `name` stands in front of each problem ("name:line: sentence").
Result<Json> parse_json(std::string_view text, std::string_view name);
Result<Json> parse_json_file(const std::string& path);

}  // namespace herkomst
