// The columns of the tables `facts` and `groups`: rules/README.md prints them, a test compares.
#include <array>

#include "assess/assess.h"

namespace herkomst {

namespace {

using enum FactColumn::Type;

constexpr std::array facts_table = {
    FactColumn{"asset", Text, true, "Derived key of the asset", "", ""},
    FactColumn{"kind", Text, true, "device, part, software or service", "", ""},
    FactColumn{"site", Text, true, "Name of the site; may be empty", "", ""},
    FactColumn{"label", Text, true, "How to call the asset in a sentence: model, host name or address", "", ""},
    FactColumn{"category", Text, false, "What the device is: a category of vendordb/vocabulary.json",
               "Wat voor apparaat is dit?", "What kind of device is this?"},
    FactColumn{"power_device", Flag, false,
               "1 when a device of this category makes, stores or draws power under control (inverter, battery, charger, heat "
               "pump ...)",
               "Maakt, bewaart of gebruikt dit apparaat vermogen dat te sturen is?",
               "Does this device make, store or draw power that can be controlled?"},
    FactColumn{"plant_protocol", Flag, true,
               "1 when the asset was seen speaking a protocol of plants or chargers (Modbus, OCPP ...)", "", ""},
    FactColumn{"brand", Text, false, "The name on the front, as the device or an inventory states it",
               "Welk merk staat op het apparaat?", "Which brand is on the device?"},
    FactColumn{"model", Text, false, "Model as stated", "Welk type is dit apparaat?", "Which model is this device?"},
    FactColumn{"firmware", Text, false, "Firmware version as stated", "Welke firmware draait er?",
               "Which firmware does it run?"},
    FactColumn{"maker", Text, false, "Who builds it, or writes the program: slug of a vendor file; unknown when contested",
               "Wie maakt dit apparaat?", "Who makes this device?"},
    FactColumn{"maker_name", Text, false, "Name of the maker, also when there is no vendor file for it",
               "Wie maakt dit apparaat?", "Who makes this device?"},
    FactColumn{"maker_strength", Text, false, "How sure the maker is: hinted, listed, matched, stated, confirmed", "", ""},
    FactColumn{"maker_contested", Flag, true, "1 when two equally strong claims name makers that are not related", "", ""},
    FactColumn{"control_country", Text, false,
               "Jurisdiction where control over the maker ends (ISO 3166-1 alpha-2), when the whole chain is sourced",
               "Onder de zeggenschap van welk land valt de fabrikant, en volgens welke bron?",
               "Under which country's control is the maker, and by which source?"},
    FactColumn{"control_status", Text, false,
               "What the chain of control rests on: verified, reported, unverified, contested; none: no claim", "", ""},
    FactColumn{
        "offensive_programme", Flag, false,
        "1 when jurisdictions.json holds a sourced claim that the controlling country has an offensive programme; 0 when "
        "the country is in that file without such a claim",
        "Heeft het land van zeggenschap een offensief programma gericht op Nederland?",
        "Does the controlling country run an offensive programme against the Netherlands?"},
    FactColumn{"strained_relation", Flag, false,
               "1 when jurisdictions.json holds a sourced claim of a strained relation; 0 when the country is in that file "
               "without one",
               "Is de relatie met het land van zeggenschap zo gespannen dat schadelijke acties voorstelbaar zijn?",
               "Is the relation with the controlling country so strained that harmful acts are conceivable?"},
    FactColumn{
        "compelled_cooperation", Flag, false,
        "1 when jurisdictions.json holds a sourced claim of a law that compels cooperation with the state; never 0: that no "
        "law was found does not show that there is none",
        "Kan het land van zeggenschap de fabrikant bij wet tot medewerking verplichten?",
        "Can the controlling country compel the maker by law to cooperate?"},
    FactColumn{"state_control", Flag, false,
               "1 when a sourced claim says that a state controls the maker or an owner of it; 0 when one says no",
               "Is de fabrikant of een eigenaar ervan een staatsbedrijf?", "Is the maker or an owner of it a state company?"},
    FactColumn{"nic_maker", Text, false,
               "Organisation of the network address prefix; says nothing about the maker of the device", "", ""},
    FactColumn{"module_maker", Text, false, "Who makes the radio, logger or other module inside: slug",
               "Wie maakt de communicatiemodule?", "Who makes the communication module?"},
    FactColumn{"module_country", Text, false, "Jurisdiction of control of the module's maker, when sourced",
               "Onder de zeggenschap van welk land valt de maker van de module?",
               "Under which country's control is the module's maker?"},
    FactColumn{"module_offensive_programme", Flag, false, "As offensive_programme, for module_country",
               "Heeft het land van de modulemaker een offensief programma?",
               "Does the module maker's country run an offensive programme?"},
    FactColumn{"module_compelled_cooperation", Flag, false, "As compelled_cooperation, for module_country",
               "Kan het land van de modulemaker medewerking afdwingen?", "Can the module maker's country compel cooperation?"},
    FactColumn{"stack_maker", Text, false, "Who makes the firmware or runtime inside: slug", "", ""},
    FactColumn{"stack_country", Text, false, "Jurisdiction of control of stack_maker, when sourced", "", ""},
    FactColumn{"cloud_operator", Text, false, "Who runs the vendor cloud that the device talks with: slug",
               "Wie beheert de clouddienst?", "Who operates the cloud service?"},
    FactColumn{"cloud_host", Text, false, "Host of that cloud, as addressed", "", ""},
    FactColumn{"cloud_country", Text, false, "Jurisdiction of control of the cloud's operator, when sourced",
               "Onder de zeggenschap van welk land valt de beheerder van de clouddienst?",
               "Under which country's control is the operator of the cloud service?"},
    FactColumn{"cloud_offensive_programme", Flag, false, "As offensive_programme, for cloud_country",
               "Heeft het land van de cloudbeheerder een offensief programma?",
               "Does the cloud operator's country run an offensive programme?"},
    FactColumn{"cloud_compelled_cooperation", Flag, false, "As compelled_cooperation, for cloud_country",
               "Kan het land van de cloudbeheerder medewerking afdwingen?",
               "Can the cloud operator's country compel cooperation?"},
    FactColumn{"internet_observed", Flag, false, "1 when the asset was seen talking with a public address; not seen is unknown",
               "Heeft dit apparaat verbinding met internet?", "Is this device connected to the internet?"},
    FactColumn{"cellular", Flag, false, "1 when the device has a cellular modem of its own",
               "Heeft dit apparaat een eigen mobiele verbinding?", "Does this device have a cellular connection of its own?"},
    FactColumn{"remote_documented", Flag, false,
               "1 when sourced vendor data says that devices of this maker and category can be switched or set remotely",
               "Staat in de documentatie dat dit apparaat op afstand te schakelen of bij te regelen is?",
               "Does the documentation say that this device can be switched or set remotely?"},
    FactColumn{"remote_exposed", Flag, false, "1 when the device offers switching or setting on the network",
               "Biedt het apparaat in- en uitschakelen of bijregelen aan op het netwerk?",
               "Does the device offer switching or setting on the network?"},
    FactColumn{"remote_observed", Flag, false, "1 when a control command to the device was seen",
               "Is aansturing op afstand waargenomen?", "Was remote control observed?"},
    FactColumn{"remote_blocked", Flag, false, "1 when there is evidence that the remote path is cut, 0 when that it is open",
               "Is de toegang op afstand aantoonbaar afgesloten?", "Is remote access demonstrably cut off?"},
    FactColumn{"remote_exposed_by", Text, false, "What was offered, in the protocol's words", "", ""},
    FactColumn{"remote_observed_by", Text, false, "Which command was seen, in the protocol's words", "", ""},
    FactColumn{"remote_party", Text, false,
               "Who can use the documented function: maker, installer, account_holder, grid_operator; the farthest of them",
               "Wie kan de functie op afstand gebruiken?", "Who can use the remote function?"},
    FactColumn{"firmware_push_documented", Flag, false,
               "1 when sourced vendor data says that firmware can be replaced remotely",
               "Kan de fabrikant op afstand firmware vervangen?", "Can the maker replace firmware remotely?"},
    FactColumn{
        "function", Text, false,
        "What the asset does in the plant, by its category or by who asks whom: one of the list below; a hint, blank where "
        "it could be several",
        "Wat doet dit apparaat in de installatie?", "What does this device do in the plant?"},
    FactColumn{"carries", Integer, false,
               "How many other assets are reached or lost with this one: sub-devices behind it, and the devices it asks when a "
               "control path leads to it; unknown when none was seen",
               "Hoeveel apparaten hangen achter dit apparaat?", "How many devices depend on this device?"},
    FactColumn{"remote_service", Flag, false,
               "1 when a remote-access service, a VPN tunnel or a session from a public address was seen; not seen is unknown",
               "Kan iemand van buiten bij dit apparaat langs een dienst voor beheer op afstand?",
               "Can somebody outside reach this device through a remote-access service?"},
    FactColumn{"remote_service_by", Text, false, "Which services: cloud name and operator, or protocol", "", ""},
    FactColumn{"path_opened_by", Text, false,
               "Who opened the connections with clouds and remote services: asset, or other when any came from outside", "",
               ""},
    FactColumn{"path_period", Integer, false,
               "Seconds between them when they come regularly (three quarters of at least four distances within a tenth)", "",
               ""},
    FactColumn{"remote_observed_from", Text, false,
               "Where observed commands came from: internet when any came from a public address, else local",
               "Wie gaf de waargenomen opdrachten?", "Who gave the commands that were observed?"},
    FactColumn{"remote_observed_actor", Text, false,
               "Category of the one asset that gave them, when it is known: ems for the owner's energy management", "", ""},
    FactColumn{"rated_power", Integer, false, "Rated power in watts, as stated or by the vendor's product line",
               "Wat is het nominale vermogen?", "What is the rated power?"},
};

constexpr std::array groups_table = {
    FactColumn{"kind", Text, true, "vendor, operator, jurisdiction or site", "", ""},
    FactColumn{"key", Text, true, "Slug, country or name of the site", "", ""},
    FactColumn{"label", Text, true, "How to call the group in a sentence", "", ""},
    FactColumn{"assets", Integer, true, "How many assets", "", ""},
    FactColumn{"power_assets", Integer, true, "How many of them are power devices", "", ""},
    FactColumn{"rated_power", Integer, false, "Sum of their rated power in watts; unknown when any of them is unknown",
               "Wat is het nominale vermogen van elk van deze apparaten?", "What is the rated power of each of these devices?"},
    FactColumn{"rated_power_at_least", Integer, true, "Sum of the rated power that is known, in watts", "", ""},
    FactColumn{"switchable_assets", Integer, true,
               "How many power devices have remote switching documented, exposed or observed and not blocked", "", ""},
    FactColumn{"switchable_power", Integer, false,
               "Sum of the rated power of those in watts; unknown when a rating, or whether a power device can be switched, is "
               "unknown",
               "Welke van deze apparaten zijn op afstand te schakelen, en wat is hun vermogen?",
               "Which of these devices can be switched remotely, and what is their power?"},
    FactColumn{"switchable_power_at_least", Integer, true, "Sum of the switchable power that is known, in watts", "", ""},
    FactColumn{"power_assets_share", Integer, false,
               "Of a vendor: its percentage of the site's power devices; unknown while the maker of any of those is unknown",
               "Wie maakt de overige apparaten op deze locatie?", "Who makes the other devices of this site?"},
    FactColumn{"power_assets_share_at_least", Integer, true, "The same percentage when every unknown maker is another one", "",
               ""},
    FactColumn{"control_country", Text, false, "Jurisdiction of control, when sourced",
               "Onder de zeggenschap van welk land valt deze partij?", "Under which country's control is this party?"},
    FactColumn{"offensive_programme", Flag, false, "As in the table of facts",
               "Heeft dit land een offensief programma gericht op Nederland?",
               "Does this country run an offensive programme against the Netherlands?"},
    FactColumn{"strained_relation", Flag, false, "As in the table of facts",
               "Is de relatie met dit land zo gespannen dat schadelijke acties voorstelbaar zijn?",
               "Is the relation with this country so strained that harmful acts are conceivable?"},
    FactColumn{"compelled_cooperation", Flag, false, "As in the table of facts",
               "Kan dit land bedrijven bij wet tot medewerking verplichten?",
               "Can this country compel companies by law to cooperate?"},
};

}  // namespace

std::string_view name(FactColumn::Type type) {
    switch (type) {
        case Text:
            return "text";
        case Integer:
            return "integer";
        case Flag:
            return "flag";
    }
    return "";
}

std::span<const FactColumn> fact_columns() { return facts_table; }
std::span<const FactColumn> group_columns() { return groups_table; }

}  // namespace herkomst
