// Shelly relays and meters of every generation: type, firmware and MAC address, in one page that is open even where a password
// is set. What /rpc/Shelly.GetDeviceInfo tells of the later ones is the same, so it is not asked.
#include "probes/http_asks.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"device information",
     {},
     "GET /shelly HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     http_asks::host_holes},
};

// ---- examples ----

constexpr std::string_view asked =
    "GET /shelly HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n";
constexpr Turn second_turns[] = {
    {{},
     asked,
     {},
     "HTTP/1.1 200 OK\r\nServer: ShellyHTTP/1.0.0\r\nContent-Type: application/json\r\nContent-Length: "
     "184\r\n\r\n{\"name\":\"Wilhelmina\",\"id\":\"shellyex1-00005e005314\",\"mac\":\"00005E005314\",\"slot\":0,\"model\":"
     "\"EXSW-001\",\"gen\":2,\"fw_id\":\"20230101-000000/1.0.8-g0\",\"ver\":\"1.0.8\",\"app\":\"Ex1\",\"auth_en\":true}"},
};
constexpr std::string_view second_claims[] = {"server brand=Shelly",
                                              "server firmware=1.0.8",
                                              "server model=EXSW-001",
                                              "server product=Ex1",
                                              "server software=ShellyHTTP/1.0.0",
                                              "server-mac address=192.0.2.20"};

constexpr Transcript transcripts[] = {
    {"a relay of the second generation", Origin::Project, "Shelly API; as aioshelly reads it", second_turns, second_claims},
    http_asks::nobody<asked>,
};
constexpr std::uint16_t ports[] = {80};
constexpr std::string_view makers[] = {"shelly"};

}  // namespace

Probe shelly() {
    Probe probe = http_asks::of_web();
    probe.name = "shelly";
    probe.title = "Shelly device information";
    probe.spec = "Shelly API, first and second generation, as aioshelly speaks them";
    probe.why_safe = "One plain GET of the page that programs read first; commands have other paths";
    probe.family = Family::Energy;
    probe.decoder = "shelly";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = http_asks::pages<1>;
    probe.makers = makers;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
