#include "register/keep.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "register/acts.h"
#include "register/open.h"
#include "register/verify.h"

namespace herkomst {

namespace fs = std::filesystem;

Problems back_up(const Register& held, const std::string& to) {
    const int file = ::open(to.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0 && errno == EEXIST) return {{to, "is there already; a copy is never written over"}};
    if (file < 0) throw std::runtime_error(fmt::format("{}: this copy cannot be made: {}", to, std::strerror(errno)));
    ::close(file);
    try {
        held.connection().database.copy_into(to);
    } catch (const std::runtime_error&) {
        ::unlink(to.c_str());
        throw;
    }
    return {};
}

std::string copy_of(const Register& held) { return held.connection().database.bytes(); }

namespace {

// A file that no other process has open as a register, as long as this lives: SQLite holds a lock on these bytes as long as it
// has one of ours open (the log is in use), whether or not it is reading or writing.
class Alone {
  public:
    explicit Alone(const std::string& path) : file_(::open(path.c_str(), O_RDWR | O_CLOEXEC)) {
        if (file_ < 0) file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (file_ < 0) return;
        struct flock lock = bytes();
        bool taken = ::fcntl(file_, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
        lock = bytes();
        // Of a file that may not be written to, and where nothing can be locked, no more can be known.
        taken = taken || (::fcntl(file_, F_OFD_SETLK, &lock) != 0 && (errno == EAGAIN || errno == EACCES));
        if (!taken) return;
        ::close(file_);
        throw std::runtime_error(fmt::format(
            "{}: another process is using this register, and would go on writing to the one that was put away; end it first",
            path));
    }
    ~Alone() {
        if (file_ >= 0) ::close(file_);
    }
    Alone(const Alone&) = delete;
    Alone& operator=(const Alone&) = delete;

  private:
    static struct flock bytes() {
        struct flock out {};
        out.l_type = F_WRLCK;
        out.l_whence = SEEK_SET;
        out.l_start = 0x40000000;  // sqlite.org/fileformat2.html, the lock-byte page
        out.l_len = 512;
        return out;
    }
    int file_;
};

// At no moment is there nothing at `to`, nor one file with the log of the other.
void replace(const std::string& to, const std::string& by_this, const std::string& kept) {
    std::error_code error;
    // Not every file system has a second name for a file.
    if (::link(to.c_str(), kept.c_str()) != 0) {
        fs::copy_file(to, kept);
        fs::permissions(kept, fs::perms::owner_read | fs::perms::owner_write);
    }
    // As it lies there, log and all: it may be damaged, which is why it is replaced.
    if (fs::exists(to + "-wal", error)) fs::rename(to + "-wal", kept + "-wal");
    fs::remove(to + "-shm", error);
    fs::rename(by_this, to);
}

}  // namespace

Result<std::string> restore(const std::string& copy, const std::string& to, const Act& act, std::string* backup) {
    Problems problems;
    if (act.by.empty()) problems.push_back({to, "nobody is named who does this (--by NAME)"});
    if (act.reason.empty()) problems.push_back({to, "is not done without a reason (--reason TEXT)"});
    std::error_code error;
    if (problems.empty() && fs::exists(to, error)) {
        // What it takes the place of says who may.
        try {
            check_actor(Register::open_to_read(to).connection().database, act, to, problems, true);
        } catch (const std::runtime_error&) {
            // A file that is broken is what a restore is for.
        }
    }
    if (!problems.empty()) return problems;
    std::string kept;
    if (fs::exists(to, error)) {
        kept = to + ".before-restore";
        for (int attempt = 2; fs::exists(kept, error); ++attempt) kept = fmt::format("{}.before-restore-{}", to, attempt);
    }
    const std::string beside = to + ".restoring";
    fs::remove(beside, error);
    {
        const Register held = Register::open_to_read(copy);
        const Verification found = verify(held, {}, 3);
        for (const std::string& each : found.problems) problems.push_back({copy, each});
        if (!problems.empty()) return problems;
        if (!kept.empty()) {
            const Alone now(to);
        }
        problems = back_up(held, beside);
        if (!problems.empty()) return problems;
    }
    {
        Register held = Register::open(beside);
        if (backup != nullptr) *backup = held.backup();
        sql::Database& database = held.connection().database;
        sql::Transaction transaction(database);
        EventChain chain(database, last_run(database), act.now);
        chain.add("restored", "register", "file", by(act));
        transaction.commit();
        // One file, without a log beside it, that can be renamed.
        database.run("PRAGMA journal_mode = DELETE");
    }
    if (kept.empty()) {
        fs::rename(beside, to);
        return kept;
    }
    try {
        const Alone meanwhile(to);
        replace(to, beside, kept);
    } catch (const std::runtime_error&) {
        fs::remove(beside, error);
        throw;
    }
    return kept;
}

}  // namespace herkomst
