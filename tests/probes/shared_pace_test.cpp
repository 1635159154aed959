// Runs of one machine, at once or one after the other: together they are no faster than one, a device's pause outlives the run
// that asked it, and whoever keeps a run from beginning is named.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <mutex>

#include "../peers/link.h"
#include "peers.h"
#include "probes/target_lock.h"
#include "run_place.h"

using namespace herkomst;
using namespace std::chrono_literals;

namespace shared_pace_test {

TEST_SUITE_BEGIN("probe_shared_pace");

namespace {

Scope one_host(const std::string& ip, std::chrono::milliseconds pause = 200ms) {
    Scope scope;
    scope.until = Time::max();
    ScopeRange range;
    range.range = AddressRange::parse(ip).value();
    range.probes = {"http"};
    range.pause = pause;
    scope.ranges.push_back(range);
    return scope;
}

Knowledge one_device(const std::set<std::string>& addresses) {
    Identified identified;
    Asset asset;
    asset.key = "key";
    asset.kind = "device";
    asset.identifiers.ip.insert(addresses.begin(), addresses.end());
    identified.assets.push_back(asset);
    Knowledge knowledge;
    knowledge.learn(identified);
    return knowledge;
}

// A run that has begun, as far as it can be without sending.
struct Begun {
    Begun(const std::filesystem::path& folder, const Scope& s, const Knowledge& knowledge = {})
        : scope(s), campaign(scope, knowledge, {}, nullptr, {}), lock({folder.string()}), why(lock.take(scope, campaign)) {}
    Scope scope;
    Campaign campaign;
    TargetLock lock;
    std::string why;
    [[nodiscard]] std::chrono::milliseconds waits() {
        const Moment now = std::chrono::steady_clock::now();
        return std::chrono::ceil<std::chrono::milliseconds>(campaign.schedule().take(0, 1, now) - now);
    }
};

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& each : std::filesystem::directory_iterator(folder)) files.push_back(each.path());
    return files;
}

std::string me() { return "process " + std::to_string(::getpid()) + " of uid " + std::to_string(::geteuid()); }

// A server that notes when it is connected to.
class Accepts {
  public:
    explicit Accepts(const std::string& ip)
        : peer_(ip, [this](int fd, const std::atomic<bool>& stop) {
              {
                  const std::lock_guard guard(mutex_);
                  accepted_.push_back(std::chrono::steady_clock::now());
              }
              behaviour::send_all(fd, "SSH-2.0-Example\r\n");
              behaviour::until_closed(fd, stop);
              const std::lock_guard guard(mutex_);
              ended_ = std::chrono::steady_clock::now();
          }) {}
    [[nodiscard]] std::uint16_t port() const { return peer_.port(); }
    std::vector<std::chrono::steady_clock::time_point> accepted() {
        const std::lock_guard guard(mutex_);
        std::vector<std::chrono::steady_clock::time_point> all = accepted_;
        std::sort(all.begin(), all.end());
        return all;
    }
    std::chrono::steady_clock::time_point ended() {
        const std::lock_guard guard(mutex_);
        return ended_;
    }

  private:
    std::mutex mutex_;
    std::vector<std::chrono::steady_clock::time_point> accepted_;
    std::chrono::steady_clock::time_point ended_{};
    Peer peer_;
};

std::string program(const RunPlace& here, const std::string& name) {
    return HERKOMST_BINARY_DIR
           "/bin/herkomst probe --quiet --i-am-authorised Me --until observations "
           "--scope " +
           here.path(name + ".json") + " --record " + here.path(name) + " >" + here.path(name + ".out") + " 2>&1";
}
void scope_named(const RunPlace& here, const std::string& name, const std::string& ranges) {
    here.scope_of_today(ranges);
    std::filesystem::rename(here.path("scope.json"), here.path(name + ".json"));
}

}  // namespace

TEST_CASE("lock: every address of a device is locked, and who has it is named") {
    const Folder folder("lock_device");
    const Knowledge knows = one_device({"192.0.2.3", "192.0.2.4"});
    {
        const Begun first(folder.path(), one_host("192.0.2.3"), knows);
        CHECK(first.why.empty());
        CHECK(Begun(folder.path(), one_host("192.0.2.4"), knows).why ==
              "another run on this machine asks within 192.0.2.4: " + me());
        CHECK(Begun(folder.path(), one_host("192.0.2.4")).why == "another run on this machine asks within 192.0.2.4: " + me());
        const Begun other(folder.path(), one_host("192.0.2.5"), knows);
        CHECK(other.why.empty());
        CHECK(other.lock.told().size() == 1);
    }
    // The run that does not know is there first.
    const Begun first(folder.path(), one_host("192.0.2.4"));
    CHECK(first.why.empty());
    CHECK(first.lock.told().empty());
    CHECK(Begun(folder.path(), one_host("192.0.2.3"), knows).why ==
          "another run on this machine asks 192.0.2.4, which is the device that has 192.0.2.3: " + me());
    // Whoever was refused leaves nothing, and whoever begins takes over what is left behind.
    CHECK(files_in(folder.path()).size() == 1);
}

