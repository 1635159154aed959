#include "cli/explanation.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include "assess/fact_fields.h"
#include "assess/told.h"
#include "capture/analysis.h"
#include "cli/covered.h"
#include "core/file.h"
#include "core/file_digest.h"
#include "core/printed.h"
#include "core/text.h"
#include "report/words.h"

namespace herkomst {

namespace {

constexpr std::size_t most_bytes = 96;                         // of one claim
constexpr std::uintmax_t id_covers = std::uintmax_t{2} << 20;  // of a file, by its source id
constexpr std::size_t most_claims = 12;                        // of one field, unless that field was asked for

class Teller {
  public:
    Teller(const Register& held, const VendorDb* db, const Overview& all, std::string_view language, std::string_view field)
        : held_(held),
          db_(db),
          all_(all),
          dutch_(language == "nl"),
          words_(std::string(language)),
          field_(field),
          behind_(fields_behind(field)) {}

    std::string tell(const OverviewAsset& asset) {
        head(asset);
        findings(asset);
        control(asset);
        claims(asset);
        not_known(asset);
        return std::move(out_);
    }

  private:
    [[nodiscard]] std::string_view say(std::string_view nl, std::string_view en) const { return dutch_ ? nl : en; }
    template <class... Args>
    void line(fmt::format_string<Args...> text, Args&&... args) {
        add(text, fmt::make_format_args(args...));
    }
    void add(fmt::string_view text, fmt::format_args args) { out_ += fmt::vformat(text, args) + "\n"; }
    // The few words of the data that a reader meets in every line.
    [[nodiscard]] std::string_view word(std::string_view english) const {
        constexpr std::pair<std::string_view, std::string_view> words[] = {
            {"low", "laag"},
            {"medium", "middel"},
            {"high", "hoog"},
            {"critical", "kritiek"},
            {"new", "nieuw"},
            {"investigating", "in onderzoek"},
            {"assessed", "beoordeeld"},
            {"treatment_planned", "behandeling gepland"},
            {"in_treatment", "in behandeling"},
            {"acceptance_requested", "aanvaarding gevraagd"},
            {"accepted", "aanvaard"},
            {"closed", "gesloten"},
            {"false_positive", "onterechte melding"},
            {"hinted", "aanwijzing"},
            {"listed", "vermeld"},
            {"matched", "herkend"},
            {"stated", "eigen opgave"},
            {"confirmed", "bevestigd"},
            {"verified", "geverifieerd"},
            {"reported", "gemeld (secundaire bron)"},
            {"unverified", "niet geverifieerd"},
            {"device", "apparaat"},
            {"part", "onderdeel"},
            {"service", "dienst"},
            {"brand", "merk"},
            {"owned_by", "eigendom van"},
            {"made_by", "gemaakt door"},
            {"legal_entity", "rechtspersoon"},
            {"registered_in", "geregistreerd in"},
            {"headquarters", "hoofdkantoor"},
            {"controlled_from", "zeggenschap vanuit"},
            {"state_control", "onder controle van een staat"},
            {"top_of_chain", "bovenaan de keten"},
            {"offensive_programme", "offensief programma, genoemd door"},
            {"compelled_cooperation", "wet die tot medewerking verplicht"},
            {"strained_relation", "gespannen relatie, genoemd door"},
            {"opened", "geopend"},
            {"changed", "gewijzigd"},
            {"reopened", "heropend"},
            {"refuted", "voorwaarde niet meer vervuld"},
            {"not_observed", "niet gezien"},
            {"out_of_scope", "buiten bereik van de scan"},
            {"imported_only", "alleen ingelezen"},
            {"merged", "samengevoegd"},
            {"answered", "beantwoord"},
            {"assigned", "toegewezen"},
            {"seen_again", "opnieuw gezien"},
        };
        if (!dutch_) return english;
        for (const auto& [en, nl] : words) {
            if (en == english) return nl;
        }
        return english;
    }
    [[nodiscard]] std::string_view language() const { return dutch_ ? "nl" : "en"; }
    // Does this column of the facts, or this field, have to do with what was asked for?
    [[nodiscard]] bool asked(std::string_view fact) const {
        if (field_.empty() || field_ == fact) return true;
        const std::vector<Field> behind = fields_behind(fact);
        return std::any_of(behind.begin(), behind.end(), [&](Field one) { return name(one) == field_; });
    }
    [[nodiscard]] bool asked(Field field) const {
        return field_.empty() || std::find(behind_.begin(), behind_.end(), field) != behind_.end();
    }
    [[nodiscard]] bool asked(const Finding& finding) const {
        const auto& facts = finding.facts;
        return field_.empty() || std::any_of(facts.begin(), facts.end(), [&](const auto& fact) { return asked(fact.first); });
    }

