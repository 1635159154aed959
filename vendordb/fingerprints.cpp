#include "vendordb/fingerprints.h"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>

#include "core/text.h"

namespace herkomst {

namespace {

// Longer texts are cut: banners are short, and a pattern that needs more is not a fingerprint.
constexpr std::size_t text_max = 8192;

// Names that Recog uses, and the field each stands for here; no field where ours has no such thing.
struct Mapped {
    std::string_view name;
    std::optional<Field> field;
};
constexpr Mapped recog_names[] = {
    {"hw.vendor", Field::brand},       {"hw.product", Field::model},         {"hw.model", Field::model},
    {"hw.version", Field::hardware},   {"hw.serial_number", Field::serial},  {"hw.device", Field::device_type},
    {"os.product", Field::os},         {"service.product", Field::software}, {"host.name", Field::hostname},
    {"os.device", Field::device_type},
};
constexpr std::string_view recog_families[] = {"hw.",     "os.",     "service.", "host.",  "apache.", "openssh.", "linux.",
                                               "cookie",  "system.", "snmp.",    "fw.",    "junos.",  "ldap.",    "mdns.",
                                               "timeout", "upnp.",   "sybase.",  "notes.", "netbios."};

std::string latin1_as_utf8(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else {
            out += static_cast<char>(0xc0 | (byte >> 6));
            out += static_cast<char>(0x80 | (byte & 0x3f));
        }
    }
    return out;
}

std::string line_place(const std::string& place, int line) { return fmt::format("{}:{}", place, line); }

// Recog's flags, in RE2's letters.
std::string re2_flags(std::string_view flags, const std::string& place, Problems& problems) {
    bool ignore_case = false;
    bool dot_newline = false;
    std::string all(flags);
    std::replace_if(
        all.begin(), all.end(), [](char c) { return c == '|' || c == ' '; }, ',');
    for (const std::string_view flag : split(all, ',')) {
        if (flag == "REG_ICASE" || flag == "IGNORECASE") {
            ignore_case = true;
        } else if (flag == "REG_MULTILINE" || flag == "MULTILINE" || flag == "REG_DOT_NEWLINE") {
            dot_newline = true;
        } else if (!flag.empty() && flag != "REG_LINE_ANY_CRLF") {
            problems.push_back({place, fmt::format("\"{}\" is not a known flag", flag)});
        }
    }
    return std::string(ignore_case ? "i" : "") + (dot_newline ? "s" : "");
}

// Base64 (RFC 4648); nothing for anything else.
std::optional<std::string> from_base64(std::string_view text) {
    static constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    unsigned bits = 0;
    unsigned held = 0;
    for (const char c : text) {
        if (c == '=' || c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
        const std::size_t value = letters.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        bits = ((bits << 6) | static_cast<unsigned>(value)) & 0xffffffU;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out += static_cast<char>((bits >> held) & 0xffU);
        }
    }
    return out;
}

}  // namespace

std::optional<Field> field_of_param(std::string_view name) {
    if (const std::optional<Field> field = field_named(name)) return field;
    for (const Mapped& mapped : recog_names)
        if (mapped.name == name) return mapped.field;
    return std::nullopt;
}

std::vector<Fingerprint> read_fingerprints(std::string_view xml, const std::string& place, const std::string& stem,
                                           Problems& problems) {
    std::vector<Fingerprint> out;
    const auto line_at = [&](std::ptrdiff_t offset) {
        const auto end = xml.begin() + std::clamp<std::ptrdiff_t>(offset, 0, static_cast<std::ptrdiff_t>(xml.size()));
        return 1 + static_cast<int>(std::count(xml.begin(), end, '\n'));
    };
    pugi::xml_document document;
    const pugi::xml_parse_result parsed =
        document.load_buffer(xml.data(), xml.size(), pugi::parse_default | pugi::parse_ws_pcdata_single, pugi::encoding_utf8);
    if (!parsed) {
        problems.push_back({line_place(place, line_at(parsed.offset)), fmt::format("is not XML: {}", parsed.description())});
        return out;
    }
    const pugi::xml_node root = document.child("fingerprints");
    const std::string evidence = root.attribute("matches").value();
    if (!root || evidence.empty()) {
        problems.push_back({line_place(place, 1), "must be <fingerprints matches=\"...\">"});
        return out;
    }
    // Offsets grow, so lines are counted once.
    std::ptrdiff_t counted_to = 0;
    int line = 1;
    for (const pugi::xml_node node : root.children()) {
        if (node.type() != pugi::node_element) continue;
        const std::ptrdiff_t offset =
            std::clamp<std::ptrdiff_t>(node.offset_debug(), counted_to, static_cast<std::ptrdiff_t>(xml.size()));
        line += static_cast<int>(std::count(xml.begin() + counted_to, xml.begin() + offset, '\n'));
        counted_to = offset;
        const std::string here = line_place(place, line);
        const auto complain = [&](std::string sentence) { problems.push_back({here, std::move(sentence)}); };
        if (std::string_view(node.name()) != "fingerprint") {
            complain(fmt::format("<{}> is not a known element here", node.name()));
            continue;
        }
        Fingerprint fingerprint;
        fingerprint.file = stem;
        fingerprint.evidence = evidence;
        fingerprint.line = line;
        fingerprint.pattern = node.attribute("pattern").value();
        fingerprint.flags = re2_flags(node.attribute("flags").value(), here, problems);
        fingerprint.description = std::string(trimmed(node.child("description").text().get()));
        if (fingerprint.pattern.empty()) complain("misses its pattern");
        if (fingerprint.description.empty()) complain("misses its description");
        for (const pugi::xml_attribute attribute : node.attributes()) {
            const std::string_view name = attribute.name();
            if (name != "pattern" && name != "flags" && name != "certainty")
                complain(fmt::format("\"{}\" is not a known attribute here", name));
        }
        for (const pugi::xml_node part : node.children()) {
            const std::string_view kind = part.name();
            if (kind == "example") {
                FingerprintExample example{part.text().get(), {}};
                if (std::string_view(part.attribute("_encoding").value()) == "base64") {
                    const std::optional<std::string> decoded = from_base64(example.text);
                    if (!decoded) complain("an example is not base64");
                    example.text = decoded.value_or(std::string());
                }
                for (const pugi::xml_attribute attribute : part.attributes())
                    if (attribute.name()[0] != '_') example.expected.emplace_back(attribute.name(), attribute.value());
                fingerprint.examples.push_back(std::move(example));
            } else if (kind == "param") {
                FingerprintParam param{part.attribute("pos").as_uint(0), part.attribute("name").value(),
                                       part.attribute("value").value()};
                const std::string_view pos = part.attribute("pos").value();
                if (pos.empty() || pos.size() > 2 || pos.find_first_not_of("0123456789") != std::string_view::npos)
                    complain("a param misses its pos, the number of a group");
                const bool family = std::any_of(std::begin(recog_families), std::end(recog_families),
                                                [&](std::string_view start) { return param.name.starts_with(start); });
                if (!field_of_param(param.name) && !family && !param.name.starts_with('_'))
                    complain(fmt::format("the param \"{}\" is not a field", param.name));
                if (param.group == 0 && param.value.empty())
                    complain(fmt::format("the param \"{}\" has neither a group nor a value", param.name));
                if (param.group != 0 && !param.value.empty())
                    complain(fmt::format("the param \"{}\" has both a group and a value", param.name));
                fingerprint.params.push_back(std::move(param));
            } else if (kind != "description" && part.type() == pugi::node_element) {
                complain(fmt::format("<{}> is not a known element here", kind));
            }
        }
        out.push_back(std::move(fingerprint));
    }
    return out;
}

