// One run into the register, in one transaction: the run itself, and which assets it is about.
#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "core/hash.h"
#include "register/recorder.h"
#include "register/tables.h"
#include "register/unlike.h"

namespace herkomst {

using sql::Query;

std::string json_list(const std::vector<std::string>& texts) {
    Json list = Json::array();
    for (const std::string& text : texts) list.push(text);
    return write_json(list);
}

bool binds(std::string_view identifier) {
    return !identifier.empty() && !identifier.starts_with("ip:") && !identifier.starts_with("hostname:");
}

std::string network_of(const IpAddress& ip) {
    if (!ip.known() || !ip.is_private()) return {};
    IpAddress base = ip;
    const std::size_t kept = ip.version == 4 ? 3 : 8;
    for (std::size_t i = kept; i < base.bytes.size(); ++i) base.bytes[i] = 0;
    return fmt::format("{}/{}", base.text(), ip.version == 4 ? 24 : 64);
}

std::set<std::string> networks_of(const std::set<std::string>& addresses) {
    std::set<std::string> out;
    for (const std::string& text : addresses) {
        const auto ip = IpAddress::parse(text);
        const std::string network = ip ? network_of(*ip) : std::string();
        if (!network.empty()) out.insert(network);
    }
    return out;
}

namespace {

std::string digest_of_assertions(const std::vector<Assertion>& assertions) {
    std::string text;
    for (const Assertion& each : assertions) {
        text += fmt::format("{}\n{}\n{}\n{}\n", each.id, static_cast<int>(each.kind), name(each.field), each.value);
    }
    return text.empty() ? std::string() : sha256(text).substr(0, 16);
}

}  // namespace

Recorder::Recorder(sql::Database& database, const ScanRun& run) : database_(database), run_(run) {}

RunReceipt Recorder::record() {
    // Rows lie by uid, which is by chance: what does not fit into the cache is read and written over and over.
    const std::size_t pages = std::clamp<std::size_t>(run_.identified->assets.size() * 2, 2'000, 65'536);
    database_.run(fmt::format("PRAGMA cache_size = {}", pages));
    sql::Transaction transaction(database_);
    put_run();
    find_assets();
    put_assets();
    put_rules();
    reopen_what_is_over(database_, *chain_, run_.now);
    put_findings();
    move_questions();
    carry_questions();
    look_again();
    miss_assets();
    put_sums();
    put_coverage();
    put_sessions();
    forget_what_is_old();
    put_recorded();
    transaction.commit();
    return receipt_;
}

// Since the run before: what was answered or taken back, which answers have ended, and which assets people said something of.
void Recorder::what_people_did(const std::string& run_at) {
    const std::int64_t last = database_.number("SELECT coalesce(max(seq), 0) FROM events WHERE event = 'recorded'");
    {
        // Whose zone or process is another one inherits other answers.
        Query acted(database_,
                    "SELECT 1 FROM events WHERE seq > ? AND (subject_kind = 'answer' OR (subject_kind = 'asset' AND event = "
                    "'set' AND (detail ->> '$.set.zone' IS NOT NULL OR detail ->> '$.set.process' IS NOT NULL))) LIMIT 1");
        acted.bind(last);
        answered_ = acted.step();
        Query measured(database_, "SELECT 1 FROM events WHERE seq > ? AND subject_kind = 'measure' LIMIT 1");
        measured.bind(last);
        measured_ = measured.step();
        Query ended(database_,
                    "SELECT 1 FROM events WHERE subject_kind = 'answer' AND detail <> '' AND detail ->> '$.expires' > ? AND "
                    "detail ->> '$.expires' <= ? LIMIT 1");
        ended.bind(run_at).bind(rfc3339(run_.now));
        answers_ended_ = ended.step();
    }
    Query said(database_,
               "SELECT w.value, a.merged_into FROM events e JOIN work w ON w.subject_kind = 'assertion' AND w.subject = "
               "e.subject AND w.field IN ('a', 'b') LEFT JOIN assets a ON a.uid = w.value WHERE e.subject_kind = 'assertion' "
               "AND e.seq > ?");
    said.bind(last);
    while (said.step()) {
        told_of_.insert(said.text(0));
        if (!said.null(1)) told_of_.insert(said.text(1));
    }
}

void Recorder::put_run() {
    // Whoever takes a run away does not get its number used again, beside what else says that number.
    receipt_.run = 1 + database_.number(
                           "SELECT max(coalesce((SELECT max(run) FROM runs), 0), coalesce((SELECT max(run) FROM sources), 0), "
                           "coalesce((SELECT max(run) FROM coverage), 0), coalesce((SELECT run FROM events ORDER BY seq DESC "
                           "LIMIT 1), 0))");
    first_run_ = receipt_.run == 1;
    chain_.emplace(database_, receipt_.run, run_.now);
    edited_ = tell_unlike(database_, *chain_);
    for (const RunSource& source : run_.sources) kinds_[source.id] = source.kind;
    // Where something was heard. What an inventory lists there is no looking.
    for (const Asset& asset : run_.identified->assets) {
        if (heard(asset)) networks_.merge(networks_of(asset.identifiers.ip));
    }
    const std::string assertions = digest_of_assertions(run_.assertions);
    if (!first_run_) {
        Query before(database_, "SELECT vendordb, rules, assertions, at FROM runs ORDER BY run DESC LIMIT 1");
        before.step();
        same_data_ = before.text(0) == run_.vendordb && before.text(1) == run_.assessment->rules;
        same_people_ = before.text(2) == assertions;
        what_people_did(before.text(3));
        same_sources_ = !run_.one_of_many && !run_.sources.empty();
        for (const RunSource& source : run_.sources) {
            Query read(database_, "SELECT 1 FROM sources WHERE id = ? LIMIT 1");
            read.bind(source.id);
            same_sources_ = same_sources_ && read.step();
        }
    }
    Query(database_,
          "INSERT INTO runs (run, at, site, program, vendordb, rules, people_devices, unknown_vendors, networks, assertions) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(receipt_.run)
        .bind(chain_->at())
        .bind(run_.site)
        .bind(run_.program)
        .bind(run_.vendordb)
        .bind(run_.assessment->rules)
        .bind(whole(run_.identified->people_devices))
        .bind(json_list(run_.identified->unknown_vendors))
        .bind(json_list({networks_.begin(), networks_.end()}))
        .bind(assertions)
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

// The last event of a run: that it is there as a whole, and what the tables hold now. An interval of `listen` in which nothing
// happened leaves none, or the chain would grow by 1,440 a day: such runs are folded together later (fold.h), and until then
// what they left stands in `interim` (tables.h).
void Recorder::put_recorded() {
    if (run_.one_of_many && !chain_->grew() && !seal_is_due(database_, run_.now)) {
        put_interim(database_, receipt_.run);
        return;
    }
    Json detail = Json::object();
    detail["site"] = run_.site;
    detail["program"] = run_.program;
    detail["vendordb"] = run_.vendordb;
    detail["rules"] = run_.assessment->rules;
    Json sources = Json::array();
    for (const RunSource& source : run_.sources) sources.push(source.id);
    detail["sources"] = std::move(sources);
    detail["assets"] = run_.identified->assets.size();
    detail["findings"] = run_.assessment->findings.size();
    detail["tables"] = sealed_now(database_);
    chain_->add("recorded", "run", std::to_string(receipt_.run), detail);
}

std::vector<Recorder::Known> Recorder::bound_to(const Asset& asset) {
    std::vector<Known> out;
    if (first_run_) return out;
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
    if (asset.kind == "device" && (out.empty() || (!run_.one_of_many && !asset.strong.empty()))) {
        const bool known_too = !out.empty();
        for (const std::string& key : keys_by_place(asset)) look_by_place("key:" + key, known_too ? &asset : nullptr, out);
    }
    without_those_apart(asset, out);
    std::sort(out.begin(), out.end(), [](const Known& a, const Known& b) { return a.number < b.number; });
    return out;
}

// Two that a person told apart share a serial number, say: whoever shows what names the one is not the other.
void Recorder::without_those_apart(const Asset& asset, std::vector<Known>& out) {
    const auto has = [&](const std::vector<std::string>& names) {
        return std::any_of(names.begin(), names.end(), [&](const std::string& each) {
            return each == "key:" + asset.key ||
                   std::find(asset.strong.begin(), asset.strong.end(), each) != asset.strong.end();
        });
    };
    for (const Assertion& each : run_.assertions) {
        if (each.kind != Assertion::Kind::NotSame || each.site != asset.site) continue;
        const bool is_a = has(telling(each.a));
        const bool is_b = has(telling(each.b));
        if (is_a == is_b) continue;
        const std::string& other = is_a ? each.uid_b : each.uid_a;
        std::erase_if(out, [&](const Known& known) { return known.uid == other; });
    }
}

// A device that was known by its address alone and is now known better is the same one, if the very bytes that it was known
// from are read again: then the address cannot have passed to another device in the meantime. When what it is now was known
// too (`cluster`), two would become one: then all that the one by address ever said must stand in this very cluster.
void Recorder::look_by_place(const std::string& identifier, const Asset* cluster, std::vector<Known>& out) {
    Query query(database_,
                "SELECT a.uid, a.number, a.minted_from FROM identifiers i JOIN assets a ON a.uid = i.uid "
                "WHERE i.value = ?1 AND i.kind = 'key' AND a.minted_from = ?1 "
                "AND NOT EXISTS (SELECT 1 FROM identifiers s WHERE s.uid = a.uid AND s.kind = 'strong')");
    query.bind(identifier);
    if (!query.step()) return;
    Known known{query.text(0), query.integer(1), query.text(2)};
    const bool same_bytes = std::any_of(run_.sources.begin(), run_.sources.end(), [&](const RunSource& source) {
        // "+": by the asset's few claims, not by all that the source says.
        Query read(database_, "SELECT 1 FROM claims WHERE uid = ? AND +source = ? LIMIT 1");
        read.bind(known.uid).bind(source.id);
        return read.step();
    });
    const bool twice = std::any_of(out.begin(), out.end(), [&](const Known& k) { return k.uid == known.uid; });
    if (twice || !same_bytes || (cluster != nullptr && !says_all_of(*cluster, known.uid))) return;
    out.push_back(std::move(known));
}

// Whether each frame and row that the asset rests on is one that the cluster rests on.
bool Recorder::says_all_of(const Asset& cluster, const std::string& uid) const {
    std::set<std::pair<std::string, std::int64_t>> places;
    for (const Claim& claim : cluster.claims) places.emplace(claim.from.source, whole(claim.from.frame));
    Query said(database_,
               "SELECT DISTINCT source, frame FROM claims WHERE uid = ? AND source <> '' AND source NOT LIKE 'assertion:%'");
    said.bind(uid);
    while (said.step()) {
        if (!places.contains({said.text(0), said.integer(1)})) return false;
    }
    return true;
}

namespace {

std::string founding(const Asset& asset) {
    for (const std::string& identifier : asset.strong) {
        if (binds(identifier)) return identifier;
    }
    return "key:" + asset.key;
}

// What names a program or part beneath its parent.
std::string called_below(const Asset& asset) {
    // Another serial number at the same path is another part.
    const bool by_path = asset.kind == "part" && asset.strong.empty() && asset.identifiers.path.size() == 1;
    if (asset.kind != "software") return by_path ? "part:" + *asset.identifiers.path.begin() : "";
    for (const Claim& claim : asset.claims) {
        if (claim.field == Field::stack_maker) return "software:" + claim.vendor + "/" + claim.subject.software;
    }
    return {};
}

}  // namespace

std::multimap<std::string, Recorder::Child> Recorder::children() const {
    std::multimap<std::string, Child> out;
    Query query(
        database_,
        "SELECT DISTINCT a.parent, a.uid, a.number, a.minted_from, 'software:' || c.vendor || '/' || (c.subject ->> "
        "'$.software') FROM assets a JOIN claims c ON c.uid = a.uid AND c.field = 'stack_maker' WHERE a.kind = "
        "'software' AND a.parent <> '' AND a.merged_into IS NULL UNION ALL SELECT a.parent, a.uid, a.number, "
        "a.minted_from, 'part:' || i.value FROM assets a JOIN identifiers i ON i.uid = a.uid AND i.kind = 'path' WHERE "
        "a.kind = 'part' AND a.parent <> '' AND a.merged_into IS NULL AND NOT EXISTS (SELECT 1 FROM identifiers s WHERE "
        "s.uid = a.uid AND s.kind = 'strong') ORDER BY 3");
    while (query.step()) out.emplace(query.text(0), Child{{query.text(1), query.integer(2), query.text(3)}, query.text(4)});
    return out;
}

// The key of a program or part hangs on its parent's. When that goes by another name now, or two parents turned out to be one,
// it is still the one that was known beneath: the same program of the same maker, the part at the same path.
void Recorder::look_by_parent(std::vector<std::vector<Known>>& candidates) {
    const std::vector<Asset>& assets = run_.identified->assets;
    if (first_run_ || std::all_of(assets.begin(), assets.end(), [](const Asset& each) { return each.parent.empty(); })) return;
    const std::multimap<std::string, Child> below = children();
    if (below.empty()) return;
    std::map<std::string_view, std::size_t> at;
    for (std::size_t i = 0; i < assets.size(); ++i) at[assets[i].key] = i;
    for (std::size_t i = 0; i < assets.size(); ++i) {
        const auto parent = assets[i].parent.empty() ? at.end() : at.find(assets[i].parent);
        const std::string called = parent == at.end() ? std::string() : called_below(assets[i]);
        if (called.empty()) continue;
        const bool program = assets[i].kind == "software";
        std::vector<Known> found;
        for (const Known& above : candidates[parent->second]) {
            const auto [first, last] = below.equal_range(above.uid);
            for (auto child = first; child != last; ++child) {
                if (child->second.called == called) found.push_back(child->second.known);
            }
        }
        // Each device has a program once, so what two had is one now; parts of two may be two.
        if (!program && (found.size() != 1 || !candidates[i].empty())) continue;
        for (Known& each : found) {
            const bool twice = std::any_of(candidates[i].begin(), candidates[i].end(),
                                           [&](const Known& known) { return known.uid == each.uid; });
            if (!twice) candidates[i].push_back(std::move(each));
        }
        std::sort(candidates[i].begin(), candidates[i].end(),
                  [](const Known& a, const Known& b) { return a.number < b.number; });
    }
}

// The asset that this cluster was before it was taken for one with `known`: an alias of that one, first named by what names the
// cluster, or last known by its key or by any of its identifiers.
std::optional<Recorder::Known> Recorder::former_self(const Asset& asset, const Known& known) {
    const std::string key = "key:" + asset.key;
    const auto named = [&](const std::string& name) {
        return name == key || std::find(asset.strong.begin(), asset.strong.end(), name) != asset.strong.end();
    };
    Query aliases(
        database_,
        "SELECT uid, number, minted_from, derived_key, (SELECT iif(m.detail = '', NULL, m.detail -> '$.names') FROM events m "
        "WHERE m.subject_kind = 'asset' AND m.subject = assets.uid AND m.event = 'merged' ORDER BY m.seq DESC LIMIT 1) FROM "
        "assets WHERE merged_into = ? ORDER BY number");
    aliases.bind(known.uid);
    std::optional<Known> by_key;
    while (aliases.step()) {
        Known former{aliases.text(0), aliases.integer(1), aliases.text(2)};
        if (named(former.minted_from)) return former;
        if (by_key) continue;
        bool went_by = aliases.text(3) == asset.key;
        const Result<Json> names = aliases.null(4) ? Result<Json>(Json()) : parse_json(aliases.text(4), "events");
        for (const Json& each : names ? names.value().items() : JsonArray()) went_by = went_by || named(each.string());
        if (went_by) by_key = std::move(former);
    }
    return by_key;
}

// Which uid each cluster gets: the oldest that any of its strong identifiers is bound to. Where two clusters want the same
// one, a device was split: the cluster that holds what the uid was minted from keeps it.
void Recorder::find_assets() {
    const std::vector<Asset>& assets = run_.identified->assets;
    std::vector<std::vector<Known>> candidates;
    std::map<std::string, std::size_t> keeper;  // uid -> index of the cluster that keeps it
    candidates.reserve(assets.size());
    for (const Asset& asset : assets) candidates.push_back(bound_to(asset));
    take_back(candidates);
    look_by_parent(candidates);
    look_by_listing(candidates);
    for (std::size_t i = 0; i < assets.size(); ++i) {
        if (candidates[i].empty()) continue;
        const Known& oldest = candidates[i].front();
        const auto [at, fresh] = keeper.emplace(oldest.uid, i);
        const std::vector<std::string>& strong = assets[i].strong;
        if (!fresh && std::find(strong.begin(), strong.end(), oldest.minted_from) != strong.end()) at->second = i;
    }
    for (std::size_t i = 0; i < assets.size(); ++i) {
        const Asset& asset = assets[i];
        std::string& uid = uids_[asset.key];
        for (const Known& known : candidates[i]) {
            const auto held = keeper.find(known.uid);
            if (held != keeper.end() && held->second != i) continue;
            // A person said that they are two. Where the bytes do not tell them apart, the other one is not seen.
            if (!uid.empty() && people_keep_apart(known.uid, uid)) continue;
            keeper[known.uid] = i;
            if (uid.empty()) {
                uid = known.uid;
            } else {
                const Cause cause = told_of_.contains(known.uid) ? Cause::People : cause_of_identity(uid);
                merge_assets(database_, *chain_, known.uid, uid, because_of(cause));
                ++receipt_.assets_merged;
            }
        }
        if (!uid.empty()) continue;
        std::optional<Known> former;
        for (const Known& known : candidates[i]) {
            if (!former) former = former_self(asset, known);
        }
        const bool again = former && !keeper.contains(former->uid);
        uid = again ? former->uid : mint(asset);
        keeper[uid] = i;
        if (!candidates[i].empty()) {
            split_from_[uid] = candidates[i].front().uid;
        } else if (const Cause cause = cause_of_identity(uid); !first_run_ && cause != Cause::Network) {
            chain_->add("new", "asset", uid, because_of(cause));
        }
    }
    tell_splits(keeper);
    tell_two_at_address();
}

void Recorder::tell_splits(const std::map<std::string, std::size_t>& keeper) {
    const std::vector<Asset>& assets = run_.identified->assets;
    for (const auto& [uid, from] : split_from_) {
        const auto at = keeper.find(uid);
        if (at == keeper.end()) continue;
        // What describes only the one is not the other's any more.
        const Identifiers& own = assets[at->second].identifiers;
        const auto other = keeper.find(from);
        static const Identifiers nothing;
        const Identifiers& left = other == keeper.end() ? nothing : assets[other->second].identifiers;
        for (const auto& [kind, mine, theirs] :
             {std::tuple("mac", &own.mac, &left.mac), std::tuple("ip", &own.ip, &left.ip),
              std::tuple("hostname", &own.hostname, &left.hostname), std::tuple("path", &own.path, &left.path)}) {
            for (const std::string& value : *mine) {
                if (theirs->contains(value)) continue;
                Query(database_, "DELETE FROM identifiers WHERE uid = ? AND kind = ? AND value = ?")
                    .bind(from)
                    .bind(kind)
                    .bind(value)
                    .run();
            }
        }
        ++receipt_.assets_split;
        if (taken_back_.contains(uid)) continue;
        std::string alias_of;
        {
            Query merged(database_, "SELECT merged_into FROM assets WHERE uid = ?");
            merged.bind(uid);
            if (merged.step()) alias_of = merged.text(0);
        }
        Query(database_, "UPDATE assets SET merged_into = NULL WHERE uid = ?").bind(uid).run();
        Json detail = because_of(cause_of_identity(from));
        detail["from"] = from;
        chain_->add("split", "asset", uid, detail);
        if (!alias_of.empty()) give_back(database_, *chain_, uid, alias_of, {});
    }
}

bool Recorder::people_keep_apart(const std::string& a, const std::string& b) const {
    Query said(
        database_,
        "SELECT 1 FROM assertions WHERE kind = 'not_same' AND state = 'holds' AND ((a = ?1 AND b = ?2) OR (a = ?2 AND b = "
        "?1))");
    said.bind(a).bind(b);
    return said.step();
}

std::string Recorder::mint(const Asset& asset) {
    ++receipt_.assets_new;
    std::string uid = mint_asset(database_, asset.site, founding(asset), asset.key, asset.kind, asset.seen.first,
                                 asset.seen.last, receipt_.run);
    minted_.insert(uid);
    return uid;
}

RunReceipt Register::record(const ScanRun& run) {
    if (run.identified == nullptr || run.assessment == nullptr) throw std::logic_error("a run without assets or assessment");
    return Recorder(open_->database, run).record();
}

}  // namespace herkomst
