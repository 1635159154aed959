#include "cli/probe_inputs.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string_view>

#include "capture/analysis.h"
#include "capture/live.h"
#include "cli/sources.h"
#include "cli/terminal.h"
#include "core/counted.h"
#include "core/file.h"
#include "core/json.h"
#include "core/lines.h"
#include "core/text.h"
#include "imports/import.h"
#include "register/overview.h"
#include "register/sessions.h"

namespace herkomst {

namespace {

int refuse_probe(const std::string& why) {
    std::fprintf(stderr, "herkomst probe: refused: %s; nothing was sent\n", why.c_str());
    return exit_refused;
}

}  // namespace

std::optional<Scope> scope_for(const ProbeInputs& asked, Time now, bool dry, int& exit_code) {
    if (asked.scope.empty()) {
        exit_code = refuse_probe("there is no scope file (--scope FILE): without one nobody may be asked");
        return std::nullopt;
    }
    if (trimmed(clean(asked.authorised)).empty() && !dry) {
        exit_code = refuse_probe("nobody says that it is allowed (--i-am-authorised NAME)");
        return std::nullopt;
    }
    std::string key;
    if (!asked.scope_key.empty()) {
        const Result<std::string> pem = read_file(asked.scope_key, 4096);
        if (!pem) {
            complain(pem.problems());
            exit_code = exit_usage;
            return std::nullopt;
        }
        key = pem.value();
    }
    // An unsigned file is no bad input: it is a scope that nobody vouches for.
    const Result<std::string> text = read_file(asked.scope, scope_bytes_max);
    Result<Scope> scope = text ? parse_scope(text.value(), asked.scope) : Result<Scope>(text.problems());
    if (!scope) {
        complain(scope.problems());
        exit_code = exit_usage;
        return std::nullopt;
    }
    if (!key.empty()) {
        if (const auto problem = unvouched(asked.scope, text.value(), key, asked.scope_key)) {
            exit_code = refuse_probe(problem->text());
            return std::nullopt;
        }
    }
    if (std::string why = scope.value().closed_at(now); !why.empty()) {
        if (!dry) {
            exit_code = refuse_probe(why);
            return std::nullopt;
        }
        std::fprintf(stderr, "herkomst probe: would be refused now: %s\n", why.c_str());
    }
    return std::move(scope.value());
}

namespace {

// In the folder of the record: "heard.pcap", then "heard_2.pcap", ... What is there is never written over, nor removed: it
// gates.
constexpr std::string_view heard_name = "heard";
constexpr std::string_view heard_in_part = "heard_in_part";  // it gates, and opens nothing

std::string free_place(const std::string& record, std::string_view name) {
    const std::string start = record + "/" + std::string(name);
    std::string path = start + ".pcap";
    for (unsigned i = 2; std::filesystem::exists(path); ++i) path = start + "_" + std::to_string(i) + ".pcap";
    return path;
}

bool in_part(const std::filesystem::path& file) { return file.filename().string().starts_with(heard_in_part); }

// What was heard there before something was asked, in order.
std::vector<std::string> heard_in(const std::string& record) {
    std::vector<std::string> heard;
    std::error_code error;
    for (const auto& each : std::filesystem::directory_iterator(record, error)) {
        const std::string file = each.path().filename().string();
        if (file.starts_with(heard_name) && file.ends_with(".pcap")) heard.push_back(record + "/" + file);
    }
    std::ranges::sort(heard);
    return heard;
}

// Why that was not enough to know who holds a session; empty: it was.
std::string too_little(const ProbeInputs& asked, const Recorded& recorded, std::chrono::milliseconds duration) {
    if (recorded.dropped != 0) return counted(recorded.dropped, "packet was", "packets were") + " lost while listening";
    if (recorded.packets == 0) return "nothing was heard on " + asked.listen;
    if (duration < listening_least) return asked.listen_for + " is less than the 10s that a client may stay silent";
    return {};
}

// Why a capture does not tell who holds a session now; empty: it does. `by_us`: we have listened, at a known time and for long
// enough.
std::string no_listening(const SourceSummary& heard, Time now, bool by_us) {
    if (heard.last < now - Knowledge::recent) return "it ends at " + rfc3339(heard.last) + ", more than 30 days ago";
    if (by_us) return {};
    if (heard.last > now + std::chrono::hours(24)) return "it ends at " + rfc3339(heard.last) + ", which is still to come";
    if (heard.last - heard.first < listening_least)
        return "from its first packet to its last it is less than the 10s that a client may stay silent";
    return {};
}

// False: `exit_code` is set, and why was said.
bool listen(const ProbeInputs& asked, const std::string& record, int& exit_code) {
    const auto duration = pause_of(asked.listen_for);
    exit_code = exit_usage;
    if (!duration) {
        std::fprintf(stderr, "herkomst probe: --listen-for is not a time like 30s or 5m\n");
        return false;
    }
    if (record.empty()) {
        std::fprintf(stderr, "herkomst probe: --listen keeps what it hears in the folder of --record\n");
        return false;
    }
    std::filesystem::create_directories(record);
    const std::string heard = free_place(record, heard_in_part);
    std::fprintf(stderr, "listening on %s for %s before anything is asked\n", asked.listen.c_str(), asked.listen_for.c_str());
    const Recorded recorded = record_live(asked.listen, *duration, heard);
    if (!recorded.problem.empty()) {
        std::fprintf(stderr, "herkomst probe: %s; nothing was sent\n", recorded.problem.c_str());
        exit_code = exit_machine;
        return false;
    }
    if (const std::string why = too_little(asked, recorded, *duration); why.empty()) {
        std::filesystem::rename(heard, free_place(record, heard_name));
    } else {
        std::fprintf(stderr, "herkomst probe: %s: that does not count as listening\n", why.c_str());
    }
    return true;
}

}  // namespace

namespace {

constexpr std::size_t learnt_bytes_max = std::size_t{1} << 30;

std::string learnt_in(const std::string& record) { return record + "/learnt.ndjson"; }

// A line that somebody else wrote is passed over: it could only forbid less.
std::vector<Observation> learnt_of(const std::string& record) {
    std::vector<Observation> learnt;
    const Result<std::string> text = read_file(learnt_in(record), learnt_bytes_max);
    if (!text) return learnt;
    for (const std::string_view line : split(text.value(), '\n')) {
        const Result<Json> json = parse_json(line, learnt_in(record));
        if (!json) continue;
        if (Result<Observation> one = observation_from(json.value(), learnt_in(record)); one) learnt.push_back(one.value());
    }
    return learnt;
}

}  // namespace

void keep_learnt(const std::string& record) {
    std::string text;
    if (std::filesystem::exists(learnt_in(record))) {
        const Result<std::string> before = read_file(learnt_in(record), learnt_bytes_max);
        if (!before) throw std::runtime_error(before.problems().front().text());
        text = before.value();
    }
    for (const Observation& each : analyse({record + "/exchanges.pcapng"}, {}).observations.list())
        text += write_json(to_json(each)) + "\n";
    write_file(learnt_in(record), text, 0600);
}

std::optional<Knowledge> knowledge_for(ProbeInputs& asked, const std::string& record, bool resume, const VendorDb& db, Time now,
                                       int& exit_code) {
    Knowledge knowledge;
    if (!asked.listen.empty() && !listen(asked, record, exit_code)) return std::nullopt;
    const std::vector<std::string> heard = record.empty() ? std::vector<std::string>() : heard_in(record);
    asked.sources.insert(asked.sources.end(), heard.begin(), heard.end());
    if (!asked.sources.empty()) {
        const Sources sources = find_sources(asked.sources);
        complain(sources.problems);
        // What was to be heard before asking cannot be: then nobody is asked.
        if (!sources.problems.empty()) {
            exit_code = exit_usage;
            return std::nullopt;
        }
        AnalysisOptions options;
        options.site = asked.site;
        Analysis analysis = analyse(sources.captures, options);
        complain(analysis.problems);
        std::vector<HeardIn> captures;
        for (const SourceSummary& each : analysis.sources) {
            captures.push_back({each.path, each.first, each.last});
            // The record of our own questions was not listened for, and a moment is no listening.
            const auto file = std::filesystem::path(each.path).filename();
            if (!each.usable || each.packets == 0 || file == "exchanges.pcapng" || in_part(file)) continue;
            const bool by_us = std::ranges::find(heard, each.path) != heard.end();
            if (const std::string why = no_listening(each, now, by_us); why.empty())
                knowledge.listened();
            else
                std::fprintf(stderr, "herkomst probe: %s: %s: it gates, and does not count as listening\n",
                             clean(each.path, 200).c_str(), why.c_str());
        }
        for (const auto& [path, import] : sources.inventories) {
            const Result<std::string> id = source_id(path);
            if (!id) continue;
            const Imported imported = import->read(path, id.value(), {asked.site, {}});
            complain(imported.problems);
            analysis.observations.merge(imported.observations);
        }
        knowledge.learn(identify(analysis.observations.list(), analysis.conversations, db, {true, now, {}, asked.own}),
                        captures);
    }
    if (!asked.register_path.empty() && std::filesystem::exists(asked.register_path)) {
        const Register held = Register::open_to_read(asked.register_path);
        if (!sites_of(held).empty()) knowledge.learn(overview(held, &db));
        knowledge.learn(sessions_of(held), now);
        if (last_listened(held) + Knowledge::recent >= now) knowledge.listened();
    }
    if (const std::string packets = record + "/exchanges.pcapng"; resume && std::filesystem::exists(packets))
        knowledge.learn(analyse({packets}, {}).observations.list(), &db);
    if (resume && std::filesystem::exists(learnt_in(record))) knowledge.learn(learnt_of(record), &db);
    return knowledge;
}

}  // namespace herkomst
