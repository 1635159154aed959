#include "cli/assess_dialogue.h"

#include <fmt/core.h>

#include <algorithm>
#include <initializer_list>
#include <set>

#include "cli/assess_file.h"
#include "core/counted.h"
#include "core/text.h"

namespace herkomst {

namespace {

struct Spoken {
    bool nl;
    [[nodiscard]] const char* of(const char* dutch, const char* english) const { return nl ? dutch : english; }
};

enum class Typed : std::uint8_t { None, Help, Unknown, Back, Later, Confirm, Stop };

// Whoever writes a command in capitals, or in full, means the command.
Typed command_in(std::string_view typed, bool nl) {
    const std::string said = lower(typed);
    const auto is_one_of = [&](std::initializer_list<std::string_view> words) {
        return std::find(words.begin(), words.end(), said) != words.end();
    };
    if (is_one_of({"?", "h", "help", "hulp"})) return Typed::Help;
    if (is_one_of({"q", "quit", "exit", "stop", "stoppen"})) return Typed::Stop;
    if (said == (nl ? "w" : "u")) return Typed::Unknown;
    if (said == (nl ? "t" : "b")) return Typed::Back;
    if (said == (nl ? "o" : "s")) return Typed::Later;
    if (said == "c") return Typed::Confirm;
    return Typed::None;
}

using Key = std::pair<std::string, AnswerPlace>;
Key key_of(const Ask& ask) { return {ask.question->id, ask.place}; }

class Talk {
    // A picture in the language of the conversation.
    [[nodiscard]] auto running(const char* dutch, const char* english) const { return fmt::runtime(words_.of(dutch, english)); }

  public:
    Talk(const Questionnaire& asked, AnswerBook& book, const Conversing& with, const std::string& language, std::string by,
         Time now)
        : asked_(asked),
          book_(book),
          with_(with),
          language_(language),
          words_{language == "nl"},
          by_(std::move(by)),
          now_(now) {}

    ConversationEnd hold() {
        with_.write(fmt::format("{}\n{}\n\n{}\n\n", asked_.title.in(language_), asked_.about.in(language_), commands()));
        while (trimmed(by_).empty() && !end_.stopped) {
            with_.write(
                words_.of("Wie beantwoordt de vragen (naam of functie)? ", "Who answers the questions (name or role)? "));
            const auto said = with_.read();
            if (!said) end_.stopped = true;
            const Typed command = command_in(trimmed(said.value_or("")), words_.nl);
            if (command == Typed::Stop) end_.stopped = true;
            // A command is nobody's name.
            if (command == Typed::None) by_ = said.value_or("");
            if (command == Typed::Help) with_.write(fmt::format("{}\n", commands()));
        }
        while (!end_.stopped) {
            std::vector<Ask> asks = with_.plan(book_);
            most_deciding_first(asks);
            const Ask* next = chosen(asks);
            if (next == nullptr) break;
            if (next->verdicts == 0 && deciding_) {
                with_.write(words_.of("\nGeen regel wacht nog op een antwoord. Wat nu komt, maakt beoordelingen vollediger.\n",
                                      "\nNo rule waits for an answer any more. What comes now makes ratings more complete.\n"));
            }
            deciding_ = next->verdicts != 0;
            show(*next, asks);
            put(*next, asks);
        }
        const std::vector<Ask> asks = with_.plan(book_);
        end_.left = static_cast<std::size_t>(std::count_if(asks.begin(), asks.end(), [](const Ask& ask) { return ask.open; }));
        with_.write(fmt::format(
            running("\n{} beantwoord; nog {} open. Alles is bewaard.\n", "\n{} answered; {} still open. All of it is kept.\n"),
            counted(end_.answered, words_.of("vraag", "question"), words_.of("vragen", "questions")), end_.left));
        return end_;
    }

  private:
    [[nodiscard]] const char* commands() const {
        return words_.of(
            "Antwoord met het nummer of de tekst. Enter bevestigt een voorstel. c: alle voorstellen over dezelfde leverancier "
            "of "
            "hetzelfde type bevestigen; w: weet niet; t: terug; o: overslaan; "
            "?: uitleg; q: stoppen (wat beantwoord is, blijft bewaard).",
            "Answer with the number or the text. Enter confirms a proposal, c all about the same thing. u: do not know; b: "
            "back; s: skip; "
            "?: explanation; q: stop (what was answered is kept).");
    }

