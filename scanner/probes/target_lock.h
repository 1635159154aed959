// Two runs on one machine, whoever started them: never two sessions with one device, never faster together than one alone may
// be, and never sooner one after the other than within one.
//
// Each run has a file of its own (/run/lock/herkomst-probe-N-PROCESS-TIME, else in /tmp; N is the network namespace) that its
// user alone may write and everybody may read. In it are locked, without a byte being written there: the addresses of the scope
// file's ranges, those that the same devices are known to have beside, and the links on which everybody is asked. A lock is an
// open file description's: whoever was forked meanwhile holds it too, and who ends, however, lets go. Who begins makes his own
// file first and looks at all others then, so of two that begin at once one at least sees the other. Nobody can lock what is
// another's, and the owner of a file is who the kernel says he is: whoever refuses a run, or makes it wait, is named.
//
// Runs that go on at once share what one may have: each takes a part of the devices and packets of a second, and who begins
// waits until the others have `noticed`.
//
// The file says when something was last sent, and when to whom: a moment for each of `slots` groups of addresses, by a hash; no
// address stands in it. It stays behind, for the next run of anybody, until a run of the same user takes it over. Moments that
// lie ahead are another boot's, or a lie, and count for nothing.
//
// Of IPv6 addresses the lower 61 bits count: two that share them are taken for one. Loopback is not locked, nor remembered.
// Whoever has another /run/lock in the same network namespace is not seen (two containers that share the host's network and not
// its /run/lock): README.md says so to who runs it there.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "probes/campaign.h"
#include "probes/schedule.h"
#include "probes/scope.h"

namespace herkomst {

class TargetLock {
  public:
    static constexpr std::size_t slots = 4096;
    static constexpr unsigned runs_max = 10;        // at once on a machine
    static constexpr std::size_t files_max = 1024;  // that are looked at
    static constexpr std::chrono::seconds noticed{1};
    static constexpr std::chrono::milliseconds look_again{400};

    explicit TargetLock(std::vector<std::string> folders = {"/run/lock", "/tmp"}) : folders_(std::move(folders)) {}
    ~TargetLock();
    TargetLock(const TargetLock&) = delete;
    TargetLock& operator=(const TargetLock&) = delete;

    // Why not: who else asks there, or that the machine has no place for such a file. Empty: it is ours, and the campaign's
    // schedule goes on from what others have sent.
    std::string take(const Scope&, Campaign&);
    // To be called a few times a second: how many runs there are changes.
    void share(Campaign&);
    // What others make this run wait for, as sentences.
    [[nodiscard]] const std::vector<std::string>& told() const { return told_; }

  private:
    struct Place {
        std::int64_t from = 0;
        std::int64_t size = 0;
        std::string what;
    };
    struct Last {
        std::int64_t at = 0;
        std::string who;
    };
    struct Found;
    static std::vector<Place> places_of(const Scope&, const Campaign&);
    std::string create(const std::vector<Place>&);
    std::string each_file(const std::string& prefix, const std::function<std::string(const Found&)>& look) const;
    std::string look_around(const std::vector<Place>&);
    void learn(const Found&);
    bool inherit();
    void clear_away() const;
    void let_go();
    void go_on(Campaign&);
    void sent(const std::vector<IpAddress>&, Moment) const;

    std::vector<std::string> folders_;
    int fd_ = -1;
    std::string path_;
    Moment looked_{};
    std::vector<std::string> others_;  // runs under way beside this one
    std::vector<std::string> told_;
    // Before this run: of everybody, and of runs of the same user.
    std::int64_t newest_ = 0;
    std::vector<Last> table_;
    std::int64_t inherited_newest_ = 0;
    std::vector<std::int64_t> inherited_;
};

}  // namespace herkomst
