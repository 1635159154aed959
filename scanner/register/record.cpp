// One run into the register, in one transaction.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "assess/refutes.h"
#include "core/hash.h"
#include "core/lines.h"
#include "register/open.h"
#include "vendordb/vendordb.h"

namespace herkomst {

namespace {

using sql::Query;

std::string json_list(const std::vector<std::string>& texts) {
    Json list = Json::array();
    for (const std::string& text : texts) list.push(text);
    return write_json(list);
}

template <class Map>
std::string json_object(const Map& members) {
    Json object = Json::object();
    for (const auto& [key, value] : members) object[key] = value;
    return write_json(object);
}

std::int64_t whole(std::uint64_t number) { return static_cast<std::int64_t>(number); }

// A uuid of version 8 (RFC 9562: bits by the implementation), from the first thing that named the asset.
std::string uid_from(std::string_view site, std::string_view identifier, int attempt) {
    std::string digits = sha256(fmt::format("herkomst asset\n{}\n{}\n{}", site, identifier, attempt)).substr(0, 32);
    digits[12] = '8';
    digits[16] = "89ab"[static_cast<std::size_t>(digits[16]) % 4];
    return fmt::format("{}-{}-{}-{}-{}", digits.substr(0, 8), digits.substr(8, 4), digits.substr(12, 4), digits.substr(16, 4),
                       digits.substr(20));
}

// ip and hostname never bind, whoever lists them.
bool binds(std::string_view identifier) {
    return !identifier.empty() && !identifier.starts_with("ip:") && !identifier.starts_with("hostname:");
}

class Recorder {
  public:
    Recorder(sql::Database& database, const ScanRun& run) : database_(database), run_(run), at_(rfc3339(run.now)) {}

    RunReceipt record() {
        sql::Transaction transaction(database_);
        put_run();
        find_assets();
        put_assets();
        put_rules();
        put_findings();
        close_findings();
        put_sums();
        put_coverage();
        transaction.commit();
        return receipt_;
    }

  private:
    // What is known of an asset that was there before this run.
    struct Known {
        std::string uid;
        std::int64_t number = 0;  // the smaller, the older
        std::string minted_from;
    };