    void head(const OverviewAsset& asset) {
        line("{}  ({})", asset.label, word(asset.kind));
        line("  uid {}{}", asset.uid,
             asset.aliases.empty() ? "" : say(", eerder ", ", formerly ").data() + join(asset.aliases, ", "));
        const auto list = [&](const char* what, const std::set<std::string>& values) {
            if (!values.empty()) line("  {} {}", what, fmt::join(values, ", "));
        };
        list("ip", asset.identifiers.ip);
        list("mac", asset.identifiers.mac);
        list(dutch_ ? "hostnaam" : "hostname", asset.identifiers.hostname);
        list(dutch_ ? "pad" : "path", asset.identifiers.path);
        if (const OverviewAsset* parent = all_.asset(asset.parent); parent != nullptr) {
            line("  {} {} ({})", say("onderdeel van", "part of"), parent->label, parent->uid);
        }
        const auto second = [](Time at) { return rfc3339(std::chrono::floor<std::chrono::seconds>(at)); };
        // No time: never.
        if (asset.first_seen != Time{}) {
            line("  {} {} {} {}", say("gezien van", "seen from"), second(asset.first_seen), say("tot", "to"),
                 second(asset.last_seen));
        } else if (asset.last_seen != Time{}) {
            line("  {} {}", say("gezien tot", "seen until"), second(asset.last_seen));
        } else {
            line("  {}", say("niet op het netwerk gezien", "not seen on the network"));
        }
        if (asset.last_run != all_.run.run) {
            line("  {}", say("niet gezien in de laatste scan", "not seen in the last scan"));
        }
        line("");
    }

    void findings(const OverviewAsset& asset) {
        std::size_t told = 0;
        std::size_t others[2] = {0, 0};  // findings, questions that read something else
        for (const auto* list : {&all_.findings, &all_.questions}) {
            for (const OverviewFinding& one : *list) {
                if (one.finding.subject.kind != "asset" || one.finding.subject.key != asset.uid) continue;
                if (!asked(one.finding)) {
                    ++others[list == &all_.findings ? 0 : 1];
                    continue;
                }
                finding(one);
                ++told;
            }
        }
        if (told != 0) return;
        if (others[0] + others[1] == 0) {
            line("{}", say("Geen bevinding of vraag over deze asset.", "No finding or question about this asset."));
        } else {
            line("{} {}; {} {} {} {} {} {}", say("Geen bevinding of vraag leest", "No finding or question reads"), field_,
                 say("deze asset heeft", "this asset has"), others[0],
                 others[0] == 1 ? say("bevinding", "finding") : say("bevindingen", "findings"), say("en", "and"), others[1],
                 others[1] == 1 ? say("vraag", "question") : say("vragen", "questions"));
        }
        line("");
    }

    // What was asked for and is neither claimed nor a fact.
    void not_known(const OverviewAsset& asset) {
        if (field_.empty()) return;
        const auto fact = asset.facts.find(field_);
        const bool known = fact != asset.facts.end() && !fact->second.is_null();
        const std::optional<Field> field = field_named(field_);
        if (field && asset.belief(*field) != nullptr) return;
        if (known) {
            line("{} = {}  ({})", field_, write_json(fact->second), say("feit voor de regels", "fact for the rules"));
        } else {
            line("{}: {}", field_, say("niet bekend", "not known"));
        }
    }

