// What was heard before anything was asked is kept, whatever is run over the folder; and what counts as having listened.
#include <filesystem>

#include "peers.h"
#include "probes/record.h"
#include "run_place.h"
#include "session.h"

using namespace herkomst;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace heard_test {

TEST_SUITE_BEGIN("probe_heard");

namespace {

Time time_of(const std::string& text) { return parse_rfc3339(text).value(); }

// A folder in which a session of a master was heard.
std::string held_session(const RunPlace& here, const std::string& ip, std::uint16_t port) {
    std::filesystem::create_directories(here.path("record"));
    write_session(here.path("record/heard.pcap"), "modbus", ip, port);
    here.scope(RunPlace::range(ip, {{"modbus", {port}}}));
    return read_file(here.path("record/heard.pcap")).value();
}

}  // namespace

TEST_CASE("heard: a record that is there is refused before anybody listens, and what it had heard stays") {
    const Peer peer("127.0.66.1", behaviour::silent());
    const RunPlace here("heard_refused");
    const std::string before = held_session(here, "127.0.66.1", peer.port());
    const std::string log = R"({"schema":"herkomst-exchanges/1","type":"header"})" + "\n"s;
    here.folder.write("record/exchanges.ndjson", log);
    for (const std::string words : {"", "--dry-run "}) {
        const ProgramRan ran = here.probe(words + "--listen lo --listen-for 1s");
        INFO(ran.out);
        CHECK(ran.exit_code == 2);
        CHECK(says(ran.out, "record/exchanges.ndjson: is there already: --resume takes it up"));
        CHECK_FALSE(says(ran.out, "listening on"));
        REQUIRE(std::filesystem::exists(here.path("record/heard.pcap")));
        CHECK(read_file(here.path("record/heard.pcap")).value() == before);
    }
    CHECK(read_file(here.path("record/exchanges.ndjson")).value() == log);
    CHECK(peer.connections() == 0);
}

TEST_CASE("heard: a dry run leaves a folder alone in which a run is under way") {
    const Peer peer("127.0.66.2", behaviour::silent());
    const RunPlace here("heard_locked");
    held_session(here, "127.0.66.2", peer.port());
    const std::optional<RecordLock> lock = RecordLock::take(here.path("record"));
    REQUIRE(lock.has_value());
    const ProgramRan ran = here.probe("--dry-run --listen lo --listen-for 1s");
    INFO(ran.out);
    CHECK(ran.exit_code == 4);
    CHECK(says(ran.out, "refused: a run is still finishing in " + here.path("record")));
    CHECK(std::filesystem::exists(here.path("record/heard.pcap")));
    CHECK_FALSE(std::filesystem::exists(here.path("record/heard_in_part.pcap")));
}

TEST_CASE("heard: who listens again adds to what was heard, and the session gates whatever is run next") {
    if (::geteuid() != 0) {
        MESSAGE("skipped: capturing on an interface needs the right to");
        return;
    }
    const Peer peer("127.0.66.3", behaviour::silent());
    const Chatter chatter("127.0.66.3");
    const RunPlace here("heard_again");
    const std::string before = held_session(here, "127.0.66.3", peer.port());
    for (const std::string part : {"heard_in_part.pcap", "heard_in_part_2.pcap"}) {
        const ProgramRan plan = here.probe("--dry-run --listen lo --listen-for 1s");
        INFO(plan.out);
        CHECK(plan.exit_code == 0);
        CHECK(says(plan.out, "modbus, gated: a session of 192.0.2.10 was seen there"));
        CHECK(std::filesystem::exists(here.path("record/" + part)));
        REQUIRE(std::filesystem::exists(here.path("record/heard.pcap")));
        CHECK(read_file(here.path("record/heard.pcap")).value() == before);
    }
    const std::string part = read_file(here.path("record/heard_in_part.pcap")).value();
    for (const std::string words : {"", "--resume", "--resume --listen lo --listen-for 1s"}) {
        const ProgramRan ran = here.probe(words);
        INFO(ran.out);
        CHECK(ran.exit_code == 0);
        CHECK(says(here.outcome("modbus", "127.0.66.3"), "gated: a session of 192.0.2.10 was seen there"));
    }
    CHECK(read_file(here.path("record/heard_in_part.pcap")).value() == part);
    CHECK(peer.connections() == 0);
}

TEST_CASE("heard: a capture of long ago, of a moment or of a time to come opens nothing, and that is said") {
    const Peer peer("127.0.66.4", behaviour::answers("\x00\x00\x00\x00\x00\x03\xff\xab\x01"s));
    const RunPlace here("heard_when");
    here.scope(RunPlace::range("127.0.66.4", {{"modbus", {peer.port()}}}));
    struct Kind {
        std::string first;
        std::chrono::seconds span;
        std::string why;
    };
    for (const Kind& kind : {Kind{"2010-01-01T00:00:00Z", 60s, "it ends at 2010-01-01T00:01:00Z, more than 30 days ago"},
                             Kind{"2026-10-28T11:59:00Z", 20s, "more than 30 days ago"},
                             Kind{"2026-11-27T11:00:00Z", 9s, "from its first packet to its last it is less than the 10s"},
                             Kind{"2027-11-27T11:00:00Z", 20s, "which is still to come"}}) {
        std::filesystem::remove_all(here.path("record"));
        write_heard(here.path("field.pcapng"), time_of(kind.first), kind.span);
        const ProgramRan ran = here.probe(here.path("field.pcapng"));
        INFO(ran.out);
        CHECK(ran.exit_code == 0);
        CHECK(says(ran.out, "field.pcapng: "));
        CHECK(says(ran.out, kind.why));
        CHECK(says(ran.out, ": it gates, and does not count as listening\n"));
        CHECK(says(here.outcome("modbus", "127.0.66.4"), "gated: nobody has listened before"));
    }
    CHECK(peer.connections() == 0);
    std::filesystem::remove_all(here.path("record"));
    write_heard(here.path("field.pcapng"), time_of("2026-10-28T12:00:00Z"), 20s);
    const ProgramRan ran = here.probe(here.path("field.pcapng"));
    INFO(ran.out);
    CHECK_FALSE(says(ran.out, "does not count as listening"));
    CHECK(peer.connections() == 1);
}

TEST_SUITE_END();

}  // namespace heard_test
