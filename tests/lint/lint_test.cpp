// The house rules as tests: the tree has no complaints, and each rule is shown to complain when it is broken.
#include "lint.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "decoders/decoder.h"
#include "imports/import.h"
#if __has_include("exports/export.h")
#include "exports/export.h"
#endif
#include "cli/command.h"
#include "folder.h"
#include "probes/probe.h"

namespace fs = std::filesystem;

namespace lint_test {

TEST_SUITE_BEGIN("lint");

namespace {

const fs::path source_root = HERKOMST_SOURCE_DIR;

std::set<std::string> stems_of(const std::string& folder) {
    std::set<std::string> stems;
    const fs::path path = source_root / "scanner" / folder;
    for (const auto& entry : fs::directory_iterator(path)) {
        if (entry.path().extension() == ".cpp") stems.insert(entry.path().stem().string());
    }
    for (const std::string& machinery : lint::lines_of(lint::read(path / "registry.txt"))) {
        INFO("scanner/", folder, "/registry.txt names ", machinery);
        CHECK(stems.erase(machinery) == 1);
    }
    return stems;
}

template <class Table>
std::set<std::string> names_of(const Table& table) {
    std::set<std::string> names;
    for (const auto& entry : table) names.insert(std::string(entry.name));
    CHECK(names.size() == table.size());
    return names;
}

}  // namespace

TEST_CASE("the tree keeps the house rules") {
    const auto complaints = lint::Tree(source_root).complaints();
    for (const std::string& complaint : complaints) FAIL_CHECK(complaint);
    CHECK(complaints.empty());
}

// Two types of one name in one namespace are one type to the linker: their inline functions are merged, and one of the two
// breaks.
TEST_CASE("no two headers define a type of the same name in the same namespace") {
    std::map<std::string, std::string> held;
    for (const char* top : {"scanner", "vendordb"}) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(std::string(HERKOMST_SOURCE_DIR) + "/" + top)) {
            if (entry.path().extension() != ".h") continue;
            std::ifstream file(entry.path());
            std::string space;
            std::string line;
            while (std::getline(file, line)) {
                std::istringstream words(line);
                std::string first;
                std::string name;
                words >> first >> name;
                if (first == "enum" && name == "class") words >> name;
                if (line.starts_with("namespace ")) space = name;
                if (!line.starts_with("struct ") && !line.starts_with("class ") && !line.starts_with("enum class ")) continue;
                if (line.find('{') == std::string::npos) continue;
                const std::string place = entry.path().string();
                const auto [at, fresh] = held.emplace(space + "::" + name, place);
                INFO(place, " and ", at->second, " define ", name);
                CHECK(fresh);
            }
        }
    }
    CHECK(held.size() > 100);
}

// Files of one folder are compiled together (tools/cmake/together.cmake) and then share their anonymous namespaces: a second
// type of one name is an error of the compiler, a second function of one name could be an overload that nobody meant.
TEST_CASE("no two files of a folder that is compiled together give one name to things of their own") {
    const std::regex type("^(struct|class|enum class|enum) (\\w+)");
    const std::regex alias("^using (\\w+) =");
    const std::regex constant(
        "^(static |inline |thread_local )*(const|constexpr)\\b[^(=;{]*[ &*](\\w+)(\\[\\w*\\])*( =|\\{|;)");
    const std::regex function("^[\\w:<>,&* \\[\\]]*[ &*>](\\w+)\\(");
    std::size_t files = 0;
    std::size_t names = 0;
    for (const char* folder : {"scanner/assess", "scanner/capture", "scanner/cli", "scanner/core", "scanner/exports",
                               "scanner/identity", "scanner/register", "scanner/report", "vendordb"}) {
        std::map<std::string, std::string> held;
        for (const auto& entry : std::filesystem::directory_iterator(std::string(HERKOMST_SOURCE_DIR) + "/" + folder)) {
            if (entry.path().extension() != ".cpp") continue;
            ++files;
            const std::string place = entry.path().filename().string();
            bool own = false;
            for (const std::string& line : lint::lines_of(lint::code_of(lint::read(entry.path())))) {
                if (line == "namespace {") own = true;
                if (line.starts_with("}") && own && !line.starts_with("};")) own = !line.starts_with("}  ");
                std::smatch found;
                std::string name;
                if (!own || line.empty() || line[0] == ' ' || line[0] == '}' || line[0] == '#') continue;
                if (std::regex_search(line, found, type)) name = found[2];
                if (name.empty() && std::regex_search(line, found, alias)) name = found[1];
                if (name.empty() && std::regex_search(line, found, constant)) name = found[3];
                if (name.empty() && std::regex_search(line, found, function)) name = found[1];
                if (name.empty()) continue;
                ++names;
                const auto [at, fresh] = held.emplace(name, place);
                INFO(folder, ": ", place, " and ", at->second, " each have a ", name, " of their own");
                CHECK((fresh || at->second == place));
            }
        }
    }
    CHECK(files > 150);
    CHECK(names > 900);
}

