// What a person may ask for: that what was heard of a device is gone.
#include <fmt/core.h>

#include <set>

#include "register/acts.h"
#include "register/keep.h"
#include "register/open.h"
#include "register/tables.h"
#include "register/unlike.h"

namespace herkomst {

using sql::Query;

namespace {

std::set<std::string> column(sql::Database& database, const char* query, const std::string& with) {
    std::set<std::string> out;
    Query rows(database, query);
    rows.bind(with);
    while (rows.step()) out.insert(rows.text(0));
    return out;
}

// The asset with what it was called before and what is part of it.
std::set<std::string> all_of(sql::Database& database, const std::string& uid) {
    std::set<std::string> out;
    std::set<std::string> next{uid};
    while (!next.empty()) {
        std::set<std::string> more;
        for (const std::string& each : next) {
            if (!out.insert(each).second) continue;
            more.merge(column(database, "SELECT uid FROM assets WHERE merged_into = ?1 OR parent = ?1", each));
        }
        next = std::move(more);
    }
    return out;
}

void empty_events(sql::Database& database, std::string_view kind, const std::string& subject, Json& emptied) {
    {
        Query rows(
            database,
            "SELECT seq FROM events WHERE subject_kind = ? AND subject = ? AND digest <> '' AND detail NOT IN ('', '{}') ORDER "
            "BY seq");
        rows.bind(kind).bind(subject);
        while (rows.step()) emptied.push(rows.integer(0));
    }
    Query(database,
          "UPDATE events SET detail = '' WHERE subject_kind = ? AND subject = ? AND digest <> '' AND detail NOT IN ('', '{}')")
        .bind(kind)
        .bind(subject)
        .run();
    Query(database, "DELETE FROM work WHERE subject_kind = ? AND subject = ?").bind(kind).bind(subject).run();
}

}  // namespace

void forget_asset(sql::Database& database, EventChain& chain, const std::string& uid, Json detail) {
    database.run("PRAGMA secure_delete = ON");
    Json emptied = Json::array();
    for (const std::string& each : all_of(database, uid)) {
        for (const std::string& finding :
             column(database, "SELECT finding FROM findings WHERE subject_kind = 'asset' AND subject_key = ?", each)) {
            for (const std::string& measure :
                 column(database, "SELECT subject FROM work WHERE subject_kind = 'measure' AND field = 'finding' AND value = ?",
                        finding))
                empty_events(database, "measure", measure, emptied);
            empty_events(database, "finding", finding, emptied);
            Query(database, "DELETE FROM findings WHERE finding = ?").bind(finding).run();
            Query(database, "DELETE FROM ratings WHERE finding = ?").bind(finding).run();
        }
        for (const std::string& assertion :
             column(database, "SELECT subject FROM work WHERE subject_kind = 'assertion' AND field IN ('a', 'b') AND value = ?",
                    each))
            empty_events(database, "assertion", assertion, emptied);
        for (const std::string& answer :
             column(database,
                    "SELECT DISTINCT subject FROM events WHERE subject_kind = 'answer' AND subject LIKE '%@asset:' || ?", each))
            empty_events(database, "answer", answer, emptied);
        empty_events(database, "asset", each, emptied);
        Query(
            database,
            "DELETE FROM sessions WHERE site = (SELECT site FROM assets WHERE uid = ?1) AND EXISTS (SELECT 1 FROM identifiers "
            "WHERE uid = ?1 AND kind = 'ip' AND value IN (sessions.server, sessions.client))")
            .bind(each)
            .run();
        for (const char* statement : {"DELETE FROM claims WHERE uid = ?", "DELETE FROM beliefs WHERE uid = ?",
                                      "DELETE FROM identifiers WHERE uid = ?", "DELETE FROM assets WHERE uid = ?"})
            Query(database, statement).bind(each).run();
    }
    detail["emptied"] = std::move(emptied);
    chain.add("forgot", "asset", uid, detail);
}

Result<std::int64_t> forget(Register& held, const std::string& uid, const Act& act) {
    sql::Database& database = held.connection().database;
    std::int64_t count = 0;
    {
        sql::Transaction transaction(database);
        Problems problems;
        check_actor(database, act, uid, problems, true);
        if (column(database, "SELECT uid FROM assets WHERE uid = ?", uid).empty())
            problems.push_back({uid, "there is no such asset"});
        if (!problems.empty()) return problems;
        EventChain chain(database, last_run(database), act.now);
        tell_unlike(database, chain);
        forget_asset(database, chain, uid, by(act));
        seal_tables(database, chain);
        count = database.number("SELECT count(*) FROM assets");
        transaction.commit();
    }
    // Nothing of it stays in free pages or in the log.
    database.run("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
    return count;
}

}  // namespace herkomst
