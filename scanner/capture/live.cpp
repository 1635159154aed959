#include "capture/live.h"

#include <cap-ng.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <deque>
#include <exception>
#include <string_view>
#include <utility>
#include <vector>

#include "capture/run.h"
#include "core/json.h"
#include "core/lines.h"

namespace herkomst {

struct LiveInterface::Handle {
    pcap_t* pcap = nullptr;
    std::uint32_t link_type = 0;
    bool nanoseconds = false;
    LiveCounts last;
};

namespace {

// In batches of this age the kernel hands packets over.
constexpr int batch_milliseconds = 100;

// DLT_ values are the host's, LINKTYPE_ values those of files; they differ for raw IP only (pcap-linktype(7)).
std::uint32_t link_type_of(int datalink) {
    constexpr std::uint32_t raw = 101;
    return datalink == DLT_RAW ? raw : static_cast<std::uint32_t>(datalink);
}

bool can_be_peeled(std::uint32_t link_type) {
    Peeler peeler;
    Peeled out;
    Packet nothing;
    nothing.link_type = link_type;
    nothing.number = 1;
    peeler.peel(nothing, out);
    return peeler.unknown_link_types().empty();
}

std::string names_of_interfaces() {
    std::string names;
    char trouble[PCAP_ERRBUF_SIZE] = {};
    pcap_if_t* all = nullptr;
    if (pcap_findalldevs(&all, trouble) != 0) return names;
    for (const pcap_if_t* one = all; one != nullptr; one = one->next) {
        if ((one->flags & PCAP_IF_UP) == 0) continue;
        names += (names.empty() ? "" : ", ") + std::string(one->name);
    }
    pcap_freealldevs(all);
    return names;
}

LiveFailure failure_of(int status, const std::string& interface, pcap_t* pcap) {
    const std::string detail = pcap_geterr(pcap);
    switch (status) {
        case PCAP_ERROR_NO_SUCH_DEVICE:
        case PCAP_ERROR_IFACE_NOT_UP: {
            if (status == PCAP_ERROR_IFACE_NOT_UP)
                return {LiveFailure::What::Missing, "the interface " + interface + " is down"};
            const std::string others = names_of_interfaces();
            return {LiveFailure::What::Missing,
                    "there is no interface " + interface + (others.empty() ? "" : "; there are: " + others)};
        }
        case PCAP_ERROR_PERM_DENIED:
            return {LiveFailure::What::Permission,
                    "listening on " + interface +
                        " needs the capability CAP_NET_RAW: run as root, or give it to the program "
                        "once with `setcap cap_net_raw+ep`"};
        case PCAP_ERROR_PROMISC_PERM_DENIED:
            return {LiveFailure::What::Permission, "hearing all packets on " + interface +
                                                       " needs the capability CAP_NET_ADMIN; --no-promiscuous goes without"};
        default:
            return {LiveFailure::What::Unusable, "the interface " + interface + " cannot be opened: " +
                                                     (detail.empty() ? std::string(pcap_statustostr(status)) : detail)};
    }
}

}  // namespace

LiveInterface::LiveInterface(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
LiveInterface::~LiveInterface() { pcap_close(handle_->pcap); }

std::unique_ptr<LiveInterface> LiveInterface::open(const LiveOptions& options, LiveFailure& failure) {
    char trouble[PCAP_ERRBUF_SIZE] = {};
    auto handle = std::make_unique<Handle>();
    handle->pcap = pcap_create(options.interface.c_str(), trouble);
    if (handle->pcap == nullptr) {
        failure = {LiveFailure::What::Unusable, "the interface " + options.interface + " cannot be opened: " + trouble};
        return nullptr;
    }
    std::unique_ptr<LiveInterface> live(new LiveInterface(std::move(handle)));
    pcap_t* pcap = live->handle_->pcap;
    pcap_set_snaplen(pcap, snap_length);
    pcap_set_promisc(pcap, options.promiscuous ? 1 : 0);
    pcap_set_timeout(pcap, batch_milliseconds);
    pcap_set_buffer_size(pcap, static_cast<int>(std::clamp(options.buffer_mebibytes, 1U, 1024U) << 20));
    live->handle_->nanoseconds = pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO) == 0;
    const int status = pcap_activate(pcap);
    if (status < 0) {
        failure = failure_of(status, options.interface, pcap);
        return nullptr;
    }
    live->handle_->link_type = link_type_of(pcap_datalink(pcap));
    if (!can_be_peeled(live->handle_->link_type)) {
        const char* known = pcap_datalink_val_to_name(pcap_datalink(pcap));
        failure = {LiveFailure::What::Unusable,
                   "the packets of " + options.interface + " are of a link type that is not understood: " +
                       (known == nullptr ? std::to_string(pcap_datalink(pcap)) : std::string(known))};
        return nullptr;
    }
    if (pcap_setnonblock(pcap, 1, trouble) != 0 || pcap_get_selectable_fd(pcap) < 0) {
        failure = {LiveFailure::What::Unusable, "the interface " + options.interface + " cannot be waited for: " + trouble};
        return nullptr;
    }
    return live;
}

LiveCounts LiveInterface::counts() {
    pcap_stat now{};
    if (pcap_stats(handle_->pcap, &now) == 0) {
        // libpcap counts in 32 bits that run over.
        const auto add = [](std::uint64_t& known, unsigned counted) {
            known += static_cast<std::uint32_t>(counted - static_cast<std::uint32_t>(known));
        };
        add(handle_->last.received, now.ps_recv);
        add(handle_->last.dropped_by_kernel, now.ps_drop);
        add(handle_->last.dropped_by_interface, now.ps_ifdrop);
    }
    return handle_->last;
}

// ---- the worker ----

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif
#else
constexpr bool sanitized = false;
#endif

// What decoding may use beyond what the process has when it starts: all tables full is about a third of it.
constexpr std::size_t memory_max = std::size_t{2} << 30;
constexpr unsigned nobody = 65534;

struct Confinement {
    std::vector<std::string> done;
    std::vector<std::string> without;
    std::string refused;  // what must be given up and could not be
};

void close_all_but(std::vector<unsigned> keep) {
    const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        // A sanitizer's report has to come out somewhere.
        if (nothing >= 0 && !(sanitized && standard == STDERR_FILENO)) dup2(nothing, standard);
    }
    std::sort(keep.begin(), keep.end());
    unsigned from = 3;
    const auto close_range_of = [](unsigned first, unsigned last) {
        if (first > last || close_range(first, last, 0) == 0) return;
        for (unsigned each = first; each <= std::min(last, 65535U); ++each) close(static_cast<int>(each));
    };
    for (const unsigned each : keep) {
        if (each > from) close_range_of(from, each - 1);
        from = std::max(from, each + 1);
    }
    close_range_of(from, ~0U);
}

