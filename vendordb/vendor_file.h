// Reading the files that people write: vocabulary, jurisdictions, vendors, lists, traps, services. Strict: what a file may hold
// is what the schemas in vendordb/schema say; everything else is a problem, and all problems of a file are told at once, each
// "file: /json/pointer: sentence".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/json.h"
#include "core/result.h"
#include "vendordb/vendordb.h"

namespace herkomst {

struct Word {
    std::string key;
    std::string nl;
    std::string en;
};

struct Vocabulary {
    std::vector<Word> categories;
    std::vector<Word> capabilities;
    std::vector<Word> parties;
    std::set<std::string, std::less<>> countries;  // of jurisdictions.json

    [[nodiscard]] static bool holds(const std::vector<Word>&, std::string_view key);
};

struct ProductExample {
    std::string text;
    std::optional<std::int64_t> rated_power;  // watts
};

// A vendor with what only the compiler needs: ids and examples.
struct VendorFile {
    std::string place;  // "vendors/siemens.json"
    Vendor vendor;
    std::vector<std::string> oui_org;
    std::map<std::string, std::vector<std::int64_t>> numbers;  // pen, cip, bacnet, profinet
    std::vector<std::vector<ProductExample>> examples;         // one list per product
};

// Names under which one program of one maker finds its maker's servers: services.json.
struct ServiceNames {
    std::vector<std::string> suffixes;
    std::string product;
    std::string vendor;  // slug
    std::string category;
    Sourcing sourcing;
};

void read_vocabulary(const Json&, const std::string& place, Vocabulary&, Problems&);
std::vector<Jurisdiction> read_jurisdictions(const Json&, const std::string& place, Problems&);
// `stem` is the file's name without .json: the slug must be the same.
VendorFile read_vendor(const Json&, const std::string& place, const std::string& stem, const Vocabulary&, Problems&);
// The seal of a list: SHA-256 over its canonical entries, one line each, sorted bytewise, each ended by a line feed, with
// a tab between: entry|country, name, vendor, scope, since, status, as_of, address of the source, quote (absent: empty).
std::string list_digest(const VendorList&);
// Complains when "sha256" is not the digest of the entries.
VendorList read_list(const Json&, const std::string& place, const std::string& stem, const Vocabulary&, Problems&);
std::vector<Trap> read_traps(const Json&, const std::string& place, Problems&);
// Every entry is sourced: what nobody says of a name shows no program.
std::vector<ServiceNames> read_services(const Json&, const std::string& place, const Vocabulary&, Problems&);

// The rated power of a model text by one product line: decimal watts, empty when it gives none. `n` is the text of group n.
std::string rated_power(const Product&, std::string_view n);

}  // namespace herkomst
