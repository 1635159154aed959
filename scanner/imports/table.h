// Tables of text: CSV as people and programs really write it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace herkomst {

struct TableRow {
    std::uint64_t line = 0;  // where it starts, from 1
    std::vector<std::string> cells;
};

struct Table {
    char separator = ',';
    std::vector<std::string> headers;
    std::uint64_t header_line = 0;
    std::vector<TableRow> rows;
    Problems problems;  // an unclosed quote, too many columns: with "name:line"
};

// RFC 4180 with what the field adds: comma, semicolon, tab or bar as separator (the one that the header line has most of), a
// byte-order mark, CR or LF or both, an Excel line "sep=;", quotes inside fields doubled, empty lines skipped. Bytes that are
// not UTF-8 are Latin-1. `first_line` is the number of the first. At most `rows_max` rows and 256 columns; a row that ends in
// the middle of a quote is a problem.
Table read_table(std::string_view content, std::string_view name, std::size_t rows_max = 1'000'000,
                 std::uint64_t first_line = 1);

// What spreadsheets call "Unicode text": UTF-16 with a byte-order mark (RFC 2781 section 3.2), as UTF-8. Other text as it is.
std::string as_utf8(std::string_view content);

}  // namespace herkomst
