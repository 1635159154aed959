#include "register/unlike.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "core/hash.h"
#include "register/tables.h"

namespace herkomst {

using sql::Query;

namespace {

// What the tables held when anybody who seals last wrote.
struct LastSeal {
    std::int64_t event = 0;  // 0: there is none
    std::int64_t run = 0;
    Json tables;
};

LastSeal last_seal(sql::Database& database) {
    LastSeal out;
    Query last(database,
               "SELECT seq, run, detail FROM events WHERE event IN ('recorded', 'sealed', 'migrated') AND "
               "instr(detail, '\"tables\":{') > 0 ORDER BY seq DESC LIMIT 1");
    if (!last.step()) return out;
    out.event = last.integer(0);
    out.run = last.integer(1);
    const Result<Json> read = parse_json(last.text(2), "events");
    if (read) out.tables = read.value()["tables"];
    return out;
}

// It is later than the last seal, and tied to the event that was the head then.
bool holds(sql::Database& database, const Interim& interim, const LastSeal& seal) {
    Query head(database, "SELECT hash FROM events WHERE seq = ?");
    head.bind(interim.seq);
    return head.step() && interim.seq >= seal.event && interim.run > seal.run &&
           interim.hash == interim_hash(interim, head.text(0));
}

// Of an earlier schema not all are; that one of this schema is missing, opening it says.
bool is_there(sql::Database& database, const SealedTable& table) {
    Query found(database, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
    found.bind(table.name);
    return found.step();
}

Json tables_unlike(sql::Database& database, const Json& sealed, bool any) {
    // Of nothing.
    const std::string empty = sha256("").substr(0, 32);
    Json out = Json::array();
    for (const SealedTable& table : sealed_tables) {
        if (any && (!sealed.has(table.name) || !is_there(database, table))) continue;
        // The first seals held the whole of a digest.
        const std::string left = any ? sealed[table.name].string() : empty;
        if (!left.starts_with(table_digest(database, table))) out.push(table.name);
    }
    return out;
}

constexpr std::size_t rows_kept_most = 20;  // of a table, in an event

// Which rows of these tables; not where the rows' own seals are among what was edited, or the last event does not vouch for
// them. What names a machine (an address) does not go into an event, which `forget` would not find.
void put_rows(sql::Database& database, const Json& by_event, const Json& left, const Json& tables, Json& into) {
    const auto edited = [&](std::string_view name) {
        return std::any_of(tables.items().begin(), tables.items().end(),
                           [&](const Json& each) { return each.string() == name; });
    };
    if (edited("row_seals")) return;
    Json rows = Json::array();
    for (const SealedTable& table : sealed_tables) {
        if (!edited(table.name) || table.name == "sessions") continue;
        const std::vector<EditedRow> found = edited_rows(database, table, rows_known(table, by_event, left));
        for (std::size_t i = 0; i < found.size() && i < rows_kept_most; ++i) {
            std::string key = found[i].key;
            if (table.name == "identifiers") key = key.substr(0, key.find(' ', key.find(' ') + 1));
            rows.push(JsonArray{Json(table.name), Json(key), Json(row_edit_code(found[i].how))});
        }
    }
    if (!rows.items().empty()) into["rows"] = std::move(rows);
}

// Null: all is as it was left.
Json unlike_now(sql::Database& database) {
    const LastSeal seal = last_seal(database);
    Json left = seal.tables;
    const std::optional<Interim> interim = interim_of(database);
    const bool any = seal.event != 0 || interim;
    Json out = Json::object();
    if (interim) {
        out["run"] = interim->run;
        const Result<Json> tables = parse_json(interim->tables, "interim");
        if (!tables || !holds(database, *interim, seal)) return out;
        left = tables.value();
    } else {
        out["event"] = seal.event;
    }
    if (const std::int64_t last = last_run(database); any && last > (interim ? interim->run : seal.run)) {
        return JsonObject{{"event", Json(seal.event)}, {"last", Json(last)}};
    }
    Json tables = tables_unlike(database, left, any);
    if (tables.items().empty()) return Json();
    if (any) put_rows(database, seal.tables, left, tables, out);
    out["tables"] = std::move(tables);
    return out;
}

void put_unlike(sql::Database& database, EventChain& chain, const Json& unlike) {
    chain.add("unlike", "register", "tables", JsonObject{{"unlike", unlike}});
    if (!database.tell) return;
    for (const std::string& each : unlike_told(unlike)) database.tell(each);
}

}  // namespace

bool tell_unlike(sql::Database& database, EventChain& chain) {
    if (!database.changed_elsewhere()) return false;
    const Json unlike = unlike_now(database);
    if (unlike.is_null()) {
        database.note_unchanged();
        return false;
    }
    put_unlike(database, chain, unlike);
    return true;
}

void tell_unlike(sql::Database& database, Json& detail) {
    const LastSeal seal = last_seal(database);
    if (seal.event == 0) return;
    if (last_run(database) > seal.run) {
        detail["uncovered_since"] = seal.run;
        return;
    }
    Json tables = tables_unlike(database, seal.tables, true);
    if (!tables.items().empty()) detail["unlike"] = JsonObject{{"event", Json(seal.event)}, {"tables", std::move(tables)}};
}

void tell_unlike_field(sql::Database& database, EventChain& chain, std::string_view kind, std::string_view subject,
                       std::string_view field) {
    std::optional<std::string> held;
    std::int64_t by = 0;
    {
        // What an event from before schema 3 set does not stand in it; what was emptied is gone from `work` too.
        Query row(database,
                  "SELECT value, event FROM work WHERE subject_kind = ?1 AND subject = ?2 AND field = ?3 AND NOT EXISTS "
                  "(SELECT 1 FROM events WHERE seq = work.event AND digest = '')");
        row.bind(kind).bind(subject).bind(field);
        if (row.step()) {
            held = row.text(0);
            by = row.integer(1);
        }
    }
    std::int64_t event = 0;
    bool same = !held;
    {
        Query said(
            database,
            "SELECT seq, value, type FROM (SELECT e.seq AS seq, j.value AS value, j.type AS type FROM events e, "
            "json_each(iif(e.detail <> '' AND json_valid(e.detail), e.detail, '{}'), '$.set') j WHERE e.subject_kind = ?1 "
            "AND e.subject = ?2 AND j.key = ?3 AND e.digest <> '') ORDER BY seq DESC LIMIT 1");
        said.bind(kind).bind(subject).bind(field);
        if (said.step()) {
            event = said.integer(0);
            const bool gone = said.text(2) == "null";
            same = gone ? !held : held && *held == said.text(1) && by == event;
        }
    }
    if (same) return;
    put_unlike(database, chain,
               JsonObject{{"event", Json(event)}, {"field", JsonArray{Json(kind), Json(subject), Json(field)}}});
}

std::vector<std::string> tables_before_any_seal(sql::Database& database) {
    std::vector<std::string> out;
    const Json tables = tables_unlike(database, {}, false);
    for (const Json& table : tables.items()) out.push_back(table.string());
    return out;
}

void tell_unlike_end(sql::Database& database, EventChain& chain, std::int64_t last, std::string_view hash) {
    std::int64_t end = 0;
    {
        Query head(database, "SELECT seq, hash FROM chain_head");
        const bool any = head.step();
        if (any ? head.integer(0) == last && head.text(1) == hash : last == 0) return;
        if (any) end = head.integer(0);
    }
    put_unlike(database, chain, JsonObject{{"end", Json(end)}, {"last", Json(last)}});
}

std::vector<std::string> unlike_told(const Json& unlike) {
    std::vector<std::string> problems;
    const std::int64_t event = unlike["event"].integer();
    const std::int64_t run = unlike["run"].integer();
    const std::int64_t last = unlike["last"].integer();
    if (unlike.has("end"))
        problems.push_back(
            fmt::format("the head of the chain was event {} where the last one was {}", unlike["end"].integer(), last));
    if (unlike.has("field")) {
        const Json& field = unlike["field"];
        const std::string &kind = field.at(0).string(), &subject = field.at(1).string(), &name = field.at(2).string();
        if (event == 0) {
            problems.push_back(fmt::format("{} {}: {} was there, and no event said so", kind, subject, name));
        } else {
            problems.push_back(fmt::format("{} {}: {} was not what event {} says", kind, subject, name, event));
        }
    }
    if (unlike.has("event") && unlike.has("last"))
        problems.push_back(fmt::format("run {} was later than event {}, and no event said what it left", last, event));
    if (unlike.has("run") && !unlike.has("tables"))
        problems.push_back(fmt::format("what run {} had left without an event was changed", run));
    for (const Json& table : unlike["tables"].items()) {
        if (unlike.has("run")) {
            problems.push_back(fmt::format(
                "table {} was not what run {} left: something in it had been edited, deleted or put in", table.string(), run));
        } else if (event == 0) {
            problems.push_back(fmt::format("table {} held rows that no event speaks of", table.string()));
        } else {
            problems.push_back(
                fmt::format("table {} was not what event {} says: something in it had been edited, deleted or put in",
                            table.string(), event));
        }
    }
    for (const Json& row : unlike["rows"].items())
        problems.push_back(row_edit_told(row.at(0).string(), row.at(1).string(), row.at(2).string()));
    return problems;
}

}  // namespace herkomst
