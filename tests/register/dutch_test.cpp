// The register in Dutch: no sentence of its sources is missing from the catalogue, no code without a word.
#include "register/dutch.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>

#include "core/file.h"
#include "core/text.h"
#include "register/called.h"
#include "register/lifecycle.h"
#include "report/words.h"
#include "vendordb/vendordb.h"

using namespace herkomst;
namespace fs = std::filesystem;

namespace dutch_test {

TEST_SUITE_BEGIN("register_dutch");

namespace {

// The text literals of a statement, joined where they follow each other.
std::vector<std::string> literals(const std::string& code) {
    std::vector<std::string> out;
    bool goes_on = false;
    for (std::size_t at = 0; at < code.size(); ++at) {
        if (code[at] == '"') {
            std::string text;
            for (++at; at < code.size() && code[at] != '"'; ++at) {
                if (code[at] == '\\') ++at;
                text += code[at];
            }
            if (goes_on && !out.empty()) {
                out.back() += text;
            } else {
                out.push_back(text);
            }
            goes_on = true;
        } else if (std::isspace(static_cast<unsigned char>(code[at])) == 0) {
            goes_on = false;
        }
    }
    return out;
}

// From there to the semicolon that ends it, or to the brace that opens what follows.
std::string statement(const std::string& code, std::size_t from) {
    bool text = false;
    for (std::size_t at = from; at < code.size(); ++at) {
        if (code[at] == '\\') {
            ++at;
        } else if (code[at] == '"') {
            text = !text;
        } else if (!text && code[at] == ';') {
            return code.substr(from, at - from);
        }
    }
    return {};
}

// What a hole of fmt may hold, so that the catalogue's pattern with a word of the right kind fits.
std::string filled(const std::string& pattern) {
    std::string out;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        if (pattern.substr(at, 2) == "{}") {
            out += "owner";
            ++at;
        } else {
            out += pattern[at];
        }
    }
    return out;
}

bool a_sentence(const std::string& text) {
    return text.find(' ') != std::string::npos && text.find("SELECT") == std::string::npos &&
           text.find("INSERT") == std::string::npos && text.find("UPDATE") == std::string::npos &&
           text.find("DELETE") == std::string::npos;
}

}  // namespace

TEST_CASE("every refusal, problem and reason of the register has its Dutch sentence") {
    const std::regex speaks(
        R"((complain|problems\.push_back|Problem\{|refused_value|detail\["because"\]|runtime_error|\bno = |compare)[^a-z_])");
    const std::set<std::string> files = {"acts.cpp",
                                         "answers.cpp",
                                         "assertions.cpp",
                                         "carry.cpp",
                                         "forget.cpp",
                                         "keep.cpp",
                                         "lifecycle.cpp",
                                         "record_carried.cpp",
                                         "record_findings.cpp",
                                         "signed_head.cpp",
                                         "unlike.cpp",
                                         "verify.cpp",
                                         "verify_schema.cpp",
                                         "work.cpp"};
    std::size_t said = 0;
    for (const std::string& name : files) {
        const Result<std::string> code = read_file(std::string(HERKOMST_SOURCE_DIR "/scanner/register/") + name, 1 << 20);
        REQUIRE(code.ok());
        for (std::sregex_iterator at(code.value().begin(), code.value().end(), speaks), end; at != end; ++at) {
            for (const std::string& literal : literals(statement(code.value(), static_cast<std::size_t>(at->position())))) {
                // Parts of sentences, and what only our own mistake brings up.
                if (!a_sentence(literal) || literal == "a finding is about an asset that is not in this run") continue;
                if (literal.starts_with("{}: {}") || literal.find("{}{} is {}") != std::string::npos ||
                    literal == "an analyst or the owner" || literal == "nothing strong" || literal == "answers: /{}" ||
                    literal == "the owner")
                    continue;
                std::string sentence = filled(literal);
                if (literal == "only {} may make it {}") sentence = "only the owner may make it accepted";
                if (literal.starts_with("{}: ") && !has_dutch(sentence)) sentence = sentence.substr(sentence.find(": ") + 2);
                if (literal == "event {} found: {}") sentence = "event 7 found: table assets held rows that no event speaks of";
                if (literal.ends_with("accepted: ")) sentence += "its rating with measures is high and was accepted as low";
                if (literal.starts_with("its rating") || literal.starts_with("the band"))
                    sentence += " is high and was accepted as low";
                CHECK_MESSAGE(has_dutch(sentence), (name + ": " + literal));
                ++said;
            }
        }
    }
    CHECK(said > 60);
}

