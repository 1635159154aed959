// What a run says of those whom it did not ask, and of those who are there and say nothing.
#include "cli/probe_told.h"
#include "imports/import.h"
#include "peers.h"
#include "probes/exchange.h"
#include "run_place.h"
#include "session.h"

using namespace herkomst;
using namespace std::chrono_literals;

namespace told_test {

TEST_SUITE_BEGIN("probe_told");

namespace {

const std::string page = "HTTP/1.1 200 OK\r\nServer: ExampleWeb/2.1\r\nContent-Length: 5\r\n\r\nhello";

}  // namespace

TEST_CASE("told: when the time of a run is spent, each who was not asked is a row, and the summary says how many") {
    const Peer slow("127.0.47.1", behaviour::silent());
    const Peer beside("127.0.47.1", behaviour::answers(page));
    const Peer web("127.0.47.29", behaviour::answers(page));
    const RunPlace here("told_spent");
    const std::string ranges = RunPlace::range("127.0.47.1", {{"http", {slow.port(), beside.port()}}}) + "," +
                               RunPlace::range("127.0.47.2-127.0.47.28", {{"http", {1}}, {"ssh", {1}}}) + "," +
                               RunPlace::range("127.0.47.29", {{"http", {web.port()}}});
    here.scope(ranges, R"(,"budget":{"time":"1s"})");
    const ProgramRan ran = here.probe();
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    const std::string why = "the time that the scope file gives a run is spent";
    std::size_t devices = 0;
    std::size_t questions = 0;
    std::size_t asked = 0;
    std::set<std::string> there;
    for (const Json& line : here.log()) {
        if (line["type"].string() == "header") continue;
        there.insert(line["target"].string());
        if (line["type"].string() == "exchange") {
            ++asked;
            CHECK(line["outcome"].string() != "out of scope");
            continue;
        }
        CHECK(line["type"].string() == "unasked");
        CHECK(line["outcome"].string() == "budget spent");
        CHECK(line["reason"].string() == why);
        ++devices;
        questions += static_cast<std::size_t>(line["questions"].integer());
    }
    CHECK(there.size() == 29);
    CHECK(devices >= 10);
    CHECK(asked + questions == 2 + 27 * 2 + 1);
    CHECK(web.connections() == 0);
    CHECK(says(ran.out, R"("outcome":"budget spent","subject":{"ip":"127.0.47.29"})"));
    CHECK(says(ran.out, R"("outcome":"budget spent","subject":{"ip":"127.0.47.1"})"));
    CHECK(says(ran.out, "probe: not asked: " + std::to_string(questions) + " questions to " + std::to_string(devices) +
                            " devices: " + why + "; --resume asks them\n"));
    CHECK(says(ran.out,
               "probe: " + std::to_string(asked) + " of " + std::to_string(asked + questions) + " questions to 29 devices: "));
    // They are asked when there is time.
    here.scope(ranges);
    const ProgramRan rest = here.probe("--resume");
    INFO(rest.out);
    CHECK(web.connections() == 1);
    CHECK(beside.connections() == 1);
    CHECK(slow.connections() == 1);
    CHECK_FALSE(says(rest.out, "not asked"));
}

TEST_CASE("told: a host that answers to a ping and to nothing else is an asset, and a row that says so") {
    const RunPlace here("told_ping");
    here.scope(RunPlace::range("127.0.47.40", {{"icmp_echo", {}}, {"http", {1}}}) + "," +
               RunPlace::range("127.0.47.41", {{"http", {1}}}));
    const ProgramRan ran = here.probe();
    INFO(ran.out);
    if (here.outcome("icmp_echo", "127.0.47.40") != "answered: ") {
        MESSAGE("skipped: ", here.outcome("icmp_echo", "127.0.47.40"));
        return;
    }
    CHECK(says(ran.out, R"("asked":"probe icmp_echo","count":1,"outcome":"answers, and says nothing of itself","subject":)"
                        R"({"ip":"127.0.47.40"})"));
    const ProgramRan assets = herkomst_does("scan " + here.path("record/exchanges.ndjson") + " --until assets");
    CHECK(says(assets.out, R"("value":"host that answers")"));
    CHECK(says(assets.out, R"("ip":["127.0.47.40"])"));
    // A closed port alone makes no asset: something before it may have refused.
    CHECK_FALSE(says(assets.out, R"("ip":["127.0.47.41"])"));
    CHECK(herkomst_does("scan " + here.path("record/exchanges.ndjson") + " --register " + here.path("site.db")).exit_code == 0);
    CHECK(says(herkomst_does("explain 127.0.47.40 --register " + here.path("site.db")).out, "host that answers"));
}

TEST_CASE("told: of ARP, neighbour discovery and ping it is read that somebody is there; what said more is left to that") {
    const Folder folder("told_there");
    const auto line = [](const std::string& probe, const std::string& target, const std::string& outcome) {
        return R"({"type":"exchange","at":"2026-11-27T12:00:00Z","key":"k","outcome":")" + outcome + R"(","probe":")" + probe +
               R"(","target":")" + target + "\"}\n";
    };
    folder.write("exchanges.ndjson", "{\"type\":\"header\",\"schema\":\"herkomst-exchanges/1\"}\n" +
                                         line("arp", "192.0.2.20", "answered") + line("icmp_echo", "192.0.2.20", "answered") +
                                         line("ndp", "2001:db8::20", "answered") + line("icmp_echo", "192.0.2.21", "answered") +
                                         line("http", "192.0.2.21", "answered") + line("icmp_echo", "192.0.2.22", "answered") +
                                         line("modbus", "192.0.2.22", "declined") + line("icmp_echo", "192.0.2.23", "silent") +
                                         line("mdns", "224.0.0.251", "answered"));
    const std::string path = (folder.path() / "exchanges.ndjson").string();
    const Imported imported = import_for(path)->read(path, "source", {});
    std::set<std::string> subjects;
    for (const Observation& each : imported.observations.list()) {
        subjects.insert(each.subject.ip.text());
        CHECK(each.field == Field::role);
        CHECK(each.strength == Strength::Listed);
    }
    CHECK(subjects == std::set<std::string>{"192.0.2.20", "2001:db8::20"});
    std::set<std::string> rows;
    for (const Coverage& row : imported.coverage) rows.insert(row.subject.ip.text() + " " + row.asked + ": " + row.outcome);
    CHECK(rows == std::set<std::string>{"192.0.2.20 probe arp: answers, and says nothing of itself",
                                        "192.0.2.20 probe icmp_echo: answers, and says nothing of itself",
                                        "2001:db8::20 probe ndp: answers, and says nothing of itself",
                                        "192.0.2.22 probe modbus: declined", "192.0.2.23 probe icmp_echo: silent"});
}

