// Exports as files: golden ones, whose they are, and that each column is documented.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/file.h"
#include "tests/exports/read_back.h"

using namespace herkomst;
using namespace herkomst::test;

namespace exports_test {

TEST_SUITE_BEGIN("exports");

TEST_CASE("golden files") {
    const bool bless = std::getenv("HERKOMST_BLESS") != nullptr;
    for (const Export& each : all_exports()) {
        for (const char* lang : {"nl", "en"}) {
            if (std::string_view(lang) == "nl" && each.name != "csv" && each.name != "html") continue;
            const ExportOptions options{.lang = lang,
                                        .now = now,
                                        .delimiter = std::string_view(lang) == "nl" ? ';' : ',',
                                        .bom = std::string_view(lang) == "nl",
                                        .compact = false};
            const std::vector<ExportFile> files = each.make(plant(), options);
            const std::vector<ExportFile> again = each.make(plant(), options);
            REQUIRE(files.size() == again.size());
            for (std::size_t i = 0; i < files.size(); ++i) {
                CAPTURE(each.name);
                CAPTURE(files[i].name);
                CHECK(files[i].content == again[i].content);
                CHECK(each.files.find(files[i].name) != std::string_view::npos);
                const std::filesystem::path golden =
                    std::filesystem::path(source_dir) / "tests/exports/golden" / each.name / lang / files[i].name;
                if (bless) {
                    std::filesystem::create_directories(golden.parent_path());
                    std::ofstream(golden, std::ios::binary) << files[i].content;
                }
                const Result<std::string> expected = read_file(golden.string());
                REQUIRE_MESSAGE(expected.ok(), golden.string() << " is missing: HERKOMST_BLESS=1 writes it");
                CHECK(files[i].content == expected.value());
            }
        }
    }
}

TEST_CASE("the files are the owner's alone") {
    const Folder folder;
    const std::string inside = (folder.path / "new" / "deep").string();
    write_files(export_named("csv")->make(plant(), {.now = now}), inside);
    struct stat status {};
    REQUIRE(stat((inside + "/assets.csv").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600U);
    CHECK(export_named("xlsx") == nullptr);
}

TEST_CASE("every column is documented") {
    const Result<std::string> readme = read_file(source_dir + "/scanner/exports/README.md");
    REQUIRE(readme.ok());
    for (const Export& each : all_exports()) {
        CHECK_MESSAGE(readme.value().find("## " + std::string(each.name)) != std::string::npos, each.name);
        for (const ExportFile& file : each.make(plant(), {.now = now})) {
            CHECK_MESSAGE(readme.value().find("`" + file.name + "`") != std::string::npos, file.name);
            if (each.name != "csv") continue;
            const Table table = read_csv(file.content, ',');
            for (const std::string& header : table.rows.front()) {
                CHECK_MESSAGE(readme.value().find("`" + header + "`") != std::string::npos, file.name << " " << header);
            }
        }
    }
}

TEST_SUITE_END();

}  // namespace exports_test
