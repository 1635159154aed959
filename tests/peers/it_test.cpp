// The probes of web servers, certificates, banners and brokers, asked by the real engine of the programs that devices really
// run: nginx, Dropbear, OpenSSH, vsftpd, busybox telnetd, mosquitto, aedes. Each says what it was configured to say, and no
// more is learned.
#include <doctest/doctest.h>

#include "../lint/folder.h"
#include "../probes/herkomst_run.h"
#include "link.h"
#include "told.h"

using namespace herkomst;

namespace it_test {

TEST_SUITE_BEGIN("peers.it");

namespace {

// A web server with a front page in the clear and pages within TLS of each version, and a certificate that names a device.
std::string nginx_in(const Folder& folder) {
    const std::string at = folder.path().string();
    const ProgramRan key = shell("openssl req -x509 -newkey rsa:2048 -nodes -keyout " + at + "/key.pem -out " + at +
                                 "/cert.pem -days 30 -subj '/O=Example Works/CN=EX-520/serialNumber=EX0001'");
    REQUIRE(key.exit_code == 0);
    std::filesystem::create_directories(folder.path() / "www");
    folder.write("www/index.html", "<html><head><title>EX-520 controller</title></head></html>\n");
    folder.write("www/favicon.ico", "abc");
    folder.write("www/login.html", "<html><head><title>EX-520 panel</title></head></html>\n");
    std::string tls;
    for (const auto& [port, version] :
         {std::pair{"15443", "TLSv1.3"}, std::pair{"15444", "TLSv1.2"}, std::pair{"15445", "TLSv1"}})
        tls += std::string("server { listen 127.0.77.4:") + port + " ssl; ssl_protocols " + version +
               "; ssl_ciphers DEFAULT:@SECLEVEL=0; ssl_certificate " + at + "/cert.pem; ssl_certificate_key " + at +
               "/key.pem; root " + at + "/www; }\n";
    std::string temporary;
    for (const char* what : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
        temporary += std::string(what) + "_temp_path " + at + "/" + what + "; ";
    folder.write("nginx.conf", "daemon off; master_process off; pid " + at + "/pid; error_log stderr notice; events {}\n" +
                                   "http { types { text/html html; image/x-icon ico; } access_log off; " + temporary +
                                   "\nserver { listen 127.0.77.4:15080; root " + at +
                                   "/www; }\nserver { listen 127.0.77.4:15081; root " + at +
                                   "/www; location = / { return 302 /login.html; } }\n" + tls + "}\n");
    return at;
}

}  // namespace

TEST_CASE("http and TLS: nginx, its page, its certificate, in versions 1.3, 1.2 and 1.0 of TLS") {
    if (peers::no_program("nginx")) return;
    const Folder folder("peer_nginx");
    const std::string at = nginx_in(folder);
    const peers::Server server("using the", peers::program("nginx"), {"-c", at + "/nginx.conf", "-p", at, "-e", "stderr"});
    REQUIRE(server.ready());
    REQUIRE(peers::accepts("127.0.77.4", 15'080));
    const peers::Learned page = peers::asked("http", {"127.0.77.4", 15'080});
    peers::answered(page);
    CHECK(page.claims.contains("server banner=EX-520 controller"));
    CHECK(page.claims.contains("server software=nginx/1.22.1"));
    for (const std::string& claim : page.claims)
        CHECK_MESSAGE((claim.starts_with("server banner=") || claim.starts_with("server software=") ||
                       claim.starts_with("server stack=http-response:")),
                      claim);
    const std::string icon_sum = "server banner=favicon-md5:900150983cd24fb0d6963f7d28e17f72";
    const peers::Learned icon = peers::asked("http_favicon", {"127.0.77.4", 15'080});
    peers::answered(icon);
    CHECK(icon.claims.contains(icon_sum));
    const peers::Learned sent_on = peers::asked("http", {"127.0.77.4", 15'081});
    peers::answered(sent_on);
    CHECK(sent_on.report.requests == 2);
    CHECK(sent_on.claims.contains("server software=nginx/1.22.1"));
    CHECK(sent_on.claims.contains("server banner=EX-520 panel"));
    for (const auto& [port, version] :
         {std::pair{15'443, "TLSv1.3"}, std::pair{15'444, "TLSv1.2"}, std::pair{15'445, "TLSv1"}}) {
        INFO(version);
        const peers::Learned learned = peers::asked("tls_certificate", {"127.0.77.4", static_cast<std::uint16_t>(port)});
        peers::answered(learned);
        CHECK(learned.report.tls == version);
        bool device = false;
        for (const std::string& claim : learned.claims)
            device = device || (claim.starts_with("server certificate=") && claim.find("CN=EX-520") != std::string::npos);
        CHECK(device);
        const peers::Learned inside = peers::asked("https", {"127.0.77.4", static_cast<std::uint16_t>(port)});
        peers::answered(inside);
        CHECK(inside.claims.contains("server banner=EX-520 controller"));
        const peers::Learned icon_inside = peers::asked("https_favicon", {"127.0.77.4", static_cast<std::uint16_t>(port)});
        peers::answered(icon_inside);
        CHECK(icon_inside.claims.contains(icon_sum));
    }
}

TEST_CASE("ssh: Dropbear, as small devices run it, says its version and is told nothing") {
    if (peers::no_program("dropbear") || peers::no_program("dropbearkey")) return;
    const Folder folder("peer_dropbear");
    const std::string key = (folder.path() / "key").string();
    REQUIRE(shell("LD_LIBRARY_PATH=" + peers::libraries() + " " + peers::program("dropbearkey") + " -t ecdsa -f " + key)
                .exit_code == 0);
    const peers::Server server("Not backgrounding", peers::program("dropbear"),
                               {"-F", "-E", "-r", key, "-p", "127.0.77.2:15022", "-P", (folder.path() / "pid").string()});
    REQUIRE(server.ready());
    REQUIRE(peers::accepts("127.0.77.2", 15'022));
    const peers::Learned learned = peers::asked("ssh", {"127.0.77.2", 15'022});
    peers::answered(learned);
    CHECK(learned.report.requests == 0);
    CHECK(learned.claims.contains("server banner=SSH-2.0-dropbear_2022.83"));
    CHECK(learned.claims.contains("server software=dropbear_2022.83"));
}

TEST_CASE("ssh: OpenSSH says its version, and nobody logs in") {
    if (peers::no_program("sshd") || !peers::on_a_link("ssh: OpenSSH*")) return;
    const Folder folder("peer_sshd");
    const std::string at = folder.path().string();
    REQUIRE(
        shell("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out " + at + "/key && chmod 600 " + at + "/key")
            .exit_code == 0);
    folder.write("sshd_config", "Port 22\nListenAddress 192.0.2.20\nHostKey " + at + "/key\nPidFile none\nUsePAM no\n");
    folder.write("passwd", "root:x:0:0::/root:/bin/sh\nsshd:x:0:0::/run/sshd:/bin/false\n");
    // It wants a user of its own, and a folder in /run: both are there in its namespace.
    const peers::Linked server("mount -t tmpfs none /run && mkdir -m 755 /run/sshd && mount --bind " + at +
                                   "/passwd /etc/passwd && exec " + peers::program("sshd") + " -D -e -f " + at + "/sshd_config",
                               0);
    REQUIRE(peers::accepts("192.0.2.20", 22));
    const peers::Learned learned = peers::asked("ssh", {"192.0.2.20", 22});
    INFO(peers::all(learned));
    peers::answered(learned);
    CHECK(learned.report.requests == 0);
    bool software = false;
    for (const std::string& claim : learned.claims) software = software || claim.starts_with("server software=OpenSSH_9.");
    CHECK(software);
}

TEST_CASE("ftp: vsftpd greets, and one that is full says no") {
    if (peers::no_program("vsftpd")) return;
    const Folder folder("peer_vsftpd");
    const std::string at = folder.path().string();
    std::filesystem::create_directories(folder.path() / "empty");
    folder.write("vsftpd.conf",
                 "listen=YES\nlisten_address=127.0.77.1\nlisten_port=15021\nbackground=NO\nanonymous_enable=NO\n"
                 "local_enable=YES\nnopriv_user=nobody\nftp_username=nobody\nsecure_chroot_dir=" +
                     at + "/empty\nftpd_banner=EX-520 FTP server, FW 2.1\n");
    const peers::Server server("", peers::program("vsftpd"), {at + "/vsftpd.conf"});
    if (!peers::accepts("127.0.77.1", 15'021)) {
        // It wants to be started as root, and the configuration to be root's.
        REQUIRE(::geteuid() != 0);
        MESSAGE("skipped: vsftpd does not start without root");
        return;
    }
    const peers::Learned learned = peers::asked("ftp", {"127.0.77.1", 15'021});
    peers::answered(learned);
    CHECK(learned.report.requests == 0);
    CHECK(learned.claims == std::set<std::string>{"server banner=EX-520 FTP server, FW 2.1"});
}

TEST_CASE("telnet: busybox telnetd, whose options are not answered, shows what stands before the login") {
    if (peers::no_program("busybox")) return;
    const Folder folder("peer_telnetd");
    folder.write("issue", "EX-520 controller FW 2.1\r\n");
    folder.write("login", "#!/bin/sh\nprintf 'pump-7 login: '\nread name\n");
    const std::string at = folder.path().string();
    REQUIRE(shell("chmod +x " + at + "/login").exit_code == 0);
    const peers::Server server("", peers::program("busybox"),
                               {"telnetd", "-F", "-b", "127.0.77.3:15023", "-f", at + "/issue", "-l", at + "/login"});
    REQUIRE(peers::accepts("127.0.77.3", 15'023));
    const peers::Learned learned = peers::asked("telnet", {"127.0.77.3", 15'023});
    peers::answered(learned);
    CHECK(learned.report.requests == 0);
    CHECK(learned.claims.contains("server banner=EX-520 controller FW 2.1"));
    CHECK(learned.claims.contains("server hostname=pump-7"));
    // The web server of the same program says nothing of itself: then nothing is learned, and that is all.
    folder.write("index.html", "<html><title>EX-520</title></html>");
    const peers::Server web("", peers::program("busybox"), {"httpd", "-f", "-p", "127.0.77.3:15080", "-h", at});
    REQUIRE(peers::accepts("127.0.77.3", 15'080));
    const peers::Learned page = peers::asked("http", {"127.0.77.3", 15'080});
    peers::answered(page);
    CHECK(page.claims.contains("server banner=EX-520"));
}

TEST_CASE("mqtt: mosquitto, one that lets anybody in and one that does not") {
    if (peers::no_program("mosquitto")) return;
    const Folder folder("peer_mosquitto");
    folder.write("open.conf", "listener 15883 127.0.77.5\nallow_anonymous true\n");
    folder.write("closed.conf", "listener 15883 127.0.77.6\nallow_anonymous false\n");
    for (const auto& [file, ip, outcome] : {std::tuple{"open.conf", "127.0.77.5", ProbeOutcome::Answered},
                                            std::tuple{"closed.conf", "127.0.77.6", ProbeOutcome::Declined}}) {
        const peers::Server server("running", peers::program("mosquitto"), {"-c", (folder.path() / file).string()});
        REQUIRE(server.ready());
        const peers::Learned learned = peers::asked("mqtt", {ip, 15'883});
        CHECK(name(learned.report.outcome) == name(outcome));
        CHECK_FALSE(learned.report.unclosed);
    }
}

TEST_CASE("mqtt: aedes, one that lets anybody in and one that does not") {
    if (peers::no_package("aedes")) return;
    const peers::Server open("aedes_server.js", {"127.0.77.21", "15883"});
    const peers::Server closed("aedes_server.js", {"127.0.77.22", "15883", "closed"});
    REQUIRE(open.ready());
    REQUIRE(closed.ready());
    const peers::Learned in = peers::asked("mqtt", {"127.0.77.21", 15'883});
    peers::answered(in);
    CHECK(in.claims.empty());
    const peers::Learned out = peers::asked("mqtt", {"127.0.77.22", 15'883});
    CHECK(name(out.report.outcome) == name(ProbeOutcome::Declined));
    CHECK_FALSE(out.report.unclosed);
}

TEST_SUITE_END();

}  // namespace it_test