    // The one gone back to, else the first that is open and was not left for later.
    const Ask* chosen(const std::vector<Ask>& asks) {
        if (back_) {
            const Key wanted = *back_;
            back_.reset();
            for (const Ask& ask : asks) {
                if (key_of(ask) == wanted) return &ask;
            }
        }
        for (const Ask& ask : asks) {
            if (ask.open && !later_.contains(key_of(ask))) return &ask;
        }
        return nullptr;
    }

    void show(const Ask& ask, const std::vector<Ask>& asks) {
        const Question& question = *ask.question;
        const auto open =
            std::count_if(asks.begin(), asks.end(), [this](const Ask& a) { return a.open && !later_.contains(key_of(a)); });
        if (question.section != section_) {
            section_ = question.section;
            for (const auto& section : asked_.sections) {
                if (section.id == section_) with_.write(fmt::format("\n== {} ==\n", section.title.in(language_)));
            }
        }
        const std::string about = ask.place.scope == AnswerScope::Organisation
                                      ? ""
                                      : fmt::format("{}: {} ({})\n", title(ask.place.scope).in(language_), clean(ask.label),
                                                    devices(ask.assets.size()));
        const std::string consideration =
            question.consideration.empty()
                ? ""
                : fmt::format(" ({} {})", words_.of("overweging", "consideration"), question.consideration);
        with_.write(fmt::format("\n{}{}{}   [{} {}]\n", about, question.text.in(language_), consideration, open,
                                words_.of("open", "to go")));
        const AnswerScale& scale = asked_.scale_of(question);
        for (std::size_t i = 0; i < scale.options.size(); ++i) {
            const bool own_number = scale.options[i].value == std::to_string(i + 1);
            with_.write(fmt::format("  {}. {}\n", own_number ? scale.options[i].value : std::to_string(i + 1),
                                    scale.options[i].text.in(language_)));
        }
        if (scale.options.empty() || scale.kind == AnswerScale::Kind::Choices)
            with_.write(fmt::format("  {}: {}\n", words_.of("Antwoord", "Answer"), scale.takes(language_)));
        if (!ask.waiting.empty()) {
            with_.write(fmt::format(running("  Nodig voor {}, over {}\n", "  Helps to decide {}, about {}\n"),
                                    rulings(ask.verdicts), devices(ask.assets.size())));
            std::vector<std::string> titles;
            for (const std::string& rule : ask.waiting) titles.push_back(with_.rule_title(rule, language_));
            std::sort(titles.begin(), titles.end());
            titles.erase(std::unique(titles.begin(), titles.end()), titles.end());
            with_.write(fmt::format("  {}: {}\n", words_.of("Hiervan afhankelijk", "Depends on it"), join(titles, "; ")));
        }
        if (ask.held != nullptr) {
            with_.write(fmt::format(
                running("  Eerder: {}, door {} op {}, geldig tot {}{}\n", "  Before: {}, by {} on {}, until {}{}\n"),
                scale.shown(ask.held->value, language_), clean(ask.held->by), rfc3339(ask.held->at).substr(0, 10),
                rfc3339(ask.held->expires).substr(0, 10), ask.held->holds(now_) ? "" : words_.of(" (verlopen)", " (expired)")));
        }
        if (!ask.proposal.empty()) {
            with_.write(fmt::format(running("  Voorstel van de scan: {} ({}). Enter bevestigt het.\n",
                                            "  The scan proposes: {} ({}). Enter confirms it.\n"),
                                    clean(scale.shown(ask.proposal, language_)), ask.proposal_from));
            if (const std::size_t more = proposed_about(ask, asks).size(); more > 1)
                with_.write(fmt::format(running("  c: alle {} voorstellen over {} zien en bevestigen\n",
                                                "  c: see and confirm all {} proposals about {}\n"),
                                        more, clean(ask.label)));
        }
    }

