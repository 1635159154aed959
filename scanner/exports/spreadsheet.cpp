#include "exports/spreadsheet.h"

#include <cassert>

namespace herkomst {

Spreadsheet::Spreadsheet(std::vector<std::string_view> headers, char delimiter, bool bom)
    : headers_(headers.begin(), headers.end()), bom_(bom), delimiter_(delimiter) {
    line(headers_);
}

std::string Spreadsheet::take(std::string_view label) {
    if (!any_ && !label.empty()) {
        for (std::string& header : headers_) {
            if (header == "tlp") header.append(" ").append(label);
        }
        out_.clear();
        line(headers_);
    }
    return take();
}

void Spreadsheet::row(const std::vector<std::string>& cells) {
    assert(cells.size() == headers_.size());
    any_ = true;
    line(cells);
}

void Spreadsheet::line(const std::vector<std::string>& cells) {
    if (out_.empty() && bom_) out_ += "\xef\xbb\xbf";
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
