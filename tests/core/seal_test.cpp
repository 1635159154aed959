// Sealed files: only their reader opens them, and nothing in them can be changed.
#include "core/seal.h"

#include <doctest/doctest.h>

using namespace herkomst;

namespace seal_test {

TEST_SUITE_BEGIN("seal");

namespace {

std::string sealed(const std::string& content, const SealFor& reader) {
    const Result<std::string> made = seal(content, reader, "key");
    REQUIRE(made.ok());
    return made.value();
}
std::string opened(const std::string& file, const OpenWith& reader) {
    const Result<std::string> made = open_sealed(file, "f", reader, "key");
    return made ? "=" + made.value() : made.problems().front().text();
}

}  // namespace

TEST_CASE("for a key: contents of every size come back, and only to its holder") {
    const SealKeys keys = make_seal_keys();
    const SealKeys others = make_seal_keys();
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, std::size_t{65535}, std::size_t{65536}, std::size_t{65537}, std::size_t{200000}}) {
        std::string content(size, '\0');
        for (std::size_t i = 0; i < size; ++i) content[i] = static_cast<char>(i * 31 % 251);
        const std::string file = sealed(content, {"", keys.public_pem});
        CHECK(is_sealed(file));
        CHECK(opened(file, {"", keys.private_pem}) == "=" + content);
        CHECK(opened(file, {"", others.private_pem}) == "f: cannot be opened with this key, or was altered");
        if (size > 20) CHECK(file.find(content.substr(0, 20)) == std::string::npos);
    }
    // Twice the same content is not twice the same file.
    CHECK(sealed("x", {"", keys.public_pem}) != sealed("x", {"", keys.public_pem}));
}

TEST_CASE("with a passphrase, of at least twelve bytes") {
    const std::string file = sealed("the register", {"correct horse battery", ""});
    CHECK(opened(file, {"correct horse battery", ""}) == "=the register");
    CHECK(opened(file, {"correct horse batterY", ""}) == "f: cannot be opened with this key, or was altered");
    CHECK(opened(file, {}) == "f: is sealed with a passphrase");
    CHECK(seal("x", {"too short", ""}, "key").problems().front().text() == "key: is shorter than 12 bytes");
    CHECK_FALSE(seal("x", {}, "key").ok());
    CHECK_FALSE(seal("x", {"correct horse battery", make_seal_keys().public_pem}, "key").ok());
    CHECK(seal("x", {"", make_seal_keys().private_pem}, "key").problems().front().text() ==
          "key: is not a public key of kind X25519 (PEM)");
}

TEST_CASE("every changed byte, every cut, chunks in another order: nothing is handed out") {
    const SealKeys keys = make_seal_keys();
    const std::string file = sealed("what nobody else may read", {"", keys.public_pem});
    for (std::size_t at = 0; at < file.size(); ++at) {
        std::string altered = file;
        altered[at] = static_cast<char>(altered[at] ^ 1);
        CHECK(opened(altered, {"", keys.private_pem}).front() == 'f');
        CHECK(opened(file.substr(0, at), {"", keys.private_pem}).front() == 'f');
    }
    CHECK(opened(file + "x", {"", keys.private_pem}).front() == 'f');
    const std::string large = sealed(std::string(65536 * 3, 'a') + std::string(10, 'b'), {"", keys.public_pem});
    const std::size_t start = large.find('\n', large.find('\n') + 1) + 1;
    const std::size_t chunk = 65536 + 16;
    std::string swapped = large;
    for (std::size_t i = 0; i < chunk; ++i) std::swap(swapped[start + i], swapped[start + chunk + i]);
    CHECK(opened(swapped, {"", keys.private_pem}).front() == 'f');
    // The last chunk left off, at the border between two.
    CHECK(opened(large.substr(0, start + chunk * 3), {"", keys.private_pem}) ==
          "f: was altered or cut off after it was sealed");
}

TEST_CASE("several files as one, whose names lead nowhere else") {
    const auto back = unpack_files(pack_files({{"a.csv", "1,2\n"}, {"b.json", ""}}), "f");
    REQUIRE(back.ok());
    REQUIRE(back.value().size() == 2);
    CHECK(back.value()[0].name == "a.csv");
    CHECK(back.value()[0].content == "1,2\n");
    CHECK(back.value()[1].content.empty());
    for (const char* name : {"../x", "/etc/x", "", ".profile", "a/b"})
        CHECK_FALSE(unpack_files(pack_files({{name, "x"}}), "f").ok());
    CHECK_FALSE(unpack_files("herkomst-files/1\n[{\"bytes\":5,\"name\":\"a\"}]\nabc", "f").ok());
    CHECK_FALSE(unpack_files("something else", "f").ok());
}

TEST_SUITE_END();

}  // namespace seal_test
