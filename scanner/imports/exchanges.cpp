// The record of our own probes (probes/record.h), for what was not learned: who was asked what and did not answer, and why.
// What was learned comes from the packets of the same record. Schema herkomst-exchanges/1, our own.
#include <cstdio>
#include <map>

#include "core/file.h"
#include "core/json.h"
#include "core/text.h"
#include "imports/import.h"

namespace herkomst::imports {

namespace {

constexpr std::string_view schema = "herkomst-exchanges/1";

bool recognise(std::string_view start, std::string_view) {
    return start.starts_with('{') && start.substr(0, start.find('\n')).find(schema) != std::string_view::npos;
}

Imported read(const std::string& path, const std::string&, const ImportOptions& options) {
    Imported imported;
    const Result<std::string> text = read_file(path, std::size_t{1} << 30);
    if (!text) {
        imported.problems = text.problems();
        return imported;
    }
    std::map<std::tuple<IpAddress, std::string, std::string>, std::uint64_t> rows;
    for (const std::string_view line : split(text.value(), '\n')) {
        if (line.empty()) continue;
        ++imported.rows;
        const std::string place = path + ":" + std::to_string(imported.rows);
        const Result<Json> json = parse_json(line, place);
        if (!json || !json.value().is_object()) {
            imported.problems.push_back({place, "is no line of a record (a run was broken off there?)"});
            continue;
        }
        ++imported.used;
        const Json& said = json.value();
        if (said["type"].string() != "exchange" || said["outcome"].string() == "answered") continue;
        const std::string asked = "probe " + clean(said["probe"].string(), 64);
        ++rows[{IpAddress::parse(said["target"].string()).value_or(IpAddress{}), asked, clean(said["outcome"].string(), 64)}];
    }
    for (const auto& [key, count] : rows) {
        Coverage row;
        row.subject.site = options.site;
        row.subject.ip = std::get<0>(key);
        row.asked = std::get<1>(key);
        row.outcome = std::get<2>(key);
        row.count = count;
        imported.coverage.push_back(std::move(row));
    }
    return imported;
}

}  // namespace

Import exchanges() { return {"exchanges", "record of our own probes", "herkomst-exchanges/1", recognise, read}; }

}  // namespace herkomst::imports
