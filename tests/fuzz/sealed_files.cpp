// Any bytes as a sealed file (after a byte 0), as what one holds (1), or as what it becomes when one byte of a good one is
// another (2): a problem or files, and a file that was touched is never opened.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/seal.h"
#include "fuzz.h"

using namespace herkomst;

namespace {

constexpr const char* here = "fuzz.sealed";

const SealKeys& keys() {
    static const SealKeys made = make_seal_keys();
    return made;
}

// For a key: a passphrase costs scrypt each time.
const std::string& good() {
    static const std::string made = [] {
        SealFor reader;
        reader.recipient_pem = keys().public_pem;
        const Result<std::string> sealed =
            seal(pack_files({{"register.json", "{}"}, {"assets.csv", "uid,tlp\r\n"}}), reader, here);
        promise(sealed.ok(), "what we seal is sealed");
        return sealed.value();
    }();
    return made;
}

Result<std::string> opened(std::string_view file) {
    OpenWith reader;
    reader.private_pem = keys().private_pem;
    return open_sealed(file, here, reader, "fuzz.key");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0 || size > (std::size_t{64} << 10)) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (data[0] == 0) {
        (void)is_sealed(text);
        const Result<std::string> content = opened(text);
        promise(content.ok() || !content.problems().empty(), "what is refused says why");
    } else if (data[0] == 1) {
        const Result<std::vector<NamedContent>> files = unpack_files(text, here);
        promise(files.ok() || !files.problems().empty(), "what is refused says why");
        if (!files) return 0;
        for (const NamedContent& each : files.value())
            promise(each.name.find('/') == std::string::npos && each.name != "..", "a name leads to no other folder");
        const Result<std::vector<NamedContent>> again = unpack_files(pack_files(files.value()), here);
        promise(again.ok() && again.value().size() == files.value().size(), "what was unpacked can be packed again");
    } else if (size >= 4) {
        std::string touched = good();
        const std::size_t at = (static_cast<std::size_t>(data[1]) << 8 | data[2]) % touched.size();
        const char before = touched[at];
        touched[at] = static_cast<char>(data[3]);
        if (touched[at] != before) promise(!opened(touched).ok(), "a file that was touched is not opened");
    }
    return 0;
}

std::vector<std::string> fuzz_seeds() {
    std::vector<std::string> seeds = {std::string(1, '\0') + good(), "\x01" + pack_files({{"a.txt", "content"}, {"b", ""}})};
    for (std::size_t at = 0; at < good().size(); at += 7)
        seeds.push_back({2, static_cast<char>(at >> 8), static_cast<char>(at & 0xff), static_cast<char>(good()[at] ^ 1)});
    return seeds;
}
