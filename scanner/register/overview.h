// Everything that exports and the report show, read from a register in one go.
//
// The register file alone is enough; with a VendorDb the chains of control are walked as well. All lists are sorted as said,
// so equal registers give equal overviews.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assess/finding.h"
#include "assess/rating.h"
#include "core/clock.h"
#include "core/field.h"
#include "identity/asset.h"
#include "register/register.h"
#include "vendordb/vendordb.h"

namespace herkomst {

struct OverviewBelief {
    Belief belief;
    std::string vendor_name;  // of belief.vendor, when it is known
    std::int64_t run = 0;     // in which it was last confirmed
};

struct OverviewAsset {
    std::string uid;
    std::string key;    // derived key when last seen
    std::string label;  // the best short name: model, hostname or address, with the brand where known
    std::string kind;
    std::string parent;  // uid
    Identifiers identifiers;
    std::vector<std::string> strong;
    std::vector<std::string> aliases;  // former uids
    std::map<Field, OverviewBelief> beliefs;
    Facts facts;        // as judged when last seen
    Chain chain;        // from the maker; empty without a VendorDb or when the maker is unknown
    std::string maker;  // slug
    std::string maker_name;
    std::string country;  // jurisdiction of control; empty: unknown, contested or not sourced
    Texts country_name;
    Time first_seen{};  // on the network
    Time last_seen{};
    std::int64_t first_run = 0;
    std::int64_t last_run = 0;
    std::string observation = "observed";                  // or imported_only: never heard on the network
    std::int64_t missed = 0;                               // runs in a row that looked where it was and did not see it
    std::map<std::string, std::string, std::less<>> work;  // what people decided: name, zone, process, owner, ...

    [[nodiscard]] const Belief* belief(Field field) const {
        const auto found = beliefs.find(field);
        return found == beliefs.end() ? nullptr : &found->second.belief;
    }
};

// An answer of the self-assessment: who answered what about whom, when, on what ground and until when.
struct OverviewAnswer {
    int number = 0;        // of this overview, from 1
    std::string question;  // id of the questionnaire
    Texts text;            // as it is asked
    std::string scope;     // organisation, site, process, zone, supplier, operator, product, asset
    std::string key;       // of that scope
    Texts about;           // how to call that
    std::string value;
    Texts shown;
    bool free_text = false;  // in the words of whoever answered
    std::string by;
    Time at{};
    Time expires{};  // from then on it counts as not answered
    std::string source;
    std::string note;
    bool counted = true;  // in a run; one given since the last one counts from the next on
};
// That a finding rests on one.
struct OverviewGround {
    int answer = 0;                  // OverviewAnswer::number
    std::vector<std::string> facts;  // which it filled, of those that the rule read
    bool rates = false;              // the rating uses it
};

struct OverviewFinding {
    Finding finding;            // subject.key of an asset is its uid
    std::string subject_label;  // how to call the subject (language-neutral; for countries see subject_texts)
    Texts subject_texts;
    std::string status = "new";  // people's: register/lifecycle.h
    // The program's: observed, imported_only, not_observed, refuted, out_of_scope.
    std::string observation = "observed";
    bool closure_candidate = false;                        // refuted, or not seen in three runs that looked for it
    std::map<std::string, std::string, std::less<>> work;  // what people decided: owner, due, accepted_until, ...
    std::optional<Rating> rating;                          // of one that stands, by the last run that rated it
    std::vector<OverviewGround> grounds;                   // by number; see Overview::answers
    Time status_since{};
    Time opened{};
    Time last_seen{};  // time of the last run that saw it
    bool seen_in_last_run = false;

    // What it is sorted, filtered, counted and shown by: the band of its rating with the measures that there are, once that is
    // not provisional any more (assess/rated.h), else the band of its rule.
    [[nodiscard]] Band leading() const;
    // Somebody still has to do something about it.
    [[nodiscard]] bool open() const { return status != "accepted" && status != "closed" && status != "false_positive"; }
    [[nodiscard]] std::string work_at(std::string_view field) const {
        const auto found = work.find(field);
        return found == work.end() ? std::string() : found->second;
    }
};

struct OverviewMeasure {
    std::string id;
    std::string finding;
    std::map<std::string, std::string, std::less<>> work;  // title, kind, state, owner, due, effect, cost
};

struct OverviewCoverage {
    std::string asked;
    std::string outcome;
    std::uint64_t subjects = 0;
    std::uint64_t count = 0;
};

struct OverviewRun {
    std::int64_t run = 0;
    Time at{};
    std::string program;
    std::string vendordb;
    std::string rules;
    std::vector<RunSource> sources;  // in the order they were read
};

struct Overview {
    std::string site;
    std::string tlp = "AMBER+STRICT";  // the label of every output (TLP 2.0)
    std::string organisation;
    OverviewRun run;                        // the last one
    std::vector<OverviewRun> runs;          // all, oldest first (without their sources)
    std::vector<OverviewAsset> assets;      // by uid; those last seen in an earlier run too
    std::vector<OverviewFinding> findings;  // verdict open: by leading band descending, rule, subject
    std::vector<OverviewMeasure> measures;  // by id
    // Of people, in the order of the questionnaire: those that counted in the last run, those given since, and others that
    // findings of earlier runs rest on. `overview` leaves them and OverviewFinding::grounds empty; cli/grounds.h knows the
    // questionnaire.
    std::vector<OverviewAnswer> answers;
    std::vector<OverviewFinding> questions;                  // verdict question: the same order
    std::map<std::string, std::string, std::less<>> merged;  // finding that is another one's now -> that one
    std::vector<Group> groups;                               // of the last run, by kind, key; members are uids
    std::vector<std::string> unknown_vendors;                // names that vendordb does not know, of the last run
    std::vector<OverviewCoverage> coverage;                  // what was not understood, of the last run: by count descending
    std::uint64_t people_devices = 0;
    // From the VendorDb, for the sources of what is said: the vendors of the chains above and the jurisdictions of all of
    // these.
    std::map<std::string, Vendor, std::less<>> vendors;              // by slug
    std::map<std::string, Jurisdiction, std::less<>> jurisdictions;  // by country

    [[nodiscard]] const OverviewAsset* asset(std::string_view uid) const;
};

// Throws std::runtime_error when the register holds no run yet.
Overview overview(const Register&, const VendorDb* vendordb);

// Uids that a person may mean: a uid or derived key (or the start of one), an IP or MAC address, a hostname, a label.
std::vector<std::string> assets_meant(const Overview&, std::string_view said);

// The claims that today's state of an asset rests on, by field, strength descending, value, method.
std::vector<Claim> claims_of(const Register&, std::string_view uid);
// The source of that id as it was last named.
std::optional<RunSource> source_of(const Register&, std::string_view id);
// A rule as it was worded when it judged (id, policy, version, hash, over, when, likelihood, impact).
std::optional<PolicyPacks::RuleSummary> rule_of(const Register&, std::string_view rule, std::string_view hash);
struct RegisterEvent {
    Time at{};
    std::int64_t run = 0;
    std::string event;
    Json detail;
};
// The sites of its runs, sorted; design: one.
std::vector<std::string> sites_of(const Register&);
// What happened to a finding or an asset, oldest first.
std::vector<RegisterEvent> events_of(const Register&, std::string_view subject_kind, std::string_view subject);

}  // namespace herkomst
