#include "register/called.h"

#include <algorithm>
#include <iterator>

#include "core/text.h"

namespace herkomst {

namespace {

struct Word {
    CodeList of;
    std::string_view code;
    std::string_view nl;
};
constexpr Word words[] = {
    {CodeList::Status, "new", "nieuw"},
    {CodeList::Status, "investigating", "in onderzoek"},
    {CodeList::Status, "assessed", "beoordeeld"},
    {CodeList::Status, "treatment_planned", "behandeling gepland"},
    {CodeList::Status, "in_treatment", "in behandeling"},
    {CodeList::Status, "acceptance_requested", "aanvaarding gevraagd"},
    {CodeList::Status, "accepted", "aanvaard"},
    {CodeList::Status, "closed", "gesloten"},
    {CodeList::Status, "false_positive", "onterechte melding"},
    {CodeList::Observation, "observed", "waargenomen"},
    {CodeList::Observation, "imported_only", "alleen ingelezen"},
    {CodeList::Observation, "not_observed", "niet waargenomen"},
    {CodeList::Observation, "refuted", "weerlegd"},
    {CodeList::Observation, "out_of_scope", "buiten beeld"},
    {CodeList::Response, "avoid", "vermijden"},
    {CodeList::Response, "mitigate", "verminderen"},
    {CodeList::Response, "transfer", "overdragen"},
    {CodeList::Response, "share", "delen"},
    {CodeList::Response, "accept", "aanvaarden"},
    {CodeList::Response, "contingency", "terugvaloptie"},
    {CodeList::Response, "undecided", "nog niet besloten"},
    {CodeList::Closure, "remediated", "verholpen"},
    {CodeList::Closure, "asset_removed", "asset verwijderd"},
    {CodeList::Closure, "duplicate", "dubbel"},
    {CodeList::Closure, "no_longer_applicable", "niet meer van toepassing"},
    {CodeList::Role, "analyst", "analist"},
    {CodeList::Role, "owner", "risico-eigenaar"},
    {CodeList::Role, "auditor", "auditor"},
    {CodeList::MeasureKind, "isolate", "isoleren"},
    {CodeList::MeasureKind, "block_egress", "uitgaand verkeer blokkeren"},
    {CodeList::MeasureKind, "local_control", "lokale aansturing"},
    {CodeList::MeasureKind, "disable_remote", "functie op afstand uitschakelen"},
    {CodeList::MeasureKind, "replace", "vervangen"},
    {CodeList::MeasureKind, "contract", "contract"},
    {CodeList::MeasureKind, "monitor", "bewaken"},
    {CodeList::MeasureKind, "fallback", "terugvaloptie"},
    {CodeList::MeasureKind, "diversify", "spreiden over leveranciers"},
    {CodeList::MeasureKind, "physical", "fysiek"},
    {CodeList::MeasureKind, "other", "anders"},
    {CodeList::MeasureState, "proposed", "voorgesteld"},
    {CodeList::MeasureState, "planned", "gepland"},
    {CodeList::MeasureState, "in_progress", "in uitvoering"},
    {CodeList::MeasureState, "implemented", "ingevoerd"},
    {CodeList::MeasureState, "tested", "getest"},
    {CodeList::MeasureState, "rejected", "afgewezen"},
    {CodeList::Effect, "likelihood", "kans"},
    {CodeList::Effect, "impact", "impact"},
    {CodeList::Effect, "both", "kans en impact"},
    {CodeList::Effect, "detection", "detectie"},
    {CodeList::Band, "low", "laag"},
    {CodeList::Band, "medium", "middel"},
    {CodeList::Band, "high", "hoog"},
    {CodeList::Band, "critical", "kritiek"},
    {CodeList::Kind, "asset", "asset"},
    {CodeList::Kind, "finding", "bevinding"},
    {CodeList::Kind, "measure", "beheersmaatregel"},
    {CodeList::Kind, "assertion", "vaststelling"},
    {CodeList::Kind, "answer", "antwoord"},
    {CodeList::Kind, "zone", "zone"},
    {CodeList::Kind, "process", "proces"},
    {CodeList::Kind, "supplier", "leverancier"},
    {CodeList::Kind, "site", "locatie"},
    {CodeList::Kind, "person", "persoon"},
    {CodeList::Kind, "setting", "instelling"},
    {CodeList::Kind, "run", "inventarisatie"},
    {CodeList::Kind, "register", "register"},
    {CodeList::Kind, "vendor", "fabrikant"},
    {CodeList::Kind, "parent", "moederbedrijf"},
    {CodeList::Kind, "operator", "cloudbeheerder"},
    {CodeList::Kind, "jurisdiction", "land"},
    {CodeList::Kind, "device", "apparaat"},
    {CodeList::Kind, "part", "onderdeel"},
    {CodeList::Kind, "software", "software"},
    {CodeList::Kind, "service", "dienst"},
    {CodeList::Event, "opened", "geopend"},
    {CodeList::Event, "seen_again", "weer gezien"},
    {CodeList::Event, "changed", "gewijzigd"},
    {CodeList::Event, "rated", "beoordeling gewijzigd"},
    {CodeList::Event, "moved", "verplaatst"},
    {CodeList::Event, "not_observed", "niet waargenomen"},
    {CodeList::Event, "out_of_scope", "buiten beeld"},
    {CodeList::Event, "refuted", "weerlegd"},
    {CodeList::Event, "reopened", "heropend"},
    {CodeList::Event, "missed", "gemist"},
    {CodeList::Event, "seen_after", "gezien na uitfaseren"},
    {CodeList::Event, "merged", "samengevoegd"},
    {CodeList::Event, "split", "gesplitst"},
    {CodeList::Event, "carried", "overgenomen"},
    {CodeList::Event, "recorded", "vastgelegd"},
    {CodeList::Event, "migrated", "schema bijgewerkt"},
    {CodeList::Event, "decided", "besloten"},
    {CodeList::Event, "accepted", "aanvaard"},
    {CodeList::Event, "closed", "gesloten"},
    {CodeList::Event, "assigned", "toegewezen"},
    {CodeList::Event, "set", "ingevuld"},
    {CodeList::Event, "asserted", "vastgesteld"},
    {CodeList::Event, "withdrawn", "ingetrokken"},
    {CodeList::Event, "answered", "beantwoord"},
    {CodeList::Event, "measured", "beheersmaatregel toegevoegd"},
    {CodeList::Event, "forgot", "gewist"},
    {CodeList::Event, "sealed", "verzegeld"},
    {CodeList::Event, "unlike", "afwijking gevonden"},
    {CodeList::Event, "restored", "teruggezet"},
    {CodeList::Event, "signed", "ondertekend"},
    {CodeList::Event, "new", "nieuw"},
    {CodeList::Cause, "network", "netwerk"},
    {CodeList::Cause, "knowledge", "kennis"},
    {CodeList::Cause, "network and knowledge", "netwerk en kennis"},
    {CodeList::Cause, "network and people", "netwerk en mensen"},
    {CodeList::Cause, "people", "mensen"},
    {CodeList::Cause, "time", "tijd"},
    {CodeList::Field, "status", "status"},
    {CodeList::Field, "owner", "eigenaar"},
    {CodeList::Field, "due", "uiterlijk"},
    {CodeList::Field, "review_by",
     "herbeoordelen v\xc3\xb3"
     "\xc3\xb3"
     "r"},
    {CodeList::Field, "response", "behandeling"},
    {CodeList::Field, "closure_reason", "reden van sluiten"},
    {CodeList::Field, "accepted_by", "aanvaard door"},
    {CodeList::Field, "accepted_until", "aanvaard tot"},
    {CodeList::Field, "accepted_band", "niveau bij aanvaarding"},
    {CodeList::Field, "accepted_inherent", "inherent risico bij aanvaarding"},
    {CodeList::Field, "accepted_residual", "restrisico bij aanvaarding"},
    {CodeList::Field, "decided_at", "besloten op"},
    {CodeList::Field, "requested_by", "gevraagd door"},
    {CodeList::Field, "residual_likelihood", "kans (restrisico)"},
    {CodeList::Field, "residual_impact", "impact (restrisico)"},
    {CodeList::Field, "residual_band", "restrisico"},
    {CodeList::Field, "residual_why", "toelichting restrisico"},
    {CodeList::Field, "note", "opmerking"},
    {CodeList::Field, "name", "naam"},
    {CodeList::Field, "zone", "zone"},
    {CodeList::Field, "process", "proces"},
    {CodeList::Field, "purdue", "niveau (Purdue)"},
    {CodeList::Field, "criticality", "belang"},
    {CodeList::Field, "retired", "uitgefaseerd"},
    {CodeList::Field, "finding", "bevinding"},
    {CodeList::Field, "copy_of", "kopie van"},
    {CodeList::Field, "title", "titel"},
    {CodeList::Field, "kind", "soort"},
    {CodeList::Field, "state", "stand"},
    {CodeList::Field, "effect", "invloed op"},
    {CodeList::Field, "cost", "kosten"},
    {CodeList::Field, "role", "rol"},
    {CodeList::Field, "value", "waarde"},
    {CodeList::Field, "field", "veld"},
    {CodeList::Field, "a", "asset"},
    {CodeList::Field, "b", "andere asset"},
    {CodeList::Field, "places", "plaatsen"},
    {CodeList::Field, "a_names", "kenmerken"},
    {CodeList::Field, "b_names", "kenmerken van de andere asset"},
    {CodeList::Field, "tlp", "TLP"},
    {CodeList::Field, "organisation", "organisatie"},
    {CodeList::Field, "retention", "bewaartermijn (dagen)"},
    {CodeList::Field, "four_eyes", "vier-ogenprincipe"},
    {CodeList::Field, "acceptance_most", "langste aanvaarding (dagen)"},
    {CodeList::Column, "finding", "bevinding"},
    {CodeList::Column, "band", "niveau"},
    {CodeList::Column, "status", "status"},
    {CodeList::Column, "observation", "waarneming"},
    {CodeList::Column, "rule", "regel"},
    {CodeList::Column, "subject", "onderwerp"},
    {CodeList::Column, "maker", "fabrikant"},
    {CodeList::Column, "country", "land"},
    {CodeList::Column, "zone", "zone"},
    {CodeList::Column, "process", "proces"},
    {CodeList::Column, "owner", "eigenaar"},
    {CodeList::Column, "due", "uiterlijk"},
    {CodeList::Column, "review_by", "herbeoordelen"},
    {CodeList::Column, "accepted_until", "aanvaard tot"},
    {CodeList::Column, "response", "behandeling"},
    {CodeList::Column, "residual_band", "restrisico"},
    {CodeList::Column, "opened", "geopend"},
    {CodeList::Column, "last_seen", "laatst gezien"},
    {CodeList::Column, "rated", "inherent"},
    {CodeList::Column, "rated_residual", "met beheersmaatregelen"},
    {CodeList::Column, "rated_known", "bekend"},
    {CodeList::Column, "rule_band", "volgens de regel"},
    {CodeList::Column, "asset", "asset"},
    {CodeList::Column, "label", "naam"},
    {CodeList::Column, "kind", "soort"},
    {CodeList::Column, "purdue", "niveau (Purdue)"},
    {CodeList::Column, "criticality", "belang"},
    {CodeList::Column, "retired", "uitgefaseerd"},
    {CodeList::Column, "missed", "gemist"},
    {CodeList::Column, "findings", "bevindingen"},
    {CodeList::Column, "first_seen", "eerst gezien"},
    {CodeList::Column, "measure", "beheersmaatregel"},
    {CodeList::Column, "title", "titel"},
    {CodeList::Column, "state", "stand"},
    {CodeList::Column, "effect", "invloed op"},
    {CodeList::Column, "cost", "kosten"},
    {CodeList::Column, "assertion", "vaststelling"},
    {CodeList::Column, "other", "andere"},
    {CodeList::Column, "field", "veld"},
    {CodeList::Column, "value", "waarde"},
    {CodeList::Column, "at", "tijd"},
    {CodeList::Column, "setting", "instelling"},
    {CodeList::Column, "run", "nr."},
    {CodeList::Column, "program", "programma"},
    {CodeList::Column, "vendordb", "leveranciersgegevens"},
    {CodeList::Column, "rules", "regels"},
    {CodeList::Column, "event", "nr."},
    {CodeList::Column, "what", "gebeurtenis"},
    {CodeList::Column, "by", "door"},
    {CodeList::Column, "detail", "bijzonderheden"},
    {CodeList::Column, "cause", "oorzaak"},
    {CodeList::Assertion, "is", "is een"},
    {CodeList::Assertion, "same", "dezelfde"},
    {CodeList::Assertion, "not_same", "niet dezelfde"},
    {CodeList::Assertion, "holds", "geldt"},
    {CodeList::Assertion, "withdrawn", "ingetrokken"},
    {CodeList::Answer, "yes", "ja"},
    {CodeList::Answer, "no", "nee"},
};

const Word* find(CodeList of, std::string_view code) {
    const auto found =
        std::find_if(std::begin(words), std::end(words), [&](const Word& word) { return word.of == of && word.code == code; });
    return found == std::end(words) ? nullptr : found;
}

}  // namespace

std::string called(CodeList of, std::string_view code, std::string_view language) {
    const Word* word = find(of, code);
    if (word != nullptr && language == "nl") return std::string(word->nl);
    std::string out(code);
    if (word != nullptr) std::replace(out.begin(), out.end(), '_', ' ');
    return out;
}

std::string code_of(CodeList of, std::string_view said) {
    for (const Word& word : words) {
        if (word.of != of) continue;
        if (equal_ignoring_case(word.code, said) || equal_ignoring_case(word.nl, said) ||
            equal_ignoring_case(called(of, word.code, "en"), said))
            return std::string(word.code);
    }
    return std::string(said);
}

std::string called_with_code(CodeList of, std::string_view code, std::string_view language) {
    const Word* word = find(of, code);
    if (language != "nl" || word == nullptr || word->nl == word->code) return std::string(code);
    return std::string(word->nl) + " (" + std::string(code) + ")";
}

}  // namespace herkomst
