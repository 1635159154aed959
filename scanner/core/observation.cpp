#include "core/observation.h"

#include <algorithm>
#include <utility>

namespace herkomst {

ObservationSet::Fields* ObservationSet::fields_of(const Endpoint& subject, std::uint64_t count) {
    const auto found = subjects_.lower_bound(subject);
    if (found != subjects_.end() && found->first == subject) return &found->second;
    if (subjects_.size() >= subjects_max_) {
        dropped_subjects_ += count;
        return nullptr;
    }
    return &subjects_.emplace_hint(found, subject, Fields{})->second;
}

void ObservationSet::put(Values& into, const Key& key, const std::string& source, const Sighting& sighting, Union how) {
    PerSource& sources = into.values[key];
    auto at = sources.find(source);
    if (at == sources.end()) {
        sources.emplace(source, sighting);
        ++rows_;
        return;
    }
    Sighting& known = at->second;
    known.from = std::min(known.from, sighting.from);
    known.seen.first = std::min(known.seen.first, sighting.seen.first);
    known.seen.last = std::max(known.seen.last, sighting.seen.last);
    known.seen.count =
        how == Union::Add ? known.seen.count + sighting.seen.count : std::max(known.seen.count, sighting.seen.count);
}

// Values beyond the bound go from the weak end; their sightings stay in the totals.
void ObservationSet::trim(Values& values) {
    while (values.values.size() > values_per_field) {
        const auto weakest = std::prev(values.values.end());
        rows_ -= weakest->second.size();
        values.values.erase(weakest);
    }
}

void ObservationSet::add(const Observation& observation) {
    Fields* fields = fields_of(observation.subject, observation.seen.count);
    if (fields == nullptr) return;
    Values& values = (*fields)[observation.field];
    values.total[observation.from.source] += observation.seen.count;
    put(values, Key{observation.strength, observation.value, observation.method}, observation.from.source,
        Sighting{observation.from, observation.seen}, Union::Add);
    trim(values);
}

void ObservationSet::unite(const Endpoint& subject, const Fields& other_fields, Union how) {
    Fields* fields = fields_of(subject, 1);
    if (fields == nullptr) return;
    for (const auto& [field, other_values] : other_fields) {
        Values& values = (*fields)[field];
        for (const auto& [key, sources] : other_values.values) {
            for (const auto& [source, sighting] : sources) put(values, key, source, sighting, how);
        }
        for (const auto& [source, count] : other_values.total) {
            std::uint64_t& known = values.total[source];
            known = how == Union::Add ? known + count : std::max(known, count);
        }
        trim(values);
    }
}

void ObservationSet::unite(const ObservationSet& other, Union how) {
    for (const auto& [subject, other_fields] : other.subjects_) unite(subject, other_fields, how);
    dropped_subjects_ += other.dropped_subjects_;
}

void ObservationSet::absorb_part(ObservationSet&& other) {
    // Node by node: at no time is a subject in both, nor its memory taken twice.
    while (!other.subjects_.empty()) {
        auto node = other.subjects_.extract(other.subjects_.begin());
        if (subjects_.size() >= subjects_max_) {
            unite(node.key(), node.mapped(), Union::Add);
            continue;
        }
        const auto placed = subjects_.insert(std::move(node));
        if (!placed.inserted) {
            unite(placed.node.key(), placed.node.mapped(), Union::Add);
            continue;
        }
        for (const auto& [field, values] : placed.position->second) {
            for (const auto& [key, sources] : values.values) rows_ += sources.size();
        }
    }
    dropped_subjects_ += std::exchange(other.dropped_subjects_, 0);
    other.rows_ = 0;
}

void ObservationSet::absorb_part(const ObservationSet& other) { unite(other, Union::Add); }
void ObservationSet::merge(const ObservationSet& other) { unite(other, Union::SameOnce); }

std::vector<Observation> ObservationSet::list() const {
    std::vector<Observation> rows;
    for (const auto& [subject, fields] : subjects_) {
        for (const auto& [field, values] : fields) {
            for (const auto& [key, sources] : values.values) {
                Observation row{subject, field, key.value, key.strength, key.method, {}, {}};
                bool first = true;
                for (const auto& [source, sighting] : sources) {
                    if (first) {
                        row.from = sighting.from;
                        row.seen = sighting.seen;
                        first = false;
                        continue;
                    }
                    row.from = std::min(row.from, sighting.from);
                    row.seen.first = std::min(row.seen.first, sighting.seen.first);
                    row.seen.last = std::max(row.seen.last, sighting.seen.last);
                    row.seen.count += sighting.seen.count;
                }
                rows.push_back(std::move(row));
            }
        }
    }
    return rows;
}

std::vector<ObservationSet::OthersRow> ObservationSet::others() const {
    std::vector<OthersRow> rows;
    for (const auto& [subject, fields] : subjects_) {
        for (const auto& [field, values] : fields) {
            std::uint64_t count = 0;
            for (const auto& [source, n] : values.total) count += n;
            for (const auto& [key, sources] : values.values) {
                for (const auto& [source, sighting] : sources) count -= std::min(count, sighting.seen.count);
            }
            if (count != 0) rows.push_back({subject, field, count});
        }
    }
    return rows;
}

}  // namespace herkomst
