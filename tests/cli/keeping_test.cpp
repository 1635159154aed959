// What keeps a register honest from the command line: words that are no text, copies that nobody else may see, keys and heads.
#include <sys/inotify.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "core/file.h"
#include "core/seal.h"
#include "program.h"
#include "register/sql.h"

using namespace herkomst;
using namespace herkomst::program;

namespace fs = std::filesystem;

namespace keeping_test {

TEST_SUITE_BEGIN("cli.keeping");

namespace {

constexpr const char* rows = "10.1.0.7;Sungrow;SG110CX;A7001234\n10.1.0.9;Siemens;S7-1200;B77\n";

// Names that came to be in a folder, folders with a "/" behind them.
class Watch {
  public:
    explicit Watch(const std::string& folder) : file_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
        REQUIRE(file_ >= 0);
        REQUIRE(::inotify_add_watch(file_, folder.c_str(), IN_CREATE | IN_MOVED_TO) >= 0);
    }
    ~Watch() { ::close(file_); }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    [[nodiscard]] std::vector<std::string> came() const {
        std::vector<std::string> out;
        alignas(inotify_event) std::array<char, 8192> block{};
        for (ssize_t got = 0; (got = ::read(file_, block.data(), block.size())) > 0;) {
            for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
                inotify_event event{};
                std::memcpy(&event, block.data() + at, sizeof event);
                out.push_back(std::string(block.data() + at + sizeof event) + ((event.mask & IN_ISDIR) != 0 ? "/" : ""));
                at += sizeof event + event.len;
            }
        }
        return out;
    }

  private:
    int file_;
};

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

TEST_CASE("words that are not UTF-8 are refused before anything is done with them") {
    const Desk desk("not_utf8", rows);
    const std::string set = "set zone:Kelder owner=$'Zo\\xeb' --by Jan --reason drawn";
    for (const std::string& words : {"register " + set + " --register site.db", std::string("scan list.csv --site $'Zo\\xeb'"),
                                     std::string("register set zone:Kelder owner=Bo --register site.db --by $'Zo\\xeb'")}) {
        const Ran ran =
            shell("cd '" + desk.at("") + "' && bash -c \"" HERKOMST_BINARY_DIR "/bin/herkomst " + words + "\" 2>&1");
        CHECK_MESSAGE(ran.exit_code == 2, words);
        CHECK(says(ran, "is not UTF-8"));
    }
    CHECK(desk.desk("verify").exit_code == 0);
    CHECK(desk.desk("set zone:Kelder owner=Zo\xc3\xab --by Jan --reason drawn").exit_code == 0);
    CHECK(desk.desk("verify").exit_code == 0);
}

TEST_CASE("nothing of the register lies in the clear where its sealed copy goes") {
    const Desk desk("sealed_copy", rows);
    desk.put("phrase", "a long enough sentence\n");
    fs::create_directories(desk.at("stick"));
    {
        const Watch watch(desk.at("stick"));
        REQUIRE(desk.desk("backup stick/reg.sealed --passphrase-file phrase").exit_code == 0);
        for (const std::string& name : watch.came()) {
            CHECK_MESSAGE(name.find("reg.sealed") != std::string::npos, name);
            CHECK_MESSAGE(name.back() != '/', name);
        }
    }
    // It is a whole copy, in one file.
    REQUIRE(desk.run("register restore stick/reg.sealed --passphrase-file phrase --register new.db --by Ann --reason test")
                .exit_code == 0);
    CHECK(desk.run("register verify --register new.db").exit_code == 0);
    CHECK(desk.run("register list assets --register new.db --format csv").out == desk.desk("list assets --format csv").out);
    REQUIRE(desk.run("seal open stick/reg.sealed -o plain --passphrase-file phrase").exit_code == 0);
    CHECK(desk.file("plain/register.db").starts_with("SQLite format 3"));
    CHECK(desk.desk("backup stick/plain.db").exit_code == 0);
    // Nothing of what was deleted, as in a plain copy.
    CHECK(desk.file("plain/register.db").size() == desk.file("stick/plain.db").size());
}

