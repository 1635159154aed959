#include "register/tables.h"

#include <fmt/core.h>

#include <charconv>

#include "core/hash.h"

namespace herkomst {

using sql::Query;

namespace {

// Each value with its length before it, so that no two rows are written alike.
void add_value(std::string& out, const Query& rows, int column) {
    if (rows.null(column)) {
        out += '-';
        return;
    }
    const std::string text = rows.text(column);
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), text.size()).ptr;
    out.append(digits.data(), end);
    out += ':';
    out += text;
}

}  // namespace

std::string table_digest(sql::Database& database, std::string_view table, std::string_view order) {
    const auto columns = static_cast<int>(database.number(fmt::format("SELECT count(*) FROM pragma_table_info('{}')", table)));
    Sha256 digest;
    std::string block;
    Query rows(database, fmt::format("SELECT * FROM {} ORDER BY {}", table, order));
    while (rows.step()) {
        for (int column = 0; column < columns; ++column) add_value(block, rows, column);
        block += '\n';
        if (block.size() < 1U << 16U) continue;
        digest.add(block);
        block.clear();
    }
    digest.add(block);
    // Half of it: nobody finds another table with the same 128 bits, and every seal stays in the register for good.
    return digest.hex().substr(0, 32);
}

Json table_digests(sql::Database& database) {
    Json out = Json::object();
    for (const auto& [table, order] : sealed_tables) out[table] = table_digest(database, table, order);
    return out;
}

Json sealed_now(sql::Database& database) {
    database.run("DELETE FROM interim");
    return table_digests(database);
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
