// What may be asked, as tshark's display filters: one for each protocol, with the functions that read. Everything that we send
// and no filter admits is a finding, in a protocol that is not listed, too. Where tshark has no dissector the bytes stand here
// once more, written from the protocol and not taken from the probe.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "core/text.h"
#include "herkomst_run.h"

namespace reads {

struct Read {
    std::string_view what;
    std::string_view filter;
};

inline constexpr Read all[] = {
    {"ARP: requests and answers", "arp.opcode in {1,2}"},
    {"ICMP: echo request", "icmp.type == 8"},
    {"ICMPv6: solicitations, the kernel's own announcements and group reports", "icmpv6.type in {133,135,136,143}"},
    {"IGMP: groups that are listened to", "igmp"},
    {"HTTP: GET", "http.request.method == \"GET\""},
    {"SSDP: search", "http.request.method == \"M-SEARCH\""},
    {"TLS: handshake and alerts",
     "(tls.handshake || tls.alert_message || tls.record.content_type in {20,21,22}) && !tls.app_data"},
    {"Modbus: 1 to 4, 17, 43", "modbus.func_code in {1,2,3,4,17,43} && !(modbus.func_code in {5..16,18..42,44..255})"},
    {"EtherNet/IP: lists, session, encapsulated reads of attributes",
     "enip.command in {0x0004,0x0063,0x0064,0x0065,0x0066} || (enip.command == 0x006f && cip.sc in {0x01,0x0e,0x52} && "
     "!(cip.sc in {0x02,0x04..0x0d,0x0f..0x51,0x53..0x7f}))"},
    {"BACnet: Who-Is, ReadProperty, ReadPropertyMultiple",
     "bacapp.unconfirmed_service == 8 || bacapp.confirmed_service in {12,14}"},
    {"S7: connection, setup, system status lists",
     "(s7comm.param.func == 0xf0) || (s7comm.param.userdata.funcgroup == 4 && s7comm.param.userdata.subfunc == 1) || "
     "(cotp.type in {0x0e,0x08} && tcp.dstport == 102)"},
    {"MMS: association, Identify",
     "tcp.dstport == 102 && (mms.initiate_RequestPDU_element || mms.identify_element || mms.conclude_RequestPDU_element) && "
     "!mms.write_element"},
    {"DNP3: link status, read", "(dnp3.ctl.prifunc == 9 && !dnp3.al.func) || dnp3.al.func == 1"},
    {"IEC 104: test frames", "iec60870_104.utype in {0x10,0x20} && !iec60870_asdu && !(iec60870_104.type in {0,1})"},
    {"OPC UA: hello, channel, GetEndpoints, FindServers",
     "opcua.transport.type in {\"HEL\",\"OPN\",\"CLO\"} || opcua.servicenodeid.numeric in {422,428}"},
    {"FINS: node number, controller data", "(omron.tcp.command == 0 && !omron.command) || omron.command in {0x0501,0x0502}"},
    {"SLMP: type name", "tcp.dstport in {5000..5010} && tcp.payload[0:2] == 50:00 && tcp.payload[11:2] == 01:01"},
    {"SNMP: get, get-next, get-bulk", "snmp.data in {0,1,5}"},
    {"MQTT: CONNECT, DISCONNECT", "mqtt.msgtype in {1,14} && !(mqtt.msgtype in {2..13})"},
    {"mDNS: questions", "dns.flags.response == 0 && dns.flags.opcode == 0"},
    {"NetBIOS: questions", "nbns.flags.response == 0 && nbns.flags.opcode == 0"},
    {"KNX: search, description", "knxip.service in {0x0201,0x0203,0x020b}"},
    {"HART-IP: session, close, commands that identify",
     "hart_ip.message_id in {0,1,2} || (hart_ip.message_id == 3 && hart_ip.pt.command in {0,20})"},
    {"PROFINET DCP: get, identify", "pn_dcp.service_id in {3,5} && pn_dcp.service_type == 0"},
    {"RTSP: OPTIONS", "rtsp.method == \"OPTIONS\""},
    {"SIP: OPTIONS", "sip.Method == \"OPTIONS\""},
    {"CoAP: GET", "coap.code == 1"},
    {"Solarman: a read of registers",
     "tcp.dstport == 8899 && tcp.payload[0:5] == a5:17:00:10:45 && tcp.payload[11:3] == 02:00:00 && tcp.payload[26:2] == "
     "01:03"},
    {"ADS: search", "udp.dstport == 48899 && udp.payload[0:4] == 03:66:14:71 && udp.payload[8:4] == 01:00:00:00"},
    {"Hi-Flying: search", "udp.dstport == 48899 && frame contains \"WIFIKIT-214028-READ\" && udp.length == 27"},
    {"CODESYS 2: login data", "tcp.dstport in {1200,2455} && tcp.payload == bb:bb:01:00:00:00:01"},
    {"Fox: hello", "tcp.dstport in {1911,4911} && frame contains \"fox a 1 -1 fox hello\" && tcp.len < 64"},
    {"Fox within TLS: hello", "tcp.dstport == 4911 && tls.app_data && data.data contains \"fox a 1 -1 fox hello\""},
    {"ECHONET Lite: get", "udp.dstport == 3610 && udp.payload[0:2] == 10:81 && udp.payload[10] == 62"},
    {"Dahua: search", "udp.dstport == 37810 && frame contains \"DHDiscover.search\""},
    {"SADP: inquiry", "udp.dstport == 37020 && frame contains \"<Types>inquiry</Types>\""},
    {"WS-Discovery: probe", "udp.dstport == 3702 && frame contains \"2005/04/discovery/Probe\""},
    {"Tuya: search", "udp.dstport == 7000 && udp.payload[0:4] == 00:00:66:99 && udp.payload[10:4] == 00:00:00:25"},
    {"Gree: scan", "udp.dstport == 7000 && frame contains \"{\\\"t\\\":\\\"scan\\\"}\" && udp.length == 20"},
    {"Daikin: basic information", "udp.dstport == 30050 && frame contains \"DAIKIN_UDP/common/basic_info\""},
    {"SMA: discovery", "udp.dstport == 9522 && udp.payload[0:4] == 53:4d:41:00 && udp.length == 28"},
    {"GoodWe: identity", "udp.dstport == 8899 && udp.payload[0:2] == aa:55 && udp.payload[4:2] == 01:02"},
    {"GoodWe: read registers",
     "udp.dstport == 8899 && (udp.payload[0:2] == f7:03 || udp.payload[0:2] == 7f:03) && udp.length == 16"},
    {"KEBA: report", "udp.dstport == 7090 && frame contains \"report 1\" && udp.length == 16"},
    {"Lantronix: query", "udp.dstport == 30718 && udp.payload == 00:00:00:f6"},
    {"Moxa: search", "udp.dstport == 4800 && udp.payload == 01:00:00:08:00:00:00:00"},
    {"MikroTik: search", "udp.dstport == 5678 && udp.payload == 00:00:00:00"},
    {"Ubiquiti: discovery", "udp.dstport == 10001 && udp.payload == 01:00:00:00"},
};

// How tshark reads what stands on a port that it does not know.
inline constexpr std::string_view as =
    " -d tcp.port==4840,opcua -d tcp.port==9600,omron -d udp.port==9600,omron -d tcp.port==1502,mbtcp -d tcp.port==6607,mbtcp"
    " -d tcp.port==8554,rtsp -d tcp.port==8180,http -d tcp.port==9000,http -d tcp.port==9220,http -d tcp.port==4843,tls"
    " -d tcp.port==8883,tls";
inline constexpr std::string_view ours = "00:00:5e:00:53:0a";

struct Packet {
    double at = 0;
    std::string from, to;       // addresses; of frames without IP the hardware's
    std::string link, link_to;  // hardware addresses
    std::string stream;
    bool syn = false, ack = false, fin = false, reset = false, tcp = false;
    std::size_t bytes = 0;  // of a segment
    std::string read;       // which of the filters admits it; empty: none
    bool again = false;     // the kernel's, of what was sent before: an acknowledgement was late
    std::string frame, info;
    std::string interface;  // that recorded it, where the recording says so

