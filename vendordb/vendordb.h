// The vendor-origin database as the program uses it: compiled from vendordb/ into one vendordb.sqlite, loaded once, read-only.
//
// A name or an id leads to a vendor; a vendor carries claims, each with status, source, quote and date. Nothing here is ever
// inferred: what no file claims is absent. Lookups are exact after folding, never fuzzy. All lookups are thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
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
};

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
struct Chain {
    std::vector<ChainStep> steps;
    std::string country;                           // jurisdiction of ultimate control; empty: unknown
    ClaimStatus status = ClaimStatus::Unverified;  // the weakest claim the country rests on
    bool contested = false;                        // claims of equal status name different countries
};

struct FingerprintHit {
    std::string fingerprint;  // "file/description", for explain
    std::vector<std::pair<Field, std::string>> claims;
};

class VendorDb {
  public:
    static Result<VendorDb> open(const std::string& path);  // vendordb.sqlite
    VendorDb(VendorDb&&) noexcept;
    VendorDb& operator=(VendorDb&&) noexcept;
    ~VendorDb();

    [[nodiscard]] const std::string& version() const;    // "2026-11-21 sha256:0123456789ab"
    [[nodiscard]] const std::string& oui_as_of() const;  // date of the OUI registry
    [[nodiscard]] std::size_t vendors() const;
    [[nodiscard]] const Vendor* vendor(std::string_view slug) const;
    // By name or alias as a device prints it, folded (core/text.h `folded`); modules and stacks too (see Vendor::kind).
    // With a protocol (sunspec, modbus, ocpp, mdns, dhcp, cdp) the name that vendor files give for it goes first: the "ABB" of
    // a charger is ABB E-mobility.
    [[nodiscard]] const Vendor* named(std::string_view text, std::string_view protocol = {}) const;
    // IEEE registries, longest prefix first (MA-S 36 bits, MA-M 28, MA-L 24). Nothing for locally administered or group
    // addresses.
    [[nodiscard]] std::optional<Holder> oui(const Mac&) const;
    // "cip:1", "bacnet:260", "profinet:42", "pen:311".
    [[nodiscard]] std::optional<Holder> id(std::string_view vendor_id) const;
    // The cloud whose suffix the host ends with at a label border, longest first.
    [[nodiscard]] const Cloud* cloud(std::string_view host) const;
    // The same vendor, or linked by ownership or an OEM relation (in any number of steps of ownership, one of OEM).
    [[nodiscard]] bool related(std::string_view slug_a, std::string_view slug_b) const;
    // From the brand up through owners that control (more than half, or an ownership without a share; a minority stake is shown
    // in owned_by and not walked). The jurisdiction is what the strongest claims of control say: controlled_from of a step,
    // else the country of the ownership claim, and at the top, where neither says it, headquarters and registered_in. A brand's
    // OEM is not on its chain: who builds some of its products does not control it.
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

  private:
    struct Loaded;
    explicit VendorDb(std::unique_ptr<Loaded>);
    std::unique_ptr<Loaded> loaded_;
};

// Reads the folder vendordb/ (vendors, jurisdictions, registries, fingerprints, vocabulary), checks all of it, and writes one
// SQLite file. All problems at once, each "file: /json/pointer: sentence". Deterministic: same input, same bytes.
Problems compile_vendordb(const std::string& folder, const std::string& to);

}  // namespace herkomst
