// A SQLite file, as far as vendordb needs one: rows in, rows out. Every failure throws std::runtime_error with SQLite's
// sentence.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace herkomst {

class Database {
  public:
    enum class Open : std::uint8_t { ReadOnly, Create };
    Database(const std::string& path, Open how);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    void run(const std::string& sql);  // any number of statements
    [[nodiscard]] sqlite3* handle() const { return handle_; }

  private:
    sqlite3* handle_ = nullptr;
};

// One prepared statement. Columns and parameters count from 0; text is valid until the next `next`.
class Rows {
  public:
    Rows(const Database&, std::string_view sql);
    ~Rows();
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;

    [[nodiscard]] bool next();
    [[nodiscard]] std::string_view text(int column) const;  // empty for NULL
    [[nodiscard]] std::string string(int column) const { return std::string(text(column)); }
    [[nodiscard]] std::int64_t integer(int column) const;  // 0 for NULL

    // Insert one row: values in order of the parameters; an empty text is NULL.
    template <class... Values>
    void insert(const Values&... values) {
        int at = 0;
        (bind(at++, values), ...);
        finish();
    }

  private:
    void bind(int at, std::int64_t);
    void bind(int at, std::string_view);
    void finish();
    sqlite3* database_;
    sqlite3_stmt* statement_ = nullptr;
};

}  // namespace herkomst
