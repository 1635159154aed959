# The report's template, style and texts, embedded in the program.
set(REPORT_FILES templates/report.mustache templates/report.css texts/nl.json texts/en.json)
list(TRANSFORM REPORT_FILES PREPEND ${CMAKE_SOURCE_DIR}/scanner/report/)
add_custom_command(
  OUTPUT ${CMAKE_BINARY_DIR}/generated/report_embedded.cpp
  COMMAND ${CMAKE_COMMAND} -D FROM=${CMAKE_SOURCE_DIR}/scanner/report -D OUT=${CMAKE_BINARY_DIR}/generated/report_embedded.cpp
          -P ${CMAKE_SOURCE_DIR}/tools/cmake/embed.cmake
  DEPENDS ${REPORT_FILES} ${CMAKE_SOURCE_DIR}/vendordb/vocabulary.json ${CMAKE_SOURCE_DIR}/tools/cmake/embed.cmake
  COMMENT "Embedding the report")
target_sources(scanner PRIVATE ${CMAKE_BINARY_DIR}/generated/report_embedded.cpp)
