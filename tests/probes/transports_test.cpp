// The other ways to ask: TLS (an old server too), UDP, IPv6 and ICMP. Frames on a link are in links_test.cpp.
#include <doctest/doctest.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <map>

#include "../lint/folder.h"
#include "ask_one.h"
#include "herkomst_run.h"
#include "peers.h"

using namespace herkomst;
using namespace std::chrono_literals;

namespace transports_test {

TEST_SUITE_BEGIN("probe_transports");

namespace {

Probe certificate_probe() { return *probe_named("tls_certificate"); }

// A server in a child process, until the test ends.
class Child {
  public:
    explicit Child(const std::string& command) {
        pid_ = ::fork();
        if (pid_ == 0) {
            ::setpgid(0, 0);
            ::execl("/bin/sh", "sh", "-c", ("exec " + command + " >/dev/null 2>&1").c_str(), nullptr);
            ::_exit(127);
        }
    }
    ~Child() {
        ::kill(pid_, SIGTERM);
        ::waitpid(pid_, nullptr, 0);
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

  private:
    pid_t pid_ = -1;
};

bool listens(std::uint16_t port) {
    // To nobody yet, and state 0A: listening. Connections of that port that are over stand there, too.
    char wanted[32];
    std::snprintf(wanted, sizeof wanted, ":%04X 00000000:0000 0A", static_cast<unsigned>(port));
    for (int i = 0; i < 100; ++i) {
        if (shell("cat /proc/net/tcp").out.find(wanted) != std::string::npos) return true;
        std::this_thread::sleep_for(50ms);
    }
    return false;
}

std::string exec_openssl(const Folder& folder) {
    const std::string at = folder.path().string();
    return shell("openssl req -x509 -newkey rsa:2048 -nodes -keyout " + at + "/key.pem -out " + at +
                 "/cert.pem -days 30 -subj '/O=Example Works/CN=EX-100'")
                       .exit_code == 0
               ? at
               : "";
}

}  // namespace

TEST_CASE("TLS: the certificate is read at every version that the server has, and the version is said") {
    const Folder folder("tls_probe");
    const std::string at = exec_openssl(folder);
    if (at.empty()) {
        MESSAGE("skipped: there is no openssl program");
        return;
    }
    std::uint16_t port = 14'433;
    for (const auto& [option, version] : {std::pair{"-tls1_3", "TLSv1.3"}, std::pair{"-tls1_2", "TLSv1.2"},
                                          std::pair{"-tls1 -cipher ALL:@SECLEVEL=0", "TLSv1"}}) {
        ++port;
        INFO(version);
        const Child server("openssl s_server -quiet -accept 127.0.37.1:" + std::to_string(port) + " -key " + at +
                           "/key.pem -cert " + at + "/cert.pem " + option);
        REQUIRE(listens(port));
        const Learned learned = ask_one(certificate_probe(), "127.0.37.1", port);
        CHECK(name(learned.report.outcome) == name(ProbeOutcome::Answered));
        CHECK(learned.report.tls == version);
        bool named = false;
        for (const std::string& claim : learned.claims) named = named || claim.find("EX-100") != std::string::npos;
        CHECK(named);
        CHECK_FALSE(learned.report.unclosed);
    }
}

TEST_CASE("TLS: who wants a certificate of ours, or nothing of what we offer, has shown its own, and is no other protocol") {
    const Folder folder("tls_refused");
    const std::string at = exec_openssl(folder);
    if (at.empty()) {
        MESSAGE("skipped: there is no openssl program");
        return;
    }
    const std::string ours = " -key " + at + "/key.pem -cert " + at + "/cert.pem";
    {
        // Up to TLS 1.2 the handshake fails; the certificate came before that.
        const Child wants("openssl s_server -quiet -accept 127.0.37.6:14450 -tls1_2 -Verify 1 -verify_return_error" + ours);
        REQUIRE(listens(14'450));
        const Learned learned = ask_one(certificate_probe(), "127.0.37.6", 14'450);
        CHECK(name(learned.report.outcome) == name(ProbeOutcome::Answered));
        CHECK(learned.report.tls == "TLSv1.2");
        CHECK(learned.report.bytes > 500);
        bool named = false;
        for (const std::string& claim : learned.claims) named = named || claim.find("EX-100") != std::string::npos;
        CHECK(named);
        // The page is not had, but what was seen is kept.
        const Learned page = ask_one(*probe_named("https"), "127.0.37.6", 14'450);
        CHECK(name(page.report.outcome) == name(ProbeOutcome::Declined));
        named = false;
        for (const std::string& claim : page.claims) named = named || claim.find("EX-100") != std::string::npos;
        CHECK(named);
    }
    const Child shared_key(
        "openssl s_server -quiet -accept 127.0.37.6:14451 -tls1_2 -nocert -psk 0123456789abcdef -cipher PSK");
    REQUIRE(listens(14'451));
    const Learned declined = ask_one(certificate_probe(), "127.0.37.6", 14'451);
    CHECK(name(declined.report.outcome) == name(ProbeOutcome::Declined));
    CHECK(declined.report.tls.empty());
}

TEST_CASE("TLS: a page inside, and peers that are no TLS, fall silent, or never end") {
    const Folder folder("tls_hostile");
    const std::string at = exec_openssl(folder);
    if (!at.empty()) {
        const Child server("openssl s_server -WWW -accept 127.0.37.2:14443 -key " + at + "/key.pem -cert " + at + "/cert.pem");
        REQUIRE(listens(14'443));
        const Learned page = ask_one(*probe_named("https"), "127.0.37.2", 14'443);
        CHECK(name(page.report.outcome) == name(ProbeOutcome::Answered));
        CHECK(page.says("service=http/tcp/14443"));
        CHECK(page.report.requests == 1);
    }
    const Peer plain("127.0.37.3", behaviour::answers("HTTP/1.1 400 Bad Request\r\n\r\n"));
    CHECK(name(ask_one(certificate_probe(), "127.0.37.3", plain.port()).report.outcome) == name(ProbeOutcome::OtherProtocol));
    const Peer silent("127.0.37.3", behaviour::silent());
    CHECK(name(ask_one(certificate_probe(), "127.0.37.3", silent.port()).report.outcome) == name(ProbeOutcome::Silent));
    // A handshake that never ends: whole records of nothing, without end.
    const std::string record = std::string("\x16\x03\x03\x40\x00", 5) + std::string(16'384, '\0');
    const Peer bomb("127.0.37.3", behaviour::endless(record, record));
    const Learned ended = ask_one(certificate_probe(), "127.0.37.3", bomb.port());
    CHECK(ended.report.outcome != ProbeOutcome::Answered);
    const Peer drips("127.0.37.3", behaviour::drips(record, 200ms));
    CHECK(name(ask_one(certificate_probe(), "127.0.37.3", drips.port()).report.outcome) == name(ProbeOutcome::BudgetSpent));
}

TEST_CASE("UDP: an answer, silence and a closed port; a datagram is never empty") {
    const Request requests[] = {{"hello", {}, "hello", {}}};
    Probe probe;
    probe.name = "udp";
    probe.transport = Transport::Udp;
    probe.requests = requests;
    probe.limits.answer = 500ms;
    probe.limits.collect = 300ms;
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    ::inet_pton(AF_INET, "127.0.37.4", &here.sin_addr);
    socklen_t size = sizeof here;
    REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&here), size) == 0);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&here), &size);
    const std::uint16_t port = ntohs(here.sin_port);
    std::atomic<int> received{0};
    std::thread server([&] {
        for (;;) {
            char room[64];
            sockaddr_in from{};
            socklen_t length = sizeof from;
            const ssize_t got = ::recvfrom(fd, room, sizeof room, 0, reinterpret_cast<sockaddr*>(&from), &length);
            if (got <= 0 || room[0] == 'q') return;
            ++received;
            if (received > 1) continue;
            for (const char* word : {"one", "two"}) ::sendto(fd, word, 3, 0, reinterpret_cast<sockaddr*>(&from), length);
        }
    });
    const Learned answered = ask_one(probe, "127.0.37.4", port);
    CHECK(name(answered.report.outcome) == name(ProbeOutcome::Answered));
    CHECK(answered.report.said.size() == 3);  // both answers: it was collected for a while
    const Learned silent = ask_one(probe, "127.0.37.4", port);
    CHECK(name(silent.report.outcome) == name(ProbeOutcome::Silent));
    ::sendto(fd, "q", 1, 0, reinterpret_cast<sockaddr*>(&here), size);
    server.join();
    ::close(fd);
    CHECK(received == 2);
    CHECK(name(ask_one(probe, "127.0.37.4", port).report.outcome) == name(ProbeOutcome::Refused));
}

TEST_CASE("IPv6 and ICMP echo") {
    const int fd = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in6 here{};
    here.sin6_family = AF_INET6;
    here.sin6_addr = in6addr_loopback;
    socklen_t size = sizeof here;
    const bool six = fd >= 0 && ::bind(fd, reinterpret_cast<sockaddr*>(&here), size) == 0 && ::listen(fd, 4) == 0;
    if (six) {
        ::getsockname(fd, reinterpret_cast<sockaddr*>(&here), &size);
        std::thread server([&] {
            const std::atomic<bool> stop{false};
            const int connection = ::accept(fd, nullptr, nullptr);
            behaviour::answers("HTTP/1.1 200 OK\r\nServer: ExampleWeb/6\r\nContent-Length: 0\r\n\r\n")(connection, stop);
            ::close(connection);
        });
        const Learned learned = ask_one(*probe_named("http"), "::1", ntohs(here.sin6_port));
        server.join();
        CHECK(name(learned.report.outcome) == name(ProbeOutcome::Answered));
        CHECK(learned.says("software=ExampleWeb/6"));
    } else {
        MESSAGE("skipped: there is no IPv6 here");
    }
    ::close(fd);

    for (const char* ip : {"127.0.37.5", "::1"}) {
        if (std::string_view(ip) == "::1" && !six) continue;
        INFO(ip);
        const Learned learned = ask_one(*probe_named("icmp_echo"), ip, 0);
        if (learned.report.outcome == ProbeOutcome::OutOfScope) {
            MESSAGE("skipped: " << learned.report.reason);
            continue;
        }
        CHECK(name(learned.report.outcome) == name(ProbeOutcome::Answered));
    }
}

TEST_SUITE_END();

}  // namespace transports_test