    void finding(const OverviewFinding& one) {
        const Finding& finding = one.finding;
        const bool question = finding.verdict == Ruling::Question;
        line("{} {}: {}", question ? say("VRAAG", "QUESTION") : say("BEVINDING", "FINDING"), finding.id,
             finding.title.in(language()));
        line("  {} {} ({} {} x {} {}), {} {} {}", say("risiconiveau", "band"), word(name(finding.band)),
             say("kans", "likelihood"), finding.likelihood, say("impact", "impact"), finding.impact, word(one.status),
             say("sinds", "since"), rfc3339(one.opened));
        if (one.leading() != finding.band)
            line("  {} {}", say("leidend is de beoordeling, met beheersmaatregelen:", "its rating leads, with measures:"),
                 word(name(one.leading())));
        if (!one.seen_in_last_run)
            line("  {}", say("niet opnieuw gezien in de laatste scan", "not seen again in the last scan"));
        // What a question says is not known to be so: that is the question.
        line("  {}", told_because(finding, language()));
        if (question) {
            std::vector<std::string> missing;
            for (const std::string& fact : finding.missing) missing.push_back(named(fact));
            line("  {}: {}", say("Nodig om te beslissen", "Missing to decide"), join(missing, ", "));
        }
        line("  {}: {} {} {} ({}, {})", say("Regel", "Rule"), finding.rule, say("versie", "version"), finding.version,
             finding.policy, finding.rule_hash);
        if (const auto rule = rule_of(held_, finding.rule, finding.rule_hash))
            line("    {} {}", say("als", "when"), rule->when);
        line("  {}:", say("Feiten die de regel las", "Facts that the rule read"));
        for (const auto& [fact, value] : finding.facts) {
            line("    {} = {}", named(fact), told(fact, value));
        }
        std::string history;
        std::size_t again = 0;
        Json refuted;
        for (const RegisterEvent& event : events_of(held_, "finding", finding.id)) {
            if (event.event == "seen_again") {
                ++again;
            } else {
                history += fmt::format("{}{} {}", history.empty() ? "" : ", ", word(event.event), rfc3339(event.at));
            }
            if (event.event == "refuted") refuted = event.detail;
        }
        line("  {}: {}{}", say("Verloop", "History"), history,
             again == 0 ? "" : fmt::format(", {} x{}", word("seen_again"), again));
        if (one.observation == "refuted") {
            line("  {}:", say("Aan de voorwaarde van de regel wordt niet meer voldaan; alleen een mens sluit de bevinding",
                              "The rule is false now; closing it is for a person"));
            for (const auto& [fact, values] : refuted["changed"].members()) {
                line("    {}: {} -> {}", named(fact), told(fact, values.at(0)), told(fact, values.at(1)));
            }
        }
        line("  {}: {}", say("Advies", "Advice"), finding.advice.in(language()));
        line("");
    }

    // The name that rules and this command go by stands beside the word for it.
    [[nodiscard]] std::string named(std::string_view fact) const {
        if (!dutch_) return std::string(fact);
        const std::string word = words_.field(fact);
        return word.find(fact) != std::string::npos ? word : fmt::format("{} ({})", word, fact);
    }
    [[nodiscard]] std::string told(std::string_view fact, const Json& value) const {
        if (value.is_null()) return std::string(say("onbekend", "unknown"));
        if (!dutch_) return write_json(value);
        return words_.fact_value(fact, value);
    }

