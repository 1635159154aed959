#include "cli/keeper.h"
#include "cli/run_ratings.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "assess/assess.h"
#include "cli/assess_answers.h"
#include "cli/command.h"
#include "cli/intake.h"
#include "cli/open_register.h"
#include "cli/outputs.h"
#include "cli/version.h"
#include "core/counted.h"
#include "core/file.h"
#include "core/lines.h"
#include "identity/asset.h"
#include "probes/gate.h"
#include "register/dutch.h"
#include "register/fold.h"
#include "register/overview.h"
#include "register/register.h"
#include "register/work.h"
#include "report/problem_words.h"
#include "report/words.h"
#include "vendordb/vendordb.h"

namespace herkomst {

namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

class File {
  public:
    File() = default;
    explicit File(int number) : number_(number) {}
    ~File() { close(); }
    File(File&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    File& operator=(File&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    void close() {
        if (number_ >= 0) ::close(std::exchange(number_, -1));
    }
    [[nodiscard]] int number() const { return number_; }

  private:
    int number_ = -1;
};

[[noreturn]] void fail(const char* what) { throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(errno))); }

// A child process with its two pipes.
struct Worker {
    pid_t process = -1;
    File lines;
    File orders;
    Intake intake;
    std::uint64_t packets = 0;  // that it reported
    bool asked = false;         // for an interval or to stop, and did not answer yet
    Steady::time_point heard_of;

    Worker(std::string site, std::string source) : intake(std::move(site), std::move(source)) {}
    ~Worker() {
        if (process > 0) {
            ::kill(process, SIGKILL);
            ::waitpid(process, nullptr, 0);
        }
    }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void order(char what) {
        asked = true;
        heard_of = Steady::now();
        // A pipe that is full or broken shows in the answer that does not come.
        if (::write(orders.number(), &what, 1) < 0) return;
    }
};

// A register that nobody asked to keep.
class ThrownAwayRegister {
  public:
    ThrownAwayRegister() {
        std::string pattern = (std::filesystem::temp_directory_path() / "herkomst.XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) fail("a folder for a register that is thrown away");
        folder_ = pattern;
    }
    ~ThrownAwayRegister() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    ThrownAwayRegister(const ThrownAwayRegister&) = delete;
    ThrownAwayRegister& operator=(const ThrownAwayRegister&) = delete;
    [[nodiscard]] std::string path() const { return folder_ + "/register.db"; }

  private:
    std::string folder_;
};

class Keeper {
  public:
    Keeper(const ListenOptions& options, std::unique_ptr<LiveInterface> live, const VendorDb& db, const PolicyPacks& packs,
           Register& site)
        : options_(options),
          db_(db),
          packs_(packs),
          register_(site),
          notices_(options.notices),
          live_(std::move(live)),
          started_(Steady::now()) {
        told_paths_.keys() = paths_of_register();
        if (::stat(register_.path().c_str(), &place_) != 0) fail("the register is not where it was opened");
        source_ = "live:" + options.live.interface + "@" + rfc3339(std::chrono::floor<seconds>(options.now));
    }

    int keep() {
        sigset_t told;
        sigemptyset(&told);
        for (const int each : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&told, each);
        if (sigprocmask(SIG_BLOCK, &told, nullptr) != 0) fail("signals cannot be blocked");
        std::signal(SIGPIPE, SIG_IGN);
        signals_ = File(::signalfd(-1, &told, SFD_CLOEXEC | SFD_NONBLOCK));
        if (signals_.number() < 0) fail("signals cannot be waited for");
        const std::string tlp = setting(register_, "tlp");
        notices_.label(tlp);
        notices_.status("TLP:" + tlp);
        std::printf("%s\n", header_line("alerts", db_.version(), packs_.version(), tlp).c_str());
        std::fflush(stdout);
        start_worker();
        next_interval_ = Steady::now() + options_.interval;
        while (!finished_) {
            wait();
            const auto now = Steady::now();
            if (options_.duration.count() > 0 && now - started_ >= options_.duration) stop(exit_done);
            if (worker_) {
                if (!stopping_ && now >= next_interval_ && !worker_->asked) worker_->order('I');
                if (worker_->asked && now - worker_->heard_of > (stopping_ ? stop_patience : patience)) {
                    lose_worker("it does not answer", false);
                }
            } else if (stopping_) {
                finished_ = true;
            } else if (now >= next_start_) {
                start_worker();
            }
        }
        // What was lost at the very end is said too.
        if (!carried_.empty()) commit(Interval{});
        return exit_code_;
    }

