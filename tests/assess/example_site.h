// An invented site: vendor data of invented makers and countries, and assets made by hand. Used by the tests of assess and
// register.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "assess/assess.h"
#include "core/file.h"

namespace herkomst::example {

// A folder of our own, removed afterwards.
class Folder {
  public:
    explicit Folder(const std::string& name)
        : root_(std::filesystem::temp_directory_path() / ("herkomst-" + name + "-" + std::to_string(getpid()))) {
        std::filesystem::remove_all(root_);
        std::filesystem::create_directories(root_);
    }
    ~Folder() { std::filesystem::remove_all(root_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    void put(const std::string& path, const std::string& content) const {
        std::filesystem::create_directories((root_ / path).parent_path());
        write_file((root_ / path).string(), content);
    }
    [[nodiscard]] std::string at(const std::string& path) const { return (root_ / path).string(); }

  private:
    std::filesystem::path root_;
};

inline std::string claim(const std::string& status) {
    const std::string read =
        R"(,"quote":"q","source":{"publisher":"P","title":"T","address":"https://example.org/t","date":"2026-01-02"})";
    return R"("status":")" + status + R"(","as_of":"2026-01-02")" + (status == "unverified" ? "" : read);
}

// XA: both considerations are sourced. XB: named, nothing claimed. XC: claimed without a source.
//   riverside  inverters, controlled from XA, reported; switching documented; a cloud
//   hillside   controlled from XB, verified; a state company
//   meadow     controlled from XA, but unverified
//   valley     controlled from XC, verified
inline VendorDb vendors(const Folder& folder) {
    folder.put("vendordb/vocabulary.json", R"({"categories":[{"key":"plc","name":{"nl":"PLC","en":"PLC"}},
        {"key":"solar_inverter","name":{"nl":"omvormer","en":"solar inverter"}},{"key":"camera","name":{"nl":"camera","en":"camera"}}],
        "capabilities":[{"key":"remote_on_off","name":{"nl":"aan en uit","en":"on and off"}},
        {"key":"firmware_push","name":{"nl":"firmware","en":"firmware"}}],
        "parties":[{"key":"maker","name":{"nl":"fabrikant","en":"maker"}},{"key":"installer","name":{"nl":"installateur","en":"installer"}}]})");
    folder.put("vendordb/jurisdictions.json", R"([{"country":"XA","name":{"nl":"Landa","en":"Landia"},"claims":[
        {"claim":"compelled_cooperation","article":"Law 1",)" +
                                                  claim("reported") + R"(},
        {"claim":"offensive_programme","named_by":"a service",)" +
                                                  claim("reported") + R"(}]},
        {"country":"XB","name":{"nl":"Landb","en":"Landby"},"claims":[]},
        {"country":"XC","name":{"nl":"Landc","en":"Landcy"},"claims":[{"claim":"offensive_programme","named_by":"a blog",)" +
                                                  claim("unverified") + R"(}]}])");
    const auto vendor = [&](const std::string& slug, const std::string& members) {
        folder.put("vendordb/vendors/" + slug + ".json", R"({"slug":")" + slug + R"(","name":"Example )" + slug +
                                                             R"(","kind":"maker","categories":["plc"],)" + members + "}");
    };
    const auto controlled = [](const std::string& country, const std::string& status) {
        return R"({"claim":"controlled_from","country":")" + country + R"(",)" + claim(status) + "}";
    };
    vendor(
        "riverside",
        R"("origin":[)" + controlled("XA", "reported") + R"(],"products":[{"pattern":"^RS(?P<n>[0-9]+)K$",
        "category":"solar_inverter","watts_per_unit":1000,"examples":[{"text":"RS50K","rated_power":50000}],)" +
            claim("unverified") +
            R"(}],"capabilities":[{"capability":"remote_on_off","channel":"cloud","party":"installer","categories":["solar_inverter"],)" +
            claim("reported") +
            R"(},{"capability":"remote_on_off","channel":"cloud","party":"maker","categories":["solar_inverter"],)" +
            claim("reported") + R"(},{"capability":"firmware_push","channel":"cloud","party":"maker",)" + claim("unverified") +
            R"(}],"clouds":[{"suffix":"cloud.riverside.example","purpose":"monitoring","operator":"riverside",)" +
            claim("reported") + "}]");
    vendor("hillside", R"("origin":[)" + controlled("XB", "verified") + R"(,{"claim":"state_control","value":"yes",)" +
                           claim("verified") + "}]");
    vendor("meadow", R"("origin":[)" + controlled("XA", "unverified") + "]");
    vendor("valley", R"("origin":[)" + controlled("XC", "verified") + "]");
    const std::string to = folder.at("vendordb.sqlite");
    for (const Problem& problem : compile_vendordb(folder.at("vendordb"), to)) FAIL(problem.text());
    Result<VendorDb> db = VendorDb::open(to);
    REQUIRE(db.ok());
    return std::move(db.value());
}

// An asset whose beliefs are each made of one claim, said by frame `frame` of source "0123456789abcdef".
class Thing {
  public:
    Thing(const std::string& key, const std::string& mac, std::uint64_t frame) : frame_(frame) {
        asset_.key = key;
        asset_.site = "north";
        asset_.kind = "device";
        asset_.identifiers.mac.insert(mac);
        asset_.strong.push_back("mac:" + mac);
        asset_.seen = {Time(std::chrono::seconds(1'700'000'000)), Time(std::chrono::seconds(1'700'000'060)), 2};
    }
    Thing& strong(const std::string& identifier) {
        asset_.strong.insert(asset_.strong.begin(), identifier);
        return *this;
    }
    Thing& says(Field field, const std::string& value, const std::string& vendor = "",
                const std::string& method = "http.server") {
        Claim claim;
        claim.field = field;
        claim.value = value;
        claim.vendor = vendor;
        claim.strength = Strength::Stated;
        claim.method = method;
        claim.from = {"0123456789abcdef", frame_, 10, 14};
        claim.seen = asset_.seen;
        asset_.claims.push_back(claim);
        Belief belief;
        belief.value = value;
        belief.vendor = vendor;
        belief.strength = Strength::Stated;
        belief.methods = {method};
        asset_.beliefs[field] = belief;
        return *this;
    }
    Thing& contested(Field field, std::vector<std::string> values) {
        Belief belief;
        belief.contested = true;
        belief.strength = Strength::Stated;
        belief.dissent = std::move(values);
        asset_.beliefs[field] = belief;
        return *this;
    }
    operator Asset() const { return asset_; }  // NOLINT

  private:
    Asset asset_;
    std::uint64_t frame_;
};

inline Identified site_of(std::vector<Asset> assets) {
    Identified out;
    out.assets = std::move(assets);
    return out;
}

}  // namespace herkomst::example
