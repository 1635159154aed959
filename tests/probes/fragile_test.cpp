// The families of fragile devices (vendordb/fragile.json): each named as the vendor data names it, each with what it says and
// where.
#include <doctest/doctest.h>

#include <filesystem>
#include <set>
#include <string>

#include "core/file.h"
#include "core/json.h"
#include "decoders/decoder.h"
#include "probes/gate.h"

using namespace herkomst;

namespace fragile_test {

TEST_SUITE_BEGIN("probe_fragile");

TEST_CASE("each family is a vendor of ours, its services are protocols that are asked, and each statement has its place") {
    const std::string path = HERKOMST_SOURCE_DIR "/vendordb/fragile.json";
    const Result<Json> read = parse_json(read_file(path).value(), path);
    REQUIRE(read.ok());
    std::set<std::string_view> asked;
    for (const Probe& probe : all_probes()) asked.insert(probe.decoder);
    std::string before;
    std::size_t second = 0;
    for (const Json& row : read.value()["families"].items()) {
        const std::string maker = row["maker"].string();
        INFO(maker);
        CHECK(before < maker);
        before = maker;
        CHECK(std::filesystem::exists(HERKOMST_SOURCE_DIR "/vendordb/vendors/" + maker + ".json"));
        CHECK((row["status"].string() == "reported" || row["status"].string() == "verified"));
        CHECK(row["as_of"].string().size() == 10);
        CHECK(row["one_client"].items().size() + row["never"].items().size() > 0);
        for (const Json& service : row["one_client"].items()) CHECK(asked.contains(service.string()));
        for (const Json& probe : row["never"].items()) CHECK(probe_named(probe.string()) != nullptr);
        std::set<std::string> addresses;
        const auto source = [&](const Json& one) {
            for (const char* part : {"publisher", "title", "address", "date", "quote"}) CHECK_FALSE(one[part].string().empty());
            CHECK(one["address"].string().starts_with("https://"));
            CHECK(addresses.insert(one["address"].string()).second);
        };
        source(row["source"]);
        for (const Json& further : row["also"].items()) {
            source(further);
            ++second;
        }
    }
    CHECK(fragile_families().size() == read.value()["families"].items().size());
    CHECK(fragile_families().size() >= 10);
    CHECK(second >= 3);
}

TEST_CASE("a further source without its words is refused, as the first one is") {
    const std::string path = (std::filesystem::temp_directory_path() / "herkomst_fragile_test.json").string();
    const auto problems = [&](const std::string& also) {
        write_file(path,
                   R"({"families":[{"maker":"example","why":"it stops","source":{"address":"https://192.0.2.1/","quote":"x"},)"
                   R"("also":[)" +
                       also + "]}]}");
        const auto read = read_fragile(path);
        return read.ok() ? 0U : read.problems().size();
    };
    CHECK(problems(R"({"address":"https://192.0.2.2/","quote":"y"})") == 0);
    CHECK(problems(R"({"address":"https://192.0.2.2/"})") == 1);
    std::filesystem::remove(path);
}

TEST_SUITE_END();

}  // namespace fragile_test
