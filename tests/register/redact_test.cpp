// What is shown around: no address, name or serial number in any format, and the findings are still there.
#include "register/redact.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/text.h"
#include "exports/export.h"
#include "tests/exports/fixture.h"

using namespace herkomst;

namespace redact_test {

TEST_SUITE_BEGIN("redact");

namespace {

// Everything by which somebody could be led to a device of that register, as it stands in it.
std::vector<std::string> secrets_of(const Overview& all) {
    std::vector<std::string> out = {all.site};
    for (const OverviewAsset& asset : all.assets) {
        for (const auto* list : {&asset.identifiers.mac, &asset.identifiers.ip, &asset.identifiers.hostname})
            out.insert(out.end(), list->begin(), list->end());
        out.push_back(asset.uid);
        for (const Field field :
             {Field::serial, Field::hostname, Field::description, Field::location, Field::station_name, Field::mgmt_ip}) {
            const Belief* belief = asset.belief(field);
            if (belief != nullptr && !belief->value.empty()) out.push_back(belief->value);
        }
        for (const std::string& strong : asset.strong) out.push_back(strong);
        for (const std::string& alias : asset.aliases) out.push_back(alias);
    }
    for (const RunSource& source : all.run.sources) out.push_back(source.path);
    for (const OverviewFinding& one : all.findings) out.push_back(one.finding.id);
    std::erase_if(out, [](const std::string& each) { return each.size() < 3; });
    return out;
}

}  // namespace

TEST_CASE("no export of a redacted register holds an address, a name or a serial number of it") {
    Overview all = test::plant();
    REQUIRE_FALSE(all.assets.empty());
    all.assets[0].work = {{"owner", "Jo Example"}, {"note", "behind the blue door"}, {"criticality", "high"}};
    all.assets[0].identifiers.ip.insert("10.44.5.6");
    all.findings[0].work = {{"owner", "Jo Example"}, {"accepted_until", "2027-01-01"}};
    all.findings[0].finding.because = {"Jo Example zag 10.44.5.6 en 10.44.5.99:502 en 00:00:5e:00:53:2a.",
                                       "See 2001:db8::7, and 12:30."};
    const std::vector<std::string> secrets = secrets_of(all);
    REQUIRE(secrets.size() > 5);
    const std::size_t findings = all.findings.size();
    const Overview shown = redacted(all);
    CHECK(shown.findings.size() == findings);
    CHECK(shown.assets.size() == all.assets.size());
    CHECK(shown.tlp == all.tlp);
    std::string because;
    for (const OverviewFinding& one : shown.findings) because += one.finding.because.nl + "\n" + one.finding.because.en + "\n";
    CHECK(because.find("[...] zag [...] en [...] en [...].") != std::string::npos);
    CHECK(because.find("See [...], and 12:30.") != std::string::npos);
    for (const OverviewFinding& one : shown.findings) {
        if (one.finding.subject.kind == "asset") CHECK(shown.asset(one.finding.subject.key) != nullptr);
    }
    for (const Export& format : all_exports()) {
        for (const ExportFile& file : format.make(shown, {})) {
            for (const std::string& secret : secrets)
                CHECK_MESSAGE(file.content.find(secret) == std::string::npos, std::string(format.name)
                                                                                  << " " << file.name << " holds " << secret);
            for (const char* person : {"Jo Example", "blue door"}) CHECK(file.content.find(person) == std::string::npos);
        }
    }
    // Makers and countries are what it is shown for.
    bool maker = false;
    for (const OverviewAsset& asset : shown.assets) maker = maker || !asset.maker_name.empty();
    CHECK(maker);
}

TEST_CASE(
    "what lists and people say of a device is told only where our data name it; numbers and mail addresses go everywhere") {
    Overview all = test::plant();
    REQUIRE(all.assets.size() > 1);
    all.site = "AB";
    all.tlp = "GREEN";
    OverviewAsset& one = all.assets[0];
    one.beliefs[Field::model] = test::believed("Latitude Pietersen 06-87654320", Strength::Listed, "csv.row");
    one.beliefs[Field::firmware] = test::believed("v1 SN87654320 pietersen@plant.example", Strength::Confirmed, "person");
    one.beliefs[Field::hardware] = test::believed("kast Pietersen", Strength::Confirmed, "person");
    one.beliefs[Field::os] = test::believed("PietersenOS", Strength::Confirmed, "person");
    one.beliefs[Field::category] = test::believed("kast_van_pietersen", Strength::Confirmed, "person");
    one.beliefs[Field::maker] = test::believed("Siemens Pietersen BV", Strength::Listed, "csv.row");
    one.beliefs[Field::brand] = test::believed("Riverside", Strength::Listed, "csv.row", "riverside");
    one.beliefs[Field::rated_power] = test::believed("1000000", Strength::Listed, "csv.row");
    one.facts["model"] = "Latitude Pietersen 06-87654320";
    one.facts["maker_name"] = "Siemens Pietersen BV";
    one.maker.clear();
    one.maker_name = "Siemens Pietersen BV";
    one.label = "P1";
    one.work = {{"owner", "Jo"}, {"name", "P1"}};
    OverviewAsset& other = all.assets[1];
    other.beliefs[Field::firmware] = test::believed("build 30001234 of 2026-11-20, 1.2.3", Strength::Stated, "http.server");
    other.beliefs[Field::firmware].belief.dissent = {"Pietersen build"};
    other.facts["brand"] = "Merk van Pietersen";
    other.facts["answered"] = "brand";
    for (OverviewFinding& each : all.findings) {
        each.finding.because = {
            "Apparaten op locatie AB: P1 (Siemens Pietersen BV, Latitude Pietersen 06-87654320); bel Jo, 0612 345 678 of "
            "+31 6 1234 5678; abstract op 2026-11-20, 110.000 W, PLC-P12.",
            "Merk van Pietersen, jan.de.vries+ot@plant.example."};
    }
    const Overview shown = redacted(all, [](const std::string& code) {
        return code == "device" ? Texts{"apparaat", "device"} : Texts{};
    });
    std::string out;
    for (const Export& format : all_exports()) {
        for (const ExportFile& file : format.make(shown, {})) out += file.content;
    }
    for (const char* secret : {"Pietersen", "pietersen", "87654320", "30001234", "@plant", "0612", "345 678", "1234 5678",
                               "vries", "locatie AB", "bel Jo", "P1 (", "\"P1\""})
        CHECK_MESSAGE(out.find(secret) == std::string::npos, std::string(secret));
    const std::string& because = shown.findings.front().finding.because.nl;
    CHECK_MESSAGE(because.find("abstract op 2026-11-20, 110.000 W, PLC-P12.") != std::string::npos, because);
    const auto found = std::find_if(shown.assets.begin(), shown.assets.end(), [](const OverviewAsset& each) {
        return each.belief(Field::brand) != nullptr && each.belief(Field::brand)->value == "Riverside";
    });
    REQUIRE(found != shown.assets.end());
    CHECK(found->belief(Field::rated_power)->value == "1000000");
    CHECK(found->belief(Field::model) == nullptr);
}

TEST_SUITE_END();

}  // namespace redact_test
