#include "probes/target_lock.h"

#include <dirent.h>
#include <fcntl.h>
#include <net/if.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <ctime>
#include <map>
#include <string_view>

namespace herkomst {

namespace {

// The file: |"herkomst-probe-1"|process 8|last moment 8|..64|moment 8 of each slot|, in the machine's own order.
using LockWord = std::array<char, 16>;
constexpr LockWord lock_word = {'h', 'e', 'r', 'k', 'o', 'm', 's', 't', '-', 'p', 'r', 'o', 'b', 'e', '-', '1'};
struct LockHead {
    LockWord word{};
    std::int64_t process = 0;
    std::int64_t newest = 0;
    std::array<std::int64_t, 4> spare{};
};
static_assert(sizeof(LockHead) == 64);
constexpr std::size_t lock_table_bytes = TargetLock::slots * sizeof(std::int64_t);

// Where things are locked: addresses, links, and that there is a run at all.
constexpr std::int64_t place_of_sixes = std::int64_t{1} << 61;
constexpr std::int64_t place_of_links = std::int64_t{1} << 62;
constexpr std::int64_t place_of_life = place_of_links + place_of_sixes;

std::int64_t place_of(const IpAddress& ip) {
    const bool six = ip.version == 6;
    std::uint64_t number = 0;
    for (std::size_t i = six ? 8 : 0; i < (six ? 16U : 4U); ++i) number = (number << 8) | ip.bytes[i];
    constexpr auto sixes = static_cast<std::uint64_t>(place_of_sixes);
    return static_cast<std::int64_t>(six ? sixes + (number & (sixes - 1)) : number);
}

std::size_t slot_of(const IpAddress& ip) {
    std::uint64_t mixed = ip.version;
    for (const std::uint8_t byte : ip.bytes) mixed = (mixed ^ byte) * 0x9e3779b97f4a7c15ULL;
    return static_cast<std::size_t>((mixed ^ (mixed >> 29)) % TargetLock::slots);
}

struct flock lock_of_bytes(short kind, std::int64_t from, std::int64_t size) {
    struct flock lock {};
    lock.l_type = kind;
    lock.l_whence = SEEK_SET;
    lock.l_start = from;
    lock.l_len = size;
    return lock;
}
bool lock_bytes(int fd, std::int64_t from, std::int64_t size) {
    struct flock lock = lock_of_bytes(F_WRLCK, from, size);
    return ::fcntl(fd, F_OFD_SETLK, &lock) == 0;
}
// By somebody who may write the file: whoever may only read it can have no such lock.
bool bytes_locked(int fd, std::int64_t from, std::int64_t size) {
    struct flock lock = lock_of_bytes(F_RDLCK, from, size);
    return ::fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

std::int64_t number_of_moment(Moment at) { return std::chrono::nanoseconds(at.time_since_epoch()).count(); }
Moment moment_of_number(std::int64_t number) {
    return Moment(std::chrono::duration_cast<Moment::duration>(std::chrono::nanoseconds(number)));
}
std::int64_t number_of_now() { return number_of_moment(std::chrono::steady_clock::now()); }

const std::string files_of_all = "herkomst-probe-";
std::string files_of_here() {
    struct stat space {};
    if (::stat("/proc/self/ns/net", &space) != 0) space.st_ino = 0;
    return files_of_all + std::to_string(space.st_ino) + "-";
}

bool put_at(int fd, const void* from, std::size_t size, std::size_t at) {
    return ::pwrite(fd, from, size, static_cast<off_t>(at)) == static_cast<ssize_t>(size);
}

}  // namespace

// Somebody's file, open for reading.
struct TargetLock::Found {
    int fd = -1;
    std::string path;
    struct stat is {};
    LockHead head;

