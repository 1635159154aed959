// The vendor-origin database as the program uses it: compiled from vendordb/ into one vendordb.sqlite, loaded once, read-only.
//
// A name or an id leads to a vendor; a vendor carries claims, each with status, source, quote and date. Nothing here is ever
// inferred: what no file claims is absent. Lookups are exact after folding, never fuzzy. All lookups are thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/endpoint.h"
#include "core/field.h"
#include "core/result.h"

namespace herkomst {

enum class ClaimStatus : std::uint8_t { Unverified = 1, Reported, Verified };
std::string_view name(ClaimStatus);

// What every claim about a vendor carries. A claim that is not at least Reported can name, but never raise a finding.
struct Sourcing {
    ClaimStatus status = ClaimStatus::Unverified;
    std::string publisher;
    std::string title;
    std::string address;
    std::string date;
    std::string quote;
    std::string as_of;
    std::string note;
    [[nodiscard]] bool counts() const { return status != ClaimStatus::Unverified; }
};

struct OriginClaim {
    std::string claim;  // legal_entity, registered_in, headquarters, controlled_from, state_control, top_of_chain, listed
    std::string value;
    std::string country;  // ISO 3166-1 alpha-2, where the claim names one
    Sourcing sourcing;
};

struct Ownership {
    std::string owner;  // slug, empty when the owner has no file
    std::string owner_name;
    std::string country;
    std::string share;
    std::string since;
    Sourcing sourcing;
};

struct OemRelation {
    std::string relation;  // made_by, makes_for
    std::string vendor;    // slug
    std::string scope;
    Sourcing sourcing;
};

struct Product {
    std::string pattern;  // RE2, anchored
    std::string category;
    std::string rated_power;          // watts, when fixed
    std::int64_t watts_per_unit = 0;  // with a group named n
    Sourcing sourcing;
};

struct Capability {
    std::string capability;  // remote_on_off, remote_setpoint, firmware_push, telemetry, remote_service, self_disable
    std::string channel;
    std::string party;                    // account_holder, installer, maker, grid_operator, unknown
    std::vector<std::string> categories;  // empty: all of the vendor's
    Sourcing sourcing;
};

struct Cloud {
    std::string suffix;
    std::string purpose;
    std::string operator_slug;
    Sourcing sourcing;
    // By what else a server of that cloud is known; at most one of the two, and then the entry says nothing about host names.
    std::string certificate = {};  // an attribute of its certificate's subject or issuer, "CN=AnyNet Relay"
    std::string range = {};        // addresses, as core/address_range.h reads them
};

// "talk2m.com", "net.anydesk.com (certificate CN=AnyNet Relay)", "talk2m.com (192.0.2.0/24)".
std::string text_of(const Cloud&);

struct Vendor {
    std::string slug;
    std::string name;
    std::vector<std::string> aliases;
    std::string kind;  // maker, module, stack
    std::vector<std::string> categories;
    std::vector<OriginClaim> origin;
    std::vector<Ownership> owned_by;
    std::vector<OemRelation> oem;
    std::vector<Product> products;
    std::vector<Capability> capabilities;
    std::vector<Cloud> clouds;
    std::vector<std::pair<std::string, std::string>> names;  // protocol, text: what devices print in that protocol alone
    std::string overlay;                                     // the user's folder it comes from; empty: ours
    bool overrides = false;                                  // it took the place of a file of ours (or of an earlier overlay)
};

struct JurisdictionClaim {
    std::string claim;  // offensive_programme, compelled_cooperation, strained_relation
    std::string named_by;
    std::string article;
    Sourcing sourcing;
};

struct Jurisdiction {
    std::string country;
    std::map<std::string, std::string> names;  // "nl", "en"
    std::vector<JurisdictionClaim> claims;
    std::string overlay;  // as of a Vendor
};

// A list published by an authority: companies, countries, or both.
struct ListEntry {
    std::string name;
    std::string vendor;  // slug, empty when it has no file
    std::string scope;
    std::string since;
    Sourcing sourcing;
};
struct ListCountry {
    std::string country;  // whoever falls under its control is meant
    std::string scope;
    std::string since;
    Sourcing sourcing;
};
struct VendorList {
    std::string place;  // "lists/us-ndaa-889.json"
    std::string key;
    std::string nl;
    std::string en;
    std::string issuer;
    std::string country;
    std::string date;
    std::string complete;       // yes, no: absence from an incomplete list proves nothing
    std::string sha256;         // of the entries (list_digest in vendor_file.h)
    std::string source_sha256;  // of the source document, where it was had byte for byte
    std::string note_nl;
    std::string note_en;
    Sourcing source;  // publisher, title, address, date
    std::vector<ListEntry> entries;
    std::vector<ListCountry> countries;
    std::string overlay;  // as of a Vendor
};

// An id that does not name who made the device that answers with it.
struct Trap {
    std::string id;   // "pen:50001"
    std::string why;  // borrowed (other firms' devices use it), module (a generic part's), placeholder (nobody's)
    std::string nl;
    std::string en;
    Sourcing sourcing;
    std::string overlay;  // as of a Vendor
};

// Who holds an id: the organisation as its registry prints it, and the vendor file if there is one.
struct Holder {
    std::string name;
    std::string vendor;   // slug, empty when there is no file
    bool module = false;  // the vendor makes generic modules: the id never names the maker of the device
};

// One step from a brand to whoever controls it.
struct ChainStep {
    std::string vendor;  // slug, may be empty for an owner without a file
    std::string name;
    std::string relation;  // brand, made_by, owned_by
    std::string country;   // jurisdiction of this step, when claimed
    Sourcing sourcing;     // of the step itself
};
// Why a chain goes no further.
enum class ChainEnd : std::uint8_t {
    Top,            // a claim says that nobody stands above (Chain::top)
    Unknown,        // no owner and no such claim: not known whether somebody stands above
    NoFile,         // the last owner has no vendor file
    SeveralOwners,  // several owners of equal standing: none of them is the one who controls
    Loop,           // the owners own each other
};
struct Chain {
    std::vector<ChainStep> steps;
    ChainEnd end = ChainEnd::Unknown;
    OriginClaim top;                               // of ChainEnd::Top: the claim top_of_chain
    std::string country;                           // jurisdiction of ultimate control; empty: unknown
    ClaimStatus status = ClaimStatus::Unverified;  // the weakest claim the country rests on
    bool contested = false;                        // claims of equal status name different countries
};

struct FingerprintHit {
    std::string fingerprint;  // "file/description", for explain
    std::vector<std::pair<Field, std::string>> claims;
};

// An identifier of a vendor, as `vendors ids` lists it.
struct VendorId {
    std::string kind;  // oui, bacnet, cip, pen, profinet, name, cloud
    std::string id;    // a prefix, a number, "sunspec", a host suffix
    std::string text;  // the holder as registered, the name as devices print it, the cloud's purpose
};

// What an overlay put in place of, or beside, what was there.
struct Override {
    std::string what;    // "vendor sungrow", "jurisdiction CN", "list us-ndaa-889", "trap pen:50001", "name Example"
    std::string folder;  // the overlay
    bool replaces = false;
};

class FingerprintSet;

class VendorDb {
  public:
    // vendordb.sqlite, and on top of it, each winning over what stands before it, the user's own folders: vendors/, lists/,
    // fingerprints/, jurisdictions.json, traps.json in the form of vendordb/. A vendor, list, jurisdiction or trap of the same
    // key is replaced whole; its fingerprints go first. All problems of all folders at once, each with its place.
    static Result<VendorDb> open(const std::string& path, const std::vector<std::string>& overlays = {});
    VendorDb(VendorDb&&) noexcept;
    VendorDb& operator=(VendorDb&&) noexcept;
    ~VendorDb();

