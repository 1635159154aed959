// herkomst vendordb: a newer database as one signed file, from whoever compiles it to whoever scans.
#include <fmt/format.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "cli/command.h"
#include "cli/terminal.h"
#include "core/file.h"
#include "core/json.h"
#include "vendordb/signed.h"
#include "vendordb/vendordb.h"

namespace herkomst::cli {

namespace {

namespace fs = std::filesystem;

struct VendordbAsked {
    std::string action;
    std::string file;
    std::string key;
    std::string out;
    std::string data;
    bool previous = false;
};

int refuse(const std::string& sentence, int exit_code) {
    std::fprintf(stderr, "herkomst vendordb: %s\n", sentence.c_str());
    return exit_code;
}

// A file that is not yet good enough to stand where the program looks, removed when it is not taken.
class Beside {
  public:
    explicit Beside(const fs::path& target) : path_(target.string() + ".new") { remove(); }
    ~Beside() { remove(); }
    Beside(const Beside&) = delete;
    Beside& operator=(const Beside&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    void remove() const {
        std::error_code error;
        fs::remove(path_, error);
    }
    std::string path_;
};

// A folder that nobody else can reach, for a look at an update that is not to be installed.
class Scratch {
  public:
    Scratch() : path_((fs::temp_directory_path() / "herkomst-XXXXXX").string()) {
        if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no folder can be made like " + path_);
    }
    ~Scratch() {
        std::error_code error;
        fs::remove_all(path_, error);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    [[nodiscard]] fs::path path() const { return path_; }

  private:
    std::string path_;
};

int make_bundle(const VendordbAsked& asked) {
    if (asked.out.empty()) return refuse("keygen --out KEY says where to write the key", exit_usage);
    std::error_code error;
    for (const std::string& path : {asked.out, asked.out + ".pub"})
        if (fs::exists(path, error)) return refuse(path + " is there already; a key is never written over", exit_usage);
    const KeyPair keys = make_keys();
    write_file(asked.out, keys.private_pem, 0600);
    write_file(asked.out + ".pub", keys.public_pem);
    std::printf("%s: keep it secret\n%s.pub: give it to whoever takes the updates\n", asked.out.c_str(), asked.out.c_str());
    return exit_done;
}

int sign(const VendordbAsked& asked, Time now) {
    if (asked.key.empty() || asked.out.empty() || asked.file.empty())
        return refuse("sign --key KEY --out FILE FOLDER|SQLITE", exit_usage);
    const Result<std::string> key = read_file(asked.key, 1 << 16);
    if (!key) return complain(key.problems(), exit_usage);
    const Beside compiled(asked.out + ".sqlite");
    std::string database = asked.file;
    std::error_code error;
    if (fs::is_directory(asked.file, error)) {
        const Problems problems = compile_vendordb(asked.file, compiled.path());
        if (!problems.empty()) return complain(problems, exit_usage);
        database = compiled.path();
    }
    const Result<VendorDb> opened = VendorDb::open(database);
    if (!opened) return complain(opened.problems(), exit_usage);
    Result<std::string> content = read_file(database);
    if (!content) return complain(content.problems(), exit_usage);
    const Result<std::string> file =
        sign_update({opened.value().version(), now, std::move(content.value())}, key.value(), asked.key);
    if (!file) return complain(file.problems(), exit_usage);
    write_file(asked.out, file.value());
    std::printf("%s: vendordb %s, %zu vendors, %zu bytes\n", asked.out.c_str(), opened.value().version().c_str(),
                opened.value().vendors(), file.value().size());
    return exit_done;
}

// When the installed database was signed, if it came as an update.
std::string note_of(const fs::path& database) { return database.string() + ".json"; }
Time made_of(const fs::path& database) {
    const Result<Json> note = parse_json_file(note_of(database));
    return note ? parse_rfc3339(note.value()["made"].string()).value_or(Time{}) : Time{};
}

// A copy that is there whole or not at all; nothing to copy leaves nothing.
void copy_whole(const fs::path& from, const fs::path& to) {
    std::error_code error;
    if (!fs::exists(from, error)) {
        fs::remove(to, error);
        return;
    }
    const fs::path beside = to.string() + ".copy";
    fs::copy_file(from, beside, fs::copy_options::overwrite_existing);
    fs::rename(beside, to);
}

int go_back(const fs::path& installed, const fs::path& previous) {
    std::error_code error;
    if (!fs::exists(previous, error))
        return refuse(previous.string() + " is not there: there is nothing to go back to", exit_usage);
    const Result<VendorDb> older = VendorDb::open(previous.string());
    if (!older) return complain(older.problems(), exit_usage);
    // Swapped, so that going back can itself be undone; at no moment is there no database.
    const fs::path aside = installed.string() + ".aside";
    copy_whole(installed, aside);
    copy_whole(note_of(installed), note_of(aside));
    copy_whole(previous, installed);
    copy_whole(note_of(previous), note_of(installed));
    copy_whole(aside, previous);
    copy_whole(note_of(aside), note_of(previous));
    fs::remove(aside, error);
    fs::remove(note_of(aside), error);
    std::printf("%s: vendordb %s again\n", installed.c_str(), older.value().version().c_str());
    return exit_done;
}

int take(const VendordbAsked& asked, bool apply) {
    const fs::path folder = asked.data.empty() ? data_folder() : asked.data;
    const fs::path installed = folder / "vendordb.sqlite";
    const fs::path previous = folder / "vendordb.previous.sqlite";
    if (apply && asked.previous) return go_back(installed, previous);
    if (asked.file.empty() || asked.key.empty()) return refuse(asked.action + " FILE --key PUBLIC-KEY", exit_usage);
    const Result<std::string> key = read_file(asked.key, 1 << 16);
    if (!key) return complain(key.problems(), exit_usage);
    const Result<std::string> file = read_file(asked.file);
    if (!file) return complain(file.problems(), exit_usage);
    const Result<SignedUpdate> update = open_update(file.value(), asked.file, key.value(), asked.key);
    if (!update) return complain(update.problems(), update.problems().front().place == asked.key ? exit_usage : exit_refused);
    // What is signed may still be of a form that this program cannot read.
    std::error_code error;
    const Scratch scratch;
    const Beside beside(apply ? installed : scratch.path() / "vendordb.sqlite");
    write_file(beside.path(), update.value().database);
    const Result<VendorDb> fresh = VendorDb::open(beside.path());
    if (!fresh) return complain(fresh.problems(), exit_refused);
    if (fresh.value().version() != update.value().version)
        return refuse(asked.file + " holds another version than its header says", exit_refused);
    const std::string made = rfc3339(update.value().made);
    if (fs::exists(installed, error)) {
        const Result<VendorDb> present = VendorDb::open(installed.string());
        if (present) {
            const std::string& has = present.value().version();
            const Time has_made = made_of(installed);
            if (has == update.value().version)
                return refuse(fmt::format("{} is the version that is installed: {}", asked.file, has), exit_refused);
            if (!newer(update.value().version, update.value().made, has, has_made))
                return refuse(
                    fmt::format("{} is older ({}, signed {}) than what is installed ({}{})", asked.file, update.value().version,
                                made, has, has_made == Time{} ? "" : ", signed " + rfc3339(has_made)),
                    exit_refused);
        }
    }
    if (!apply) {
        std::printf("%s: vendordb %s, %zu vendors, signed %s: good\n", asked.file.c_str(), update.value().version.c_str(),
                    fresh.value().vendors(), made.c_str());
        return exit_done;
    }
    copy_whole(installed, previous);
    copy_whole(note_of(installed), note_of(previous));
    fs::rename(beside.path(), installed);
    Json note = Json::object();
    note["made"] = made;
    note["version"] = update.value().version;
    write_file(note_of(installed), write_json(note) + "\n");
    std::printf("%s: vendordb %s, %zu vendors; the previous one is kept (apply --previous goes back)\n", installed.c_str(),
                update.value().version.c_str(), fresh.value().vendors());
    return exit_done;
}

int run_vendordb(std::span<const std::string> args, Context& context) {
    VendordbAsked asked;
    Options options("vendordb", "Moves a newer vendor database as one signed file (Ed25519).");
    options.argument("ACTION", asked.action, "keygen, sign, verify or apply: see below");
    options.argument("FILE", asked.file, "the update; of sign: a folder like vendordb/, or a vendordb.sqlite", false);
    options.option("--key", asked.key, "key file: of sign the private one, else the public one");
    options.option("--out", asked.out, "keygen, sign: the file to write");
    options.option("--data", asked.data, "apply, verify: folder of the installed vendordb.sqlite (default: the program's)");
    options.flag("--previous", asked.previous, "apply: back to the version before");
    options.footer(
        "keygen --out KEY                        KEY (secret) and KEY.pub\n"
        "sign --key KEY --out FILE FOLDER        compiles the folder, or takes a vendordb.sqlite, and signs it\n"
        "verify FILE --key KEY.pub               is it signed by that key, unaltered, and newer than what is installed?\n"
        "apply FILE --key KEY.pub                the same, and puts it in place; what was there is kept\n"
        "apply --previous                        puts back what was kept\n"
        "\n"
        "Unsigned, altered and older files are refused (exit 4) with the reason. Nothing is fetched from anywhere.");
    int exit_code = 0;
    if (!options.parse(args, exit_code)) return exit_code;
    if (asked.action == "keygen") return make_bundle(asked);
    if (asked.action == "sign") return sign(asked, context.now);
    if (asked.action == "verify") return take(asked, false);
    if (asked.action == "apply") return take(asked, true);
    return refuse("\"" + asked.action + "\" is none of keygen, sign, verify, apply", exit_usage);
}

}  // namespace

Command vendordb() { return {"vendordb", "moves a newer vendor database as one signed file", run_vendordb}; }

}  // namespace herkomst::cli
