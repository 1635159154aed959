#include "cli/risk_data.h"

#include <fmt/core.h>

#include <set>
#include <stdexcept>

#include "core/file.h"
#include "core/json.h"
#include "exports/uuid.h"
#include "register/open.h"

namespace herkomst {

using sql::Query;

namespace {

Texts texts_in(const Json& json) { return {json["nl"].string(), json["en"].string()}; }

std::vector<std::string> names_in(const Json& json) {
    std::vector<std::string> out;
    for (const Json& each : json.items()) out.push_back(each.string());
    return out;
}

// The published words for what happened.
std::string type_of(std::string_view event, const Json& detail) {
    if (event == "opened") return "created";
    if (event == "changed" || event == "refuted") return "evidence_changed";
    if (event == "rated") return "rating_changed";
    if (event == "reopened") return detail["cause"].string() == "time" ? "acceptance_expired" : "reopened";
    if (event == "decided") return "status_changed";
    if (event == "assigned" || event == "measured" || event == "carried" || event == "moved") return "treatment_changed";
    if (event == "set") {
        for (const auto& [field, value] : detail["set"].members()) {
            if (field.starts_with("residual_")) return "rating_changed";
            if (field != "note") return "treatment_changed";
        }
        return "comment";
    }
    for (const std::string_view same : {"not_observed", "out_of_scope", "accepted", "closed", "merged", "split"}) {
        if (event == same) return std::string(same);
    }
    return "comment";
}

RiskEvent event_at(const Query& row) {
    RiskEvent out;
    out.event = row.integer(0);
    out.run = row.integer(1);
    out.at = parse_rfc3339(row.text(2)).value_or(Time{});
    out.what = row.text(3);
    out.prev = row.text(5);
    out.hash = row.text(6);
    const std::string text = row.text(4);
    const Result<Json> read = parse_json(text.empty() ? "{}" : text, "events");
    if (!read) return out;
    const Json& detail = read.value();
    out.type = type_of(out.what, detail);
    out.by = detail["by"].string();
    out.role = detail["role"].string();
    out.reason = detail["reason"].is_string() ? detail["reason"].string() : detail["because"].string();
    if (detail["band"].is_array()) {
        out.from = detail["band"].at(0).string();
        out.to = detail["band"].at(1).string();
    } else if (detail["observation"].is_array()) {
        out.from = detail["observation"].at(0).string();
        out.to = detail["observation"].at(1).string();
    }
    for (const auto& [field, value] : detail["set"].members()) {
        if (field == "decided_condition") continue;
        out.fields[field] = value.string();
        if (field == "status") {
            out.from = detail["from"].string().starts_with("R-") ? std::string() : detail["from"].string();
            out.to = value.string();
        }
    }
    return out;
}

void read_log(sql::Database& database, RiskData& out) {
    std::map<std::string, std::string> measures;
    {
        Query rows(database, "SELECT subject, value FROM work WHERE subject_kind = 'measure' AND field = 'finding'");
        while (rows.step()) measures[rows.text(0)] = rows.text(1);
    }
    Query rows(database,
               "SELECT seq, run, at, event, detail, prev, hash, subject_kind, subject FROM events WHERE subject_kind IN "
               "('finding', 'measure') AND event <> 'seen_again' ORDER BY seq");
    while (rows.step()) {
        std::string finding = rows.text(8);
        if (rows.text(7) == "measure") {
            const auto of = measures.find(finding);
            if (of == measures.end()) continue;
            finding = of->second;
        }
        RiskEvent event = event_at(rows);
        if (rows.text(7) == "measure") event.type = "treatment_changed";
        out.log[finding].push_back(std::move(event));
    }
}

void read_claims(sql::Database& database, const Overview& all, RiskData& out) {
    std::set<Evidence> wanted;
    for (const auto* list : {&all.findings, &all.questions}) {
        for (const OverviewFinding& one : *list) wanted.insert(one.finding.evidence.begin(), one.finding.evidence.end());
    }
    if (wanted.empty()) return;
    Query rows(
        database,
        "SELECT source, frame, first_byte, end_byte, field, value, strength, method, last_seen FROM claims WHERE source <> "
        "'' AND because = '' ORDER BY field, value");
    while (rows.step()) {
        const Evidence place{rows.text(0), static_cast<std::uint64_t>(rows.integer(1)),
                             static_cast<std::uint32_t>(rows.integer(2)), static_cast<std::uint32_t>(rows.integer(3))};
        if (!wanted.contains(place)) continue;
        out.claims.try_emplace(place, RiskClaim{rows.text(4), rows.text(5), rows.text(6), rows.text(7),
                                                parse_rfc3339(rows.text(8)).value_or(Time{})});
    }
}

}  // namespace

Result<RiskData> load_scenarios(const std::string& path) {
    const Result<std::string> text = read_file(path, 1 << 20);
    if (!text) return text.problems();
    const Result<Json> read = parse_json(text.value(), path);
    if (!read) return read.problems();
    const Json& json = read.value();
    Problems problems;
    const auto wrong = [&](const std::string& pointer, const char* sentence) {
        problems.push_back({fmt::format("{}: {}", path, pointer), sentence});
    };
    RiskData out;
    for (const auto& [code, article] : json["obligations"].members()) {
        out.obligations[code] = texts_in(article);
        if (out.obligations[code].nl.empty() || out.obligations[code].en.empty())
            wrong("/obligations/" + code, "a text is missing");
    }
    for (const auto& [which, questions] : json["considerations"].members()) out.considerations[which] = names_in(questions);
    std::map<std::string, RiskScenario, std::less<>> categories;
    for (const auto& [category, said] : json["categories"].members()) {
        RiskScenario& one = categories[category];
        one = {category, texts_in(said["event"]), texts_in(said["consequence"]), names_in(said["obligations"])};
        for (const Texts* texts : {&one.event, &one.consequence}) {
            if (texts->nl.empty() || texts->en.empty()) wrong("/categories/" + category, "a text is missing");
        }
    }
    for (const auto& [rule, said] : json["rules"].members()) {
        const auto category = categories.find(said["category"].string());
        if (category == categories.end()) {
            wrong("/rules/" + rule, "there is no such category");
            continue;
        }
        RiskScenario& one = out.scenarios[rule] = category->second;
        const std::vector<std::string> own = names_in(said["obligations"]);
        one.obligations.insert(one.obligations.begin(), own.begin(), own.end());
        for (const std::string& code : one.obligations) {
            if (!out.obligations.contains(code)) wrong("/rules/" + rule, "there is no such obligation");
        }
    }
    if (!problems.empty()) return problems;
    return out;
}

RiskData risk_data_of(const Register& held, const Overview& all) {
    Result<RiskData> read = load_scenarios(data_folder() + "/rules/scenarios/scenarios.json");
    if (!read) throw std::runtime_error(read.problems().front().text());
    RiskData out = std::move(read.value());
    sql::Database& database = held.connection().database;
    const sql::Snapshot snapshot(database);
    {
        Query first(database, "SELECT hash FROM events WHERE seq = 1");
        if (first.step()) out.register_id = uuid_of("herkomst register\n" + first.text(0));
    }
    Query rows(database, "SELECT finding, condition_hash FROM findings WHERE merged_into IS NULL");
    while (rows.step()) out.conditions[rows.text(0)] = rows.text(1);
    read_log(database, out);
    read_claims(database, all, out);
    return out;
}

}  // namespace herkomst
