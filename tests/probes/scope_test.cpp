// The scope file: what it allows, and that everything wrong in it is said at once, each with its place.
#include "probes/scope.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "../lint/folder.h"
#include "core/file.h"
#include "probes/campaign.h"
#include "scope_problems.h"
#include "vendordb/signed.h"

using namespace herkomst;
using namespace std::chrono_literals;

namespace scope_test {

TEST_SUITE_BEGIN("probe_scope");

namespace {

constexpr std::string_view good = R"({
  "schema": "herkomst-scope/1", "authorised_by": "A. Person, site manager", "purpose": "yearly inventory",
  "valid": {"from": "2026-11-01T00:00:00Z", "until": "2026-12-01T00:00:00Z"},
  "windows": [{"days": ["mon", "fri"], "from": "22:00", "until": "05:00", "utc_offset": "+01:00"}],
  "ranges": [
    {"range": "192.0.2.0/24", "families": ["ot", "it"]},
    {"range": "192.0.2.32/28", "families": ["it"], "pause": "2s", "gateway": true, "units": [1, 2],
     "ports": {"modbus": [1502]}, "communities": ["example"], "maker": "sungrow"},
    {"range": "2001:db8::10-2001:db8::1f", "probes": ["modbus"]}
  ],
  "exclude": ["192.0.2.13", "192.0.2.40-192.0.2.42"],
  "interfaces": [{"name": "eth0", "broadcast": true, "families": ["ot"]}],
  "fragile": [{"range": "192.0.2.50", "tolerates": ["http"], "why": "it once stopped"}],
  "budget": {"time": "2h", "device_bytes": 100000, "device_requests": 50}
})";

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }
Time at(std::string_view text) { return parse_rfc3339(text).value(); }

}  // namespace

TEST_CASE("scope: ranges, exclusions and the smallest range that holds an address") {
    const Result<Scope> read = parse_scope(good, "scope.json");
    REQUIRE(read.ok());
    const Scope& scope = read.value();
    CHECK(scope.range_of(ip("192.0.2.20"))->families.contains(Family::Ot));
    CHECK(scope.range_of(ip("192.0.2.33"))->gateway);
    CHECK(scope.range_of(ip("192.0.2.33"))->pause == 2s);
    CHECK(scope.range_of(ip("198.51.100.1")) == nullptr);
    CHECK(scope.range_of(ip("2001:db8::1a")) != nullptr);
    CHECK(scope.range_of(ip("2001:db8::20")) == nullptr);
    CHECK(scope.excluded(ip("192.0.2.13")));
    CHECK(scope.excluded(ip("192.0.2.41")));
    CHECK_FALSE(scope.excluded(ip("192.0.2.43")));
    CHECK(scope.addresses().size() == 256 - 2 - 4 + 16);
    CHECK(scope.fragile_to("modbus", ip("192.0.2.50")) != nullptr);
    CHECK(scope.fragile_to("http", ip("192.0.2.50")) == nullptr);
    CHECK(scope.sha256.size() == 64);
}

TEST_CASE("scope: a prefix does not hold the addresses of its network and of everybody in it, unless they are named") {
    Scope scope;
    const auto range = [](const char* text) {
        ScopeRange each;
        each.range = *AddressRange::parse(text);
        return each;
    };
    scope.ranges = {range("192.0.2.0/29")};
    CHECK(scope.range_of(ip("192.0.2.0")) == nullptr);
    CHECK(scope.range_of(ip("192.0.2.1")) != nullptr);
    CHECK(scope.range_of(ip("192.0.2.7")) == nullptr);
    CHECK(scope.addresses().size() == 6);
    scope.ranges.push_back(range("192.0.2.7"));
    CHECK(scope.range_of(ip("192.0.2.7")) != nullptr);
    CHECK(scope.addresses().size() == 7);
    // Written from first to last they are meant; two addresses, and IPv6, know no such thing.
    scope.ranges = {range("192.0.2.0-192.0.2.7")};
    CHECK(scope.addresses().size() == 8);
    scope.ranges = {range("192.0.2.4/31")};
    CHECK(scope.addresses().size() == 2);
    scope.ranges = {range("2001:db8::/126")};
    CHECK(scope.addresses().size() == 4);
}

TEST_CASE("scope: a family allows up to its safety, a name allows by itself, a not forbids both") {
    ScopeRange range;
    Probe probe;
    probe.name = "example";
    probe.family = Family::Ot;
    probe.safety = Safety::ReadMany;
    range.families = {Family::Ot};
    CHECK_FALSE(range.allows(probe));
    range.safety = Safety::ReadMany;
    CHECK(range.allows(probe));
    range.families = {Family::It};
    CHECK_FALSE(range.allows(probe));
    range.probes = {"example"};
    CHECK(range.allows(probe));
    range.not_probes = {"example"};
    CHECK_FALSE(range.allows(probe));
}

