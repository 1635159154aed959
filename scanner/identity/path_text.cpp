// A control path as one line of text, and back.
#include <algorithm>
#include <charconv>

#include "core/text.h"
#include "identity/paths.h"

namespace herkomst {

namespace {

// What stands between two parts stands in none of them.
std::string plain(std::string text) {
    std::replace(text.begin(), text.end(), '|', '/');
    return text;
}

std::string joined(const std::set<std::string>& values) {
    return join(std::vector<std::string>(values.begin(), values.end()), ", ");
}

std::set<std::string> split_list(std::string_view text) {
    std::set<std::string> out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(", "), text.size());
        if (end != 0) out.emplace(text.substr(0, end));
        text.remove_prefix(std::min(end + 2, text.size()));
    }
    return out;
}

// The number that `text` begins with; 0 without one. What follows it stays in `text`.
std::uint64_t number(std::string_view& text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc()) return 0;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

bool take(std::string_view& text, std::string_view start) {
    if (!text.starts_with(start)) return false;
    text.remove_prefix(start.size());
    return true;
}

void read_part(std::string_view part, PathTold& told) {
    Path& path = told.path;
    if (take(part, "party ")) {
        path.party = part;
    } else if (take(part, "operator ")) {
        path.operator_slug = part;
    } else if (take(part, "opened by ")) {
        path.opened_by = part;
    } else if (take(part, "over ")) {
        path.services = split_list(part);
    } else if (take(part, "with ")) {
        const std::size_t more = part.find(" and ");
        path.others = split_list(part.substr(0, more));
        if (more != std::string_view::npos) {
            part.remove_prefix(more + 5);
            path.others_more = number(part);
        }
    } else if (take(part, "from ")) {
        const std::size_t to = part.find(" to ");
        if (to == std::string_view::npos) return;
        path.seen.first = parse_rfc3339(part.substr(0, to)).value_or(Time{});
        path.seen.last = parse_rfc3339(part.substr(to + 4)).value_or(Time{});
    } else if (take(part, "every ")) {
        Rhythm rhythm;
        rhythm.period = std::chrono::seconds(number(part));
        if (take(part, " s, ")) rhythm.regular = static_cast<unsigned>(number(part));
        told.rhythm = rhythm;
    } else if (take(part, "for ")) {
        path.purpose = part;
    } else {
        const std::uint64_t value = number(part);
        if (part.starts_with(" times")) path.seen.count = value;
        if (!take(part, " bytes out, ")) return;
        path.bytes_out = value;
        path.bytes_in = number(part);
    }
}

}  // namespace

std::string text_of(const Path& path) {
    std::vector<std::string> parts = {path.kind + " " + plain(path.to)};
    if (!path.party.empty()) parts.push_back("party " + path.party);
    if (!path.operator_slug.empty()) parts.push_back("operator " + path.operator_slug);
    parts.push_back("opened by " + path.opened_by);
    if (!path.services.empty()) parts.push_back("over " + joined(path.services));
    if (!path.others.empty()) {
        const std::string more = path.others_more == 0 ? "" : " and " + std::to_string(path.others_more) + " more";
        parts.push_back("with " + joined(path.others) + more);
    }
    parts.push_back(std::to_string(path.bytes_out) + " bytes out, " + std::to_string(path.bytes_in) + " in");
    parts.push_back(std::to_string(path.seen.count) + " times");
    if (path.seen.first != Time{}) parts.push_back("from " + rfc3339(path.seen.first) + " to " + rfc3339(path.seen.last));
    if (const std::optional<Rhythm> rhythm = path.openings.rhythm())
        parts.push_back("every " + std::to_string(rhythm->period.count()) + " s, " + std::to_string(rhythm->regular) +
                        " of 100");
    if (!path.purpose.empty()) parts.push_back("for " + plain(path.purpose));
    return join(parts, " | ");
}

std::optional<PathTold> path_told(std::string_view text) {
    PathTold told;
    const std::string_view head = text.substr(0, text.find(" | "));
    const std::size_t space = head.find(' ');
    if (space == std::string_view::npos || space == 0) return std::nullopt;
    told.path.kind = head.substr(0, space);
    told.path.to = head.substr(space + 1);
    text.remove_prefix(std::min(head.size() + 3, text.size()));
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(" | "), text.size());
        read_part(text.substr(0, end), told);
        text.remove_prefix(std::min(end + 3, text.size()));
    }
    return told;
}

}  // namespace herkomst
