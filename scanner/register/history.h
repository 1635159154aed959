// What happened, and what became different between two runs, and why.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/json.h"
#include "register/register.h"

namespace herkomst {

// In which words it is told. Events, causes and kinds of subjects stay codes.
struct Teller {
    std::string language = "en";
    // Names of facts and of what they are; left out, both are as the register has them.
    std::function<std::string(std::string_view)> fact = {};
    std::function<std::string(std::string_view, const Json&)> fact_value = {};
    // Of a field that somebody asserted, of a question of the self-assessment, and of an answer to it.
    std::function<std::string(std::string_view)> field = {};
    std::function<std::string(std::string_view)> question = {};
    std::function<std::string(std::string_view, const std::string&)> answer = {};
};

struct HistoryRow {
    std::int64_t seq = 0;
    std::int64_t run = 0;
    Time at{};
    std::string event;
    std::string subject_kind;
    std::string subject;
    std::string label;  // how people call the subject; may be empty
    std::string who;    // "program", or the person
    std::string what;   // one line: what was set, what changed, the reason
};

// Oldest first. Of one thing (with what was carried over to it, and what hangs on it: measures of a finding, findings of an
// asset, assertions and answers about it), or of everything. `again`: with every event `seen_again` too.
std::vector<HistoryRow> history(const Register&, std::string_view subject_kind = {}, std::string_view subject = {},
                                bool again = false, const Teller& = {});

struct Difference {
    // network, knowledge, people, time (an acceptance or an answer is over), "network and knowledge", "network and people"
    std::string cause;
    std::string what;  // opened, changed, refuted, not_observed, reopened, decided ...; new, missed, merged, split (assets)
    std::string subject_kind;
    std::string subject;
    std::string label;
    std::string detail;
};

// From after run `from` up to and including run `to`: sorted by cause, what, subject. What was changed by knowledge (other
// vendor data or rules held against the same bytes) stands apart from what was changed on the network.
std::vector<Difference> differences(const Register&, std::int64_t from, std::int64_t to, const Teller& = {});
// The last run and the one before it; 0 where there is none.
std::pair<std::int64_t, std::int64_t> last_two_runs(const Register&);

}  // namespace herkomst