  private:
    static constexpr seconds patience{60};
    static constexpr seconds stop_patience{20};
    static constexpr seconds pause_most{60};
    static constexpr std::chrono::hours generation{12};
    static constexpr std::size_t generation_rows = 500'000;
    static constexpr std::size_t paths_known_most = 100'000;

    // The one clock, as it goes on.
    [[nodiscard]] Time now() const { return options_.now + std::chrono::duration_cast<Nanoseconds>(Steady::now() - started_); }

    template <class... Args>
    void say(fmt::format_string<Args...> form, Args&&... args) {
        const std::string text = fmt::format(form, std::forward<Args>(args)...);
        notices_.status(rfc3339(std::chrono::floor<seconds>(now())) + " " + text);
    }
    [[nodiscard]] std::string_view word(std::string_view nl, std::string_view en) const {
        return options_.language == "nl" ? nl : en;
    }

    void carry(std::string_view outcome, std::uint64_t count) {
        if (count != 0) carried_[std::string(outcome)] += count;
    }

    void wait() {
        std::array<pollfd, 2> all{{{signals_.number(), POLLIN, 0}, {worker_ ? worker_->lines.number() : -1, POLLIN, 0}}};
        auto until = worker_ ? next_interval_ : next_start_;
        if (worker_ && worker_->asked) until = worker_->heard_of + (stopping_ ? stop_patience : patience);
        if (options_.duration.count() > 0 && !stopping_) until = std::min(until, started_ + options_.duration);
        const auto left = std::chrono::ceil<milliseconds>(until - Steady::now());
        ::poll(all.data(), all.size(), static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000)));
        if ((all[0].revents & POLLIN) != 0) read_signals();
        if (worker_ && all[1].revents != 0) read_worker();
    }

    void read_signals() {
        signalfd_siginfo told{};
        while (::read(signals_.number(), &told, sizeof told) == static_cast<ssize_t>(sizeof told)) {
            stop(told.ssi_signo == SIGINT ? exit_interrupted : exit_done);
        }
    }

    void stop(int exit_code) {
        if (stopping_) return;
        stopping_ = true;
        exit_code_ = exit_code;
        if (worker_) worker_->order('Q');
    }

    // ---- workers ----

    void start_worker() {
        if (!live_) {
            LiveFailure failure;
            live_ = LiveInterface::open(options_.live, failure);
            if (!live_) {
                if (failure.sentence != last_failure_) say("{}", problem_in(failure.sentence, options_.language));
                last_failure_ = failure.sentence;
                next_start_ = Steady::now() + pause_;
                pause_ = std::min(pause_ * 2, pause_most);
                return;
            }
            last_failure_.clear();
            counted_ = {};
        }
        std::array<int, 2> lines{};
        std::array<int, 2> orders{};
        if (::pipe2(lines.data(), O_CLOEXEC) != 0) fail("a pipe cannot be made");
        auto worker = std::make_unique<Worker>(options_.site, source_);
        worker->lines = File(lines[0]);
        File write_lines(lines[1]);
        if (::pipe2(orders.data(), O_CLOEXEC) != 0) fail("a pipe cannot be made");
        File read_orders(orders[0]);
        worker->orders = File(orders[1]);
        LiveTask task;
        task.lines = write_lines.number();
        task.orders = read_orders.number();
        task.keeper = static_cast<int>(::getpid());
        task.site = options_.site;
        task.source = source_;
        task.rows_max = options_.rows;
        task.first_frame = frames_ + 1;
        std::fflush(stdout);
        std::fflush(stderr);
        const pid_t process = ::fork();
        if (process < 0) fail("a worker cannot be forked");
        if (process == 0) work_live(*live_, task);
        worker->process = process;
        ::fcntl(worker->lines.number(), F_SETFL, O_NONBLOCK);
        ::fcntl(worker->orders.number(), F_SETFL, O_NONBLOCK);
        worker->heard_of = Steady::now();
        worker_ = std::move(worker);
        greeted_ = false;
        next_interval_ = Steady::now() + options_.interval;
    }

