#include "assess/ways_out.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "assess/facts_table.h"
#include "core/holds.h"

namespace herkomst {

namespace {

constexpr auto relays = std::to_array<std::string_view>({"datalogger", "ems", "gateway", "serial_server"});

// A site and a party, or a site and a zone.
using Reach = std::tuple<std::string, bool, std::string>;

bool passes_on(const FactsRow& row) { return holds(relays, text_of(row, "category")) || text_of(row, "function") == "gateway"; }

}  // namespace

Time blocked_said(const Asset& asset) {
    Time out{};
    const Belief* belief = asset.belief(Field::remote_blocked);
    if (belief == nullptr) return out;
    for (const Claim& claim : asset.claims) {
        if (claim.field == Field::remote_blocked && claim.value == belief->value) out = std::max(out, claim.seen.last);
    }
    return out;
}

void doubt_blocked(FactsRow& row, Time said) {
    const auto blocked = row.facts.find("remote_blocked");
    if (blocked == row.facts.end() || !(blocked->second == Json(1))) return;
    const auto seen = parse_rfc3339(text_of(row, "outside_seen"));
    if (seen && *seen > said) blocked->second = Json();
}

void note_relays(std::vector<FactsRow>& rows, const std::function<const AnswerSubject*(std::string_view)>& subject_of) {
    std::map<Reach, std::string> ways;
    const auto note = [&](Reach reach, const std::string& when) {
        std::string& held = ways[std::move(reach)];
        const auto before = parse_rfc3339(held);
        const auto here = parse_rfc3339(when);
        if (here && (!before || *before < *here)) held = when;
    };
    for (const FactsRow& row : rows) {
        const std::string seen = text_of(row, "outside_seen");
        const AnswerSubject* subject = seen.empty() ? nullptr : subject_of(row.asset);
        if (subject == nullptr) continue;
        if (const std::string party = text_of(row, "cloud_operator"); !party.empty()) note({subject->site, true, party}, seen);
        if (passes_on(row)) note({subject->site, false, subject->zone}, seen);
    }
    for (FactsRow& row : rows) {
        const AnswerSubject* subject = ways.empty() ? nullptr : subject_of(row.asset);
        std::string latest;
        const auto look = [&](bool party, const std::string& key) {
            const auto found =
                subject == nullptr || (party && key.empty()) ? ways.end() : ways.find({subject->site, party, key});
            if (found == ways.end()) return;
            const auto before = parse_rfc3339(latest);
            const auto here = parse_rfc3339(found->second);
            if (here && (!before || *before < *here)) latest = found->second;
        };
        look(true, text_of(row, "maker"));
        look(true, text_of(row, "parent"));
        if (subject != nullptr) {
            look(false, subject->zone);
            // What nobody assigned to a zone stands anywhere on the site.
            look(false, "");
        }
        if (latest.empty()) {
            row.facts.erase("relay_outside_seen");
        } else {
            row.facts["relay_outside_seen"] = latest;
        }
    }
}

}  // namespace herkomst