TEST_CASE("every entry of a folder is registered under its file's stem") {
    CHECK(names_of(herkomst::all_decoders()) == stems_of("decoders"));
    CHECK(names_of(herkomst::all_imports()) == stems_of("imports"));
    CHECK(names_of(herkomst::all_probes()) == stems_of("probes"));
    // `export` and `register` are words of C++: their files are named after the act.
    auto commands = names_of(herkomst::all_cli());
    if (commands.erase("export") == 1) commands.insert("exporting");
    if (commands.erase("register") == 1) commands.insert("register_command");
    CHECK(commands == stems_of("cli"));
#if __has_include("exports/export.h")
    CHECK(names_of(herkomst::all_exports()) == stems_of("exports"));
#endif
}

TEST_CASE("a decoder may refer to a section, a standard's number, or whoever reads what nobody published") {
    for (const char* comment : {"// RFC 1 section 4.1: a magic.", "// Clause 6.2: version 1.", "// IEEE 802.1AB-2016 8.4.1",
                                "// As exampletool reads it: a magic."}) {
        CAPTURE(comment);
        const Folder folder("lint-reference");
        folder.write("scanner/decoders/a.cpp", std::string("// What.\n#include <array>\n") + comment +
                                                   "\nbool recognise(ByteCursor) {\n}\nDecoder decoder;\n    decoder.spec =\n"
                                                   "        \"unpublished; as exampletool reads it\";\n");
        for (const std::string& complaint : lint::Tree(folder.path()).complaints())
            CHECK(complaint.find("specification") == std::string::npos);
    }
}

