// A folder like vendordb/ for the tests, with a vocabulary and two countries, removed afterwards.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "core/file.h"
#include "core/hash.h"
#include "vendordb/vendordb.h"

namespace vendordb_test {

namespace fs = std::filesystem;
using namespace herkomst;

// A folder vendordb/ of our own, removed afterwards.
class DataFolder {
  public:
    enum class Form : bool { Whole, Overlay };  // an overlay has no vocabulary and no countries of its own
    explicit DataFolder(const std::string& name, Form form = Form::Whole)
        : root_(fs::temp_directory_path() / ("herkomst-" + name + "-" + std::to_string(getpid()))) {
        fs::remove_all(root_);
        fs::create_directories(root_);
        if (form == Form::Overlay) return;
        put("vocabulary.json", R"({"categories":[{"key":"plc","name":{"nl":"PLC","en":"PLC"}},
            {"key":"solar_inverter","name":{"nl":"omvormer","en":"solar inverter"}}],
            "capabilities":[{"key":"telemetry","name":{"nl":"telemetrie","en":"telemetry"}}],
            "parties":[{"key":"maker","name":{"nl":"fabrikant","en":"maker"}}]})");
        put("jurisdictions.json", R"([{"country":"AA","name":{"nl":"Aa","en":"Aa"},"claims":[
              {"claim":"compelled_cooperation","article":"Law 1","status":"reported","as_of":"2026-01","source":)" +
                                      source() + R"(,"quote":"must help"}]},
            {"country":"BB","name":{"nl":"Bb","en":"Bb"},"claims":[]}])");
    }
    ~DataFolder() { fs::remove_all(root_); }
    DataFolder(const DataFolder&) = delete;
    DataFolder& operator=(const DataFolder&) = delete;

    void put(const std::string& path, const std::string& content) const {
        fs::create_directories((root_ / path).parent_path());
        write_file((root_ / path).string(), content);
    }
    // A vendor with the members every file needs and those given.
    void vendor(const std::string& slug, const std::string& members) const {
        put("vendors/" + slug + ".json", R"({"slug":")" + slug + R"(","name":"Name )" + slug +
                                             R"(","kind":"maker","categories":["plc"])" +
                                             (members.empty() ? "" : "," + members) + "}");
    }
    void registry(const std::string& name, const std::string& table, std::size_t rows) const {
        put("registries/" + name + ".tsv", table);
        put("registries/" + name + ".json",
            R"({"registry":")" + name + R"(","origin":"o","publisher":"p","licence":"l","as_of":"2026-02-03","sha256":")" +
                sha256(table) + R"(","rows":)" + std::to_string(rows) + "}");
    }
    static std::string source() {
        return R"({"publisher":"P","title":"T","address":"https://example.org/t","date":"2026-01-02"})";
    }
    // The keys of a claim of that status.
    static std::string claim(const std::string& status) {
        const std::string read = R"(,"quote":"q","source":)" + source();
        return R"("status":")" + status + R"(","as_of":"2026-01-02")" + (status == "unverified" ? "" : read);
    }
    // The key that seals a list of one reported entry or country: `line` is what stands before its status, tabs between.
    static std::string seal(const std::string& line) {
        return R"("sha256":")" + sha256(line + "\treported\t2026-01-02\thttps://example.org/t\tq\n") + R"(",)";
    }
    static std::string origin(const std::string& kind, const std::string& country, const std::string& status) {
        return R"({"claim":")" + kind + R"(","country":")" + country + R"(",)" + claim(status) + "}";
    }
    static std::string owner(const std::string& slug, const std::string& extra, const std::string& status) {
        return R"({"owner_name":"Owner",)" + (slug.empty() ? "" : R"("owner":")" + slug + R"(",)") + extra + claim(status) +
               "}";
    }

    [[nodiscard]] std::string path() const { return root_.string(); }
    [[nodiscard]] std::string out(const std::string& name = "out.sqlite") const { return (root_ / name).string(); }
    [[nodiscard]] std::vector<std::string> compile(const std::string& name = "out.sqlite") const {
        std::vector<std::string> lines;
        for (const Problem& problem : compile_vendordb(root_.string(), out(name))) lines.push_back(problem.text());
        return lines;
    }
    [[nodiscard]] VendorDb open(const std::vector<std::string>& overlays = {}) const {
        for (const std::string& line : compile()) FAIL_CHECK(line);
        Result<VendorDb> opened = VendorDb::open(out(), overlays);
        REQUIRE(opened.ok());
        return std::move(opened.value());
    }

  private:
    fs::path root_;
};

inline std::string bytes_of(const std::string& path) {
    Result<std::string> content = read_file(path);
    REQUIRE(content.ok());
    return content.value();
}

}  // namespace vendordb_test
