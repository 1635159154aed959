// Answers of people to the questions of the self-assessment, kept in the register's chain of events.
//
// An answer is an event `answered` with subject kind "answer" and subject "QUESTION@SCOPE" or "QUESTION@SCOPE:KEY"; its detail
// holds the rest. Nothing is ever changed: a later answer to the same question about the same thing takes the place of the
// earlier one, and a withdrawn one (event `withdrawn`) leaves the question open again. View `answers` of schema.sql shows all
// of them to anyone with `sqlite3`.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/json.h"
#include "core/result.h"
#include "register/register.h"

namespace herkomst {

struct Answer {
    std::string question;         // key of the questionnaire: "sup.country"
    std::string scope_kind;       // organisation, site, process, zone, supplier, operator, product, asset, finding
    std::string scope_key;        // process or zone as named, vendor slug, uid, finding; empty only of organisation and site
    Json value;                   // a code ("yes", "unknown"), a number, a text, or a list of codes
    std::string who;              // the person who answers; never empty
    Time when{};                  // when it was answered; may be before it was recorded
    std::string source;           // what the answer rests on: "contract 2026-14", "interview with ..."; may be empty
    std::optional<Time> expires;  // from then on it counts as not answered
    std::string questionnaire;    // version of the questionnaire that asked; may be empty
    std::string prefilled;        // what the scan proposed and the person confirmed, as text; empty: nothing was proposed
    std::string note;             // free text; may be empty
    std::int64_t event = 0;       // number of its event; set by the register
    [[nodiscard]] bool expired(Time as_of) const { return expires && *expires <= as_of; }
};

// Stores them in one transaction, all or none, in this order. `now`: the clock, the time of the events. A scope of kind asset
// is stored under its uid; an alias is followed. Problems (nothing is stored then): no question, an unknown scope kind, a key
// that is missing or not allowed, no value, nobody who answers, `when` later than `now`, an expiry that is not after `when`, an
// asset that the register does not hold. The place of a problem is `answer_place` of that one.
std::string answer_place(std::size_t index);  // "answers: /N"
Result<std::vector<std::int64_t>> put_answers(Register&, std::span<const Answer>, Time now);

// Takes back the one answer that `answers_at` shows there. What it overruled holds then: of an asset that others turned out to
// be, the answer of another of them, else one about something wider, else the question is open again. Problem: there is no such
// answer, nobody, no reason, or who may not.
Result<std::int64_t> withdraw_answer(Register&, std::string_view question, std::string_view scope_kind,
                                     std::string_view scope_key, std::string_view who, std::string_view reason, Time now);

// What counted at a time: of each question and scope the answer with the latest `when` (of equals the one recorded last) among
// those recorded and given at or before it, sorted by question, scope kind, scope key. Expired ones are there and say so
// (`expired(as_of)`); withdrawn ones are not. Of assets that are one now, the latest that was given and not withdrawn.
std::vector<Answer> answers_at(const Register&, Time as_of);

// When answers were last taken back, of each question and scope, up to a time; also where another one was given since. In the
// order of `answers_at`.
struct Withdrawal {
    std::string question;
    std::string scope_kind;
    std::string scope_key;
    std::string who;
    Time at{};
};
std::vector<Withdrawal> withdrawals_at(const Register&, Time as_of);

// Every answer ever given to one question about one thing, oldest first.
std::vector<Answer> answer_history(const Register&, std::string_view question, std::string_view scope_kind,
                                   std::string_view scope_key);

}  // namespace herkomst
