// A process of its own for what sends: forked, with one capability of root's at most, and nobody's user.
//
// Whoever starts `probe` as root does so for frames on the link (CAP_NET_RAW). The process that talks to the plant needs
// nothing else: what it writes is open already, and the register, the report and the log of the program are written afterwards
// by the process that was started, with the rights it was started with. So the child gives up, for ever: root, every capability
// but CAP_NET_RAW (where it had that), and any program that would give it more (no_new_privs). Where there are no rights to
// give up it is the same process without them.
//
// The child hears no signal of a terminal or a service's end: the parent does, and tells it (SIGUSR1). When the parent is gone
// it is told so too, and finishes what it has begun. SIGQUIT (a terminal's key beside Ctrl-C) would end both in the midst of
// sessions, with nothing in the record: it is two interrupts at once (SIGUSR2). Ctrl-Z stops the parent alone: sessions with
// devices would stay open for as long as somebody likes. Who reads what we say may go away (SIGPIPE): from then on that is
// ignored, in both, so that sessions are closed, the record is whole, and what was learned is kept.
#pragma once

#include <atomic>
#include <functional>

namespace herkomst {

// Runs `what` in such a process and returns its exit code. `interrupts` is counted up in both for each SIGINT, SIGTERM or
// SIGHUP meanwhile, and by two for SIGQUIT; afterwards they do what they did before. An exception in it is said on stderr and
// ends as exit_machine.
// Throws std::runtime_error when there can be no such process, or when its rights cannot be given up: then nothing was run.
int run_confined(const std::function<int()>& what, std::atomic<int>& interrupts);

}  // namespace herkomst
