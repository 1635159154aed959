// The house rules that a program can check, over a whole source tree. Every complaint is "file:line: sentence".
//
// The tree is walked, not asked of git: it also holds in a copy without history. Skipped are what .gitignore names, and what a
// working copy has on its top level that git does not know.
#pragma once

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace lint {

namespace fs = std::filesystem;

inline std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

inline std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

// C++ without its comments and without what stands in quotes; line ends stay, so that line numbers hold.
inline std::string code_of(std::string_view text) {
    std::string code;
    for (std::size_t i = 0; i < text.size();) {
        const std::string_view ahead = text.substr(i);
        std::size_t end = 0;
        bool quoted = false;
        if (ahead.starts_with("//")) {
            end = std::min(ahead.find('\n'), ahead.size());
        } else if (ahead.starts_with("/*")) {
            end = ahead.find("*/", 2);
            end = end == std::string_view::npos ? ahead.size() : end + 2;
        } else if (ahead.starts_with("R\"")) {
            const std::size_t open = std::min(ahead.find('('), ahead.size());
            const std::string close = ")" + std::string(ahead.substr(2, open - 2)) + "\"";
            end = ahead.find(close, open);
            end = end == std::string_view::npos ? ahead.size() : end + close.size();
            quoted = true;
        } else if (ahead[0] == '"' ||
                   (ahead[0] == '\'' && (i == 0 || !std::isalnum(static_cast<unsigned char>(text[i - 1]))))) {
            for (end = 1; end < ahead.size() && ahead[end] != ahead[0] && ahead[end] != '\n'; ++end) {
                if (ahead[end] == '\\') ++end;
            }
            end = std::min(end + 1, ahead.size());
            quoted = true;
        }
        if (end == 0) {
            code += text[i++];
            continue;
        }
        if (quoted) code += "\"\"";
        for (const char c : ahead.substr(0, end)) {
            if (c == '\n') code += c;
        }
        i += end;
    }
    return code;
}

inline bool has_word(std::string_view line, std::string_view word) {
    const auto part_of_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
    for (std::size_t at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
        const bool before = at > 0 && part_of_name(word.front()) && part_of_name(line[at - 1]);
        const std::size_t next = at + word.size();
        const bool after = next < line.size() && part_of_name(word.back()) && part_of_name(line[next]);
        if (!before && !after) return true;
    }
    return false;
}

struct Allowed {
    std::string_view file;
    std::string_view word;
};
// Exceptions, each with its reason.
inline constexpr Allowed allowed[] = {
    {"scanner/decoders/decoder.h", "reinterpret_cast"},         // FlowState::notes: the framework's own block of memory
    {"scanner/decoders/inflate_text.cpp", "reinterpret_cast"},  // zlib speaks unsigned char
    {"scanner/decoders/inflate_text.cpp", "zlib.h"},            // the one reader that unpacks
};
inline bool is_allowed(std::string_view file, std::string_view word) {
    return std::any_of(std::begin(allowed), std::end(allowed),
                       [&](const Allowed& one) { return one.file == file && one.word == word; });
}

class Tree {
  public:
    explicit Tree(fs::path root) : root_(std::move(root)) {}

    std::vector<std::string> complaints() {
        found_.clear();
        for (const auto& entry : fs::directory_iterator(root_)) top_level(entry.path().filename().string());
        for (auto at = fs::recursive_directory_iterator(root_); at != fs::recursive_directory_iterator(); ++at) {
            const std::string name = at->path().filename().string();
            if (at.depth() == 0 && somebodys_own_.contains(name)) {
                at.disable_recursion_pending();
            } else if (at->is_directory() && ignored_folder(at.depth(), name)) {
                at.disable_recursion_pending();
            } else if (at->is_regular_file() && !ignored_file(name)) {
                file(at->path());
            }
        }
        std::sort(found_.begin(), found_.end());
        return found_;
    }

  private:
    static bool ignored_folder(int depth, std::string_view name) {
        return name == ".git" || name == "node_modules" || name == "__pycache__" ||
               (depth == 0 && (name == "build" || name == "out"));
    }
    static bool ignored_file(std::string_view name) {
        return name == ".git" || name.ends_with(".db") || name.ends_with(".db-wal") || name.ends_with(".db-shm");
    }

    void complain(const std::string& file, std::size_t line, const std::string& sentence) {
        found_.push_back(file + ":" + std::to_string(line) + ": " + sentence);
    }

    // Somebody's report or notes beside the sources, which no commit holds, are no part of them. Without git all is.
    [[nodiscard]] bool untracked(const std::string& name) const {
        if (!fs::exists(root_ / ".git")) return false;
        const std::string list = "git -C '" + root_.string() + "' ls-files --error-unmatch -- '" + name + "' >/dev/null 2>&1";
        const std::string works = "git -C '" + root_.string() + "' ls-files >/dev/null 2>&1";
        return name.find('\'') == std::string::npos && std::system(works.c_str()) == 0 && std::system(list.c_str()) != 0;
    }

    void top_level(const std::string& name) {
        constexpr std::array usual = {
            ".ci",
            ".clang-format",
            ".clang-tidy",
            ".git",
            ".gitignore",
            "CHANGELOG.md",
            "CMakeLists.txt",
            "CONTRIBUTING.md",
            "CMakePresets.json",
            "LICENSE",
            "PRIVACY.md",
            "README.md",
            "SECURITY.md",
            "build",
            "out",
            "rules",
            "scanner",
            "tests",
            "tools",
            "vendordb",
        };
        if (std::find(usual.begin(), usual.end(), name) != usual.end() || ignored_file(name)) return;
        if (untracked(name))
            somebodys_own_.insert(name);
        else
            complain(name, 1, "does not belong on the top level");
    }

    void file(const fs::path& path) {
        const std::string name = path.lexically_relative(root_).generic_string();
        if (fs::file_size(path) > (std::uintmax_t{4} << 20)) complain(name, 1, "is larger than 4 MiB");
        const std::string text = read(path);
        if (text.find('\0') != std::string::npos) return;
        words(name, text);
        if (name.starts_with("tools/") && text.starts_with("#!") &&
            (fs::status(path).permissions() & fs::perms::owner_exec) == fs::perms::none)
            complain(name, 1, "is a script without the run bit");
        if (name.ends_with(".cpp") || name.ends_with(".h")) source(name, text);
    }

    // Words that no file may hold. They are written in two halves here, or this file would hold them.
    void words(const std::string& name, const std::string& text) {
        constexpr std::array unfinished = {
            "TO"
            "DO",
            "FIX"
            "ME",
            "XX"
            "X",
            "EXPLAIN"
            ":",
            "not "
            "implemented"};
        constexpr std::array places = {
            "deb."
            "debian.org",
            "security."
            "debian.org",
            "registry."
            "npmjs.org",
            "pypi"
            ".org",
            "files."
            "pythonhosted.org",
            "crates"
            ".io",
            "proxy."
            "golang.org",
            "/wo"
            "rk/",
            "/tmp/"
            "wt"};
        const auto lines = lines_of(text);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            for (const std::string_view word : unfinished) {
                if (has_word(lines[i], word)) complain(name, i + 1, "\"" + std::string(word) + "\" marks what is unfinished");
            }
            for (const std::string_view place : places) {
                if (lines[i].find(place) != std::string::npos)
                    complain(name, i + 1, "\"" + std::string(place) + "\" names a place that is not the product's");
            }
        }
    }

    void source(const std::string& name, const std::string& text) {
        const bool decoder = name.starts_with("scanner/decoders/");
        const bool product = name.starts_with("scanner/") || name.starts_with("vendordb/");
        const bool header = name.ends_with(".h");
        if (product && header && !text.starts_with("//")) complain(name, 1, "a header begins with its manual, a comment");
        if (decoder && !header) decoder_file(name, text);
        const auto raw = lines_of(text);
        for (std::size_t i = 0; i < raw.size(); ++i) {
            if (std::any_of(raw[i].begin(), raw[i].end(), [](char c) { return static_cast<unsigned char>(c) > 126; }))
                complain(name, i + 1, "sources are ASCII");
            if (raw[i].starts_with("#include")) include(name, i + 1, raw[i]);
        }
        const auto code = lines_of(code_of(text));
        for (std::size_t i = 0; i < code.size(); ++i) {
            if (decoder) {
                constexpr std::array banned = {"reinterpret_cast", "const_cast", "memcpy", "memmove",      "new",
                                               "delete",           "malloc",     "calloc", "realloc",      "fopen",
                                               "printf",           "fprintf",    "getenv", "thread_local", "system_clock",
                                               "steady_clock"};
                for (const std::string_view word : banned) {
                    const bool deleted = word == "delete" && code[i].find("= delete") != std::string::npos;
                    if (has_word(code[i], word) && !deleted && !is_allowed(name, word))
                        complain(name, i + 1, "no " + std::string(word) + " in a decoder");
                }
            }
            // Decoders cannot reach a socket: what they may include sees to that.
            if (product && !decoder && name != "scanner/probes/wire.cpp" && !name.starts_with("scanner/fleet/")) {
                constexpr std::array sending = {"send",        "sendto",          "sendmsg",        "sendmmsg",
                                                "connect",     "SSL_set_fd",      "BIO_new_socket", "BIO_do_connect",
                                                "pcap_inject", "pcap_sendpacket", "async_connect",  "async_send"};
                for (const std::string_view word : sending) {
                    if (calls(code[i], word)) complain(name, i + 1, "only probes/wire.cpp sends: no " + std::string(word));
                }
            }
            if (is_probe(name)) {
                for (const std::string_view word :
                     {"reinterpret_cast", "const_cast", "system_clock", "steady_clock", "thread_local"})
                    if (has_word(code[i], word)) complain(name, i + 1, "no " + std::string(word) + " in a probe");
            }
            if (product && !header && has_word(code[i], "catch") && decoder)
                complain(name, i + 1, "bytes from the network are no exceptions");
            if (product) vague_name(name, i + 1, code[i]);
        }
    }

    void include(const std::string& name, std::size_t line, std::string_view directive) {
        const std::size_t open = directive.find_first_of("<\"");
        const std::size_t close = directive.find_last_of(">\"");
        if (open == std::string_view::npos || close <= open) return;
        const bool system = directive[open] == '<';
        const std::string what(directive.substr(open + 1, close - open - 1));
        const bool product = name.starts_with("scanner/") || name.starts_with("vendordb/");
        if (name.starts_with("scanner/decoders/")) {
            const bool standard = system && what.find_first_of("./") == std::string::npos;
            const bool ours = !system && (what.starts_with("core/") || what.starts_with("decoders/"));
            if ((!standard && !ours && !is_allowed(name, what)) || what == "iostream" || what == "fstream" || what == "thread")
                complain(name, line, "a decoder includes core/, decoders/ and the standard library, not " + what);
        }
        // A probe is data and a conversation: it opens nothing, so it includes nothing that could. What several probes have in
        // common stands under the same rule itself.
        if (name.starts_with("scanner/probes/") && (is_probe(name) || is_common_to_probes(name))) {
            const bool standard = system && what.find_first_of("./") == std::string::npos;
            const bool ours = !system && (what.starts_with("core/") || what == "probes/probe.h" || is_common_to_probes(what));
            if ((!standard && !ours) || what == "iostream" || what == "fstream" || what == "thread")
                complain(name, line, "a probe includes core/, probes/probe.h and the standard library, not " + what);
        }
        if (product && what == "regex") complain(name, line, "no <regex>: it backtracks; use RE2");
        if (name.ends_with(".h") && what == "iostream") complain(name, line, "no <iostream> in a header");
        if (product && what.starts_with("boost/asio") && name != "scanner/probes/wire.cpp" &&
            name != "scanner/probes/asio.cpp" && !name.starts_with("scanner/fleet/"))
            complain(name, line,
                     "boost/asio belongs in probes/wire.cpp, probes/asio.cpp (its own code, compiled once) and fleet/");
        if (what.starts_with("nlohmann/") && name != "scanner/core/json.cpp")
            complain(name, line, "nlohmann/json.hpp belongs in core/json.cpp alone");
    }

    // "scanner/probes/http_asks.cpp", "probes/http_asks.h"
    static bool is_common_to_probes(const std::string& name) {
        constexpr std::array<std::string_view, 10> common = {"modbus_reads", "sunspec_example", "http_asks",    "snmp_asks",
                                                             "fox_asks",     "group_asks",      "enphase_asks", "favicon_asks",
                                                             "bacnet_asks",  "goodwe_asks"};
        const fs::path path(name);
        return path.parent_path().filename() == "probes" && std::ranges::find(common, path.stem().string()) != common.end();
    }

    // A file of probes/ that its registry.txt does not name as machinery.
    [[nodiscard]] bool is_probe(const std::string& name) const {
        if (!name.starts_with("scanner/probes/") || !name.ends_with(".cpp")) return false;
        const auto machinery = lines_of(read(root_ / "scanner/probes/registry.txt"));
        return std::find(machinery.begin(), machinery.end(), fs::path(name).stem().string()) == machinery.end();
    }

    // "send(fd, ...)" or "::send(...)", not "x.send(...)", "to_send(...)" nor a declaration "void send(Worker&)".
    static bool calls(std::string_view line, std::string_view word) {
        for (std::size_t at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
            const std::size_t after = at + word.size();
            if (after >= line.size() || line[after] != '(') continue;
            const std::string_view before = line.substr(0, at);
            if (before.ends_with("::")) {
                const char scope = before.size() > 2 ? before[before.size() - 3] : ' ';
                // A class's own: "CaptureRun::send(".
                if (std::isalnum(static_cast<unsigned char>(scope)) != 0) continue;
                return true;
            }
            const char last = before.empty() ? ' ' : before.back();
            if (std::isalnum(static_cast<unsigned char>(last)) != 0 || last == '_' || last == '.' || last == '>') continue;
            // The socket call takes a descriptor first, so ours of one argument is another.
            if (line.find(',', after) != std::string_view::npos) return true;
        }
        return false;
    }

    // What a decoder's file owes its reader: what the protocol tells about a supplier, and where that is specified.
    // Does a comment say where in a specification its words stand (section 4.1, table 14, RFC 1006, 8.5.2.2), or name what
    // decoder.spec names: the standard, or the project whose reading is the only description?
    static bool refers(const std::string& comment, const std::string& spec) {
        static const std::regex place(
            R"(\b(sections?|clauses?|tables?|figures?|annex|appendix|chapters?|paragraphs?|part|rfc) [0-9a-z]|[0-9]\.[0-9])",
            std::regex::icase);
        if (std::regex_search(comment, place)) return true;
        static const std::set<std::string, std::less<>> common = {
            "unpublished", "public", "project", "projects", "specification", "protocol", "protocols", "spoken",     "described",
            "reads",       "read",   "speak",   "python",   "library",       "with",     "that",      "this",       "from",
            "version",     "their",  "them",    "client",   "server",        "manual",   "network",   "message",    "messages",
            "discovery",   "user",   "local",   "data",     "format",        "formats",  "technical", "information"};
        const auto words_of = [](const std::string& text) {
            std::set<std::string, std::less<>> words;
            std::string word;
            for (const char c : text + " ") {
                if (std::isalnum(static_cast<unsigned char>(c)) || c == '_') {
                    word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
                } else {
                    if (word.size() >= 4 && !common.contains(word)) words.insert(word);
                    word.clear();
                }
            }
            return words;
        };
        const auto said = words_of(comment);
        const auto wanted = words_of(spec);
        return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& word) { return said.contains(word); });
    }

    void decoder_file(const std::string& name, const std::string& text) {
        if (text.find("Decoder decoder;") == std::string::npos) return;
        if (!text.starts_with("//")) complain(name, 1, "a decoder begins with what its protocol tells about a supplier");
        const std::string set = "decoder.spec =";
        const std::size_t spec = text.find(set);
        const std::size_t quote = spec == std::string::npos ? spec : text.find_first_not_of(" \n", spec + set.size());
        if (quote == std::string::npos || text[quote] != '"' || text[quote + 1] == '"')
            complain(name, 1, "a decoder names its specification");
        // Above it, above what it calls, or in it: anywhere between the file's head and its end.
        const auto lines = lines_of(text);
        bool in_head = true;
        std::string words;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const std::size_t start = lines[i].find_first_not_of(' ');
            const bool comment = start != std::string::npos && lines[i].substr(start).starts_with("//");
            in_head = in_head && comment;
            const auto comment_of = [](const std::string& each) {
                const std::size_t at = each.find("// ");
                return at == std::string::npos ? std::string() : each.substr(at + 3) + " ";
            };
            if (comment && !in_head) words += comment_of(lines[i]);
            if (!lines[i].starts_with("bool recognise(")) continue;
            const std::size_t line = i + 1;
            for (; i < lines.size() && lines[i] != "}"; ++i) words += comment_of(lines[i]);
            const std::size_t spec_end = quote == std::string::npos ? quote : text.find("\";", quote);
            const std::string named =
                quote == std::string::npos ? "" : text.substr(quote, std::min(spec_end, text.size()) - quote);
            if (!refers(words, named))
                complain(name, line,
                         "the specification's section, or who else it is taken from, stands above what recognises it");
            break;
        }
    }

    void vague_name(const std::string& name, std::size_t line, std::string_view code) {
        if (!has_word(code, "class") && !has_word(code, "struct")) return;
        for (const std::string_view vague : {"Manager", "Helper", "Util", "Utils", "Base", "Handler"}) {
            const std::size_t at = code.find(vague);
            if (at == std::string_view::npos) continue;
            const std::size_t next = at + vague.size();
            if (next >= code.size() || !std::isalnum(static_cast<unsigned char>(code[next])))
                complain(name, line, "a type named " + std::string(vague) + " says nothing");
        }
    }

    fs::path root_;
    std::set<std::string> somebodys_own_;  // on the top level
    std::vector<std::string> found_;
};

}  // namespace lint
