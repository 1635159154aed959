// herkomst protocols: what is decoded, after which specification, and what it tells about a device. The fields are those that
// the decoders' own examples yield, which the tests run: nothing is listed that a decoder does not do.
#include <cstdio>
#include <set>

#include "cli/command.h"
#include "core/json.h"
#include "core/lines.h"
#include "decoders/decoder.h"

namespace herkomst::cli {

namespace {

// A claim of an example is "SUBJECT FIELD=VALUE".
std::set<std::string> fields_of(const Decoder& decoder) {
    std::set<std::string> fields;
    for (const Example& example : decoder.examples) {
        for (const std::string_view claim : example.claims) {
            // The path of a part may have blanks of its own: "client[ocpp/left gate] brand=Example".
            const std::size_t part = claim.find(']');
            const std::size_t blank = claim.find(' ', claim.find('[') < claim.find(' ') ? part : 0);
            const std::size_t equals = claim.find('=', blank == std::string_view::npos ? 0 : blank);
            if (blank == std::string_view::npos || equals == std::string_view::npos) continue;
            fields.emplace(claim.substr(blank + 1, equals - blank - 1));
        }
    }
    return fields;
}

// A protocol may carry commands: those of these decoders are told of as they are seen; of the others only that it could be one.
std::string_view commands_of(const Decoder& decoder, const std::set<std::string>& fields) {
    if (fields.contains("remote_observed")) return "observed";
    return decoder.commands ? "possible" : "";
}

std::vector<std::string> layers_of(const Decoder& decoder) {
    std::vector<std::string> layers;
    for (const auto& [layer, word] : {std::pair{Layer::Link, "link"}, std::pair{Layer::Ip, "ip"}, std::pair{Layer::Udp, "udp"},
                                      std::pair{Layer::Tcp, "tcp"}})
        if (has(decoder.layers, layer)) layers.emplace_back(word);
    return layers;
}

std::string port_text(const Decoder& decoder, std::uint16_t port) {
    if (decoder.layers != only(Layer::Link)) return std::to_string(port);
    if (port == 0) return "llc";
    char text[8];
    std::snprintf(text, sizeof text, "0x%04x", port);
    return text;
}

template <class Texts>
std::string joined_texts(const Texts& texts, std::string_view between) {
    std::string out;
    for (const std::string& text : texts) out.append(out.empty() ? std::string_view() : between).append(text);
    return out;
}

void print_protocols_json() {
    std::printf("%s\n", header_line("protocols", "", "").c_str());
    for (const Decoder& decoder : all_decoders()) {
        Json line = Json::object();
        line["type"] = "protocol";
        line["name"] = decoder.name;
        line["title"] = decoder.title;
        line["specification"] = decoder.spec;
        for (const std::string& layer : layers_of(decoder)) line["layers"].push(layer);
        for (const std::uint16_t port : decoder.ports) line["ports"].push(port_text(decoder, port));
        if (!decoder.specialises.empty()) line["within"] = decoder.specialises;
        const std::set<std::string> fields = fields_of(decoder);
        if (decoder.commands) line["commands"] = true;
        if (const std::string_view seen = commands_of(decoder, fields); !seen.empty())
            line["commands_seen"] = seen == "observed";
        for (const std::string& field : fields) line["fields"].push(field);
        std::printf("%s\n", write_json(line).c_str());
    }
}

void print_protocols() {
    for (const Decoder& decoder : all_decoders()) {
        // Neighbours as a range: "47808-47823".
        std::vector<std::string> ports;
        for (std::size_t i = 0; i < decoder.ports.size();) {
            std::size_t last = i;
            while (last + 1 < decoder.ports.size() && decoder.ports[last + 1] == decoder.ports[last] + 1) ++last;
            std::string text = port_text(decoder, decoder.ports[i]);
            if (last > i) text += "-" + port_text(decoder, decoder.ports[last]);
            ports.push_back(std::move(text));
            i = last + 1;
        }
        const std::set<std::string> fields = fields_of(decoder);
        std::string where = joined_texts(layers_of(decoder), "+");
        if (!ports.empty()) where += " " + joined_texts(ports, ",");
        std::printf("%-16s %.*s  (%s)\n", std::string(decoder.name).c_str(), static_cast<int>(decoder.title.size()),
                    decoder.title.data(), where.c_str());
        std::printf("%-16s %.*s\n", "", static_cast<int>(decoder.spec.size()), decoder.spec.data());
        std::printf("%-16s %s%s\n", "", fields.empty() ? "that it is spoken" : joined_texts(fields, ", ").c_str(),
                    commands_of(decoder, fields) == "possible" ? "; commands: only that they are possible" : "");
    }
    std::printf("%zu protocols\n", all_decoders().size());
}

int run_protocols(std::span<const std::string> args, Context&) {
    Options options("protocols", "Shows what is decoded: name, specification, and what it tells about a device.");
    bool json = false;
    options.flag("--json", json, "one line of JSON for each");
    options.footer(
        "A port says where to look first, never what it is. Whoever speaks a protocol is known to offer it as a service.\n"
        "Commands that are seen are told of (remote_observed). Where a protocol can carry commands that are not recognised in "
        "it,\n"
        "it says so: then only the possibility is known.");
    int exit_code = 0;
    if (!options.parse(args, exit_code)) return exit_code;
    if (json) {
        print_protocols_json();
    } else {
        print_protocols();
    }
    return exit_done;
}

}  // namespace

Command protocols() { return {"protocols", "what is decoded, after which specification, and what it tells", run_protocols}; }

}  // namespace herkomst::cli
