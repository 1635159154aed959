#include "imports/table.h"

#include <algorithm>

#include "core/text.h"
#include "core/utf8.h"

namespace herkomst {

namespace {

constexpr std::size_t columns_max = 256;
constexpr std::size_t cell_max = 4096;

char separator_of(std::string_view first_line) {
    char best = ',';
    std::ptrdiff_t most = 0;
    for (const char candidate : {';', '\t', '|', ','}) {
        bool quoted = false;
        std::ptrdiff_t count = 0;
        for (const char c : first_line) {
            if (c == '"') quoted = !quoted;
            if (c == candidate && !quoted) ++count;
        }
        if (count > most) {
            most = count;
            best = candidate;
        }
    }
    return best;
}

}  // namespace

std::string as_utf8(std::string_view content) {
    const bool little = content.starts_with("\xff\xfe");
    if (!little && !content.starts_with("\xfe\xff")) return std::string(content);
    std::string out;
    out.reserve(content.size());
    const auto unit = [&](std::size_t at) {
        const auto a = static_cast<std::uint32_t>(static_cast<unsigned char>(content[at]));
        const auto b = static_cast<std::uint32_t>(static_cast<unsigned char>(content[at + 1]));
        return little ? (a | b << 8U) : (a << 8U | b);
    };
    for (std::size_t at = 2; at + 1 < content.size(); at += 2) {
        std::uint32_t point = unit(at);
        if (point >= 0xd800 && point < 0xe000) {
            const std::uint32_t low = point < 0xdc00 && at + 3 < content.size() ? unit(at + 2) : 0;
            const bool pair = low >= 0xdc00 && low < 0xe000;
            point = pair ? 0x10000 + ((point - 0xd800) << 10U) + (low - 0xdc00) : 0xfffd;
            if (pair) at += 2;
        }
        append_utf8(out, point);
    }
    return out;
}

Table read_table(std::string_view content, std::string_view name, std::size_t rows_max, std::uint64_t first_line) {
    Table table;
    if (content.starts_with("\xef\xbb\xbf")) content.remove_prefix(3);
    std::uint64_t line = first_line;
    const auto skip_line = [&] {
        const std::size_t end = content.find('\n');
        content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
        ++line;
    };
    bool told = false;
    while (!content.empty()) {
        const std::string_view first = trimmed(content.substr(0, content.find('\n')));
        if (starts_with_ignoring_case(first, "sep=") && first.size() == 5) {
            table.separator = first[4];
            told = true;
        } else if (!first.empty()) {
            break;
        }
        skip_line();
    }
    if (!told) table.separator = separator_of(content.substr(0, content.find('\n')));

    const auto place = [&](std::uint64_t at) { return std::string(name) + ":" + std::to_string(at); };
    std::size_t at = 0;
    while (at < content.size()) {
        TableRow row;
        row.line = line;
        std::string cell;
        bool quoted = false;
        bool was_quoted = false;
        bool row_ended = false;
        const auto end_cell = [&] {
            if (row.cells.size() < columns_max) row.cells.push_back(clean(cell, cell_max));
            cell.clear();
            was_quoted = false;
        };
        while (at < content.size() && !row_ended) {
            const char c = content[at++];
            if (c == '\n') ++line;
            if (quoted) {
                if (c == '"' && at < content.size() && content[at] == '"') {
                    cell += '"';
                    ++at;
                } else if (c == '"') {
                    quoted = false;
                } else if (cell.size() < cell_max * 2) {
                    cell += c;
                }
            } else if (c == '"' && cell.empty() && !was_quoted) {
                quoted = true;
                was_quoted = true;
            } else if (c == table.separator) {
                end_cell();
            } else if (c == '\n' || c == '\r') {
                if (c == '\r' && at < content.size() && content[at] == '\n') {
                    ++at;
                    ++line;
                } else if (c == '\r') {
                    ++line;
                }
                row_ended = true;
            } else if (cell.size() < cell_max * 2) {
                cell += c;
            }
        }
        if (quoted) table.problems.push_back({place(row.line), "a quoted field that starts in this row never ends"});
        end_cell();
        const bool empty =
            std::all_of(row.cells.begin(), row.cells.end(), [](const std::string& text) { return text.empty(); });
        if (empty || quoted) continue;
        if (table.headers.empty()) {
            table.header_line = row.line;
            table.headers = std::move(row.cells);
            continue;
        }
        if (table.rows.size() >= rows_max) {
            table.problems.push_back(
                {place(row.line), "more than " + std::to_string(rows_max) + " rows: the rest is not read"});
            break;
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

}  // namespace herkomst