    void sourcing(const Sourcing& sourcing) {
        if (sourcing.status == ClaimStatus::Unverified) {
            line("      {}", say("niet geverifieerd: telt niet mee in regels", "unverified: does not count in rules"));
            return;
        }
        line("      {}: {}, {} ({})", word(name(sourcing.status)), sourcing.publisher, sourcing.title, sourcing.date);
        if (!sourcing.address.empty()) line("      {}", sourcing.address);
        if (!sourcing.quote.empty()) line("      \"{}\"", sourcing.quote);
        line("      {} {}", say("stand van", "as of"), sourcing.as_of);
    }

    void control(const OverviewAsset& asset) {
        if (!asked(Field::maker)) return;
        if (asset.maker.empty()) return;
        line("{}: {}", say("ZEGGENSCHAP over", "CONTROL of"), asset.maker_name);
        if (db_ == nullptr) {
            line("  {}", say("de leveranciersgegevens zijn niet gevonden", "the vendor data was not found"));
        }
        for (const ChainStep& step : asset.chain.steps) {
            line("    {} {}{}", word(step.relation), step.name, step.country.empty() ? "" : fmt::format(" ({})", step.country));
            // That a brand is itself needs no source; that somebody owns it does.
            if (step.relation != "brand") sourcing(step.sourcing);
            const Vendor* file = db_ == nullptr ? nullptr : db_->vendor(step.vendor);
            if (file != nullptr && !file->overlay.empty())
                line("      {} {}{}", say("UIT EIGEN GEGEVENS", "FROM YOUR OVERLAY"), file->overlay,
                     file->overrides ? say(": vervangt wat herkomst meelevert", ": replaces what herkomst ships") : "");
        }
        const Vendor* vendor = db_ == nullptr ? nullptr : db_->vendor(asset.maker);
        if (vendor != nullptr) {
            for (const OriginClaim& claim : vendor->origin) {
                // "listed" is a strength too: a claim of vendor data has its own words.
                const std::string value = dutch_ && !claim.value.empty() ? words_.claim_value(claim.value) : claim.value;
                line("    {}{}{}{}{}", dutch_ ? words_.claim(claim.claim) : claim.claim,
                     value.empty() ? ""
                     : dutch_      ? ": "
                                   : " ",
                     value, claim.country.empty() ? "" : " ", claim.country);
                sourcing(claim.sourcing);
            }
        }
        line("  {}: {}", say("land van zeggenschap", "jurisdiction of control"),
             asset.country.empty() ? say("onbekend, betwist of zonder bron", "unknown, contested or without a source")
                                   : std::string_view(asset.country_name.in(language())));
        const Jurisdiction* jurisdiction = db_ == nullptr || asset.country.empty() ? nullptr : db_->jurisdiction(asset.country);
        if (jurisdiction != nullptr) {
            for (const JurisdictionClaim& claim : jurisdiction->claims) {
                line("    {} {}{}", word(claim.claim), claim.named_by, claim.article);
                sourcing(claim.sourcing);
            }
        }
        line("");
    }

    void claims(const OverviewAsset& asset) {
        const std::vector<Claim> all = claims_of(held_, asset.uid);
        for (const auto& [field, belief] : asset.beliefs) {
            if (!asked(field)) continue;
            const Belief& held = belief.belief;
            const auto value = [&](const std::string& text) { return dutch_ ? words_.field_value(name(field), text) : text; };
            std::vector<std::string> dissent;
            for (const std::string& other : held.dissent) dissent.push_back(value(other));
            line("{} = {}", named(name(field)),
                 held.contested ? fmt::format("{}: {}", say("betwist", "contested"), join(dissent, " / ")) : value(held.value));
            if (!held.contested) {
                line("  {} {} {}{}", word(name(held.strength)), say("volgens", "by"), join(held.methods, ", "),
                     held.dissent.empty() ? "" : fmt::format("; {}: {}", say("anders", "dissent"), join(dissent, " / ")));
            }
            std::size_t told = 0;
            std::size_t left = 0;
            for (const Claim& one : all) {
                if (one.field != field) continue;
                if (++told > most_claims && field_.empty()) {
                    ++left;
                    continue;
                }
                claim(one);
            }
            if (left > 0) {
                line("  {} {}; herkomst explain {} {}", left, say("andere beweringen", "more claims"), asset.uid, name(field));
            }
        }
    }

