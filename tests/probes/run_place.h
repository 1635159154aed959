// A folder with a scope file and the records of runs of the program over it.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "../lint/folder.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/json.h"
#include "core/text.h"
#include "herkomst_run.h"

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
    void scope(const std::string& ranges, const std::string& more = "") const {
        write_scope("2026-11-01T00:00:00Z", "2026-12-31T00:00:00Z", ranges, more);
    }
    // For runs by the real clock.
    void scope_of_today(const std::string& ranges, const std::string& more = "") const {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const herkomst::Time today{std::chrono::duration_cast<herkomst::Time::duration>(now)};
        write_scope(herkomst::rfc3339(today - std::chrono::hours(24)), herkomst::rfc3339(today + std::chrono::hours(24)),
                    ranges, more);
    }
    void write_scope(const std::string& from, const std::string& until, const std::string& ranges,
                     const std::string& more) const {
        folder.write("scope.json",
                     R"({"schema":"herkomst-scope/1","authorised_by":"A. Person","purpose":"test","valid":{"from":")" + from +
                         R"(","until":")" + until + R"("},"ranges":[)" + ranges + "]" + more + "}");
    }
    // What a shell runs.
    [[nodiscard]] std::string command(const std::string& words, const std::string& until = "--until observations") const {
        return HERKOMST_BINARY_DIR "/bin/herkomst probe --quiet --now 2026-11-27T12:00:00Z --scope " + path("scope.json") +
               " --record " + path("record") + " --i-am-authorised Me " + until + " " + words;
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
