// The user's own folders on top of the database: read and checked like ours, then put in place before anything is indexed.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "core/text.h"
#include "vendordb/compile.h"
#include "vendordb/loaded.h"

namespace herkomst {

namespace {

namespace fs = std::filesystem;

// A misspelt folder would be silently ignored otherwise.
void check_names(const std::string& folder, Problems& problems) {
    static constexpr std::string_view known[] = {"vendors",    "lists",           "fingerprints", "jurisdictions.json",
                                                 "traps.json", "vocabulary.json", "README.md"};
    std::vector<std::string> others;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with('.')) continue;
        if (std::find(std::begin(known), std::end(known), name) == std::end(known)) others.push_back(name);
    }
    std::sort(others.begin(), others.end());
    for (const std::string& name : others)
        problems.push_back({name,
                            "is not part of an overlay (vendors, lists, fingerprints, jurisdictions.json, traps.json, "
                            "vocabulary.json)"});
}

}  // namespace

void VendorDb::Loaded::lay_over_vendor(VendorFile&& file, const std::string& folder) {
    Vendor& made = file.vendor;
    const std::string slug = made.slug;
    made.overlay = folder;
    const std::optional<std::uint32_t> there = index(slug);
    made.overrides = there.has_value();
    overrides.push_back({"vendor " + slug, folder, made.overrides});
    // Names: those of the file that it replaces go; where another vendor has the name, ours gives way.
    std::erase_if(alias_rows_, [&](const Alias& row) { return row.vendor == slug; });
    const auto give = [&](const std::string& text, const std::string& scope) {
        const std::string key = folded(text);
        const auto other = std::find_if(alias_rows_.begin(), alias_rows_.end(), [&](const Alias& row) {
            return row.folded == key && row.scope == scope && row.vendor != slug;
        });
        if (other != alias_rows_.end()) {
            overrides.push_back({fmt::format("name \"{}\" of {}", other->text, other->vendor), folder, true});
            alias_rows_.erase(other);
        }
        alias_rows_.push_back({key, scope, text, slug});
    };
    give(made.name, "any");
    for (const std::string& text : made.aliases) give(text, "any");
    for (const auto& [scope, text] : made.names) {
        give(text, scope);
        made.aliases.push_back(text);
    }
    std::sort(made.names.begin(), made.names.end());
    std::sort(made.aliases.begin(), made.aliases.end());
    made.aliases.erase(std::unique(made.aliases.begin(), made.aliases.end()), made.aliases.end());
    std::erase(made.aliases, made.name);
    // Ids: likewise.
    if (there) replaced_.insert(slug);
    std::erase_if(organisations_, [&](const auto& row) { return row.second == slug; });
    std::erase_if(id_vendors_, [&](const auto& row) { return row.second == slug; });
    for (const std::string& organisation : file.oui_org) organisations_[folded(organisation)] = slug;
    for (const auto& [registry, numbers] : file.numbers)
        for (const std::int64_t number : numbers) id_vendors_[{registry, static_cast<std::uint64_t>(number)}] = slug;
    if (there) {
        vendors[*there] = std::move(made);
    } else {
        const auto at = std::lower_bound(vendors.begin(), vendors.end(), slug,
                                         [](const Vendor& vendor, const std::string& s) { return vendor.slug < s; });
        vendors.insert(at, std::move(made));
    }
}

void VendorDb::Loaded::lay_over(const std::string& folder, Problems& problems) {
    Data data;
    data.vocabulary = vocabulary;
    Problems found;
    check_names(folder, found);
    read_folder(folder, data, found);
    std::set<std::string> below;
    for (const Vendor& vendor : vendors) below.insert(vendor.slug);
    CrossCheck(data, found, below).run();
    for (Problem& problem : found)
        problems.push_back({problem.place == folder ? folder : folder + "/" + problem.place, std::move(problem.sentence)});
    if (!found.empty()) return;

    for (VendorFile& file : data.vendors) lay_over_vendor(std::move(file), folder);
    const auto replace = [&](auto& list, auto&& made, const std::string& what, auto key_of) {
        made.overlay = folder;
        const std::string key = key_of(made);
        const auto there = std::find_if(list.begin(), list.end(), [&](const auto& each) { return key_of(each) == key; });
        overrides.push_back({what + " " + key, folder, there != list.end()});
        if (there != list.end()) {
            *there = std::move(made);
        } else {
            list.push_back(std::move(made));
            std::sort(list.begin(), list.end(), [&](const auto& a, const auto& b) { return key_of(a) < key_of(b); });
        }
    };
    for (VendorList& list : data.lists) replace(lists, std::move(list), "list", [](const VendorList& l) { return l.key; });
    for (Trap& trap : data.traps) replace(traps, std::move(trap), "trap", [](const Trap& t) { return t.id; });
    for (Jurisdiction& made : data.jurisdictions) {
        made.overlay = folder;
        vocabulary.countries.insert(made.country);
        const bool there = jurisdictions.contains(made.country);
        overrides.push_back({"jurisdiction " + made.country, folder, there});
        jurisdictions[made.country] = std::move(made);
    }
    if (!data.fingerprints.empty())
        overrides.push_back({fmt::format("{} fingerprints", data.fingerprints.size()), folder, false});
    overlay_fingerprints.add_before(std::move(data.fingerprints));
    vocabulary = std::move(data.vocabulary);
    version += fmt::format(" + overlay sha256:{}", data.digest.hex().substr(0, 12));
}

}  // namespace herkomst
