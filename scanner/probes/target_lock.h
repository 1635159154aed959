// Two runs on one machine, whoever started them, never ask the same addresses at once: each would keep to one session and to
// its pacing, and the device would see two of them.
//
// The addresses of a scope file's ranges are ranges of bytes of one file (/run/lock/herkomst-probe-N, else in /tmp; N is the
// network namespace), locked without a byte being written, by an open file description: whoever was forked meanwhile holds the
// lock too, and who ends, however, lets go. Of IPv6 addresses the lower 61 bits count: two that share them are taken for one.
// Loopback is not locked.
#pragma once

#include <string>

#include "probes/scope.h"

namespace herkomst {

class TargetLock {
  public:
    TargetLock() = default;
    ~TargetLock();
    TargetLock(const TargetLock&) = delete;
    TargetLock& operator=(const TargetLock&) = delete;

    // Why not: who else asks there, or that the machine has no place for such a file; empty: it is ours.
    std::string take(const Scope&);

  private:
    int fd_ = -1;
};

}  // namespace herkomst
