// Programs that a device shows by whose servers it asks: the names of vendordb/services.json, where a source ties each to one
// product of one maker ("wdcp.microsoft.com": Microsoft Defender Antivirus).
//
// Whose server was asked is certain (the name is the maker's, so the maker is `matched`); that the program runs on the device
// is not: a person may open the page, a proxy asks for others. So the product is `hinted`, and a device that passes on what
// others send (a router, a firewall) shows nothing. Any other name that a device connected to shows no program: that is a path
// (identity/paths.h).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "identity/asset.h"

namespace herkomst {

struct ServiceAsked {
    std::string vendor;   // slug
    std::string product;  // as services.json has it
    std::vector<Claim> claims;
};

// Whether services.json knows the name: only then is it kept.
bool is_service_name(std::string_view host, const VendorDb&);

// By key of the asset that asked, then by maker and product.
std::map<std::string, std::vector<ServiceAsked>> services_asked(const Identified&, const VendorDb&);

}  // namespace herkomst
