// The country of a SIM card, from the digits that a decoder keeps to the fact that rules see.
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "core/observation.h"
#include "identity/derive.h"
#include "identity/sim.h"
#include "vendordb/vendordb.h"

using namespace herkomst;

namespace sim_test {

TEST_SUITE_BEGIN("identity.sim");

namespace {

const VendorDb& db() {
    static const Result<VendorDb> opened = VendorDb::open(HERKOMST_BINARY_DIR "/data/vendordb.sqlite");
    return opened.value();
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("country and operator where the two numbers agree, two values where they do not") {
    CHECK(sim_countries("iccid issuer 8931440, imsi 20404", db()) == Texts{"sim country NL, operator 204-04"});
    CHECK(sim_countries("imsi 20404", db()) == Texts{"sim country NL, operator 204-04"});
    CHECK(sim_countries("iccid issuer 8931440", db()) == Texts{"sim country NL"});
    CHECK(sim_countries("iccid issuer 8949000, imsi 20404", db()) ==
          Texts{"sim country NL, operator 204-04", "sim country DE"});
    // An operator's code of three digits is not cut to two.
    CHECK(sim_countries("imsi 31041", db()) == Texts{"sim country US"});
    // Codes that belong to no country, or to several territories.
    CHECK(sim_countries("iccid issuer 8988212, imsi 90128", db()).empty());
    CHECK(sim_countries("imsi 34001", db()).empty());
    CHECK(sim_countries("sunspec 18 cellular link", db()).empty());
    CHECK(sim_countries("imsi 204", db()).empty());
    CHECK(sim_countries("iccid issuer 1231440", db()).empty());
}

TEST_CASE("the country of a value") {
    CHECK(sim_country("sim country NL, operator 204-04") == "NL");
    CHECK(sim_country("sim country DE") == "DE");
    CHECK(sim_country("iccid issuer 8931440").empty());
    CHECK(sim_country("sim country ").empty());
}

TEST_CASE("what the digits mean takes their place, and they are its reason") {
    Observation said;
    said.field = Field::cellular;
    said.value = "iccid issuer 8931440, imsi 20404";
    said.strength = Strength::Stated;
    said.method = "ocpp.modem";
    std::set<std::string> unknown;
    const std::vector<Claim> claims = derive(said, db(), unknown);
    REQUIRE(claims.size() == 1);
    CHECK(claims[0].value == "sim country NL, operator 204-04");
    CHECK(claims[0].strength == Strength::Stated);
    CHECK(claims[0].because == "cellular=iccid issuer 8931440, imsi 20404");
    said.value = "sunspec 18 cellular link";
    CHECK(derive(said, db(), unknown).at(0).value == "sunspec 18 cellular link");
}

TEST_SUITE_END();

}  // namespace sim_test
