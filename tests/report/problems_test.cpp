// What is wrong with files that were read, in Dutch: with the places that stand before it.
#include <doctest/doctest.h>

#include <regex>
#include <string>

#include "core/file.h"
#include "report/problem_words.h"

using namespace herkomst;

namespace problems_test {

TEST_SUITE_BEGIN("report.problems");

TEST_CASE("a problem is told in Dutch with its places, and what nobody knows stays as it is") {
    const auto nl = [](const char* text) { return problem_in(text, "nl"); };
    CHECK(nl("list.csv:7: cell not used: \"110\" is not a power with a unit (W, kW, MW)") ==
          "list.csv:7: cel niet gebruikt: \"110\" is geen vermogen met een eenheid (W, kW, MW)");
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

TEST_CASE("every sentence that a rule, a pack, an order, an expression or a line of answers can end in is in the catalogue") {
    const std::regex says(R"re((?:problem|wrong|problems_?\.(?:push_back|emplace_back))\()re");
    const std::regex literal(R"re("((?:[^"\\]|\\.)*)"(?:\s*"((?:[^"\\]|\\.)*)")?)re");
    std::size_t checked = 0;
    for (const char* file :
         {"rule_file", "reading", "expression", "pack_file", "pack_loader", "order_file", "answers", "policies"}) {
        const Result<std::string> code =
            read_file(std::string(HERKOMST_SOURCE_DIR "/scanner/assess/") + file + ".cpp", 1 << 20);
        REQUIRE(code.ok());
        for (std::sregex_iterator at(code.value().begin(), code.value().end(), says), end; at != end; ++at) {
            const auto from = static_cast<std::size_t>(at->position());
            const std::string statement = code.value().substr(from, code.value().find(";\n", from) - from);
            for (std::sregex_iterator one(statement.begin(), statement.end(), literal), none; one != none; ++one) {
                std::string text = (*one)[1].str() + (*one)[2].str();
                // Whole sentences; pointers, file names and "{}: /{}" are places.
                if (text.find(' ') == std::string::npos || text.starts_with("{}: ") || text.starts_with(": ")) continue;
                // Ends and parts of sentences, which the others here and those above are made of.
                if (text.find_first_of(" ,'") == 0 || text == "control character") continue;
                if (text.ends_with(": ")) text += "no such column";
                for (std::size_t hole = 0; (hole = text.find("\\\"")) != std::string::npos;) text.erase(hole, 1);
                // A hole holds a word of the right kind.
                const std::string kind = text.starts_with("this should be") ? "fires" : "flag";
                for (std::size_t hole = 0; (hole = text.find("{}")) != std::string::npos;) text.replace(hole, 2, kind);
                if (text == "this is no flagflag") text = "this is no flag, and it is always known";
                CHECK_MESSAGE(problem_in("own/r.json: /when: " + text, "nl") != "own/r.json: /when: " + text,
                              file << ": " << text);
                ++checked;
            }
        }
    }
    CHECK(checked > 50);
    CHECK(problem_in("own/r.json: /when: \"coalesce\" is refused: it would turn what is unknown into an answer; known(fact) "
                     "says it openly",
                     "nl") ==
          "own/r.json: /when: \"coalesce\" wordt geweigerd: het maakt van iets onbekends een antwoord; "
          "known(feit) zegt het openlijk");
    CHECK(problem_in("own/r.json: /examples/0: this should be fires but is undecided", "nl") ==
          "own/r.json: /examples/0: dit hoort fires (slaat aan) te zijn, maar is undecided (onbeslist)");
}

TEST_SUITE_END();

}  // namespace problems_test
