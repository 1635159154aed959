// Questions to everybody on a link need a link: a test case runs itself again in a namespace of its own, where "here" (we,
// 192.0.2.10) is tied to "there" (the server, 192.0.2.20) in a second namespace.
#pragma once

#include "../probes/herkomst_run.h"
#include "server.h"

namespace peers {

inline constexpr const char* inside_mark = "HERKOMST_PEERS_LINK";

// True within the namespace. Outside it runs the test case there, checks that it passed, and is false.
inline bool on_a_link(const std::string& test_case) {
    if (std::getenv(inside_mark) != nullptr) return true;
    const ProgramRan ran =
        shell(std::string("unshare -rmn sh -c 'ip link set lo up && ip link add here type veth peer name there && ") +
              inside_mark + "=yes timeout 120 " HERKOMST_BINARY_DIR "/bin/herkomst_tests --test-case=\"" + test_case + "\"'");
    if (ran.out.find("Operation not permitted") != std::string::npos || ran.exit_code == 127) {
        MESSAGE("skipped: no namespaces can be made here");
        return false;
    }
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    CHECK(ran.out.find("1 passed") != std::string::npos);
    return false;
}

// A server at the other end of the link; `command` is run by a shell there. It is not said when it can be asked: `wait`.
class Linked {
  public:
    Linked(const std::string& command, unsigned seconds)
        : server_("", "unshare",
                  {"-nm", "sh", "-c",
                   "until ip link show there >/dev/null 2>&1; do sleep 0.05; done; ip link set lo up; "
                   "ip addr add 192.0.2.20/24 brd 192.0.2.255 dev there; ip link set there up; "
                   "ip route add 224.0.0.0/4 dev there; " +
                       command}) {
        const std::string other = "/proc/" + std::to_string(server_.id()) + "/ns/net";
        // Its namespace is there as soon as it is not ours any more.
        const ProgramRan ran = shell("for i in $(seq 100); do [ \"$(readlink " + other +
                                     ")\" != \"$(readlink /proc/$$/ns/net)\" ] && break; "
                                     "sleep 0.05; done; ip link set there netns " +
                                     std::to_string(server_.id()) +
                                     " && ip addr add 192.0.2.10/24 brd 192.0.2.255 dev here && ip link set here up && "
                                     "ip route add 224.0.0.0/4 dev here");
        INFO(ran.out);
        CHECK(ran.exit_code == 0);
        ::sleep(seconds);
    }

  private:
    Server server_;
};

}  // namespace peers
