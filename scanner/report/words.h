// The report's words in one language (texts/nl.json, texts/en.json), and how numbers, times and facts are written in it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/json.h"

namespace herkomst {

struct Texts;

class Words {
  public:
    explicit Words(const std::string& lang);  // "nl"; anything else is English

    [[nodiscard]] const std::string& lang() const { return lang_; }
    [[nodiscard]] const Json& all() const { return texts_; }
    // The text of a key, with {name} replaced, and {name:one|several} by the one or the other. A key that no text has is our
    // own mistake and aborts.
    [[nodiscard]] std::string operator()(std::string_view key, const std::map<std::string, std::string>& fill = {}) const;

    [[nodiscard]] std::string number(std::uint64_t) const;  // 12.345 or 12,345
    // The text `one`, or `several` with {count} filled in.
    [[nodiscard]] std::string count(std::string_view one, std::string_view several, std::uint64_t) const;
    [[nodiscard]] std::string power(std::int64_t watts) const;  // "850 W", "12,5 kW", "3 MW"
    [[nodiscard]] static std::string moment(Time);              // "2026-11-21 20:15 UTC", empty when unknown
    [[nodiscard]] static std::string day(Time);                 // "2026-11-21"
    // Words for what other code names; a name without a word is shown as it is.
    [[nodiscard]] std::string status(const std::string&) const;
    [[nodiscard]] std::string kind(const std::string&) const;
    [[nodiscard]] std::string relation(const std::string&) const;
    [[nodiscard]] std::string claim(const std::string&) const;        // a claim or capability of vendordb
    [[nodiscard]] std::string claim_value(const std::string&) const;  // yes, maker, installer ...
    [[nodiscard]] std::string asked(const std::string&) const;        // of a coverage row: a protocol's name is its own word
    [[nodiscard]] std::string outcome(const std::string&) const;
    [[nodiscard]] bool has_fact(std::string_view) const;
    [[nodiscard]] std::string fact(std::string_view) const;
    // A field of an asset, and what stands in one where that is a code.
    [[nodiscard]] std::string field(std::string_view) const;
    [[nodiscard]] std::string field_value(std::string_view field, const std::string& value) const;
    // Why identity derived a claim; a control path that it found: in Dutch, else as identity says it.
    [[nodiscard]] std::string reason(const std::string& because) const;
    // What a cloud is for, in vendordb's words or the program's: in Dutch as far as it is no name.
    [[nodiscard]] std::string purpose(const std::string&) const;
    [[nodiscard]] std::string path(const std::string& text) const;
    // Whether only a person can have said it.
    [[nodiscard]] static bool answered(std::string_view fact);
    [[nodiscard]] std::string fact_value(std::string_view fact, const Json& value) const;
    // The category that a text means, by its code or by what it is called here (case does not matter); empty: none.
    [[nodiscard]] std::string category_called(std::string_view text) const;
    [[nodiscard]] bool has_category(const std::string& code) const { return categories_.contains(code); }
    // What a person is asked when a fact of an asset, or of a group of them, is missing.
    [[nodiscard]] std::string question(std::string_view fact, bool of_group) const;

  private:
    [[nodiscard]] std::string fact_text(std::string_view fact, const std::string& text) const;
    [[nodiscard]] std::string word_or(const std::string& key, std::string_view otherwise) const;
    std::string lang_;
    Json texts_;
    std::map<std::string, std::string, std::less<>> categories_;
};

// What a category of devices, or a kind of assets, is called; empty: there is none of that name.
Texts category_words(const std::string& code);

}  // namespace herkomst
