#include "register/faces.h"

#include <algorithm>
#include <map>

#include "core/endpoint.h"
#include "core/text.h"
#include "register/open.h"

namespace herkomst {

using sql::Query;

namespace {

std::vector<std::string> identifiers(sql::Database& database, const std::string& uid, const char* kind) {
    std::vector<std::string> out;
    Query query(database, "SELECT value FROM identifiers WHERE uid = ? AND kind = ? ORDER BY value");
    query.bind(uid).bind(kind);
    while (query.step()) out.push_back(query.text(0));
    return out;
}

void add_list(std::set<std::string>& names, const std::string& json) {
    const Result<Json> said = json.empty() ? Result<Json>(Json()) : parse_json(json, "register");
    for (const Json& each : said ? said.value().items() : JsonArray()) names.insert(each.string());
}

// What an assertion kept of that side of it; empty: nothing was said of it, or before names were kept.
std::set<std::string> kept_names(sql::Database& database, const std::string& uid) {
    std::set<std::string> out;
    Query query(
        database,
        "SELECT n.value FROM work s JOIN work n ON n.subject_kind = 'assertion' AND n.subject = s.subject AND n.field = "
        "s.field || '_names' WHERE s.subject_kind = 'assertion' AND s.field IN ('a', 'b') AND s.value = ? ORDER BY "
        "n.event DESC LIMIT 1");
    query.bind(uid);
    if (query.step()) add_list(out, query.text(0));
    return out;
}

// Whether that name is another asset's now: a card that moved to another device.
bool is_of_another(sql::Database& database, const std::string& name, const std::string& root) {
    Query query(database,
                "SELECT 1 FROM identifiers i JOIN assets a ON a.uid = ?2 AND a.site = i.site WHERE i.value = ?1 AND i.kind IN "
                "('strong', 'key') AND i.uid <> ?2");
    query.bind(name).bind(root);
    return query.step();
}

struct Alias {
    Face face;
    std::string into;
    bool by_program = false;
    std::string derived_key;
    std::set<std::string> said;  // what the merge kept of it
};

std::vector<Alias> aliases_of(sql::Database& database, const std::string& root) {
    std::vector<Alias> out;
    Query query(
        database,
        "SELECT a.uid, a.number, a.minted_from, a.derived_key, e.seq, iif(e.detail = '', NULL, e.detail ->> '$.into'), "
        "iif(e.detail = '', 0, e.detail ->> '$.by' IS NOT NULL OR coalesce(e.detail ->> '$.cause', '') = 'people'), "
        "iif(e.detail = '', NULL, e.detail -> '$.names') FROM assets a LEFT JOIN events e ON e.seq = (SELECT max(seq) "
        "FROM events m WHERE m.subject_kind = 'asset' AND m.subject = a.uid AND m.event = 'merged') WHERE a.merged_into "
        "= ? ORDER BY coalesce(e.seq, 0), a.number");
    query.bind(root);
    while (query.step()) {
        Alias each;
        each.face.uid = query.text(0);
        each.face.number = query.integer(1);
        each.face.minted_from = query.text(2);
        each.face.uids = {each.face.uid};
        each.derived_key = query.text(3);
        each.face.merged = query.integer(4);
        each.into = query.text(5);
        each.by_program = query.integer(6) == 0;
        add_list(each.said, query.text(7));
        out.push_back(std::move(each));
    }
    return out;
}

void join_groups(std::vector<Face>& faces, std::size_t a, std::size_t b) {
    const std::size_t from = std::max(faces[a].group, faces[b].group);
    const std::size_t to = std::min(faces[a].group, faces[b].group);
    for (Face& each : faces) each.group = each.group == from ? to : each.group;
}

// Of an assertion from before names were kept: the addresses of a side that had nothing better.
void add_places(sql::Database& database, const std::string& assertion, Face& a, Face& b) {
    Query places(database, "SELECT value FROM work WHERE subject_kind = 'assertion' AND subject = ? AND field = 'places'");
    places.bind(assertion);
    if (!places.step()) return;
    const auto weak = [](const Face& face) {
        return std::all_of(face.names.begin(), face.names.end(),
                           [](const std::string& each) { return each.starts_with("key:") || each.starts_with("ip:"); });
    };
    add_list(weak(b) || !weak(a) ? b.names : a.names, places.text(0));
}

}  // namespace

bool Faces::one() const {
    return std::all_of(faces.begin(), faces.end(), [&](const Face& each) { return each.group == faces.front().group; });
}

std::size_t Faces::face_of(std::string_view uid) const {
    const auto found =
        std::find_if(faces.begin(), faces.end(), [&](const Face& each) { return each.uids.contains(std::string(uid)); });
    return static_cast<std::size_t>(found - faces.begin());
}

std::vector<std::string> Faces::names_of(std::size_t group) const {
    std::set<std::string> out;
    for (const Face& each : faces) {
        if (each.group == group) out.insert(each.names.begin(), each.names.end());
    }
    return {out.begin(), out.end()};
}

std::vector<std::string> names_today(sql::Database& database, const std::string& uid) {
    std::vector<std::string> out = identifiers(database, uid, "strong");
    if (!out.empty()) return out;
    out = identifiers(database, uid, "key");
    for (const std::string& ip : identifiers(database, uid, "ip")) out.push_back("ip:" + ip);
    return out;
}

std::vector<std::string> names_of(sql::Database& database, const Faces& faces) {
    std::vector<std::string> out = names_today(database, faces.root);
    for (const Face& face : faces.faces) {
        for (const std::string& each : face.names) {
            if (each.starts_with("ip:") && std::find(out.begin(), out.end(), each) == out.end()) out.push_back(each);
        }
    }
    return out;
}

Faces faces_of(sql::Database& database, const std::string& root) {
    Faces out;
    out.root = root;
    Face own;
    own.uid = root;
    own.uids = {root};
    {
        Query query(database, "SELECT number, minted_from FROM assets WHERE uid = ?");
        query.bind(root);
        if (query.step()) {
            own.number = query.integer(0);
            own.minted_from = query.text(1);
        }
    }
    const std::vector<std::string> today = names_today(database, root);
    std::vector<Alias> aliases = aliases_of(database, root);
    if (aliases.empty()) {
        own.names = {today.begin(), today.end()};
        out.faces.push_back(std::move(own));
        return out;
    }
    own.names = kept_names(database, root);
    const bool root_is_kept = !own.names.empty();
    // What was merged earlier went by names that a later merge moved along: they are not the later one's.
    std::set<std::string> told = own.names;
    for (Alias& each : aliases) {
        each.face.names = kept_names(database, each.face.uid);
        told.insert(each.face.names.begin(), each.face.names.end());
    }
    for (Alias& each : aliases) {
        if (each.face.names.empty()) {
            for (const std::string& name : each.said) {
                if (told.insert(name).second) each.face.names.insert(name);
            }
            if (each.face.names.empty()) each.face.names.insert("key:" + each.derived_key);
        }
        each.face.names.insert(each.face.minted_from);
        told.insert(each.face.minted_from);
    }
    if (!root_is_kept) {
        for (const std::string& name : today) {
            if (!told.contains(name)) own.names.insert(name);
        }
    }
    own.names.insert(own.minted_from);
    out.faces.push_back(std::move(own));
    std::vector<const Alias*> by_program;
    std::sort(aliases.begin(), aliases.end(), [](const Alias& a, const Alias& b) { return a.face.number < b.face.number; });
    for (const Alias& each : aliases) {
        if (each.by_program) {
            by_program.push_back(&each);
        } else {
            out.faces.push_back(each.face);
        }
    }
    // What the program took for one goes with what it was taken for.
    for (bool any = true; any && !by_program.empty();) {
        any = false;
        for (auto at = by_program.begin(); at != by_program.end();) {
            const std::size_t into = out.face_of((*at)->into);
            if (into == out.faces.size()) {
                ++at;
                continue;
            }
            out.faces[into].uids.insert((*at)->face.uid);
            out.faces[into].names.insert((*at)->face.names.begin(), (*at)->face.names.end());
            at = by_program.erase(at);
            any = true;
        }
    }
    for (const Alias* each : by_program) {
        out.faces.front().uids.insert(each->face.uid);
        out.faces.front().names.insert(each->face.names.begin(), each->face.names.end());
    }
    for (std::size_t i = 0; i < out.faces.size(); ++i) out.faces[i].group = i;
    Query said(database, "SELECT assertion, a, b FROM assertions WHERE kind = 'same' AND state = 'holds' ORDER BY event");
    while (said.step()) {
        const std::size_t a = out.face_of(said.text(1));
        const std::size_t b = out.face_of(said.text(2));
        if (a == out.faces.size() || b == out.faces.size()) continue;
        join_groups(out.faces, a, b);
        add_places(database, said.text(0), out.faces[a], out.faces[b]);
    }
    for (Face& face : out.faces)
        std::erase_if(face.names, [&](const std::string& name) { return is_of_another(database, name, root); });
    return out;
}

void move_names(sql::Database& database, const std::string& from, const std::string& to, const std::set<std::string>& names) {
    std::set<std::string> macs;
    std::set<std::string> ips;
    for (const std::string& each : names) {
        Query(database, "UPDATE OR REPLACE identifiers SET uid = ? WHERE uid = ? AND kind IN ('strong', 'key') AND value = ?")
            .bind(to)
            .bind(from)
            .bind(each)
            .run();
        if (each.starts_with("mac:")) macs.insert(each.substr(4));
        if (each.starts_with("ip:")) ips.insert(each.substr(3));
    }
    // Which addresses are these interfaces', and nobody else's of it.
    std::multimap<std::string, std::string> holders;
    {
        Query held(database, "SELECT DISTINCT value, subject ->> '$.mac' FROM claims WHERE uid = ? AND field = 'address'");
        held.bind(from);
        while (held.step()) holders.emplace(held.text(0), held.text(1));
    }
    for (auto at = holders.begin(); at != holders.end();) {
        const auto [first, last] = holders.equal_range(at->first);
        if (ips.contains(at->first)) {
            for (auto each = first; each != last; ++each) macs.insert(each->second);
        } else if (std::all_of(first, last, [&](const auto& each) { return macs.contains(each.second); })) {
            ips.insert(at->first);
        }
        at = last;
    }
    std::set<std::string> hostnames;
    const auto move = [&](const char* claims, const char* kind, const std::set<std::string>& values) {
        for (const std::string& value : values) {
            {
                Query called(
                    database,
                    std::string("SELECT DISTINCT value FROM claims WHERE uid = ? AND field = 'hostname' AND ") + claims);
                called.bind(from).bind(value);
                while (called.step()) hostnames.insert(called.text(0));
            }
            Query(database,
                  std::string("UPDATE claims SET uid = ?3 WHERE uid = ?1 AND source NOT LIKE 'assertion:%' AND ") + claims)
                .bind(from)
                .bind(value)
                .bind(to)
                .run();
            Query(database, "UPDATE OR REPLACE identifiers SET uid = ? WHERE uid = ? AND kind = ? AND value = ?")
                .bind(to)
                .bind(from)
                .bind(kind)
                .bind(value)
                .run();
        }
    };
    move("subject ->> '$.mac' = ?2", "mac", macs);
    move("subject ->> '$.mac' IS NULL AND subject ->> '$.ip' = ?2", "ip", ips);
    for (const std::string& each : hostnames) {
        Query(database,
              "UPDATE OR REPLACE identifiers SET uid = ?1 WHERE uid = ?2 AND kind = 'hostname' AND value = ?3 AND NOT EXISTS "
              "(SELECT 1 FROM claims WHERE uid = ?2 AND field = 'hostname' AND value = ?3)")
            .bind(to)
            .bind(from)
            .bind(each)
            .run();
    }
    // Rather nothing than what only the other one said.
    Query(database,
          "DELETE FROM beliefs WHERE uid = ?1 AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.uid = ?1 AND c.field = "
          "beliefs.field AND (c.value = beliefs.value OR beliefs.value = ''))")
        .bind(from)
        .run();
}

void set_free(sql::Database& database, EventChain& chain, const Faces& faces, const Face& face, Json detail) {
    Query(database, "UPDATE assets SET merged_into = NULL WHERE uid = ?").bind(face.uid).run();
    for (const std::string& each : face.uids) {
        if (each != face.uid)
            Query(database, "UPDATE assets SET merged_into = ? WHERE uid = ?").bind(face.uid).bind(each).run();
        // "This is a ...", said of it.
        Query(database,
              "UPDATE claims SET uid = ?1 WHERE uid = ?2 AND source IN (SELECT 'assertion:' || assertion FROM assertions WHERE "
              "kind = 'is' AND a = ?3)")
            .bind(face.uid)
            .bind(faces.root)
            .bind(each)
            .run();
    }
    move_names(database, faces.root, face.uid, face.names);
    detail["from"] = faces.root;
    chain.add("split", "asset", face.uid, detail);
    give_back(database, chain, face.uid, faces.root, face.uids);
}

std::string face_meant(const Register& held, const std::string& uid, std::string_view told) {
    sql::Database& database = held.connection().database;
    const Faces faces = faces_of(database, uid);
    const std::string said(trimmed(told));
    if (faces.faces.size() == 1 || said.empty()) return uid;
    std::set<std::string> names{said};
    const auto mac = Mac::parse(said);
    const auto ip = IpAddress::parse(said);
    if (mac) names.insert("mac:" + mac->text());
    if (ip) names.insert("ip:" + ip->text());
    // Whose interface has that address, or called itself so.
    Query query(
        database,
        "SELECT DISTINCT subject ->> '$.mac' FROM claims WHERE uid = ?1 AND field = 'address' AND (value = ?2 OR value IN "
        "(SELECT subject ->> '$.ip' FROM claims WHERE uid = ?1 AND field = 'hostname' AND value = ?2)) UNION SELECT "
        "subject ->> '$.mac' FROM claims WHERE uid = ?1 AND field = 'hostname' AND value = ?2");
    query.bind(uid).bind(ip ? ip->text() : said);
    while (query.step()) names.insert("mac:" + query.text(0));
    std::set<std::string> meant;
    for (const Face& face : faces.faces) {
        const bool by_uid = std::any_of(face.uids.begin(), face.uids.end(), [&](const std::string& each) {
            return each == said || (said.size() >= 4 && each.starts_with(said) && !uid.starts_with(said));
        });
        const bool named =
            std::any_of(names.begin(), names.end(), [&](const std::string& each) { return face.names.contains(each); });
        if (by_uid || named) meant.insert(face.uid);
    }
    return meant.size() == 1 ? *meant.begin() : uid;
}

}  // namespace herkomst
