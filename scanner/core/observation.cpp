#include "core/observation.h"

#include <algorithm>
#include <array>
#include <functional>
#include <tuple>
#include <utility>

#include "core/hash.h"

namespace herkomst {

namespace {

std::uint64_t hash_of(const Endpoint& endpoint) {
    const EndpointHead head = head_of(endpoint);
    std::uint64_t hash = mixed(mixed(head[0], head[1]), mixed(head[2], head[3]));
    const auto add = [&](const std::string& text) { hash = mixed(hash, std::hash<std::string_view>()(text)); };
    // Mostly one site, and the thing at the address itself.
    if (!endpoint.site.empty()) add(endpoint.site);
    for (const std::string& step : endpoint.path) add(step);
    if (!endpoint.software.empty()) add(endpoint.software);
    return hash;
}

}  // namespace

// ---- subjects ----

// Where it is, or where it would be.
ObservationSet::Slot& ObservationSet::slot_of(const Endpoint& who, std::uint64_t hash) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    for (; slots_[at].at != none; at = (at + 1) & mask) {
        if (slots_[at].hash != static_cast<std::uint32_t>(hash >> 32)) continue;
        const Subject& known = subjects_[slots_[at].at];
        if (known.hash == hash && known.who == who) break;
    }
    return slots_[at];
}

void ObservationSet::grow() {
    std::vector<Slot> larger(std::max<std::size_t>(slots_.size() * 2, 16));
    const std::size_t mask = larger.size() - 1;
    for (std::size_t i = 0; i < subjects_.size(); ++i) {
        const std::uint64_t hash = subjects_[i].hash;
        std::size_t at = hash & mask;
        while (larger[at].at != none) at = (at + 1) & mask;
        larger[at] = {static_cast<std::uint32_t>(hash >> 32), static_cast<std::uint32_t>(i)};
    }
    slots_.swap(larger);
}

// By what they are: VLAN, MAC and address are compared as numbers where they can decide.
std::vector<const ObservationSet::Subject*> ObservationSet::in_order() const {
    struct Place {
        EndpointHead head;
        const Subject* subject;
    };
    std::vector<Place> places;
    places.reserve(subjects_.size());
    bool one_site = true;
    for (const Subject& subject : subjects_) {
        one_site = one_site && subject.who.site == subjects_.front().who.site;
        places.push_back({head_of(subject.who), &subject});
    }
    std::sort(places.begin(), places.end(), [&](const Place& a, const Place& b) {
        if (one_site && a.head != b.head) return a.head < b.head;
        return a.subject->who < b.subject->who;
    });
    std::vector<const Subject*> out;
    out.reserve(places.size());
    for (const Place& place : places) out.push_back(place.subject);
    return out;
}

// ---- values ----

std::uint32_t ObservationSet::source_named(const std::string& source) {
    // The newest first: one source after another is read.
    for (std::size_t i = sources_.size(); i > 0; --i) {
        if (sources_[i - 1] == source) return static_cast<std::uint32_t>(i - 1);
    }
    sources_.push_back(source);
    return static_cast<std::uint32_t>(sources_.size() - 1);
}

ObservationSet::Values& ObservationSet::values_of(Subject& subject, Field field) {
    const auto at = std::lower_bound(subject.fields.begin(), subject.fields.end(), field,
                                     [](const Values& values, Field wanted) { return values.field < wanted; });
    if (at != subject.fields.end() && at->field == field) return *at;
    return *subject.fields.insert(at, Values{field, {}, {}});
}

void ObservationSet::join(Sighting& known, const Sighting& more, Union how) {
    if (std::tie(more.frame, more.begin, more.end) < std::tie(known.frame, known.begin, known.end))
        std::tie(known.frame, known.begin, known.end) = std::tie(more.frame, more.begin, more.end);
    known.seen.first = std::min(known.seen.first, more.seen.first);
    known.seen.last = std::max(known.seen.last, more.seen.last);
    known.seen.count = how == Union::Add ? known.seen.count + more.seen.count : std::max(known.seen.count, more.seen.count);
}

void ObservationSet::put(Values& into, Value&& value, Union how) {
    const auto at = std::lower_bound(into.values.begin(), into.values.end(), value.key(),
                                     [](const Value& known, const Key& key) { return known.key() < key; });
    if (at == into.values.end() || at->key() != value.key()) {
        rows_ += 1 + value.more.size();
        into.values.insert(at, std::move(value));
        return;
    }
    const auto one = [&](const Sighting& sighting) {
        if (at->first.source == sighting.source) return join(at->first, sighting, how);
        for (Sighting& known : at->more) {
            if (known.source == sighting.source) return join(known, sighting, how);
        }
        at->more.push_back(sighting);
        ++rows_;
    };
    one(value.first);
    for (const Sighting& sighting : value.more) one(sighting);
}

void ObservationSet::total(Values& values, Total more, Union how) {
    for (Total& known : values.totals) {
        if (known.source != more.source) continue;
        known.count = how == Union::Add ? known.count + more.count : std::max(known.count, more.count);
        return;
    }
    values.totals.push_back(more);
}

// Values beyond the bound go from the weak end; their sightings stay in the totals.
void ObservationSet::trim(Values& values) {
    while (values.values.size() > values_per_field) {
        rows_ -= 1 + values.values.back().more.size();
        values.values.pop_back();
    }
}