    void claim(const Claim& one) {
        line("  - \"{}\"  {}, {}{}", printed(dutch_ ? words_.field_value(name(one.field), one.value) : one.value),
             word(name(one.strength)), one.method,
             one.because.empty() ? "" : fmt::format(", {} {}", say("want", "because"), words_.reason(one.because)));
        // probes/tls_session.h offers every version, and a server takes the newest that it has.
        if (one.method == "probe.tls")
            line("    {}", say("de identiteit is hierover gelezen: het apparaat biedt niets nieuwers",
                               "identity was read over this: the device offers nothing newer"));
        place(one.from, one.value);
    }

    // Where `value` was said, and the bytes, read again.
    void place(const Evidence& from, std::string_view value) {
        if (from.source.empty()) return;
        if (constexpr std::string_view person = "assertion:"; from.source.starts_with(person)) {
            const std::string id = from.source.substr(person.size());
            for (const RegisterEvent& event : events_of(held_, "assertion", id)) {
                if (event.event != "asserted") continue;
                line("    {} {}, {}: \"{}\" ({})", say("gezegd door", "said by"), printed(event.detail["by"].string()),
                     rfc3339(event.at), printed(event.detail["reason"].string()), id);
            }
            return;
        }
        const std::optional<RunSource> source = source_of(held_, from.source);
        if (!source) {
            line("    {} {}", say("bron onbekend in dit register:", "source not in this register:"), from.source);
            return;
        }
        if (source->kind == "interface") {
            line("    {} {} {} {}", source->path, say("pakket", "packet"), from.frame,
                 say("(gehoord, niet bewaard)", "(heard, not kept)"));
            return;
        }
        const bool capture = source->kind == "capture";
        State& state = state_of(*source);
        line("    {} {} {}{}", printed(state.path), capture ? say("frame", "frame") : say("rij", "line"), from.frame,
             from.end == 0 ? "" : fmt::format(", bytes {}-{}", from.begin, from.end));
        if (!state.trouble.empty()) {
            line("    {}", state.trouble);
            return;
        }
        if (!state.remark.empty()) line("    {}", std::exchange(state.remark, {}));
        if (capture) {
            frame_bytes(state.path, from, value);
        } else {
            inventory_line(state.path, from);
        }
    }

    struct State {
        std::string path;     // where it is now
        std::string trouble;  // why it cannot be read again; empty: it is the one that was read
        std::string remark;   // how far that was checked, where not to the last byte; told once
    };

    // A path was recorded as it was typed, and the folder of today may be another: beside the register is the next place to
    // look.
    std::string path_now(const RunSource& source) const {
        namespace fs = std::filesystem;
        const fs::path beside = fs::path(held_.path()).parent_path();
        for (const fs::path& each : {fs::path(source.path), beside / source.path, beside / fs::path(source.path).filename()}) {
            const Result<std::string> id = source_id(each.string());
            if (id && id.value() == source.id) return each.string();
        }
        return source.path;
    }

