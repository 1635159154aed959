// A database update is one signed file: whatever is not exactly what the key's holder signed is refused.
#include <sys/wait.h>

#include <array>
#include <cstdio>

#include "data_folder.h"
#include "vendordb/signed.h"

using vendordb_test::DataFolder;
using namespace herkomst;

namespace update_test {

namespace {

std::string sentence_of(const Result<SignedUpdate>& result) {
    REQUIRE_FALSE(result.ok());
    REQUIRE(result.problems().size() == 1);
    return result.problems()[0].sentence;
}

struct Ran {
    int code = 0;
    std::string text;
};
Ran herkomst_says(const std::string& arguments) {
    std::FILE* pipe = popen(("'" HERKOMST_BINARY_DIR "/bin/herkomst' " + arguments + " 2>&1 </dev/null").c_str(), "r");
    REQUIRE(pipe != nullptr);
    Ran ran;
    std::array<char, 4096> block{};
    for (std::size_t got = 0; (got = std::fread(block.data(), 1, block.size(), pipe)) > 0;) ran.text.append(block.data(), got);
    const int status = pclose(pipe);
    ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ran;
}

bool holds(const Ran& ran, const std::string& part) { return ran.text.find(part) != std::string::npos; }

}  // namespace

TEST_SUITE_BEGIN("vendordb_update");

TEST_CASE("what was signed comes out as it went in") {
    const KeyPair keys = make_keys();
    const KeyPair others = make_keys();
    const Time made = *parse_rfc3339("2026-11-26T12:00:00Z");
    const std::string database(5000, 'd');
    const Result<std::string> file = sign_update({"2026-11-21 sha256:0123456789ab", made, database}, keys.private_pem, "key");
    REQUIRE(file.ok());
    const Result<SignedUpdate> opened = open_update(file.value(), "file", keys.public_pem, "key.pub");
    REQUIRE(opened.ok());
    CHECK(opened.value().database == database);
    CHECK(opened.value().version == "2026-11-21 sha256:0123456789ab");
    CHECK(opened.value().made == made);

    CHECK(sentence_of(open_update(file.value(), "file", others.public_pem, "other.pub")) ==
          "was not signed with the key of other.pub, or its header was altered");
    CHECK(sentence_of(open_update(file.value(), "file", keys.private_pem, "k")) == "is not a public key of kind Ed25519 (PEM)");
    CHECK(sentence_of(open_update("", "file", keys.public_pem, "k")) == "is not a signed update of vendordb");
    CHECK_FALSE(sign_update({"v", made, database}, keys.public_pem, "key.pub").ok());
    CHECK_FALSE(sign_update({"v", made, database}, "", "nothing").ok());
}

TEST_CASE("not one bit of a signed file can be changed, nor a byte left out or added") {
    const KeyPair keys = make_keys();
    const Result<std::string> file =
        sign_update({"2026-11-21 sha256:0123456789ab", Time{}, "a small database"}, keys.private_pem, "key");
    REQUIRE(file.ok());
    for (std::size_t at = 0; at < file.value().size(); ++at) {
        for (const int bit : {0, 5, 7}) {
            std::string altered = file.value();
            altered[at] = static_cast<char>(altered[at] ^ (1 << bit));
            CHECK_FALSE(open_update(altered, "file", keys.public_pem, "key").ok());
        }
        CHECK_FALSE(open_update(file.value().substr(0, at), "file", keys.public_pem, "key").ok());
    }
    CHECK(sentence_of(open_update(file.value() + "x", "file", keys.public_pem, "key")).ends_with("cut off or added to"));
}

TEST_CASE("a header that promises too much is refused before anything is unpacked") {
    const std::string head = "herkomst-vendordb-update/1\n";
    const auto sentence = [&](const std::string& header) {
        const std::string file = head + header + "\n" + std::string(128, 'a') + "\n";
        const Result<UpdateEnvelope> read = read_envelope(file, "file");
        return read.ok() ? std::string("good") : read.problems()[0].sentence;
    };
    const std::string rest = R"(,"made":"2026-11-26","sha256":"x","version":"v"})";
    CHECK(sentence(R"({"bytes":0,"unpacked":0)" + rest) == "good");
    CHECK(sentence(R"({"bytes":0,"unpacked":99999999999)" + rest) == "is larger than a vendordb can be");
    CHECK(sentence(R"({"bytes":-1,"unpacked":0)" + rest).starts_with("has a header that misses"));
    CHECK(sentence(R"({"bytes":7,"unpacked":0)" + rest).starts_with("holds 0 bytes of data"));
    CHECK(sentence(std::string(5000, ' ')) == "has no header");
    CHECK(read_envelope(head, "f").problems()[0].sentence == "has no header");
    CHECK(read_envelope(head + "{}\n", "f").problems()[0].sentence == "is not signed");
    CHECK(read_envelope(head + "{}\n" + std::string(128, 'z') + "\n", "f").problems()[0].sentence == "is not signed");
}

TEST_CASE("what is newer: the date of the data, then the moment of signing") {
    const Time early = *parse_rfc3339("2026-11-20");
    const Time late = *parse_rfc3339("2026-11-25");
    CHECK(newer("2026-11-22 sha256:a", early, "2026-11-21 sha256:b", late));
    CHECK_FALSE(newer("2026-11-20 sha256:a", late, "2026-11-21 sha256:b", early));
    CHECK(newer("2026-11-21 sha256:a", late, "2026-11-21 sha256:b", early));
    CHECK_FALSE(newer("2026-11-21 sha256:a", late, "2026-11-21 sha256:b", late));
}

TEST_CASE("an update on its way: made, signed, verified, applied, taken back") {
    const DataFolder old_data("update-old");
    const DataFolder new_data("update-new");
    old_data.vendor("one", R"("origin":[{"claim":"headquarters","country":"AA","status":"unverified","as_of":"2026-01-02"}])");
    new_data.vendor("one", R"("origin":[{"claim":"headquarters","country":"AA","status":"unverified","as_of":"2026-03-02"}])");
    const DataFolder at("update-at", DataFolder::Form::Overlay);
    const auto in = [&](const std::string& name) { return "'" + at.out(name) + "'"; };

    CHECK(herkomst_says("vendordb keygen --out " + in("key")).code == 0);
    CHECK(herkomst_says("vendordb keygen --out " + in("key")).code == 2);
    CHECK(herkomst_says("vendordb keygen --out " + in("other")).code == 0);
    const auto sign = [&](const DataFolder& data, const std::string& to, const std::string& when) {
        return herkomst_says("vendordb sign --key " + in("key") + " --out " + in(to) + " '" + data.path() + "' --now " + when);
    };
    REQUIRE(sign(old_data, "old", "2026-04-01T00:00:00Z").code == 0);
    REQUIRE(sign(new_data, "new", "2026-04-01T00:00:00Z").code == 0);
    const auto take = [&](const std::string& action, const std::string& file, const std::string& key) {
        return herkomst_says("vendordb " + action + " " + in(file) + " --key " + in(key) + " --data " + in("data"));
    };
    std::filesystem::create_directories(at.out("data"));
    CHECK(take("apply", "old", "key.pub").code == 0);
    CHECK(VendorDb::open(at.out("data/vendordb.sqlite")).value().date() == "2026-01-02");
    Ran ran = take("verify", "new", "key.pub");
    CHECK(ran.code == 0);
    CHECK(holds(ran, "vendordb 2026-03-02"));
    CHECK(take("apply", "new", "key.pub").code == 0);
    CHECK(VendorDb::open(at.out("data/vendordb.sqlite")).value().date() == "2026-03-02");

    ran = take("apply", "old", "key.pub");
    CHECK(ran.code == 4);
    CHECK(holds(ran, "is older"));
    ran = take("apply", "new", "key.pub");
    CHECK(ran.code == 4);
    CHECK(holds(ran, "is the version that is installed"));
    ran = take("apply", "new", "other.pub");
    CHECK(ran.code == 4);
    CHECK(holds(ran, "was not signed with the key of"));
    CHECK(take("apply", "new", "nowhere.pub").code == 2);
    CHECK(take("apply", "nowhere", "key.pub").code == 2);
    CHECK(take("bend", "new", "key.pub").code == 2);
    CHECK(take("apply", "new", "key").code == 2);  // the private key is no public one
    at.put("unsigned", "just bytes");
    ran = take("apply", "unsigned", "key.pub");
    CHECK(ran.code == 4);
    CHECK(holds(ran, "is not a signed update"));
    // A database as it stands is no update, however good it is.
    CHECK(take("apply", "data/vendordb.sqlite", "key.pub").code == 4);
    CHECK(VendorDb::open(at.out("data/vendordb.sqlite")).value().date() == "2026-03-02");

    // Back, and forth again.
    const std::string back = "vendordb apply --previous --data " + in("data");
    CHECK(herkomst_says(back).code == 0);
    CHECK(VendorDb::open(at.out("data/vendordb.sqlite")).value().date() == "2026-01-02");
    CHECK(herkomst_says(back).code == 0);
    CHECK(VendorDb::open(at.out("data/vendordb.sqlite")).value().date() == "2026-03-02");
    CHECK(take("apply", "old", "key.pub").code == 4);
    std::filesystem::create_directories(at.out("nothing"));
    CHECK(herkomst_says("vendordb apply --previous --data " + in("nothing")).code == 2);
}

TEST_SUITE_END();

}  // namespace update_test
