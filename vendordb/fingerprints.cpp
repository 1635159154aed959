#include "vendordb/fingerprints.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <pugixml.hpp>

#include "core/file.h"
#include "core/text.h"
#include "core/utf8.h"

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

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool valid_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = static_cast<unsigned char>(text[at]) < 0x80 ? 1 : utf8_length(text, at);
        if (length == 0) return false;
        at += length;
    }
    return true;
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

}  // namespace

std::optional<Field> field_of_param(std::string_view name) {
    if (const std::optional<Field> field = field_named(name)) return field;
    for (const Mapped& mapped : recog_names)
        if (mapped.name == name) return mapped.field;
    return std::nullopt;
}

namespace {

struct Reading {
    std::string_view xml;
    std::string place;
    std::string stem;
    std::string folder;  // where examples in files lie
    bool recog = false;
    Problems& problems;
};

std::string node_text(const pugi::xml_node node) {
    std::string text;
    for (const pugi::xml_node part : node.children())
        if (part.type() == pugi::node_pcdata || part.type() == pugi::node_cdata) text += part.value();
    return text;
}

template <class Complain>
FingerprintExample read_example(const pugi::xml_node part, const Reading& reading, Complain&& complain) {
    FingerprintExample example{node_text(part), {}};
    const std::string file = part.attribute("_filename").value();
    if (!file.empty()) {
        // A name, not a path: an example lies beside its file and nowhere else.
        const std::filesystem::path beside = std::filesystem::path(reading.folder) / reading.stem / file;
        const bool plain = file.find('/') == std::string::npos && file != "..";
        const Result<std::string> content = plain && !reading.folder.empty()
                                                ? read_file(beside.string(), std::size_t{1} << 20)
                                                : Result<std::string>(Problem{file, "is not beside the fingerprints"});
        if (content) {
            example.text = content.value();
        } else {
            complain(fmt::format("an example's file \"{}\" cannot be read", file));
        }
    }
    if (std::string_view(part.attribute("_encoding").value()) == "base64") {
        std::erase_if(example.text, [](char c) { return std::string_view(" \t\r\n").find(c) != std::string_view::npos; });
        const std::optional<std::string> decoded = base64_decoded(example.text);
        if (!decoded) complain("an example is not base64");
        example.text = decoded.value_or(std::string());
    }
    for (const pugi::xml_attribute attribute : part.attributes())
        if (attribute.name()[0] != '_') example.expected.emplace_back(attribute.name(), attribute.value());
    return example;
}

template <class Complain>
FingerprintParam read_param(const pugi::xml_node part, bool recog, Complain&& complain) {
    FingerprintParam param{part.attribute("pos").as_uint(0), part.attribute("name").value(), part.attribute("value").value()};
    const std::string_view pos = part.attribute("pos").value();
    if (pos.empty() || pos.size() > 2 || pos.find_first_not_of("0123456789") != std::string_view::npos)
        complain("a param misses its pos, the number of a group");
    const bool family = std::any_of(std::begin(recog_families), std::end(recog_families),
                                    [&](std::string_view start) { return param.name.starts_with(start); });
    if (!recog && !field_of_param(param.name) && !family && !param.name.starts_with('_'))
        complain(fmt::format("the param \"{}\" is not a field", param.name));
    if (!recog && param.group == 0 && param.value.empty())
        complain(fmt::format("the param \"{}\" has neither a group nor a value", param.name));
    if (!recog && param.group != 0 && !param.value.empty())
        complain(fmt::format("the param \"{}\" has both a group and a value", param.name));
    return param;
}

Fingerprint read_one(const pugi::xml_node node, const Reading& reading, const std::string& evidence, int line) {
    const std::string here = line_place(reading.place, line);
    const auto complain = [&](std::string sentence) { reading.problems.push_back({here, std::move(sentence)}); };
    Fingerprint fingerprint;
    fingerprint.file = reading.stem;
    fingerprint.evidence = evidence;
    fingerprint.line = line;
    fingerprint.recog = reading.recog;
    fingerprint.pattern = node.attribute("pattern").value();
    fingerprint.flags = re2_flags(node.attribute("flags").value(), here, reading.problems);
    fingerprint.description = std::string(trimmed(node.child("description").text().get()));
    if (fingerprint.pattern.empty()) complain("misses its pattern");
    if (fingerprint.description.empty()) complain("misses its description");
    for (const pugi::xml_attribute attribute : node.attributes()) {
        const std::string_view name = attribute.name();
        if (!reading.recog && name != "pattern" && name != "flags" && name != "certainty")
            complain(fmt::format("\"{}\" is not a known attribute here", name));
    }
    for (const pugi::xml_node part : node.children()) {
        const std::string_view kind = part.name();
        if (kind == "example") {
            fingerprint.examples.push_back(read_example(part, reading, complain));
        } else if (kind == "param") {
            fingerprint.params.push_back(read_param(part, reading.recog, complain));
        } else if (!reading.recog && kind != "description" && part.type() == pugi::node_element) {
            complain(fmt::format("<{}> is not a known element here", kind));
        }
    }
    return fingerprint;
}

std::vector<Fingerprint> read(const Reading& reading) {
    std::vector<Fingerprint> out;
    const std::string_view xml = reading.xml;
    Problems& problems = reading.problems;
    const auto line_at = [&](std::ptrdiff_t offset) {
        const auto end = xml.begin() + std::clamp<std::ptrdiff_t>(offset, 0, static_cast<std::ptrdiff_t>(xml.size()));
        return 1 + static_cast<int>(std::count(xml.begin(), end, '\n'));
    };
    pugi::xml_document document;
    const pugi::xml_parse_result parsed =
        document.load_buffer(xml.data(), xml.size(), pugi::parse_default | pugi::parse_ws_pcdata_single, pugi::encoding_utf8);
    if (!parsed) {
        problems.push_back(
            {line_place(reading.place, line_at(parsed.offset)), fmt::format("is not XML: {}", parsed.description())});
        return out;
    }
    const pugi::xml_node root = document.child("fingerprints");
    std::string evidence = root.attribute("matches").value();
    if (reading.recog && evidence.empty()) evidence = reading.stem;
    if (!root || evidence.empty()) {
        problems.push_back({line_place(reading.place, 1), "must be <fingerprints matches=\"...\">"});
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
        if (std::string_view(node.name()) == "fingerprint") {
            out.push_back(read_one(node, reading, evidence, line));
        } else if (!reading.recog) {
            problems.push_back({line_place(reading.place, line), fmt::format("<{}> is not a known element here", node.name())});
        }
    }
    return out;
}

std::vector<Fingerprint> read_xml_files(const std::string& folder, bool recog, Problems& problems) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (const std::filesystem::directory_entry& entry : std::filesystem::directory_iterator(folder, error))
        if (entry.path().extension() == ".xml") files.push_back(entry.path());
    if (error || files.empty()) problems.push_back({folder, "is not a folder with fingerprints (*.xml)"});
    std::sort(files.begin(), files.end());
    std::vector<Fingerprint> out;
    for (const std::filesystem::path& file : files) {
        const Result<std::string> xml = read_file(file.string(), std::size_t{64} << 20);
        if (!xml) {
            problems.insert(problems.end(), xml.problems().begin(), xml.problems().end());
            continue;
        }
        for (Fingerprint& one : read({xml.value(), file.string(), file.stem().string(), folder, recog, problems}))
            out.push_back(std::move(one));
    }
    return out;
}