    State& state_of(const RunSource& source) {
        namespace fs = std::filesystem;
        const auto [at, fresh] = states_.emplace(source.id, State{source.path, {}, {}});
        State& state = at->second;
        if (!fresh) return state;
        if (source.id == source.path) {
            state.trouble = say("kwam van standaardinvoer of een pipe en is niet opnieuw te lezen",
                                "came from standard input or a pipe: it cannot be read again");
            return state;
        }
        state.path = path_now(source);
        const Result<std::string> id = source_id(state.path);
        if (!id) {
            state.trouble = fmt::format("{}: {}", say("dit bestand is niet meer te lezen", "this file cannot be read any more"),
                                        id.problems().empty() ? "" : id.problems().front().sentence);
        } else if (id.value() != source.id) {
            state.trouble = fmt::format("{} ({} {}, {} {})", say("dit bestand is veranderd", "this file has changed"),
                                        say("was", "was"), source.id, say("nu", "now"), id.value());
        } else if (!source.sha256.empty()) {
            // The id is that of its size, its first and its last MiB.
            const Result<std::string> whole = sha256_of_file(state.path);
            if (!whole || whole.value() != source.sha256)
                state.trouble =
                    say("dit bestand is veranderd, hoewel de grootte, het begin en het einde gelijk bleven (SHA-256)",
                        "this file has changed, though its size, beginning and end are as they were (SHA-256)");
        } else if (std::error_code error; fs::file_size(state.path, error) > id_covers && !error) {
            state.remark =
                say("de grootte, het begin en het einde van dit bestand zijn zoals toen; het midden is niet nagegaan "
                    "(dat kan met scan --hash)",
                    "size, beginning and end of this file are as they were; its middle was not checked (a scan with "
                    "--hash makes that possible)");
        }
        return state;
    }

    void frame_bytes(const std::string& path, const Evidence& from, std::string_view value) {
        const auto key = std::make_pair(path, from.frame);
        auto found = frames_.find(key);
        if (found == frames_.end()) found = frames_.emplace(key, frame_of(path, from.frame)).first;
        const Result<std::vector<std::uint8_t>>& frame = found->second;
        if (!frame) {
            line("    {}", frame.problems().empty() ? std::string() : frame.problems().front().text());
            return;
        }
        const std::vector<std::uint8_t>& bytes = frame.value();
        if (from.end > bytes.size() || from.begin >= from.end) {
            if (from.end != 0) {
                line("    {} {} bytes", say("het bereik valt buiten het frame van", "the range is not within the frame of"),
                     bytes.size());
            }
            return;
        }
        const std::size_t end = std::min<std::size_t>(from.end, from.begin + most_bytes);
        const std::vector<bool> covered = covered_bytes(std::span(bytes).subspan(from.begin, from.end - from.begin), value);
        for (std::size_t at = from.begin; at < end; at += 16) {
            std::string digits;
            std::string letters;
            for (std::size_t i = at; i < std::min(at + 16, end); ++i) {
                if (covered[i - from.begin]) {
                    digits += "** ";
                    letters += '*';
                    continue;
                }
                digits += fmt::format("{:02x} ", bytes[i]);
                letters += bytes[i] >= 0x20 && bytes[i] < 0x7f ? static_cast<char>(bytes[i]) : '.';
            }
            line("    {:04x}  {:<48} |{}|", at, digits, letters);
        }
        if (end < from.end) line("    ... {} {}", from.end - end, say("bytes meer", "more bytes"));
    }

    void inventory_line(const std::string& path, const Evidence& from) {
        auto found = inventories_.find(path);
        if (found == inventories_.end()) {
            const Result<std::string> packed = read_file(path);
            found = inventories_.emplace(path, packed ? unpacked(packed.value(), path) : packed.problems()).first;
        }
        if (!found->second) return;
        std::string_view content = found->second.value();
        for (std::uint64_t number = 1; number < from.frame && !content.empty(); ++number) {
            const std::size_t end = content.find('\n');
            content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
        }
        line("    | {}", clean(content.substr(0, content.find('\n'))));
    }

    const Register& held_;
    const VendorDb* db_;
    const Overview& all_;
    bool dutch_;
    Words words_;
    std::string_view field_;
    std::vector<Field> behind_;  // the fields that field_ is or rests on
    std::string out_;
    std::map<std::string, State> states_;  // by source id
    std::map<std::pair<std::string, std::uint64_t>, Result<std::vector<std::uint8_t>>> frames_;
    std::map<std::string, Result<std::string>> inventories_;
};

}  // namespace

std::string explanation(const Register& held, const VendorDb* db, const Overview& all, const OverviewAsset& asset,
                        std::string_view language, std::string_view field) {
    return Teller(held, db, all, language, field).tell(asset);
}

}  // namespace herkomst
