// Names are planted in the fields where protocols carry people: none of them may come out, in any output.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "../capture/writer.h"
#include "decoders/run.h"

namespace fs = std::filesystem;
using namespace herkomst;
using namespace herkomst::made;

TEST_SUITE_BEGIN("privacy");

namespace {

constexpr std::string_view planted = "wilhelmina";  // in every field that may hold a person

Octets ber(unsigned tag, const Octets& content) {
    Octets out;
    put8(out, tag);
    if (content.size() >= 128) put8(out, 0x81);
    put8(out, static_cast<unsigned>(content.size()));
    put(out, content);
    return out;
}

Octets joined(std::initializer_list<Octets> parts) {
    Octets out;
    for (const Octets& part : parts) put(out, part);
    return out;
}

// SNMPv2c response: sysContact.0 and sysName.0, with a community that is nobody's business.
Octets snmp_response() {
    const auto row = [](const char* oid, std::string_view value) {
        return ber(0x30, joined({ber(6, unhex(oid)), ber(4, octets(value))}));
    };
    const Octets rows =
        ber(0x30, joined({row("2b06010201010400", "wilhelmina@example.org, 0612345678"), row("2b06010201010500", "switch-7"),
                          row("2b06010201010100", "Boiler house, ask wilhelmina@example.org")}));
    const Octets pdu = ber(0xa2, joined({ber(2, {0, 0, 1, 2}), ber(2, {0}), ber(2, {0}), rows}));
    return ber(0x30, joined({ber(2, {1}), ber(4, octets("wilhelmina-community")), pdu}));
}

Octets dhcp_request() {
    Octets out = unhex("01010600 12345678 0000 8000 00000000 00000000 00000000 00000000 00005e00530a");
    out.resize(236, 0);
    put(out, unhex("63825363 350103"));
    const auto option = [&](unsigned code, std::string_view value) {
        put8(out, code);
        put8(out, static_cast<unsigned>(value.size()));
        put(out, octets(value));
    };
    option(12, "meter-12");
    option(60, "udhcp 1.36");
    option(77, "user wilhelmina");
    put8(out, 255);
    out.resize(300, 0);
    return out;
}

Octets websocket(bool text_from_server, std::string_view message) {
    Octets out = {0x81};
    const std::size_t size = message.size();
    if (size < 126) {
        put8(out, static_cast<unsigned>(size | (text_from_server ? 0 : 0x80)));
    } else {
        put8(out, 126U | (text_from_server ? 0U : 0x80U));
        put16(out, static_cast<unsigned>(size));
    }
    if (!text_from_server)
        put(out, unhex("00000000"));  // a mask of zeros leaves the text readable for us and for a careless search
    put(out, octets(message));
    return out;
}

class Stream {
  public:
    Stream(Pcap& file, unsigned port) : file_(&file), port_(port) {
        file.add(tcp_frame(true, port, 100, syn, {}));
        file.add(tcp_frame(false, port, 500, syn | ack, {}));
    }
    void say(bool client, const Octets& bytes) {
        std::uint32_t& sequence = client ? client_ : server_;
        file_->add(tcp_frame(client, port_, sequence, ack, bytes));
        sequence += static_cast<std::uint32_t>(bytes.size());
    }

