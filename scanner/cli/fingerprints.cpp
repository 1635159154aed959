// herkomst fingerprints: do the patterns do what their examples say?
#include <cstdio>
#include <map>

#include "cli/command.h"
#include "core/file.h"
#include "core/json.h"
#include "vendordb/fingerprints.h"

namespace herkomst::cli {

namespace {

void print_fingerprints(const std::vector<Fingerprint>& fingerprints) {
    std::map<std::string, std::pair<std::size_t, std::size_t>> by_evidence;
    for (const Fingerprint& one : fingerprints) {
        ++by_evidence[one.evidence].first;
        by_evidence[one.evidence].second += one.examples.size();
    }
    std::printf("%-28s %10s %10s\n", "evidence", "patterns", "examples");
    for (const auto& [evidence, counts] : by_evidence)
        std::printf("%-28s %10zu %10zu\n", evidence.c_str(), counts.first, counts.second);
}

int run_fingerprints(std::span<const std::string> args, Context&) {
    Options options("fingerprints", "Runs the examples of fingerprints against their patterns.");
    std::string action;
    std::string recog;
    std::string folder;
    bool json = false;
    options.argument("ACTION", action, "verify");
    options.argument("FOLDER", folder, "folder with *.xml, as vendordb/fingerprints", false);
    options.option("--recog", recog, "Rapid7's own files (Recog's folder xml) instead, unchanged");
    options.flag("--json", json, "NDJSON instead");
    options.footer(
        "Ours: every example must match, give what it states, and not be taken by an earlier pattern. Recog's: every example\n"
        "must match its own pattern and give what it states. Ends with `examples N failed M`; exit 2 when M is not 0.");
    int exit_code = 0;
    if (!options.parse(args, exit_code)) return exit_code;
    if (action != "verify" || folder.empty() == recog.empty()) {
        std::fprintf(stderr, "herkomst fingerprints: verify FOLDER, or verify --recog FOLDER\n");
        return exit_usage;
    }
    Problems problems;
    const std::vector<Fingerprint> fingerprints =
        recog.empty() ? read_fingerprint_folder(folder, problems) : read_recog(recog, problems);
    const FingerprintCheck check = run_examples(fingerprints);
    problems.insert(problems.end(), check.problems.begin(), check.problems.end());
    for (const Problem& problem : problems) std::fprintf(stderr, "%s\n", problem.text().c_str());
    if (json) {
        Json row = Json::object();
        row["type"] = "fingerprints";
        row["patterns"] = check.patterns;
        row["examples"] = check.examples;
        row["failed"] = check.failed;
        row["problems"] = problems.size();
        std::printf("%s\n", write_json(row).c_str());
    } else {
        print_fingerprints(fingerprints);
        std::printf("patterns %zu\nexamples %zu failed %zu\n", check.patterns, check.examples, check.failed);
    }
    return problems.empty() ? exit_done : exit_usage;
}

}  // namespace

Command fingerprints() { return {"fingerprints", "runs the examples of fingerprints, ours or Rapid7's", run_fingerprints}; }

}  // namespace herkomst::cli