// The value of the param of that name so far; nullptr when it has none.
const std::string* value_named(const std::vector<std::pair<std::string, std::string>>& values, std::string_view name) {
    for (const auto& [key, value] : values)
        if (key == name) return &value;
    return nullptr;
}

// "{name}" in a value: the value of another param. A version that is not known is "-" in a CPE name (NISTIR 7695, 5.3.3), as in
// Recog; anything else that is not known leaves the whole value out.
std::optional<std::string> filled_in(const std::string& name, const std::string& value,
                                     const std::vector<std::pair<std::string, std::string>>& values) {
    std::string out;
    for (std::size_t at = 0; at < value.size();) {
        const std::size_t open = value.find('{', at);
        const std::size_t close = open == std::string::npos ? open : value.find('}', open);
        if (close == std::string::npos) return out + value.substr(at);
        out += value.substr(at, open - at);
        const std::string wanted = value.substr(open + 1, close - open - 1);
        if (const std::string* found = value_named(values, wanted)) {
            out += *found;
        } else if (name.ends_with(".cpe23") && wanted.ends_with(".version")) {
            out += '-';
        } else {
            return std::nullopt;
        }
        at = close + 1;
    }
    return out;
}

}  // namespace

std::vector<Fingerprint> read_fingerprints(std::string_view xml, const std::string& place, const std::string& stem,
                                           Problems& problems) {
    return read({xml, place, stem, {}, false, problems});
}

