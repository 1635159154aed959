// What is wrong with what a command was given is told at once, before anything is read or written.
#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "cli/command.h"
#include "cli/vendor_data.h"
#include "cli/version.h"
#include "core/clock.h"
#include "core/endpoint.h"
#include "tests/cli/program.h"

using namespace herkomst;
using program::herkomst_says;
using program::Ran;

namespace inputs_test {

TEST_SUITE_BEGIN("inputs");

namespace {

void tells(const Ran& ran, std::initializer_list<const char*> parts) {
    CAPTURE(ran.out);
    for (const char* part : parts) {
        INFO(part);
        CHECK(ran.out.find(part) != std::string::npos);
    }
}

struct Inventory {
    std::string path;
    explicit Inventory(const std::string& content) : path("/tmp/herkomst_test_" + std::to_string(getpid()) + "_inputs.csv") {
        std::ofstream(path) << content;
    }
    ~Inventory() { std::filesystem::remove(path); }
    Inventory(const Inventory&) = delete;
    Inventory& operator=(const Inventory&) = delete;
};

}  // namespace

TEST_CASE("scan tells all that is wrong with its words at once, and reads nothing") {
    const Ran ran = herkomst_says(
        "scan /nowhere/a.pcap --mapping /nowhere/map.json --policy no-such-pack --vendordb-overlay /nowhere/own --threads 0 "
        "--asked-from nonsense --until findings --report /tmp/never --now yesterday --what");
    CHECK(ran.exit_code == exit_usage);
    tells(ran, {"/nowhere/a.pcap: ", "nothing to read", "/nowhere/map.json: ", "no-such-pack", "/nowhere/own",
                "--threads is from 1 to 64", "--asked-from takes an IP address, \"nonsense\" is none",
                "--until stops before the register", "--now \"yesterday\" is not a time like", "\"--what\" is not known"});
    CHECK_FALSE(std::filesystem::exists("/tmp/never"));

    // A wrong pack is told before a capture is read.
    const Ran pack = herkomst_says("scan " HERKOMST_SOURCE_DIR "/tests/scenes/demo_plant/assets.csv --policy no-such-pack");
    CHECK(pack.exit_code == exit_usage);
    tells(pack, {"no-such-pack"});
    CHECK(pack.out.find("assets.csv") == std::string::npos);
    CHECK(herkomst_says("scan --now 2026-01-01T00:00:00Z --now 2026-01-02T00:00:00Z").out.find("--now is given twice") !=
          std::string::npos);
}

TEST_CASE("listen tells all that is wrong with its words at once") {
    const Ran ran =
        herkomst_says("listen --interval abc --rows 0 --duration 0 --log-size 0 --log-keep x --hook hook.sh --now=tomorrow");
    CHECK(ran.exit_code == exit_usage);
    tells(ran, {"which interface?", "--interval is a time like 60s or 5m, \"abc\" is none", "--rows must be at least 1",
                "--duration is a time like", "--log-size must be from", "--log-keep takes a whole number",
                "--hook must be a whole path", "--now \"tomorrow\" is not a time"});
}

TEST_CASE("a time that is none is refused wherever it stands") {
    for (const char* words : {"--version --now never", "--now never --version", "protocols --now never",
                              "--now=never protocols", "register --now never list assets"}) {
        CAPTURE(words);
        const Ran ran = herkomst_says(words);
        CHECK(ran.exit_code == exit_usage);
        tells(ran, {"--now \"never\" is not a time like 2026-11-21T12:00:00Z"});
    }
}

TEST_CASE("the machine that asked is told by its address, however that is written") {
    const Inventory inventory("ip,model\n2001:db8::7,X1\n192.0.2.7,X2\n");
    const auto seen = [&](const std::string& options) {
        return herkomst_says("scan " + inventory.path + " --until observations " + options).out;
    };
    CHECK(seen("").find("2001:db8::7") != std::string::npos);
    CHECK(seen("--asked-from 2001:0DB8:0:0:0::7").find("2001:db8::7") == std::string::npos);
    CHECK(seen("--asked-from 2001:0DB8:0:0:0::7").find("192.0.2.7") != std::string::npos);
    const Ran wrong = herkomst_says("scan " + inventory.path + " --until observations --asked-from 192.0.2.700");
    CHECK(wrong.exit_code == exit_usage);
    tells(wrong, {"\"192.0.2.700\" is none"});
}

TEST_CASE("a folder that cannot be made is one sentence with its path") {
    const Inventory inventory("ip,model\n192.0.2.7,X2\n");
    const Ran ran = herkomst_says("scan " + inventory.path + " --report /proc/no/such/folder");
    CHECK(ran.exit_code == exit_machine);
    tells(ran, {"herkomst: /proc/no", " cannot be used: "});
    CHECK(ran.out.find("filesystem error") == std::string::npos);
}

TEST_CASE("vendors search: an id without a vendor file still names its holder") {
    const Result<VendorDb> db = VendorDb::open(HERKOMST_BINARY_DIR "/data/vendordb.sqlite");
    REQUIRE(db.ok());
    // Some id and some prefix that no vendor file has.
    std::string id;
    std::string mac;
    for (unsigned i = 1; i < 2000 && (id.empty() || mac.empty()); ++i) {
        const auto holder = db.value().id("cip:" + std::to_string(i));
        if (id.empty() && holder && holder->vendor.empty() && !holder->name.empty()) id = "cip:" + std::to_string(i);
        std::array<char, 32> text{};
        std::snprintf(text.data(), text.size(), "00-%02X-%02X-00-00-01", i >> 8, i & 0xffU);
        const auto prefix = db.value().oui(*Mac::parse(text.data()));
        if (mac.empty() && prefix && prefix->vendor.empty() && !prefix->name.empty()) mac = text.data();
    }
    REQUIRE_FALSE(id.empty());
    REQUIRE_FALSE(mac.empty());
    const Ran number = herkomst_says("vendors search " + id);
    CHECK(number.exit_code == exit_done);
    tells(number, {db.value().id(id)->name.c_str(), "holder as registered; no vendor file"});
    const std::string organisation = db.value().oui(*Mac::parse(mac))->name;
    for (const std::string& said : {mac, mac.substr(0, 8)})
        tells(herkomst_says("vendors search " + said), {organisation.c_str(), "no vendor file"});
    tells(herkomst_says("vendors search --json " + id), {"\"type\":\"holder\"", ("\"id\":\"" + id + "\"").c_str()});
    const Ran nobody = herkomst_says("vendors search cip:999999");
    CHECK(nobody.exit_code == exit_usage);
    tells(nobody, {"nothing here knows \"cip:999999\""});
    // Half an address whose holder has a file leads to the file.
    tells(herkomst_says("vendors search 00-0E-8C"), {"siemens"});
}

TEST_CASE("each age of the data stands behind its own date") {
    const Result<VendorDb> db = VendorDb::open(HERKOMST_BINARY_DIR "/data/vendordb.sqlite");
    REQUIRE(db.ok());
    const std::optional<Time> registry = parse_rfc3339(db.value().oui_as_of());
    const std::optional<Time> written = parse_rfc3339(db.value().date());
    REQUIRE(registry.has_value());
    REQUIRE(written.has_value());
    const Time now = *written + std::chrono::hours(24) * 3;
    const DataAges ages = ages_of(db.value(), now);
    CHECK(ages.vendordb == 3);
    CHECK(ages.registry_of == db.value().oui_as_of());
    CHECK(ages.registry == std::chrono::duration_cast<std::chrono::hours>(now - *registry).count() / 24);
    const std::string text = version_text(now);
    CAPTURE(text);
    CHECK(text.find("vendordb " + db.value().version() + ", 3 days old, ") != std::string::npos);
    CHECK(text.find("OUI registry of " + ages.registry_of + ", " + std::to_string(*ages.registry) + " days old") !=
          std::string::npos);
    // Of the future: no age.
    CHECK_FALSE(ages_of(db.value(), *written - std::chrono::hours(24)).vendordb.has_value());
}

TEST_SUITE_END();

}  // namespace inputs_test
