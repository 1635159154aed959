// What an open database holds in memory. Internal to this folder: loaded.cpp reads it, overlay.cpp lays the user's folders on
// top before anything is indexed, vendordb.cpp and chain.cpp answer from it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/address_range.h"
#include "vendordb/database.h"
#include "vendordb/fingerprints.h"
#include "vendordb/pattern.h"
#include "vendordb/vendor_file.h"
#include "vendordb/vendordb.h"

namespace herkomst {

inline constexpr std::uint32_t no_vendor = UINT32_MAX;

// Numbers in ascending order, each with the index of its holder.
struct Numbers {
    std::vector<std::uint64_t> numbers;
    std::vector<std::uint32_t> holders;

    [[nodiscard]] std::optional<std::uint32_t> find(std::uint64_t number) const;
};

// Texts in ascending order, each with the index of its vendor.
struct Texts32 {
    std::vector<std::pair<std::string, std::uint32_t>> rows;

    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view text) const;
};

// Host suffixes by label, from the right: "eu" -> "isolarcloud" -> a cloud.
class SuffixTrie {
  public:
    using Place = std::pair<std::uint32_t, std::uint32_t>;  // vendor, cloud
    void add(std::string_view suffix, Place);               // the first of a suffix stays
    // The longest suffix of the host that ends at a label border; the host in lower case.
    [[nodiscard]] std::optional<Place> find(std::string_view host) const;

  private:
    struct Node {
        std::vector<std::pair<std::string, std::uint32_t>> children;  // by label
        std::optional<Place> place;
    };
    std::vector<Node> nodes_ = std::vector<Node>(1);
};

// Hits of one kind per text; full, it starts again. Thread-safe.
class HitCache {
  public:
    [[nodiscard]] const std::optional<FingerprintHit>* find(const std::string& key, std::optional<FingerprintHit>& into) const;
    void keep(std::string key, const std::optional<FingerprintHit>& hit);

  private:
    // A cache of banners: so many of them, and so many bytes of them, at most.
    static constexpr std::size_t texts_max = 20000;
    static constexpr std::size_t bytes_max = std::size_t{8} << 20;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, std::optional<FingerprintHit>> held_;
    std::size_t bytes_ = 0;
};

struct VendorDb::Loaded {
    std::string version;
    std::string oui_as_of;
    Vocabulary vocabulary;
    std::vector<Vendor> vendors;  // by slug
    std::vector<VendorList> lists;
    std::vector<Trap> traps;
    std::map<std::string, Jurisdiction, std::less<>> jurisdictions;
    std::vector<Override> overrides;

    std::vector<std::vector<Pattern>> product_patterns;
    std::vector<std::vector<std::uint32_t>> ownership_links;  // per vendor, in both directions
    std::vector<std::vector<std::uint32_t>> oem_links;
    Texts32 aliases;                                               // folded
    std::map<std::string, Texts32, std::less<>> protocol_aliases;  // where a protocol gives a name a meaning of its own
    std::string names;                                             // of all holders, in one
    struct Named {
        std::uint32_t begin = 0;
        std::uint32_t size = 0;
        std::uint32_t vendor = no_vendor;
    };
    std::vector<Named> holders;
    std::array<Numbers, 3> blocks;  // 36, 28, 24 bits
    std::array<Numbers, 9> ids;     // id_registries
    SuffixTrie clouds;
    std::vector<SuffixTrie::Place> by_certificate;                       // clouds with one; those of overlays first
    std::vector<std::pair<AddressRange, SuffixTrie::Place>> by_address;  // and those with a range
    FingerprintSet overlay_fingerprints;                                 // those of the last overlay first
    FingerprintSet fingerprints;
    std::unique_ptr<FingerprintSet> recog;
    HitCache hits;
    HitCache recog_hits;

    static constexpr std::array<std::string_view, 9> id_registries = {"bacnet", "cip", "e118", "e212",    "ethercat",
                                                                      "flag",   "knx", "pen",  "profinet"};
    static constexpr std::array<unsigned, 3> block_bits = {36, 28, 24};

    // Throws std::runtime_error when the file is not such a database. Problems are those of the overlays.
    Loaded(const std::string& path, const std::vector<std::string>& overlays, Problems& problems);

    [[nodiscard]] std::optional<std::uint32_t> index(std::string_view slug) const;
    [[nodiscard]] Holder holder(std::uint32_t at) const;
    // The strongest claim of one kind and the countries that claims of that strength name.
    struct Says {
        ClaimStatus status = ClaimStatus::Unverified;
        std::set<std::string> countries;
        void add(ClaimStatus claim_status, const std::string& country);
    };
    static Says says(const Vendor& vendor, std::initializer_list<std::string_view> kinds);

  private:
    // As the table holds it, until the overlays have had their say.
    struct Alias {
        std::string folded;
        std::string scope;
        std::string text;
        std::string vendor;
    };
    std::vector<Alias> alias_rows_;
    // What overlays say of ids: the vendors they replaced hold nothing that their new file does not claim.
    std::set<std::string, std::less<>> replaced_;
    std::map<std::string, std::string, std::less<>> organisations_;            // folded -> slug
    std::map<std::pair<std::string, std::uint64_t>, std::string> id_vendors_;  // (registry, number) -> slug

    Vendor& of(std::string_view slug);
    std::uint32_t add_holder(std::string_view name, std::string_view vendor);
    void load_about(const Database&);
    void load_vendors(const Database&);
    void load_lists(const Database&);
    void load_jurisdictions(const Database&);
    void load_fingerprints(const Database&);
    void lay_over(const std::string& folder, Problems&);
    void lay_over_vendor(VendorFile&&, const std::string& folder);
    void index_vendors();
    void load_registries(const Database&);
};

// Whether an owner controls: more than half, or said in words, or ownership without any share.
bool controls(const Ownership&);

}  // namespace herkomst
