// What policies.cpp loads and judge.cpp holds against facts. Internal to this folder.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assess/assess.h"
#include "assess/expression.h"

namespace herkomst {

enum class Truth : std::uint8_t { False, True, Unknown };

struct RuleExample {
    Facts facts;
    std::string verdict;                              // fires, does_not, undecided
    std::optional<std::vector<std::string>> missing;  // of an undecided one, when given
    std::string band;                                 // empty: not given
    std::string place;                                // "file: /examples/0"
};

struct Rule {
    PolicyPacks::RuleSummary summary;
    Texts because;
    std::vector<RuleExample> examples;
    Expression condition;                         // of `when`
    std::set<std::string, std::less<>> reads;     // of when, likelihood and impact
    std::set<std::string, std::less<>> mentions;  // placeholders of because
};

struct PolicyPacks::Loaded {
    std::vector<Rule> rules;  // by policy, id
    std::vector<RuleSummary> summaries;
    std::vector<Pack> packs;    // by name
    std::vector<Order> orders;  // by key
    std::string version;
};
// In the order of their packs and ids, with the version they have together.
std::unique_ptr<PolicyPacks::Loaded> loaded_from(std::vector<Rule> rules);

struct Judged {
    Truth outcome{};
    int likelihood = 0;
    int impact = 0;
};

// One in-memory database with the tables `facts` and `groups`, and an authorizer that lets expressions read nothing else.
class Bench {
  public:
    Bench();
    ~Bench();
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    // Lets SQLite read one expression over a table; tells what is wrong with it (empty: nothing) and which columns it reads.
    std::string prepare(std::string_view over, const std::string& expression, std::set<std::string, std::less<>>& reads);
    // All rules over all rows in one statement: [row][rule].
    std::vector<std::vector<Judged>> judge(std::string_view over, std::span<const Rule* const>,
                                           std::span<const Facts* const> rows);
    // The facts that are unknown and whose value could change the verdict, sorted.
    std::vector<std::string> missing(const Rule&, const Facts& row);

  private:
    struct Database;
    std::unique_ptr<Database> database_;
};

// Problems are added; nothing comes back when there was one. `stem` is the file's name without ".json", empty: any id will do.
std::optional<Rule> read_rule(const Json&, const std::string& file, const std::string& policy, const std::string& stem, Bench&,
                              Problems&);

PolicyPacks::Pack read_pack(const Json&, const std::string& file, const std::string& name, Problems&);

std::span<const FactColumn> columns_of(std::string_view over);
// "{fact}" replaced by its value as people write it in that language.
std::string filled(std::string_view text, std::string_view language, std::string_view over, const Facts&, const VendorDb*);

}  // namespace herkomst
