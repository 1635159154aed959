// Orders of authorities: invented ones, over an invented site.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include <algorithm>

#include "assess/order_file.h"
#include "core/text.h"
#include "tests/assess/example_site.h"
#include "vendordb/signed.h"

using namespace herkomst;
using example::Folder;
using example::site_of;
using example::Thing;

namespace orders_test {

TEST_SUITE_BEGIN("orders");

namespace {

std::string order_text(const std::string& members) {
    return R"({"key": "EX-1", "authority": "Example Authority", "legal_basis": "Example Act, art. 1", "issued": "2027-01-01",
        "deadline": "2028-01-01", "document": "EX/2027/1", )" +
           members + "}";
}

Order order_from(const std::string& members) {
    const Result<Json> json = parse_json(order_text(members), "o.json");
    REQUIRE(json.ok());
    Problems problems;
    const std::optional<Order> order = read_order(json.value(), "o.json", problems);
    for (const Problem& problem : problems) FAIL_CHECK(problem.text());
    REQUIRE(order.has_value());
    return *order;
}

Json fact(const std::vector<FactsRow>& rows, std::string_view asset, std::string_view name) {
    for (const FactsRow& row : rows) {
        if (row.asset != asset) continue;
        const auto found = row.facts.find(name);
        return found == row.facts.end() ? Json() : found->second;
    }
    FAIL("no such row");
    return {};
}

std::vector<Asset> things() {
    return {Thing("a", "00:00:5e:00:53:01", 1).says(Field::maker, "Riverside", "riverside").says(Field::model, "RS50K"),
            Thing("b", "00:00:5e:00:53:02", 2).says(Field::maker, "Hillside", "hillside").says(Field::category, "plc"),
            Thing("c", "00:00:5e:00:53:03", 3).says(Field::category, "camera"),
            Thing("d", "00:00:5e:00:53:04", 4)
                .says(Field::maker, "Hillside", "hillside")
                .says(Field::module_maker, "Riverside", "riverside")};
}

std::vector<FactsRow> held_against(const VendorDb& db, const std::vector<Order>& orders) {
    std::vector<FactsRow> rows = facts_of(site_of(things()), db);
    apply_orders(rows, orders, db);
    return rows;
}

}  // namespace

TEST_CASE("without orders nothing is ordered out, and nobody is asked") {
    const Folder folder("noorders");
    const VendorDb db = example::vendors(folder);
    const auto rows = held_against(db, {});
    for (const char* asset : {"a", "b", "c", "d"}) CHECK(fact(rows, asset, "ordered_out") == Json(0));
}

TEST_CASE("an order hits every asset of the supplier, on any level; an unknown maker is a question") {
    const Folder folder("orders");
    const VendorDb db = example::vendors(folder);
    const auto rows = held_against(db, {order_from(R"("suppliers": [{"name": "Example riverside"}])")});
    CHECK(fact(rows, "a", "ordered_out") == Json(1));
    CHECK(fact(rows, "a", "order_match") == Json("maker"));
    CHECK(fact(rows, "a", "order_basis") == Json("Example Act, art. 1"));
    CHECK(fact(rows, "a", "order_deadline") == Json("2028-01-01"));
    CHECK(fact(rows, "a", "order_signed") == Json(0));
    CHECK(fact(rows, "b", "ordered_out") == Json(0));
    CHECK(fact(rows, "c", "ordered_out").is_null());
    CHECK(fact(rows, "d", "ordered_out") == Json(1));
    CHECK(fact(rows, "d", "order_match") == Json("module"));
}

