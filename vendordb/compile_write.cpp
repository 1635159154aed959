#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "core/text.h"
#include "vendordb/compile.h"
#include "vendordb/database.h"

namespace herkomst {

namespace {

// The comments stay in the file: `sqlite3 vendordb.sqlite .schema` is its documentation.
constexpr const char* schema = R"sql(
CREATE TABLE meta (          -- about this file
  key TEXT PRIMARY KEY,      -- format, version, oui_as_of, vendors
  value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE registry (      -- the public registries of numbers that are in here
  registry TEXT PRIMARY KEY, -- oui, pen, cip, bacnet, ethercat, flag, knx, profinet; e118, e212: countries
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
  suffix TEXT NOT NULL,      -- of host names, at a label border
  vendor TEXT NOT NULL REFERENCES vendor, position INTEGER NOT NULL,
  purpose TEXT NOT NULL, operator TEXT,
  certificate TEXT,          -- its servers show this attribute; the row then says nothing about host names
  range TEXT,                -- its servers have these addresses; likewise
  status TEXT NOT NULL, as_of TEXT NOT NULL, source INTEGER REFERENCES source, quote TEXT, note TEXT,
  PRIMARY KEY (vendor, position)
) WITHOUT ROWID;
CREATE TABLE list (          -- lists of companies or countries published by authorities
  key TEXT PRIMARY KEY, title_nl TEXT NOT NULL, title_en TEXT NOT NULL, issuer TEXT NOT NULL, country TEXT,
  date TEXT NOT NULL, complete TEXT NOT NULL, source INTEGER REFERENCES source,
  sha256 TEXT NOT NULL,      -- of the entries, as vendordb/README.md says
  source_sha256 TEXT,        -- of the source document, where it was had byte for byte
  note_nl TEXT, note_en TEXT
) WITHOUT ROWID;
CREATE TABLE list_entry (
  list TEXT, position INTEGER, name TEXT NOT NULL, vendor TEXT, scope TEXT, since TEXT,
  status TEXT NOT NULL, as_of TEXT NOT NULL, source INTEGER REFERENCES source, quote TEXT, note TEXT,
  PRIMARY KEY (list, position)
) WITHOUT ROWID;
CREATE TABLE list_country (  -- jurisdictions that a list names: whoever falls under their control is meant
  list TEXT, position INTEGER, country TEXT NOT NULL, scope TEXT, since TEXT,
  status TEXT NOT NULL, as_of TEXT NOT NULL, source INTEGER REFERENCES source, quote TEXT, note TEXT,
  PRIMARY KEY (list, position)
) WITHOUT ROWID;
CREATE TABLE trap (          -- ids that do not name who made the device that answers with them
  id TEXT PRIMARY KEY,       -- "pen:50001"
  why TEXT NOT NULL,         -- borrowed, module, placeholder
  means_nl TEXT NOT NULL, means_en TEXT NOT NULL,
  status TEXT NOT NULL, as_of TEXT NOT NULL, source INTEGER REFERENCES source, quote TEXT, note TEXT
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

// The day of the newest claim or registry: the age of the data, from the data.
std::string newest(const Data& data) {
    std::string day;
    const auto look = [&](const std::string& as_of) { day = std::max(day, as_of); };
    for (const RegistryTable& registry : data.registries) look(registry.as_of);
    for (const Jurisdiction& jurisdiction : data.jurisdictions)
        for (const JurisdictionClaim& claim : jurisdiction.claims) look(claim.sourcing.as_of);
    for (const VendorList& list : data.lists) {
        for (const ListEntry& entry : list.entries) look(entry.sourcing.as_of);
        for (const ListCountry& country : list.countries) look(country.sourcing.as_of);
    }
    for (const Trap& trap : data.traps) look(trap.sourcing.as_of);
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
        traps();
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
            for (const ListCountry& country : list.countries) look(country.sourcing);
        }
        for (const Trap& trap : data_.traps) look(trap.sourcing);
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
        meta.insert("format", "3");
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
        Rows cloud(database_, "INSERT INTO cloud VALUES (?,?,?,?,?,?,?,?,?,?,?,?)");
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
                cloud.insert(c.suffix, v.slug, at++, c.purpose, c.operator_slug, c.certificate, c.range,
                             name(c.sourcing.status), c.sourcing.as_of, source(c.sourcing), c.sourcing.quote, c.sourcing.note);
        }
    }

    void lists() {
        Rows rows(database_, "INSERT INTO list VALUES (?,?,?,?,?,?,?,?,?,?,?,?)");
        Rows entries(database_, "INSERT INTO list_entry VALUES (?,?,?,?,?,?,?,?,?,?,?)");
        Rows countries(database_, "INSERT INTO list_country VALUES (?,?,?,?,?,?,?,?,?,?)");
        for (const VendorList& list : data_.lists) {
            rows.insert(list.key, list.nl, list.en, list.issuer, list.country, list.date, list.complete, source(list.source),
                        list.sha256, list.source_sha256, list.note_nl, list.note_en);
            std::int64_t at = 0;
            for (const ListEntry& entry : list.entries) {
                const Sourcing& s = entry.sourcing;
                entries.insert(list.key, at++, entry.name, entry.vendor, entry.scope, entry.since, name(s.status), s.as_of,
                               source(s), s.quote, s.note);
            }
            at = 0;
            for (const ListCountry& named : list.countries) {
                const Sourcing& s = named.sourcing;
                countries.insert(list.key, at++, named.country, named.scope, named.since, name(s.status), s.as_of, source(s),
                                 s.quote, s.note);
            }
        }
    }

    void traps() {
        std::sort(data_.traps.begin(), data_.traps.end(), [](const Trap& a, const Trap& b) { return a.id < b.id; });
        Rows rows(database_, "INSERT INTO trap VALUES (?,?,?,?,?,?,?,?,?)");
        for (const Trap& trap : data_.traps) {
            const Sourcing& s = trap.sourcing;
            rows.insert(trap.id, trap.why, trap.nl, trap.en, name(s.status), s.as_of, source(s), s.quote, s.note);
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

void write_database(Data& data, const CrossCheck& cross, const std::string& path) { Writer(data, cross, path).write(); }

}  // namespace herkomst
