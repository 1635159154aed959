// Rows of facts, and a table that holds very many of them.
//
// A row that is worked on is a map. A million such maps took gigabytes, so what is kept after a row was judged is packed: a
// number for the column, a tag, and the value, of which each text that several rows share stands once. A row comes back as the
// map that it was, by value; a row of a plant's device takes some 150 bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/observation.h"

namespace herkomst {

// Facts by column name; an absent or null value is unknown.
using Facts = std::map<std::string, Json, std::less<>>;

struct FactsRow {
    std::string asset;  // derived key
    Facts facts;
    // Where each fact was seen, for those that rest on claims of the network or of an inventory.
    std::map<std::string, std::vector<Evidence>, std::less<>> evidence;
};

// Unknown when the row does not have it; as text, empty when it is none.
inline const Json& fact_of(const Facts& facts, std::string_view fact) {
    static const Json unknown;
    const auto found = facts.find(fact);
    return found == facts.end() ? unknown : found->second;
}
inline const Json& fact_of(const FactsRow& row, std::string_view fact) { return fact_of(row.facts, fact); }
inline const std::string& text_of(const Facts& facts, std::string_view fact) { return fact_of(facts, fact).string(); }
inline const std::string& text_of(const FactsRow& row, std::string_view fact) { return text_of(row.facts, fact); }

// For loops over what is made anew at each step. Holder has operator[] and size().
template <class Holder, class Value>
class ByValue {
  public:
    struct Arrow {
        Value value;
        const Value* operator->() const { return &value; }
    };
    using iterator_category = std::input_iterator_tag;
    using value_type = Value;
    using difference_type = std::ptrdiff_t;
    using pointer = Arrow;
    using reference = Value;
    ByValue(const Holder* holder, std::size_t at) : holder_(holder), at_(at) {}
    Value operator*() const { return (*holder_)[at_]; }
    Arrow operator->() const { return {(*holder_)[at_]}; }
    ByValue& operator++() {
        ++at_;
        return *this;
    }
    ByValue operator++(int) {
        const ByValue before = *this;
        ++at_;
        return before;
    }
    bool operator==(const ByValue& other) const { return at_ == other.at_; }

  private:
    const Holder* holder_;
    std::size_t at_;
};

// A copy holds the same rows.
class FactsTable {
  public:
    using Iterator = ByValue<FactsTable, FactsRow>;

    FactsTable();
    void add(const FactsRow&);
    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] bool empty() const { return size() == 0; }
    [[nodiscard]] FactsRow operator[](std::size_t row) const;
    [[nodiscard]] std::string asset(std::size_t row) const;
    // Rows must have been added by asset.
    [[nodiscard]] std::optional<std::size_t> row_of(std::string_view asset) const;
    [[nodiscard]] std::vector<FactsRow> rows() const { return {begin(), end()}; }
    [[nodiscard]] Iterator begin() const { return {this, 0}; }
    [[nodiscard]] Iterator end() const { return {this, size()}; }

  private:
    struct Packed;
    std::shared_ptr<Packed> held_;
};

}  // namespace herkomst