TEST_CASE("who owns a maker hits by a source only; where nobody knows, it is asked") {
    const Folder folder("owners");
    const auto owned = [&](const std::string& slug, const std::string& owner, const std::string& status,
                           const std::string& members = "") {
        folder.put("vendordb/vendors/" + slug + ".json",
                   R"({"slug":")" + slug + R"(","name":"Example )" + slug + R"(","kind":"maker","categories":["plc"],)" +
                       (owner.empty() ? ""
                                      : R"("owned_by":[{"owner":")" + owner + R"(","owner_name":"Example )" + owner + R"(",)" +
                                            example::claim(status) + "}],") +
                       R"("origin":[)" + members + "]}");
    };
    const auto says = [](const std::string& claim, const std::string& country) {
        return R"({"claim":")" + claim + R"(",)" +
               (country.empty() ? R"("value":"listed",)" : R"("country":")" + country + R"(",)") + example::claim("verified") +
               "}";
    };
    owned("source", "", "", says("controlled_from", "XA") + "," + says("top_of_chain", ""));
    owned("brook", "source", "reported");    // a source says so
    owned("creek", "source", "unverified");  // nobody has a source
    owned("ditch", "creek", "verified");     // above it an ownership without a source
    owned("pond", "", "");                   // no owner on record
    owned("lake", "", "", says("controlled_from", "XA") + "," + says("top_of_chain", ""));  // its own top
    owned("fjord", "", "", says("controlled_from", "XB"));                                  // of another country
    owned("mill", "hillside", "reported");
    owned("weir", "hillside", "unverified");
    const VendorDb db = example::vendors(folder);
    std::vector<Asset> made;
    const std::vector<std::string> makers = {"source", "brook", "creek", "ditch", "pond", "lake", "fjord", "mill", "weir"};
    for (std::size_t i = 0; i < makers.size(); ++i)
        made.push_back(Thing(makers[i], fmt::format("00:00:5e:00:53:{:02x}", i + 1), i + 1)
                           .says(Field::maker, "Example " + makers[i], makers[i]));
    made.push_back(Thing("nameonly", "00:00:5e:00:53:77", 77).says(Field::maker, "Example Nobody"));
    const auto of = [&](const std::string& suppliers) {
        std::vector<FactsRow> rows = facts_of(site_of(made), db);
        apply_orders(rows, {order_from(suppliers)}, db);
        return rows;
    };
    const auto with = of(R"("suppliers": [{"name": "Example source", "with_subsidiaries": true}])");
    CHECK(fact(with, "source", "ordered_out") == Json(1));
    CHECK(fact(with, "brook", "ordered_out") == Json(1));
    CHECK(fact(with, "brook", "order_match") == Json("owner"));
    for (const char* maker : {"creek", "ditch", "pond", "nameonly"}) {
        CAPTURE(maker);
        CHECK(fact(with, maker, "ordered_out").is_null());
        CHECK(fact(with, maker, "order_key") == Json("EX-1"));
        CHECK(fact(with, maker, "order_match") == Json("owner"));
    }
    CHECK(fact(with, "lake", "ordered_out") == Json(0));
    CHECK(fact(with, "fjord", "ordered_out") == Json(0));
    // A state that controls an owner counts by a source of that ownership only.
    CHECK(fact(with, "mill", "state_control") == Json(1));
    CHECK(fact(with, "weir", "state_control").is_null());
    // Without subsidiaries only the named one is meant, and nothing is asked about owners.
    const auto alone = of(R"("suppliers": [{"name": "Example source"}])");
    CHECK(fact(alone, "source", "ordered_out") == Json(1));
    for (const char* maker : {"brook", "creek", "ditch", "pond", "nameonly", "lake", "fjord"}) {
        CAPTURE(maker);
        CHECK(fact(alone, maker, "ordered_out") == Json(0));
    }
}

