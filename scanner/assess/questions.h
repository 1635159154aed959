// Questions that people answer once for many assets: one per supplier or site instead of one per asset. Internal to this
// folder.
//
// A rule with "ask": "vendor" asks about all assets of a maker at once (assets without a maker: about the site), "site" about
// all of the site. What is missing is what is missing for any of them; a fact is shown where all of them agree on it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "assess/rules.h"

namespace herkomst {

class Questions {
  public:
    // `site` is the key of the one site; without it each row's own is meant.
    explicit Questions(std::optional<std::string> site) : site_(std::move(site)) {}
    void add(const Rule&, const Judged&, const FactsRow&, std::vector<std::string> missing);
    // Sorted by rule and subject. For each rule that asks so: the groups that nothing is asked about are added to `refuted`.
    [[nodiscard]] std::vector<std::pair<const Rule*, Finding>> findings(const VendorDb*) const;
    void refute(const std::vector<const Rule*>&, const std::vector<Group>&, std::vector<Refuted>&) const;

  private:
    struct About {
        const Rule* rule = nullptr;
        Judged judged;
        std::string label;  // of the first
        Facts agreed;       // facts of the rule that all rows have the same value of
        std::size_t assets = 0;
        std::vector<std::string> missing;
        Finding seen;  // evidence of the first few
        // Where the rule tells of an order: each that may mean any of them, by its text (order_words.h).
        struct Meant {
            Facts facts;  // order_..., as the rows have it of which it is the first to act on
            std::string label;
            std::size_t assets = 0;
        };
        std::map<std::string, Meant> orders;
    };
    static void note_orders(About&, const Facts& row);
    static void tell_orders(About&);
    std::optional<std::string> site_;
    std::map<std::pair<std::string, FindingSubject>, About> about_;
};

// One finding; `facts` fill its text.
Finding finding_of(const Rule&, const Judged&, FindingSubject, const Facts&, const VendorDb*);
void add_evidence(Finding&, const FactsRow&);

}  // namespace herkomst
