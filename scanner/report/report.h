// The risk report: what a person reads, prints and signs.
//
// One HTML page that needs nothing else: no script, no font, no picture, nothing loaded from anywhere; its content security
// policy says so too. Every text that came from a network goes through the template's escaping. The same overview, language
// and time give the same bytes.
#pragma once

#include <string>
#include <vector>

#include "core/clock.h"
#include "exports/export.h"
#include "register/overview.h"

namespace herkomst {

// lang: "nl" or "en". Some MiB for 10,000 assets; linear in assets and findings.
std::string html_report(const Overview&, const std::string& lang, Time now);

// report.html, assets.csv, findings.csv, questions.csv and register.json into the folder, which is made when there is none;
// each with mode 0600. In Dutch the CSV files have `;` and a byte order mark, as a Dutch spreadsheet expects. The machine's
// failures are std::runtime_error.
void write_report(const Overview&, const std::string& folder, const std::string& lang, Time now);
// The same files, not written.
std::vector<ExportFile> report_files(const Overview&, const std::string& lang, Time now);

}  // namespace herkomst
