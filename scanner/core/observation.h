// What was seen, as it was said: the raw material that is kept. And the algebra by which it merges.
//
// An Observation is one claim by one witness. Observations fold on (subject, field, value, strength, method): the earliest
// first_seen, the latest last_seen, the sum of counts and the smallest evidence remain. An ObservationSet is such a fold.
//
// Merging is associative, commutative and idempotent per source: the parts of one source (threads, shards) are added up with
// `add`/`absorb_part`, finished sources are united with `merge`, where the same source given twice counts once. Whatever the
// order, the result is the same, and so is the output.
//
// Bounds: per subject and field at most `values_per_field` values stay, the first in (strength descending, value, method);
// the counts of the rest are `others`. This order, unlike recency, is associative: a value that is pushed out of a part is
// pushed out of the whole too. At most `subjects_max` subjects; claims about further ones are counted in `dropped_subjects`.
#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/endpoint.h"
#include "core/field.h"

namespace herkomst {

// Where the bytes of a claim stand: source id, frame number from 1 (or row of a file), and the range [begin, end) within the
// frame.
struct Evidence {
    std::string source;
    std::uint64_t frame = 0;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;

    auto operator<=>(const Evidence&) const = default;
};

struct Seen {
    Time first{};
    Time last{};
    std::uint64_t count = 1;

    auto operator<=>(const Seen&) const = default;
};

struct Observation {
    Endpoint subject;
    Field field{};
    std::string value;
    Strength strength{};
    std::string method;  // "modbus.device_id", "http.server", "csv.row"
    Evidence from;
    Seen seen;
};

class ObservationSet {
  public:
    static constexpr std::size_t values_per_field = 32;

    explicit ObservationSet(std::size_t subjects_max = 1'000'000) : subjects_max_(subjects_max) {}

    // One more claim of the source that `observation.from.source` names: counts add up.
    void add(const Observation&);
    // Another part (thread, shard) of the same sources: counts add up.
    void absorb_part(const ObservationSet&);
    // The same, when the part is not needed any more: what only it has is moved, so that nothing is held twice.
    void absorb_part(ObservationSet&&);
    // Another finished set: a source that both hold counts once.
    void merge(const ObservationSet&);

    // Everything, ordered by (subject, field, strength descending, value, method): the order of output.
    [[nodiscard]] std::vector<Observation> list() const;
    struct OthersRow {
        Endpoint subject;
        Field field;
        std::uint64_t count;
    };
    [[nodiscard]] std::vector<OthersRow> others() const;
    [[nodiscard]] std::size_t subjects() const { return subjects_.size(); }
    // Values kept, one per source: a bound of what list() gives.
    [[nodiscard]] std::size_t rows() const { return rows_; }
    [[nodiscard]] std::uint64_t dropped_subjects() const { return dropped_subjects_; }
    [[nodiscard]] bool empty() const { return subjects_.empty(); }

  private:
    // What one source saw of one value; `source` is a place in sources_.
    struct Sighting {
        std::uint32_t source = 0;
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
        std::uint64_t frame = 0;
        Seen seen;
    };
    // Strength descending first: what stays when there are too many.
    struct Key {
        Strength strength;
        std::string_view value;
        std::string_view method;
        std::strong_ordering operator<=>(const Key& other) const {
            if (strength != other.strength) return other.strength <=> strength;
            if (const auto c = value <=> other.value; c != 0) return c;
            return method <=> other.method;
        }
        bool operator==(const Key&) const = default;
    };
    struct Value {
        Strength strength{};
        std::string value;
        std::string method;
        Sighting first;
        std::vector<Sighting> more;  // of other sources
        [[nodiscard]] Key key() const { return {strength, value, method}; }
    };
    struct Total {
        std::uint32_t source;
        std::uint64_t count;
    };
    struct Values {
        Field field{};
        std::vector<Value> values;  // by key
        std::vector<Total> totals;  // all sightings, kept or not, per source: merges idempotently
    };
    struct Subject {
        Endpoint who;
        std::uint64_t hash = 0;
        std::vector<Values> fields;  // by field
    };
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t at = none;
    };
    static constexpr std::uint32_t none = UINT32_MAX;

    enum class Union { Add, SameOnce };
    std::uint32_t source_named(const std::string&);
    void put(Values&, Value&&, Union);
    static void join(Sighting& known, const Sighting& more, Union);
    static void total(Values&, Total, Union);
    static Values& values_of(Subject&, Field);
    void trim(Values&);
    // Sources as this set numbers them.
    [[nodiscard]] std::vector<std::uint32_t> numbers_of(const ObservationSet& other);
    static void renumber(Subject&, const std::vector<std::uint32_t>&);
    void unite(const ObservationSet&, Union);
    void unite(Subject&&, Union);
    Slot& slot_of(const Endpoint&, std::uint64_t hash);
    void grow();
    [[nodiscard]] std::vector<const Subject*> in_order() const;

    std::deque<Subject> subjects_;  // as they came
    std::vector<Slot> slots_;       // open addressing with linear probing, at most half full
    std::vector<std::string> sources_;
    std::size_t subjects_max_;
    std::size_t rows_ = 0;
    std::uint64_t dropped_subjects_ = 0;
};

}  // namespace herkomst
