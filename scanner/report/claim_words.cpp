// What claims say in the program's own English, as a Dutch reader is told it.
#include <algorithm>
#include <array>
#include <optional>

#include "core/field.h"
#include "core/text.h"
#include "identity/paths.h"
#include "report/words.h"

namespace herkomst {

namespace {

struct Wording {
    std::string_view english, dutch;
};
// At the beginning of a reason, or of what follows "; ". The first that fits.
constexpr auto beginnings = std::to_array<Wording>({
    {"opened by it", "geopend door dit apparaat"},
    {"opened by ", "geopend door "},
    {"conversations over ", "verkeer via "},
    {"conversation with certificate ", "verkeer met certificaat "},
    {"conversation with ", "verkeer met "},
    {"has a control path and asks: ", "heeft een weg voor aansturing en bevraagt: "},
    {"behind it: ", "erachter: "},
    {"programs ", "programmeert "},
    {"reads ", "leest "},
    {"sets ", "stelt in: "},
    {"asks devices by ", "bevraagt apparaten via "},
    {"asks an OPC UA server and serves a database", "bevraagt een OPC UA-server en biedt een database aan"},
    {"asks ", "bevraagt "},
    {"answers ", "antwoordt via "},
    {"logs on to a domain by ", "meldt zich aan bij een domein via "},
    {"passes on frames from public addresses", "geeft frames van openbare adressen door"},
});
// Within a reason.
constexpr auto within = std::to_array<Wording>({
    {" devices behind it: ", " apparaten erachter: "},
    {" devices: ", " apparaten: "},
    {", known by ", ", bekend door "},
    {" and is not asked", " en wordt niet bevraagd"},
    {" and asks nobody", " en bevraagt niets"},
    {" and speaks no plant protocol", " en spreekt geen OT-protocol"},
    {", and its maker makes cameras only", ", en de fabrikant maakt alleen camera's"},
    {" and others", " en andere"},
    {" over ", " via "},
});

void replace(std::string& text, std::string_view english, std::string_view dutch) {
    if (const std::size_t at = text.find(english); at != std::string::npos) text.replace(at, english.size(), dutch);
}

}  // namespace

std::string Words::path(const std::string& text) const {
    const std::optional<PathTold> told = path_told(text);
    if (!told) return text;
    const Path& path = told->path;
    std::vector<std::string> parts = {word_or("path_" + path.kind, path.kind) + " " + path.to};
    if (!path.party.empty()) parts.push_back(word_or("path_party_" + path.party, path.party));
    if (!path.operator_slug.empty()) parts.push_back("beheerder " + path.operator_slug);
    parts.push_back("geopend door: " + word_or("path_opened_" + path.opened_by, path.opened_by));
    if (!path.services.empty())
        parts.push_back("via " + join(std::vector<std::string>(path.services.begin(), path.services.end()), ", "));
    if (!path.others.empty()) {
        parts.push_back("met " + join(std::vector<std::string>(path.others.begin(), path.others.end()), ", "));
        if (path.others_more != 0) parts.back() += " en nog " + number(path.others_more);
    }
    parts.push_back(number(path.bytes_out) + " bytes uit, " + number(path.bytes_in) + " in");
    parts.push_back(count("path_once", "path_times", path.seen.count));
    if (const std::string first = moment(path.seen.first), last = moment(path.seen.last); !first.empty())
        parts.push_back("gezien " + (first == last ? first : first + " tot " + last));
    if (told->rhythm) {
        const auto seconds = static_cast<std::uint64_t>(told->rhythm->period.count());
        parts.push_back("om de " + number(seconds) + " s (" + std::to_string(told->rhythm->regular) + "%)");
    }
    if (!path.purpose.empty()) parts.push_back("doel: " + purpose(path.purpose));
    return join(parts, "; ");
}

std::string Words::reason(const std::string& because) const {
    if (lang_ != "nl") return because;
    // "FIELD=VALUE"
    if (const std::size_t is = because.find('='); is != std::string::npos && field_named(because.substr(0, is))) {
        const std::string of = because.substr(0, is);
        std::string value = because.substr(is + 1);
        for (const Wording& phrase : within) {
            if (phrase.english.starts_with(", and its maker")) replace(value, phrase.english, phrase.dutch);
        }
        return field(of) + " " + field_value(of, value);
    }
    std::string out;
    for (const std::string_view each : split(because, ';')) {
        std::string one(trimmed(each));
        const auto found = std::find_if(beginnings.begin(), beginnings.end(),
                                        [&](const Wording& phrase) { return one.starts_with(phrase.english); });
        if (found != beginnings.end()) one.replace(0, found->english.size(), found->dutch);
        for (const Wording& phrase : within) replace(one, phrase.english, phrase.dutch);
        out.append(out.empty() ? "" : "; ").append(one);
    }
    return out;
}

}  // namespace herkomst
