// Names are planted in the fields where protocols carry people: none of them may come out, in any output. One register is
// filled from the demo plant and from the planted capture; then everything that the program can say of it is searched.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>

#include "capture.h"
#include "cli/explanation.h"
#include "core/file.h"
#include "exports/export.h"
#include "register/overview.h"
#include "register/redact.h"
#include "register/register.h"
#include "vendordb/vendordb.h"

namespace fs = std::filesystem;
using namespace herkomst;
using namespace herkomst::privacy;

namespace privacy_test {

TEST_SUITE_BEGIN("privacy");

namespace {

struct Folder {
    fs::path path = fs::temp_directory_path() / fmt::format("herkomst_privacy_{}", getpid());
    Folder() { fs::create_directories(path / "out"); }
    ~Folder() { fs::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::string at(const char* name) const { return (path / name).string(); }
};

// Everything that was said, by what was asked.
class Said {
  public:
    explicit Said(const Folder& folder) : folder_(&folder) {}
    // What the program says, on both outputs. Words in {} are files of the folder.
    const std::string& by(std::string words, std::string called = {}) {
        std::string command =
            std::string("cd '") + folder_->path.string() + "' && " HERKOMST_BINARY_DIR "/bin/herkomst " + words;
        const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen((command + " 2>&1 </dev/null").c_str(), "r"), pclose);
        REQUIRE(pipe != nullptr);
        std::string out;
        std::array<char, 65536> block{};
        for (std::size_t got = 0; (got = std::fread(block.data(), 1, block.size(), pipe.get())) > 0;)
            out.append(block.data(), got);
        // Asked wrongly, it would hold nobody's name either.
        CHECK_MESSAGE(out.find("--help") == std::string::npos, words, ": ", out.substr(0, 400));
        return add(called.empty() ? std::move(words) : std::move(called), std::move(out));
    }
    const std::string& add(std::string what, std::string text) {
        CHECK_MESSAGE(text.size() > 30, what, " says nothing: ", text);
        return all_[std::move(what)] = std::move(text);
    }
    [[nodiscard]] const std::map<std::string, std::string>& all() const { return all_; }

  private:
    const Folder* folder_;
    std::map<std::string, std::string> all_;
};

void ask_the_register(Said& said, const Overview& all) {
    for (const char* list : {"findings", "questions", "assets", "measures", "assertions", "settings", "runs"})
        said.by(fmt::format("register list {} --register site.db", list));
    said.by("register list findings --register site.db --format json --lang nl");
    said.by("register list assets --register site.db --format csv");
    said.by("register list assets --register site.db --redact");
    said.by("register history --again --register site.db");
    said.by("register diff --register site.db");
    REQUIRE(!all.assets.empty());
    REQUIRE(!all.findings.empty());
    std::string things;
    for (const OverviewAsset& asset : all.assets) things += " " + asset.uid;
    for (const OverviewFinding& finding : all.findings) things += " " + finding.finding.id;
    said.by("register show" + things + " --register site.db", "register show (everything)");
    for (const char* words :
         {"export --all --format json", "export --all --format csv", "status", "status --json", "rate", "rate --json", "ask"})
        said.by(fmt::format("assess {} --register site.db", words));
}

// What people may carry away, made for every asset and every format.
void show_all(Said& said, const Folder& folder, const Register& held, const VendorDb& db, const Overview& all) {
    for (const OverviewAsset& asset : all.assets)
        said.add("explain " + asset.uid, explanation(held, &db, all, asset, "en", ""));
    said.add("explain in Dutch", explanation(held, &db, all, all.assets.front(), "nl", ""));
    const std::string& list = said.by("export --list");
    const Overview shown_around = redacted(all);
    for (const Export& format : all_exports()) {
        CHECK(list.find(format.name) != std::string::npos);
        for (const auto& [how, what] : {std::pair{"", &all}, std::pair{" --redact", &shown_around}}) {
            ExportOptions options;
            options.lang = how[0] == '\0' ? "nl" : "en";
            for (const ExportFile& file : format.make(*what, options))
                said.add(fmt::format("export {}{}: {}", format.name, how, file.name), file.name + "\n" + file.content);
        }
    }
    // As the program writes them, and out of a seal.
    std::ofstream(folder.at("words")) << "a passphrase of the test, of more than thirty letters\n";
    said.by("export risk_register --register site.db -o out");
    said.by("export csv --register site.db -o sealed.herkomst --passphrase-file words");
}

void read_files(Said& said, const fs::path& folder) {
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file() || entry.path().extension() == ".pcap" || entry.file_size() == 0) continue;
        std::ifstream in(entry.path(), std::ios::binary);
        std::stringstream text;
        text << in.rdbuf();
        said.add("file " + entry.path().string().substr(folder.string().size()), text.str());
    }
}

}  // namespace

