#include <fmt/format.h>

#include "core/text.h"
#include "vendordb/compile.h"

namespace herkomst {

CrossCheck::CrossCheck(const Data& data, Problems& problems, const std::set<std::string>& below)
    : data_(data), problems_(problems), slugs_(below) {
    for (const VendorFile& file : data.vendors) slugs_.insert(file.vendor.slug);
}

void CrossCheck::run() {
    for (const VendorFile& file : data_.vendors) vendor(file);
    for (const VendorList& list : data_.lists)
        for (std::size_t i = 0; i < list.entries.size(); ++i)
            exists(list.entries[i].vendor, fmt::format("{}: /entries/{}/vendor", list.place, i));
    // A trap says that an id names nobody: no vendor file may claim it.
    for (std::size_t i = 0; i < data_.traps.size(); ++i) {
        const std::string& id = data_.traps[i].id;
        for (const auto& [key, slug] : id_vendors)
            if (key.first + ":" + std::to_string(key.second) == id)
                complain(fmt::format("traps.json: /{}/id", i), fmt::format("\"{}\" is an id of {}", id, slug));
    }
}

void CrossCheck::exists(const std::string& slug, const std::string& place) {
    if (!slug.empty() && !slugs_.contains(slug)) complain(place, fmt::format("there is no vendor \"{}\"", slug));
}

void CrossCheck::alias(const VendorFile& file, const std::string& text, const std::string& scope, const std::string& pointer) {
    const std::string key = folded(text);
    if (text.empty()) return;
    if (key.empty()) return complain(file.place + ": " + pointer, fmt::format("\"{}\" holds no letter or digit", text));
    const auto [found, added] = aliases.try_emplace({key, scope}, Alias{file.vendor.slug, text});
    if (!added && found->second.vendor != file.vendor.slug)
        complain(file.place + ": " + pointer,
                 fmt::format("\"{}\" is a name of {} too (\"{}\")", text, found->second.vendor, found->second.text));
}

void CrossCheck::vendor(const VendorFile& file) {
    const Vendor& vendor = file.vendor;
    alias(file, vendor.name, "any", "/name");
    for (std::size_t i = 0; i < vendor.aliases.size(); ++i)
        alias(file, vendor.aliases[i], "any", fmt::format("/aliases/{}", i));
    for (const auto& [protocol, text] : vendor.names) alias(file, text, protocol, "/ids/names/" + protocol);
    for (const std::string& organisation : file.oui_org) {
        const auto [found, added] = organisations.try_emplace(folded(organisation), vendor.slug);
        if (!added && found->second != vendor.slug)
            complain(file.place + ": /ids/oui_org", fmt::format("\"{}\" belongs to {} too", organisation, found->second));
    }
    for (const auto& [registry, numbers] : file.numbers) {
        for (const std::int64_t number : numbers) {
            const auto [found, added] = id_vendors.try_emplace({registry, number}, vendor.slug);
            if (!added && found->second != vendor.slug)
                complain(file.place + ": /ids/" + registry, fmt::format("{} belongs to {} too", number, found->second));
        }
    }
    for (std::size_t i = 0; i < vendor.owned_by.size(); ++i) {
        const std::string place = fmt::format("{}: /owned_by/{}/owner", file.place, i);
        exists(vendor.owned_by[i].owner, place);
        if (!vendor.slug.empty() && vendor.owned_by[i].owner == vendor.slug) complain(place, "is the vendor itself");
    }
    for (std::size_t i = 0; i < vendor.oem.size(); ++i) {
        const std::string place = fmt::format("{}: /oem/{}/vendor", file.place, i);
        exists(vendor.oem[i].vendor, place);
        if (!vendor.slug.empty() && vendor.oem[i].vendor == vendor.slug) complain(place, "is the vendor itself");
    }
    for (std::size_t i = 0; i < vendor.clouds.size(); ++i) {
        exists(vendor.clouds[i].operator_slug, fmt::format("{}: /clouds/{}/operator", file.place, i));
        const Cloud& cloud = vendor.clouds[i];
        const auto [sign, key] = !cloud.certificate.empty() ? std::pair(cloud.certificate, "certificate")
                                 : !cloud.range.empty()     ? std::pair(cloud.range, "range")
                                                            : std::pair(cloud.suffix, "suffix");
        const auto [found, added] = suffixes_.try_emplace(sign, vendor.slug);
        if (!added && !sign.empty())
            complain(fmt::format("{}: /clouds/{}/{}", file.place, i, key),
                     fmt::format("\"{}\" stands with {} already", sign, found->second));
    }
    for (std::size_t i = 0; i < vendor.products.size(); ++i) examples(file, i);
}

// The first line that matches wins, so an example must not be taken by an earlier line.
void CrossCheck::examples(const VendorFile& file, std::size_t product) {
    for (std::size_t i = 0; i < file.examples[product].size(); ++i) {
        for (std::size_t earlier = 0; earlier < product; ++earlier) {
            if (!Pattern(file.vendor.products[earlier].pattern).match(file.examples[product][i].text)) continue;
            complain(fmt::format("{}: /products/{}/examples/{}", file.place, product, i),
                     fmt::format("\"{}\" is taken by the pattern of product {}", file.examples[product][i].text, earlier));
        }
    }
}

}  // namespace herkomst
