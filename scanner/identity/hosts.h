// Which hosts are one device: the joins that resolve is built on. A host is a subject without software and path, or a row that
// an inventory lists without an address.
//
// Everything is a pure function of its input.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/address_range.h"
#include "core/observation.h"
#include "identity/assertion.h"
#include "identity/holders.h"

namespace herkomst {

class VendorDb;

// More IPv4 addresses than this at one MAC are a proxy's or a router's; a serial number or an SNMP engine that more of them
// tell was copied from one device to the next, and tells none of them apart.
constexpr std::size_t addresses_of_one_device = 4;

Endpoint without_software(Endpoint);
Endpoint host_of(Endpoint);  // without software and path
bool is_listed_only(const Endpoint&);
// Texts of one model, folded: one is written out further than the other ("SG110CX", "SG110CX-P2"), or nothing is said.
// One word of at least six digits: what a serial number looks like.
bool is_number(std::string_view serial);
bool models_agree(const std::set<std::string>&, const std::set<std::string>&);

// Sets of things that are the same; pairs of them can be kept apart for good.
class Union {
  public:
    std::size_t add();
    std::size_t root(std::size_t);
    // The smaller index stays the root, so the outcome does not depend on the order of joins.
    void join(std::size_t a, std::size_t b);
    void keep_apart(std::size_t a, std::size_t b);

  private:
    bool kept_apart(std::size_t a, std::size_t b);
    std::vector<std::size_t> parent_;
    std::vector<std::pair<std::size_t, std::size_t>> apart_;
};

class Hosts {
  public:
    // `own`: public addresses of the site, which no router has to have brought.
    Hosts(const std::vector<Observation>&, const VendorDb&, const std::vector<Assertion>&,
          const std::vector<AddressRange>& own);

    // Whom a row is about: its subject, or who had that address then.
    [[nodiscard]] std::vector<Endpoint> subjects_of(const Observation&) const;
    // The device of a subject; a subject that was not heard of is one of its own from then on.
    std::size_t device(const Endpoint& subject) { return sets_.root(node(subject)); }
    // Addresses that a MAC holds, with the device of that MAC.
    std::vector<std::pair<std::size_t, IpAddress>> held();

  private:
    struct Bindings {
        std::set<IpKey> stated;  // ARP, DHCP
        std::set<IpKey> seen;    // source of a frame
        std::set<IpKey> routed;  // source of frames that all came through a router
        std::set<IpKey> listed;  // an inventory row has both
    };
    // Who states an address, and with whom it was seen.
    struct Claimants {
        std::map<IpKey, std::set<MacKey>> by_statement;
        std::map<IpKey, std::set<MacKey>> by_sight;
    };

    std::size_t node(const Endpoint& subject);
    std::size_t node_of(const MacKey&);
    std::size_t node_of(const IpKey&);
    std::set<std::size_t> nodes_of(const std::string& site, const std::vector<std::string>& names);
    void gather();
    void hear(const std::vector<Assertion>&);
    [[nodiscard]] Claimants claimants() const;
    void bind(const Claimants&);
    void join_masters();
    void join_by_identity(const VendorDb&);
    // Rows that one inventory gives a serial number to.
    struct RowsOfSource {
        std::set<std::size_t> with_address;
        std::set<std::size_t> without_address;
        bool number = false;  // the cell is one word of many digits
    };
    using Rows = std::map<std::string, std::map<std::string, RowsOfSource>>;  // by site|maker|serial, by source
    void drop_given_to_many(Rows&);
    struct Told {
        bool heard = false;  // by more than an inventory and what people said
        std::set<std::string> serials;
        std::set<std::string> models;
    };
    std::map<std::size_t, Told> told();  // by root
    void join_listed(const std::map<std::string, std::set<std::size_t>>& listed,
                     const std::map<std::string, std::set<std::size_t>>& sharing);

    const std::vector<Observation>& observations_;
    const std::vector<AddressRange>& own_;
    Tenures tenures_;
    Union sets_;
    std::map<Endpoint, std::size_t> known_;
    std::map<MacKey, std::size_t> mac_node_;
    std::map<IpKey, std::size_t> ip_node_;
    std::map<MacKey, Bindings> bindings_;
    Sightings sightings_;
    std::vector<std::pair<MacKey, IpAddress>> held_;
};

}  // namespace herkomst
