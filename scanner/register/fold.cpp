#include "register/fold.h"

#include <string>

#include "register/open.h"
#include "register/tables.h"
#include "register/unlike.h"

namespace herkomst {

namespace {

// Every column that names a run, whatever later schemas add: what it names stays.
std::string runs_that_matter(sql::Database& database) {
    std::string all;
    sql::Query columns(database,
                       "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND "
                       "m.name NOT IN ('runs', 'sources', 'coverage') AND c.name IN ('run', 'first_run', 'last_run')");
    while (columns.step()) {
        if (!all.empty()) all += " UNION ";
        all += "SELECT \"" + columns.text(1) + "\" FROM \"" + columns.text(0) + "\"";
    }
    return all;
}

}  // namespace

std::uint64_t fold_days(const Register& held, Time now) {
    sql::Database& database = held.connection().database;
    const std::string today = rfc3339(now).substr(0, 10);
    sql::Transaction transaction(database);
    EventChain chain(database, last_run(database), now);
    tell_unlike(database, chain);
    database.run(
        "CREATE TEMP TABLE IF NOT EXISTS folding (run INTEGER PRIMARY KEY, into_run INTEGER NOT NULL);"
        "DELETE FROM folding");
    sql::Query(database,
               "INSERT INTO folding SELECT r.run, max(r.run) OVER (PARTITION BY substr(r.at, 1, 10), r.site) FROM runs r "
               "WHERE r.at < ? AND EXISTS (SELECT 1 FROM sources s WHERE s.run = r.run) "
               "AND NOT EXISTS (SELECT 1 FROM sources s WHERE s.run = r.run AND s.kind <> 'interface')")
        .bind(today)
        .run();
    // Days that were folded before have nothing left to add.
    database.run(
        "DELETE FROM folding WHERE into_run IN (SELECT f.into_run FROM folding f LEFT JOIN sources s ON s.run = f.run AND "
        "f.run <> f.into_run GROUP BY f.into_run HAVING count(s.run) = 0)");
    // A run that something else refers to keeps what it read: only so it is known as an interval.
    database.run("DELETE FROM folding WHERE run <> into_run AND run IN (" + runs_that_matter(database) + ")");
    const bool folded = database.number("SELECT count(*) FROM folding") != 0;
    const std::int64_t before = database.number("SELECT count(*) FROM runs");
    database.run(
        "CREATE TEMP TABLE folded_sources AS SELECT f.into_run, row_number() OVER (PARTITION BY f.into_run ORDER BY "
        "min(s.run), "
        "s.id, s.path), s.id, s.path, s.kind, max(s.sha256), sum(s.packets), sum(s.bytes), "
        "coalesce(min(CASE WHEN s.packets > 0 THEN s.first END), min(s.first)), max(s.last), max(s.usable), max(s.problems) "
        "FROM sources s JOIN folding f ON f.run = s.run GROUP BY f.into_run, s.id, s.path, s.kind;"
        "DELETE FROM sources WHERE run IN (SELECT run FROM folding);"
        "INSERT INTO sources SELECT * FROM folded_sources;"
        "DROP TABLE folded_sources;"
        "CREATE TEMP TABLE folded_coverage AS SELECT f.into_run, c.asked, c.outcome, max(c.subjects), sum(c.count) "
        "FROM coverage c JOIN folding f ON f.run = c.run GROUP BY f.into_run, c.asked, c.outcome;"
        "DELETE FROM coverage WHERE run IN (SELECT run FROM folding);"
        "INSERT INTO coverage SELECT * FROM folded_coverage;"
        "DROP TABLE folded_coverage;"
        "DELETE FROM runs WHERE run IN (SELECT run FROM folding WHERE run <> into_run) AND run NOT IN (" +
        runs_that_matter(database) + ")");
    const std::int64_t after = database.number("SELECT count(*) FROM runs");
    if (folded || chain.grew()) seal_tables(database, chain);
    transaction.commit();
    return static_cast<std::uint64_t>(before - after);
}

}  // namespace herkomst