TEST_CASE("lock: nobody else can lock what is a run's, and a file that was left behind refuses nobody") {
    const Folder folder("lock_stranger");
    std::filesystem::path left;
    {
        const Begun first(folder.path(), one_host("192.0.2.3"));
        REQUIRE(files_in(folder.path()).size() == 1);
        left = files_in(folder.path()).front();
        struct stat is {};
        REQUIRE(::stat(left.c_str(), &is) == 0);
        CHECK((is.st_mode & 0777) == 0644);
        CHECK(static_cast<std::size_t>(is.st_size) <= 64 + TargetLock::slots * 8);
    }
    // What somebody may have who may only read it.
    const int fd = ::open(left.c_str(), O_RDONLY | O_CLOEXEC);
    struct flock lock {};
    lock.l_type = F_RDLCK;
    lock.l_whence = SEEK_SET;
    REQUIRE(::fcntl(fd, F_OFD_SETLK, &lock) == 0);
    const Begun next(folder.path(), one_host("192.0.2.3"));
    CHECK(next.why.empty());
    CHECK(next.lock.told().empty());
    ::close(fd);
    // Who has as many runs as may be is named, too.
    std::vector<std::unique_ptr<Begun>> many;
    for (unsigned i = 1; i < TargetLock::runs_max; ++i)
        many.push_back(std::make_unique<Begun>(folder.path(), one_host("192.0.2." + std::to_string(10 + i))));
    CHECK(many.back()->why.empty());
    const std::string why = Begun(folder.path(), one_host("192.0.2.77")).why;
    CHECK(says(why, "10 runs are under way on this machine: " + me()));
}

TEST_CASE(
    "lock: a device rests after one run as it would within it, by whatever address, and a moment that lies ahead is none") {
    const Folder folder("lock_rests");
    const Knowledge knows = one_device({"192.0.2.3", "192.0.2.4"});
    {
        Begun first(folder.path(), one_host("192.0.2.3", 900s), knows);
        CHECK(first.waits() <= 0ms);
        first.campaign.schedule().heard(0, std::chrono::steady_clock::now());
    }
    {
        Begun other(folder.path(), one_host("192.0.2.4", 900s));
        CHECK(other.waits() > 890s);
        CHECK(other.waits() <= 1800s);
        REQUIRE(other.lock.told().size() == 1);
        CHECK(says(other.lock.told().front(), "they were asked by another run just now (" + me()));
    }
    // A shorter pause is shorter, and others do not wait.
    CHECK(Begun(folder.path(), one_host("192.0.2.3", 200ms)).waits() <= 200ms);
    CHECK(Begun(folder.path(), one_host("198.51.100.77", 900s)).waits() <= 0ms);
    for (const std::filesystem::path& each : files_in(folder.path())) {
        const std::vector<std::int64_t> ahead(
            TargetLock::slots + 1,
            std::chrono::nanoseconds((std::chrono::steady_clock::now() + 1h).time_since_epoch()).count());
        const int fd = ::open(each.c_str(), O_RDWR | O_CLOEXEC);
        CHECK(::pwrite(fd, ahead.data(), ahead.size() * 8 - 8, 64) > 0);
        CHECK(::pwrite(fd, ahead.data(), 8, 24) == 8);
        ::close(fd);
    }
    Begun last(folder.path(), one_host("192.0.2.3", 900s));
    CHECK(last.waits() <= 0ms);
    const Moment now = std::chrono::steady_clock::now();
    CHECK(last.campaign.schedule().admit(0, now) == now);
}

TEST_CASE("runs at once: together they begin no more new devices a second than one") {
    if (!peers::on_a_link("runs at once: together*")) return;
    REQUIRE(
        shell("ip link set here up && for i in $(seq 1 60); do ip addr add 192.0.2.$i/32 dev here || exit 1; done").exit_code ==
        0);
    Accepts server("0.0.0.0");
    const RunPlace here("runs_at_once");
    scope_named(here, "one", RunPlace::range("192.0.2.1-192.0.2.30", {{"ssh", {server.port()}}}));
    scope_named(here, "two", RunPlace::range("192.0.2.31-192.0.2.60", {{"ssh", {server.port()}}}));
    const ProgramRan ran = shell(program(here, "one") + " & " + program(here, "two") + " & wait; cat " + here.path("one.out") +
                                 " " + here.path("two.out"));
    INFO(ran.out);
    const auto accepted = server.accepted();
    REQUIRE(accepted.size() == 60);
    CHECK(says(ran.out, "other runs are under way on this machine, and the pace is shared with them: process "));
    // What the server's thread notes late may look closer to the next.
    for (std::size_t i = 10; i < accepted.size(); ++i) CHECK(accepted[i] - accepted[i - 10] >= 1s - 100ms);
}

TEST_CASE("runs one after the other: a gateway is asked again only when its pause is over") {
    if (!peers::on_a_link("runs one after the other: a gateway*")) return;
    REQUIRE(shell("ip link set here up && ip addr add 192.0.2.10/32 dev here").exit_code == 0);
    Accepts server("192.0.2.10");
    const RunPlace here("runs_after");
    for (const char* name : {"one", "two"})
        scope_named(here, name, RunPlace::range("192.0.2.10", {{"ssh", {server.port()}}}, R"(,"pause":"5s")"));
    CHECK(shell(program(here, "one")).exit_code == 0);
    const auto ended = server.ended();
    CHECK(shell(program(here, "two")).exit_code == 0);
    REQUIRE(server.accepted().size() == 2);
    CHECK(server.accepted().back() - ended >= 5s - 50ms);
}

TEST_SUITE_END();

}  // namespace shared_pace_test
