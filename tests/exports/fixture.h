// A small invented register that has one of everything, and a hostile one: what exports and the report are held against.
#pragma once

#include <string>

#include "core/text.h"
#include "register/overview.h"

namespace herkomst::test {

inline Time at(const char* text) { return parse_rfc3339(text).value(); }

inline Sourcing sourced(ClaimStatus status, const std::string& title) {
    return {status,       "Example Registry",         title,     "https://example.org/" + folded(title).substr(0, 8),
            "2026-05-01", "A sentence of the source", "2026-05", "A remark on the source"};
}

inline OverviewBelief believed(std::string value, Strength strength, std::string method, std::string vendor = {}) {
    OverviewBelief out;
    out.belief.value = std::move(value);
    out.belief.strength = strength;
    out.belief.methods = {std::move(method)};
    out.belief.vendor = std::move(vendor);
    out.run = 2;
    return out;
}

inline OverviewAsset asset(const std::string& uid, const std::string& label) {
    OverviewAsset out;
    out.uid = uid;
    out.key = "d-" + uid;
    out.label = label;
    out.kind = "device";
    out.first_seen = at("2026-11-20T08:00:00Z");
    out.last_seen = at("2026-11-21T09:30:00.5Z");
    out.first_run = 1;
    out.last_run = 2;
    out.facts["label"] = label;
    return out;
}

inline OverviewFinding finding(const std::string& rule, const std::string& kind, const std::string& key, Band band) {
    OverviewFinding out;
    Finding& of = out.finding;
    of.subject = {kind, key};
    of.id = finding_id(rule, of.subject);
    of.policy = "example-pack";
    of.rule = rule;
    of.version = 3;
    of.rule_hash = "0123456789ab";
    of.likelihood = 4;
    of.impact = band == Band::Critical ? 5 : band == Band::High ? 3 : band == Band::Medium ? 2 : 1;
    of.band = band;
    of.title = {"Titel van " + rule, "Title of " + rule};
    of.because = {"Omdat het zo is.", "Because it is so."};
    of.advice = {"Doe iets.", "Do something."};
    of.consideration = "1,2,3A";
    of.references = {{{"An act, article 1", "An act, article 1"}, "https://example.org/act"}};
    out.subject_label = key;
    out.status = "new";
    out.opened = at("2026-11-20T10:00:00Z");
    out.last_seen = at("2026-11-21T10:00:00Z");
    out.seen_in_last_run = true;
    return out;
}

inline Overview plant() {
    Overview out;
    out.site = "Voorbeeldlocatie";
    out.run = {2, at("2026-11-21T10:00:00Z"), "herkomst 0.1.0", "2026-11-21 sha256:0123456789ab", "example-pack sha256:ab", {}};
    out.runs = {{1, at("2026-11-20T10:00:00Z"), "herkomst 0.1.0", "2026-11-20 sha256:00", "example-pack sha256:aa", {}},
                out.run};
    out.run.sources = {{"s-1",
                        "captures/plant.pcapng",
                        "capture",
                        "",
                        1234,
                        567890,
                        at("2026-11-21T08:00:00Z"),
                        at("2026-11-21T09:30:00Z"),
                        true,
                        {}},
                       {"s-2",
                        "assets.csv",
                        "inventory",
                        std::string(64, 'a'),
                        12,
                        800,
                        {},
                        {},
                        true,
                        {"assets.csv:4: the address 10.0.0.999 is none", "assets.csv:7: has no identifier"}},
                       {"s-3", "cut.pcap", "capture", "", 0, 24, {}, {}, false, {"cut.pcap: is cut off in its first packet"}}};

    OverviewAsset inverter = asset("11aa", "Example SX-100");
    inverter.identifiers.mac = {"00:00:5e:00:53:01"};
    inverter.identifiers.ip = {"192.0.2.10", "2001:db8::10"};
    inverter.identifiers.hostname = {"inverter-1"};
    inverter.strong = {"serial:example-power/SN0001", "mac:00:00:5e:00:53:01"};
    inverter.aliases = {"99ff"};
    inverter.beliefs[Field::brand] = believed("Example", Strength::Stated, "modbus.device_id", "example-power");
    inverter.beliefs[Field::maker] = believed("Example Power Co., Ltd.", Strength::Stated, "alias", "example-power");
    inverter.beliefs[Field::model] = believed("SX-100", Strength::Stated, "modbus.device_id");
    inverter.beliefs[Field::model].belief.dissent = {"SX-90"};
    inverter.beliefs[Field::serial] = believed("SN0001", Strength::Stated, "sunspec.common");
    inverter.beliefs[Field::firmware] = believed("1.2.3", Strength::Stated, "sunspec.common");
    inverter.beliefs[Field::nic_maker] = believed("Module Maker GmbH", Strength::Hinted, "oui", "module-maker");
    inverter.facts["category"] = "solar_inverter";
    inverter.facts["rated_power"] = 100000;
    inverter.facts["remote_documented"] = 1;
    inverter.facts["remote_blocked"] = Json();
    inverter.facts["control_country"] = "XA";
    inverter.facts["control_status"] = "verified";
    inverter.maker = "example-power";
    inverter.maker_name = "Example Power Co., Ltd.";
    inverter.country = "XA";
    inverter.country_name = {"Voorbeeldland", "Exampleland"};
    inverter.chain.steps = {
        {"example-power", "Example Power Co., Ltd.", "brand", "", {}},
        {"example-holding", "Example Holding", "owned_by", "XA", sourced(ClaimStatus::Verified, "Annual report")}};
    inverter.chain.country = "XA";
    inverter.chain.status = ClaimStatus::Verified;

    OverviewAsset unit = asset("22bb", "Meter unit 3");
    unit.kind = "part";
    unit.parent = "11aa";
    unit.identifiers.path = {"modbus/502/3"};
    unit.beliefs[Field::model] = believed("M-3", Strength::Listed, "csv.row");
    unit.facts["category"] = "energy_meter";

    OverviewAsset disputed = asset("33cc", "192.0.2.20");
    disputed.identifiers.ip = {"192.0.2.20"};
    disputed.identifiers.mac = {"00:00:5e:00:53:02", "00:00:5e:00:53:03"};
    disputed.beliefs[Field::maker].belief.contested = true;
    disputed.beliefs[Field::maker].belief.strength = Strength::Listed;
    disputed.beliefs[Field::maker].belief.dissent = {"One BV", "Two BV"};
    disputed.beliefs[Field::maker].run = 2;

    OverviewAsset named = asset("44dd", "Camera 7");
    named.identifiers.ip = {"192.0.2.30"};
    named.beliefs[Field::maker] = believed("Unsourced Cameras", Strength::Matched, "fingerprint:http_servers/x", "unsourced");
    named.maker = "unsourced";
    named.maker_name = "Unsourced Cameras";
    named.facts["control_status"] = "none";
    named.chain.steps = {{"unsourced", "Unsourced Cameras", "brand", "", {}}};

    OverviewAsset service = asset("55ee", "broker");
    service.kind = "service";
    service.beliefs[Field::product] = believed("Example Broker", Strength::Stated, "mqtt.connack");
    out.assets = {inverter, unit, disputed, named, service};

    Vendor vendor;
    vendor.slug = "example-power";
    vendor.name = "Example Power Co., Ltd.";
    vendor.origin = {{"headquarters", "", "XB", sourced(ClaimStatus::Reported, "Company page")},
                     {"state_control", "no", "", sourced(ClaimStatus::Unverified, "Hearsay")}};
    vendor.capabilities = {{"remote_on_off", "cloud", "maker", {}, sourced(ClaimStatus::Verified, "Manual of the portal")}};
    out.vendors.emplace(vendor.slug, vendor);
    out.jurisdictions.emplace(
        "XA", Jurisdiction{"XA",
                           {{"nl", "Voorbeeldland"}, {"en", "Exampleland"}},
                           {{"offensive_programme", "Example Service", "", sourced(ClaimStatus::Verified, "Threat report")}},
                           {}});
    out.jurisdictions.emplace("XB", Jurisdiction{"XB", {{"nl", "Elders"}, {"en", "Elsewhere"}}, {}, {}});

    OverviewFinding remote = finding("remote-switch", "asset", "11aa", Band::Critical);
    remote.subject_label = "Example SX-100";
    remote.finding.facts = {{"control_country", "XA"},
                            {"offensive_programme", 1},
                            {"rated_power", 100000},
                            {"remote_documented", 1},
                            {"remote_observed", Json()}};
    remote.finding.evidence = {{"s-1", 12, 54, 60}, {"s-2", 3, 0, 0}};
    remote.rating.emplace();
    remote.rating->criteria = "example 1 sha256:0123456789ab";
    remote.rating->inherent = Band::Critical;
    remote.rating->likelihood = remote.rating->impact = 5;
    remote.rating->residual = Band::Medium;
    remote.rating->residual_likelihood = 2;
    remote.rating->residual_impact = 4;
    remote.rating->known = 7;
    remote.rating->of = 12;
    remote.rating->asked = remote.rating->answered = 7;  // by people: it leads
    remote.rating->considerations = {{"1", "yes"}, {"2", "yes"}, {"3A", "unknown"}, {"3B", "no"}};
    remote.rating->decision = "mitigate";
    remote.rating->decision_text = {"Beperken.", "Mitigate."};
    remote.work = {{"owner", "R. Owner"},
                   {"due", "2027-01-31"},
                   {"response", "mitigate"},
                   {"residual_likelihood", "1"},
                   {"residual_impact", "4"},
                   {"residual_band", "low"},
                   {"residual_why", "the way out was cut and tried"}};
    remote.grounds = {{1, {"offensive_programme"}, true}, {2, {}, true}};
    out.measures = {{"M-7",
                     remote.finding.id,
                     {{"title", "Cut the way out"}, {"kind", "block_egress"}, {"state", "tested"}, {"effect", "likelihood"}}}};
    out.answers = {{1,
                    "supplier-offensive",
                    {"Komt de leverancier daarvandaan?", "Does the supplier come from there?"},
                    "supplier",
                    "example-power",
                    {"Example Power Co., Ltd.", "Example Power Co., Ltd."},
                    "yes",
                    {"ja", "yes"},
                    false,
                    "A. Analyst",
                    at("2026-11-20T09:00:00Z"),
                    at("2027-05-22T09:00:00Z"),
                    "contract 2026-14",
                    "A remark on the answer"},
                   {2,
                    "process-impact",
                    {"Wat valt er uit?", "What fails?"},
                    "process",
                    "Pumping",
                    {"Pumping", "Pumping"},
                    "a whole valley",
                    {"a whole valley", "a whole valley"},
                    true,
                    "P. Owner",
                    at("2025-11-01T09:00:00Z"),
                    at("2026-11-01T09:00:00Z"),
                    "",
                    ""}};
    OverviewFinding sum = finding("power-of-one", "jurisdiction", "XA", Band::High);
    sum.subject_label = "Exampleland";
    sum.subject_texts = {"Voorbeeldland", "Exampleland"};
    sum.status = "accepted";
    OverviewFinding supplier = finding("single-supplier", "vendor", "example-power", Band::Medium);
    supplier.subject_label = "Example Power Co., Ltd.";
    supplier.finding.consideration = "";
    supplier.seen_in_last_run = false;
    out.findings = {remote, sum, supplier};
    OverviewFinding asked = finding("origin", "asset", "33cc", Band::Medium);
    asked.subject_label = "192.0.2.20";
    asked.finding.verdict = Ruling::Question;
    asked.finding.missing = {"control_country", "maker"};
    out.questions = {asked};

    Group country{"jurisdiction", "XA", {"Voorbeeldland", "Exampleland"}, 1, 1, 100000, 0, 1, 100000, 0, 0, {}, {"11aa"}};
    Group site{"site",
               "Voorbeeldlocatie",
               {"Voorbeeldlocatie", "Voorbeeldlocatie"},
               5,
               3,
               100000,
               2,
               2,
               100000,
               1,
               1,
               {},
               {"11aa", "22bb", "33cc", "44dd", "55ee"}};
    Group maker{
        "vendor", "example-power", {"Example Power Co., Ltd.", "Example Power Co., Ltd."}, 1, 1, 100000, 0, 1, 100000, 0, 0,
        {},       {"11aa"}};
    maker.facts["control_country"] = "XA";
    out.groups = {country, site, maker};
    out.unknown_vendors = {"Acme Gadgets", "Onbekend & Zn"};
    out.coverage = {{"modbus", "malformed", 2, 17}, {"tcp/9999", "unrecognised", 1, 1}};
    out.people_devices = 4;
    return out;
}

// The same register with `text` wherever a network, an inventory or a file name can put words.
inline Overview hostile(const std::string& text) {
    Overview out = plant();
    out.site = text;
    for (OverviewAsset& each : out.assets) {
        each.label = text;
        each.identifiers.hostname = {text};
        each.identifiers.path = {text};
        each.facts["label"] = text;
        each.facts["category"] = text;
        for (const Field field : {Field::brand, Field::model, Field::serial, Field::firmware, Field::hardware, Field::location,
                                  Field::os, Field::description, Field::cloud_operator}) {
            each.beliefs[field] = believed(text, Strength::Stated, "http.server");
            each.beliefs[field].belief.dissent = {text + " too"};
        }
        if (!each.maker.empty()) each.maker_name = text;
        for (ChainStep& step : each.chain.steps) step.name = text;
    }
    for (auto* list : {&out.findings, &out.questions}) {
        for (OverviewFinding& each : *list) {
            each.subject_label = text;
            each.finding.because = {text, text};
            each.finding.title = {text, text};
            each.finding.advice = {text, text};
            each.finding.facts["cloud_host"] = text;
            each.finding.references = {{{text, text}, text}};
        }
    }
    for (OverviewAnswer& each : out.answers) {
        each.by = each.source = each.note = each.value = each.key = text;
        each.shown = each.about = {text, text};
    }
    for (OverviewMeasure& each : out.measures) each.work["title"] = each.work["owner"] = text;
    for (OverviewFinding& each : out.findings) each.work["residual_why"] = each.work["owner"] = text;
    for (auto& [slug, vendor] : out.vendors) {
        for (OriginClaim& claim : vendor.origin) claim.sourcing.title = claim.sourcing.quote = claim.sourcing.address = text;
    }
    for (RunSource& source : out.run.sources) {
        source.path = text;
        source.problems = {text};
    }
    for (Group& group : out.groups) group.title = {text, text};
    out.unknown_vendors = {text};
    for (OverviewCoverage& row : out.coverage) row.asked = row.outcome = text;
    return out;
}

}  // namespace herkomst::test
