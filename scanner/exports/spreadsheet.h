// Comma-separated values that a spreadsheet cannot be tricked with.
//
// RFC 4180: CRLF line ends, cells with a delimiter, quote or line break are quoted, quotes doubled. Names on a network are
// chosen by whoever is on it, so a cell that a spreadsheet would take for a formula is neutralised: when its first character is
// one of = + - @ tab CR or ', one ' is put in front. Nothing is lost: a reader takes one leading ' away.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace herkomst {

class Spreadsheet {
  public:
    Spreadsheet(std::vector<std::string_view> headers, char delimiter, bool bom);
    // As many cells as there are headers.
    void row(const std::vector<std::string>& cells);
    [[nodiscard]] std::string take() { return std::move(out_); }
    // Where each row carries a label in its column `tlp` and there is no row, the column's name does: "tlp AMBER+STRICT".
    [[nodiscard]] std::string take(std::string_view label);

  private:
    void line(const std::vector<std::string>& cells);
    void cell(std::string_view);
    std::vector<std::string> headers_;
    bool bom_;
    bool any_ = false;
    char delimiter_;
    std::string out_;
};

}  // namespace herkomst
