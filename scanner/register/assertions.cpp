// What people said of who is who, and what is what: into the register, and out of it to where devices are named.
#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "register/faces.h"
#include "register/open.h"
#include "register/said.h"
#include "register/tables.h"
#include "register/unlike.h"
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

// Of an asset that people took for one with others: of whom this is said. `uid`: what it was called; an alias means whoever
// went by that.
Face face_said(sql::Database& database, const std::string& root, const std::string& uid) {
    Faces faces = faces_of(database, root);
    const std::size_t at = faces.face_of(uid);
    return std::move(faces.faces[at == faces.faces.size() ? 0 : at]);
}

std::string list_of(const std::set<std::string>& names) {
    Json list = Json::array();
    for (const std::string& each : names) list.push(each);
    return write_json(list);
}

// What was said of that field of it and holds; empty: nothing. `face`: first of it alone, and only if `anybody`, of all that it
// is one with.
std::string standing_is(sql::Database& database, const std::string& root, const Face& face, std::string_view field,
                        bool anybody) {
    Query query(
        database,
        "SELECT w.assertion, w.a FROM assertions w JOIN assets s ON s.uid = w.a WHERE w.kind = 'is' AND w.state = 'holds' "
        "AND coalesce(w.field, '') = ? AND coalesce(s.merged_into, s.uid) = ? ORDER BY w.event DESC");
    query.bind(field).bind(root);
    std::string other;
    while (query.step()) {
        if (face.uids.contains(query.text(1))) return query.text(0);
        if (other.empty()) other = query.text(0);
    }
    return anybody ? other : std::string();
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

// What was said to be one though a part of it is not: `taken` of what goes by that, `mixed` of what goes by that and by other
// names. By whom it is overruled.
void end_what_is_overruled(sql::Database& database, EventChain& chain, const Faces& faces, const std::set<std::string>& taken,
                           const Json& detail) {
    std::vector<std::string> overruled;
    {
        Query said(database, "SELECT assertion, a, b FROM assertions WHERE kind = 'same' AND state = 'holds' ORDER BY event");
        while (said.step()) {
            const std::size_t a = faces.face_of(said.text(1));
            const std::size_t b = faces.face_of(said.text(2));
            if (a == faces.faces.size() || b == faces.faces.size()) continue;
            if (taken.contains(faces.faces[a].uid) != taken.contains(faces.faces[b].uid)) overruled.push_back(said.text(0));
        }
    }
    for (const std::string& each : overruled) end_assertion(database, chain, each, detail);
}

// Who tells something apart says that the rest is one as before, and so is what he told apart: also where what held it together
// was a word about the other.
void say_what_is_left(sql::Database& database, EventChain& chain, const std::string& root, const std::set<std::string>& mixed,
                      const Act& act) {
    const Faces faces = faces_of(database, root);
    const Face* first = nullptr;
    std::set<std::size_t> told;
    for (const Face& each : faces.faces) {
        if (mixed.contains(each.uid) || !told.insert(each.group).second) continue;
        if (first == nullptr) {
            first = &each;
            continue;
        }
        Json set = Json::object();
        set["kind"] = "same";
        set["a"] = first->uid;
        set["b"] = each.uid;
        set["a_names"] = list_of(first->names);
        set["b_names"] = list_of(each.names);
        put_assertion(database, chain, act, std::move(set));
    }
}

bool binds_strongly(const std::string& name) { return !name.starts_with("ip:") && !name.starts_with("key:"); }

}  // namespace

