// NetBox bulk import (4.2 or later): CSV files in the order in which they must be imported. README.txt says how.
//
// Everything arrives as "staged": what a network showed is a proposal to the documentation, not the documentation.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "assess/told.h"
#include "core/text.h"
#include "exports/export.h"
#include "exports/rows.h"
#include "exports/spreadsheet.h"

namespace herkomst::exports {

namespace {

// Limits of NetBox's own columns.
constexpr std::size_t name_max = 64;
constexpr std::size_t long_name_max = 100;
constexpr std::size_t serial_max = 50;
constexpr std::size_t description_max = 200;

std::string cut(std::string_view text, std::size_t max) { return clean(text, max); }

std::string slug(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool digit = c >= '0' && c <= '9';
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (digit || letter) {
            out += letter && c < 'a' ? static_cast<char>(c - 'A' + 'a') : c;
        } else if (!out.empty() && out.back() != '-') {
            out += '-';
        }
        if (out.size() >= long_name_max - 8) break;  // room for a number
    }
    while (!out.empty() && out.back() == '-') out.pop_back();
    return out.empty() ? "x" : out;
}

// Names that NetBox wants to be unique, ignoring case: a second one gets a number.
class Unique {
  public:
    explicit Unique(std::size_t max) : max_(max) {}
    std::string operator()(const std::string& wanted) {
        std::string out = wanted;
        for (int n = 2; !taken_.insert(lower(out)).second; ++n) {
            const std::string number = " (" + std::to_string(n) + ")";
            out = cut(wanted, max_ - number.size()) + number;
        }
        return out;
    }

  private:
    std::size_t max_;
    std::set<std::string> taken_;
};

class UniqueSlug {
  public:
    std::string operator()(std::string_view wanted) {
        const std::string base = slug(wanted);
        std::string out = base;
        for (int n = 2; !taken_.insert(out).second; ++n) out = base + "-" + std::to_string(n);
        return out;
    }

