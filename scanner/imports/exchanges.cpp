// The record of our own probes (probes/record.h), for what was not learned: who was asked what and did not answer, and why; who
// is there and said nothing of himself; and for what packets rebuilt from it do not show: that a device was read over a version
// of TLS that is not safe any more. We offer every version up to 1.3, and a server takes the newest that it has (RFC 5246
// appendix E.1, RFC 8446 section 4.2.1). What was learned comes from the packets of the same record. Schema
// herkomst-exchanges/1, our own.
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
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

// Questions to which the network code of every host answers: they find out that somebody is there, and not who.
constexpr std::array<std::string_view, 3> of_presence = {"arp", "icmp_echo", "ndp"};

// Who answered, and to what.
struct There {
    std::set<std::string> questions;
    bool of_itself = false;  // to a question about itself
    std::uint64_t line = 0;  // the first
    std::uint64_t count = 0;
    Time first{};
    Time last{};
};

void answered(There& there, const Json& said, const std::string& question, std::uint64_t line) {
    const Time at = parse_rfc3339(said["at"].string()).value_or(Time{});
    there.of_itself = there.of_itself || std::ranges::find(of_presence, question) == of_presence.end();
    there.questions.insert(question);
    if (there.count++ == 0) {
        there.line = line;
        there.first = there.last = at;
    }
    there.first = std::min(there.first, at);
    there.last = std::max(there.last, at);
}

Coverage row_of(const ImportOptions& options, const IpAddress& ip, std::string asked, std::string outcome,
                std::uint64_t count) {
    Coverage row;
    row.subject.site = options.site;
    row.subject.ip = ip;
    row.asked = std::move(asked);
    row.outcome = std::move(outcome);
    row.count = count;
    return row;
}

// An asset, though nobody knows what it is.
Observation somebody(const ImportOptions& options, const IpAddress& ip, const There& there, const std::string& source) {
    Observation observation;
    observation.subject.site = options.site;
    observation.subject.ip = ip;
    observation.field = Field::role;
    observation.value = "host that answers";
    observation.strength = Strength::Listed;
    observation.method = "exchanges." + *there.questions.begin();
    observation.from = {source, there.line, 0, 0};
    observation.seen = {there.first, there.last, there.count};
    return observation;
}

// RFC 8996: 1.0 and 1.1 are not to be used; RFC 7568: nor is SSL 3.0. As OpenSSL names them. Empty: one that is.
std::string_view outdated(std::string_view version) {
    constexpr std::pair<std::string_view, std::string_view> names[] = {
        {"SSLv3", "SSL 3.0"}, {"TLSv1", "TLS 1.0"}, {"TLSv1.1", "TLS 1.1"}};
    for (const auto& [agreed, called] : names)
        if (agreed == version) return called;
    return {};
}

// What it agreed to is the newest that it has.
Observation old_tls(const ImportOptions& options, const IpAddress& ip, const Json& said, std::string_view version,
                    const Evidence& from) {
    Observation observation;
    observation.subject.site = options.site;
    observation.subject.ip = ip;
    observation.field = Field::stack;
    observation.value = "port " + std::to_string(said["port"].integer()) + ": " + std::string(version) + " at most";
    observation.strength = Strength::Hinted;
    observation.method = "probe.tls";
    observation.from = from;
    if (const auto at = parse_rfc3339(said["at"].string())) observation.seen = {*at, *at, 1};
    return observation;
}

Imported read(const std::string& path, const std::string& source, const ImportOptions& options) {
    Imported imported;
    const Result<std::string> text = read_file(path, std::size_t{1} << 30);
    if (!text) {
        imported.problems = text.problems();
        return imported;
    }
    using Row = std::tuple<IpAddress, std::string, std::string>;
    std::map<Row, std::uint64_t> rows;
    std::map<IpAddress, There> there;
    // What was not asked: until a later line of the record says what became of that question, or a later run begins.
    std::map<std::string, Row> not_asked;
    std::map<Row, std::uint64_t> not_reached;
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
        const IpAddress ip = IpAddress::parse(said["target"].string()).value_or(IpAddress{});
        const std::string outcome = clean(said["outcome"].string(), 64);
        if (said["type"].string() == "unasked") {
            const std::int64_t questions = said["questions"].integer();
            not_reached[{ip, "probes", outcome}] +=
                static_cast<std::uint64_t>(std::clamp<std::int64_t>(questions, 0, 1'000'000));
        }
        if (said["type"].string() == "header") not_reached.clear();
        if (said["type"].string() != "exchange") continue;
        const std::string question = clean(said["probe"].string(), 64);
        const std::string& key = said["key"].string();
        if (said["unasked"].boolean() && !key.empty()) {
            not_asked[key] = {ip, "probe " + question, outcome};
            continue;
        }
        not_asked.erase(key);
        if (const std::string_view version = outdated(said["tls"].string()); !version.empty() && ip.known()) {
            ++rows[{ip, "probe " + question, "read over " + std::string(version)}];
            imported.observations.add(old_tls(options, ip, said, version, {source, imported.rows, 0, 0}));
        }
        if (outcome != "answered") {
            ++rows[{ip, "probe " + question, outcome}];
            // It spoke, of itself or in another language: whatever that is, it is not only there.
            if (outcome == "declined" && ip.known()) there[ip].of_itself = true;
        } else if (ip.known() && !ip.multicast()) {
            answered(there[ip], said, question, imported.rows);
        }
    }
    for (const auto& [key, row] : not_asked) ++rows[row];
    for (const auto& [row, count] : not_reached) rows[row] += count;
    for (const auto& [ip, who] : there) {
        if (who.of_itself || who.questions.empty()) continue;
        imported.observations.add(somebody(options, ip, who, source));
        for (const std::string& question : who.questions)
            ++rows[{ip, "probe " + question, "answers, and says nothing of itself"}];
    }
    for (const auto& [key, count] : rows)
        imported.coverage.push_back(row_of(options, std::get<0>(key), std::get<1>(key), std::get<2>(key), count));
    return imported;
}

}  // namespace

Import exchanges() { return {"exchanges", "record of our own probes", "herkomst-exchanges/1", recognise, read}; }

}  // namespace herkomst::imports