    void event(std::string_view what, std::string_view subject_kind, std::string_view subject, const Json& detail) {
        if (seq_ < 0) {
            seq_ = database_.number("SELECT coalesce(max(seq), 0) FROM events");
            Query last(database_, "SELECT hash FROM events ORDER BY seq DESC LIMIT 1");
            if (last.step()) prev_ = last.text(0);
        }
        const std::string text = write_json(detail);
        const std::string hash = event_hash(prev_, ++seq_, receipt_.run, at_, what, subject_kind, subject, text);
        Query(database_, "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(seq_)
            .bind(receipt_.run)
            .bind(at_)
            .bind(what)
            .bind(subject_kind)
            .bind(subject)
            .bind(text)
            .bind(prev_)
            .bind(hash)
            .run();
        prev_ = hash;
    }

    void put_run() {
        receipt_.run = database_.number("SELECT coalesce(max(run), 0) + 1 FROM runs");
        Query(database_, "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(receipt_.run)
            .bind(at_)
            .bind(run_.site)
            .bind(run_.program)
            .bind(run_.vendordb)
            .bind(run_.assessment->rules)
            .bind(whole(run_.identified->people_devices))
            .bind(json_list(run_.identified->unknown_vendors))
            .run();
        Query insert(database_, "INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        std::int64_t position = 0;
        for (const RunSource& source : run_.sources) {
            insert.bind(receipt_.run)
                .bind(++position)
                .bind(source.id)
                .bind(source.path)
                .bind(source.kind)
                .bind(source.sha256)
                .bind(whole(source.packets))
                .bind(whole(source.bytes))
                .bind(rfc3339(source.first))
                .bind(rfc3339(source.last))
                .bind(std::int64_t{source.usable})
                .bind(json_list(source.problems))
                .run();
        }
    }

    std::vector<Known> bound_to(const Asset& asset) {
        std::vector<Known> out;
        const auto look = [&](const std::string& identifier) {
            Query query(database_,
                        "SELECT a.uid, a.number, a.minted_from FROM identifiers i JOIN assets a ON a.uid = i.uid "
                        "WHERE i.value = ? AND i.site = ? AND i.kind IN ('strong', 'key')");
            query.bind(identifier).bind(asset.site);
            if (!query.step()) return;
            Known known{query.text(0), query.integer(1), query.text(2)};
            const bool twice = std::any_of(out.begin(), out.end(), [&](const Known& k) { return k.uid == known.uid; });
            if (!twice) out.push_back(std::move(known));
        };
        for (const std::string& identifier : asset.strong) {
            if (binds(identifier)) look(identifier);
        }
        if (out.empty()) look("key:" + asset.key);
        if (const auto former = run_.formerly.find(asset.key); former != run_.formerly.end()) {
            for (const std::string& key : former->second) look("key:" + key);
        }
        if (out.empty() && asset.kind == "device") {
            for (const std::string& key : keys_by_place(asset)) look_by_place("key:" + key, out);
        }
        std::sort(out.begin(), out.end(), [](const Known& a, const Known& b) { return a.number < b.number; });
        return out;
    }

    // A device that was known by its address alone and is now known better is the same one, if the very bytes that it was known
    // from are read again: then the address cannot have passed to another device in the meantime.
    void look_by_place(const std::string& identifier, std::vector<Known>& out) {
        Query query(database_,
                    "SELECT a.uid, a.number, a.minted_from FROM identifiers i JOIN assets a ON a.uid = i.uid "
                    "WHERE i.value = ?1 AND i.kind = 'key' AND a.minted_from = ?1 "
                    "AND NOT EXISTS (SELECT 1 FROM identifiers s WHERE s.uid = a.uid AND s.kind = 'strong')");
        query.bind(identifier);
        if (!query.step()) return;
        Known known{query.text(0), query.integer(1), query.text(2)};
        const bool same_bytes = std::any_of(run_.sources.begin(), run_.sources.end(), [&](const RunSource& source) {
            Query read(database_, "SELECT 1 FROM claims WHERE uid = ? AND source = ? LIMIT 1");
            read.bind(known.uid).bind(source.id);
            return read.step();
        });
        const bool twice = std::any_of(out.begin(), out.end(), [&](const Known& k) { return k.uid == known.uid; });
        if (same_bytes && !twice) out.push_back(std::move(known));
    }

    static std::string founding(const Asset& asset) {
        for (const std::string& identifier : asset.strong) {
            if (binds(identifier)) return identifier;
        }
        return "key:" + asset.key;
    }

    // Which uid each cluster gets: the oldest that any of its strong identifiers is bound to. Where two clusters want the same
    // one, a device was split: the cluster that holds what the uid was minted from keeps it.
    void find_assets() {
        const std::vector<Asset>& assets = run_.identified->assets;
        std::vector<std::vector<Known>> candidates;
        std::map<std::string, std::size_t> keeper;  // uid -> index of the cluster that keeps it
        candidates.reserve(assets.size());
        for (const Asset& asset : assets) candidates.push_back(bound_to(asset));
        for (std::size_t i = 0; i < assets.size(); ++i) {
            if (candidates[i].empty()) continue;
            const Known& oldest = candidates[i].front();
            const auto [at, fresh] = keeper.emplace(oldest.uid, i);
            const std::vector<std::string>& strong = assets[i].strong;
            if (!fresh && std::find(strong.begin(), strong.end(), oldest.minted_from) != strong.end()) at->second = i;
        }
        std::map<std::string, std::string> split_from;
        for (std::size_t i = 0; i < assets.size(); ++i) {
            const Asset& asset = assets[i];
            std::string& uid = uids_[asset.key];
            for (const Known& known : candidates[i]) {
                const auto held = keeper.find(known.uid);
                if (held != keeper.end() && held->second != i) continue;
                keeper[known.uid] = i;
                if (uid.empty()) {
                    uid = known.uid;
                } else {
                    merge(known.uid, uid);
                }
            }
            if (uid.empty()) {
                uid = mint(asset);
                if (!candidates[i].empty()) split_from[uid] = candidates[i].front().uid;
            }
        }
        for (const auto& [uid, from] : split_from) {
            event("split", "asset", uid, JsonObject{{"from", Json(from)}});
            ++receipt_.assets_split;
        }
    }

    std::string mint(const Asset& asset) {
        for (int attempt = 0;; ++attempt) {
            std::string uid = uid_from(asset.site, founding(asset), attempt);
            Query taken(database_, "SELECT 1 FROM assets WHERE uid = ?");
            taken.bind(uid);
            if (taken.step()) continue;
            Query(database_, "INSERT INTO assets VALUES (NULL, ?, ?, ?, ?, '', ?, '', ?, ?, ?, ?, '{}', NULL)")
                .bind(uid)
                .bind(founding(asset))
                .bind(asset.key)
                .bind(asset.kind)
                .bind(asset.site)
                .bind(rfc3339(asset.seen.first))
                .bind(rfc3339(asset.seen.last))
                .bind(receipt_.run)
                .bind(receipt_.run)
                .run();
            ++receipt_.assets_new;
            return uid;
        }
    }

    void merge(const std::string& younger, const std::string& older) {
        for (const char* statement :
             {"UPDATE OR REPLACE identifiers SET uid = ?1 WHERE uid = ?2", "UPDATE claims SET uid = ?1 WHERE uid = ?2",
              "UPDATE OR IGNORE beliefs SET uid = ?1 WHERE uid = ?2", "UPDATE assets SET parent = ?1 WHERE parent = ?2",
              "UPDATE assets SET merged_into = ?1 WHERE uid = ?2 OR merged_into = ?2"}) {
            Query(database_, statement).bind(older).bind(younger).run();
        }
        Query(database_, "DELETE FROM beliefs WHERE uid = ?").bind(younger).run();
        Query(database_,
              "UPDATE assets SET first_seen = min(first_seen, (SELECT first_seen FROM assets WHERE uid = ?2)) WHERE uid = ?1")
            .bind(older)
            .bind(younger)
            .run();
        event("merged", "asset", younger, JsonObject{{"into", Json(older)}});
        std::vector<std::string> findings;
        {
            Query query(database_,
                        "SELECT finding FROM findings WHERE subject_kind = 'asset' AND subject_key = ? ORDER BY finding");
            query.bind(younger);
            while (query.step()) findings.push_back(query.text(0));
        }
        for (const std::string& finding : findings) event("merged", "finding", finding, JsonObject{{"into", Json(older)}});
        ++receipt_.assets_merged;
    }

    void put_identifier(const std::string& uid, const std::string& site, const char* kind, const std::string& value) {
        // A strong identifier is bound to one uid: after a split it belongs to the cluster that has it now.
        if (const std::string_view what = kind; what == "strong" || what == "key") {
            Query(database_, "DELETE FROM identifiers WHERE value = ? AND site = ? AND uid <> ? AND kind IN ('strong', 'key')")
                .bind(value)
                .bind(site)
                .bind(uid)
                .run();
        }
        Query(database_,
              "INSERT INTO identifiers VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (uid, kind, value) DO UPDATE SET last_run = "
              "excluded.last_run")
            .bind(uid)
            .bind(kind)
            .bind(value)
            .bind(site)
            .bind(receipt_.run)
            .bind(receipt_.run)
            .run();
    }

    void put_assets() {
        std::map<std::string, const Facts*> facts;
        for (const FactsRow& row : run_.assessment->facts) facts[row.asset] = &row.facts;
        std::set<std::string> read_again;
        for (const RunSource& source : run_.sources) read_again.insert(source.id);
        for (const Asset& asset : run_.identified->assets) {
            const std::string& uid = uids_.at(asset.key);
            const auto row = facts.find(asset.key);
            const std::string label = row == facts.end() ? asset.key : row->second->find("label")->second.string();
            labels_[asset.key] = label;
            const auto parent = uids_.find(asset.parent);
            Query(database_,
                  "UPDATE assets SET derived_key = ?, kind = ?, parent = ?, label = ?, first_seen = CASE WHEN last_seen = ?7 "
                  "OR ?5 = ?7 "
                  "THEN max(first_seen, ?5) ELSE min(first_seen, ?5) END, last_seen = max(last_seen, ?6), last_run = ?8, "
                  "facts = ?9 WHERE uid = ?10")
                .bind(asset.key)
                .bind(asset.kind)
                .bind(parent == uids_.end() ? std::string() : parent->second)
                .bind(label)
                .bind(rfc3339(asset.seen.first))
                .bind(rfc3339(asset.seen.last))
                .bind(rfc3339(Time{}))
                .bind(receipt_.run)
                .bind(row == facts.end() ? std::string("{}") : json_object(*row->second))
                .bind(uid)
                .run();
            put_identifier(uid, asset.site, "key", "key:" + asset.key);
            for (const std::string& identifier : asset.strong) {
                if (binds(identifier)) put_identifier(uid, asset.site, "strong", identifier);
            }
            for (const std::string& value : asset.identifiers.mac) put_identifier(uid, asset.site, "mac", value);
            for (const std::string& value : asset.identifiers.ip) put_identifier(uid, asset.site, "ip", value);
            for (const std::string& value : asset.identifiers.hostname) put_identifier(uid, asset.site, "hostname", value);
            for (const std::string& value : asset.identifiers.path) put_identifier(uid, asset.site, "path", value);
            put_claims(uid, asset, read_again);
            put_beliefs(uid, asset);
        }
        receipt_.assets_seen_again = run_.identified->assets.size() - receipt_.assets_new;
    }

    // Sources that were read again speak anew; what other sources said stays.
    void put_claims(const std::string& uid, const Asset& asset, const std::set<std::string>& read_again) {
        for (const std::string& source : read_again) {
            Query(database_, "DELETE FROM claims WHERE uid = ? AND source = ?").bind(uid).bind(source).run();
        }
        // What was concluded from conversations stands in no source: the conclusion of today takes the place of the last.
        for (const Claim& claim : asset.claims) {
            if (!claim.from.source.empty()) continue;
            Query(database_, "DELETE FROM claims WHERE uid = ? AND source = '' AND field = ? AND method = ?")
                .bind(uid)
                .bind(name(claim.field))
                .bind(claim.method)
                .run();
        }
        Query insert(database_, "INSERT INTO claims VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        for (const Claim& claim : asset.claims) {
            insert.bind(uid)
                .bind(name(claim.field))
                .bind(claim.value)
                .bind(claim.vendor)
                .bind(name(claim.strength))
                .bind(claim.method)
                .bind(claim.because)
                .bind(claim.from.source)
                .bind(whole(claim.from.frame))
                .bind(std::int64_t{claim.from.begin})
                .bind(std::int64_t{claim.from.end})
                .bind(rfc3339(claim.seen.first))
                .bind(rfc3339(claim.seen.last))
                .bind(whole(claim.seen.count))
                .bind(write_json(to_json(claim.subject)))
                .run();
        }
    }

    // A belief of an earlier run stays where this run says nothing, or says it more weakly.
    void put_beliefs(const std::string& uid, const Asset& asset) {
        Query(database_, "DELETE FROM beliefs WHERE uid = ?1 AND field NOT IN (SELECT field FROM claims WHERE uid = ?1)")
            .bind(uid)
            .run();
        for (const auto& [field, belief] : asset.beliefs) {
            Query held(database_, "SELECT strength FROM beliefs WHERE uid = ? AND field = ?");
            held.bind(uid).bind(name(field));
            if (held.step()) {
                const auto strength = strength_named(held.text(0));
                // Only while somebody still says it: a source that was read again may have changed its mind.
                Query said(database_, "SELECT 1 FROM claims WHERE uid = ? AND field = ? AND strength = ?");
                said.bind(uid).bind(name(field)).bind(held.text(0));
                if (strength && *strength > belief.strength && !belief.contested && said.step()) continue;
            }
            const Vendor* vendor =
                run_.vendors == nullptr || belief.vendor.empty() ? nullptr : run_.vendors->vendor(belief.vendor);
            Query(database_, "INSERT OR REPLACE INTO beliefs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .bind(uid)
                .bind(name(field))
                .bind(belief.value)
                .bind(belief.vendor)
                .bind(vendor == nullptr ? std::string() : vendor->name)
                .bind(name(belief.strength))
                .bind(json_list(belief.methods))
                .bind(json_list(belief.dissent))
                .bind(std::int64_t{belief.contested})
                .bind(receipt_.run)
                .run();
        }
    }

    void put_rules() {
        if (run_.policies == nullptr) return;
        Query insert(database_, "INSERT OR IGNORE INTO rules VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
        for (const PolicyPacks::RuleSummary& rule : run_.policies->rules()) {
            insert.bind(rule.id)
                .bind(rule.hash)
                .bind(rule.policy)
                .bind(std::int64_t{rule.version})
                .bind(rule.over)
                .bind(rule.when)
                .bind(rule.likelihood)
                .bind(rule.impact)
                .run();
        }
    }

    Texts called(const FindingSubject& subject) const {
        if (subject.kind == "asset") {
            const auto found = labels_.find(subject.key);
            return found == labels_.end() ? Texts{subject.key, subject.key} : Texts{found->second, found->second};
        }
        for (const Group& group : run_.assessment->groups) {
            if (group.kind == subject.kind && group.key == subject.key) return group.title;
        }
        return {subject.key, subject.key};
    }

    void put_findings() {
        for (const Finding& finding : run_.assessment->findings) put_finding(finding);
    }

    void put_finding(const Finding& finding) {
        const Texts subject_called = called(finding.subject);
        FindingSubject subject = finding.subject;
        if (subject.kind == "asset") {
            const auto uid = uids_.find(subject.key);
            if (uid == uids_.end()) throw std::runtime_error("a finding is about an asset that is not in this run");
            subject.key = uid->second;
        }
        const std::string id = finding_id(finding.rule, subject);
        const std::string facts = json_object(finding.facts);
        const std::string missing = json_list(finding.missing);
        const std::string condition = sha256(fmt::format("{}\n{}\n{}\n{}\n{}", name(finding.verdict), name(finding.band), facts,
                                                         missing, finding.rule_hash))
                                          .substr(0, 16);
        Json evidence = Json::array();
        for (const Evidence& one : finding.evidence) evidence.push(to_json(one));
        Json literature = Json::array();
        for (const Reference& one : finding.references) {
            literature.push(JsonObject{{"title", Json(one.title)}, {"address", Json(one.address)}});
        }

        std::string what;
        Json detail = Json::object();
        {
            Query held(database_,
                       "SELECT condition_hash, status, verdict, band, first_run FROM finding_state WHERE finding = ?");
            held.bind(id);
            if (!held.step()) {
                what = "opened";
                detail["verdict"] = name(finding.verdict);
                detail["band"] = name(finding.band);
                ++receipt_.opened;
            } else if (held.text(1) == "merged" || (held.text(1) == "closed" && closed_by_a_scan(id))) {
                what = "reopened";
                detail["verdict"] = name(finding.verdict);
                detail["band"] = name(finding.band);
                ++receipt_.reopened;
            } else if (held.text(0) != condition) {
                what = "changed";
                detail["verdict"] = JsonArray{Json(held.text(2)), Json(name(finding.verdict))};
                detail["band"] = JsonArray{Json(held.text(3)), Json(name(finding.band))};
                ++receipt_.changed;
            } else {
                what = "seen_again";
                ++receipt_.seen_again;
            }
        }
        Query(database_,
              "INSERT INTO findings VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, "
              "?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?26) ON CONFLICT (finding) DO UPDATE SET policy = ?2, version = ?4, "
              "rule_hash = ?5, subject_nl = ?8, subject_en = ?9, verdict = ?10, band = ?11, likelihood = ?12, impact = ?13, "
              "missing = ?14, title_nl = ?15, title_en = ?16, because_nl = ?17, because_en = ?18, advice_nl = ?19, "
              "advice_en = ?20, consideration = ?21, literature = ?22, facts = ?23, evidence = ?24, condition_hash = ?25, "
              "last_run = ?26")
            .bind(id)
            .bind(finding.policy)
            .bind(finding.rule)
            .bind(std::int64_t{finding.version})
            .bind(finding.rule_hash)
            .bind(subject.kind)
            .bind(subject.key)
            .bind(subject_called.nl)
            .bind(subject_called.en)
            .bind(name(finding.verdict))
            .bind(name(finding.band))
            .bind(std::int64_t{finding.likelihood})
            .bind(std::int64_t{finding.impact})
            .bind(missing)
            .bind(finding.title.nl)
            .bind(finding.title.en)
            .bind(finding.because.nl)
            .bind(finding.because.en)
            .bind(finding.advice.nl)
            .bind(finding.advice.en)
            .bind(finding.consideration)
            .bind(write_json(literature))
            .bind(facts)
            .bind(write_json(evidence))
            .bind(condition)
            .bind(receipt_.run)
            .run();
        if (what != "seen_again" || !run_.one_of_many) event(what, "finding", id, detail);
    }

    // Whoever closed it: only what a scan closed is a scan's to open again.
    bool closed_by_a_scan(const std::string& finding) {
        Query last(database_,
                   "SELECT detail FROM events WHERE subject_kind = 'finding' AND subject = ? AND event = 'closed' "
                   "ORDER BY seq DESC LIMIT 1");
        last.bind(finding);
        if (!last.step()) return false;
        const Result<Json> detail = parse_json(last.text(0), "events");
        return detail.ok() && detail.value()["by"].string() == "scan";
    }

    // Findings that nobody has touched and whose rule is false now, with the reason. "Not found this time" is none: a rule is
    // also false where it asks for what is known, and a smaller capture knows less. So either everything that the register
    // knows of the subject was read in this run, or the rule is false even with what was known before in place of what is not
    // known any more.
    void close_findings() {
        std::set<std::string> open;
        {
            Query query(database_, "SELECT finding FROM finding_state WHERE status = 'open' AND last_run < ?");
            query.bind(receipt_.run);
            while (query.step()) open.insert(query.text(0));
        }
        if (open.empty()) return;
        std::set<std::string> here;
        for (const RunSource& source : run_.sources) here.insert(source.id);
        std::map<std::string, bool> whole;  // uid of an asset -> everything known of it was read in this run
        bool all_whole = !run_.one_of_many;
        {
            Query rests(database_,
                        "SELECT DISTINCT c.uid, c.source FROM claims c JOIN assets a ON a.uid = c.uid "
                        "WHERE a.merged_into IS NULL AND a.site = ?");
            rests.bind(run_.site);
            while (rests.step()) {
                const bool read = !run_.one_of_many && here.contains(rests.text(1));
                const auto [at, fresh] = whole.emplace(rests.text(0), read);
                if (!fresh) at->second = at->second && read;
                all_whole = all_whole && read;
            }
        }
        for (const Refuted& rule : run_.assessment->refuted) {
            for (const std::uint32_t row : rule.rows) {
                FindingSubject subject;
                if (rule.over_groups) {
                    const Group& group = run_.assessment->groups[row];
                    subject = {group.kind, group.key};
                } else {
                    const auto uid = uids_.find(run_.assessment->facts[row].asset);
                    if (uid == uids_.end()) continue;
                    subject = {"asset", uid->second};
                }
                const std::string id = finding_id(rule.rule, subject);
                if (!open.contains(id)) continue;
                close_finding(rule, id, row,
                              rule.over_groups ? all_whole : whole.contains(subject.key) && whole.at(subject.key));
            }
        }
    }

    void close_finding(const Refuted& rule, const std::string& id, std::uint32_t row, bool whole) {
        std::string held_facts;
        std::string held_hash;
        {
            Query held(database_, "SELECT facts, rule_hash, last_run FROM findings WHERE finding = ?");
            held.bind(id);
            if (!held.step()) return;
            held_facts = held.text(0);
            held_hash = held.text(1);
            if (rule.over_groups) {
                // A sum may be smaller because fewer were seen.
                if (!whole) return;
                Query missed(database_,
                             "SELECT 1 FROM assets WHERE merged_into IS NULL AND site = ? AND last_run >= ? AND last_run < ?");
                missed.bind(run_.site).bind(held.integer(2)).bind(receipt_.run);
                if (missed.step()) return;
            }
        }
        const Facts& now = rule.over_groups ? run_.assessment->groups[row].facts : run_.assessment->facts[row].facts;
        const Result<Json> then = parse_json(held_facts, "findings");
        if (!then) return;
        Json changed = Json::object();
        Facts remembered = now;
        for (const auto& [fact, before] : then.value().members()) {
            const auto found = now.find(fact);
            const Json after = found == now.end() ? Json() : found->second;
            if (after == before) continue;
            const bool seen_no_more = (fact == "plant_protocol" || fact == "maker_contested") && after.integer() == 0;
            if (after.is_null() || seen_no_more) remembered[fact] = before;
            changed[fact] = JsonArray{before, after};
        }
        if (!whole && (run_.policies == nullptr || !refutes(*run_.policies, rule.rule, remembered))) return;
        const bool other_rule = held_hash != rule.rule_hash;
        if (changed.members().empty() && !other_rule) return;
        Json detail = Json::object();
        detail["by"] = "scan";
        detail["because"] = other_rule ? "the rule was changed and is false" : "the rule is false now";
        if (!changed.members().empty()) detail["changed"] = std::move(changed);
        event("closed", "finding", id, detail);
        ++receipt_.closed;
    }

    void put_sums() {
        database_.run("DELETE FROM sums");
        Query insert(database_, "INSERT INTO sums VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        for (const Group& group : run_.assessment->groups) {
            std::vector<std::string> members;
            for (const std::string& key : group.members) {
                const auto uid = uids_.find(key);
                if (uid != uids_.end()) members.push_back(uid->second);
            }
            std::sort(members.begin(), members.end());
            insert.bind(group.kind)
                .bind(group.key)
                .bind(group.title.nl)
                .bind(group.title.en)
                .bind(whole(group.assets))
                .bind(whole(group.power_assets))
                .bind(group.rated_power)
                .bind(whole(group.rated_power_unknown))
                .bind(whole(group.switchable_assets))
                .bind(group.switchable_power)
                .bind(whole(group.switchable_power_unknown))
                .bind(whole(group.switchable_maybe))
                .bind(json_object(group.facts))
                .bind(json_list(members))
                .run();
        }
    }

    void put_coverage() {
        struct Sum {
            std::set<Endpoint> subjects;
            std::uint64_t count = 0;
        };
        std::map<std::pair<std::string, std::string>, Sum> sums;
        for (const Coverage& row : run_.coverage) {
            Sum& sum = sums[{row.asked, row.outcome}];
            if (row.subject.known()) sum.subjects.insert(row.subject);
            sum.count += row.count;
        }
        Query insert(database_, "INSERT INTO coverage VALUES (?, ?, ?, ?, ?)");
        for (const auto& [what, sum] : sums) {
            insert.bind(receipt_.run)
                .bind(what.first)
                .bind(what.second)
                .bind(whole(sum.subjects.size()))
                .bind(whole(sum.count))
                .run();
        }
    }

    sql::Database& database_;
    const ScanRun& run_;
    const std::string at_;
    RunReceipt receipt_;
    std::map<std::string, std::string> uids_;    // derived key -> uid
    std::map<std::string, std::string> labels_;  // derived key -> label
    std::int64_t seq_ = -1;
    std::string prev_;
};

}  // namespace

RunReceipt Register::record(const ScanRun& run) {
    if (run.identified == nullptr || run.assessment == nullptr) throw std::logic_error("a run without assets or assessment");
    return Recorder(open_->database, run).record();
}

}  // namespace herkomst