TEST_CASE("told: why a question was gated is said: which session, when, and where it was seen") {
    const Peer peer("127.0.47.50", behaviour::silent());
    const RunPlace here("told_gated");
    write_session(here.path("field.pcapng"), "modbus", "127.0.47.50", peer.port());
    here.scope(RunPlace::range("127.0.47.50", {{"modbus", {peer.port()}}, {"sunspec", {peer.port()}}}));
    const std::string session =
        "probe: gated: modbus, sunspec at 127.0.47.50: a session of 192.0.2.10 was seen there (modbus, ";
    const ProgramRan ran = here.probe(here.path("field.pcapng"));
    INFO(ran.out);
    REQUIRE(says(ran.out, session));
    const std::string rest = ran.out.substr(ran.out.find(session));
    CHECK(says(rest.substr(0, rest.find('\n')), "Z, in " + here.path("field.pcapng") + "), and such a server takes"));
    CHECK(peer.connections() == 0);
}

TEST_CASE("told: reasons are grouped, the most frequent first, and no more of them than can be read") {
    ProbeTold told;
    const Probe& http = *probe_named("http");
    Report report;
    report.unasked = true;
    report.outcome = ProbeOutcome::Gated;
    const auto add = [&](const std::string& why, std::uint32_t host) {
        Errand errand;
        errand.probe = &http;
        errand.target.ip = IpAddress::v4(0xc0000200U + host);
        report.reason = why;
        told.add(errand, report);
    };
    for (std::uint32_t i = 0; i < 20; ++i) add("reason " + std::to_string(i), i);
    for (std::uint32_t i = 0; i < 5; ++i) add("the most frequent", i + 30);
    const std::string text = told.text({}, "", "log");
    CHECK(text.starts_with(
        "probe: gated: http at 192.0.2.30, 192.0.2.31, 192.0.2.32 and 2 more: the most frequent\nprobe: gated: http at "));
    CHECK(says(text, "probe: 9 more reasons: see the record\n"));
    CHECK(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) == ProbeTold::reasons_max + 3);
    // What was asked and answered is no reason.
    Errand errand;
    errand.probe = &http;
    ProbeTold nothing;
    nothing.add(errand, Report{});
    CHECK(nothing.text({}, "", "log") == "probe: 0 questions to 0 devices: none\nrecord: log\n");
}

TEST_SUITE_END();

}  // namespace told_test
