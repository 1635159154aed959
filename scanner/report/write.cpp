#include "exports/export.h"
#include "report/report.h"

namespace herkomst {

std::vector<ExportFile> report_files(const Overview& overview, const std::string& lang, Time now) {
    const ExportOptions options{
        .lang = lang, .now = now, .delimiter = lang == "nl" ? ';' : ',', .bom = lang == "nl", .compact = false};
    std::vector<ExportFile> files = {{"report.html", html_report(overview, lang, now)}};
    for (const char* format : {"csv", "json"}) {
        for (ExportFile& file : export_named(format)->make(overview, options)) files.push_back(std::move(file));
    }
    return files;
}

void write_report(const Overview& overview, const std::string& folder, const std::string& lang, Time now) {
    write_files(report_files(overview, lang, now), folder);
}

}  // namespace herkomst
