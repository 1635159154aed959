# The data the program needs, made at build time beside it: ${HERKOMST_DATA_DIR}.
add_executable(vendordb_compile vendordb/compile_main.cpp)
target_link_libraries(vendordb_compile PRIVATE scanner)

# A file that is gone makes nothing newer. The list of them, rewritten when it is another, does: then its place in the built data
# goes too.
function(list_of_files name)
  list(JOIN ARGN "\n" content)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/${name}.list CONTENT "${content}\n" @ONLY)
endfunction()

file(GLOB VENDORDB_DATA CONFIGURE_DEPENDS vendordb/*.json vendordb/vendors/*.json vendordb/lists/*.json vendordb/registries/*
  vendordb/fingerprints/*.xml)
list_of_files(vendordb ${VENDORDB_DATA})
add_custom_command(OUTPUT ${HERKOMST_DATA_DIR}/vendordb.sqlite
  COMMAND ${CMAKE_COMMAND} -E make_directory ${HERKOMST_DATA_DIR}
  COMMAND vendordb_compile ${CMAKE_SOURCE_DIR}/vendordb ${HERKOMST_DATA_DIR}/vendordb.sqlite
  DEPENDS vendordb_compile ${VENDORDB_DATA} ${CMAKE_BINARY_DIR}/vendordb.list
  COMMENT "Compiling vendordb.sqlite" VERBATIM)
add_custom_target(herkomst_data ALL DEPENDS ${HERKOMST_DATA_DIR}/vendordb.sqlite)

# What the active side must know of fragile devices, as it is, beside it.
add_custom_command(OUTPUT ${HERKOMST_DATA_DIR}/fragile.json
  COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_SOURCE_DIR}/vendordb/fragile.json ${HERKOMST_DATA_DIR}/fragile.json
  DEPENDS ${CMAKE_SOURCE_DIR}/vendordb/fragile.json VERBATIM)
add_custom_target(herkomst_fragile ALL DEPENDS ${HERKOMST_DATA_DIR}/fragile.json)

# The rules, as they are, beside it.
file(GLOB_RECURSE RULES_DATA CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/rules/*.json)
list_of_files(rules ${RULES_DATA})
add_custom_command(OUTPUT ${HERKOMST_DATA_DIR}/rules.copied
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${HERKOMST_DATA_DIR}/rules
  COMMAND ${CMAKE_COMMAND} -E copy_directory ${CMAKE_SOURCE_DIR}/rules ${HERKOMST_DATA_DIR}/rules
  COMMAND ${CMAKE_COMMAND} -E touch ${HERKOMST_DATA_DIR}/rules.copied
  DEPENDS ${RULES_DATA} ${CMAKE_BINARY_DIR}/rules.list
  COMMENT "Copying rules" VERBATIM)
add_custom_target(herkomst_rules ALL DEPENDS ${HERKOMST_DATA_DIR}/rules.copied)
