// Whether a short table has an entry.
#pragma once

#include <algorithm>
#include <string_view>

namespace herkomst {

template <class Table>
bool holds(const Table& table, std::string_view what) {
    return std::find(table.begin(), table.end(), what) != table.end();
}

}  // namespace herkomst
