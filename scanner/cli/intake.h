// What the workers of `listen` say: rows that add up, and a reader of their pipe that believes nothing.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/clock.h"
#include "core/conversation.h"
#include "core/observation.h"

namespace herkomst {

class Json;

using ConversationKey = std::tuple<Endpoint, Endpoint, std::string, std::string, std::string>;

// Observations and conversations that add up.
class Heard {
  public:
    static constexpr std::size_t subjects_max = 100'000;
    static constexpr std::size_t conversations_max = 200'000;

    void add(const Observation& row) { observations_.add(row); }
    void add(const Conversation&);
    void add(const Heard&);

    [[nodiscard]] const ObservationSet& observations() const { return observations_; }
    [[nodiscard]] std::vector<Conversation> conversations() const;
    [[nodiscard]] std::size_t rows() const { return observations_.rows() + conversations_.size(); }
    // Subjects and conversations that there was no room for.
    [[nodiscard]] std::uint64_t dropped() const { return observations_.dropped_subjects() + dropped_; }

  private:
    ObservationSet observations_{subjects_max};
    std::map<ConversationKey, Conversation> conversations_;
    std::uint64_t dropped_ = 0;
};

// What a worker says of one interval.
struct Interval {
    Heard heard;
    std::vector<Coverage> coverage;
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;
    std::uint64_t decoded = 0;
    std::uint64_t not_sent = 0;
    Time first{};
    Time last{};
    bool final = false;
};

// Reads what comes out of a worker's pipe. Everything is checked: lengths, JSON, members, who is spoken for, how strongly, and
// how much. After the first thing that is wrong nothing more is taken.
class Intake {
  public:
    static constexpr std::size_t rows_max = 2'000'000;                  // in one interval
    static constexpr std::uint64_t count_max = std::uint64_t{1} << 48;  // sums stay far from running over

    Intake(std::string site, std::string source) : site_(std::move(site)), source_(std::move(source)) {}

    // False when the worker broke the form; `problem` says how.
    bool take(std::string_view bytes);
    [[nodiscard]] const std::string& problem() const { return problem_; }
    // Intervals that are complete, taken out.
    [[nodiscard]] std::vector<Interval> intervals();

    [[nodiscard]] bool ready() const { return ready_; }
    [[nodiscard]] const std::vector<std::string>& confined() const { return confined_; }
    [[nodiscard]] const std::vector<std::string>& not_confined() const { return not_confined_; }
    // Why the interface cannot be read any more; empty: it can.
    [[nodiscard]] const std::string& gone() const { return gone_; }

  private:
    bool line(std::string_view text);
    bool row(std::string_view type, const Json& line);
    bool interval(const Json& line);
    bool wrong(std::string sentence);
    [[nodiscard]] bool ours(const Endpoint&) const;

    std::string site_;
    std::string source_;
    std::string buffer_;
    std::string problem_;
    Interval open_;
    std::size_t rows_ = 0;
    std::vector<Interval> done_;
    bool ready_ = false;
    std::vector<std::string> confined_;
    std::vector<std::string> not_confined_;
    std::string gone_;
};

}  // namespace herkomst
