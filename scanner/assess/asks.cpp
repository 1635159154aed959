// Which questions to put to a person, about what, and in which order.
#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "assess/answers.h"
#include "assess/facts_table.h"
#include "assess/rated_power.h"

namespace herkomst {

namespace {

struct Member {
    const AnswerSubject* subject = nullptr;
    const FactsRow* row = nullptr;
};

// An answer counts for leaving another question out only when it has the source that it needs, and nothing that was seen speaks
// against it.
bool said(const Questionnaire& asked, const AnswerBook& book, const Question::Said& wanted, const Member& member, Time now) {
    const Question* question = asked.question(wanted.question);
    const GivenAnswer* answer = book.for_asset(*question, *member.subject, member.row->facts);
    if (answer == nullptr || !answer->holds(now)) return false;
    if (question->needs_source && !vouched_for(*answer)) return false;
    if (std::find(wanted.is.begin(), wanted.is.end(), answer->value) == wanted.is.end()) return false;
    return std::none_of(question->contradicted_by.begin(), question->contradicted_by.end(), [&](const Question::Conflict& c) {
        return contradicts(c, fact_of(member.row->facts, c.fact), *answer);
    });
}

bool overtaken(const Question& question, const GivenAnswer& answer, const std::vector<Member>& members) {
    return std::any_of(question.contradicted_by.begin(), question.contradicted_by.end(), [&](const Question::Conflict& c) {
        return c.later() && std::any_of(members.begin(), members.end(), [&](const Member& member) {
                   return contradicts(c, fact_of(member.row->facts, c.fact), answer);
               });
    });
}

bool skipped(const Questionnaire& asked, const AnswerBook& book, const Question& question, const Member& member, Time now) {
    return std::any_of(question.skip_when.begin(), question.skip_when.end(), [&](const std::vector<Question::Said>& all) {
        return std::all_of(all.begin(), all.end(),
                           [&](const Question::Said& one) { return said(asked, book, one, member, now); });
    });
}

// The answer that a fact proposes: the first proposal that holds for any of the members.
void propose(const AnswerScale& scale, const std::vector<Member>& members, Ask& ask) {
    for (const Question::Proposal& proposal : ask.question->proposes) {
        for (const Member& member : members) {
            const Json& known = fact_of(member.row->facts, proposal.fact);
            if (known.is_null()) continue;
            std::string says = proposal.answer;
            if (proposal.is.empty()) {
                says = known.is_integer() ? std::to_string(known.integer()) : known.string();
            } else if (std::find(proposal.is.begin(), proposal.is.end(), known) == proposal.is.end()) {
                continue;
            }
            const Result<std::string> read = scale.read(says);
            if (!read) continue;
            ask.proposal = read.value();
            ask.proposal_from = proposal.fact;
            return;
        }
    }
}

class Planner {
  public:
    Planner(const Questionnaire& asked, const std::vector<AnswerSubject>& subjects, const std::vector<FactsRow>& rows,
            const std::vector<Finding>& findings, const AnswerBook& book, const AskOptions& options)
        : asked_(asked), book_(book), options_(options) {
        std::map<std::string_view, const FactsRow*> row_of;
        for (const FactsRow& row : rows) row_of[row.asset] = &row;
        for (const AnswerSubject& subject : subjects) {
            const auto found = row_of.find(subject.asset);
            if (found == row_of.end()) continue;
            if (!options.asset.empty() && options.asset != subject.uid && options.asset != subject.asset) continue;
            number_[subject.asset] = members_.size();
            members_.push_back({&subject, found->second});
        }
        for (const Finding& finding : findings) add(finding);
    }

    std::vector<Ask> asks() {
        std::vector<Ask> out;
        for (const Question& question : asked_.questions) {
            std::set<AnswerPlace> places;
            for (std::size_t i = 0; i < members_.size(); ++i) {
                if (wanted(question, i)) places.insert(place(question, members_[i]));
            }
            // The organisation is asked about even when nothing was found.
            if (question.scope == AnswerScope::Organisation && options_.asset.empty() && !question.only_when_missing)
                places.insert({AnswerScope::Organisation, ""});
            for (const AnswerPlace& where : places) add(question, where, out);
        }
        return out;
    }

  private:
    // A rule's question waits for these facts of these assets.
    void add(const Finding& finding) {
        std::set<std::string> facts;
        bool sum_only = true;
        for (const std::string& fact : finding.missing) {
            const auto sum = asked_.stands_for.find(fact);
            if (sum == asked_.stands_for.end()) {
                facts.insert(fact);
                sum_only = false;
            } else {
                facts.insert(sum->second.begin(), sum->second.end());
            }
        }
        const auto of_asset = [&](std::size_t i) {
            if (finding.verdict != Ruling::Question) {
                concerned_.insert(i);
                return;
            }
            for (const std::string& fact : facts) {
                if (fact_of(members_[i].row->facts, fact).is_null()) waiting_[fact][i].insert(&finding);
            }
        };
        if (finding.subject.kind == "asset") {
            const auto found = number_.find(finding.subject.key);
            if (found != number_.end()) of_asset(found->second);
            return;
        }
        for (std::size_t i = 0; i < members_.size(); ++i) {
            const Facts& row = members_[i].row->facts;
            const bool member =
                finding.subject.kind == "site" ||
                (finding.subject.kind == "vendor" && fact_of(row, "maker").string() == finding.subject.key) ||
                (finding.subject.kind == "parent" && fact_of(row, "parent").string() == finding.subject.key) ||
                (finding.subject.kind == "operator" && fact_of(row, "cloud_operator").string() == finding.subject.key) ||
                (finding.subject.kind == "jurisdiction" && fact_of(row, "control_country").string() == finding.subject.key);
            // A finding about a whole site says nothing about each of its devices: only what it misses is asked.
            if (!member) continue;
            if (finding.subject.kind == "site" && finding.verdict == Ruling::Open) continue;
            // Sums are about devices that make, store or draw power, or may.
            if (sum_only && !counts_as_power(row)) continue;
            of_asset(i);
        }
    }

