// Every claim of the vendor data in one row each: how old it is, and whether it carries what a claim must carry.
#pragma once

#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "vendordb/vendordb.h"

namespace herkomst {

struct PlacedClaim {
    std::string place;  // "vendors/sungrow.json: /origin/0"
    std::string says;   // "headquarters CN"
    const Sourcing* sourcing = nullptr;
};

// By place. They point into the database.
std::vector<PlacedClaim> all_claims(const VendorDb&);

// Claims whose as_of lies more than so many months before `now`, oldest first. A day of a month that is not given is its last.
std::vector<PlacedClaim> stale_claims(const VendorDb&, unsigned months, Time now);

// What is wrong with claims: one that counts (verified, reported) without publisher, title, address, date or quote; an
// unverified one that has some of them; a quote that is too long; a date that is none.
Problems wrong_claims(const std::vector<PlacedClaim>&);

}  // namespace herkomst