TEST_CASE("scope: validity and windows, past midnight too") {
    const Result<Scope> read = parse_scope(good, "scope.json");
    REQUIRE(read.ok());
    const Scope& scope = read.value();
    CHECK(scope.closed_at(at("2026-10-31T23:00:00Z")).find("not valid before") != std::string::npos);
    CHECK(scope.closed_at(at("2026-12-01T00:00:00Z")).find("expired") != std::string::npos);
    // 2026-11-27 is a Friday: the window is 21:00 to 04:00 UTC, into Saturday.
    CHECK(scope.closed_at(at("2026-11-27T21:00:00Z")).empty());
    CHECK(scope.closed_at(at("2026-11-28T03:59:00Z")).empty());
    CHECK_FALSE(scope.closed_at(at("2026-11-28T04:00:00Z")).empty());
    CHECK_FALSE(scope.closed_at(at("2026-11-27T20:59:00Z")).empty());
    CHECK_FALSE(scope.closed_at(at("2026-11-26T22:30:00Z")).empty());  // Thursday
}

TEST_CASE("scope: address ranges") {
    CHECK(AddressRange::parse("192.0.2.7")->size() == 1);
    CHECK(AddressRange::parse("192.0.2.0/24")->size() == 256);
    CHECK(AddressRange::parse("192.0.2.250-192.0.3.5")->size() == 12);
    CHECK(AddressRange::parse("2001:db8::/112")->size() == 65'536);
    CHECK(AddressRange::parse("2001:db8::/32")->size() > AddressRange::addresses_max);
    CHECK(AddressRange::parse("::/0")->size() == UINT64_MAX);
    for (const std::string_view wrong : {"", "192.0.2.7/24", "192.0.2.0/33", "192.0.2.9-192.0.2.1", "192.0.2.1-2001:db8::1",
                                         "x/8", "192.0.2.0/", "192.0.2.0/2x"})
        CHECK_MESSAGE(!AddressRange::parse(wrong), wrong);
    CHECK(after(ip("192.0.2.255")) == ip("192.0.3.0"));
    CHECK_FALSE(after(ip("255.255.255.255")).known());
}

TEST_CASE("scope: which BACnet devices are asked for on a link, the link says, or the ranges") {
    const auto asked = [](const std::string& range, const std::string& interface) {
        const std::string text =
            R"({"schema":"herkomst-scope/1","authorised_by":"A. Person","purpose":"test","valid":{"from":)"
            R"("2026-11-01T00:00:00Z","until":"2026-12-01T00:00:00Z"},"ranges":[{"range":"192.0.2.20","families":["building"])" +
            range + R"(},{"range":"192.0.2.21","families":["building"]}],"interfaces":[{"name":"lan0","broadcast":true,)" +
            R"("probes":["bacnet_who_is"])" + interface + "}]}";
        const Result<Scope> scope = parse_scope(text, "scope.json");
        REQUIRE(scope.ok());
        std::pair<std::uint32_t, std::uint32_t> out{1, 0};
        CampaignOptions options;
        Campaign(scope.value(), {}, {}, nullptr, options).plan([&](const Errand& errand, const std::string&) {
            if (errand.group) out = {errand.target.low, errand.target.high};
        });
        return out;
    };
    using Span = std::pair<std::uint32_t, std::uint32_t>;
    CHECK(asked("", "") == Span{0, UINT32_MAX});
    CHECK(asked(R"(,"instances":[100,199])", "") == Span{100, 199});
    CHECK(asked(R"(,"instances":[100,199])", R"(,"instances":[1000,1999])") == Span{1000, 1999});
}

TEST_CASE("scope: units that were heard on Modbus are no link addresses of DNP3") {
    Claim heard;
    heard.subject.ip = ip("192.0.2.20");
    heard.subject.path = {"modbus/502/7"};
    Asset asset;
    asset.claims.push_back(heard);
    Identified identified;
    identified.assets.push_back(asset);
    Knowledge knowledge;
    knowledge.learn(identified);
    Scope scope;
    scope.until = Time::max();
    ScopeRange range;
    range.range = AddressRange::parse("192.0.2.20").value();
    range.probes = {"modbus", "dnp3"};
    scope.ranges.push_back(range);
    const auto asked = [&] {
        std::map<std::string_view, std::set<std::uint32_t>> units;
        CampaignOptions options;
        Campaign(scope, knowledge, {}, nullptr, options).plan([&](const Errand& errand, const std::string&) {
            if (errand.target.unit_known) units[errand.probe->name].insert(errand.target.unit);
        });
        return units;
    };
    using Units = std::map<std::string_view, std::set<std::uint32_t>>;
    CHECK(asked() == Units{{"modbus", {7}}});
    // What the scope file names it names for both.
    scope.ranges.front().units = {3};
    CHECK(asked() == Units{{"modbus", {3, 7}}, {"dnp3", {3}}});
}

TEST_CASE("scope: everything that is wrong is said at once, with its pointer") {
    const auto problems = problems_of(R"({
      "schema": "herkomst-scope/2", "purpose": "", "valid": {"from": "2026-12-01T00:00:00Z", "until": "2026-11-01T00:00:00Z"},
      "windows": [{"days": ["someday"], "from": "25:00", "until": "05:00", "utc_offset": "1"}],
      "ranges": [{"range": "192.0.2.1/24", "families": ["plant"]}, {"range": "10.0.0.0/8", "families": ["ot"]},
                 {"range": "224.0.0.0/24", "families": ["ot"], "pause": "10ms", "safety": "write"},
                 {"range": "192.0.2.9", "probes": ["no_such"], "ports": {"modbus": [0], "other": [1], "ssh": [22, 502],
                  "https": [502]}, "instances": [5, 1]},
                 {"range": "192.0.2.8"}],
      "interfaces": [{"name": "lan0", "broadcast": true, "instances": [7]}],
      "fragile": [{"range": "192.0.2.9"}], "extra": 1, "budget": {"time": "long"}})");
    for (const std::string_view place : {"/: misses \"authorised_by\"",
                                         "/schema",
                                         "/purpose",
                                         "/valid: ends",
                                         "/windows/0/days/0",
                                         "/windows/0/from",
                                         "/windows/0/utc_offset",
                                         "/ranges/0/range",
                                         "/ranges/0/families/0",
                                         "/ranges/1/range: holds more",
                                         "/ranges/2/range: is nobody's",
                                         "/ranges/2/pause",
                                         "/ranges/2/safety",
                                         "/ranges/3/probes/0",
                                         "/ranges/3/ports/modbus/0",
                                         "/ranges/3/ports/other",
                                         "/ranges/3/ports/ssh/1: is a port of modbus",
                                         "/ranges/3/ports/https/0: is a port of modbus",
                                         "/ranges/3/instances",
                                         "/ranges/4: allows nothing",
                                         "/interfaces/0/instances",
                                         "/fragile/0: misses",
                                         "/extra",
                                         "/budget/time"})
        CHECK_MESSAGE(complains(problems, "scope.json: " + std::string(place)), place);
    CHECK(complains(problems_of("{"), "scope.json"));
    CHECK(complains(problems_of("[]"), "scope.json: /: must be an object"));
}

