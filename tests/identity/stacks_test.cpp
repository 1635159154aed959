// Hints from the shapes of stacks, held against each other and against what is said.
#include "identity/stacks.h"

#include <doctest/doctest.h>

#include <string>

using namespace herkomst;

namespace stacks_test {

TEST_SUITE_BEGIN("stacks");

namespace {

Claim claim(Field field, const char* value, const char* method, const char* because, Strength strength = Strength::Hinted) {
    Claim out;
    out.field = field;
    out.value = value;
    out.method = method;
    out.because = because;
    out.strength = strength;
    return out;
}

Claim hint(const char* system) { return claim(Field::os, system, "fingerprint:tcp_syn", "stack=ttl=64"); }

// "field=value" of what is left.
std::string left(std::vector<Claim> claims) {
    settle_stacks(claims);
    std::string out;
    for (const Claim& each : claims) out += std::string(name(each.field)) + "=" + each.value + ";";
    return out;
}

}  // namespace

TEST_CASE("hints that agree stay, hints that contradict each other go, and nothing else does") {
    CHECK(left({hint("Linux"), hint("Linux")}) == "os=Linux;os=Linux;");
    CHECK(left({hint("Linux"), hint("Windows")}).empty());
    CHECK(left({hint("Linux"), claim(Field::os, "Windows CE", "snmp.sysdescr", "", Strength::Stated), hint("Windows")}) ==
          "os=Windows CE;");
    CHECK(left({hint("Linux"), claim(Field::os, "Windows CE", "snmp.sysdescr", "", Strength::Stated)}) ==
          "os=Linux;os=Windows CE;");
}

TEST_CASE("Android is Linux, and then Android") {
    CHECK(left({hint("Linux"), hint("Android")}) == "os=Android;");
    CHECK(left({hint("Linux"), hint("Android"), hint("Windows")}).empty());
}

TEST_CASE("a program that names itself needs no guess, in the protocol in which it does") {
    const Claim guess = claim(Field::software, "nginx", "fingerprint:http_order", "stack=http-response:Date");
    const Claim server = claim(Field::software, "nginx/1.22", "http.server", "", Strength::Stated);
    const Claim offer = claim(Field::software, "OpenSSH", "fingerprint:ssh_kexinit", "stack=ssh-server:00");
    CHECK(left({guess}) == "software=nginx;");
    CHECK(left({guess, server, offer}) == "software=nginx/1.22;software=OpenSSH;");
    CHECK(left({offer, claim(Field::software, "OpenSSH_9.2", "ssh.software", "", Strength::Stated)}) ==
          "software=OpenSSH_9.2;");
    // What its client said is another program.
    CHECK(left({guess, claim(Field::software, "curl/8", "http.user-agent", "", Strength::Stated)}) ==
          "software=nginx;software=curl/8;");
}

TEST_SUITE_END();

}  // namespace stacks_test
