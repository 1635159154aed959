// A copy put in a register's place while somebody has it open, and a register where nothing may be written.
#include <fcntl.h>
#include <grp.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <string>

#include "core/file.h"
#include "register/keep.h"
#include "register/open.h"
#include "register/verify.h"
#include "tests/register/complaint.h"
#include "tests/register/plant.h"

using namespace herkomst;
using namespace herkomst::plant;
using herkomst::test::complaint;

namespace fs = std::filesystem;

namespace restore_test {

TEST_SUITE_BEGIN("register.restore");

namespace {

Device controller(const char* mac, const char* ip) {
    return {mac, ip, {{Field::brand, "Example hillside"}, {Field::category, "plc"}}};
}

// Somebody else's process that has the register open, as a scan or `listen` has, until this goes.
class Other {
  public:
    explicit Other(const std::string& path) {
        std::array<int, 2> ready{};
        std::array<int, 2> leave{};
        REQUIRE(::pipe(ready.data()) == 0);
        REQUIRE(::pipe(leave.data()) == 0);
        process_ = ::fork();
        REQUIRE(process_ >= 0);
        char byte = 'x';
        if (process_ == 0) {
            ::close(leave[1]);
            try {
                const Register held = Register::open(path);
                if (::write(ready[1], &byte, 1) == 1 && ::read(leave[0], &byte, 1) < 0) ::_exit(2);
            } catch (const std::exception&) {
                ::_exit(1);
            }
            ::_exit(0);
        }
        ::close(ready[1]);
        ::close(leave[0]);
        leave_ = leave[1];
        const bool came = ::read(ready[0], &byte, 1) == 1;
        ::close(ready[0]);
        REQUIRE(came);
    }
    ~Other() {
        ::close(leave_);
        ::waitpid(process_, nullptr, 0);
    }
    Other(const Other&) = delete;
    Other& operator=(const Other&) = delete;

  private:
    pid_t process_ = -1;
    int leave_ = -1;
};

// Names that left the folder, or were taken for something else, while this lives.
class Watch {
  public:
    explicit Watch(const std::string& folder) : file_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
        REQUIRE(file_ >= 0);
        REQUIRE(::inotify_add_watch(file_, folder.c_str(), IN_MOVED_FROM | IN_DELETE) >= 0);
    }
    ~Watch() { ::close(file_); }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    [[nodiscard]] std::set<std::string> gone() const {
        std::set<std::string> out;
        alignas(inotify_event) std::array<char, 8192> block{};
        for (ssize_t got = 0; (got = ::read(file_, block.data(), block.size())) > 0;) {
            for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
                inotify_event event{};
                std::memcpy(&event, block.data() + at, sizeof event);
                out.insert(block.data() + at + sizeof event);
                at += sizeof event + event.len;
            }
        }
        return out;
    }

  private:
    int file_;
};

// What a process of somebody without rights says; empty: nothing, it ended well.
template <class What>
std::string as_nobody(What what) {
    std::array<int, 2> said{};
    REQUIRE(::pipe(said.data()) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        constexpr uid_t nobody = 65534;
        if (::geteuid() == 0 && (::setgroups(0, nullptr) != 0 || ::setgid(nobody) != 0 || ::setuid(nobody) != 0)) ::_exit(3);
        std::string out;
        try {
            what();
        } catch (const std::exception& failed) {
            out = failed.what();
        }
        ::_exit(::write(said[1], out.data(), out.size()) == static_cast<ssize_t>(out.size()) ? 0 : 4);
    }
    ::close(said[1]);
    std::string out;
    std::array<char, 4096> block{};
    for (ssize_t got = 0; (got = ::read(said[0], block.data(), block.size())) > 0;)
        out.append(block.data(), static_cast<std::size_t>(got));
    ::close(said[0]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    return out;
}

}  // namespace