std::vector<Fingerprint> read_recog(const std::string& folder, Problems& problems) {
    return read_xml_files(folder, true, problems);
}
std::vector<Fingerprint> read_fingerprint_folder(const std::string& folder, Problems& problems) {
    return read_xml_files(folder, false, problems);
}

std::vector<std::pair<std::string, std::string>> values_of(const Fingerprint& fingerprint,
                                                           const std::vector<std::string_view>& groups) {
    std::vector<std::pair<std::string, std::string>> values;
    bool names_others = false;
    for (const FingerprintParam& param : fingerprint.params) {
        std::string value = param.value;
        if (param.group != 0) value = param.group < groups.size() ? std::string(groups[param.group]) : std::string();
        if (value.empty()) continue;
        names_others = names_others || (param.group == 0 && value.find('{') != std::string::npos);
        values.emplace_back(param.name, std::move(value));
    }
    if (names_others) {
        // A fixed value may name another wherever that stands.
        std::vector<std::pair<std::string, std::string>> filled;
        for (const auto& [name, value] : values) {
            const auto of_fixed = std::find_if(fingerprint.params.begin(), fingerprint.params.end(), [&](const auto& param) {
                return param.name == name && param.group == 0 && param.value == value;
            });
            std::optional<std::string> text = value;
            if (of_fixed != fingerprint.params.end()) text = filled_in(name, value, values);
            if (text) filled.emplace_back(name, std::move(*text));
        }
        values = std::move(filled);
    }
    std::erase_if(values, [](const auto& pair) { return pair.first.starts_with("_tmp."); });
    return values;
}

FingerprintHit hit_of(const FingerprintSet::Match& match) {
    FingerprintHit hit;
    hit.fingerprint = match.fingerprint->file + "/" + match.fingerprint->description;
    const auto certain = [&](std::string_view name) {
        if (!match.fingerprint->recog) return true;
        const std::string* said = value_named(match.values, std::string(name.substr(0, name.find('.'))) + ".certainty");
        return said == nullptr || std::strtod(said->c_str(), nullptr) >= 0.75;
    };
    for (const auto& [name, value] : match.values) {
        std::optional<Field> field = field_of_param(name);
        if (match.fingerprint->recog && name == "os.vendor") field = Field::stack_maker;
        if (field && certain(name)) hit.claims.emplace_back(*field, value);
    }
    return hit;
}

void FingerprintSet::add(Fingerprint fingerprint) {
    Pattern pattern(fingerprint.pattern, Dialect::Ruby, fingerprint.flags);
    std::vector<Entry>& entries = by_evidence_[fingerprint.evidence];
    entries.push_back({std::move(fingerprint), std::move(pattern)});
    ++size_;
}

void FingerprintSet::add_before(std::vector<Fingerprint> fingerprints) {
    std::map<std::string, std::vector<Entry>, std::less<>> later;
    std::swap(later, by_evidence_);
    for (Fingerprint& fingerprint : fingerprints) add(std::move(fingerprint));
    for (auto& [evidence, entries] : later)
        std::move(entries.begin(), entries.end(), std::back_inserter(by_evidence_[evidence]));
}

std::optional<FingerprintSet::Match> FingerprintSet::match(const std::vector<Entry>& entries, std::string_view text) {
    const std::string lowered = lower(text);
    for (const Entry& entry : entries) {
        const std::string& literal = entry.pattern.literal();
        if (!literal.empty() && lowered.find(literal) == std::string::npos) continue;
        const auto groups = entry.pattern.match(text);
        if (groups) return Match{&entry.fingerprint, values_of(entry.fingerprint, *groups)};
    }
    return std::nullopt;
}

