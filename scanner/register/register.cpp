#include "register/register.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iterator>
#include <stdexcept>

#include "core/hash.h"
#include "register/open.h"

namespace herkomst {

extern const char register_schema[];  // schema.sql, by the build

namespace {

constexpr std::int64_t application = 1213352787;  // as in schema.sql

void make_file(const std::string& path) {
    // The register is sensitive: nobody else may read it, from its first byte on. SQLite gives its side files the same mode.
    const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file >= 0) {
        ::close(file);
    } else if (errno != EEXIST) {
        throw std::runtime_error(fmt::format("{}: this register cannot be made: {}", path, std::strerror(errno)));
    }
}

void check(sql::Database& database) {
    const std::int64_t version = database.number("PRAGMA user_version");
    if (database.number("PRAGMA application_id") != application || version < 1) {
        throw std::runtime_error(fmt::format("{}: this file is not a register of herkomst", database.path()));
    }
    if (version > Register::schema_version) {
        throw std::runtime_error(
            fmt::format("{}: this register was made by a newer herkomst (schema {}; this program knows {})", database.path(),
                        version, Register::schema_version));
    }
}

// From each schema to the next; the hash chain of events is not touched.
constexpr const char* migrations[] = {
    // 1 to 2: strong identifiers bind within a site.
    "CREATE TABLE identifiers_2 (uid TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, site TEXT NOT NULL, "
    "first_run INTEGER NOT NULL, last_run INTEGER NOT NULL, PRIMARY KEY (uid, kind, value)) STRICT;"
    "INSERT INTO identifiers_2 SELECT i.uid, i.kind, i.value, coalesce(a.site, ''), i.first_run, i.last_run "
    "FROM identifiers i LEFT JOIN assets a ON a.uid = i.uid;"
    "DROP TABLE identifiers; ALTER TABLE identifiers_2 RENAME TO identifiers;"
    "CREATE UNIQUE INDEX identifiers_bind ON identifiers (value, site) WHERE kind IN ('strong', 'key');"
    "PRAGMA user_version = 2",
};
static_assert(std::size(migrations) + 1 == Register::schema_version);

void migrate(sql::Database& database) {
    if (database.number("PRAGMA user_version") == Register::schema_version) return;
    sql::Transaction transaction(database);
    // Another process may have been first: what is left to do is read within the transaction.
    for (std::int64_t version = database.number("PRAGMA user_version"); version < Register::schema_version; ++version) {
        database.run(migrations[version - 1]);
    }
    transaction.commit();
}

bool empty(sql::Database& database) { return database.number("SELECT count(*) FROM sqlite_schema") == 0; }

}  // namespace

std::string event_hash(std::string_view prev, std::int64_t seq, std::int64_t run, std::string_view at, std::string_view event,
                       std::string_view subject_kind, std::string_view subject, std::string_view detail) {
    return sha256(fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", prev, seq, run, at, event, subject_kind, subject, detail));
}

Register::Register(std::unique_ptr<Open> open) : open_(std::move(open)) {}
Register::Register(Register&&) noexcept = default;
Register& Register::operator=(Register&&) noexcept = default;
Register::~Register() = default;

Register Register::open(const std::string& path) {
    if (path != in_memory) make_file(path);
    auto open = std::make_unique<Open>(path, sql::Mode::ReadWrite);
    sql::Database& database = open->database;
    if (empty(database)) {
        database.run("PRAGMA journal_mode = WAL");
        sql::Transaction transaction(database);
        // Another process may have been first.
        if (empty(database)) database.run(register_schema);
        transaction.commit();
    }
    check(database);
    migrate(database);
    database.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
    return Register(std::move(open));
}

Register Register::open_to_read(const std::string& path) {
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0) {
        throw std::runtime_error(fmt::format("{}: this register cannot be opened: {}", path, std::strerror(errno)));
    }
    auto open = std::make_unique<Open>(path, sql::Mode::ReadOnly);
    check(open->database);
    return Register(std::move(open));
}

const std::string& Register::path() const { return open_->database.path(); }

std::string Register::verify() const {
    sql::Query events(open_->database,
                      "SELECT seq, run, at, event, subject_kind, subject, detail, prev, hash FROM events ORDER BY seq");
    std::string prev;
    std::int64_t expected = 1;
    while (events.step()) {
        const std::int64_t seq = events.integer(0);
        if (seq != expected) return fmt::format("event {} is missing", expected);
        if (events.text(7) != prev) return fmt::format("event {} does not follow the one before it", seq);
        if (events.text(8) != event_hash(prev, seq, events.integer(1), events.text(2), events.text(3), events.text(4),
                                         events.text(5), events.text(6))) {
            return fmt::format("event {} was changed", seq);
        }
        prev = events.text(8);
        ++expected;
    }
    return {};
}

}  // namespace herkomst
