#include "register/history.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "register/open.h"

namespace herkomst {

using sql::Query;

namespace {

std::string plain(const Json& value) { return value.is_string() ? value.string() : write_json(value); }

void add(std::string& out, const std::string& part) {
    if (!part.empty()) out += (out.empty() ? "" : "; ") + part;
}

// From one value to another, where they differ.
void add_change(std::string& out, const char* what, const Json& pair) {
    if (!pair.is_array() || pair.at(0) == pair.at(1)) return;
    add(out, fmt::format("{} {} -> {}", what, plain(pair.at(0)), plain(pair.at(1))));
}

std::string told(const std::string& event, const Json& detail) {
    std::string out;
    if (event == "opened") add(out, fmt::format("{}, {}", detail["verdict"].string(), detail["band"].string()));
    add_change(out, "verdict", event == "opened" ? Json() : detail["verdict"]);
    add_change(out, "band", event == "opened" ? Json() : detail["band"]);
    add_change(out, "observation", detail["observation"]);
    for (const char* what : {"inherent", "residual", "criteria", "inputs_known"}) {
        const std::string called = std::string("rating ") + what;
        add_change(out, called.c_str(), detail["rating"][what]);
    }
    if (event == "rated" && !detail.has("rating")) add(out, "rated for the first time");
    for (const auto& [fact, pair] : detail["changed"].members()) add_change(out, fact.c_str(), pair);
    for (const auto& [field, value] : detail["set"].members()) {
        if (field == "decided_condition" || field == "decided_at") continue;
        add(out, value.is_null() ? fmt::format("{} taken away", field) : fmt::format("{}={}", field, value.string()));
    }
    if (event == "answered") {
        std::string answer = fmt::format("{} = {}", detail["question"].string(), plain(detail["value"]));
        if (detail.has("expires")) answer += fmt::format(" until {}", detail["expires"].string());
        add(out, answer);
    }
    if (event == "recorded") {
        add(out, fmt::format("{} sources, {} assets, {} findings", detail["sources"].items().size(), detail["assets"].integer(),
                             detail["findings"].integer()));
    }
    if (event == "migrated") add(out, fmt::format("schema {} to {}", detail["from"].integer(), detail["to"].integer()));
    for (const char* where : {"into", "from", "to"}) {
        if (detail[where].is_string() && event != "decided" && event != "accepted" && event != "closed")
            add(out, fmt::format("{} {}", where, detail[where].string()));
    }
    if (detail["because"].is_string()) add(out, detail["because"].string());
    if (detail["reason"].is_string()) add(out, fmt::format("\"{}\"", detail["reason"].string()));
    if (detail["cause"].is_string()) add(out, fmt::format("by {}", detail["cause"].string()));
    return out;
}

std::map<std::string, std::string> labels_of(sql::Database& database) {
    std::map<std::string, std::string> out;
    Query assets(database, "SELECT uid, label FROM assets");
    while (assets.step()) out[assets.text(0)] = assets.text(1);
    Query names(database, "SELECT subject, value FROM work WHERE subject_kind = 'asset' AND field = 'name'");
    while (names.step()) out[names.text(0)] = names.text(1);
    Query findings(database, "SELECT finding, rule, subject_en, subject_kind, subject_key FROM findings");
    while (findings.step()) {
        const auto named = findings.text(3) == "asset" ? out.find(findings.text(4)) : out.end();
        out[findings.text(0)] = fmt::format("{}: {}", findings.text(1), named == out.end() ? findings.text(2) : named->second);
    }
    return out;
}

using Subject = std::pair<std::string, std::string>;

void all_about(sql::Database& database, const Subject& subject, std::set<Subject>& out) {
    if (!out.insert(subject).second) return;
    const auto follow = [&](const char* query, const char* kind) {
        std::vector<std::string> found;
        {
            Query rows(database, query);
            rows.bind(subject.second);
            while (rows.step()) found.push_back(rows.text(0));
        }
        for (const std::string& each : found) all_about(database, {kind, each}, out);
    };
    if (subject.first == "asset") {
        follow("SELECT uid FROM assets WHERE merged_into = ?", "asset");
        follow("SELECT finding FROM findings WHERE subject_kind = 'asset' AND subject_key = ?", "finding");
        follow("SELECT subject FROM work WHERE subject_kind = 'assertion' AND field IN ('a', 'b') AND value = ?", "assertion");
        follow("SELECT DISTINCT subject FROM events WHERE subject_kind = 'answer' AND subject LIKE '%@asset:' || ?", "answer");
    } else if (subject.first == "finding") {
        follow("SELECT finding FROM findings WHERE merged_into = ?", "finding");
        follow("SELECT subject FROM work WHERE subject_kind = 'measure' AND field = 'finding' AND value = ?", "measure");
    }
}

}  // namespace

std::vector<HistoryRow> history(const Register& held, std::string_view subject_kind, std::string_view subject, bool again) {
    sql::Database& database = held.connection().database;
    std::set<Subject> about;
    if (!subject.empty()) all_about(database, {std::string(subject_kind), std::string(subject)}, about);
    const std::map<std::string, std::string> labels = labels_of(database);
    std::vector<HistoryRow> out;
    const auto take = [&](Query& rows) {
        while (rows.step()) {
            HistoryRow row;
            row.event = rows.text(3);
            if (!again && (row.event == "seen_again" || row.event == "sealed")) continue;
            row.seq = rows.integer(0);
            row.run = rows.integer(1);
            row.at = parse_rfc3339(rows.text(2)).value_or(Time{});
            row.subject_kind = rows.text(4);
            row.subject = rows.text(5);
            if (const auto label = labels.find(row.subject); label != labels.end()) row.label = label->second;
            const std::string text = rows.text(6);
            const Result<Json> detail = parse_json(text.empty() ? "{}" : text, "events");
            row.who = "program";
            if (detail && detail.value()["by"].is_string()) row.who = detail.value()["by"].string();
            row.what = text.empty() ? "(forgotten)" : detail ? told(row.event, detail.value()) : std::string();
            out.push_back(std::move(row));
        }
    };
    if (about.empty()) {
        Query rows(database, "SELECT seq, run, at, event, subject_kind, subject, detail FROM events ORDER BY seq");
        take(rows);
        return out;
    }
    for (const auto& [kind, key] : about) {
        Query rows(
            database,
            "SELECT seq, run, at, event, subject_kind, subject, detail FROM events WHERE subject_kind = ? AND subject = ? "
            "ORDER BY seq");
        rows.bind(kind).bind(key);
        take(rows);
    }
    std::sort(out.begin(), out.end(), [](const HistoryRow& a, const HistoryRow& b) { return a.seq < b.seq; });
    return out;
}

std::vector<Difference> differences(const Register& held, std::int64_t from, std::int64_t to) {
    sql::Database& database = held.connection().database;
    const std::map<std::string, std::string> labels = labels_of(database);
    std::vector<Difference> out;
    const auto label = [&](const std::string& subject) {
        const auto found = labels.find(subject);
        return found == labels.end() ? std::string() : found->second;
    };
    {
        Query fresh(database, "SELECT uid, kind FROM assets WHERE first_run > ? AND first_run <= ? AND merged_into IS NULL");
        fresh.bind(from).bind(to);
        while (fresh.step()) out.push_back({"network", "new", "asset", fresh.text(0), label(fresh.text(0)), fresh.text(1)});
    }
    // Events of people carry the number of the run before them.
    Query rows(
        database,
        "SELECT event, subject_kind, subject, detail FROM events WHERE event NOT IN ('seen_again', 'recorded', 'out_of_scope') "
        "AND subject_kind IN ('finding', 'asset', 'assertion', 'answer', 'measure') AND "
        "CASE WHEN iif(detail = '', NULL, detail ->> '$.by') IS NULL THEN run > ?1 AND run <= ?2 ELSE run >= ?1 AND run < ?2 "
        "END ORDER BY seq");
    rows.bind(from).bind(to);
    while (rows.step()) {
        const std::string event = rows.text(0);
        const Result<Json> detail = parse_json(rows.text(3).empty() ? "{}" : rows.text(3), "events");
        if (!detail) continue;
        std::string cause = detail.value()["by"].is_string() ? "people" : detail.value()["cause"].string();
        if (cause.empty()) cause = "network";
        out.push_back({cause, event, rows.text(1), rows.text(2), label(rows.text(2)), told(event, detail.value())});
    }
    std::stable_sort(out.begin(), out.end(), [](const Difference& a, const Difference& b) {
        return std::tie(a.cause, a.what, a.label, a.subject) < std::tie(b.cause, b.what, b.label, b.subject);
    });
    return out;
}

std::pair<std::int64_t, std::int64_t> last_two_runs(const Register& held) {
    const std::int64_t last = last_run(held.connection().database);
    return {last > 0 ? last - 1 : 0, last};
}

}  // namespace herkomst
