// 2N intercoms and access units: model, serial number, firmware and hardware, in the one function of their interface that is
// open whatever rights are set.
#include "probes/http_asks.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"system info",
     {},
     "GET /api/system/info HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     http_asks::host_holes},
};

// ---- examples ----

constexpr std::string_view asked =
    "GET /api/system/info HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n";
constexpr Turn intercom_turns[] = {
    {{},
     asked,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"success\":true,\"result\":{\"devType\":\"2-14-0-0\","
     "\"variant\":\"2N IP Example\",\"variantId\":14,\"serialNumber\":\"00-0000-0042\",\"macAddr\":\"00-00-5E-00-53-14\","
     "\"hwVersion\":\"570v1\",\"swVersion\":\"2.35.0.45.6\",\"deviceName\":\"Wilhelmina\"}}",
     true},
};
constexpr std::string_view intercom_claims[] = {"server brand=2N",
                                                "server firmware=2.35.0.45.6",
                                                "server hardware=570v1",
                                                "server model=2N IP Example",
                                                "server serial=00-0000-0042",
                                                "server-mac address=192.0.2.20"};

constexpr Transcript transcripts[] = {
    {"an intercom; the owner's name for it is not kept", Origin::Documented,
     "HTTP API manual for 2N devices, section 5.1.1 api system info", intercom_turns, intercom_claims},
    http_asks::nobody<asked>,
};
constexpr std::uint16_t ports[] = {80};
constexpr std::string_view makers[] = {"2n"};

}  // namespace

Probe intercom_2n() {
    Probe probe = http_asks::of_web();
    probe.name = "intercom_2n";
    probe.title = "2N device information";
    probe.spec = "HTTP API manual for 2N devices, section 5.1.1 api system info";
    probe.why_safe = "One plain GET of the function that the maker leaves open for recognition; doors are opened by others";
    probe.family = Family::Camera;
    probe.decoder = "intercom_2n";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = http_asks::pages<1>;
    probe.makers = makers;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
