# cmake -P embed.cmake: the report's template, style and texts as one C++ source (OUT) from files of FROM.
set(out "// Generated from scanner/report: do not edit.\n#include \"report/embedded.h\"\n\nnamespace herkomst::embedded {\n\n")
foreach(pair IN ITEMS "template_page=templates/report.mustache" "style=templates/report.css" "texts_nl=texts/nl.json"
                      "texts_en=texts/en.json" "vocabulary=../../vendordb/vocabulary.json")
  string(REPLACE "=" ";" pair "${pair}")
  list(GET pair 0 symbol)
  list(GET pair 1 file)
  file(READ "${FROM}/${file}" content)
  string(APPEND out "const std::string_view ${symbol} = R\"~~~~(${content})~~~~\";\n\n")
endforeach()
string(APPEND out "}  // namespace herkomst::embedded\n")
file(WRITE "${OUT}" "${out}")
