// herkomst explain: from a finding back to the bytes, every step of the way.
#include <algorithm>
#include <cstdio>

#include "cli/command.h"
#include "cli/explanation.h"
#include "cli/vendor_data.h"
#include "core/file.h"
#include "register/overview.h"

namespace herkomst::cli {

namespace {

bool is_asked_field(const OverviewAsset& asset, const std::string& field) {
    if (field_named(field)) return true;
    if (asset.facts.contains(field)) return true;
    const auto columns = fact_columns();
    return std::any_of(columns.begin(), columns.end(), [&](const FactColumn& column) { return column.name == field; });
}

int run_explain(std::span<const std::string> args, Context&) {
    Options options("explain", "Shows how an asset's findings came about: rule, facts, claims, source, frame and bytes.");
    std::string said;
    std::string field;
    std::string path;
    std::string language = "en";
    bool json = false;
    VendorData vendor_data;
    options.argument("ASSET", said, "uid (or its start), IP address, MAC address, host name");
    options.argument("FIELD", field, "only this field or fact", false);
    options.option("--register", path, "the register (default herkomst.db)");
    options.one_of("--lang", language, {"nl", "en"}, "language of the texts (default en)");
    options.flag("--json", json, "the findings as NDJSON instead");
    vendor_data.declare(options, VendorData::Matches::No);
    int exit_code = 0;
    if (!options.parse(args, exit_code)) return exit_code;
    if (path.empty()) path = "herkomst.db";

    const Register held = Register::open_to_read(path);
    const std::optional<VendorDb> db = vendor_data.open(exit_code);
    if (!db && exit_code == exit_usage) return exit_code;
    const VendorDb* vendors = db ? &*db : nullptr;
    const Overview all = overview(held, vendors);
    const bool nl = language == "nl";
    const std::vector<std::string> meant = assets_meant(all, said);
    if (meant.empty()) {
        std::fprintf(stderr,
                     nl ? "herkomst: %s bevat geen asset \"%s\"; herkomst register list assets noemt ze\n"
                        : "herkomst: %s holds no asset \"%s\"; herkomst register list assets names them\n",
                     path.c_str(), said.c_str());
        if (said.starts_with("R-"))
            std::fprintf(stderr,
                         nl ? "een bevinding: herkomst register show %s --register %s\n"
                            : "a finding is shown by herkomst register show %s --register %s\n",
                         said.c_str(), path.c_str());
        return exit_usage;
    }
    if (meant.size() > 1) {
        std::fprintf(stderr, nl ? "herkomst: \"%s\" kan een van deze zijn:\n" : "herkomst: \"%s\" may mean any of these:\n",
                     said.c_str());
        for (const std::string& uid : meant) std::fprintf(stderr, "  %s  %s\n", uid.c_str(), all.asset(uid)->label.c_str());
        return exit_usage;
    }
    const OverviewAsset& asset = *all.asset(meant.front());
    if (!field.empty() && !is_asked_field(asset, field)) {
        std::fprintf(stderr,
                     nl ? "herkomst: er is geen veld of gegeven \"%s\"; zonder veld toont explain alles\n"
                        : "herkomst: there is no field or fact \"%s\"; without one, explain shows all\n",
                     field.c_str());
        return exit_usage;
    }
    if (json) {
        for (const auto* list : {&all.findings, &all.questions}) {
            for (const OverviewFinding& one : *list) {
                if (one.finding.subject.key == asset.uid) std::printf("%s\n", write_json(to_json(one.finding)).c_str());
            }
        }
        std::printf("%s\n", write_json(JsonObject{{"type", Json("label")}, {"tlp", Json(all.tlp)}}).c_str());
        return exit_done;
    }
    std::fputs(explanation(held, vendors, all, asset, language, field).c_str(), stdout);
    std::printf("TLP:%s\n", all.tlp.c_str());
    return exit_done;
}

}  // namespace

Command explain() { return {"explain", "from a finding back to rule, facts, claims, frame and bytes", run_explain}; }

}  // namespace herkomst::cli
