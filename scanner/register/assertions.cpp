// What people said of who is who, and what is what: into the register, and out of it to where devices are named.
#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "register/acts.h"
#include "register/open.h"
#include "register/tables.h"
#include "vendordb/vendordb.h"

namespace herkomst {

using sql::Query;

namespace {

struct Row {
    std::string uid;  // what it goes by today
    std::string site;
    std::string kind;
    std::string key;
    std::int64_t number = 0;
};

std::optional<Row> asset_row(sql::Database& database, std::string_view uid) {
    Query query(
        database,
        "SELECT b.uid, b.site, b.kind, b.derived_key, b.number FROM assets a JOIN assets b ON b.uid = coalesce(a.merged_into, "
        "a.uid) WHERE a.uid = ?");
    query.bind(uid);
    if (!query.step()) return std::nullopt;
    return Row{query.text(0), query.text(1), query.text(2), query.text(3), query.integer(4)};
}

std::vector<std::string> identifiers(sql::Database& database, const std::string& uid, const char* kind) {
    std::vector<std::string> out;
    Query query(database, "SELECT value FROM identifiers WHERE uid = ? AND kind = ? ORDER BY value");
    query.bind(uid).bind(kind);
    while (query.step()) out.push_back(query.text(0));
    return out;
}

// What names an asset today; of one without anything strong its keys and addresses.
std::vector<std::string> names_of(sql::Database& database, const std::string& uid) {
    std::vector<std::string> out = identifiers(database, uid, "strong");
    if (!out.empty()) return out;
    out = identifiers(database, uid, "key");
    for (const std::string& ip : identifiers(database, uid, "ip")) out.push_back("ip:" + ip);
    return out;
}

// The assertion of that kind about these that holds; empty: none.
std::string standing_assertion(sql::Database& database, std::string_view kind, const std::string& a, std::string_view field) {
    Query query(
        database,
        "SELECT k.subject FROM work k JOIN work a ON a.subject_kind = 'assertion' AND a.subject = k.subject AND a.field = 'a' "
        "LEFT JOIN work f ON f.subject_kind = 'assertion' AND f.subject = k.subject AND f.field = 'field' "
        "JOIN work s ON s.subject_kind = 'assertion' AND s.subject = k.subject AND s.field = 'state' "
        "WHERE k.subject_kind = 'assertion' AND k.field = 'kind' AND k.value = ? AND a.value = ? AND coalesce(f.value, '') = ? "
        "AND s.value = 'holds' ORDER BY k.event DESC LIMIT 1");
    query.bind(kind).bind(a).bind(field);
    return query.step() ? query.text(0) : std::string();
}

std::string put_assertion(sql::Database& database, EventChain& chain, const Act& act, Json set) {
    const std::string id = fmt::format("A-{}", database.number("SELECT coalesce(max(seq), 0) + 1 FROM events"));
    set["state"] = "holds";
    put_act(database, chain, "asserted", "assertion", id, by(act), set);
    return id;
}

std::int64_t end_assertion(sql::Database& database, EventChain& chain, const std::string& id, const Json& detail) {
    return put_act(database, chain, "withdrawn", "assertion", id, detail, JsonObject{{"state", Json("withdrawn")}});
}

// What is shown of the asset changes at once: the claim of a person is stronger than all others.
void show(sql::Database& database, const Row& asset, Field field, const std::string& value, const VendorDb* vendors,
          const std::string& id, const Act& act) {
    Query(database, "DELETE FROM claims WHERE uid = ? AND field = ? AND source LIKE 'assertion:%'")
        .bind(asset.uid)
        .bind(name(field))
        .run();
    Json dissent = Json::array();
    {
        Query held(database, "SELECT value, strength, dissent FROM beliefs WHERE uid = ? AND field = ?");
        held.bind(asset.uid).bind(name(field));
        if (held.step()) {
            const Result<Json> others = parse_json(held.text(2), "beliefs");
            if (held.text(1) != name(Strength::Confirmed) && !held.text(0).empty() && held.text(0) != value)
                dissent.push(held.text(0));
            if (others) {
                for (const Json& each : others.value().items()) {
                    if (each.string() != value) dissent.push(each);
                }
            }
        }
    }
    if (value.empty()) {
        // The next run says again what it is by everybody else's word.
        Query(database, "DELETE FROM beliefs WHERE uid = ? AND field = ? AND strength = ?")
            .bind(asset.uid)
            .bind(name(field))
            .bind(name(Strength::Confirmed))
            .run();
        return;
    }
    const Vendor* vendor = vendors == nullptr ? nullptr : vendors->named(value);
    Query(database, "INSERT INTO claims VALUES (?, ?, ?, ?, ?, 'person', '', ?, 0, 0, 0, ?, ?, 1, '{}')")
        .bind(asset.uid)
        .bind(name(field))
        .bind(value)
        .bind(vendor == nullptr ? std::string() : vendor->slug)
        .bind(name(Strength::Confirmed))
        .bind("assertion:" + id)
        .bind(rfc3339(act.now))
        .bind(rfc3339(act.now))
        .run();
    Query(database, "INSERT OR REPLACE INTO beliefs VALUES (?, ?, ?, ?, ?, ?, '[\"person\"]', ?, 0, ?)")
        .bind(asset.uid)
        .bind(name(field))
        .bind(value)
        .bind(vendor == nullptr ? std::string() : vendor->slug)
        .bind(vendor == nullptr ? std::string() : vendor->name)
        .bind(name(Strength::Confirmed))
        .bind(write_json(dissent))
        .bind(last_run(database))
        .run();
}

// An asset that was taken for one with this one, and goes by what is to be told apart, or by what is left. `names`: what each
// of the two was first named by, or went by when they became one.
struct Alias {
    std::string uid;
    bool by_the_rest = false;  // what is told apart is what this one had before
};
std::optional<Alias> alias_named(sql::Database& database, const Row& asset, const std::vector<std::string>& strong,
                                 const std::set<std::string>& taken) {
    std::string own;
    {
        Query minted(database, "SELECT minted_from FROM assets WHERE uid = ?");
        minted.bind(asset.uid);
        if (minted.step()) own = minted.text(0);
    }
    Query aliases(
        database,
        "SELECT uid, minted_from, (SELECT iif(m.detail = '', NULL, m.detail -> '$.names') FROM events m WHERE "
        "m.subject_kind = 'asset' AND m.subject = assets.uid AND m.event = 'merged' ORDER BY m.seq DESC LIMIT 1) FROM "
        "assets WHERE merged_into = ? ORDER BY number");
    aliases.bind(asset.uid);
    while (aliases.step()) {
        std::set<std::string> names{aliases.text(1)};
        const Result<Json> said = aliases.null(2) ? Result<Json>(Json()) : parse_json(aliases.text(2), "events");
        for (const Json& each : said ? said.value().items() : JsonArray()) names.insert(each.string());
        const bool in_taken =
            std::any_of(taken.begin(), taken.end(), [&](const std::string& one) { return names.contains(one); });
        const bool in_rest = std::any_of(strong.begin(), strong.end(),
                                         [&](const std::string& one) { return !taken.contains(one) && names.contains(one); });
        if (in_taken == in_rest) continue;
        if (in_taken && !taken.contains(own)) return Alias{aliases.text(0), false};
        if (in_rest && taken.contains(own)) return Alias{aliases.text(0), true};
    }
    return std::nullopt;
}

bool plain_word(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

}  // namespace

Result<std::string> assert_is(Register& held, const std::string& uid, Field field, const std::string& value,
                              const VendorDb* vendors, const Act& act) {
    sql::Database& database = held.connection().database;
    sql::Transaction transaction(database);
    const std::optional<Row> asset = asset_row(database, uid);
    if (!asset) return Problem{uid, "there is no such asset"};
    Problems problems;
    check_actor(database, act, uid, problems, true);
    if (!plain_word(value) || value.size() > 400)
        problems.push_back({uid, fmt::format("{}: holds a control character, or is longer than 400 bytes", name(field))});
    if (field == Field::address) problems.push_back({uid, "an address is heard, not said"});
    const std::string former = standing_assertion(database, "is", asset->uid, name(field));
    if (value.empty() && former.empty())
        problems.push_back({uid, fmt::format("{}: nobody said anything that could be taken back", name(field))});
    if (!problems.empty()) return problems;
    EventChain chain(database, last_run(database), act.now);
    if (!former.empty()) end_assertion(database, chain, former, by(act));
    std::string id = former;
    if (!value.empty()) {
        Json set = Json::object();
        set["kind"] = "is";
        set["a"] = asset->uid;
        set["field"] = name(field);
        set["value"] = value;
        id = put_assertion(database, chain, act, std::move(set));
    }
    show(database, *asset, field, value, vendors, id, act);
    seal_tables(database, chain);
    transaction.commit();
    return id;
}

Result<std::string> assert_same(Register& held, const std::string& a, const std::string& b, const Act& act) {
    sql::Database& database = held.connection().database;
    sql::Transaction transaction(database);
    const std::optional<Row> one = asset_row(database, a);
    const std::optional<Row> other = asset_row(database, b);
    Problems problems;
    check_actor(database, act, a, problems, true);
    if (!one) problems.push_back({a, "there is no such asset"});
    if (!other) problems.push_back({b, "there is no such asset"});
    if (one && other) {
        if (one->uid == other->uid) problems.push_back({b, "is the same asset already"});
        if (one->site != other->site) problems.push_back({b, "is at another site"});
        if (one->kind != other->kind) problems.push_back({b, fmt::format("is a {}, not a {}", other->kind, one->kind)});
        if (one->kind == "part" || one->kind == "software")
            problems.push_back({a, fmt::format("is a {}: it goes with its device", one->kind)});
    }
    if (!problems.empty()) return problems;
    const Row& older = one->number < other->number ? *one : *other;
    const Row& younger = one->number < other->number ? *other : *one;
    EventChain chain(database, last_run(database), act.now);
    // Who told them apart before was overruled.
    for (const auto& [x, y] : {std::pair(&older, &younger), std::pair(&younger, &older)}) {
        Query query(
            database,
            "SELECT a.subject FROM work a JOIN work b ON b.subject_kind = 'assertion' AND b.subject = a.subject AND b.field = "
            "'b' "
            "JOIN work k ON k.subject_kind = 'assertion' AND k.subject = a.subject AND k.field = 'kind' AND k.value = "
            "'not_same' "
            "JOIN work s ON s.subject_kind = 'assertion' AND s.subject = a.subject AND s.field = 'state' AND s.value = 'holds' "
            "WHERE a.subject_kind = 'assertion' AND a.field = 'a' AND a.value = ? AND b.value = ?");
        query.bind(x->uid).bind(y->uid);
        std::vector<std::string> overruled;
        while (query.step()) overruled.push_back(query.text(0));
        for (const std::string& each : overruled) end_assertion(database, chain, each, by(act));
    }
    // What names each of the two now is what will have to be taken for one in every run; of one that has nothing strong that is
    // where it is.
    Json set = Json::object();
    Json places = Json::array();
    for (const Row* each : {&older, &younger}) {
        for (const std::string& name : names_of(database, each->uid)) {
            if (name.starts_with("ip:")) places.push(name);
        }
    }
    if (!places.items().empty()) set["places"] = write_json(places);
    set["kind"] = "same";
    set["a"] = older.uid;
    set["b"] = younger.uid;
    const std::string id = put_assertion(database, chain, act, std::move(set));
    merge_assets(database, chain, younger.uid, older.uid, by(act));
    seal_tables(database, chain);
    transaction.commit();
    return id;
}

Result<std::string> assert_apart(Register& held, const std::string& uid, const std::vector<std::string>& said, const Act& act) {
    sql::Database& database = held.connection().database;
    sql::Transaction transaction(database);
    const std::optional<Row> asset = asset_row(database, uid);
    if (!asset) return Problem{uid, "there is no such asset"};
    Problems problems;
    check_actor(database, act, uid, problems, true);
    const std::vector<std::string> strong = identifiers(database, asset->uid, "strong");
    const std::set<std::string> taken(said.begin(), said.end());
    for (const std::string& each : taken) {
        if (std::find(strong.begin(), strong.end(), each) != strong.end()) continue;
        std::string all;
        for (const std::string& one : strong) all += (all.empty() ? "" : ", ") + one;
        problems.push_back(
            {uid, fmt::format("does not go by \"{}\"; it goes by {}", each, all.empty() ? "nothing strong" : all)});
    }
    if (taken.empty()) problems.push_back({uid, "which identifiers go to the other one is not said"});
    if (problems.empty() && taken.size() >= strong.size())
        problems.push_back({uid, "has no other identifier that would be left to it"});
    if (!problems.empty()) return problems;
    EventChain chain(database, last_run(database), act.now);
    const std::int64_t run = last_run(database);
    Query about(database, "SELECT first_seen, last_seen, label FROM assets WHERE uid = ?");
    about.bind(asset->uid);
    about.step();
    const Time first = parse_rfc3339(about.text(0)).value_or(Time{});
    const Time last = parse_rfc3339(about.text(1)).value_or(Time{});
    // Two that had been taken for one are two again, each by the uid that it had.
    const std::optional<Alias> alias = alias_named(database, *asset, strong, taken);
    const std::string fresh =
        alias ? alias->uid : mint_asset(database, asset->site, *taken.begin(), "", asset->kind, first, last, run);
    std::set<std::string> go = taken;
    if (alias && alias->by_the_rest) {
        go.clear();
        for (const std::string& each : strong) {
            if (!taken.contains(each)) go.insert(each);
        }
    }
    if (alias) Query(database, "UPDATE assets SET merged_into = NULL WHERE uid = ?").bind(fresh).run();
    for (const std::string& each : go) {
        bind_identifier(database, fresh, asset->site, "strong", each, run);
        if (!each.starts_with("mac:")) continue;
        // What was said from that address goes with it.
        const std::string mac = each.substr(4);
        Query(database, "UPDATE claims SET uid = ? WHERE uid = ? AND subject ->> '$.mac' = ?")
            .bind(fresh)
            .bind(asset->uid)
            .bind(mac)
            .run();
        Query(database, "UPDATE OR IGNORE identifiers SET uid = ? WHERE uid = ? AND kind = 'mac' AND value = ?")
            .bind(fresh)
            .bind(asset->uid)
            .bind(mac)
            .run();
    }
    if (!alias) Query(database, "UPDATE assets SET label = ? WHERE uid = ?").bind(*go.begin()).bind(fresh).run();
    Json detail = by(act);
    detail["from"] = asset->uid;
    chain.add("split", "asset", fresh, detail);
    if (alias) give_back(database, chain, fresh, asset->uid);
    // Who took them for one before was overruled.
    std::string former = standing_assertion(database, "same", asset->uid, "");
    if (alias) {
        Query joined(database,
                     "SELECT assertion FROM assertions WHERE kind = 'same' AND state = 'holds' AND (a = ?1 OR b = ?1) ORDER BY "
                     "event DESC LIMIT 1");
        joined.bind(fresh);
        former = joined.step() ? joined.text(0) : std::string();
    }
    if (!former.empty()) end_assertion(database, chain, former, by(act));
    Json set = Json::object();
    set["kind"] = "not_same";
    set["a"] = asset->uid;
    set["b"] = fresh;
    put_assertion(database, chain, act, std::move(set));
    seal_tables(database, chain);
    transaction.commit();
    return alias && alias->by_the_rest ? asset->uid : fresh;
}

Result<std::int64_t> withdraw(Register& held, const std::string& assertion, const Act& act) {
    sql::Database& database = held.connection().database;
    sql::Transaction transaction(database);
    Problems problems;
    check_actor(database, act, assertion, problems, true);
    Query state(database, "SELECT value FROM work WHERE subject_kind = 'assertion' AND subject = ? AND field = 'state'");
    state.bind(assertion);
    if (!state.step()) {
        problems.push_back({assertion, "there is no such assertion"});
    } else if (state.text(0) != "holds") {
        problems.push_back({assertion, "was taken back already"});
    }
    if (!problems.empty()) return problems;
    EventChain chain(database, last_run(database), act.now);
    const std::int64_t seq = end_assertion(database, chain, assertion, by(act));
    transaction.commit();
    return seq;
}

std::vector<Assertion> assertions_of(const Register& held) {
    sql::Database& database = held.connection().database;
    std::vector<Assertion> out;
    Query rows(database,
               "SELECT assertion, kind, a, b, field, value, event FROM assertions WHERE state = 'holds' ORDER BY event");
    while (rows.step()) {
        Assertion each;
        each.id = rows.text(0);
        const std::string kind = rows.text(1);
        each.kind = kind == "same"       ? Assertion::Kind::Same
                    : kind == "not_same" ? Assertion::Kind::NotSame
                                         : Assertion::Kind::Is;
        const std::optional<Row> a = asset_row(database, rows.text(2));
        if (!a) continue;
        each.site = a->site;
        each.uid_a = a->uid;
        each.a = names_of(database, a->uid);
        if (each.kind == Assertion::Kind::Same) {
            Query places(database,
                         "SELECT value FROM work WHERE subject_kind = 'assertion' AND subject = ? AND field = 'places'");
            places.bind(each.id);
            const Result<Json> said = places.step() ? parse_json(places.text(0), "work") : Result<Json>(Json());
            for (const Json& one : said ? said.value().items() : JsonArray()) {
                if (std::find(each.a.begin(), each.a.end(), one.string()) == each.a.end()) each.a.push_back(one.string());
            }
        }
        if (each.kind == Assertion::Kind::NotSame) {
            const std::optional<Row> b = asset_row(database, rows.text(3));
            // Somebody else's word, or a later one, has made them one.
            if (!b || b->uid == a->uid) continue;
            each.uid_b = b->uid;
            each.b = names_of(database, b->uid);
        }
        if (each.kind == Assertion::Kind::Is) {
            const auto field = field_named(rows.text(4));
            if (!field) continue;
            each.field = *field;
            each.value = rows.text(5);
            // Two that became one may each have been told what they are: the later word counts.
            std::erase_if(out, [&](const Assertion& other) {
                return other.kind == Assertion::Kind::Is && other.uid_a == each.uid_a && other.field == each.field;
            });
        }
        Query at(database, "SELECT at FROM events WHERE seq = ?");
        at.bind(rows.integer(6));
        if (at.step()) each.at = parse_rfc3339(at.text(0)).value_or(Time{});
        out.push_back(std::move(each));
    }
    return out;
}

}  // namespace herkomst
