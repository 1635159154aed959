// One run into the register. Internal to this folder: record.cpp (the run and which assets it is about), record_assets.cpp
// (what is known of them), record_listed.cpp (which of them inventories list), record_people.cpp (what people took back),
// record_findings.cpp (what was found, and what was not found any more).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "register/acts.h"
#include "register/open.h"
#include "register/rating_rows.h"

namespace herkomst {

std::string json_list(const std::vector<std::string>&);
template <class Map>
std::string json_object(const Map& members) {
    Json object = Json::object();
    for (const auto& [key, value] : members) object[key] = value;
    return write_json(object);
}
inline std::int64_t whole(std::uint64_t number) { return static_cast<std::int64_t>(number); }
// ip and hostname never bind, whoever lists them.
bool binds(std::string_view identifier);
// "192.0.2.0/24" or "2001:db8::/64": where an address lives; empty for one that is not of the site.
std::string network_of(const IpAddress&);
// The networks of an asset's addresses.
std::set<std::string> networks_of(const std::set<std::string>& addresses);
// A name of what a finding says, to tell whether anything changed.
std::string condition_of(std::string_view verdict, std::string_view band, std::string_view facts, std::string_view missing,
                         std::string_view rule_hash);

class Recorder {
  public:
    Recorder(sql::Database& database, const ScanRun& run);
    RunReceipt record();

  private:
    // What is known of an asset that was there before this run.
    struct Known {
        std::string uid;
        std::int64_t number = 0;  // the smaller, the older
        std::string minted_from;
    };
    // Which of our data differs from the run before: then a change may be by knowledge.
    enum class Cause { Network, Knowledge, People, Ended, NetworkAndKnowledge, NetworkAndPeople };
    static std::string_view name_of(Cause);
    // {"cause": ...}; of the network, which is meant where nothing stands, an empty object.
    static Json because_of(Cause);

    void put_run();
    void what_people_did(const std::string& run_at);
    void put_recorded();
    std::vector<Known> bound_to(const Asset&);
    void look_by_place(const std::string& identifier, const Asset* cluster, std::vector<Known>& out);
    [[nodiscard]] bool says_all_of(const Asset& cluster, const std::string& uid) const;
    // Programs and parts that the register holds, by what they hang on.
    struct Child {
        Known known;
        std::string called;  // "software:maker/name", "part:path"
    };
    [[nodiscard]] std::multimap<std::string, Child> children() const;
    void look_by_parent(std::vector<std::vector<Known>>& candidates);
    void look_by_listing(std::vector<std::vector<Known>>& candidates);
    void tell_two_at_address();
    [[nodiscard]] bool told_apart(const std::string& uid, const std::vector<Known>& others) const;
    void without_those_apart(const Asset&, std::vector<Known>&);
    void find_assets();
    [[nodiscard]] bool people_keep_apart(const std::string& a, const std::string& b) const;
    std::optional<Known> former_self(const Asset&, const Known&);
    void take_back(std::vector<std::vector<Known>>& candidates);
    void take_back_of(const std::string& root, std::vector<std::vector<Known>>& candidates);
    void tell_splits(const std::map<std::string, std::size_t>& keeper);
    std::string mint(const Asset&);

    void put_assets();
    void put_identifier(const std::string& uid, const std::string& site, const char* kind, const std::string& value);
    void put_claims(const std::string& uid, const Asset&, bool fresh);
    void put_beliefs(const std::string& uid, const Asset&, bool fresh);
    [[nodiscard]] bool heard(const Asset&) const;
    std::string_view seen_as(const FindingSubject&);
    void see_retired(const std::string& uid, const Asset&);
    void miss_assets();
    void forget_what_is_old();

    void put_rules();
    void put_findings();
    void put_finding(const Finding&);
    Texts called(const FindingSubject&) const;
    Sight sight_of(const std::string& id, const Finding&, const std::optional<Rating>&, const std::string& condition,
                   const FindingSubject&);
    [[nodiscard]] Cause cause_of(const FindingSubject&) const;
    [[nodiscard]] Cause cause_of_identity(std::string_view uid) const;
    [[nodiscard]] Cause cause_of_absence(const FindingSubject&);
    [[nodiscard]] Cause by_people_or_time(bool only_less) const;
    [[nodiscard]] std::optional<Cause> by_answers(const Facts& before, const Facts& now) const;
    [[nodiscard]] Cause rated_by(const std::optional<RatingRow>& before, const std::optional<Rating>& now,
                                 const FindingSubject&) const;
    std::string why_again(const std::string& into);
    [[nodiscard]] Time last_seen(const FindingSubject&) const;
    void look_again();
    struct Stands {
        std::string finding;
        std::string rule;
        std::string uid;
        std::int64_t former_run = 0;  // the last one before this that saw it; 0: none
    };
    void note_for_carrying(const Finding&, const FindingSubject&, const std::string& id, std::int64_t former_run);
    [[nodiscard]] std::vector<FindingSubject> asked_of(const PolicyPacks::RuleSummary&, const Facts&,
                                                       const std::string& maker) const;
    [[nodiscard]] bool is_false_of(const std::string& rule, std::size_t row) const;
    void move_questions();
    void carry_questions();
    void check_acceptance(const Stands&);
    bool refute(const Refuted& rule, const std::string& id, std::uint32_t row, bool whole);
    void observe(const std::string& finding, std::string_view now, Json detail);
    [[nodiscard]] const std::map<std::string, bool>& whole_assets();
    void put_sums();
    void put_coverage();
    void put_sessions();

    sql::Database& database_;
    const ScanRun& run_;
    RunReceipt receipt_;
    std::optional<EventChain> chain_;
    std::map<std::string, std::string> uids_;       // derived key -> uid
    std::set<std::string, std::less<>> minted_;     // uids that this run made: of those the tables hold nothing yet
    std::map<std::string, std::string> labels_;     // derived key -> label
    std::map<std::string, const Asset*> asset_at_;  // uid -> what this run knows of it
    std::set<std::string> heard_anew_;          // uids of which something else was heard than the last time, or for the first
    std::set<std::string> networks_;            // where this run looked
    std::map<std::string, std::string> kinds_;  // of this run's sources, by id
    std::set<std::string, std::less<>> imported_;  // uids that are known from inventories alone
    std::map<FindingSubject, bool> group_imported_;
    std::map<std::string, std::int64_t> asked_;          // questions of this run that are not about one asset; the run before
    std::vector<Stands> stands_;                         // findings of assets whose rule asks of the supplier or the site
    std::map<std::string, std::int64_t> missing_since_;  // uid -> the last run that saw it, of one that was not in the last
    std::map<std::string, std::string> maker_before_;    // uid -> slug, where it is another one now
    bool first_run_ = false;
    bool edited_ = false;        // somebody edited tables beside the program since the last seal
    bool same_sources_ = false;  // everything that it read had been read before
    bool same_data_ = false;     // vendor data and rules of the run before
    bool same_people_ = false;   // assertions of the run before
    bool answered_ = false;      // people gave an answer since then, or took one back
    bool answers_ended_ = false;
    bool measured_ = false;          // they recorded a measure since then, or changed one
    std::set<std::string> told_of_;  // uids that people's assertions since then are about
    std::vector<std::tuple<std::string, std::string, std::size_t>> two_at_;  // address, uid there, cluster there
    std::map<std::string, std::string> split_from_;
    std::set<std::string> taken_back_;  // of those, whoever a person's word had made one, which does not hold any more
    std::optional<std::map<std::string, bool>> whole_;  // uid -> everything known of it was read in this run
    bool no_asset_anew_ = true;
};

}  // namespace herkomst
