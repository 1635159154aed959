// Bar charts as numbers: the template draws them as inline SVG and escapes every label.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/json.h"

namespace herkomst {

struct Bar {
    std::string label;
    double value = 0;
    std::string figure;    // the value as people read it, and what is not in it
    bool unknown = false;  // drawn hatched: not known is not nothing
};

// {"height","bars":[{"label","figure","class","y","text_y","width","figure_x"}]} for a drawing of 1000 units wide. Bars have
// the order given; their lengths share one scale.
Json bar_chart(const std::vector<Bar>&);

}  // namespace herkomst
