#include "vendordb/vendordb.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <deque>
#include <filesystem>
#include <mutex>
#include <set>
#include <stdexcept>
#include <unordered_map>

#include "core/text.h"
#include "vendordb/database.h"
#include "vendordb/fingerprints.h"
#include "vendordb/vendor_file.h"

namespace herkomst {

namespace {

// What the cache of fingerprint hits holds at most; a full one starts again.
constexpr std::size_t cache_max = 20000;

struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
template <class Value>
using ByText = std::unordered_map<std::string, Value, Hash, std::equal_to<>>;

constexpr std::uint32_t no_vendor = UINT32_MAX;

// A holder's name, in the one long text of all names, and its vendor.
struct Named {
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
    std::uint32_t vendor = no_vendor;
};

// Numbers in ascending order, each with the index of its holder.
struct Numbers {
    std::vector<std::uint64_t> numbers;
    std::vector<std::uint32_t> holders;

    [[nodiscard]] std::optional<std::uint32_t> find(std::uint64_t number) const {
        const auto at = std::lower_bound(numbers.begin(), numbers.end(), number);
        if (at == numbers.end() || *at != number) return std::nullopt;
        return holders[static_cast<std::size_t>(at - numbers.begin())];
    }
};

ClaimStatus status_named(std::string_view text) {
    return text == "verified" ? ClaimStatus::Verified : text == "reported" ? ClaimStatus::Reported : ClaimStatus::Unverified;
}

std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> out;
    if (text.empty()) return out;
    for (const std::string_view word : split(text, ',')) out.emplace_back(word);
    return out;
}

// Registered, but nobody's name: a block that is divided further, or a holder who keeps out of the registry.
bool names_nobody(std::string_view holder) {
    return equal_ignoring_case(holder, "Private") || equal_ignoring_case(holder, "IEEE Registration Authority");
}

bool is_code(std::string_view country) { return country.size() == 2; }

// Whether an owner controls: more than half, or said in words, or ownership without any share.
bool controls(const Ownership& ownership) {
    const std::string share = lower(ownership.share);
    if (share.empty()) return true;
    const std::size_t digit = share.find_first_of("0123456789");
    if (digit != std::string::npos) {
        std::string number = share.substr(digit);
        std::replace(number.begin(), number.end(), ',', '.');
        return std::strtod(number.c_str(), nullptr) > 50.0;
    }
    if (share.find("minority") != std::string::npos) return false;
    for (const std::string_view word : {"majority", "whol", "full", "entire", "controlling", "all"})
        if (share.find(word) != std::string::npos) return true;
    return false;
}

}  // namespace

struct VendorDb::Loaded {
    std::string version;
    std::string oui_as_of;
    std::vector<Vendor> vendors;  // by slug
    std::vector<std::vector<Pattern>> product_patterns;
    std::vector<std::vector<std::uint32_t>> ownership_links;  // per vendor, in both directions
    std::vector<std::vector<std::uint32_t>> oem_links;
    ByText<std::uint32_t> aliases;  // folded; "protocol/folded" where a protocol gives it a meaning of its own
    std::string names;
    std::vector<Named> holders;
    std::array<Numbers, 3> blocks;  // 36, 28, 24 bits
    std::array<Numbers, 6> ids;     // id_registries
    ByText<std::pair<std::uint32_t, std::uint32_t>> clouds;
    std::map<std::string, Jurisdiction, std::less<>> jurisdictions;
    FingerprintSet fingerprints;
    std::mutex cache_mutex;
    ByText<std::optional<FingerprintHit>> cache;

    static constexpr std::array<std::string_view, 6> id_registries = {"bacnet", "cip", "ethercat", "flag", "pen", "profinet"};
    static constexpr std::array<unsigned, 3> block_bits = {36, 28, 24};

    explicit Loaded(const std::string& path) {
        Database database(path, Database::Open::ReadOnly);
        load_about(database);
        load_vendors(database);
        load_registries(database);
        load_jurisdictions(database);
        load_fingerprints(database);
    }

