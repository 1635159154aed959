// An order of an authority: suppliers or products that must go from designated parts, with legal basis and deadline.
//
// Orders are data of the user (rules/policies/orders/README.md is the manual; schema/order.schema.json the schema): own files,
// or files that carry a signature. We ship none: there is no order until an authority gives one. Whatever an order names, on
// whatever level of an asset, is a hit: the facts `ordered_out` and `order_...` say which and why.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace herkomst {

class VendorDb;
struct FactsRow;

struct Order {
    struct Supplier {
        std::string vendor;        // slug, or
        std::string name;          // name as the order prints it, matched folded and whole
        bool with_subsidiaries{};  // whoever it controls too
    };
    struct Product {
        Supplier maker;
        std::string model;  // RE2, matched against the whole model text
    };
    std::string key;
    std::string authority;
    std::string legal_basis;  // "Cbw art. 21a"
    std::string issued;       // date
    std::string deadline;     // date
    std::string document;     // reference of the order itself
    std::vector<Supplier> suppliers;
    std::vector<Product> products;
    std::vector<std::string> categories;  // only for these kinds of device; empty: any
    std::vector<std::string> sites;       // only at these; empty: any
    bool is_signed = false;               // by a key that the user named, and the signature holds
};

// FOLDER/*.json, strictly, all problems at once. FOLDER/trusted/*.pem are public keys (Ed25519): a file X.json with X.json.sig
// beside it (64 bytes, or 128 hexadecimal digits) is signed when one of them fits, and a problem when none does.
std::vector<Order> read_orders(const std::string& folder, Problems&);

// Sets ordered_out and order_... of each row. Without orders ordered_out is 0: there is nothing that it could be unknown of.
void apply_orders(std::vector<FactsRow>&, const std::vector<Order>&, const VendorDb&);

}  // namespace herkomst