TEST_CASE("a table that somebody edited: the scan after it says so, goes on, and verify says it for good") {
    const Desk desk("edited", rows);
    CHECK(desk.desk("verify").exit_code == 0);
    sql::Database(desk.at("site.db"), sql::Mode::ReadWrite).run("UPDATE assets SET label = 'a kettle'");
    const Ran scanned = desk.run("scan list.csv --site north --register site.db", "2026-01-03T00:00:00Z");
    CHECK(scanned.exit_code == 0);
    CHECK(says(scanned, "site.db: table assets was not what event "));
    for (const char* day : {"2026-01-04T00:00:00Z", "2026-01-05T00:00:00Z"}) {
        const Ran again = desk.run("scan list.csv --site north --register site.db", day);
        CHECK(again.out.find("was not what event") == std::string::npos);
    }
    REQUIRE(desk.desk("set 10.1.0.9 category=camera --by Rob --role owner --reason seen").exit_code == 0);
    const Ran told = desk.desk("verify");
    CHECK(told.exit_code == 4);
    CHECK(says(told, "found: table assets was not what event "));
    const Ran dutch = desk.desk("verify --lang nl");
    CHECK(says(dutch, "trof aan: tabel assets was niet zoals gebeurtenis "));
    CHECK(says(desk.desk("history"), "table assets was not what event "));
    CHECK(says(desk.desk("history --lang nl"), "afwijking gevonden"));
}

TEST_CASE("files of one name are not sealed together, nor opened over each other") {
    const Desk desk("same_names", rows);
    desk.put("phrase", "a long enough sentence\n");
    for (const char* folder : {"north", "south"}) {
        fs::create_directories(desk.at(folder));
        desk.put(std::string(folder) + "/herkomst.db", folder);
    }
    const Ran closed = desk.run("seal close north/herkomst.db south/herkomst.db -o two.sealed --passphrase-file phrase");
    CHECK(closed.exit_code == 2);
    CHECK(says(closed, "north/herkomst.db"));
    CHECK(says(closed, "south/herkomst.db"));
    CHECK_FALSE(fs::exists(desk.at("two.sealed")));
    const Result<std::string> sealed =
        seal(pack_files({{"herkomst.db", "north"}, {"herkomst.db", "south"}}), {"a long enough sentence", ""}, "phrase");
    REQUIRE(sealed.ok());
    desk.put("two.sealed", sealed.value());
    const Ran opened = desk.run("seal open two.sealed -o out --passphrase-file phrase");
    CHECK(opened.exit_code == 4);
    CHECK(says(opened, "holds two files of one name"));
    CHECK_FALSE(fs::exists(desk.at("out")));
}

TEST_CASE("what is no public key verifies nothing, and one written otherwise is still that key") {
    const Desk desk("no_key", rows);
    REQUIRE(desk.run("vendordb keygen --out k1").exit_code == 0);
    desk.put("empty", "");
    for (const char* key : {"empty", "k1", "list.csv"}) {
        const Ran ran = desk.desk(std::string("verify --key ") + key);
        CHECK_MESSAGE(ran.exit_code == 2, std::string(key));
        CHECK(says(ran, "is not a public key of kind Ed25519 (PEM)"));
    }
    CHECK(says(desk.desk("verify --key empty --lang nl"), "is geen openbare sleutel"));
    CHECK(desk.desk("verify --key k1.pub").exit_code == 4);
    REQUIRE(desk.desk("sign --key k1").exit_code == 0);
    CHECK(desk.desk("verify --key k1.pub").exit_code == 0);
    std::string windows;
    for (const char each : "of the register\n" + desk.file("k1.pub")) windows += each == '\n' ? "\r\n" : std::string(1, each);
    desk.put("k1_windows.pub", windows);
    CHECK(desk.desk("verify --key k1_windows.pub").exit_code == 0);
}

TEST_CASE("what sign printed is held against the register: an older copy put in place is not the one that was signed") {
    const Desk desk("head", rows);
    REQUIRE(desk.run("vendordb keygen --out k1").exit_code == 0);
    REQUIRE(desk.desk("sign --key k1").exit_code == 0);
    REQUIRE(desk.desk("backup older.db").exit_code == 0);
    REQUIRE(desk.desk("set zone:hall owner=Bo --by Ann --reason drawn").exit_code == 0);
    const Ran signed_now = desk.desk("sign --key k1");
    REQUIRE(signed_now.exit_code == 0);
    desk.put("printed", signed_now.out);
    const std::string line = first_line(signed_now.out);
    const std::string seq = line.substr(6, line.find(' ', 6) - 6);
    const std::string hash = line.substr(line.rfind(' ') + 1);
    REQUIRE(hash.size() == 64);
    for (const std::string& head : {std::string("printed --key k1.pub"), std::string("printed"), seq + ":" + hash}) {
        CHECK_MESSAGE(desk.desk("verify --head " + head).exit_code == 0, head);
        const Ran ran = desk.run("register verify --register older.db --head " + head);
        CHECK_MESSAGE(ran.exit_code == 4, head);
        CHECK(says(ran, "event " + seq + ", which was kept elsewhere, is missing"));
        CHECK(says(desk.run("register verify --register older.db --lang nl --head " + head), "ontbreekt"));
    }
    // Later events are no harm; another hash at that place is.
    REQUIRE(desk.desk("set zone:hall owner=Cas --by Ann --reason drawn").exit_code == 0);
    CHECK(desk.desk("verify --head printed").exit_code == 0);
    std::string other = hash;
    other[0] = other[0] == '0' ? '1' : '0';
    const Ran another = desk.desk("verify --head " + seq + ":" + other);
    CHECK(another.exit_code == 4);
    CHECK(says(another, "is not the one that was kept elsewhere"));
    for (const char* none : {"nowhere", "list.csv", "12:abc", "x:"})
        CHECK_MESSAGE(desk.desk(std::string("verify --head ") + none).exit_code == 2, std::string(none));
    // What came after the signature is said.
    CHECK(says(desk.desk("verify --key k1.pub"), "1 later event is under no signature"));
}

