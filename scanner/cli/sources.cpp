#include "cli/sources.h"

#include <fcntl.h>
#include <glob.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "capture/analysis.h"
#include "cli/pipe_start.h"
#include "core/file.h"
#include "core/printed.h"
#include "core/utf8.h"
#include "exports/export.h"
#include "imports/import.h"

namespace herkomst {

namespace {

namespace fs = std::filesystem;

bool has_wildcard(const std::string& text) { return text.find_first_of("*?[") != std::string::npos; }

// Where a glob could not look, and why: its call-back takes nothing along.
thread_local Problems glob_problems;

int glob_failed(const char* path, int error) {
    glob_problems.push_back({path, std::string("cannot be walked: ") + std::strerror(error)});
    return 0;
}

// "*/plant.pcapng": glob looks for that name in every folder, and of one that it may not look into says nothing.
void look_into_folders(const std::string& pattern, Problems& problems) {
    const std::string folders = fs::path(pattern).parent_path().string();
    if (!has_wildcard(folders)) return;
    glob_t found{};
    if (glob(folders.c_str(), GLOB_ONLYDIR, nullptr, &found) == 0) {
        for (std::size_t i = 0; i < found.gl_pathc; ++i) {
            const char* each = found.gl_pathv[i];
            std::error_code error;
            if (!fs::is_directory(each, error) || ::faccessat(AT_FDCWD, each, X_OK, AT_EACCESS) == 0) continue;
            const Problem closed{each, std::string("cannot be walked: ") + std::strerror(errno)};
            if (std::find(problems.begin(), problems.end(), closed) == problems.end()) problems.push_back(closed);
        }
    }
    globfree(&found);
    look_into_folders(folders, problems);
}

std::vector<std::string> globbed(const std::string& pattern, Problems& problems) {
    glob_t found{};
    std::vector<std::string> paths;
    glob_problems.clear();
    if (glob(pattern.c_str(), 0, glob_failed, &found) == 0) paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    globfree(&found);
    Problems closed = std::move(glob_problems);
    look_into_folders(pattern, closed);
    if (paths.empty() && closed.empty()) problems.push_back({pattern, "matches no file"});
    problems.insert(problems.end(), closed.begin(), closed.end());
    return paths;
}

// Why not even its first byte can be read; empty: it can. What cannot be opened must not be taken for something else.
std::string unreadable(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return std::string("cannot be opened: ") + std::strerror(errno);
    char byte = 0;
    const ssize_t got = ::pread(file, &byte, 1, 0);
    const int error = errno;
    ::close(file);
    if (got < 0) return std::string("cannot be read: ") + std::strerror(error);
    return got == 0 ? "is empty" : "";
}

void sort_out(const std::string& path, bool named_itself, Sources& sources) {
    if (const std::string why = unreadable(path); !why.empty()) {
        // In a folder an empty file may be anything.
        if (!named_itself && why == "is empty") {
            sources.ignored.push_back(path);
        } else {
            sources.problems.push_back({path, why});
        }
        return;
    }
    // What a register, a table and a page hold is UTF-8: the name of a source stands in all of them. (One that was typed was
    // refused before.)
    const auto has_a_name = [&] {
        const bool good = is_utf8(path);
        if (!good) sources.problems.push_back({path, "is not read: its name is not UTF-8; give it another"});
        return good;
    };
    if (is_capture(path)) {
        if (has_a_name()) sources.captures.push_back(path);
        return;
    }
    const std::string start = start_of_file(path);
    if (is_own_table(start)) {
        if (named_itself) {
            sources.problems.push_back({path, "is an export of herkomst: what it concluded is no evidence of its own"});
        } else {
            sources.ignored.push_back(path);
        }
    } else if (const Import* import = import_of(start, path); import != nullptr) {
        if (has_a_name()) sources.inventories.push_back({path, import});
    } else if (const std::string damage = packing_problem(path); !damage.empty()) {
        sources.problems.push_back({path, damage});
    } else if (named_itself) {
        sources.problems.push_back({path, "is neither a capture nor an inventory that herkomst can read"});
    } else {
        sources.ignored.push_back(path);
    }
}

void sort_out_stream(const std::string& path, Sources& sources) {
    const PipeStart pipe = start_of_pipe(path);
    if (!pipe.problem.empty()) {
        sources.problems.push_back({path, pipe.problem});
    } else if (!pipe.capture && is_own_table(pipe.start)) {
        sources.problems.push_back({path, "is an export of herkomst: what it concluded is no evidence of its own"});
    } else if (const Import* import = pipe.capture ? nullptr : import_of(pipe.start, pipe.path); import != nullptr) {
        sources.inventories.push_back({pipe.path, import});
    } else {
        sources.captures.push_back(pipe.path);
    }
}

class Walk {
  public:
    Walk(const std::vector<std::string>& leave_out, Sources& sources) : leave_out_(leave_out), sources_(sources) {}

    void folder(const fs::path& path) {
        std::error_code error;
        std::vector<fs::directory_entry> entries;
        for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) entries.push_back(*at);
        if (error) sources_.problems.push_back({path.string(), "cannot be walked: " + error.message()});
        std::sort(entries.begin(), entries.end());
        for (const fs::directory_entry& entry : entries) {
            if (left_out(entry.path())) continue;
            // A link to a folder is not followed: it may lead back.
            if (entry.symlink_status(error).type() == fs::file_type::directory) {
                folder(entry.path());
            } else if (entry.is_regular_file(error)) {
                sort_out(entry.path().string(), false, sources_);
            } else if (error && error != std::errc::no_such_file_or_directory) {
                sources_.problems.push_back({entry.path().string(), "cannot be read: " + error.message()});
            }
        }
    }

  private:
    [[nodiscard]] bool left_out(const fs::path& path) const {
        return std::any_of(leave_out_.begin(), leave_out_.end(),
                           [&](const std::string& each) { return same_file(path.string(), each); });
    }

    const std::vector<std::string>& leave_out_;
    Sources& sources_;
};

void add(const std::string& path, const std::vector<std::string>& leave_out, Sources& sources) {
    if (is_stream(path)) {
        sort_out_stream(path, sources);
        return;
    }
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    const bool absent = !fs::exists(status);
    if (absent && has_wildcard(path)) {
        for (const std::string& each : globbed(path, sources.problems)) {
            if (!is_stream(each)) add(each, leave_out, sources);
        }
    } else if (absent && error && error != std::errc::no_such_file_or_directory && error != std::errc::not_a_directory) {
        sources.problems.push_back({path, "cannot be opened: " + error.message()});
    } else if (absent) {
        sources.problems.push_back({path.empty() ? "\"\"" : path, "does not exist"});
    } else if (fs::is_directory(status)) {
        const std::size_t before = sources.captures.size() + sources.inventories.size() + sources.problems.size();
        Walk(leave_out, sources).folder(path);
        if (before == sources.captures.size() + sources.inventories.size() + sources.problems.size())
            sources.problems.push_back({path, "holds no capture and no inventory that herkomst can read"});
    } else {
        sort_out(path, true, sources);
    }
}

}  // namespace

Sources find_sources(const std::vector<std::string>& named, const std::vector<std::string>& leave_out) {
    Sources sources;
    for (const std::string& path : named) add(path, leave_out, sources);
    for (Problem& problem : sources.problems) {
        if (!is_utf8(problem.place)) problem.place = printed(problem.place);
    }
    return sources;
}

}  // namespace herkomst
