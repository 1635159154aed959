// Multicast DNS and service discovery: a device tells the link its name, its services and, in their TXT records, often brand,
// model, firmware and serial number. The subject is the sender, unless the record's host has other addresses: a sleep proxy
// speaks for machines that sleep. Questions say nothing; a probe (a question with records in its authority section) already
// says what the prober calls itself.
//
//   the bytes of DNS (dns_message.h), on port 5353, the top bit of a class being "cache flush" or "answer by unicast"
//   "Boiler 7._ship._tcp.local" SRV -> "boiler7.local" A -> 192.0.2.10; TXT "brand=..." "model=..."
#include <algorithm>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/dns_message.h"

namespace herkomst::decoders {

namespace {

using dns_wire::Name;
using dns_wire::Record;
using dns_wire::Section;

constexpr std::uint16_t port_number = 5353;
constexpr std::uint16_t plain_class = 0x7fff;

// RFC 6762 18: opcode and response code are zero, and the port is 5353, which parts it from DNS; the form is that of DNS.
bool recognise(ByteCursor message, const Flow& flow) {
    if (!flow.on_port(port_number)) return false;
    const std::uint16_t flags = message.peek_be16(2);
    return (flags & 0x780f) == 0 && dns_wire::is_message(message, plain_class);
}

constexpr std::size_t hosts_max = 64;

// What a message says about which name has which addresses.
struct Host {
    std::string name;  // lower case
    std::vector<IpAddress> addresses;
};

struct Service {
    std::string instance;  // lower case, "boiler 7._ship._tcp.local"
    std::string host;      // lower case
};

struct Directory {
    std::vector<Host> hosts;
    std::vector<Service> services;
};

// RFC 6763 4.1: "<instance>.<_type>.<_tcp|_udp>.local"; what follows the instance.
bool is_service_type(std::string_view name) {
    return name.size() > 12 && name.front() == '_' &&
           (name.find("._tcp.local") == name.size() - 11 || name.find("._udp.local") == name.size() - 11);
}

Directory directory_of(const ByteCursor& whole, const dns_wire::Message& message) {
    Directory directory;
    for (const Record& record : message.records) {
        ByteCursor owner = record.owner;
        if (const IpAddress ip = dns_wire::address_in(record); ip.known() && !ip.unspecified() && !ip.multicast()) {
            const std::string name = lower(dns_wire::read_name(whole, owner).text);
            auto host =
                std::find_if(directory.hosts.begin(), directory.hosts.end(), [&](const Host& h) { return h.name == name; });
            if (host == directory.hosts.end()) {
                if (directory.hosts.size() == hosts_max) continue;
                directory.hosts.push_back({name, {}});
                host = directory.hosts.end() - 1;
            }
            if (host->addresses.size() < 16) host->addresses.push_back(ip);
        } else if (record.type == dns_wire::Srv && directory.services.size() < hosts_max) {
            ByteCursor data = record.data;
            data.skip(6);
            std::string instance = lower(dns_wire::read_name(whole, owner).text);
            directory.services.push_back({std::move(instance), lower(dns_wire::read_name(whole, data).text)});
        }
    }
    return directory;
}

// An address says whose a name is only when it could be the sender's: same version, and link-local or not as the sender's.
bool comparable(const IpAddress& a, const IpAddress& b) { return a.version == b.version && a.link_local() == b.link_local(); }

// Who the claims about a host go to: the sender when the host has its address or none that could be; else the host's addresses.
std::vector<Endpoint> subjects_of(std::string_view host, const Directory& directory, const Flow& flow) {
    std::vector<Endpoint> others;
    for (const Host& known : directory.hosts) {
        if (known.name != host) continue;
        for (const IpAddress& ip : known.addresses) {
            if (ip == flow.sender.ip) return {flow.sender.subject()};
            if (!comparable(ip, flow.sender.ip)) continue;
            Endpoint other;
            other.vlan = flow.sender.vlan;
            other.ip = ip;
            others.push_back(other);
        }
    }
    if (others.empty()) others.push_back(flow.sender.subject());
    return others;
}

std::vector<Endpoint> subjects_of_instance(std::string_view instance, const Directory& directory, const Flow& flow) {
    for (const Service& service : directory.services) {
        if (service.instance == instance) return subjects_of(service.host, directory, flow);
    }
    return {flow.sender.subject()};
}

bool hexadecimal(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// Instances are named by whoever owns the thing, and such names are not kept. Some makers deliver theirs with a name that ends
// in the machine's number: that and nothing else is the machine's. Matter 1.0 4.3.1.1 and 4.3.2: numbers only.
bool named_by_maker(std::string_view type, std::string_view instance) {
    if (type == "_matter._tcp.local" || type == "_matterc._udp.local") {
        const std::size_t dash = instance.find('-');
        return hexadecimal(instance.substr(0, dash)) &&
               (dash == std::string_view::npos || hexadecimal(instance.substr(dash + 1)));
    }
    static constexpr struct {
        std::string_view type;
        std::string_view begins;
        std::string_view between;  // what else may stand before the number
    } patterns[] = {
        {"_axis-video._tcp.local", "AXIS ", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -"},
        {"_easylink._tcp.local", "EMW", "0123456789#"},
        {"_enphase-envoy._tcp.local", "envoy", "-"},
        {"_hap._tcp.local", "Hue Bridge - ", ""},
        {"_hap._tcp.local", "Philips hue - ", ""},
        {"_shelly._tcp.local", "shelly", "abcdefghijklmnopqrstuvwxyz0123456789-"},
    };
    for (const auto& pattern : patterns) {
        if (pattern.type != type || !instance.starts_with(pattern.begins)) continue;
        std::string_view rest = instance.substr(pattern.begins.size());
        if (rest.empty()) return pattern.type == "_enphase-envoy._tcp.local";
        const std::size_t at = rest.find_last_of(" -#");
        const std::string_view number = at == std::string_view::npos ? rest : rest.substr(at + 1);
        const std::string_view before = rest.substr(0, rest.size() - number.size());
        const bool ends = number.size() >= 6 && hexadecimal(number);
        if (ends && before.find_first_not_of(pattern.between) == std::string_view::npos) return true;
    }
    return false;
}

struct Key {
    std::string_view name;
    Field field;
};

// RFC 6763 6.4: keys are ASCII and case does not matter. Bonjour Printing 1.2.1 table 2 (ty, product, usb_MFG, usb_MDL);
// HomeKit Accessory Protocol 6.4 (md); SHIP 7.3.2 (brand, model); the others as makers use them.
constexpr Key keys[] = {
    {"model", Field::model},
    {"md", Field::model},
    {"ty", Field::model},
    {"usb_mdl", Field::model},
    {"am", Field::model},
    {"rpmd", Field::model},
    {"modelid", Field::model},
    {"modelname", Field::model},
    {"model_number", Field::model},
    {"mdl", Field::model},
    {"product", Field::product},
    {"project_name", Field::product},
    {"manufacturer", Field::brand},
    {"brand", Field::brand},
    {"usb_mfg", Field::brand},
    {"mfg", Field::brand},
    {"vendor", Field::brand},
    {"fv", Field::firmware},
    {"fw", Field::firmware},
    {"ver", Field::firmware},
    {"srcvers", Field::firmware},
    {"version", Field::firmware},
    {"firmware", Field::firmware},
    {"fw_ver", Field::firmware},
    {"fwversion", Field::firmware},
    {"swversion", Field::software},
    {"serialnum", Field::serial},
    {"serialnumber", Field::serial},
    {"serial", Field::serial},
    {"sn", Field::serial},
    {"hardware_ver", Field::hardware},
    {"board", Field::hardware},
};

// Bonjour Printing 9.2.5: the product is written "(Name)".
std::string_view without_brackets(std::string_view value) {
    if (value.size() >= 2 && value.front() == '(' && value.back() == ')') return value.substr(1, value.size() - 2);
    return value;
}

// HomeKit Accessory Protocol 13.1 (ci), where the vocabulary has that kind of thing.
std::string_view category_of(std::string_view ci) {
    static constexpr struct {
        std::string_view ci;
        std::string_view category;
    } categories[] = {{"2", "gateway"},   {"5", "lighting"}, {"6", "lock"},   {"7", "smart_plug"}, {"9", "thermostat"},
                      {"10", "sensor"},   {"17", "camera"},  {"20", "hvac"},  {"21", "hvac"},      {"19", "ventilation"},
                      {"18", "intercom"}, {"31", "tv"},      {"33", "router"}};
    for (const auto& known : categories) {
        if (known.ci == ci) return known.category;
    }
    return {};
}

// Keys whose meaning depends on the service.
void service_key(std::string_view type, std::string_view key, std::string_view value, const Slice& witness, Claims& claims) {
    if (type == "_ship._tcp.local") {
        if (key == "id") claims.stated(Field::unique_id, "ship:" + std::string(value), witness, "txt");
        // SHIP 7.3.2: "Inverter", "HeatPump", "EnergyManagementSystem".
        if (key == "type") claims.stated(Field::device_type, "ship:" + std::string(value), witness, "txt");
        if (key == "ski") claims.stated(Field::unique_id, "ski:" + lower(value), witness, "txt");
    } else if (type == "_hap._tcp.local") {
        if (key == "id") claims.stated(Field::unique_id, "hap:" + lower(value), witness, "txt");
        if (key == "ci") claims.matched(Field::category, category_of(value), witness, "txt");
    } else if (type == "_esphomelib._tcp.local") {
        if (key == "version") claims.stated(Field::software, "ESPHome " + std::string(value), witness, "txt");
    } else if (type == "_shelly._tcp.local") {
        if (key == "app") claims.stated(Field::model, value, witness, "txt");
    } else if (type == "_matter._tcp.local" || type == "_matterc._udp.local") {
        // Matter 1.0 4.3.1.7: "vendor+product", decimal.
        const std::string_view vendor = value.substr(0, value.find('+'));
        const bool digits =
            !vendor.empty() && vendor.size() <= 5 && vendor.find_first_not_of("0123456789") == std::string_view::npos;
        if (key == "vp" && digits) claims.stated(Field::vendor_id, "matter:" + std::string(vendor), witness, "txt");
    }
}

// The next "key=value" that is text about a thing. RFC 6763 6.1: strings with their length in front.
bool next_text(ByteCursor& data, std::string& key, Slice& value) {
    while (!data.done()) {
        ByteCursor entry = data.take(data.u8());
        const std::string_view text = entry.text_ahead();
        const std::size_t equals = text.find('=');
        if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size()) continue;
        key = lower(text.substr(0, equals));
        entry.skip(equals + 1);
        value = entry.rest();
        // A mail address is a person's, whatever the key says.
        if (value.text().find('@') == std::string_view::npos) return true;
    }
    return false;
}

const Key* known_key(std::string_view name) {
    const auto at = std::find_if(std::begin(keys), std::end(keys), [&](const Key& key) { return key.name == name; });
    return at == std::end(keys) ? nullptr : at;
}

// Services whose "model" is an identifier of Apple's that programs and disks of others give too, so that Apple's own show them
// a picture: it suggests.
bool model_is_convention(std::string_view type) {
    constexpr std::string_view types[] = {"_airplay._tcp.local", "_raop._tcp.local", "_device-info._tcp.local",
                                          "_adisk._tcp.local", "_companion-link._tcp.local"};
    return std::find(std::begin(types), std::end(types), type) != std::end(types);
}

// Bonjour Printing 1.2.1 section 9.2.2 (rp): a queue below one of these is what a computer shares (CUPS), and the printer that
// the record describes is another machine, or one without a network.
bool is_shared_queue(const ByteCursor& all, std::string_view type) {
    constexpr std::string_view types[] = {"_ipp._tcp.local", "_ipps._tcp.local", "_printer._tcp.local"};
    if (std::find(std::begin(types), std::end(types), type) == std::end(types)) return false;
    std::string key;
    Slice value;
    for (ByteCursor data = all; next_text(data, key, value);) {
        if (key == "rp" && (value.text().starts_with("printers/") || value.text().starts_with("classes/"))) return true;
    }
    return false;
}

// Keys that may mean the device's version or that of something inside it.
bool bare_version(std::string_view key) { return key == "ver" || key == "version"; }

// Programs that show themselves as accessories put their owner's name where HomeKit wants the model (md); the instance begins
// with it then. One word with a digit in it is a model's all the same.
bool owners_name(std::string_view type, std::string_view key, std::string_view value, std::string_view instance) {
    if (type != "_hap._tcp.local" || key != "md" || !starts_with_ignoring_case(instance, value)) return false;
    return value.find(' ') != std::string_view::npos || value.find_first_of("0123456789") == std::string_view::npos;
}

void texts(const ByteCursor& all, std::string_view type, std::string_view instance, Claims& claims) {
    if (is_shared_queue(all, type)) return;
    std::string key;
    Slice value;
    // "version" is the protocol's in some services (Spotify Connect) and the library's in ESPHome: it is the device's where the
    // record describes a device.
    bool describes_device = type == "_shelly._tcp.local";
    for (ByteCursor data = all; next_text(data, key, value);) {
        const Key* known = known_key(key);
        describes_device = describes_device || (known != nullptr && known->field != Field::firmware);
    }
    for (ByteCursor data = all; next_text(data, key, value);) {
        if (owners_name(type, key, value.text(), instance)) continue;
        const Key* known = known_key(key);
        if (known != nullptr && (!bare_version(key) || (describes_device && type != "_esphomelib._tcp.local"))) {
            const std::string_view text = without_brackets(value.text());
            if (known->field == Field::model && model_is_convention(type)) {
                claims.hinted(known->field, text, value, "txt");
            } else {
                claims.stated(known->field, text, value, "txt");
            }
        }
        service_key(type, key, value.text(), value, claims);
    }
}

// "_services._dns-sd._udp.local" lists types (RFC 6763 9), "_sub" narrows one (7.1).
std::string_view without_subtype(std::string_view name) {
    constexpr std::string_view mark = "._sub.";
    const std::size_t at = name.find(mark);
    return at == std::string_view::npos ? name : name.substr(at + mark.size());
}

// Every host that the message gives addresses of is somebody else.
bool speaks_for_others(const Directory& directory, const Flow& flow) {
    if (directory.hosts.empty()) return false;
    return std::all_of(directory.hosts.begin(), directory.hosts.end(), [&](const Host& host) {
        return subjects_of(host.name, directory, flow).front() != flow.sender.subject();
    });
}

// Where a name says its service, without the instance before it: what follows the first label, or the pointer that is all of
// it.
Slice type_place(ByteCursor at) {
    if ((at.peek() & 0xc0) != 0xc0) at.skip(at.u8());
    const ByteCursor start = at;
    while (!at.done()) {
        const std::uint8_t length = at.u8();
        at.skip((length & 0xc0) == 0xc0 ? 1 : length);
        if (length == 0 || (length & 0xc0) == 0xc0) break;
    }
    return at.since(start);
}

class Teller {
  public:
    Teller(const ByteCursor& whole, const Directory& directory, const Flow& flow, Claims& claims)
        : whole_(whole), directory_(directory), flow_(flow), claims_(claims) {}

    void tell(const Record& record) {
        ByteCursor owner_at = record.owner;
        const Name owner = dns_wire::read_name(whole_, owner_at);
        const Slice witness = ByteCursor(record.data).rest();
        ByteCursor data = record.data;
        switch (record.type) {
            case dns_wire::A:
            case dns_wire::Aaaa:
                host(owner.text, witness, "address");
                break;
            case dns_wire::Srv:
                data.skip(6);
                instance(owner, witness, type_place(record.owner));
                host(dns_wire::read_name(whole_, data).text, witness, "service_host");
                break;
            case dns_wire::Ptr:
                pointer(owner, dns_wire::read_name(whole_, data), witness, type_place(record.data));
                break;
            case dns_wire::Txt: {
                instance(owner, witness, type_place(record.owner));
                const std::string type = lower(owner.parent());
                for (const Endpoint& subject : subjects(owner)) {
                    Claims about = claims_.about(subject);
                    texts(record.data, type, owner.text, about);
                }
                break;
            }
            case dns_wire::Hinfo: {
                // RFC 1035 3.3.2
                const Slice hardware = data.bytes(data.u8());
                const Slice system = data.bytes(data.u8());
                for (const Endpoint& subject : subjects_of(lower(owner.text), directory_, flow_)) {
                    claims_.about(subject).stated(Field::hardware, hardware, "hinfo");
                    claims_.about(subject).stated(Field::os, system, "hinfo");
                }
                break;
            }
            default:
                break;
        }
    }

  private:
    [[nodiscard]] std::vector<Endpoint> subjects(const Name& name) const {
        if (is_service_type(name.parent())) return subjects_of_instance(lower(name.text), directory_, flow_);
        return subjects_of(lower(name.text), directory_, flow_);
    }

    void host(std::string_view name, const Slice& witness, std::string_view what) {
        if (name.size() < 7 || lower(name.substr(name.size() - 6)) != ".local" || name.find('@') != std::string_view::npos)
            return;
        for (const Endpoint& subject : subjects_of(lower(name), directory_, flow_)) {
            claims_.about(subject).stated(Field::hostname, name, witness, what);
        }
    }

    // RFC 6763 4.1. A name that is not kept is not pointed at either.
    void instance(const Name& name, const Slice& witness, const Slice& place) {
        const std::string type = lower(name.parent());
        if (!is_service_type(type)) return;
        const std::string_view own = std::string_view(name.text).substr(0, name.text.size() - type.size() - 1);
        const bool whole_name = name.text.size() > type.size() && named_by_maker(type, own);
        for (const Endpoint& subject : subjects(name)) {
            claims_.about(subject).stated(Field::service, whole_name ? name.text : type, whole_name ? witness : place,
                                          "service");
        }
    }

    void pointer(const Name& owner, const Name& target, const Slice& witness, const Slice& place) {
        if (equal_ignoring_case(owner.text, "_services._dns-sd._udp.local")) {
            const std::string type = lower(target.text);
            const bool own = is_service_type(type) && !speaks_for_others(directory_, flow_);
            if (own) claims_.stated(Field::service, type, witness, "service");
        } else if (is_service_type(lower(without_subtype(owner.text)))) {
            instance(target, witness, place);
        }
    }

    const ByteCursor& whole_;
    const Directory& directory_;
    const Flow& flow_;
    Claims& claims_;
};

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (!recognise(message, flow)) return not_this();
    const dns_wire::Message opened = dns_wire::open(message);
    const Directory directory = directory_of(message, opened);
    if (!message.ok()) return done();
    Teller teller(message, directory, flow, claims);
    for (const Record& record : opened.records) {
        // RFC 6762 7.1: answers in a question are what the asker heard from others; 8.2: what it wants for itself is in the
        // authority section.
        if (opened.response() || record.section == Section::Authority) teller.tell(record);
    }
    return done();
}

// Answers: PTR "_ship._tcp.local" "Boiler 7._ship._tcp.local", its SRV to "boiler7.local", its TXT, A 192.0.2.10; NSEC.
constexpr ExampleMessage announcement[] = {
    {From::Client,
     "000084000000000400000001055f73686970045f746370056c6f63616c00000c000100000078000b08426f696c657220"
     "37c00cc0280021800100000078001500000000126807626f696c657237056c6f63616c00c0280010800100000078005d"
     "09747874766572733d310769643d45582d370b6272616e643d45786d706c086d6f64656c3d42370666773d312e320d72"
     "656769737465723d747275650d747970653d4865617450756d70126e6f74653d61406578616d706c652e6f726707626f"
     "696c657237056c6f63616c0000018001000000780004c000020a07626f696c657237056c6f63616c00002f8001000000"
     "78001407626f696c657237056c6f63616c000001400000",
     {}}};
constexpr std::string_view announcement_claims[] = {"client service=_ship._tcp.local",
                                                    "client hostname=boiler7.local",
                                                    "client unique_id=ship:EX-7",
                                                    "client brand=Exmpl",
                                                    "client model=B7",
                                                    "client device_type=ship:HeatPump",
                                                    "client firmware=1.2"};
// A "office.local" 192.0.2.77, SRV of a person's computer there: from 192.0.2.10.
constexpr ExampleMessage proxy[] = {
    {From::Client,
     "000084000000000200000000066f6666696365056c6f63616c0000018001000000780004c000024d14412e2050657273"
     "6f6e277320636f6d7075746572045f737368045f746370056c6f63616c0000218001000000780014000000001268066f"
     "6666696365056c6f63616c00",
     {}}};
constexpr std::string_view proxy_claims[] = {"ip:192.0.2.77 hostname=office.local", "ip:192.0.2.77 service=_ssh._tcp.local"};
// ANY "plug.local"?, authority: its A 192.0.2.10 and HINFO.
constexpr ExampleMessage probe[] = {
    {From::Client,
     "00000000000100000002000004706c7567056c6f63616c0000ff800104706c7567056c6f63616c000001800100000078"
     "0004c000020a04706c7567056c6f63616c00000d800100000078000c0541524d5637054c494e5558",
     {}}};
constexpr std::string_view probe_claims[] = {"client hostname=plug.local", "client hardware=ARMV7", "client os=LINUX"};
// PTR "_ipp._tcp.local"?, and an answer that the asker already knows.
constexpr ExampleMessage question[] = {
    {From::Client,
     "000000000001000100000000045f697070045f746370056c6f63616c00000c0001c00c000c000100000078001b095072"
     "696e7465722033045f697070045f746370056c6f63616c00",
     {}}};
// TXT "VERSION=1.0" "CPath=/x" of a room's loudspeaker.
constexpr ExampleMessage protocol_version[] = {
    {From::Client,
     "000084000000000100000000074b69746368656e105f73706f746966792d636f6e6e656374045f746370056c6f63616c"
     "00001080010000007800150b56455253494f4e3d312e300843506174683d2f78",
     {}}};
constexpr std::string_view protocol_version_claims[] = {"client service=_spotify-connect._tcp.local"};
// Accessories, a lamp, a switch: what people call them is not kept, what their makers call them is.
constexpr ExampleMessage called[] = {
    {From::Client,
     "000084000000000700000000194c616d70206f662057696c68656c6d696e6120314132423343045f686170045f746370"
     "056c6f63616c000010800100000078001b156d643d4c616d70206f662057696c68656c6d696e610463693d3514506869"
     "6c69707320687565202d20314132423343045f686170045f746370056c6f63616c000010800100000078000a096d643d"
     "4558423030320c45582d313220314132423343045f686170045f746370056c6f63616c0000108001000000780009086d"
     "643d45582d31321777696c68656c6d696e61732d6c616d702d3161326233630b5f657370686f6d656c6962045f746370"
     "056c6f63616c000010800100000078001a1970726f6a6563745f6e616d653d6578616d706c652e6c616d70187368656c"
     "6c79706c7573312d316132623363346435653666075f7368656c6c79045f746370056c6f63616c000010800100000078"
     "00060567656e3d320a57696c68656c6d696e61075f7368656c6c79045f746370056c6f63616c00001080010000007800"
     "060567656e3d3221303132333435363738394142434445462d30303030303030303030303030304142075f6d61747465"
     "72045f746370056c6f63616c000010800100000078000403543d31",
     {}}};
constexpr std::string_view called_claims[] = {"client service=_hap._tcp.local",
                                              "client category=lighting",
                                              "client service=Philips hue - 1A2B3C._hap._tcp.local",
                                              "client model=EXB002",
                                              "client model=EX-12",
                                              "client service=_esphomelib._tcp.local",
                                              "client product=example.lamp",
                                              "client service=shellyplus1-1a2b3c4d5e6f._shelly._tcp.local",
                                              "client service=_shelly._tcp.local",
                                              "client service=0123456789ABCDEF-00000000000000AB._matter._tcp.local"};
// TXT of a queue that a computer shares, and of one that a printer has.
constexpr ExampleMessage shared_printer[] = {
    {From::Client,
     "0000840000000001000000000448616c6c045f697070045f746370056c6f63616c000010800100000078005c09747874"
     "766572733d311072703d7072696e746572732f48616c6c0e74793d4578616d706c6520502d370f7573625f4d46473d45"
     "78616d706c650b7573625f4d444c3d502d371570726f647563743d284578616d706c6520502d3729",
     {}}};
constexpr std::string_view shared_printer_claims[] = {"client service=_ipp._tcp.local"};
constexpr ExampleMessage own_printer[] = {
    {From::Client,
     "0000840000000001000000000448616c6c045f697070045f746370056c6f63616c000010800100000078002609747874"
     "766572733d310c72703d6970702f7072696e740e74793d4578616d706c6520502d37",
     {}}};
constexpr std::string_view own_printer_claims[] = {"client service=_ipp._tcp.local", "client model=Example P-7"};
constexpr ExampleMessage player[] = {
    {From::Client,
     "0000840000000001000000000448616c6c085f616972706c6179045f746370056c6f63616c0000108001000000780013"
     "126d6f64656c3d4578616d706c655456332c32",
     {}}};
constexpr std::string_view player_claims[] = {"client service=_airplay._tcp.local", "client model=ExampleTV3,2"};
constexpr Example examples[] = {
    {"a computer that shares a printer is not that printer", Layer::Udp, port_number, shared_printer, shared_printer_claims},
    {"a printer's own queue describes it", Layer::Udp, port_number, own_printer, own_printer_claims},
    {"whatever plays for Apple's devices gives a model of theirs: a hint", Layer::Udp, port_number, player, player_claims},
    {"the version of a protocol is no firmware", Layer::Udp, port_number, protocol_version, protocol_version_claims},
    {"what people call their things is not kept", Layer::Udp, port_number, called, called_claims},
    {"a device announces its service", Layer::Udp, port_number, announcement, announcement_claims},
    {"a sleep proxy speaks for another", Layer::Udp, port_number, proxy, proxy_claims},
    {"a probe says what the host will be called", Layer::Udp, port_number, probe, probe_claims},
    {"a question says nothing", Layer::Udp, port_number, question, {}},
};
constexpr std::uint16_t ports[] = {port_number};
constexpr std::string_view look_alikes[] = {"dns"};

}  // namespace

Decoder mdns() {
    Decoder decoder;
    decoder.name = "mdns";
    decoder.title = "Multicast DNS, DNS-SD";
    decoder.spec = "RFC 6762; RFC 6763; RFC 1035";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    decoder.shares_wire_with = look_alikes;
    return decoder;
}

}  // namespace herkomst::decoders
