// The report as one page: report/html.cpp makes it.
#include "exports/export.h"
#include "report/report.h"

namespace herkomst::exports {

namespace {

std::vector<ExportFile> make_html(const Overview& overview, const ExportOptions& options) {
    return {{"report.html", html_report(overview, options.lang, options.now)}};
}

}  // namespace

Export html() {
    return {"html", "the risk report as one self-contained page", "HTML 5, no script, nothing loaded", "report.html",
            make_html};
}

}  // namespace herkomst::exports
