#include "register/dutch.h"

#include <cctype>
#include <optional>

#include "core/phrases.h"
#include "core/text.h"
#include "register/called.h"

namespace herkomst {

namespace {

// {} is a value. {s} a status, {f} a field, {r} a role, {k} a kind, {e} an event, {b} a band; {o} a kind of database object;
// {S}, {F}, {C} are lists of codes that people may type; {t} is a sentence of the catalogue, {L} several of them. {1} is the
// first value. The first that fits.
constexpr Phrase entries[] = {
    {"\"{}\" is no status: one of {S}", "\"{1}\" is geen status; kies uit {2}"},
    {"is {s} and cannot become {s}; from there it can become {S}",
     "is {1} en kan niet {2} worden; van daaruit kan het worden: {3}"},
    {"nobody is named who decides this (--by NAME)", "er staat niet bij wie dit besluit (--by NAAM)"},
    {"nobody is named who does this (--by NAME)", "er staat niet bij wie dit doet (--by NAAM)"},
    {"is not changed without a reason (--reason TEXT)", "verandert niet zonder reden (--reason TEKST)"},
    {"is not done without a reason (--reason TEXT)", "kan niet zonder reden (--reason TEKST)"},
    {"only an analyst or the owner may make it {s}", "alleen een analist of de risico-eigenaar mag de status op {1} zetten"},
    {"only the owner may make it {s}", "alleen de risico-eigenaar mag de status op {1} zetten (--role owner)"},
    {"cannot be accepted without a day on which that ends (--until DATE)",
     "kan niet worden aanvaard zonder einddatum (--until DATUM)"},
    {"belongs to {}: {} cannot accept it (assign it first, or accept in that name)",
     "is van {1}: {2} kan het niet aanvaarden (wijs het eerst toe, of aanvaard in die naam)"},
    {"cannot be accepted until \"{}\": that is no date like 2027-03-31, or one that is too far away",
     "kan niet worden aanvaard tot \"{1}\": dat is geen datum zoals 2027-03-31, of een die te ver weg ligt"},
    {"cannot be accepted until {}: that is over", "kan niet worden aanvaard tot {1}: die dag is voorbij"},
    {"cannot be accepted for longer than {} days", "kan niet langer dan {1} dagen worden aanvaard"},
    {"cannot be {s} without a measure", "kan niet {1} worden zonder beheersmaatregel"},
    {"cannot be {s} without {f}", "kan niet {1} worden zonder {2}"},
    {"is not closed without one of {C}", "wordt niet gesloten zonder reden: --because met een van {1}"},
    {"is not remediated before it was in treatment", "is niet verholpen zolang het niet in behandeling is geweest"},
    {"is not remediated without a measure that is implemented",
     "is niet verholpen zonder een beheersmaatregel die is ingevoerd"},
    {"holds a control character", "bevat een stuurteken"},
    {"is longer than {} bytes", "is langer dan {1} bytes"},
    {"is blank", "is leeg op spaties na"},
    {"{}: is blank", "{1}: is leeg op spaties na"},
    {"begins or ends with a blank", "begint of eindigt met een spatie"},
    {"--by: {t}", "--by: {1}"},
    {"--reason: {t}", "--reason: {1}"},
    {"is none of {}", "is geen van {1}"},
    {"there is no such field; there are {F}", "dat veld bestaat niet; er zijn {1}"},
    {"is no date like 2027-03-31", "is geen datum zoals 2027-03-31"},
    {"is a number from 1 to 5", "is een getal van 1 tot en met 5"},
    {"\"{}\" is no role: one of analyst, owner, auditor",
     "\"{1}\" is geen rol; kies analyst (analist), owner (risico-eigenaar) of auditor"},
    {"an auditor reads and changes nothing", "een auditor leest en wijzigt niets"},
    {"{} is not among the people of this register", "{1} staat niet op de lijst van personen van dit register"},
    {"{} is {r} in this register, not {r}", "{1} is in dit register {2}, niet {3}"},
    {"there is no such finding", "die bevinding bestaat niet"},
    {"there is no such asset", "die asset bestaat niet"},
    {"there is no such measure", "die beheersmaatregel bestaat niet"},
    {"there is no such assertion", "die vaststelling bestaat niet"},
    {"there is no such answer", "dat antwoord bestaat niet"},
    {"was taken back already", "was al ingetrokken"},
    {"is accepted only after somebody asked for it (setting four_eyes)",
     "kan pas worden aanvaard nadat iemand daarom heeft gevraagd (instelling four_eyes)"},
    {"{} asked for it and cannot accept it (setting four_eyes)",
     "{1} vroeg erom en kan het daarom niet zelf aanvaarden (instelling four_eyes)"},
    {"is nothing that has fields", "heeft geen velden"},
    {"has no name", "heeft geen naam"},
    {"nothing is set: FIELD=VALUE", "er wordt niets ingevuld: VELD=WAARDE"},
    {"only the owner says who may do what", "alleen de risico-eigenaar bepaalt wie wat mag (--role owner)"},
    {"then nobody would be owner: name an owner first (set person:NAME role=owner)",
     "dan is niemand risico-eigenaar: noem eerst een eigenaar (set person:NAAM role=owner)"},
    {"a measure needs a title (title=TEXT)", "een beheersmaatregel heeft een titel nodig (title=TEKST)"},
    {"is one of CLEAR, GREEN, AMBER, AMBER+STRICT, RED", "is een van CLEAR, GREEN, AMBER, AMBER+STRICT, RED"},
    {"is a number of days; 0: nothing is forgotten", "is een aantal dagen; 0: niets wordt gewist"},
    {"is a number of days from 1 to 3650", "is een aantal dagen van 1 tot en met 3650"},
    {"is yes or no", "is yes of no"},
    {"is no setting; there are acceptance_most, four_eyes, organisation, retention, tlp",
     "is geen instelling; er zijn acceptance_most, four_eyes, organisation, retention, tlp"},
    {"only the owner changes a setting", "alleen de risico-eigenaar wijzigt een instelling (--role owner)"},
    {"{}: holds a control character, or is longer than 400 bytes", "{1}: bevat een stuurteken of is langer dan 400 bytes"},
    {"an address is heard, not said", "een adres wordt waargenomen, niet opgegeven"},
    {"{}: nobody said anything that could be taken back", "{1}: er is niets opgegeven dat kan worden ingetrokken"},
    {"is the same asset already", "is al dezelfde asset"},
    {"is at another site", "hoort bij een andere locatie"},
    {"is a {k}: it goes with its device", "is een {1}: die hoort bij het apparaat"},
    {"is a {k}, not a {k}", "is een {1}, geen {2}"},
    {"which identifiers go to the other one is not said", "er staat niet bij welke kenmerken bij de andere horen"},
    {"has no other identifier that would be left to it", "houdt dan zelf geen kenmerk meer over"},
    {"does not go by \"{}\"; it goes by nothing strong", "heeft het kenmerk \"{1}\" niet; er is geen sterk kenmerk"},
    {"does not go by \"{}\"; it goes by {}", "heeft het kenmerk \"{1}\" niet; de kenmerken zijn {2}"},
    {"is there already; a copy is never written over", "bestaat al; een kopie wordt nooit overschreven"},
    {"names no question", "noemt geen vraag"},
    {"\"{}\" is no scope: one of {}", "\"{1}\" is geen reikwijdte; kies uit {2}"},
    {"the key of its scope holds a control character", "de naam waarover het gaat, bevat een stuurteken"},
    {"says not which {k} it is about", "zegt niet over welke {1} het gaat"},
    {"has no value", "heeft geen waarde"},
    {"says not who answers", "zegt niet wie antwoordt"},
    {"was answered in the future", "is beantwoord in de toekomst"},
    {"expires before it was answered", "verloopt voordat het is beantwoord"},
    {"there is no asset {}", "er is geen asset {1}"},
    {"it is worse than what was accepted: {L}", "het is ernstiger dan wat is aanvaard: {1}"},
    {"its rating with measures is {b} and was accepted as {b}",
     "de beoordeling met beheersmaatregelen is {1} en was bij aanvaarding {2}"},
    {"its rating without measures is {b} and was accepted as {b}",
     "de beoordeling zonder beheersmaatregelen is {1} en was bij aanvaarding {2}"},
    {"the band of its rule is {b} and was accepted as {b}", "het niveau volgens de regel is {1} en was bij aanvaarding {2}"},
    {"it is worse than what was accepted", "het is ernstiger dan wat is aanvaard"},
    {"it was seen after it was closed", "het is gezien nadat het was gesloten"},
    {"it is not what was called a false positive", "het is iets anders dan wat een onterechte melding werd genoemd"},
    {"the time for which it was accepted is over", "de termijn waarvoor het was aanvaard, is voorbij"},
    {"it is about the asset itself again", "het gaat weer over de asset zelf"},
    {"its asset is one of its own again", "de asset staat weer op zichzelf"},
    {"it is one of its own again", "het staat weer op zichzelf"},
    {"the question is decided of this asset", "de vraag is voor deze asset beslist"},
    {"what decided it is not known any more", "wat het besliste, is niet meer bekend"},
    {"this is asked once of the supplier now", "dit wordt nu eenmaal aan de leverancier gevraagd"},
    {"this is asked once of the site now", "dit wordt nu eenmaal aan de locatie gevraagd"},
    {"the rule was changed and is false", "de regel is gewijzigd en aan de voorwaarde wordt niet voldaan"},
    {"the rule is false now", "aan de voorwaarde van de regel wordt niet meer voldaan"},
    {"it was put away, and was seen after that", "de asset was uitgefaseerd en is daarna gezien"},
    {"retention", "bewaartermijn"},
    {"event {} is missing", "gebeurtenis {1} ontbreekt"},
    {"event {} is missing at the end", "gebeurtenis {1} ontbreekt aan het einde"},
    {"events {} to {} are missing", "gebeurtenissen {1} tot en met {2} ontbreken"},
    {"events {} to {} are missing at the end", "gebeurtenissen {1} tot en met {2} ontbreken aan het einde"},
    {"event {} does not follow the one before it", "gebeurtenis {1} sluit niet aan op de vorige"},
    {"event {} was changed ({e} of {k} {})", "gebeurtenis {1} is gewijzigd ({2}, {3} {4})"},
    {"event {} was emptied, and no event says that it was forgotten",
     "gebeurtenis {1} is leeggemaakt, en geen gebeurtenis zegt dat ze is gewist"},
    {"event {} holds no JSON", "gebeurtenis {1} bevat geen JSON"},
    {"the head of the chain is event {} where the last one is {}",
     "volgens de keten is gebeurtenis {1} de laatste, maar de laatste is {2}"},
    {"{} is \"{}\", and no event says so", "{1} is \"{2}\", en geen gebeurtenis zegt dat"},
    {"{} is \"{}\" where event {} says \"{}\"", "{1} is \"{2}\", waar gebeurtenis {3} \"{4}\" zegt"},
    {"{k} {}: {f} is gone, which event {} set to \"{}\"", "{1} {2}: {3} is weg; gebeurtenis {4} had daar \"{5}\" ingevuld"},
    {"finding {} is {} where event {} says {}", "bevinding {1} is {2}, maar gebeurtenis {3} zegt {4}"},
    {"finding {} is gone, which event {} opened", "bevinding {1}, geopend door gebeurtenis {2}, ontbreekt"},
    {"run {} is later than event {}, and no event says what it left",
     "inventarisatie {1} is later dan gebeurtenis {2} en door geen gebeurtenis gedekt"},
    {"table {} is not what event {} says: something in it was edited, deleted or put in",
     "tabel {1} is niet zoals gebeurtenis {2} zegt: er is iets gewijzigd, verwijderd of toegevoegd"},
    {"table {} is not what run {} left: something in it was edited, deleted or put in",
     "tabel {1} is niet zoals inventarisatie {2} die achterliet: er is iets gewijzigd, verwijderd of toegevoegd"},
    {"table {}: row {} is gone", "tabel {1}: rij {2} is verwijderd"},
    {"table {}: row {} was put in", "tabel {1}: rij {2} is toegevoegd"},
    {"table {}: row {} was edited", "tabel {1}: rij {2} is gewijzigd"},
    {"table {}: {} more rows", "tabel {1}: nog {2} rijen"},
    {"event {} found: {t}", "gebeurtenis {1} trof aan: {2}"},
    {"table {} was not what event {} says: something in it had been edited, deleted or put in",
     "tabel {1} was niet zoals gebeurtenis {2} zegt: er was iets gewijzigd, verwijderd of toegevoegd"},
    {"table {} was not what run {} left: something in it had been edited, deleted or put in",
     "tabel {1} was niet zoals inventarisatie {2} die achterliet: er was iets gewijzigd, verwijderd of toegevoegd"},
    {"table {} holds rows that no event speaks of", "tabel {1} bevat regels waarvan geen gebeurtenis iets zegt"},
    {"table {} held rows that no event speaks of", "tabel {1} bevatte regels waarvan geen gebeurtenis iets zegt"},
    {"what run {} had left without an event was changed",
     "wat inventarisatie {1} zonder gebeurtenis had achtergelaten, was gewijzigd"},
    {"run {} was later than event {}, and no event said what it left",
     "inventarisatie {1} was later dan gebeurtenis {2} en door geen gebeurtenis gedekt"},
    {"the head of the chain was event {} where the last one was {}",
     "volgens de keten was gebeurtenis {1} de laatste, maar de laatste was {2}"},
    {"{k} {}: {f} was not what event {} says", "{1} {2}: {3} was niet zoals gebeurtenis {4} zegt"},
    {"{k} {}: {f} was there, and no event said so", "{1} {2}: {3} stond er, en geen gebeurtenis zei dat"},
    {"what run {} left without an event was changed", "wat inventarisatie {1} zonder gebeurtenis achterliet, is gewijzigd"},
    {"finding {} is not what event {} says", "bevinding {1} is niet wat gebeurtenis {2} zegt"},
    {"finding {} comes from event {}, which is missing", "bevinding {1} komt van gebeurtenis {2}, die ontbreekt"},
    {"finding {} is rated, and no event says so", "bevinding {1} heeft een beoordeling, en geen gebeurtenis zegt dat"},
    {"the rating of finding {} is not what event {} says", "de beoordeling van bevinding {1} is niet wat gebeurtenis {2} zegt"},
    {"the rating of finding {} is gone, which event {} gave it",
     "de beoordeling van bevinding {1} is weg; gebeurtenis {2} gaf die"},
    {"run {} has no event that ends it: it is not there as a whole",
     "bij inventarisatie {1} ontbreekt de gebeurtenis die haar afsluit: zij is niet volledig"},
    {"run {} was changed", "inventarisatie {1} is gewijzigd"},
    {"run {} is missing", "inventarisatie {1} ontbreekt"},
    {"the signature of {} over event {} does not hold", "de handtekening van {1} over gebeurtenis {2} klopt niet"},
    {"event {}, which was signed on {}, is missing", "gebeurtenis {1}, ondertekend op {2}, ontbreekt"},
    {"event {}, which was kept elsewhere, is missing", "gebeurtenis {1}, die elders is bewaard, ontbreekt"},
    {"event {} is not the one that was kept elsewhere", "gebeurtenis {1} is niet die elders is bewaard"},
    {"is no event as sign prints it (event NUMBER HASH), nor NUMBER:HASH",
     "is geen gebeurtenis zoals sign die afdrukt (gebeurtenis NUMMER HASH), en ook geen NUMMER:HASH"},
    {"the events up to {}, which were signed on {}, are not those",
     "de gebeurtenissen tot en met {1}, ondertekend op {2}, zijn niet dezelfde"},
    {"this file is not a register of herkomst", "dit bestand is geen register van herkomst"},
    {"this register was made by a newer herkomst (schema {}; this program knows {})",
     "dit register is gemaakt door een nieuwere herkomst (schema {1}; dit programma kent {2})"},
    {"this register holds no run yet", "dit register bevat nog geen inventarisatie"},
    {"this register cannot be made: {}", "dit register kan niet worden gemaakt: {1}"},
    {"this register cannot be opened: No such file or directory; --register FILE says which one, and scan --register FILE "
     "makes one",
     "dit register bestaat niet; --register BESTAND zegt welk register, en scan --register BESTAND maakt er een"},
    {"this register cannot be opened: {}", "dit register kan niet worden geopend: {1}"},
    {"this copy cannot be made: {}", "deze kopie kan niet worden gemaakt: {1}"},
    {"this register is of schema {} and is not brought up to date, because the copy before that cannot be made ({})",
     "dit register heeft schema {1} en wordt niet bijgewerkt, omdat de kopie daarvoor niet kan worden gemaakt ({2})"},
    {"this register says that it is of schema {} and holds {}, which came with schema {}; its number or its tables were "
     "altered, "
     "and nothing was changed (herkomst register restore puts a copy in its place)",
     "dit register zegt schema {1} te hebben en bevat {2}, dat met schema {3} kwam; het nummer of de tabellen zijn aangepast, "
     "en "
     "er is niets gewijzigd (herkomst register restore zet een kopie terug)"},
    {"this register says that it is of schema {} and does not hold {}, which came with schema {}; its number or its tables "
     "were "
     "altered, and nothing was changed (herkomst register restore puts a copy in its place)",
     "dit register zegt schema {1} te hebben en bevat {2} niet, dat met schema {3} kwam; het nummer of de tabellen zijn "
     "aangepast, "
     "en er is niets gewijzigd (herkomst register restore zet een kopie terug)"},
    {"this register of schema {} was not brought up to date, and nothing in it was changed; {t}",
     "dit register van schema {1} is niet bijgewerkt, en er is niets in gewijzigd; {2}"},
    {"this register is damaged", "dit register is beschadigd"},
    {"the disk fails while reading or writing this register",
     "de schijf geeft fouten bij het lezen of schrijven van dit register"},
    {"the register cannot be used: {}", "het register kan niet worden gebruikt: {1}"},
    {"is no sealed file", "is geen versleuteld bestand van herkomst"},
    {"has no header", "heeft geen kop"},
    {"is sealed in a way that this program does not know", "is versleuteld op een manier die dit programma niet kent"},
    {"is sealed with a passphrase", "is versleuteld met een wachtwoordzin"},
    {"is sealed for the holder of a key", "is versleuteld voor de houder van een sleutel"},
    {"was cut off", "is afgekapt"},
    {"was altered or cut off after it was sealed", "is na het versleutelen gewijzigd of afgekapt"},
    {"is larger than what can be sealed", "is te groot om te versleutelen"},
    {"is sealed with a passphrase or for one recipient's key",
     "wordt versleuteld met een wachtwoordzin of voor de sleutel van \u00e9\u00e9n ontvanger"},
    {"is shorter than {} bytes", "is korter dan {1} bytes"},
    {"is not a public key of kind X25519 (PEM)", "is geen openbare sleutel van soort X25519 (PEM)"},
    {"is not a private key of kind X25519 (PEM)", "is geen priv\u00e9sleutel van soort X25519 (PEM)"},
    {"is not a private key of kind Ed25519 (PEM)", "is geen priv\u00e9sleutel van soort Ed25519 (PEM)"},
    {"is not a public key of kind Ed25519 (PEM)", "is geen openbare sleutel van soort Ed25519 (PEM)"},
    {"is no key to seal for", "is geen sleutel waarmee te versleutelen is"},
    {"was sealed with a key that is none", "is versleuteld met een ongeldige sleutel"},
    {"holds no files", "bevat geen bestanden"},
    {"holds a file with a name that is none", "bevat een bestand met een ongeldige naam"},
    {"holds less than its index says", "bevat minder dan de inhoudsopgave zegt"},
    {"has no passphrase in its first line", "heeft geen wachtwoordzin op de eerste regel"},
    {"give one of the two", "geef een van de twee"},
    {"is a folder, not a file", "is een map, geen bestand"},
    {"cannot be read: No such file or directory", "bestaat niet"},
    {"cannot be read: {}", "kan niet worden gelezen: {1}"},
    {"cannot be opened with this key, or was altered", "kan met deze sleutel niet worden geopend, of is gewijzigd"},
    {"holds no register", "bevat geen register"},
    {"the disk is full", "de schijf is vol"},
    {"another process is using this register, and would go on writing to the one that was put away; end it first",
     "een ander proces gebruikt dit register en zou blijven schrijven in het register dat is weggezet; be\u00ebindig dat "
     "proces "
     "eerst"},
    {"this register lies where nothing may be written, and beside it lies a log with what is not in it yet; copy it, with what "
     "lies beside it, to a folder where you may write",
     "dit register ligt op een plek waar niets mag worden geschreven, en ernaast ligt een logboek met wat er nog niet in "
     "staat; "
     "kopieer het, met wat ernaast ligt, naar een map waarin u mag schrijven"},
    {"there is not enough memory for a copy of this register", "er is te weinig geheugen voor een kopie van dit register"},
    {"this register was replaced by another file while this was running; what is heard from now on belongs in that one",
     "dit register is intussen vervangen door een ander bestand; wat vanaf nu wordt gehoord, hoort daarin"},
    {"another process is writing to this register; try again when it is done",
     "een ander proces schrijft in dit register; probeer het opnieuw als dat klaar is"},
    {"this register cannot be written to", "in dit register kan niet worden geschreven"},
    {"this register cannot be opened", "dit register kan niet worden geopend"},
    {"access to this register is refused", "toegang tot dit register is geweigerd"},
    {"this file is not a register", "dit bestand is geen register"},
    {"there is nothing to sign yet", "er is nog niets te ondertekenen"},
    {"{o} {} is missing", "{1} {2} ontbreekt"},
    {"{o} {} is not as this program makes it", "{1} {2} is niet zoals dit programma die maakt"},
    {"trigger {} is none that this program makes", "trigger {1} is niet van dit programma"},
    {"{f}: {t}", "{1}: {2}"},
};

std::optional<std::string> dutch(std::string_view sentence);

std::string list(CodeList of, std::string_view codes) {
    std::string out;
    for (const std::string_view code : split(codes, ','))
        out += (out.empty() ? "" : ", ") + called_with_code(of, trimmed(code), "nl");
    return out;
}

std::optional<std::string> in_dutch(char kind, std::string_view value) {
    switch (kind) {
        case 's':
            return called(CodeList::Status, value, "nl");
        case 'f':
            return called(CodeList::Field, value, "nl");
        case 'r':
            return called(CodeList::Role, value, "nl");
        case 'k':
            return called(CodeList::Kind, value, "nl");
        case 'e':
            return called(CodeList::Event, value, "nl");
        case 'o':
            return value == "table" ? "tabel" : value == "view" ? "weergave" : std::string(value);
        case 'b':
            return called(CodeList::Band, value, "nl");
        case 'S':
            return list(CodeList::Status, value);
        case 'F':
            return list(CodeList::Field, value);
        case 'C':
            return list(CodeList::Closure, value);
        case 't':
            return dutch(value);
        case 'L': {
            std::string out;
            for (const std::string_view each : split(value, ',')) {
                const std::optional<std::string> one = dutch(trimmed(each));
                if (!one) return std::nullopt;
                out += (out.empty() ? "" : ", ") + *one;
            }
            return out;
        }
        default:
            return std::string(value);
    }
}

std::optional<std::string> dutch(std::string_view sentence) { return in_dutch_by(entries, sentence, in_dutch); }

}  // namespace

std::string in_language(std::string_view sentence, std::string_view language) {
    if (language != "nl") return std::string(sentence);
    return dutch(sentence).value_or(std::string(sentence));
}

Problem in_language(const Problem& problem, std::string_view language) {
    return {problem.place, in_language(problem.sentence, language)};
}

Problems in_language(const Problems& problems, std::string_view language) {
    Problems out;
    for (const Problem& each : problems) out.push_back(in_language(each, language));
    return out;
}

bool has_dutch(std::string_view sentence) { return dutch(sentence).has_value(); }

}  // namespace herkomst
