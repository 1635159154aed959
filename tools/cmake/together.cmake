# together(COUNT FILE…): as many files of one folder as COUNT says make one unit: what they all include is compiled once. For
# targets with UNITY_BUILD_MODE GROUP. Files of one unit share their anonymous namespaces: a name that two of them give to things of
# their own is an error of the compiler, or found by tests/lint. "tools/check units" compiles each file alone.
function(together count)
  set(folder "")
  foreach(source IN LISTS ARGN)
    cmake_path(GET source PARENT_PATH here)
    if(NOT here STREQUAL folder)
      set(folder ${here})
      set(place 0)
    endif()
    cmake_path(GET folder FILENAME here)
    math(EXPR group "${place} / ${count}")
    math(EXPR place "${place} + 1")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${here}_${group})
  endforeach()
endfunction()