    [[nodiscard]] std::optional<std::uint32_t> index(std::string_view slug) const {
        const auto at = std::lower_bound(vendors.begin(), vendors.end(), slug,
                                         [](const Vendor& vendor, std::string_view s) { return vendor.slug < s; });
        if (slug.empty() || at == vendors.end() || at->slug != slug) return std::nullopt;
        return static_cast<std::uint32_t>(at - vendors.begin());
    }
    Vendor& of(std::string_view slug) {
        const std::optional<std::uint32_t> at = index(slug);
        if (!at) throw std::runtime_error(fmt::format("a row names the vendor \"{}\", which is not there", slug));
        return vendors[*at];
    }
    std::uint32_t add_holder(std::string_view name, std::string_view vendor) {
        Named named;
        named.begin = static_cast<std::uint32_t>(names.size());
        named.size = static_cast<std::uint32_t>(name.size());
        if (!vendor.empty()) named.vendor = index(vendor).value_or(no_vendor);
        names += name;
        holders.push_back(named);
        return static_cast<std::uint32_t>(holders.size() - 1);
    }
    [[nodiscard]] Holder holder(std::uint32_t at) const {
        const Named& named = holders[at];
        Holder out;
        out.name = names.substr(named.begin, named.size);
        if (named.vendor != no_vendor) {
            out.vendor = vendors[named.vendor].slug;
            out.module = vendors[named.vendor].kind == "module";
        }
        return out;
    }

    void load_about(const Database& database) {
        Rows meta(database, "SELECT key, value FROM meta");
        std::string format;
        while (meta.next()) {
            if (meta.text(0) == "format") format = meta.string(1);
            if (meta.text(0) == "version") version = meta.string(1);
            if (meta.text(0) == "oui_as_of") oui_as_of = meta.string(1);
        }
        if (format != "1") throw std::runtime_error(fmt::format("is of format \"{}\"; this program reads format 1", format));
    }

    // Folded text holds no '/'.
    static std::string scoped_name(std::string_view folded_text, std::string_view scope) {
        return std::string(scope) + "/" + std::string(folded_text);
    }