TEST_CASE("planted names, mail addresses, secrets and paths come out nowhere; what the devices say of themselves does") {
    const Folder folder;
    std::ofstream(folder.at("planted.pcap"), std::ios::binary) << planted_capture();
    const std::string plant = HERKOMST_SOURCE_DIR "/tests/scenes/demo_plant/plant.pcapng";
    Said said(folder);
    const std::string observations = said.by("scan planted.pcap --people-devices --own 192.0.2.0/24 --until observations");
    for (const char* stop : {"assets", "findings"})
        said.by(fmt::format("scan planted.pcap --people-devices --own 192.0.2.0/24 --until {}", stop));
    said.by(fmt::format("scan '{}' --people-devices --own 192.0.2.0/24 --register site.db", plant));
    said.by("scan planted.pcap --people-devices --own 192.0.2.0/24 --register site.db --report report");
    {
        const Register held = Register::open_to_read(folder.at("site.db"));
        const Result<VendorDb> db = VendorDb::open(data_folder() + "/vendordb.sqlite");
        REQUIRE(db.ok());
        const Overview all = overview(held, &db.value());
        ask_the_register(said, all);
        const fs::path before = fs::current_path();
        fs::current_path(folder.path);  // where the sources of its claims are
        show_all(said, folder, held, db.value(), all);
        fs::current_path(before);
    }
    said.by("seal open sealed.herkomst -o out --passphrase-file words");
    read_files(said, folder.path);
    CHECK(said.all().size() > 200);

    // The capture was understood: each of its protocols left something.
    for (const char* there : {"Boa/0.94", "switch-7", "Boiler house", "meter-12", "udhcp 1.36", "CP-7",
                              "ocpp RemoteStartTransaction", "X-1", "tool/1"}) {
        CHECK_MESSAGE(observations.find(there) != std::string::npos, std::string(there), " was not understood");
    }
    for (const Decoder& decoder : all_decoders()) {
        const bool speaks = std::any_of(decoder.examples.begin(), decoder.examples.end(),
                                        [](const Example& example) { return !example.claims.empty(); });
        const bool there = observations.find(fmt::format("\"method\":\"{}.", decoder.name)) != std::string::npos;
        CHECK_MESSAGE((there || !speaks), std::string(decoder.name), " was not understood");
    }
    // The NDJSON of a capture tells by which name a peer was called; from the register on only those that a rule refers to.
    const auto without_peers = [](std::string text) {
        for (std::size_t at = 0; (at = text.find("\"b_name\":\"", at)) != std::string::npos;)
            text.erase(at, text.find('"', at + 10) + 1 - at);
        return text;
    };
    for (const auto& [name, whole] : said.all()) {
        const std::string text = name.ends_with("--until observations") ? without_peers(whole) : whole;
        CHECK_MESSAGE(told(text).empty(), name, " holds ", told(text));
        for (const char* of_the_plant : {"plant@plant.example", "DEMOTAG01", "demo-only"})
            CHECK_MESSAGE(!contains_ignoring_case(text, of_the_plant), name, " holds ", std::string(of_the_plant));
        // The camera's account is called as half a program is.
        std::string accounts = lower(text);
        for (std::size_t at = 0; (at = accounts.find("teamviewer", at)) != std::string::npos;) accounts.erase(at, 10);
        CHECK_MESSAGE(accounts.find("viewer") == std::string::npos, name, " holds the camera's account");
    }
}

TEST_SUITE_END();

}  // namespace privacy_test
