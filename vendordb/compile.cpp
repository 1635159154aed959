// From the files of vendordb/ to one SQLite file. Reading and checking come first, for all files; only what is free of problems
// is written, in sorted order and without a clock, so the same files give the same bytes.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <tuple>

#include "core/file.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/text.h"
#include "vendordb/database.h"
#include "vendordb/fingerprints.h"
#include "vendordb/vendor_file.h"
#include "vendordb/vendordb.h"

namespace herkomst {

namespace {

namespace fs = std::filesystem;

// The comments stay in the file: `sqlite3 vendordb.sqlite .schema` is its documentation.
constexpr const char* schema = R"sql(
CREATE TABLE meta (          -- about this file
  key TEXT PRIMARY KEY,      -- version, oui_as_of, vendors
  value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE registry (      -- the public registries of numbers that are in here
  registry TEXT PRIMARY KEY, -- oui, pen, cip, bacnet, profinet
  origin TEXT NOT NULL, publisher TEXT NOT NULL, licence TEXT NOT NULL,
  as_of TEXT NOT NULL,       -- date of the edition
  sha256 TEXT NOT NULL,      -- of the unpacked table
  entries INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE vocabulary (    -- the words that vendor files may use
  kind TEXT, key TEXT, name_nl TEXT NOT NULL, name_en TEXT NOT NULL,
  PRIMARY KEY (kind, key)    -- kind: category, capability, party
) WITHOUT ROWID;
CREATE TABLE source (        -- what claims rest on; claims name a row of it
  source INTEGER PRIMARY KEY,
  publisher TEXT NOT NULL, title TEXT NOT NULL, address TEXT NOT NULL, date TEXT NOT NULL
);
-- Every claim below has: status (verified: a primary source was read; reported: a secondary one; unverified: none, so it can
-- name but never raise a finding), as_of, source and quote (NULL when unverified), note. position is the order in its file.
CREATE TABLE jurisdiction (
  country TEXT PRIMARY KEY,  -- ISO 3166-1 alpha-2
  name_nl TEXT NOT NULL, name_en TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE jurisdiction_claim (
  country TEXT, position INTEGER,
  claim TEXT NOT NULL,       -- offensive_programme, compelled_cooperation, strained_relation
  named_by TEXT, article TEXT,
  status TEXT NOT NULL, as_of TEXT NOT NULL, source INTEGER REFERENCES source, quote TEXT, note TEXT,
  PRIMARY KEY (country, position)
) WITHOUT ROWID;
CREATE TABLE vendor (
  slug TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,        -- maker; module: never names the maker of a device; stack: firmware or runtime
  categories TEXT            -- words of the vocabulary, with commas
) WITHOUT ROWID;
CREATE TABLE alias (         -- names as devices and registries print them
  folded TEXT,               -- lower case, runs of anything but letters and digits as one space
  scope TEXT,                -- any, or the protocol within which devices mean this vendor by it (sunspec, modbus, ocpp, ...)
  text TEXT NOT NULL,
  vendor TEXT NOT NULL REFERENCES vendor,
  PRIMARY KEY (folded, scope)
) WITHOUT ROWID;
CREATE TABLE origin (        -- where a vendor comes from
  vendor TEXT, position INTEGER,
  claim TEXT NOT NULL,       -- legal_entity, registered_in, headquarters, controlled_from, state_control, top_of_chain, listed
  value TEXT, country TEXT,  -- country: ISO 3166-1 alpha-2, contested or unknown
  status TEXT NOT NULL, as_of TEXT NOT NULL, source INTEGER REFERENCES source, quote TEXT, note TEXT,
  PRIMARY KEY (vendor, position)
) WITHOUT ROWID;
CREATE TABLE owned_by (
  vendor TEXT, position INTEGER,
  owner TEXT,                -- slug, NULL when the owner has no file
  owner_name TEXT NOT NULL, country TEXT, share TEXT, since TEXT,
  status TEXT NOT NULL, as_of TEXT NOT NULL, source INTEGER REFERENCES source, quote TEXT, note TEXT,
  PRIMARY KEY (vendor, position)
) WITHOUT ROWID;
CREATE TABLE oem (           -- who builds for whom
  vendor TEXT, position INTEGER,
  relation TEXT NOT NULL,    -- made_by, makes_for
  other TEXT NOT NULL REFERENCES vendor, scope TEXT NOT NULL,
  status TEXT NOT NULL, as_of TEXT NOT NULL, source INTEGER REFERENCES source, quote TEXT, note TEXT,
  PRIMARY KEY (vendor, position)
) WITHOUT ROWID;
CREATE TABLE product (       -- product lines: a pattern over the model text
  vendor TEXT, position INTEGER,
  pattern TEXT NOT NULL,     -- RE2
  category TEXT NOT NULL,
  rated_power TEXT,          -- watts, where all models of the line have the same
  watts_per_unit INTEGER,    -- else watts per unit of the group n
  status TEXT NOT NULL, as_of TEXT NOT NULL, source INTEGER REFERENCES source, quote TEXT, note TEXT,
  PRIMARY KEY (vendor, position)
) WITHOUT ROWID;
CREATE TABLE capability (    -- what can be done from afar, through what, and by whom
  vendor TEXT, position INTEGER,
  capability TEXT NOT NULL, channel TEXT NOT NULL, party TEXT NOT NULL,
  categories TEXT,           -- with commas; NULL: all of the vendor's
  status TEXT NOT NULL, as_of TEXT NOT NULL, source INTEGER REFERENCES source, quote TEXT, note TEXT,
  PRIMARY KEY (vendor, position)
) WITHOUT ROWID;
CREATE TABLE cloud (
  suffix TEXT PRIMARY KEY,   -- of host names, at a label border
  vendor TEXT NOT NULL REFERENCES vendor, position INTEGER NOT NULL,
  purpose TEXT NOT NULL, operator TEXT,
  status TEXT NOT NULL, as_of TEXT NOT NULL, source INTEGER REFERENCES source, quote TEXT, note TEXT
) WITHOUT ROWID;
CREATE TABLE list (          -- lists of vendors published by authorities
  key TEXT PRIMARY KEY, title_nl TEXT NOT NULL, title_en TEXT NOT NULL, issuer TEXT NOT NULL, country TEXT,
  date TEXT NOT NULL, complete TEXT NOT NULL, source INTEGER REFERENCES source, sha256 TEXT
) WITHOUT ROWID;
CREATE TABLE list_entry (
  list TEXT, position INTEGER, name TEXT NOT NULL, vendor TEXT, scope TEXT, since TEXT,
  status TEXT NOT NULL, as_of TEXT NOT NULL, source INTEGER REFERENCES source, quote TEXT, note TEXT,
  PRIMARY KEY (list, position)
) WITHOUT ROWID;
CREATE TABLE organisation (  -- holders of OUI blocks, as the registry prints them
  organisation INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  vendor TEXT                -- slug, where a vendor file names this organisation
);
CREATE TABLE oui (           -- IEEE blocks: MA-L 24 bits, MA-M 28, MA-S and IAB 36
  bits INTEGER, prefix INTEGER, organisation INTEGER NOT NULL REFERENCES organisation,
  PRIMARY KEY (bits, prefix)
) WITHOUT ROWID;
CREATE TABLE id (            -- vendor ids of protocols
  registry TEXT, number INTEGER, name TEXT NOT NULL, vendor TEXT,
  PRIMARY KEY (registry, number)
) WITHOUT ROWID;
CREATE TABLE fingerprint (   -- patterns over one kind of evidence; the first that matches wins
  fingerprint INTEGER PRIMARY KEY,
  file TEXT NOT NULL, evidence TEXT NOT NULL,
  pattern TEXT NOT NULL,     -- Ruby's dialect, read by RE2
  flags TEXT,                -- i: ignores case; s: the dot matches a line end
  description TEXT NOT NULL
);
CREATE TABLE fingerprint_param (
  fingerprint INTEGER, position INTEGER,
  number INTEGER NOT NULL,   -- of the group; 0: the value stands here
  name TEXT NOT NULL, value TEXT,
  PRIMARY KEY (fingerprint, position)
) WITHOUT ROWID;
)sql";

struct RegistryTable {
    std::string registry;
    std::string origin;
    std::string publisher;
    std::string licence;
    std::string as_of;
    std::string sha256;
    std::vector<std::pair<std::uint64_t, std::string>> rows;  // sorted; for OUI with the number of bits in the top byte
};

constexpr std::string_view number_registries[] = {"bacnet", "cip", "pen", "profinet"};

// Everything that was read.
struct Data {
    Vocabulary vocabulary;
    std::vector<Jurisdiction> jurisdictions;
    std::vector<VendorFile> vendors;
    std::vector<VendorList> lists;
    std::vector<RegistryTable> registries;
    std::vector<Fingerprint> fingerprints;
    Sha256 digest;  // over every file's name and content, in order
};

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

void read_all(const fs::path& folder, Data& data, Problems& problems) {
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
            data.lists.push_back(read_list(*json, "lists/" + name, stem_of(name), problems));
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

// What can only be seen across files: names and numbers that two vendors claim, slugs that lead nowhere.
class CrossCheck {
  public:
    CrossCheck(const Data& data, Problems& problems) : data_(data), problems_(problems) {
        for (const VendorFile& file : data.vendors) slugs_.insert(file.vendor.slug);
    }

    struct Alias {
        std::string vendor;
        std::string text;
    };
    std::map<std::pair<std::string, std::string>, Alias> aliases;            // (folded, scope)
    std::map<std::string, std::string> organisations;                        // folded OUI organisation -> vendor
    std::map<std::pair<std::string, std::int64_t>, std::string> id_vendors;  // (registry, number) -> vendor

    void run() {
        for (const VendorFile& file : data_.vendors) vendor(file);
        for (const VendorList& list : data_.lists)
            for (std::size_t i = 0; i < list.entries.size(); ++i)
                exists(list.entries[i].vendor, fmt::format("{}: /entries/{}/vendor", list.place, i));
    }

  private:
    void complain(const std::string& place, std::string sentence) { problems_.push_back({place, std::move(sentence)}); }

    void exists(const std::string& slug, const std::string& place) {
        if (!slug.empty() && !slugs_.contains(slug)) complain(place, fmt::format("there is no vendor \"{}\"", slug));
    }

    void alias(const VendorFile& file, const std::string& text, const std::string& scope, const std::string& pointer) {
        const std::string key = folded(text);
        if (text.empty()) return;
        if (key.empty()) return complain(file.place + ": " + pointer, fmt::format("\"{}\" holds no letter or digit", text));
        const auto [found, added] = aliases.try_emplace({key, scope}, Alias{file.vendor.slug, text});
        if (!added && found->second.vendor != file.vendor.slug)
            complain(file.place + ": " + pointer,
                     fmt::format("\"{}\" is a name of {} too (\"{}\")", text, found->second.vendor, found->second.text));
    }

    void vendor(const VendorFile& file) {
        const Vendor& vendor = file.vendor;
        alias(file, vendor.name, "any", "/name");
        for (std::size_t i = 0; i < vendor.aliases.size(); ++i)
            alias(file, vendor.aliases[i], "any", fmt::format("/aliases/{}", i));
        for (const auto& [protocol, text] : file.names) alias(file, text, protocol, "/ids/names/" + protocol);
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
            const auto [found, added] = suffixes_.try_emplace(vendor.clouds[i].suffix, vendor.slug);
            if (!added && !vendor.clouds[i].suffix.empty())
                complain(fmt::format("{}: /clouds/{}/suffix", file.place, i),
                         fmt::format("\"{}\" stands with {} already", vendor.clouds[i].suffix, found->second));
        }
        for (std::size_t i = 0; i < vendor.products.size(); ++i) examples(file, i);
    }

    // The first line that matches wins, so an example must not be taken by an earlier line.
    void examples(const VendorFile& file, std::size_t product) {
        for (std::size_t i = 0; i < file.examples[product].size(); ++i) {
            for (std::size_t earlier = 0; earlier < product; ++earlier) {
                if (!Pattern(file.vendor.products[earlier].pattern).match(file.examples[product][i].text)) continue;
                complain(fmt::format("{}: /products/{}/examples/{}", file.place, product, i),
                         fmt::format("\"{}\" is taken by the pattern of product {}", file.examples[product][i].text, earlier));
            }
        }
    }

    const Data& data_;
    Problems& problems_;
    std::set<std::string> slugs_;
    std::map<std::string, std::string> suffixes_;
};

// The day of the newest claim or registry: the age of the data, from the data.
std::string newest(const Data& data) {
    std::string day;
    const auto look = [&](const std::string& as_of) { day = std::max(day, as_of); };
    for (const RegistryTable& registry : data.registries) look(registry.as_of);
    for (const Jurisdiction& jurisdiction : data.jurisdictions)
        for (const JurisdictionClaim& claim : jurisdiction.claims) look(claim.sourcing.as_of);
    for (const VendorFile& file : data.vendors) {
        for (const auto& claim : file.vendor.origin) look(claim.sourcing.as_of);
        for (const auto& claim : file.vendor.owned_by) look(claim.sourcing.as_of);
        for (const auto& claim : file.vendor.oem) look(claim.sourcing.as_of);
        for (const auto& claim : file.vendor.products) look(claim.sourcing.as_of);
        for (const auto& claim : file.vendor.capabilities) look(claim.sourcing.as_of);
        for (const auto& claim : file.vendor.clouds) look(claim.sourcing.as_of);
    }
    return day.empty() ? "undated" : day;
}

class Writer {
  public:
    Writer(Data& data, const CrossCheck& cross, const std::string& path)
        : data_(data), cross_(cross), database_(path, Database::Open::Create) {}

    void write() {
        database_.run(
            "PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA encoding = 'UTF-8';");
        database_.run("BEGIN");
        database_.run(schema);
        sources();
        about();
        words();
        jurisdictions();
        vendors();
        lists();
        organisations();
        numbers();
        fingerprints();
        database_.run("COMMIT");
    }

  private:
    using SourceKey = std::tuple<std::string, std::string, std::string, std::string>;
    static SourceKey key_of(const Sourcing& s) { return {s.publisher, s.title, s.address, s.date}; }

    template <class Look>
    void each_sourcing(Look&& look) {
        for (const Jurisdiction& jurisdiction : data_.jurisdictions)
            for (const JurisdictionClaim& claim : jurisdiction.claims) look(claim.sourcing);
        for (const VendorFile& file : data_.vendors) {
            for (const auto& claim : file.vendor.origin) look(claim.sourcing);
            for (const auto& claim : file.vendor.owned_by) look(claim.sourcing);
            for (const auto& claim : file.vendor.oem) look(claim.sourcing);
            for (const auto& claim : file.vendor.products) look(claim.sourcing);
            for (const auto& claim : file.vendor.capabilities) look(claim.sourcing);
            for (const auto& claim : file.vendor.clouds) look(claim.sourcing);
        }
        for (const VendorList& list : data_.lists) {
            look(list.source);
            for (const ListEntry& entry : list.entries) look(entry.sourcing);
        }
    }

    void sources() {
        each_sourcing([&](const Sourcing& s) {
            if (!s.address.empty()) sources_.emplace(key_of(s), 0);
        });
        Rows rows(database_, "INSERT INTO source VALUES (?,?,?,?,?)");
        std::int64_t number = 0;
        for (auto& [key, id] : sources_) {
            id = ++number;
            rows.insert(id, std::get<0>(key), std::get<1>(key), std::get<2>(key), std::get<3>(key));
        }
    }
    // As text, because an empty text becomes NULL; the column's affinity makes it a number again.
    std::string source(const Sourcing& s) const { return s.address.empty() ? "" : std::to_string(sources_.at(key_of(s))); }

    void about() {
        std::string oui_as_of;
        Rows registry(database_, "INSERT INTO registry VALUES (?,?,?,?,?,?,?)");
        for (const RegistryTable& table : data_.registries) {
            registry.insert(table.registry, table.origin, table.publisher, table.licence, table.as_of, table.sha256,
                            static_cast<std::int64_t>(table.rows.size()));
            if (table.registry == "oui") oui_as_of = table.as_of;
        }
        Rows meta(database_, "INSERT INTO meta VALUES (?,?)");
        meta.insert("format", "1");
        meta.insert("oui_as_of", oui_as_of.empty() ? std::string("none") : oui_as_of);
        meta.insert("vendors", std::to_string(data_.vendors.size()));
        meta.insert("version", fmt::format("{} sha256:{}", newest(data_), data_.digest.hex().substr(0, 12)));
    }

    void words() {
        Rows rows(database_, "INSERT INTO vocabulary VALUES (?,?,?,?)");
        for (const Word& word : data_.vocabulary.capabilities) rows.insert("capability", word.key, word.nl, word.en);
        for (const Word& word : data_.vocabulary.categories) rows.insert("category", word.key, word.nl, word.en);
        for (const Word& word : data_.vocabulary.parties) rows.insert("party", word.key, word.nl, word.en);
    }

    void jurisdictions() {
        Rows rows(database_, "INSERT INTO jurisdiction VALUES (?,?,?)");
        Rows claims(database_, "INSERT INTO jurisdiction_claim VALUES (?,?,?,?,?,?,?,?,?,?)");
        for (const Jurisdiction& jurisdiction : data_.jurisdictions) {
            rows.insert(jurisdiction.country, jurisdiction.names.at("nl"), jurisdiction.names.at("en"));
            std::int64_t position = 0;
            for (const JurisdictionClaim& claim : jurisdiction.claims) {
                const Sourcing& s = claim.sourcing;
                claims.insert(jurisdiction.country, position++, claim.claim, claim.named_by, claim.article, name(s.status),
                              s.as_of, source(s), s.quote, s.note);
            }
        }
    }

    void vendors() {
        Rows vendor_rows(database_, "INSERT INTO vendor VALUES (?,?,?,?)");
        Rows alias_rows(database_, "INSERT INTO alias VALUES (?,?,?,?)");
        Rows origin(database_, "INSERT INTO origin VALUES (?,?,?,?,?,?,?,?,?,?)");
        Rows owned_by(database_, "INSERT INTO owned_by VALUES (?,?,?,?,?,?,?,?,?,?,?,?)");
        Rows oem(database_, "INSERT INTO oem VALUES (?,?,?,?,?,?,?,?,?,?)");
        Rows product(database_, "INSERT INTO product VALUES (?,?,?,?,?,?,?,?,?,?,?)");
        Rows capability(database_, "INSERT INTO capability VALUES (?,?,?,?,?,?,?,?,?,?,?)");
        Rows cloud(database_, "INSERT INTO cloud VALUES (?,?,?,?,?,?,?,?,?,?)");
        for (const auto& [key, alias] : cross_.aliases) alias_rows.insert(key.first, key.second, alias.text, alias.vendor);
        for (const VendorFile& file : data_.vendors) {
            const Vendor& v = file.vendor;
            vendor_rows.insert(v.slug, v.name, v.kind, join(v.categories, ","));
            std::int64_t at = 0;
            for (const OriginClaim& c : v.origin)
                origin.insert(v.slug, at++, c.claim, c.value, c.country, name(c.sourcing.status), c.sourcing.as_of,
                              source(c.sourcing), c.sourcing.quote, c.sourcing.note);
            at = 0;
            for (const Ownership& c : v.owned_by)
                owned_by.insert(v.slug, at++, c.owner, c.owner_name, c.country, c.share, c.since, name(c.sourcing.status),
                                c.sourcing.as_of, source(c.sourcing), c.sourcing.quote, c.sourcing.note);
            at = 0;
            for (const OemRelation& c : v.oem)
                oem.insert(v.slug, at++, c.relation, c.vendor, c.scope, name(c.sourcing.status), c.sourcing.as_of,
                           source(c.sourcing), c.sourcing.quote, c.sourcing.note);
            at = 0;
            for (const Product& c : v.products)
                product.insert(v.slug, at++, c.pattern, c.category, c.rated_power,
                               c.watts_per_unit == 0 ? std::string() : std::to_string(c.watts_per_unit),
                               name(c.sourcing.status), c.sourcing.as_of, source(c.sourcing), c.sourcing.quote,
                               c.sourcing.note);
            at = 0;
            for (const Capability& c : v.capabilities)
                capability.insert(v.slug, at++, c.capability, c.channel, c.party, join(c.categories, ","),
                                  name(c.sourcing.status), c.sourcing.as_of, source(c.sourcing), c.sourcing.quote,
                                  c.sourcing.note);
            at = 0;
            for (const Cloud& c : v.clouds)
                cloud.insert(c.suffix, v.slug, at++, c.purpose, c.operator_slug, name(c.sourcing.status), c.sourcing.as_of,
                             source(c.sourcing), c.sourcing.quote, c.sourcing.note);
        }
    }

    void lists() {
        Rows rows(database_, "INSERT INTO list VALUES (?,?,?,?,?,?,?,?,?)");
        Rows entries(database_, "INSERT INTO list_entry VALUES (?,?,?,?,?,?,?,?,?,?,?)");
        for (const VendorList& list : data_.lists) {
            rows.insert(list.key, list.nl, list.en, list.issuer, list.country, list.date, list.complete, source(list.source),
                        list.sha256);
            std::int64_t at = 0;
            for (const ListEntry& entry : list.entries) {
                const Sourcing& s = entry.sourcing;
                entries.insert(list.key, at++, entry.name, entry.vendor, entry.scope, entry.since, name(s.status), s.as_of,
                               source(s), s.quote, s.note);
            }
        }
    }

    const RegistryTable* registry(std::string_view name) const {
        for (const RegistryTable& table : data_.registries)
            if (table.registry == name) return &table;
        return nullptr;
    }

    void organisations() {
        const RegistryTable* table = registry("oui");
        if (table == nullptr) return;
        std::map<std::string_view, std::int64_t> numbers;
        for (const auto& [number, holder] : table->rows) numbers.emplace(holder, 0);
        Rows rows(database_, "INSERT INTO organisation VALUES (?,?,?)");
        std::int64_t next = 0;
        for (auto& [holder, number] : numbers) {
            number = ++next;
            const auto vendor = cross_.organisations.find(folded(holder));
            rows.insert(number, holder, vendor == cross_.organisations.end() ? std::string() : vendor->second);
        }
        Rows oui(database_, "INSERT INTO oui VALUES (?,?,?)");
        for (const auto& [number, holder] : table->rows)
            oui.insert(static_cast<std::int64_t>(number >> 40), static_cast<std::int64_t>(number & 0xffffffffffULL),
                       numbers.at(holder));
    }

    void numbers() {
        Rows rows(database_, "INSERT INTO id VALUES (?,?,?,?)");
        for (const std::string_view name : number_registries) {
            std::map<std::int64_t, std::pair<std::string, std::string>> holders;
            if (const RegistryTable* table = registry(name))
                for (const auto& [number, holder] : table->rows) holders[static_cast<std::int64_t>(number)].first = holder;
            for (const auto& [id, vendor] : cross_.id_vendors)
                if (id.first == name) holders[id.second].second = vendor;
            for (auto& [number, holder] : holders) {
                auto& [organisation, vendor] = holder;
                // A number that only a vendor file knows: the vendor's own name.
                if (organisation.empty()) organisation = vendor_name(vendor);
                rows.insert(name, number, organisation, vendor);
            }
        }
    }
    std::string vendor_name(const std::string& slug) const {
        for (const VendorFile& file : data_.vendors)
            if (file.vendor.slug == slug) return file.vendor.name;
        return slug;
    }

    void fingerprints() {
        Rows rows(database_, "INSERT INTO fingerprint VALUES (?,?,?,?,?,?)");
        Rows params(database_, "INSERT INTO fingerprint_param VALUES (?,?,?,?,?)");
        std::int64_t number = 0;
        for (const Fingerprint& fingerprint : data_.fingerprints) {
            ++number;
            rows.insert(number, fingerprint.file, fingerprint.evidence, fingerprint.pattern, fingerprint.flags,
                        fingerprint.description);
            std::int64_t at = 0;
            for (const FingerprintParam& param : fingerprint.params)
                params.insert(number, at++, static_cast<std::int64_t>(param.group), param.name, param.value);
        }
    }

    Data& data_;
    const CrossCheck& cross_;
    Database database_;
    std::map<SourceKey, std::int64_t> sources_;
};

}  // namespace

Problems compile_vendordb(const std::string& folder, const std::string& to) {
    Data data;
    Problems problems;
    read_all(folder, data, problems);
    CrossCheck cross(data, problems);
    cross.run();
    if (!problems.empty()) return problems;
    // Written beside the target and renamed, so a reader never sees half a file.
    const std::string beside = to + ".new";
    std::error_code error;
    fs::remove(beside, error);
    try {
        Writer(data, cross, beside).write();
        fs::rename(beside, to);
    } catch (const std::exception& failure) {
        fs::remove(beside, error);
        return {{to, fmt::format("cannot be written: {}", failure.what())}};
    }
    return {};
}

}  // namespace herkomst
