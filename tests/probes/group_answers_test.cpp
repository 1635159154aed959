// What counts as an answer to a question that everybody on a link was asked: something that was understood.
#include <netinet/in.h>

#include <map>

#include "peers.h"
#include "probes/campaign.h"
#include "run_place.h"

using namespace herkomst;
using namespace std::chrono_literals;

namespace group_answers_test {

TEST_SUITE_BEGIN("probe_groups_heard");

namespace {

Scope of_link(const Probe& probe) {
    Scope scope;
    scope.until = Time::max();
    ScopeInterface link;
    link.name = "lo";
    link.broadcast = true;
    link.probes = {std::string(probe.name)};
    scope.interfaces.push_back(link);
    return scope;
}

// How the question to a group ends when that is said to it.
std::string ends(const Probe& probe, std::vector<Said> said) {
    const Scope scope = of_link(probe);
    Campaign campaign(scope, {}, {}, nullptr, {});
    std::string outcome;
    campaign.on_report = [&](const Errand&, const Report& report) { outcome = name(report.outcome); };
    const std::optional<Errand> errand = campaign.next({}, Time{} + 1s);
    REQUIRE(errand);
    Report report;
    report.target = errand->target;
    report.target.my_ip = IpAddress::parse("192.0.2.10").value();
    report.outcome = ProbeOutcome::Answered;
    for (Said& each : said) {
        if (!each.ours && probe.transport != Transport::Link) each.from_ip = IpAddress::parse("192.0.2.20").value();
        if (!each.ours) each.from_port = errand->target.port;
        if (!each.ours) report.bytes += each.bytes.size();
        report.said.push_back(each);
    }
    campaign.done(*errand, std::move(report));
    return outcome;
}

// One who belongs to a group on loopback, and says that to whoever asks it.
class Member {
  public:
    Member(const char* group, std::uint16_t port, std::string words)
        : words_(std::move(words)), fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        const int one = 1;
        ::setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        sockaddr_in here{};
        here.sin_family = AF_INET;
        here.sin_port = htons(port);
        REQUIRE(::bind(fd_, reinterpret_cast<sockaddr*>(&here), sizeof here) == 0);
        ip_mreqn request{};
        ::inet_pton(AF_INET, group, &request.imr_multiaddr);
        ::inet_pton(AF_INET, "127.0.0.1", &request.imr_address);
        REQUIRE(::setsockopt(fd_, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof request) == 0);
        const timeval wait{0, 50'000};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
        thread_ = std::thread([this] {
            while (!stop_) {
                char room[2048];
                sockaddr_in from{};
                socklen_t length = sizeof from;
                if (::recvfrom(fd_, room, sizeof room, 0, reinterpret_cast<sockaddr*>(&from), &length) > 0)
                    ::sendto(fd_, words_.data(), words_.size(), 0, reinterpret_cast<sockaddr*>(&from), length);
            }
        });
    }
    ~Member() {
        stop_ = true;
        thread_.join();
        ::close(fd_);
    }
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;

  private:
    std::string words_;
    int fd_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace

TEST_CASE("group: every question that a group is asked is answered by its own transcripts, and not by anything else") {
    std::size_t questions = 0;
    for (const Probe& probe : all_probes()) {
        if (probe.group.v4.empty() && probe.group.v6.empty() && probe.group.mac.empty()) continue;
        INFO(probe.name);
        std::size_t answers = 0;
        for (const Transcript& transcript : probe.transcripts) {
            if (transcript.outcome != ProbeOutcome::Answered || transcript.v6) continue;
            INFO(transcript.title);
            std::vector<Said> said;
            for (const Said& each : play(probe, transcript).said) {
                if (said.size() < (each.ours ? 1U : 2U)) said.push_back(each);
            }
            if (said.size() != 2 || said[1].ours) continue;
            // A request of ours that comes after the first belongs to a talk with one; a group is only asked.
            ++answers;
            CHECK(ends(probe, said) == "answered");
            said[1].bytes = {'r', 'u', 'b', 'b', 'i', 's', 'h', 0, 1, 2, 3, 4, 5, 6, 7, 8};
            CHECK(ends(probe, said) == "other protocol");
        }
        CHECK(answers > 0);
        ++questions;
    }
    CHECK(questions > 5);
}

TEST_CASE("group: rubbish that a member of a group says is no answer, in a real run") {
    // The test runs itself again within a namespace of its own, where the loopback interface reaches groups.
    if (std::getenv("HERKOMST_RUBBISH_TEST") == nullptr) {
        const ProgramRan ran = shell(
            "unshare -rn sh -c 'ip link set lo up && for i in 1 2 3; do ip addr add 198.51.100.$i/24 dev lo; done && "
            "HERKOMST_RUBBISH_TEST=yes " HERKOMST_BINARY_DIR "/bin/herkomst_tests --test-case=\"group: rubbish*\"'");
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
    const Turn& turn = sadp.transcripts.front().turns.front();
    const std::vector<std::uint8_t> bytes = unhex(turn.reply_hex);
    const std::string right = bytes.empty() ? std::string(turn.reply_text) : std::string(bytes.begin(), bytes.end());
    for (const bool understood : {false, true}) {
        const Member member(std::string(sadp.group.v4).c_str(), sadp.ports.front(), understood ? right : "rubbish, but here");
        const RunPlace here(understood ? "group_right" : "group_rubbish");
        here.scope(RunPlace::range("198.51.100.3", {{"http", {1}}}),
                   R"(,"interfaces":[{"name":"lo","broadcast":true,"probes":["sadp"]}])");
        const ProgramRan ran = here.probe();
        INFO(ran.out);
        CHECK(ran.exit_code == 0);
        std::string outcome;
        for (const Json& each : here.log())
            if (each["probe"].string() == "sadp" && each["target"].string() == sadp.group.v4)
                outcome = each["outcome"].string();
        CHECK(outcome == (understood ? "answered" : "other protocol"));
        CHECK(says(ran.out, understood ? "\"method\":\"sadp." : "\"outcome\":\"other protocol\""));
    }
}

TEST_SUITE_END();

}  // namespace group_answers_test
