// Budgets, to the byte and to the request, also where they run out within a question: of a device, of a link on which somebody
// floods us, and of a session's second connection.
#include <unistd.h>

#include <set>

#include "peers.h"
#include "probes/wire.h"
#include "run_place.h"

using namespace herkomst;
using namespace std::chrono_literals;

namespace spent_test {

TEST_SUITE_BEGIN("probe_spent");

namespace {

const std::string page = "HTTP/1.1 200 OK\r\nServer: ExampleWeb/2.1\r\nContent-Length: 5\r\n\r\nhello";

// Bytes that came in, by who sent them, as a line of the record has it.
std::map<std::string, std::int64_t> kept(const Json& line) {
    std::map<std::string, std::int64_t> out;
    for (const Json& said : line["said"].items())
        if (said["by"].string() == "them") out[said["from"].string()] += said["bytes"].integer();
    return out;
}

// Members of a group on loopback: each answers whoever asks the group, one of them without end.
class Members {
  public:
    Members(const char* group, std::uint16_t port) : hears_(bound("0.0.0.0", port)) {
        ip_mreqn request{};
        ::inet_pton(AF_INET, group, &request.imr_multiaddr);
        ::inet_pton(AF_INET, "127.0.0.1", &request.imr_address);
        joined_ = ::setsockopt(hears_, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof request) == 0;
        const timeval wait{0, 50'000};
        ::setsockopt(hears_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
        thread_ = std::thread([this] { serve(); });
    }
    ~Members() {
        stop_ = true;
        thread_.join();
        for (const int fd : {hears_, floods_, quiet_}) ::close(fd);
    }
    Members(const Members&) = delete;
    Members& operator=(const Members&) = delete;
    [[nodiscard]] bool joined() const { return joined_; }
    [[nodiscard]] std::int64_t flooded() const { return flooded_; }
    [[nodiscard]] int asked() const { return asked_; }

  private:
    static int bound(const char* ip, std::uint16_t port) {
        const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        const int one = 1;
        ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        sockaddr_in here{};
        here.sin_family = AF_INET;
        here.sin_port = htons(port);
        ::inet_pton(AF_INET, ip, &here.sin_addr);
        REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&here), sizeof here) == 0);
        return fd;
    }
    void serve() {
        const std::string much(60'000, 'x');
        while (!stop_) {
            char room[512];
            sockaddr_in from{};
            socklen_t length = sizeof from;
            if (::recvfrom(hears_, room, sizeof room, 0, reinterpret_cast<sockaddr*>(&from), &length) <= 0) continue;
            ++asked_;
            // For three seconds, with one quiet answer in the midst of it.
            const auto began = std::chrono::steady_clock::now();
            bool said = false;
            while (!stop_ && std::chrono::steady_clock::now() - began < 3s) {
                if (::sendto(floods_, much.data(), much.size(), 0, reinterpret_cast<sockaddr*>(&from), length) > 0)
                    flooded_ += static_cast<std::int64_t>(much.size());
                if (said || std::chrono::steady_clock::now() - began < 1s) continue;
                // The flood takes the room in the kernel: the quiet one says it more than once.
                for (int i = 0; i < 200; ++i) {
                    ::sendto(quiet_, "me", 2, 0, reinterpret_cast<sockaddr*>(&from), length);
                    std::this_thread::sleep_for(1ms);
                }
                said = true;
            }
        }
    }
    int hears_;
    int floods_ = bound("198.51.100.1", 0);
    int quiet_ = bound("198.51.100.2", 0);
    bool joined_ = false;
    std::atomic<std::int64_t> flooded_{0};
    std::atomic<int> asked_{0};
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace

TEST_CASE("spent: who floods the answers of a group is cut at his budget, others are heard") {
    // The test runs itself again within a namespace of its own, where the loopback interface has the members' addresses.
    if (std::getenv("HERKOMST_FLOOD_TEST") == nullptr) {
        const ProgramRan ran = shell(
            "unshare -rn sh -c 'ip link set lo up && for i in 1 2 3 10; do ip addr add 198.51.100.$i/24 dev lo; done && "
            "HERKOMST_FLOOD_TEST=yes " HERKOMST_BINARY_DIR "/bin/herkomst_tests --test-case=\"spent: who floods*\"'");
        if (says(ran.out, "Operation not permitted") || ran.exit_code == 127) {
            MESSAGE("skipped: no namespaces can be made here");
            return;
        }
        INFO(ran.out);
        CHECK(ran.exit_code == 0);
        CHECK(says(ran.out, "1 passed"));
        return;
    }
    const Probe& sadp = *probe_named("sadp");
    const Members members(std::string(sadp.group.v4).c_str(), sadp.ports.front());
    REQUIRE(members.joined());
    const RunPlace here("spent_group");
    here.scope(RunPlace::range("198.51.100.3", {{"http", {1}}}),
               R"(,"interfaces":[{"name":"lo","broadcast":true,"probes":["sadp"]}])");
    const ProgramRan ran = here.probe("--pcapng");
    INFO(ran.out.substr(ran.out.size() - std::min<std::size_t>(ran.out.size(), 2000)));
    CHECK(members.flooded() > 1'000'000);
    CHECK(members.asked() == 1);
    Json line;
    for (const Json& each : here.log())
        if (each["probe"].string() == "sadp") line = each;
    REQUIRE(line.is_object());
    const std::map<std::string, std::int64_t> by = kept(line);
    REQUIRE(by.contains("198.51.100.1"));
    CHECK(by.at("198.51.100.1") <= static_cast<std::int64_t>(sadp.limits.bytes));
    CHECK(by.contains("198.51.100.2"));
    CHECK(line["outcome"].string() == "budget spent");
    CHECK(says(line["reason"].string(), "somebody said more than a question may cost: "));
    CHECK(line["drained"].integer() > 0);
    CHECK(std::filesystem::file_size(here.path("record/exchanges.pcapng")) < 2 * Wire::group_bytes);
    // It takes as long as it may, and no longer.
    const auto took = parse_rfc3339(line["until"].string()).value() - parse_rfc3339(line["at"].string()).value();
    CHECK(took < sadp.limits.answer + 1s);
    CHECK(says(here.outcome("http", "198.51.100.3"), "refused"));
}

TEST_CASE("spent: what a device may cost holds within a question, and what was thrown away counts") {
    using namespace std::string_literals;
    std::atomic<int> asked{0};
    const Peer busy("127.0.58.4", [&](int fd, const std::atomic<bool>& stop) {
        while (!stop) {
            char room[64];
            pollfd wait{fd, POLLIN, 0};
            if (::poll(&wait, 1, 20) <= 0) continue;
            if (::recv(fd, room, sizeof room, 0) < 8) return;
            ++asked;
            behaviour::send_all(fd, std::string(room, 4) + "\x00\x03"s + room[6] + "\xab\x06"s);  // busy
        }
    });
    const RunPlace here("spent_device");
    here.scope(RunPlace::range("127.0.58.4", {{"modbus", {busy.port()}}}, R"(,"shared_sessions":true)"),
               R"(,"budget":{"device_requests":1})");
    CHECK(here.probe().exit_code == 0);
    CHECK(asked == 1);
    CHECK(busy.connections() == 1);

    // One that may not say as much as the question admits, and goes on after our FIN.
    const std::string start = "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n";
    const Peer much("127.0.58.5", behaviour::answers(start + std::string(250'000, 'x')));
    const Peer second("127.0.58.5", behaviour::answers(page));
    const RunPlace bytes("spent_bytes");
    bytes.scope(RunPlace::range("127.0.58.5", {{"http", {much.port(), second.port()}}}),
                R"(,"budget":{"device_bytes":100000})");
    const ProgramRan ran = bytes.probe();
    INFO(ran.out);
    std::int64_t first_read = 0;
    for (const Json& line : bytes.log())
        if (line["port"].integer() == much.port()) first_read = kept(line)[""] + line["drained"].integer();
    CHECK(first_read > 100'000);
    CHECK(second.connections() == 0);
    CHECK(says(bytes.outcome("http", "127.0.58.5"), "budget spent: what one device may cost in a run is spent"));
    // The run that takes it up knows.
    CHECK(bytes.probe("--resume").exit_code == 0);
    CHECK(second.connections() == 0);
    // Less than the question admits is less.
    const Peer little("127.0.58.6", behaviour::answers(start + std::string(60'000, 'x'), false));
    const RunPlace small("spent_small");
    small.scope(RunPlace::range("127.0.58.6", {{"http", {little.port()}}}), R"(,"budget":{"device_bytes":20000})");
    CHECK(small.probe().exit_code == 0);
    CHECK(says(small.outcome("http", "127.0.58.6"), "budget spent: "));
    for (const Json& line : small.log())
        if (line["type"].string() == "exchange") CHECK(kept(line)[""] <= 20'000 + 16'384);
}

TEST_CASE("spent: a handshake that comes to nothing counts") {
    // Whole records of nothing, more than a handshake may have, and then quiet: it is read to its end.
    const std::string record = std::string("\x16\x03\x03\x40\x00", 5) + std::string(16'384, '\0');
    std::string much;
    for (int i = 0; i < 9; ++i) much += record;
    const Peer hands("127.0.58.7", behaviour::answers(much));
    const Peer web("127.0.58.7", behaviour::answers(page));
    const RunPlace here("spent_handshake");
    here.scope(RunPlace::range("127.0.58.7", {{"tls_certificate", {hands.port(), web.port()}}}),
               R"(,"budget":{"device_bytes":10000})");
    CHECK(here.probe().exit_code == 0);
    CHECK(hands.connections() == 1);
    CHECK(web.connections() == 0);
    CHECK(says(here.outcome("tls_certificate", "127.0.58.7"), "budget spent: what one device may cost in a run is spent"));
}

TEST_CASE("spent: a device that takes no second connection within a question is left alone like any other") {
    const std::string ip = "127.0.58.8";
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in here_at{};
    here_at.sin_family = AF_INET;
    ::inet_pton(AF_INET, ip.c_str(), &here_at.sin_addr);
    socklen_t size = sizeof here_at;
    REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&here_at), size) == 0);
    REQUIRE(::listen(fd, 0) == 0);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&here_at), &size);
    const std::uint16_t port = ntohs(here_at.sin_port);
    std::thread server([&] {
        const std::atomic<bool> stop{false};
        const int connection = ::accept(fd, nullptr, nullptr);
        if (!behaviour::wait_for_request(connection, stop)) return;
        // Nobody is accepted from now on: the queue of those who wait is full, and the kernel lets what comes further fall.
        std::vector<int> waiting;
        for (int i = 0; i < 4; ++i) {
            waiting.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
            ::connect(waiting.back(), reinterpret_cast<sockaddr*>(&here_at), size);
        }
        behaviour::send_all(connection, "HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n");
        ::close(connection);
        std::this_thread::sleep_for(8s);
        for (const int each : waiting) ::close(each);
    });
    const Peer later(ip, behaviour::answers("login: ", false));
    const RunPlace here("spent_second");
    here.scope(RunPlace::range(ip, {{"http", {port}}, {"telnet", {later.port()}}}));
    const ProgramRan ran = here.probe();
    server.join();
    ::close(fd);
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    CHECK(here.outcome("http", ip) == "answered: it had accepted a connection, and neither accepted nor refused the next");
    CHECK(says(here.outcome("telnet", ip), "gated: it is left alone: "));
    CHECK(later.connections() == 0);
}

TEST_SUITE_END();

}  // namespace spent_test
