// herkomst columns: what the columns of a CSV inventory are taken for, and a mapping file to correct and keep.
#include <cstdio>
#include <filesystem>

#include "cli/command.h"
#include "core/file.h"
#include "core/json.h"
#include "imports/columns.h"
#include "imports/table.h"

namespace herkomst::cli {

namespace {

int run_columns(std::span<const std::string> args, Context&) {
    Options options("columns", "Shows what the columns of a CSV inventory are taken for.");
    std::string path;
    std::string mapping;
    std::string save;
    options.argument("FILE", path, "the inventory");
    options.option("--mapping", mapping, "apply this mapping first");
    options.option("--save", save, "write the mapping to this file, to be corrected by hand and given to scan --mapping");
    int exit_code = 0;
    if (!options.parse(args, exit_code)) return exit_code;
    const auto complain = [](const Problems& problems) {
        for (const Problem& problem : problems) std::fprintf(stderr, "%s\n", problem.text().c_str());
        return exit_usage;
    };
    const Result<std::string> raw = read_file(path);
    if (!raw) return complain(raw.problems());
    const Result<std::string> content = unpacked(raw.value(), path);
    if (!content) return complain(content.problems());
    const bool wide = content.value().starts_with("\xff\xfe") || content.value().starts_with("\xfe\xff");
    if (!wide && content.value().find('\0') != std::string::npos) return complain({{path, "is no table of text"}});
    const Table table = read_inventory(content.value(), path);
    if (table.headers.empty()) return complain({{path, "has no header line"}});
    std::vector<ColumnMeaning> meanings = meanings_of(table.headers);
    if (!mapping.empty()) {
        const Result<std::vector<ColumnMeaning>> mapped = meanings_of(table.headers, mapping);
        if (!mapped) return complain(mapped.problems());
        meanings = mapped.value();
    }
    for (const ColumnMeaning& meaning : meanings) {
        const std::string_view taken_for = meaning.column == Column::Ignored ? "-" : name(meaning.column);
        std::printf("%-32s %.*s%s%s\n", meaning.header.c_str(), static_cast<int>(taken_for.size()), taken_for.data(),
                    meaning.unit.empty() ? "" : " in ", meaning.unit.c_str());
    }
    if (!save.empty()) {
        // What somebody corrected by hand is not written over, nor the inventory itself; the mapping that was applied may be.
        std::error_code error;
        if (std::filesystem::is_regular_file(save, error) &&
            (mapping.empty() || !same_file(save, mapping) || same_file(save, path)))
            return complain({{save, "is there already; a mapping is never written over"}});
        write_file(save, write_json_pretty(mapping_of(meanings)));
        std::fflush(stdout);
        std::fprintf(stderr, "mapping: %s\n", save.c_str());
    }
    return exit_done;
}

}  // namespace

Command columns() { return {"columns", "what the columns of a CSV inventory are taken for; saves a mapping", run_columns}; }

}  // namespace herkomst::cli