std::optional<FingerprintSet::Match> FingerprintSet::match(std::string_view evidence, std::string_view text) const {
    const auto entries = by_evidence_.find(evidence);
    if (entries == by_evidence_.end()) return std::nullopt;
    text = text.substr(0, text_max);
    if (valid_utf8(text)) {
        if (std::optional<Match> match = FingerprintSet::match(entries->second, text)) return match;
        if (is_ascii(text)) return std::nullopt;
    }
    return FingerprintSet::match(entries->second, latin1_as_utf8(text));
}

namespace {

// What is wrong with the values that came out; empty: nothing.
std::string wrong_values(const FingerprintExample& example, const std::vector<std::pair<std::string, std::string>>& values) {
    for (const auto& [name, value] : example.expected) {
        const std::string* found = value_named(values, name);
        // Recog writes an empty value where an optional group takes no part.
        if (found == nullptr && value.empty()) continue;
        if (found == nullptr) return fmt::format("yields no {}", name);
        if (*found != value) return fmt::format("yields {} \"{}\", not \"{}\"", name, *found, value);
    }
    return {};
}

std::optional<std::vector<std::pair<std::string, std::string>>> own_values(const Fingerprint& fingerprint,
                                                                           const Pattern& pattern, const std::string& text) {
    if (valid_utf8(text))
        if (const auto groups = pattern.match(text)) return values_of(fingerprint, *groups);
    if (is_ascii(text)) return std::nullopt;
    const std::string latin = latin1_as_utf8(text);
    if (const auto groups = pattern.match(latin)) return values_of(fingerprint, *groups);
    return std::nullopt;
}

}  // namespace

FingerprintCheck run_examples(const std::vector<Fingerprint>& fingerprints) {
    FingerprintCheck check;
    check.patterns = fingerprints.size();
    FingerprintSet set;
    for (const Fingerprint& fingerprint : fingerprints)
        if (!fingerprint.recog) set.add(fingerprint);
    for (const Fingerprint& fingerprint : fingerprints) {
        const std::string place =
            line_place(fmt::format("{}{}.xml", fingerprint.recog ? "" : "fingerprints/", fingerprint.file), fingerprint.line);
        const auto complain = [&](std::string sentence) { check.problems.push_back({place, std::move(sentence)}); };
        const Pattern pattern(fingerprint.pattern, Dialect::Ruby, fingerprint.flags);
        check.examples += fingerprint.examples.size();
        if (const std::string why = pattern.problem(); !why.empty()) {
            complain(fmt::format("the pattern does not compile: {}", why));
            check.failed += std::max<std::size_t>(1, fingerprint.examples.size());
            continue;
        }
        for (const FingerprintParam& param : fingerprint.params)
            if (param.group > pattern.groups())
                complain(fmt::format("the param \"{}\" takes group {}, and there are {}", param.name, param.group,
                                     pattern.groups()));
        if (fingerprint.examples.empty() && !fingerprint.recog) complain("has no example");
        for (const FingerprintExample& example : fingerprint.examples) {
            const auto fail = [&](const std::string& what) {
                complain(fmt::format("the example \"{}\" {}", clean(example.text, 80), what));
                ++check.failed;
            };
            if (fingerprint.recog) {
                const auto values = own_values(fingerprint, pattern, example.text);
                const std::string wrong = values ? wrong_values(example, *values) : "does not match";
                if (!wrong.empty()) fail(wrong);
                continue;
            }
            const auto match = set.match(fingerprint.evidence, example.text);
            if (!match) {
                fail("does not match");
            } else if (match->fingerprint->file != fingerprint.file || match->fingerprint->line != fingerprint.line ||
                       match->fingerprint->description != fingerprint.description) {
                fail(fmt::format("is taken by an earlier pattern, \"{}/{}\"", match->fingerprint->file,
                                 match->fingerprint->description));
            } else if (const std::string wrong = wrong_values(example, match->values); !wrong.empty()) {
                fail(wrong);
            }
        }
    }
    return check;
}

void check_fingerprints(const std::vector<Fingerprint>& fingerprints, Problems& problems) {
    FingerprintCheck check = run_examples(fingerprints);
    std::move(check.problems.begin(), check.problems.end(), std::back_inserter(problems));
}

}  // namespace herkomst
