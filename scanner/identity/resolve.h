// What is one device: subjects that stand for the same thing are put together, and nothing else is.
//
//   MAC and IP    an ARP or DHCP statement binds them; the source addresses of a frame bind them unless the MAC is a router's
//                 (it carries public addresses, several that nobody stated, or packets whose hop limit was counted down) or
//                 the address was seen at several MACs; an address that changed hands is each holder's for its time
//   proxies       who answers ARP for others beside itself has only the address whose packets come as they were sent
//   ports         two neighbouring MACs that send from one address by turns, of which one answers for it, are one card's
//   same serial   of the same vendor, the same CIP serial, the same SNMP engine: one device with several addresses; of more
//                 than four it is nobody's (it was copied, or a whole series left the factory with it). The word
//                 of an inventory's rows counts where nothing contradicts it: one serial per address, models that agree, at
//                 most one of the addresses heard on the network (listed.cpp); and one inventory that gives it to rows of
//                 several addresses, or of several names, means several devices, unless they have one host name
//   parts         a subject with a path is a part of the device at its address; the only Modbus unit (DNP3 address, identity
//                 of a charger) behind an address, or one that names the host's own serial, is the host
//
// Group addresses and the virtual MACs of VRRP and HSRP stand for nobody. Everything is a pure function of its input.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/address_range.h"
#include "core/observation.h"
#include "identity/assertion.h"

namespace herkomst {

class VendorDb;

struct Cluster {
    std::vector<std::size_t> observations;  // indices into the input
    std::vector<Endpoint> subjects;         // without software, sorted
    std::vector<IpAddress> bound;           // addresses that its MACs hold, sorted
    std::size_t parent = SIZE_MAX;          // index of the cluster it is a part of
    SubPath path;                           // of a part
};

struct Resolved {
    std::vector<Cluster> clusters;
    std::map<Endpoint, std::size_t> cluster_of;  // every subject
};

// What a person said goes before all of it: two that are the same are joined, two that are not stay apart.
// `own`: public addresses of the site, which no router has to have brought.
Resolved resolve(const std::vector<Observation>&, const VendorDb&, const std::vector<Assertion>& assertions = {},
                 const std::vector<AddressRange>& own = {});

// A serial number that can stand for one device: long enough, and not a filler like 00000000, 12345678 or "not known"; that of
// an inventory has a digit too.
bool plausible_serial(std::string_view, Strength);
// A MAC that is empty but for its last byte: captures of serial BACnet (MS/TP) write node numbers so. It tells devices of one
// capture apart, but it is nobody's registered address.
bool is_node_number(const Mac&);
// MACs that stand for no single device: group, VRRP (00:00:5e:00:01/02), HSRP (00:00:0c:07:ac, 00:00:0c:9f:f), all zero.
bool stands_for_nobody(const Mac&);

}  // namespace herkomst
