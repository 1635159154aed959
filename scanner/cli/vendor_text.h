// How vendor data are put into words: shared by the subcommand `vendors` and its parts.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "core/json.h"
#include "vendordb/vendordb.h"

namespace herkomst {

class VendorText {
  public:
    VendorText(const VendorDb& db, std::string_view language) : db_(db), dutch_(language == "nl") {}

    [[nodiscard]] std::string_view say(std::string_view nl, std::string_view en) const { return dutch_ ? nl : en; }
    [[nodiscard]] std::string_view language() const { return dutch_ ? "nl" : "en"; }
    // The few words of the data that stand in every line: verified, maker, headquarters, made_by ...
    [[nodiscard]] std::string_view word(std::string_view code) const;
    [[nodiscard]] std::string category(std::string_view key) const { return called("category", key); }
    [[nodiscard]] std::string capability(std::string_view key) const { return called("capability", key); }
    [[nodiscard]] std::string party(std::string_view key) const { return called("party", key); }
    // "China (CN)"; contested and unknown in words.
    [[nodiscard]] std::string country(std::string_view code) const;
    // "110 kW"; empty for no digits.
    [[nodiscard]] std::string power(std::string_view watts) const;

    // Lines of what a claim rests on, each after `indent`: status, publisher, title, date; address; quote; note; as of.
    [[nodiscard]] std::string sourcing(const Sourcing&, std::string_view indent) const;
    // What the claim says: "headquarters: China (CN)".
    [[nodiscard]] std::string origin(const OriginClaim&) const;
    [[nodiscard]] std::string ownership(const Ownership&) const;
    // Whether a vendor comes from the user's own folder: a line that says so, or nothing.
    [[nodiscard]] std::string overlay(std::string_view folder, bool overrides, std::string_view indent) const;

  private:
    [[nodiscard]] std::string called(std::string_view kind, std::string_view key) const;
    const VendorDb& db_;
    bool dutch_;
};

// The keys of a claim's sourcing, absent where empty.
void add_sourcing(Json& row, const Sourcing&);

}  // namespace herkomst
