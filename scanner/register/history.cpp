#include "register/history.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "core/counted.h"
#include "register/called.h"
#include "register/dutch.h"
#include "register/open.h"
#include "register/unlike.h"

namespace herkomst {

using sql::Query;

namespace {

std::string plain(const Json& value) { return value.is_string() ? value.string() : write_json(value); }

void add(std::string& out, const std::string& part) {
    if (!part.empty()) out += (out.empty() ? "" : "; ") + part;
}

// One line about an event.
class Told {
  public:
    Told(const Teller& teller, const std::string& event, const Json& detail)
        : teller_(teller), nl_(teller.language == "nl"), event_(event), detail_(detail) {}

    std::string line() {
        const bool opened = event_ == "opened";
        if (opened) add(out_, fmt::format("{}, {}", verdict(detail_["verdict"]), word(CodeList::Band, detail_["band"])));
        if (!opened) change(in("verdict", "oordeel"), detail_["verdict"], [&](const Json& value) { return verdict(value); });
        if (!opened) change(in("band", "niveau"), detail_["band"], of(CodeList::Band));
        change(in("observation", "waarneming"), detail_["observation"], of(CodeList::Observation));
        const Json& rating = detail_["rating"];
        change(in("rating inherent", "beoordeling zonder beheersmaatregelen"), rating["inherent"], of(CodeList::Band));
        change(in("rating residual", "beoordeling met beheersmaatregelen"), rating["residual"], of(CodeList::Band));
        change(in("rating criteria", "beoordeling: criteria"), rating["criteria"], plain);
        change(in("rating inputs_known", "beoordeling: gegevens bekend"), rating["inputs_known"], plain);
        change(in("leading band", "leidend niveau"), rating["leading"], of(CodeList::Band));
        if (rating["leads"].is_array()) add(out_, leads(rating["leads"].at(1).string()));
        if (event_ == "rated" && !detail_.has("rating")) add(out_, in("rated for the first time", "voor het eerst beoordeeld"));
        for (const auto& [fact, pair] : detail_["changed"].members())
            change(teller_.fact ? teller_.fact(fact) : fact, pair, [&, name = std::string_view(fact)](const Json& value) {
                return teller_.fact_value ? teller_.fact_value(name, value) : plain(value);
            });
        const Json& lacks = detail_["lacks"];
        if (lacks.is_array()) {
            const std::string none = in("nothing", "niets");
            add(out_,
                fmt::format("{} {} -> {}", in("missing", "ontbreekt"), facts(lacks.at(0), none), facts(lacks.at(1), none)));
        }
        if (detail_["rule_changed"].boolean()) add(out_, in("the rule was changed", "de regel is gewijzigd"));
        for (const auto& [field, value] : detail_["set"].members()) {
            if (field != "decided_condition" && field != "decided_at" && field != "a_names" && field != "b_names")
                set(field, value);
        }
        if (event_ == "answered") answered();
        if (event_ == "withdrawn" && detail_["question"].is_string()) {
            const std::string& question = detail_["question"].string();
            add(out_, teller_.question ? teller_.question(question) : question);
        }
        if (event_ == "recorded") {
            add(out_, fmt::format("{}, {}, {}",
                                  counted(detail_["sources"].items().size(), in("source", "bron"), in("sources", "bronnen")),
                                  counted(static_cast<std::uint64_t>(detail_["assets"].integer()), "asset", "assets"),
                                  counted(static_cast<std::uint64_t>(detail_["findings"].integer()), in("finding", "bevinding"),
                                          in("findings", "bevindingen"))));
        }
        if (event_ == "migrated")
            add(out_, fmt::format(fmt::runtime(in("schema {} to {}", "schema {} naar {}")), detail_["from"].integer(),
                                  detail_["to"].integer()));
        if (event_ == "migrated" && detail_["backup"].is_string() && !detail_["backup"].string().empty())
            add(out_, in("copy before it: ", "kopie van daarvoor: ") + detail_["backup"].string());
        for (const std::string& each : unlike_told(detail_["unlike"])) add(out_, in_language(each, teller_.language));
        place("into", "naar");
        place("from", "van");
        place("to", "naar");
        if (detail_["because"].is_string()) add(out_, in_language(detail_["because"].string(), teller_.language));
        if (detail_["reason"].is_string()) add(out_, fmt::format("\"{}\"", detail_["reason"].string()));
        if (detail_["cause"].is_string()) add(out_, in("by ", "door ") + called_or(CodeList::Cause, detail_["cause"].string()));
        return out_;
    }

