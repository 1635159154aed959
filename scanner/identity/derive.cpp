#include "identity/derive.h"

#include <array>
#include <optional>

#include "core/text.h"
#include "identity/resolve.h"
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
    for (const std::string_view wrapper : {"alias:", "fingerprint:"}) {
        if (method.starts_with(wrapper)) method.remove_prefix(wrapper.size());
    }
    if (method.starts_with("modbus.sunspec")) return "sunspec";
    return method.substr(0, method.find_first_of("./_"));
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
    if (folded(holder->name) == "reserved" || id.value == "bacnet:0") return;
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

// The first hit of the kinds that the observation is evidence of.
std::optional<FingerprintHit> hit_of(const Observation& observation, const VendorDb& db) {
    for (const EvidenceRow& row : evidence_rows) {
        if (row.field != observation.field || !observation.method.starts_with(row.method)) continue;
        if (std::optional<FingerprintHit> hit = db.fingerprint(row.evidence, observation.value)) return hit;
    }
    return std::nullopt;
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
    } else {
        claims.push_back(claim);
        if (observation.field == Field::vendor_id) from_id(claims, claim, db);
    }
    const std::optional<FingerprintHit> hit = hit_of(observation, db);
    if (!hit) return claims;
    for (const auto& [field, value] : hit->claims) {
        Claim matched = derived(claim, field, value, Strength::Matched, "fingerprint:" + hit->fingerprint);
        if (field == Field::brand || field == Field::maker) {
            matched.field = Field::brand;
            from_brand(claims, matched, db, unknown_vendors);
        } else {
            if (field == Field::stack_maker || field == Field::module_maker) {
                if (const Vendor* vendor = db.named(value)) matched.vendor = vendor->slug;
            }
            claims.push_back(std::move(matched));
        }
    }
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
