// The view that templates/report.mustache prints. Internal to this folder. Every key of a row is always set: a missing one
// would be looked for in the rows around it.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "exports/rows.h"
#include "report/words.h"

namespace herkomst {

bool open_now(const OverviewFinding&);
// From the worst.
std::span<const Band> all_bands();

class Page {
  public:
    Page(const Overview&, const std::string& lang, Time now);
    [[nodiscard]] Json view() const;

  private:
    static Json strings(const auto& list) {
        Json out = Json::array();
        for (const std::string& each : list) out.push(each);
        return out;
    }
    static std::string anchor_of_asset(const std::string& uid);
    static std::string anchor_of_maker(const std::string& slug);
    // Only web addresses become links: a source's address is data.
    static std::string link(const std::string& address);
    static void mark_last(Json& list);
    std::string country(const std::string& code) const;
    std::string subject(const OverviewFinding& held) const;
    std::string anchor(const FindingSubject& of) const;
    std::string control_words(const std::string& status) const;
    static Json considerations(const std::string& text);
    void summarise(Json& out) const;
    Json control_chart() const;
    std::string power_figure(std::int64_t watts, std::uint64_t unknown, std::uint64_t maybe) const;
    std::string power_line(const Group&, const char* assets, const char* text) const;
    void powers(Json& out) const;
    std::string evidence(const Evidence& of) const;
    Json facts(const Finding& finding) const;
    Json source(const Sourcing& sourcing) const;
    // The sources of the claims that the finding's facts come from: ownership, origin, jurisdiction, capability.
    Json sources(const Finding& finding) const;
    std::string maker_of(const FindingSubject& of) const;
    Json finding(const OverviewFinding& held) const;
    // How bad it is: by the rule, without and with measures by the criteria, and what a person says is left.
    void ratings(Json& out, const OverviewFinding& held) const;
    // What people decided about it, and their measures.
    void treatment(Json& out, const OverviewFinding& held) const;
    // The answers of people that it rests on.
    void grounds(Json& out, const OverviewFinding& held) const;
    void answers(Json& out) const;
    static std::string anchor_of_answer(int number);
    // Findings of one rule stand together: its advice is the same for all of them.
    using EachRule = std::function<void(Json& rule, const std::vector<const OverviewFinding*>& findings)>;
    Json rules_of(const std::vector<const OverviewFinding*>& list, const EachRule& each_rule) const;
    Json bands() const;
    Json question_rules() const;
    Json belief_row(const OverviewAsset& asset, Field field, const std::string& called) const;
    Json power_row(const OverviewAsset&) const;
    std::string power_claims(std::string_view claims) const;
    Json assets() const;
    Json makers() const;
    Json claim(const std::string& called, const std::string& value, const Sourcing& sourcing) const;
    Json jurisdictions() const;
    void coverage(Json& out) const;
    // The word for what other code names; a name without one is shown as it is.
    [[nodiscard]] std::string word(const std::string& prefix, const std::string& value) const;
    [[nodiscard]] std::string traffic(std::uint64_t bytes) const;        // "850 B", "12.5 kB"
    [[nodiscard]] std::string rhythm_words(const Rhythm& rhythm) const;  // "every 5 minutes (92 of 100)"
    [[nodiscard]] std::string party_name(const std::string& slug) const;
    void control_paths(Json& out) const;
    void zones(Json& out) const;
    Json read_sources() const;

    const Overview& overview_;
    Words words_;
    Time now_;
    AssetsByUid by_uid_;
    std::map<std::string, std::vector<const OverviewFinding*>, std::less<>> findings_of_;
    std::map<std::string, std::uint64_t, std::less<>> questions_of_;
    std::map<std::string, std::vector<const OverviewMeasure*>, std::less<>> measures_of_;  // finding -> its measures
    std::map<std::string, std::vector<const OverviewAsset*>, std::less<>> makers_;         // slug -> its assets
    std::map<std::string, Texts, std::less<>> countries_;
};

}  // namespace herkomst