void limit(Confinement& confinement) {
    const auto set = [](auto resource, rlim_t most) {
        const rlimit both{most, most};
        return setrlimit(resource, &both) == 0;
    };
    bool all = set(RLIMIT_NPROC, 0) && set(RLIMIT_FSIZE, 0) && set(RLIMIT_CORE, 0);
    if (!sanitized) {
        std::size_t pages = 0;
        if (std::FILE* file = std::fopen("/proc/self/statm", "r"); file != nullptr) {
            if (std::fscanf(file, "%zu", &pages) != 1) pages = 0;
            std::fclose(file);
        }
        all = set(RLIMIT_AS, pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) + memory_max) && all;
    }
    (all ? confinement.done : confinement.without).emplace_back("limits");
}

void become_nobody(Confinement& confinement) {
    // Root's capabilities go for ever, even where a program would give them back.
    capng_clear(CAPNG_SELECT_ALL);
    capng_apply(CAPNG_SELECT_BOUNDS);
    if (geteuid() == 0) {
        const bool gone =
            setgroups(0, nullptr) == 0 && setresgid(nobody, nobody, nobody) == 0 && setresuid(nobody, nobody, nobody) == 0;
        if (!gone) {
            confinement.refused = "root could not be given up";
            return;
        }
        confinement.done.emplace_back("root");
    }
    capng_clear(CAPNG_SELECT_CAPS);
    capng_apply(CAPNG_SELECT_CAPS);
    if (capng_get_caps_process() != 0 || capng_have_capabilities(CAPNG_SELECT_CAPS) != CAPNG_NONE) {
        confinement.refused = "capabilities could not be given up";
        return;
    }
    confinement.done.emplace_back("capabilities");
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        confinement.refused = "new privileges could not be given up";
        return;
    }
    confinement.done.emplace_back("new privileges");
}

