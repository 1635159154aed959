#include "register/answers.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "register/acts.h"
#include "register/chain.h"
#include "register/open.h"

namespace herkomst {

namespace {

using sql::Query;

constexpr std::array<std::string_view, 9> scopes = {"asset",   "finding", "operator", "organisation", "process",
                                                    "product", "site",    "supplier", "zone"};

std::string subject_of(std::string_view question, std::string_view kind, std::string_view key) {
    return key.empty() ? fmt::format("{}@{}", question, kind) : fmt::format("{}@{}:{}", question, kind, key);
}

bool plain_text(std::string_view text, std::string_view refused) {
    return std::none_of(text.begin(), text.end(), [&](char c) {
        return static_cast<unsigned char>(c) < 0x20 || refused.find(c) != std::string_view::npos;
    });
}

bool a_value(const Json& value) {
    if (value.is_string()) return !value.string().empty();
    if (value.is_array()) {
        return !value.items().empty() && std::all_of(value.items().begin(), value.items().end(), [](const Json& one) {
            return (one.is_string() && !one.string().empty()) || one.is_number();
        });
    }
    return value.is_number() || value.is_bool();
}

// The uid that an asset goes by today; empty: it is not here.
std::string today(sql::Database& database, const std::string& uid) {
    Query query(database, "SELECT coalesce(merged_into, uid) FROM assets WHERE uid = ?");
    query.bind(uid);
    return query.step() ? query.text(0) : std::string();
}

// Under which an answer may stand: of an asset that others turned out to be, theirs as well.
std::vector<std::string> subjects_of(sql::Database& database, std::string_view question, std::string_view scope_kind,
                                     std::string_view scope_key) {
    if (scope_kind != "asset") return {subject_of(question, scope_kind, scope_key)};
    std::vector<std::string> out;
    Query uids(database,
               "SELECT uid FROM assets WHERE coalesce(merged_into, uid) = (SELECT coalesce(merged_into, uid) FROM assets WHERE "
               "uid = ?) ORDER BY number");
    uids.bind(scope_key);
    while (uids.step()) out.push_back(subject_of(question, scope_kind, uids.text(0)));
    return out;
}

void check_answer(sql::Database& database, Answer& answer, std::size_t index, Time now, Problems& problems) {
    const auto complain = [&](std::string sentence) { problems.push_back({answer_place(index), std::move(sentence)}); };
    if (answer.question.empty() || !plain_text(answer.question, "@ ")) complain("names no question");
    if (std::find(scopes.begin(), scopes.end(), answer.scope_kind) == scopes.end()) {
        complain(fmt::format(
            "\"{}\" is no scope: one of asset, finding, operator, organisation, process, product, site, supplier, zone",
            answer.scope_kind));
        return;
    }
    const bool one_only = answer.scope_kind == "organisation" || answer.scope_kind == "site";
    if (!plain_text(answer.scope_key, "")) complain("the key of its scope holds a control character");
    if (answer.scope_key.empty() && !one_only) complain(fmt::format("says not which {} it is about", answer.scope_kind));
    if (!a_value(answer.value)) complain("has no value");
    if (answer.who.empty())
        complain("says not who answers");
    else
        check_person(database, answer.who, answer_place(index), problems);
    if (answer.when > now) complain("was answered in the future");
    if (answer.expires && *answer.expires <= answer.when) complain("expires before it was answered");
    if (answer.scope_kind == "asset" && !answer.scope_key.empty()) {
        const std::string uid = today(database, answer.scope_key);
        if (uid.empty()) complain(fmt::format("there is no asset {}", answer.scope_key));
        answer.scope_key = uid;
    }
}

Json detail_of(const Answer& answer) {
    Json detail = Json::object();
    detail["question"] = answer.question;
    detail["scope"] = answer.scope_kind;
    detail["key"] = answer.scope_key;
    detail["value"] = answer.value;
    detail["by"] = answer.who;
    detail["when"] = rfc3339(answer.when);
    if (answer.expires) detail["expires"] = rfc3339(*answer.expires);
    if (!answer.source.empty()) detail["source"] = answer.source;
    if (!answer.questionnaire.empty()) detail["questionnaire"] = answer.questionnaire;
    if (!answer.prefilled.empty()) detail["prefilled"] = answer.prefilled;
    if (!answer.note.empty()) detail["note"] = answer.note;
    return detail;
}

Answer answer_of(std::int64_t event, const std::string& text) {
    Answer out;
    out.event = event;
    const Result<Json> read = parse_json(text, "events");
    if (!read) return out;
    const Json& detail = read.value();
    out.question = detail["question"].string();
    out.scope_kind = detail["scope"].string();
    out.scope_key = detail["key"].string();
    out.value = detail["value"];
    out.who = detail["by"].string();
    out.when = parse_rfc3339(detail["when"].string()).value_or(Time{});
    out.expires = parse_rfc3339(detail["expires"].string());
    out.source = detail["source"].string();
    out.questionnaire = detail["questionnaire"].string();
    out.prefilled = detail["prefilled"].string();
    out.note = detail["note"].string();
    return out;
}

// Which asset each of those is that turned out to be another one.
std::map<std::string, std::string> merged_assets(sql::Database& database) {
    std::map<std::string, std::string> out;
    Query rows(database, "SELECT uid, merged_into FROM assets WHERE merged_into IS NOT NULL");
    while (rows.step()) out[rows.text(0)] = rows.text(1);
    return out;
}

bool is_later(const Answer& a, const Answer& b) { return std::tie(a.when, a.event) > std::tie(b.when, b.event); }

// By the subject of its event: what was said of an asset before it turned out to be another one stands beside what was said of
// that one, and each is taken back by itself.
std::map<std::string, Answer> standing_answers(sql::Database& database, Time as_of) {
    std::map<std::string, Answer> out;
    Query rows(database, "SELECT seq, event, at, subject, detail FROM events WHERE subject_kind = 'answer' ORDER BY seq");
    while (rows.step()) {
        const auto recorded = parse_rfc3339(rows.text(2));
        if (recorded && *recorded > as_of) continue;
        const std::string subject = rows.text(3);
        if (rows.text(1) == "withdrawn") {
            out.erase(subject);
            continue;
        }
        Answer answer = answer_of(rows.integer(0), rows.text(4));
        if (answer.question.empty() || answer.when > as_of) continue;
        if (const std::size_t key = subject.find("@asset:"); answer.scope_kind == "asset" && key != std::string::npos)
            answer.scope_key = subject.substr(key + 7);
        const auto [at, fresh] = out.try_emplace(subject, answer);
        if (!fresh && !is_later(at->second, answer)) at->second = std::move(answer);
    }
    return out;
}

}  // namespace

std::string answer_place(std::size_t index) { return fmt::format("answers: /{}", index); }

Result<std::vector<std::int64_t>> put_answers(Register& held, std::span<const Answer> answers, Time now) {
    sql::Database& database = held.connection().database;
    sql::Transaction transaction(database);
    Problems problems;
    std::vector<Answer> checked(answers.begin(), answers.end());
    for (std::size_t i = 0; i < checked.size(); ++i) check_answer(database, checked[i], i, now, problems);
    if (!problems.empty()) return problems;
    EventChain chain(database, last_run(database), now);
    std::vector<std::int64_t> events;
    events.reserve(checked.size());
    for (const Answer& answer : checked) {
        events.push_back(chain.add("answered", "answer", subject_of(answer.question, answer.scope_kind, answer.scope_key),
                                   detail_of(answer)));
    }
    transaction.commit();
    return events;
}

Result<std::int64_t> withdraw_answer(Register& held, std::string_view question, std::string_view scope_kind,
                                     std::string_view scope_key, std::string_view who, std::string_view reason, Time now) {
    const std::string subject = subject_of(question, scope_kind, scope_key);
    sql::Database& database = held.connection().database;
    sql::Transaction transaction(database);
    Problems problems;
    if (!who.empty()) check_person(database, who, subject, problems);
    if (problems.empty())
        check_actor(database, {.by = std::string(who), .role = "analyst", .reason = std::string(reason), .now = now}, subject,
                    problems, true);
    if (!problems.empty()) return problems;
    const std::map<std::string, Answer> all = standing_answers(database, now);
    auto shown = all.end();
    for (const std::string& each : subjects_of(database, question, scope_kind, scope_key)) {
        const auto found = all.find(each);
        if (found != all.end() && (shown == all.end() || is_later(found->second, shown->second))) shown = found;
    }
    if (shown == all.end()) return Problem{subject, "there is no such answer"};
    EventChain chain(database, last_run(database), now);
    const std::int64_t event = chain.add("withdrawn", "answer", shown->first,
                                         JsonObject{{"by", Json(who)}, {"question", Json(question)}, {"reason", Json(reason)}});
    transaction.commit();
    return event;
}

std::vector<Answer> answers_at(const Register& held, Time as_of) {
    sql::Database& database = held.connection().database;
    // What was said of an asset that turned out to be another one holds for that one.
    const std::map<std::string, std::string> merged = merged_assets(database);
    std::map<std::string, Answer> by_subject;
    for (auto& [subject, answer] : standing_answers(database, as_of)) {
        const auto now = answer.scope_kind == "asset" ? merged.find(answer.scope_key) : merged.end();
        if (now != merged.end()) answer.scope_key = now->second;
        const auto [at, fresh] =
            by_subject.try_emplace(subject_of(answer.question, answer.scope_kind, answer.scope_key), answer);
        if (!fresh && is_later(answer, at->second)) at->second = std::move(answer);
    }
    std::vector<Answer> out;
    out.reserve(by_subject.size());
    for (auto& [subject, answer] : by_subject) out.push_back(std::move(answer));
    std::sort(out.begin(), out.end(), [](const Answer& a, const Answer& b) {
        return std::tie(a.question, a.scope_kind, a.scope_key) < std::tie(b.question, b.scope_kind, b.scope_key);
    });
    return out;
}

std::vector<Withdrawal> withdrawals_at(const Register& held, Time as_of) {
    sql::Database& database = held.connection().database;
    const std::map<std::string, std::string> merged = merged_assets(database);
    std::map<std::tuple<std::string, std::string, std::string>, Withdrawal> last;
    Query rows(database,
               "SELECT at, subject, CASE WHEN json_valid(detail) THEN coalesce(detail ->> '$.by', '') ELSE '' END FROM events "
               "WHERE subject_kind = 'answer' AND event = 'withdrawn' ORDER BY seq");
    while (rows.step()) {
        const auto at = parse_rfc3339(rows.text(0));
        if (!at || *at > as_of) continue;
        const std::string subject = rows.text(1);
        const std::size_t scope = std::min(subject.find('@'), subject.size() - 1) + 1;
        const std::size_t key = std::min(subject.find(':', scope), subject.size());
        Withdrawal one{subject.substr(0, scope - 1), subject.substr(scope, key - scope),
                       subject.substr(std::min(key + 1, subject.size())), rows.text(2), *at};
        if (const auto now = merged.find(one.scope_key); one.scope_kind == "asset" && now != merged.end())
            one.scope_key = now->second;
        Withdrawal& there = last[{one.question, one.scope_kind, one.scope_key}];
        if (there.question.empty() || there.at <= one.at) there = std::move(one);
    }
    std::vector<Withdrawal> out;
    out.reserve(last.size());
    for (auto& [about, one] : last) out.push_back(std::move(one));
    return out;
}

std::vector<Answer> answer_history(const Register& held, std::string_view question, std::string_view scope_kind,
                                   std::string_view scope_key) {
    std::vector<Answer> out;
    const std::string subject = subject_of(question, scope_kind, scope_key);
    Query rows(
        held.connection().database,
        "SELECT seq, detail FROM events WHERE subject_kind = 'answer' AND subject = ? AND event = 'answered' ORDER BY seq");
    rows.bind(subject);
    while (rows.step()) out.push_back(answer_of(rows.integer(0), rows.text(1)));
    return out;
}

}  // namespace herkomst
