// Texts of protocols that are kept although a person may have written them, and why. tests/privacy/texts_test.cpp finds each by
// writing a name over it.
#pragma once

#include <span>
#include <string_view>

namespace herkomst::privacy {

// What stands on a device's plate: its maker writes it.
inline constexpr std::string_view plates[] = {"brand", "category", "device_type", "firmware",  "hardware",
                                              "model", "serial",   "rated_power", "unique_id", "vendor_id"};

// "method field" of claims.
inline constexpr std::string_view kept_0[] = {"addp.name hostname",
                                              "ads.host_name hostname",
                                              "bacnet.object_name hostname",
                                              "capwap.name hostname",
                                              "coap.endpoint client_id",
                                              "dhcp.client_id station_name",
                                              "dhcp.hostname hostname",
                                              "dhcpv6.fqdn hostname",
                                              "dlms_cosem.logical_device_name station_name",
                                              "dtls.certificate dns_name",
                                              "fox.host_name hostname",
                                              "ge_srtp.controller_name station_name",
                                              "goose.control_block gocbref",
                                              "goose.id goid",
                                              "goose.logical_device station_name",
                                              "hart_ip.sub_device station_name",
                                              "kerberos.machine_account hostname",
                                              "kerberos.netbios_address hostname",
                                              "kostal.version hostname",
                                              "l2tp.host_name hostname",
                                              "ldap.dns_host_name dns_name",
                                              "llmnr.answer hostname",
                                              "mms.domain_names station_name",
                                              "mndp.identity hostname",
                                              "moxa.device_name hostname",
                                              "mqtt.client_id client_id",
                                              "mssql.browser hostname",
                                              "netbios.status hostname",
                                              "ocpp.identity client_id",
                                              "opcua.application_name description",
                                              "opcua.application_uri application_uri",
                                              "openvpn.certificate dns_name",
                                              "oracle.cid_host hostname",
                                              "powerlink.ident hostname",
                                              "pptp.host_name hostname",
                                              "profinet.name_of_station station_name",
                                              "profinet_io.initiator station_name",
                                              "radius.nas_identifier hostname",
                                              "s7comm.module_name description",
                                              "s7comm.station_name station_name",
                                              "sampled_values.id description",
                                              "smb_browser.domain_master hostname",
                                              "smb_browser.server_name hostname",
                                              "snmp.sys_name hostname",
                                              "synchrophasor.station station_name",
                                              "syslog.host hostname",
                                              "telnet.banner hostname",
                                              "telnet.prompt hostname",
                                              "tls.san.uri application_uri",
                                              "ubnt.hostname hostname"};
inline constexpr std::string_view kept_1[] = {"cdp.software_version description",
                                              "cdp.software_version software",
                                              "cwmp.product_class product",
                                              "dhcp.vendor_class vendor_class",
                                              "dhcp.vi_vendor_class vendor_class",
                                              "dhcpv6.vendor_class vendor_class",
                                              "dnp3.product_name product",
                                              "ethercat.device_name product",
                                              "ethernet_ip.identity product",
                                              "fronius.user-agent software",
                                              "homeplug_av.version software",
                                              "http.server software",
                                              "http.upnp.model-description product",
                                              "http.upnp.model-number product",
                                              "http.upnp.program software",
                                              "ipp.make_and_model product",
                                              "ipp.server software",
                                              "l2tp.vendor_name vendor_class",
                                              "ldap.vendor_version software",
                                              "lldp.system_description description",
                                              "mdns.hinfo os",
                                              "mms.identify product",
                                              "modbus.product_code product",
                                              "modbus.product_name product",
                                              "modbus.report_server_id description",
                                              "ocpp.server software",
                                              "opcua.build_info product",
                                              "opcua.product_uri product",
                                              "opcua.software_version software",
                                              "pcworx.plc_type product",
                                              "pptp.vendor_name vendor_class",
                                              "proconos.plc_type product",
                                              "proconos.runtime software",
                                              "profinet.type_of_station product",
                                              "profinet_io.annotation product",
                                              "redis.info os",
                                              "rtsp.server software",
                                              "rtsp.user_agent software",
                                              "sip.server software",
                                              "sip.user_agent software",
                                              "snmp.sys_descr description",
                                              "ssdp.server banner",
                                              "ssdp.server software",
                                              "ssh.software software",
                                              "telnet.banner os",
                                              "vapix.full_name product",
                                              "wiznet.answer product"};
inline constexpr std::string_view kept_2[] = {"imap.greeting banner", "pop3.greeting banner", "smtp.greeting banner",
                                              "ssh.identification banner", "telnet.banner banner"};
inline constexpr std::string_view kept_3[] = {"cwmp.realm realm", "http.realm realm", "kerberos.realm realm",
                                              "rtsp.realm realm"};
inline constexpr std::string_view kept_4[] = {"atg.station_header location", "ipp.location location", "mms.name_plate location",
                                              "snmp.sys_location location", "ws_discovery.scope_location location"};
inline constexpr std::string_view kept_5[] = {"knxnet_ip.friendly_name description", "knxnet_ip.friendly_name product"};

struct Kept {
    std::string_view why;
    std::span<const std::string_view> places;
};
inline constexpr Kept kept_on_purpose[] = {
    {"The machine's own name, by which the plant knows it (PRIVACY.md); redaction hides it.", kept_0},
    {"What its maker or its program says it is.", kept_1},
    {"What it greets everybody with before anybody has said who he is.", kept_2},
    {"The area that a server asks a password for: it names the server.", kept_3},
    {"Where the machine stands.", kept_4},
    {"As delivered the product's name, which few change; it is all that a KNX gateway says of its kind.", kept_5},
};

}  // namespace herkomst::privacy
