#include "identity/derive.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/greeting.h"
#include "core/text.h"
#include "identity/recog_text.h"
#include "identity/resolve.h"
#include "identity/sim.h"
#include "vendordb/vendordb.h"

namespace herkomst {

namespace {

Claim claim_of(const Observation& observation) {
    Claim claim;
    claim.field = observation.field;
    claim.value = observation.value;
    claim.strength = observation.strength;
    claim.method = observation.method;
    claim.from = observation.from;
    claim.seen = observation.seen;
    claim.subject = observation.subject;
    return claim;
}

Claim derived(const Claim& from, Field field, std::string value, Strength strength, std::string method) {
    Claim claim = from;
    claim.field = field;
    claim.value = std::move(value);
    claim.vendor.clear();
    claim.strength = std::min(strength, from.strength);
    claim.method = std::move(method);
    claim.because = std::string(name(from.field)) + "=" + from.value;
    return claim;
}

// What a vendor of this kind may be called on a device: a module or a stack inside it never names its maker.
Field part_played(const Vendor& vendor) {
    if (vendor.kind == "module") return Field::module_maker;
    if (vendor.kind == "stack") return Field::stack_maker;
    return Field::maker;
}

// Which protocol's names a method's text is looked up among first: one word may be two makers' in two protocols.
std::string_view protocol_of(std::string_view method) {
    for (const std::string_view wrapper : {"alias:", "fingerprint:", "recog:"}) {
        if (method.starts_with(wrapper)) method.remove_prefix(wrapper.size());
    }
    if (method.starts_with("modbus.sunspec")) return "sunspec";
    if (method.starts_with("http.upnp")) return "upnp";
    const std::string_view stem = method.substr(0, method.find_first_of("./"));
    const auto known = name_protocols();
    if (std::find(known.begin(), known.end(), stem) != known.end()) return stem;
    return stem.substr(0, stem.find('_'));  // a fingerprint's file: modbus_vendor
}

void from_brand(std::vector<Claim>& claims, Claim brand, const VendorDb& db, std::set<std::string>& unknown) {
    const Vendor* vendor = db.named(brand.value, protocol_of(brand.method));
    if (vendor == nullptr) {
        unknown.insert(brand.value);
        claims.push_back(std::move(brand));
        return;
    }
    const Field part = part_played(*vendor);
    // A stack or module that prints its own name where the brand belongs (an unconfigured firmware) is no brand.
    if (part == Field::maker) brand.vendor = vendor->slug;
    if (part == Field::maker) claims.push_back(brand);
    Claim maker = derived(brand, part, vendor->name, brand.strength, "alias:" + brand.method);
    maker.vendor = vendor->slug;
    claims.push_back(std::move(maker));
}

// Whose number is it? CIP, BACnet and PROFINET ids are given to makers of devices (and of stacks); a PEN is given to anybody,
// so it counts as a maker only where a device names its own kind with it (sysObjectID), and never when DHCP carries it: there
// it names the vendor of the client software.
void from_id(std::vector<Claim>& claims, const Claim& id, const VendorDb& db) {
    const std::optional<Holder> holder = db.id(id.value);
    if (!holder || holder->name.empty()) return;
    const bool pen = id.value.starts_with("pen:");
    const bool names_device = !pen || id.method.find("sys_object_id") != std::string::npos;
    const Vendor* vendor = holder->vendor.empty() ? nullptr : db.vendor(holder->vendor);
    Field part = vendor == nullptr ? Field::maker : part_played(*vendor);
    // Whoever opens a CIP connection names the vendor of its software: on a PC that is not who made the PC.
    const bool software = id.method == "ethernet_ip.originator";
    if ((!names_device || software) && part == Field::maker) part = Field::stack_maker;
    // Other firms' devices answer with it, or it is nobody's: it says nothing about this one.
    if (folded(holder->name) == "reserved" || db.trap(id.value) != nullptr) return;
    Claim claim = derived(id, part, holder->name, pen ? Strength::Matched : Strength::Stated, "id:" + id.value);
    claim.vendor = holder->vendor;
    claims.push_back(std::move(claim));
}

// Which kind of evidence (vendordb/fingerprints, attribute `matches`) an observation is: its field, how its method starts, the
// kind. A text that two protocols print alike has a row for each kind; the rows that fit are tried as they stand here, and the
// first pattern that matches speaks. To feed a new protocol's text to the patterns is to add a row.
struct EvidenceRow {
    Field field;
    std::string_view method;
    std::string_view evidence;
};
constexpr auto evidence_rows = std::to_array<EvidenceRow>({
    // Web, and what describes itself in HTTP's form
    {Field::software, "http.server", "http.server"},
    {Field::software, "http.server", "ssdp.server"},
    {Field::software, "http.user-agent", "http.user_agent"},
    // ... what decoders that read more closely found in the same heads
    {Field::software, "dahua_cgi.server", "http.server"},
    {Field::software, "dpws.server", "http.server"},
    {Field::software, "isapi.server", "http.server"},
    {Field::software, "onvif.server", "http.server"},
    {Field::software, "vapix.server", "http.server"},
    {Field::realm, "dahua_cgi.", "http.realm"},
    {Field::realm, "isapi.", "http.realm"},
    {Field::realm, "onvif.", "http.realm"},
    {Field::realm, "vapix.", "http.realm"},
    {Field::realm, "http.", "http.realm"},
    {Field::realm, "rtsp.", "http.realm"},
    {Field::banner, "http.title", "http.title"},
    {Field::brand, "http.upnp.", "upnp.manufacturer"},
    {Field::model, "http.upnp.", "upnp.model"},
    {Field::software, "ssdp.server", "ssdp.server"},
    {Field::software, "ssdp.server", "http.server"},
    {Field::service, "ssdp.", "ssdp.type"},
    {Field::software, "rtsp.", "rtsp.server"},
    {Field::software, "sip.", "sip.user_agent"},
    // Banners
    {Field::software, "ssh.", "ssh.banner"},
    {Field::banner, "ftp.", "ftp.banner"},
    {Field::software, "ftp.", "ftp.banner"},
    {Field::banner, "telnet.", "telnet.banner"},
    {Field::software, "telnet.", "telnet.banner"},
    {Field::hostname, "telnet.", "telnet.banner"},  // "RT-AC54U login:"
    {Field::banner, "smtp.", "smtp.banner"},
    {Field::software, "smtp.", "smtp.banner"},
    {Field::banner, "pop3.", "pop3.banner"},
    {Field::software, "pop3.", "pop3.banner"},
    {Field::software, "ntp.", "ntp.variables"},
    {Field::banner, "ntp.", "ntp.variables"},
    // Names in certificates
    {Field::certificate, "tls.certificate", "tls.subject"},
    {Field::certificate, "opcua.", "tls.subject"},
    // Network management
    {Field::description, "snmp.", "snmp.sysdescr"},
    {Field::description, "snmp.", "lldp.sysdescr"},
    {Field::device_type, "snmp.", "snmp.sys_object_id"},
    {Field::device_type, "cdp.", "snmp.sys_object_id"},
    {Field::model, "snmp.", "s7comm.order_number"},
    {Field::model, "snmp.", "type_number"},
    {Field::description, "lldp.", "lldp.sysdescr"},
    {Field::description, "lldp.", "snmp.sysdescr"},
    {Field::model, "lldp.", "type_number"},
    {Field::model, "cdp.", "cdp.platform"},
    {Field::product, "cdp.", "cdp.platform"},
    {Field::description, "cdp.", "cdp.software"},
    {Field::software, "cdp.", "cdp.software"},
    {Field::model, "mndp.", "cdp.platform"},
    // Names that hosts take and give
    {Field::vendor_class, "dhcp.", "dhcp.vendor_class"},
    {Field::vendor_class, "dhcpv6.", "dhcp.vendor_class"},
    {Field::hostname, "dhcp.", "dhcp.hostname"},
    {Field::hostname, "dhcpv6.", "dhcp.hostname"},
    {Field::hostname, "mdns.", "dhcp.hostname"},
    {Field::service, "mdns.", "mdns.service"},
    {Field::model, "mdns.", "mdns.model"},
    {Field::client_id, "mqtt.", "mqtt.client_id"},
    {Field::client_id, "sparkplug.", "mqtt.client_id"},
    // Plants and buildings
    {Field::brand, "modbus.", "modbus.vendor"},
    {Field::model, "modbus.", "type_number"},
    {Field::product, "modbus.", "type_number"},
    {Field::product, "ethernet_ip.", "cip.product_name"},
    {Field::product, "ethernet_ip.", "type_number"},
    {Field::model, "s7comm.", "s7comm.order_number"},
    {Field::product, "s7comm.", "s7comm.module_type"},
    {Field::model, "s7comm_plus.", "s7comm.order_number"},
    {Field::product, "profinet.", "profinet.device_type"},
    {Field::product, "profinet.", "s7comm.module_type"},
    {Field::model, "profinet.", "s7comm.order_number"},
    {Field::model, "profinet.", "type_number"},
    {Field::product, "profinet_io.", "s7comm.module_type"},
    {Field::model, "profinet_io.", "s7comm.order_number"},
    {Field::model, "profinet_io.", "type_number"},
    {Field::product, "opcua.", "opcua.product_uri"},
    {Field::application_uri, "", "opcua.application_uri"},
    {Field::model, "bacnet.", "bacnet.model"},
    {Field::model, "omron_fins.", "omron_fins.model"},
    {Field::model, "omron_fins.", "type_number"},
    {Field::model, "melsec.", "melsec.model"},
    {Field::model, "melsec.", "type_number"},
    {Field::model, "pcworx.", "type_number"},
    {Field::product, "pcworx.", "type_number"},
    {Field::model, "proconos.", "type_number"},
    {Field::product, "proconos.", "type_number"},
    {Field::model, "dnp3.", "type_number"},
    {Field::model, "mms.", "type_number"},
    {Field::model, "ge_srtp.", "type_number"},
    {Field::model, "ads.", "type_number"},
    {Field::hostname, "ads.", "dhcp.hostname"},
    {Field::model, "pcom.", "pcom.model"},
    {Field::product, "pcworx.", "pcworx.plc_type"},
    {Field::product, "roc_plus.", "roc_plus.product"},
    {Field::software, "ads.", "ads.software"},
    {Field::hostname, "ads.", "ads.hostname"},
    {Field::software, "fox.", "fox.software"},
    {Field::device_type, "moxa.", "moxa.model"},
    // The shape of what a stack sends
    {Field::stack, "tcp.answer", "tcp.answer"},
    {Field::stack, "tcp.syn", "tcp.syn"},
    {Field::stack, "dhcp.parameters", "dhcp.parameters"},
    {Field::stack, "http.order", "http.order"},
    {Field::stack, "ssh.kexinit", "ssh.kexinit"},
    {Field::stack, "tls.ja4", "tls.hello"},
    {Field::stack, "tls.answer", "tls.answer"},
    // NTLM, in SMB and elsewhere
    {Field::os, "", "windows.version"},
    // Charging
    {Field::model, "ocpp.boot.model", "ocpp.model"},
});

}  // namespace

std::vector<std::string_view> evidence_kinds(Field field, std::string_view method) {
    std::vector<std::string_view> kinds;
    for (const EvidenceRow& row : evidence_rows) {
        if (row.field == field && method.starts_with(row.method)) kinds.push_back(row.evidence);
    }
    return kinds;
}

std::set<std::string_view> evidence_kinds() {
    std::set<std::string_view> kinds;
    for (const EvidenceRow& row : evidence_rows) kinds.insert(row.evidence);
    return kinds;
}

namespace {

// The first hit of the kinds that the observation is evidence of: for the whole text, then for each line of a greeting.
std::optional<FingerprintHit> hit_of(const Observation& observation, const VendorDb& db) {
    const auto first = [&](std::string_view text) -> std::optional<FingerprintHit> {
        for (const EvidenceRow& row : evidence_rows) {
            if (row.field != observation.field || !observation.method.starts_with(row.method)) continue;
            if (std::optional<FingerprintHit> hit = db.fingerprint(row.evidence, text)) return hit;
        }
        return std::nullopt;
    };
    std::optional<FingerprintHit> hit = first(observation.value);
    if (hit || !observation.method.ends_with(".greeting")) return hit;
    for (const std::string_view line : greeting_lines(observation.value)) {
        if ((hit = first(line))) break;
    }
    return hit;
}

// What vendor files say that devices of a vendor print in one protocol, where the text itself is no brand: the organisation of
// a device's own certificate, a DHCP class, an mDNS service type.
void from_names(std::vector<Claim>& claims, const Claim& said, const VendorDb& db) {
    std::vector<std::string> texts;
    if (said.field == Field::certificate && said.method == "tls.certificate") {
        // Whoever runs a public server puts an own name there: only what sits on the local network is a device.
        const IpAddress& ip = said.subject.ip;
        if (!ip.known() || !(ip.is_private() || ip.link_local())) return;
        texts.push_back(certificate_attribute(said.value.substr(0, said.value.find(" / ")), "O"));
    } else if (said.field == Field::vendor_class && said.method.starts_with("dhcp.")) {
        texts.push_back(said.value);
    } else if (said.field == Field::service && said.method.starts_with("mdns.")) {
        // "Instance._type._tcp.local", "_type._tcp.local": the type (RFC 6763 section 7), with or without its domain.
        const std::size_t type = said.value.starts_with('_') ? 0 : said.value.find("._") + 1;
        std::string_view text = std::string_view(said.value).substr(type);
        texts.emplace_back(text);
        if (text.ends_with(".local")) texts.emplace_back(text.substr(0, text.size() - 6));
    }
    for (const std::string& text : texts) {
        const std::string_view protocol = protocol_of(said.method);
        const Vendor* vendor = text.empty() ? nullptr : db.named_in(protocol, text);
        if (vendor == nullptr) continue;
        const Field part = part_played(*vendor);
        const std::string method = "name:" + said.method;
        for (const Field field : {Field::brand, part}) {
            if (field == Field::brand && part != Field::maker) continue;
            Claim claim = derived(said, field, vendor->name, Strength::Matched, method);
            claim.vendor = vendor->slug;
            claims.push_back(std::move(claim));
        }
        return;
    }
}

// The vendor by whose name a text begins that a device's firmware gives in the place of a name: all of the text is an alias, or
// its first words are one of several words ("Example Works Ltd MODBUS 1.2"). One word alone at the beginning of more ("Ring
// main unit") is too little.
const Vendor* named_at_start(std::string_view text, std::string_view protocol, const VendorDb& db) {
    for (std::size_t end = text.size(); end != std::string_view::npos && end != 0;) {
        const std::string_view start = text.substr(0, end);
        if (end != text.size() && start.find(' ') == std::string_view::npos) return nullptr;
        if (const Vendor* vendor = db.named(start, protocol)) return vendor;
        end = start.rfind(' ');
    }
    return nullptr;
}

// A Modbus server's id (function 17) is its maker's own text, and a library's example text where its user changed nothing.
void from_server_id(std::vector<Claim>& claims, const Claim& said, const VendorDb& db) {
    if (said.field != Field::description || said.method != "modbus.report_server_id") return;
    const Vendor* vendor = named_at_start(said.value, "modbus", db);
    if (vendor == nullptr) return;
    const Field part = part_played(*vendor);
    for (const Field field : {Field::brand, part}) {
        if (field == Field::brand && part != Field::maker) continue;
        Claim claim = derived(said, field, vendor->name, Strength::Matched, "name:" + said.method);
        claim.vendor = vendor->slug;
        claims.push_back(std::move(claim));
    }
}

// A fingerprint's claims. Fields in `taken` were claimed by our own fingerprint about the same text.
void from_hit(std::vector<Claim>& claims, const Claim& said, const FingerprintHit& hit, std::string_view wrapper,
              std::set<Field>& taken, const VendorDb& db, std::set<std::string>& unknown) {
    // The name that somebody gave to a host may be any word: it suggests, however well it fits a maker's habit.
    const Strength strength = hit.fingerprint.starts_with("dhcp_hostname/") ? Strength::Hinted : Strength::Matched;
    std::set<Field> claimed;
    for (const auto& [field, value] : hit.claims) {
        const bool brand = field == Field::brand || field == Field::maker;
        if (taken.contains(brand ? Field::brand : field)) continue;
        claimed.insert(brand ? Field::brand : field);
        Claim matched = derived(said, field, value, strength, std::string(wrapper) + hit.fingerprint);
        if (brand) {
            matched.field = Field::brand;
            from_brand(claims, matched, db, unknown);
            continue;
        }
        if (field == Field::stack_maker || field == Field::module_maker) {
            if (const Vendor* vendor = db.named(value)) {
                matched.vendor = vendor->slug;
            } else if (wrapper == "recog:") {
                unknown.insert(value);
            }
        }
        claims.push_back(std::move(matched));
    }
    taken.insert(claimed.begin(), claimed.end());
}

void from_recog(std::vector<Claim>& claims, const Claim& said, std::set<Field>& taken, const VendorDb& db,
                std::set<std::string>& unknown) {
    if (!db.has_recog()) return;
    for (const RecogText& text : recog_texts(said.field, said.method, said.value)) {
        const std::optional<FingerprintHit> hit = db.recog(text.evidence, text.text);
        if (!hit) continue;
        from_hit(claims, said, *hit, "recog:", taken, db, unknown);
        if (!hit->claims.empty()) return;
    }
}

// The digits of a SIM card say nothing to anybody: what they mean stands in their place, and they in its reason.
void from_sim(std::vector<Claim>& claims, const Claim& said, const VendorDb& db) {
    const std::vector<std::string> countries = sim_countries(said.value, db);
    for (const std::string& country : countries)
        claims.push_back(derived(said, Field::cellular, country, Strength::Stated, "sim:" + said.method));
    if (countries.empty()) claims.push_back(said);
}

}  // namespace

std::vector<Claim> derive(const Observation& observation, const VendorDb& db, std::set<std::string>& unknown_vendors) {
    std::vector<Claim> claims;
    Claim claim = claim_of(observation);
    if (observation.field == Field::brand) {
        from_brand(claims, claim, db, unknown_vendors);
    } else if (observation.field == Field::maker) {
        // An inventory's maker column: the name as it stands there, and the vendor if it is known.
        if (const Vendor* vendor = db.named(claim.value); vendor != nullptr && vendor->kind == "maker") {
            claim.vendor = vendor->slug;
        } else if (vendor == nullptr) {
            unknown_vendors.insert(claim.value);
        }
        claims.push_back(claim);
    } else if (observation.field == Field::cellular) {
        from_sim(claims, claim, db);
    } else {
        claims.push_back(claim);
        if (observation.field == Field::vendor_id) from_id(claims, claim, db);
    }
    const Claim said = claim_of(observation);
    from_names(claims, said, db);
    from_server_id(claims, said, db);
    std::set<Field> taken;
    if (const std::optional<FingerprintHit> hit = hit_of(observation, db))
        from_hit(claims, said, *hit, "fingerprint:", taken, db, unknown_vendors);
    from_recog(claims, said, taken, db, unknown_vendors);
    return claims;
}

std::vector<Claim> derive_from_mac(const Mac& mac, const Observation& rests_on, const VendorDb& db) {
    std::vector<Claim> claims;
    if (is_node_number(mac)) return claims;
    const std::optional<Holder> holder = db.oui(mac);
    if (!holder || holder->name.empty()) return claims;
    Claim claim = claim_of(rests_on);
    claim.field = Field::nic_maker;
    claim.value = holder->name;
    claim.vendor = holder->vendor;
    claim.strength = Strength::Hinted;
    claim.method = "oui";
    claim.because = "mac=" + mac.text();
    claims.push_back(claim);
    if (holder->module) {
        claim.field = Field::module_maker;
        claims.push_back(claim);
    }
    return claims;
}

std::vector<Claim> derive_from_model(const Claim& model, const std::string& vendor, const VendorDb& db) {
    std::vector<Claim> claims;
    const std::optional<VendorDb::ProductHit> hit = db.product(vendor, model.value);
    if (!hit || hit->product == nullptr) return claims;
    const std::string method = "product:" + vendor;
    if (!hit->product->category.empty()) {
        claims.push_back(derived(model, Field::category, hit->product->category, Strength::Matched, method));
    }
    if (!hit->rated_power.empty()) {
        claims.push_back(derived(model, Field::rated_power, hit->rated_power, Strength::Matched, method));
    }
    return claims;
}

}  // namespace herkomst