    // Joined columns, from `first`: status, as_of, publisher, title, address, date, quote, note.
    static constexpr const char* sourcing_columns =
        "c.status, c.as_of, s.publisher, s.title, s.address, s.date, c.quote, c.note";
    static Sourcing sourcing(const Rows& rows, int first) {
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
    static std::string claims(std::string_view columns, std::string_view table,
                              std::string_view order = "c.vendor, c.position") {
        return fmt::format("SELECT {}, {} FROM {} c LEFT JOIN source s ON s.source = c.source ORDER BY {}", columns,
                           sourcing_columns, table, order);
    }

    void load_vendors(const Database& database) {
        Rows vendor(database, "SELECT slug, name, kind, categories FROM vendor ORDER BY slug");
        while (vendor.next()) {
            Vendor made;
            made.slug = vendor.string(0);
            made.name = vendor.string(1);
            made.kind = vendor.string(2);
            made.categories = words(vendor.text(3));
            vendors.push_back(std::move(made));
        }
        // A protocol's name goes for other protocols too, as long as no other vendor has it anywhere.
        std::map<std::string, std::set<std::uint32_t>> scoped;
        Rows alias(database, "SELECT folded, scope, text, vendor FROM alias ORDER BY folded, scope");
        while (alias.next()) {
            const std::optional<std::uint32_t> at = index(alias.text(3));
            if (!at) continue;
            if (alias.text(1) == "any") {
                aliases.emplace(alias.string(0), *at);
            } else {
                aliases.emplace(scoped_name(alias.text(0), alias.text(1)), *at);
                scoped[alias.string(0)].insert(*at);
            }
            if (alias.text(2) != vendors[*at].name) vendors[*at].aliases.push_back(alias.string(2));
        }
        for (const auto& [text, holders_of_it] : scoped)
            if (holders_of_it.size() == 1) aliases.emplace(text, *holders_of_it.begin());
        for (Vendor& named : vendors) {
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
        Rows cloud(database, claims("c.vendor, c.suffix, c.purpose, c.operator", "cloud"));
        while (cloud.next())
            of(cloud.text(0)).clouds.push_back({cloud.string(1), cloud.string(2), cloud.string(3), sourcing(cloud, 4)});
        product_patterns.resize(vendors.size());
        ownership_links.resize(vendors.size());
        oem_links.resize(vendors.size());
        const auto link = [&](std::vector<std::vector<std::uint32_t>>& links, std::uint32_t from, std::string_view slug) {
            const std::optional<std::uint32_t> to = index(slug);
            if (!to) return;
            links[from].push_back(*to);
            links[*to].push_back(from);
        };
        for (std::uint32_t v = 0; v < vendors.size(); ++v) {
            for (const Ownership& ownership : vendors[v].owned_by)
                if (controls(ownership)) link(ownership_links, v, ownership.owner);
            for (const OemRelation& relation : vendors[v].oem) link(oem_links, v, relation.vendor);
            for (const Product& line : vendors[v].products) product_patterns[v].emplace_back(line.pattern);
            for (std::uint32_t c = 0; c < vendors[v].clouds.size(); ++c)
                clouds.emplace(vendors[v].clouds[c].suffix, std::pair(v, c));
        }
    }

    void load_registries(const Database& database) {
        // Organisations are numbered from 1 without gaps: the number is the place.
        names.reserve(std::size_t{4} << 20);
        Rows organisation(database, "SELECT organisation, name, vendor FROM organisation ORDER BY organisation");
        while (organisation.next()) {
            const std::uint32_t at = add_holder(organisation.text(1), organisation.text(2));
            if (organisation.integer(0) != static_cast<std::int64_t>(at) + 1)
                throw std::runtime_error("the organisations are not numbered from 1");
        }
        const std::size_t organisations = holders.size();
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            Rows oui(database,
                     fmt::format("SELECT prefix, organisation FROM oui WHERE bits = {} ORDER BY prefix", block_bits[i]));
            while (oui.next()) {
                const auto number = static_cast<std::uint64_t>(oui.integer(1));
                if (number == 0 || number > organisations) throw std::runtime_error("a block names no organisation");
                blocks[i].numbers.push_back(static_cast<std::uint64_t>(oui.integer(0)));
                blocks[i].holders.push_back(static_cast<std::uint32_t>(number - 1));
            }
        }
        for (std::size_t i = 0; i < ids.size(); ++i) {
            Rows id(database,
                    fmt::format("SELECT number, name, vendor FROM id WHERE registry = '{}' ORDER BY number", id_registries[i]));
            while (id.next()) {
                ids[i].numbers.push_back(static_cast<std::uint64_t>(id.integer(0)));
                ids[i].holders.push_back(add_holder(id.text(1), id.text(2)));
            }
        }
    }

    void load_jurisdictions(const Database& database) {
        Rows rows(database, "SELECT country, name_nl, name_en FROM jurisdiction ORDER BY country");
        while (rows.next()) {
            Jurisdiction& made = jurisdictions[rows.string(0)];
            made.country = rows.string(0);
            made.names = {{"nl", rows.string(1)}, {"en", rows.string(2)}};
        }
        Rows claim(database,
                   claims("c.country, c.claim, c.named_by, c.article", "jurisdiction_claim", "c.country, c.position"));
        while (claim.next())
            jurisdictions[claim.string(0)].claims.push_back(
                {claim.string(1), claim.string(2), claim.string(3), sourcing(claim, 4)});
    }

    void load_fingerprints(const Database& database) {
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
            made[param.integer(0)].params.push_back(
                {static_cast<std::size_t>(param.integer(1)), param.string(2), param.string(3)});
        for (auto& [number, fingerprint] : made) fingerprints.add(std::move(fingerprint));
    }

    // The strongest claim of one kind and the countries that claims of that strength name.
    struct Says {
        ClaimStatus status = ClaimStatus::Unverified;
        std::set<std::string> countries;

        void add(ClaimStatus claim_status, const std::string& country) {
            if (country.empty() || country == "unknown") return;
            if (countries.empty() || claim_status > status) {
                countries = {country};
                status = claim_status;
            } else if (claim_status == status) {
                countries.insert(country);
            }
        }
    };
    static Says says(const Vendor& vendor, std::initializer_list<std::string_view> kinds) {
        Says out;
        for (const OriginClaim& claim : vendor.origin)
            if (std::find(kinds.begin(), kinds.end(), claim.claim) != kinds.end())
                out.add(claim.sourcing.status, claim.country);
        return out;
    }
};

Result<VendorDb> VendorDb::open(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) return Problem{path, "there is no such file"};
    try {
        return VendorDb(std::make_unique<Loaded>(path));
    } catch (const std::exception& failure) {
        return Problem{path, fmt::format("cannot be used as vendordb: {}", failure.what())};
    }
}

VendorDb::VendorDb(std::unique_ptr<Loaded> loaded) : loaded_(std::move(loaded)) {}
VendorDb::VendorDb(VendorDb&&) noexcept = default;
VendorDb& VendorDb::operator=(VendorDb&&) noexcept = default;
VendorDb::~VendorDb() = default;

const std::string& VendorDb::version() const { return loaded_->version; }
const std::string& VendorDb::oui_as_of() const { return loaded_->oui_as_of; }
std::size_t VendorDb::vendors() const { return loaded_->vendors.size(); }