TEST_CASE("a register that another process has open is not replaced, and one that nobody has is") {
    const Folder folder("restore_open");
    Plant plant(folder, folder.at("site.db"));
    plant.run({controller("00:00:5e:00:53:01", "10.1.0.1")}, 0);
    REQUIRE(back_up(Register::open_to_read(plant.path()), folder.at("copy.db")).empty());
    plant.run({controller("00:00:5e:00:53:01", "10.1.0.1")}, 1);
    {
        const Other other(plant.path());
        const std::string said =
            complaint([&] { (void)restore(folder.at("copy.db"), plant.path(), owner(2, "back to before")); });
        CHECK_MESSAGE(said.find("another process is using this register") != std::string::npos, said);
        for (const char* left : {"site.db.before-restore", "site.db.restoring"})
            CHECK_FALSE_MESSAGE(fs::exists(folder.at(left)), std::string(left));
    }
    CHECK(Register::open_to_read(plant.path()).connection().database.number("SELECT count(*) FROM runs") == 2);
    // A damaged one as well: whoever has it open goes on writing to it.
    {
        const Other other(plant.path());
        const int file = ::open(plant.path().c_str(), O_WRONLY | O_CLOEXEC);
        REQUIRE(file >= 0);
        REQUIRE(::pwrite(file, "damaged", 7, 0) == 7);
        ::close(file);
        CHECK(complaint([&] {
                  (void)restore(folder.at("copy.db"), plant.path(), owner(2, "it is damaged"));
              }).find("another process is using this register") != std::string::npos);
    }
    const std::string kept = good(restore(folder.at("copy.db"), plant.path(), owner(2, "it is damaged")));
    CHECK(read_file(kept).value().starts_with("damaged"));
    CHECK(Register::open_to_read(plant.path()).connection().database.number("SELECT count(*) FROM runs") == 1);
}

TEST_CASE("there is a register at every moment of a restore, and what was there is kept") {
    const Folder folder("restore_moment");
    Plant plant(folder, folder.at("site.db"));
    plant.run({controller("00:00:5e:00:53:01", "10.1.0.1")}, 0);
    REQUIRE(back_up(Register::open_to_read(plant.path()), folder.at("copy.db")).empty());
    plant.run({controller("00:00:5e:00:53:01", "10.1.0.1")}, 1);
    for (const int again : {0, 1}) {
        const Watch watch(folder.at(""));
        const std::string kept = good(restore(folder.at("copy.db"), plant.path(), owner(2, "back to before")));
        CHECK_FALSE(watch.gone().contains("site.db"));
        const Register before = Register::open_to_read(kept);
        CHECK(before.connection().database.number("SELECT count(*) FROM runs") == (again == 0 ? 2 : 1));
        CHECK(verify(before).problems.empty());
        CHECK(verify(Register::open_to_read(plant.path())).problems.empty());
        struct stat one {};
        struct stat other {};
        REQUIRE(::stat(kept.c_str(), &one) == 0);
        REQUIRE(::stat(plant.path().c_str(), &other) == 0);
        CHECK(one.st_ino != other.st_ino);
        CHECK(one.st_nlink == 1);
    }
}

TEST_CASE("a register in a folder where nothing may be written can be read, verified and copied from") {
    const Folder folder("read_only");
    const std::string there = folder.at("there/site.db");
    fs::create_directories(folder.at("there"));
    {
        Plant plant(folder, there);
        plant.run({controller("00:00:5e:00:53:01", "10.1.0.1")}, 0);
    }
    fs::permissions(folder.at(""), fs::perms::all);
    REQUIRE(::chmod(there.c_str(), 0444) == 0);
    REQUIRE(::chmod(folder.at("there").c_str(), 0555) == 0);
    CHECK(as_nobody([&] {
              const Register held = Register::open_to_read(there);
              if (overview(held, nullptr).assets.size() != 1) throw std::runtime_error("an asset is missing");
              if (!verify(held).problems.empty()) throw std::runtime_error(verify(held).problems.front());
              if (!back_up(held, folder.at("by_nobody.db")).empty()) throw std::runtime_error("no copy");
          }) == "");
    CHECK(as_nobody([&] { Register::open(there); }).find("written to") != std::string::npos);
    // With a log beside it that was not worked in yet, what stands in the file alone would be yesterday's.
    REQUIRE(::chmod(folder.at("there").c_str(), 0755) == 0);
    write_file(there + "-wal", "what a writer left", 0444);
    REQUIRE(::chmod(folder.at("there").c_str(), 0555) == 0);
    const std::string said = as_nobody([&] { Register::open_to_read(there); });
    CHECK_MESSAGE(said.find("copy it, with what lies beside it, to a folder where you may write") != std::string::npos, said);
    REQUIRE(::chmod(folder.at("there").c_str(), 0755) == 0);
}

TEST_SUITE_END();

}  // namespace restore_test
