// What `herkomst probe` refuses, and that nothing is sent then; what it records, and that it can be taken up again.
#include <algorithm>

#include "../lint/folder.h"
#include "core/file.h"
#include "core/json.h"
#include "core/text.h"
#include "herkomst_run.h"
#include "peers.h"
#include "probes/exchange.h"
#include "session.h"
#include "vendordb/signed.h"

using namespace herkomst;

namespace refusals_test {

TEST_SUITE_BEGIN("probe_refusals");

namespace {

const std::string now = "--now 2026-11-27T12:00:00Z ";
const std::string page =
    "HTTP/1.1 200 OK\r\nServer: ExampleWeb/2.1\r\nContent-Length: 36\r\n\r\n<html><title>Pump 7</title></html>...";

// `ranges` and `more` are JSON.
std::string scope_text(const std::string& ranges, const std::string& more = "") {
    return R"({"schema":"herkomst-scope/1","authorised_by":"A. Person","purpose":"test","valid":{"from":"2026-11-01T00:00:00Z",)"
           R"("until":"2026-12-01T00:00:00Z"},"ranges":[)" +
           ranges + "]" + more + "}";
}
std::string range(const std::string& ip, const std::string& probe, std::uint16_t port, const std::string& more = "") {
    return R"({"range":")" + ip + R"(","probes":[")" + probe + R"("],"ports":{")" + probe + R"(":[)" + std::to_string(port) +
           "]}" + more + "}";
}

struct Place {
    explicit Place(const std::string& name) : folder(name) {}
    Folder folder;
    [[nodiscard]] std::string path(const std::string& file) const { return (folder.path() / file).string(); }
    // The words of a run: everything but what is tested.
    ProgramRan probe(const std::string& words, const std::string& record = "record") const {
        return herkomst_does("probe " + now + "--quiet --scope " + path("scope.json") + " --record " + path(record) + " " +
                             words);
    }
};
const std::string me = "--i-am-authorised Me --until observations ";

}  // namespace

TEST_CASE("no scope, nobody authorised, not yet, not any more, not now, not signed: exit 4, with the reason") {
    const Peer peer("127.0.36.1", behaviour::answers(page));
    const Place here("refusals");
    const std::string allowed = range("127.0.36.1", "http", peer.port());
    here.folder.write("scope.json", scope_text(allowed));
    const auto refused = [&](const ProgramRan& ran, const std::string& why) {
        INFO(ran.out);
        CHECK(ran.exit_code == 4);
        CHECK(ran.out.find(why) != std::string::npos);
        CHECK(ran.out.find("nothing was sent") != std::string::npos);
    };
    refused(herkomst_does("probe --record " + here.path("r") + " " + me), "no scope file");
    refused(here.probe("--until observations"), "--i-am-authorised");
    refused(here.probe("--i-am-authorised '  ' --until observations"), "--i-am-authorised");
    refused(herkomst_does("probe --now 2026-10-01T00:00:00Z --scope " + here.path("scope.json") + " --record " +
                          here.path("r") + " " + me),
            "not valid before");
    refused(herkomst_does("probe --now 2027-01-01T00:00:00Z --scope " + here.path("scope.json") + " --record " +
                          here.path("r") + " " + me),
            "expired");
    here.folder.write("scope.json", scope_text(allowed, R"(,"windows":[{"from":"22:00","until":"05:00"}])"));
    refused(here.probe(me), "no probes at this time");
    here.folder.write("scope.json", scope_text(allowed));
    const KeyPair keys = make_keys();
    here.folder.write("key.pem", keys.public_pem);
    refused(here.probe(me + "--scope-key " + here.path("key.pem")), "not signed");
    // What is allowed is not what is asked.
    refused(here.probe(me + "--only modbus"), "allows nothing");
    here.folder.write("scope.json", scope_text(allowed, R"(,"exclude":["127.0.36.0/24"])"));
    refused(here.probe(me), "allows nothing");
    CHECK(peer.connections() == 0);
    CHECK_FALSE(std::filesystem::exists(here.path("record")));

    here.folder.write("scope.json", scope_text(allowed, R"(,"extra":1)"));
    const ProgramRan wrong = here.probe(me);
    CHECK(wrong.exit_code == 2);
    CHECK(wrong.out.find("scope.json: /extra") != std::string::npos);
    CHECK(peer.connections() == 0);
}

TEST_CASE("a dry run prints every target and every byte, and sends nothing") {
    const Peer peer("127.0.36.2", behaviour::answers(page));
    const Place here("dry_run");
    here.folder.write("scope.json", scope_text(range("127.0.36.2", "http", peer.port())));
    const ProgramRan ran = herkomst_does("probe " + now + "--dry-run --scope " + here.path("scope.json"));
    CHECK(ran.exit_code == 0);
    CHECK(ran.out.find("127.0.36.2 tcp/" + std::to_string(peer.port()) + "  http") != std::string::npos);
    CHECK(ran.out.find("GET {path} HTTP/1.1") != std::string::npos);
    CHECK(ran.out.find("1 questions to 1 devices; between") != std::string::npos);
    // What waits for something is told with what it waits for.
    here.folder.write("scope.json", scope_text(R"({"range":"127.0.36.2","probes":["http","http_favicon","shelly"]})"));
    const ProgramRan waits = herkomst_does("probe " + now + "--dry-run --scope " + here.path("scope.json"));
    CHECK(waits.out.find("tcp/80  http_favicon, if http answers, sends ") != std::string::npos);
    CHECK(waits.out.find("tcp/80  shelly, if its maker is shelly, sends ") != std::string::npos);
    CHECK(peer.connections() == 0);
}

TEST_CASE("a live session on a server of few sessions, a fragile device, a fragile family: gated, and said so") {
    const Peer peer("127.0.36.3", behaviour::silent());
    const Peer web("127.0.36.4", behaviour::answers(page));
    const Peer fragile("127.0.36.5", behaviour::answers(page));
    const Place here("gated");
    write_session(here.path("field.pcapng"), "modbus", "127.0.36.3", peer.port());
    write_session(here.path("web.pcapng"), "http", "127.0.36.4", web.port());
    const std::string sources = here.path("field.pcapng") + " " + here.path("web.pcapng");
    here.folder.write("scope.json", scope_text(range("127.0.36.3", "modbus", peer.port()) + "," +
                                                   range("127.0.36.4", "http", web.port(), R"(,"maker":"sungrow")") + "," +
                                                   range("127.0.36.5", "http", fragile.port()),
                                               R"(,"fragile":[{"range":"127.0.36.5","why":"it once stopped"}])"));
    const ProgramRan ran = here.probe(me + sources);
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    for (const std::string ip : {"127.0.36.3", "127.0.36.4", "127.0.36.5"})
        CHECK(ran.out.find(R"("outcome":"gated","subject":{"ip":")" + ip) != std::string::npos);
    CHECK(peer.connections() + web.connections() + fragile.connections() == 0);
    const std::string log = read_file(here.path("record/exchanges.ndjson")).value();
    CHECK(log.find("a session of 192.0.2.10 was seen there") != std::string::npos);
    CHECK(log.find("it once stopped") != std::string::npos);

    // The operator may say that sessions can be shared; of the same maker nothing is held against who has no session.
    here.folder.write("scope.json", scope_text(range("127.0.36.4", "http", web.port(), R"(,"shared_sessions":true)")));
    CHECK(here.probe(me + sources, "again").exit_code == 0);
    CHECK(web.connections() == 1);
}

TEST_CASE("answers become observations of the device and of nobody else, with the bytes to show for it") {
    const Peer web("127.0.36.6", behaviour::answers(page));
    const Place here("answers");
    here.folder.write("scope.json", scope_text(range("127.0.36.6", "http", web.port())));
    const ProgramRan ran = here.probe("--i-am-authorised Me --keep-bytes --pcapng --register " + here.path("site.db"));
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    const ProgramRan explained = herkomst_does("explain 127.0.36.6 software --register " + here.path("site.db"));
    INFO(explained.out);
    CHECK(explained.out.find("exchanges.pcapng frame") != std::string::npos);
    CHECK(explained.out.find("ExampleWeb/2.1") != std::string::npos);
    // We are no asset.
    CHECK(herkomst_does("explain 127.0.0.1 --register " + here.path("site.db")).exit_code != 0);
    const std::string log = read_file(here.path("record/exchanges.ndjson")).value();
    CHECK(log.find(R"("authorised":"Me")") != std::string::npos);
    CHECK(log.find(hex(reinterpret_cast<const std::uint8_t*>(page.data()), page.size())) != std::string::npos);

    // A second run needs another folder, or says that it goes on with this one: then nothing is left to ask.
    CHECK(here.probe(me).exit_code == 2);
    CHECK(here.probe(me + "--resume").exit_code == 0);
    CHECK(web.connections() == 1);
}

TEST_CASE("a record that was broken off in the middle is taken up where it ends") {
    const Peer first("127.0.36.7", behaviour::answers(page));
    const Peer second("127.0.36.8", behaviour::answers(page));
    const Place here("resume");
    here.folder.write("scope.json", scope_text(range("127.0.36.7", "http", first.port())));
    CHECK(here.probe(me + "--pcapng").exit_code == 0);
    // As a kill leaves it: half a line, half a block.
    const std::string log = read_file(here.path("record/exchanges.ndjson")).value();
    write_file(here.path("record/exchanges.ndjson"), log + R"({"type":"exchange","key":"http 127.0.36.8)");
    const std::string packets = read_file(here.path("record/exchanges.pcapng")).value();
    write_file(here.path("record/exchanges.pcapng"), packets + packets.substr(packets.size() - 20));
    here.folder.write("scope.json",
                      scope_text(range("127.0.36.7", "http", first.port()) + "," + range("127.0.36.8", "http", second.port())));
    const ProgramRan ran = here.probe(me + "--pcapng --resume");
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    CHECK(first.connections() == 1);
    CHECK(second.connections() == 1);
    // Both runs' answers are read.
    for (const std::string ip : {"127.0.36.7", "127.0.36.8"})
        CHECK(ran.out.find(R"("method":"http.server","strength":"stated","subject":{"ip":")" + ip) != std::string::npos);
}

TEST_CASE("a record that is taken up: who was left alone stays so, and what was answered is known") {
    const Peer upset("127.0.36.10", behaviour::resets());
    const Peer beside("127.0.36.10", behaviour::answers(page));
    const Peer web("127.0.36.11", behaviour::answers(page));
    const Place here("resume_knows");
    const auto http_at = [](const std::string& ip, const std::string& ports, const std::string& more) {
        return R"({"range":")" + ip + R"(","probes":["http")" + more + R"(],"ports":{"http":[)" + ports +
               R"(],"http_favicon":[)" + ports + "]}}";
    };
    const std::string web_port = std::to_string(web.port());
    here.folder.write("scope.json", scope_text(http_at("127.0.36.10", std::to_string(upset.port()), "") + "," +
                                               http_at("127.0.36.11", web_port, "")));
    CHECK(here.probe(me).exit_code == 0);
    CHECK(upset.connections() == 1);
    CHECK(web.connections() == 1);
    const std::string both = std::to_string(upset.port()) + "," + std::to_string(beside.port());
    here.folder.write("scope.json", scope_text(http_at("127.0.36.10", both, "") + "," +
                                               http_at("127.0.36.11", web_port, R"(,"http_favicon")")));
    const ProgramRan ran = here.probe(me + "--resume");
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    CHECK(upset.connections() == 1);
    CHECK(beside.connections() == 0);
    // The icon is asked for where the page was found, though that was before.
    CHECK(web.connections() == 2);
    const std::string log = read_file(here.path("record/exchanges.ndjson")).value();
    CHECK(log.find("it is left alone: it fell silent or broke off after the question \\\"http\\\"") != std::string::npos);
    CHECK(log.find(R"("probe":"http_favicon")") != std::string::npos);
}

TEST_CASE("Ctrl-C twice: everything is left at once, nothing is read, and it can be taken up") {
    const Peer slow("127.0.36.12", behaviour::silent());
    const Place here("interrupt_twice");
    here.folder.write("scope.json", scope_text(range("127.0.36.12", "http", slow.port())));
    const std::string words = "probe " + now + "--quiet --scope " + here.path("scope.json") + " --record " +
                              here.path("record") + " --i-am-authorised Me --register " + here.path("site.db");
    const ProgramRan ran =
        shell(HERKOMST_BINARY_DIR "/bin/herkomst " + words + " 2>&1 & for i in $(seq 200); do [ -e " + here.path("record") +
              "/exchanges.pcapng ] && break; sleep 0.1; done; sleep 0.7; kill -INT $!; sleep 0.3; kill -INT $!; wait $!; echo "
              "\"exit $?\"");
    INFO(ran.out);
    CHECK(ran.out.find("exit 130") != std::string::npos);
    CHECK(ran.out.find("left everything; --resume takes it up again") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(here.path("site.db")));
    // What was sent until then stands in the record; it has no answer, so it is asked again.
    const std::string log = read_file(here.path("record/exchanges.ndjson")).value();
    CHECK(log.find(R"("outcome":"interrupted")") != std::string::npos);
    CHECK(log.find(R"("reason":"the run was left before there was a reply")") != std::string::npos);
    CHECK(log.find(R"("by":"us")") != std::string::npos);
    CHECK(here.probe(me + "--resume --only http").exit_code != 2);
    CHECK(slow.connections() == 2);
}

TEST_CASE("Ctrl-C once: what was begun is finished, what was learned is recorded, exit 130; the rest can be asked later") {
    const Peer web("127.0.36.9", behaviour::drips(page.substr(0, 40), std::chrono::milliseconds(100)));
    const Peer later("127.0.36.9", behaviour::answers(page));
    const Place here("interrupt");
    here.folder.write("scope.json", scope_text(R"({"range":"127.0.36.9","probes":["http"],"ports":{"http":[)" +
                                               std::to_string(web.port()) + "," + std::to_string(later.port()) + "]}}"));
    const std::string words = "probe " + now + "--quiet --scope " + here.path("scope.json") + " --record " +
                              here.path("record") + " --i-am-authorised Me --register " + here.path("site.db");
    const ProgramRan ran =
        // As soon as the record is begun: how long a start takes depends on the machine.
        shell(HERKOMST_BINARY_DIR "/bin/herkomst " + words + " & for i in $(seq 200); do [ -e " + here.path("record") +
              "/exchanges.pcapng ] && break; sleep 0.1; done; sleep 0.7; kill -INT $!; wait $!; echo \"exit $?\"");
    INFO(ran.out);
    CHECK(ran.out.find("exit 130") != std::string::npos);
    CHECK(later.connections() == 0);
    CHECK(std::filesystem::exists(here.path("site.db")));
    CHECK(std::filesystem::exists(here.path("record/exchanges.pcapng")));  // kept: it is taken up again
    CHECK(herkomst_does(words + " --resume").exit_code == 0);
    CHECK(later.connections() == 1);
    CHECK(web.connections() == 1);
}

TEST_SUITE_END();

}  // namespace refusals_test
