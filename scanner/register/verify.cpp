#include "register/verify.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "core/hash.h"
#include "register/open.h"
#include "register/rating_rows.h"
#include "register/recorder.h"
#include "register/tables.h"
#include "register/unlike.h"
#include "register/verify_parts.h"

namespace herkomst {

using sql::Query;

namespace {

class Check {
  public:
    Check(sql::Database& database, std::string_view trusted_key, std::size_t most, const std::optional<KeptHead>& kept)
        : database_(database), trusted_key_(trusted_key), most_(most), kept_(kept) {}

    Verification run() {
        const sql::Snapshot snapshot(database_);
        chain();
        head();
        work();
        findings();
        ratings();
        runs();
        tables();
        const auto told = [this](std::string sentence) { complain(std::move(sentence)); };
        verify_schema(database_, told);
        out_.signed_seq = verify_signatures(database_, hashes_, trusted_key_, told);
        if (kept_) verify_kept_head(*kept_, hashes_, told);
        return std::move(out_);
    }

  private:
    using Field = std::tuple<std::string, std::string, std::string>;  // kind, subject, field
    struct Set {
        std::string value;
        std::int64_t event = 0;
    };

    void complain(std::string sentence) {
        if (out_.problems.size() < most_) out_.problems.push_back(std::move(sentence));
    }

    // Events have no digest where an older schema wrote them: before the event that brought the register up to date.
    std::int64_t without_digests_until() {
        return database_.number(
            "SELECT coalesce(max(seq), 0) FROM events WHERE event = 'migrated' AND digest <> '' AND iif(json_valid(detail), "
            "detail ->> '$.from', 3) < 3");
    }

    void chain() {
        const std::int64_t old_until = without_digests_until();
        Query events(database_,
                     "SELECT seq, run, at, event, subject_kind, subject, detail, prev, hash, digest FROM events ORDER BY seq");
        std::string prev;
        std::int64_t expected = 1;
        std::set<std::int64_t> emptied;
        std::set<std::int64_t> said;
        while (events.step()) {
            const std::int64_t seq = events.integer(0);
            if (seq != expected) {
                complain(seq == expected + 1 ? fmt::format("event {} is missing", expected)
                                             : fmt::format("events {} to {} are missing", expected, seq - 1));
            } else if (events.text(7) != prev) {
                complain(fmt::format("event {} does not follow the one before it", seq));
            }
            const std::string detail = events.text(6);
            const std::string digest = events.text(9);
            const bool empty = !digest.empty() && detail.empty();
            const bool old = digest.empty();
            const std::string& what = old ? detail : digest;
            if ((old && (seq >= old_until || !is_object(detail))) ||
                events.text(8) != event_hash(events.text(7), seq, events.integer(1), events.text(2), events.text(3),
                                             events.text(4), events.text(5), what) ||
                (!old && !empty && sha256(detail) != digest)) {
                complain(
                    fmt::format("event {} was changed ({} of {} {})", seq, events.text(3), events.text(4), events.text(5)));
            } else if (empty) {
                emptied.insert(seq);
            } else {
                replay(seq, events.text(3), events.text(4), events.text(5), detail, old, said);
                if (sealed_by_ == seq) sealed_run_ = events.integer(1);
            }
            prev = events.text(8);
            hashes_[seq] = prev;
            expected = seq + 1;
            ++out_.events;
        }
        last_ = expected - 1;
        out_.head = prev;
        out_.forgotten = static_cast<std::int64_t>(emptied.size());
        for (const std::int64_t seq : emptied) {
            if (!said.contains(seq))
                complain(fmt::format("event {} was emptied, and no event says that it was forgotten", seq));
        }
    }

    static bool is_object(const std::string& detail) {
        const Result<Json> read = parse_json(detail, "events");
        return read && read.value().is_object();
    }

    void replay(std::int64_t seq, const std::string& event, const std::string& kind, const std::string& subject,
                const std::string& text, bool old, std::set<std::int64_t>& said) {
        if (old) {
            // Before schema 3 nothing set fields; what people decided was carried over from the kind of event.
            const Result<Json> read = parse_json(text, "events");
            const bool person = !read || read.value()["by"].string() != "scan";
            if (kind != "finding") return;
            if ((event == "accepted" || event == "closed" || event == "mitigated") && person)
                fields_[{kind, subject, "status"}] = {event == "accepted" ? "accepted" : "closed", seq};
            if (event == "opened" || event == "reopened" || event == "merged") fields_.erase({kind, subject, "status"});
            return;
        }
        if (text == "{}") {
            if (kind == "finding") see(seq, event, subject, "observed");
            return;
        }
        const Result<Json> read = parse_json(text, "events");
        if (!read) return complain(fmt::format("event {} holds no JSON", seq));
        const Json& detail = read.value();
        const std::string seen_as = detail.has("seen_as") ? detail["seen_as"].string() : "observed";
        if (kind == "finding") see(seq, event, subject, seen_as);
        for (const auto& [field, value] : detail["set"].members()) {
            if (value.is_null()) {
                fields_.erase({kind, subject, field});
            } else {
                fields_[{kind, subject, field}] = {value.string(), seq};
            }
        }
        for (const Json& one : detail["emptied"].items()) said.insert(one.integer());
        if (kind == "finding" && event == "reopened" && detail["cause"].string() != "time") seen_[subject] = {seen_as, seq};
        if (detail.has("condition")) conditions_[seq] = detail["condition"].string();
        if (detail.has("rated")) {
            if (const std::string& rated = detail["rated"].string(); rated.empty()) {
                ratings_.erase(subject);
            } else {
                ratings_[subject] = {rated, seq};
            }
        }
        if (detail.has("tables")) {
            sealed_ = detail["tables"];
            sealed_by_ = seq;
            uncovered_since_ = detail["uncovered_since"].integer();
        }
        for (const std::string& each : unlike_told(detail["unlike"])) complain(fmt::format("event {} found: {}", seq, each));
        if (event == "recorded") recorded_[subject] = write_json(detail);
        if (event == "migrated" && detail["from"].integer() < 3) {
            Query run(database_, "SELECT run FROM events WHERE seq = ?");
            run.bind(seq);
            if (run.step()) runs_before_ = run.integer(0);
        }
    }

