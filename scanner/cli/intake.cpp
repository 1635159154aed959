#include "cli/intake.h"

#include <algorithm>
#include <utility>

#include "capture/live.h"
#include "core/json.h"
#include "core/lines.h"
#include "core/text.h"

namespace herkomst {

// ---- what adds up ----

void Heard::add(const Conversation& row) {
    ConversationKey key{row.a, row.b, row.b_name, row.service, row.opened_by};
    const auto known = conversations_.find(key);
    if (known == conversations_.end()) {
        if (conversations_.size() >= conversations_max) {
            ++dropped_;
        } else {
            conversations_.emplace(std::move(key), row);
        }
        return;
    }
    Conversation& into = known->second;
    into.bytes_ab += row.bytes_ab;
    into.bytes_ba += row.bytes_ba;
    into.seen.first = std::min(into.seen.first, row.seen.first);
    into.seen.last = std::max(into.seen.last, row.seen.last);
    into.seen.count += row.seen.count;
    into.named_in(row.b_name_from);
    into.openings.merge(row.openings);
}

void Heard::add(const Heard& other) {
    observations_.absorb_part(other.observations_);
    for (const auto& [key, row] : other.conversations_) add(row);
    dropped_ += other.dropped_;
}

std::vector<Conversation> Heard::conversations() const {
    std::vector<Conversation> rows;
    rows.reserve(conversations_.size());
    for (const auto& [key, row] : conversations_) rows.push_back(row);
    return rows;
}

// ---- what a worker writes ----

bool Intake::wrong(std::string sentence) {
    if (problem_.empty()) problem_ = std::move(sentence);
    return false;
}

bool Intake::take(std::string_view bytes) {
    if (!problem_.empty()) return false;
    buffer_.append(bytes);
    std::size_t at = 0;
    while (buffer_.size() - at >= 4) {
        std::size_t length = 0;
        for (unsigned i = 0; i < 4; ++i) length |= std::size_t{static_cast<unsigned char>(buffer_[at + i])} << (8 * i);
        if (length == 0 || length > line_max) return wrong("a length that cannot be");
        if (buffer_.size() - at - 4 < length) break;
        if (!line(std::string_view(buffer_).substr(at + 4, length))) return false;
        at += 4 + length;
    }
    buffer_.erase(0, at);
    return true;
}

std::vector<Interval> Intake::intervals() { return std::exchange(done_, {}); }

bool Intake::ours(const Endpoint& endpoint) const { return endpoint.site == site_; }

bool Intake::line(std::string_view text) {
    const Result<Json> parsed = parse_json(text, "worker");
    if (!parsed || !parsed.value().is_object()) return wrong("a line that is not JSON");
    const Json& json = parsed.value();
    const std::string& type = json["type"].string();
    if (type == "ready") {
        if (ready_) return wrong("ready twice");
        ready_ = true;
        for (auto [key, into] : {std::pair{"confined", &confined_}, std::pair{"not", &not_confined_}}) {
            for (const Json& each : json[key].items()) {
                if (into->size() < 16) into->push_back(clean(each.string(), 128));
            }
        }
        return true;
    }
    if (!ready_) return wrong("rows before it was ready");
    if (type == "interval") return interval(json);
    if (type == "gone") {
        gone_ = clean(json["sentence"].string(), 200);
        if (gone_.empty()) gone_ = "it cannot be read any more";
        return true;
    }
    if (++rows_ > rows_max) return wrong("more rows than an interval can have");
    return row(type, json);
}

bool Intake::row(std::string_view type, const Json& json) {
    const auto counts = [](const Seen& seen) { return seen.count <= count_max && seen.first <= seen.last; };
    if (type == "observation") {
        const Result<Observation> read = observation_from(json, "worker");
        if (!read) return wrong(read.problems().front().text());
        const Observation& row = read.value();
        // A packet cannot confirm, and lists nothing: that is for people and inventories.
        const bool seen_on_the_wire =
            row.strength == Strength::Hinted || row.strength == Strength::Matched || row.strength == Strength::Stated;
        if (!ours(row.subject) || row.from.source != source_) return wrong("an observation of somebody else's");
        if (!seen_on_the_wire) return wrong("an observation stronger than a packet can be");
        if (!counts(row.seen)) return wrong("an observation with a count or time that cannot be");
        open_.heard.add(row);
        return true;
    }
    if (type == "conversation") {
        const Result<Conversation> read = conversation_from(json, "worker");
        if (!read) return wrong(read.problems().front().text());
        const Conversation& row = read.value();
        const std::string& source = row.b_name_from.source;
        if (!ours(row.a) || !ours(row.b) || (!source.empty() && source != source_))
            return wrong("a conversation of somebody else's");
        if (!counts(row.seen) || row.bytes_ab > count_max || row.bytes_ba > count_max)
            return wrong("a conversation with a count or time that cannot be");
        open_.heard.add(row);
        return true;
    }
    if (type == "coverage") {
        const Result<Coverage> read = coverage_from(json, "worker");
        if (!read) return wrong(read.problems().front().text());
        if (read.value().count > count_max) return wrong("coverage with a count that cannot be");
        open_.coverage.push_back(read.value());
        return true;
    }
    if (type == "others") {
        const std::int64_t count = json["count"].integer(-1);
        if (count < 0 || static_cast<std::uint64_t>(count) > count_max) return wrong("others with a count that cannot be");
        open_.coverage.push_back({{}, "capture", "further values of a field", static_cast<std::uint64_t>(count)});
        return true;
    }
    return wrong("a line of an unknown type");
}

bool Intake::interval(const Json& json) {
    for (auto [key, into] : {std::pair{"packets", &open_.packets}, std::pair{"bytes", &open_.bytes},
                             std::pair{"decoded", &open_.decoded}, std::pair{"not_sent", &open_.not_sent}}) {
        const std::int64_t count = json[key].integer(-1);
        if (count < 0 || static_cast<std::uint64_t>(count) > count_max) return wrong("an interval with a count that cannot be");
        *into = static_cast<std::uint64_t>(count);
    }
    for (auto [key, into] : {std::pair{"first", &open_.first}, std::pair{"last", &open_.last}}) {
        if (!json.has(key)) continue;
        const auto time = parse_rfc3339(json[key].string());
        if (!time) return wrong("an interval with a time that cannot be");
        *into = *time;
    }
    open_.final = json["final"].boolean();
    done_.push_back(std::move(open_));
    open_ = Interval{};
    rows_ = 0;
    return true;
}

}  // namespace herkomst
