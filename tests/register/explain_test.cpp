#include <doctest/doctest.h>

#include <filesystem>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "assess/assess.h"
#include "assess/fact_fields.h"
#include "capture/analysis.h"
#include "cli/explanation.h"
#include "register/overview.h"
#include "tests/assess/example_site.h"

using namespace herkomst;
using example::Folder;
using example::Thing;

namespace explain_test {

TEST_SUITE_BEGIN("explain");

namespace {

void le32(std::string& out, std::uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift & 0xff);
}

// A pcap of Ethernet frames with a local-experiment EtherType (0x88b5) and these contents.
std::string pcap(const std::vector<std::string>& contents) {
    std::string out("\xd4\xc3\xb2\xa1\x02\x00\x04\x00", 8);
    for (const std::uint32_t word : {0U, 0U, 65535U, 1U}) le32(out, word);
    for (const std::string& content : contents) {
        const std::string frame = std::string("\x00\x00\x5e\x00\x53\xff\x00\x00\x5e\x00\x53\x01\x88\xb5", 14) + content;
        const auto size = static_cast<std::uint32_t>(frame.size());
        for (const std::uint32_t word : {1'700'000'000U, 0U, size, size}) le32(out, word);
        out += frame;
    }
    return out;
}

bool has(const std::string& text, std::string_view part) {
    const bool there = text.find(part) != std::string::npos;
    if (!there) MESSAGE(text);
    return there;
}

}  // namespace

TEST_CASE("from a finding back to the bytes, and when the file is another one it says so") {
    const Folder folder("explain");
    const VendorDb db = example::vendors(folder);
    Result<PolicyPacks> packs = PolicyPacks::load(HERKOMST_SOURCE_DIR "/rules");
    REQUIRE(packs.ok());
    folder.put("plant.pcap", pcap({"nothing here", "made by Riverside in Landia"}));
    folder.put("assets.csv", "ip,model\n192.0.2.7,RS50K\n");
    const Result<std::string> id = source_id(folder.at("plant.pcap"));
    const Result<std::string> inventory = source_id(folder.at("assets.csv"));
    REQUIRE(id.ok());
    REQUIRE(inventory.ok());

    Asset asset = Thing("key-of-inverter", "00:00:5e:00:53:01", 2)
                      .says(Field::maker, "Riverside", "riverside", "modbus.device_id")
                      .says(Field::model, "RS50K", "", "csv.row");
    asset.identifiers.ip.insert("192.0.2.7");
    asset.claims[0].from = {id.value(), 2, 22, 31};
    asset.claims[0].because = "brand=Riverside";
    asset.claims[1].from = {inventory.value(), 2, 0, 0};
    const Identified identified = example::site_of({asset});
    const Assessment assessment = assess(identified, db, packs.value(), {"north"});
    ScanRun run;
    run.site = "north";
    run.now = Time(std::chrono::seconds(1'700'000'000));
    run.identified = &identified;
    run.assessment = &assessment;
    run.policies = &packs.value();
    run.vendors = &db;
    RunSource capture;
    capture.id = id.value();
    capture.path = folder.at("plant.pcap");
    capture.kind = "capture";
    RunSource list;
    list.id = inventory.value();
    list.path = folder.at("assets.csv");
    list.kind = "inventory";
    run.sources = {capture, list};
    {
        Register held = Register::open(folder.at("site.db"));
        held.record(run);
    }
    const Register held = Register::open_to_read(folder.at("site.db"));
    const Overview all = overview(held, &db);
    const auto tell = [&](std::string_view language, std::string_view field) {
        return explanation(held, &db, all, all.assets.at(0), language, field);
    };

    const std::string text = tell("en", "");
    for (const char* part :
         {"RS50K  (device)", "FINDING R-", "band high", "Rule: solar-inverter-remote-control version 3", "when known(category)",
          "offensive_programme = 1", "remote_blocked = unknown", "CONTROL of: Example riverside",
          "jurisdiction of control: Landia", "reported: P, T (2026-01-02)", "https://example.org/t", "as of 2026-01-02",
          "maker = Riverside", "\"Riverside\"  stated, modbus.device_id, because brand=Riverside",
          "plant.pcap frame 2, bytes 22-31", "0016  52 69 76 65 72 73 69 64 65                       |Riverside|",
          "assets.csv line 2", "| 192.0.2.7,RS50K"}) {
        INFO(part);
        CHECK(has(text, part));
    }
    const std::string dutch = tell("nl", "");
    CHECK(has(dutch, "BEVINDING R-"));
    CHECK(has(dutch, "risiconiveau hoog"));
    CHECK(has(dutch, "land van zeggenschap: Landa"));
    // One field only.
    const std::string model = tell("en", "model");
    CHECK(has(model, "model = RS50K"));
    CHECK(model.find("maker = ") == std::string::npos);
    CHECK(model.find("CONTROL") == std::string::npos);
    CHECK(has(model, "No finding or question reads model; this asset has "));

    // A rule reads maker_name or control_country where a person asks for the maker, and the other way about.
    const std::string maker = tell("en", "maker");
    CHECK(has(maker, "FINDING R-"));
    CHECK(has(maker, "Rule: solar-inverter-remote-control version 3"));
    CHECK(has(maker, "maker = Riverside"));
    CHECK(maker.find("model = ") == std::string::npos);
    const std::string country = tell("en", "control_country");
    CHECK(has(country, "FINDING R-"));
    CHECK(has(country, "CONTROL of: Example riverside"));
    CHECK(has(country, "maker = Riverside"));
    CHECK(has(country, "control_country = \"XA\"  (fact for the rules)"));

    // What nobody claimed is said to be unknown.
    CHECK(has(tell("en", "serial"), "serial: not known\n"));
    CHECK(has(tell("en", "module_maker"), "module_maker: not known\n"));
    CHECK(has(tell("en", "remote_blocked"), "FINDING R-"));
    CHECK(has(tell("en", "remote_blocked"), "remote_blocked: not known\n"));
    CHECK(has(tell("nl", "serial"), "serial: niet bekend\n"));
    CHECK(has(tell("nl", "serial"), "Geen bevinding of vraag leest serial; deze asset heeft "));

    folder.put("plant.pcap", pcap({"nothing here", "made by somebody else"}));
    CHECK(has(tell("en", "maker"), "this file has changed (was " + id.value()));
    CHECK(tell("en", "maker").find("|Riverside|") == std::string::npos);
    std::filesystem::remove(folder.at("plant.pcap"));
    CHECK(has(tell("en", "maker"), "this file cannot be read any more"));
}

TEST_CASE("every fact that is taken from the network leads to the fields that it rests on") {
    // Not claims of a field: what it is in this run, how to call it, and that it spoke with a public address at all.
    const std::set<std::string_view> of_no_field = {"kind", "label", "internet_observed"};
    for (const FactColumn& column : fact_columns()) {
        INFO(column.name);
        if (column.from.find("network") != std::string_view::npos && !of_no_field.contains(column.name))
            CHECK_FALSE(fields_behind(column.name).empty());
        if (column.from == "answer" || column.from == "order") CHECK(fields_behind(column.name).empty());
    }
    CHECK(fields_behind("maker_name") == std::vector{Field::maker});
    CHECK(fields_behind("stack_country") == std::vector{Field::stack_maker});
    CHECK(fields_behind("serial") == std::vector{Field::serial});
    CHECK(fields_behind("remote_documented") == std::vector{Field::remote_documented, Field::maker, Field::category});
    CHECK(fields_behind("nothing_of_the_kind").empty());
}

TEST_CASE("a finding about a vendor's cloud leads to the frame and the bytes in which its name stood") {
    const std::string plant = HERKOMST_SOURCE_DIR "/tests/scenes/demo_plant/plant.pcapng";
    const Result<VendorDb> db = VendorDb::open(HERKOMST_BINARY_DIR "/data/vendordb.sqlite");
    const Result<PolicyPacks> packs = PolicyPacks::load(HERKOMST_SOURCE_DIR "/rules");
    REQUIRE(db.ok());
    REQUIRE(packs.ok());
    const Analysis analysis = analyse({plant}, {});
    const Time now = Time(std::chrono::seconds(1'790'000'000));
    const Identified identified = identify(analysis.observations.list(), analysis.conversations, db.value(), {false, now});
    const Assessment assessment = assess(identified, db.value(), packs.value(), {"north"});
    std::optional<Finding> cloud;
    for (const Finding& finding : assessment.findings) {
        if (finding.rule == "vendor-cloud-path") cloud = finding;
    }
    REQUIRE(cloud.has_value());
    const std::string host = cloud->facts.at("cloud_host").string();
    REQUIRE_FALSE(host.empty());
    // The bytes hold the name: a DNS question has it in labels, a handshake as it is.
    REQUIRE_FALSE(cloud->evidence.empty());
    bool shown = false;
    for (const Evidence& from : cloud->evidence) {
        const Result<std::vector<std::uint8_t>> frame = frame_of(plant, from.frame);
        REQUIRE(frame.ok());
        REQUIRE(from.end <= frame.value().size());
        std::string text(frame.value().begin() + from.begin, frame.value().begin() + from.end);
        for (char& c : text) {
            if (c < ' ') c = '.';
        }
        shown = shown || text.find(host) != std::string::npos;
    }
    CHECK(shown);

    const Folder folder("explain-cloud");
    ScanRun run;
    run.site = "north";
    run.now = now;
    for (const SourceSummary& source : analysis.sources) {
        RunSource read;
        read.id = source.id;
        read.path = source.path;
        read.kind = "capture";
        read.usable = true;
        run.sources.push_back(read);
    }
    run.identified = &identified;
    run.assessment = &assessment;
    run.policies = &packs.value();
    run.vendors = &db.value();
    {
        Register held = Register::open(folder.at("site.db"));
        held.record(run);
    }
    const Register held = Register::open_to_read(folder.at("site.db"));
    const Overview all = overview(held, &db.value());
    for (const OverviewAsset& asset : all.assets) {
        if (asset.key != cloud->subject.key) continue;
        const std::string text = explanation(held, &db.value(), all, asset, "en", "");
        const std::size_t claim = text.find("cloud_operator = ");
        REQUIRE(claim != std::string::npos);
        CHECK(has(text.substr(claim), "because conversation with " + host));
        CHECK(has(text.substr(claim), "frame " + std::to_string(cloud->evidence.front().frame) + ", bytes"));
        return;
    }
    FAIL("the asset of the finding is not in the register");
}

TEST_SUITE_END();

}  // namespace explain_test
