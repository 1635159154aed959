// The record holds everything that was sent, as it was sent: inside TLS and around it, and where nothing came of it; what is
// rebuilt from it says so, and is sound.
#include "probes/record.h"

#include <doctest/doctest.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <csignal>
#include <set>

#include "../lint/folder.h"
#include "ask_one.h"
#include "core/file.h"
#include "core/json.h"
#include "core/text.h"
#include "herkomst_run.h"
#include "imports/import.h"
#include "peers.h"

using namespace herkomst;

namespace record_test {

TEST_SUITE_BEGIN("probe_record");

namespace {

const std::string page = "HTTP/1.1 200 OK\r\nServer: ExampleWeb/2.1\r\nContent-Length: 5\r\n\r\nhello";

// `openssl s_server` with a certificate of its own, until the test ends.
class TlsServer {
  public:
    TlsServer(const Folder& folder, const std::string& ip, std::uint16_t port, const std::string& options) {
        const std::string at = folder.path().string();
        if (shell("openssl req -x509 -newkey rsa:2048 -nodes -keyout " + at + "/key.pem -out " + at +
                  "/cert.pem -days 30 -subj '/O=Example Works/CN=EX-100'")
                .exit_code != 0)
            return;
        const std::string where = ip + ":" + std::to_string(port);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::execl("/bin/sh", "sh", "-c",
                    ("cd " + at + " && exec openssl s_server -WWW -accept " + where + " -key key.pem -cert cert.pem " +
                     options + " >/dev/null 2>&1")
                        .c_str(),
                    nullptr);
            ::_exit(127);
        }
        char wanted[32];
        std::snprintf(wanted, sizeof wanted, ":%04X 00000000:0000 0A", static_cast<unsigned>(port));
        for (int i = 0; i < 100 && !ready_; ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            ready_ = shell("cat /proc/net/tcp").out.find(wanted) != std::string::npos;
        }
    }
    ~TlsServer() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGTERM);
        ::waitpid(pid_, nullptr, 0);
    }
    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;
    [[nodiscard]] bool ready() const { return ready_; }

  private:
    pid_t pid_ = -1;
    bool ready_ = false;
};

std::string scope_text(const std::string& ip, const std::string& probe, std::uint16_t port) {
    return R"({"schema":"herkomst-scope/1","authorised_by":"A. Person","purpose":"test","valid":{"from":"2026-11-01T00:00:00Z",)"
           R"("until":"2026-12-01T00:00:00Z"},"ranges":[{"range":")" +
           ip + R"(","probes":[")" + probe + R"("],"ports":{")" + probe + R"(":[)" + std::to_string(port) + "]}}]}";
}

struct Run {
    std::string out;
    std::string log;
};
Run probe(const Folder& folder, const std::string& ip, const std::string& named, std::uint16_t port, const std::string& words) {
    const std::string at = folder.path().string();
    folder.write("scope.json", scope_text(ip, named, port));
    const ProgramRan ran = herkomst_does("probe --now 2026-11-27T12:00:00Z --quiet --i-am-authorised Me --scope " + at +
                                         "/scope.json --record " + at + "/record " + words);
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    return {ran.out, read_file(at + "/record/exchanges.ndjson").value()};
}

Json exchange_in(const std::string& log) {
    for (const std::string_view line : split(log, '\n')) {
        if (line.empty()) continue;
        Result<Json> json = parse_json(line, "log");
        if (json && json.value()["type"].string() == "exchange") return json.value();
    }
    return {};
}

}  // namespace

TEST_CASE("TLS that cannot be agreed on: what was sent stands in the record, as it was sent") {
    const Peer plain("127.0.46.1", behaviour::answers("HTTP/1.1 400 Bad Request\r\n\r\n"));
    const Folder folder("record_no_tls");
    const Run run = probe(folder, "127.0.46.1", "tls_certificate", plain.port(), "--keep-bytes --until observations");
    const Json exchange = exchange_in(run.log);
    CHECK(exchange["outcome"].string() == "other protocol");
    REQUIRE(exchange["said"].items().size() >= 2);
    const Json& hello = exchange["said"].at(0);
    CHECK(hello["by"].string() == "us");
    CHECK(hello["layer"].string() == "tls");
    CHECK(hello["hex"].string().starts_with("1603"));  // a handshake record
    CHECK(hello["hex"].string().size() == 2 * static_cast<std::size_t>(hello["bytes"].integer()));
    CHECK(exchange["said"].at(1)["by"].string() == "them");
}

