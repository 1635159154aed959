#include "core/observation.h"

#include <algorithm>

namespace herkomst {

ObservationSet::Fields* ObservationSet::fields_of(const Endpoint& subject, std::uint64_t count) {
    const auto found = subjects_.find(subject);
    if (found != subjects_.end()) return &found->second;
    if (subjects_.size() >= subjects_max_) {
        dropped_subjects_ += count;
        return nullptr;
    }
    return &subjects_[subject];
}

void ObservationSet::put(Values& into, const Key& key, const std::string& source, const Sighting& sighting, Union how) {
    PerSource& sources = into.values[key];
    auto at = sources.find(source);
    if (at == sources.end()) {
        sources.emplace(source, sighting);
        return;
    }
    Sighting& known = at->second;
    known.from = std::min(known.from, sighting.from);
    known.seen.first = std::min(known.seen.first, sighting.seen.first);
    known.seen.last = std::max(known.seen.last, sighting.seen.last);
    known.seen.count =
        how == Union::Add ? known.seen.count + sighting.seen.count : std::max(known.seen.count, sighting.seen.count);
}

// Values beyond the bound go from the weak end; their sightings are counted, per source.
void ObservationSet::trim(Values& values) {
    while (values.values.size() > values_per_field) {
        const auto last = std::prev(values.values.end());
        for (const auto& [source, sighting] : last->second) values.others[source] += sighting.seen.count;
        values.values.erase(last);
    }
}

void ObservationSet::add(const Observation& observation) {
    Fields* fields = fields_of(observation.subject, observation.seen.count);
    if (fields == nullptr) return;
    Values& values = (*fields)[observation.field];
    put(values, Key{observation.strength, observation.value, observation.method}, observation.from.source,
        Sighting{observation.from, observation.seen}, Union::Add);
    trim(values);
}

void ObservationSet::unite(const ObservationSet& other, Union how) {
    for (const auto& [subject, other_fields] : other.subjects_) {
        Fields* fields = fields_of(subject, 1);
        if (fields == nullptr) continue;
        for (const auto& [field, other_values] : other_fields) {
            Values& values = (*fields)[field];
            for (const auto& [key, sources] : other_values.values) {
                for (const auto& [source, sighting] : sources) put(values, key, source, sighting, how);
            }
            for (const auto& [source, count] : other_values.others) {
                std::uint64_t& known = values.others[source];
                known = how == Union::Add ? known + count : std::max(known, count);
            }
            trim(values);
        }
    }
    dropped_subjects_ += other.dropped_subjects_;
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
            for (const auto& [source, n] : values.others) count += n;
            if (count != 0) rows.push_back({subject, field, count});
        }
    }
    return rows;
}

}  // namespace herkomst
