// What names of one protocol, traps and Rapid7's patterns add to what a device says, and that what we know ourselves goes
// first.
#include "identity/recog_text.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>

#include "../vendordb/data_folder.h"
#include "identity/derive.h"
#include "identity/fuse.h"
#include "vendordb/fingerprints.h"

using vendordb_test::DataFolder;
using namespace herkomst;

namespace {

VendorDb data(bool with_recog) {
    const DataFolder folder("recog-identity");
    folder.registry("pen", "5\tFirst\n7\tSecond\n", 2);
    folder.vendor("first", R"("aliases":["First"],"ids":{"pen":[5],"names":{"tls":["First, Inc."],"mdns":["_first._tcp"],
        "dhcp":["FIRST:9"]}})");
    folder.vendor("second", R"("aliases":["Second"])");
    folder.put("vendors/stack.json",
               R"({"slug":"stack","name":"Stack","kind":"stack","categories":[],"ids":{"names":{"tls":["Stack"]}}})");
    folder.put("traps.json",
               R"([{"id":"pen:7","why":"borrowed","means":{"nl":"n","en":"e"},)" + DataFolder::claim("reported") + "}]");
    folder.put("fingerprints/http_server.xml",
               R"xml(<fingerprints matches="http.server"><fingerprint pattern="^Box"><description>ours</description>
        <example>Box</example><param pos="0" name="brand" value="First"/></fingerprint></fingerprints>)xml");
    folder.put("xml/http_servers.xml", R"xml(<fingerprints matches="http_header.server">
        <fingerprint pattern="^Box/(\d+)$"><description>box</description><param pos="0" name="hw.vendor" value="Second"/>
          <param pos="0" name="hw.product" value="EX 9"/><param pos="1" name="os.version"/></fingerprint>
        <fingerprint pattern="^Other$"><description>other</description><param pos="0" name="hw.vendor" value="Nobody Knows"/></fingerprint>
        </fingerprints>)xml");
    folder.put("xml/x509_subjects.xml", R"xml(<fingerprints matches="x509.subject">
        <fingerprint pattern="^CN=a,O=Second\\, Ltd,C=NL$"><description>cert</description><param pos="0" name="hw.vendor" value="Second"/></fingerprint>
        </fingerprints>)xml");
    folder.put("xml/ftp_banners.xml", R"xml(<fingerprints matches="ftp.banner">
        <fingerprint pattern="^Second FTP$"><description>ftp</description><param pos="0" name="hw.vendor" value="Second"/>
        <param pos="0" name="os.vendor" value="Stack"/></fingerprint></fingerprints>)xml");
    VendorDb db = folder.open();
    if (with_recog) {
        Problems problems;
        auto set = std::make_unique<FingerprintSet>();
        for (Fingerprint& one : read_recog(folder.out("xml"), problems)) set->add(std::move(one));
        REQUIRE(problems.empty());
        db.use_recog(std::move(set));
    }
    return db;
}

Observation says(Field field, const char* value, const char* method, const char* ip = "192.0.2.9") {
    Observation observation;
    observation.subject.ip = *IpAddress::parse(ip);
    observation.field = field;
    observation.value = value;
    observation.method = method;
    observation.strength = Strength::Stated;
    return observation;
}

// "brand=First matched recog:..."
std::vector<std::string> derived(const VendorDb& db, const Observation& observation, std::set<std::string>& unknown) {
    std::vector<std::string> out;
    for (const Claim& claim : derive(observation, db, unknown)) {
        if (claim.method == observation.method) continue;
        out.push_back(std::string(name(claim.field)) + "=" + claim.value + " " + std::string(name(claim.strength)) + " " +
                      claim.method);
    }
    return out;
}
std::vector<std::string> derived(const VendorDb& db, const Observation& observation) {
    std::set<std::string> unknown;
    return derived(db, observation, unknown);
}

using Lines = std::vector<std::string>;

}  // namespace