TEST_CASE("TLS: its records, what travels inside them and what is rebuilt from them are told apart") {
    const Folder folder("record_tls");
    const TlsServer server(folder, "127.0.46.2", 14'643, "-tls1_3");
    if (!server.ready()) {
        MESSAGE("skipped: there is no openssl program");
        return;
    }
    const Run run = probe(folder, "127.0.46.2", "https", 14'643, "--keep-bytes --until observations");
    const Json exchange = exchange_in(run.log);
    std::size_t requests = 0;
    std::string ours_inside;
    bool rebuilt = false;
    std::string around;
    for (const Json& said : exchange["said"].items()) {
        const bool ours = said["by"].string() == "us";
        const std::string& layer = said["layer"].string();
        CHECK((layer == "tls" || layer == "inside tls" || layer == "rebuilt"));
        requests += said.has("request") ? 1 : 0;
        if (said.has("request")) CHECK(layer == "inside tls");
        if (ours && layer == "inside tls") ours_inside += said["hex"].string();
        if (ours && layer == "tls") around += said["hex"].string();
        rebuilt = rebuilt || (!ours && layer == "rebuilt");
    }
    const auto get = unhex(ours_inside);
    CHECK(std::string(get.begin(), get.end()).starts_with("GET / HTTP/1.1"));
    CHECK(around.find(ours_inside) == std::string::npos);
    CHECK(around.size() > ours_inside.size());
    CHECK(requests == 1);
    CHECK(rebuilt);
    // Nothing of it counts twice when the record is taken up.
    Result<std::unique_ptr<ExchangeRecord>> again =
        ExchangeRecord::open((folder.path() / "record").string(), true, false, RecordHead{});
    REQUIRE(again.ok());
    CHECK(again.value()->past().begin()->second.requests == 1);
}

TEST_CASE("a device that has nothing newer than TLS 1.0 is told, in coverage, summary and explanation") {
    const Folder folder("record_tls_old");
    const TlsServer server(folder, "127.0.46.3", 14'645, "-tls1 -cipher ALL:@SECLEVEL=0");
    if (!server.ready()) {
        MESSAGE("skipped: there is no openssl program");
        return;
    }
    const std::string at = folder.path().string();
    const Run run =
        probe(folder, "127.0.46.3", "tls_certificate", 14'645, "--pcapng --site north --register " + at + "/site.db");
    CHECK(exchange_in(run.log)["tls"].string() == "TLSv1");
    CHECK(run.out.find("identity was read over TLS 1.0: the device offers nothing newer") != std::string::npos);
    const ProgramRan explained = herkomst_does("explain --register " + at + "/site.db 127.0.46.3");
    INFO(explained.out);
    CHECK(explained.out.find("port 14645: TLS 1.0 at most") != std::string::npos);
    CHECK(explained.out.find("identity was read over this: the device offers nothing newer") != std::string::npos);
    // The rebuilt record has the version that was agreed.
    const std::string packets = read_file(at + "/record/exchanges.pcapng").value();
    CHECK(packets.find(std::string("\x16\x03\x01", 3)) != std::string::npos);
    CHECK(packets.find(std::string("\x16\x03\x03", 3)) == std::string::npos);
}

TEST_CASE("an import of the record: what was agreed, and nothing where it was a version of today") {
    const Folder folder("record_import");
    folder.write("exchanges.ndjson",
                 "{\"schema\":\"herkomst-exchanges/1\",\"type\":\"header\"}\n"
                 "{\"at\":\"2026-11-27T12:00:00Z\",\"outcome\":\"answered\",\"port\":443,\"probe\":\"https\",\"target\":"
                 "\"192.0.2.20\",\"tls\":\"TLSv1.1\",\"type\":\"exchange\"}\n"
                 "{\"at\":\"2026-11-27T12:00:00Z\",\"outcome\":\"answered\",\"port\":443,\"probe\":\"https\",\"target\":"
                 "\"192.0.2.21\",\"tls\":\"TLSv1.2\",\"type\":\"exchange\"}\n"
                 "{\"at\":\"2026-11-27T12:00:00Z\",\"outcome\":\"interrupted\",\"port\":80,\"probe\":\"http\",\"target\":"
                 "\"192.0.2.22\",\"type\":\"exchange\"}\n");
    const std::string path = (folder.path() / "exchanges.ndjson").string();
    const Imported imported = import_for(path)->read(path, "source", {"north", {}});
    CHECK(imported.problems.empty());
    const std::vector<Observation> said = imported.observations.list();
    REQUIRE(said.size() == 1);
    CHECK(said.front().subject.ip.text() == "192.0.2.20");
    CHECK(said.front().value == "port 443: TLS 1.1 at most");
    CHECK(said.front().from.frame == 2);
    std::set<std::string> rows;
    for (const Coverage& row : imported.coverage) rows.insert(row.subject.ip.text() + " " + row.asked + " " + row.outcome);
    CHECK(rows == std::set<std::string>{"192.0.2.20 probe https read over TLS 1.1", "192.0.2.22 probe http interrupted"});
}

TEST_CASE(
    "packets that are rebuilt say so, and are sound: no bad checksum, nothing malformed that the device did not malform") {
    if (shell("command -v tshark").exit_code != 0) {
        MESSAGE("skipped: tshark is needed");
        return;
    }
    const Folder folder("record_rebuilt");
    const std::string at = (folder.path() / "all.pcapng").string();
    PacketBytes capture = pcapng_head();
    std::size_t packets = 0;
    std::uint16_t port = 41'000;
    for (const Probe& probe : all_probes()) {
        for (const Transcript& each : probe.transcripts) {
            if (each.outcome != ProbeOutcome::Answered) continue;
            Target target = target_of(probe, each);
            // tshark remembers what was spoken from a port: each has its own, as from a kernel.
            if (probe.local_port == 0) target.my_port = port += 4;
            packets += append_packets(capture, probe, target, play(probe, each).said);
        }
    }
    folder.write("all.pcapng", std::string(capture.begin(), capture.end()));
    const std::string read = "tshark -r " + at +
                             " -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -o "
                             "udp.check_checksum:TRUE ";
    const std::string sums =
        "ip.checksum.status == Bad || tcp.checksum.status == Bad || udp.checksum.status == Bad || icmpv6.checksum.status == "
        "Bad";
    const ProgramRan bad = shell(read + "-Y '" + sums + "' 2>/dev/null");
    CHECK_MESSAGE(bad.out.find("->") == std::string::npos, bad.out);
    const ProgramRan all = shell(read + "-T fields -e frame.number 2>/dev/null | wc -l");
    CHECK(trimmed(all.out) == std::to_string(packets));
    // FINS: the transcripts leave out the area data that end a real answer, and tshark misses them.
    const ProgramRan broken = shell(read +
                                    "-Y '_ws.malformed && !omron' -T fields -e frame.number -e frame.protocols -e _ws.col.Info "
                                    "2>/dev/null | grep -v '^Running'");
    CHECK_MESSAGE(trimmed(broken.out).empty(), broken.out);
    // What it is, the file itself says: capinfos shows the comment of the section, tshark that of what stood inside TLS.
    const ProgramRan says = shell("capinfos " + at);
    if (says.exit_code == 0) CHECK(says.out.find("not recorded from an interface") != std::string::npos);
    Report tls;
    Said inside;
    inside.layer = Said::Layer::Inside;
    inside.ours = true;
    inside.bytes = {'G', 'E', 'T', ' ', '/'};
    Said record = inside;
    record.layer = Said::Layer::Tls;
    record.bytes = {0x17, 3, 3, 0, 1, 0};
    PacketBytes one = pcapng_head();
    const Probe& https = *probe_named("https");
    append_packets(one, https, target_of(https, {}), {inside, record});
    folder.write("one.pcapng", std::string(one.begin(), one.end()));
    const ProgramRan noted = shell("tshark -r " + (folder.path() / "one.pcapng").string() + " -Y tcp.len==5 -V 2>/dev/null");
    CHECK(noted.out.find("this travelled inside TLS") != std::string::npos);
}

TEST_SUITE_END();

}  // namespace record_test
