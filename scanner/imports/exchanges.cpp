// The record of our own probes (probes/record.h), for what was not learned: who was asked what and did not answer, and why;
// and for what packets rebuilt from it do not show: that a device was read over a version of TLS that is not safe any more.
// We offer every version up to 1.3, and a server takes the newest that it has (RFC 5246 appendix E.1, RFC 8446 section 4.2.1).
// What was learned comes from the packets of the same record. Schema herkomst-exchanges/1, our own.
#include <cstdio>
#include <map>
#include <utility>

#include "core/clock.h"
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

// RFC 8996: 1.0 and 1.1 are not to be used; RFC 7568: nor is SSL 3.0. As OpenSSL names them. Empty: one that is.
std::string_view outdated(std::string_view version) {
    constexpr std::pair<std::string_view, std::string_view> names[] = {
        {"SSLv3", "SSL 3.0"}, {"TLSv1", "TLS 1.0"}, {"TLSv1.1", "TLS 1.1"}};
    for (const auto& [agreed, called] : names)
        if (agreed == version) return called;
    return {};
}

Imported read(const std::string& path, const std::string& source, const ImportOptions& options) {
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
        if (said["type"].string() != "exchange") continue;
        const std::string asked = "probe " + clean(said["probe"].string(), 64);
        const auto target = IpAddress::parse(said["target"].string());
        if (const std::string_view version = outdated(said["tls"].string()); !version.empty() && target) {
            ++rows[{*target, asked, "read over " + std::string(version)}];
            Observation observation;
            observation.subject.site = options.site;
            observation.subject.ip = *target;
            observation.field = Field::stack;
            observation.value = "port " + std::to_string(said["port"].integer()) + ": " + std::string(version) + " at most";
            observation.strength = Strength::Hinted;
            observation.method = "probe.tls";
            observation.from = {source, imported.rows, 0, 0};
            if (const auto at = parse_rfc3339(said["at"].string())) observation.seen = {*at, *at, 1};
            imported.observations.add(observation);
        }
        if (said["outcome"].string() == "answered") continue;
        ++rows[{target.value_or(IpAddress{}), asked, clean(said["outcome"].string(), 64)}];
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
