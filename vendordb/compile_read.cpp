#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "core/file.h"
#include "core/json.h"
#include "vendordb/compile.h"

namespace herkomst {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> files_in(const fs::path& folder, std::string_view extension) {
    std::vector<std::string> names;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error))
        if (entry.path().extension() == extension) names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

std::string stem_of(const std::string& name) { return fs::path(name).stem().string(); }

std::optional<std::string> content(const fs::path& folder, const std::string& place, Data& data, Problems& problems) {
    Result<std::string> text = read_file((folder / place).string());
    if (!text) {
        for (const Problem& problem : text.problems()) problems.push_back({place, problem.sentence});
        return std::nullopt;
    }
    data.digest.add(fmt::format("{} {}\n", place, text.value().size()));
    data.digest.add(text.value());
    return std::move(text.value());
}

std::optional<Json> json_of(const fs::path& folder, const std::string& place, Data& data, Problems& problems) {
    const std::optional<std::string> text = content(folder, place, data, problems);
    if (!text) return std::nullopt;
    Result<Json> json = parse_json(*text, place);
    if (json) return std::move(json.value());
    problems.insert(problems.end(), json.problems().begin(), json.problems().end());
    return std::nullopt;
}

std::optional<std::uint64_t> number_of(std::string_view text, unsigned base) {
    std::uint64_t value = 0;
    if (text.empty() || text.size() > 10) return std::nullopt;
    for (const char c : text) {
        unsigned digit = 99;
        if (c >= '0' && c <= '9') digit = static_cast<unsigned>(c - '0');
        if (c >= 'A' && c <= 'F') digit = static_cast<unsigned>(c - 'A') + 10;
        if (digit >= base) return std::nullopt;
        value = value * base + digit;
    }
    return value;
}

void read_rows(std::string_view table, const std::string& place, RegistryTable& registry, Problems& problems) {
    const bool oui = registry.registry == "oui";
    std::size_t line = 0;
    std::size_t told = 0;
    for (std::size_t at = 0; at < table.size();) {
        const std::size_t end = std::min(table.find('\n', at), table.size());
        const std::string_view text = table.substr(at, end - at);
        at = end + 1;
        ++line;
        const std::size_t tab = text.find('\t');
        const std::string_view key = text.substr(0, tab);
        const std::string_view holder = tab == std::string_view::npos ? std::string_view() : text.substr(tab + 1);
        const std::optional<std::uint64_t> number = number_of(key, oui ? 16 : 10);
        const bool length = !oui || key.size() == 6 || key.size() == 7 || key.size() == 9;
        if (!number || !length || holder.empty() || holder.find('\t') != std::string_view::npos) {
            // A table that is not one has a problem in every line: a few show it.
            if (++told <= 5)
                problems.push_back(
                    {fmt::format("{}:{}", place, line), oui ? "must be a prefix of 6, 7 or 9 hexadecimal digits, a "
                                                              "tab and an organisation"
                                                            : "must be a number, a tab and an organisation"});
            continue;
        }
        const std::uint64_t bits = oui ? key.size() * 4 : 0;
        registry.rows.emplace_back((bits << 40) | *number, std::string(holder));
    }
    std::stable_sort(registry.rows.begin(), registry.rows.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 1; i < registry.rows.size(); ++i)
        if (registry.rows[i].first == registry.rows[i - 1].first)
            problems.push_back({place, fmt::format("the number of \"{}\" stands twice", registry.rows[i].second)});
}

void read_registry(const fs::path& folder, const std::string& name, Data& data, Problems& problems) {
    RegistryTable registry;
    registry.registry = name;
    const std::string place = "registries/" + name + ".json";
    const std::optional<Json> json = json_of(folder, place, data, problems);
    if (!json) return;
    for (const std::string_view key : {"registry", "origin", "publisher", "licence", "as_of", "sha256"})
        if ((*json)[key].string().empty()) problems.push_back({place, fmt::format("misses the key \"{}\"", key)});
    static constexpr std::string_view known[] = {"registry", "origin", "publisher", "licence", "packages",
                                                 "as_of",    "note",   "sha256",    "rows"};
    for (const auto& [key, member] : json->members())
        if (std::find(std::begin(known), std::end(known), key) == std::end(known))
            problems.push_back({place + ": /" + key, "is not a known key here"});
    if ((*json)["registry"].string() != name) problems.push_back({place + ": /registry", "is not the name of the file"});
    registry.origin = (*json)["origin"].string();
    registry.publisher = (*json)["publisher"].string();
    registry.licence = (*json)["licence"].string();
    registry.as_of = (*json)["as_of"].string();
    registry.sha256 = (*json)["sha256"].string();
    for (const std::string_view packing : {".tsv.zst", ".tsv.gz", ".tsv"}) {
        const std::string table_place = "registries/" + name + std::string(packing);
        std::error_code error;
        if (!fs::exists(folder / table_place, error)) continue;
        const std::optional<std::string> packed = content(folder, table_place, data, problems);
        if (!packed) return;
        const Result<std::string> table = unpacked(*packed, table_place);
        if (!table) {
            problems.insert(problems.end(), table.problems().begin(), table.problems().end());
            return;
        }
        if (sha256(table.value()) != registry.sha256)
            problems.push_back({place + ": /sha256", fmt::format("is not that of {}", table_place)});
        read_rows(table.value(), table_place, registry, problems);
        if ((*json)["rows"].integer(-1) != static_cast<std::int64_t>(registry.rows.size()))
            problems.push_back({place + ": /rows", fmt::format("is not the {} of {}", registry.rows.size(), table_place)});
        data.registries.push_back(std::move(registry));
        return;
    }
    problems.push_back({place, "has no table beside it (.tsv.zst, .tsv.gz or .tsv)"});
}

