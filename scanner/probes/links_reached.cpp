// What everybody on a link is asked reaches those too whom the scope file excludes or calls fragile.
#include "probes/campaign.h"

namespace herkomst {

bool Campaign::on_link(const std::string& interface, const AddressRange& range) const {
    const auto link = options_.links.find(interface);
    bool known = false;
    if (link != options_.links.end()) {
        for (const AddressRange& each : link->second) {
            if (each.first.version != range.first.version) continue;
            known = true;
            if (range.first <= each.last && each.first <= range.last) return true;
        }
    }
    return !known;
}

std::string Campaign::gated_on_link(const Errand& errand) const {
    const std::string named(errand.probe->name);
    for (const FragileDevice& each : scope_->fragile) {
        if (each.tolerates.contains(named) || !on_link(errand.interface, each.range)) continue;
        return "everybody on " + errand.interface + " hears it, and the scope file says that " + each.range.text() +
               " is fragile: " + each.why;
    }
    for (const FragileFamily& family : families_) {
        if (!family.never.contains(named)) continue;
        for (const auto& [ip, known] : knowledge_.all()) {
            if ((!known.makers.contains(family.maker) && !known.parts.contains(family.maker)) ||
                !on_link(errand.interface, {ip, ip}))
                continue;
            return "everybody on " + errand.interface + " hears it, " + ip.text() + " too, and devices of " + family.maker +
                   " are not asked this: " + family.why;
        }
    }
    return {};
}

std::vector<std::string> Campaign::reached() const {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < devices_.size(); ++i) {
        const ScopeInterface* interface = devices_[i].interface;
        if (interface == nullptr || errands_of(i).empty()) continue;
        std::string who;
        for (const AddressRange& each : scope_->exclude)
            if (on_link(interface->name, each)) who += (who.empty() ? "" : ", ") + each.text();
        if (!who.empty())
            out.push_back("what everybody on " + interface->name +
                          " is asked is heard by whom the scope file excludes too: " + who);
    }
    return out;
}

}  // namespace herkomst
