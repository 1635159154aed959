// The table of what each question was proven against (README.md) holds every question once, and the tests that it names ask it.
#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/file.h"
#include "core/text.h"
#include "probes/probe.h"

using namespace herkomst;

namespace readme_test {

TEST_SUITE_BEGIN("peers.readme");

namespace {

const std::string here = HERKOMST_SOURCE_DIR "/tests/peers/";

std::vector<std::string> names_in(std::string_view cell) {
    std::vector<std::string> names;
    for (const std::string_view name : split(cell, ',')) names.emplace_back(trimmed(name));
    return names;
}

// Asked by its name, or as one of those that the test finds by how their names end, or as everything.
bool asks(const std::string& test, const std::string& text, const std::string& probe) {
    if (text.find("\"" + probe + "\"") != std::string::npos) return true;
    if (test == "modbus_test.cpp")
        return (probe.ends_with("_registers") || probe.ends_with("sunspec")) &&
               text.find("ends_with(\"_registers\")") != std::string::npos;
    return test == "../probes/all_questions_test.cpp" &&
           text.find("for (const Probe& probe : all_probes())") != std::string::npos;
}

// What the answers in its transcripts are from.
bool answered_after(const Probe& probe, Origin origin) {
    for (const Transcript& each : probe.transcripts)
        if (each.origin == origin && each.outcome == ProbeOutcome::Answered) return true;
    return false;
}

}  // namespace

TEST_CASE("what was learned from a project's code does not stand as a document, nor a document as a project") {
    std::size_t projects = 0;
    for (const Probe& probe : all_probes()) {
        for (const Transcript& each : probe.transcripts) {
            INFO(probe.name, ": ", each.source);
            const bool named = each.source.find("project") != std::string_view::npos ||
                               each.source.find(" reads it") != std::string_view::npos;
            CHECK(named == (each.origin == Origin::Project));
            projects += named ? 1 : 0;
        }
    }
    CHECK(projects > 20);
}

TEST_CASE("the table of proofs holds every question once, and each test that it names asks what it says") {
    const std::string page = read_file(here + "README.md").value();
    std::map<std::string, unsigned> rows;
    bool table = false;
    for (const std::string_view line : split(page, '\n')) {
        if (!line.starts_with("| ")) continue;
        const auto cells = split(line, '|');
        REQUIRE(cells.size() == 5);
        if (trimmed(cells[1]) == "question") {
            table = true;
            continue;
        }
        REQUIRE(table);
        CHECK_FALSE(trimmed(cells[2]).empty());
        const bool after_documents = cells[2].find("after documents") != std::string_view::npos;
        const bool after_projects = cells[2].find("after projects") != std::string_view::npos;
        for (const std::string& probe : names_in(cells[1])) {
            INFO(probe);
            if (cells[2].find("transcript") != std::string_view::npos &&
                cells[2].find("registers of") == std::string_view::npos) {
                CHECK(after_documents != after_projects);
                CHECK(answered_after(*probe_named(probe), Origin::Project) == after_projects);
                if (after_documents) CHECK(answered_after(*probe_named(probe), Origin::Documented));
            }
            ++rows[probe];
            CHECK(probe_named(probe) != nullptr);
            bool asked = false;
            for (const std::string& test : names_in(cells[3])) {
                REQUIRE(std::filesystem::exists(here + test));
                asked = asked || asks(test, read_file(here + test).value(), probe);
            }
            CHECK(asked);
        }
    }
    for (const Probe& probe : all_probes()) CHECK_MESSAGE(rows[std::string(probe.name)] == 1, std::string(probe.name));
}

TEST_SUITE_END();

}  // namespace readme_test
