// A register is killed and starved at any moment, and holds whole runs only.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <csignal>

#include <filesystem>
#include <random>
#include <thread>

#include "plant.h"
#include "register/open.h"
#include "register/verify.h"

using namespace herkomst;
using namespace herkomst::plant;

namespace crash_test {

TEST_SUITE_BEGIN("register_crash");

namespace {

std::vector<Device> devices(int day) {
    std::vector<Device> out;
    for (int i = 0; i < 8; ++i) {
        const std::string number = std::to_string(10 + i);
        out.push_back({"00:00:5e:00:53:" + number,
                       "10.1.0." + number,
                       {{Field::brand, i % 2 == 0 ? "Example riverside" : "Example hillside"},
                        {Field::model, "RS50K"},
                        {Field::remote_blocked, (day + i) % 3 == 0 ? "1" : "0"},
                        {Field::firmware, std::to_string(day % 5)}}});
    }
    return out;
}

// Records runs until it is stopped from outside, or fails.
[[noreturn]] void record_for_ever(Plant& plant, int day) {
    try {
        for (;; ++day) plant.run(devices(day), day);
    } catch (const std::exception&) {
        ::_exit(7);
    }
}

// How many whole runs there are; every run is one.
std::int64_t whole_runs(const std::string& path) {
    const Register held = Register::open(path);
    const Verification found = verify(held);
    for (const std::string& each : found.problems) FAIL(each);
    sql::Database& db = held.connection().database;
    sql::Query sound(db, "PRAGMA integrity_check");
    REQUIRE(sound.step());
    CHECK(sound.text(0) == "ok");
    CHECK(db.number("SELECT count(*) FROM events WHERE event = 'recorded'") == found.runs);
    // No run without its assets, no finding of a run that is not there.
    CHECK(db.number("SELECT count(*) FROM findings WHERE last_run > (SELECT max(run) FROM runs)") == 0);
    CHECK(db.number("SELECT count(*) FROM runs r WHERE NOT EXISTS (SELECT 1 FROM sources s WHERE s.run = r.run)") == 0);
    CHECK((found.runs == 0 || db.number("SELECT count(*) FROM assets") == 8));
    return found.runs;
}

std::uintmax_t largest_file(const std::string& path) {
    std::uintmax_t size = 0;
    for (const char* side : {"", "-wal"}) {
        std::error_code error;
        const std::uintmax_t one = std::filesystem::file_size(path + side, error);
        if (!error) size = std::max(size, one);
    }
    return size;
}

}  // namespace

TEST_CASE("kill -9 at 200 random moments: it opens, verifies, and holds whole runs only") {
    const Folder folder("killed");
    std::mt19937 random(20260101);
    // From the first moment to some runs later, however long one takes here (sanitizers, a busy machine).
    std::uniform_int_distribution<int> moment(0, 120'000);  // microseconds
    std::int64_t runs = 0;
    std::int64_t kills_with_progress = 0;
    std::optional<Plant> plant;
    for (int kill = 0; kill < 200; ++kill) {
        const bool fresh = kill % 25 == 0;
        if (fresh) {
            plant.emplace(folder, folder.at("site-" + std::to_string(kill) + ".db"));
            const auto before = std::chrono::steady_clock::now();
            plant->run(devices(0), 0);
            const std::chrono::microseconds took =
                std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - before);
            moment.param(std::uniform_int_distribution<int>::param_type(
                0, static_cast<int>(std::clamp<std::int64_t>(3 * took.count(), 120'000, 3'000'000))));
            runs = 1;
        }
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) record_for_ever(*plant, static_cast<int>(runs));
        std::this_thread::sleep_for(std::chrono::microseconds(moment(random)));
        ::kill(child, SIGKILL);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(WIFSIGNALED(status));
        const std::int64_t now = whole_runs(plant->path());
        CHECK(now >= runs);
        kills_with_progress += now > runs ? 1 : 0;
        runs = now;
    }
    CHECK(kills_with_progress > 20);
    MESSAGE("of 200 kills " << kills_with_progress << " came after at least one more run");
}

TEST_CASE("a disk that is full while the first register is made leaves nothing that a second attempt would trip over") {
    const Folder folder("full_at_once");
    Plant plant(folder, folder.at("site.db"));
    for (const rlim_t end : {rlim_t{0}, rlim_t{2'000}, rlim_t{4'096}, rlim_t{20'000}, rlim_t{60'000}}) {
        CAPTURE(end);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            std::signal(SIGXFSZ, SIG_IGN);
            const rlimit limit{end, end};
            ::setrlimit(RLIMIT_FSIZE, &limit);
            try {
                const Register made = Register::open(plant.path());
            } catch (const std::exception&) {
                ::_exit(7);
            }
            ::_exit(0);
        }
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        REQUIRE(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == 7);
        for (const char* ending : {"", "-wal", "-shm", "-journal"}) CHECK_FALSE(std::filesystem::exists(plant.path() + ending));
    }
    plant.run(devices(0), 0);
    CHECK(whole_runs(plant.path()) == 1);
}

TEST_CASE("a disk that is full at random writes: the run is refused, and what was there stays") {
    const Folder folder("full");
    std::mt19937 random(7);
    Plant plant(folder, folder.at("site.db"));
    plant.run(devices(0), 0);
    const std::string uid = plant.uid("10.1.0.10");
    {
        Register held = Register::open(plant.path());
        good(set_fields(held, "asset", uid, {{"zone", "south field"}}, analyst(1, "as drawn")));
    }
    std::int64_t runs = 1;
    int full = 0;
    for (int round = 0; round < 40; ++round) {
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            std::signal(SIGXFSZ, SIG_IGN);
            // Every file ends there, in the middle of whatever is being written.
            const auto end = static_cast<rlim_t>(largest_file(plant.path()) + random() % 40'000);
            const rlimit limit{end, end};
            ::setrlimit(RLIMIT_FSIZE, &limit);
            record_for_ever(plant, static_cast<int>(runs));
        }
        random.discard(1);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        REQUIRE(WIFEXITED(status));
        full += WEXITSTATUS(status) == 7 ? 1 : 0;
        const std::int64_t now = whole_runs(plant.path());
        CHECK(now >= runs);
        runs = now;
        const Register held = Register::open_to_read(plant.path());
        CHECK(work_of(held, "asset", uid).at("zone") == "south field");
    }
    CHECK(full == 40);
    MESSAGE(runs << " runs were recorded before their disk was full");
}

TEST_SUITE_END();

}  // namespace crash_test
