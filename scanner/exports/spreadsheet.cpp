#include "exports/spreadsheet.h"

#include <cassert>

namespace herkomst {

Spreadsheet::Spreadsheet(std::vector<std::string_view> headers, char delimiter, bool bom)
    : columns_(headers.size()), delimiter_(delimiter) {
    if (bom) out_ += "\xef\xbb\xbf";
    std::vector<std::string> cells(headers.begin(), headers.end());
    row(cells);
}

void Spreadsheet::row(const std::vector<std::string>& cells) {
    assert(cells.size() == columns_);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i != 0) out_ += delimiter_;
        cell(cells[i]);
    }
    out_ += "\r\n";
}

void Spreadsheet::cell(std::string_view text) {
    const bool formula = !text.empty() && std::string_view("=+-@\t\r'").find(text.front()) != std::string_view::npos;
    const bool quoted = text.find_first_of("\"\r\n\t,;") != std::string_view::npos ||
                        text.find(delimiter_) != std::string_view::npos ||
                        (!text.empty() && (text.front() == ' ' || text.back() == ' '));
    if (quoted) out_ += '"';
    if (formula) out_ += '\'';
    for (const char c : text) {
        if (c == '\0') continue;  // no reader survives it, and no claim holds it
        if (c == '"') out_ += '"';
        out_ += c;
    }
    if (quoted) out_ += '"';
}

}  // namespace herkomst
