#include "register/chain.h"

#include <fmt/core.h>

#include "core/hash.h"
#include "register/unlike.h"

namespace herkomst {

using sql::Query;

std::string event_hash(std::string_view prev, std::int64_t seq, std::int64_t run, std::string_view at, std::string_view event,
                       std::string_view subject_kind, std::string_view subject, std::string_view digest) {
    return sha256(fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", prev, seq, run, at, event, subject_kind, subject, digest));
}

std::int64_t last_run(sql::Database& database) { return database.number("SELECT coalesce(max(run), 0) FROM runs"); }

EventChain::EventChain(sql::Database& database, std::int64_t run, Time at) : database_(database), run_(run), at_(rfc3339(at)) {}

std::int64_t EventChain::add(std::string_view event, std::string_view subject_kind, std::string_view subject,
                             const Json& detail) {
    if (seq_ < 0) {
        {
            Query last(database_, "SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1");
            const bool any = last.step();
            seq_ = any ? last.integer(0) : 0;
            if (any) prev_ = last.text(1);
        }
        tell_unlike_end(database_, *this, seq_, prev_);
    }
    const std::string text = write_json(detail);
    const std::string digest = sha256(text);
    const std::string hash = event_hash(prev_, ++seq_, run_, at_, event, subject_kind, subject, digest);
    Query(database_, "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(seq_)
        .bind(run_)
        .bind(at_)
        .bind(event)
        .bind(subject_kind)
        .bind(subject)
        .bind(text)
        .bind(prev_)
        .bind(hash)
        .bind(digest)
        .run();
    prev_ = hash;
    return seq_;
}

}  // namespace herkomst
