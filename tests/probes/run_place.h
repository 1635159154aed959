// A folder with a scope file and the records of runs of the program over it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "../lint/folder.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/json.h"
#include "core/text.h"
#include "herkomst_run.h"
#include "valid_now.h"

struct RunPlace {
    explicit RunPlace(const std::string& name) : folder(name) {}
    Folder folder;
    [[nodiscard]] std::string path(const std::string& file) const { return (folder.path() / file).string(); }

    using Ports = std::map<std::string, std::vector<std::uint16_t>>;
    // One range of a scope file; `more` is JSON.
    static std::string range(const std::string& ip, const Ports& ports, const std::string& more = "") {
        std::string names;
        std::string lists;
        for (const auto& [probe, list] : ports) {
            std::string numbers;
            for (const std::uint16_t port : list) numbers += (numbers.empty() ? "" : ",") + std::to_string(port);
            names += (names.empty() ? "\"" : ",\"") + probe + "\"";
            if (!list.empty()) lists += (lists.empty() ? "\"" : ",\"") + probe + "\":[" + numbers + "]";
        }
        return R"({"range":")" + ip + R"(","probes":[)" + names + R"(],"ports":{)" + lists + "}" + more + "}";
    }
    // Whether all that may be asked is on loopback: only such a run may be told what time it is.
    static bool on_loopback(const std::string& scope) {
        const std::string range = R"("range":")";
        for (std::size_t at = scope.find(range); at != std::string::npos; at = scope.find(range, at + 1)) {
            const std::string_view ip = std::string_view(scope).substr(at + range.size());
            if (!ip.starts_with("127.") && !ip.starts_with("::1\"")) return false;
        }
        return scope.find(R"("broadcast":true)") == std::string::npos;
    }
    // Of a test that asks elsewhere the clock itself decides.
    void scope(const std::string& ranges, const std::string& more = "") const {
        write_scope(on_loopback(ranges + more) ? R"("valid":{"from":"2026-11-01T00:00:00Z","until":"2026-12-31T00:00:00Z"})"
                                               : valid_now(),
                    ranges, more);
    }
    // For runs by the real clock.
    void scope_of_today(const std::string& ranges, const std::string& more = "") const {
        write_scope(valid_now(), ranges, more);
    }
    void write_scope(const std::string& valid, const std::string& ranges, const std::string& more) const {
        folder.write("scope.json", R"({"schema":"herkomst-scope/1","authorised_by":"A. Person","purpose":"test",)" + valid +
                                       R"(,"ranges":[)" + ranges + "]" + more + "}");
    }
    // What a shell runs.
    [[nodiscard]] std::string command(const std::string& words, const std::string& until = "--until observations") const {
        const bool told = on_loopback(herkomst::read_file(path("scope.json")).value());
        return HERKOMST_BINARY_DIR "/bin/herkomst probe --quiet " + std::string(told ? "--now 2026-11-27T12:00:00Z " : "") +
               "--scope " + path("scope.json") + " --record " + path("record") + " --i-am-authorised Me " + until + " " + words;
    }
    [[nodiscard]] ProgramRan probe(const std::string& words = "", const std::string& until = "--until observations") const {
        return shell(command(words, until));
    }
    [[nodiscard]] std::vector<herkomst::Json> log(const std::string& record = "record") const {
        std::vector<herkomst::Json> lines;
        const std::string text = herkomst::read_file(path(record + "/exchanges.ndjson")).value();
        for (const std::string_view line : herkomst::split(text, '\n'))
            if (!line.empty()) lines.push_back(herkomst::parse_json(line, "record").value());
        return lines;
    }
    // "gated: reason", of the last line of that question to that address.
    [[nodiscard]] std::string outcome(const std::string& probe, const std::string& ip) const {
        std::string out;
        for (const herkomst::Json& line : log())
            if (line["probe"].string() == probe && line["target"].string() == ip)
                out = line["outcome"].string() + ": " + line["reason"].string();
        return out;
    }
};

inline bool says(const std::string& text, const std::string& what) { return text.find(what) != std::string::npos; }
