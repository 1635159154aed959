// Rows of text in three forms, and what people mean by the names they type.
#include <algorithm>
#include <cstdio>

#include "assess/told.h"
#include "cli/register_actions.h"
#include "core/json.h"
#include "core/printed.h"
#include "core/text.h"
#include "exports/spreadsheet.h"
#include "register/called.h"
#include "register/dutch.h"

namespace herkomst {

int refuse_register(const std::string& sentence) {
    std::fprintf(stderr, "herkomst register: %s\n", printed(sentence).c_str());
    return exit_usage;
}

namespace {

// Bands and numbers in their own order, everything else as text.
int rank(const std::string& cell) {
    constexpr std::string_view order[] = {"low", "medium", "high", "critical"};
    const auto found = std::find(std::begin(order), std::end(order), cell);
    return found == std::end(order) ? -1 : static_cast<int>(found - std::begin(order));
}

// People read "-" where a rating does not lead; for programs nothing stands there.
bool is_rating(const std::string& column) { return column == "rated" || column == "rated_residual"; }
bool says_band(const std::string& cell) { return rank(cell) >= 0; }

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

std::size_t column_of(const RowTable& table, const std::string& name) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (table.columns[i] == name) return i;
    }
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (called(CodeList::Column, table.columns[i], "nl") == name) return i;
    }
    return table.columns.size();
}

std::string cell_in(const std::string& column, const std::string& cell, const std::string& lang) {
    if (lang != "nl" || cell.empty()) return cell;
    constexpr std::pair<std::string_view, CodeList> vocabularies[] = {{"status", CodeList::Status},
                                                                      {"observation", CodeList::Observation},
                                                                      {"band", CodeList::Band},
                                                                      {"rule_band", CodeList::Band},
                                                                      {"rated", CodeList::Band},
                                                                      {"rated_residual", CodeList::Band},
                                                                      {"residual_band", CodeList::Band},
                                                                      {"accepted_band", CodeList::Band},
                                                                      {"accepted_inherent", CodeList::Band},
                                                                      {"accepted_residual", CodeList::Band},
                                                                      {"response", CodeList::Response},
                                                                      {"closure_reason", CodeList::Closure},
                                                                      {"criticality", CodeList::Band},
                                                                      {"state", CodeList::MeasureState},
                                                                      {"effect", CodeList::Effect},
                                                                      {"role", CodeList::Role},
                                                                      {"retired", CodeList::Answer},
                                                                      {"what", CodeList::Event},
                                                                      {"cause", CodeList::Cause}};
    for (const auto& [name, vocabulary] : vocabularies) {
        if (column == name) return called(vocabulary, cell, lang);
    }
    // Of assets, measures and assertions.
    if (column == "kind") {
        for (const CodeList vocabulary : {CodeList::Kind, CodeList::MeasureKind, CodeList::Assertion}) {
            if (std::string word = called(vocabulary, cell, lang); word != cell) return word;
        }
    }
    if (column == "by" && cell == "program") return "programma";
    return cell;
}

bool sort_rows(RowTable& table, const std::string& by) {
    if (by.empty()) return true;
    const bool down = by[0] == '-';
    const std::size_t at = column_of(table, down ? by.substr(1) : by);
    if (at == table.columns.size()) return false;
    std::stable_sort(table.rows.begin(), table.rows.end(),
                     [&](const auto& a, const auto& b) { return down ? before(b[at], a[at]) : before(a[at], b[at]); });
    return true;
}

