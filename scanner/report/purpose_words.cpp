// What clouds are for (`purpose` of vendordb/vendors/*.json, and the program's own), as a Dutch reader is told it. A test holds
// the list against all of our vendor data; what an overlay says in other words stays as it is.
#include <algorithm>
#include <array>

#include "core/holds.h"
#include "core/text.h"
#include "report/words.h"

namespace herkomst {

namespace {

// In this order: the longer before what it holds.
constexpr auto purpose_phrases = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"remote access and management of devices", "toegang op afstand tot en beheer van apparaten"},
    {"remote access and management of routers and gateways", "toegang op afstand tot en beheer van routers en gateways"},
    {"remote access and management", "toegang op afstand en beheer"},
    {"remote access to chargers", "toegang op afstand tot laadpalen"},
    {"remote access", "toegang op afstand"},
    {"the plant is reached through SIP and STUN", "de installatie is bereikbaar via SIP en STUN"},
    {" through ", " via "},
    {": a relay", ": een relay"},
    {": boot and relay servers", ": opstart- en relayservers"},
    {": a client", ": een client"},
    {"API, MQTT and VPN servers", "API-, MQTT- en VPN-servers"},
    {"support tunnel of the maker", "supporttunnel van de fabrikant"},
    {"tunnel for partners", "tunnel voor partners"},
    {"its API (M2Web) was seen", "de API ervan (M2Web) is gezien"},
    {"OCPP back end of SyncEV chargers", "OCPP-backend van laadpalen van SyncEV"},
    {"OCPP back end of chargers", "OCPP-backend van laadpalen"},
    {"OCPP back end and load balancing", "OCPP-backend en lastverdeling"},
    {"OCPP back end", "OCPP-backend"},
    {"OCPP server", "OCPP-server"},
    {"device cloud", "cloud voor apparaten"},
    {"P2P server", "P2P-server"},
    {"P2P relay", "P2P-relay"},
    {"EMA server of the ECU", "EMA-server van de ECU"},
    {"satellite internet: the terminal and its account", "satellietinternet: de terminal en het account"},
    {"control API per charger", "API voor aansturing per laadpaal"},
    {"control API", "API voor aansturing"},
    {"control portal", "portaal voor aansturing"},
    {"control server", "server voor aansturing"},
    {"cloud control", "aansturing via de cloud"},
    {"accounts and updates", "accounts en updates"},
    {"login API", "inlog-API"},
    {"login", "inloggen"},
    {"portal, firmware and licences", "portaal, firmware en licenties"},
    {"portal and developer API", "portaal en API voor ontwikkelaars"},
    {"developer API", "API voor ontwikkelaars"},
    {"developer platform", "platform voor ontwikkelaars"},
    {"developer portal for access to the chargers", "ontwikkelaarsportaal voor toegang tot de laadpalen"},
    {"firmware of GateManager servers", "firmware van GateManager-servers"},
    {"updates of databases and program modules", "updates van databases en programmamodules"},
    {"updates and reputation of files and hosts", "updates en reputatie van bestanden en hosts"},
    {"portal, the older one of Ginlong", "portaal, het oudere van Ginlong"},
    {"prices and other public information for chargers", "prijzen en andere openbare gegevens voor laadpalen"},
    {"logger upload", "gegevens van loggers"},
    {"API of the app", "API van de app"},
    {"external REST API", "externe REST-API"},
    {"access server for loggers", "toegangsserver voor loggers"},
    {"monitoring API", "API voor monitoring"},
    {"management of charging stations", "beheer van laadstations"},
    {"portal and API", "portaal en API"},
    {"meter API", "API van meters"},
    {"API for owners of plants and those they allow", "API voor eigenaren van installaties en wie zij toelaten"},
    {"Sunny Portal live data", "livegegevens van Sunny Portal"},
    {"cloud of the NetHome Plus app: control of air conditioners", "cloud van de app NetHome Plus: aansturing van airco's"},
    {" cloud management", " cloudbeheer"},
    {"Central management", "Central: beheer"},
    {"API of the heat pumps", "API van de warmtepompen"},
    {"app backend", "backend van de app"},
    {"owner portal", "portaal voor eigenaren"},
    {"user portal with the terms", "gebruikersportaal met de voorwaarden"},
    {"owner API", "API voor eigenaren"},
    {"cloud platform", "cloudplatform"},
    {"account of drivers", "account van bestuurders"},
    {"configuration of apps", "configuratie van apps"},
    {"account API", "account-API"},
    {"what loggers and meters report to", "waaraan loggers en meters melden"},
    {"Tesla services, energy among them", "diensten van Tesla, waaronder energie"},
    {"smart home cloud", "smarthomecloud"},
    {", Europe", ", Europa"},
    {", United States", ", Verenigde Staten"},
    {", America", ", Amerika"},
    {", East South Asia", ", Oost- en Zuid-Azi\u00eb"},
    {", North America", ", Noord-Amerika"},
    {", South America", ", Zuid-Amerika"},
    {", international", ", internationaal"},
    {"a session with a host outside, which may carry a tunnel back",
     "een sessie met een host buiten, waarin een tunnel terug kan lopen"},
    {" portal", " portaal"},
});

// Words that both languages have; names stand for themselves.
constexpr auto same_in_both = std::to_array<std::string_view>({"/", "cloud", "elekeeper", "gateway", "open", "server"});

bool needs_no_words(std::string_view word) {
    return holds(same_in_both, word) || std::any_of(word.begin(), word.end(), [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
           });
}

// What somebody was declared by (identity/lawful.h).
std::string declared_by(std::string_view by) {
    if (by == "inventory") return "opgegeven in de inventaris";
    if (by == "person") return "opgegeven door een persoon";
    if (by == "device") return "zo noemt het apparaat zichzelf";
    if (by.starts_with("overlay ")) return "opgegeven in eigen leveranciersgegevens: " + std::string(by.substr(8));
    return "opgegeven door " + std::string(by);
}

// A party that the site let in (identity/paths.cpp); empty: it is none.
std::string declared_party(std::string_view text) {
    constexpr auto parties = std::to_array<std::pair<std::string_view, std::string_view>>(
        {{"grid operator, declared by ", "netbeheerder"}, {"energy management, declared by ", "energiebeheer"}});
    std::string out;
    for (const auto& [english, dutch] : parties) {
        if (!text.starts_with(english)) continue;
        out = dutch;
        for (const std::string_view by : split(text.substr(english.size()), ';'))
            out.append(out == dutch ? ", " : "; ").append(declared_by(trimmed(by)));
    }
    return out;
}

}  // namespace

std::string Words::purpose(const std::string& text) const {
    if (lang_ != "nl") return text;
    if (text == "portal") return "portaal";
    if (std::string party = declared_party(text); !party.empty()) return party;
    std::string out = text;
    std::string left = text;  // of the same length: \x01 where it was translated
    for (const auto& [english, dutch] : purpose_phrases) {
        const std::size_t at = left.find(english);
        if (at == std::string::npos) continue;
        out.replace(at, english.size(), dutch);
        left.replace(at, english.size(), dutch.size(), '\x01');
    }
    // Half of it in another language helps nobody.
    for (char& c : left) c = std::string_view("\x01,;:()").find(c) == std::string_view::npos ? c : ' ';
    const std::vector<std::string_view> words = split(left, ' ');
    const bool whole =
        std::all_of(words.begin(), words.end(), [](std::string_view word) { return word.empty() || needs_no_words(word); });
    return whole ? out : text;
}

}  // namespace herkomst
