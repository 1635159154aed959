// "{fact}" in a rule's text, as people write its value in that language.
#include <fmt/core.h>

#include <algorithm>

#include "assess/order_words.h"
#include "assess/rules.h"
#include "core/power.h"
#include "core/text.h"

namespace herkomst {

namespace {

std::string_view party_name(std::string_view party, bool dutch) {
    if (party == "maker") return dutch ? "de fabrikant" : "the maker";
    if (party == "installer") return dutch ? "de installateur" : "the installer";
    if (party == "account_holder")
        return dutch ? "de houder van het account bij de clouddienst" : "the holder of the account with the cloud service";
    if (party == "grid_operator") return dutch ? "de netbeheerder" : "the grid operator";
    return dutch ? "een partij die nog niet bekend is" : "a party that is not known yet";
}

std::string country_text(const VendorDb* db, const std::string& country, bool dutch) {
    const Jurisdiction* jurisdiction = db == nullptr ? nullptr : db->jurisdiction(country);
    if (jurisdiction == nullptr) return country;
    const auto found = jurisdiction->names.find(dutch ? "nl" : "en");
    return found == jurisdiction->names.end() ? country : found->second;
}

std::string lists_text(const VendorDb* db, std::string_view keys, bool dutch) {
    std::string out;
    for (const std::string_view key : split(trimmed(keys), ' ')) {
        if (key.empty()) continue;
        std::string title(key);
        if (db != nullptr) {
            for (const VendorList& list : db->lists()) {
                if (list.key == key) title = dutch ? list.nl : list.en;
            }
        }
        out += (out.empty() ? "" : "; ") + title;
    }
    return out.empty() ? dutch ? "geen" : "none" : out;
}

std::string match_text(std::string_view match, bool dutch) {
    if (match == "maker") return dutch ? "de fabrikant" : "the maker";
    if (match == "owner") return dutch ? "een partij met zeggenschap over de fabrikant" : "a party in control of the maker";
    if (match == "module") return dutch ? "de fabrikant van een onderdeel (module)" : "the maker of a part (module)";
    if (match == "program") return dutch ? "de maker van de software" : "the maker of the software";
    if (match == "cloud") return dutch ? "de beheerder van de clouddienst" : "the operator of the cloud service";
    return dutch ? "een fabrikant die nog niet bekend is" : "a maker that is not known yet";
}

// A declared party, else the category of the asset that gave the commands.
std::string actor_name(const VendorDb* db, const std::string& actor, bool dutch) {
    if (actor == "grid_operator") return dutch ? "de netbeheerder" : "the grid operator";
    if (actor == "energy_management") return dutch ? "het energiemanagement" : "the energy management";
    const std::string called = db == nullptr ? "" : db->word("category", actor, dutch ? "nl" : "en");
    return called.empty() ? actor : called;
}

// What a declaration rests on (identity/lawful.h), one or several.
std::string declared_text(const std::string& by, bool dutch) {
    std::string out;
    for (const std::string_view each : split(by, ';')) {
        const std::string_view one = trimmed(each);
        if (!out.empty()) out += "; ";
        if (one.starts_with("overlay ")) {
            out.append(dutch ? "opgegeven in uw eigen leveranciersgegevens: " : "declared in your own vendor data: ")
                .append(one.substr(8));
        } else if (one == "inventory") {
            out += dutch ? "opgegeven in de inventaris" : "declared in the inventory";
        } else if (one == "person") {
            out += dutch ? "door een persoon opgegeven" : "declared by a person";
        } else if (one == "device") {
            out +=
                dutch ? "zo noemt het apparaat zichzelf; niemand gaf het op" : "so the device calls itself; nobody declared it";
        } else if (one == "partly") {
            out += dutch ? "een deel kwam van een opgegeven partij, een ander deel niet"
                         : "some came from a declared party, others did not";
        } else if (one == "conduct") {
            out += dutch ? "het gedraagt zich als energiemanagement, maar niemand gaf het op"
                         : "it behaves like energy management, but nobody declared it";
        } else {
            out += one;
        }
    }
    return out;
}

std::string value_text(std::string_view fact, const Json& value, bool dutch, const VendorDb* db) {
    if (fact == "remote_party") return std::string(party_name(value.string(), dutch));
    if (fact == "order_match") return match_text(value.string(), dutch);
    if (fact == "remote_observed_actor_by" && value.is_null()) return dutch ? "niet opgegeven" : "not declared";
    if (value.is_null()) return dutch ? "onbekend" : "unknown";
    if (fact == "order_others") return other_orders(value.string(), dutch);
    if (fact == "order_signed") {
        if (value.integer() == 1)
            return dutch ? "ondertekend met een sleutel die u vertrouwt" : "signed with a key that you trust";
        return dutch ? "eigen opgave, niet ondertekend" : "own data, not signed";
    }
    if (value.is_integer()) {
        if (fact.find("_power") != std::string_view::npos) return power_text(value.integer(), dutch);
        return std::to_string(value.integer());
    }
    const std::string& text = value.string();
    if (fact.ends_with("_country")) return country_text(db, text, dutch);
    if (fact.ends_with("_lists")) return lists_text(db, text, dutch);
    if (fact == "parent" || fact == "satellite_operator" || fact == "maker" || fact == "module_maker" ||
        fact == "stack_maker" || fact == "cloud_operator") {
        const Vendor* vendor = db == nullptr ? nullptr : db->vendor(text);
        return vendor == nullptr ? text : vendor->name;
    }
    if (fact == "remote_observed_actor") return actor_name(db, text, dutch);
    if (fact == "remote_observed_actor_by") return declared_text(text, dutch);
    if (const std::size_t from = text.rfind(" from "); dutch && fact == "remote_observed_by" && from != std::string::npos)
        return text.substr(0, from) + " van " + text.substr(from + 6);
    return text;
}

}  // namespace

std::string filled(std::string_view text, std::string_view language, std::string_view over, const Facts& facts,
                   const VendorDb* db) {
    const bool dutch = language == "nl";
    std::string out;
    while (!text.empty()) {
        const std::size_t open = text.find('{');
        const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
        out += text.substr(0, open);
        if (close == std::string_view::npos) break;
        const std::string_view fact = text.substr(open + 1, close - open - 1);
        const auto found = facts.find(fact);
        const Json value = found == facts.end() ? Json() : found->second;
        const auto kind = facts.find("kind");
        if (over == "groups" && fact == "label" && kind != facts.end() && kind->second.string() == "jurisdiction") {
            out += country_text(db, facts.find("key")->second.string(), dutch);
        } else if (over == "groups" && fact == "label" && kind != facts.end() && kind->second.string() == "site" &&
                   facts.find("key") != facts.end() && facts.find("key")->second.string().empty()) {
            out += dutch ? "deze locatie" : "this site";
        } else if (dutch && over == "groups" && fact == "label" && kind != facts.end() && kind->second.string() == "site") {
            out += "locatie " + value_text(fact, value, dutch, db);
        } else if (const std::string_view of = dutch ? " van " : " of ";
                   fact == "maker_name" && value.is_null() && out.ends_with(of)) {
            out.erase(out.size() - of.size());
            out += dutch ? " (fabrikant onbekend)" : " (maker unknown)";
        } else {
            out += value_text(fact, value, dutch, db);
        }
        text.remove_prefix(close + 1);
    }
    return out;
}

}  // namespace herkomst