TEST_CASE("sentences with values in them, in Dutch; other languages and unknown sentences stay") {
    const auto nl = [](const char* sentence) { return in_language(sentence, "nl"); };
    CHECK(nl("is new and cannot become accepted; from there it can become investigating, assessed, false_positive, closed") ==
          "is nieuw en kan niet aanvaard worden; van daaruit kan het worden: in onderzoek (investigating), beoordeeld "
          "(assessed), onterechte melding (false_positive), gesloten (closed)");
    CHECK(nl("cannot be treatment_planned without due") == "kan niet behandeling gepland worden zonder uiterlijk");
    CHECK(nl("response: is none of avoid, mitigate") == "behandeling: is geen van avoid, mitigate");
    CHECK(nl("A. Analyst is analyst in this register, not owner") ==
          "A. Analyst is in dit register analist, niet risico-eigenaar");
    CHECK(nl("it is worse than what was accepted: its rating with measures is high and was accepted as medium, the band of its "
             "rule is critical and was accepted as high") ==
          "het is ernstiger dan wat is aanvaard: de beoordeling met beheersmaatregelen is hoog en was bij aanvaarding middel, "
          "het niveau volgens de regel is kritiek en was bij aanvaarding hoog");
    CHECK(nl("site.db: this register was made by a newer herkomst (schema 9; this program knows 4)") ==
          "site.db: dit register is gemaakt door een nieuwere herkomst (schema 9; dit programma kent 4)");
    CHECK(nl("event 7 was changed (closed of finding R-1)") == "gebeurtenis 7 is gewijzigd (gesloten, bevinding R-1)");
    CHECK(nl("table beliefs: row A-1 brand was edited") == "tabel beliefs: rij A-1 brand is gewijzigd");
    CHECK(nl("table beliefs: row A-1 brand is gone") == "tabel beliefs: rij A-1 brand is verwijderd");
    CHECK(nl("nobody ever said this") == "nobody ever said this");
    CHECK(in_language("is yes or no", "en") == "is yes or no");
}

TEST_CASE("every code that people meet has a word, and the same one as in the report") {
    const Words words("nl");
    for (const std::string_view status : finding_statuses) {
        CHECK(called(CodeList::Status, status, "nl") == words.status(std::string(status)));
        CHECK(code_of(CodeList::Status, called(CodeList::Status, status, "nl")) == status);
    }
    for (const char* band : {"low", "medium", "high", "critical"})
        CHECK(called(CodeList::Band, band, "nl") == words(std::string("band_") + band));
    const auto all_have = [](CodeList of, const auto& codes) {
        for (const std::string_view code : codes) {
            CHECK_MESSAGE(code_of(of, called(of, code, "nl")) == code, std::string(code));
            CHECK(code_of(of, called(of, code, "en")) == code);
        }
    };
    all_have(CodeList::Role, roles);
    all_have(CodeList::Closure, closure_reasons);
    all_have(CodeList::Response, responses);
    // The refusal lists what there is.
    for (const auto& [field, of] : {std::pair<const char*, CodeList>{"kind", CodeList::MeasureKind},
                                    {"state", CodeList::MeasureState},
                                    {"effect", CodeList::Effect}}) {
        const std::string no = refused_value("measure", field, "none such");
        REQUIRE(no.starts_with("is none of "));
        std::vector<std::string> codes;
        const std::string listed = no.substr(11);
        for (const std::string_view code : split(listed, ',')) codes.emplace_back(trimmed(code));
        CHECK(codes.size() > 3);
        for (const std::string& code : codes) CHECK_MESSAGE(code_of(of, called(of, code, "nl")) == code, code);
    }
    for (const char* kind : {"finding", "asset", "person", "measure", "zone"}) {
        const std::string no = refused_value(kind, "none such", "x");
        REQUIRE(no.starts_with("there is no such field; there are "));
        const std::string fields = no.substr(34);
        for (const std::string_view field : split(fields, ','))
            CHECK_MESSAGE(called(CodeList::Field, trimmed(field), "nl").find('_') == std::string::npos, std::string(field));
    }
    CHECK(code_of(CodeList::Status, "Aanvaard") == "accepted");
    CHECK(code_of(CodeList::Status, "treatment planned") == "treatment_planned");
    CHECK(code_of(CodeList::Status, "dansen") == "dansen");
}

TEST_SUITE_END();

}  // namespace dutch_test
