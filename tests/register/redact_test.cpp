// What is shown around: no address, name or serial number in any format, and the findings are still there.
#include "register/redact.h"

#include <doctest/doctest.h>

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

TEST_SUITE_END();

}  // namespace redact_test