    [[nodiscard]] bool lacks(const Question& question, std::size_t i) const {
        return std::any_of(question.fills.begin(), question.fills.end(), [&](const Question::Fill& fill) {
            const auto found = waiting_.find(fill.fact);
            return fill.decides() && found != waiting_.end() && found->second.contains(i);
        });
    }

    [[nodiscard]] bool wanted(const Question& question, std::size_t i) const {
        if (lacks(question, i)) return true;
        if (question.only_when_missing) return false;
        const Member& member = members_[i];
        if (!options_.asset.empty()) {
            if (question.scope == AnswerScope::Organisation || question.scope == AnswerScope::Site) return false;
        } else if (!options_.everything) {
            // Somebody has to answer for what stands; what nobody knows the maker of is not asked about its maker.
            if (!concerned_.contains(i)) return false;
            if (question.scope != AnswerScope::Asset && place(question, member).scope == AnswerScope::Asset) return false;
        }
        return !skipped(asked_, book_, question, member, options_.now);
    }

    [[nodiscard]] AnswerPlace place(const Question& question, const Member& member) const {
        if (!options_.asset.empty()) return {AnswerScope::Asset, member.subject->uid};
        return place_of(question.scope, *member.subject, member.row->facts);
    }

    // Everything for which an answer there will hold.
    const std::vector<std::size_t>& members_at(AnswerScope scope, const AnswerPlace& where) {
        auto& places = members_at_[scope];
        if (places.empty()) {
            for (std::size_t i = 0; i < members_.size(); ++i)
                places[place_of(scope, *members_[i].subject, members_[i].row->facts)].push_back(i);
        }
        return places[where];
    }

    void add(const Question& question, const AnswerPlace& where, std::vector<Ask>& out) {
        Ask ask;
        ask.question = &question;
        ask.place = where;
        std::vector<Member> members;
        std::set<const Finding*> verdicts;
        for (const std::size_t i : members_at(where.scope == AnswerScope::Asset ? AnswerScope::Asset : question.scope, where)) {
            members.push_back(members_[i]);
            ask.assets.push_back(members_[i].subject->asset);
            for (const Question::Fill& fill : question.fills) {
                const auto found = waiting_.find(fill.fact);
                if (found == waiting_.end() || !fill.decides()) continue;
                if (const auto of = found->second.find(i); of != found->second.end())
                    verdicts.insert(of->second.begin(), of->second.end());
            }
        }
        if (options_.needed && verdicts.empty()) return;
        std::set<std::string> rules;
        for (const Finding* finding : verdicts) rules.insert(finding->rule);
        ask.waiting.assign(rules.begin(), rules.end());
        ask.verdicts = verdicts.size();
        static const AnswerSubject nobody;
        static const Facts nothing;
        ask.label = members.empty() ? label_of(where, nobody, nothing, options_.language)
                                    : label_of(where, *members.front().subject, members.front().row->facts, options_.language);
        propose(asked_.scale_of(question), members, ask);
        ask.held =
            members.empty() ? book_.about(question.id, where) : book_.holding_at(question.id, where, *members.front().subject);
        const bool held = ask.held != nullptr && ask.held->holds(options_.now);
        // What fills nothing, for want of a source or because of what was seen since, is asked again where a rule waits for it.
        const bool fills = held && counts(question, *ask.held, options_.now) && !overtaken(question, *ask.held, members);
        ask.open = !held || (!verdicts.empty() && !ask.held->unknown() && !fills);
        out.push_back(std::move(ask));
    }

    const Questionnaire& asked_;
    const AnswerBook& book_;
    const AskOptions& options_;
    std::vector<Member> members_;
    std::map<std::string_view, std::size_t> number_;
    std::set<std::size_t> concerned_;
    std::map<AnswerScope, std::map<AnswerPlace, std::vector<std::size_t>>> members_at_;
    std::map<std::string, std::map<std::size_t, std::set<const Finding*>>, std::less<>> waiting_;  // fact, asset
};

}  // namespace

std::vector<Ask> asks_of(const Questionnaire& asked, const std::vector<AnswerSubject>& subjects,
                         const std::vector<FactsRow>& rows, const std::vector<Finding>& findings, const AnswerBook& book,
                         const AskOptions& options) {
    return Planner(asked, subjects, rows, findings, book, options).asks();
}

void most_deciding_first(std::vector<Ask>& asks) {
    std::stable_sort(asks.begin(), asks.end(), [](const Ask& a, const Ask& b) {
        if (a.verdicts != b.verdicts) return a.verdicts > b.verdicts;
        return a.verdicts != 0 && a.assets.size() > b.assets.size();
    });
}

AsksCount count_of(const std::vector<Ask>& asks, const std::vector<Finding>& findings) {
    AsksCount out;
    for (const Ask& ask : asks) {
        if (!ask.open) continue;
        ++out.open;
        out.needed += ask.verdicts == 0 ? 0 : 1;
        out.proposed += ask.proposal.empty() ? 0 : 1;
    }
    out.verdicts = static_cast<std::size_t>(std::count_if(
        findings.begin(), findings.end(), [](const Finding& finding) { return finding.verdict == Ruling::Question; }));
    return out;
}

}  // namespace herkomst
