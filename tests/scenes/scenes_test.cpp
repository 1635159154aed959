// Scenes: real input, golden output. Every folder beside this file with a scene.json is one: its sources go through
// `herkomst scan ... --until X` for each stop, and what comes out must be golden/X.ndjson, whatever the order of the sources,
// given twice, with one thread or two. HERKOMST_BLESS=1 writes the golden files anew (look at the difference before
// committing).
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "core/json.h"

namespace fs = std::filesystem;
using namespace herkomst;

namespace scenes_test {

TEST_SUITE_BEGIN("scenes");

namespace {

std::string output_of(const std::string& command) {
    std::string out;
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    REQUIRE(pipe != nullptr);
    std::array<char, 65536> block{};
    for (std::size_t got = 0; (got = std::fread(block.data(), 1, block.size(), pipe.get())) > 0;) out.append(block.data(), got);
    return out;
}

std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

// The versions of data and rules in the header change with every fact that is added; the lines below it are what is golden.
std::string without_versions(const std::string& text) {
    const std::size_t end = text.find('\n');
    return end == std::string::npos ? text : text.substr(end + 1);
}

struct Scene {
    fs::path folder;
    std::vector<std::string> sources;
    std::string options;
};

std::vector<Scene> scenes() {
    std::vector<Scene> found;
    for (const auto& entry : fs::directory_iterator(fs::path(HERKOMST_SOURCE_DIR) / "tests" / "scenes")) {
        if (!fs::exists(entry.path() / "scene.json")) continue;
        const Result<Json> json = parse_json_file((entry.path() / "scene.json").string());
        REQUIRE(json.ok());
        Scene scene{entry.path(), {}, {}};
        for (const Json& source : json.value()["sources"].items())
            scene.sources.push_back((entry.path() / source.string()).string());
        for (const Json& option : json.value()["options"].items()) scene.options += " '" + option.string() + "'";
        if (const std::string overlay = json.value()["overlay"].string(); !overlay.empty())
            scene.options += " --vendordb-overlay '" + (entry.path() / overlay).string() + "'";
        found.push_back(scene);
    }
    std::sort(found.begin(), found.end(), [](const Scene& a, const Scene& b) { return a.folder < b.folder; });
    return found;
}

std::string run(const Scene& scene, const std::vector<std::string>& sources, const std::string& until,
                const std::string& more = "") {
    std::string command = std::string("'") + HERKOMST_BINARY_DIR + "/bin/herkomst' scan";
    for (const std::string& source : sources) command += " '" + source + "'";
    return output_of(command + scene.options + " --until " + until + more + " 2>/dev/null");
}

constexpr const char* stops[] = {"observations", "assets", "findings"};

}  // namespace

TEST_CASE("each stop of each scene is as blessed") {
    const bool bless = std::getenv("HERKOMST_BLESS") != nullptr;
    CHECK(scenes().size() >= 3);
    for (const Scene& scene : scenes()) {
        for (const char* stop : stops) {
            INFO(scene.folder.filename().string(), " ", stop);
            const std::string now = without_versions(run(scene, scene.sources, stop));
            const fs::path golden = scene.folder / "golden" / (std::string(stop) + ".ndjson");
            if (bless) {
                fs::create_directories(golden.parent_path());
                std::ofstream(golden, std::ios::binary) << now;
            }
            const std::string then = read(golden);
            CHECK(!then.empty());
            const bool same = now == then;
            CHECK_MESSAGE(same, "differs from ", golden.string());
        }
    }
}

TEST_CASE("a device that was known by its address alone stays one when a second source knows its serial number") {
    const fs::path folder = fs::temp_directory_path() / fmt::format("herkomst_scene_{}", getpid());
    fs::create_directories(folder);
    const std::string program = std::string(HERKOMST_BINARY_DIR) + "/bin/herkomst";
    std::ofstream(folder / "a.csv") << "ip-adres;model;locatie\n10.9.9.9;SG110CX;dak\n";
    std::ofstream(folder / "b.csv") << "ip-adres;merk;serienummer\n10.9.9.9;Sungrow;A7001234\n";
    const auto scan = [&](const std::string& sources) {
        return output_of(
            fmt::format("cd '{}' && '{}' scan {} --register site.db 2>/dev/null | head -1", folder.string(), program, sources));
    };
    CHECK(scan("a.csv") == "1 asset: 1 device (1 new, 0 seen again)\n");
    CHECK(scan("a.csv b.csv") == "1 asset: 1 device (0 new, 1 seen again)\n");
    // Also when each was known by itself first, in either order: then the row that the one by address rests on is read into the
    // very cluster of the other.
    for (const char* first : {"a.csv", "b.csv"}) {
        fs::remove(folder / "site.db");
        const char* second = first == std::string("a.csv") ? "b.csv" : "a.csv";
        CHECK(scan(first) == "1 asset: 1 device (1 new, 0 seen again)\n");
        CHECK(scan(second) == "1 asset: 1 device (1 new, 0 seen again)\n");
        CHECK(scan("a.csv b.csv") == "1 asset: 1 device (0 new, 1 seen again)\n");
        CHECK(output_of(fmt::format("cd '{}' && '{}' register list assets --register site.db | grep -c 10.9.9.9",
                                    folder.string(), program)) == "1\n");
        CHECK(output_of(fmt::format("cd '{}' && '{}' register verify --register site.db >/dev/null; echo $?", folder.string(),
                                    program)) == "0\n");
    }
    // Not when it rests on something else too, which is not read again.
    fs::remove(folder / "site.db");
    std::ofstream(folder / "e.csv") << "ip-adres;omschrijving\n10.9.9.9;achter de schuur\n";
    scan("e.csv");
    scan("a.csv");
    CHECK(scan("b.csv") == "1 asset: 1 device (1 new, 0 seen again)\n");
    CHECK(scan("a.csv b.csv") == "1 asset: 1 device (0 new, 1 seen again)\n");
    CHECK(output_of(fmt::format("cd '{}' && '{}' register list assets --register site.db | grep -c 10.9.9.9", folder.string(),
                                program)) == "2\n");
    // Without the bytes that it was known from the address may have passed to another device.
    std::ofstream(folder / "c.csv") << "ip-adres;merk;serienummer\n10.9.9.8;Sungrow;A7005555\n";
    std::ofstream(folder / "d.csv") << "ip-adres;model;locatie\n10.9.9.8;SG33CX;schuur\n";
    CHECK(scan("d.csv") == "1 asset: 1 device (1 new, 0 seen again)\n");
    CHECK(scan("c.csv") == "1 asset: 1 device (1 new, 0 seen again)\n");
    fs::remove_all(folder);
}

TEST_CASE("every line of every stop is one JSON object with a type, keys sorted, without nulls") {
    for (const Scene& scene : scenes()) {
        for (const char* stop : stops) {
            std::istringstream lines(run(scene, scene.sources, stop));
            std::string line;
            bool first = true;
            while (std::getline(lines, line)) {
                const Result<Json> json = parse_json(line, "line");
                REQUIRE(json.ok());
                CHECK(write_json(json.value()) == line);
                CHECK(!json.value()["type"].string().empty());
                CHECK(line.find(":null") == std::string::npos);
                if (first) CHECK(json.value()["type"].string() == "header");
                first = false;
            }
            CHECK(!first);
        }
    }
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("scenes.alike");

TEST_CASE("any order, twice, one thread or two: byte-identical at all stops") {
    for (const Scene& scene : scenes()) {
        for (const char* stop : stops) {
            INFO(scene.folder.filename().string(), " ", stop);
            const std::string once = run(scene, scene.sources, stop);
            std::vector<std::string> reversed(scene.sources.rbegin(), scene.sources.rend());
            std::vector<std::string> twice = scene.sources;
            twice.insert(twice.end(), scene.sources.begin(), scene.sources.end());
            CHECK(run(scene, reversed, stop) == once);
            CHECK(run(scene, twice, stop) == once);
            CHECK(run(scene, scene.sources, stop, " --threads 2") == once);
            CHECK(run(scene, reversed, stop, " --threads 3") == once);
        }
    }
}

TEST_SUITE_END();

}  // namespace scenes_test
