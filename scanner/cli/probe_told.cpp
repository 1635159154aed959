#include "cli/probe_told.h"

#include <algorithm>
#include <vector>

#include "core/counted.h"

namespace herkomst {

namespace {

template <class Items, class Text>
std::string listed(const Items& items, std::size_t most, const Text& text) {
    std::string out;
    std::size_t shown = 0;
    for (const auto& item : items) {
        if (shown++ == most) return out + " and " + std::to_string(items.size() - most) + " more";
        out += (out.empty() ? "" : ", ") + text(item);
    }
    return out;
}

}  // namespace

void ProbeTold::add(const Errand& errand, const Report& report) {
    std::string what;
    if (report.outcome == ProbeOutcome::OutOfScope)
        what = "not asked";
    else if (report.unasked)
        what = std::string(name(report.outcome));
    else if (report.unclosed)
        what = "left alone";
    if (what.empty()) return;
    Reason& reason = reasons_[{std::move(what), report.reason}];
    reason.questions.insert(errand.probe->name);
    if (errand.target.ip.known()) reason.devices.insert(errand.target.ip);
    ++reason.count;
}

void ProbeTold::add(const Unasked& unasked) {
    ++unasked_devices_;
    unasked_questions_ += unasked.questions;
}

std::string ProbeTold::shown(const std::string& what, const std::string& why, const Reason& reason) {
    std::string out = "probe: " + what + ": ";
    out += listed(reason.questions, questions_max, [](std::string_view question) { return std::string(question); });
    // What the machine does not allow is no device's.
    if (what != "not asked" && !reason.devices.empty())
        out += " at " + listed(reason.devices, devices_max, [](const IpAddress& ip) { return ip.text(); });
    return out + ": " + why + "\n";
}

std::string ProbeTold::text(const CampaignCount& count, const std::string& stopped, const std::string& log) const {
    std::vector<const decltype(reasons_)::value_type*> rows;
    for (const auto& row : reasons_) rows.push_back(&row);
    std::ranges::stable_sort(rows, std::ranges::greater{}, [](const auto* row) { return row->second.count; });
    std::string out;
    for (std::size_t i = 0; i < rows.size() && i < reasons_max; ++i)
        out += shown(rows[i]->first.first, rows[i]->first.second, rows[i]->second);
    if (rows.size() > reasons_max)
        out += "probe: " + counted(rows.size() - reasons_max, "more reason", "more reasons") + ": see the record\n";
    if (unasked_questions_ != 0)
        out += "probe: not asked: " + counted(unasked_questions_, "question", "questions") + " to " +
               counted(unasked_devices_, "device", "devices") + ": " + stopped + "; --resume asks them\n";
    std::string ended;
    for (const auto& [outcome, number] : count.outcomes)
        ended += (ended.empty() ? "" : ", ") + std::to_string(number) + " " + std::string(name(outcome));
    out += "probe: ";
    if (unasked_questions_ != 0) out += std::to_string(count.errands_done) + " of ";
    out += std::to_string(unasked_questions_ != 0 ? count.errands_done + unasked_questions_ : count.errands_done) +
           " questions to " + std::to_string(count.devices) + " devices: " + (ended.empty() ? "none" : ended) + "\n";
    return out + "record: " + log + "\n";
}

}  // namespace herkomst
