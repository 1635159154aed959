// What a rule says about one subject, with everything that a person needs to judge it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/observation.h"

namespace herkomst {

enum class Ruling : std::uint8_t {
    Open,      // the rule's condition is true
    Question,  // it cannot be decided: `missing` says which facts would decide it
};
std::string_view name(Ruling);  // "open", "question"

// From likelihood x impact, both 1 to 5: 1-4 low, 5-9 medium, 10-14 high, 15-25 critical.
enum class Band : std::uint8_t { Low = 1, Medium, High, Critical };
std::string_view name(Band);  // "low", "medium", "high", "critical"
Band band_of(int likelihood, int impact);

struct Texts {
    std::string nl;
    std::string en;
    bool operator==(const Texts&) const = default;
    [[nodiscard]] const std::string& in(std::string_view language) const { return language == "nl" ? nl : en; }
};

struct Reference {
    Texts title;  // the same in both where the file gives one text
    std::string address;
    bool operator==(const Reference&) const = default;
};

struct FindingSubject {
    std::string kind;  // asset, vendor, operator, jurisdiction, site
    std::string key;   // the asset's derived key (in a register: its uid), a vendor slug, a country, the site's name
    auto operator<=>(const FindingSubject&) const = default;
};

struct Finding {
    std::string id;  // "R-" and 16 characters, from (rule, subject kind, subject key): the same in every run
    std::string policy;
    std::string rule;
    int version = 0;
    std::string rule_hash;  // first 12 digits of the SHA-256 of what decides: when, likelihood, impact
    FindingSubject subject;
    Ruling verdict{};
    int likelihood = 0;  // 1 to 5; an unknown one counts as 4, in the worse half of the scale
    int impact = 0;
    Band band{};
    std::vector<std::string> missing;  // fact names, sorted; only questions have any
    Texts title;
    Texts because;
    Texts advice;
    std::string consideration;  // "1", "2", "3A", "3B", or several: "1,2,3A"; empty: none of the official ones
    std::vector<Reference> references;
    std::map<std::string, Json> facts;  // every fact the rule read; null when unknown
    std::vector<Evidence> evidence;     // where the facts were seen, sorted, at most 16
};

std::string finding_id(std::string_view rule, const FindingSubject&);
// One line of the machine interface (schema herkomst/1). Unknown facts are absent from "facts" and named in "missing".
Json to_json(const Finding&);

}  // namespace herkomst