    // "2026-11-21 sha256:0123456789ab"; with overlays " + overlay sha256:0123456789ab" for each.
    [[nodiscard]] const std::string& version() const;
    [[nodiscard]] std::string date() const;              // of the newest claim or registry: "2026-11-21"
    [[nodiscard]] const std::string& oui_as_of() const;  // date of the OUI registry
    [[nodiscard]] std::size_t vendors() const;
    [[nodiscard]] const Vendor* vendor(std::string_view slug) const;
    // By name or alias as a device prints it, folded (core/text.h `folded`); modules and stacks too (see Vendor::kind).
    // With a protocol (name_protocols) the name that vendor files give for it goes first: the "ABB" of a charger is ABB
    // E-mobility.
    [[nodiscard]] const Vendor* named(std::string_view text, std::string_view protocol = {}) const;
    // Only a name that vendor files give for this protocol: a DHCP class, an mDNS type, a certificate's organisation.
    [[nodiscard]] const Vendor* named_in(std::string_view protocol, std::string_view text) const;
    // IEEE registries, longest prefix first (MA-S 36 bits, MA-M 28, MA-L 24). Nothing for locally administered or group
    // addresses.
    [[nodiscard]] std::optional<Holder> oui(const Mac&) const;
    // "cip:1", "bacnet:260", "profinet:42", "pen:311".
    [[nodiscard]] std::optional<Holder> id(std::string_view vendor_id) const;
    // Such an id, when it is known not to name the maker of the device that answers with it.
    [[nodiscard]] const Trap* trap(std::string_view vendor_id) const;
    // The cloud whose suffix the host ends with at a label border, longest first.
    [[nodiscard]] const Cloud* cloud(std::string_view host) const;
    // The cloud that shows itself by an attribute of a certificate, "SUBJECT / ISSUER" as Field::certificate has it ...
    [[nodiscard]] const Cloud* cloud_of_certificate(std::string_view certificate) const;
    // ... and the one whose operator publishes a range that holds the address, the smallest.
    [[nodiscard]] const Cloud* cloud_at(const IpAddress&) const;
    // The same vendor, or linked by ownership or an OEM relation (in any number of steps of ownership, one of OEM).
    [[nodiscard]] bool related(std::string_view slug_a, std::string_view slug_b) const;
    // From the brand up through owners that control (more than half, or an ownership without a share; a minority stake is shown
    // in owned_by and not walked). The jurisdiction is what the strongest claims of control say: controlled_from of a step,
    // else the country of the ownership claim, and at the top, where neither says it, headquarters and registered_in. A sourced
    // top_of_chain makes that seat count before an unsourced controlled_from, as reported at most. A brand's OEM is not on its
    // chain: who builds some of its products does not control it.
    [[nodiscard]] Chain chain(std::string_view slug) const;
    // Category and rated power (watts) that the vendor's product lines give for a model text.
    struct ProductHit {
        const Product* product = nullptr;
        std::string rated_power;  // watts as decimal digits; empty: unknown
    };
    [[nodiscard]] std::optional<ProductHit> product(std::string_view slug, std::string_view model) const;
    [[nodiscard]] const Jurisdiction* jurisdiction(std::string_view country) const;
    // Patterns of one kind of evidence ("http.server", "cdp.platform", ...) over one text, first match; cached per text.
    [[nodiscard]] std::optional<FingerprintHit> fingerprint(std::string_view evidence, std::string_view text) const;
    // The same of the files that `use_recog` read, whose kinds of evidence have Recog's names ("http_header.server").
    [[nodiscard]] std::optional<FingerprintHit> recog(std::string_view evidence, std::string_view text) const;
    void use_recog(std::unique_ptr<FingerprintSet>);
    [[nodiscard]] bool has_recog() const;

