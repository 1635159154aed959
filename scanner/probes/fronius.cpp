// Fronius Solar API: version, logger and inverters. Three pages that inverters and data managers of the maker serve to anybody;
// which other makers' meters and batteries hang on them is not asked. Inverters of the newest line have no logger and answer
// that question with "not found".
#include "probes/http_asks.h"

namespace herkomst::probes {

namespace {

constexpr Request requests[] = {
    {"version",
     {},
     "GET /solar_api/GetAPIVersion.cgi HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: "
     "close\r\n\r\n",
     http_asks::host_holes},
    {"logger",
     {},
     "GET /solar_api/v1/GetLoggerInfo.cgi HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: "
     "close\r\n\r\n",
     http_asks::host_holes},
    {"inverters",
     {},
     "GET /solar_api/v1/GetInverterInfo.cgi HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: herkomst\r\nAccept: "
     "*/*\r\nConnection: "
     "close\r\n\r\n",
     http_asks::host_holes},
};

// ---- examples ----

constexpr std::string_view asked =
    "GET /solar_api/GetAPIVersion.cgi HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: "
    "close\r\n\r\n";
constexpr Turn manager_turns[] = {
    {{},
     asked,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
     "43\r\n\r\n{\"APIVersion\":1,\"BaseURL\":\"/solar_api/v1/\"}"},
    {{},
     "GET /solar_api/v1/GetLoggerInfo.cgi HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: "
     "close\r\n\r\n",
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
     "177\r\n\r\n{\"Body\":{\"LoggerInfo\":{\"HWVersion\":\"2.4X\",\"PlatformID\":\"example\",\"ProductID\":\"example-card\","
     "\"SWVersion\":\"3.0.0-1\",\"UniqueID\":\"240.42\"}},\"Head\":{\"Status\":{\"Code\":0,\"Reason\":\"\"}}}"},
    {{},
     "GET /solar_api/v1/GetInverterInfo.cgi HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: "
     "close\r\n\r\n",
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
     "156\r\n\r\n{\"Body\":{\"Data\":{\"1\":{\"CustomName\":\"Wilhelmina\",\"DT\":102,\"UniqueID\":\"38183\"},\"2\":{\"DT\":86,"
     "\"UniqueID\":\"16777215\"}}},\"Head\":{\"Status\":{\"Code\":0,\"Reason\":\"\"}}}"},
};
constexpr std::string_view manager_claims[] = {"server brand=Fronius",
                                               "server firmware=3.0.0-1",
                                               "server hardware=2.4X",
                                               "server product=example-card",
                                               "server unique_id=fronius:240.42",
                                               "server[fronius/inverter-1] device_type=fronius:102",
                                               "server[fronius/inverter-2] device_type=fronius:86",
                                               "server[fronius/inverter-2] serial=16777215"};
constexpr Turn newest_turns[] = {
    {{},
     asked,
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: "
     "application/json\r\n\r\n{\"APIVersion\":1,\"BaseURL\":\"/solar_api/v1/\",\"CompatibilityRange\":\"1.7-3\"}",
     true},
    {{},
     "GET /solar_api/v1/GetLoggerInfo.cgi HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: "
     "close\r\n\r\n",
     {},
     "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"},
    {{},
     "GET /solar_api/v1/GetInverterInfo.cgi HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: "
     "close\r\n\r\n",
     {},
     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
     "121\r\n\r\n{\"Body\":{\"Data\":{\"1\":{\"CustomName\":\"Wilhelmina\",\"DT\":1,\"UniqueID\":\"34000042\"}}},\"Head\":{"
     "\"Status\":{\"Code\":0,\"Reason\":\"\"}}}"},
};
constexpr std::string_view newest_claims[] = {"server brand=Fronius", "server device_type=fronius:1", "server serial=34000042"};

constexpr Transcript transcripts[] = {
    {"a data manager and its inverters", Origin::Project, "Fronius Solar API V1; as pyfronius reads it", manager_turns,
     manager_claims},
    {"an inverter without a logger", Origin::Documented, "Fronius Solar API V1", newest_turns, newest_claims},
    http_asks::nobody<asked>,
};
constexpr std::uint16_t ports[] = {80};
constexpr std::string_view makers[] = {"fronius"};

}  // namespace

Probe fronius() {
    Probe probe = http_asks::of_web();
    probe.name = "fronius";
    probe.title = "Fronius Solar API: version, logger, inverters";
    probe.spec = "Fronius Solar API V1 (42,0410,2012) sections 2.3, 3.7 and 3.9";
    probe.why_safe = "Three plain GETs of pages that only tell; a web server that has not the first is not asked the others";
    probe.family = Family::Energy;
    probe.decoder = "fronius";
    probe.ports = ports;
    probe.requests = requests;
    probe.next = http_asks::pages<3>;
    probe.makers = makers;
    probe.limits.requests = 3;
    probe.limits.connections = 3;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
