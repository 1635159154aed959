// A session that is there is not disturbed, however it is known: from a register that an earlier scan or a sensor wrote, or
// from listening first. Sessions are those of a real master (modbus-serial) with a real server, and of captures.
#include "../lint/folder.h"
#include "../peers/server.h"
#include "core/file.h"
#include "herkomst_run.h"
#include "peers.h"
#include "probes/exchange.h"
#include "probes/gate.h"
#include "probes/synthesis.h"
#include "register/register.h"

using namespace herkomst;

namespace gating_test {

TEST_SUITE_BEGIN("probe_gating");

namespace {

constexpr std::uint16_t port = 15'020;
const std::string exception("\x00\x00\x00\x00\x00\x03\xff\xab\x01", 9);

// Valid for half a year around `now`.
std::string scope_text(const std::string& ip, std::uint16_t at, Time now, const std::string& more = "") {
    const auto half = std::chrono::hours(24 * 90);
    return R"({"schema":"herkomst-scope/1","authorised_by":"A. Person","purpose":"test","valid":{"from":")" +
           rfc3339(now - half) + R"(","until":")" + rfc3339(now + half) + R"("},"ranges":[{"range":")" + ip +
           R"(","probes":["modbus"],"ports":{"modbus":[)" + std::to_string(at) + "]}" + more + "}]}";
}
const Time then = parse_rfc3339("2026-11-21T00:00:00Z").value();

struct Place {
    explicit Place(const std::string& name) : folder(name) {}
    Folder folder;
    unsigned runs = 0;
    [[nodiscard]] std::string path(const std::string& file) const { return (folder.path() / file).string(); }
    ProgramRan probe(const std::string& words) {
        return herkomst_does("probe --quiet --i-am-authorised Me --scope " + path("scope.json") + " --record " +
                             path("record" + std::to_string(++runs)) + " " + words);
    }
    // What the record of the last run says.
    [[nodiscard]] std::string log() const {
        return read_file(path("record" + std::to_string(runs) + "/exchanges.ndjson")).value();
    }
};

bool gated(const Place& here, const std::string& client) {
    return here.log().find("a session of " + client + " was seen there (modbus") != std::string::npos &&
           here.log().find(R"("outcome":"gated")") != std::string::npos;
}

}  // namespace

TEST_CASE("gating: a session that a scan put into the register, for thirty days and no longer") {
    const Peer peer("127.0.38.1", behaviour::answers(exception));
    Place here("gating_register");
    const Probe& probe = *probe_named("modbus");
    Target target = target_of(probe, probe.transcripts.front());
    target.ip = IpAddress::parse("127.0.38.1").value();
    target.port = peer.port();
    std::vector<Said> said = play(probe, probe.transcripts.front()).said;
    for (Said& each : said) each.at = parse_rfc3339("2026-11-20T12:00:00Z").value();
    PacketBytes capture = pcapng_head();
    append_packets(capture, probe, target, said);
    write_file(here.path("session.pcapng"), {reinterpret_cast<const char*>(capture.data()), capture.size()});
    here.folder.write("scope.json", scope_text("127.0.38.1", peer.port(), then));
    const ProgramRan scanned =
        herkomst_does("scan --now 2026-11-20T13:00:00Z " + here.path("session.pcapng") + " --register " + here.path("site.db"));
    INFO(scanned.out);
    REQUIRE(scanned.exit_code == 0);
    const std::string held = "--register " + here.path("site.db") + " ";
    for (const std::string now : {"2026-11-21T00:00:00Z", "2026-12-19T00:00:00Z"}) {
        INFO(now);
        CHECK(here.probe(held + "--now " + now).exit_code == 0);
        CHECK(gated(here, "192.0.2.10"));
    }
    CHECK(peer.connections() == 0);
    const ProgramRan plan =
        herkomst_does("probe --dry-run --now 2026-11-21T00:00:00Z " + held + "--scope " + here.path("scope.json"));
    CHECK(plan.out.find("gated: a session of 192.0.2.10") != std::string::npos);
    // Who has not come back for so long is gone, but nobody has listened since; the operator may say that he may be disturbed.
    CHECK(here.probe(held + "--now 2026-12-21T00:00:00Z").exit_code == 0);
    CHECK(here.log().find("nobody has listened before") != std::string::npos);
    CHECK(peer.connections() == 0);
    // Somebody has listened, elsewhere.
    write_heard(here.path("elsewhere.pcapng"), parse_rfc3339("2026-12-01T12:00:00Z").value());
    CHECK(here.probe(held + here.path("elsewhere.pcapng") + " --now 2026-12-21T00:00:00Z").exit_code == 0);
    CHECK(peer.connections() == 1);
    here.folder.write("scope.json", scope_text("127.0.38.1", peer.port(), then, R"(,"shared_sessions":true)"));
    CHECK(here.probe(held + "--now 2026-11-21T00:00:00Z").exit_code == 0);
    CHECK(peer.connections() == 2);
}