TEST_CASE("the finding names every order that concerns the asset, when it was given and whether it is signed") {
    const Folder folder("severalorders");
    const VendorDb db = example::vendors(folder);
    const auto order = [](const std::string& key, const std::string& basis, const std::string& deadline,
                          const std::string& more) {
        return R"({"key": ")" + key + R"(", "authority": "Example Authority", "legal_basis": ")" + basis +
               R"(", "issued": "2026-05-01", "deadline": ")" + deadline + R"(", "document": "d", )" + more + "}";
    };
    const std::string riverside = R"("suppliers": [{"name": "Example riverside"}])";
    folder.put("mine/orders/a.json", order("EX-A", "Act A", "2028-01-01", riverside));
    folder.put("mine/orders/b.json", order("EX-B", "Act B", "2027-01-01", riverside));
    // Nobody knows the category: this one is a question, though its deadline is the earliest.
    folder.put("mine/orders/c.json", order("EX-C", "Act C", "2026-12-01", riverside + R"(, "categories": ["camera"])"));
    const auto finding = [&](bool is_signed) {
        Result<PolicyPacks> packs = PolicyPacks::load(HERKOMST_SOURCE_DIR "/rules", {"orders", folder.at("mine") + "/"});
        REQUIRE(packs.ok());
        std::vector<FactsRow> rows = facts_of(site_of({things()[3]}), db);
        std::vector<Order> orders = packs.value().orders();
        for (Order& each : orders) each.is_signed = is_signed;
        apply_orders(rows, orders, db);
        const std::vector<Finding> findings = judge(rows, {}, &db, packs.value());
        REQUIRE(findings.size() == 1);
        CHECK(findings[0].verdict == Ruling::Open);
        return findings[0];
    };
    const Finding own = finding(false);
    CHECK(own.because.nl.find("Besluit EX-B van Example Authority (Act B; gegeven op 2026-05-01; eigen opgave, niet "
                              "ondertekend)") == 0);
    CHECK(own.because.nl.find("uiterlijk 2027-01-01. Andere besluiten die dit raken: EX-A (Act A), 2028-01-01; mogelijk EX-C "
                              "(Act C), 2026-12-01.") != std::string::npos);
    CHECK(own.because.en.find("given on 2026-05-01; own data, not signed)") != std::string::npos);
    CHECK(own.because.en.find("concern it: EX-A (Act A), 2028-01-01; possibly EX-C (Act C), 2026-12-01.") != std::string::npos);
    const Finding with_signature = finding(true);
    CHECK(with_signature.because.nl.find("ondertekend met een sleutel die u vertrouwt)") != std::string::npos);
    CHECK(with_signature.because.en.find("signed with a key that you trust)") != std::string::npos);
    CHECK(with_signature.facts.find("order_signed")->second == Json(1));
    // One order alone says that there is no other.
    folder.put("mine/orders/a.json", order("EX-A", "Act A", "2028-01-01", R"("suppliers": [{"name": "Example hillside"}])"));
    folder.put("mine/orders/c.json", order("EX-C", "Act C", "2028-01-01", riverside + R"(, "sites": ["south"])"));
    folder.put("mine/orders/b.json", order("EX-B", "Act B", "2027-01-01", R"("suppliers": [{"name": "Example meadow"}])"));
    CHECK(finding(false).because.nl.ends_with("Andere besluiten die dit raken: geen."));
}

TEST_CASE("an order can be about a product, a kind of device, or a site") {
    const Folder folder("products");
    const VendorDb db = example::vendors(folder);
    const auto product = [](const std::string& model) {
        return order_from(R"("products": [{"vendor": "riverside", "name": "Example riverside", "model": ")" + model + R"("}])");
    };
    CHECK(fact(held_against(db, {product("RS[0-9]+K")}), "a", "ordered_out") == Json(1));
    CHECK(fact(held_against(db, {product("RS5")}), "a", "ordered_out") == Json(0));  // the whole model text
    // The module's own model is not known.
    const std::string supplier = R"("suppliers": [{"vendor": "hillside", "name": "Example hillside"}])";
    CHECK(fact(held_against(db, {order_from(supplier + R"(, "categories": ["plc"])")}), "b", "ordered_out") == Json(1));
    CHECK(fact(held_against(db, {order_from(supplier + R"(, "categories": ["camera"])")}), "b", "ordered_out") == Json(0));
    CHECK(fact(held_against(db, {order_from(supplier + R"(, "categories": ["plc"])")}), "d", "ordered_out").is_null());
    CHECK(fact(held_against(db, {order_from(supplier + R"(, "sites": ["south"])")}), "b", "ordered_out") == Json(0));
}

