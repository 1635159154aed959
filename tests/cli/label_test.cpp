// How far an output may go stands on it: TLP 2.0, whatever shows a register, in every form and both languages.
#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

using namespace std::string_literals;
namespace fs = std::filesystem;

namespace label_test {

TEST_SUITE_BEGIN("cli.label");

namespace {

class Desk {
  public:
    Desk() : folder_(fs::temp_directory_path() / ("herkomst-label-" + std::to_string(getpid()))) {
        fs::remove_all(folder_);
        fs::create_directories(folder_);
        std::ofstream(folder_ / "list.csv") << "ip-adres;merk;model;serienummer\n10.1.0.7;Sungrow;SG110CX;A7001234\n";
        says("scan list.csv --site north --register site.db --now 2026-01-01T00:00:00Z");
    }
    ~Desk() { fs::remove_all(folder_); }
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;
    // Standard output alone: it is what is passed on.
    std::string says(const std::string& words) const {
        const std::string command =
            "cd '" + folder_.string() + "' && " HERKOMST_BINARY_DIR "/bin/herkomst " + words + " 2>/dev/null";
        std::FILE* pipe = ::popen(command.c_str(), "r");
        REQUIRE(pipe != nullptr);
        std::string out;
        std::array<char, 4096> block{};
        for (std::size_t got = 0; (got = std::fread(block.data(), 1, block.size(), pipe)) > 0;) out.append(block.data(), got);
        CHECK_MESSAGE(::pclose(pipe) == 0, words);
        return out;
    }

  private:
    fs::path folder_;
};

}  // namespace

TEST_CASE("explain carries the label in every form, the one that the register is set to") {
    const Desk desk;
    for (const std::string label : {"AMBER+STRICT", "RED"}) {
        if (label == "RED")
            desk.says("register set setting:tlp value=RED --by R --role owner --reason asked --register site.db");
        for (const std::string lang : {"nl", "en"}) {
            for (const std::string field : {"", " maker", " model", " control_country"}) {
                const std::string text = desk.says("explain 10.1.0.7" + field + " --register site.db --lang " + lang);
                CAPTURE(field);
                CAPTURE(lang);
                CHECK(text.ends_with("\nTLP:" + label + "\n"));
                CHECK(text.size() > 40);
            }
            const std::string lines = desk.says("explain 10.1.0.7 --json --register site.db --lang " + lang);
            CHECK(lines.ends_with("{\"tlp\":\"" + label + "\",\"type\":\"label\"}\n"));
        }
    }
}

TEST_CASE("so does everything else that shows a register") {
    const Desk desk;
    for (const char* what : {"findings", "questions", "assets", "measures", "assertions", "settings", "runs"}) {
        const std::string list = "register list "s + what + " --register site.db";
        CHECK(desk.says(list).ends_with("TLP:AMBER+STRICT\n"));
        CHECK(desk.says(list + " --lang nl").ends_with("TLP:AMBER+STRICT\n"));
        CHECK(desk.says(list + " --format json").find("\"tlp\":\"AMBER+STRICT\"") != std::string::npos);
        const std::string table = desk.says(list + " --format csv");
        CHECK(table.find(",tlp") != std::string::npos);
        CHECK(table.ends_with("AMBER+STRICT\r\n"));
    }
    for (const char* words : {"register show 10.1.0.7", "register history", "register history 10.1.0.7", "register diff",
                              "register verify", "assess status", "assess rate", "rules simulate --cut sungrow"})
        CHECK_MESSAGE(desk.says(words + " --register site.db"s).find("TLP:AMBER+STRICT\n") != std::string::npos,
                      std::string(words));
    for (const char* words : {"assess export", "assess rate --json", "assess status --json"})
        CHECK_MESSAGE(desk.says(words + " --register site.db"s).find("AMBER+STRICT") != std::string::npos, std::string(words));
}

TEST_SUITE_END();

}  // namespace label_test
