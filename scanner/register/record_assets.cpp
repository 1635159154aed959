// What a run says of each asset: names, claims, beliefs; and which assets it missed.
#include <fmt/core.h>

#include <algorithm>

#include "core/hash.h"
#include "core/lines.h"
#include "register/recorder.h"
#include "vendordb/vendordb.h"

namespace herkomst {

using sql::Query;

namespace {

// What was heard, before any of our data or any person's word was held against it.
std::string said_by(const Asset& asset) {
    Sha256 digest;
    for (const Claim& claim : asset.claims) {
        if (!claim.because.empty() || claim.strength == Strength::Confirmed || claim.method == "oui") continue;
        digest.add(fmt::format("{}\n{}\n{}\n{}\n", name(claim.field), claim.value, name(claim.strength), claim.method));
    }
    return digest.hex().substr(0, 16);
}

}  // namespace

void Recorder::put_assets() {
    // In the order of their uids, by which the tables are sorted: a million new ones are then written from front to back.
    std::vector<std::pair<std::string_view, const Asset*>> by_uid;
    by_uid.reserve(run_.identified->assets.size());
    for (const Asset& asset : run_.identified->assets) by_uid.emplace_back(uids_.at(asset.key), &asset);
    std::sort(by_uid.begin(), by_uid.end());
    for (const auto& [sorted, held] : by_uid) {
        const Asset& asset = *held;
        const std::string& uid = uids_.at(asset.key);
        const auto row = run_.assessment->facts.row_of(asset.key);
        const Facts facts = row ? run_.assessment->facts[*row].facts : Facts();
        const std::string label = row ? facts.find("label")->second.string() : asset.key;
        labels_[asset.key] = label;
        const auto parent = uids_.find(asset.parent);
        asset_at_[uid] = &asset;
        const std::string said = said_by(asset);
        const bool fresh = minted_.contains(uid);
        std::string observation = heard(asset) ? "observed" : fresh ? "imported_only" : "";
        if (fresh) {
            heard_anew_.insert(uid);
        } else {
            Query before(database_,
                         "SELECT said, coalesce(facts ->> '$.maker', ''), last_run, observation FROM assets WHERE uid = ?");
            before.bind(uid);
            if (before.step()) {
                if (before.text(0) != said) heard_anew_.insert(uid);
                const auto maker = facts.find("maker");
                if (before.text(1) != (maker == facts.end() ? std::string() : maker->second.string()))
                    maker_before_[uid] = before.text(1);
                if (before.integer(2) < receipt_.run - 1) missing_since_[uid] = before.integer(2);
                if (observation.empty()) observation = before.text(3);
            }
        }
        Query(database_,
              "UPDATE assets SET derived_key = ?, kind = ?, parent = ?, label = ?, first_seen = CASE WHEN last_seen = ?7 "
              "THEN max(first_seen, ?5) "
              // What an earlier version left there of one that was heard.
              "WHEN first_seen = ?7 THEN coalesce((SELECT min(c.first_seen) FROM claims c WHERE c.uid = ?10 AND c.first_seen "
              "> ?7 AND c.source NOT LIKE 'assertion:%'), ?5) "
              "WHEN ?5 = ?7 THEN first_seen ELSE min(first_seen, ?5) END, last_seen = max(last_seen, ?6), last_run = ?8, "
              "facts = ?9, missed = 0, said = ?11, observation = ?12 WHERE uid = ?10")
            .bind(asset.key)
            .bind(asset.kind)
            .bind(parent == uids_.end() ? std::string() : parent->second)
            .bind(label)
            .bind(rfc3339(asset.seen.first))
            .bind(rfc3339(asset.seen.last))
            .bind(rfc3339(Time{}))
            .bind(receipt_.run)
            .bind(json_object(facts))
            .bind(uid)
            .bind(said)
            .bind(observation)
            .run();
        if (observation == "imported_only") imported_.insert(uid);
        if (!fresh) see_retired(uid, asset);
        put_identifier(uid, asset.site, "key", "key:" + asset.key);
        for (const std::string& identifier : asset.strong) {
            if (binds(identifier)) put_identifier(uid, asset.site, "strong", identifier);
        }
        for (const std::string& value : asset.identifiers.mac) put_identifier(uid, asset.site, "mac", value);
        for (const std::string& value : asset.identifiers.ip) put_identifier(uid, asset.site, "ip", value);
        for (const std::string& value : asset.identifiers.hostname) put_identifier(uid, asset.site, "hostname", value);
        for (const std::string& value : asset.identifiers.path) put_identifier(uid, asset.site, "path", value);
        put_claims(uid, asset, fresh);
        put_beliefs(uid, asset, fresh);
    }
    no_asset_anew_ = heard_anew_.empty() && receipt_.assets_new == 0;
    receipt_.assets_seen_again = run_.identified->assets.size() - receipt_.assets_new;
}

// On the network, and not only by what others wrote down of it. What was concluded and what people said is neither.
bool Recorder::heard(const Asset& asset) const {
    bool listed = false;
    for (const Claim& claim : asset.claims) {
        if (claim.from.source.empty() || claim.from.source.starts_with("assertion:")) continue;
        const auto kind = kinds_.find(claim.from.source);
        if (kind == kinds_.end() || kind->second != "inventory") return true;
        listed = true;
    }
    return !listed;
}

// Of a finding that this run has: whether all that it is about is known from inventories alone.
std::string_view Recorder::seen_as(const FindingSubject& subject) {
    if (imported_.empty()) return "observed";
    if (subject.kind == "asset") return imported_.contains(subject.key) ? "imported_only" : "observed";
    const auto [held, fresh] = group_imported_.try_emplace(subject, false);
    if (fresh) {
        for (const Group& group : run_.assessment->groups) {
            if (group.kind != subject.kind || group.key != subject.key) continue;
            held->second =
                !group.members.empty() && std::all_of(group.members.begin(), group.members.end(), [&](const std::string& key) {
                    const auto uid = uids_.find(key);
                    return uid != uids_.end() && imported_.contains(uid->second);
                });
        }
    }
    return held->second ? "imported_only" : "observed";
}

// Somebody put it away, and there it is: the field is his, so it stays; what was seen is said once.
void Recorder::see_retired(const std::string& uid, const Asset& asset) {
    Query retired(
        database_,
        "SELECT e.at, (SELECT max(seq) FROM events s WHERE s.subject_kind = 'asset' AND s.subject = w.subject AND s.event = "
        "'seen_after') > w.event FROM work w JOIN events e ON e.seq = w.event "
        "WHERE w.subject_kind = 'asset' AND w.subject = ? AND w.field = 'retired' AND w.value = 'yes'");
    retired.bind(uid);
    if (!retired.step() || retired.integer(1) != 0) return;
    const std::string since = retired.text(0);
    const std::string seen = rfc3339(asset.seen.last == Time{} ? run_.now : asset.seen.last);
    if (parse_rfc3339(seen) <= parse_rfc3339(since)) return;
    chain_->add("seen_after", "asset", uid,
                JsonObject{{"because", Json("it was put away, and was seen after that")}, {"seen", Json(seen)}});
}

void Recorder::put_identifier(const std::string& uid, const std::string& site, const char* kind, const std::string& value) {
    bind_identifier(database_, uid, site, kind, value, receipt_.run);
}

// Sources that were read again speak anew, and people always; what other sources said stays.
void Recorder::put_claims(const std::string& uid, const Asset& asset, bool fresh) {
    if (!fresh) {
        // "+": by the asset's few claims, not by all that the source says.
        for (const RunSource& source : run_.sources)
            Query(database_, "DELETE FROM claims WHERE uid = ? AND +source = ?").bind(uid).bind(source.id).run();
        Query(database_, "DELETE FROM claims WHERE uid = ? AND source LIKE 'assertion:%'").bind(uid).run();
    }
    // What was concluded from conversations stands in no source: the conclusion of today takes the place of the last.
    for (const Claim& claim : asset.claims) {
        if (fresh || !claim.from.source.empty()) continue;
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
void Recorder::put_beliefs(const std::string& uid, const Asset& asset, bool fresh) {
    if (!fresh)
        Query(database_, "DELETE FROM beliefs WHERE uid = ?1 AND field NOT IN (SELECT field FROM claims WHERE uid = ?1)")
            .bind(uid)
            .run();
    for (const auto& [field, belief] : asset.beliefs) {
        Query held(database_, "SELECT strength FROM beliefs WHERE uid = ? AND field = ?");
        held.bind(uid).bind(name(field));
        if (!fresh && held.step()) {
            const auto strength = strength_named(held.text(0));
            // Only while somebody still says it: a source that was read again may have changed its mind.
            Query said(database_, "SELECT 1 FROM claims WHERE uid = ? AND field = ? AND strength = ?");
            said.bind(uid).bind(name(field)).bind(held.text(0));
            if (strength && *strength > belief.strength && !belief.contested && said.step()) continue;
        }
        const Vendor* vendor = run_.vendors == nullptr || belief.vendor.empty() ? nullptr : run_.vendors->vendor(belief.vendor);
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

// Assets that were not there although the run looked where they had been. Of one in a row of runs that says nothing.
void Recorder::miss_assets() {
    if (run_.one_of_many || first_run_) return;
    std::map<std::string, std::set<std::string>> addresses;
    {
        Query missed(database_,
                     "SELECT a.uid, i.value FROM assets a JOIN identifiers i ON i.uid = a.uid AND i.kind = 'ip' "
                     "WHERE a.merged_into IS NULL AND a.site = ? AND a.last_run < ? ORDER BY a.uid");
        missed.bind(run_.site).bind(receipt_.run);
        while (missed.step()) addresses[missed.text(0)].insert(missed.text(1));
    }
    for (const auto& [uid, held] : addresses) {
        const std::set<std::string> lived = networks_of(held);
        const bool looked =
            std::any_of(lived.begin(), lived.end(), [&](const std::string& n) { return networks_.contains(n); });
        if (!looked) continue;
        Query(database_, "UPDATE assets SET missed = missed + 1 WHERE uid = ?").bind(uid).run();
        Query fresh(database_, "SELECT missed FROM assets WHERE uid = ?");
        fresh.bind(uid);
        if (fresh.step() && fresh.integer(0) == 1)
            chain_->add("missed", "asset", uid, because_of(cause_of_absence({"asset", uid})));
    }
}

// What was heard of assets that nobody has seen for as long as setting `retention` says, and of which nobody keeps a finding.
void Recorder::forget_what_is_old() {
    const std::string days = setting(database_, "retention");
    const int most = std::atoi(days.c_str());
    if (most <= 0) return;
    const std::string before = rfc3339(run_.now - std::chrono::hours(24) * most);
    std::vector<std::string> old;
    {
        Query query(
            database_,
            "SELECT uid FROM assets a WHERE merged_into IS NULL AND last_run < ?1 AND last_seen < ?2 "
            "AND (SELECT at FROM runs r WHERE r.run = a.last_run) < ?2 AND NOT EXISTS (SELECT 1 FROM findings f "
            "JOIN work w ON w.subject_kind = 'finding' AND w.subject = f.finding AND w.field = 'status' AND w.value NOT IN "
            "('new', 'closed', 'false_positive') WHERE f.subject_kind = 'asset' AND f.subject_key = a.uid) ORDER BY uid");
        query.bind(receipt_.run).bind(before);
        while (query.step()) old.push_back(query.text(0));
    }
    for (const std::string& uid : old) {
        forget_asset(database_, *chain_, uid, JsonObject{{"because", Json("retention")}, {"days", Json(std::int64_t{most})}});
        ++receipt_.forgotten;
    }
}

}  // namespace herkomst