  private:
    [[nodiscard]] std::string in(const char* en, const char* nl) const { return nl_ ? nl : en; }
    [[nodiscard]] std::string called_or(CodeList vocabulary, const std::string& code) const {
        return nl_ ? called(vocabulary, code, "nl") : code;
    }
    [[nodiscard]] std::string word(CodeList vocabulary, const Json& value) const { return called_or(vocabulary, plain(value)); }
    [[nodiscard]] std::function<std::string(const Json&)> of(CodeList vocabulary) const {
        return [this, vocabulary](const Json& value) { return word(vocabulary, value); };
    }
    [[nodiscard]] std::string verdict(const Json& value) const {
        const std::string text = plain(value);
        if (text == "open") return in("open", "bevinding");
        return text == "question" ? in("question", "vraag") : text;
    }
    // That what is known of a rating changed which band leads, and not the network.
    [[nodiscard]] std::string leads(std::string_view by) const {
        if (by == "rating")
            return in("by completeness: the rating leads now, people answered half of its inputs",
                      "door de volledigheid: de beoordeling is nu leidend, mensen hebben de helft van de gegevens beantwoord");
        if (by == "higher")
            return in(
                "by completeness: the higher of rule and rating leads now, of too many inputs people do not know or the "
                "answer has ended",
                "door de volledigheid: het hoogste van regel en beoordeling is nu leidend, van te veel gegevens is het "
                "antwoord \"weet niet\" of verlopen");
        return in("by completeness: the band of the rule leads now, people said something of fewer than half of the inputs",
                  "door de volledigheid: het niveau volgens de regel is nu leidend, over minder dan de helft van de gegevens "
                  "is iets gezegd");
    }
    [[nodiscard]] std::string facts(const Json& list, const std::string& none) const {
        std::string out;
        for (const Json& each : list.items())
            out += (out.empty() ? "" : ", ") + (teller_.fact ? teller_.fact(each.string()) : each.string());
        return out.empty() ? none : out;
    }
    // From one value to another, where they differ.
    void change(const std::string& what, const Json& pair, const std::function<std::string(const Json&)>& shown) {
        if (!pair.is_array() || pair.at(0) == pair.at(1)) return;
        add(out_, fmt::format("{} {} -> {}", what, shown(pair.at(0)), shown(pair.at(1))));
    }
    void set(const std::string& field, const Json& value) {
        const std::string name = called_or(CodeList::Field, field);
        if (value.is_null()) {
            add(out_, name + in(" taken away", " leeggemaakt"));
            return;
        }
        CodeList vocabulary = CodeList::Answer;
        if (field == "status") vocabulary = CodeList::Status;
        if (field == "response") vocabulary = CodeList::Response;
        if (field == "closure_reason") vocabulary = CodeList::Closure;
        if (field == "role") vocabulary = CodeList::Role;
        if (field == "state") vocabulary = CodeList::MeasureState;
        if (field == "effect") vocabulary = CodeList::Effect;
        if (field == "kind") vocabulary = CodeList::MeasureKind;
        if (field.ends_with("_band") || field == "accepted_inherent" || field == "accepted_residual" || field == "criticality")
            vocabulary = CodeList::Band;
        std::string word = called_or(vocabulary, value.string());
        if (field == "field" && teller_.field) word = teller_.field(word);
        // Of an assertion.
        if (word == value.string() && (field == "kind" || field == "state"))
            word = called_or(CodeList::Assertion, value.string());
        add(out_, fmt::format("{}={}", name, word));
    }
    void answered() {
        const std::string& question = detail_["question"].string();
        const std::string said = plain(detail_["value"]);
        std::string answer = fmt::format("{} = {}", teller_.question ? teller_.question(question) : question,
                                         teller_.answer ? teller_.answer(question, said) : said);
        if (detail_["source"].is_string()) answer += in(" on the ground of ", ", grondslag ") + detail_["source"].string();
        if (detail_.has("expires")) answer += in(" until ", ", geldig tot ") + detail_["expires"].string().substr(0, 10);
        add(out_, answer);
    }
    void place(const char* where, const char* nl) {
        if (!detail_[where].is_string() || event_ == "decided" || event_ == "accepted" || event_ == "closed") return;
        add(out_, fmt::format("{} {}", in(where, nl), detail_[where].string()));
    }