    // What an event says of whether its finding is there and was seen.
    void see(std::int64_t seq, const std::string& event, const std::string& finding, const std::string& as) {
        if (event == "opened") opened_[finding] = seq;
        if (event == "opened" || event == "changed" || event == "seen_again" || event == "rated") seen_[finding] = {as, seq};
        if (event == "refuted" || event == "not_observed") seen_[finding] = {event, seq};
    }

    void head() {
        Query held(database_, "SELECT seq, hash FROM chain_head");
        const bool any = held.step();
        const std::int64_t seq = any ? held.integer(0) : 0;
        if (seq > last_) {
            complain(seq == last_ + 1 ? fmt::format("event {} is missing at the end", seq)
                                      : fmt::format("events {} to {} are missing at the end", last_ + 1, seq));
        } else if (seq != last_ || (any && held.text(1) != out_.head)) {
            complain(fmt::format("the head of the chain is event {} where the last one is {}", seq, last_));
        }
    }

    void work() {
        Query rows(database_, "SELECT subject_kind, subject, field, value, event FROM work");
        while (rows.step()) {
            const auto found = fields_.find({rows.text(0), rows.text(1), rows.text(2)});
            const std::string place = fmt::format("{} {}: {}", rows.text(0), rows.text(1), rows.text(2));
            if (found == fields_.end()) {
                complain(fmt::format("{} is \"{}\", and no event says so", place, rows.text(3)));
                continue;
            }
            if (found->second.value != rows.text(3) || found->second.event != rows.integer(4)) {
                complain(fmt::format("{} is \"{}\" where event {} says \"{}\"", place, rows.text(3), found->second.event,
                                     found->second.value));
            }
            fields_.erase(found);
        }
        for (const auto& [field, set] : fields_) {
            complain(fmt::format("{} {}: {} is gone, which event {} set to \"{}\"", std::get<0>(field), std::get<1>(field),
                                 std::get<2>(field), set.event, set.value));
        }
    }

    void findings() {
        Query rows(database_,
                   "SELECT finding, verdict, band, facts, missing, rule_hash, condition_hash, last_event, observation, "
                   "merged_into FROM findings");
        while (rows.step()) {
            const std::string condition = condition_of(rows.text(1), rows.text(2), rows.text(3), rows.text(4), rows.text(5));
            const auto event = conditions_.find(rows.integer(7));
            if (condition != rows.text(6) || (event != conditions_.end() && event->second != condition)) {
                complain(fmt::format("finding {} is not what event {} says", rows.text(0), rows.integer(7)));
            } else if (rows.integer(7) > last_) {
                complain(fmt::format("finding {} comes from event {}, which is missing", rows.text(0), rows.integer(7)));
            }
            opened_.erase(rows.text(0));
            // That a run could not tell has no event.
            const auto seen = rows.null(9) ? seen_.find(rows.text(0)) : seen_.end();
            const std::string now = rows.text(8);
            if (seen != seen_.end() && now != seen->second.value &&
                !(now == "out_of_scope" && seen->second.value == "observed")) {
                complain(fmt::format("finding {} is {} where event {} says {}", rows.text(0), now, seen->second.event,
                                     seen->second.value));
            }
        }
        for (const auto& [finding, event] : opened_)
            complain(fmt::format("finding {} is gone, which event {} opened", finding, event));
    }

    void ratings() {
        for (const auto& [finding, row] : rating_rows(database_)) {
            const auto found = ratings_.find(finding);
            if (found == ratings_.end()) {
                complain(fmt::format("finding {} is rated, and no event says so", finding));
                continue;
            }
            if (found->second.value != rating_digest(row.rating) || found->second.event != row.event)
                complain(fmt::format("the rating of finding {} is not what event {} says", finding, found->second.event));
            ratings_.erase(found);
        }
        for (const auto& [finding, set] : ratings_)
            complain(fmt::format("the rating of finding {} is gone, which event {} gave it", finding, set.event));
    }

