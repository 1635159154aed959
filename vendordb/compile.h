// The steps from the files of vendordb/ to one SQLite file: read (compile_read.cpp), check across files (compile_check.cpp),
// write (compile_write.cpp). An overlay takes the first two. Internal to this folder.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/hash.h"
#include "core/result.h"
#include "vendordb/fingerprints.h"
#include "vendordb/vendor_file.h"
#include "vendordb/vendordb.h"

namespace herkomst {

struct RegistryTable {
    std::string registry;
    std::string origin;
    std::string publisher;
    std::string licence;
    std::string as_of;
    std::string sha256;
    std::vector<std::pair<std::uint64_t, std::string>> rows;  // sorted; for OUI with the number of bits in the top byte
};

inline constexpr std::array<std::string_view, 9> number_registries = {"bacnet", "cip", "e118", "e212",    "ethercat",
                                                                      "flag",   "knx", "pen",  "profinet"};

// Everything that was read.
struct Data {
    Vocabulary vocabulary;
    std::vector<Jurisdiction> jurisdictions;
    std::vector<VendorFile> vendors;
    std::vector<VendorList> lists;
    std::vector<Trap> traps;
    std::vector<RegistryTable> registries;
    std::vector<Fingerprint> fingerprints;
    Sha256 digest;  // over every file's name and content, in order
};

// Reads and checks every file of a folder that has the form of vendordb/. What `data.vocabulary` holds already (an overlay's:
// that of the database below it) may be used too.
void read_folder(const std::string& folder, Data& data, Problems& problems);

// What can only be seen across files: names and numbers that two vendors claim, slugs that lead nowhere.
class CrossCheck {
  public:
    // `below`: slugs that are known besides those of `data`.
    CrossCheck(const Data& data, Problems& problems, const std::set<std::string>& below = {});

    struct Alias {
        std::string vendor;
        std::string text;
    };
    std::map<std::pair<std::string, std::string>, Alias> aliases;            // (folded, scope)
    std::map<std::string, std::string> organisations;                        // folded OUI organisation -> vendor
    std::map<std::pair<std::string, std::int64_t>, std::string> id_vendors;  // (registry, number) -> vendor

    void run();

  private:
    void complain(const std::string& place, std::string sentence) { problems_.push_back({place, std::move(sentence)}); }
    void exists(const std::string& slug, const std::string& place);
    void alias(const VendorFile&, const std::string& text, const std::string& scope, const std::string& pointer);
    void vendor(const VendorFile&);
    void examples(const VendorFile&, std::size_t product);

    const Data& data_;
    Problems& problems_;
    std::set<std::string> slugs_;
    std::map<std::string, std::string> suffixes_;
};

// Throws std::runtime_error (the machine). The same data give the same bytes.
void write_database(Data&, const CrossCheck&, const std::string& path);

}  // namespace herkomst