// docs.kernel.org/userspace-api/landlock: a ruleset that handles every access and allows none.
void leave_files(Confinement& confinement) {
    const long version = syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) {
        confinement.without.emplace_back("landlock: this kernel has none");
        return;
    }
    struct Ruleset {
        std::uint64_t files;
        std::uint64_t network;
    } ruleset{};
    const unsigned accesses = version >= 5 ? 16 : version >= 3 ? 15 : version >= 2 ? 14 : 13;
    ruleset.files = (std::uint64_t{1} << accesses) - 1;
    std::size_t size = sizeof ruleset.files;
    if (version >= 4) {
        ruleset.network = 3;  // bind and connect of TCP
        size = sizeof ruleset;
    }
    const long rules = syscall(SYS_landlock_create_ruleset, &ruleset, size, 0);
    const bool done = rules >= 0 && syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    if (rules >= 0) close(static_cast<int>(rules));
    if (done) {
        confinement.done.emplace_back("landlock");
    } else {
        confinement.without.emplace_back("landlock: the kernel refused it");
    }
}

void leave_system_calls(Confinement& confinement, int lines) {
    if (sanitized) {
        confinement.without.emplace_back("seccomp: this build has a sanitizer, which needs more system calls");
        return;
    }
    const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    bool all = filter != nullptr;
    for (const int call :
         {SCMP_SYS(read), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(getsockopt), SCMP_SYS(getsockname), SCMP_SYS(munmap),
          SCMP_SYS(mremap), SCMP_SYS(brk), SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(clock_gettime),
          SCMP_SYS(restart_syscall), SCMP_SYS(rt_sigreturn), SCMP_SYS(exit), SCMP_SYS(exit_group)}) {
        all = all && seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0;
    }
    // Memory, but none that can be executed; one descriptor to write to; is the interface still there?
    const auto exec = static_cast<scmp_datum_t>(PROT_EXEC);
    for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)}) {
        all = all && seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, scmp_arg_cmp{2, SCMP_CMP_MASKED_EQ, exec, 0}) == 0;
    }
    all = all && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
                                  scmp_arg_cmp{0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(lines), 0}) == 0;
    for (const int request : {SIOCGIFINDEX, SIOCGIFFLAGS, SIOCGIFNAME}) {
        all = all && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
                                      scmp_arg_cmp{1, SCMP_CMP_EQ, static_cast<scmp_datum_t>(request), 0}) == 0;
    }
    all = all && seccomp_load(filter) == 0;
    if (filter != nullptr) seccomp_release(filter);
    if (all) {
        confinement.done.emplace_back("seccomp");
    } else {
        confinement.refused = "system calls could not be given up (seccomp)";
    }
}

class LiveWorker {
  public:
    LiveWorker(LiveInterface& live, const LiveTask& task)
        : handle_(live.handle()), task_(task), trials_(all_decoders()), frame_(task.first_frame - 1) {
        AnalysisOptions options;
        options.site = task.site;
        run_ = std::make_unique<CaptureRun>(trials_, options);
        run_->begin(task.source);
    }

