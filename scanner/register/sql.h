// SQLite as the register uses it: every failure is a std::runtime_error with one sentence that names the file.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace herkomst::sql {

// A reader changes nothing that is stored. It opens the file as a writer does where it may: then the last one to close it takes
// away the log and the index beside it, which every reader of a register makes. In a folder where nothing may be written (a
// read-only medium, a snapshot, somebody else's) it takes the file as it lies there, which is only whole when no log lies
// beside it: with one it is refused. On a full disk, where not even an index can be made, it is the only one at the register.
enum class Mode : std::uint8_t { ReadWrite, ReadOnly };

class Database {
  public:
    Database(std::string path, Mode);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    void run(const std::string& statements);
    // What is stored, into a file that is there and empty.
    void copy_into(const std::string& path);
    // The same as bytes, which are on no disk on the way.
    [[nodiscard]] std::string bytes();
    // Everything that another database holds takes the place of what is here.
    void copy_from(Database&);
    [[nodiscard]] std::int64_t number(const std::string& query);  // first column of the first row; 0 when there is none
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] sqlite3* handle() const { return handle_; }
    [[noreturn]] void fail(int code) const;

    // Whether anybody else changed what is stored since `note_unchanged`, or nothing was noted yet. Within a transaction.
    [[nodiscard]] bool changed_elsewhere();
    void note_unchanged();
    // Who is told at once what a writer finds here that a person has to know; may be nobody.
    std::function<void(const std::string&)> tell;

  private:
    friend class Query;
    void do_without_index();
    std::string path_;
    Mode mode_;
    sqlite3* handle_ = nullptr;
    std::int64_t noted_ = -1;                                      // what SQLite counts of the changes by others
    std::multimap<std::string, sqlite3_stmt*, std::less<>> idle_;  // compiled statements that nobody uses, by their text
};

// A statement with its parameters, compiled once per connection: `Query(db, "... ?1 ...").bind(x).bind(y).run()`, or `while
// (query.step()) query.text(0)`.
class Query {
  public:
    Query(Database&, std::string_view statement);
    ~Query();
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    Query& bind(std::string_view);
    Query& bind(std::int64_t);
    Query& bind_null();
    bool step();  // true: there is a row
    void run();   // to its end, then ready for new parameters

    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::optional<std::string_view> view(int column) const;  // the same until the next step; none: null
    [[nodiscard]] int columns() const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] bool null(int column) const;
    void reset();

  private:
    Database& database_;
    std::string text_;
    sqlite3_stmt* statement_ = nullptr;
    int bound_ = 0;
};

// What is read while it lives is of one moment, whatever others write. Within another one, or a transaction, it does nothing.
class Snapshot {
  public:
    explicit Snapshot(Database&);
    ~Snapshot();
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

  private:
    Database& database_;
    bool own_;
};

// All or nothing: rolls back unless `commit` was reached.
class Transaction {
  public:
    explicit Transaction(Database&);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

  private:
    Database& database_;
    bool open_ = true;
};

}  // namespace herkomst::sql
