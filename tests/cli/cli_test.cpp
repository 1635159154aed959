// The command line: what is given is read, what is wrong is said all at once; and the list of protocols.
#include <doctest/doctest.h>

#include "cli/command.h"
#include "core/field.h"
#include "core/json.h"
#include "decoders/decoder.h"
#include "tests/cli/program.h"

using namespace herkomst;
using program::herkomst_says;
using program::Ran;

namespace cli_test {

TEST_SUITE_BEGIN("cli");

namespace {

struct Given {
    bool flag = false;
    std::string text;
    unsigned number = 7;
    std::string one = "nl";
    std::vector<std::string> many;
    std::string first;
    std::vector<std::string> rest;
    int exit_code = -1;
    bool goes_on = false;
};

Given parsed(const std::vector<std::string>& args) {
    Given given;
    Options options("test", "Tests.");
    options.flag("--flag", given.flag, "a flag");
    options.option("-t,--text", given.text, "a text");
    options.option("--number", given.number, "a number");
    options.one_of("--one", given.one, {"nl", "en"}, "one of two");
    options.many("--many", given.many, "as often as wanted");
    options.argument("FIRST", given.first, "the first word");
    options.arguments("REST", given.rest, "the other words", false);
    given.goes_on = options.parse(args, given.exit_code);
    return given;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

}  // namespace

TEST_CASE("options are read in every form, words keep their order") {
    const Given given = parsed(
        {"a", "--flag", "--text=x=y", "--number", "12", "b", "--many", "p", "--many=q", "--one", "en", "-", "--", "--c"});
    CHECK(given.goes_on);
    CHECK(given.flag);
    CHECK(given.text == "x=y");
    CHECK(given.number == 12);
    CHECK(given.one == "en");
    CHECK(given.many == std::vector<std::string>{"p", "q"});
    CHECK(given.first == "a");
    CHECK(given.rest == std::vector<std::string>{"b", "-", "--c"});
    CHECK(parsed({"-tx", "a"}).text == "x");
    CHECK(parsed({"-t", "-5", "a"}).text == "-5");
    CHECK(parsed({"a"}).number == 7);
}

TEST_CASE("what is wrong ends with exit code 2, and is not taken") {
    for (const std::vector<std::string>& args : std::vector<std::vector<std::string>>{{},
                                                                                      {"a", "--number", "twelve"},
                                                                                      {"a", "--number", "-1"},
                                                                                      {"a", "--number", "4294967296"},
                                                                                      {"a", "--number", ""},
                                                                                      {"a", "--one", "fr"},
                                                                                      {"a", "--text"},
                                                                                      {"a", "--text", "--flag"},
                                                                                      {"a", "--flag=1"},
                                                                                      {"a", "--text", "x", "-t", "y"},
                                                                                      {"a", "--unknown"}}) {
        const Given given = parsed(args);
        CHECK_FALSE(given.goes_on);
        CHECK(given.exit_code == exit_usage);
    }
    const Ran ran = herkomst_says("scan --threads x --until nothing --what");
    CHECK(ran.exit_code == exit_usage);
    for (const char* part : {"--threads", "--until", "--what", "SOURCES is missing"})
        CHECK(ran.out.find(part) != std::string::npos);
}

TEST_CASE("--help ends with exit code 0 and names every option") {
    const Ran ran = herkomst_says("scan --help");
    CHECK(ran.exit_code == exit_done);
    for (const char* part : {"--register", "--until observations|assets|findings", "SOURCES...", "--now TIME"})
        CHECK(ran.out.find(part) != std::string::npos);
}

TEST_CASE("protocols lists every decoder with its specification and the fields of its examples") {
    const Ran table = herkomst_says("protocols");
    CHECK(table.exit_code == exit_done);
    const Ran lines = herkomst_says("protocols --json");
    CHECK(lines.exit_code == exit_done);
    std::size_t listed = 0;
    for (const std::string& text : lines_of(lines.out)) {
        const Result<Json> line = parse_json(text, "protocols");
        REQUIRE(line.ok());
        if (line.value()["type"].string() != "protocol") continue;
        ++listed;
        const Json& protocol = line.value();
        CAPTURE(protocol["name"].string());
        const Decoder* decoder = decoder_named(protocol["name"].string());
        REQUIRE(decoder != nullptr);
        CHECK(protocol["specification"].string() == decoder->spec);
        CHECK(!protocol["layers"].items().empty());
        CHECK(table.out.find(decoder->spec) != std::string::npos);
        CHECK((text.find(R"("commands":true)") != std::string::npos) == decoder->commands);
        for (const Json& field : protocol["fields"].items()) CHECK(field_named(field.string()).has_value());
        std::size_t claims = 0;
        for (const Example& example : decoder->examples) claims += example.claims.size();
        CHECK(protocol["fields"].items().empty() == (claims == 0));
    }
    CHECK(listed == all_decoders().size());
}

TEST_SUITE_END();

}  // namespace cli_test
