// The files of report/templates and report/texts, put into the program at build time (tools/cmake/report.cmake).
#pragma once

#include <string_view>

namespace herkomst::embedded {

extern const std::string_view template_page;
extern const std::string_view style;
extern const std::string_view texts_nl;
extern const std::string_view texts_en;
extern const std::string_view vocabulary;  // vendordb/vocabulary.json

}  // namespace herkomst::embedded
