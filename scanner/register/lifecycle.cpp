#include "register/lifecycle.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/text.h"
#include "register/said.h"

namespace herkomst {

namespace {

constexpr Transition all_steps[] = {
    {"new", "investigating", true},
    {"new", "assessed", true},
    {"new", "false_positive"},
    {"new", "closed"},
    {"investigating", "assessed", true},
    {"investigating", "false_positive"},
    {"investigating", "closed"},
    {"assessed", "investigating", true},
    {"assessed", "treatment_planned", true},
    {"assessed", "acceptance_requested", true},
    {"assessed", "accepted"},
    {"assessed", "false_positive"},
    {"assessed", "closed"},
    {"treatment_planned", "assessed", true},
    {"treatment_planned", "in_treatment", true},
    {"treatment_planned", "acceptance_requested", true},
    {"treatment_planned", "false_positive"},
    {"treatment_planned", "closed"},
    {"in_treatment", "assessed", true},
    {"in_treatment", "treatment_planned", true},
    {"in_treatment", "acceptance_requested", true},
    {"in_treatment", "false_positive"},
    {"in_treatment", "closed"},
    {"acceptance_requested", "assessed", true},
    {"acceptance_requested", "accepted"},
    {"acceptance_requested", "treatment_planned", true},
    {"acceptance_requested", "false_positive"},
    {"acceptance_requested", "closed"},
    {"accepted", "assessed", true},
    {"accepted", "accepted"},
    {"accepted", "closed"},
    {"closed", "assessed", true},
    {"false_positive", "assessed", true},
};

template <class List>
bool among(const List& list, std::string_view text) {
    return std::find(std::begin(list), std::end(list), text) != std::end(list);
}

template <class List>
std::string one_of(const List& list) {
    std::string out;
    for (const std::string_view each : list) out += (out.empty() ? "" : ", ") + std::string(each);
    return out;
}

std::string value_of(const Standing& standing, const Move& move, std::string_view field) {
    const auto said = move.fields.find(field);
    if (said != move.fields.end()) return said->second;
    const auto held = standing.fields.find(field);
    return held == standing.fields.end() ? std::string() : held->second;
}

int band_number(std::string_view band) {
    constexpr std::string_view order[] = {"low", "medium", "high", "critical"};
    return static_cast<int>(std::find(std::begin(order), std::end(order), band) - std::begin(order));
}

bool is_score(std::string_view text) { return text.size() == 1 && text[0] >= '1' && text[0] <= '5'; }

}  // namespace

std::span<const Transition> steps() { return all_steps; }

bool open_status(std::string_view status) { return status != "accepted" && status != "closed" && status != "false_positive"; }

Problems refused(const Standing& standing, const Move& move, std::string_view finding, Time now,
                 std::chrono::days acceptance_most) {
    Problems out;
    const auto complain = [&](std::string sentence) { out.push_back({std::string(finding), std::move(sentence)}); };
    if (!among(finding_statuses, move.to)) {
        complain(fmt::format("\"{}\" is no status: one of {}", move.to, one_of(finding_statuses)));
        return out;
    }
    const auto step = std::find_if(std::begin(all_steps), std::end(all_steps),
                                   [&](const Transition& each) { return each.from == standing.status && each.to == move.to; });
    if (step == std::end(all_steps)) {
        std::string ways;
        for (const Transition& each : all_steps) {
            if (each.from == standing.status) ways += (ways.empty() ? "" : ", ") + std::string(each.to);
        }
        complain(fmt::format("is {} and cannot become {}; from there it can become {}", standing.status, move.to, ways));
        return out;
    }
    if (trimmed(move.by).empty()) complain("nobody is named who decides this (--by NAME)");
    if (trimmed(move.reason).empty()) complain("is not changed without a reason (--reason TEXT)");
    const bool may = move.role == "owner" || (move.role == "analyst" && step->analyst);
    if (!may) complain(fmt::format("only {} may make it {}", step->analyst ? "an analyst or the owner" : "the owner", move.to));
    const auto need = [&](std::string_view field) {
        if (value_of(standing, move, field).empty()) complain(fmt::format("cannot be {} without {}", move.to, field));
    };
    if (move.to == "treatment_planned" || move.to == "in_treatment") {
        need("owner");
        need("due");
        need("response");
        if (standing.measures == 0) complain(fmt::format("cannot be {} without a measure", move.to));
    }
    if (move.to == "accepted") {
        need("owner");
        // The risk is accepted by whom it belongs to; who takes it over is assigned it first, which the history shows.
        const std::string owner = value_of(standing, move, "owner");
        if (!owner.empty() && !move.by.empty() && folded(owner) != folded(move.by))
            complain(
                fmt::format("belongs to {}: {} cannot accept it (assign it first, or accept in that name)", owner, move.by));
        const std::string until = value_of(standing, move, "accepted_until");
        const std::optional<Time> end = parse_rfc3339(until);
        if (!end && !until.empty()) {
            complain(fmt::format(
                "cannot be accepted until \"{}\": that is no date like 2027-03-31, or one that is too far away", until));
        } else if (!end) {
            complain("cannot be accepted without a day on which that ends (--until DATE)");
        } else if (*end <= now) {
            complain(fmt::format("cannot be accepted until {}: that is over", until));
        } else if (*end > now + acceptance_most) {
            complain(fmt::format("cannot be accepted for longer than {} days", acceptance_most.count()));
        }
    }
    if (move.to == "closed") {
        const std::string why = value_of(standing, move, "closure_reason");
        if (!among(closure_reasons, why)) {
            complain(fmt::format("is not closed without one of {}", one_of(closure_reasons)));
        } else if (why == "remediated") {
            if (standing.status != "in_treatment") complain("is not remediated before it was in treatment");
            if (standing.measures_done == 0) complain("is not remediated without a measure that is implemented");
        }
    }
    return out;
}

std::string refused_value(std::string_view subject_kind, std::string_view field, std::string_view value) {
    if (has_control(value)) return "holds a control character";
    if (value.size() > reason_most) return fmt::format("is longer than {} bytes", reason_most);
    if (!value.empty() && trimmed(value).empty()) return "is blank";
    const auto allowed = [&](const auto& list) {
        return value.empty() || among(list, value) ? std::string() : fmt::format("is none of {}", one_of(list));
    };
    const auto unknown = [&](const auto& list) {
        return among(list, field) ? std::string() : fmt::format("there is no such field; there are {}", one_of(list));
    };
    constexpr std::array<std::string_view, 4> bands = {"low", "medium", "high", "critical"};
    constexpr std::array<std::string_view, 2> yes_no = {"yes", "no"};
    if (field == "due" || field == "review_by" || field == "accepted_until") {
        if (!value.empty() && !parse_rfc3339(value)) return "is no date like 2027-03-31";
    }
    if (subject_kind == "finding") {
        constexpr std::array<std::string_view, 8> fields = {
            "owner", "due", "review_by", "response", "residual_likelihood", "residual_impact", "residual_why", "note"};
        if (const std::string no = unknown(fields); !no.empty()) return no;
        if (field == "response") return allowed(responses);
        if ((field == "residual_likelihood" || field == "residual_impact") && !value.empty() && !is_score(value))
            return "is a number from 1 to 5";
        return {};
    }
    if (subject_kind == "asset") {
        constexpr std::array<std::string_view, 8> fields = {"name",   "zone",        "process", "owner",
                                                            "purdue", "criticality", "retired", "note"};
        constexpr std::array<std::string_view, 9> levels = {"0", "1", "2", "3", "3.5", "4", "5", "cloud", "unknown"};
        if (const std::string no = unknown(fields); !no.empty()) return no;
        if (field == "purdue") return allowed(levels);
        if (field == "criticality") return allowed(bands);
        if (field == "retired") return allowed(yes_no);
        return {};
    }
    if (subject_kind == "measure") {
        constexpr std::array<std::string_view, 7> fields = {"title", "kind", "state", "owner", "due", "effect", "cost"};
        constexpr std::array<std::string_view, 11> kinds = {"isolate",   "block_egress", "local_control", "disable_remote",
                                                            "replace",   "contract",     "monitor",       "fallback",
                                                            "diversify", "physical",     "other"};
        constexpr std::array<std::string_view, 6> states = {"proposed",    "planned", "in_progress",
                                                            "implemented", "tested",  "rejected"};
        constexpr std::array<std::string_view, 4> effects = {"likelihood", "impact", "both", "detection"};
        if (const std::string no = unknown(fields); !no.empty()) return no;
        if (field == "kind") return allowed(kinds);
        if (field == "state") return allowed(states);
        if (field == "effect") return allowed(effects);
        return {};
    }
    if (subject_kind == "person") {
        constexpr std::array<std::string_view, 1> fields = {"role"};
        if (const std::string no = unknown(fields); !no.empty()) return no;
        return allowed(roles);
    }
    constexpr std::array<std::string_view, 2> fields = {"owner", "note"};
    return unknown(fields);
}

std::string reopens(const Standing& standing, const Sight& seen) {
    const auto held = [&](std::string_view field) {
        const auto found = standing.fields.find(field);
        return found == standing.fields.end() ? std::string() : found->second;
    };
    if (standing.status == "accepted") {
        std::string why;
        const auto compare = [&](const char* what, const std::string& accepted, const std::string& now) {
            if (accepted.empty() || now.empty() || band_number(now) <= band_number(accepted)) return;
            why += fmt::format("{}{} is {} and was accepted as {}", why.empty() ? "it is worse than what was accepted: " : ", ",
                               what, now, accepted);
        };
        compare("its rating with measures", held("accepted_residual"), seen.residual);
        compare("its rating without measures", held("accepted_inherent"), seen.inherent);
        compare("the band of its rule", held("accepted_band"), seen.band);
        return why;
    }
    // What was seen before the decision was known to whoever decided.
    const std::optional<Time> decided = parse_rfc3339(held("decided_at"));
    if (decided && seen.last <= *decided) return {};
    if (standing.status == "closed" && held("closure_reason") != "duplicate") return "it was seen after it was closed";
    if (standing.status == "false_positive" && seen.condition != held("decided_condition"))
        return "it is not what was called a false positive";
    return {};
}

bool acceptance_over(const Standing& standing, Time now) {
    if (standing.status != "accepted") return false;
    const auto until = standing.fields.find("accepted_until");
    const std::optional<Time> end = until == standing.fields.end() ? std::nullopt : parse_rfc3339(until->second);
    return !end || *end <= now;
}

}  // namespace herkomst