TEST_CASE("scope: the published schema and the loader agree, says an independent validator") {
    const std::string packages = HERKOMST_SOURCE_DIR "/build/npm/node_modules";
    if (!std::filesystem::exists(packages + "/ajv") || std::system("command -v node >/dev/null 2>&1") != 0) {
        MESSAGE("skipped: the validator is not installed (tools/install/npm) or there is no node");
        return;
    }
    const Folder folder("scope_schema");
    const std::string text(good);
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string other = text;
        const std::size_t at = other.find(from);
        REQUIRE(at != std::string::npos);
        return other.replace(at, from.size(), to);
    };
    const std::vector<std::string> wrong = {with("herkomst-scope/1", "herkomst-scope/2"),
                                            with("\"purpose\"", "\"porpoise\""),
                                            with("\"mon\"", "\"monday\""),
                                            with("22:00", "25:00"),
                                            with("\"2s\"", "2"),
                                            with("[1502]", "[0]"),
                                            with("\"families\": [\"ot\", \"it\"]", "\"families\": [\"plant\"]"),
                                            with(", \"families\": [\"ot\", \"it\"]", ""),
                                            with("\"why\"", "\"because\""),
                                            with("\"2h\"", "\"2 hours\"")};
    const auto fits = [&](const std::string& document) {
        folder.write("scope.json", document);
        return std::system(("NODE_PATH='" + packages + "' node '" HERKOMST_SOURCE_DIR "/tests/exports/validate.js' scope '" +
                            (folder.path() / "scope.json").string() + "' >/dev/null")
                               .c_str()) == 0;
    };
    CHECK(fits(text));
    for (const std::string& document : wrong) {
        CHECK_MESSAGE(!fits(document), document);
        CHECK_MESSAGE(!parse_scope(document, "scope.json").ok(), document);
    }
}

TEST_CASE("scope: a signature holds for exactly the bytes that were signed") {
    const Folder folder("scope_signed");
    const std::string path = (folder.path() / "scope.json").string();
    const KeyPair keys = make_keys();
    const KeyPair others = make_keys();
    write_file(path, good);
    CHECK(unvouched(path, good, keys.public_pem, "key.pem"));  // not signed at all
    const Result<TextSignature> signature = sign_text(good, keys.private_pem, "key.pem");
    REQUIRE(signature.ok());
    write_file(path + ".sig", signature.value().signature + "\n");
    CHECK_FALSE(unvouched(path, good, keys.public_pem, "key.pem"));
    CHECK(unvouched(path, good, others.public_pem, "key.pem"));
    CHECK(unvouched(path, std::string(good) + " ", keys.public_pem, "key.pem"));
    // What was read is what is vouched for, whatever stands in the file by now.
    write_file(path, std::string(good) + " ");
    CHECK_FALSE(unvouched(path, good, keys.public_pem, "key.pem"));
}

TEST_SUITE_END();

}  // namespace scope_test
