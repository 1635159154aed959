#include "cli/sources.h"

#include <glob.h>

#include <algorithm>
#include <filesystem>

#include "capture/analysis.h"
#include "imports/import.h"

namespace herkomst {

namespace {

namespace fs = std::filesystem;

bool has_wildcard(const std::string& text) { return text.find_first_of("*?[") != std::string::npos; }

std::vector<std::string> globbed(const std::string& pattern) {
    glob_t found{};
    std::vector<std::string> paths;
    if (glob(pattern.c_str(), 0, nullptr, &found) == 0) paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    globfree(&found);
    return paths;
}

void sort_out(const std::string& path, bool named_itself, Sources& sources) {
    if (is_capture(path)) {
        sources.captures.push_back(path);
    } else if (import_for(path) != nullptr) {
        sources.inventories.push_back(path);
    } else if (const std::string damage = packing_problem(path); !damage.empty()) {
        sources.problems.push_back({path, damage});
    } else if (named_itself) {
        sources.problems.push_back({path, "is neither a capture nor an inventory that herkomst can read"});
    } else {
        sources.ignored.push_back(path);
    }
}

void walk(const std::string& folder, Sources& sources) {
    std::vector<std::string> files;
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, error), end;
         !error && at != end; at.increment(error)) {
        std::error_code ignored;
        if (at->is_regular_file(ignored)) files.push_back(at->path().string());
    }
    if (error) sources.problems.push_back({folder, "cannot be walked: " + error.message()});
    std::sort(files.begin(), files.end());
    for (const std::string& file : files) sort_out(file, false, sources);
}

void add(const std::string& path, Sources& sources) {
    if (is_stream(path)) {
        sources.captures.push_back(path);
        return;
    }
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) {
        if (has_wildcard(path)) {
            const std::vector<std::string> paths = globbed(path);
            if (paths.empty()) sources.problems.push_back({path, "matches no file"});
            for (const std::string& each : paths) {
                if (!is_stream(each)) add(each, sources);
            }
        } else {
            sources.problems.push_back({path, "does not exist"});
        }
    } else if (fs::is_directory(status)) {
        walk(path, sources);
    } else {
        sort_out(path, true, sources);
    }
}

}  // namespace

Sources find_sources(const std::vector<std::string>& named) {
    Sources sources;
    for (const std::string& path : named) add(path, sources);
    return sources;
}

}  // namespace herkomst
