// The chain of events: the only way anything gets into table `events`. Internal to this folder.
//
// An event's hash covers everything it says and the hash of the event before it. What it says in `detail` enters as a digest,
// so that a detail can be emptied later (`forget`) without breaking the chain.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/json.h"
#include "register/sql.h"

namespace herkomst {

class EventChain {
  public:
    // `run` and `at` are those of every event that is added. Within a transaction of the caller.
    EventChain(sql::Database& database, std::int64_t run, Time at);
    // The number of the new event. Where the head of the chain is not its last event, an event `unlike` comes first (unlike.h).
    std::int64_t add(std::string_view event, std::string_view subject_kind, std::string_view subject, const Json& detail);
    [[nodiscard]] const std::string& at() const { return at_; }
    // Whether anything was added through this object.
    [[nodiscard]] bool grew() const { return seq_ >= 0; }

  private:
    sql::Database& database_;
    std::int64_t run_ = 0;
    std::string at_;
    std::int64_t seq_ = -1;
    std::string prev_;
};

// The hash of an event: what it says and what came before it. `digest`: SHA-256 of its detail; of an event from before schema 3
// the detail itself.
std::string event_hash(std::string_view prev, std::int64_t seq, std::int64_t run, std::string_view at, std::string_view event,
                       std::string_view subject_kind, std::string_view subject, std::string_view digest);

// The number of the last run; 0 when there is none yet.
std::int64_t last_run(sql::Database&);

}  // namespace herkomst