  private:
    Pcap* file_;
    unsigned port_;
    std::uint32_t client_ = 101;
    std::uint32_t server_ = 501;
};

std::string planted_capture() {
    Pcap file;
    Stream web(file, 80);
    web.say(true, octets("GET /people/wilhelmina?mail=wilhelmina@example.org HTTP/1.1\r\nHost: "
                         "wilhelmina:pw@10.0.0.1\r\nAuthorization: Basic "
                         "d2lsaGVsbWluYTpnZWhlaW0=\r\nCookie: user=wilhelmina\r\nReferer: "
                         "http://intranet/wilhelmina\r\nUser-Agent: tool/1\r\n\r\n"));
    web.say(
        false,
        octets("HTTP/1.1 200 OK\r\nServer: Boa/0.94\r\nWWW-Authenticate: Basic realm=\"mail "
               "wilhelmina@example.org\"\r\nSet-Cookie: name=wilhelmina\r\nLocation: /home/wilhelmina\r\nContent-Type: "
               "text/xml\r\nContent-Length: 246\r\n\r\n<root "
               "xmlns=\"urn:schemas-upnp-org:device-1-0\"><device><friendlyName>Kamer van "
               "wilhelmina</friendlyName><manufacturer>Example</manufacturer><modelName>X-1</modelName><presentationURL>http://"
               "10.0.0.1/"
               "wilhelmina</presentationURL></device></root>     "));
    Stream charger(file, 9000);
    charger.say(
        true,
        octets(
            "GET /ocpp/CP-7 HTTP/1.1\r\nHost: csms.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
            "AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ocpp1.6\r\nAuthorization: Basic "
            "d2lsaGVsbWluYTpnZWhlaW0=\r\n\r\n"));
    charger.say(false,
                octets("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                       "ICX+Yqv66kxgM0FcWaLWlFLwTAI=\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n"));
    charger.say(true,
                websocket(false, R"([2,"1","BootNotification",{"chargePointVendor":"Example","chargePointModel":"X-1"}])"));
    charger.say(true,
                websocket(false, R"([2,"2","StartTransaction",{"connectorId":1,"idTag":"WILHELMINA01","meterStart":0}])"));
    charger.say(false, websocket(true, R"([2,"3","RemoteStartTransaction",{"idTag":"WILHELMINA01","connectorId":1}])"));
    file.add(udp_frame(false, 161, snmp_response()));
    file.add(ethernet(true, 0x0800, ipv4(true, 17, udp(true, 67, dhcp_request(), 68))));
    file.add(
        udp_frame(true, 53, unhex("1234 0100 0001 0000 0000 0000 0a 77696c68656c6d696e61 07 6578616d706c65 00 0001 0001")));
    file.add(udp_frame(
        false, 1900,
        octets("NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNT: upnp:rootdevice\r\nNTS: ssdp:alive\r\nSERVER: OS/1 "
               "UPnP/1.0 X/1\r\nUSN: uuid:00000000-0000-0000-0000-00005e005314::upnp:rootdevice\r\nX-User: "
               "wilhelmina\r\nLOCATION: http://wilhelmina@192.0.2.20/d.xml\r\n\r\n")));
    return {file.bytes.begin(), file.bytes.end()};
}

// The decoders' own examples, in which names, passwords and numbers are planted wherever the protocol has a place for them,
// each as a conversation of its own.
std::string example_capture() {
    Pcap file;
    unsigned client_port = 40001;
    // A network for each decoder: of one device only so many values of a field are kept.
    unsigned vlan = 100;
    const auto tagged = [&](bool client, unsigned type, const Octets& payload) {
        Octets inner;
        put16(inner, vlan);
        put16(inner, type);
        put(inner, payload);
        return ethernet(client, 0x8100, inner);
    };
    for (const Decoder& decoder : all_decoders()) {
        ++vlan;
        for (const Example& example : decoder.examples) {
            ++client_port;
            std::array<std::uint32_t, 2> next = {101, 501};
            const auto segment = [&](bool client, std::uint32_t sequence, unsigned flags, const Octets& bytes) {
                file.add(
                    tagged(client, 0x0800, ipv4(client, 6, tcp(client, example.port, sequence, flags, bytes, client_port))));
            };
            if (example.layer == Layer::Tcp) {
                segment(true, 100, syn, {});
                segment(false, 500, syn | ack, {});
            }
            for (const ExampleMessage& message : example.messages) {
                const bool client = message.from == From::Client;
                const Octets bytes = bytes_of(message);
                if (example.layer == Layer::Link) {
                    const unsigned type = example.port != 0 ? example.port : static_cast<unsigned>(bytes.size());
                    file.add(tagged(client, type, bytes));
                } else if (example.layer == Layer::Ip) {
                    file.add(tagged(client, 0x0800, ipv4(client, example.port, bytes)));
                } else if (example.layer == Layer::Udp) {
                    file.add(tagged(client, 0x0800, ipv4(client, 17, udp(client, example.port, bytes, client_port))));
                } else {
                    for (std::size_t at = 0; at < bytes.size(); at += 1400) {
                        const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(at);
                        const Octets part(from,
                                          from + static_cast<std::ptrdiff_t>(std::min<std::size_t>(1400, bytes.size() - at)));
                        std::uint32_t& sequence = next[client ? 0 : 1];
                        segment(client, sequence, ack, part);
                        sequence += static_cast<std::uint32_t>(part.size());
                    }
                }
            }
        }
    }
    return {file.bytes.begin(), file.bytes.end()};
}

std::string output_of(const std::string& command) {
    std::string out;
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    REQUIRE(pipe != nullptr);
    std::array<char, 65536> block{};
    for (std::size_t got = 0; (got = std::fread(block.data(), 1, block.size(), pipe.get())) > 0;) out.append(block.data(), got);
    return out;
}

// Every output the program has of one capture, by name.
std::vector<std::pair<std::string, std::string>> all_outputs(const std::string& capture, const fs::path& folder) {
    const std::string program = std::string(HERKOMST_BINARY_DIR) + "/bin/herkomst";
    std::vector<std::pair<std::string, std::string>> outputs;
    for (const char* stop : {"observations", "assets", "findings"}) {
        outputs.emplace_back(stop,
                             output_of(fmt::format("'{}' scan '{}' --people-devices --until {} 2>&1", program, capture, stop)));
        REQUIRE(outputs.back().second.size() > 100);
    }
    const std::string site = (folder / "site.db").string();
    outputs.emplace_back("summary", output_of(fmt::format("'{}' scan '{}' --people-devices --register '{}' --report '{}' 2>&1",
                                                          program, capture, site, (folder / "report").string())));
    for (const char* who : {"192.0.2.20", "192.0.2.10"}) {
        outputs.emplace_back("explain", output_of(fmt::format("'{}' explain {} --register '{}' 2>&1", program, who, site)));
        // Every claim with its bytes.
        for (const char* field : {"stack", "banner", "software", "service", "conduit", "control_path", "purdue_level"}) {
            outputs.emplace_back(fmt::format("explain {}", field),
                                 output_of(fmt::format("'{}' explain {} {} --register '{}' 2>&1", program, who, field, site)));
        }
    }
    for (const char* format : {"csv", "json", "cyclonedx", "netbox", "html"}) {
        output_of(
            fmt::format("'{}' export {} --register '{}' -o '{}' 2>&1", program, format, site, (folder / format).string()));
    }
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file() || entry.path().string() == capture) continue;
        std::ifstream in(entry.path(), std::ios::binary);
        std::stringstream text;
        text << in.rdbuf();
        outputs.emplace_back(entry.path().filename().string(), text.str());
        ++files;
    }
    CHECK(files > 10);
    return outputs;
}

struct Folder {
    fs::path path = fs::temp_directory_path() / fmt::format("herkomst_privacy_{}", getpid());
    Folder() { fs::create_directories(path); }
    ~Folder() { fs::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
};

}  // namespace

TEST_CASE("planted names, mail addresses, secrets and paths come out nowhere; what the devices say of themselves does") {
    const Folder folder;
    const std::string capture = (folder.path / "planted.pcap").string();
    std::ofstream(capture, std::ios::binary) << planted_capture();
    const auto outputs = all_outputs(capture, folder.path);
    // The capture was understood: each of its protocols left something.
    const std::string& observations = outputs.front().second;
    for (const char* there : {"Boa/0.94", "switch-7", "Boiler house", "meter-12", "udhcp 1.36", "CP-7",
                              "ocpp RemoteStartTransaction", "X-1", "tool/1"}) {
        CHECK_MESSAGE(observations.find(there) != std::string::npos, std::string(there), " was not understood");
    }
    for (const auto& [name, text] : outputs) {
        CHECK_MESSAGE(!contains_ignoring_case(text, planted), name, " holds a planted name");
        for (const char* secret : {"geheim", "d2lsaGVsbWluYTpnZWhlaW0", "0612345678", "/people", "community"}) {
            CHECK_MESSAGE(text.find(secret) == std::string::npos, name, " holds ", std::string(secret));
        }
    }
}

TEST_CASE("names, passwords and numbers in the decoders' examples come out nowhere") {
    const Folder folder;
    const std::string capture = (folder.path / "examples.pcap").string();
    std::ofstream(capture, std::ios::binary) << example_capture();
    const auto outputs = all_outputs(capture, folder.path);
    const std::string& observations = outputs.front().second;
    // Each of these has a place for people and was understood: something else of it is there.
    for (const char* decoder :
         {"dhcpv6", "eapol",       "ftp",     "imap",   "kerberos",   "ldap",   "mqtt", "mssql",       "fronius",
          "slp",    "mysql",       "netbios", "pop3",   "postgresql", "radius", "rdp",  "rtsp",        "sip",
          "smb",    "smb_browser", "smtp",    "syslog", "telnet",     "ubnt",   "vnc",  "ws_discovery"}) {
        const bool there = observations.find(fmt::format("\"method\":\"{}.", decoder)) != std::string::npos;
        CHECK_MESSAGE(there, std::string(decoder), " was not understood");
    }
    for (const auto& [name, text] : outputs) {
        CHECK_MESSAGE(!contains_ignoring_case(text, planted), name, " holds a planted name");
        for (const char* secret : {"geheim", "0612345678", "31612345678", "jan@"}) {
            CHECK_MESSAGE(text.find(secret) == std::string::npos, name, " holds ", std::string(secret));
        }
    }
}

TEST_CASE("the demo plant's people stay in the capture") {
    const Folder folder;
    const auto outputs = all_outputs(HERKOMST_SOURCE_DIR "/tests/scenes/demo_plant/plant.pcapng", folder.path);
    for (const auto& [name, text] : outputs) {
        for (const char* person : {"plant@plant.example", "DEMOTAG01", "demo-only", "viewer"}) {
            CHECK_MESSAGE(!contains_ignoring_case(text, person), name, " holds ", person);
        }
    }
}

TEST_SUITE_END();