TEST_CASE("seal open: what is missing or of another kind is input; what a file calls its contents is printed as text") {
    const Desk desk("open_words", rows);
    desk.put("phrase", "a long enough sentence\n");
    desk.put("blank", "\n");
    REQUIRE(desk.run("seal keygen -o mine").exit_code == 0);
    REQUIRE(desk.run("vendordb keygen --out sign").exit_code == 0);
    REQUIRE(desk.run("seal close list.csv -o phrase.sealed --passphrase-file phrase").exit_code == 0);
    REQUIRE(desk.run("seal close list.csv -o key.sealed --recipient mine.pub").exit_code == 0);
    const auto code = [&](const std::string& words) { return desk.run("seal open " + words + " -o out").exit_code; };
    for (const char* words : {"phrase.sealed --passphrase-file nowhere", "phrase.sealed --passphrase-file blank",
                              "phrase.sealed --key mine", "phrase.sealed", "key.sealed", "key.sealed --passphrase-file phrase",
                              "key.sealed --key nowhere", "key.sealed --key sign", "key.sealed --key mine.pub"})
        CHECK_MESSAGE(code(words) == 2, std::string(words));
    desk.put("other", "another long sentence\n");
    CHECK(code("phrase.sealed --passphrase-file other") == 4);
    REQUIRE(desk.run("seal keygen -o others").exit_code == 0);
    CHECK(code("key.sealed --key others") == 4);
    CHECK_FALSE(fs::exists(desk.at("out")));
    const Result<std::string> sealed =
        seal(pack_files({{"a\x1b[31mb", "x"}, {"a\nb", "y"}}), {"a long enough sentence", ""}, "phrase");
    REQUIRE(sealed.ok());
    desk.put("odd.sealed", sealed.value());
    const Ran odd = desk.run("seal open odd.sealed -o odd --passphrase-file phrase");
    CHECK(odd.exit_code == 4);
    CHECK(says(odd, "holds a file with a name that is none"));
    CHECK(odd.out.find('\x1b') == std::string::npos);
    CHECK_FALSE(fs::exists(desk.at("odd")));
}

TEST_CASE("a table without rows carries its label too") {
    const Desk desk("no_rows", rows);
    CHECK(desk.desk("list measures --format csv").out.ends_with(",tlp AMBER+STRICT\r\n"));
    REQUIRE(desk.desk("set setting:tlp value=RED --by R --role owner --reason asked").exit_code == 0);
    CHECK(desk.desk("list measures --format csv").out.ends_with(",tlp RED\r\n"));
    const std::string assets = desk.desk("list assets --format csv").out;
    CHECK(first_line(assets).ends_with(",tlp\r"));
    CHECK(assets.ends_with(",RED\r\n"));
    REQUIRE(desk.run("export csv --register site.db -o out").exit_code == 0);
    CHECK(first_line(desk.file("out/answers.csv")).ends_with(",tlp RED\r"));
    CHECK(first_line(desk.file("out/assets.csv")).find(",tlp,") != std::string::npos);
    // It is still a table of ours, whatever its label: written over, and never read as an inventory.
    REQUIRE(desk.desk("set setting:tlp value=GREEN --by R --role owner --reason asked").exit_code == 0);
    CHECK(desk.run("export csv --register site.db -o out --delimiter semicolon").exit_code == 0);
    CHECK(first_line(desk.file("out/answers.csv")).ends_with(";tlp GREEN\r"));
    CHECK(desk.run("export csv --register site.db -o out").exit_code == 0);
}

TEST_SUITE_END();

}  // namespace keeping_test