    [[noreturn]] void work() {
        const Confinement confinement = confine();
        Json ready = Json::object();
        ready["type"] = "ready";
        ready["confined"] = Json::array();
        ready["not"] = Json::array();
        for (const std::string& each : confinement.done) ready["confined"].push(each);
        for (const std::string& each : confinement.without) ready["not"].push(each);
        if (!confinement.refused.empty()) gone(confinement.refused);
        queue(ready);
        for (;;) {
            wait(-1);
            if (stop_) leave();
            if (!take_packets()) {
                end_interval(true);
                gone(pcap_geterr(handle_.pcap));
            }
            if (interval_asked_ || run_->rows() >= task_.rows_max) end_interval(false);
        }
    }

  private:
    static constexpr int dispatch_packets = 1024;
    static constexpr std::size_t queue_max = std::size_t{64} << 20;
    static constexpr std::chrono::milliseconds drain_least{3 * batch_milliseconds};
    static constexpr std::chrono::milliseconds drain_most{2000};

    Confinement confine() {
        Confinement confinement;
        // The keeper tells when to stop; a terminal or a service manager tells everybody.
        for (const int each : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) signal(each, SIG_IGN);
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, nullptr);
        close_all_but({static_cast<unsigned>(pcap_get_selectable_fd(handle_.pcap)), static_cast<unsigned>(task_.lines),
                       static_cast<unsigned>(task_.orders)});
        fcntl(task_.lines, F_SETFL, O_NONBLOCK);
        limit(confinement);
        become_nobody(confinement);
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
        // After the change of user, which would undo it.
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        if (getppid() != task_.keeper) _exit(0);
        leave_files(confinement);
        leave_system_calls(confinement, task_.lines);
        return confinement;
    }

    void queue(const Json& line) {
        const std::string text = write_json(line);
        if (text.size() > line_max) {
            ++not_sent_;
            return;
        }
        std::string framed;
        framed.reserve(text.size() + 4);
        for (unsigned shift = 0; shift < 32; shift += 8) framed.push_back(static_cast<char>(text.size() >> shift & 0xff));
        framed += text;
        queued_ += framed.size();
        queue_.push_back(std::move(framed));
    }

    void queue_row(const Json& line) {
        if (queued_ > queue_max) {
            ++not_sent_;
        } else {
            queue(line);
        }
    }

    void send() {
        while (!queue_.empty()) {
            const std::string& front = queue_.front();
            const ssize_t written = write(task_.lines, front.data() + sent_, front.size() - sent_);
            if (written < 0) {
                if (errno == EINTR) continue;
                if (errno == EAGAIN) return;
                _exit(0);  // the keeper is gone
            }
            sent_ += static_cast<std::size_t>(written);
            if (sent_ < front.size()) continue;
            queued_ -= front.size();
            sent_ = 0;
            queue_.pop_front();
        }
    }

    // For packets, orders, or room in the pipe.
    void wait(int milliseconds) {
        std::array<pollfd, 3> all{{{pcap_get_selectable_fd(handle_.pcap), POLLIN, 0},
                                   {task_.orders, POLLIN, 0},
                                   {task_.lines, static_cast<short>(queue_.empty() ? 0 : POLLOUT), 0}}};
        if (poll(all.data(), all.size(), milliseconds) < 0) return;
        if (all[2].revents != 0) send();
        if (all[1].revents == 0) return;
        std::array<char, 16> orders{};
        const ssize_t got = read(task_.orders, orders.data(), orders.size());
        if (got == 0) _exit(0);
        for (ssize_t i = 0; i < got; ++i) {
            const char order = orders[static_cast<std::size_t>(i)];
            if (order == 'I') interval_asked_ = true;
            if (order == 'Q') stop_ = true;
        }
    }

    static void on_packet(u_char* self, const pcap_pkthdr* header, const u_char* bytes) {
        reinterpret_cast<LiveWorker*>(self)->take(*header, bytes);
    }

    void take(const pcap_pkthdr& header, const u_char* bytes) {
        Packet packet;
        const auto fraction = static_cast<std::int64_t>(header.ts.tv_usec) * (handle_.nanoseconds ? 1 : 1000);
        packet.at = Time(std::chrono::seconds(header.ts.tv_sec) + Nanoseconds(fraction));
        packet.bytes = Bytes(bytes, header.caplen);
        packet.wire_length = std::max(header.len, header.caplen);
        packet.link_type = handle_.link_type;
        packet.number = ++frame_;
        if (packets_++ == 0) first_ = last_ = packet.at;
        first_ = std::min(first_, packet.at);
        last_ = std::max(last_, packet.at);
        bytes_ += header.caplen;
        if (run_->take_live(packet)) ++decoded_;
    }

    bool take_packets() {
        const int got = pcap_dispatch(handle_.pcap, dispatch_packets, on_packet, reinterpret_cast<u_char*>(this));
        more_ = got > 0;
        return got >= 0;
    }

    void end_interval(bool final) {
        Analysis learned;
        if (final) run_->end();
        run_->take_interval(learned);
        for (const Observation& row : learned.observations.list()) queue_row(to_json(row));
        for (const auto& row : learned.observations.others()) queue_row(to_json(row));
        for (const Conversation& row : learned.conversations) queue_row(to_json(row));
        for (const Coverage& row : learned.coverage) queue_row(to_json(row));
        Json marker = Json::object();
        marker["type"] = "interval";
        marker["packets"] = packets_;
        marker["bytes"] = bytes_;
        marker["decoded"] = decoded_;
        marker["not_sent"] = not_sent_;
        if (packets_ != 0) {
            marker["first"] = rfc3339(first_);
            marker["last"] = rfc3339(last_);
        }
        marker["final"] = final;
        queue(marker);
        packets_ = bytes_ = decoded_ = not_sent_ = 0;
        interval_asked_ = false;
        send();
    }

    [[noreturn]] void send_all_and_exit(int code) {
        while (!queue_.empty()) wait_for_room();
        _exit(code);
    }

    void wait_for_room() {
        pollfd room{task_.lines, POLLOUT, 0};
        poll(&room, 1, -1);
        send();
    }

    // What the kernel still holds comes within a batch's age.
    [[noreturn]] void leave() {
        const auto begun = std::chrono::steady_clock::now();
        for (;;) {
            const bool alive = take_packets();
            const auto age = std::chrono::steady_clock::now() - begun;
            if (!alive || age > drain_most || (!more_ && age > drain_least)) break;
            if (!more_) {
                pollfd packets{pcap_get_selectable_fd(handle_.pcap), POLLIN, 0};
                poll(&packets, 1, batch_milliseconds / 2);
            }
        }
        end_interval(true);
        send_all_and_exit(0);
    }

    [[noreturn]] void gone(const std::string& sentence) {
        Json line = Json::object();
        line["type"] = "gone";
        line["sentence"] = sentence;
        queue(line);
        send_all_and_exit(0);
    }

    LiveInterface::Handle& handle_;
    const LiveTask& task_;
    Trials trials_;
    std::unique_ptr<CaptureRun> run_;
    std::uint64_t frame_;
    std::uint64_t packets_ = 0;
    std::uint64_t bytes_ = 0;
    std::uint64_t decoded_ = 0;
    std::uint64_t not_sent_ = 0;
    Time first_{};
    Time last_{};
    bool interval_asked_ = false;
    bool stop_ = false;
    bool more_ = false;
    std::deque<std::string> queue_;
    std::size_t queued_ = 0;
    std::size_t sent_ = 0;
};

}  // namespace

void work_live(LiveInterface& live, const LiveTask& task) {
    try {
        LiveWorker(live, task).work();
    } catch (const std::exception&) {
        // Most likely out of memory; the keeper counts it like a death by signal.
    }
    _exit(70);
}

}  // namespace herkomst
