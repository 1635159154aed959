// herkomst seal: files that only one reader can open, and opening them.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>

#include "cli/command.h"
#include "cli/sealing.h"
#include "cli/terminal.h"
#include "core/file.h"
#include "core/printed.h"

namespace herkomst::cli {

namespace {

namespace fs = std::filesystem;

struct SealAsked {
    std::string action;
    std::vector<std::string> files;
    std::string out;
    std::string passphrase_file;
    std::string recipient;
    std::string key;
};

int refuse_seal(const std::string& sentence) {
    std::fprintf(stderr, "herkomst seal: %s\n", printed(sentence).c_str());
    return exit_usage;
}

int make_keys(const SealAsked& asked) {
    if (asked.out.empty()) return refuse_seal("keygen -o KEY says where to write the key");
    std::error_code error;
    for (const std::string& path : {asked.out, asked.out + ".pub"})
        if (fs::exists(path, error)) return refuse_seal(path + " is there already; a key is never written over");
    const SealKeys keys = make_seal_keys();
    write_file(asked.out, keys.private_pem, 0600);
    write_file(asked.out + ".pub", keys.public_pem);
    std::printf("%s: keep it secret\n%s.pub: give it to whoever seals for you\n", asked.out.c_str(), asked.out.c_str());
    return exit_done;
}

int close(const SealAsked& asked) {
    if (asked.files.empty() || asked.out.empty() || (asked.passphrase_file.empty() && asked.recipient.empty()))
        return refuse_seal("close FILES... -o FILE with --passphrase-file FILE or --recipient KEY.pub");
    std::error_code error;
    if (fs::exists(asked.out, error)) return refuse_seal(asked.out + " is there already");
    std::vector<NamedContent> contents;
    Problems problems;
    std::map<std::string, std::string> named;
    for (const std::string& path : asked.files) {
        const std::string name = fs::path(path).filename().string();
        if (!is_packed_name(name)) {
            problems.push_back({path, "has a name that nobody could open it by: it is hidden, or holds control characters"});
            continue;
        }
        const auto [first, fresh] = named.emplace(name, path);
        if (!fresh) {
            problems.push_back({path, "is called as " + first->second + " is: one of them would be lost when they are opened"});
            continue;
        }
        Result<std::string> content = read_file(path, std::size_t{2} << 30);
        if (!content) {
            problems.insert(problems.end(), content.problems().begin(), content.problems().end());
            continue;
        }
        contents.push_back({name, std::move(content.value())});
    }
    if (!problems.empty()) return complain(problems, exit_usage);
    const Result<std::string> sealed = sealed_files(contents, asked.passphrase_file, asked.recipient);
    if (!sealed) return complain(sealed.problems(), exit_usage);
    write_file(asked.out, sealed.value(), 0600);
    std::printf("%s\n", asked.out.c_str());
    return exit_done;
}

int open(const SealAsked& asked) {
    if (asked.files.size() != 1 || asked.out.empty())
        return refuse_seal("open FILE -o FOLDER with --passphrase-file FILE or --key KEY");
    const Result<std::string> file = read_file(asked.files.front(), std::size_t{2} << 30);
    if (!file) return complain(file.problems(), exit_usage);
    bool input = false;
    const auto opened = opened_files(file.value(), asked.files.front(), asked.passphrase_file, asked.key, &input);
    if (!opened) return complain(opened.problems(), input ? exit_usage : exit_refused);
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
        std::printf("%s\n", printed(path).c_str());
    }
    return exit_done;
}

int run_seal(std::span<const std::string> args, Context&) {
    SealAsked asked;
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
    if (asked.action == "keygen") return make_keys(asked);
    if (asked.action == "close") return close(asked);
    if (asked.action == "open") return open(asked);
    return refuse_seal("\"" + asked.action + "\" is none of keygen, close, open");
}

}  // namespace

Command seal() { return {"seal", "seals files for one reader, and opens them", run_seal}; }

}  // namespace herkomst::cli
