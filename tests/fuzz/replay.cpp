// Feeds a harness what is already known, in every configuration: its own seeds, the files that tests/fuzz/seeds.txt names for
// it, every file of tests/fuzz/regressions/<stem>/, and a few inputs that are never right.
//   replay <stem>                     all of that; says how many inputs there were
//   replay <stem> --write-seeds DIR   writes the seeds as files, for libFuzzer
#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "core/text.h"
#include "harnesses.h"

namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

// A line of seeds.txt: stem, first byte in hexadecimal ("-" for none), pattern of files from the root of the sources.
void add_named_files(const std::string& stem, std::vector<std::string>& seeds) {
    std::ifstream lines(fs::path(HERKOMST_SOURCE_DIR) / "tests/fuzz/seeds.txt");
    std::string line;
    while (std::getline(lines, line)) {
        std::istringstream words(line);
        std::string whose;
        std::string first;
        std::string pattern;
        if (!(words >> whose >> first >> pattern) || whose != stem) continue;
        std::string prefix;
        for (const std::uint8_t byte : herkomst::unhex(first)) prefix += static_cast<char>(byte);
        glob_t found{};
        glob((std::string(HERKOMST_SOURCE_DIR) + "/" + pattern).c_str(), 0, nullptr, &found);
        for (std::size_t i = 0; i < found.gl_pathc; ++i) seeds.push_back(prefix + read(found.gl_pathv[i]));
        globfree(&found);
    }
}

std::vector<std::string> seeds_of(const Harness& harness) {
    std::vector<std::string> seeds;
    if (harness.seeds != nullptr) seeds = harness.seeds();
    add_named_files(std::string(harness.stem), seeds);
    return seeds;
}

}  // namespace

int main(int count, char** words) {
    if (count < 2) return 2;
    const std::string stem = words[1];
    const auto harness =
        std::find_if(harnesses().begin(), harnesses().end(), [&](const Harness& one) { return one.stem == stem; });
    if (harness == harnesses().end()) {
        std::fprintf(stderr, "replay: there is no harness \"%s\"\n", words[1]);
        return 2;
    }
    const std::vector<std::string> seeds = seeds_of(*harness);
    if (count == 4 && std::string(words[2]) == "--write-seeds") {
        fs::create_directories(words[3]);
        for (std::size_t i = 0; i < seeds.size(); ++i)
            std::ofstream(fs::path(words[3]) / ("seed_" + std::to_string(i)), std::ios::binary) << seeds[i];
        std::printf("%zu seeds\n", seeds.size());
        return 0;
    }
    std::vector<std::pair<std::string, std::string>> inputs;
    for (std::size_t i = 0; i < seeds.size(); ++i) inputs.emplace_back("seed " + std::to_string(i), seeds[i]);
    const fs::path regressions = fs::path(HERKOMST_SOURCE_DIR) / "tests/fuzz/regressions" / stem;
    if (fs::exists(regressions)) {
        std::vector<fs::path> files;
        for (const auto& entry : fs::directory_iterator(regressions)) files.push_back(entry.path());
        std::sort(files.begin(), files.end());
        for (const fs::path& file : files) inputs.emplace_back(file.filename().string(), read(file));
    }
    inputs.emplace_back("nothing", "");
    std::mt19937 random(20261121);
    for (int first = 0; first < 256; ++first) {
        std::string noise(64, static_cast<char>(first));
        for (std::size_t i = 1; i < noise.size(); ++i) noise[i] = static_cast<char>(random());
        inputs.emplace_back("noise " + std::to_string(first), noise);
    }
    inputs.emplace_back("zeros", std::string(65536, '\0'));
    inputs.emplace_back("ones", std::string(65536, '\xff'));
    for (const auto& [name, input] : inputs) {
        // Said first: after a crash it is the last line.
        std::fprintf(stderr, "%s\n", name.c_str());
        harness->input(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
    }
    std::printf("fuzz.%s: %zu inputs, %zu of them seeds\n", stem.c_str(), inputs.size(), seeds.size());
    return 0;
}