TEST_CASE("a broken rule is found, at its line, and nothing else is") {
    struct Breach {
        std::string file;
        std::string text;
        std::string sentence;
    };
    const std::string good_head = "// What it tells. RFC 1 section 1.\n";
    const std::vector<Breach> breaches = {
        {"scanner/decoders/a.cpp", good_head + "auto p = reinterpret_cast<int*>(q);\n", "2: no reinterpret_cast"},
        {"scanner/decoders/a.cpp", good_head + "std::memcpy(a, b, 4);\n", "2: no memcpy"},
        {"scanner/decoders/a.cpp", good_head + "auto* p = new int;\n", "2: no new"},
        {"scanner/decoders/a.cpp", good_head + "void* p = malloc(4);\n", "2: no malloc"},
        {"scanner/decoders/a.cpp", good_head + "#include <regex>\n", "2: no <regex>"},
        {"scanner/decoders/a.cpp", good_head + "#include <iostream>\n", "2: a decoder includes"},
        {"scanner/decoders/a.cpp", good_head + "#include <fmt/format.h>\n", "2: a decoder includes"},
        {"scanner/decoders/a.cpp", good_head + "#include <zlib.h>\n", "2: a decoder includes"},
        {"scanner/decoders/a.cpp", good_head + "#include \"capture/flows.h\"\n", "2: a decoder includes"},
        {"scanner/decoders/a.cpp", "#include <array>\nDecoder decoder;\ndecoder.spec = \"RFC 1\";\n// RFC 1 section 2\n",
         "1: a decoder begins with"},
        {"scanner/decoders/a.cpp", "// What.\nDecoder decoder;\n// RFC 1 section 2\n", "1: a decoder names its specification"},
        {"scanner/decoders/a.cpp", "// What.\nDecoder decoder;\ndecoder.spec = \"RFC 1\";\nbool recognise(ByteCursor) {\n}\n",
         "4: the specification's section"},
        // A comment that refers to nothing is no reference.
        {"scanner/decoders/a.cpp",
         "// What.\nDecoder decoder;\ndecoder.spec = \"RFC 1; as exampletool reads it\";\n// A magic and a length.\n"
         "bool recognise(ByteCursor) {\n}\n",
         "5: the specification's section"},
        {"scanner/decoders/a.cpp",
         "// RFC 1 section 4: in the head it says nothing of the check.\nDecoder decoder;\ndecoder.spec = \"unpublished; as "
         "spoken by "
         "exampletool (public project)\";\nbool recognise(ByteCursor) {\n    // A public project.\n}\n",
         "4: the specification's section"},
        {"scanner/core/a.h", "// Manual.\n#include <iostream>\n", "2: no <iostream> in a header"},
        {"scanner/core/a.h", "#pragma once\n", "1: a header begins"},
        {"scanner/core/a.h", "// Manual.\nclass DecoderManager {};\n", "2: a type named Manager"},
        {"scanner/capture/a.cpp", "#include <boost/asio/io_context.hpp>\n", "1: boost/asio belongs"},
        {"scanner/cli/a.cpp", "#include <boost/asio/io_context.hpp>\n", "1: boost/asio belongs"},
        {"scanner/probes/a.cpp", "#include <sys/socket.h>\n", "1: a probe includes"},
        {"scanner/probes/a.cpp", "#include \"probes/wire.h\"\n", "1: a probe includes"},
        {"scanner/probes/http_asks.cpp", "#include \"probes/wire.h\"\n", "1: a probe includes"},
        {"scanner/probes/a.cpp", "auto now = std::chrono::steady_clock::now();\n", "1: no steady_clock in a probe"},
        {"scanner/capture/a.cpp", "int n = ::send(fd, p, n, 0);\n", "1: only probes/wire.cpp sends"},
        {"scanner/cli/a.cpp", "if (sendto(fd, p, n, 0, a, s) < 0) return;\n", "1: only probes/wire.cpp sends"},
        {"scanner/cli/a.cpp", "if (::connect(fd, a, s) < 0) return;\n", "1: only probes/wire.cpp sends"},
        {"vendordb/a.cpp", "pcap_inject(p, b, n);\n", "1: only probes/wire.cpp sends"},
        {"scanner/capture/a.cpp", "#include <nlohmann/json.hpp>\n", "1: nlohmann/json.hpp belongs"},
        {"scanner/capture/a.cpp", "// caf\xc3\xa9\n", "1: sources are ASCII"},
        {"rules/a.md",
         "\nTO"
         "DO later\n",
         "2: \"TO"
         "DO\" marks"},
        {"rules/a.json",
         "\"EXPLAIN"
         ": why\"\n",
         "1: \"EXPLAIN"
         ":\" marks"},
        {"tools/a",
         "curl https://deb."
         "debian.org/\n",
         "1: \"deb."
         "debian.org\" names"},
        {"tools/a",
         "cd /wo"
         "rk/main\n",
         "1: \"/wo"
         "rk/\" names"},
        {"tools/a", "#!/bin/sh\n", "1: is a script without the run bit"},
        {"notes.txt", "x\n", "1: does not belong on the top level"},
        {"tests/big.bin", std::string((std::size_t{4} << 20) + 1, '\0'), "1: is larger than 4 MiB"},
    };
    for (const Breach& breach : breaches) {
        const Folder folder("lint");
        folder.write(breach.file, breach.text);
        const auto complaints = lint::Tree(folder.path()).complaints();
        INFO(breach.file, " ", breach.sentence);
        REQUIRE(!complaints.empty());
        const std::string wanted = breach.file + ":" + breach.sentence;
        const bool found = std::any_of(complaints.begin(), complaints.end(),
                                       [&](const std::string& complaint) { return complaint.starts_with(wanted); });
        CHECK_MESSAGE(found, complaints.front());
        // <regex> and <iostream> in a decoder break two rules.
        CHECK(complaints.size() <= (breach.text.find("<regex>") != std::string::npos ? 2 : 1));
    }
}

TEST_CASE("somebody's own report beside the sources is none of our business, until it is to be committed") {
    const Folder folder("lint_own");
    folder.write("report/report.html", std::string("not ASCII: \xc3\xa9 ") + "TO" + "DO\n");
    const auto git = [&](const std::string& words) {
        return std::system(("git -C '" + folder.path().string() + "' " + words + " >/dev/null 2>&1").c_str());
    };
    CHECK_FALSE(lint::Tree(folder.path()).complaints().empty());
    if (git("init") != 0) {
        MESSAGE("skipped: there is no git");
        return;
    }
    CHECK(lint::Tree(folder.path()).complaints().empty());
    REQUIRE(git("add report") == 0);
    CHECK(lint::Tree(folder.path()).complaints().size() >= 2);
}

TEST_CASE("what stands in comments and quotes is not code") {
    const Folder folder("lint");
    folder.write("scanner/decoders/a.cpp",
                 "// A new memcpy in a comment, RFC 1 section 1.\nauto a = \"new memcpy\"; /* malloc\n new */\n"
                 "auto b = R\"x(reinterpret_cast \" new)x\";\nint renew = 1'000, newer = 2;\n");
    CHECK(lint::Tree(folder.path()).complaints().empty());
}

TEST_SUITE_END();

}  // namespace lint_test