  private:
    std::set<std::string> taken_;
};

struct Device {
    const OverviewAsset* asset = nullptr;
    std::string name;
    std::string role;
    std::string manufacturer;
    std::string type;
};

std::string role_of(const OverviewAsset& asset) {
    const std::string category = fact_text(asset, "category");
    return category.empty() ? "unknown" : category;
}
std::string manufacturer_of(const OverviewAsset& asset) {
    const std::string maker = cut(asset.maker_name.empty() ? value_of(asset, Field::maker) : asset.maker_name, long_name_max);
    return maker.empty() ? "Unknown" : maker;
}
std::string model_of(const OverviewAsset& asset) {
    for (const Field field : {Field::model, Field::product}) {
        if (std::string value = cut(value_of(asset, field), long_name_max); !value.empty()) return value;
    }
    return "unknown";
}

std::string description_of(const OverviewAsset& asset) {
    std::string out = "herkomst: maker ";
    const Belief* maker = asset.belief(Field::maker);
    if (maker != nullptr && maker->contested) {
        out += "contested";
    } else if (maker == nullptr || maker->value.empty()) {
        out += "unknown";
    } else {
        out += name(maker->strength);
    }
    out += ", control " + (asset.country.empty() ? "unknown" : asset.country) + " (" + control_status(asset) + ")";
    if (const std::string& firmware = value_of(asset, Field::firmware); !firmware.empty()) out += ", firmware " + firmware;
    return cut(out, description_max);
}

constexpr std::array<std::string_view, 4> bands = {"low", "medium", "high", "critical"};

constexpr std::string_view readme_start =
    "\r\n\r\n"
    "Import these files in NetBox (4.2 or later) in the order of their numbers: the list of each kind of object, Import,\r\n"
    "Upload file. Import into a test instance or a branch first and compare: what a network showed is a proposal.\r\n\r\n"
    "- Devices arrive with status \"staged\", tag \"herkomst\", and asset tag \"herkomst-UID\" by which a later run is "
    "matched.\r\n"
    "- Objects that you have already (a manufacturer, a site) are refused as duplicates: leave those rows out.\r\n"
    "- A device whose maker or model is unknown or contested has manufacturer \"Unknown\", type \"unknown\".\r\n"
    "- An address has the length /32 or /128: a network seen from outside does not tell its mask.\r\n"
    "- With several MAC addresses it is not known which holds which IP address: those are on a virtual interface \"ip\".\r\n"
    "- 09 makes the first IPv4 and IPv6 address of a device its primary one (is_primary); no separate update is needed.\r\n"
    "- Parts (units, slots, modules) are inventory items of their device. Software and services have no place in these "
    "files.\r\n"
    "- A cell that starts with = + - @ tab CR or ' has a ' in front, for spreadsheets; take it away where you find one.\r\n";

std::vector<ExportFile> make_netbox(const Overview& overview, const ExportOptions& options) {
    const AssetsByUid known = assets_by_uid(overview);
    const std::string site = cut(overview.site.empty() ? "Site" : overview.site, long_name_max);
    const auto sheet = [&](std::vector<std::string_view> headers) {
        return Spreadsheet(std::move(headers), options.delimiter, options.bom);
    };

    std::vector<Device> devices;
    std::vector<const OverviewAsset*> parts;
    std::uint64_t left_out = 0;
    Unique device_name(name_max);
    std::map<std::string, std::string> name_of;  // uid of a device -> its name
    for (const OverviewAsset& asset : overview.assets) {
        if (asset.kind == "software" || asset.kind == "service") {
            ++left_out;
        } else if (!asset.parent.empty() && known.contains(asset.parent)) {
            parts.push_back(&asset);
        } else {
            std::string wanted = asset.identifiers.hostname.empty() ? asset.label : *asset.identifiers.hostname.begin();
            wanted = cut(wanted, name_max);
            Device device{&asset, device_name(wanted.empty() ? asset.uid : wanted), role_of(asset), manufacturer_of(asset),
                          model_of(asset)};
            name_of[asset.uid] = device.name;
            devices.push_back(std::move(device));
        }
    }

    std::map<std::string, Band> worst;
    for (const OverviewFinding& held : overview.findings) {
        if (held.finding.subject.kind != "asset" || !held.open()) continue;
        Band& band = worst[held.finding.subject.key];
        band = std::max(band, held.leading());
    }

    // The label travels with what it is about: a tag of its own, on every row of every file but that of the tags.
    const std::string label = slug("TLP " + overview.tlp);
    Spreadsheet tags = sheet({"name", "slug", "color", "description"});
    tags.row({"TLP:" + overview.tlp, label, "9e9e9e", "Traffic Light Protocol 2.0: how far this may be passed on"});
    tags.row({"herkomst", "herkomst", "607d8b", "Found by herkomst"});
    constexpr std::array<std::string_view, 4> colours = {"4caf50", "ffc107", "ff9800", "f44336"};
    for (std::size_t i = 0; i < bands.size(); ++i) {
        const std::string band(bands[i]);
        tags.row({"herkomst " + band, "herkomst-" + band, std::string(colours[i]), "Worst open finding: " + band});
    }
    Spreadsheet sites = sheet({"name", "slug", "status", "tags"});
    sites.row({site, slug(site), "active", label});

    std::set<std::string> manufacturer_names;
    std::set<std::string> role_names;
    std::set<std::pair<std::string, std::string>> type_names;
    for (const Device& device : devices) {
        manufacturer_names.insert(device.manufacturer);
        role_names.insert(device.role);
        type_names.emplace(device.manufacturer, device.type);
    }
    for (const OverviewAsset* part : parts) manufacturer_names.insert(manufacturer_of(*part));

    Spreadsheet manufacturers = sheet({"name", "slug", "description", "tags"});
    UniqueSlug manufacturer_slug;
    for (const std::string& each : manufacturer_names) {
        manufacturers.row({each, manufacturer_slug(each), each == "Unknown" ? "Maker not known or contested" : "", label});
    }
    Spreadsheet roles = sheet({"name", "slug", "color", "vm_role", "description", "tags"});
    UniqueSlug role_slug;
    for (const std::string& each : role_names) roles.row({each, role_slug(each), "9e9e9e", "false", "", label});
    Spreadsheet types = sheet({"manufacturer", "model", "slug", "u_height", "is_full_depth", "tags"});
    UniqueSlug type_slug;
    for (const auto& [manufacturer, model] : type_names) {
        types.row({manufacturer, model, type_slug(manufacturer + " " + model), "0", "false", label});
    }

    Spreadsheet rows =
        sheet({"name", "role", "manufacturer", "device_type", "status", "site", "serial", "asset_tag", "description", "tags"});
    Spreadsheet interfaces = sheet({"device", "name", "type", "enabled", "tags"});
    Spreadsheet macs = sheet({"mac_address", "device", "interface", "is_primary", "tags"});
    Spreadsheet addresses = sheet({"address", "status", "device", "interface", "is_primary", "description", "tags"});
    std::set<std::string> addresses_given;
    std::uint64_t twice = 0;
    for (const Device& device : devices) {
        const OverviewAsset& asset = *device.asset;
        std::string labels = "herkomst," + label;
        if (const auto found = worst.find(asset.uid); found != worst.end()) {
            labels += ",herkomst-" + std::string(name(found->second));
        }
        rows.row({device.name, device.role, device.manufacturer, device.type, "staged", site,
                  cut(value_of(asset, Field::serial), serial_max), cut("herkomst-" + asset.uid, serial_max),
                  description_of(asset), labels});
        std::size_t n = 0;
        for (const std::string& mac : asset.identifiers.mac) {
            const std::string interface = "lan" + std::to_string(++n);
            interfaces.row({device.name, interface, "other", "true", label});
            macs.row({mac, device.name, interface, "true", label});
        }
        if (asset.identifiers.ip.empty()) continue;
        if (n != 1) interfaces.row({device.name, "ip", "virtual", "true", label});
        bool first_of[2] = {true, true};
        for (const std::string& ip : asset.identifiers.ip) {
            const bool six = ip.find(':') != std::string::npos;
            if (!addresses_given.insert(ip).second) {
                ++twice;
                continue;
            }
            addresses.row({ip + (six ? "/128" : "/32"), "active", device.name, n == 1 ? "lan1" : "ip",
                           first_of[six ? 1 : 0] ? "true" : "false", "herkomst", label});
            first_of[six ? 1 : 0] = false;
        }
    }

    Spreadsheet items =
        sheet({"device", "name", "status", "manufacturer", "part_id", "serial", "discovered", "description", "tags"});
    std::map<std::string, Unique> item_name;
    for (const OverviewAsset* part : parts) {
        const OverviewAsset* device = part;
        for (std::size_t steps = 0; steps < known.size() && !name_of.contains(device->uid); ++steps) {
            const auto up = known.find(device->parent);
            if (up == known.end()) break;
            device = up->second;
        }
        const auto of = name_of.find(device->uid);
        if (of == name_of.end()) {
            ++left_out;
            continue;
        }
        std::string wanted = cut(part->label, name_max);
        if (wanted.empty()) wanted = part->uid;
        const std::string called = item_name.try_emplace(of->second, name_max).first->second(wanted);
        items.row({of->second, called, "staged", manufacturer_of(*part), cut(value_of(*part, Field::model), serial_max),
                   cut(value_of(*part, Field::serial), serial_max), "true", description_of(*part), label});
    }

    std::string readme = "TLP:" + overview.tlp;
    readme += readme_start;
    readme += "\r\n" + std::to_string(devices.size()) + " devices, " + std::to_string(parts.size()) +
              " parts. Left out: " + std::to_string(left_out) + " of software or services, " + std::to_string(twice) +
              " addresses that an earlier device of the list holds too.\r\n";
    for (const char* lang : {"en", "nl"}) readme += "\r\n" + disclaimer_line(lang) + "\r\n";
    return {{"01-tags.csv", tags.take()},
            {"02-sites.csv", sites.take()},
            {"03-manufacturers.csv", manufacturers.take()},
            {"04-device-roles.csv", roles.take()},
            {"05-device-types.csv", types.take()},
            {"06-devices.csv", rows.take()},
            {"07-interfaces.csv", interfaces.take()},
            {"08-mac-addresses.csv", macs.take()},
            {"09-ip-addresses.csv", addresses.take()},
            {"10-inventory-items.csv", items.take()},
            {"README.txt", readme}};
}

}  // namespace

Export netbox() {
    return {"netbox", "bulk import files for NetBox, as staged devices", "NetBox 4.2 or later, bulk import of CSV",
            "01-tags.csv, 02-sites.csv, 03-manufacturers.csv, 04-device-roles.csv, 05-device-types.csv, 06-devices.csv, "
            "07-interfaces.csv, 08-mac-addresses.csv, 09-ip-addresses.csv, 10-inventory-items.csv, README.txt",
            make_netbox};
}

}  // namespace herkomst::exports
