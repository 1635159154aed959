// A capture in which names, passwords and numbers of people are planted wherever a protocol has a place for them, and what to
// look for in an output.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "../capture/writer.h"
#include "core/text.h"
#include "decoders/run.h"
#include "planted.h"

namespace herkomst::privacy {

using namespace herkomst::made;

// In every field that may hold a person; a shorter field has the beginning of it.
inline constexpr std::string_view person = "wilhelm";

inline Octets ber(unsigned tag, const Octets& content) {
    Octets out;
    put8(out, tag);
    if (content.size() >= 128) put8(out, 0x81);
    put8(out, static_cast<unsigned>(content.size()));
    put(out, content);
    return out;
}

inline Octets joined(std::initializer_list<Octets> parts) {
    Octets out;
    for (const Octets& part : parts) put(out, part);
    return out;
}

// SNMPv2c response: sysContact.0 and sysName.0, with a community that is nobody's business.
inline Octets snmp_response() {
    const auto row = [](const char* oid, std::string_view value) {
        return ber(0x30, joined({ber(6, unhex(oid)), ber(4, octets(value))}));
    };
    const Octets rows =
        ber(0x30, joined({row("2b06010201010400", "wilhelmina@example.org, 0612345678"), row("2b06010201010500", "switch-7"),
                          row("2b06010201010100", "Boiler house, ask wilhelmina@example.org")}));
    const Octets pdu = ber(0xa2, joined({ber(2, {0, 0, 1, 2}), ber(2, {0}), ber(2, {0}), rows}));
    return ber(0x30, joined({ber(2, {1}), ber(4, octets("wilhelmina-community")), pdu}));
}

inline Octets dhcp_request() {
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

inline Octets websocket(bool text_from_server, std::string_view message) {
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

inline void plant_conversations(Pcap& file) {
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
}

// One conversation for each example, each decoder in a network of its own and between two machines of its own (128 pairs): of
// one device only so many values of a field are kept, and a card's address makes one device of all networks that it is seen in.
class Examples {
  public:
    explicit Examples(Pcap& file) : file_(&file) {}
    void next_decoder() { ++vlan_; }
    void add(const Example& example) {
        ++client_port_;
        std::array<std::uint32_t, 2> next = {101, 501};
        if (example.layer == Layer::Tcp) {
            segment(example, true, 100, syn, {});
            segment(example, false, 500, syn | ack, {});
        }
        for (const ExampleMessage& message : example.messages) {
            const bool client = message.from == From::Client;
            const Octets bytes = bytes_of(message);
            if (example.layer == Layer::Link) {
                tagged(client, example.port != 0 ? example.port : static_cast<unsigned>(bytes.size()), bytes);
            } else if (example.layer == Layer::Ip) {
                tagged(client, 0x0800, ipv4(client, example.port, bytes));
            } else if (example.layer == Layer::Udp) {
                tagged(client, 0x0800, ipv4(client, 17, udp(client, example.port, bytes, client_port_)));
            } else {
                for (std::size_t at = 0; at < bytes.size(); at += 1400) {
                    const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(at);
                    const auto size = static_cast<std::ptrdiff_t>(std::min<std::size_t>(1400, bytes.size() - at));
                    std::uint32_t& sequence = next[client ? 0 : 1];
                    segment(example, client, sequence, ack, Octets(from, from + size));
                    sequence += static_cast<std::uint32_t>(size);
                }
            }
        }
    }

  private:
    void tagged(bool client, unsigned type, const Octets& payload) {
        Octets inner;
        put16(inner, vlan_);
        put16(inner, type);
        put(inner, payload);
        Octets frame = ethernet(client, 0x8100, inner);
        const unsigned pair = 2 * (vlan_ % 128);
        frame[5] = static_cast<std::uint8_t>(pair + (client ? 1 : 0));
        frame[11] = static_cast<std::uint8_t>(pair + (client ? 0 : 1));
        file_->add(frame);
    }
    void segment(const Example& example, bool client, std::uint32_t sequence, unsigned flags, const Octets& bytes) {
        tagged(client, 0x0800, ipv4(client, 6, tcp(client, example.port, sequence, flags, bytes, client_port_)));
    }

    Pcap* file_;
    unsigned client_port_ = 40001;
    unsigned vlan_ = 100;
};

// All that is planted: conversations of several protocols, every decoder's own examples, and the plantings.
inline std::string planted_capture() {
    Pcap file;
    plant_conversations(file);
    Examples examples(file);
    for (const Decoder& decoder : all_decoders()) {
        examples.next_decoder();
        for (const Example& example : decoder.examples) examples.add(example);
        for (const Planting& planting : plantings) {
            if (planting.decoder == decoder.name) examples.add(planting.example);
        }
    }
    return {file.bytes.begin(), file.bytes.end()};
}

// What of a person or a secret stands in a text; empty: nothing. Bytes that are shown in rows ("|Sungrow|") are read through.
inline std::string told(const std::string& text) {
    std::string shown = lower(text);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view line = std::string_view(text).substr(at, end - at);
        const std::size_t bar = line.find('|');
        if (bar != std::string_view::npos && bar + 1 < line.size() && line.back() == '|')
            shown += lower(line.substr(bar + 1, line.size() - bar - 2));
        at = end + 1;
    }
    for (const std::string_view secret :
         {person, std::string_view("geheim"), std::string_view("d2lsaGVsbWluYTpnZWhlaW0"), std::string_view("0612345678"),
          std::string_view("31612345678"), std::string_view("jan@"), std::string_view("/people"),
          std::string_view("somebody@")}) {
        if (shown.find(lower(secret)) != std::string::npos) return std::string(secret);
    }
    return {};
}

}  // namespace herkomst::privacy
