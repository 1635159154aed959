// What a device said opens questions that wait for it: a maker (by a name in its certificate or a service it announces), a
// serial number, the place of a description. What it says of others, or of ports where other protocols live, opens none.
#include <doctest/doctest.h>

#include <algorithm>

#include "../lint/folder.h"
#include "herkomst_run.h"
#include "probes/campaign.h"
#include "vendordb/vendordb.h"

using namespace herkomst;

namespace learnt_test {

TEST_SUITE_BEGIN("probe_learnt");

namespace {

const VendorDb& db() {
    static const Result<VendorDb> opened = VendorDb::open(HERKOMST_BINARY_DIR "/data/vendordb.sqlite");
    REQUIRE(opened.ok());
    return opened.value();
}

Observation said(const std::string& ip, Field field, std::string_view method, const std::string& value) {
    Observation observation;
    observation.subject.ip = IpAddress::parse(ip).value();
    observation.field = field;
    observation.method = std::string(method);
    observation.value = value;
    observation.strength = Strength::Stated;
    return observation;
}

// What a run over one address would ask, with its ports and what fills the holes: "solarman 8899 2700000001".
std::vector<std::string> asked(const std::vector<std::string>& probes, const std::vector<Observation>& heard,
                               const std::string& maker = {}) {
    Scope scope;
    scope.until = Time::max();
    ScopeRange range;
    range.range = AddressRange::parse("192.0.2.20").value();
    range.probes = {probes.begin(), probes.end()};
    range.maker = maker;
    range.shared_sessions = true;  // nobody has listened
    scope.ranges.push_back(range);
    Knowledge knowledge;
    knowledge.learn(heard, &db());
    Campaign campaign(scope, std::move(knowledge), {}, &db(), {});
    std::vector<std::string> out;
    while (std::optional<Errand> errand = campaign.next({}, {})) {
        out.push_back(std::string(errand->probe->name) + " " + std::to_string(errand->target.port) +
                      (errand->target.learnt.empty() ? "" : " " + errand->target.learnt));
        Report report;
        report.outcome = ProbeOutcome::Silent;
        campaign.done(*errand, std::move(report));
    }
    return out;
}
using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("learnt: a maker that a certificate or an announcement names opens that maker's questions") {
    CHECK(asked({"enphase"}, {}).empty());
    CHECK(asked({"enphase"}, {said("192.0.2.20", Field::service, "mdns.service", "_enphase-envoy._tcp.local")}) ==
          Names{"enphase 80"});
    CHECK(asked({"shelly"}, {said("192.0.2.20", Field::service, "mdns.service", "_enphase-envoy._tcp.local")}).empty());
    CHECK(asked({"enphase"}, {said("192.0.2.21", Field::service, "mdns.service", "_enphase-envoy._tcp.local")}).empty());
    CHECK(asked({"enphase"}, {said("192.0.2.20", Field::brand, "http.brand", "Enphase")}) == Names{"enphase 80"});
    Knowledge knowledge;
    knowledge.learn(
        {said("192.0.2.20", Field::certificate, "tls.certificate", "O=Fortinet,OU=FortiGate,CN=FGT60 / O=Fortinet")}, &db());
    const Known* known = knowledge.at(IpAddress::parse("192.0.2.20").value());
    REQUIRE(known != nullptr);
    CHECK(known->makers.contains("fortinet"));
    CHECK(knowledge.anywhere("fortinet"));
}

TEST_CASE("learnt: a logger is asked with the number that it said, and not without") {
    CHECK(asked({"solarman"}, {}, "deye").empty());
    const Observation number = said("192.0.2.20", Field::serial, "hiflying.answer", "2700000001");
    CHECK(asked({"solarman"}, {number}, "deye") == Names{"solarman 8899 2700000001"});
    // Of an inverter that is somebody else's, these registers say nothing.
    CHECK(asked({"solarman"}, {number}).empty());
    CHECK(asked({"solarman"}, {said("192.0.2.20", Field::serial, "modbus.serial", "2700000001")}, "deye").empty());
    CHECK(asked({"solarman"}, {said("192.0.2.21", Field::serial, "hiflying.answer", "2700000001")}, "deye").empty());
}

TEST_CASE("learnt: a description is fetched where the device says that its own lies, and nowhere else") {
    const auto at = [](const std::string& url) {
        return asked({"upnp_description"}, {said("192.0.2.20", Field::location, "ssdp.location", url)});
    };
    CHECK(asked({"upnp_description"}, {}).empty());
    CHECK(at("http://192.0.2.20:49152/desc.xml") == Names{"upnp_description 49152 http://192.0.2.20:49152/desc.xml"});
    CHECK(at("http://192.0.2.20/desc.xml") == Names{"upnp_description 80 http://192.0.2.20/desc.xml"});
    for (const char* other :
         {"http://198.51.100.1:49152/desc.xml", "https://192.0.2.20/desc.xml", "http://192.0.2.20:502/desc.xml",
          "http://192.0.2.20:22/", "http://192.0.2.20:9100/desc.xml", "http://192.0.2.20:44818/desc.xml",
          "http://192.0.2.20:20547/desc.xml", "http://192.0.2.20:1962/desc.xml", "http://192.0.2.20:18245/desc.xml",
          "http://192.0.2.20:5020/desc.xml", "http://192.0.2.20:11740/desc.xml", "http://192.0.2.20:70000/desc.xml",
          "http://192.0.2.20:x/desc.xml", "http://192.0.2.20.example/", "x"})
        CHECK_MESSAGE(at(other).empty(), other);
}

TEST_CASE("learnt: the plan shows what a question waits for, and what is filled in") {
    const Folder folder("learnt");
    folder.write("scope.json",
                 R"({"schema":"herkomst-scope/1","authorised_by":"A. Person","purpose":"test","valid":{"from":)"
                 R"("2026-11-01T00:00:00Z","until":"2026-12-01T00:00:00Z"},"ranges":[{"range":"192.0.2.20","probes":)"
                 R"(["upnp_description","solarman"],"maker":"deye","shared_sessions":true}]})");
    const ProgramRan plan =
        herkomst_does("probe --dry-run --now 2026-11-27T12:00:00Z --scope " + (folder.path() / "scope.json").string());
    INFO(plan.out);
    CHECK(plan.exit_code == 0);
    CHECK(plan.out.find("192.0.2.20 tcp/{learnt}  upnp_description, if it says its location, sends ") != std::string::npos);
    CHECK(plan.out.find(
              "192.0.2.20 tcp/8899  solarman, if its maker is deye or sunsynk or sol-ark, if it says its serial, sends ") !=
          std::string::npos);
    CHECK(plan.out.find("{logger") != std::string::npos);
    CHECK(plan.out.find("GET {path}") != std::string::npos);
}

TEST_SUITE_END();

}  // namespace learnt_test
