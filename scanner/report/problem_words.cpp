#include "report/problem_words.h"

#include <optional>

#include "core/phrases.h"
#include "report/policy_words.h"

namespace herkomst {

namespace {

// {t} is a sentence of the catalogue, {m} of the machine.
constexpr Phrase phrases[] = {
    // Rows of an inventory.
    {"row not used: {t}", "rij niet gebruikt: {1}"},
    {"cell not used: {t}", "cel niet gebruikt: {1}"},
    {"host not used: {t}", "apparaat niet gebruikt: {1}"},
    {"address not used: {t}", "adres niet gebruikt: {1}"},
    {"has more columns than the header", "heeft meer kolommen dan de kopregel"},
    {"\"{}\" is not the IP address of a device", "\"{1}\" is geen IP-adres van een apparaat"},
    {"\"{}\" is a network, not a device", "\"{1}\" is een netwerk, geen apparaat"},
    {"\"{}\" is the address by which every machine calls itself",
     "\"{1}\" is het adres waarmee elke machine zichzelf aanspreekt"},
    {"\"{}\" is not the MAC address of a device", "\"{1}\" is geen MAC-adres van een apparaat"},
    {"\"{}\" is not a VLAN number", "\"{1}\" is geen VLAN-nummer"},
    {"\"{}\" is not a power with a unit (W, kW, MW)", "\"{1}\" is geen vermogen met een eenheid (W, kW, MW)"},
    {"has no address, serial number or name", "heeft geen adres, serienummer of naam"},
    {"has no address or name, and its serial number tells it from no other row",
     "heeft geen adres of naam, en het serienummer onderscheidt de rij niet van andere"},
    {"the serial number {} stands in {} rows (lines {}) of several addresses or names: they stay several devices",
     "het serienummer {1} staat in {2} rijen (regels {3}) met meer dan een adres of naam: het blijven verschillende apparaten"},
    {"the serial number {} stands in {} rows (lines {}) with no address or name: they are taken for one device",
     "het serienummer {1} staat in {2} rijen (regels {3}) zonder adres of naam: zij gelden als een apparaat"},
    {"says nothing about the device but where it is", "zegt niets over het apparaat, behalve waar het zich bevindt"},
    {"it has no address", "het heeft geen adres"},
    {"column not understood: {}; name it in a mapping: herkomst columns FILE --save MAP",
     "kolom niet begrepen: {1}; zeg wat die betekent: herkomst columns BESTAND --save KOLOMMEN"},
    {"columns not understood: {}; name them in a mapping: herkomst columns FILE --save MAP",
     "kolommen niet begrepen: {1}; zeg wat zij betekenen: herkomst columns BESTAND --save KOLOMMEN"},
    {"the column {} is read only where {} says nothing", "de kolom {1} telt alleen waar {2} niets zegt"},
    {"more than {} hosts: the rest is not read", "meer dan {1} apparaten: de rest is niet gelezen"},
    {"none of these column names is known; name them in a mapping file (--mapping)",
     "geen van deze kolomnamen is bekend; zeg in een bestand wat zij betekenen (--mapping)"},
    {"has no column {}, which the mapping names", "heeft geen kolom {1}, die in --mapping staat"},
    {"names no column: it holds no \"columns\" with an object of header names",
     "noemt geen kolom: er is geen \"columns\" met een object van kolomnamen"},
    {"{} cell is longer than what is kept ({} bytes, descriptions {}): the rest was cut off",
     "{1} cel is langer dan wat wordt bewaard ({2} bytes, een omschrijving {3}): de rest is afgekapt"},
    {"{} cells are longer than what is kept ({} bytes, descriptions {}): the rest was cut off",
     "{1} cellen zijn langer dan wat wordt bewaard ({2} bytes, een omschrijving {3}): de rest is afgekapt"},
    {"is not \"columns\" with an object of header names", "is niet \"columns\" met een object van kolomnamen"},
    {"is not a JSON object", "is geen JSON-object"},
    {"is not one of: {}", "is geen van: {1}"},
    {"a quoted field that starts in this row never ends",
     "een veld tussen aanhalingstekens dat in deze rij begint, eindigt niet"},
    {"more than {} rows: the rest is not read", "meer dan {1} rijen: de rest is niet gelezen"},
    {"is no line of a record (a run was broken off there?)", "is geen regel van een verslag (is het daar afgebroken?)"},
    {"declares an entity: refused", "declareert een entiteit: geweigerd"},
    {"ends or breaks here ({}); the hosts before it are used",
     "eindigt of breekt hier ({1}); de apparaten ervoor zijn gebruikt"},
    // Captures.
    {"is empty", "is leeg"},
    {"is not a capture: it has less than four bytes", "is geen opname: minder dan vier bytes"},
    {"is not a capture: it starts like neither pcap nor pcapng", "is geen opname: begint niet als pcap of pcapng"},
    {"is a pcap file of version {}, only version 2 is known", "is een pcap-bestand van versie {1}; alleen versie 2 is bekend"},
    {"the file ends inside its section header", "het bestand eindigt in de kop van zijn sectie"},
    {"the file ends inside a section header", "het bestand eindigt in de kop van een sectie"},
    {"the file ends inside its header", "het bestand eindigt in zijn kop"},
    {"the file ends inside the packet's header", "het bestand eindigt in de kop van het pakket"},
    {"the file ends inside the packet", "het bestand eindigt in het pakket"},
    {"the file ends inside a block's header", "het bestand eindigt in de kop van een blok"},
    {"the file ends inside the block", "het bestand eindigt in het blok"},
    {"the byte-order magic of the section header is unknown", "de bytevolgorde in de kop van de sectie is onbekend"},
    {"the section has version {}, only version 1 is known", "de sectie heeft versie {1}; alleen versie 1 is bekend"},
    {"the interface description is too short", "de beschrijving van de interface is te kort"},
    {"describes more than {} interfaces", "beschrijft meer dan {1} interfaces"},
    {"an option of the interface description is longer than the block",
     "een optie in de beschrijving van de interface is langer dan het blok"},
    {"the time resolution of the interface cannot be", "de tijdresolutie van de interface is niet mogelijk"},
    {"the block is too short for its header", "het blok is te kort voor zijn kop"},
    {"belongs to interface {}, which is not described", "hoort bij interface {1}, die niet is beschreven"},
    {"claims {} captured bytes in a block that has {}", "noemt {1} vastgelegde bytes in een blok van {2}"},
    {"claims {} captured bytes, more than any packet has: reading stops here",
     "noemt {1} vastgelegde bytes, meer dan een pakket heeft: het lezen stopt hier"},
    {"claims {} captured bytes, more than any packet has", "noemt {1} vastgelegde bytes, meer dan een pakket heeft"},
    {"claims a length of {} bytes, which no block has: reading stops here",
     "noemt een lengte van {1} bytes, die geen blok heeft: het lezen stopt hier"},
    {"claims a length of {} bytes, more than is read: reading stops here",
     "noemt een lengte van {1} bytes, meer dan wordt gelezen: het lezen stopt hier"},
    {"its two lengths differ: reading stops here", "de twee lengtes verschillen: het lezen stopt hier"},
    {"unpacks to more than {} times its size", "wordt uitgepakt meer dan {1} keer zo groot"},
    {"unpacks to more than {} bytes", "wordt uitgepakt groter dan {1} bytes"},
    {"is damaged: it cannot be unpacked to its end", "is beschadigd: het is niet tot het einde uit te pakken"},
    {"the packed data ends too early", "de ingepakte gegevens eindigen te vroeg"},
    {"zlib cannot be started", "zlib kan niet worden gestart"},
    {"bytes follow the packed data that belong to nothing", "na de ingepakte gegevens volgen bytes die nergens bij horen"},
    {"the gzip data is damaged", "de gzip-gegevens zijn beschadigd"},
    {"the zstd data is damaged", "de zstd-gegevens zijn beschadigd"},
    {"has {} more such places", "heeft nog {1} van zulke plaatsen"},
    {"has no frame {}, it ends after {}", "heeft geen frame {1}; het eindigt na {2}"},
    // Interfaces.
    {"there is no interface {}; there are: {}", "er is geen interface {1}; er zijn: {2}"},
    {"there is no interface {}", "er is geen interface {1}"},
    {"the interface {} is down", "de interface {1} staat uit"},
    {"the interface {} cannot be opened: {m}", "de interface {1} kan niet worden geopend: {2}"},
    {"the interface {} cannot be waited for: {m}", "op de interface {1} kan niet worden gewacht: {2}"},
    {"listening on {} needs the capability CAP_NET_RAW: run as root, or give it to the program once with `setcap "
     "cap_net_raw+ep`",
     "luisteren op {1} vraagt het recht CAP_NET_RAW: start als root, of geef het programma dat recht eenmalig met `setcap "
     "cap_net_raw+ep`"},
    {"hearing all packets on {} needs the capability CAP_NET_ADMIN; --no-promiscuous goes without",
     "alle pakketten op {1} horen vraagt het recht CAP_NET_ADMIN; --no-promiscuous doet het zonder"},
    {"the packets of {} are of a link type that is not understood: {}",
     "de pakketten van {1} zijn van een soort verbinding die niet wordt begrepen: {2}"},
    // Files of answers.
    {"this is no file of answers: schema {} and a list \"answers\"",
     "dit is geen bestand met antwoorden: schema {1} en een lijst \"answers\""},
    {"this is not an object", "dit is geen object"},
    {"there is no column \"{}\"", "er is geen kolom \"{1}\""},
    {"the questionnaire {} has no question \"{}\"", "de vragenlijst {1} heeft geen vraag \"{2}\""},
    {"there is no scope \"{}\"", "er is geen reikwijdte \"{1}\" (kolom scope)"},
    {"this row belongs to another questionnaire: \"{}\"", "deze rij hoort bij een andere vragenlijst: \"{1}\""},
    {"this question is asked about each {s}, or about an asset", "deze vraag gaat over elke {1}, of over een asset"},
    {"the register holds no {s} \"{}\"", "het register bevat geen {1} \"{2}\""},
    {"line {} answers the same question about the same thing", "regel {1} beantwoordt dezelfde vraag over hetzelfde"},
    {"{} answers this question about the same thing too", "{1} beantwoordt deze vraag over hetzelfde ook"},
    {"{} answered this later, on {}", "{1} beantwoordde dit later, op {2}"},
    // Files.
    {"is neither a capture nor an inventory that herkomst can read",
     "is geen opname en geen inventaris die herkomst kan lezen"},
    {"is not read: its name is not UTF-8; give it another", "is niet gelezen: de naam is geen UTF-8; geef het een andere"},
    {"cannot be walked: {m}", "kan niet worden doorzocht: {1}"},
    {"matches no file", "past op geen enkel bestand"},
    {"does not exist", "bestaat niet"},
    {"holds no capture and no inventory that herkomst can read", "bevat geen opname en geen inventaris die herkomst kan lezen"},
    {"is an export of herkomst: what it concluded is no evidence of its own",
     "is een export van herkomst: wat die concludeerde, is zelf geen bewijs"},
    {"is read here and would be written over; choose another folder",
     "wordt hier gelezen en zou worden overschreven; kies een andere map"},
    {"is there already and is not a file of herkomst: it is not written over",
     "bestaat al en is geen bestand van herkomst: het wordt niet overschreven"},
    {"is there already; a file of questions is never written over",
     "bestaat al; een bestand met vragen wordt nooit overschreven"},
    {"is a folder, not a register", "is een map, geen register"},
    {"the data of herkomst are not there; copy the folder data of the build beside the program, or name it in HERKOMST_DATA",
     "de gegevens van herkomst ontbreken; kopieer de map data van de build naast het programma, of noem haar in HERKOMST_DATA"},
    {"the output cannot be written: {m}", "de uitvoer kan niet worden geschreven: {1}"},
    {"the output cannot be written", "de uitvoer kan niet worden geschreven"},
    {"cannot be used: {m}", "kan niet worden gebruikt: {1}"},
    {"is a folder, not a file", "is een map, geen bestand"},
    {"is larger than {} bytes", "is groter dan {1} bytes"},
    {"cannot be read further: {m}", "kan niet verder worden gelezen: {1}"},
    {"cannot be read to its end: {m}", "kan niet tot het einde worden gelezen: {1}"},
    {"cannot be read: {m}", "kan niet worden gelezen: {1}"},
    {"cannot be opened: {m}", "kan niet worden geopend: {1}"},
    {"cannot be read", "kan niet worden gelezen"},
    {"cannot be written: {m}", "kan niet worden geschreven: {1}"},
    // JSON.
    {"not valid JSON", "geen geldige JSON"},
    {"syntax error while parsing {j} - unexpected {j}; expected {j}", "geen geldige JSON, in {1}: {2}, verwacht was {3}"},
    {"syntax error while parsing {j} - unexpected {j}", "geen geldige JSON, in {1}: {2}"},
    {"syntax error while parsing {j} - {}; last read: {}", "geen geldige JSON, in {1}; als laatste gelezen: {3}"},
    {"the key \"{}\" stands twice in one object", "de sleutel \"{1}\" staat twee keer in een object"},
    {"nested deeper than {} levels", "dieper genest dan {1} niveaus"},
    // Packs of rules.
    {"there is no pack of this name; a folder of your own has a / in it",
     "er is geen pakket met deze naam; een eigen map heeft een / in de naam"},
    {"there is no rule in this folder", "in deze map staat geen regel"},
    {"this is not from 1 to 5", "dit is niet van 1 tot en met 5"},
};

constexpr Phrase places[] = {
    {"block {} at byte {}", "blok {1} op byte {2}"},
    {"packet {} at byte {}", "pakket {1} op byte {2}"},
    {"block {} (packet {})", "blok {1} (pakket {2})"},
};

constexpr Phrase scopes[] = {
    {"organisation", "organisatie"}, {"site", "locatie"}, {"process", "proces"}, {"zone", "zone"}, {"supplier", "leverancier"},
    {"operator", "cloudbeheerder"},  {"product", "type"}, {"asset", "asset"}};
constexpr Phrase machine[] = {{"No such file or directory", "bestaat niet"},
                              {"Permission denied", "geen toegang"},
                              {"Is a directory", "is een map"},
                              {"Not a directory", "is geen map"},
                              {"No space left on device", "de schijf is vol"},
                              {"Input/output error", "lees- of schrijffout"},
                              {"File exists", "bestaat al"},
                              {"Read-only file system", "het bestandssysteem is alleen-lezen"},
                              {"File name too long", "de naam is te lang"},
                              {"Too many levels of symbolic links", "te veel verwijzingen"},
                              {"File too large", "het bestand wordt te groot"},
                              {"Disk quota exceeded", "het quotum is op"},
                              {"Bad file descriptor", "er is geen uitvoer"},
                              {"Operation not permitted", "niet toegestaan"}};

constexpr Phrase json[] = {
    {"value", "een waarde"},         {"object key", "een sleutel"},   {"object separator", "een object"},
    {"object", "een object"},        {"array", "een lijst"},          {"end of input", "het einde"},
    {"string literal", "een tekst"}, {"number literal", "een getal"}, {"'{}' or '{}'", "'{1}' of '{2}'"}};

constexpr Phrase verdicts[] = {{"fires", "fires (slaat aan)"},         {"does_not", "does_not (slaat niet aan)"},
                               {"undecided", "undecided (onbeslist)"}, {"low", "low (laag)"},
                               {"medium", "medium (middel)"},          {"high", "high (hoog)"},
                               {"critical", "critical (kritiek)"}};
constexpr Phrase types[] = {{"text", "tekst"}, {"integer", "geheel getal"}, {"flag", "0 of 1"}};

std::optional<std::string> dutch(std::string_view sentence);

std::optional<std::string> value(char kind, std::string_view text) {
    const auto as_it_is = [](char, std::string_view one) { return std::optional(std::string(one)); };
    if (kind == 'v') return in_dutch_by(verdicts, text, as_it_is);
    if (kind == 'y') return in_dutch_by(types, text, as_it_is);
    if (kind == 't') return dutch(text);
    if (kind == 's') return in_dutch_by(scopes, text, as_it_is);
    // Its braces cannot stand in a phrase.
    if (kind == 'j' && text == "'[', '{', or a literal") return "'[', '{' of een waarde";
    if (kind == 'j') return in_dutch_by(json, text, as_it_is).value_or(std::string(text));
    if (kind == 'm') return in_dutch_by(machine, text, as_it_is).value_or(std::string(text));
    return std::string(text);
}

std::optional<std::string> dutch(std::string_view sentence) {
    std::optional<std::string> out = in_dutch_by(phrases, sentence, value);
    return out ? out : in_dutch_by(policy_phrases(), sentence, value);
}

}  // namespace

std::string problem_in(std::string_view text, std::string_view language) {
    if (language != "nl") return std::string(text);
    // A place, or several, stand before the sentence.
    for (std::size_t from = 0;;) {
        if (const std::optional<std::string> said = dutch(text.substr(from))) {
            if (from == 0) return *said;
            const std::string_view before = text.substr(0, from - 2);
            const std::size_t last = before.rfind(": ");
            const std::size_t at = last == std::string_view::npos ? 0 : last + 2;
            const std::string place = in_dutch_by(places, before.substr(at), value).value_or(std::string(before.substr(at)));
            return std::string(before.substr(0, at)) + place + ": " + *said;
        }
        const std::size_t next = text.find(": ", from);
        if (next == std::string_view::npos) return std::string(text);
        from = next + 2;
    }
}

std::string problem_in(const Problem& problem, std::string_view language) { return problem_in(problem.text(), language); }

}  // namespace herkomst
