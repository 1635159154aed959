// The register: one SQLite file per site that the risk owner works in (schema: register/schema.sql, which is its manual).
//
// `record` writes one run in one transaction: all of it or nothing. A re-scan updates and never duplicates: assets are found
// again by their strong identifiers, findings by (rule, subject kind, subject key). Events are append-only and hash-chained.
// Strong identifiers bind within a site: a serial number that shows up at another site is another asset there.
//
// A finding has two axes. Its status is people's (register/lifecycle.h). What the program saw is `observation`: observed,
// imported_only (its subject is known from inventories alone), not_observed, refuted (the rule is false of its subject now, and
// not for want of what was known before) or out_of_scope. A run moves the second and leaves the first alone, with one
// exception, which is an event of its own: `reopened`. A decided finding goes back to `assessed` when it was closed or called a
// false positive and is seen anew, when an accepted one has become worse, and when the time for which it was accepted is over.
//
// The machine's failures (disk full, locked, no permission, a newer schema) are std::runtime_error with one sentence.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "assess/assess.h"
#include "core/clock.h"
#include "core/conversation.h"
#include "identity/assertion.h"
#include "identity/asset.h"
#include "register/sessions.h"

namespace herkomst {

struct Rating;

struct RunSource {
    std::string id;
    std::string path;
    std::string kind;  // capture, inventory, interface
    std::string sha256;
    std::uint64_t packets = 0;  // or rows
    std::uint64_t bytes = 0;
    Time first{};
    Time last{};
    bool usable = false;
    std::vector<std::string> problems;  // sentences with their places
};

struct ScanRun {
    std::string site;
    Time now{};
    std::string program;   // "herkomst 0.1.0"
    std::string vendordb;  // VendorDb::version()
    std::vector<RunSource> sources;
    std::vector<Coverage> coverage;
    const Identified* identified = nullptr;
    const Assessment* assessment = nullptr;
    const PolicyPacks* policies = nullptr;  // their wording is kept for explain
    const VendorDb* vendors = nullptr;      // names of vendors are kept beside their slugs
    // Of one run in a long row of them (listen): a finding that is seen again is no event of its own, and an asset that was
    // known by less in an earlier run of the row is the same one: derived key to keys from weak identifiers that its endpoints
    // had.
    bool one_of_many = false;
    std::map<std::string, std::set<std::string>> formerly;
    // What people said, as it was given to `identify` (assertions_of).
    std::vector<Assertion> assertions;
    // What the criteria make of a finding of the assessment that stands (cli/run_ratings.h); false: it is not rated. Without it
    // the ratings that the register holds stay as they are.
    std::function<bool(const Finding&, Rating&)> rate = {};
    std::vector<SeenSession> sessions = {};
};

// At an address there is what an inventory lists and what was heard there, and it is not sure that they are one device.
struct TwoAtAddress {
    std::string address;
    std::string listed;  // uids
    std::string heard;
};

struct RunReceipt {
    std::int64_t run = 0;
    std::uint64_t assets_new = 0;
    std::uint64_t assets_seen_again = 0;
    std::uint64_t assets_merged = 0;
    std::uint64_t assets_split = 0;
    std::uint64_t opened = 0;
    std::uint64_t seen_again = 0;
    std::uint64_t changed = 0;
    std::uint64_t reopened = 0;
    std::uint64_t rated = 0;                   // only the rating is another
    std::uint64_t moved = 0;                   // questions that are asked of the supplier or the site now
    std::uint64_t carried = 0;                 // what people set at a question or finding, copied to what it became
    std::uint64_t refuted = 0;                 // the rule is false now; whether that closes it is for people to say
    std::uint64_t refuted_questions = 0;       // of those
    std::uint64_t not_observed = 0;            // the run looked where the subject was, and it was not there
    std::uint64_t forgotten = 0;               // assets whose time was up (setting `retention`)
    std::vector<TwoAtAddress> two_at_address;  // by what this run knew of them
};

// Its schema is not the one that its number says: somebody altered the file. Nothing was changed in it.
struct RegisterAltered : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Register {
  public:
    static constexpr int schema_version = 7;
    // A register that is gone when it is closed: for a scan that keeps none.
    static constexpr std::string_view in_memory = ":memory:";

    // Makes the file (mode 0600) with its schema when there is none. One of an earlier schema is brought up to date; before
    // that a copy is put beside it (FILE.schema-N.backup). One of a later schema is refused.
    static Register open(const std::string& path);
    // An existing register, for reading only. One of an earlier schema is read as it would be after the migration, and stays
    // as it is.
    static Register open_to_read(const std::string& path);

    Register(Register&&) noexcept;
    Register& operator=(Register&&) noexcept;
    ~Register();

    RunReceipt record(const ScanRun&);

    // The first thing that does not fit (register/verify.h says them all), or empty.
    [[nodiscard]] std::string verify() const;
    [[nodiscard]] const std::string& path() const;
    // The copy that was made when it was opened, because it was of an earlier schema; empty: none.
    [[nodiscard]] const std::string& backup() const;

    // Whoever writes through this and finds that somebody edited what the program left (register/unlike.h) says it here, a
    // sentence each, as it is found.
    void when_unlike(std::function<void(const std::string&)> told);

    struct Open;  // the connection; register/*.cpp only
    [[nodiscard]] Open& connection() const { return *open_; }

  private:
    explicit Register(std::unique_ptr<Open>);
    std::unique_ptr<Open> open_;
};

}  // namespace herkomst
