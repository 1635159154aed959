// What was thrown, as text; nothing where nothing was. Shared by the tests of this folder.
#pragma once

#include <stdexcept>
#include <string>

namespace herkomst::test {

std::string complaint(auto&& does) {
    try {
        does();
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "";
}

}  // namespace herkomst::test
