# registry(FOLDER TYPE HEADER): generates a table of all entries of scanner/FOLDER from the files' names, sorted.
# An entry scanner/FOLDER/<stem>.cpp defines `TYPE FOLDER::<stem>()` in namespace herkomst. Files with the folder's own
# machinery are named in scanner/FOLDER/registry.txt, one stem a line. A missing definition is a link error that names the file.
set(REGISTRY_SOURCES)
function(registry folder type header)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/scanner/${folder}/*.cpp)
  if(NOT EXISTS ${CMAKE_SOURCE_DIR}/scanner/${header})
    return()
  endif()
  set(machinery)
  if(EXISTS ${CMAKE_SOURCE_DIR}/scanner/${folder}/registry.txt)
    file(STRINGS ${CMAKE_SOURCE_DIR}/scanner/${folder}/registry.txt machinery)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/scanner/${folder}/registry.txt)
  endif()
  set(stems)
  foreach(file IN LISTS files)
    get_filename_component(stem ${file} NAME_WE)
    if(NOT stem IN_LIST machinery)
      list(APPEND stems ${stem})
    endif()
  endforeach()
  list(SORT stems)
  set(declarations)
  set(calls)
  foreach(stem IN LISTS stems)
    string(APPEND declarations "${type} ${stem}();\n")
    string(APPEND calls "        ${folder}::${stem}(),\n")
  endforeach()
  set(out ${CMAKE_BINARY_DIR}/generated/${folder}_table.cpp)
  file(CONFIGURE OUTPUT ${out} @ONLY CONTENT
"// Generated from the folder scanner/${folder}: do not edit.
#include \"${header}\"

#include <span>
#include <vector>

namespace herkomst {

namespace ${folder} {
${declarations}}  // namespace ${folder}

std::span<const ${type}> all_${folder}() {
    static const std::vector<${type}> table = {
${calls}    };
    return table;
}

}  // namespace herkomst
")
  set(REGISTRY_SOURCES ${REGISTRY_SOURCES} ${out} PARENT_SCOPE)
endfunction()
