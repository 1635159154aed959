#include "identity/fuse.h"

#include <algorithm>
#include <optional>
#include <set>

#include "core/power.h"
#include "core/text.h"
#include "vendordb/vendordb.h"

namespace herkomst {

namespace {

bool names_a_vendor(Field field) {
    switch (field) {
        case Field::maker:
        case Field::brand:
        case Field::nic_maker:
        case Field::module_maker:
        case Field::stack_maker:
        case Field::cloud_operator:
            return true;
        default:
            return false;
    }
}

bool may_be_contested(Field field) {
    return field == Field::maker || field == Field::brand || field == Field::serial || field == Field::rated_power;
}

struct Candidate {
    std::string value;  // the spelling of its best claim
    std::string vendor;
    Strength strength = Strength::Hinted;
    std::set<std::string> methods;
    Time last{};
    bool has_time = false;

    // Nothing but patterns of Rapid7's says so: what we know ourselves goes before that.
    [[nodiscard]] bool only_recog() const {
        return std::all_of(methods.begin(), methods.end(), [](const std::string& m) { return m.starts_with("recog:"); });
    }
};

// One witness, however many ways it is derived: "alias:modbus.device_id" and "modbus.device_id" are the same method.
std::string witness(const std::string& method) { return method.starts_with("alias:") ? method.substr(6) : method; }

bool better(const Candidate& a, const Candidate& b) {
    if (a.strength != b.strength) return a.strength > b.strength;
    if (a.only_recog() != b.only_recog()) return b.only_recog();
    if (a.methods.size() != b.methods.size()) return a.methods.size() > b.methods.size();
    if (a.has_time != b.has_time) return a.has_time;
    if (a.has_time && a.last != b.last) return a.last > b.last;
    return a.value < b.value;
}

bool related(const Candidate& a, const Candidate& b, const VendorDb& db) {
    if (!a.vendor.empty() && !b.vendor.empty()) return db.related(a.vendor, b.vendor);
    // One of the two has no vendor file: the same words differently ordered or shortened are the same name.
    const std::string x = folded(a.value);
    const std::string y = folded(b.value);
    return x == y || x.starts_with(y + " ") || y.starts_with(x + " ");
}

// Two ways to say one thing. Serial numbers have none; powers are rounded, and a slip of the unit is another power.
bool agree(Field field, const Candidate& a, const Candidate& b, const VendorDb& db) {
    if (field == Field::serial) return false;
    if (field != Field::rated_power) return related(a, b, db);
    const std::optional<std::int64_t> x = watts(a.value);
    const std::optional<std::int64_t> y = watts(b.value);
    return !x || !y || !powers_differ(*x, *y);
}

}  // namespace

// What one device has one of.
bool is_of_one_device(Field field) {
    return field == Field::model || field == Field::product || field == Field::hardware || field == Field::firmware;
}

// By one method two values that are equally strong: not two ways to say a thing, but two things.
bool said_twice(const Candidate& a, const Candidate& b) {
    return a.strength == b.strength && std::any_of(a.methods.begin(), a.methods.end(),
                                                   [&](const std::string& method) { return b.methods.contains(method); });
}

// Two hints of different kinds that agree are more than a hint: whose a device's answer suggests that it is, and who has the
// number of its network interface.
void hold_against_number(std::map<std::string, Candidate>& said, const std::map<std::string, Candidate>& numbers,
                         const VendorDb& db) {
    for (auto& [same, candidate] : said) {
        if (candidate.strength != Strength::Hinted || candidate.vendor.empty()) continue;
        for (const auto& [holder, number] : numbers) {
            if (number.vendor.empty() || !(number.vendor == candidate.vendor || db.related(number.vendor, candidate.vendor)))
                continue;
            candidate.strength = Strength::Matched;
            candidate.methods.insert(number.methods.begin(), number.methods.end());
        }
    }
}

std::map<Field, Belief> fuse(const std::vector<Claim>& claims, const VendorDb& db, Time now) {
    using namespace std::chrono;
    const Time earliest = sys_days(year(1990) / 1 / 1);
    const Time latest = now + hours(24);
    std::map<Field, std::map<std::string, Candidate>> fields;
    for (const Claim& claim : claims) {
        // The same vendor, or the same words in another case, is one value.
        const std::string same =
            names_a_vendor(claim.field) && !claim.vendor.empty() ? "=" + claim.vendor : folded(claim.value);
        Candidate& candidate = fields[claim.field][same.empty() ? claim.value : same];
        const bool first = candidate.value.empty();
        if (first || claim.strength > candidate.strength ||
            (claim.strength == candidate.strength && claim.value < candidate.value)) {
            candidate.value = claim.value;
            candidate.strength = claim.strength;
        }
        candidate.vendor = claim.vendor;
        if (claim.seen.last >= earliest && claim.seen.last <= latest) {
            candidate.last = candidate.has_time ? std::max(candidate.last, claim.seen.last) : claim.seen.last;
            candidate.has_time = true;
        }
    }
    // Only methods that reach the candidate's strength support it there: ten hints do not outvote a second statement.
    for (const Claim& claim : claims) {
        const std::string same =
            names_a_vendor(claim.field) && !claim.vendor.empty() ? "=" + claim.vendor : folded(claim.value);
        Candidate& candidate = fields[claim.field][same.empty() ? claim.value : same];
        if (claim.strength == candidate.strength) candidate.methods.insert(witness(claim.method));
    }
    if (const auto numbers = fields.find(Field::nic_maker); numbers != fields.end()) {
        for (const Field field : {Field::brand, Field::maker}) {
            if (const auto said = fields.find(field); said != fields.end())
                hold_against_number(said->second, numbers->second, db);
        }
    }
    std::map<Field, Belief> beliefs;
    bool several = false;  // devices, of which claims came together here
    std::map<Field, std::vector<std::string>> spread;
    for (const auto& [field, by_value] : fields) {
        std::vector<const Candidate*> ranked;
        for (const auto& [same, candidate] : by_value) ranked.push_back(&candidate);
        std::sort(ranked.begin(), ranked.end(), [](const Candidate* a, const Candidate* b) { return better(*a, *b); });
        Belief belief;
        const Candidate& best = *ranked.front();
        belief.strength = best.strength;
        belief.methods.assign(best.methods.begin(), best.methods.end());
        if (may_be_contested(field)) {
            for (std::size_t i = 1; i < ranked.size() && ranked[i]->strength == best.strength; ++i) {
                if (ranked[i]->only_recog() && !best.only_recog()) continue;
                const bool kin = agree(field, best, *ranked[i], db);
                if (!kin) belief.contested = true;
                several = several || (!kin && field != Field::rated_power && said_twice(best, *ranked[i]));
            }
        }
        if (is_of_one_device(field)) {
            for (std::size_t i = 1; i < ranked.size(); ++i) {
                if (!said_twice(best, *ranked[i])) continue;
                for (const Candidate* each : ranked) spread[field].push_back(each->value);
                break;
            }
        }
        if (!belief.contested) {
            belief.value = best.value;
            belief.vendor = best.vendor;
        }
        for (std::size_t i = belief.contested ? 0 : 1; i < ranked.size(); ++i) belief.dissent.push_back(ranked[i]->value);
        beliefs.emplace(field, std::move(belief));
    }
    // Of several devices no model, firmware or version is this one's.
    for (auto& [field, values] : spread) {
        if (!several) break;
        Belief& belief = beliefs.at(field);
        belief.contested = true;
        belief.value.clear();
        belief.vendor.clear();
        belief.dissent = std::move(values);
    }
    return beliefs;
}

}  // namespace herkomst