    const Teller& teller_;
    bool nl_;
    const std::string& event_;
    const Json& detail_;
    std::string out_;
};

std::string told(const Teller& teller, const std::string& event, const Json& detail) {
    return Told(teller, event, detail).line();
}

std::map<std::string, std::string> labels_of(sql::Database& database, const std::string& language) {
    std::map<std::string, std::string> out;
    Query assets(database, "SELECT uid, label FROM assets");
    while (assets.step()) out[assets.text(0)] = assets.text(1);
    Query names(database, "SELECT subject, value FROM work WHERE subject_kind = 'asset' AND field = 'name'");
    while (names.step()) out[names.text(0)] = names.text(1);
    Query findings(database, language == "nl" ? "SELECT finding, title_nl, subject_nl, subject_kind, subject_key FROM findings"
                                              : "SELECT finding, rule, subject_en, subject_kind, subject_key FROM findings");
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

std::vector<HistoryRow> history(const Register& held, std::string_view subject_kind, std::string_view subject, bool again,
                                const Teller& teller) {
    sql::Database& database = held.connection().database;
    std::set<Subject> about;
    if (!subject.empty()) all_about(database, {std::string(subject_kind), std::string(subject)}, about);
    const std::map<std::string, std::string> labels = labels_of(database, teller.language);
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
            if (row.subject_kind == "setting" && teller.language == "nl")
                row.label = called(CodeList::Field, row.subject, "nl");
            const std::string text = rows.text(6);
            const Result<Json> detail = parse_json(text.empty() ? "{}" : text, "events");
            row.who = "program";
            if (detail && detail.value()["by"].is_string()) row.who = detail.value()["by"].string();
            row.what = text.empty() ? (teller.language == "nl" ? "(gewist)" : "(forgotten)")
                       : detail     ? told(teller, row.event, detail.value())
                                    : std::string();
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

std::vector<Difference> differences(const Register& held, std::int64_t from, std::int64_t to, const Teller& teller) {
    sql::Database& database = held.connection().database;
    const std::map<std::string, std::string> labels = labels_of(database, teller.language);
    std::vector<Difference> out;
    const auto label = [&](const std::string& subject) {
        const auto found = labels.find(subject);
        return found == labels.end() ? std::string() : found->second;
    };
    {
        // One that is not new by the network has an event that says so.
        Query fresh(
            database,
            "SELECT uid, kind, cause, by FROM (SELECT a.uid, a.kind, a.first_run, iif(e.detail = '', NULL, e.detail ->> "
            "'$.cause') AS cause, iif(e.detail = '', NULL, e.detail ->> '$.by') AS by FROM assets a LEFT JOIN events e ON "
            "e.seq = (SELECT min(seq) FROM events m WHERE m.subject_kind = 'asset' AND m.subject = a.uid AND m.event IN "
            "('new', 'split') AND m.run = a.first_run) WHERE a.merged_into IS NULL) WHERE CASE WHEN by IS NULL THEN first_run "
            "> "
            "?1 AND first_run <= ?2 ELSE first_run >= ?1 AND first_run < ?2 END");
        fresh.bind(from).bind(to);
        while (fresh.step()) {
            const std::string cause = !fresh.null(3) ? "people" : fresh.null(2) ? "network" : fresh.text(2);
            out.push_back({cause, "new", "asset", fresh.text(0), label(fresh.text(0)),
                           teller.language == "nl" ? called(CodeList::Kind, fresh.text(1), "nl") : fresh.text(1)});
        }
    }
    // Events of people carry the number of the run before them.
    Query rows(
        database,
        "SELECT event, subject_kind, subject, detail FROM events WHERE event NOT IN ('seen_again', 'recorded', 'out_of_scope', "
        "'new') AND subject_kind IN ('finding', 'asset', 'assertion', 'answer', 'measure') AND "
        "CASE WHEN iif(detail = '', NULL, detail ->> '$.by') IS NULL THEN run > ?1 AND run <= ?2 ELSE run >= ?1 AND run < ?2 "
        "END ORDER BY seq");
    rows.bind(from).bind(to);
    while (rows.step()) {
        const std::string event = rows.text(0);
        const Result<Json> detail = parse_json(rows.text(3).empty() ? "{}" : rows.text(3), "events");
        if (!detail) continue;
        std::string cause = detail.value()["by"].is_string() ? "people" : detail.value()["cause"].string();
        if (cause.empty()) cause = "network";
        out.push_back({cause, event, rows.text(1), rows.text(2), label(rows.text(2)), told(teller, event, detail.value())});
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