void FingerprintSet::add(Fingerprint fingerprint) {
    Pattern pattern(fingerprint.pattern, Dialect::Ruby, fingerprint.flags);
    std::vector<Entry>& entries = by_evidence_[fingerprint.evidence];
    entries.push_back({std::move(fingerprint), std::move(pattern)});
    ++size_;
}

std::optional<FingerprintSet::Match> FingerprintSet::match(const std::vector<Entry>& entries, std::string_view text) {
    const std::string lowered = lower(text);
    for (const Entry& entry : entries) {
        const std::string& literal = entry.pattern.literal();
        if (!literal.empty() && lowered.find(literal) == std::string::npos) continue;
        const auto groups = entry.pattern.match(text);
        if (!groups) continue;
        Match match;
        match.fingerprint = &entry.fingerprint;
        for (const FingerprintParam& param : entry.fingerprint.params) {
            std::string value = param.value;
            if (param.group != 0) value = param.group < groups->size() ? std::string((*groups)[param.group]) : std::string();
            if (!value.empty()) match.values.emplace_back(param.name, std::move(value));
        }
        return match;
    }
    return std::nullopt;
}

std::optional<FingerprintSet::Match> FingerprintSet::match(std::string_view evidence, std::string_view text) const {
    const auto entries = by_evidence_.find(evidence);
    if (entries == by_evidence_.end()) return std::nullopt;
    text = text.substr(0, text_max);
    if (std::optional<Match> match = FingerprintSet::match(entries->second, text)) return match;
    const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (ascii) return std::nullopt;
    return FingerprintSet::match(entries->second, latin1_as_utf8(text));
}

void check_fingerprints(const std::vector<Fingerprint>& fingerprints, Problems& problems) {
    FingerprintSet set;
    for (const Fingerprint& fingerprint : fingerprints) set.add(fingerprint);
    for (const Fingerprint& fingerprint : fingerprints) {
        const std::string place = line_place(fmt::format("fingerprints/{}.xml", fingerprint.file), fingerprint.line);
        const auto complain = [&](std::string sentence) { problems.push_back({place, std::move(sentence)}); };
        const Pattern pattern(fingerprint.pattern, Dialect::Ruby, fingerprint.flags);
        if (const std::string why = pattern.problem(); !why.empty()) {
            complain(fmt::format("the pattern does not compile: {}", why));
            continue;
        }
        for (const FingerprintParam& param : fingerprint.params)
            if (param.group > pattern.groups())
                complain(fmt::format("the param \"{}\" takes group {}, and there are {}", param.name, param.group,
                                     pattern.groups()));
        if (fingerprint.examples.empty()) complain("has no example");
        for (const FingerprintExample& example : fingerprint.examples) {
            const std::string shown = clean(example.text, 80);
            const auto match = set.match(fingerprint.evidence, example.text);
            if (!match) {
                complain(fmt::format("the example \"{}\" does not match", shown));
                continue;
            }
            if (match->fingerprint->file != fingerprint.file || match->fingerprint->line != fingerprint.line ||
                match->fingerprint->description != fingerprint.description) {
                complain(fmt::format("the example \"{}\" is taken by an earlier pattern, \"{}/{}\"", shown,
                                     match->fingerprint->file, match->fingerprint->description));
                continue;
            }
            for (const auto& [name, value] : example.expected) {
                const auto found = std::find_if(match->values.begin(), match->values.end(),
                                                [&name = name](const auto& pair) { return pair.first == name; });
                if (found == match->values.end())
                    complain(fmt::format("the example \"{}\" yields no {}", shown, name));
                else if (found->second != value)
                    complain(fmt::format("the example \"{}\" yields {} \"{}\", not \"{}\"", shown, name, found->second, value));
            }
        }
    }
}

}  // namespace herkomst