const Vendor* VendorDb::vendor(std::string_view slug) const {
    const std::optional<std::uint32_t> at = loaded_->index(slug);
    return at ? &loaded_->vendors[*at] : nullptr;
}

const Vendor* VendorDb::named(std::string_view text, std::string_view protocol) const {
    const std::string key = folded(text);
    if (!protocol.empty()) {
        const auto scoped = loaded_->aliases.find(Loaded::scoped_name(key, protocol));
        if (scoped != loaded_->aliases.end()) return &loaded_->vendors[scoped->second];
    }
    const auto found = loaded_->aliases.find(key);
    return found == loaded_->aliases.end() ? nullptr : &loaded_->vendors[found->second];
}

std::optional<Holder> VendorDb::oui(const Mac& mac) const {
    if (!mac.known() || mac.group() || mac.locally_administered()) return std::nullopt;
    std::uint64_t number = 0;
    for (const std::uint8_t byte : mac.bytes) number = (number << 8) | byte;
    for (std::size_t i = 0; i < loaded_->blocks.size(); ++i) {
        const std::optional<std::uint32_t> at = loaded_->blocks[i].find(number >> (48 - Loaded::block_bits[i]));
        if (!at) continue;
        Holder holder = loaded_->holder(*at);
        if (names_nobody(holder.name)) return std::nullopt;
        return holder;
    }
    return std::nullopt;
}

std::optional<Holder> VendorDb::id(std::string_view vendor_id) const {
    const std::size_t colon = vendor_id.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view registry = vendor_id.substr(0, colon);
    const std::string_view digits = vendor_id.substr(colon + 1);
    if (digits.empty() || digits.size() > 10) return std::nullopt;
    std::uint64_t number = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + static_cast<std::uint64_t>(c - '0');
    }
    for (std::size_t i = 0; i < loaded_->ids.size(); ++i) {
        if (Loaded::id_registries[i] != registry) continue;
        if (const std::optional<std::uint32_t> at = loaded_->ids[i].find(number)) return loaded_->holder(*at);
    }
    return std::nullopt;
}

const Cloud* VendorDb::cloud(std::string_view host) const {
    const std::string lowered = lower(host);
    std::string_view rest = lowered;
    while (rest.ends_with('.')) rest.remove_suffix(1);
    while (!rest.empty()) {
        const auto found = loaded_->clouds.find(rest);
        if (found != loaded_->clouds.end()) return &loaded_->vendors[found->second.first].clouds[found->second.second];
        const std::size_t dot = rest.find('.');
        if (dot == std::string_view::npos) return nullptr;
        rest.remove_prefix(dot + 1);
    }
    return nullptr;
}

bool VendorDb::related(std::string_view slug_a, std::string_view slug_b) const {
    const std::optional<std::uint32_t> from = loaded_->index(slug_a);
    const std::optional<std::uint32_t> to = loaded_->index(slug_b);
    if (!from || !to) return !slug_a.empty() && slug_a == slug_b;
    if (*from == *to) return true;
    // Whether the one OEM step was taken is part of the place.
    using Place = std::pair<std::uint32_t, bool>;
    std::set<Place> seen = {{*from, false}};
    std::deque<Place> open = {{*from, false}};
    while (!open.empty()) {
        const auto [at, oem_taken] = open.front();
        open.pop_front();
        if (at == *to) return true;
        for (const std::uint32_t next : loaded_->ownership_links[at])
            if (seen.emplace(next, oem_taken).second) open.emplace_back(next, oem_taken);
        if (oem_taken) continue;
        for (const std::uint32_t next : loaded_->oem_links[at])
            if (seen.emplace(next, true).second) open.emplace_back(next, true);
    }
    return false;
}