TEST_CASE("every asset hit is a finding with basis and deadline, and one question is asked of the site") {
    const Folder folder("ordered");
    const VendorDb db = example::vendors(folder);
    folder.put("mine/orders/one.json", order_text(R"("suppliers": [{"name": "Example riverside"}])"));
    Result<PolicyPacks> packs = PolicyPacks::load(HERKOMST_SOURCE_DIR "/rules", {"orders", folder.at("mine") + "/"});
    REQUIRE(packs.ok());
    CHECK(packs.value().version().find("order EX-1 own data") != std::string::npos);
    const Assessment assessment = assess(site_of(things()), db, packs.value(), {"north"});
    REQUIRE(assessment.findings.size() == 3);
    for (const Finding& finding : assessment.findings) {
        CHECK(finding.rule == "ordered-out");
        if (finding.verdict == Ruling::Question) {
            CHECK(finding.subject == FindingSubject{"site", "north"});
            CHECK(finding.missing == std::vector<std::string>{"ordered_out"});
        } else {
            CHECK(finding.band == Band::Critical);
            CHECK(finding.because.nl.find("2028-01-01") != std::string::npos);
            CHECK(finding.because.nl.find("Example Act, art. 1") != std::string::npos);
        }
    }
}

TEST_CASE("one question of the site names every order that may apply, and which assets it may mean") {
    const Folder folder("questionorders");
    const VendorDb db = example::vendors(folder);
    const auto order = [](const std::string& key, const std::string& deadline, const std::string& more) {
        return R"({"key": ")" + key + R"(", "authority": "Authority of )" + key +
               R"(", "legal_basis": "Act", "issued": "2026-05-01", "deadline": ")" + deadline + R"(", "document": "d", )" +
               more + "}";
    };
    // Nobody knows who made the camera: both may mean it. Of the meadow's PLC nobody sourced who owns it: only A-1 may.
    folder.put("mine/orders/a.json",
               order("A-1", "2028-01-01", R"("suppliers": [{"name": "Example riverside", "with_subsidiaries": true}])"));
    folder.put("mine/orders/b.json", order("B-1", "2027-01-01", R"("suppliers": [{"name": "Example hillside"}])"));
    Result<PolicyPacks> packs = PolicyPacks::load(HERKOMST_SOURCE_DIR "/rules", {"orders", folder.at("mine") + "/"});
    REQUIRE(packs.ok());
    const std::vector<Asset> assets = {
        Thing("a", "00:00:5e:00:53:01", 1).says(Field::category, "camera").says(Field::hostname, "camera-one"),
        Thing("b", "00:00:5e:00:53:02", 2).says(Field::maker, "Meadow", "meadow").says(Field::model, "M1"),
        Thing("c", "00:00:5e:00:53:03", 3).says(Field::maker, "Meadow", "meadow").says(Field::model, "M2")};
    const Assessment assessment = assess(site_of(assets), db, packs.value(), {"north"});
    REQUIRE(assessment.findings.size() == 1);
    const Finding finding = *assessment.findings.begin();
    CHECK(finding.verdict == Ruling::Question);
    CHECK(finding.facts.at("order_key") == Json("B-1"));
    CHECK(finding.facts.at("order_others") == Json("possibly A-1 (Act), 2028-01-01, for camera-one (and others: 2)"));
    CHECK_MESSAGE(finding.because.nl.find("Dat raakt camera-one via") != std::string::npos, finding.because.nl);
    CHECK(finding.because.nl.find("Authority of B-1") != std::string::npos);
    CHECK(finding.because.nl.ends_with("raken: mogelijk A-1 (Act), 2028-01-01, voor camera-one (en andere: 2)."));
    // Without the camera the only order is A-1, and nothing is unknown about it.
    const Assessment two = assess(site_of({assets[1], assets[2]}), db, packs.value(), {"north"});
    REQUIRE(two.findings.size() == 1);
    const Finding only = *two.findings.begin();
    CHECK(only.because.nl.find("Besluit A-1 van Authority of A-1") == 0);
    CHECK(only.because.nl.find("Dat raakt M1 (en andere: 1)") != std::string::npos);
    CHECK(only.because.nl.ends_with("raken: geen."));
    // Where they have no order in common, the one to act on first is told whole.
    std::vector<Asset> apart = {
        assets[1], Thing("d", "00:00:5e:00:53:04", 4).says(Field::maker, "Hillside", "hillside").says(Field::model, "H1")};
    folder.put("mine/orders/b.json",
               order("B-1", "2027-01-01", R"("suppliers": [{"name": "Example hillside"}], "categories": ["plc"])"));
    packs = PolicyPacks::load(HERKOMST_SOURCE_DIR "/rules", {"orders", folder.at("mine") + "/"});
    const Assessment both = assess(site_of(apart), db, packs.value(), {"north"});
    REQUIRE(both.findings.size() == 1);
    const Finding split = *both.findings.begin();
    CHECK(split.because.nl.find("Besluit B-1 van Authority of B-1") == 0);
    CHECK(split.because.nl.find("Dat raakt H1 via") != std::string::npos);
    CHECK(split.because.nl.ends_with("raken: mogelijk A-1 (Act), 2028-01-01, voor M1."));
}