namespace recog_test {

TEST_SUITE_BEGIN("identity_recog");

TEST_CASE("a trap names nobody, whoever holds the number") {
    const VendorDb db = data(false);
    CHECK(derived(db, says(Field::vendor_id, "pen:7", "snmp.sys_object_id")).empty());
    CHECK(derived(db, says(Field::vendor_id, "pen:5", "snmp.sys_object_id")) == Lines{"maker=First matched id:pen:5"});
}

TEST_CASE("a certificate's organisation, a DHCP class and an mDNS type name whom the vendor file says") {
    const VendorDb db = data(false);
    const char* certificate = "C=NL, O=First\\, Inc., CN=a / O=Second, CN=ca";
    const Lines both = {"brand=Name first matched name:tls.certificate", "maker=Name first matched name:tls.certificate"};
    CHECK(derived(db, says(Field::certificate, certificate, "tls.certificate", "10.0.0.9")) == both);
    // On the internet the organisation is whoever runs the server.
    CHECK(derived(db, says(Field::certificate, certificate, "tls.certificate", "203.0.113.9")).empty());
    CHECK(derived(db, says(Field::certificate, certificate, "tls.chain", "10.0.0.9")).empty());
    CHECK(derived(db, says(Field::certificate, "O=Second, CN=a / O=First\\, Inc.", "tls.certificate", "10.0.0.9")).empty());
    CHECK(derived(db, says(Field::certificate, "O=Stack / O=Stack", "tls.certificate", "10.0.0.9")) ==
          Lines{"stack_maker=Stack matched name:tls.certificate"});
    CHECK(derived(db, says(Field::vendor_class, "first:9", "dhcp.vendor_class")).size() == 2);
    CHECK(derived(db, says(Field::vendor_class, "first", "dhcp.vendor_class")).empty());
    CHECK(derived(db, says(Field::service, "_first._tcp.local", "mdns.service")).size() == 2);
    CHECK(derived(db, says(Field::service, "Box 7._first._tcp.local", "mdns.service")).size() == 2);
    CHECK(derived(db, says(Field::service, "_other._tcp.local", "mdns.service")).empty());
    CHECK(derived(db, says(Field::service, "_first._tcp.local", "test.service")).empty());
}

TEST_CASE("Rapid7's patterns add what ours do not say, and an unknown name is listed") {
    const VendorDb without = data(false);
    const VendorDb with = data(true);
    CHECK(derived(without, says(Field::software, "Other", "http.server")).empty());
    // Ours names the brand, theirs the model.
    CHECK(derived(with, says(Field::software, "Box/7", "http.server")) ==
          Lines{"brand=First matched fingerprint:http_server/ours",
                "maker=Name first matched alias:fingerprint:http_server/ours", "model=EX 9 matched recog:http_servers/box"});
    std::set<std::string> unknown;
    CHECK(derived(with, says(Field::software, "Other", "http.server"), unknown) ==
          Lines{"brand=Nobody Knows matched recog:http_servers/other"});
    CHECK(unknown == std::set<std::string>{"Nobody Knows"});
    // Names in either order, reply codes left out.
    CHECK(derived(with, says(Field::certificate, "C=NL, O=Second\\, Ltd, CN=a / CN=ca", "tls.certificate")).size() == 2);
    CHECK(derived(with, says(Field::certificate, "CN=a, O=Second\\, Ltd, C=NL / CN=ca", "tls.certificate")).size() == 2);
    CHECK(derived(with, says(Field::banner, "220 Second FTP", "ftp.banner")) ==
          Lines{"brand=Second matched recog:ftp_banners/ftp", "maker=Name second matched alias:recog:ftp_banners/ftp",
                "stack_maker=Stack matched recog:ftp_banners/ftp"});
}

TEST_CASE("on a tie what we know ourselves goes before Rapid7's patterns, and is not contested by them") {
    const VendorDb db = data(true);
    std::vector<Claim> claims;
    std::set<std::string> unknown;
    for (const Observation& observation :
         {says(Field::software, "Box", "http.server"), says(Field::banner, "220 Second FTP", "ftp.banner"),
          says(Field::certificate, "CN=a, O=Second\\, Ltd, C=NL / CN=ca", "tls.certificate")}) {
        for (Claim& claim : derive(observation, db, unknown)) claims.push_back(std::move(claim));
    }
    const auto beliefs = fuse(claims, db, Time{});
    CHECK(beliefs.at(Field::maker).vendor == "first");
    CHECK_FALSE(beliefs.at(Field::maker).contested);
    CHECK(beliefs.at(Field::brand).value == "First");
    // Dissent is kept all the same.
    CHECK(beliefs.at(Field::maker).dissent == Lines{"Name second"});
}

TEST_CASE("what we observe in the words that Recog expects") {
    const auto text = [](Field field, const char* method, const char* value) {
        std::vector<std::string> out;
        for (const RecogText& one : recog_texts(field, method, value))
            out.push_back(std::string(one.evidence) + ": " + one.text);
        return out;
    };
    CHECK(text(Field::banner, "ssh.identification", "SSH-2.0-Ex_1 y-z") == Lines{"ssh.banner: Ex_1 y-z"});
    CHECK(text(Field::banner, "ssh.identification", "Ex_1").empty());
    CHECK(text(Field::realm, "http.realm", "a b") == Lines{"http_header.wwwauth: Basic realm=\"a b\""});
    CHECK(text(Field::banner, "http.title", "220 volt") == Lines{"html_title: 220 volt"});
    CHECK(text(Field::banner, "http.favicon", "favicon-md5:900150983cd24fb0d6963f7d28e17f72") ==
          Lines{"favicon.md5: 900150983cd24fb0d6963f7d28e17f72"});
    CHECK(text(Field::banner, "http.title", "favicon-md5:9001") == Lines{"html_title: favicon-md5:9001"});
    CHECK(text(Field::model, "http.title", "x").empty());
    CHECK(text(Field::certificate, "tls.certificate", "CN=a, O=b / CN=c") ==
          Lines{"x509.subject: CN=a,O=b", "x509.subject: O=b,CN=a", "x509.issuer: CN=c"});
    CHECK(certificate_attribute("CN=a, O=b\\, c\\\\, OU=O", "O") == "b, c\\");
    CHECK(certificate_attribute("OU=b", "O").empty());
    CHECK(certificate_attribute("", "O").empty());
}

TEST_SUITE_END();

}  // namespace recog_test
