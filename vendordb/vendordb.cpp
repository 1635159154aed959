#include "vendordb/vendordb.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "core/text.h"
#include "vendordb/loaded.h"

namespace herkomst {

namespace {

// Registered, but nobody's name: a block that is divided further, or a holder who keeps out of the registry.
bool names_nobody(std::string_view holder) {
    return equal_ignoring_case(holder, "Private") || equal_ignoring_case(holder, "IEEE Registration Authority");
}

std::optional<FingerprintHit> hit_in(std::initializer_list<const FingerprintSet*> sets, HitCache& cache,
                                     std::string_view evidence, std::string_view text) {
    std::string key;
    key.reserve(evidence.size() + text.size() + 1);
    key.append(evidence).append(1, '\0').append(text);
    std::optional<FingerprintHit> hit;
    if (cache.find(key, hit) != nullptr) return hit;
    for (const FingerprintSet* set : sets) {
        const auto match = set->match(evidence, text);
        if (!match) continue;
        hit = hit_of(*match);
        break;
    }
    cache.keep(std::move(key), hit);
    return hit;
}

}  // namespace

Result<VendorDb> VendorDb::open(const std::string& path, const std::vector<std::string>& overlays) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) return Problem{path, "there is no such file"};
    try {
        Problems problems;
        auto loaded = std::make_unique<Loaded>(path, overlays, problems);
        if (!problems.empty()) return problems;
        return VendorDb(std::move(loaded));
    } catch (const std::exception& failure) {
        return Problem{path, fmt::format("cannot be used as vendordb: {}", failure.what())};
    }
}

VendorDb::VendorDb(std::unique_ptr<Loaded> loaded) : loaded_(std::move(loaded)) {}
VendorDb::VendorDb(VendorDb&&) noexcept = default;
VendorDb& VendorDb::operator=(VendorDb&&) noexcept = default;
VendorDb::~VendorDb() = default;

const std::string& VendorDb::version() const { return loaded_->version; }
std::string VendorDb::date() const { return loaded_->version.substr(0, loaded_->version.find(' ')); }
const std::string& VendorDb::oui_as_of() const { return loaded_->oui_as_of; }
std::size_t VendorDb::vendors() const { return loaded_->vendors.size(); }
const std::vector<Vendor>& VendorDb::all() const { return loaded_->vendors; }
const std::map<std::string, Jurisdiction, std::less<>>& VendorDb::jurisdictions() const { return loaded_->jurisdictions; }
const std::vector<VendorList>& VendorDb::lists() const { return loaded_->lists; }
const std::vector<Trap>& VendorDb::traps() const { return loaded_->traps; }
const std::vector<Override>& VendorDb::overrides() const { return loaded_->overrides; }

const Vendor* VendorDb::vendor(std::string_view slug) const {
    const std::optional<std::uint32_t> at = loaded_->index(slug);
    return at ? &loaded_->vendors[*at] : nullptr;
}

const Vendor* VendorDb::named_in(std::string_view protocol, std::string_view text) const {
    const auto names = loaded_->protocol_aliases.find(protocol);
    if (names == loaded_->protocol_aliases.end()) return nullptr;
    const auto found = names->second.find(folded(text));
    return found ? &loaded_->vendors[*found] : nullptr;
}

