#include "cli/summary.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <vector>

#include "cli/power_lines.h"
#include "report/words.h"

namespace herkomst {

namespace {

struct Phrases {
    std::string_view assets, parts, programs, makers, control, unknown, findings, questions, none, not_understood, more[2],
        unknown_names, people, hint, band[4], new_ones, again, refuted, not_observed, over, data, day, days;
};

constexpr Phrases english = {
    "assets",
    "parts of assets",
    "programs on them",
    "Who makes them",
    "Where control falls",
    "not known or not sourced",
    "Findings",
    "Questions to answer",
    "none",
    "Not understood",
    {"", " more"},
    "Names that the vendor database does not know",
    "phones and laptops with a randomised MAC address were counted, not inventoried",
    "Origin claims carry a source; a device's own word is not proof. Details: the report, or herkomst explain ASSET.",
    {"low", "medium", "high", "critical"},
    "new",
    "seen again",
    "findings of which the rule is false now: somebody can close them (herkomst register list --observation refuted)",
    "findings not seen again where they were",
    "findings opened again that people had decided on",
    "Vendor data:",
    "day old",
    "days old"};
constexpr Phrases dutch = {"assets",
                           "onderdelen van assets",
                           "programma's daarop",
                           "Wie ze maakt",
                           "Waar de zeggenschap ligt",
                           "onbekend of zonder bron",
                           "Bevindingen",
                           "Te beantwoorden vragen",
                           "geen",
                           "Niet begrepen",
                           {"nog ", ""},
                           "Namen die de leveranciersgegevens niet kennen",
                           "telefoons en laptops met een willekeurig MAC-adres zijn geteld, niet "
                           "ge\u00efnventariseerd",
                           "Beweringen over herkomst hebben een bron; wat een apparaat zelf zegt, is geen bewijs. Meer: het "
                           "rapport, of herkomst explain ASSET.",
                           {"laag", "middel", "hoog", "kritiek"},
                           "nieuw",
                           "opnieuw gezien",
                           "bevindingen waarvan de regel nu onwaar is: iemand kan ze sluiten (herkomst register list "
                           "--observation refuted)",
                           "bevindingen niet opnieuw gezien waar ze waren",
                           "bevindingen heropend waarover al was besloten",
                           "Leveranciersgegevens:",
                           "dag oud",
                           "dagen oud"};

std::vector<std::pair<std::string, std::size_t>> by_count(const std::map<std::string, std::size_t>& counts) {
    std::vector<std::pair<std::string, std::size_t>> rows(counts.begin(), counts.end());
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    return rows;
}

std::string and_more(std::size_t count, const Phrases& words) {
    return fmt::format("({}{}{})", words.more[0], count, words.more[1]);
}

void list(std::string& out, const std::map<std::string, std::size_t>& counts, std::size_t shown, const Phrases& words) {
    const auto rows = by_count(counts);
    for (std::size_t i = 0; i < rows.size() && i < shown; ++i)
        out += fmt::format("  {:5}  {}\n", rows[i].second, rows[i].first);
    if (rows.size() > shown) out += fmt::format("         {}\n", and_more(rows.size() - shown, words));
}

}  // namespace

std::string summary(const Overview& seen, const RunReceipt& receipt, std::string_view lang,
                    std::optional<std::int64_t> data_age) {
    const Phrases& words = lang == "nl" ? dutch : english;
    std::map<std::string, std::size_t> makers;
    std::map<std::string, std::size_t> control;
    std::size_t devices = 0;
    std::size_t parts = 0;
    std::size_t programs = 0;
    for (const OverviewAsset& asset : seen.assets) {
        if (asset.last_run != seen.run.run) continue;
        if (asset.kind == "software") {
            ++programs;
            continue;
        }
        ++(asset.kind == "part" ? parts : devices);
        ++makers[asset.maker_name.empty() ? std::string(words.unknown) : asset.maker_name];
        ++control[asset.country.empty() ? std::string(words.unknown) : asset.country_name.in(lang)];
    }
    std::string out = fmt::format("{} {}", devices, words.assets);
    if (parts != 0) out += fmt::format(", {} {}", parts, words.parts);
    if (programs != 0) out += fmt::format(", {} {}", programs, words.programs);
    out += fmt::format(" ({} {}, {} {})\n", receipt.assets_new, words.new_ones, receipt.assets_seen_again, words.again);
    if (seen.people_devices != 0) out += fmt::format("{} {}\n", seen.people_devices, words.people);
    out += fmt::format("\n{}\n", words.makers);
    list(out, makers, 12, words);
    out += fmt::format("\n{}\n", words.control);
    list(out, control, 12, words);

    out += power_lines(seen, lang);

    std::size_t bands[4] = {0, 0, 0, 0};
    for (const OverviewFinding& finding : seen.findings) {
        if (finding.seen_in_last_run) ++bands[static_cast<std::size_t>(finding.finding.band) - 1];
    }
    out += fmt::format("\n{}\n", words.findings);
    for (std::size_t i = 4; i > 0; --i) out += fmt::format("  {:5}  {}\n", bands[i - 1], words.band[i - 1]);
    std::size_t shown = 0;
    for (const OverviewFinding& finding : seen.findings) {
        if (!finding.seen_in_last_run || finding.finding.band < Band::High) continue;
        if (++shown > 8) break;
        const std::string& subject =
            finding.subject_texts.in(lang).empty() ? finding.subject_label : finding.subject_texts.in(lang);
        out += fmt::format("         [{}] {}: {}\n", words.band[static_cast<std::size_t>(finding.finding.band) - 1], subject,
                           finding.finding.title.in(lang));
    }
    std::size_t questions = 0;
    for (const OverviewFinding& question : seen.questions) questions += question.seen_in_last_run ? 1 : 0;
    out += fmt::format("{}: {}\n", words.questions, questions);
    if (receipt.refuted != 0) out += fmt::format("{} {}\n", receipt.refuted, words.refuted);
    if (receipt.not_observed != 0) out += fmt::format("{} {}\n", receipt.not_observed, words.not_observed);
    if (receipt.reopened != 0) out += fmt::format("{} {}\n", receipt.reopened, words.over);

    out += fmt::format("\n{}\n", words.not_understood);
    const Words texts{std::string(lang)};
    if (seen.coverage.empty()) out += fmt::format("  {}\n", words.none);
    for (std::size_t i = 0; i < seen.coverage.size() && i < 8; ++i) {
        const OverviewCoverage& row = seen.coverage[i];
        out += fmt::format("  {:5}  {}: {}\n", row.count, texts.asked(row.asked), texts.outcome(row.outcome));
    }
    if (seen.coverage.size() > 8) out += fmt::format("         {}\n", and_more(seen.coverage.size() - 8, words));
    if (!seen.unknown_vendors.empty()) {
        out += fmt::format("{}: ", words.unknown_names);
        for (std::size_t i = 0; i < seen.unknown_vendors.size() && i < 8; ++i)
            out += (i == 0 ? "" : ", ") + seen.unknown_vendors[i];
        if (seen.unknown_vendors.size() > 8) out += " " + and_more(seen.unknown_vendors.size() - 8, words);
        out += "\n";
    }
    out += fmt::format("\n{} {}", words.data, seen.run.vendordb);
    if (data_age) out += fmt::format(", {} {}", *data_age, *data_age == 1 ? words.day : words.days);
    return out + fmt::format("\n{}\n{}\nTLP:{}\n", words.hint, disclaimer(lang), seen.tlp);
}

}  // namespace herkomst
