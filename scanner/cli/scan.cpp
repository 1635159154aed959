// herkomst scan: from captures and inventories to a risk register, or to any stop on the way.
#include <cstdio>
#include <string>
#include <vector>

#include "capture/analysis.h"
#include "cli/command.h"
#include "cli/sources.h"
#include "core/file.h"
#include "core/lines.h"
#include "identity/asset.h"
#include "imports/import.h"
#include "vendordb/vendordb.h"

namespace herkomst::cli {

namespace {

void print(const Json& line) {
    const std::string text = write_json(line);
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fputc('\n', stdout);
}

void complain(const Problems& problems) {
    for (const Problem& problem : problems) std::fprintf(stderr, "%s\n", problem.text().c_str());
}

int run(std::span<const std::string> args, Context& context) {
    Options options("scan", "Reads captures and inventories, names devices and makers, and keeps a risk register.");
    std::vector<std::string> named;
    std::string until;
    AnalysisOptions analysis_options;
    options.arguments("SOURCES", named, "capture files, inventories, folders, globs; - is a capture on standard input");
    options.one_of("--until", until, {"observations", "assets", "findings"}, "stop there and print NDJSON");
    options.option("--threads", analysis_options.threads, "threads that decode (default 1)");
    options.option("--site", analysis_options.site, "name of the site");
    int exit_code = 0;
    if (!options.parse(args, exit_code)) return exit_code;

    const Sources sources = find_sources(named);
    complain(sources.problems);
    if (sources.captures.empty() && sources.inventories.empty()) return exit_usage;
    const Analysis analysis = analyse(sources.captures, analysis_options);
    complain(analysis.problems);
    if (until == "assets") {
        const Result<VendorDb> db = VendorDb::open(data_folder() + "/vendordb.sqlite");
        if (!db) {
            complain(db.problems());
            return exit_machine;
        }
        const Identified identified = identify(analysis.observations.list(), analysis.conversations, db.value(), {false, context.now});
        std::printf("%s\n", header_line("assets", db.value().version(), "").c_str());
        for (const Asset& asset : identified.assets) print(to_json(asset));
        return exit_done;
    }
    std::printf("%s\n", header_line("observations", "", "").c_str());
    for (const Observation& observation : analysis.observations.list()) print(to_json(observation));
    for (const auto& row : analysis.observations.others()) print(to_json(row));
    for (const Conversation& conversation : analysis.conversations) print(to_json(conversation));
    for (const Coverage& coverage : analysis.coverage) print(to_json(coverage));
    return exit_done;
}

}  // namespace

Command scan() { return {"scan", "captures and inventories to observations, assets, findings, a register and a report", run}; }

}  // namespace herkomst::cli
