// herkomst seal: files that only one reader can open, and opening them.
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "cli/command.h"
#include "cli/escaped.h"
#include "cli/sealing.h"
#include "core/file.h"

namespace herkomst::cli {

namespace {

namespace fs = std::filesystem;

struct Asked {
    std::string action;
    std::vector<std::string> files;
    std::string out;
    std::string passphrase_file;
    std::string recipient;
    std::string key;
};

int complain(const Problems& problems, int exit_code) {
    for (const Problem& problem : problems) std::fprintf(stderr, "%s\n", escaped(problem.text()).c_str());
    return exit_code;
}
int refuse(const std::string& sentence) {
    std::fprintf(stderr, "herkomst seal: %s\n", escaped(sentence).c_str());
    return exit_usage;
}

int make(const Asked& asked) {
    if (asked.out.empty()) return refuse("keygen -o KEY says where to write the key");
    std::error_code error;
    for (const std::string& path : {asked.out, asked.out + ".pub"})
        if (fs::exists(path, error)) return refuse(path + " is there already; a key is never written over");
    const SealKeys keys = make_seal_keys();
    write_file(asked.out, keys.private_pem, 0600);
    write_file(asked.out + ".pub", keys.public_pem);
    std::printf("%s: keep it secret\n%s.pub: give it to whoever seals for you\n", asked.out.c_str(), asked.out.c_str());
    return exit_done;
}

int close(const Asked& asked) {
    if (asked.files.empty() || asked.out.empty() || (asked.passphrase_file.empty() && asked.recipient.empty()))
        return refuse("close FILES... -o FILE with --passphrase-file FILE or --recipient KEY.pub");
    std::error_code error;
    if (fs::exists(asked.out, error)) return refuse(asked.out + " is there already");
    std::vector<NamedContent> contents;
    Problems problems;
    for (const std::string& path : asked.files) {
        Result<std::string> content = read_file(path, std::size_t{2} << 30);
        if (!content) {
            problems.insert(problems.end(), content.problems().begin(), content.problems().end());
            continue;
        }
        contents.push_back({fs::path(path).filename().string(), std::move(content.value())});
    }
    if (!problems.empty()) return complain(problems, exit_usage);
    const Result<std::string> sealed = sealed_files(contents, asked.passphrase_file, asked.recipient);
    if (!sealed) return complain(sealed.problems(), exit_usage);
    write_file(asked.out, sealed.value(), 0600);
    std::printf("%s\n", asked.out.c_str());
    return exit_done;
}

int open(const Asked& asked) {
    if (asked.files.size() != 1 || asked.out.empty())
        return refuse("open FILE -o FOLDER with --passphrase-file FILE or --key KEY");
    const Result<std::string> file = read_file(asked.files.front(), std::size_t{2} << 30);
    if (!file) return complain(file.problems(), exit_usage);
    const auto opened = opened_files(file.value(), asked.files.front(), asked.passphrase_file, asked.key);
    if (!opened) {
        // Altered, cut off, or for somebody else; what reads it was not said or is none: input.
        const std::string& place = opened.problems().front().place;
        const bool input =
            (asked.key.empty() && asked.passphrase_file.empty()) || place == asked.key || place == asked.passphrase_file;
        return complain(opened.problems(), input ? exit_usage : exit_refused);
    }
    std::error_code error;
    Problems problems;
    for (const NamedContent& each : opened.value()) {
        const std::string path = (fs::path(asked.out) / each.name).string();
        if (fs::exists(path, error)) problems.push_back({path, "is there already"});
    }
    if (!problems.empty()) return complain(problems, exit_usage);
    fs::create_directories(asked.out);
    for (const NamedContent& each : opened.value()) {
        const std::string path = (fs::path(asked.out) / each.name).string();
        write_file(path, each.content, 0600);
        std::printf("%s\n", escaped(path).c_str());
    }
    return exit_done;
}

int run(std::span<const std::string> args, Context&) {
    Asked asked;
    Options options("seal", "Seals files for one reader (AES-256-GCM), and opens them.");
    options.argument("ACTION", asked.action, "keygen, close or open: see below");
    options.arguments("FILES", asked.files, "what to seal, or the one to open", false);
    options.option("-o,--output", asked.out, "close, keygen: the file to write; open: the folder");
    options.option("--passphrase-file", asked.passphrase_file, "file whose first line is the passphrase (scrypt)");
    options.option("--recipient", asked.recipient, "close: public key of the reader (X25519, PEM)");
    options.option("--key", asked.key, "open: the reader's private key");
    options.footer(
        "keygen -o KEY                            KEY (secret) and KEY.pub\n"
        "close FILES... -o FILE --recipient K.pub one sealed file\n"
        "open FILE -o FOLDER --key K              what was sealed; altered or cut off: exit 4, and nothing is written");
    int exit_code = 0;
    if (!options.parse(args, exit_code)) return exit_code;
    if (asked.action == "keygen") return make(asked);
    if (asked.action == "close") return close(asked);
    if (asked.action == "open") return open(asked);
    return refuse("\"" + asked.action + "\" is none of keygen, close, open");
}

}  // namespace

Command seal() { return {"seal", "seals files for one reader, and opens them", run}; }

}  // namespace herkomst::cli
