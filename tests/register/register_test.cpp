#include "register/register.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "register/open.h"
#include "register/overview.h"
#include "register/work.h"
#include "tests/assess/example_site.h"
#include "tests/register/complaint.h"

using namespace herkomst;
using example::Folder;
using example::site_of;
using example::Thing;
using herkomst::test::complaint;

namespace register_test {

TEST_SUITE_BEGIN("register");

namespace {

const PolicyPacks& ours() {
    static const PolicyPacks packs = [] {
        Result<PolicyPacks> loaded = PolicyPacks::load(HERKOMST_SOURCE_DIR "/rules");
        REQUIRE(loaded.ok());
        return std::move(loaded.value());
    }();
    return packs;
}

Time at_day(int day) { return Time(std::chrono::seconds(1'700'000'000) + std::chrono::hours(24) * day); }

// Scans of one invented site into one register.
class Scans {
  public:
    explicit Scans(const std::string& name) : folder_(name), db_(example::vendors(folder_)) {}

    RunReceipt scan(std::vector<Asset> assets, int day = 0, const std::string& source = "0123456789abcdef") {
        identified_ = site_of(std::move(assets));
        identified_.unknown_vendors = {"Nobody Knows Ltd"};
        assessment_ = assess(identified_, db_, ours(), {"north"});
        Register held = Register::open(path());
        return held.record(run(day, source));
    }
    ScanRun run(int day, const std::string& id = "0123456789abcdef") const {
        ScanRun run;
        run.site = "north";
        run.now = at_day(day);
        run.program = "herkomst test";
        run.vendordb = db_.version();
        RunSource source;
        source.id = id;
        source.path = folder_.at("plant.pcap");
        source.kind = "capture";
        source.packets = 12;
        source.usable = true;
        source.problems = {"plant.pcap: packet 12: cut short"};
        run.sources.push_back(source);
        Endpoint subject;
        subject.ip = *IpAddress::parse("10.0.0.9");
        run.coverage = {
            {subject, "modbus", "malformed", 2}, {Endpoint{}, "capture", "truncated", 5}, {subject, "modbus", "malformed", 1}};
        run.identified = &identified_;
        run.assessment = &assessment_;
        run.policies = &ours();
        run.vendors = &db_;
        return run;
    }
    [[nodiscard]] Overview look() const { return overview(Register::open_to_read(path()), &db_); }
    [[nodiscard]] std::int64_t count(const std::string& query) const {
        const Register held = Register::open_to_read(path());
        return held.connection().database.number(query);
    }
    [[nodiscard]] std::string path() const { return folder_.at("site.db"); }
    [[nodiscard]] const Folder& folder() const { return folder_; }
    Identified& identified() { return identified_; }
    Assessment& assessment() { return assessment_; }

  private:
    Folder folder_;
    VendorDb db_;
    Identified identified_;
    Assessment assessment_;
};

Thing inverter(const std::string& key = "k1", const std::string& mac = "00:00:5e:00:53:01") {
    Thing thing(key, mac, 7);
    thing.says(Field::maker, "Riverside", "riverside", "modbus.device_id").says(Field::model, "RS50K");
    return thing;
}
Thing controller(const std::string& key = "k2", const std::string& mac = "00:00:5e:00:53:02") {
    Thing thing(key, mac, 8);
    thing.says(Field::maker, "Meadow", "meadow").says(Field::category, "plc");
    return thing;
}

}  // namespace

TEST_CASE("a run is there as a whole, and the overview shows it") {
    Scans scans("whole-register");
    const RunReceipt receipt = scans.scan({inverter(), controller()});
    CHECK(receipt.run == 1);
    CHECK(receipt.assets_new == 2);
    CHECK(receipt.assets_seen_again == 0);
    CHECK(receipt.opened == scans.assessment().findings.size());
    struct stat about {};
    REQUIRE(::stat(scans.path().c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0600);

    const Overview all = scans.look();
    CHECK(all.site == "north");
    CHECK(all.run.at == at_day(0));
    CHECK(all.run.rules == ours().version());
    CHECK(all.run.sources.at(0).problems.at(0) == "plant.pcap: packet 12: cut short");
    CHECK(all.unknown_vendors == std::vector<std::string>{"Nobody Knows Ltd"});
    REQUIRE(all.assets.size() == 2);
    REQUIRE(all.coverage.size() == 2);
    CHECK(all.coverage[0].count == 5);
    CHECK(all.coverage[1].asked == "modbus");
    CHECK(all.coverage[1].count == 3);
    CHECK(all.coverage[1].subjects == 1);
    CHECK(all.findings.size() + all.questions.size() == scans.assessment().findings.size());
    for (const OverviewFinding& finding : all.findings) {
        CHECK(finding.status == "new");
        CHECK(finding.seen_in_last_run);
        CHECK_FALSE(finding.finding.because.nl.empty());
        CHECK_FALSE(finding.finding.because.en.empty());
        if (finding.finding.subject.kind == "asset") CHECK(all.asset(finding.finding.subject.key) != nullptr);
    }
    const auto meant = assets_meant(all, "00-00-5E-00-53-01");
    REQUIRE(meant.size() == 1);
    const OverviewAsset& asset = *all.asset(meant[0]);
    CHECK(asset.maker == "riverside");
    CHECK(asset.maker_name == "Example riverside");
    CHECK(asset.country == "XA");
    CHECK(asset.country_name.nl == "Landa");
    CHECK_FALSE(asset.chain.steps.empty());
    CHECK(asset.beliefs.at(Field::maker).vendor_name == "Example riverside");
    CHECK(assets_meant(all, asset.uid.substr(0, 8)) == std::vector<std::string>{asset.uid});
    CHECK(assets_meant(all, "k1") == std::vector<std::string>{asset.uid});
    CHECK(assets_meant(all, "nothing").empty());

    const Register held = Register::open_to_read(scans.path());
    const std::vector<Claim> claims = claims_of(held, asset.uid);
    REQUIRE(claims.size() == 2);
    CHECK(claims[0].field == Field::maker);
    CHECK(claims[0].from == Evidence{"0123456789abcdef", 7, 10, 14});
    CHECK(source_of(held, "0123456789abcdef")->path == scans.folder().at("plant.pcap"));
    CHECK_FALSE(source_of(held, "nothing"));
    const PolicyPacks::RuleSummary& rule = *ours().rule("contested-maker");
    CHECK(rule_of(held, rule.id, rule.hash)->when == "maker_contested = 1");
    CHECK(held.verify().empty());
}

TEST_CASE("the same scan again duplicates nothing: seen_again, and only that") {
    Scans scans("again");
    const RunReceipt first = scans.scan({inverter(), controller()}, 0);
    const Overview before = scans.look();
    const RunReceipt second = scans.scan({controller(), inverter()}, 1);
    CHECK(second.run == 2);
    CHECK(second.assets_new == 0);
    CHECK(second.assets_seen_again == 2);
    CHECK(second.opened == 0);
    CHECK(second.changed == 0);
    CHECK(second.reopened == 0);
    CHECK(second.seen_again == first.opened);
    const Overview after = scans.look();
    REQUIRE(after.assets.size() == before.assets.size());
    for (std::size_t i = 0; i < after.assets.size(); ++i) CHECK(after.assets[i].uid == before.assets[i].uid);
    REQUIRE(after.findings.size() == before.findings.size());
    for (std::size_t i = 0; i < after.findings.size(); ++i) {
        CHECK(after.findings[i].finding.id == before.findings[i].finding.id);
        CHECK(after.findings[i].opened == at_day(0));
        CHECK(after.findings[i].last_seen == at_day(1));
    }
    CHECK(scans.count("SELECT count(*) FROM claims") == 4);
    CHECK(scans.count("SELECT count(*) FROM events WHERE event = 'opened'") == static_cast<std::int64_t>(first.opened));
    CHECK(scans.count("SELECT count(*) FROM events WHERE event NOT IN ('opened', 'seen_again', 'recorded')") == 0);
}

TEST_CASE("what changed is said; what was not seen again stays as it was") {
    Scans scans("changed");
    scans.scan({inverter(), controller()}, 0);
    const auto findings = static_cast<std::int64_t>(scans.assessment().findings.size());
    // The inverter's switching is now exposed too; the controller is not in this capture.
    const RunReceipt second = scans.scan({Thing(inverter()).says(Field::remote_exposed, "sunspec controls")}, 1);
    CHECK(second.changed >= 1);
    CHECK(scans.count("SELECT count(*) FROM findings") >= findings);
    const Overview all = scans.look();
    CHECK(all.assets.size() == 2);
    bool kept = false;
    for (const OverviewFinding& question : all.questions) {
        if (question.finding.rule != "controller-risk-supplier") continue;
        kept = true;
        CHECK(question.status == "new");
        CHECK_FALSE(question.seen_in_last_run);
    }
    CHECK(kept);
    CHECK(scans.count("SELECT count(*) FROM events WHERE event IN ('closed', 'refuted')") == 0);
}

// What a person decides, as `herkomst register` writes it.
void person_says(const std::string& path, const std::string& status, const std::string& finding, int day) {
    Register held = Register::open(path);
    WorkFields fields;
    if (status == "accepted") fields = {{"owner", "R. Owner"}, {"accepted_until", rfc3339(at_day(day + 90))}};
    if (status == "closed") fields = {{"closure_reason", "no_longer_applicable"}};
    if (status == "accepted") {
        const auto assessed = move(held, finding, "assessed", {}, {"A. Analyst", "analyst", "looked into", at_day(day)});
        REQUIRE(assessed.ok());
    }
    const auto done = move(held, finding, status, fields, {"R. Owner", "owner", "decided", at_day(day)});
    if (!done) {
        for (const Problem& problem : done.problems()) FAIL(problem.text());
    }
}

const OverviewFinding* of_rule(const Overview& all, std::string_view rule) {
    for (const auto* list : {&all.findings, &all.questions}) {
        for (const OverviewFinding& one : *list) {
            if (one.finding.rule == rule) return &one;
        }
    }
    return nullptr;
}

// The inverter as better data knows it: what it said was misread.
Thing no_inverter() {
    Thing thing = inverter();
    thing.says(Field::category, "plc");
    return thing;
}

// The same things said by another source.
Asset by_source(Asset asset, const std::string& source) {
    for (Claim& claim : asset.claims) claim.from.source = source;
    return asset;
}

constexpr std::string_view inverter_rule = "solar-inverter-remote-control";

TEST_CASE("a finding whose rule turns false is seen to be so, with the reason, and stays for a person to close") {
    Scans scans("turns-false");
    scans.scan({inverter()}, 0);
    const Overview before = scans.look();
    REQUIRE(of_rule(before, inverter_rule) != nullptr);
    const std::string finding = of_rule(before, inverter_rule)->finding.id;
    CHECK(of_rule(before, inverter_rule)->status == "new");
    CHECK(of_rule(before, inverter_rule)->observation == "observed");

    CHECK(scans.scan({no_inverter()}, 1).refuted >= 1);
    const Overview after = scans.look();
    REQUIRE(of_rule(after, inverter_rule) != nullptr);
    CHECK(of_rule(after, inverter_rule)->status == "new");
    CHECK(of_rule(after, inverter_rule)->observation == "refuted");
    CHECK(of_rule(after, inverter_rule)->closure_candidate);
    Json reason;
    {
        const Register held = Register::open_to_read(scans.path());
        for (const RegisterEvent& event : events_of(held, "finding", finding)) {
            if (event.event == "refuted") reason = event.detail;
        }
    }
    CHECK(write_json(reason["changed"]["category"]) == R"(["solar_inverter","plc"])");
    // Once is enough.
    CHECK(scans.scan({no_inverter()}, 2).refuted == 0);
    CHECK(scans.scan({inverter()}, 3).changed >= 1);
    CHECK(of_rule(scans.look(), inverter_rule)->observation == "observed");
    CHECK(Register::open_to_read(scans.path()).verify().empty());
}

TEST_CASE("a smaller capture refutes nothing: not seen, not known and false for want of knowledge stay") {
    Scans scans("smaller");
    scans.scan({inverter(), controller()}, 0);
    REQUIRE(of_rule(scans.look(), inverter_rule) != nullptr);
    const std::size_t findings = scans.look().findings.size();

    // The same device in another capture, which hears its address and no more: the rule asks for a known category.
    Thing silent("k1", "00:00:5e:00:53:01", 9);
    silent.says(Field::firmware, "1.0");
    Identified& seen = scans.identified();
    scans.scan({by_source(silent, "fedcba9876543210")}, 1, "fedcba9876543210");
    CHECK(seen.assets.size() == 1);
    CHECK(scans.count("SELECT count(*) FROM events WHERE event = 'refuted'") == 0);
    CHECK(scans.look().findings.size() >= findings);
    CHECK(of_rule(scans.look(), inverter_rule)->observation == "out_of_scope");
    CHECK_FALSE(of_rule(scans.look(), inverter_rule)->seen_in_last_run);

    // In another capture it says what it is: that is knowledge.
    scans.scan({by_source(no_inverter(), "fedcba9876543210")}, 2, "fedcba9876543210");
    CHECK(of_rule(scans.look(), inverter_rule)->observation == "refuted");
    CHECK(of_rule(scans.look(), inverter_rule)->status == "new");
}

TEST_CASE("what a person decided about a finding outlives every scan, unless it is seen anew after it was closed") {
    Scans scans("outlives");
    scans.scan({inverter()}, 0);
    const std::string finding = of_rule(scans.look(), inverter_rule)->finding.id;
    person_says(scans.path(), "accepted", finding, 1);
    scans.scan({no_inverter()}, 2);
    CHECK(of_rule(scans.look(), inverter_rule)->status == "accepted");
    person_says(scans.path(), "closed", finding, 3);
    // What the capture holds was there before the decision.
    scans.scan({inverter()}, 4);
    CHECK(of_rule(scans.look(), inverter_rule)->status == "closed");
    CHECK(of_rule(scans.look(), inverter_rule)->seen_in_last_run);
    CHECK(scans.count("SELECT count(*) FROM events WHERE event = 'reopened'") == 0);
    // On the network after it: the same finding is open again, and the reason stands in the event.
    Asset later = inverter();
    later.seen.last = at_day(5);
    const RunReceipt again = scans.scan({later}, 5);
    CHECK(again.reopened >= 1);
    CHECK(of_rule(scans.look(), inverter_rule)->status == "assessed");
    CHECK(scans.count("SELECT count(*) FROM events WHERE event = 'reopened' AND subject = '" + finding + "'") == 1);
    CHECK(Register::open_to_read(scans.path()).verify().empty());
}

TEST_CASE("a serial number that shows up at another site is another asset there") {
    Scans scans("two-sites");
    const auto at_site = [](const std::string& site, const std::string& key) {
        Asset asset = Thing(key, "00:00:5e:00:53:01", 7).strong("serial:riverside/4711");
        asset.site = site;
        return asset;
    };
    CHECK(scans.scan({at_site("north", "k1")}, 0).assets_new == 1);
    CHECK(scans.scan({at_site("south", "k9")}, 1).assets_new == 1);
    // Each is found again at its own site, and has kept its identifiers.
    const RunReceipt again = scans.scan({at_site("north", "k1"), at_site("south", "k9")}, 2);
    CHECK(again.assets_new == 0);
    CHECK(again.assets_merged == 0);
    CHECK(again.assets_split == 0);
    CHECK(scans.count("SELECT count(*) FROM identifiers WHERE value = 'serial:riverside/4711'") == 2);
}

TEST_CASE("a uid is minted once and found again by any strong identifier") {
    Scans scans("uid");
    scans.scan({inverter("k1")}, 0);
    const std::string uid = scans.look().assets.at(0).uid;
    CHECK(uid.size() == 36);
    CHECK(uid[14] == '8');
    // A better identifier is learned: the derived key is another one, the device is not.
    CHECK(scans.scan({inverter("k9").strong("serial:riverside/77")}, 1).assets_new == 0);
    CHECK(scans.look().assets.at(0).uid == uid);
    CHECK(scans.look().assets.at(0).key == "k9");
    // Later only that identifier is seen, behind another address.
    CHECK(scans.scan({inverter("k9", "00:00:5e:00:53:44").strong("serial:riverside/77")}, 2).assets_new == 0);
    CHECK(scans.look().assets.at(0).uid == uid);
}

TEST_CASE("weak identifiers never bind two assets") {
    Scans scans("weak");
    const auto with_ip = [](Asset asset) {
        asset.identifiers.ip.insert("10.0.0.7");
        asset.identifiers.hostname.insert("inverter");
        asset.strong.emplace_back("ip:10.0.0.7");
        asset.strong.emplace_back("hostname:inverter");
        return asset;
    };
    scans.scan({with_ip(inverter("k1", "00:00:5e:00:53:01"))}, 0);
    CHECK(scans.scan({with_ip(inverter("k2", "00:00:5e:00:53:02"))}, 1).assets_new == 1);
    CHECK(scans.look().assets.size() == 2);
}

TEST_CASE("an asset that has nothing strong is found again by its derived key") {
    Scans scans("keyed");
    const auto nameless = [] {
        Asset asset = inverter("weak-key");
        asset.strong.clear();
        asset.identifiers.ip.insert("10.0.0.7");
        return asset;
    };
    scans.scan({nameless()}, 0);
    CHECK(scans.scan({nameless()}, 1).assets_new == 0);
    CHECK(scans.look().assets.size() == 1);
}

TEST_CASE("two that turn out to be one: the oldest uid stays, the other becomes an alias") {
    Scans scans("merged");
    scans.scan({inverter("k1", "00:00:5e:00:53:01")}, 0);
    const std::string older = scans.look().assets.at(0).uid;
    scans.scan({inverter("k2", "00:00:5e:00:53:02")}, 1);
    CHECK(scans.look().assets.size() == 2);
    const RunReceipt receipt = scans.scan({inverter("k3", "00:00:5e:00:53:02").strong("mac:00:00:5e:00:53:01")}, 2);
    CHECK(receipt.assets_merged == 1);
    CHECK(receipt.assets_new == 0);
    const Overview all = scans.look();
    REQUIRE(all.assets.size() == 1);
    CHECK(all.assets[0].uid == older);
    REQUIRE(all.assets[0].aliases.size() == 1);
    CHECK(assets_meant(all, all.assets[0].aliases[0]) == std::vector<std::string>{older});
    // Its findings went with it: each once.
    int findings = 0;
    for (const OverviewFinding& one : all.findings) findings += one.finding.rule == "solar-inverter-remote-control" ? 1 : 0;
    CHECK(findings == 1);
    CHECK(scans.count("SELECT count(*) FROM events WHERE event = 'merged' AND subject_kind = 'asset'") == 1);
    // And once more, nothing moves.
    const RunReceipt again = scans.scan({inverter("k3", "00:00:5e:00:53:02").strong("mac:00:00:5e:00:53:01")}, 3);
    CHECK(again.assets_merged == 0);
    CHECK(again.assets_new == 0);
    CHECK(Register::open_to_read(scans.path()).verify().empty());
}

TEST_CASE("one that turns out to be two: what the uid was minted from keeps it") {
    Scans scans("split");
    scans.scan({inverter("k1", "00:00:5e:00:53:01").strong("serial:riverside/1")}, 0);
    const std::string uid = scans.look().assets.at(0).uid;
    const RunReceipt receipt =
        scans.scan({inverter("k0", "00:00:5e:00:53:01"), inverter("k1", "00:00:5e:00:53:99").strong("serial:riverside/1")}, 1);
    CHECK(receipt.assets_new == 1);
    CHECK(receipt.assets_split == 1);
    const Overview all = scans.look();
    REQUIRE(all.assets.size() == 2);
    CHECK(all.asset(uid)->key == "k1");
    CHECK(scans.scan({inverter("k0", "00:00:5e:00:53:01"), inverter("k1", "00:00:5e:00:53:99").strong("serial:riverside/1")}, 2)
              .assets_new == 0);
    CHECK(scans.count("SELECT count(*) FROM events WHERE event = 'split'") == 1);
}

TEST_CASE("a run that fails half-way leaves nothing behind") {
    Scans scans("atomic");
    scans.scan({inverter()}, 0);
    const std::int64_t events = scans.count("SELECT count(*) FROM events");
    // A finding about an asset that is not in the run comes after runs, sources, assets and claims were written.
    const Folder elsewhere("stray");
    const VendorDb db = example::vendors(elsewhere);
    scans.assessment() = assess(site_of({inverter(), inverter("stray", "00:00:5e:00:53:09")}), db, ours(), {"north"});
    scans.identified() = site_of({inverter(), controller()});
    {
        Register held = Register::open(scans.path());
        CHECK(complaint([&] { held.record(scans.run(1)); }) == "a finding is about an asset that is not in this run");
    }
    CHECK(scans.count("SELECT count(*) FROM events") == events);
    CHECK(scans.count("SELECT count(*) FROM runs") == 1);
    CHECK(scans.count("SELECT count(*) FROM assets") == 1);
    CHECK(scans.count("SELECT count(*) FROM sources") == 1);
    CHECK(scans.scan({inverter()}, 2).run == 2);
}

TEST_CASE("a newer schema, a foreign file, a missing folder, a busy register: one sentence each") {
    Scans scans("refused");
    scans.scan({inverter()}, 0);
    {
        Register held = Register::open(scans.path());
        held.connection().database.run("PRAGMA user_version = " + std::to_string(Register::schema_version + 1));
    }
    CHECK(complaint([&] { Register::open(scans.path()); }) ==
          scans.path() + ": this register was made by a newer herkomst (schema " +
              std::to_string(Register::schema_version + 1) + "; this program knows " +
              std::to_string(Register::schema_version) + ")");
    CHECK(complaint([&] { Register::open_to_read(scans.path()); }).find("newer herkomst") != std::string::npos);

    const std::string text = scans.folder().at("notes.txt");
    scans.folder().put("notes.txt", "these are notes and no register, and there are enough of them to look like a file");
    CHECK(complaint([&] { Register::open(text); }) == text + ": this file is not a register");
    {
        sql::Database other(scans.path(), sql::Mode::ReadWrite);
        other.run("PRAGMA application_id = 1");
    }
    CHECK(complaint([&] { Register::open(scans.path()); }).find("not a register of herkomst") != std::string::npos);
    const std::string nowhere = scans.folder().at("no/such/folder/site.db");
    CHECK(complaint([&] { Register::open(nowhere); }).starts_with(nowhere + ": this register cannot be made"));
    CHECK(complaint([&] { Register::open_to_read(nowhere); }).starts_with(nowhere + ": this register cannot be opened"));
}

TEST_CASE("a register without a run has no overview") {
    const Folder folder("empty-register");
    const Register held = Register::open(folder.at("site.db"));
    CHECK(complaint([&] { overview(held, nullptr); }).find("holds no run yet") != std::string::npos);
}

TEST_SUITE_END();

}  // namespace register_test