Result<std::string> assert_is(Register& held, const std::string& uid, Field field, const std::string& value,
                              const VendorDb* vendors, const Act& act) {
    sql::Database& database = held.connection().database;
    sql::Transaction transaction(database);
    const std::optional<Row> asset = asset_row(database, uid);
    if (!asset) return Problem{uid, "there is no such asset"};
    Problems problems;
    check_actor(database, act, uid, problems, true);
    if (const std::string no = refused_word(field, value); !no.empty()) problems.push_back({uid, no});
    const Face face = face_said(database, asset->uid, uid);
    const std::string former = standing_is(database, asset->uid, face, name(field), value.empty());
    if (value.empty() && former.empty())
        problems.push_back({uid, fmt::format("{}: nobody said anything that could be taken back", name(field))});
    if (!problems.empty()) return problems;
    EventChain chain(database, last_run(database), act.now);
    tell_unlike(database, chain);
    if (!former.empty()) end_assertion(database, chain, former, by(act));
    std::string id = former;
    if (!value.empty()) {
        Json set = Json::object();
        set["kind"] = "is";
        set["a"] = face.uid;
        set["a_names"] = list_of(face.names);
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
    tell_unlike(database, chain);
    // Who told them apart before was overruled.
    {
        std::vector<std::string> overruled;
        {
            Query query(
                database,
                "SELECT n.assertion FROM assertions n JOIN assets x ON x.uid = n.a JOIN assets y ON y.uid = n.b WHERE n.kind "
                "= 'not_same' AND n.state = 'holds' AND (coalesce(x.merged_into, x.uid), coalesce(y.merged_into, y.uid)) "
                "IN (VALUES (?1, ?2), (?2, ?1)) ORDER BY n.event");
            query.bind(older.uid).bind(younger.uid);
            while (query.step()) overruled.push_back(query.text(0));
        }
        for (const std::string& each : overruled) end_assertion(database, chain, each, by(act));
    }
    // What names each of the two now is what will have to be taken for one in every run; of one that has nothing strong that is
    // where it is. Of one that was taken for one with others it is who was meant: what is said here holds without what was said
    // there.
    const Face face_a = face_said(database, older.uid, one->number < other->number ? a : b);
    const Face face_b = face_said(database, younger.uid, one->number < other->number ? b : a);
    Json set = Json::object();
    set["kind"] = "same";
    set["a"] = face_a.uid;
    set["b"] = face_b.uid;
    set["a_names"] = list_of(face_a.names);
    set["b_names"] = list_of(face_b.names);
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
    std::vector<std::string> strong = names_today(database, asset->uid);
    std::erase_if(strong, [](const std::string& each) { return !binds_strongly(each); });
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
    tell_unlike(database, chain);
    const std::int64_t run = last_run(database);
    Query about(database, "SELECT first_seen, last_seen, label FROM assets WHERE uid = ?");
    about.bind(asset->uid);
    about.step();
    const Time first = parse_rfc3339(about.text(0)).value_or(Time{});
    const Time last = parse_rfc3339(about.text(1)).value_or(Time{});
    // What had been taken for one is two again, each by the uid that it had.
    const Faces faces = faces_of(database, asset->uid);
    // What a face goes by is one device's: who takes what tells it from others takes all of it.
    std::set<std::string> theirs;        // uids of what goes to the other one
    std::set<std::string> mixed;         // ... and of what a part of goes there
    std::set<std::string> names_theirs;  // what the former go by
    for (const Face& each : faces.faces) {
        std::vector<std::string> own;
        std::copy_if(strong.begin(), strong.end(), std::back_inserter(own),
                     [&](const std::string& name) { return each.names.contains(name); });
        const auto is_taken = [&](const std::string& name) { return taken.contains(name); };
        if (std::none_of(own.begin(), own.end(), is_taken)) continue;
        const std::vector<std::string> tell = telling(own);
        const bool whole = std::all_of(tell.begin(), tell.end(), is_taken);
        (whole ? theirs : mixed).insert(each.uid);
        if (whole) names_theirs.insert(own.begin(), own.end());
    }
    // The uid stays with what it was first named by.
    const bool by_the_rest = theirs.contains(asset->uid) || taken.contains(faces.faces.front().minted_from);
    std::set<std::string> go = taken;
    if (by_the_rest) {
        go.clear();
        for (const std::string& each : strong) {
            if (!taken.contains(each) && !names_theirs.contains(each)) go.insert(each);
        }
    }
    std::vector<const Face*> leaving;
    for (const Face& each : faces.faces) {
        const bool goes = by_the_rest ? !theirs.contains(each.uid) && !mixed.contains(each.uid) : theirs.contains(each.uid);
        if (goes && each.uid != asset->uid) leaving.push_back(&each);
    }
    std::string fresh;
    if (leaving.empty()) {
        go = taken;
        fresh = mint_asset(database, asset->site, *go.begin(), "", asset->kind, first, last, run);
        move_names(database, asset->uid, fresh, go);
        Query(database, "UPDATE assets SET label = ? WHERE uid = ?").bind(*go.begin()).bind(fresh).run();
        Json detail = by(act);
        detail["from"] = asset->uid;
        chain.add("split", "asset", fresh, detail);
    } else {
        fresh = leaving.front()->uid;
        std::sort(leaving.begin(), leaving.end(), [](const Face* x, const Face* y) { return x->merged < y->merged; });
        for (const Face* each : leaving) set_free(database, chain, faces, *each, by(act));
        for (const Face* each : leaving) {
            if (each->uid != fresh) merge_assets(database, chain, each->uid, fresh, by(act));
        }
        move_names(database, asset->uid, fresh, go);
    }
    // Who took them for one before was overruled.
    std::set<std::string> told = theirs;
    told.insert(mixed.begin(), mixed.end());
    end_what_is_overruled(database, chain, faces, told, by(act));
    say_what_is_left(database, chain, asset->uid, mixed, act);
    say_what_is_left(database, chain, fresh, mixed, act);
    Json set = Json::object();
    set["kind"] = "not_same";
    set["a"] = asset->uid;
    set["b"] = fresh;
    put_assertion(database, chain, act, std::move(set));
    seal_tables(database, chain);
    transaction.commit();
    return by_the_rest && !leaving.empty() ? asset->uid : fresh;
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
    std::map<std::string, Faces> known;  // by the uid of today
    std::vector<std::size_t> group;      // of each in `out`, within its asset
    Query rows(database,
               "SELECT assertion, kind, a, b, field, value, event FROM assertions WHERE state = 'holds' ORDER BY event");
    const auto faces_at = [&](const std::string& root) -> const Faces& {
        const auto at = known.find(root);
        return at != known.end() ? at->second : known.emplace(root, faces_of(database, root)).first->second;
    };
    // Of one of which everything holds together, what names it today; else what named those that still hold together.
    const auto names = [&](const Faces& faces, const std::string& uid, std::size_t& whose) {
        const std::size_t face = faces.face_of(uid);
        whose = faces.faces[face == faces.faces.size() ? 0 : face].group;
        return faces.one() ? names_of(database, faces) : faces.names_of(whose);
    };
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
        std::size_t whose = 0;
        each.a = names(faces_at(a->uid), rows.text(2), whose);
        if (each.kind != Assertion::Kind::Is) {
            const std::optional<Row> b = asset_row(database, rows.text(3));
            const bool one = b && b->uid == a->uid;
            // Somebody else's word, or a later one, has made them one.
            if (each.kind == Assertion::Kind::NotSame && (!b || one)) continue;
            if (b && !one) {
                std::size_t others = 0;
                std::vector<std::string> more = names(faces_at(b->uid), rows.text(3), others);
                if (each.kind == Assertion::Kind::NotSame) {
                    each.uid_b = b->uid;
                    each.b = std::move(more);
                } else {
                    each.a.insert(each.a.end(), more.begin(), more.end());
                }
            }
        }
        if (each.kind == Assertion::Kind::Is) {
            const auto field = field_named(rows.text(4));
            if (!field) continue;
            each.field = *field;
            each.value = rows.text(5);
            // Two that became one may each have been told what they are: the later word counts.
            for (std::size_t i = 0; i < out.size(); ++i) {
                if (out[i].kind != Assertion::Kind::Is || out[i].uid_a != each.uid_a || out[i].field != each.field ||
                    group[i] != whose)
                    continue;
                out.erase(out.begin() + static_cast<std::ptrdiff_t>(i));
                group.erase(group.begin() + static_cast<std::ptrdiff_t>(i));
                break;
            }
        }
        Query at(database, "SELECT at FROM events WHERE seq = ?");
        at.bind(rows.integer(6));
        if (at.step()) each.at = parse_rfc3339(at.text(0)).value_or(Time{});
        out.push_back(std::move(each));
        group.push_back(whose);
    }
    return out;
}

}  // namespace herkomst
