// The keeper of `listen`: it holds the interface, the register and the way out, and never looks at a packet. Workers do
// (capture/live.h): forked, confined, and believed in nothing. What they write is checked here line by line; a worker that
// breaks the form is killed and forked again after a pause that doubles from one second to a minute, and what it had sent of an
// unfinished interval is thrown away.
//
// Every interval becomes one run in the register, in one transaction; those of earlier days are folded into one run per day
// (register/fold.h). What is assessed is everything heard in the last twelve
// to twenty-four hours, so that a device's parts may be heard in different intervals. What was dropped, by the kernel, the
// interface or us, and every worker that was lost, is a row of coverage of the run.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "capture/live.h"
#include "cli/notices.h"
#include "cli/vendor_data.h"
#include "core/address_range.h"
#include "core/clock.h"
#include "core/conversation.h"
#include "core/observation.h"

namespace herkomst {

class Register;
class VendorDb;
struct Path;
struct RunReceipt;

struct ListenOptions {
    LiveOptions live;
    std::string register_path;  // empty: a register that is thrown away at the end
    std::chrono::seconds interval{60};
    std::chrono::seconds duration{0};  // 0: until it is told to stop
    std::size_t rows = 50'000;
    std::string site;
    std::string language = "en";
    std::vector<std::string> policies;
    VendorData vendor_data;
    NoticeOptions notices;
    bool people_devices = false;
    std::vector<AddressRange> own;  // public addresses of the site
    Time now{};
};

// Until it is told to stop; the exit code of the program.
int keep(const ListenOptions&);

// An alert for each new asset, each finding that this run opened, and each control path in `paths` (its asset by derived key)
// that is not in `told` (path_key, by uid) and then is. Returns how many findings.
std::uint64_t tell_alerts(const Register&, const VendorDb&, const RunReceipt&, const std::vector<const Path*>& paths,
                          std::set<std::string>& told, Time at, std::string_view language, Notices&);
// Paths that were told of, by path_key. A network that makes paths without end fills no memory: past `most` of them all are
// forgotten but those that the register knows, of which a device keeps 32. One that is past that is told of again.
class ToldPaths {
  public:
    explicit ToldPaths(std::size_t most) : most_(most), limit_(most) {}

    std::set<std::string>& keys() { return keys_; }
    // `known`: what the register knows, as keys; it is asked only when there are too many.
    template <class Known>
    void bound(Known known) {
        if (keys_.size() <= limit_) return;
        keys_ = known();
        limit_ = keys_.size() > most_ / 2 ? 2 * keys_.size() : most_;
    }

  private:
    std::set<std::string> keys_;
    std::size_t most_;
    std::size_t limit_;  // of what the register knows twice as many fit at least: it is not asked every minute
};

// What a path is known by, so that it is told once: key of its asset, kind, to and who opened it.
std::string path_key(std::string_view asset, const Path&);

}  // namespace herkomst
