// What tools/new makes: it compiles as it is, the lint refuses it until its author has put every mark into his own words, and
// then has nothing more to say.
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <cstdlib>

#include "folder.h"
#include "lint.h"

namespace fs = std::filesystem;

namespace scaffold_test {

TEST_SUITE_BEGIN("scaffolds");

namespace {

const fs::path source_root = HERKOMST_SOURCE_DIR;

int run(const std::string& command) {
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// As much of the sources as the scaffolds and a compiler need.
void copy_sources(const Folder& folder) {
    for (const char* part : {"scanner", "vendordb/vendors/2n.json", "rules/policies/nl-zelfscan/one-consideration.json"}) {
        fs::create_directories((folder.path() / part).parent_path());
        fs::copy(source_root / part, folder.path() / part, fs::copy_options::recursive);
    }
    for (const auto& entry : fs::directory_iterator(source_root / "vendordb")) {
        if (entry.path().extension() == ".h") fs::copy(entry.path(), folder.path() / "vendordb" / entry.path().filename());
    }
}

std::string new_command(const Folder& folder, const std::string& kind, const std::string& name) {
    return "'" + (source_root / "tools/new").string() + "' " + kind + " '" + name + "' --root '" + folder.path().string() +
           "' >/dev/null 2>&1";
}

bool compiles(const Folder& folder, const std::string& file) {
    const std::string root = "'" + folder.path().string();
    return run(std::string(HERKOMST_COMPILER) + " -std=c++20 -fsyntax-only -Wall -Wextra -Wconversion -Wshadow -Werror -I" +
               root + "/scanner' -I" + root + "' " + root + "/" + file + "'") == 0;
}

struct Made {
    std::string kind;
    std::string name;
    std::string file;
};

const std::vector<Made>& all_kinds() {
    static const std::vector<Made> kinds = {
        {"decoder", "new_protocol", "scanner/decoders/new_protocol.cpp"},
        {"probe", "new_question", "scanner/probes/new_question.cpp"},
        {"import", "new_inventory", "scanner/imports/new_inventory.cpp"},
        {"export", "new_format", "scanner/exports/new_format.cpp"},
        {"command", "new_command", "scanner/cli/new_command.cpp"},
        {"vendor", "new-vendor", "vendordb/vendors/new-vendor.json"},
        {"rule", "nl-zelfscan/new-rule", "rules/policies/nl-zelfscan/new-rule.json"},
    };
    return kinds;
}

}  // namespace

TEST_CASE("what CONTRIBUTING shows of tools/new can be typed, and says what else is wanted") {
    const Folder folder("scaffolds_shown");
    copy_sources(folder);
    std::size_t shown = 0;
    for (const std::string& line : lint::lines_of(lint::read(source_root / "CONTRIBUTING.md"))) {
        if (!line.starts_with("$ tools/new ")) continue;
        ++shown;
        CAPTURE(line);
        CHECK(run("'" + (source_root / "tools/new").string() + "' " + line.substr(std::string("$ tools/new ").size()) +
                  " --root '" + folder.path().string() + "' > '" + folder.path().string() + "/said'") == 0);
        const std::string said = lint::read(folder.path() / "said");
        // What it says besides is there to be written in.
        for (const std::string& each : lint::lines_of(said)) {
            if (!each.starts_with("also: ")) continue;
            const std::string file = each.substr(6, each.find(':', 6) - 6);
            CHECK_MESSAGE(fs::exists(source_root / file), each);
        }
        const bool wants = said.find("also: ") != std::string::npos;
        const bool one_file_is_all = line.find(" import ") != std::string::npos ||
                                     line.find(" command ") != std::string::npos || line.find(" vendor ") != std::string::npos;
        CHECK(wants != one_file_is_all);
    }
    CHECK(shown == all_kinds().size() - 1);  // the probe is shown where probes are explained
}

TEST_CASE("each scaffold is made, compiles, and is refused until its marks are gone") {
    const Folder folder("scaffolds");
    copy_sources(folder);
    const std::string mark =
        "EXPLAIN"
        ":";
    for (const Made& made : all_kinds()) {
        INFO(made.kind);
        REQUIRE(run(new_command(folder, made.kind, made.name)) == 0);
        std::string text = lint::read(folder.path() / made.file);
        REQUIRE(!text.empty());
        const std::string stem = fs::path(made.file).stem().string();
        CHECK(text.find("\"" + stem + "\"") != std::string::npos);

        // By itself: what the lint says of the other files is said elsewhere.
        const Folder alone("scaffold_alone");
        alone.write(made.file, text);
        const auto complaints = lint::Tree(alone.path()).complaints();
        CHECK(!complaints.empty());
        for (const std::string& complaint : complaints)
            CHECK_MESSAGE(complaint.find("marks what is unfinished") != std::string::npos, complaint);

        for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos;)
            text.replace(at, mark.size(), "RFC 1 section 2");
        alone.write(made.file, text);
        for (const std::string& complaint : lint::Tree(alone.path()).complaints()) FAIL_CHECK(complaint);
        folder.write(made.file, text);
        if (made.file.ends_with(".cpp")) CHECK(compiles(folder, made.file));
    }
}

TEST_CASE("a name that is taken or is no name is refused, and nothing is written") {
    const Folder folder("scaffolds_refused");
    copy_sources(folder);
    CHECK(run(new_command(folder, "decoder", "arp")) == 2);
    CHECK(run(new_command(folder, "decoder", "New-Protocol")) == 2);
    CHECK(run(new_command(folder, "decoder", "../arp2")) == 2);
    CHECK(run(new_command(folder, "rule", "new-rule")) == 2);
    CHECK(run(new_command(folder, "rule", "no-such-pack/new-rule")) == 2);
    CHECK(run(new_command(folder, "potato", "x")) == 2);
    CHECK(lint::read(folder.path() / "scanner/decoders/arp.cpp") == lint::read(source_root / "scanner/decoders/arp.cpp"));
}

TEST_SUITE_END();

}  // namespace scaffold_test
