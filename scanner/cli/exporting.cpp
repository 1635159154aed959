// herkomst export: a register in the form that another tool takes over. (`export` is a word of the language: hence the stem.)
#include <cstdio>
#include <optional>
#include <string>

#include "cli/command.h"
#include "cli/grounds.h"
#include "cli/risk_data.h"
#include "cli/sealing.h"
#include "cli/vendor_data.h"
#include "core/file.h"
#include "exports/export.h"
#include "register/overview.h"
#include "register/redact.h"
#include "report/problem_words.h"
#include "report/words.h"

namespace herkomst::cli {

namespace {

void list_formats() {
    for (const Export& each : all_exports()) {
        std::printf("%-10s %s\n%-10s by %s\n%-10s writes %s\n", std::string(each.name).c_str(), std::string(each.title).c_str(),
                    "", std::string(each.spec).c_str(), "", std::string(each.files).c_str());
    }
}

int run_exporting(std::span<const std::string> args, Context& context) {
    Options options("export", "Writes a register in the form that another tool takes over.");
    std::string format;
    std::string register_path;
    std::string folder;
    std::string delimiter = "comma";
    std::string passphrase_file;
    std::string recipient;
    bool list = false;
    bool redact = false;
    ExportOptions how;
    VendorData vendor_data;
    options.argument("FORMAT", format, "one of those that --list prints", false);
    options.flag("--list", list, "print the formats and leave");
    options.option("--register", register_path, "the register file to read");
    options.option("-o,--output", folder, "folder to write into; made when there is none");
    options.one_of("--lang", how.lang, {"nl", "en"}, "language of sentences (default en)");
    options.one_of("--delimiter", delimiter, {"comma", "semicolon"}, "between the cells of CSV files (default comma)");
    options.flag("--bom", how.bom, "start CSV files with a UTF-8 byte order mark");
    options.flag("--compact", how.compact, "JSON without line ends and blanks");
    options.flag("--redact", redact, "a summary to show around: without addresses, names, serial numbers");
    options.option("--passphrase-file", passphrase_file, "seal into one file with the passphrase in its first line");
    options.option("--recipient", recipient, "seal into one file for the holder of this key (X25519, PEM)");
    vendor_data.declare(options, VendorData::Matches::No);
    int exit_code = 0;
    if (!options.parse(args, exit_code)) return exit_code;
    if (list) {
        list_formats();
        return exit_done;
    }
    const Export* chosen = export_named(format);
    if (chosen == nullptr || register_path.empty() || folder.empty() || folder == "-") {
        const auto say = [&](const std::string& dutch, const std::string& english) {
            std::fprintf(stderr, "herkomst export: %s\n", (how.lang == "nl" ? dutch : english).c_str());
        };
        if (format.empty()) {
            say("zeg welke bestandsindeling (FORMAT); --list noemt ze", "say which FORMAT; --list prints them");
        } else if (chosen == nullptr) {
            say("er is geen bestandsindeling \"" + format + "\"; --list noemt ze",
                "there is no format \"" + format + "\"; --list prints them");
        }
        if (register_path.empty()) say("--register BESTAND zegt wat te lezen", "--register FILE says what to read");
        if (folder == "-") say("-o is een map, geen standaarduitvoer", "-o is a folder, not standard output");
        if (folder.empty()) say("-o MAP zegt waar te schrijven", "-o FOLDER says where to write");
        return exit_usage;
    }
    how.now = context.now;
    how.delimiter = delimiter == "semicolon" ? ';' : ',';
    const Register file = Register::open_to_read(register_path);
    const std::optional<VendorDb> db = vendor_data.open(exit_code);
    if (!db) return exit_code;
    Overview all = overview(file, &*db);
    add_answers(all, file, context.now);
    RiskData risks;
    if (format == "risk_register") {
        risks = risk_data_of(file, all);
        // What happened to a finding, and what was said where, is not for others.
        if (redact) {
            risks.log.clear();
            risks.claims.clear();
            risks.register_id.clear();
        }
        how.risks = &risks;
    }
    if (redact) all = redacted(std::move(all), category_words, how.lang);
    std::vector<ExportFile> files = chosen->make(all, how);
    std::fprintf(stderr, "TLP:%s\n", all.tlp.c_str());
    if (!passphrase_file.empty() || !recipient.empty()) {
        std::vector<NamedContent> contents;
        for (ExportFile& each : files) contents.push_back({std::move(each.name), std::move(each.content)});
        Result<std::string> sealed = sealed_files(contents, passphrase_file, recipient);
        if (!sealed) {
            for (const Problem& problem : sealed.problems()) std::fprintf(stderr, "%s\n", problem.text().c_str());
            return exit_usage;
        }
        files = {{format + ".sealed", std::move(sealed.value())}};
    }
    if (const Problems problems = in_the_way(files, folder); !problems.empty()) {
        for (const Problem& problem : problems) std::fprintf(stderr, "%s\n", problem_in(problem, how.lang).c_str());
        return exit_usage;
    }
    write_files(files, folder);
    for (const ExportFile& each : files) std::fprintf(stderr, "%s/%s\n", folder.c_str(), each.name.c_str());
    return exit_done;
}

}  // namespace

Command exporting() { return {"export", "a register as CSV, JSON, CycloneDX, NetBox files or a report", run_exporting}; }

}  // namespace herkomst::cli