    void greet() {
        greeted_ = true;
        std::string done;
        for (const std::string& each : worker_->intake.confined()) done += (done.empty() ? "" : ", ") + each;
        say("{} {} {} {}: {} {}", word("luistert op", "listening on"), options_.live.interface,
            word("met werkproces", "with worker"), worker_->process, word("die opgaf:", "that gave up:"), done);
        for (const std::string& each : worker_->intake.not_confined()) {
            if (std::find(said_.begin(), said_.end(), each) != said_.end()) continue;
            said_.push_back(each);
            say("{} {}", word("zonder", "without"), each);
        }
    }

    void read_worker() {
        std::array<char, 65536> block;  // NOLINT: filled by read
        // Bounded, so that signals and the clock get their turn.
        for (int turn = 0; turn < 64; ++turn) {
            const ssize_t got = ::read(worker_->lines.number(), block.data(), block.size());
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return;
            if (got == 0) {
                worker_ended();
                return;
            }
            worker_->heard_of = Steady::now();
            const bool right = worker_->intake.take({block.data(), static_cast<std::size_t>(got)});
            if (!greeted_ && worker_->intake.ready()) greet();
            for (Interval& interval : worker_->intake.intervals()) {
                worker_->packets += interval.packets;
                worker_->asked = stopping_ && !interval.final;
                pause_ = seconds(1);
                commit(interval);
                next_interval_ = Steady::now() + options_.interval;
            }
            if (!right) {
                carry("lines of a worker refused", 1);
                lose_worker(worker_->intake.problem(), false);
                return;
            }
        }
    }

    // The pipe is closed: it left as it was told, or the interface is gone, or it died.
    void worker_ended() {
        const std::string gone = worker_->intake.gone();
        int status = 0;
        // It may have closed the pipe and live on.
        ::kill(worker_->process, SIGKILL);
        const pid_t process = ::waitpid(worker_->process, &status, 0) == worker_->process ? worker_->process : -1;
        worker_->process = -1;
        if (stopping_ && process > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 && gone.empty()) {
            worker_.reset();
            finished_ = true;
            return;
        }
        if (!gone.empty()) {
            lose_worker(gone, true);
        } else if (WIFSIGNALED(status)) {
            lose_worker(fmt::format("{} {}", word("het eindigde door signaal", "it was ended by signal"), WTERMSIG(status)),
                        false);
        } else {
            lose_worker(fmt::format("{} {}", word("het eindigde met code", "it ended with code"), WEXITSTATUS(status)), false);
        }
    }

    // The ring that it read cannot be read by another: packets in it are lost with it, and the interface is opened again.
    void lose_worker(const std::string& why, bool interface_gone) {
        take_counts();
        // Received is with what was dropped, which is said elsewhere.
        const std::uint64_t reached = counted_.received - std::min(counted_.received, counted_.dropped_by_kernel);
        const std::uint64_t lost = reached - std::min(reached, worker_->packets);
        worker_.reset();
        live_.reset();
        carry(interface_gone ? "interface opened again" : "worker restarted", 1);
        carry("packets lost with a worker", lost);
        const std::string_view what =
            interface_gone ? word("interface verloren", "interface lost") : word("werkproces verloren", "worker lost");
        say("{}: {}; {}", what, why,
            counted(lost, word("pakket verloren", "packet lost"), word("pakketten verloren", "packets lost")));
        if (stopping_) {
            finished_ = true;
            return;
        }
        say("{} {} s", word("opnieuw over", "again in"), pause_.count());
        next_start_ = Steady::now() + pause_;
        pause_ = std::min(pause_ * 2, pause_most);
    }

    // What the kernel counted since the last time.
    void take_counts() {
        if (!live_) return;
        const LiveCounts all = live_->counts();
        since_.received += all.received - counted_.received;
        since_.dropped_by_kernel += all.dropped_by_kernel - counted_.dropped_by_kernel;
        since_.dropped_by_interface += all.dropped_by_interface - counted_.dropped_by_interface;
        counted_ = all;
    }

    // ---- an interval ----

    // Paths that the register knows from before are not new.
    std::set<std::string> paths_of_register() {
        std::set<std::string> keys;
        if (sites_of(register_).empty()) return keys;
        for (const OverviewAsset& asset : overview(register_, nullptr).assets) {
            const Belief* belief = asset.belief(Field::control_path);
            if (belief == nullptr) continue;
            std::vector<std::string> all = belief->dissent;
            all.push_back(belief->value);
            for (const std::string& text : all) {
                if (const std::optional<PathTold> told = path_told(text)) keys.insert(path_key(asset.uid, told->path));
            }
        }
        return keys;
    }

