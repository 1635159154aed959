// From assets to findings: facts.cpp makes one row of facts per asset, policies.cpp holds rules against them.
//
// `assess` is a pure function of its arguments: the same assets, data and rules give the same findings in the same order.
// rules/README.md is the manual of the facts and of the rules' grammar.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "assess/facts_table.h"
#include "assess/finding.h"
#include "assess/findings.h"
#include "assess/order.h"
#include "assess/row_set.h"
#include "core/result.h"
#include "identity/asset.h"
#include "vendordb/vendordb.h"

namespace herkomst {

// One column of the tables `facts` and `groups`.
struct FactColumn {
    enum class Type : std::uint8_t { Text, Integer, Flag };  // Flag: 0 or 1
    std::string_view name;
    Type type{};
    bool always_known = false;
    std::string_view from;     // network, inventory, vendordb, order, answer, derived (from other columns); several with ", "
    std::string_view per;      // where a person answers once for all: asset, process, supplier, operator, site, organisation
    std::string_view meaning;  // one sentence: what it is
    std::string_view asks_nl;  // the question to a person when the fact is missing; empty: nobody needs to ask
    std::string_view asks_en;
};
std::string_view name(FactColumn::Type);
std::span<const FactColumn> fact_columns();
std::span<const FactColumn> group_columns();

// Sums over the assets of one supplier, ultimate parent, cloud operator, jurisdiction, or the whole site. A parent has a group
// where it stands above a maker: one that is its own top has its group as vendor.
struct Group {
    std::string kind;  // vendor, parent, operator, jurisdiction, site
    std::string key;   // slug, country, site name
    Texts title;       // how to call it
    std::uint64_t assets = 0;
    std::uint64_t power_assets = 0;              // of a category that makes, stores or draws power under control
    std::int64_t rated_power = 0;                // W, sum of what is known
    std::uint64_t rated_power_unknown = 0;       // power assets without a known rating
    std::uint64_t switchable_assets = 0;         // power assets with remote switching documented, exposed or observed
    std::int64_t switchable_power = 0;           // W, sum of what is known
    std::uint64_t switchable_power_unknown = 0;  // switchable assets without a known rating
    std::uint64_t switchable_maybe = 0;          // power assets for which none of the three is known
    Facts facts;                                 // the row of table `groups`
    std::vector<std::string> members;            // derived keys, sorted
};

// For whom a rule's condition is false: numbers of rows in Assessment::facts, or in Assessment::groups.
struct Refuted {
    std::string rule;
    std::string rule_hash;
    bool over_groups = false;
    RowSet rows;
};

struct Assessment {
    Findings findings;             // by band descending, verdict, rule, subject
    std::vector<Refuted> refuted;  // by rule
    FactsTable facts;              // by asset key
    std::vector<Group> groups;     // by kind, key
    std::string rules;             // version of the rules: "nl-zelfscan sha256:0123456789ab"
};

class PolicyPacks {
  public:
    // Loads FOLDER/policies/<pack>/*.json for the named packs: those whose pack.json says so when none is named, each of them
    // for the name "all". A name with a "/" in it is a folder of the user's own (rules, pack.json if any, orders/ if any): a
    // rule of it takes the place of one of ours with the same id. Strict: every problem of every file at once, each "file:
    // /json/pointer: sentence". Examples are checked for shape here and executed by `check_examples`.
    static Result<PolicyPacks> load(const std::string& folder, const std::vector<std::string>& packs = {});
    // One rule from text, for tests and checks; `name` stands in front of each problem.
    static Result<PolicyPacks> from_text(std::string_view json, std::string_view name);

    PolicyPacks(PolicyPacks&&) noexcept;
    PolicyPacks& operator=(PolicyPacks&&) noexcept;
    ~PolicyPacks();

    [[nodiscard]] const std::string& version() const;
    // Every rule's examples held against it: what does not come out as it says.
    [[nodiscard]] Problems check_examples() const;

    struct RuleSummary {
        std::string policy;
        std::string id;
        int version = 0;
        std::string hash;
        Texts title;
        Texts advice;
        std::string over;       // facts, groups
        std::string ask;        // asset, vendor, site: whom a question is about (rules over facts)
        std::string file;       // where it stands
        bool replaces = false;  // a rule of ours with the same id
        std::string when;
        std::string likelihood;
        std::string impact;
        std::string consideration;
        std::vector<Reference> references;
        std::vector<std::string> uses;  // facts that decide, sorted: told by SQLite, not by the author
    };
    [[nodiscard]] const std::vector<RuleSummary>& rules() const;
    [[nodiscard]] const RuleSummary* rule(std::string_view id) const;

    // What a pack says of itself (pack.json).
    struct Pack {
        std::string name;
        Texts title;
        Texts about;
        bool by_default = false;
        std::vector<Reference> references;
    };
    [[nodiscard]] const std::vector<Pack>& packs() const;    // those loaded, by name
    [[nodiscard]] const std::vector<Order>& orders() const;  // of the packs loaded, by key

    struct Loaded;
    [[nodiscard]] const std::shared_ptr<const Loaded>& loaded() const { return loaded_; }

  private:
    explicit PolicyPacks(std::unique_ptr<Loaded>);
    std::shared_ptr<const Loaded> loaded_;
};

struct AssessOptions {
    std::string site;
    // Called with rows as the scan knows them, some thousands at a time: fills columns that are unknown with what people
    // answered. May be empty.
    std::function<void(std::vector<FactsRow>&)> answers = {};
};

// In this order: facts_of, what people answered, complete, apply_orders, groups_of, judge. `assess` goes through the assets
// once, some thousands at a time, and packs what it has judged: memory grows by some hundred bytes an asset.
std::vector<FactsRow> facts_of(const Identified&, const VendorDb&);
// Fills what follows from other facts and vendordb and is not known yet: a maker that somebody answered has a jurisdiction.
void complete(FactsRow&, const VendorDb&);
std::vector<Group> groups_of(const std::vector<FactsRow>&, const VendorDb&, const AssessOptions&);
// The rules alone, over rows that are already made. `refuted`: where to put for whom they are false, if anywhere.
std::vector<Finding> judge(const std::vector<FactsRow>&, const std::vector<Group>&, const VendorDb*, const PolicyPacks&,
                           std::vector<Refuted>* refuted = nullptr);

// The vendor data must outlive the findings.
Assessment assess(const Identified&, const VendorDb&, const PolicyPacks&, const AssessOptions&);

}  // namespace herkomst
