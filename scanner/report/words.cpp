#include "report/words.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "assess/assess.h"
#include "assess/order_words.h"
#include "core/counted.h"
#include "core/power.h"
#include "core/text.h"
#include "report/embedded.h"

namespace herkomst {

namespace {

Json embedded_json(std::string_view text, const std::string& called) {
    Result<Json> parsed = parse_json(text, called);
    if (!parsed.ok()) {
        std::fprintf(stderr, "%s\n", parsed.problems().front().text().c_str());
        std::abort();
    }
    return std::move(parsed.value());
}

const FactColumn* column_named(std::string_view fact, bool of_group) {
    for (const FactColumn& column : of_group ? group_columns() : fact_columns()) {
        if (column.name == fact) return &column;
    }
    return nullptr;
}

}  // namespace

Words::Words(const std::string& lang) : lang_(lang == "nl" ? "nl" : "en") {
    texts_ = embedded_json(lang_ == "nl" ? embedded::texts_nl : embedded::texts_en, "texts/" + lang_ + ".json");
    const Json vocabulary = embedded_json(embedded::vocabulary, "vocabulary.json");
    for (const Json& category : vocabulary["categories"].items()) {
        categories_[category["key"].string()] = category["name"][lang_].string();
    }
}

std::string Words::operator()(std::string_view key, const std::map<std::string, std::string>& fill) const {
    std::string out = std::as_const(texts_)[key].string();
    if (out.empty()) {
        std::fprintf(stderr, "texts/%s.json has no text %.*s\n", lang_.c_str(), static_cast<int>(key.size()), key.data());
        std::abort();
    }
    for (const auto& [name, value] : fill) {
        const std::string place = "{" + name + "}";
        if (const std::size_t at = out.find(place); at != std::string::npos) out.replace(at, place.size(), value);
        out = with_plural(std::move(out), name, value == "1");
    }
    return out;
}

std::string Words::word_or(const std::string& key, std::string_view otherwise) const {
    const std::string& text = std::as_const(texts_)[key].string();
    return text.empty() ? std::string(otherwise) : text;
}

std::string Words::number(std::uint64_t n) const {
    std::string out = std::to_string(n);
    for (std::size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, lang_ == "nl" ? "." : ",");
    return out;
}

std::string Words::count(std::string_view one, std::string_view several, std::uint64_t n) const {
    return n == 1 ? (*this)(one) : (*this)(several, {{"count", number(n)}});
}

std::string Words::power(std::int64_t watts) const { return power_text(watts, lang_ == "nl"); }

std::string Words::day(Time time) { return time == Time{} ? std::string() : rfc3339(time).substr(0, 10); }

std::string Words::moment(Time time) {
    if (time == Time{}) return {};
    const std::string whole = rfc3339(time);
    return whole.substr(0, 10) + " " + whole.substr(11, 5) + " UTC";
}

std::string Words::status(const std::string& word) const { return word_or("status_" + word, word); }
std::string Words::kind(const std::string& word) const { return word_or("kind_" + word, word); }
std::string Words::relation(const std::string& word) const { return word_or("relation_" + word, word); }
std::string Words::claim(const std::string& word) const { return word_or("claim_" + word, word); }
std::string Words::claim_value(const std::string& word) const {
    if (word == "yes" || word == "no" || word == "contested") return (*this)(word);
    return word_or("top_" + word, word_or("party_" + word, word));
}
std::string Words::asked(const std::string& word) const { return word_or("asked_" + word, word); }
std::string Words::outcome(const std::string& word) const {
    std::string key = "outcome_" + word;
    std::replace(key.begin(), key.end(), ' ', '_');
    if (texts_.has(key)) return word_or(key, word);
    // "unknown link type 276"
    const std::size_t last = word.rfind(' ');
    if (last == std::string::npos || word.find_first_not_of("0123456789", last + 1) != std::string::npos) return word;
    return outcome(word.substr(0, last)) + word.substr(last);
}
bool Words::has_fact(std::string_view fact) const { return texts_.has("fact_" + std::string(fact)); }
std::string Words::fact(std::string_view fact) const { return word_or("fact_" + std::string(fact), fact); }

std::string Words::field(std::string_view field) const {
    return word_or("field_" + std::string(field), word_or("fact_" + std::string(field), field));
}

std::string Words::field_value(std::string_view field, const std::string& value) const {
    if (field == "category") return fact_value("category", Json(value));
    if (field == "function") return word_or("function_" + value, value);
    if (field == "purdue_level") return word_or("level_" + value, value);
    if (field == "rated_power" && !value.empty() && value.size() < 16 &&
        value.find_first_not_of("0123456789") == std::string::npos)
        return power(std::stoll(value));
    if (lang_ == "nl" && field == "control_path") return path(value);
    const bool flag = field == "cellular" || field.starts_with("remote_");
    if (flag && (value == "yes" || value == "no")) return (*this)(value);
    std::string out = value;
    if (const std::size_t from = out.rfind(" from "); lang_ == "nl" && field == "remote_observed" && from != std::string::npos)
        out.replace(from, 6, " vanaf ");
    if (const std::size_t at = out.find("- outside: "); lang_ == "nl" && field == "conduit" && at != std::string::npos)
        out.replace(at, 11, "- buiten: ");
    // "level 1 - level 2: modbus"
    const std::string level = "level ";
    for (std::size_t at = out.find(level); field == "conduit" && at != std::string::npos; at = out.find(level, at + 1)) {
        const std::string word = lang_ == "nl" ? "niveau " : level;
        out.replace(at, level.size(), word);
    }
    return out;
}

bool Words::answered(std::string_view fact) {
    const FactColumn* column = column_named(fact, false);
    if (column == nullptr) column = column_named(fact, true);
    return column != nullptr && column->from == "answer";
}

std::string Words::fact_text(std::string_view fact, const std::string& text) const {
    // " one-list another-list ": the columns of lists are written so that a rule can look for a whole word.
    if (fact.ends_with("_lists")) {
        std::vector<std::string> lists;
        for (const std::string_view list : split(trimmed(text), ' ')) {
            if (!list.empty()) lists.emplace_back(list);
        }
        return lists.empty() ? (*this)("none") : join(lists, ", ");
    }
    if (fact == "remote_party") return word_or("party_" + text, text);
    if (fact == "order_others") return other_orders(text, lang_ == "nl");
    if (fact == "rated_power_by") return word_or("power_by_" + text, text);
    if (fact == "function") return word_or("function_" + text, text);
    if (fact == "remote_observed_from") return word_or("remote_observed_from_" + text, text);
    if (fact == "remote_observed_by") return field_value("remote_observed", text);
    if (fact == "outside_seen" || fact == "relay_outside_seen") {
        const auto when = parse_rfc3339(text);
        return when ? moment(*when) : text;
    }
    if (fact == "outside_party") return word_or("path_party_" + text, text);
    if (fact == "remote_observed_actor_by") {
        const std::size_t more = text.find(' ');  // "overlay ENTRY"
        return word_or("actor_by_" + text.substr(0, more), text.substr(0, more)) + text.substr(std::min(more, text.size()));
    }
    return text;
}

std::string Words::fact_value(std::string_view fact, const Json& value) const {
    if (fact == "category" || fact == "remote_observed_actor") {
        const auto found = categories_.find(value.string());
        if (found == categories_.end() || fact != "category") {
            const std::string party = "path_party_" + value.string();
            if (texts_.has(party)) return word_or(party, value.string());
        }
        return found == categories_.end() ? value.string() : found->second;
    }
    if (fact == "maker_strength") return word_or("strength_" + value.string(), value.string());
    if (fact == "control_status")
        return word_or("status_" + value.string(), word_or("control_" + value.string(), value.string()));
    if (value.is_string()) return fact_text(fact, value.string());
    if (!value.is_integer()) return write_json(value);
    const FactColumn* column = column_named(fact, false);
    if (column == nullptr) column = column_named(fact, true);
    if ((column == nullptr || column->type == FactColumn::Type::Integer) && fact.find("_power") != std::string_view::npos &&
        fact.find("assets") == std::string_view::npos)
        return power(value.integer());
    // These are 0 where no source of ours says so, which no source has to deny.
    if (value.integer() == 0 && (fact.ends_with("offensive_programme") || fact == "strained_relation"))
        return (*this)("no_source_on_record");
    if (column != nullptr && column->type == FactColumn::Type::Flag) return (*this)(value.integer() != 0 ? "yes" : "no");
    return write_json(value);
}

std::string Words::category_called(std::string_view text) const {
    for (const auto& [code, called] : categories_) {
        if (equal_ignoring_case(text, code) || lower(text) == lower(called)) return code;
    }
    return {};
}

std::string Words::question(std::string_view fact, bool of_group) const {
    const FactColumn* column = column_named(fact, of_group);
    if (column == nullptr) column = column_named(fact, !of_group);
    if (column == nullptr) return this->fact(fact);
    const std::string_view asked = lang_ == "nl" ? column->asks_nl : column->asks_en;
    return asked.empty() ? this->fact(fact) : std::string(asked);
}

Texts category_words(const std::string& code) {
    const auto word = [&](const char* language) {
        const Words words{std::string(language)};
        return words.has_category(code)          ? words.fact_value("category", Json(code))
               : words.all().has("kind_" + code) ? words.kind(code)
                                                 : "";
    };
    return {word("nl"), word("en")};
}

}  // namespace herkomst
