// Rules from rules/policies/<pack>/*.json: read strictly, every problem with its file and pointer.
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "assess/assess.h"
#include "assess/rules.h"
#include "core/file.h"
#include "core/json.h"

namespace herkomst {

namespace {

std::vector<std::string> names_in(const std::filesystem::path& folder, bool folders) {
    std::vector<std::string> out;
    std::error_code error;
    for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        if (folders ? at->is_directory(error) : at->path().extension() == ".json")
            out.push_back(at->path().filename().string());
    }
    std::sort(out.begin(), out.end());
    return out;
}

// Reads packs one after another; all problems of all of them.
class PackLoader {
  public:
    explicit PackLoader(std::string policies) : policies_(std::move(policies)) {}

    void pack(const std::string& name) {
        const bool own = name.find('/') != std::string::npos;
        std::filesystem::path folder = own ? std::filesystem::path(name) : std::filesystem::path(policies_) / name;
        if (folder.filename().empty()) folder = folder.parent_path();
        const std::string called = own ? folder.filename().string() : name;
        if (!seen_.insert(called).second) {
            problems_.push_back({folder.string(), fmt::format("there are two packs of the name {}", called)});
            return;
        }
        if (own) own_.insert(called);
        const std::vector<std::string> files = names_in(folder, false);
        if (std::filesystem::exists(folder / "orders")) {
            for (Order& order : read_orders((folder / "orders").string(), problems_)) orders_.push_back(std::move(order));
        } else if (files.empty()) {
            problems_.push_back({folder.string(), own || std::filesystem::exists(folder)
                                                      ? "there is no rule in this folder"
                                                      : "there is no pack of this name; a folder of your own has a / in it"});
        }
        PolicyPacks::Pack pack;
        pack.name = called;
        for (const std::string& file : files) {
            const std::string path = (folder / file).string();
            const Result<Json> json = parse_json_file(path);
            if (!json) {
                problems_.insert(problems_.end(), json.problems().begin(), json.problems().end());
            } else if (file == "pack.json") {
                pack = read_pack(json.value(), path, called, problems_);
            } else if (auto rule = read_rule(json.value(), path, called, std::filesystem::path(file).stem().string(), bench_,
                                             problems_)) {
                put(std::move(*rule), own);
            }
        }
        packs_.push_back(std::move(pack));
    }

    // Those that apply when nobody chose, or every one.
    [[nodiscard]] std::vector<std::string> shipped(bool all) const {
        std::vector<std::string> out;
        for (const std::string& name : names_in(policies_, true)) {
            const Result<Json> json = parse_json_file((std::filesystem::path(policies_) / name / "pack.json").string());
            // A folder without pack.json is a pack that applies.
            if (all || !json || json.value()["default"].boolean()) out.push_back(name);
        }
        return out;
    }

    Result<PolicyPacks::Loaded> done() {
        std::sort(orders_.begin(), orders_.end(), [](const Order& a, const Order& b) { return a.key < b.key; });
        for (std::size_t i = 1; i < orders_.size(); ++i) {
            if (orders_[i].key == orders_[i - 1].key)
                problems_.push_back({orders_[i].key, "two packs hold an order with this key"});
        }
        std::sort(packs_.begin(), packs_.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
        if (!problems_.empty()) return std::move(problems_);
        auto loaded = loaded_from(std::move(rules_));
        loaded->packs = std::move(packs_);
        loaded->orders = std::move(orders_);
        for (const Order& order : loaded->orders)
            loaded->version += fmt::format(", order {} {}", order.key, order.is_signed ? "signed" : "own data");
        return std::move(*loaded);
    }

    Problems& problems() { return problems_; }

  private:
    void put(Rule rule, bool own) {
        const auto held =
            std::find_if(rules_.begin(), rules_.end(), [&](const Rule& other) { return other.summary.id == rule.summary.id; });
        if (held == rules_.end()) {
            rules_.push_back(std::move(rule));
        } else if (own && !own_.contains(held->summary.policy)) {
            rule.summary.replaces = true;
            *held = std::move(rule);
        } else {
            problems_.push_back({rule.summary.file + ": /id", fmt::format("{} has the same id", held->summary.file)});
        }
    }

    std::string policies_;
    Bench bench_;
    Problems problems_;
    std::vector<Rule> rules_;
    std::vector<PolicyPacks::Pack> packs_;
    std::vector<Order> orders_;
    std::set<std::string> seen_;
    std::set<std::string> own_;  // names of the user's packs
};

}  // namespace

Result<PolicyPacks> PolicyPacks::load(const std::string& folder, const std::vector<std::string>& packs) {
    const std::string policies = (std::filesystem::path(folder) / "policies").string();
    PackLoader loader(policies);
    std::vector<std::string> wanted;
    std::vector<std::string> own;
    for (const std::string& pack : packs) {
        if (pack == "all") {
            for (std::string& name : loader.shipped(true)) wanted.push_back(std::move(name));
        } else {
            (pack.find('/') == std::string::npos ? wanted : own).push_back(pack);
        }
    }
    if (packs.empty()) wanted = loader.shipped(false);
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    if (wanted.empty() && own.empty()) loader.problems().push_back({policies, "there is no policy in this folder"});
    // Ours first: the user's own take their place.
    for (const std::string& pack : wanted) loader.pack(pack);
    for (const std::string& pack : own) loader.pack(pack);
    Result<Loaded> loaded = loader.done();
    if (!loaded) return loaded.problems();
    return PolicyPacks(std::make_unique<Loaded>(std::move(loaded.value())));
}

}  // namespace herkomst
