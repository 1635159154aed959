// A signed update of any bytes: read without a crash, and never accepted, since nobody here holds the private key. Half of the
// inputs are put behind a right first line, so that the header is reached.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz.h"
#include "vendordb/signed.h"

namespace {

// Of a key pair whose private half was thrown away.
const std::string& public_key() {
    static const std::string pem = herkomst::make_keys().public_pem;
    return pem;
}

}  // namespace

// A whole update, signed with a key that nobody trusts.
std::vector<std::string> fuzz_seeds() {
    const herkomst::KeyPair keys = herkomst::make_keys();
    const herkomst::Result<std::string> file =
        herkomst::sign_update({"2026-11-21 sha256:0123456789ab", {}, "a small database"}, keys.private_pem, "key");
    return {std::string(1, '\0') + file.value()};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace herkomst;
    if (size < 1 || size > 65536) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    std::string file(bytes);
    if (data[0] % 2 == 1) file = "herkomst-vendordb-update/1\n" + file;
    if (data[0] % 4 == 3) {
        // A header of the right form, with the input as data.
        file = "herkomst-vendordb-update/1\n{\"bytes\":" + std::to_string(bytes.size()) +
               ",\"made\":\"2026-11-26T12:00:00Z\",\"sha256\":\"0\",\"unpacked\":9,\"version\":\"v\"}\n" +
               std::string(128, '0') + "\n" + std::string(bytes);
    }
    const Result<UpdateEnvelope> read = read_envelope(file, "input");
    if (read && read.value().payload.size() > file.size()) __builtin_trap();
    const Result<SignedUpdate> opened = open_update(file, "input", public_key(), "key");
    if (opened || opened.problems().empty() || opened.problems()[0].sentence.empty()) __builtin_trap();
    // A key of any bytes.
    const Result<SignedUpdate> other = open_update(file, "input", bytes, "key");
    if (other) __builtin_trap();
    return 0;
}
