#include "identity/software.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "core/hash.h"
#include "core/text.h"
#include "identity/fuse.h"
#include "vendordb/vendordb.h"

namespace herkomst {

namespace {

// What a device says of its programs. Of a longer text (a banner, a description) only the maker is taken over.
constexpr std::array<std::string_view, 2> names = {"software=", "os="};
constexpr std::array<std::string_view, 3> texts = {"banner=", "description=", "vendor_class="};

// "lighttpd/1.4.35", "OpenSSH_9.2p1": the name in front of the version.
std::string_view stem(std::string_view text) { return trimmed(text.substr(0, text.find_first_of("/_ (0123456789"))); }

// What the fingerprint that gave this claim calls the operating system, where it does.
std::string named_with(const Claim& claim, const Asset& device) {
    for (const Claim& other : device.claims) {
        if (other.field == Field::os && other.method == claim.method && other.because == claim.because) return other.value;
    }
    return {};
}

constexpr std::string_view windows_version = "fingerprint:windows_version/";

// A user agent may call a program by a name of its own ("ESS Update (Windows; ...)"), and Windows says a number. Where the
// fingerprint says what it is called, that counts.
std::string program_with(const Claim& claim, const Asset& device) {
    if (!claim.method.starts_with("fingerprint:http_user_agent/") && !claim.method.starts_with(windows_version)) return {};
    for (const Claim& other : device.claims) {
        if (other.field == Field::software && other.method == claim.method && other.because == claim.because)
            return other.value;
    }
    return {};
}

// What the program is called: empty when this is no claim about one.
std::string program_called(const Claim& claim, const Vendor& vendor, const Asset& device) {
    for (const std::string_view start : names) {
        if (!claim.because.starts_with(start)) continue;
        // CDP's version text is a description of the whole system.
        if (claim.method.starts_with("fingerprint:cdp_")) {
            if (std::string os = named_with(claim, device); !os.empty()) return os;
        }
        std::string text = claim.because.substr(start.size());
        // A browser's user agent begins with somebody else's name.
        if (stem(text).empty() || starts_with_ignoring_case(text, "Mozilla/")) return vendor.name;
        return text;
    }
    for (const std::string_view start : texts) {
        if (!claim.because.starts_with(start)) continue;
        const std::string os = named_with(claim, device);
        return os.empty() ? vendor.name : os;
    }
    return {};
}

Claim about(const Claim& claim, Field field, std::string value, std::string vendor, const std::string& software) {
    Claim out = claim;
    out.field = field;
    out.value = std::move(value);
    out.vendor = std::move(vendor);
    out.subject.software = software;
    return out;
}

}  // namespace

std::vector<Asset> software_of(const std::vector<Asset>& assets, const Asked& asked, const VendorDb& db, Time now) {
    std::vector<Asset> out;
    for (const Asset& device : assets) {
        std::map<std::pair<std::string, std::string>, Asset> programs;  // maker, name
        std::set<std::string> versions;                                 // makers of a system of which the version is known
        for (const Claim& claim : device.claims) {
            if (claim.field != Field::stack_maker || claim.vendor.empty() || claim.strength < Strength::Matched) continue;
            const Vendor* vendor = db.vendor(claim.vendor);
            if (vendor == nullptr) continue;
            const std::string named = program_with(claim, device);
            const std::string text = named.empty() ? program_called(claim, *vendor, device) : named;
            if (text.empty()) continue;
            const std::string name = folded(!named.empty() || stem(text).empty() ? text : stem(text));
            const auto key = std::make_pair(claim.vendor, name);
            if (programs.size() >= software_per_device && !programs.contains(key)) continue;
            Asset& program = programs[key];
            program.claims.push_back(about(claim, Field::product, text, {}, name));
            program.claims.push_back(about(claim, Field::stack_maker, vendor->name, vendor->slug, name));
            if (claim.method.starts_with(windows_version)) {
                program.claims.push_back(about(claim, Field::category, "operating_system", {}, name));
                versions.insert(claim.vendor);
            } else if (vendor->categories.size() == 1) {
                program.claims.push_back(about(claim, Field::category, vendor->categories.front(), {}, name));
            }
        }
        // "Windows" alone adds nothing where its version is known.
        for (const std::string& maker : versions) programs.erase({maker, "windows"});
        if (const auto services = asked.find(device.key); services != asked.end()) {
            for (const ServiceAsked& service : services->second) {
                const auto key = std::make_pair(service.vendor, folded(service.product));
                if (programs.size() >= software_per_device && !programs.contains(key)) continue;
                std::vector<Claim>& claims = programs[key].claims;
                for (Claim claim : service.claims) {
                    claim.subject.software = key.second;
                    claims.push_back(std::move(claim));
                }
            }
        }
        for (auto& [key, program] : programs) {
            program.kind = "software";
            program.site = device.site;
            program.parent = device.key;
            program.basis = "software:" + device.key + "/" + key.first + "/" + key.second;
            program.key = sha256(program.site + "|software|" + program.basis).substr(0, 16);
            std::sort(program.claims.begin(), program.claims.end(), claim_order);
            program.seen = program.claims.front().seen;
            for (const Claim& claim : program.claims) {
                program.seen.first = std::min(program.seen.first, claim.seen.first);
                program.seen.last = std::max(program.seen.last, claim.seen.last);
            }
            program.beliefs = fuse(program.claims, db, now);
            out.push_back(std::move(program));
        }
    }
    std::sort(out.begin(), out.end(), [](const Asset& a, const Asset& b) { return a.key < b.key; });
    return out;
}

}  // namespace herkomst
