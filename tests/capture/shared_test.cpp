// Every capture of the shared folder, honest and hostile, read to its end. Says so when the folder is not there.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "writer.h"

using namespace herkomst;
using namespace herkomst::made;

TEST_SUITE_BEGIN("capture.shared");

TEST_CASE("every shared capture is read to its end, in any order and with any number of threads alike") {
    const char* named = std::getenv("HERKOMST_SHARED");
    const std::filesystem::path shared = named != nullptr ? named : std::string(HERKOMST_SOURCE_DIR) + "/../shared";
    if (!std::filesystem::exists(shared / "captures")) {
        MESSAGE("skipped: ", shared.string(), " is not there");
        return;
    }
    std::vector<std::string> files;
    for (const char* folder : {"captures", "hostile"}) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(shared / folder)) {
            const std::string kind = entry.path().extension().string();
            if (entry.is_regular_file() && kind != ".json" && kind != ".md") files.push_back(entry.path().string());
        }
    }
    CHECK(files.size() > 300);
    std::sort(files.begin(), files.end());
    AnalysisOptions options;
    const Analysis forwards = analyse(files, options);
    std::reverse(files.begin(), files.end());
    options.threads = 2;
    const Analysis backwards = analyse(files, options);
    CHECK(printed(forwards) == printed(backwards));
    std::uint64_t packets = 0;
    for (const SourceSummary& source : forwards.sources) packets += source.packets;
    CHECK(packets > 100'000);
}

TEST_SUITE_END();