// A name as a pattern, so that it is looked up like any other text that a device shows: "update.example.com" and what stands
// under it.
std::string pattern_of(std::string_view suffix) {
    std::string pattern = "(?:^|\\.)";
    for (const char c : suffix) {
        if (c == '.') pattern.push_back('\\');
        pattern.push_back(c);
    }
    return pattern + "$";
}

// The particular name before the general one.
std::vector<Fingerprint> fingerprints_of(const std::vector<ServiceNames>& services, const std::vector<VendorFile>& vendors,
                                         const std::string& place, Problems& problems) {
    std::vector<std::pair<std::string, Fingerprint>> made;
    for (std::size_t i = 0; i < services.size(); ++i) {
        const ServiceNames& service = services[i];
        const auto vendor = std::find_if(vendors.begin(), vendors.end(),
                                         [&](const VendorFile& file) { return file.vendor.slug == service.vendor; });
        if (vendor == vendors.end()) {
            problems.push_back(
                {fmt::format("{}: /{}/vendor", place, i), fmt::format("there is no vendor \"{}\"", service.vendor)});
            continue;
        }
        const Sourcing& s = service.sourcing;
        for (const std::string& suffix : service.suffixes) {
            Fingerprint one;
            one.file = "services";
            one.evidence = "service.name";
            one.pattern = pattern_of(suffix);
            one.description =
                fmt::format("{} ({}: {}, {}, {}, {})", suffix, name(s.status), s.publisher, s.title, s.date, s.address);
            one.params = {
                {0, "product", service.product}, {0, "stack_maker", vendor->vendor.name}, {0, "category", service.category}};
            one.examples = {{suffix, {}}};
            made.emplace_back(suffix, std::move(one));
        }
    }
    std::sort(made.begin(), made.end(), [](const auto& a, const auto& b) {
        return a.first.size() != b.first.size() ? a.first.size() > b.first.size() : a.first < b.first;
    });
    std::vector<Fingerprint> out;
    for (auto& [suffix, one] : made) out.push_back(std::move(one));
    return out;
}

}  // namespace

void read_folder(const std::string& named, Data& data, Problems& problems) {
    const fs::path folder = named;
    std::error_code error;
    if (!fs::is_directory(folder, error)) {
        problems.push_back({folder.string(), "is not a folder"});
        return;
    }
    if (fs::exists(folder / "vocabulary.json", error))
        if (const auto json = json_of(folder, "vocabulary.json", data, problems))
            read_vocabulary(*json, "vocabulary.json", data.vocabulary, problems);
    if (fs::exists(folder / "jurisdictions.json", error))
        if (const auto json = json_of(folder, "jurisdictions.json", data, problems))
            data.jurisdictions = read_jurisdictions(*json, "jurisdictions.json", problems);
    for (const Jurisdiction& jurisdiction : data.jurisdictions) data.vocabulary.countries.insert(jurisdiction.country);
    for (const std::string& name : files_in(folder / "vendors", ".json"))
        if (const auto json = json_of(folder, "vendors/" + name, data, problems))
            data.vendors.push_back(read_vendor(*json, "vendors/" + name, stem_of(name), data.vocabulary, problems));
    for (const std::string& name : files_in(folder / "lists", ".json"))
        if (const auto json = json_of(folder, "lists/" + name, data, problems))
            data.lists.push_back(read_list(*json, "lists/" + name, stem_of(name), data.vocabulary, problems));
    if (fs::exists(folder / "traps.json", error))
        if (const auto json = json_of(folder, "traps.json", data, problems))
            data.traps = read_traps(*json, "traps.json", problems);
    if (fs::exists(folder / "services.json", error))
        if (const auto json = json_of(folder, "services.json", data, problems))
            data.fingerprints = fingerprints_of(read_services(*json, "services.json", data.vocabulary, problems), data.vendors,
                                                "services.json", problems);
    for (const std::string& name : files_in(folder / "registries", ".json"))
        read_registry(folder, stem_of(name), data, problems);
    for (const std::string& name : files_in(folder / "fingerprints", ".xml")) {
        const std::string place = "fingerprints/" + name;
        const std::optional<std::string> xml = content(folder, place, data, problems);
        if (!xml) continue;
        std::vector<Fingerprint> read = read_fingerprints(*xml, place, stem_of(name), problems);
        std::move(read.begin(), read.end(), std::back_inserter(data.fingerprints));
    }
    check_fingerprints(data.fingerprints, problems);
}

}  // namespace herkomst
