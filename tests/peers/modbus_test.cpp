// The Modbus probes, asked by the real engine of a real server (modbus-serial) that has exactly the registers of the probe's
// transcript: a read beside them would be refused, and what is learned is what the transcript says.
#include <doctest/doctest.h>

#include <map>

#include "../lint/folder.h"
#include "../probes/herkomst_run.h"
#include "asked.h"
#include "core/text.h"
#include "server.h"

using namespace herkomst;

namespace modbus_test {

TEST_SUITE_BEGIN("peers.modbus");

namespace {

// "holding": {"40000": "53756e53", ...}, from the reads of a transcript.
std::string registers_of(const Transcript& transcript, unsigned& unit) {
    std::map<unsigned, std::string> all;  // function to members
    for (const Turn& turn : transcript.turns) {
        const std::vector<std::uint8_t> asked = unhex(turn.sent_hex);
        const std::vector<std::uint8_t> answer = unhex(turn.reply_hex);
        if (asked.size() != 12 || answer.size() < 9 || (answer[7] & 0x80) != 0) continue;
        unit = asked[6];
        std::string& members = all[asked[7]];
        members += (members.empty() ? "\"" : ",\"") + std::to_string(asked[8] * 256 + asked[9]) + "\":\"" +
                   hex(answer.data() + 9, answer.size() - 9) + "\"";
    }
    return "{\"holding\":{" + all[3] + "},\"input\":{" + all[4] + "}}";
}

}  // namespace

TEST_CASE("every probe of registers learns from modbus-serial what its transcript says") {
    if (!peers::there("modbus-serial")) {
        MESSAGE("skipped: no modbus-serial in ", peers::node_modules());
        return;
    }
    std::size_t tried = 0;
    for (const Probe& probe : all_probes()) {
        if (!probe.name.ends_with("_registers") && !probe.name.ends_with("sunspec")) continue;
        INFO(probe.name);
        const Transcript& transcript = probe.transcripts.front();
        unsigned unit = 0;
        const std::string registers = registers_of(transcript, unit);
        const std::string ip = "127.0.78." + std::to_string(++tried);
        constexpr std::uint16_t port = 15'020;
        const peers::Server server("modbus_server.js", {ip, std::to_string(port), std::to_string(unit), registers});
        REQUIRE(server.ready());
        peers::Target target{ip, port};
        if (!probe.makers.empty()) target.maker = probe.makers.front();
        const peers::Learned learned = peers::asked(std::string(probe.name), target);
        CHECK(name(learned.report.outcome) == name(ProbeOutcome::Answered));
        CHECK_FALSE(learned.report.unclosed);
        std::set<std::string> wanted;
        const std::string of_port = "modbus/" + std::to_string(probe.ports.front()) + "/";
        for (const std::string_view said : transcript.claims) {
            std::string claim(said);
            if (const std::size_t at = claim.find(of_port); at != std::string::npos)
                claim.replace(at, of_port.size(), "modbus/" + std::to_string(port) + "/");
            wanted.insert(claim);
        }
        for (const std::string& claim : learned.claims) {
            if (!wanted.contains(claim)) FAIL_CHECK("not expected: " << claim);
        }
        for (const std::string& claim : wanted) {
            if (!learned.claims.contains(claim)) FAIL_CHECK("not learned: " << claim);
        }
    }
    CHECK(tried == 14);
}

TEST_CASE("a server that names itself, and has no Report Server ID") {
    if (!peers::there("modbus-serial")) {
        MESSAGE("skipped: no modbus-serial in ", peers::node_modules());
        return;
    }
    const peers::Server server("modbus_server.js",
                               {"127.0.78.40", "15020", "1",
                                "{\"names\":{\"0\":\"Example Works\",\"1\":\"EX-520-A\",\"2\":\"V2.10\",\"5\":\"EX-520\"}}"});
    REQUIRE(server.ready());
    const peers::Learned names = peers::asked("modbus", {"127.0.78.40", 15'020, {}, {1}});
    CHECK(name(names.report.outcome) == name(ProbeOutcome::Answered));
    CHECK(names.claims.contains("server[modbus/15020/1] brand=Example Works"));
    CHECK(names.claims.contains("server[modbus/15020/1] model=EX-520"));
    CHECK(names.claims.contains("server[modbus/15020/1] firmware=V2.10"));
    const peers::Learned id = peers::asked("modbus_server_id", {"127.0.78.40", 15'020, {}, {1}});
    CHECK(name(id.report.outcome) == name(ProbeOutcome::Silent));
    CHECK(id.claims.empty());
}

TEST_CASE("libmodbus: has no Read Device Identification, and a Report Server ID") {
    const std::string header = peers::debian() + "/usr/include/modbus/modbus.h";
    const bool unpacked = std::filesystem::exists(header);
    if (!unpacked && !std::filesystem::exists("/usr/include/modbus/modbus.h")) {
        MESSAGE("skipped: no libmodbus (tools/install/peers)");
        return;
    }
    const Folder folder("peer_libmodbus");
    const std::string built = (folder.path() / "server").string();
    const std::string where =
        unpacked ? " -I" + peers::debian() + "/usr/include -L" + peers::debian() + "/usr/lib/x86_64-linux-gnu" : "";
    const ProgramRan compiled =
        shell("cc -o " + built + " " HERKOMST_SOURCE_DIR "/tests/peers/libmodbus_server.c" + where + " -lmodbus");
    INFO(compiled.out);
    REQUIRE(compiled.exit_code == 0);
    const peers::Server server("ready", built, {"127.0.78.41", "15020"});
    REQUIRE(server.ready());
    const peers::Learned names = peers::asked("modbus", {"127.0.78.41", 15'020, {}, {1}});
    CHECK(name(names.report.outcome) == name(ProbeOutcome::Declined));
    CHECK(names.claims == std::set<std::string>{"server role=modbus server"});
    const peers::Learned id = peers::asked("modbus_server_id", {"127.0.78.41", 15'020, {}, {1}});
    CHECK(name(id.report.outcome) == name(ProbeOutcome::Answered));
    CHECK_FALSE(id.report.unclosed);
    CHECK(id.claims == std::set<std::string>{"server role=modbus server", "server[modbus/15020/1] description=LMB3.1.6"});
}

TEST_SUITE_END();

}  // namespace modbus_test
