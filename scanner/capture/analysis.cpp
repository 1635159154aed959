#include "capture/analysis.h"

#include <algorithm>
#include <memory>
#include <set>
#include <tuple>

#include "capture/run.h"

namespace herkomst {

namespace {

using SourceOrder = std::tuple<bool, Time, std::string, std::string>;

struct Source {
    SourceSummary summary;
    std::unique_ptr<CaptureFile> open;  // standard input cannot be opened twice
    std::unique_ptr<Sha256> digest;
    Packet first;
    bool has_first = false;
};

}  // namespace

Analysis analyse(const std::vector<std::string>& paths, const AnalysisOptions& options) {
    Analysis out;
    std::vector<Source> sources;
    std::set<std::string> ids;
    Problems early;
    // Of two names for the same bytes the first in order is the one reported.
    const std::set<std::string> ordered(paths.begin(), paths.end());
    for (const std::string& path : ordered) {
        Source source;
        source.summary.path = path;
        const auto id = source_id(path);
        if (!id) {
            early.insert(early.end(), id.problems().begin(), id.problems().end());
            out.sources.push_back(source.summary);
            continue;
        }
        source.summary.id = id.value();
        if (!ids.insert(source.summary.id).second) continue;
        if (options.hash) source.digest = std::make_unique<Sha256>();
        // The digest is taken on the second reading, except where there is no second one.
        Problems problems;
        auto file = CaptureFile::open(path, problems, is_stream(path) ? source.digest.get() : nullptr);
        if (file == nullptr) {
            early.insert(early.end(), problems.begin(), problems.end());
            out.sources.push_back(source.summary);
            continue;
        }
        source.summary.usable = true;
        source.has_first = file->next(source.first);
        if (source.has_first) source.summary.first = source.summary.last = source.first.at;
        if (is_stream(path)) source.open = std::move(file);
        sources.push_back(std::move(source));
    }
    // Files that cannot be used at all come first, by name; then the others in order of time.
    std::sort(out.sources.begin(), out.sources.end(),
              [](const SourceSummary& a, const SourceSummary& b) { return a.path < b.path; });
    std::sort(early.begin(), early.end());
    out.problems = std::move(early);
    std::sort(sources.begin(), sources.end(), [](const Source& a, const Source& b) {
        return SourceOrder(!a.has_first, a.summary.first, a.summary.id, a.summary.path) <
               SourceOrder(!b.has_first, b.summary.first, b.summary.id, b.summary.path);
    });
    const Trials trials(all_decoders());
    CaptureRun run(trials, options);
    for (Source& source : sources) {
        std::unique_ptr<CaptureFile> file = std::move(source.open);
        const bool again = file == nullptr;
        Problems problems;
        if (again) file = CaptureFile::open(source.summary.path, problems, source.digest.get());
        if (file == nullptr) {
            out.problems.insert(out.problems.end(), problems.begin(), problems.end());
            source.summary.usable = false;
            out.sources.push_back(std::move(source.summary));
            continue;
        }
        const Problems damage = run.read(*file, source.summary, !again && source.has_first ? &source.first : nullptr);
        if (source.digest) source.summary.sha256 = file->digest_of_rest(*source.digest);
        out.problems.insert(out.problems.end(), file->problems().begin(), file->problems().end());
        if (file->more_problems() != 0)
            out.problems.push_back({source.summary.path, "has " + std::to_string(file->more_problems()) + " more such places"});
        out.problems.insert(out.problems.end(), damage.begin(), damage.end());
        out.sources.push_back(std::move(source.summary));
    }
    run.finish(out);
    return out;
}

Analysis analyse_memory(Bytes capture, std::span<const Decoder> decoders, const AnalysisOptions& options) {
    Analysis out;
    SourceSummary summary;
    summary.id = summary.path = "memory";
    const auto file = CaptureFile::open(memory_source(capture), "memory", out.problems);
    if (file != nullptr) {
        summary.usable = true;
        const Trials trials(decoders);
        CaptureRun run(trials, options);
        const Problems damage = run.read(*file, summary, nullptr);
        out.problems.insert(out.problems.end(), file->problems().begin(), file->problems().end());
        out.problems.insert(out.problems.end(), damage.begin(), damage.end());
        run.finish(out);
    }
    out.sources.push_back(std::move(summary));
    return out;
}

}  // namespace herkomst
