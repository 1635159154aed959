#include "cli/assess_answers.h"

#include <map>
#include <memory>
#include <stdexcept>

#include "assess/ways_out.h"
#include "core/file.h"
#include "register/answers.h"
#include "register/known.h"

namespace herkomst {

namespace {

GivenAnswer given(const Answer& kept, AnswerScope scope) {
    GivenAnswer out;
    out.question = kept.question;
    out.scope = scope;
    out.key = kept.scope_key;
    out.value = kept.value.string();
    out.by = kept.who;
    out.at = kept.when;
    // One without an end would be an answer for ever: it is taken for one that has ended.
    out.expires = kept.expires.value_or(kept.when);
    out.source = kept.source;
    out.note = kept.note;
    out.questionnaire = kept.questionnaire;
    out.proposed = kept.prefilled;
    return out;
}

Answer kept(const GivenAnswer& given) {
    Answer out;
    out.question = given.question;
    out.scope_kind = name(given.scope);
    out.scope_key = given.key;
    out.value = given.value;
    out.who = given.by;
    out.when = given.at;
    out.source = given.source;
    out.expires = given.expires;
    out.questionnaire = given.questionnaire;
    out.prefilled = given.proposed;
    out.note = given.note;
    return out;
}

}  // namespace

AnswerBook book_of(const Register& held, Time now) {
    AnswerBook out;
    for (const Answer& answer : answers_at(held, now)) {
        const auto scope = scope_named(answer.scope_kind);
        if (scope && answer.value.is_string()) out.add(given(answer, *scope));
    }
    return out;
}

AllTakenBack taken_back(const Register& held, Time now) {
    AllTakenBack out;
    for (Withdrawal& each : withdrawals_at(held, now)) {
        if (const auto scope = scope_named(each.scope_kind))
            out[{each.question, {*scope, each.scope_key}}] = {std::move(each.who), each.at};
    }
    return out;
}

Problems keep_answers(Register& held, const std::vector<GivenAnswer>& answers, Time now,
                      const std::vector<std::string>& places) {
    std::vector<Answer> rows;
    rows.reserve(answers.size());
    for (const GivenAnswer& answer : answers) rows.push_back(kept(answer));
    const auto done = put_answers(held, rows, now);
    if (done.ok()) return {};
    Problems problems = done.problems();
    for (Problem& problem : problems) {
        for (std::size_t i = 0; i < places.size(); ++i) {
            if (problem.place == answer_place(i)) problem.place = places[i];
        }
    }
    return problems;
}

std::function<void(std::vector<FactsRow>&)> answers_for(const Register& held, const Identified& identified,
                                                        const VendorDb& vendors, Time now) {
    auto book = std::make_shared<AnswerBook>(book_of(held, now));
    auto ways_out = std::make_shared<std::map<std::string, std::string, std::less<>>>(ways_out_seen(held));
    if (book->empty() && ways_out->empty()) return {};
    Result<Questionnaire> read = Questionnaire::load(data_folder() + "/rules/questionnaires/zelfscan.json");
    if (!read) throw std::runtime_error(read.problems().front().text());
    auto asked = std::make_shared<Questionnaire>(std::move(read.value()));
    asked->add_fact_questions();
    const auto known = known_assets(held, identified);
    auto blocked = std::make_shared<std::map<std::string, Time, std::less<>>>();
    auto subjects = std::make_shared<std::map<std::string, AnswerSubject, std::less<>>>();
    for (const Asset& asset : identified.assets) {
        const auto found = known.find(asset.key);
        // One that is new has no answers of its own yet, but its maker, type and site may.
        AnswerSubject subject{asset.key, found == known.end() ? asset.key : found->second.uid, "", "", "", asset.site};
        if (found != known.end()) {
            subject.process = found->second.process;
            subject.zone = found->second.zone;
        }
        subjects->emplace(asset.key, std::move(subject));
        if (asset.belief(Field::remote_blocked) != nullptr) blocked->emplace(asset.key, blocked_said(asset));
    }
    const VendorDb* db = &vendors;
    return [book, asked, subjects, ways_out, blocked, db, now](std::vector<FactsRow>& rows) {
        for (FactsRow& row : rows) {
            const auto subject = subjects->find(row.asset);
            const auto seen = subject == subjects->end() ? ways_out->end() : ways_out->find(subject->second.uid);
            if (seen == ways_out->end()) continue;
            const auto here = parse_rfc3339(text_of(row, "outside_seen"));
            const auto before = parse_rfc3339(seen->second);
            if (!here || (before && *here < *before)) row.facts["outside_seen"] = seen->second;
            if (const auto said = blocked->find(row.asset); said != blocked->end()) doubt_blocked(row, said->second);
        }
        const auto subject_of = [&](std::string_view asset) {
            const auto found = subjects->find(asset);
            return found == subjects->end() ? nullptr : &found->second;
        };
        fill_facts(rows, subject_of, *asked, *book, now, db);
    };
}

}  // namespace herkomst
