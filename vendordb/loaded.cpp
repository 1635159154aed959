#include "vendordb/loaded.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "core/text.h"

namespace herkomst {

namespace {

ClaimStatus status_named(std::string_view text) {
    return text == "verified" ? ClaimStatus::Verified : text == "reported" ? ClaimStatus::Reported : ClaimStatus::Unverified;
}

std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> out;
    if (text.empty()) return out;
    for (const std::string_view word : split(text, ',')) out.emplace_back(word);
    return out;
}

// Joined columns, from `first`: status, as_of, publisher, title, address, date, quote, note.
constexpr const char* sourcing_columns = "c.status, c.as_of, s.publisher, s.title, s.address, s.date, c.quote, c.note";
Sourcing sourcing(const Rows& rows, int first) {
    Sourcing out;
    out.status = status_named(rows.text(first));
    out.as_of = rows.string(first + 1);
    out.publisher = rows.string(first + 2);
    out.title = rows.string(first + 3);
    out.address = rows.string(first + 4);
    out.date = rows.string(first + 5);
    out.quote = rows.string(first + 6);
    out.note = rows.string(first + 7);
    return out;
}
std::string claims(std::string_view columns, std::string_view table, std::string_view order = "c.vendor, c.position") {
    return fmt::format("SELECT {}, {} FROM {} c LEFT JOIN source s ON s.source = c.source ORDER BY {}", columns,
                       sourcing_columns, table, order);
}

}  // namespace

VendorDb::Loaded::Loaded(const std::string& path, const std::vector<std::string>& overlays, Problems& problems) {
    const Database database(path, Database::Open::ReadOnly);
    load_about(database);
    load_jurisdictions(database);
    load_vendors(database);
    load_lists(database);
    for (const std::string& folder : overlays) lay_over(folder, problems);
    index_vendors();
    load_registries(database);
    load_fingerprints(database);
}

void VendorDb::Loaded::load_about(const Database& database) {
    Rows meta(database, "SELECT key, value FROM meta");
    std::string format;
    while (meta.next()) {
        if (meta.text(0) == "format") format = meta.string(1);
        if (meta.text(0) == "version") version = meta.string(1);
        if (meta.text(0) == "oui_as_of") oui_as_of = meta.string(1);
    }
    if (format != "3") throw std::runtime_error(fmt::format("is of format \"{}\"; this program reads format 3", format));
    Rows word(database, "SELECT kind, key, name_nl, name_en FROM vocabulary ORDER BY kind, key");
    while (word.next()) {
        std::vector<Word>& list = word.text(0) == "category"     ? vocabulary.categories
                                  : word.text(0) == "capability" ? vocabulary.capabilities
                                                                 : vocabulary.parties;
        list.push_back({word.string(1), word.string(2), word.string(3)});
    }
}

