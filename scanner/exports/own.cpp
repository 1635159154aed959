// What an earlier export left, told from what is somebody else's: that is never written over, nor read as evidence.
#include <algorithm>
#include <filesystem>
#include <string>

#include "core/file.h"
#include "core/seal.h"
#include "exports/export.h"

namespace herkomst {

namespace {

std::string_view first_line(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    text = text.substr(0, text.find('\n'));
    if (text.ends_with('\r')) text.remove_suffix(1);
    return text;
}

// Whatever stands between the columns, and whichever label a table without rows carries in its head.
std::string head_of(std::string_view text) {
    std::string head(first_line(text));
    std::replace(head.begin(), head.end(), ';', ',');
    head += ',';
    if (const std::size_t label = head.find(",tlp "); label != std::string::npos) {
        const std::size_t from = label + 4;
        head.erase(from, head.find(',', from) - from);
    }
    return head;
}

// Columns are only ever added, at the end: the head of an older or newer version begins like ours.
bool same_head(std::string_view a, std::string_view b) {
    const std::string one = head_of(a);
    const std::string other = head_of(b);
    return one.size() > 1 && other.size() > 1 && (one.starts_with(other) || other.starts_with(one));
}

bool holds(std::string_view text, std::initializer_list<std::string_view> parts) {
    return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) { return text.find(part) != text.npos; });
}

bool is_ours(std::string_view there, const ExportFile& file) {
    if (there.empty()) return true;
    if (file.name.ends_with(".csv")) return same_head(there, file.content);
    if (file.name.ends_with(".sealed")) return is_sealed(there);
    if (file.name.ends_with(".json")) {
        return holds(there,
                     {R"("program": "herkomst )", R"("program":"herkomst )", R"("name": "herkomst")", R"("name":"herkomst")"});
    }
    if (file.name.ends_with(".html")) return holds(there, {"herkomst"}) && holds(there, {"Content-Security-Policy"});
    return first_line(there).starts_with("TLP:");
}

struct OwnHead {
    std::string line;
    bool labelled = false;  // has our column of the label; others are the format of a tool that other people use too
};

const std::vector<OwnHead>& own_heads() {
    static const std::vector<OwnHead> heads = [] {
        std::vector<OwnHead> out;
        for (const Export& each : all_exports()) {
            if (each.files.find(".csv") == std::string_view::npos) continue;
            for (const ExportFile& file : each.make(Overview(), ExportOptions())) {
                if (!file.name.ends_with(".csv")) continue;
                const std::string head(first_line(file.content));
                out.push_back({head, ("," + head_of(head)).find(",tlp,") != std::string::npos});
            }
        }
        return out;
    }();
    return heads;
}

}  // namespace

bool is_own_table(std::string_view start) {
    constexpr std::ptrdiff_t columns_least = 6;
    const std::string_view head = first_line(start);
    const auto columns = 1 + std::count_if(head.begin(), head.end(), [](char c) { return c == ',' || c == ';'; });
    return std::any_of(own_heads().begin(), own_heads().end(), [&](const OwnHead& own) {
        if (own.labelled) return columns >= columns_least && same_head(head, own.line);
        return head_of(head) == head_of(own.line) && holds(start.substr(head.size()), {"herkomst", ",tlp-"});
    });
}

Problems in_the_way(const std::vector<ExportFile>& files, const std::string& folder, const std::vector<std::string>& sources) {
    Problems problems;
    std::error_code error;
    for (const ExportFile& file : files) {
        const std::string path = (std::filesystem::path(folder) / file.name).string();
        const std::filesystem::file_status status = std::filesystem::status(path, error);
        if (!std::filesystem::exists(status)) continue;
        // Whoever opens a pipe waits for its other end.
        if (!std::filesystem::is_regular_file(status)) {
            problems.push_back({path, "is there already and is not a file of herkomst: it is not written over"});
            continue;
        }
        if (std::any_of(sources.begin(), sources.end(), [&](const std::string& each) { return same_file(each, path); })) {
            problems.push_back({path, "is read here and would be written over; choose another folder"});
        } else if (const Result<std::string> there = read_file(path, std::size_t{1} << 30);
                   !there || !is_ours(there.value(), file)) {
            problems.push_back({path, "is there already and is not a file of herkomst: it is not written over"});
        }
    }
    return problems;
}

}  // namespace herkomst
