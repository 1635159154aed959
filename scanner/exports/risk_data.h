// What a risk register says besides the overview: the scenario that each rule is (rules/scenarios), what happened to each
// finding, and what stands at the places that it rests on. Filled by cli/risk_data.h; without it an export says less.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "assess/finding.h"
#include "core/clock.h"
#include "core/observation.h"

namespace herkomst {

struct RiskScenario {
    std::string category;
    Texts event;
    Texts consequence;
    std::vector<std::string> obligations;  // codes
};

// One line of a row's log: an event of the register, with the words of the published schema.
struct RiskEvent {
    std::int64_t event = 0;
    std::int64_t run = 0;
    Time at{};
    std::string type;  // created, evidence_changed, status_changed ...
    std::string what;  // as the register calls it
    std::string by;    // empty: the program
    std::string role;
    std::string reason;
    std::string from;  // of a status or band
    std::string to;
    std::map<std::string, std::string, std::less<>> fields;  // that were set; empty: taken away
    std::string hash;
    std::string prev;
};

// What was said at a place of a source.
struct RiskClaim {
    std::string field;
    std::string value;
    std::string strength;
    std::string method;
    Time at{};
};

struct RiskData {
    std::string register_id;                                // of the register for good: from its first event
    std::map<std::string, Texts, std::less<>> obligations;  // code -> article
    std::map<std::string, std::vector<std::string>, std::less<>> considerations;  // "1", "2", "3A", "3B" -> questions
    std::map<std::string, RiskScenario, std::less<>> scenarios;                   // by rule
    std::map<std::string, std::vector<RiskEvent>, std::less<>> log;               // by finding, oldest first
    std::map<std::string, std::string, std::less<>> conditions;                   // by finding: names what it says
    std::map<Evidence, RiskClaim> claims;
};

}  // namespace herkomst
