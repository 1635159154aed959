#include "report/policy_words.h"

namespace herkomst {

namespace {

constexpr Phrase policy_table[] = {
    // Any JSON file.
    {"not valid JSON", "geen geldige JSON"},
    {"nested deeper than {} levels", "dieper genest dan {1} niveaus"},
    {"a number is larger than a computer counts", "een getal is groter dan een computer telt"},
    {"this is not an object", "dit is geen object"},
    {"this key is not known here", "deze sleutel is hier niet bekend"},
    {"\"{}\" is missing", "\"{1}\" ontbreekt"},
    {"this is not a text, or an empty one", "dit is geen tekst, of een lege"},
    {"this is not a text", "dit is geen tekst"},
    {"this is no time", "dit is geen tijd"},
    {"this is missing, or not a text", "dit ontbreekt of is geen tekst"},
    {"this is missing", "dit ontbreekt"},
    {"this is not a list of texts", "dit is geen lijst van teksten"},
    {"this is not a list", "dit is geen lijst"},
    {"this list holds at least {}", "in deze lijst staan er ten minste {1}"},
    {"this is not true or false", "dit is geen true of false"},
    {"this is not a whole number from {} to {}", "dit is geen geheel getal van {1} tot en met {2}"},
    {"this is not {\"nl\": ..., \"en\": ...} with a text in each",
     "dit is geen {\"nl\": ..., \"en\": ...} met in beide een tekst"},
    {"a name is made of a-z, 0-9 and -, at most 64 of them", "een naam bestaat uit a-z, 0-9 en -, ten hoogste 64 tekens"},
    // Rules.
    {"an id is made of a-z, 0-9 and -, at most 64 of them", "een id bestaat uit a-z, 0-9 en -, ten hoogste 64 tekens"},
    {"the id is not the name of its file", "het id is niet de naam van het bestand"},
    {"a version is a number from 1 on", "een versie is een getal vanaf 1"},
    {"this is not facts or groups", "dit is niet facts of groups"},
    {"this is not asset, vendor or site", "dit is niet asset, vendor of site"},
    {"a question about a group is asked of that group", "een vraag over een groep gaat naar die groep"},
    {"this is not 1, 2, 3A, 3B, several of them with commas, or empty",
     "dit is niet 1, 2, 3A, 3B, een aantal daarvan met komma's, of leeg"},
    {"a brace has no partner: {} stands for its value", "een accolade staat alleen: {1} staat voor de waarde van dat feit"},
    {"there is no fact \"{}\"", "er is geen feit \"{1}\""},
    {"there is no such fact in the table {}", "dat feit bestaat niet in de tabel {1}"},
    {"this is no {y}, and it is always known", "dit is geen {1}, en dit feit is altijd bekend"},
    {"this is no {y}", "dit is geen {1}"},
    {"this is not fires, does_not or undecided", "dit is niet fires, does_not of undecided"},
    {"a list of facts, and only where the verdict is undecided",
     "een lijst van feiten, en alleen waar het oordeel undecided is"},
    {"this is not low, medium, high or critical", "dit is niet low, medium, high of critical"},
    {"SQLite refuses this: {}", "SQLite weigert dit: {1}"},
    {"the condition reads no fact at all", "de voorwaarde gebruikt geen enkel feit"},
    {"no example fires", "geen enkel voorbeeld slaat aan (fires)"},
    {"there is no example that does not fire", "er is geen voorbeeld dat niet aanslaat (does_not)"},
    {"an example of this rule is undecided", "een voorbeeld van deze regel is onbeslist (undecided)"},
    {"a fact of this rule can be unknown and leave it undecided, but no example is undecided",
     "een feit van deze regel kan onbekend zijn en de regel onbeslist laten, maar geen voorbeeld is onbeslist (undecided)"},
    {"no example is undecided, and \"never_undecided\" does not say why there can be none",
     "geen voorbeeld is onbeslist (undecided), en \"never_undecided\" zegt niet waarom dat niet kan"},
    {"this should be {v} but is {v}", "dit hoort {1} te zijn, maar is {2}"},
    {"the missing facts are {}", "de ontbrekende feiten zijn {1}"},
    // Expressions.
    {"the expression is empty", "de uitdrukking is leeg"},
    {"the expression is longer than {} characters", "de uitdrukking is langer dan {1} tekens"},
    {"\"{}\" is not a plain number", "\"{1}\" is geen gewoon getal"},
    {"a text is not closed with '", "een tekst is niet afgesloten met '"},
    {"a text holds a NUL character", "een tekst bevat een NUL-teken"},
    {"\"{}\" is not part of the language of rules", "\"{1}\" hoort niet bij de regeltaal"},
    {"texts stand in single quotes, facts in none: \" is refused",
     "teksten staan tussen enkele aanhalingstekens, feiten zonder: \" wordt geweigerd"},
    {"\"{}\" is refused: a division by zero would be a NULL that nothing unknown explains",
     "\"{1}\" wordt geweigerd: delen door nul geeft een NULL die door niets onbekends te verklaren is"},
    {"\"{}\" is refused: it would turn what is unknown into an answer; known(fact) says it openly",
     "\"{1}\" wordt geweigerd: het maakt van iets onbekends een antwoord; known(feit) zegt het openlijk"},
    {"more than {} nested parentheses", "meer dan {1} haakjes binnen elkaar"},
    {"a parenthesis is closed that was not opened", "een haakje wordt gesloten dat niet is geopend"},
    {"a parenthesis is not closed", "een haakje is niet gesloten"},
    {"IN takes a list of literals, at least one", "IN vraagt een lijst van ten minste \xc3\xa9\xc3\xa9n vaste waarde"},
    {"the function \"{}\" is not allowed; these are: {}", "de functie \"{1}\" is niet toegestaan; wel: {2}"},
    {"known() takes the name of one fact", "known() vraagt de naam van \xc3\xa9\xc3\xa9n feit"},
    // Packs.
    {"a reference has no title", "een verwijzing heeft geen titel"},
    {"there are two packs of the name {}", "er zijn twee pakketten met de naam {1}"},
    {"two packs hold an order with this key", "twee pakketten bevatten een besluit met dit kenmerk"},
    {"{} has the same id", "{1} heeft hetzelfde id"},
    // Orders.
    {"this is not a date (2027-03-01)", "dit is geen datum (2027-03-01)"},
    {"the name as the order prints it is missing", "de naam zoals die in het besluit staat, ontbreekt"},
    {"the signature cannot be read", "de handtekening kan niet worden gelezen"},
    {"there is no key in the folder trusted/ to check this signature with",
     "in de map trusted/ staat geen sleutel om deze handtekening mee te controleren"},
    {"this signature is of none of the keys in the folder trusted/",
     "deze handtekening hoort bij geen van de sleutels in de map trusted/"},
    {"this is before the order was issued", "dit ligt v\u00f3\u00f3r de datum van het besluit"},
    {"this is not a pattern (RE2) for the whole model text", "dit is geen patroon (RE2) voor de hele typeaanduiding"},
    {"an order names a supplier or a product", "een besluit noemt een leverancier of een product"},
    {"this is not a public key of kind Ed25519 (PEM)", "dit is geen openbare sleutel van de soort Ed25519 (PEM)"},
    {"there are two orders with the key {}", "er zijn twee besluiten met het kenmerk {1}"},
    // Answers.
    {"there is no such scope", "die reikwijdte bestaat niet"},
};

}  // namespace

std::span<const Phrase> policy_phrases() { return policy_table; }

}  // namespace herkomst
