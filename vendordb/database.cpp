#include "vendordb/database.h"

#include <sqlite3.h>

#include <stdexcept>

namespace herkomst {

namespace {

[[noreturn]] void fail(sqlite3* database) {
    throw std::runtime_error(database == nullptr ? "out of memory" : sqlite3_errmsg(database));
}

}  // namespace

Database::Database(const std::string& path, Open how) {
    const int flags = how == Open::ReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (sqlite3_open_v2(path.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK) {
        const std::string why = handle_ == nullptr ? "out of memory" : sqlite3_errmsg(handle_);
        sqlite3_close(handle_);
        throw std::runtime_error(why);
    }
}

Database::~Database() { sqlite3_close(handle_); }

void Database::run(const std::string& sql) {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(handle_);
}

Rows::Rows(const Database& database, std::string_view sql) : database_(database.handle()) {
    if (sqlite3_prepare_v2(database_, sql.data(), static_cast<int>(sql.size()), &statement_, nullptr) != SQLITE_OK)
        fail(database_);
}

Rows::~Rows() { sqlite3_finalize(statement_); }

bool Rows::next() {
    const int state = sqlite3_step(statement_);
    if (state == SQLITE_ROW) return true;
    if (state != SQLITE_DONE) fail(database_);
    return false;
}

std::string_view Rows::text(int column) const {
    const unsigned char* text = sqlite3_column_text(statement_, column);
    if (text == nullptr) return {};
    return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::int64_t Rows::integer(int column) const { return sqlite3_column_int64(statement_, column); }

void Rows::bind(int at, std::int64_t value) {
    if (sqlite3_bind_int64(statement_, at + 1, value) != SQLITE_OK) fail(database_);
}

void Rows::bind(int at, std::string_view value) {
    const int state =
        value.empty() ? sqlite3_bind_null(statement_, at + 1)
                      : sqlite3_bind_text(statement_, at + 1, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
    if (state != SQLITE_OK) fail(database_);
}

void Rows::finish() {
    if (sqlite3_step(statement_) != SQLITE_DONE) fail(database_);
    sqlite3_reset(statement_);
}

}  // namespace herkomst
