// What is wrong with files that were read, in Dutch: with the places that stand before it.
#include <doctest/doctest.h>

#include <regex>
#include <string>

#include "core/file.h"
#include "report/problem_words.h"

using namespace herkomst;

TEST_SUITE_BEGIN("report.problems");

TEST_CASE("a problem is told in Dutch with its places, and what nobody knows stays as it is") {
    const auto nl = [](const char* text) { return problem_in(text, "nl"); };
    CHECK(nl("list.csv:7: row not used: \"10.0.0.300\" is not the IP address of a device") ==
          "list.csv:7: rij niet gebruikt: \"10.0.0.300\" is geen IP-adres van een apparaat");
    CHECK(nl("list.csv:1: column not understood: \"nr\"; name it in a mapping: herkomst columns FILE --save MAP") ==
          "list.csv:1: kolom niet begrepen: \"nr\"; zeg wat die betekent: herkomst columns BESTAND --save KOLOMMEN");
    CHECK(nl("a: b.pcap: packet 7 at byte 900: the file ends inside the packet") ==
          "a: b.pcap: pakket 7 op byte 900: het bestand eindigt in het pakket");
    CHECK(nl("x.pcapng: block 3 (packet 9): claims 70 captured bytes in a block that has 60") ==
          "x.pcapng: blok 3 (pakket 9): noemt 70 vastgelegde bytes in een blok van 60");
    CHECK(nl("x.pcap: cannot be opened: No such file or directory") == "x.pcap: kan niet worden geopend: bestaat niet");
    CHECK(nl("scan.xml:4: host not used: it has no address") == "scan.xml:4: apparaat niet gebruikt: het heeft geen adres");
    CHECK(nl("there is no interface eth9; there are: lo") == "er is geen interface eth9; er zijn: lo");
    CHECK(nl("x.pcap: something else") == "x.pcap: something else");
    CHECK(problem_in("x.csv: is empty", "en") == "x.csv: is empty");
    CHECK(problem_in(Problem{"x.csv", "is empty"}, "nl") == "x.csv: is leeg");
}

TEST_CASE("every sentence that reading a capture can end in is in the catalogue") {
    const std::regex literal(R"re("((?:[^"\\]|\\.)*)")re");
    std::size_t checked = 0;
    const Result<std::string> code = read_file(HERKOMST_SOURCE_DIR "/scanner/capture/file.cpp", 1 << 20);
    REQUIRE(code.ok());
    {
        for (std::sregex_iterator at(code.value().begin(), code.value().end(), literal), end; at != end; ++at) {
            const std::string text = (*at)[1].str();
            // Whole sentences: others are put together from parts, and stand in the test above.
            const bool sentence = text.find(' ') != std::string::npos && text.find_first_of("/:\\") == std::string::npos &&
                                  text.front() != ' ' && text.back() != ' ' && text.front() != ',' && text.size() > 7;
            if (!sentence) continue;
            CHECK_MESSAGE(problem_in(text, "nl") != text, text);
            ++checked;
        }
    }
    CHECK(checked > 12);
}

TEST_SUITE_END();