TEST_CASE("gating: our own questions gate nobody, though they end up in the register") {
    const Peer peer("127.0.38.2", behaviour::answers(exception));
    Place here("gating_own");
    // Somebody has listened, elsewhere.
    write_heard(here.path("heard.pcapng"), parse_rfc3339("2026-11-20T12:00:00Z").value());
    here.folder.write("scope.json", scope_text("127.0.38.2", peer.port(), then));
    for (int run = 1; run <= 2; ++run) {
        const ProgramRan ran = herkomst_does("probe --quiet --i-am-authorised Me --now 2026-11-21T00:00:00Z --scope " +
                                             here.path("scope.json") + " --record " + here.path("own" + std::to_string(run)) +
                                             " " + here.path("heard.pcapng") + " --register " + here.path("site.db"));
        INFO(ran.out);
        CHECK(ran.exit_code == 0);
        CHECK(peer.connections() == run);
    }
    CHECK(sessions_of(Register::open_to_read(here.path("site.db"))).empty());
}

TEST_CASE("gating: a master that is heard on the interface first, and one that a sensor wrote into the register") {
    if (!peers::there("modbus-serial")) {
        MESSAGE("skipped: no modbus-serial in ", peers::node_modules());
        return;
    }
    if (::geteuid() != 0) {
        MESSAGE("skipped: capturing on the loopback interface needs the right to");
        return;
    }
    const peers::Server server("modbus_server.js", {"127.0.38.3", "15020", "1", R"({"holding":{"40000":"53756e53"}})"});
    REQUIRE(server.ready());
    Place here("gating_live");
    const Time today = std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now());
    here.folder.write("scope.json", scope_text("127.0.38.3", port, today));
    {
        const peers::Server master("modbus_client.js", {"127.0.38.99", "127.0.38.3", "15020", "1"});
        REQUIRE(master.ready());
        const ProgramRan ran = here.probe("--listen lo --listen-for 4s");
        INFO(ran.out);
        CHECK(ran.exit_code == 0);
        CHECK(ran.out.find("listening on lo for 4s before anything is asked") != std::string::npos);
        CHECK(gated(here, "127.0.38.99"));
        const ProgramRan sensor = herkomst_does("listen -i lo --duration 4s --interval 2s --register " + here.path("site.db"));
        INFO(sensor.out);
        CHECK(sensor.exit_code == 0);
    }
    // The master is gone, but was there a moment ago.
    CHECK(here.probe("--register " + here.path("site.db")).exit_code == 0);
    CHECK(gated(here, "127.0.38.99"));
    // Nothing known, nobody there: it may be asked, and is.
    const Chatter chatter("127.0.38.98");
    CHECK(here.probe("--listen lo --listen-for 10s").exit_code == 0);
    CHECK_FALSE(gated(here, "127.0.38.99"));
    CHECK(here.log().find(R"("outcome":"gated")") == std::string::npos);
}

TEST_CASE("gating: of conversations those are kept that will forbid something, of a fragile family more of them") {
    const auto talk = [](const std::string& server, const std::string& service) {
        Conversation row;
        row.a.ip = IpAddress::parse("192.0.2.10").value();
        row.b.ip = IpAddress::parse(server).value();
        row.service = service;
        return row;
    };
    Identified identified;
    Asset asset;
    asset.key = "logger";
    asset.beliefs[Field::maker] = {"Example Solar", "example-solar", Strength::Stated, {}, {}, false};
    identified.assets.push_back(asset);
    for (const char* service : {"modbus", "tcp/502", "s7comm", "http", "dns", "tcp/8080"}) {
        identified.conversations.push_back(talk("192.0.2.20", service));
        identified.conversations.push_back(talk("192.0.2.21", service));
    }
    Endpoint logger;
    logger.ip = IpAddress::parse("192.0.2.21").value();
    identified.asset_of[logger] = "logger";
    std::set<std::string> kept;
    for (const SeenSession& each : sessions_that_gate(identified, {{"example-solar", {}, {"http"}, "it bears one session"}}))
        kept.insert(each.server.text() + " " + each.service);
    CHECK(kept == std::set<std::string>{"192.0.2.20 modbus", "192.0.2.20 s7comm", "192.0.2.20 tcp/502", "192.0.2.21 http",
                                        "192.0.2.21 modbus", "192.0.2.21 s7comm", "192.0.2.21 tcp/502"});
}

TEST_SUITE_END();

}  // namespace gating_test
