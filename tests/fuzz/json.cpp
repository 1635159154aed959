// Any text as JSON: problems, or a value that is written and read again unchanged.
#include "core/json.h"

#include "fuzz.h"

using namespace herkomst;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Result<Json> json = parse_json(std::string_view(reinterpret_cast<const char*>(data), size), "input");
    if (!json) {
        promise(!json.problems().empty() && json.problems().front().place.starts_with("input"), "a refusal names its place");
        return 0;
    }
    const std::string once = write_json(json.value());
    const Result<Json> again = parse_json(once, "again");
    promise(again.ok(), "what is written can be read");
    promise(write_json(again.value()) == once, "what is read again is the same");
    const Result<Json> pretty = parse_json(write_json_pretty(json.value()), "pretty");
    promise(pretty.ok() && write_json(pretty.value()) == once, "indents change nothing");
    return 0;
}

std::vector<std::string> fuzz_seeds() {
    return {R"({"a":[1,-2,3.5e-7,true,false,null,"\u00e9\ud83d\ude00\n"],"b":{"c":{}}})",
            "[]",
            "\"\"",
            "-0",
            "1e400",
            "18446744073709551615",
            std::string(70, '['),
            "{\"a\":1,\"a\":2}"};
}
