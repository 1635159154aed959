#include "register/tables.h"

#include <fmt/core.h>

#include <charconv>
#include <functional>
#include <map>

#include "core/hash.h"

namespace herkomst {

using sql::Query;

namespace {

// Each value with its length before it, so that no two rows are written alike.
void add_value(std::string& out, const Query& rows, int column) {
    const std::optional<std::string_view> text = rows.view(column);
    if (!text) {
        out += '-';
        return;
    }
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), text->size()).ptr;
    out.append(digits.data(), end);
    out += ':';
    out += *text;
}

using EachRow = std::function<void(std::string key, std::string_view row)>;

std::string digest_of(sql::Database& database, const SealedTable& table, const EachRow& each) {
    Sha256 digest;
    std::string block;
    std::map<std::string, int, std::less<>> alike;  // of claims several may be called the same
    Query rows(database, fmt::format("SELECT *{}{} FROM {} ORDER BY {}", each ? ", " : "", each ? table.key : "", table.name,
                                     table.order));
    while (rows.step()) {
        // What a row is called comes last. How many there are is only known here: a migration may just have added one.
        const int columns = rows.columns() - (each ? 1 : 0);
        const std::size_t begin = block.size();
        for (int column = 0; column < columns; ++column) add_value(block, rows, column);
        block += '\n';
        if (each) {
            std::string key = rows.text(columns);
            const int number = table.name == "claims" ? ++alike[key] : 1;
            each(number == 1 ? key : fmt::format("{} ({})", key, number), std::string_view(block).substr(begin));
        }
        if (block.size() < 1U << 16U) continue;
        digest.add(block);
        block.clear();
    }
    digest.add(block);
    // Half of it: nobody finds another table with the same 128 bits, and every seal stays in the register for good.
    return digest.hex().substr(0, 32);
}

std::string row_digest(std::string_view row) { return sha256(row).substr(0, 16); }

using RowSeals = std::map<std::string, std::string, std::less<>>;
RowSeals row_seals_of(sql::Database& database, std::string_view table) {
    RowSeals out;
    Query rows(database, "SELECT key, digest FROM row_seals WHERE name = ?");
    rows.bind(table);
    while (rows.step()) out.emplace(rows.text(0), rows.text(1));
    return out;
}

// Puts what the rows hold now in the place of what they held; only what is another is written.
std::string seal_by_row(sql::Database& database, const SealedTable& table) {
    RowSeals before = row_seals_of(database, table.name);
    const bool told = database.number(fmt::format("SELECT count(*) FROM {}", table.name)) <= rows_told_most;
    Query put(database, "INSERT OR REPLACE INTO row_seals VALUES (?, ?, ?)");
    const EachRow each = [&](std::string key, std::string_view row) {
        const std::string digest = row_digest(row);
        const auto found = before.find(key);
        const bool same = found != before.end() && found->second == digest;
        if (found != before.end()) before.erase(found);
        if (same) return;
        put.reset();
        put.bind(table.name).bind(key).bind(digest).run();
    };
    std::string digest = digest_of(database, table, told ? each : EachRow());
    Query gone(database, "DELETE FROM row_seals WHERE name = ? AND key = ?");
    for (const auto& [key, seal] : before) {
        gone.reset();
        gone.bind(table.name).bind(key).run();
    }
    return digest;
}

}  // namespace

std::string table_digest(sql::Database& database, const SealedTable& table) { return digest_of(database, table, {}); }

Json table_digests(sql::Database& database) {
    Json out = Json::object();
    for (const SealedTable& table : sealed_tables) out[table.name] = table_digest(database, table);
    return out;
}

Json table_digests_by_row(sql::Database& database) {
    Json out = Json::object();
    for (const SealedTable& table : sealed_tables)
        out[table.name] = table.key.empty() ? table_digest(database, table) : seal_by_row(database, table);
    return out;
}

RowsKnown rows_known(const SealedTable& table, const Json& by_event, const Json& left) {
    const bool vouched = by_event.has("row_seals") && by_event["row_seals"] == left["row_seals"];
    if (!vouched || table.key.empty()) return RowsKnown::None;
    if (by_event[table.name] == left[table.name]) return RowsKnown::All;
    return table.only_put_in ? RowsKnown::OfEvent : RowsKnown::None;
}

std::vector<EditedRow> edited_rows(sql::Database& database, const SealedTable& table, RowsKnown known) {
    std::vector<EditedRow> out;
    if (known == RowsKnown::None) return out;
    RowSeals before = row_seals_of(database, table.name);
    if (before.empty()) return out;
    digest_of(database, table, [&](std::string key, std::string_view row) {
        const auto found = before.find(key);
        if (found == before.end()) {
            if (known == RowsKnown::All) out.push_back({std::move(key), RowEdit::PutIn});
            return;
        }
        if (found->second != row_digest(row)) out.push_back({std::move(key), RowEdit::Edited});
        before.erase(found);
    });
    for (const auto& [key, digest] : before) out.push_back({key, RowEdit::Gone});
    return out;
}

std::string_view row_edit_code(RowEdit how) {
    switch (how) {
        case RowEdit::Edited:
            return "edited";
        case RowEdit::Gone:
            return "gone";
        case RowEdit::PutIn:
            return "put_in";
    }
    return "";
}

std::string row_edit_told(std::string_view table, std::string_view key, std::string_view code) {
    if (code == "gone") return fmt::format("table {}: row {} is gone", table, key);
    if (code == "put_in") return fmt::format("table {}: row {} was put in", table, key);
    return fmt::format("table {}: row {} was edited", table, key);
}

Json sealed_now(sql::Database& database) {
    database.run("DELETE FROM interim");
    return table_digests_by_row(database);
}

void seal_tables(sql::Database& database, EventChain& chain) {
    chain.add("sealed", "register", "tables", JsonObject{{"tables", sealed_now(database)}});
}

bool seal_is_due(sql::Database& database, Time now) {
    Query last(database, "SELECT at FROM events WHERE event IN ('recorded', 'sealed') ORDER BY seq DESC LIMIT 1");
    if (!last.step()) return true;
    const auto at = parse_rfc3339(last.text(0));
    return !at || now - *at >= sealed_at_least_each;
}

std::optional<Interim> interim_of(sql::Database& database) {
    Query row(database, "SELECT after_run, seq, tables, hash FROM interim");
    if (!row.step()) return std::nullopt;
    return Interim{row.integer(0), row.integer(1), row.text(2), row.text(3)};
}

std::string interim_hash(const Interim& interim, std::string_view head) {
    return sha256(fmt::format("herkomst-interim/1\n{}\n{}\n{}\n{}", head, interim.seq, interim.run, interim.tables));
}

void put_interim(sql::Database& database, std::int64_t run) {
    Interim left;
    left.run = run;
    left.tables = write_json(table_digests(database));
    std::string head;
    {
        Query last(database, "SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1");
        if (last.step()) {
            left.seq = last.integer(0);
            head = last.text(1);
        }
    }
    Query(database, "INSERT OR REPLACE INTO interim VALUES (1, ?, ?, ?, ?)")
        .bind(left.run)
        .bind(left.seq)
        .bind(left.tables)
        .bind(interim_hash(left, head))
        .run();
}

}  // namespace herkomst