    [[nodiscard]] bool by_us() const { return link == ours; }
    // What is not only a segment without content, nor one that was judged already.
    [[nodiscard]] bool says() const { return (!tcp || bytes > 0) && !again; }
};

// One pass: the filters are colouring rules, of which tshark names for each packet the first that holds.
inline std::vector<Packet> judged(const std::string& capture, const std::string& folder, const std::string& keys = {}) {
    std::string rules;
    for (const Read& each : all)
        rules += "@" + std::string(each.what) + "@" + std::string(each.filter) + "@[0,0,0][65535,65535,65535]\n";
    std::filesystem::create_directories(folder);
    std::ofstream(folder + "/colorfilters") << rules;
    std::string command = "WIRESHARK_CONFIG_DIR=" + folder + " tshark --color -n -r " + capture + std::string(as) +
                          (keys.empty() ? "" : " -o tls.keylog_file:" + keys) + " -T fields -E separator=/t -E occurrence=f";
    for (const char* field :
         {"frame.time_epoch", "eth.src", "eth.dst", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.stream", "tcp.flags.syn",
          "tcp.flags.ack", "tcp.flags.fin", "tcp.flags.reset", "tcp.len", "frame.coloring_rule.name",
          "tcp.analysis.retransmission", "frame.number", "_ws.col.Info", "frame.interface_name"})
        command += std::string(" -e ") + field;
    std::vector<Packet> packets;
    std::istringstream lines(shell(command).out);
    for (std::string line; std::getline(lines, line);) {
        const auto fields = herkomst::split(line, '\t');
        if (fields.size() < 17) continue;  // the last may be empty
        const auto text = [&](std::size_t i) { return std::string(fields[i]); };
        const auto set = [&](std::size_t i) { return fields[i] == "1" || fields[i] == "True"; };
        const auto first = [&](std::size_t a, std::size_t b, std::size_t c) {
            return !fields[a].empty() ? text(a) : !fields[b].empty() ? text(b) : text(c);
        };
        Packet packet{std::stod(text(0)),
                      first(3, 5, 1),
                      first(4, 6, 2),
                      text(1),
                      text(2),
                      text(7),
                      set(8),
                      set(9),
                      set(10),
                      set(11),
                      !fields[7].empty(),
                      fields[12].empty() ? 0 : std::stoul(text(12)),
                      text(13),
                      !fields[14].empty(),
                      text(15),
                      text(16),
                      fields.size() > 17 ? text(17) : std::string()};
        packets.push_back(std::move(packet));
    }
    return packets;
}

}  // namespace reads