void print_rows(RowTable table, const std::string& format, const std::string& tlp, const std::string& lang) {
    std::string out;
    // What rules made of what was seen says what it is and is not.
    const bool outcome = column_of(table, "band") < table.columns.size();
    if (format != "json") {
        for (auto& row : table.rows) {
            for (std::string& cell : row) cell = printed(cell);
        }
    }
    if (format == "json") {
        Json rows = Json::array();
        for (const auto& row : table.rows) {
            Json each = Json::object();
            for (std::size_t i = 0; i < row.size(); ++i) {
                if (is_rating(table.columns[i]) && !says_band(row[i])) {
                    each[table.columns[i]] = Json();
                } else if (!row[i].empty()) {
                    each[table.columns[i]] = row[i];
                }
            }
            rows.push(std::move(each));
        }
        Json whole = Json::object();
        whole["rows"] = std::move(rows);
        whole["tlp"] = tlp;
        if (outcome) whole["disclaimer"] = disclaimers();
        out = write_json(whole) + "\n";
    } else if (format == "csv") {
        std::vector<std::string_view> headers(table.columns.begin(), table.columns.end());
        if (outcome) headers.emplace_back("disclaimer");
        headers.emplace_back("tlp");
        Spreadsheet sheet(headers, ',', false);
        for (auto row : table.rows) {
            for (std::size_t i = 0; i < row.size(); ++i) {
                if (is_rating(table.columns[i]) && !says_band(row[i])) row[i].clear();
            }
            if (outcome) row.push_back(disclaimer_line(lang));
            row.push_back(tlp);
            sheet.row(row);
        }
        out = sheet.take(tlp);
    } else {
        if (lang == "nl") {
            for (auto& row : table.rows) {
                for (std::size_t i = 0; i < row.size(); ++i) row[i] = cell_in(table.columns[i], row[i], lang);
            }
            for (std::string& column : table.columns) column = called(CodeList::Column, column, lang);
        }
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
        if (outcome) out.append(disclaimer(lang)) += '\n';
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

Addressed meant_by(const Overview& all, const std::string& said, const std::string& lang) {
    const auto complaint = [&](const std::string& en, const std::string& nl) {
        std::fprintf(stderr, "herkomst register: %s\n", printed(either(lang, en, nl)).c_str());
    };
    if (const std::size_t colon = said.find(':'); colon != std::string::npos) {
        const std::string kind = code_of(CodeList::Kind, said.substr(0, colon));
        for (const char* each : {"zone", "process", "supplier", "site", "person", "setting"}) {
            if (kind != each) continue;
            const std::string_view name = trimmed(std::string_view(said).substr(colon + 1));
            if (!name.empty()) return {kind, std::string(name)};
            complaint(said + " is followed by a name", "na " + said + " hoort een naam");
            return {};
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
        // What was merged goes on as what it was merged into.
        std::vector<std::string> former;
        for (const auto& [finding, now] : all.merged) {
            if (finding == said || (said.size() >= 5 && finding.starts_with(said))) former.push_back(finding);
        }
        if (found.empty() && former.size() == 1) {
            const std::string& now = all.merged.find(former.front())->second;
            complaint(former.front() + " is " + now + " now: it was merged into that",
                      former.front() + " is nu " + now + ": daarin is zij opgegaan");
            return {"finding", now};
        }
        found.insert(found.end(), former.begin(), former.end());
        if (found.size() == 1) return {"finding", found.front()};
        if (found.empty()) {
            complaint("there is no finding \"" + said + "\"", "er is geen bevinding \"" + said + "\"");
        } else {
            complaint("\"" + said + "\" may mean several findings",
                      "\"" + said + "\" kan meer dan \u00e9\u00e9n bevinding zijn");
        }
        return {};
    }
    const std::vector<std::string> assets = assets_meant(all, said);
    if (assets.size() == 1) {
        const OverviewAsset& asset = *all.asset(assets.front());
        const auto alias = std::find_if(asset.aliases.begin(), asset.aliases.end(), [&](const std::string& each) {
            return each == said || (said.size() >= 4 && !asset.uid.starts_with(said) && each.starts_with(said));
        });
        if (alias != asset.aliases.end())
            complaint(*alias + " is " + asset.uid + " now: it was merged into that",
                      *alias + " is nu " + asset.uid + ": daarin is die asset opgegaan");
        return {"asset", assets.front()};
    }
    if (assets.empty()) {
        complaint("there is nothing called \"" + said + "\"", "er is niets dat \"" + said + "\" heet");
    } else {
        complaint("\"" + said + "\" may mean any of these:", "\"" + said + "\" kan een van deze zijn:");
        for (const std::string& uid : assets)
            std::fprintf(stderr, "  %s  %s\n", uid.c_str(), printed(all.asset(uid)->label).c_str());
    }
    return {};
}

}  // namespace herkomst