    // Those of devices that had them under this key before need no look into the register.
    std::vector<const Path*> new_paths(const Identified& identified) {
        std::vector<const Path*> out;
        if (known_paths_.size() > paths_known_most) known_paths_.clear();
        for (const Path& path : identified.paths) {
            if (known_paths_.insert(path_key(path.asset, path)).second) out.push_back(&path);
        }
        return out;
    }

    void rotate() {
        const bool old = Steady::now() - generation_began_ >= generation;
        if (!old && recent_.rows() < generation_rows) return;
        earlier_ = std::exchange(recent_, {});
        generation_began_ = Steady::now();
    }

    // A device that was known by its address first, and by more later, is no other device: keys that its endpoints had.
    std::map<std::string, std::set<std::string>> former_keys(const Identified& identified) {
        std::map<std::string, bool> weak;
        for (const Asset& asset : identified.assets) weak[asset.key] = asset.strong.empty();
        std::map<std::string, std::set<std::string>> formerly;
        for (const auto& [endpoint, key] : identified.asset_of) {
            const auto known = weak_keys_.find(endpoint);
            if (known != weak_keys_.end() && !weak.contains(known->second)) formerly[key].insert(known->second);
        }
        weak_keys_.clear();
        for (const auto& [endpoint, key] : identified.asset_of) {
            const auto about = weak.find(key);
            if (about != weak.end() && about->second) weak_keys_.emplace(endpoint, key);
        }
        return formerly;
    }

    // Whoever puts another file in its place does not reach the one that is open here.
    void check_place() const {
        struct stat about {};
        const bool there = ::stat(register_.path().c_str(), &about) == 0;
        if (there && about.st_dev == place_.st_dev && about.st_ino == place_.st_ino) return;
        throw std::runtime_error(in_language(register_.path() +
                                                 ": this register was replaced by another file while this was running; what is "
                                                 "heard from now on belongs in that one",
                                             options_.language));
    }

    void commit(const Interval& interval) {
        check_place();
        take_counts();
        const LiveCounts counts = std::exchange(since_, {});
        carry("dropped by the kernel", counts.dropped_by_kernel);
        carry("dropped by the interface", counts.dropped_by_interface);
        carry("lines not sent", interval.not_sent);
        carry("no room to remember", interval.heard.dropped());
        frames_ += interval.packets;
        const std::string line = fmt::format(
            "{} ({} {}), {} {} {}, {} {}, {} {}; {} {}",
            counted(interval.packets, word("pakket", "packet"), word("pakketten", "packets")), counts.received,
            word("volgens de kernel", "by the kernel's count"), word("verloren:", "dropped:"), counts.dropped_by_kernel,
            word("door de kernel", "by the kernel"), counts.dropped_by_interface, word("door de interface", "by the interface"),
            interval.not_sent, word("regels door ons", "lines by us"), interval.decoded, word("ontleed", "decoded"));
        if (interval.packets == 0 && interval.coverage.empty() && carried_.empty()) {
            say("{}", line);
            return;
        }
        rotate();
        recent_.add(interval.heard);
        const Heard* heard = &recent_;
        Heard both;
        if (earlier_.rows() != 0) {
            both = earlier_;
            both.add(recent_);
            heard = &both;
        }
        ScanRun run;
        run.site = options_.site;
        run.now = now();
        run.assertions = assertions_of(register_);
        const Identified identified = identify(heard->observations().list(), heard->conversations(), db_,
                                               {options_.people_devices, run.now, run.assertions, options_.own});
        AssessOptions judging;
        judging.site = options_.site;
        judging.answers = answers_for(register_, identified, db_, run.now);
        const Assessment assessment = assess(identified, db_, packs_, judging);
        run.program = program_name();
        run.vendordb = db_.version();
        RunSource source;
        source.id = source_;
        source.path = options_.live.interface;
        source.kind = "interface";
        source.packets = interval.packets;
        source.bytes = interval.bytes;
        source.first = interval.first;
        source.last = interval.last;
        source.usable = true;
        run.sources.push_back(source);
        run.coverage = interval.coverage;
        for (const auto& [outcome, count] : carried_) run.coverage.push_back({{}, "capture", outcome, count});
        run.identified = &identified;
        run.assessment = &assessment;
        run.policies = &packs_;
        run.vendors = &db_;
        run.one_of_many = true;
        run.rate = ratings_for(&register_, identified, assessment, run.now);
        run.formerly = former_keys(identified);
        run.sessions = sessions_that_gate(identified, fragile_);
        const RunReceipt receipt = register_.record(run);
        if (std::string today = rfc3339(run.now).substr(0, 10); today != folded_on_) {
            fold_days(register_, run.now);
            folded_on_ = std::move(today);
        }
        std::string told;
        for (const auto& [outcome, count] : carried_) {
            if (!outcome.starts_with("dropped by") && outcome != "lines not sent")
                told += fmt::format("; {}: {}", options_.language == "nl" ? words_.outcome(outcome) : outcome, count);
        }
        carried_.clear();
        std::uint64_t findings = 0;
        const std::vector<const Path*> paths = new_paths(identified);
        if (receipt.assets_new + receipt.opened + receipt.reopened + paths.size() != 0)
            findings = tell_alerts(register_, db_, receipt, paths, told_paths_.keys(), run.now, options_.language, notices_);
        told_paths_.bound([&] { return paths_of_register(); });
        carry("alerts that the hook did not take", notices_.tend());
        say("{} {}: {}; {} ({} {}), {}{}", word("inventarisatie", "run"), receipt.run, line,
            counted(identified.assets.size(), "asset", "assets"), receipt.assets_new, word("nieuw", "new"),
            counted(findings, word("nieuwe bevinding", "new finding"), word("nieuwe bevindingen", "new findings")), told);
    }

