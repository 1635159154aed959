// What a proxy carries is another's: no word of the far side becomes a claim about the proxy, and the path keeps its name.
#include <doctest/doctest.h>

#include <algorithm>

#include "writer.h"

using namespace herkomst;
using namespace herkomst::made;

namespace tunnel_test {

TEST_SUITE_BEGIN("capture.tunnel");

namespace {

// One connection, message after message.
class Talk {
  public:
    explicit Talk(unsigned port) : port_(port) {
        file_.add(tcp_frame(true, port_, 99, syn, {})).add(tcp_frame(false, port_, 8999, syn | ack, {}));
    }
    Talk& client(const Octets& bytes) { return say(true, bytes); }
    Talk& server(const Octets& bytes) { return say(false, bytes); }
    [[nodiscard]] Analysis analysed() const { return analyse_memory(file_.bytes, all_decoders(), AnalysisOptions{}); }

  private:
    Talk& say(bool client, const Octets& bytes) {
        std::uint32_t& at = client ? client_at_ : server_at_;
        file_.add(tcp_frame(client, port_, at, ack, bytes));
        at += static_cast<std::uint32_t>(bytes.size());
        return *this;
    }
    unsigned port_;
    Pcap file_;
    std::uint32_t client_at_ = 100;
    std::uint32_t server_at_ = 9000;
};

Talk& greet(Talk& talk) {
    return talk.server(octets("SSH-2.0-ExampleCam_2.1\r\n")).client(octets("SSH-2.0-ExampleTool_1.0\r\n"));
}

const std::string proxy = "192.0.2.20";

bool says(const Analysis& analysis, std::string_view who, Field field, std::string_view value) {
    const std::vector<Observation> rows = analysis.observations.list();
    return std::any_of(rows.begin(), rows.end(), [&](const Observation& row) {
        return row.subject.ip.text() == who && row.field == field && row.value == value;
    });
}

// Nothing of what the far side said of itself, all that the client said, and where it led.
void is_carried(const Analysis& analysis, std::string_view service, std::string_view name) {
    const std::vector<std::string> said = claims_of(analysis, "ssh.");
    CHECK(std::find(said.begin(), said.end(), "192.0.2.10 software=ExampleTool_1.0") != said.end());
    for (const std::string& line : said) CHECK_MESSAGE(line.starts_with("192.0.2.10 "), line);
    CHECK(says(analysis, proxy, Field::service, service));
    REQUIRE(analysis.conversations.size() == 1);
    CHECK(analysis.conversations[0].service == "ssh");
    CHECK(analysis.conversations[0].b_name == name);
}

}  // namespace

TEST_CASE("a server that speaks for itself is believed") {
    Talk direct(22);
    const Analysis analysis = greet(direct).analysed();
    CHECK(says(analysis, proxy, Field::software, "ExampleCam_2.1"));
    CHECK(says(analysis, proxy, Field::service, "ssh/tcp/22"));
}

TEST_CASE("behind HTTP CONNECT another speaks") {
    Talk talk(3128);
    talk.client(octets("CONNECT cam.example:22 HTTP/1.1\r\nHost: cam.example:22\r\n\r\n"));
    talk.server(octets("HTTP/1.1 200 Connection established\r\n\r\n"));
    is_carried(greet(talk).analysed(), "http/tcp/3128", "cam.example");
}

TEST_CASE("a proxy that refuses to connect speaks for itself") {
    Talk talk(3128);
    talk.client(octets("CONNECT cam.example:22 HTTP/1.1\r\nHost: cam.example:22\r\n\r\n"));
    talk.server(octets("HTTP/1.1 403 Forbidden\r\nServer: example-proxy/1\r\nContent-Length: 0\r\n\r\n"));
    CHECK(says(greet(talk).analysed(), proxy, Field::software, "ExampleCam_2.1"));
}

TEST_CASE("behind SOCKS 5 another speaks, with and without a log-in") {
    for (const bool log_in : {false, true}) {
        CAPTURE(log_in);
        Talk talk(1080);
        talk.client(unhex(log_in ? "050102" : "050100")).server(unhex(log_in ? "0502" : "0500"));
        if (log_in) talk.client(unhex("01036a616e0667656865696d")).server(unhex("0100"));
        talk.client(unhex("050100030b63616d2e6578616d706c650016")).server(unhex("05000001000000000000"));
        is_carried(greet(talk).analysed(), "socks/tcp/1080", "cam.example");
    }
}

TEST_CASE("behind SOCKS 4 another speaks, and behind 4A") {
    Talk plain(1080);
    plain.client(unhex("04010016cb0071096a616e00")).server(unhex("005a000000000000"));
    is_carried(greet(plain).analysed(), "socks/tcp/1080", "");
    Talk named(1080);
    named.client(unhex("04010016000000010063616d2e6578616d706c6500")).server(unhex("005a000000000000"));
    is_carried(greet(named).analysed(), "socks/tcp/1080", "cam.example");
}

TEST_CASE("a SOCKS server that refuses carries nobody") {
    Talk talk(1080);
    talk.client(unhex("050100")).server(unhex("0500"));
    talk.client(unhex("050100030b63616d2e6578616d706c650016")).server(unhex("05020001000000000000"));
    CHECK(says(greet(talk).analysed(), proxy, Field::software, "ExampleCam_2.1"));
}

TEST_SUITE_END();

}  // namespace tunnel_test
