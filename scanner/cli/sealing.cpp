#include "cli/sealing.h"

#include "core/file.h"

namespace herkomst {

namespace {

Result<std::string> passphrase_in(const std::string& path) {
    Result<std::string> content = read_file(path, 1 << 16);
    if (!content) return content.problems();
    std::string line = content.value().substr(0, content.value().find('\n'));
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) return Problem{path, "has no passphrase in its first line"};
    return line;
}

}  // namespace

Result<std::string> sealed_files(const std::vector<NamedContent>& files, const std::string& passphrase_file,
                                 const std::string& recipient) {
    if (!passphrase_file.empty() && !recipient.empty()) return Problem{"--passphrase-file, --recipient", "give one of the two"};
    SealFor reader;
    if (!passphrase_file.empty()) {
        const Result<std::string> passphrase = passphrase_in(passphrase_file);
        if (!passphrase) return passphrase.problems();
        reader.passphrase = passphrase.value();
    } else {
        const Result<std::string> key = read_file(recipient, 1 << 16);
        if (!key) return key.problems();
        reader.recipient_pem = key.value();
    }
    return seal(pack_files(files), reader, passphrase_file.empty() ? recipient : passphrase_file);
}

Result<std::vector<NamedContent>> opened_files(const std::string& file, const std::string& name,
                                               const std::string& passphrase_file, const std::string& key_file, bool* input) {
    const SealedFor asks = sealed_for(file);
    const bool lacks =
        (asks == SealedFor::Passphrase && passphrase_file.empty()) || (asks == SealedFor::Key && key_file.empty());
    if (input != nullptr) *input = true;
    OpenWith reader;
    if (!passphrase_file.empty()) {
        const Result<std::string> passphrase = passphrase_in(passphrase_file);
        if (!passphrase) return passphrase.problems();
        reader.passphrase = passphrase.value();
    }
    if (!key_file.empty()) {
        const Result<std::string> key = read_file(key_file, 1 << 16);
        if (!key) return key.problems();
        reader.private_pem = key.value();
    }
    const Result<std::string> opened = open_sealed(file, name, reader, key_file);
    if (input != nullptr) *input = lacks || (!opened && opened.problems().front().place == key_file);
    if (!opened) return opened.problems();
    return unpack_files(opened.value(), name);
}

}  // namespace herkomst
