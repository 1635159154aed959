#include "report/charts.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"

namespace herkomst {

namespace {

constexpr int label_width = 350;
constexpr int bars_width = 270;
constexpr int line_height = 30;
constexpr std::size_t label_max = 50;

std::string shortened(const std::string& label) {
    std::string cut = clean(label, label_max);
    return cut.size() < label.size() ? cut + "\xe2\x80\xa6" : cut;
}

}  // namespace

Json bar_chart(const std::vector<Bar>& bars) {
    double most = 0;
    for (const Bar& bar : bars) most = std::max(most, bar.value);
    Json out = Json::object();
    Json rows = Json::array();
    int y = 6;
    for (const Bar& bar : bars) {
        int width = most > 0 ? static_cast<int>(std::lround(bar.value / most * bars_width)) : 0;
        if (bar.value > 0) width = std::max(width, 2);
        Json row = Json::object();
        row["label"] = shortened(bar.label);
        row["figure"] = bar.figure;
        row["class"] = bar.unknown ? "bar unknown" : "bar";
        row["y"] = y;
        row["text_y"] = y + 15;
        row["width"] = width;
        row["figure_x"] = label_width + width + 8;
        rows.push(std::move(row));
        y += line_height;
    }
    out["height"] = y;
    out["bars"] = std::move(rows);
    return out;
}

}  // namespace herkomst