TEST_CASE("a signed order counts as signed; a signature that does not fit is refused") {
    const Folder folder("signedorders");
    const KeyPair keys = make_keys();
    const std::string content = order_text(R"("suppliers": [{"name": "Example riverside"}])");
    folder.put("orders/one.json", content);
    folder.put("orders/one.json.sig", std::string(64, 'x'));
    Problems problems;
    CHECK_FALSE(read_orders(folder.at("orders"), problems).front().is_signed);
    CHECK(problems.size() == 1);
    folder.put("orders/trusted/key.pem", keys.public_pem);
    problems.clear();
    CHECK_FALSE(read_orders(folder.at("orders"), problems).front().is_signed);
    REQUIRE(problems.size() == 1);
    CHECK(problems.front().text().find("none of the keys") != std::string::npos);
    folder.put("orders/trusted/key.pem", "no key");
    problems.clear();
    (void)read_orders(folder.at("orders"), problems);
    CHECK(problems.size() == 2);
    // RFC 8032, 7.1, test 2: one byte.
    const std::string pem =
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=\n-----END PUBLIC KEY-----\n";
    const std::string hex =
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d29"
        "1612bb0c00";
    const std::vector<std::uint8_t> bytes = unhex(hex);
    const std::string signature(bytes.begin(), bytes.end());
    CHECK(signature_by("\x72", signature, pem) == Signed::Yes);
    CHECK(signature_by("\x73", signature, pem) == Signed::No);
    CHECK(signature_by("\x72", signature.substr(1), pem) == Signed::No);
    CHECK(signature_by("\x72", signature, "x") == Signed::NoKey);
}

TEST_CASE("an order is read strictly") {
    const Result<Json> json = parse_json(
        R"({"key": "", "authority": "A", "legal_basis": 1, "issued": "2027-13-01", "deadline": "soon", "document": "d",
            "suppliers": [{"vendor": "x"}], "products": [{"name": "n", "model": "("}], "categories": "plc", "country": "XA"})",
        "o.json");
    REQUIRE(json.ok());
    Problems problems;
    CHECK_FALSE(read_order(json.value(), "o.json", problems).has_value());
    std::string all;
    for (const Problem& problem : problems) all += problem.text() + "\n";
    for (const char* place : {"/key", "/legal_basis", "/issued", "/deadline", "/suppliers/0/name", "/products/0/model",
                              "/categories", "/country"}) {
        INFO(place);
        CHECK(all.find(std::string("o.json: ") + place) != std::string::npos);
    }
}

TEST_SUITE_END();

}  // namespace orders_test