    [[nodiscard]] bool alive() const { return bytes_locked(fd, place_of_life, 1); }
    [[nodiscard]] std::string who() const {
        return "process " + std::to_string(head.process) + " of uid " + std::to_string(is.st_uid);
    }
};

TargetLock::~TargetLock() {
    if (fd_ >= 0) ::close(fd_);
}

void TargetLock::let_go() {
    ::unlink(path_.c_str());
    ::close(fd_);
    fd_ = -1;
}

std::vector<TargetLock::Place> TargetLock::places_of(const Scope& scope, const Campaign& campaign) {
    std::vector<Place> places;
    for (const ScopeRange& each : scope.ranges) {
        if (each.range.first.loopback()) continue;
        const std::int64_t from = place_of(each.range.first);
        const std::int64_t room = (each.range.first.version == 6 ? place_of_links : place_of_sixes) - from;
        const std::uint64_t size = std::min(each.range.size(), static_cast<std::uint64_t>(room));
        places.push_back({from, static_cast<std::int64_t>(size), "within " + each.range.text()});
    }
    for (const ScopeInterface& each : scope.interfaces) {
        const unsigned index = each.broadcast && each.name != "lo" ? ::if_nametoindex(each.name.c_str()) : 0;
        if (index != 0) places.push_back({place_of_links + index, 1, "everybody on " + each.name});
    }
    for (std::size_t i = 0; i < campaign.devices(); ++i) {
        const std::vector<IpAddress> all = campaign.addresses_of(i);
        for (const IpAddress& ip : all)
            if (!ip.loopback() && scope.range_of(ip) == nullptr)
                places.push_back({place_of(ip), 1, ip.text() + ", which is the device that has " + all.front().text()});
    }
    return places;
}

// Empty, or why there can be no such file.
std::string TargetLock::create(const std::vector<Place>& places) {
    int error = ENOENT;
    const std::string name = "/" + files_of_here() + std::to_string(::getpid()) + "-";
    for (const std::string& folder : folders_) {
        for (int i = 0; i < 16; ++i) {
            path_ = folder + name + std::to_string(number_of_now());
            // Nobody else can open it before it is locked.
            fd_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
            if (fd_ < 0) {
                error = errno;
                if (error == EEXIST) continue;
                break;
            }
            LockHead head;
            head.word = lock_word;
            head.process = ::getpid();
            error = ::posix_fallocate(fd_, 0, static_cast<off_t>(sizeof head + lock_table_bytes));
            if (error == 0 && !put_at(fd_, &head, sizeof head, 0)) error = errno;
            if (error != 0) {
                let_go();
                break;
            }
            bool ours = lock_bytes(fd_, place_of_life, 1);
            for (const Place& place : places) ours = ours && lock_bytes(fd_, place.from, place.size);
            // A run of the same user may have taken it for one that was left behind.
            struct stat is {};
            if (ours && ::fstat(fd_, &is) == 0 && is.st_nlink != 0 && ::fchmod(fd_, 0644) == 0) return {};
            error = EAGAIN;
            let_go();
        }
    }
    return std::strerror(error);
}

// All but ours, until something is said of one.
std::string TargetLock::each_file(const std::string& prefix, const std::function<std::string(const Found&)>& look) const {
    struct stat ours {};
    if (fd_ < 0 || ::fstat(fd_, &ours) != 0) return {};
    std::size_t files = 0;
    std::map<std::size_t, std::size_t> of;  // a user
    std::string said;
    for (const std::string& folder : folders_) {
        DIR* all = ::opendir(folder.c_str());
        if (all == nullptr) continue;
        while (const dirent* entry = said.empty() ? ::readdir(all) : nullptr) {
            if (!std::string_view(entry->d_name).starts_with(prefix)) continue;
            Found found;
            found.path = folder + "/" + entry->d_name;
            found.fd = ::open(found.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
            if (found.fd < 0) continue;
            const bool another = ::fstat(found.fd, &found.is) == 0 && S_ISREG(found.is.st_mode) &&
                                 (found.is.st_dev != ours.st_dev || found.is.st_ino != ours.st_ino);
            if (another && ++files > files_max) {
                said = "there are more than " + std::to_string(files_max) + " files of runs in " + folder + ", of these users:";
                for (const auto& [uid, count] : of) said += " " + std::to_string(uid) + " (" + std::to_string(count) + ")";
            } else if (another) {
                ++of[found.is.st_uid];
                const ssize_t size = ::pread(found.fd, &found.head, sizeof found.head, 0);
                if (size == sizeof found.head && found.head.word == lock_word) said = look(found);
            }
            ::close(found.fd);
        }
        ::closedir(all);
    }
    return said;
}

void TargetLock::learn(const Found& found) {
    const std::int64_t ahead = number_of_now();
    std::vector<std::int64_t> theirs(slots);
    const ssize_t size = ::pread(found.fd, theirs.data(), lock_table_bytes, sizeof(LockHead));
    if (size != static_cast<ssize_t>(lock_table_bytes)) return;
    const bool of_same_user = found.is.st_uid == ::geteuid();
    if (found.head.newest <= ahead) {
        newest_ = std::max(newest_, found.head.newest);
        if (of_same_user) inherited_newest_ = std::max(inherited_newest_, found.head.newest);
    }
    for (std::size_t i = 0; i < slots; ++i) {
        if (theirs[i] > ahead) continue;
        if (theirs[i] > table_[i].at) table_[i] = {theirs[i], found.who()};
        if (of_same_user) inherited_[i] = std::max(inherited_[i], theirs[i]);
    }
}

// Who else is there, and what was before us.
std::string TargetLock::look_around(const std::vector<Place>& places) {
    return each_file(files_of_here(), [&](const Found& found) -> std::string {
        learn(found);
        if (!found.alive()) return {};
        for (const Place& place : places)
            if (bytes_locked(found.fd, place.from, place.size))
                return "another run on this machine asks " + place.what + ": " + found.who();
        others_.push_back(found.who());
        if (others_.size() < runs_max) return {};
        std::string all = std::to_string(runs_max) + " runs are under way on this machine:";
        for (const std::string& who : others_) all += (who == others_.front() ? " " : ", ") + who;
        return all;
    });
}

bool TargetLock::inherit() {
    return put_at(fd_, inherited_.data(), lock_table_bytes, sizeof(LockHead)) &&
           put_at(fd_, &inherited_newest_, sizeof inherited_newest_, offsetof(LockHead, newest));
}

// What runs of ours have left behind: here we have it now; elsewhere it is of no use after a day.
void TargetLock::clear_away() const {
    const std::string here = "/" + files_of_here();
    each_file(files_of_all, [&](const Found& found) -> std::string {
        if (found.is.st_uid != ::geteuid()) return {};
        const bool of_here = found.path.find(here) != std::string::npos;
        if (!of_here && found.is.st_mtime > std::time(nullptr) - 86'400) return {};
        const int fd = ::open(found.path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        struct stat is {};
        // Only who holds its life knows that nobody begins with it.
        if (fd >= 0 && ::fstat(fd, &is) == 0 && is.st_ino == found.is.st_ino && lock_bytes(fd, place_of_life, 1))
            ::unlink(found.path.c_str());
        if (fd >= 0) ::close(fd);
        return {};
    });
}

// What others have sent counts as if we had sent it.
void TargetLock::go_on(Campaign& campaign) {
    Schedule& schedule = campaign.schedule();
    const Moment now = std::chrono::steady_clock::now();
    Moment longest = now;
    const Last* waits_for = nullptr;
    for (std::size_t i = 0; i < campaign.devices(); ++i) {
        for (const IpAddress& ip : campaign.addresses_of(i)) {
            const Last& last = table_[slot_of(ip)];
            if (ip.loopback() || last.at == 0) continue;
            const Moment at = moment_of_number(last.at);
            schedule.heard(i, at);
            if (at + schedule.pause_of(i) <= longest) continue;
            longest = at + schedule.pause_of(i);
            waits_for = &last;
        }
    }
    constexpr std::chrono::seconds worth_a_word{5};
    const auto wait = std::chrono::duration_cast<std::chrono::seconds>(longest - now);
    if (waits_for != nullptr && wait >= worth_a_word)
        told_.push_back("some devices have to wait, one of them " + std::to_string(wait.count()) +
                        " s: they were asked by another run just now (" + waits_for->who + ")");
    schedule.nothing_new_before(moment_of_number(newest_) + Schedule::new_device_pause);
    if (!others_.empty()) {
        schedule.nothing_new_before(now + noticed);
        std::string all = "other runs are under way on this machine, and the pace is shared with them:";
        for (const std::string& who : others_) all += (who == others_.front() ? " " : ", ") + who;
        told_.push_back(std::move(all));
    }
    schedule.shared_by(static_cast<unsigned>(others_.size()) + 1);
    schedule.on_sent = [this, &campaign](std::size_t device, Moment at) { sent(campaign.addresses_of(device), at); };
}

std::string TargetLock::take(const Scope& scope, Campaign& campaign) {
    const std::vector<Place> places = places_of(scope, campaign);
    if (places.empty()) return {};
    if (const std::string why = create(places); !why.empty())
        return "there is no place for the lock that keeps two runs apart: " + why;
    table_.assign(slots, {});
    inherited_.assign(slots, 0);
    std::string why = look_around(places);
    if (why.empty() && !inherit())
        why = std::string("the lock that keeps two runs apart cannot be written: ") + std::strerror(errno);
    if (!why.empty()) {
        let_go();
        return why;
    }
    clear_away();
    go_on(campaign);
    return {};
}

void TargetLock::share(Campaign& campaign) {
    const Moment now = std::chrono::steady_clock::now();
    if (fd_ < 0 || now < looked_ + look_again) return;
    looked_ = now;
    unsigned runs = 1;
    each_file(files_of_here(), [&](const Found& found) -> std::string {
        if (found.alive()) ++runs;
        return {};
    });
    campaign.schedule().shared_by(runs);
}

void TargetLock::sent(const std::vector<IpAddress>& to, Moment at) const {
    const std::int64_t when = number_of_moment(at);
    for (const IpAddress& ip : to)
        if (!ip.loopback()) put_at(fd_, &when, sizeof when, sizeof(LockHead) + slot_of(ip) * sizeof when);
    put_at(fd_, &when, sizeof when, offsetof(LockHead, newest));
}

}  // namespace herkomst
