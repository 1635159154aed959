// Rows of text in three forms, and what people mean by the names they type.
#include <algorithm>
#include <cstdio>

#include "cli/register_actions.h"
#include "core/json.h"
#include "core/text.h"
#include "exports/spreadsheet.h"

namespace herkomst {

int complain(const Problems& problems) {
    for (const Problem& problem : problems) std::fprintf(stderr, "%s\n", problem.text().c_str());
    return exit_usage;
}

int refuse_register(const std::string& sentence) {
    std::fprintf(stderr, "herkomst register: %s\n", sentence.c_str());
    return exit_usage;
}

namespace {

// Bands and numbers in their own order, everything else as text.
int rank(const std::string& cell) {
    constexpr std::string_view order[] = {"low", "medium", "high", "critical"};
    const auto found = std::find(std::begin(order), std::end(order), cell);
    return found == std::end(order) ? -1 : static_cast<int>(found - std::begin(order));
}

bool number(const std::string& cell) { return !cell.empty() && cell.find_first_not_of("0123456789") == std::string::npos; }

bool before(const std::string& a, const std::string& b) {
    if (rank(a) >= 0 && rank(b) >= 0) return rank(a) < rank(b);
    if (number(a) && number(b) && a.size() != b.size()) return a.size() < b.size();
    return a < b;
}

std::size_t width(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace

bool sort_rows(RowTable& table, const std::string& by) {
    if (by.empty()) return true;
    const bool down = by[0] == '-';
    const auto column = std::find(table.columns.begin(), table.columns.end(), down ? by.substr(1) : by);
    if (column == table.columns.end()) return false;
    const auto at = static_cast<std::size_t>(column - table.columns.begin());
    std::stable_sort(table.rows.begin(), table.rows.end(),
                     [&](const auto& a, const auto& b) { return down ? before(b[at], a[at]) : before(a[at], b[at]); });
    return true;
}

void print_rows(const RowTable& table, const std::string& format, const std::string& tlp) {
    std::string out;
    if (format == "json") {
        Json rows = Json::array();
        for (const auto& row : table.rows) {
            Json each = Json::object();
            for (std::size_t i = 0; i < row.size(); ++i) {
                if (!row[i].empty()) each[table.columns[i]] = row[i];
            }
            rows.push(std::move(each));
        }
        Json whole = Json::object();
        whole["rows"] = std::move(rows);
        whole["tlp"] = tlp;
        out = write_json(whole) + "\n";
    } else if (format == "csv") {
        std::vector<std::string_view> headers(table.columns.begin(), table.columns.end());
        headers.emplace_back("tlp");
        Spreadsheet sheet(headers, ',', false);
        for (auto row : table.rows) {
            row.push_back(tlp);
            sheet.row(row);
        }
        out = sheet.take();
    } else {
        std::vector<std::size_t> widths;
        for (const std::string& column : table.columns) widths.push_back(width(column));
        for (const auto& row : table.rows) {
            for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
        }
        // A column in which nothing stands is left out: people read this.
        std::vector<bool> used(table.columns.size(), table.rows.empty());
        for (const auto& row : table.rows) {
            for (std::size_t i = 0; i < row.size(); ++i) used[i] = used[i] || !row[i].empty();
        }
        const auto line = [&](const std::vector<std::string>& cells) {
            for (std::size_t i = 0; i < cells.size(); ++i) {
                if (!used[i]) continue;
                out += cells[i];
                out.append(widths[i] - width(cells[i]) + 2, ' ');
            }
            out.erase(out.find_last_not_of(' ') + 1);
            out += '\n';
        };
        line(table.columns);
        for (const auto& row : table.rows) line(row);
        out += "TLP:" + tlp + "\n";
    }
    std::fwrite(out.data(), 1, out.size(), stdout);
}

bool field_and_value(const std::string& word, std::string& field, std::string& value) {
    const std::size_t at = word.find('=');
    if (at == std::string::npos || at == 0) return false;
    field = word.substr(0, at);
    value = word.substr(at + 1);
    return true;
}

Addressed meant_by(const Overview& all, const std::string& said) {
    if (const std::size_t colon = said.find(':'); colon != std::string::npos) {
        const std::string kind = said.substr(0, colon);
        for (const char* each : {"zone", "process", "supplier", "site", "person", "setting"}) {
            if (kind == each) return {kind, said.substr(colon + 1)};
        }
    }
    if (said.starts_with("M-") && said.find_first_not_of("0123456789", 2) == std::string::npos) return {"measure", said};
    if (said.starts_with("A-") && said.find_first_not_of("0123456789", 2) == std::string::npos) return {"assertion", said};
    if (said.starts_with("R-")) {
        std::vector<std::string> found;
        for (const auto* list : {&all.findings, &all.questions}) {
            for (const OverviewFinding& one : *list) {
                if (one.finding.id == said) return {"finding", said};
                if (said.size() >= 5 && one.finding.id.starts_with(said)) found.push_back(one.finding.id);
            }
        }
        if (found.size() == 1) return {"finding", found.front()};
        std::fprintf(stderr,
                     found.empty() ? "herkomst register: there is no finding \"%s\"\n"
                                   : "herkomst register: \"%s\" may mean several findings\n",
                     said.c_str());
        return {};
    }
    const std::vector<std::string> assets = assets_meant(all, said);
    if (assets.size() == 1) return {"asset", assets.front()};
    if (assets.empty()) {
        std::fprintf(stderr, "herkomst register: there is nothing called \"%s\"\n", said.c_str());
    } else {
        std::fprintf(stderr, "herkomst register: \"%s\" may mean any of these:\n", said.c_str());
        for (const std::string& uid : assets) std::fprintf(stderr, "  %s  %s\n", uid.c_str(), all.asset(uid)->label.c_str());
    }
    return {};
}

}  // namespace herkomst
