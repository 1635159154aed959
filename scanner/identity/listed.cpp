// Rows of inventories that mean one device at two addresses.
#include <algorithm>

#include "core/text.h"
#include "identity/hosts.h"
#include "identity/resolve.h"

namespace herkomst {

namespace {

constexpr std::size_t rows_of_one_device = 4;  // a number that more rows have is no serial number

}  // namespace

// "zie bijlage 3" and "volgt in 2026" are none.
bool is_number(std::string_view serial) {
    constexpr std::ptrdiff_t enough = 6;
    return serial.find_first_of(" \t") == std::string_view::npos &&
           std::count_if(serial.begin(), serial.end(), [](char c) { return c >= '0' && c <= '9'; }) >= enough;
}

bool models_agree(const std::set<std::string>& a, const std::set<std::string>& b) {
    if (a.empty() || b.empty()) return true;
    return std::any_of(a.begin(), a.end(), [&](const std::string& one) {
        return std::any_of(b.begin(), b.end(),
                           [&](const std::string& other) { return one.starts_with(other) || other.starts_with(one); });
    });
}

// What the rows of inventories say of a device, and whether it was heard of otherwise.
std::map<std::size_t, Hosts::Told> Hosts::told() {
    std::map<std::size_t, Told> out;
    for (const Observation& observation : observations_) {
        const bool heard = observation.strength != Strength::Listed && observation.strength != Strength::Confirmed;
        if (observation.field == Field::address) {
            if (!heard) continue;
            if (const auto mac = mac_node_.find({observation.subject.site, observation.subject.mac}); mac != mac_node_.end())
                out[sets_.root(mac->second)].heard = true;
            const auto ip = IpAddress::parse(observation.value);
            if (!ip) continue;
            const auto at = ip_node_.find({observation.subject.site, observation.subject.vlan, *ip});
            if (at != ip_node_.end()) out[sets_.root(at->second)].heard = true;
            continue;
        }
        for (const Endpoint& subject : subjects_of(observation)) {
            Told& of = out[sets_.root(node(subject))];
            of.heard = of.heard || heard;
            // What a part says is not said of its host.
            if (!subject.path.empty() && !is_listed_only(subject)) continue;
            if (observation.field == Field::serial && plausible_serial(observation.value, observation.strength))
                of.serials.insert(folded(observation.value));
            if (observation.field == Field::model && !folded(observation.value).empty())
                of.models.insert(folded(observation.value));
        }
    }
    return out;
}

// One list that gives one number to rows of several addresses, or to rows of several names, says twice that they are several
// devices, and once that they are one: "see annex 3" is no serial number, whatever words it has. So that list's word binds
// nobody, unless the rows have a host name in common, which is that of a device with several ports, or are two, with what looks
// like a number: then a device is listed twice.
void Hosts::drop_given_to_many(Rows& rows) {
    std::map<std::size_t, std::set<std::string>> hostnames;  // by root, of inventories
    for (const Observation& observation : observations_) {
        if (observation.field != Field::hostname || observation.strength != Strength::Listed) continue;
        hostnames[sets_.root(node(observation.subject))].insert(lower(observation.value));
    }
    const auto several = [&](const std::set<std::size_t>& nodes, bool number) {
        std::set<std::size_t> roots;
        for (const std::size_t each : nodes) roots.insert(sets_.root(each));
        if (roots.size() < 2 || (roots.size() == 2 && number)) return false;
        const std::set<std::string> first = hostnames[*roots.begin()];
        return std::none_of(first.begin(), first.end(), [&](const std::string& name) {
            return std::all_of(roots.begin(), roots.end(), [&](std::size_t root) { return hostnames[root].contains(name); });
        });
    };
    for (auto& [what, sources] : rows)
        std::erase_if(sources, [&](const auto& each) {
            return several(each.second.with_address, each.second.number) ||
                   several(each.second.without_address, each.second.number);
        });
}

// Two rows with one serial of one maker and two addresses are one device, moved or with two ports. A row is right about the
// device at its address as long as that is all that is known there, so the weaker word binds less than the device's own: an
// address with rows of several serials is that of a gateway and its devices, models that contradict each other are two devices
// and a slip in a list, and of two devices that were heard on the network one row may be out of date.
void Hosts::join_listed(const std::map<std::string, std::set<std::size_t>>& listed,
                        const std::map<std::string, std::set<std::size_t>>& sharing) {
    const std::map<std::size_t, Told> all = told();
    static const Told nothing;
    const auto of = [&](std::size_t root) -> const Told& {
        const auto found = all.find(root);
        return found == all.end() ? nothing : found->second;
    };
    // Roots as they are before any of these joins: then no join depends on another.
    std::vector<std::set<std::size_t>> together;
    for (const auto& [what, rows] : listed) {
        std::set<std::size_t> roots;
        std::set<std::size_t> heard;
        const auto take = [&](std::size_t each, bool its_own_word) {
            const std::size_t root = sets_.root(each);
            if (!its_own_word && of(root).serials.size() != 1) return;
            (of(root).heard ? heard : roots).insert(root);
        };
        if (const auto own = sharing.find(what); own != sharing.end()) {
            for (const std::size_t each : own->second) take(each, true);
        }
        for (const std::size_t each : rows) take(each, false);
        // Several that were heard: which of them the rows mean is not known.
        if (heard.size() == 1) roots.insert(heard.begin(), heard.end());
        if (roots.size() > rows_of_one_device) continue;
        bool one_model = true;
        for (const std::size_t a : roots) {
            for (const std::size_t b : roots) one_model = one_model && models_agree(of(a).models, of(b).models);
        }
        if (one_model && roots.size() > 1) together.push_back(std::move(roots));
    }
    for (const auto& roots : together) {
        for (const std::size_t each : roots) sets_.join(*roots.begin(), each);
    }
}

}  // namespace herkomst