    [[nodiscard]] std::vector<const Ask*> proposed_about(const Ask& thing, const std::vector<Ask>& asks) const {
        std::vector<const Ask*> out;
        for (const Ask& ask : asks) {
            if (ask.open && !ask.proposal.empty() && ask.place == thing.place && !later_.contains(key_of(ask)))
                out.push_back(&ask);
        }
        return out;
    }

    // Shown one by one, confirmed together, kept one by one: each is an answer of its own. False: nothing was confirmed.
    bool confirm_all(const Ask& thing, const std::vector<Ask>& asks) {
        const std::vector<const Ask*> proposed = proposed_about(thing, asks);
        if (proposed.empty()) {
            with_.write(words_.of("Hier stelt de scan niets voor.\n", "The scan proposes nothing here.\n"));
            return false;
        }
        for (const Ask* ask : proposed) {
            with_.write(fmt::format("  {}\n    {} ({})\n", ask->question->text.in(language_),
                                    clean(asked_.scale_of(*ask->question).shown(ask->proposal, language_)),
                                    ask->proposal_from));
        }
        with_.write(words_.of("  Enter bevestigt alle voorstellen; met iets anders blijven ze open: ",
                              "  Enter confirms all of them; anything else leaves them open: "));
        const auto line = with_.read();
        if (!line || command_in(trimmed(*line), words_.nl) == Typed::Stop) end_.stopped = true;
        if (!line || !trimmed(*line).empty()) return false;
        for (const Ask* ask : proposed) {
            SaidAnswer said{ask->proposal, by_, "", "", "", ""};
            said.source = fmt::format("{}{}", proposed_source, ask->proposal_from);
            Result<GivenAnswer> answer = checked_answer(asked_, *ask->question, ask->place, said, now_, "", language_);
            if (!answer) {
                for (const Problem& problem : answer.problems()) with_.write(problem.sentence + "\n");
                continue;
            }
            answer.value().proposed = ask->proposal;
            keep(*ask, answer.value());
        }
        return true;
    }

    void put(const Ask& ask, const std::vector<Ask>& asks) {
        for (;;) {
            with_.write("> ");
            const auto line = with_.read();
            if (!line) {
                end_.stopped = true;
                return;
            }
            const std::string said(trimmed(*line));
            Typed command = command_in(said, words_.nl);
            if (command == Typed::None) {
                if (said.empty() && ask.proposal.empty()) {
                    with_.write(fmt::format("{}\n", commands()));
                    continue;
                }
                if (take(ask, said.empty() ? ask.proposal : said, said.empty(), command)) return;
            }
            if (obey(command, ask, asks) || end_.stopped) return;
        }
    }

    // A command, given instead of an answer or of its source. False: the same question is put again.
    bool obey(Typed command, const Ask& ask, const std::vector<Ask>& asks) {
        switch (command) {
            case Typed::Stop:
                end_.stopped = true;
                return true;
            case Typed::Help:
                help(*ask.question);
                return false;
            case Typed::Later:
                later_.insert(key_of(ask));
                passed_.push_back(key_of(ask));
                return true;
            case Typed::Back:
                if (passed_.empty()) {
                    with_.write(words_.of("Dit is de eerste vraag.\n", "This is the first question.\n"));
                    return false;
                }
                back_ = passed_.back();
                later_.erase(passed_.back());
                passed_.pop_back();
                return true;
            case Typed::Confirm:
                return confirm_all(ask, asks);
            case Typed::Unknown: {
                Typed none = Typed::None;
                return take(ask, std::string(unknown_answer), false, none);
            }
            case Typed::None:
                break;
        }
        return false;
    }

    // Checked and kept; false: it was no answer, and that was said; or a command was given where a source was asked for.
    bool take(const Ask& ask, const std::string& value, bool confirmed, Typed& instead) {
        const Result<std::string> read = asked_.scale_of(*ask.question).read(value);
        if (!read) {
            with_.write(fmt::format(
                running("Dit antwoord past hier niet. Mogelijk: {}{}\n", "That is no answer here. It takes: {}{}\n"),
                asked_.scale_of(*ask.question).takes(language_), asked_.scale_of(*ask.question).hint(value, language_)));
            return false;
        }
        SaidAnswer said{value, by_, "", "", "", ""};
        if (read.value() != unknown_answer) {
            const auto source = ask_source(ask, confirmed, instead);
            if (!source) return false;
            said.source = *source;
        }
        Result<GivenAnswer> answer = checked_answer(asked_, *ask.question, ask.place, said, now_, "", language_);
        if (answer && confirmed) answer.value().proposed = ask.proposal;
        if (!answer) {
            for (const Problem& problem : answer.problems()) with_.write(problem.sentence + "\n");
            return false;
        }
        if (!answer.value().source.empty()) source_ = answer.value().source;
        keep(ask, answer.value());
        return true;
    }