    void runs() {
        // Quiet intervals of `listen` have no event, and are folded together after their day: their numbers may be missing.
        // What stands of them is covered with the tables.
        Query rows(
            database_,
            "SELECT r.run, r.site, r.program, r.vendordb, r.rules, EXISTS (SELECT 1 FROM sources s WHERE s.run = r.run) AND "
            "NOT EXISTS (SELECT 1 FROM sources s WHERE s.run = r.run AND s.kind <> 'interface') FROM runs r ORDER BY run");
        while (rows.step()) {
            const std::int64_t run = rows.integer(0);
            ++out_.runs;
            if (run <= runs_before_) continue;
            const auto event = recorded_.find(std::to_string(run));
            if (event == recorded_.end()) {
                if (rows.integer(5) == 1) continue;
                complain(fmt::format("run {} has no event that ends it: it is not there as a whole", run));
                continue;
            }
            const Result<Json> detail = parse_json(event->second, "events");
            const bool same = detail && detail.value()["site"].string() == rows.text(1) &&
                              detail.value()["program"].string() == rows.text(2) &&
                              detail.value()["vendordb"].string() == rows.text(3) &&
                              detail.value()["rules"].string() == rows.text(4);
            if (!same) complain(fmt::format("run {} was changed", run));
            recorded_.erase(event);
        }
        for (const auto& [run, detail] : recorded_) complain(fmt::format("run {} is missing", run));
    }

    // What the last run, act or quiet interval left in the tables.
    void tables() {
        std::optional<Interim> interim = interim_of(database_);
        const std::int64_t covered_until = interim ? sealed_run_ : uncovered_since_;
        if (interim && !holds(*interim)) interim.reset();
        const Json left = interim ? parse_json(interim->tables, "interim").value() : sealed_;
        if (left.is_null()) {
            for (const std::string& table : tables_before_any_seal(database_))
                complain(fmt::format("table {} holds rows that no event speaks of", table));
            return;
        }
        out_.unsealed_since = covered_until;
        if (const std::int64_t last = interim ? interim->run : sealed_run_; last < last_run(database_)) {
            complain(
                fmt::format("run {} is later than event {}, and no event says what it left", last_run(database_), sealed_by_));
            return;
        }
        const Json now = table_digests(database_);
        for (const SealedTable& table : sealed_tables) {
            if (!left.has(table.name) || now[table.name] == left[table.name]) continue;
            complain(interim ? fmt::format("table {} is not what run {} left: something in it was edited, deleted or put in",
                                           table.name, interim->run)
                             : fmt::format("table {} is not what event {} says: something in it was edited, deleted or put in",
                                           table.name, sealed_by_));
            if (now["row_seals"] == left["row_seals"]) rows(table, rows_known(table, sealed_, left));
        }
    }

    void rows(const SealedTable& table, RowsKnown known) {
        constexpr std::size_t most = 20;
        const std::vector<EditedRow> found = edited_rows(database_, table, known);
        for (std::size_t i = 0; i < found.size() && i < most; ++i)
            complain(row_edit_told(table.name, found[i].key, row_edit_code(found[i].how)));
        if (found.size() > most) complain(fmt::format("table {}: {} more rows", table.name, found.size() - most));
    }

    // It is later than the last event that says what the tables hold, and tied to the one that was the head then. Else it says
    // nothing of what they hold.
    bool holds(const Interim& interim) {
        const auto head = hashes_.find(interim.seq);
        const Result<Json> tables = parse_json(interim.tables, "interim");
        const bool whole = head != hashes_.end() && interim.seq >= sealed_by_ && interim.run > sealed_run_ && tables &&
                           interim.hash == interim_hash(interim, head->second);
        if (!whole) complain(fmt::format("what run {} left without an event was changed", interim.run));
        return whole;
    }

    sql::Database& database_;
    std::string trusted_key_;
    std::size_t most_;
    std::optional<KeptHead> kept_;
    Verification out_;
    std::int64_t last_ = 0;
    std::int64_t runs_before_ = 0;  // those of before the chain knew runs
    EventHashes hashes_;
    std::map<Field, Set> fields_;
    std::map<std::int64_t, std::string> conditions_;
    std::map<std::string, Set> ratings_;  // by finding
    std::map<std::string, std::string> recorded_;
    std::map<std::string, std::int64_t> opened_;  // finding -> event
    std::map<std::string, Set> seen_;             // by finding: what the program saw of it last
    Json sealed_;                                 // of the last event that says what the tables hold
    std::int64_t sealed_by_ = 0;
    std::int64_t sealed_run_ = 0;
    std::int64_t uncovered_since_ = 0;
};

}  // namespace

Verification verify(const Register& held, std::string_view trusted_key, std::size_t problems_most,
                    const std::optional<KeptHead>& kept) {
    return Check(held.connection().database, trusted_key, problems_most, kept).run();
}

std::string Register::verify() const {
    const Verification found = herkomst::verify(*this, {}, 1);
    return found.problems.empty() ? std::string() : found.problems.front();
}

}  // namespace herkomst
