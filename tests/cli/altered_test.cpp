// What `explain` says of a capture whose middle is not the one that was read: its source id does not cover that.
#include <doctest/doctest.h>

#include <string>

#include "tests/cli/program.h"

using namespace herkomst;
using program::Desk;
using program::Ran;
using program::says;

namespace altered_test {

TEST_SUITE_BEGIN("altered");

namespace {

void le32(std::string& out, std::uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift & 0xff);
}

void add(std::string& out, const std::string& frame) {
    const auto size = static_cast<std::uint32_t>(frame.size());
    for (const std::uint32_t word : {1'700'000'000U, 0U, size, size}) le32(out, word);
    out += frame;
}

// Three megabytes of frames that say nothing, and a host in the middle of them that says its name (LLDP, IEEE 802.1AB clause
// 8).
std::string capture(const std::string& name) {
    std::string out("\xd4\xc3\xb2\xa1\x02\x00\x04\x00", 8);
    for (const std::uint32_t word : {0U, 0U, 65535U, 1U}) le32(out, word);
    const std::string silent =
        std::string("\x00\x00\x5e\x00\x53\xff\x00\x00\x5e\x00\x53\x01\x88\xb5", 14) + std::string(60'000, 'x');
    std::string lldp("\x01\x80\xc2\x00\x00\x0e\x00\x00\x5e\x00\x53\x07\x88\xcc", 14);
    lldp += std::string("\x02\x07\x04\x00\x00\x5e\x00\x53\x07", 9);
    lldp += std::string("\x04\x02\x07p", 4);
    lldp += std::string("\x06\x02\x00\x78", 4);
    lldp += '\x0a';
    lldp += static_cast<char>(name.size());
    lldp += name + std::string(2, '\0');
    for (int i = 0; i < 26; ++i) add(out, silent);
    add(out, lldp);
    for (int i = 0; i < 26; ++i) add(out, silent);
    return out;
}

}  // namespace

TEST_CASE("a capture that was altered in its middle is told as such where its digest was recorded") {
    const Desk desk("altered-hashed", "192.0.2.7;Example;X1;S1-7\n");
    desk.put("long.pcap", capture("pump-7"));
    REQUIRE(desk.run("scan long.pcap list.csv --site north --hash --register long.db").exit_code == 0);
    const Ran before = desk.run("explain pump-7 hostname --register long.db");
    CHECK(says(before, "|pump-7|"));
    CHECK(before.out.find("not checked") == std::string::npos);
    desk.put("long.pcap", capture("pump-8"));
    const Ran after = desk.run("explain pump-7 hostname --register long.db");
    CHECK(says(after, "this file has changed, though its size, beginning and end are as they were (SHA-256)"));
    CHECK(after.out.find("|pump-8|") == std::string::npos);
    // Inventories have one too.
    REQUIRE(desk.run("export json --register long.db -o out").exit_code == 0);
    const Result<Json> read = parse_json(desk.file("out/register.json"), "export");
    REQUIRE(read.ok());
    const JsonArray sources = read.value()["run"]["sources"].items();
    REQUIRE(sources.size() == 2);
    for (const Json& source : sources) CHECK(source["sha256"].string().size() == 64);
}

TEST_CASE("without a digest it is said that the middle was not checked, once, and not of a small file") {
    const Desk desk("altered-plain", "192.0.2.7;Example;X1;S1-7\n");
    desk.put("long.pcap", capture("pump-7"));
    REQUIRE(desk.run("scan long.pcap list.csv --site north --register long.db").exit_code == 0);
    const std::string remark = "size, beginning and end of this file are as they were; its middle was not checked";
    const Ran told = desk.run("explain pump-7 --register long.db");
    CHECK(says(told, "|pump-7|"));
    CHECK(says(told, remark));
    CHECK(told.out.find(remark) == told.out.rfind(remark));
    CHECK(says(desk.run("explain pump-7 --register long.db --lang nl"), "het midden is niet nagegaan"));
    CHECK(desk.run("explain 192.0.2.7 --register long.db").out.find(remark) == std::string::npos);
}

TEST_SUITE_END();

}  // namespace altered_test
