#include "cli/probe_inputs.h"

#include <cstdio>
#include <filesystem>

#include "capture/analysis.h"
#include "capture/live.h"
#include "cli/sources.h"
#include "cli/terminal.h"
#include "core/file.h"
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
    if (asked.authorised.empty() && !dry) {
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
    Result<Scope> scope = read_scope(asked.scope, "", "");
    if (!scope) {
        complain(scope.problems());
        exit_code = exit_usage;
        return std::nullopt;
    }
    if (!key.empty()) {
        if (const Result<Scope> vouched = read_scope(asked.scope, key, asked.scope_key); !vouched) {
            exit_code = refuse_probe(vouched.problems().front().text());
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

std::optional<Knowledge> knowledge_for(ProbeInputs& asked, const std::string& record, bool resume, const VendorDb& db, Time now,
                                       int& exit_code) {
    Knowledge knowledge;
    if (!asked.listen.empty()) {
        const auto duration = pause_of(asked.listen_for);
        if (!duration) {
            std::fprintf(stderr, "herkomst probe: --listen-for is not a time like 30s or 5m\n");
            exit_code = exit_usage;
            return std::nullopt;
        }
        if (record.empty()) {
            std::fprintf(stderr, "herkomst probe: --listen keeps what it hears in the folder of --record\n");
            exit_code = exit_usage;
            return std::nullopt;
        }
        std::filesystem::create_directories(record);
        const std::string heard = record + "/heard.pcap";
        std::fprintf(stderr, "listening on %s for %s before anything is asked\n", asked.listen.c_str(),
                     asked.listen_for.c_str());
        if (std::string problem = record_live(asked.listen, *duration, heard); !problem.empty()) {
            std::fprintf(stderr, "herkomst probe: %s\n", problem.c_str());
            exit_code = exit_machine;
            return std::nullopt;
        }
        asked.sources.push_back(heard);
        knowledge.listened();
    } else if (const std::string heard = record + "/heard.pcap"; resume && std::filesystem::exists(heard)) {
        // What the run that is taken up had heard before it began.
        asked.sources.push_back(heard);
        knowledge.listened();
    }
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
            // The record of our own questions was not listened for.
            const bool ours = std::filesystem::path(each.path).filename() == "exchanges.pcapng";
            if (each.usable && each.packets != 0 && !ours) knowledge.listened();
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
    return knowledge;
}

}  // namespace herkomst
