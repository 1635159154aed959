#include "cli/vendor_pages.h"

#include <algorithm>
#include <map>
#include <set>

#include "cli/vendor_text.h"
#include "core/text.h"

namespace herkomst {

namespace {

// Claims of one kind that count and do not say the same: the reader must see that at once.
bool disagree(const std::vector<const OriginClaim*>& claims) {
    std::set<std::string> said;
    for (const OriginClaim* claim : claims)
        if (claim->sourcing.counts()) said.insert(claim->country.empty() ? folded(claim->value) : claim->country);
    return said.size() > 1;
}

std::string origin_lines(const VendorText& text, const Vendor& vendor, std::string_view indent) {
    std::map<std::string, std::vector<const OriginClaim*>> by_kind;
    std::vector<std::string> kinds;
    for (const OriginClaim& claim : vendor.origin) {
        if (!by_kind.contains(claim.claim)) kinds.push_back(claim.claim);
        by_kind[claim.claim].push_back(&claim);
    }
    std::string out;
    const std::string deeper = std::string(indent) + "  ";
    for (const std::string& kind : kinds) {
        // Names of a legal person differ from register to register; a second entity is no contradiction.
        if (kind != "legal_entity" && disagree(by_kind[kind]))
            out += fmt::format("{}{}\n", indent, text.say("DEZE BRONNEN SPREKEN ELKAAR TEGEN:", "THESE SOURCES DISAGREE:"));
        for (const OriginClaim* claim : by_kind[kind])
            out += fmt::format("{}{}\n{}", indent, text.origin(*claim), text.sourcing(claim->sourcing, deeper));
    }
    return out;
}

std::string end_of(const VendorText& text, const Chain& chain) {
    const std::string& last = chain.steps.back().name;
    switch (chain.end) {
        case ChainEnd::Top:
            return fmt::format("{} {}: {} ({})\n{}", text.say("De keten eindigt bij", "The chain ends at"), last,
                               text.say("volgens deze bron staat daar niemand boven", "by this source nobody stands above"),
                               text.word(chain.top.value), text.sourcing(chain.top.sourcing, "  "));
        case ChainEnd::NoFile:
            return fmt::format("{} {}, {}\n", text.say("De keten eindigt bij", "The chain ends at"), last,
                               text.say("waarover geen gegevens zijn; het is niet bekend of daar iemand boven staat",
                                        "of which there is no vendor file; it is not known whether somebody stands above"));
        case ChainEnd::SeveralOwners:
            return fmt::format("{} {}: {}\n", text.say("De keten eindigt bij", "The chain ends at"), last,
                               text.say("er zijn meerdere eigenaren met evenveel bewijs, en van geen van hen is bekend "
                                        "dat die de zeggenschap heeft",
                                        "there are several owners of equal standing, and none of them is known to be the one "
                                        "who controls"));
        case ChainEnd::Loop:
            return fmt::format("{} {}: {}\n", text.say("De keten eindigt bij", "The chain ends at"), last,
                               text.say("de eigenaren bezitten elkaar", "the owners own each other"));
        case ChainEnd::Unknown:
            break;
    }
    return fmt::format("{} {}: {}\n", text.say("De keten eindigt bij", "The chain ends at"), last,
                       text.say("het is niet bekend of daar iemand boven staat (er is geen eigenaar vastgelegd, en geen bron "
                                "dat er geen is)",
                                "it is not known whether somebody stands above (no owner is on record, and no source that "
                                "there is none)"));
}

std::string_view end_word(ChainEnd end) {
    switch (end) {
        case ChainEnd::Top:
            return "top";
        case ChainEnd::NoFile:
            return "owner_without_file";
        case ChainEnd::SeveralOwners:
            return "several_owners";
        case ChainEnd::Loop:
            return "loop";
        case ChainEnd::Unknown:
            break;
    }
    return "not_known";
}

// How a list comes to mean a vendor.
struct Naming {
    const VendorList* list = nullptr;
    const ListEntry* entry = nullptr;      // the vendor itself or an owner
    const ListCountry* country = nullptr;  // the country of control
    bool owner = false;
};

std::vector<Naming> namings_of(const VendorDb& db, const Vendor& vendor) {
    const Chain chain = db.chain(vendor.slug);
    std::vector<Naming> out;
    for (const VendorList& list : db.lists()) {
        for (const ListEntry& entry : list.entries) {
            for (const ChainStep& step : chain.steps) {
                if (step.vendor.empty() || step.vendor != entry.vendor) continue;
                out.push_back({&list, &entry, nullptr, step.vendor != vendor.slug});
            }
        }
        for (const ListCountry& country : list.countries)
            if (!chain.country.empty() && country.country == chain.country) out.push_back({&list, nullptr, &country, false});
    }
    return out;
}

std::string id_label(const VendorText& text, std::string_view kind) {
    if (kind == "oui") return std::string(text.say("MAC-blok (OUI)", "address block (OUI)"));
    if (kind == "name") return std::string(text.say("naam in protocol", "name in protocol"));
    if (kind == "cloud") return "cloud";
    return std::string(kind);
}

}  // namespace

std::string chain_lines(const VendorDb& db, const Vendor& vendor, std::string_view language) {
    const VendorText text(db, language);
    const Chain chain = db.chain(vendor.slug);
    std::string out;
    std::size_t number = 0;
    for (const ChainStep& step : chain.steps) {
        out += fmt::format("{}. {} {}{}\n", ++number, text.word(step.relation), step.name,
                           step.country.empty() ? "" : " -> " + text.country(step.country));
        // That a brand is itself needs no source; that somebody owns it does.
        if (step.relation != "brand") out += text.sourcing(step.sourcing, "     ");
        const Vendor* file = db.vendor(step.vendor);
        if (file == nullptr) {
            out += fmt::format("   {}\n", text.say("(geen gegevens over deze eigenaar)", "(no vendor file of this owner)"));
            continue;
        }
        out += text.overlay(file->overlay, file->overrides, "   ");
        out += origin_lines(text, *file, "   ");
        const std::string next = number < chain.steps.size() ? chain.steps[number].name : std::string();
        for (const Ownership& other : file->owned_by) {
            const Vendor* owner = db.vendor(other.owner);
            if (!next.empty() && next == (owner == nullptr ? other.owner_name : owner->name)) continue;
            out += fmt::format("   {} {}\n{}", text.say("ook vastgelegd:", "also on record:"), text.ownership(other),
                               text.sourcing(other.sourcing, "     "));
        }
    }
    out += "\n" + end_of(text, chain);
    out += fmt::format("{}: ", text.say("Land van zeggenschap", "Jurisdiction of control"));
    if (chain.contested) {
        out += text.say("betwist: even sterke bronnen noemen verschillende landen", "contested: equally strong claims differ");
    } else if (chain.country.empty()) {
        out += text.say("onbekend", "unknown");
    } else {
        out += fmt::format("{}, {}", text.country(chain.country), text.word(name(chain.status)));
        if (chain.status == ClaimStatus::Unverified)
            out += text.say(" (telt niet mee in regels)", " (does not count in rules)");
    }
    return out + "\n";
}

std::string jurisdiction_lines(const VendorDb& db, std::string_view country, std::string_view language) {
    const VendorText text(db, language);
    const Jurisdiction* jurisdiction = db.jurisdiction(country);
    if (jurisdiction == nullptr) return {};
    std::string out = fmt::format("{} {}\n", text.say("Over", "About"), text.country(country));
    out += text.overlay(jurisdiction->overlay, true, "  ");
    for (const JurisdictionClaim& claim : jurisdiction->claims) {
        const std::string& by = claim.named_by.empty() ? claim.article : claim.named_by;
        out += fmt::format("  {}: {}\n{}", text.word(claim.claim), by, text.sourcing(claim.sourcing, "    "));
    }
    for (const std::string_view kind : {"offensive_programme", "compelled_cooperation"}) {
        const bool some = std::any_of(jurisdiction->claims.begin(), jurisdiction->claims.end(),
                                      [&](const JurisdictionClaim& claim) { return claim.claim == kind; });
        if (!some)
            out += fmt::format("  {}: {}\n", text.word(kind),
                               text.say("geen bron vastgelegd; dat bewijst niet dat het er niet is",
                                        "no source on record; that does not prove that there is none"));
    }
    return out;
}

std::string list_lines(const VendorDb& db, const Vendor& vendor, std::string_view language) {
    const VendorText text(db, language);
    std::string out;
    std::set<const VendorList*> naming;
    for (const Naming& each : namings_of(db, vendor)) {
        const VendorList& list = *each.list;
        naming.insert(&list);
        const Sourcing& sourcing = each.entry != nullptr ? each.entry->sourcing : each.country->sourcing;
        const std::string& scope = each.entry != nullptr ? each.entry->scope : each.country->scope;
        std::string whom = each.entry != nullptr ? each.entry->name : text.country(each.country->country);
        if (each.owner) whom += text.say(" (een eigenaar)", " (an owner)");
        if (each.country != nullptr) whom += text.say(" (het land van zeggenschap)", " (the jurisdiction of control)");
        if (each.country != nullptr && db.chain(vendor.slug).status == ClaimStatus::Unverified)
            whom += text.say(", zonder bron", ", without a source");
        out += fmt::format("  {}, {}, {}: {}{}\n", language == "nl" ? list.nl : list.en, list.issuer, list.date, whom,
                           scope.empty() ? "" : ": " + scope);
        out += text.overlay(list.overlay, true, "    ");
        out += text.sourcing(sourcing, "    ");
    }
    if (naming.empty())
        out += fmt::format("  {}\n",
                           text.say("op geen van de lijsten die hier zijn vastgelegd", "on none of the lists on record here"));
    for (const VendorList& list : db.lists()) {
        if (naming.contains(&list) || list.complete == "yes") continue;
        out += fmt::format("  {}: {}\n", language == "nl" ? list.nl : list.en,
                           text.say("niet genoemd, maar deze lijst is hier niet volledig: dat bewijst niets",
                                    "not named, but that list is not complete here: this proves nothing"));
    }
    return out;
}

std::string capability_lines(const VendorDb& db, const Vendor& vendor, const std::string& category, std::string_view language) {
    const VendorText text(db, language);
    std::string out;
    for (const Capability& one : vendor.capabilities) {
        const bool other = !category.empty() && !one.categories.empty() &&
                           std::find(one.categories.begin(), one.categories.end(), category) == one.categories.end();
        if (other) continue;
        std::string kinds;
        for (const std::string& each : one.categories) kinds += (kinds.empty() ? " (" : ", ") + text.category(each);
        if (!kinds.empty()) kinds += ")";
        out += fmt::format("  {}{}: {} {}; {}\n{}", text.capability(one.capability), kinds, text.say("door", "by"),
                           text.party(one.party), one.channel, text.sourcing(one.sourcing, "    "));
    }
    if (out.empty())
        out = fmt::format("  {}\n", text.say("niets vastgelegd; dat bewijst niet dat er niets kan",
                                             "nothing on record; that does not prove that nothing can be done"));
    return out;
}

std::string vendor_page(const VendorDb& db, const Vendor& vendor, std::string_view language) {
    const VendorText text(db, language);
    std::string out = fmt::format("{}  ({}, {})\n", vendor.name, vendor.slug, text.word(vendor.kind));
    out += text.overlay(vendor.overlay, vendor.overrides, "  ");
    std::vector<std::string> kinds;
    for (const std::string& category : vendor.categories) kinds.push_back(text.category(category));
    if (!kinds.empty()) out += fmt::format("  {}: {}\n", text.say("maakt", "makes"), join(kinds, ", "));
    if (!vendor.aliases.empty())
        out += fmt::format("  {}: {}\n", text.say("andere namen", "other names"), join(vendor.aliases, ", "));
    out += fmt::format("\n{}\n{}", text.say("HERKOMST", "ORIGIN"), origin_lines(text, vendor, "  "));
    for (const Ownership& claim : vendor.owned_by)
        out += fmt::format("  {}\n{}", text.ownership(claim), text.sourcing(claim.sourcing, "    "));
    for (const OemRelation& claim : vendor.oem) {
        const Vendor* other = db.vendor(claim.vendor);
        out += fmt::format("  {} {}: {}\n{}", text.word(claim.relation), other == nullptr ? claim.vendor : other->name,
                           claim.scope, text.sourcing(claim.sourcing, "    "));
    }
    out += fmt::format("\n{}\n", text.say("OP AFSTAND", "REMOTELY"));
    out += capability_lines(db, vendor, {}, language);
    if (!vendor.clouds.empty()) out += fmt::format("\n{}\n", text.say("CLOUD", "CLOUDS"));
    for (const Cloud& cloud : vendor.clouds) {
        const Vendor* runs = db.vendor(cloud.operator_slug);
        out += fmt::format("  {}: {}; {} {}\n{}", text_of(cloud), cloud.purpose, text.say("beheerd door", "run by"),
                           runs == nullptr ? std::string(text.word("unknown")) : runs->name,
                           text.sourcing(cloud.sourcing, "    "));
    }
    if (!vendor.products.empty()) out += fmt::format("\n{}\n", text.say("PRODUCTLIJNEN", "PRODUCT LINES"));
    for (const Product& line : vendor.products) {
        std::string power = text.power(line.rated_power);
        if (line.watts_per_unit != 0) power = fmt::format("n x {} W", line.watts_per_unit);
        out += fmt::format("  {}: {}{}\n{}", line.pattern, text.category(line.category), power.empty() ? "" : ", " + power,
                           text.sourcing(line.sourcing, "    "));
    }
    out += fmt::format("\n{}\n{}", text.say("LIJSTEN", "LISTS"), list_lines(db, vendor, language));
    return out;
}

std::string chain_page(const VendorDb& db, const Vendor& vendor, std::string_view language) {
    const VendorText text(db, language);
    std::string out = chain_lines(db, vendor, language);
    const Chain chain = db.chain(vendor.slug);
    if (!chain.country.empty()) out += "\n" + jurisdiction_lines(db, chain.country, language);
    return out;
}

std::string ids_page(const VendorDb& db, const Vendor& vendor, std::string_view language) {
    const VendorText text(db, language);
    std::string out;
    for (const VendorId& id : db.ids_of(vendor.slug))
        out += fmt::format("{:<22} {:<24} {}\n", id_label(text, id.kind), id.id, id.text);
    if (out.empty()) out = fmt::format("{}\n", text.say("geen", "none"));
    return out;
}

std::vector<Json> vendor_rows(const VendorDb& db, const Vendor& vendor) {
    const auto row_of = [&](const char* type, const Sourcing& sourcing) {
        Json row = Json::object();
        row["type"] = type;
        row["vendor"] = vendor.slug;
        add_sourcing(row, sourcing);
        return row;
    };
    const auto put = [](Json& row, const char* key, const std::string& value) {
        if (!value.empty()) row[key] = value;
    };
    std::vector<Json> rows;
    Json head = Json::object();
    head["type"] = "vendor";
    head["vendor"] = vendor.slug;
    head["name"] = vendor.name;
    head["kind"] = vendor.kind;
    for (const std::string& category : vendor.categories) head["categories"].push(category);
    for (const std::string& alias : vendor.aliases) head["aliases"].push(alias);
    put(head, "overlay", vendor.overlay);
    rows.push_back(std::move(head));
    for (const OriginClaim& claim : vendor.origin) {
        Json row = row_of("origin", claim.sourcing);
        row["claim"] = claim.claim;
        put(row, "value", claim.value);
        put(row, "country", claim.country);
        rows.push_back(std::move(row));
    }
    for (const Ownership& claim : vendor.owned_by) {
        Json row = row_of("owned_by", claim.sourcing);
        put(row, "owner", claim.owner);
        row["owner_name"] = claim.owner_name;
        put(row, "country", claim.country);
        put(row, "share", claim.share);
        put(row, "since", claim.since);
        rows.push_back(std::move(row));
    }
    for (const OemRelation& claim : vendor.oem) {
        Json row = row_of("oem", claim.sourcing);
        row["relation"] = claim.relation;
        row["other"] = claim.vendor;
        row["scope"] = claim.scope;
        rows.push_back(std::move(row));
    }
    for (const Capability& claim : vendor.capabilities) {
        Json row = row_of("capability", claim.sourcing);
        row["capability"] = claim.capability;
        row["channel"] = claim.channel;
        row["party"] = claim.party;
        for (const std::string& category : claim.categories) row["categories"].push(category);
        rows.push_back(std::move(row));
    }
    for (const Cloud& claim : vendor.clouds) {
        Json row = row_of("cloud", claim.sourcing);
        row["suffix"] = claim.suffix;
        row["purpose"] = claim.purpose;
        put(row, "operator", claim.operator_slug);
        put(row, "certificate", claim.certificate);
        put(row, "range", claim.range);
        rows.push_back(std::move(row));
    }
    for (const Product& claim : vendor.products) {
        Json row = row_of("product", claim.sourcing);
        row["pattern"] = claim.pattern;
        row["category"] = claim.category;
        put(row, "rated_power", claim.rated_power);
        if (claim.watts_per_unit != 0) row["watts_per_unit"] = claim.watts_per_unit;
        rows.push_back(std::move(row));
    }
    for (Json& row : list_rows(db, vendor)) rows.push_back(std::move(row));
    return rows;
}

std::vector<Json> chain_rows(const VendorDb& db, const Vendor& vendor) {
    std::vector<Json> rows;
    const Chain chain = db.chain(vendor.slug);
    std::int64_t number = 0;
    for (const ChainStep& step : chain.steps) {
        Json row = Json::object();
        row["type"] = "chain_step";
        row["step"] = ++number;
        row["relation"] = step.relation;
        row["name"] = step.name;
        if (!step.vendor.empty()) row["vendor"] = step.vendor;
        if (!step.country.empty()) row["country"] = step.country;
        if (step.relation != "brand") add_sourcing(row, step.sourcing);
        if (const Vendor* file = db.vendor(step.vendor); file != nullptr && !file->overlay.empty())
            row["overlay"] = file->overlay;
        rows.push_back(std::move(row));
    }
    Json end = Json::object();
    end["type"] = "chain";
    end["vendor"] = vendor.slug;
    end["ends"] = end_word(chain.end);
    end["contested"] = chain.contested;
    if (!chain.country.empty()) {
        end["country"] = chain.country;
        end["status"] = name(chain.status);
    }
    if (chain.end == ChainEnd::Top) {
        end["top"] = chain.top.value;
        end["top_status"] = name(chain.top.sourcing.status);
    }
    rows.push_back(std::move(end));
    if (const Jurisdiction* jurisdiction = db.jurisdiction(chain.country)) {
        for (const JurisdictionClaim& claim : jurisdiction->claims) {
            Json row = Json::object();
            row["type"] = "jurisdiction_claim";
            row["country"] = jurisdiction->country;
            row["claim"] = claim.claim;
            if (!claim.named_by.empty()) row["named_by"] = claim.named_by;
            if (!claim.article.empty()) row["article"] = claim.article;
            add_sourcing(row, claim.sourcing);
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

std::vector<Json> id_rows(const VendorDb& db, const Vendor& vendor) {
    std::vector<Json> rows;
    for (const VendorId& id : db.ids_of(vendor.slug)) {
        Json row = Json::object();
        row["type"] = "vendor_id";
        row["vendor"] = vendor.slug;
        row["kind"] = id.kind;
        row["id"] = id.id;
        row["text"] = id.text;
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<Json> list_rows(const VendorDb& db, const Vendor& vendor) {
    std::vector<Json> rows;
    for (const Naming& each : namings_of(db, vendor)) {
        Json row = Json::object();
        row["type"] = "list_entry";
        row["vendor"] = vendor.slug;
        row["list"] = each.list->key;
        row["issuer"] = each.list->issuer;
        row["complete"] = each.list->complete;
        row["name"] = each.entry != nullptr ? each.entry->name : each.country->country;
        row["named"] = each.country != nullptr ? "country" : each.owner ? "owner" : "vendor";
        add_sourcing(row, each.entry != nullptr ? each.entry->sourcing : each.country->sourcing);
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace herkomst