const Vendor* VendorDb::named(std::string_view text, std::string_view protocol) const {
    const std::string key = folded(text);
    if (key.empty()) return nullptr;
    std::optional<std::uint32_t> found;
    const auto names = loaded_->protocol_aliases.find(protocol);
    if (names != loaded_->protocol_aliases.end()) found = names->second.find(key);
    if (!found) found = loaded_->aliases.find(key);
    return found ? &loaded_->vendors[*found] : nullptr;
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

const Trap* VendorDb::trap(std::string_view vendor_id) const {
    const std::vector<Trap>& traps = loaded_->traps;
    const auto at = std::lower_bound(traps.begin(), traps.end(), vendor_id,
                                     [](const Trap& trap, std::string_view id) { return trap.id < id; });
    return at == traps.end() || at->id != vendor_id ? nullptr : &*at;
}

const Cloud* VendorDb::cloud(std::string_view host) const {
    const std::string lowered = lower(host);
    std::string_view rest = lowered;
    while (rest.ends_with('.')) rest.remove_suffix(1);
    const auto found = loaded_->clouds.find(rest);
    return found ? &loaded_->vendors[found->first].clouds[found->second] : nullptr;
}

std::string text_of(const Cloud& cloud) {
    if (!cloud.certificate.empty()) return fmt::format("{} (certificate {})", cloud.suffix, cloud.certificate);
    return cloud.range.empty() ? cloud.suffix : fmt::format("{} ({})", cloud.suffix, cloud.range);
}

const Cloud* VendorDb::cloud_of_certificate(std::string_view certificate) const {
    // Attributes stand between ", " and " / ", or at an end; a comma within a value is escaped.
    const auto whole = [&](std::string_view attribute) {
        for (std::size_t at = certificate.find(attribute); at != std::string_view::npos;
             at = certificate.find(attribute, at + 1)) {
            const std::string_view before = certificate.substr(0, at);
            const std::string_view after = certificate.substr(at + attribute.size());
            const bool begins =
                before.empty() || before.ends_with(" / ") || (before.ends_with(", ") && !before.ends_with("\\, "));
            if (begins && (after.empty() || after.starts_with(" / ") || after.starts_with(", "))) return true;
        }
        return false;
    };
    for (const auto& [vendor, at] : loaded_->by_certificate) {
        const Cloud& cloud = loaded_->vendors[vendor].clouds[at];
        if (whole(cloud.certificate)) return &cloud;
    }
    return nullptr;
}

const Cloud* VendorDb::cloud_at(const IpAddress& ip) const {
    const std::pair<AddressRange, SuffixTrie::Place>* smallest = nullptr;
    for (const auto& each : loaded_->by_address)
        if (each.first.holds(ip) && (smallest == nullptr || each.first.size() < smallest->first.size())) smallest = &each;
    return smallest == nullptr ? nullptr : &loaded_->vendors[smallest->second.first].clouds[smallest->second.second];
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

std::vector<std::pair<const Vendor*, VendorDb::ProductHit>> VendorDb::makers_of_model(std::string_view model) const {
    std::vector<std::pair<const Vendor*, ProductHit>> out;
    for (const Vendor& vendor : loaded_->vendors)
        if (const auto hit = product(vendor.slug, model)) out.emplace_back(&vendor, *hit);
    return out;
}

const Jurisdiction* VendorDb::jurisdiction(std::string_view country) const {
    const auto found = loaded_->jurisdictions.find(country);
    return found == loaded_->jurisdictions.end() ? nullptr : &found->second;
}

std::optional<FingerprintHit> VendorDb::fingerprint(std::string_view evidence, std::string_view text) const {
    return hit_in({&loaded_->overlay_fingerprints, &loaded_->fingerprints}, loaded_->hits, evidence, text);
}

std::optional<FingerprintHit> VendorDb::recog(std::string_view evidence, std::string_view text) const {
    if (!loaded_->recog) return std::nullopt;
    return hit_in({loaded_->recog.get()}, loaded_->recog_hits, evidence, text);
}

void VendorDb::use_recog(std::unique_ptr<FingerprintSet> set) { loaded_->recog = std::move(set); }
bool VendorDb::has_recog() const { return loaded_->recog != nullptr; }

std::vector<VendorId> VendorDb::ids_of(std::string_view slug) const {
    std::vector<VendorId> out;
    const std::optional<std::uint32_t> vendor = loaded_->index(slug);
    if (!vendor) return out;
    for (std::size_t i = 0; i < loaded_->ids.size(); ++i) {
        const Numbers& table = loaded_->ids[i];
        for (std::size_t row = 0; row < table.numbers.size(); ++row) {
            const Loaded::Named& named = loaded_->holders[table.holders[row]];
            if (named.vendor != *vendor) continue;
            out.push_back({std::string(Loaded::id_registries[i]), std::to_string(table.numbers[row]),
                           loaded_->names.substr(named.begin, named.size)});
        }
    }
    for (const auto& [protocol, text] : loaded_->vendors[*vendor].names) out.push_back({"name", protocol, text});
    for (const Cloud& cloud : loaded_->vendors[*vendor].clouds) out.push_back({"cloud", text_of(cloud), cloud.purpose});
    for (std::size_t i = 0; i < loaded_->blocks.size(); ++i) {
        const Numbers& table = loaded_->blocks[i];
        for (std::size_t row = 0; row < table.numbers.size(); ++row) {
            const Loaded::Named& named = loaded_->holders[table.holders[row]];
            if (named.vendor != *vendor) continue;
            out.push_back({"oui", fmt::format("{:0{}X}", table.numbers[row], Loaded::block_bits[i] / 4),
                           loaded_->names.substr(named.begin, named.size)});
        }
    }
    std::stable_sort(out.begin(), out.end(), [](const VendorId& a, const VendorId& b) { return a.kind < b.kind; });
    return out;
}

std::vector<std::string> VendorDb::search(std::string_view text) const {
    std::set<std::string> found;
    const std::string wanted = folded(text);
    if (wanted.empty()) return {};
    const auto holds = [&](std::string_view name) { return folded(name).find(wanted) != std::string::npos; };
    for (const Vendor& vendor : loaded_->vendors) {
        bool is = vendor.slug == text || holds(vendor.name) || std::any_of(vendor.aliases.begin(), vendor.aliases.end(), holds);
        for (const OriginClaim& claim : vendor.origin) is = is || (claim.claim == "legal_entity" && holds(claim.value));
        if (is) found.insert(vendor.slug);
    }
    if (const auto holder = id(text); holder && !holder->vendor.empty()) found.insert(holder->vendor);
    if (const std::optional<Mac> mac = Mac::parse(text))
        if (const auto holder = oui(*mac); holder && !holder->vendor.empty()) found.insert(holder->vendor);
    if (const Cloud* suffix = cloud(text); suffix != nullptr && !suffix->operator_slug.empty())
        found.insert(suffix->operator_slug);
    for (const auto& [vendor, hit] : makers_of_model(text)) found.insert(vendor->slug);
    return {found.begin(), found.end()};
}

const std::string& VendorDb::word(std::string_view kind, std::string_view key, std::string_view language) const {
    static const std::string none;
    const std::vector<Word>& list = kind == "category"     ? loaded_->vocabulary.categories
                                    : kind == "capability" ? loaded_->vocabulary.capabilities
                                                           : loaded_->vocabulary.parties;
    for (const Word& word : list)
        if (word.key == key) return language == "nl" ? word.nl : word.en;
    return none;
}

}  // namespace herkomst