Chain VendorDb::chain(std::string_view slug) const {
    Chain chain;
    const Vendor* at = vendor(slug);
    if (at == nullptr) return chain;
    struct Control {
        ClaimStatus status;
        std::set<std::string> countries;
    };
    std::vector<Control> controls_said;  // one per step that says who controls, from the brand upwards
    ClaimStatus path = ClaimStatus::Verified;
    std::set<const Vendor*> walked;
    const auto weaker = [](ClaimStatus a, ClaimStatus b) { return std::min(a, b); };
    chain.steps.push_back({at->slug, at->name, "brand", {}, {}});
    const Ownership* edge = nullptr;
    for (;;) {
        // What this step says of control: its own claims first, else the country its ownership claim gives.
        Loaded::Says control;
        if (at != nullptr) {
            walked.insert(at);
            control = Loaded::says(*at, {"controlled_from"});
        }
        if (control.countries.empty() && edge != nullptr) control.add(edge->sourcing.status, edge->country);
        const Ownership* owner = nullptr;
        bool several = false;
        if (at != nullptr) {
            for (const Ownership& ownership : at->owned_by) {
                if (!controls(ownership)) continue;
                if (owner == nullptr || ownership.sourcing.status > owner->sourcing.status) {
                    owner = &ownership;
                    several = false;
                } else if (ownership.sourcing.status == owner->sourcing.status) {
                    several = true;
                }
            }
        }
        // Several owners of equal standing: none of them is the one who controls.
        if (several) owner = nullptr;
        const Vendor* next = owner == nullptr ? nullptr : vendor(owner->owner);
        if (next != nullptr && walked.contains(next)) owner = nullptr;
        if (owner == nullptr && at != nullptr) {
            // The top of the chain: the seat stands in where nothing better is said of control.
            Loaded::Says seat = Loaded::says(*at, {"headquarters", "registered_in"});
            // Where it sits is not who controls it: as control it is reported at most.
            seat.status = std::min(seat.status, ClaimStatus::Reported);
            const bool better = seat.status > control.status && seat.countries == control.countries;
            if (control.countries.empty() || better) control = seat;
        }
        if (control.countries.size() == 1 && is_code(*control.countries.begin()))
            chain.steps.back().country = *control.countries.begin();
        if (!control.countries.empty()) controls_said.push_back({weaker(path, control.status), control.countries});
        if (owner == nullptr) break;
        path = weaker(path, owner->sourcing.status);
        edge = owner;
        at = next;
        chain.steps.push_back({next == nullptr ? std::string() : next->slug,
                               next == nullptr ? owner->owner_name : next->name,
                               "owned_by",
                               {},
                               owner->sourcing});
    }
    // The strongest claim decides; among equals the highest step, unless they disagree.
    std::set<std::string> countries;
    for (const Control& control : controls_said) {
        if (countries.empty() || control.status > chain.status) {
            countries = control.countries;
            chain.status = control.status;
        } else if (control.status == chain.status) {
            countries.insert(control.countries.begin(), control.countries.end());
        }
    }
    chain.contested = countries.size() > 1 || countries.contains("contested");
    if (!chain.contested && !countries.empty()) chain.country = *countries.begin();
    return chain;
}

std::optional<VendorDb::ProductHit> VendorDb::product(std::string_view slug, std::string_view model) const {
    const std::optional<std::uint32_t> at = loaded_->index(slug);
    if (!at || model.empty()) return std::nullopt;
    const Vendor& vendor = loaded_->vendors[*at];
    for (std::size_t i = 0; i < vendor.products.size(); ++i) {
        const Pattern& pattern = loaded_->product_patterns[*at][i];
        const auto groups = pattern.match(model);
        if (!groups) continue;
        const std::optional<std::size_t> n = pattern.group_named("n");
        return ProductHit{&vendor.products[i], rated_power(vendor.products[i], n ? (*groups)[*n] : std::string_view())};
    }
    return std::nullopt;
}

const Jurisdiction* VendorDb::jurisdiction(std::string_view country) const {
    const auto found = loaded_->jurisdictions.find(country);
    return found == loaded_->jurisdictions.end() ? nullptr : &found->second;
}

std::optional<FingerprintHit> VendorDb::fingerprint(std::string_view evidence, std::string_view text) const {
    std::string key;
    key.reserve(evidence.size() + text.size() + 1);
    key.append(evidence).append(1, '\0').append(text);
    {
        const std::lock_guard lock(loaded_->cache_mutex);
        const auto found = loaded_->cache.find(key);
        if (found != loaded_->cache.end()) return found->second;
    }
    std::optional<FingerprintHit> hit;
    if (const auto match = loaded_->fingerprints.match(evidence, text)) {
        hit.emplace();
        hit->fingerprint = match->fingerprint->file + "/" + match->fingerprint->description;
        for (const auto& [param, value] : match->values)
            if (const std::optional<Field> field = field_of_param(param)) hit->claims.emplace_back(*field, value);
    }
    const std::lock_guard lock(loaded_->cache_mutex);
    if (loaded_->cache.size() >= cache_max) loaded_->cache.clear();
    loaded_->cache.emplace(std::move(key), hit);
    return hit;
}

}  // namespace herkomst
