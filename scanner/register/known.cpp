#include "register/known.h"

#include "core/clock.h"
#include "register/open.h"
#include "register/recorder.h"

namespace herkomst {

using sql::Query;

namespace {

struct Oldest {
    std::string uid;
    std::int64_t number = 0;
};

void look(Query& query, const std::string& identifier, const std::string& site, Oldest& best) {
    query.reset();
    query.bind(identifier).bind(site);
    while (query.step()) {
        if (!best.uid.empty() && best.number <= query.integer(1)) continue;
        best = {query.text(0), query.integer(1)};
    }
}

std::string work_at(Query& query, const std::string& uid, std::string_view field) {
    query.reset();
    query.bind(uid).bind(field);
    return query.step() ? query.text(0) : std::string();
}

}  // namespace

std::map<std::string, KnownAsset, std::less<>> known_assets(const Register& held, const Identified& identified) {
    std::map<std::string, KnownAsset, std::less<>> out;
    sql::Database& database = held.connection().database;
    Query bound(database,
                "SELECT coalesce(a.merged_into, a.uid), a.number FROM identifiers i JOIN assets a ON a.uid = i.uid "
                "WHERE i.value = ?1 AND i.site = ?2 AND i.kind IN ('strong', 'key')");
    Query work(database, "SELECT value FROM work WHERE subject_kind = 'asset' AND subject = ?1 AND field = ?2");
    for (const Asset& asset : identified.assets) {
        Oldest best;
        for (const std::string& identifier : asset.strong) {
            if (binds(identifier)) look(bound, identifier, asset.site, best);
        }
        if (best.uid.empty()) look(bound, "key:" + asset.key, asset.site, best);
        if (best.uid.empty()) continue;
        out[asset.key] = {best.uid, work_at(work, best.uid, "zone"), work_at(work, best.uid, "process")};
    }
    return out;
}

std::map<std::string, std::string, std::less<>> ways_out_seen(const Register& held) {
    std::map<std::string, std::string, std::less<>> out;
    Query rows(held.connection().database,
               "SELECT coalesce(merged_into, uid), facts ->> '$.outside_seen' FROM assets WHERE facts ->> '$.outside_seen' IS "
               "NOT NULL");
    while (rows.step()) {
        std::string& last = out[rows.text(0)];
        const auto before = parse_rfc3339(last);
        const auto here = parse_rfc3339(rows.text(1));
        if (here && (!before || *before < *here)) last = rows.text(1);
    }
    return out;
}

std::optional<Time> last_said(const Register& held, std::string_view uid, Field field, std::string_view value) {
    std::optional<Time> out;
    Query rows(held.connection().database, "SELECT last_seen FROM claims WHERE uid = ? AND field = ? AND value = ?");
    rows.bind(uid).bind(name(field)).bind(value);
    while (rows.step()) {
        const auto said = parse_rfc3339(rows.text(0));
        if (said && (!out || *out < *said)) out = said;
    }
    return out;
}

std::map<std::string, std::vector<RecordedMeasure>, std::less<>> recorded_measures(const Register& held) {
    std::map<std::string, std::vector<RecordedMeasure>, std::less<>> out;
    Query rows(held.connection().database,
               "SELECT f.value, coalesce(k.value, ''), coalesce(s.value, '') FROM work f LEFT JOIN work k ON k.subject_kind = "
               "'measure' AND k.subject = f.subject AND k.field = 'kind' LEFT JOIN work s ON s.subject_kind = 'measure' AND "
               "s.subject = f.subject AND s.field = 'state' WHERE f.subject_kind = 'measure' AND f.field = 'finding'");
    while (rows.step()) out[rows.text(0)].push_back({rows.text(1), rows.text(2)});
    return out;
}

}  // namespace herkomst