void ObservationSet::add(const Observation& observation) {
    const std::uint64_t hash = hash_of(observation.subject);
    if ((subjects_.size() + 1) * 2 > slots_.size()) grow();
    Slot& slot = slot_of(observation.subject, hash);
    if (slot.at == none) {
        if (subjects_.size() >= subjects_max_) {
            dropped_subjects_ += observation.seen.count;
            return;
        }
        slot = {static_cast<std::uint32_t>(hash >> 32), static_cast<std::uint32_t>(subjects_.size())};
        subjects_.push_back({observation.subject, hash, {}});
    }
    const Evidence& from = observation.from;
    const std::uint32_t source = source_named(from.source);
    Values& values = values_of(subjects_[slot.at], observation.field);
    total(values, {source, observation.seen.count}, Union::Add);
    put(values,
        Value{observation.strength,
              observation.value,
              observation.method,
              {source, from.begin, from.end, from.frame, observation.seen},
              {}},
        Union::Add);
    trim(values);
}

// ---- sets ----

std::vector<std::uint32_t> ObservationSet::numbers_of(const ObservationSet& other) {
    std::vector<std::uint32_t> numbers;
    for (const std::string& source : other.sources_) numbers.push_back(source_named(source));
    return numbers;
}

void ObservationSet::renumber(Subject& subject, const std::vector<std::uint32_t>& numbers) {
    for (Values& values : subject.fields) {
        for (Total& total : values.totals) total.source = numbers[total.source];
        for (Value& value : values.values) {
            value.first.source = numbers[value.first.source];
            for (Sighting& sighting : value.more) sighting.source = numbers[sighting.source];
        }
    }
}

void ObservationSet::unite(Subject&& other, Union how) {
    if ((subjects_.size() + 1) * 2 > slots_.size()) grow();
    Slot& slot = slot_of(other.who, other.hash);
    if (slot.at == none) {
        if (subjects_.size() >= subjects_max_) {
            ++dropped_subjects_;
            return;
        }
        slot = {static_cast<std::uint32_t>(other.hash >> 32), static_cast<std::uint32_t>(subjects_.size())};
        for (const Values& values : other.fields) {
            for (const Value& value : values.values) rows_ += 1 + value.more.size();
        }
        subjects_.push_back(std::move(other));
        return;
    }
    Subject& known = subjects_[slot.at];
    for (Values& other_values : other.fields) {
        Values& values = values_of(known, other_values.field);
        for (Value& value : other_values.values) put(values, std::move(value), how);
        for (const Total& more : other_values.totals) total(values, more, how);
        trim(values);
    }
}

void ObservationSet::absorb_part(ObservationSet&& other) {
    const std::vector<std::uint32_t> numbers = numbers_of(other);
    // One by one: at no time is a subject in both, nor its memory taken twice.
    for (; !other.subjects_.empty(); other.subjects_.pop_front()) {
        Subject& subject = other.subjects_.front();
        renumber(subject, numbers);
        unite(std::move(subject), Union::Add);
    }
    dropped_subjects_ += std::exchange(other.dropped_subjects_, 0);
    other.rows_ = 0;
    other.slots_.clear();
    other.sources_.clear();
}

void ObservationSet::unite(const ObservationSet& other, Union how) {
    const std::vector<std::uint32_t> numbers = numbers_of(other);
    for (const Subject& subject : other.subjects_) {
        Subject copy = subject;
        renumber(copy, numbers);
        unite(std::move(copy), how);
    }
    dropped_subjects_ += other.dropped_subjects_;
}

void ObservationSet::absorb_part(const ObservationSet& other) { unite(other, Union::Add); }
void ObservationSet::merge(const ObservationSet& other) { unite(other, Union::SameOnce); }

// ---- what it holds ----

std::vector<Observation> ObservationSet::list() const {
    std::vector<Observation> rows;
    const auto place = [&](const Sighting& sighting) {
        return std::tie(sources_[sighting.source], sighting.frame, sighting.begin, sighting.end);
    };
    for (const Subject* subject : in_order()) {
        for (const Values& values : subject->fields) {
            for (const Value& value : values.values) {
                const Sighting* first = &value.first;
                Seen seen = first->seen;
                for (const Sighting& sighting : value.more) {
                    if (place(sighting) < place(*first)) first = &sighting;
                    seen.first = std::min(seen.first, sighting.seen.first);
                    seen.last = std::max(seen.last, sighting.seen.last);
                    seen.count += sighting.seen.count;
                }
                rows.push_back({subject->who, values.field, value.value, value.strength, value.method,
                                Evidence{sources_[first->source], first->frame, first->begin, first->end}, seen});
            }
        }
    }
    return rows;
}

std::vector<ObservationSet::OthersRow> ObservationSet::others() const {
    std::vector<OthersRow> rows;
    for (const Subject* subject : in_order()) {
        for (const Values& values : subject->fields) {
            std::uint64_t count = 0;
            for (const Total& total : values.totals) count += total.count;
            const auto kept = [&](const Sighting& sighting) { count -= std::min(count, sighting.seen.count); };
            for (const Value& value : values.values) {
                kept(value.first);
                for (const Sighting& sighting : value.more) kept(sighting);
            }
            if (count != 0) rows.push_back({subject->who, values.field, count});
        }
    }
    return rows;
}

}  // namespace herkomst
