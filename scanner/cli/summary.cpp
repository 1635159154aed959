#include "cli/summary.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "assess/told.h"
#include "cli/power_lines.h"
#include "core/counted.h"
#include "register/counts.h"
#include "report/words.h"

namespace herkomst {

namespace {

struct Phrases {
    std::string_view assets[2], devices[2], services[2], parts[2], programs[2], of_makers[2], earlier, makers, control,
        no_maker, no_source, findings, questions, none, not_understood, more[2], unknown_names, people[2], hint, band[4],
        new_ones, again, refuted[2], refuted_questions[2], not_observed[2], over[2], two_at, by_name, data, registry, day, days,
        damaged[2];
};

constexpr Phrases english = {
    {"asset", "assets"},
    {"device", "devices"},
    {"service", "services"},
    {"part", "parts"},
    {"program", "programs"},
    {"maker", "makers"},
    "in the register, not seen by this scan",
    "Who makes them",
    "Where control falls",
    "maker not known",
    "maker known, control not sourced",
    "Findings",
    "Questions to answer",
    "none",
    "Not understood",
    {"", " more"},
    "Names that the vendor database does not know",
    {"phone or laptop with a randomised MAC address was counted, not inventoried",
     "phones and laptops with a randomised MAC address were counted, not inventoried"},
    "Origin claims carry a source; a device's own word is not proof. Details: the report, or herkomst explain ASSET.",
    {"low", "medium", "high", "critical"},
    "new",
    "seen again",
    {"finding of which the rule is false now: somebody can close it (herkomst register list --observation refuted)",
     "findings of which the rule is false now: somebody can close them (herkomst register list --observation refuted)"},
    {"question that needs no answer any more: somebody can close it (herkomst register list questions --observation refuted)",
     "questions that need no answer any more: somebody can close them (herkomst register list questions --observation "
     "refuted)"},
    {"finding not seen again where it was", "findings not seen again where they were"},
    {"finding opened again that people had decided on", "findings opened again that people had decided on"},
    "is in the register twice, as it is listed and as it was heard; if that is one device, merge them",
    "NAME --reason TEXT",
    "Vendor data:",
    "OUI registry of",
    "day old",
    "days old",
    {"damaged capture, used as far as it goes (the places: on stderr, and in the report)",
     "damaged captures, used as far as they go (the places: on stderr, and in the report)"}};
constexpr Phrases dutch = {{"asset", "assets"},
                           {"apparaat", "apparaten"},
                           {"dienst", "diensten"},
                           {"onderdeel", "onderdelen"},
                           {"programma", "programma's"},
                           {"fabrikant", "fabrikanten"},
                           "in het register, niet gezien door deze scan",
                           "Wie ze maakt",
                           "Waar de zeggenschap ligt",
                           "fabrikant niet bekend",
                           "fabrikant bekend, zeggenschap zonder bron",
                           "Bevindingen",
                           "Te beantwoorden vragen",
                           "geen",
                           "Niet begrepen",
                           {"nog ", ""},
                           "Namen die de leveranciersgegevens niet kennen",
                           {"telefoon of laptop met een willekeurig MAC-adres is geteld, niet ge\u00efnventariseerd",
                            "telefoons en laptops met een willekeurig MAC-adres zijn geteld, niet ge\u00efnventariseerd"},
                           "Beweringen over herkomst hebben een bron; wat een apparaat zelf zegt, is geen bewijs. Meer: het "
                           "rapport, of herkomst explain ASSET.",
                           {"laag", "middel", "hoog", "kritiek"},
                           "nieuw",
                           "opnieuw gezien",
                           {"bevinding waarvan de voorwaarde niet meer geldt: iemand kan die sluiten (herkomst register list "
                            "--observation refuted)",
                            "bevindingen waarvan de voorwaarde niet meer geldt: iemand kan ze sluiten (herkomst register list "
                            "--observation refuted)"},
                           {"vraag die niet meer beantwoord hoeft te worden: iemand kan die sluiten (herkomst register list "
                            "questions --observation refuted)",
                            "vragen die niet meer beantwoord hoeven te worden: iemand kan ze sluiten (herkomst register list "
                            "questions --observation refuted)"},
                           {"bevinding niet opnieuw gezien waar zij was", "bevindingen niet opnieuw gezien waar ze waren"},
                           {"bevinding heropend waarover al was besloten", "bevindingen heropend waarover al was besloten"},
                           "staat twee keer in het register, zoals opgegeven in een lijst en zoals waargenomen; is dat een "
                           "en hetzelfde apparaat, voeg ze dan samen",
                           "NAAM --reason TEKST",
                           "Leveranciersgegevens:",
                           "OUI-register van",
                           "dag oud",
                           "dagen oud",
                           {"beschadigde opname, gebruikt voor zover leesbaar (de plaatsen: op stderr, en in het rapport)",
                            "beschadigde opnamen, gebruikt voor zover leesbaar (de plaatsen: op stderr, en in het rapport)"}};

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

std::string summary(const Overview& seen, const RunReceipt& receipt, std::string_view lang, const DataAges& ages) {
    const Phrases& words = lang == "nl" ? dutch : english;
    std::set<std::string> programs_of;  // their makers stand apart: what the devices are is asked first
    std::map<std::string, std::size_t> makers;
    std::map<std::string, std::size_t> control;
    for (const OverviewAsset& asset : seen.assets) {
        if (asset.last_run != seen.run.run) continue;
        const bool nobody = without_maker(asset);
        if (asset.kind == "software" && !nobody) {
            programs_of.insert(asset.maker_name);
        } else
            ++makers[nobody || asset.maker_name.empty() ? std::string(words.no_maker) : asset.maker_name];
        ++control[!asset.country.empty() ? asset.country_name.in(lang)
                                         : std::string(nobody ? words.no_maker : words.no_source)];
    }
    const AssetCounts counts = counts_of(seen, Counted::LastRun);
    const auto counted = [](std::uint64_t count, const std::string_view(&word)[2]) {
        return herkomst::counted(count, word[0], word[1]);
    };
    std::string out = counted(counts.all, words.assets);
    std::string kinds;
    for (const auto& [count, word] : {std::pair{counts.devices, words.devices},
                                      {counts.services, words.services},
                                      {counts.parts, words.parts},
                                      {counts.programs, words.programs}}) {
        if (count != 0) kinds += fmt::format("{}{} {}", kinds.empty() ? ": " : ", ", count, word[count == 1 ? 0 : 1]);
    }
    out +=
        fmt::format("{} ({} {}, {} {})\n", kinds, receipt.assets_new, words.new_ones, receipt.assets_seen_again, words.again);
    if (seen.assets.size() > counts.all)
        out += fmt::format("{} {}\n", counted(seen.assets.size() - counts.all, words.assets), words.earlier);
    if (seen.people_devices != 0) out += counted(seen.people_devices, words.people) + "\n";
    out += fmt::format("\n{}\n", words.makers);
    list(out, makers, 12, words);
    if (counts.programs != 0)
        out += fmt::format("  {:5}  {} ({})\n", counts.programs, words.programs[counts.programs == 1 ? 0 : 1],
                           counted(programs_of.size(), words.of_makers));
    out += fmt::format("\n{}\n", words.control);
    list(out, control, 12, words);

    out += power_lines(seen, lang);

    std::size_t bands[4] = {0, 0, 0, 0};
    for (const OverviewFinding& finding : seen.findings) {
        if (finding.seen_in_last_run) ++bands[static_cast<std::size_t>(finding.leading()) - 1];
    }
    out += fmt::format("\n{}\n", words.findings);
    for (std::size_t i = 4; i > 0; --i) out += fmt::format("  {:5}  {}\n", bands[i - 1], words.band[i - 1]);
    std::size_t shown = 0;
    for (const OverviewFinding& finding : seen.findings) {
        if (!finding.seen_in_last_run || finding.leading() < Band::High) continue;
        if (++shown > 8) break;
        const std::string& subject =
            finding.subject_texts.in(lang).empty() ? finding.subject_label : finding.subject_texts.in(lang);
        out += fmt::format("         [{}] {}: {}\n", words.band[static_cast<std::size_t>(finding.leading()) - 1], subject,
                           finding.finding.title.in(lang));
    }
    std::size_t questions = 0;
    for (const OverviewFinding& question : seen.questions) questions += question.seen_in_last_run ? 1 : 0;
    out += fmt::format("{}: {}\n", words.questions, questions);
    if (const std::uint64_t findings = receipt.refuted - receipt.refuted_questions; findings != 0)
        out += fmt::format("{}\n", counted(findings, words.refuted));
    if (receipt.refuted_questions != 0) out += fmt::format("{}\n", counted(receipt.refuted_questions, words.refuted_questions));
    if (receipt.not_observed != 0) out += fmt::format("{}\n", counted(receipt.not_observed, words.not_observed));
    if (receipt.reopened != 0) out += fmt::format("{}\n", counted(receipt.reopened, words.over));

    constexpr std::size_t most = 8;
    for (std::size_t i = 0; i < receipt.two_at_address.size() && i < most; ++i) {
        const TwoAtAddress& two = receipt.two_at_address[i];
        out += fmt::format("{} {} (herkomst register merge {} {} --by {})\n", two.address, words.two_at, two.listed, two.heard,
                           words.by_name);
    }
    if (receipt.two_at_address.size() > most) out += and_more(receipt.two_at_address.size() - most, words) + "\n";

    out += fmt::format("\n{}\n", words.not_understood);
    const Words texts{std::string(lang)};
    std::size_t damaged = 0;
    for (const RunSource& source : seen.run.sources) damaged += source.kind == "capture" && !source.problems.empty() ? 1 : 0;
    if (damaged != 0) out += fmt::format("  {:5}  {}\n", damaged, words.damaged[damaged == 1 ? 0 : 1]);
    if (seen.coverage.empty() && damaged == 0) out += fmt::format("  {}\n", words.none);
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
    const auto old = [&](const std::optional<std::int64_t>& age) {
        return age ? fmt::format(", {} {}", *age, *age == 1 ? words.day : words.days) : std::string();
    };
    out += old(ages.vendordb);
    if (!ages.registry_of.empty()) out += fmt::format("; {} {}{}", words.registry, ages.registry_of, old(ages.registry));
    return out + fmt::format("\n{}\n{}\nTLP:{}\n", words.hint, disclaimer(lang), seen.tlp);
}

}  // namespace herkomst