void VendorDb::Loaded::load_vendors(const Database& database) {
    Rows vendor(database, "SELECT slug, name, kind, categories FROM vendor ORDER BY slug");
    while (vendor.next()) {
        Vendor made;
        made.slug = vendor.string(0);
        made.name = vendor.string(1);
        made.kind = vendor.string(2);
        made.categories = words(vendor.text(3));
        vendors.push_back(std::move(made));
    }
    Rows alias(database, "SELECT folded, scope, text, vendor FROM alias ORDER BY folded, scope");
    while (alias.next()) {
        const std::optional<std::uint32_t> at = index(alias.text(3));
        if (!at) continue;
        if (alias.text(1) != "any") vendors[*at].names.emplace_back(alias.string(1), alias.string(2));
        if (alias.text(2) != vendors[*at].name) vendors[*at].aliases.push_back(alias.string(2));
        alias_rows_.push_back({alias.string(0), alias.string(1), alias.string(2), alias.string(3)});
    }
    for (Vendor& named : vendors) {
        std::sort(named.names.begin(), named.names.end());
        std::sort(named.aliases.begin(), named.aliases.end());
        named.aliases.erase(std::unique(named.aliases.begin(), named.aliases.end()), named.aliases.end());
    }
    Rows origin(database, claims("c.vendor, c.claim, c.value, c.country", "origin"));
    while (origin.next())
        of(origin.text(0)).origin.push_back({origin.string(1), origin.string(2), origin.string(3), sourcing(origin, 4)});
    Rows owned(database, claims("c.vendor, c.owner, c.owner_name, c.country, c.share, c.since", "owned_by"));
    while (owned.next())
        of(owned.text(0))
            .owned_by.push_back(
                {owned.string(1), owned.string(2), owned.string(3), owned.string(4), owned.string(5), sourcing(owned, 6)});
    Rows oem(database, claims("c.vendor, c.relation, c.other, c.scope", "oem"));
    while (oem.next()) of(oem.text(0)).oem.push_back({oem.string(1), oem.string(2), oem.string(3), sourcing(oem, 4)});
    Rows product(database, claims("c.vendor, c.pattern, c.category, c.rated_power, c.watts_per_unit", "product"));
    while (product.next())
        of(product.text(0))
            .products.push_back(
                {product.string(1), product.string(2), product.string(3), product.integer(4), sourcing(product, 5)});
    Rows capability(database, claims("c.vendor, c.capability, c.channel, c.party, c.categories", "capability"));
    while (capability.next())
        of(capability.text(0))
            .capabilities.push_back({capability.string(1), capability.string(2), capability.string(3),
                                     words(capability.text(4)), sourcing(capability, 5)});
    Rows cloud(database, claims("c.vendor, c.suffix, c.purpose, c.operator, c.certificate, c.range", "cloud"));
    while (cloud.next())
        of(cloud.text(0))
            .clouds.push_back(
                {cloud.string(1), cloud.string(2), cloud.string(3), sourcing(cloud, 6), cloud.string(4), cloud.string(5)});
}

void VendorDb::Loaded::load_lists(const Database& database) {
    std::map<std::string, VendorList, std::less<>> by_key;
    Rows list(database,
              "SELECT l.key, l.title_nl, l.title_en, l.issuer, l.country, l.date, l.complete, l.sha256, l.note_nl, l.note_en, "
              "s.publisher, s.title, s.address, s.date FROM list l LEFT JOIN source s ON s.source = l.source");
    while (list.next()) {
        VendorList& made = by_key[list.string(0)];
        made.key = list.string(0);
        made.place = "lists/" + made.key + ".json";
        made.nl = list.string(1);
        made.en = list.string(2);
        made.issuer = list.string(3);
        made.country = list.string(4);
        made.date = list.string(5);
        made.complete = list.string(6);
        made.sha256 = list.string(7);
        made.note_nl = list.string(8);
        made.note_en = list.string(9);
        made.source.publisher = list.string(10);
        made.source.title = list.string(11);
        made.source.address = list.string(12);
        made.source.date = list.string(13);
    }
    Rows entry(database, claims("c.list, c.name, c.vendor, c.scope, c.since", "list_entry", "c.list, c.position"));
    while (entry.next())
        by_key[entry.string(0)].entries.push_back(
            {entry.string(1), entry.string(2), entry.string(3), entry.string(4), sourcing(entry, 5)});
    Rows country(database, claims("c.list, c.country, c.scope, c.since", "list_country", "c.list, c.position"));
    while (country.next())
        by_key[country.string(0)].countries.push_back(
            {country.string(1), country.string(2), country.string(3), sourcing(country, 4)});
    for (auto& [key, made] : by_key) lists.push_back(std::move(made));
    Rows trap(database, claims("c.id, c.why, c.means_nl, c.means_en", "trap", "c.id"));
    while (trap.next())
        traps.push_back({trap.string(0), trap.string(1), trap.string(2), trap.string(3), sourcing(trap, 4), {}});
}

void VendorDb::Loaded::load_jurisdictions(const Database& database) {
    Rows rows(database, "SELECT country, name_nl, name_en FROM jurisdiction ORDER BY country");
    while (rows.next()) {
        Jurisdiction& made = jurisdictions[rows.string(0)];
        made.country = rows.string(0);
        made.names = {{"nl", rows.string(1)}, {"en", rows.string(2)}};
        vocabulary.countries.insert(made.country);
    }
    Rows claim(database, claims("c.country, c.claim, c.named_by, c.article", "jurisdiction_claim", "c.country, c.position"));
    while (claim.next())
        jurisdictions[claim.string(0)].claims.push_back(
            {claim.string(1), claim.string(2), claim.string(3), sourcing(claim, 4)});
}

