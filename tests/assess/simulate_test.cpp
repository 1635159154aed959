// Questions asked once for many assets, and: what if?
#include "assess/simulate.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/assess/example_site.h"

using namespace herkomst;
using example::Folder;
using example::site_of;
using example::Thing;

namespace simulate_test {

TEST_SUITE_BEGIN("simulate");

namespace {

const PolicyPacks& zelfscan() {
    static const PolicyPacks packs = [] {
        Result<PolicyPacks> loaded = PolicyPacks::load(HERKOMST_SOURCE_DIR "/rules");
        REQUIRE(loaded.ok());
        return std::move(loaded.value());
    }();
    return packs;
}

// Forty inverters of a risk supplier, ten of another one, and five that nobody knows the maker of.
std::vector<Asset> park() {
    std::vector<Asset> out;
    for (int i = 0; i < 55; ++i) {
        char mac[32];
        std::snprintf(mac, sizeof mac, "00:00:5e:00:53:%02x", i);
        Thing thing("k" + std::to_string(100 + i), mac, static_cast<std::uint64_t>(i) + 1);
        thing.says(Field::category, "solar_inverter").says(Field::rated_power, "10000");
        if (i < 40) thing.says(Field::maker, "Riverside", "riverside");
        if (i >= 40 && i < 50) thing.says(Field::maker, "Hillside", "hillside");
        out.push_back(thing);
    }
    return out;
}

std::vector<const Finding*> questions(const std::vector<Finding>& findings, std::string_view rule) {
    std::vector<const Finding*> out;
    for (const Finding& finding : findings) {
        if (finding.rule == rule && finding.verdict == Ruling::Question) out.push_back(&finding);
    }
    return out;
}

std::size_t changes(const Simulated& simulated, std::string_view what, std::string_view rule) {
    return static_cast<std::size_t>(
        std::count_if(simulated.changes.begin(), simulated.changes.end(),
                      [&](const Simulated::Change& c) { return c.what == what && c.finding.rule == rule; }));
}

std::vector<FactsRow> rows_of(const VendorDb& db) { return facts_of(site_of(park()), db); }

}  // namespace

TEST_CASE("what people answer per supplier is asked once per supplier, not per device") {
    const Folder folder("park");
    const VendorDb db = example::vendors(folder);
    const Assessment all = assess(site_of(park()), db, zelfscan(), {"north"});
    const std::vector<Finding> found(all.findings.begin(), all.findings.end());
    const auto cut = questions(found, "control-measures-3b");
    REQUIRE(cut.size() == 1);
    CHECK(cut[0]->subject == FindingSubject{"vendor", "riverside"});
    CHECK(cut[0]->missing == std::vector<std::string>{"remote_blocked"});
    CHECK(cut[0]->because.en.find("(and others: 39)") != std::string::npos);
    CHECK(cut[0]->because.nl.find("(en andere: 39)") != std::string::npos);
    CHECK(cut[0]->facts.at("maker_name") == Json("Example riverside"));
    CHECK_FALSE(cut[0]->evidence.empty());
    // Without a maker the site is asked.
    const auto inverters = questions(found, "solar-inverter-remote-control");
    CHECK(std::any_of(inverters.begin(), inverters.end(), [](const Finding* f) {
        return f->subject == FindingSubject{"site", "north"};
    }));
    // Fifty-five devices: no more questions than a person sits down for.
    const auto asked =
        std::count_if(all.findings.begin(), all.findings.end(), [](const Finding& f) { return f.verdict == Ruling::Question; });
    CHECK(asked <= 30);
    // The findings themselves stay with the devices.
    CHECK(std::count_if(all.findings.begin(), all.findings.end(), [](const Finding& f) {
              return f.rule == "solar-inverter-remote-control" && f.verdict == Ruling::Open && f.subject.kind == "asset";
          }) == 40);
}

TEST_CASE("a question that has been answered for all of a supplier is refuted for that supplier") {
    const Folder folder("answered");
    const VendorDb db = example::vendors(folder);
    AssessOptions options{"north"};
    options.answers = [](std::vector<FactsRow>& rows) {
        for (FactsRow& row : rows) row.facts["remote_blocked"] = 1;
    };
    const Assessment all = assess(site_of(park()), db, zelfscan(), options);
    CHECK(questions({all.findings.begin(), all.findings.end()}, "control-measures-3b").empty());
    const auto refuted = std::find_if(all.refuted.begin(), all.refuted.end(),
                                      [](const Refuted& one) { return one.rule == "control-measures-3b" && one.over_groups; });
    REQUIRE(refuted != all.refuted.end());
    CHECK(std::any_of(refuted->rows.begin(), refuted->rows.end(), [&](std::uint32_t row) {
        return all.groups[row].kind == "vendor" && all.groups[row].key == "riverside";
    }));
}

TEST_CASE("what if a jurisdiction were weighed as one with raised risk?") {
    const Folder folder("whatif");
    const VendorDb db = example::vendors(folder);
    WhatIf what;
    what.jurisdictions = {"XB"};
    const Simulated simulated = simulate(rows_of(db), what, db, zelfscan(), {"north"});
    CHECK(simulated.rows_changed == 10);
    CHECK(changes(simulated, "opened", "supplier-origin") == 1);
    CHECK(changes(simulated, "closed", "solar-inverter-remote-control") == 0);
    what.jurisdictions = {"XC"};
    CHECK(simulate(rows_of(db), what, db, zelfscan(), {"north"}).rows_changed == 0);
}

TEST_CASE("what if a supplier were weighed so, or ordered out?") {
    const Folder folder("supplier");
    const VendorDb db = example::vendors(folder);
    WhatIf what;
    what.vendors = {"hillside"};
    CHECK(changes(simulate(rows_of(db), what, db, zelfscan(), {"north"}), "opened", "supplier-origin") == 1);
    what = {};
    what.ordered_out = {"hillside"};
    const Simulated simulated = simulate(rows_of(db), what, db, zelfscan(), {"north"});
    CHECK(changes(simulated, "opened", "ordered-out") == 10);
    CHECK(changes(simulated, "asked", "ordered-out") == 1);  // five devices of nobody
}

TEST_CASE("what if the paths were cut?") {
    const Folder folder("cut");
    const VendorDb db = example::vendors(folder);
    WhatIf what;
    what.cut_parties = {"riverside"};
    const Simulated simulated = simulate(rows_of(db), what, db, zelfscan(), {"north"});
    CHECK(changes(simulated, "not_asked", "control-measures-3b") == 1);
    CHECK(changes(simulated, "closed", "switchable-power-jurisdiction") == 1);
    CHECK(changes(simulated, "band", "solar-inverter-remote-control") == 40);
    const auto power = std::find_if(simulated.powers.begin(), simulated.powers.end(),
                                    [](const Simulated::Power& p) { return p.kind == "jurisdiction"; });
    REQUIRE(power != simulated.powers.end());
    CHECK(power->key == "XA");
    CHECK(power->before == 400'000);
    CHECK(power->after == 0);
    what = {};
    what.cut_assets = {"k100"};
    CHECK(simulate(rows_of(db), what, db, zelfscan(), {"north"}).rows_changed == 1);
}

TEST_SUITE_END();

}  // namespace simulate_test
