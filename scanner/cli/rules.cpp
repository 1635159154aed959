// herkomst rules: the packs and their rules; own rules made, checked and tested; what if something were otherwise?
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "assess/reading.h"
#include "assess/rules.h"
#include "cli/command.h"
#include "cli/judged_packs.h"
#include "cli/outputs.h"
#include "cli/rules_pages.h"
#include "cli/terminal.h"
#include "cli/vendor_data.h"
#include "core/file.h"
#include "core/text.h"
#include "register/overview.h"
#include "report/problem_words.h"

namespace herkomst::cli {

namespace {

struct RulesAsked {
    std::string action;
    std::vector<std::string> words;
    std::vector<std::string> policies;
    std::string lang = "en";
    std::string from = "supplier-concentration";
    std::string register_path = "herkomst.db";
    std::vector<std::string> jurisdictions, vendors, orders, cuts;
    bool json = false;
    VendorData vendor_data;
};

// In the language asked for.
const char* in(const RulesAsked& asked, const char* dutch, const char* english) { return asked.lang == "nl" ? dutch : english; }

int wrong(const std::string& sentence) {
    std::fprintf(stderr, "herkomst rules: %s\n", sentence.c_str());
    return exit_usage;
}

void print_line(const Json& line) { std::printf("%s\n", write_json(line).c_str()); }

Result<PolicyPacks> load_asked(const RulesAsked& asked) {
    std::vector<std::string> wanted = asked.policies;
    if (asked.action != "explain") wanted.insert(wanted.end(), asked.words.begin(), asked.words.end());
    if (wanted.empty()) wanted.emplace_back("all");
    require_data();
    return PolicyPacks::load(data_folder() + "/rules", wanted);
}

int list_rules(const PolicyPacks& packs, const RulesAsked& asked) {
    if (!asked.json) {
        std::fputs(rules_list(packs, asked.lang).c_str(), stdout);
        return exit_done;
    }
    for (const PolicyPacks::RuleSummary& rule : packs.rules()) {
        Json row = Json::object();
        row["type"] = "rule";
        row["policy"] = rule.policy;
        row["rule"] = rule.id;
        row["version"] = rule.version;
        row["rule_hash"] = rule.hash;
        row["over"] = rule.over;
        row["ask"] = rule.ask;
        row["title"] = JsonObject{{"nl", Json(rule.title.nl)}, {"en", Json(rule.title.en)}};
        row["when"] = rule.when;
        row["likelihood"] = rule.likelihood;
        row["impact"] = rule.impact;
        if (!rule.consideration.empty()) row["consideration"] = rule.consideration;
        for (const std::string& fact : rule.uses) row["uses"].push(fact);
        print_line(row);
    }
    return exit_done;
}

int test(const PolicyPacks& packs, const RulesAsked& asked) {
    const Problems problems = packs.check_examples();
    complain(problems, asked.lang);
    std::size_t examples = 0;
    for (const Rule& rule : packs.loaded()->rules) examples += rule.examples.size();
    if (asked.json) {
        Json row = Json::object();
        row["type"] = "rules";
        row["rules"] = packs.rules().size();
        row["examples"] = examples;
        row["failed"] = problems.size();
        print_line(row);
    } else {
        std::printf(in(asked, "regels %zu voorbeelden %zu mislukt %zu\n", "rules %zu examples %zu failed %zu\n"),
                    packs.rules().size(), examples, problems.size());
    }
    return problems.empty() ? exit_done : exit_usage;
}

// A working copy under another name, to be changed; under the same name it takes the place of ours.
int make_rule(const PolicyPacks& packs, const RulesAsked& asked) {
    if (asked.words.size() != 1)
        return wrong(in(asked, "new MAP/NAAM, waarbij MAP uw eigen pakket is", "new FOLDER/ID, where FOLDER is your own pack"));
    const std::filesystem::path to(asked.words.front());
    const std::string id = to.filename().string();
    const std::filesystem::path folder = to.parent_path();
    const PolicyPacks::RuleSummary* from = packs.rule(asked.from);
    if (from == nullptr)
        return wrong(fmt::format(
            fmt::runtime(in(asked, "er is geen regel \"{}\" om mee te beginnen", "there is no rule \"{}\" to begin from")),
            asked.from));
    if (folder.empty() || id.empty())
        return wrong(in(asked, "new MAP/NAAM, waarbij MAP uw eigen pakket is", "new FOLDER/ID, where FOLDER is your own pack"));
    if (!good_name(id))
        return wrong(
            fmt::format(fmt::runtime(in(asked, "\"{}\" kan geen naam van een regel zijn: a-z, 0-9 en -, hoogstens 64 tekens",
                                        "\"{}\" cannot be the name of a rule: a-z, 0-9 and -, at most 64 of them")),
                        id));
    const std::filesystem::path file = folder / (id + ".json");
    if (std::filesystem::exists(file)) return wrong(file.string() + in(asked, " bestaat al", " is there already"));
    Result<Json> rule = parse_json_file(from->file);
    if (!rule) {
        complain(rule.problems(), asked.lang);
        return exit_usage;
    }
    rule.value()["id"] = id;
    rule.value()["version"] = 1;
    std::filesystem::create_directories(folder);
    write_file(file.string(), write_json_pretty(rule.value()) + "\n");
    std::printf("%s\n", file.c_str());
    if (!std::filesystem::exists(folder / "pack.json")) {
        Json pack = Json::object();
        pack["title"] = JsonObject{{"nl", Json("Eigen regels")}, {"en", Json("Own rules")}};
        pack["about"] = JsonObject{{"nl", Json("Regels van deze organisatie.")}, {"en", Json("Rules of this organisation.")}};
        write_file((folder / "pack.json").string(), write_json_pretty(pack) + "\n");
        std::printf("%s\n", (folder / "pack.json").c_str());
    }
    std::fprintf(stderr,
                 in(asked, "Pas de regel aan, en dan: herkomst rules test %s/\n", "Change it, then: herkomst rules test %s/\n"),
                 folder.c_str());
    return exit_done;
}

std::optional<std::string> slug_meant(const VendorDb& db, const std::string& said) {
    const Vendor* vendor = db.vendor(said);
    if (vendor == nullptr) vendor = db.named(said);
    if (vendor == nullptr) return std::nullopt;
    return vendor->slug;
}

// What was asked, in the words of the data; false where something is not known.
bool understood(const RulesAsked& asked, const VendorDb& db, const Overview& all, WhatIf& into) {
    bool good = true;
    const bool nl = asked.lang == "nl";
    const auto unknown = [&](const char* dutch, const char* what, const std::string& said) {
        wrong(nl ? fmt::format("er is geen {} \"{}\"", dutch, said) : fmt::format("there is no {} \"{}\"", what, said));
        good = false;
    };
    for (const std::string& said : asked.jurisdictions) {
        std::string code = said;
        std::transform(code.begin(), code.end(), code.begin(),
                       [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
        if (db.jurisdiction(code) == nullptr) unknown("land (ISO 3166-1-code)", "jurisdiction (ISO 3166-1 code)", said);
        into.jurisdictions.push_back(code);
    }
    for (const auto& [said, slugs] : {std::pair{&asked.vendors, &into.vendors}, {&asked.orders, &into.ordered_out}}) {
        for (const std::string& one : *said) {
            const std::optional<std::string> slug = slug_meant(db, one);
            if (slug) slugs->push_back(*slug);
            if (!slug) unknown("leverancier", "vendor", one);
        }
    }
    for (const std::string& said : asked.cuts) {
        if (said == "all") {
            into.cut_all = true;
        } else if (const std::vector<std::string> meant = assets_meant(all, said); !meant.empty()) {
            into.cut_assets.insert(into.cut_assets.end(), meant.begin(), meant.end());
        } else if (const std::optional<std::string> slug = slug_meant(db, said)) {
            into.cut_parties.push_back(*slug);
        } else {
            unknown("asset of leverancier", "asset or vendor", said);
        }
    }
    return good;
}

void print_simulated(const Simulated& simulated, const std::vector<Supposition>& supposed) {
    Json all = Json::array();
    for (const Supposition& one : supposed)
        all.push(JsonObject{{"kind", Json(one.kind)},
                            {"key", Json(one.key)},
                            {"suppose", JsonObject{{"nl", Json(one.words.nl)}, {"en", Json(one.words.en)}}}});
    // Each line may be read alone.
    print_line(JsonObject{{"type", Json("supposed")}, {"supposed", all}});
    for (const Simulated::Change& change : simulated.changes) {
        Json row = Json::object();
        row["type"] = "simulated";
        row["supposed"] = all;
        row["change"] = change.what;
        row["before"] = name(change.before);
        row["after"] = name(change.after);
        row["finding"] = to_json(change.finding);
        print_line(row);
    }
    for (const Simulated::Power& power : simulated.powers) {
        Json row = Json::object();
        row["type"] = "simulated_power";
        row["supposed"] = all;
        row["kind"] = power.kind;
        row["key"] = power.key;
        row["before"] = power.before;
        row["after"] = power.after;
        row["unknown_before"] = power.unknown_before;
        row["unknown_after"] = power.unknown_after;
        print_line(row);
    }
}

int simulation(const RulesAsked& asked) {
    if (asked.jurisdictions.empty() && asked.vendors.empty() && asked.orders.empty() && asked.cuts.empty())
        return wrong(in(asked, "simulate waarmee? --jurisdiction, --vendor, --order of --cut",
                        "simulate what? --jurisdiction, --vendor, --order or --cut"));
    require_data();
    const std::string rules = data_folder() + "/rules";
    const auto load_named = [&](const std::vector<std::string>& wanted) {
        Result<PolicyPacks> out = PolicyPacks::load(rules, wanted);
        if (!out) complain(out.problems(), asked.lang);
        return out;
    };
    // What a person names is looked at before the register is.
    if (!asked.policies.empty() && !load_named(asked.policies)) return exit_usage;
    const Register held = Register::open_to_read(asked.register_path);
    int exit_code = exit_done;
    const std::optional<VendorDb> db = asked.vendor_data.open(exit_code);
    if (!db) return exit_code;
    const Overview all = overview(held, &*db);
    const Result<PolicyPacks> loaded = load_named(packs_wanted(asked.policies, all.run, rules));
    if (!loaded) return exit_usage;
    const PolicyPacks& packs = loaded.value();
    WhatIf what;
    if (!understood(asked, *db, all, what)) return exit_usage;
    std::vector<FactsRow> rows;
    for (const OverviewAsset& asset : all.assets) {
        FactsRow row;
        row.asset = asset.uid;
        row.facts = asset.facts;
        rows.push_back(std::move(row));
    }
    const std::vector<Supposition> supposed = suppositions(what, rows, *db);
    const Simulated simulated = simulate(std::move(rows), what, *db, packs, {all.site});
    if (asked.json) {
        if (same_packs(all.run, packs) != SamePacks::Yes) print_line(other_packs_line(all.run, packs));
        print_simulated(simulated, supposed);
        std::printf("%s\n", write_json(JsonObject{{"type", Json("label")}, {"tlp", Json(all.tlp)}}).c_str());
    } else {
        std::fputs(other_packs_told(all.run, packs, asked.lang).c_str(), stdout);
        std::fputs(simulation_page(simulated, supposed, asked.lang).c_str(), stdout);
        std::printf("TLP:%s\n", all.tlp.c_str());
    }
    return exit_done;
}

int run_rules(std::span<const std::string> args, Context&) {
    RulesAsked asked;
    Options options("rules", "The policy packs and their rules: read, check, test, make own ones, and ask what if.");
    options.argument("ACTION", asked.action, "list, check, test, explain, new, coverage, simulate");
    options.arguments("WHAT", asked.words, "packs (a name, or the folder of an own one); explain: a rule; new: FOLDER/ID",
                      false);
    options.many("--policy", asked.policies, "pack, may be given again (default: all; simulate: those of the last scan)");
    options.one_of("--lang", asked.lang, {"nl", "en"}, "language (default en)");
    options.option("--from", asked.from, "new: the rule to begin from (default supplier-concentration)");
    options.option("--register", asked.register_path, "simulate: the register, which is only read (default herkomst.db)");
    options.many("--jurisdiction", asked.jurisdictions, "simulate: considerations 1 and 2 were yes for this country");
    options.many("--vendor", asked.vendors, "simulate: considerations 1 and 2 were yes for this supplier");
    options.many("--order", asked.orders, "simulate: an authority ordered this supplier out");
    options.many("--cut", asked.cuts, "simulate: the way out were cut of an asset, a supplier or cloud operator, or all");
    options.flag("--json", asked.json, "NDJSON instead");
    asked.vendor_data.declare(options, VendorData::Matches::No);
    options.footer(
        "check reads packs strictly, test runs the examples of every rule as well; both exit 2 when anything is wrong.\n"
        "new copies a rule into your own pack: under its own name it takes the place of ours (other thresholds), under "
        "another\n"
        "it stands beside it. Then: herkomst scan ... --policy nl-zelfscan --policy ./own/");
    int exit_code = 0;
    if (!options.parse(args, exit_code)) return exit_code;
    const std::string& action = asked.action;
    if (action == "new") {
        require_data();
        const Result<PolicyPacks> ours = PolicyPacks::load(data_folder() + "/rules", {"all"});
        if (ours) return make_rule(ours.value(), asked);
        complain(ours.problems(), asked.lang);
        return exit_usage;
    }
    if (action == "explain" && asked.words.size() != 1) return wrong(in(asked, "explain: welke regel?", "explain which rule?"));
    if (action == "simulate" && !asked.words.empty())
        return wrong(fmt::format(fmt::runtime(in(asked, "\"{}\" is een woord te veel", "\"{}\" is one word too many")),
                                 asked.words.front()));
    if (action == "simulate") return simulation(asked);
    const Result<PolicyPacks> packs = load_asked(asked);
    if (!packs) {
        complain(packs.problems(), asked.lang);
        return exit_usage;
    }
    if (action == "list") return list_rules(packs.value(), asked);
    if (action == "test") return test(packs.value(), asked);
    if (action == "check") {
        std::printf(in(asked, "regels %zu problemen 0\n", "rules %zu problems 0\n"), packs.value().rules().size());
        return exit_done;
    }
    if (action == "coverage") {
        std::fputs(coverage_table(packs.value(), asked.lang).c_str(), stdout);
        return exit_done;
    }
    if (action == "explain") {
        const PolicyPacks::RuleSummary* rule = packs.value().rule(asked.words.front());
        if (rule == nullptr)
            return wrong(fmt::format(fmt::runtime(in(asked, "er is geen regel \"{}\"", "there is no rule \"{}\"")),
                                     asked.words.front()));
        std::fputs(rule_page(packs.value(), *rule, asked.lang).c_str(), stdout);
        return exit_done;
    }
    return wrong(fmt::format(fmt::runtime(in(asked, "\"{}\" is geen van list, check, test, explain, new, coverage, simulate",
                                             "\"{}\" is none of list, check, test, explain, new, coverage, simulate")),
                             action));
}

}  // namespace

Command rules() { return {"rules", "policy packs and rules: list, check, test, explain, new, coverage, simulate", run_rules}; }

}  // namespace herkomst::cli
