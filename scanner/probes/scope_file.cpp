// The scope file read: every problem at once, each with its JSON pointer.
#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <span>

#include "core/file.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/text.h"
#include "probes/bacnet_asks.h"
#include "probes/plant_ports.h"
#include "probes/scope.h"
#include "vendordb/signed.h"

namespace herkomst {

namespace {

using Words = std::vector<std::string_view>;

class Place {
  public:
    Place(const Json& value, std::string name, std::string pointer, Problems& problems)
        : value_(&value), name_(std::move(name)), pointer_(std::move(pointer)), problems_(&problems) {}

    void complain(const std::string& sentence) const {
        problems_->push_back({name_ + ": " + (pointer_.empty() ? "/" : pointer_), sentence});
    }
    [[nodiscard]] const Json& value() const { return *value_; }
    [[nodiscard]] Place at(std::string_view key) const {
        return {(*value_)[key], name_, pointer_ + "/" + std::string(key), *problems_};
    }
    [[nodiscard]] bool has(std::string_view key) const { return value_->has(key); }

    // False when it is no object; members that are not known or missing are problems.
    bool object(const Words& required, const Words& optional) const {
        if (!value_->is_object()) {
            complain("must be an object");
            return false;
        }
        for (const auto& [key, ignored] : value_->members()) {
            const bool known =
                std::ranges::find(required, key) != required.end() || std::ranges::find(optional, key) != optional.end();
            if (!known) at(key).complain("is not known");
        }
        for (const std::string_view key : required)
            if (!has(key)) complain("misses \"" + std::string(key) + "\"");
        return true;
    }
    void each(const std::function<void(const Place&)>& take) const {
        if (!value_->is_array()) {
            complain("must be a list");
            return;
        }
        for (std::size_t i = 0; i < value_->items().size(); ++i)
            take({value_->items()[i], name_, pointer_ + "/" + std::to_string(i), *problems_});
    }
    [[nodiscard]] std::string text() const {
        if (!value_->is_string() || value_->string().empty()) complain("must be a text that is not empty");
        return value_->string();
    }
    [[nodiscard]] bool boolean() const {
        if (!value_->is_bool()) complain("must be true or false");
        return value_->boolean();
    }
    [[nodiscard]] std::uint32_t number(std::int64_t least, std::int64_t most) const {
        if (!value_->is_integer() || value_->integer() < least || value_->integer() > most) {
            complain("must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
            return static_cast<std::uint32_t>(least);
        }
        return static_cast<std::uint32_t>(value_->integer());
    }

  private:
    const Json* value_;
    std::string name_;
    std::string pointer_;
    Problems* problems_;
};

bool meets(const AddressRange& range, std::string_view other) {
    const AddressRange with = AddressRange::parse(other).value();
    return range.first.version == with.first.version && range.first <= with.last && with.first <= range.last;
}

// IPv6 that ends up as IPv4: compatible, mapped and translated addresses, and those of tunnels (RFC 4291 section 2.5.5, RFC
// 2765 section 2.1, RFC 6052 section 2.1, RFC 8215, RFC 3056 section 2, RFC 4380 section 2.6). The device would have another
// name there than in an exclusion, a gate or a session.
constexpr std::string_view another_name[] = {"::2-::ffff:ffff", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96",
                                             "64:ff9b:1::/48",  "2002::/16",     "2001::/32"};
// Of no one device (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.2 and 2.7).
constexpr std::string_view nobody[] = {"0.0.0.0/8", "224.0.0.0/4", "255.255.255.255", "::", "ff00::/8"};

bool meets(const AddressRange& range, std::span<const std::string_view> others) {
    return std::ranges::any_of(others, [&](std::string_view other) { return meets(range, other); });
}

AddressRange range_at(const Place& place) {
    const auto range = AddressRange::parse(place.text());
    if (!range) {
        place.complain("must be an address, a prefix like 10.20.0.0/24 without bits behind it, or FIRST-LAST");
        return {};
    }
    if (meets(*range, another_name)) place.complain("holds IPv4 addresses under another name: write them as IPv4");
    return *range;
}

Time time_at(const Place& place) {
    const auto time = parse_rfc3339(place.text());
    if (!time) place.complain("must be a time like 2026-11-21T22:00:00Z");
    return time.value_or(Time{});
}

std::chrono::milliseconds pause_at(const Place& place) {
    const auto pause = pause_of(place.text());
    if (!pause) place.complain("must be a time like 250ms, 2s, 15m or 12h");
    return pause.value_or(std::chrono::milliseconds(0));
}

std::set<Family> families_at(const Place& place) {
    std::set<Family> families;
    place.each([&](const Place& each) {
        const auto family = family_named(each.text());
        if (!family) {
            each.complain("must be one of network, it, building, camera, energy, ot");
        } else {
            families.insert(*family);
        }
    });
    return families;
}

std::set<std::string> probes_at(const Place& place) {
    std::set<std::string> probes;
    place.each([&](const Place& each) {
        const std::string named = each.text();
        if (!named.empty() && probe_named(named) == nullptr) each.complain("there is no probe \"" + clean(named) + "\"");
        probes.insert(named);
    });
    return probes;
}

std::vector<std::uint32_t> numbers_at(const Place& place, std::int64_t most) {
    std::vector<std::uint32_t> numbers;
    place.each([&](const Place& each) { numbers.push_back(each.number(0, most)); });
    if (numbers.size() > 256) place.complain("names more than 256: that would be a sweep");
    return numbers;
}

void instances_at(const Place& place, std::uint32_t& low, std::uint32_t& high) {
    if (place.value().items().size() != 2) {
        place.complain("must be a list of two numbers, the first and the last");
        return;
    }
    std::vector<std::uint32_t> ends;
    place.each([&](const Place& each) { ends.push_back(each.number(0, UINT32_MAX)); });
    if (ends[0] > ends[1]) place.complain("ends before it begins");
    low = ends[0];
    high = ends[1];
}

ScopeRange scope_range(const Place& place) {
    ScopeRange range;
    if (!place.object({"range"}, {"families", "safety", "probes", "not", "ports", "units", "slots", "stations", "communities",
                                  "instances", "maker", "gateway", "pause", "shared_sessions"}))
        return range;
    if (place.has("range")) {
        range.range = range_at(place.at("range"));
        if (meets(range.range, nobody))
            place.at("range").complain("is nobody's address, or holds one that is");
        else if (range.range.size() > AddressRange::addresses_max)
            place.at("range").complain("holds more than 65536 addresses");
    }
    if (place.has("families")) range.families = families_at(place.at("families"));
    if (place.has("safety")) {
        const auto safety = safety_named(place.at("safety").text());
        if (!safety) place.at("safety").complain("must be one of ask identity, open session, read many");
        range.safety = safety.value_or(Safety::AskIdentity);
    }
    if (place.has("probes")) range.probes = probes_at(place.at("probes"));
    if (place.has("not")) range.not_probes = probes_at(place.at("not"));
    if (place.value().is_object() && range.families.empty() && range.probes.empty())
        place.complain("allows nothing: name families or probes");
    if (place.has("ports")) {
        const Place ports = place.at("ports");
        if (!ports.value().is_object()) ports.complain("must be an object of probe and ports");
        for (const auto& [probe, list] : ports.value().members()) {
            const Probe* const asker = probe_named(probe);
            if (asker == nullptr) ports.at(probe).complain("there is no such probe");
            ports.at(probe).each([&](const Place& each) {
                const auto port = static_cast<std::uint16_t>(each.number(1, 65'535));
                const std::string_view owner = asker == nullptr ? std::string_view() : plant_owner_of(port, *asker);
                if (!owner.empty()) each.complain("is a port of " + std::string(owner) + ": no other question is asked there");
                range.ports[probe].push_back(port);
            });
            if (range.ports[probe].size() > 16) ports.at(probe).complain("names more than 16 ports: that would be a sweep");
        }
    }
    if (place.has("units")) range.units = numbers_at(place.at("units"), UINT32_MAX);
    if (place.has("slots")) range.slots = numbers_at(place.at("slots"), 255);
    if (place.has("stations")) {
        place.at("stations").each([&](const Place& each) {
            const std::string station = each.text();
            if (!bacnet_asks::station_of(station).known)
                each.complain(
                    "must be a BACnet network and an address of one byte, as in \"1200:7\", neither of them everybody's");
            range.stations.push_back(station);
        });
        if (range.stations.size() > 256) place.at("stations").complain("names more than 256");
    }
    if (place.has("communities")) {
        place.at("communities").each([&](const Place& each) {
            const std::string community = each.text();
            if (community.size() > 64 || !printable_ascii(community)) each.complain("must be at most 64 printable characters");
            range.communities.push_back(community);
        });
        if (range.communities.size() > 4) place.at("communities").complain("names more than 4: that would be guessing");
    }
    if (place.has("instances")) instances_at(place.at("instances"), range.low, range.high);
    if (place.has("maker")) range.maker = place.at("maker").text();
    if (place.has("gateway")) range.gateway = place.at("gateway").boolean();
    if (place.has("pause")) {
        range.pause = pause_at(place.at("pause"));
        if (*range.pause < std::chrono::milliseconds(200)) place.at("pause").complain("can only be longer than 200ms");
    }
    if (place.has("shared_sessions")) range.shared_sessions = place.at("shared_sessions").boolean();
    return range;
}

// Of two ranges the smaller one decides: two of one size that share an address decide nothing.
void undecided(const std::vector<ScopeRange>& ranges, const Place& place) {
    std::map<std::uint64_t, std::vector<std::size_t>> by_size;
    for (std::size_t i = 0; i < ranges.size(); ++i)
        if (ranges[i].range.first.known()) by_size[ranges[i].range.size()].push_back(i);
    for (auto& [size, those] : by_size) {
        std::ranges::stable_sort(those, {}, [&](std::size_t i) { return ranges[i].range.first; });
        for (std::size_t i = 1; i < those.size(); ++i) {
            const auto [first, second] = std::minmax(those[i - 1], those[i]);
            if (!ranges[those[i - 1]].range.holds(ranges[those[i]].range.first)) continue;
            place.each([&, at = std::size_t{0}](const Place& each) mutable {
                if (at++ == second)
                    each.at("range").complain("shares addresses with /ranges/" + std::to_string(first) +
                                              ", which is as large: neither decides what holds for them");
            });
        }
    }
}

unsigned minute_of_day(const Place& place) {
    const std::string text = place.text();
    unsigned hours = 99;
    unsigned minutes = 99;
    const auto digits = [&](std::size_t at) { return text.find_first_not_of("0123456789", at) >= at + 2; };
    if (text.size() == 5 && text[2] == ':' && digits(0) && digits(3)) {
        std::from_chars(text.data(), text.data() + 2, hours);
        std::from_chars(text.data() + 3, text.data() + 5, minutes);
    }
    if (hours > 24 || minutes > 59 || hours * 60 + minutes > 24 * 60) {
        place.complain("must be a time of day like 22:00");
        return 0;
    }
    return hours * 60 + minutes;
}

TimeWindow window_at(const Place& place) {
    TimeWindow window;
    if (!place.object({"from", "until"}, {"days", "utc_offset"})) return window;
    if (place.has("from")) window.from = minute_of_day(place.at("from"));
    if (place.has("until")) window.until = minute_of_day(place.at("until"));
    // Nothing, or a whole day? Who means a day says so.
    if (place.has("from") && place.has("until") && window.from == window.until)
        place.at("until").complain("is when it begins: a whole day is from 00:00 until 24:00");
    constexpr std::string_view names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    if (place.has("days")) {
        place.at("days").each([&](const Place& each) {
            const auto found = std::ranges::find(names, std::string_view(each.text()));
            if (found == std::end(names)) {
                each.complain("must be one of mon, tue, wed, thu, fri, sat, sun");
            } else {
                window.days.insert(static_cast<unsigned>(found - std::begin(names)));
            }
        });
    } else {
        window.days = {0, 1, 2, 3, 4, 5, 6};
    }
    if (place.has("utc_offset")) {
        const std::string text = place.at("utc_offset").text();
        // As of a time with that offset.
        const auto at_offset = parse_rfc3339("2000-01-01T12:00:00" + text);
        const auto at_zero = parse_rfc3339("2000-01-01T12:00:00Z");
        if (!at_offset || !at_zero || text == "Z") {
            place.at("utc_offset").complain("must be an offset like +01:00");
        } else {
            window.offset = std::chrono::duration_cast<std::chrono::minutes>(*at_zero - *at_offset);
        }
    }
    return window;
}

ScopeInterface interface_at(const Place& place) {
    ScopeInterface interface;
    if (!place.object({"name", "broadcast"}, {"families", "probes", "instances"})) return interface;
    if (place.has("name")) interface.name = place.at("name").text();
    if (interface.name.size() > 15) place.at("name").complain("is no name of an interface");
    if (place.has("broadcast")) interface.broadcast = place.at("broadcast").boolean();
    if (place.has("families")) interface.families = families_at(place.at("families"));
    if (place.has("probes")) interface.probes = probes_at(place.at("probes"));
    if (place.has("instances")) instances_at(place.at("instances"), interface.low, interface.high);
    return interface;
}

// Who is asked on a link that names no instances: nobody whom no range means.
void span_of_ranges(Scope& scope) {
    std::uint32_t low = UINT32_MAX;
    std::uint32_t high = 0;
    for (const ScopeRange& range : scope.ranges) {
        if (range.low == 0 && range.high == UINT32_MAX) continue;
        low = std::min(low, range.low);
        high = std::max(high, range.high);
    }
    if (low > high) return;
    for (ScopeInterface& each : scope.interfaces) {
        if (each.low != 0 || each.high != UINT32_MAX) continue;
        each.low = low;
        each.high = high;
    }
}

FragileDevice fragile_device(const Place& place) {
    FragileDevice device;
    if (!place.object({"range", "why"}, {"tolerates"})) return device;
    if (place.has("range")) device.range = range_at(place.at("range"));
    if (place.has("tolerates")) device.tolerates = probes_at(place.at("tolerates"));
    if (place.has("why")) device.why = place.at("why").text();
    return device;
}

}  // namespace

Result<Scope> parse_scope(std::string_view text, std::string_view name) {
    const Result<Json> json = parse_json(text, name);
    if (!json) return json.problems();
    Problems problems;
    Scope scope;
    const Place top(json.value(), std::string(name), "", problems);
    if (!top.object({"schema", "authorised_by", "purpose", "valid", "ranges"},
                    {"windows", "exclude", "interfaces", "fragile", "budget", "$schema"}))
        return problems;
    if (top.has("schema") && top.at("schema").text() != "herkomst-scope/1")
        top.at("schema").complain("must be herkomst-scope/1");
    if (top.has("authorised_by")) scope.authorised_by = clean(top.at("authorised_by").text());
    if (top.has("purpose")) scope.purpose = clean(top.at("purpose").text(), 1000);
    if (top.has("valid") && top.at("valid").object({"from", "until"}, {})) {
        const Place valid = top.at("valid");
        if (valid.has("from")) scope.from = time_at(valid.at("from"));
        if (valid.has("until")) scope.until = time_at(valid.at("until"));
        if (valid.has("from") && valid.has("until") && scope.until <= scope.from) valid.complain("ends before it begins");
        if (scope.until - scope.from > std::chrono::hours(24) * 366) valid.complain("is longer than a year");
    }
    if (top.has("windows")) top.at("windows").each([&](const Place& each) { scope.windows.push_back(window_at(each)); });
    if (top.has("ranges")) {
        top.at("ranges").each([&](const Place& each) { scope.ranges.push_back(scope_range(each)); });
        std::uint64_t addresses = 0;
        for (const ScopeRange& each : scope.ranges) addresses += std::min(each.range.size(), AddressRange::addresses_max);
        if (addresses > 16 * AddressRange::addresses_max) top.at("ranges").complain("hold more than a million addresses");
        undecided(scope.ranges, top.at("ranges"));
    }
    if (top.has("exclude")) top.at("exclude").each([&](const Place& each) { scope.exclude.push_back(range_at(each)); });
    if (top.has("interfaces"))
        top.at("interfaces").each([&](const Place& each) { scope.interfaces.push_back(interface_at(each)); });
    if (top.has("fragile")) top.at("fragile").each([&](const Place& each) { scope.fragile.push_back(fragile_device(each)); });
    if (top.has("budget") && top.at("budget").object({}, {"time", "device_bytes", "device_requests"})) {
        const Place budget = top.at("budget");
        if (budget.has("time")) scope.time = pause_at(budget.at("time"));
        if (budget.has("device_bytes")) scope.device_bytes = budget.at("device_bytes").number(1, std::int64_t{1} << 24);
        if (budget.has("device_requests")) scope.device_requests = budget.at("device_requests").number(1, 10'000);
    }
    if (!problems.empty()) return problems;
    span_of_ranges(scope);
    scope.sha256 = sha256(text);
    return scope;
}

std::optional<Problem> unvouched(const std::string& path, std::string_view text, std::string_view public_pem,
                                 std::string_view key_name) {
    const Result<std::string> beside = read_file(path + ".sig", 4096);
    if (!beside) return Problem{path, "is not signed: there is no " + path + ".sig"};
    std::string signature = beside.value();
    if (signature.size() == 64) {
        signature = hex(reinterpret_cast<const std::uint8_t*>(signature.data()), signature.size());
    } else {
        signature = trimmed(signature);
    }
    if (!signature_holds(text, signature, public_pem))
        return Problem{path, "its signature is not that of " + std::string(key_name)};
    return std::nullopt;
}

}  // namespace herkomst
