#include "cli/vendor_text.h"

#include <charconv>

#include "core/text.h"

namespace herkomst {

std::string_view VendorText::word(std::string_view code) const {
    struct Pair {
        std::string_view key;
        std::string_view nl;
        std::string_view en;
    };
    static constexpr Pair words[] = {
        {"verified", "geverifieerd", "verified"},
        {"reported", "gemeld (secundaire bron)", "reported"},
        {"unverified", "niet geverifieerd", "unverified"},
        {"legal_entity", "rechtspersoon", "legal entity"},
        {"registered_in", "geregistreerd in", "registered in"},
        {"headquarters", "hoofdkantoor", "headquarters"},
        {"controlled_from", "zeggenschap vanuit", "controlled from"},
        {"state_control", "onder controle van een staat", "control by a state"},
        {"top_of_chain", "niemand erboven", "nobody above"},
        {"brand", "merk", "brand"},
        {"owned_by", "eigendom van", "owned by"},
        {"made_by", "gemaakt door", "made by"},
        {"makes_for", "maakt voor", "makes for"},
        {"maker", "fabrikant", "maker"},
        {"module", "module in apparaten van anderen", "module in other makers' devices"},
        {"stack", "firmware of runtime", "firmware or runtime"},
        {"yes", "ja", "yes"},
        {"no", "nee", "no"},
        {"contested", "betwist", "contested"},
        {"unknown", "onbekend", "unknown"},
        {"listed", "beursgenoteerd", "listed"},
        {"founders", "de oprichters", "its founders"},
        {"family", "een familie", "a family"},
        {"employees", "de werknemers", "its employees"},
        {"foundation", "een stichting", "a foundation"},
        {"cooperative", "een co\u00f6peratie", "a cooperative"},
        {"state", "een staat", "a state"},
        {"private", "in particuliere handen", "privately held"},
        {"offensive_programme", "offensief cyberprogramma", "offensive cyber programme"},
        {"compelled_cooperation", "wet die tot medewerking verplicht", "law that compels cooperation"},
        {"strained_relation", "gespannen relatie", "strained relation"},
        {"low", "laag", "low"},
        {"medium", "middel", "medium"},
        {"high", "hoog", "high"},
        {"critical", "kritiek", "critical"},
    };
    for (const Pair& pair : words)
        if (pair.key == code) return dutch_ ? pair.nl : pair.en;
    return code;
}

std::string VendorText::called(std::string_view kind, std::string_view key) const {
    const std::string& name = db_.word(kind, key, language());
    return name.empty() ? std::string(key) : name;
}

std::string VendorText::country(std::string_view code) const {
    if (code.size() != 2) return std::string(word(code));
    const Jurisdiction* jurisdiction = db_.jurisdiction(code);
    if (jurisdiction == nullptr) return std::string(code);
    const auto name = jurisdiction->names.find(std::string(language()));
    return fmt::format("{} ({})", name == jurisdiction->names.end() ? std::string(code) : name->second, code);
}

std::string VendorText::power(std::string_view watts) const {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(watts.data(), watts.data() + watts.size(), value);
    if (watts.empty() || error != std::errc() || end != watts.data() + watts.size()) return {};
    if (value % 1000 == 0 && value != 0) return fmt::format("{} kW", value / 1000);
    return fmt::format("{} W", value);
}

std::string VendorText::sourcing(const Sourcing& sourcing, std::string_view indent) const {
    std::string out;
    if (sourcing.counts()) {
        out += fmt::format("{}[{}] {}, \"{}\", {}\n", indent, word(name(sourcing.status)), sourcing.publisher, sourcing.title,
                           sourcing.date == "undated" ? say("zonder datum", "undated") : std::string_view(sourcing.date));
        out += fmt::format("{}{}\n", indent, sourcing.address);
        out += fmt::format("{}\"{}\"\n", indent, sourcing.quote);
    } else {
        out += fmt::format(
            "{}[{}] {}\n", indent, word("unverified"),
            say("er is geen bron geopend: telt niet mee in regels", "no source was opened: does not count in rules"));
    }
    if (!sourcing.note.empty()) out += fmt::format("{}{} {}\n", indent, say("noot:", "note:"), sourcing.note);
    return out + fmt::format("{}{} {}\n", indent, say("stand van", "as of"), sourcing.as_of);
}

std::string VendorText::origin(const OriginClaim& claim) const {
    const bool open = claim.claim == "legal_entity";
    const std::string said =
        claim.country.empty() ? (open ? claim.value : std::string(word(claim.value))) : country(claim.country);
    return fmt::format("{}: {}", word(claim.claim), said);
}

std::string VendorText::ownership(const Ownership& claim) const {
    std::string out = fmt::format("{} {}", word("owned_by"), claim.owner_name);
    if (!claim.share.empty()) out += ", " + claim.share;
    if (!claim.since.empty()) out += fmt::format(", {} {}", say("sinds", "since"), claim.since);
    if (!claim.country.empty()) out += ", " + country(claim.country);
    return out;
}

std::string VendorText::overlay(std::string_view folder, bool overrides, std::string_view indent) const {
    if (folder.empty()) return {};
    return fmt::format("{}{} {}{}\n", indent, say("UIT EIGEN GEGEVENS", "FROM YOUR OVERLAY"), folder,
                       overrides ? say(": vervangt wat herkomst meelevert", ": replaces what herkomst ships") : "");
}

void add_sourcing(Json& row, const Sourcing& sourcing) {
    row["status"] = name(sourcing.status);
    if (!sourcing.as_of.empty()) row["as_of"] = sourcing.as_of;
    if (!sourcing.quote.empty()) row["quote"] = sourcing.quote;
    if (!sourcing.note.empty()) row["note"] = sourcing.note;
    if (sourcing.address.empty()) return;
    Json source = Json::object();
    source["publisher"] = sourcing.publisher;
    source["title"] = sourcing.title;
    source["address"] = sourcing.address;
    source["date"] = sourcing.date;
    row["source"] = std::move(source);
}

}  // namespace herkomst
