// Orders of authorities: invented ones, over an invented site.
#include <doctest/doctest.h>

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
