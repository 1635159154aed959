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
    if (!kept.empty()) {
        // As it lies there, log and all: it may be damaged, which is why it is replaced.
        fs::rename(to, kept);
        if (fs::exists(to + "-wal", error)) fs::rename(to + "-wal", kept + "-wal");
        fs::remove(to + "-shm", error);
    }
    fs::rename(beside, to);
    return kept;
}

}  // namespace herkomst