    void keep(const Ask& ask, const GivenAnswer& answer) {
        with_.keep(answer);
        book_.add(answer);
        passed_.push_back(key_of(ask));
        // An answer that is as old as the one it follows is open still when that has ended: it is not asked twice.
        later_.insert(key_of(ask));
        ++end_.answered;
    }

    // Nothing: the input ended, or a command was given instead. A command is never a source: whoever leaves here has none.
    std::optional<std::string> ask_source(const Ask& ask, bool confirmed, Typed& instead) {
        const std::string own = confirmed ? fmt::format("{}{}", proposed_source, ask.proposal_from) : "";
        const bool needed = ask.question->needs_source && own.empty();
        for (;;) {
            std::string hint;
            if (!own.empty()) hint = fmt::format("; Enter: {}", own);
            if (!source_.empty()) hint += fmt::format("; = : {}", source_);
            if (own.empty() && !needed) hint += words_.of("; Enter: eigen verklaring", "; Enter: own statement");
            with_.write(fmt::format(
                running("  Bron (document met datum, persoon{}): ", "  Source (document with its date, person{}): "), hint));
            const auto line = with_.read();
            if (!line) {
                end_.stopped = true;
                return std::nullopt;
            }
            const std::string said(trimmed(*line));
            const Typed command = command_in(said, words_.nl);
            if (command == Typed::Help) {
                help(*ask.question);
                continue;
            }
            if (command != Typed::None) {
                instead = command;
                return std::nullopt;
            }
            if (said == "=" && !source_.empty()) return source_;
            if (!says_no_source(said)) return said;
            if (!needed && said != "=") return own;
            with_.write(words_.of("  Bij deze vraag hoort een bron.\n", "  This question needs a source.\n"));
        }
    }

    void help(const Question& question) {
        if (!question.help.nl.empty()) with_.write(fmt::format("  {}\n", question.help.in(language_)));
        if (!question.evidence.nl.empty())
            with_.write(fmt::format("  {}: {}\n", words_.of("Bewijs", "Evidence"), question.evidence.in(language_)));
        for (const auto& [id, text] : asked_.considerations) {
            const auto parts = split(question.consideration, ',');
            if (std::find(parts.begin(), parts.end(), id) != parts.end())
                with_.write(fmt::format("  {} {}: {}\n", words_.of("Overweging", "Consideration"), id, text.in(language_)));
        }
        for (const Reference& reference : question.references)
            with_.write(fmt::format("  {}{}{}\n", reference.title.in(language_), reference.address.empty() ? "" : "  ",
                                    reference.address));
        with_.write(fmt::format("  {}\n", commands()));
    }

    [[nodiscard]] std::string rulings(std::size_t number) const {
        return counted(number, words_.of("oordeel", "question of a rule"), words_.of("oordelen", "questions of rules"));
    }

    [[nodiscard]] std::string devices(std::size_t number) const {
        return counted(number, words_.of("apparaat", "device"), words_.of("apparaten", "devices"));
    }

    const Questionnaire& asked_;
    AnswerBook& book_;
    const Conversing& with_;
    const std::string& language_;
    Spoken words_;
    std::string by_;
    Time now_;
    ConversationEnd end_;
    std::set<Key> later_;      // left for later in this conversation, or answered in it
    std::vector<Key> passed_;  // in the order in which they were passed
    std::optional<Key> back_;
    bool deciding_ = false;  // the last one that was shown decides something
    std::string section_;
    std::string source_;  // the last one
};

}  // namespace

ConversationEnd converse(const Questionnaire& asked, AnswerBook& book, const Conversing& with, const std::string& language,
                         std::string by, Time now) {
    return Talk(asked, book, with, language, std::move(by), now).hold();
}

}  // namespace herkomst
