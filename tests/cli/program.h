// The program itself, run with words, and a desk with a small register to work at: for the tests of the command line.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

#include "core/json.h"
#include "tests/assess/example_site.h"

namespace herkomst::program {

struct Ran {
    int exit_code = -1;
    std::string out;  // both outputs, unless said otherwise
};

inline Ran shell(const std::string& command) {
    Ran ran;
    std::FILE* pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::array<char, 4096> block{};
    for (std::size_t got = 0; (got = std::fread(block.data(), 1, block.size(), pipe)) > 0;) ran.out.append(block.data(), got);
    const int status = ::pclose(pipe);
    ran.exit_code = status >= 0 ? status >> 8 & 0xff : -1;
    return ran;
}

inline Ran herkomst_says(const std::string& words) { return shell(HERKOMST_BINARY_DIR "/bin/herkomst " + words + " 2>&1"); }

inline bool says(const Ran& ran, const std::string& part) {
    const bool there = ran.out.find(part) != std::string::npos;
    if (!there) MESSAGE(ran.out);
    return there;
}

// A folder with list.csv and the register site.db that it was scanned into.
class Desk {
  public:
    Desk(const std::string& name, const std::string& rows) : folder_(name) {
        folder_.put("list.csv", "ip-adres;merk;model;serienummer\n" + rows);
        scan("2026-01-01T00:00:00Z");
    }
    [[nodiscard]] Ran run(const std::string& words, const std::string& now = "2026-01-02T00:00:00Z") const {
        return shell("cd '" + folder_.at("") + "' && " HERKOMST_BINARY_DIR "/bin/herkomst " + words + " --now " + now +
                     " 2>&1");
    }
    [[nodiscard]] Ran desk(const std::string& words, const std::string& now = "2026-01-02T00:00:00Z") const {
        return run("register " + words + " --register site.db", now);
    }
    void scan(const std::string& now, const std::string& more = "") const {
        const Ran ran = run("scan list.csv --site north --register site.db " + more, now);
        REQUIRE_MESSAGE(ran.exit_code == 0, ran.out);
    }
    [[nodiscard]] JsonArray rows(const std::string& what) const {
        const Ran ran = desk("list " + what + " --format json");
        const Result<Json> read = parse_json(ran.out.substr(0, ran.out.find('\n')), "list");
        REQUIRE(read.ok());
        CHECK(read.value()["tlp"].string() == "AMBER+STRICT");
        return read.value()["rows"].items();
    }
    void put(const std::string& name, const std::string& content) const { folder_.put(name, content); }
    [[nodiscard]] std::string at(const std::string& name) const { return folder_.at(name); }
    [[nodiscard]] std::string file(const std::string& name) const {
        const Result<std::string> read = read_file(folder_.at(name), std::size_t{64} << 20);
        REQUIRE(read.ok());
        return read.value();
    }

  private:
    example::Folder folder_;
};

// Every question gets the first answer that it offers, with a source; kept in the register.
inline void answer_everything(const Desk& desk) {
    REQUIRE(desk.run("assess export --register site.db --all -o ask.json").exit_code == 0);
    Json form = parse_json(desk.file("ask.json"), "ask.json").value();
    for (Json& one : form["answers"].items()) {
        const std::string takes = one["takes"].string();
        const std::string first = takes.substr(0, std::min(takes.find(','), takes.find(" (")));
        one["answer"] = takes == "text"                                ? "as said"
                        : takes.starts_with("a whole number")          ? "1"
                        : takes.starts_with("a date")                  ? "2026-01-01"
                        : takes.starts_with("two-letter")              ? "NL"
                        : one["question"].string() == "product-remote" ? "none"
                                                                       : first;
        one["by"] = "A. Analyst";
        one["source"] = "manual of 2026-01";
    }
    desk.put("filled.json", write_json(form));
    const Ran taken = desk.run("assess import filled.json --register site.db");
    REQUIRE_MESSAGE(taken.exit_code == 0, taken.out);
}

}  // namespace herkomst::program
