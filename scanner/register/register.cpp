#include "register/register.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "register/open.h"
#include "register/tables.h"
#include "register/unlike.h"

namespace herkomst {

extern const char register_schema[];             // schema.sql, by the build
extern const char* const register_migrations[];  // migrations/N.sql: from schema N to the next, by the build

namespace {

constexpr std::int64_t application = 1213352787;  // as in schema.sql

// Whether it was not there before.
bool make_file(const std::string& path) {
    // The register is sensitive: nobody else may read it, from its first byte on. SQLite gives its side files the same mode.
    const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file >= 0) {
        ::close(file);
        return true;
    }
    if (errno != EEXIST)
        throw std::runtime_error(fmt::format("{}: this register cannot be made: {}", path, std::strerror(errno)));
    return false;
}

// Something that a schema has and the one before it has not: a table, or a column of it.
struct Mark {
    std::int64_t schema;
    const char* table;
    const char* column;  // empty: the table
};
constexpr Mark marks[] = {{1, "events", ""},
                          {1, "identifiers", ""},
                          {2, "identifiers", "site"},
                          {3, "work", ""},
                          {3, "findings", "observation"},
                          {4, "ratings", ""},
                          {4, "sessions", ""},
                          {5, "assets", "observation"},
                          {5, "ratings", "measures"},
                          {6, "interim", ""},
                          {7, "row_seals", ""}};
static_assert(std::rbegin(marks)->schema == Register::schema_version, "the new schema needs its mark");

// The schema by its number is not the one by its tables: then no migration fits, and whoever reads would trip.
void check_marks(sql::Database& database, std::int64_t version) {
    for (const Mark& mark : marks) {
        bool there = false;
        {
            sql::Query query(database,
                             "SELECT 1 FROM sqlite_schema s LEFT JOIN pragma_table_info(s.name) c WHERE s.type = 'table' "
                             "AND s.name = ?1 AND (?2 = '' OR c.name = ?2) LIMIT 1");
            query.bind(mark.table).bind(mark.column);
            there = query.step();
        }
        if (there == (mark.schema <= version)) continue;
        const std::string what = *mark.column == '\0' ? fmt::format("table {}", mark.table)
                                                      : fmt::format("column {} of table {}", mark.column, mark.table);
        throw RegisterAltered(
            fmt::format("{}: this register says that it is of schema {} and {} {}, which came with schema {}; its number or "
                        "its tables were "
                        "altered, and nothing was changed (herkomst register restore puts a copy in its place)",
                        database.path(), version, there ? "holds" : "does not hold", what, mark.schema));
    }
}

void check_schema(sql::Database& database) {
    // Number and tables of one moment: another process may be bringing it up to date.
    const sql::Snapshot snapshot(database);
    const std::int64_t version = database.number("PRAGMA user_version");
    if (database.number("PRAGMA application_id") != application || version < 1) {
        throw std::runtime_error(fmt::format("{}: this file is not a register of herkomst", database.path()));
    }
    if (version > Register::schema_version) {
        throw std::runtime_error(
            fmt::format("{}: this register was made by a newer herkomst (schema {}; this program knows {})", database.path(),
                        version, Register::schema_version));
    }
    check_marks(database, version);
}

// A copy as it stands, for nobody but its owner. The name is free afterwards for nothing else.
std::string kept_beside(sql::Database& database, std::int64_t version) {
    for (int attempt = 1;; ++attempt) {
        std::string path = fmt::format("{}.schema-{}{}.backup", database.path(), version,
                                       attempt == 1 ? std::string() : fmt::format("-{}", attempt));
        const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
        if (file < 0 && errno == EEXIST) continue;
        if (file < 0) {
            throw std::runtime_error(fmt::format(
                "{}: this register is of schema {} and is not brought up to date, because the copy before that cannot be made "
                "({}: {})",
                database.path(), version, path, std::strerror(errno)));
        }
        ::close(file);
        try {
            database.copy_into(path);
        } catch (const std::runtime_error&) {
            ::unlink(path.c_str());
            throw;
        }
        return path;
    }
}

void bring_up_to_date(sql::Database& database, const std::string& copy) {
    sql::Transaction transaction(database);
    // Another process may have been first: what is left to do is read within the transaction.
    const std::int64_t from = database.number("PRAGMA user_version");
    Json detail = Json::object();
    if (from < Register::schema_version) tell_unlike(database, detail);
    for (std::int64_t version = from; version < Register::schema_version; ++version) {
        database.run(register_migrations[version - 1]);
    }
    if (from < Register::schema_version) {
        detail["from"] = from;
        detail["to"] = std::int64_t{Register::schema_version};
        detail["backup"] = copy.substr(copy.rfind('/') + 1);
        detail["tables"] = sealed_now(database);
        // There is no clock here: it is as late as what happened last.
        Time at{};
        {
            sql::Query last(database, "SELECT max(at) FROM events");
            if (last.step()) at = parse_rfc3339(last.text(0)).value_or(Time{});
        }
        EventChain(database, last_run(database), at).add("migrated", "register", "schema", detail);
    }
    transaction.commit();
}

// The schema moves on, the chain of events goes on: what it holds is not touched. The copy from before; empty: there is none.
std::string migrate(sql::Database& database) {
    const std::int64_t found = database.number("PRAGMA user_version");
    if (found == Register::schema_version) return {};
    std::string copy = database.path() == Register::in_memory ? std::string() : kept_beside(database, found);
    try {
        bring_up_to_date(database, copy);
    } catch (const std::runtime_error& failure) {
        // Rolled back: then the copy is of what is still there.
        if (!copy.empty()) ::unlink(copy.c_str());
        std::string_view why = failure.what();
        if (why.starts_with(database.path() + ": ")) why.remove_prefix(database.path().size() + 2);
        throw std::runtime_error(
            fmt::format("{}: this register of schema {} was not brought up to date, and nothing in it was changed; {}",
                        database.path(), found, why));
    }
    return copy;
}

bool empty(sql::Database& database) { return database.number("SELECT count(*) FROM sqlite_schema") == 0; }

// A file that is there, with what it lacks to be a register of today.
std::unique_ptr<Register::Open> set_up(const std::string& path) {
    auto open = std::make_unique<Register::Open>(path, sql::Mode::ReadWrite);
    sql::Database& database = open->database;
    if (empty(database)) {
        database.run("PRAGMA journal_mode = WAL");
        sql::Transaction transaction(database);
        // Another process may have been first.
        if (empty(database)) database.run(register_schema);
        transaction.commit();
    }
    check_schema(database);
    open->backup = migrate(database);
    database.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
    return open;
}

}  // namespace

