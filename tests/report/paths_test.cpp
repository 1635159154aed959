// The page's tables about the network: control paths with who is lawful, commands, levels and conduits.
#include <doctest/doctest.h>

#include "core/text.h"
#include "report/report.h"
#include "tests/exports/fixture.h"

using namespace herkomst;

namespace paths_test {

TEST_SUITE_BEGIN("report.paths");

namespace {

const Time now = test::at("2026-11-21T12:00:00Z");

bool holds(const std::string& page, std::string_view text) { return page.find(text) != std::string::npos; }

Overview with_paths() {
    Overview plant = test::plant();
    OverviewAsset& inverter = plant.assets.front();
    Belief& path = inverter.beliefs[Field::control_path].belief;
    path.value =
        "cloud cloud.example | party maker | operator example-power | opened by asset | over tls | with 203.0.113.7 and 3 "
        "more | 12345678 bytes out, 999 in | 4000 times | from 2026-11-01T00:00:00Z to 2026-11-21T11:00:00Z | every 300 s, "
        "92 of 100 | for <b>logger</b> upload";
    path.dissent = {
        "remote_service vpn.example | party supplier | operator nobody-knows | opened by other | over openvpn | 1 bytes "
        "out, 2500 in | 1 times | every 7200 s, 40 of 100",
        "cloud grid.example | party grid_operator | operator grid | opened by asset | 5 bytes out, 5 in | 1 times",
        "no path at all"};
    inverter.beliefs[Field::remote_observed].belief.value = "modbus write 123.WMaxLimPct from 192.0.2.99";
    inverter.beliefs[Field::purdue_level].belief.value = "1";
    inverter.beliefs[Field::function].belief.value = "inverter";
    inverter.beliefs[Field::carries].belief.value = "40";
    inverter.beliefs[Field::conduit].belief.value = "level 1 - level 3: opcua";
    inverter.beliefs[Field::conduit].belief.dissent = {"level 1 - outside: tls"};
    OverviewAsset& historian = plant.assets[3];
    historian.beliefs[Field::purdue_level].belief.value = "3";
    historian.beliefs[Field::conduit].belief.value = "level 3 - level 1: opcua";
    historian.beliefs[Field::function].belief.value = "no such function";
    for (OverviewAsset* asset : {&inverter, &historian}) {
        for (auto& [field, held] : asset->beliefs) {
            if (held.belief.strength < Strength::Hinted) held.belief.strength = Strength::Hinted;
        }
    }
    return plant;
}

std::string section(const std::string& page, const std::string& id) {
    const std::size_t begin = page.find("<section id=\"" + id + "\">");
    REQUIRE(begin != std::string::npos);
    return page.substr(begin, page.find("</section>", begin) - begin);
}

}  // namespace

TEST_CASE("control paths: who, by whom, how much, when, how regularly; lawful parties stand apart") {
    const std::string page = section(html_report(with_paths(), "en", now), "paths");
    for (const char* there : {"cloud.example",
                              "maker of the device, or its group",
                              "Example Power Co., Ltd.",
                              "out 12.3 MB",
                              "in 999 B",
                              "4,000 connections",
                              "regularly, every 5 minutes (92 of 100)",
                              "203.0.113.7",
                              "and 3 more",
                              "vpn.example",
                              "another supplier",
                              "nobody-knows",
                              "the other side",
                              "in 2.5 kB",
                              "1 connection<",
                              "irregularly, half of them within 2 hours",
                              "<span class=\"chip lawful\">lawful: grid operator</span>",
                              "modbus write 123.WMaxLimPct",
                              "192.0.2.99<",
                              "2026-11-21 11:00 UTC"}) {
        CHECK_MESSAGE(holds(page, there), std::string(there));
    }
    CHECK(!holds(page, "<b>logger</b>"));
    CHECK(!holds(page, "no path at all"));
    // Ways in stand first, lawful parties behind the others of their kind.
    CHECK(page.find("vpn.example") < page.find("cloud.example"));
    CHECK(page.find("cloud.example") < page.find("grid.example"));
    const std::string dutch = section(html_report(with_paths(), "nl", now), "paths");
    for (const char* there :
         {"12,3 MB", "4.000 verbindingen", "elke 5 minuten", "rechtmatig: netbeheerder", "de andere kant"}) {
        CHECK_MESSAGE(holds(dutch, there), std::string(there));
    }
}

TEST_CASE("levels and conduits, each told from its lower end") {
    const std::string page = section(html_report(with_paths(), "en", now), "zones");
    for (const char* there : {"1 control", "3 operations", "<code>opcua</code>", "<span class=\"chip warn\">outside</span>"}) {
        CHECK_MESSAGE(holds(page, there), std::string(there));
    }
    CHECK(page.find("<code>opcua</code>") == page.rfind("<code>opcua</code>"));
    const std::string assets = section(html_report(with_paths(), "en", now), "assets");
    CHECK(holds(assets, "devices that depend on this one"));
    // A word that we have no text for stands as it is.
    CHECK(holds(assets, "no such function"));
}

TEST_CASE("without paths and levels the page says so") {
    const std::string page = html_report(test::plant(), "en", now);
    CHECK(holds(section(page, "paths"), "No way to the outside was seen"));
    CHECK(holds(section(page, "zones"), "level could be estimated"));
}

TEST_SUITE_END();

}  // namespace paths_test
