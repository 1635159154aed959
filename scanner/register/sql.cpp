#include "register/sql.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>

namespace herkomst::sql {

namespace {

constexpr int patience_in_milliseconds = 10'000;  // for another process that is writing

// The index that readers and writers share, a file beside the register, cannot be made or grow.
bool is_about_index(int extended) {
    return extended == SQLITE_IOERR_SHMOPEN || extended == SQLITE_IOERR_SHMSIZE || extended == SQLITE_IOERR_SHMMAP;
}

// Less room on that disk than the least that SQLite asks for such an index.
bool no_room_at(const std::string& path) {
    constexpr std::uint64_t least = 32768;
    const std::string folder = path.substr(0, path.rfind('/') + 1);
    struct statvfs about {};
    return ::statvfs(folder.empty() ? "." : folder.c_str(), &about) == 0 &&
           std::uint64_t{about.f_bavail} * std::uint64_t{about.f_frsize} < least;
}

std::string sentence(const std::string& path, int code, int extended, const char* message) {
    if (is_about_index(extended) && no_room_at(path)) return "the disk is full";
    switch (code & 0xff) {
        case SQLITE_FULL:
            return "the disk is full";
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return "another process is writing to this register; try again when it is done";
        case SQLITE_READONLY:
            return "this register cannot be written to";
        case SQLITE_CANTOPEN:
            return "this register cannot be opened";
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return "access to this register is refused";
        case SQLITE_NOTADB:
            return "this file is not a register";
        case SQLITE_CORRUPT:
            return "this register is damaged";
        case SQLITE_IOERR:
            return "the disk fails while reading or writing this register";
        default:
            return fmt::format("the register cannot be used: {}", message);
    }
}

// -1: there is none.
std::int64_t size_of(const std::string& path) {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 ? std::int64_t{about.st_size} : -1;
}

// Whether a reader finds a file beside which nothing can be made, nor is there an index that it could share with a writer.
bool lies_still(const std::string& path) {
    if (size_of(path) < 0 || size_of(path + "-shm") >= 0 || size_of(path + "-journal") > 0) return false;
    const std::string folder = path.substr(0, path.rfind('/') + 1);
    return ::faccessat(AT_FDCWD, folder.empty() ? "." : folder.c_str(), W_OK, AT_EACCESS) != 0;
}

// A name that says nobody writes to it meanwhile.
std::string still(const std::string& path) {
    std::string out = path.starts_with('/') ? "file://" : "file:";
    for (const char each : path) {
        const bool plain = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9') ||
                           each == '/' || each == '.' || each == '-' || each == '_';
        out += plain ? std::string(1, each) : fmt::format("%{:02x}", static_cast<unsigned char>(each));
    }
    return out + "?immutable=1";
}

struct Freed {
    void operator()(unsigned char* data) const { sqlite3_free(data); }
};

}  // namespace

Database::Database(std::string path, Mode mode) : path_(std::move(path)), mode_(mode) {
    const bool as_it_lies = mode_ == Mode::ReadOnly && lies_still(path_);
    if (as_it_lies && size_of(path_ + "-wal") > 0) {
        throw std::runtime_error(
            path_ +
            ": this register lies where nothing may be written, and beside it lies a log with what is not in it yet; copy "
            "it, with what lies beside it, to a folder where you may write");
    }
    // Of a file that is write-protected SQLite makes a reader by itself.
    const int code = as_it_lies
                         ? sqlite3_open_v2(still(path_).c_str(), &handle_,
                                           SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr)
                         : sqlite3_open_v2(path_.c_str(), &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    if (code != SQLITE_OK) {
        const std::string message =
            fmt::format("{}: {}", path_, sentence(path_, code, sqlite3_extended_errcode(handle_), sqlite3_errmsg(handle_)));
        sqlite3_close(handle_);
        throw std::runtime_error(message);
    }
    if (mode_ == Mode::ReadOnly && !as_it_lies) do_without_index();
    sqlite3_busy_timeout(handle_, patience_in_milliseconds);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    if (mode_ == Mode::ReadOnly) sqlite3_exec(handle_, "PRAGMA query_only = ON", nullptr, nullptr, nullptr);
}

// Where there is no room for the index that is shared, the one reader keeps it in its own memory and nobody else comes in as
// long (https://sqlite.org/wal.html section 8).
void Database::do_without_index() {
    sqlite3_busy_timeout(handle_, patience_in_milliseconds);
    const char* look = "SELECT 1 FROM sqlite_schema LIMIT 1";
    sqlite3_exec(handle_, look, nullptr, nullptr, nullptr);
    if (!is_about_index(sqlite3_extended_errcode(handle_))) return;
    sqlite3_close(handle_);
    handle_ = nullptr;
    int code = sqlite3_open_v2(path_.c_str(), &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    sqlite3_busy_timeout(handle_, patience_in_milliseconds);
    if (code == SQLITE_OK) code = sqlite3_exec(handle_, "PRAGMA locking_mode = EXCLUSIVE", nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) code = sqlite3_exec(handle_, look, nullptr, nullptr, nullptr);
    // What the attempt left. Nobody has it open: whoever does holds a lock on the register, and ours is the only one.
    if (code == SQLITE_OK) ::unlink((path_ + "-shm").c_str());
}

Database::~Database() {
    for (const auto& [text, statement] : idle_) sqlite3_finalize(statement);
    sqlite3_close(handle_);
}

void Database::fail(int code) const {
    throw std::runtime_error(
        fmt::format("{}: {}", path_, sentence(path_, code, sqlite3_extended_errcode(handle_), sqlite3_errmsg(handle_))));
}

void Database::run(const std::string& statements) {
    const int code = sqlite3_exec(handle_, statements.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code);
}

void Database::copy_into(const std::string& path) {
    // It writes, though not here.
    if (mode_ == Mode::ReadOnly) run("PRAGMA query_only = OFF");
    Query(*this, "VACUUM INTO ?").bind(path).run();
    if (mode_ == Mode::ReadOnly) run("PRAGMA query_only = ON");
}

std::string Database::bytes() {
    Database copy(":memory:", Mode::ReadWrite);
    copy.copy_from(*this);
    // Without free pages, in which what was deleted may stand, and without the mark of a log that is not there.
    copy.run("PRAGMA temp_store = MEMORY; VACUUM");
    sqlite3_int64 size = 0;
    const std::unique_ptr<unsigned char, Freed> data(sqlite3_serialize(copy.handle_, "main", &size, 0));
    if (data == nullptr) throw std::runtime_error(path_ + ": there is not enough memory for a copy of this register");
    return {reinterpret_cast<const char*>(data.get()), static_cast<std::size_t>(size)};
}

void Database::copy_from(Database& other) {
    sqlite3_backup* copying = sqlite3_backup_init(handle_, "main", other.handle_, "main");
    if (copying == nullptr) fail(sqlite3_errcode(handle_));
    int code = SQLITE_OK;
    do {
        code = sqlite3_backup_step(copying, -1);
        if (code == SQLITE_BUSY || code == SQLITE_LOCKED) sqlite3_sleep(50);
    } while (code == SQLITE_BUSY || code == SQLITE_LOCKED);
    sqlite3_backup_finish(copying);
    if (code != SQLITE_DONE) other.fail(code);
}

std::int64_t Database::number(const std::string& query) {
    Query one(*this, query);
    return one.step() ? one.integer(0) : 0;
}

bool Database::changed_elsewhere() { return number("PRAGMA data_version") != noted_; }
void Database::note_unchanged() { noted_ = number("PRAGMA data_version"); }

Query::Query(Database& database, std::string_view statement) : database_(database), text_(statement) {
    if (const auto idle = database.idle_.find(text_); idle != database.idle_.end()) {
        statement_ = idle->second;
        database.idle_.erase(idle);
        return;
    }
    const int code = sqlite3_prepare_v3(database.handle(), text_.data(), static_cast<int>(text_.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
    if (code != SQLITE_OK) database.fail(code);
}

Query::~Query() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
    database_.idle_.emplace(std::move(text_), statement_);
}

Query& Query::bind(std::string_view text) {
    const char* data = text.data() == nullptr ? "" : text.data();
    const int code = sqlite3_bind_text(statement_, ++bound_, data, static_cast<int>(text.size()), SQLITE_TRANSIENT);
    if (code != SQLITE_OK) database_.fail(code);
    return *this;
}

Query& Query::bind(std::int64_t number) {
    const int code = sqlite3_bind_int64(statement_, ++bound_, number);
    if (code != SQLITE_OK) database_.fail(code);
    return *this;
}

Query& Query::bind_null() {
    const int code = sqlite3_bind_null(statement_, ++bound_);
    if (code != SQLITE_OK) database_.fail(code);
    return *this;
}

bool Query::step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) database_.fail(code);
    return false;
}

void Query::run() {
    while (step()) {
    }
    reset();
}

void Query::reset() {
    sqlite3_reset(statement_);
    bound_ = 0;
}

std::string Query::text(int column) const {
    const unsigned char* text = sqlite3_column_text(statement_, column);
    if (text == nullptr) return {};
    return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::optional<std::string_view> Query::view(int column) const {
    const unsigned char* text = sqlite3_column_text(statement_, column);
    if (text != nullptr)
        return std::string_view(reinterpret_cast<const char*>(text),
                                static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
    if (!null(column)) database_.fail(SQLITE_NOMEM);
    return std::nullopt;
}

int Query::columns() const { return sqlite3_column_count(statement_); }

std::int64_t Query::integer(int column) const { return sqlite3_column_int64(statement_, column); }
bool Query::null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

Snapshot::Snapshot(Database& database) : database_(database), own_(sqlite3_get_autocommit(database.handle()) != 0) {
    if (own_) database_.run("BEGIN");
}

Snapshot::~Snapshot() {
    if (own_) sqlite3_exec(database_.handle(), "COMMIT", nullptr, nullptr, nullptr);
}

Transaction::Transaction(Database& database) : database_(database) { database.run("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
    // SQLite may have rolled back by itself (disk full); a second ROLLBACK is then an error that tells nothing.
    if (open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
    database_.run("COMMIT");
    open_ = false;
}

}  // namespace herkomst::sql