void VendorDb::Loaded::load_fingerprints(const Database& database) {
    std::map<std::int64_t, Fingerprint> made;
    Rows rows(database, "SELECT fingerprint, file, evidence, pattern, flags, description FROM fingerprint");
    while (rows.next()) {
        Fingerprint& fingerprint = made[rows.integer(0)];
        fingerprint.file = rows.string(1);
        fingerprint.evidence = rows.string(2);
        fingerprint.pattern = rows.string(3);
        fingerprint.flags = rows.string(4);
        fingerprint.description = rows.string(5);
    }
    Rows param(database, "SELECT fingerprint, number, name, value FROM fingerprint_param ORDER BY fingerprint, position");
    while (param.next())
        made[param.integer(0)].params.push_back({static_cast<std::size_t>(param.integer(1)), param.string(2), param.string(3)});
    for (auto& [number, fingerprint] : made) fingerprints.add(std::move(fingerprint));
}

void VendorDb::Loaded::load_registries(const Database& database) {
    const auto kept = [&](std::string_view slug) { return replaced_.contains(slug) ? std::string_view() : slug; };
    // Organisations are numbered from 1 without gaps: the number is the place.
    names.reserve(std::size_t{4} << 20);
    Rows organisation(database, "SELECT organisation, name, vendor FROM organisation ORDER BY organisation");
    while (organisation.next()) {
        std::string_view slug = kept(organisation.text(2));
        if (!organisations_.empty()) {
            const auto overlaid = organisations_.find(folded(organisation.text(1)));
            if (overlaid != organisations_.end()) slug = overlaid->second;
        }
        const std::uint32_t at = add_holder(organisation.text(1), slug);
        if (organisation.integer(0) != static_cast<std::int64_t>(at) + 1)
            throw std::runtime_error("the organisations are not numbered from 1");
    }
    const std::size_t organisations = holders.size();
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        Rows oui(database, fmt::format("SELECT prefix, organisation FROM oui WHERE bits = {} ORDER BY prefix", block_bits[i]));
        while (oui.next()) {
            const auto number = static_cast<std::uint64_t>(oui.integer(1));
            if (number == 0 || number > organisations) throw std::runtime_error("a block names no organisation");
            blocks[i].numbers.push_back(static_cast<std::uint64_t>(oui.integer(0)));
            blocks[i].holders.push_back(static_cast<std::uint32_t>(number - 1));
        }
    }
    for (std::size_t i = 0; i < ids.size(); ++i) {
        std::map<std::uint64_t, std::string> overlaid;
        for (const auto& [id, slug] : id_vendors_)
            if (id.first == id_registries[i]) overlaid.emplace(id.second, slug);
        std::vector<std::pair<std::uint64_t, std::uint32_t>> rows;
        Rows id(database,
                fmt::format("SELECT number, name, vendor FROM id WHERE registry = '{}' ORDER BY number", id_registries[i]));
        while (id.next()) {
            const auto number = static_cast<std::uint64_t>(id.integer(0));
            const auto claimed = overlaid.find(number);
            rows.emplace_back(number, add_holder(id.text(1), claimed == overlaid.end() ? kept(id.text(2)) : claimed->second));
            if (claimed != overlaid.end()) overlaid.erase(claimed);
        }
        for (const auto& [number, slug] : overlaid) rows.emplace_back(number, add_holder(of(slug).name, slug));
        // They come in the order of their numbers; what an overlay adds does not.
        if (!std::is_sorted(rows.begin(), rows.end())) std::sort(rows.begin(), rows.end());
        for (const auto& [number, at] : rows) {
            ids[i].numbers.push_back(number);
            ids[i].holders.push_back(at);
        }
    }
}

}  // namespace herkomst