    const ListenOptions& options_;
    const VendorDb& db_;
    const PolicyPacks& packs_;
    const Words words_{options_.language};
    const std::vector<FragileFamily> fragile_ = fragile_families();
    Register& register_;
    struct stat place_ {};
    Notices notices_;
    std::unique_ptr<LiveInterface> live_;
    std::unique_ptr<Worker> worker_;
    File signals_;
    std::string source_;
    Steady::time_point started_;
    Steady::time_point next_interval_{};
    Steady::time_point next_start_{};
    seconds pause_{1};
    std::string last_failure_;
    std::vector<std::string> said_;
    bool greeted_ = false;
    bool stopping_ = false;
    bool finished_ = false;
    int exit_code_ = exit_done;

    LiveCounts counted_;  // of this opening, at the last look
    LiveCounts since_;    // the last commit
    std::uint64_t frames_ = 0;
    std::map<std::string, std::uint64_t> carried_;  // coverage of the next run, by outcome
    std::map<Endpoint, std::string> weak_keys_;     // of the last run
    ToldPaths told_paths_{paths_known_most};        // by uid
    std::set<std::string> known_paths_;             // path_key
    Heard recent_;
    Heard earlier_;
    Steady::time_point generation_began_ = Steady::now();
    std::string folded_on_;  // the day on which earlier days were folded
};

}  // namespace

int keep(const ListenOptions& options) {
    const auto complain = [&](const Problems& problems) {
        for (const Problem& problem : problems) std::fprintf(stderr, "%s\n", problem_in(problem, options.language).c_str());
    };
    int exit_code = 0;
    require_data();
    const std::optional<VendorDb> db = options.vendor_data.open(exit_code);
    if (!db) return exit_code;
    const Result<PolicyPacks> packs = PolicyPacks::load(data_folder() + "/rules", options.policies);
    if (!packs) {
        complain(packs.problems());
        return exit_usage;
    }
    LiveFailure failure;
    std::unique_ptr<LiveInterface> live = LiveInterface::open(options.live, failure);
    if (!live) {
        std::fprintf(stderr, "herkomst listen: %s\n", problem_in(failure.sentence, options.language).c_str());
        return failure.what == LiveFailure::What::Missing ? exit_usage : exit_machine;
    }
    std::optional<ThrownAwayRegister> scratch;
    if (options.register_path.empty()) scratch.emplace();
    Register site = open_register(scratch ? scratch->path() : options.register_path, options.language);
    return Keeper(options, std::move(live), *db, packs.value(), site).keep();
}

}  // namespace herkomst
