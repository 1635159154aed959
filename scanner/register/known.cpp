#include "register/known.h"

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

}  // namespace herkomst
