// herkomst probes: every question that can ever be asked, and with --show-bytes every byte that can ever be sent.
#include <cstdio>
#include <set>
#include <utility>

#include "cli/command.h"
#include "core/json.h"
#include "core/lines.h"
#include "core/text.h"
#include "probes/probe.h"
#include "probes/template.h"

namespace herkomst::cli {

namespace {

std::string ports_of(const Probe& probe) {
    std::string out;
    for (const std::uint16_t port : probe.ports) out += (out.empty() ? "" : ",") + std::to_string(port);
    return out;
}

std::string_view each_of(const Probe& probe) {
    constexpr std::string_view words[] = {"", "unit", "slot", "community", "station"};
    return words[static_cast<std::size_t>(probe.each)];
}

std::string_view origin_word(Origin origin) {
    constexpr std::string_view words[] = {"server", "capture", "documented", "project"};
    return words[static_cast<std::size_t>(origin)];
}

// What its transcripts are from, each once.
std::set<std::pair<std::string_view, std::string_view>> proofs(const Probe& probe) {
    std::set<std::pair<std::string_view, std::string_view>> out;
    for (const Transcript& each : probe.transcripts) out.emplace(origin_word(each.origin), each.source);
    return out;
}

void print_probes_json(bool bytes) {
    std::printf("%s\n", header_line("probes", "", "").c_str());
    for (const Probe& probe : all_probes()) {
        Json line = Json::object();
        line["type"] = "probe";
        line["name"] = probe.name;
        line["title"] = probe.title;
        line["specification"] = probe.spec;
        line["why_safe"] = probe.why_safe;
        line["safety"] = name(probe.safety);
        line["transport"] = name(probe.transport);
        line["family"] = name(probe.family);
        line["decoder"] = probe.decoder;
        for (const std::uint16_t port : probe.ports) line["ports"].push(static_cast<int>(port));
        if (probe.few_sessions) line["few_sessions"] = true;
        if (!each_of(probe).empty()) line["each"] = each_of(probe);
        if (!probe.after.empty()) line["after"] = probe.after;
        if (probe.learnt.waits()) line["waits_for"] = name(probe.learnt.field);
        for (const std::string_view maker : probe.makers) line["makers"].push(maker);
        for (const std::string_view group : {probe.group.v4, probe.group.v6, probe.group.mac})
            if (!group.empty()) line["group"].push(group);
        for (const auto& [origin, source] : proofs(probe)) {
            Json proof = Json::object();
            proof["origin"] = origin;
            proof["source"] = source;
            line["proofs"].push(std::move(proof));
        }
        line["requests_max"] = probe.limits.requests;
        line["bytes_max"] = probe.limits.bytes;
        if (bytes) {
            for (const Request& request : probe.requests) {
                Json one = Json::object();
                one["name"] = request.name;
                one["bytes"] = shown(request);
                for (const Hole& hole : request.holes) one["holes"].push(shown(hole));
                line["requests"].push(std::move(one));
            }
        }
        std::printf("%s\n", write_json(line).c_str());
    }
}

void print_probes(bool bytes) {
    for (const Probe& probe : all_probes()) {
        std::string where(name(probe.transport));
        if (!probe.ports.empty()) where += " " + ports_of(probe);
        std::printf("%-18s %s  (%s; %s; %s)\n", std::string(probe.name).c_str(), std::string(probe.title).c_str(),
                    where.c_str(), std::string(name(probe.family)).c_str(), std::string(name(probe.safety)).c_str());
        if (!bytes) continue;
        std::printf("    %s.\n", std::string(probe.why_safe).c_str());
        if (probe.transport == Transport::Tls)
            std::printf("    TLS is set up by OpenSSL: any version, no certificate of ours, none of theirs believed.\n");
        for (const Request& request : probe.requests) {
            std::printf("    %s: %s\n", std::string(request.name).c_str(), shown(request).c_str());
            for (const Hole& hole : request.holes) std::printf("        %s\n", shown(hole).c_str());
        }
        for (const auto& [origin, source] : proofs(probe))
            std::printf("    proven against (%s): %s\n", std::string(origin).c_str(), std::string(source).c_str());
    }
    std::printf("%zu probes\n", all_probes().size());
}

int run_probes(std::span<const std::string> args, Context&) {
    Options options("probes", "Shows every question that can be asked of a device.");
    bool json = false;
    bool bytes = false;
    options.flag("--json", json, "one line of JSON for each");
    options.flag("--show-bytes", bytes, "every byte that can be sent: what stands in {} is filled in within its bounds");
    options.footer("Nothing else can be sent: see herkomst probe --help.");
    int exit_code = 0;
    if (!options.parse(args, exit_code)) return exit_code;
    if (json) {
        print_probes_json(bytes);
    } else {
        print_probes(bytes);
    }
    return exit_done;
}

}  // namespace

Command probes() { return {"probes", "every question that can be asked, and every byte that can be sent", run_probes}; }

}  // namespace herkomst::cli
