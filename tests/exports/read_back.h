// What exports made, read back as another program would, and validated: shared by the tests of this folder.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "exports/export.h"
#include "tests/exports/fixture.h"

namespace herkomst::test {

inline const Time now = test::at("2026-11-21T12:00:00Z");
inline const std::string source_dir = HERKOMST_SOURCE_DIR;

inline const std::vector<std::string> hostile_texts = {
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "=HYPERLINK(\"http://192.0.2.1\",\"x\")",
    "@SUM(1+1)",
    "+1\r\n-2\t3",
    "'quoted' \"twice\" ; , | \\ / {{site}} {{{style}}} ${x} %s",
    "javascript:alert(1)",
    "]]> --> </style></title>",
    std::string("nul \0 inside", 12),
    "\xff\xfe not utf-8 \xe2\x82",
    std::string(100000, 'x'),
};

struct Folder {
    std::filesystem::path path;
    Folder() : path(std::filesystem::temp_directory_path() / fmt::format("herkomst-exports-{}", getpid())) {
        std::filesystem::create_directories(path);
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
};

inline const std::string& file_of(const std::vector<ExportFile>& files, const std::string& name) {
    for (const ExportFile& file : files) {
        if (file.name == name) return file.content;
    }
    FAIL("no file " << name);
    static const std::string none;
    return none;
}

// A strict RFC 4180 reader: what another program would see. Problems are kept in `bad`.
struct Table {
    std::vector<std::vector<std::string>> rows;
    std::string bad;
};
inline Table read_csv(std::string_view text, char delimiter) {
    Table out;
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    std::vector<std::string> row;
    std::size_t i = 0;
    while (i < text.size()) {
        std::string cell;
        if (text[i] == '"') {
            for (++i; i < text.size(); ++i) {
                if (text[i] != '"') {
                    cell += text[i];
                } else if (i + 1 < text.size() && text[i + 1] == '"') {
                    cell += '"';
                    ++i;
                } else {
                    break;
                }
            }
            if (i >= text.size()) out.bad = "a quote is not closed";
            ++i;
        } else {
            while (i < text.size() && text[i] != delimiter && text[i] != '\r' && text[i] != '\n') {
                if (text[i] == '"') out.bad = "a quote in a cell that is not quoted";
                cell += text[i++];
            }
        }
        row.push_back(cell);
        if (i < text.size() && text[i] == delimiter) {
            ++i;
            continue;
        }
        if (text.substr(i, 2) != "\r\n") {
            out.bad = fmt::format("row {} does not end with CRLF", out.rows.size() + 1);
            break;
        }
        i += 2;
        out.rows.push_back(std::move(row));
        row.clear();
    }
    return out;
}

inline bool have(const char* program) {
    return std::system(fmt::format("command -v {} >/dev/null 2>&1", program).c_str()) == 0;
}

enum class Fit { Yes, No, Skipped };

// Skipped only where there is nothing to validate with, and then said (tests/skips.h); a validator that breaks is not skipped.
inline Fit validated(const std::string& which, const std::string& path) {
    const std::string packages = source_dir + "/build/npm/node_modules";
    if (!std::filesystem::exists(packages + "/ajv") || !have("node")) {
        MESSAGE("skipped: the schemas are not installed (tools/install/npm) or there is no node");
        return Fit::Skipped;
    }
    const int status = std::system(
        fmt::format("NODE_PATH='{}' node '{}/tests/exports/validate.js' {} '{}' >&2", packages, source_dir, which, path)
            .c_str());
    return status == 0 ? Fit::Yes : Fit::No;
}

}  // namespace herkomst::test