    [[nodiscard]] const std::vector<Vendor>& all() const;  // by slug
    [[nodiscard]] const std::map<std::string, Jurisdiction, std::less<>>& jurisdictions() const;
    [[nodiscard]] const std::vector<VendorList>& lists() const;  // by key
    [[nodiscard]] const std::vector<Trap>& traps() const;        // by id
    [[nodiscard]] const std::vector<Override>& overrides() const;
    // By kind and id. Looks through every registry: for a person who asks, not for every packet.
    [[nodiscard]] std::vector<VendorId> ids_of(std::string_view slug) const;
    // Which names and aliases contain the text (folded), then which ids and product lines: slugs, sorted.
    [[nodiscard]] std::vector<std::string> search(std::string_view text) const;
    // The vendors of which a product line matches a model text, by slug.
    [[nodiscard]] std::vector<std::pair<const Vendor*, ProductHit>> makers_of_model(std::string_view model) const;
    // How a word of the vocabulary is called; empty when it is not in it. kind: category, capability, party.
    [[nodiscard]] const std::string& word(std::string_view kind, std::string_view key, std::string_view language) const;

    struct Loaded;

  private:
    explicit VendorDb(std::unique_ptr<Loaded>);
    std::unique_ptr<Loaded> loaded_;
};

// Reads the folder vendordb/ (vendors, jurisdictions, registries, fingerprints, vocabulary), checks all of it, and writes one
// SQLite file. All problems at once, each "file: /json/pointer: sentence". Deterministic: same input, same bytes.
Problems compile_vendordb(const std::string& folder, const std::string& to);
// The same checks without writing.
Problems check_vendordb(const std::string& folder);

// The protocols for which a vendor file may say how devices print the vendor's name (ids.names).
std::span<const std::string_view> name_protocols();

}  // namespace herkomst