Register::Register(std::unique_ptr<Open> open) : open_(std::move(open)) {}
Register::Register(Register&&) noexcept = default;
Register& Register::operator=(Register&&) noexcept = default;
Register::~Register() = default;

Register Register::open(const std::string& path) {
    if (path == in_memory || !make_file(path)) return Register(set_up(path));
    try {
        return Register(set_up(path));
    } catch (const std::exception&) {
        // Half of a register is none, and whoever comes next would take it for somebody else's file.
        for (const char* ending : {"", "-wal", "-shm", "-journal"}) ::unlink((path + ending).c_str());
        throw;
    }
}

Register Register::open_to_read(const std::string& path) {
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0) {
        throw std::runtime_error(
            fmt::format("{}: this register cannot be opened: {}{}", path, std::strerror(errno),
                        errno == ENOENT ? "; --register FILE says which one, and scan --register FILE makes one" : ""));
    }
    auto open = std::make_unique<Open>(path, sql::Mode::ReadOnly);
    check_schema(open->database);
    if (open->database.number("PRAGMA user_version") != schema_version) {
        auto copy = std::make_unique<Open>(std::string(in_memory), sql::Mode::ReadWrite);
        copy->database.copy_from(open->database);
        migrate(copy->database);
        copy->shown_as = path;
        return Register(std::move(copy));
    }
    return Register(std::move(open));
}

const std::string& Register::path() const { return open_->shown_as.empty() ? open_->database.path() : open_->shown_as; }

const std::string& Register::backup() const { return open_->backup; }

void Register::when_unlike(std::function<void(const std::string&)> told) { open_->database.tell = std::move(told); }

}  // namespace herkomst
