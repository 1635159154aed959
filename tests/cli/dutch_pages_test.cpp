// What a register shows of the demo plant in Dutch: no English in it that is not a name, a protocol's own word or a quotation.
#include <doctest/doctest.h>

#include "tests/cli/program.h"

using namespace herkomst;
using program::herkomst_says;
using program::Ran;
using program::says;

namespace dutch_pages_test {

TEST_SUITE_BEGIN("cli.dutch_pages");

namespace {

class Plant {
  public:
    Plant() : folder_("dutch-pages") {
        const std::string scene = HERKOMST_SOURCE_DIR "/tests/scenes/demo_plant/";
        const Ran ran =
            herkomst_says("scan " + scene + "plant.pcapng " + scene + "assets.csv --site demo --lang nl --register " +
                          folder_.at("plant.db") + " --now 2026-11-22T10:00:00Z");
        REQUIRE_MESSAGE(ran.exit_code == 0, ran.out);
    }
    [[nodiscard]] Ran nl(const std::string& words) const {
        return herkomst_says(words + " --lang nl --register " + folder_.at("plant.db") + " --now 2026-11-22T10:00:00Z");
    }

  private:
    example::Folder folder_;
};

}  // namespace

TEST_CASE("show and explain tell paths, levels, powers, reasons and facts in Dutch") {
    const Plant plant;
    const Ran shown = plant.nl("register show 10.20.0.31");
    CHECK(says(shown,
               "OT-protocol ocpp; geopend door: het apparaat; via ocpp; met 198.51.100.20; 1.758 bytes uit, 1.266 in; "
               "1 verbinding; gezien 2026-11-21 21:48 UTC"));
    CHECK(says(shown, "niveau 1 - buiten: ocpp"));
    CHECK(says(shown, "ocpp ChangeAvailability vanaf 198.51.100.20"));
    CHECK(says(shown, "nominaal vermogen            22 kW (vermeld)"));
    const Ran charger = plant.nl("explain 10.20.0.31");
    CHECK(says(charger, "    beursgenoteerd: ja\n"));
    CHECK(says(charger, "doorgang (conduit) = niveau 1 - buiten: ocpp"));
    CHECK(says(charger, "want verkeer via ocpp"));
    CHECK(says(charger, "want geopend door dit apparaat"));
    CHECK(says(charger, "(category) = laadpaal\n"));
    CHECK(says(charger, "(remote_observed_from) = internet"));
    const Ran gateway = plant.nl("explain 10.20.0.12");
    CHECK(says(gateway, "want 2 apparaten erachter: "));
    CHECK(says(gateway, "want erachter: "));
    const Ran inverter = plant.nl("explain 10.20.0.11");
    CHECK(says(inverter, "    bovenaan de keten: de oprichters\n"));
    CHECK(says(inverter, "(rated_power) = 110 kW\n"));
    for (const Ran* page : {&shown, &charger, &gateway, &inverter}) {
        for (const char* english :
             {"opened by", "outside", " from 1", "bytes out", " times", "vermeld yes", "behind it", "conversations over",
              "hostname ", "= yes", "= no\n", "= \"solar_inverter", "22000", "110000"})
            CHECK_MESSAGE(page->out.find(english) == std::string::npos, std::string(english));
    }
}

TEST_CASE("a maker that nobody knows is told as that, and not as of unknown") {
    const Ran list = herkomst_says("scan " HERKOMST_SOURCE_DIR
                                   "/tests/scenes/demo_plant/plant.pcapng --site demo --policy cz-nukib --until findings");
    CHECK(list.out.find(" van onbekend") == std::string::npos);
    CHECK(list.out.find(" of unknown") == std::string::npos);
    CHECK(says(list, "WiNet-S-demo (fabrikant onbekend)"));
}

TEST_SUITE_END();

}  // namespace dutch_pages_test
